//! What is a syntax error of the server where the migration catches it: SQLAlchemy writes the statement,
//! and the dialect does not know it.

use crate::catalog::ServerDefault;
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::raise;
use crate::operation::{AlterColumn, Change, Operation};
use crate::python::{PyResult, Vm};

/// What Alembic's statement for an operation meets.
enum Met {
    /// The server does not know the statement, which begins or goes on with these words.
    Unknown(&'static str),
    /// SQLAlchemy has no text for a statement with these words: the class and message of its exception.
    Unwritten(&'static str, &'static str, &'static str),
}

/// Raises what the server, or SQLAlchemy on its behalf, raises at once. Where nothing catches it, the
/// script does what the migration says some other way.
pub(super) fn refuse_unknown(vm: &mut Vm, operation: &Operation) -> PyResult<()> {
    if vm.catching == 0 || host(vm).compat {
        return Ok(());
    }
    let Some(met) = met(operation) else {
        return Ok(());
    };
    let target = &host(vm).target;
    let knows = |words: &str| {
        let lacking = target.loaded.as_ref();
        let lacking = lacking.map(|dialect| &dialect.facts().features.syntax_errors);
        !lacking.is_some_and(|lacking| lacking.iter().any(|lacks| lacks == words))
    };
    match met {
        Met::Unknown(words) | Met::Unwritten(words, ..) if knows(words) => Ok(()),
        Met::Unknown(words) => {
            let near = words.split(' ').next().unwrap_or(words);
            let message = format!("near \"{near}\": syntax error");
            Err(raise::exception(vm, "OperationalError", message))
        }
        Met::Unwritten(_, class, message) => Err(raise::exception(vm, class, message)),
    }
}

fn met(operation: &Operation) -> Option<Met> {
    match operation {
        Operation::AlterColumn(altered) => of_column(altered),
        Operation::TableComment { .. } => Some(Met::Unknown("COMMENT")),
        _ => None,
    }
}

/// The first of the statements that Alembic makes of an alteration; the new name comes last.
fn of_column(altered: &AlterColumn) -> Option<Met> {
    if altered.nullable.is_some() {
        return Some(Met::Unknown("ALTER COLUMN"));
    }
    let defaults = [&altered.existing_default, &altered.default];
    let special = |is: fn(&ServerDefault) -> bool| {
        let mut given = defaults.into_iter();
        given.any(|default| matches!(default, Change::Set(default) if is(default)))
    };
    if matches!(altered.default, Change::Set(_) | Change::Drop) {
        return Some(
            if special(|default| matches!(default, ServerDefault::Computed { .. })) {
                Met::Unwritten(
                    "ALTER COLUMN",
                    "CompileError",
                    "Adding or removing a \"computed\" construct, e.g. GENERATED ALWAYS AS, to or from an existing column is not supported.",
                )
            } else if special(|default| matches!(default, ServerDefault::Identity(_))) {
                Met::Unwritten(
                    "ALTER COLUMN",
                    "CompileError",
                    "Adding, removing or modifying an \"identity\" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect.",
                )
            } else {
                Met::Unknown("ALTER COLUMN")
            },
        );
    }
    if altered.data_type.is_some() {
        return Some(Met::Unknown("ALTER COLUMN"));
    }
    match altered.comment {
        Change::Keep => None,
        Change::Drop | Change::Set(_) => Some(Met::Unwritten(
            "COMMENT",
            "UnsupportedCompilationError",
            "can't render element of type <class 'alembic.ddl.base.ColumnComment'>",
        )),
    }
}
