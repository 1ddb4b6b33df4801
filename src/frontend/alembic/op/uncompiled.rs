//! What SQLAlchemy raises while it writes a statement, where the migration catches it: the statements
//! before it are executed, that one and those behind it in the `try` are not.

use super::{constraint, missing, syntax};
use crate::catalog::Column;
use crate::datatype::DataType;
use crate::diagnostic::Code;
use crate::frontend::alembic::host::{host, record_located};
use crate::frontend::alembic::raise;
use crate::frontend::alembic::sql::Stringify;
use crate::operation::{Along, Located, Operation, Recreate};
use crate::python::{PyResult, Raise, Vm};

/// Raises what writing the statements of an operation raises.
pub(super) fn refuse(vm: &mut Vm, operation: &Operation) -> PyResult<()> {
    match raised(vm, operation) {
        Some(raise) => Err(raise),
        None => Ok(()),
    }
}

/// Records the operations of a batch up to the one whose statements cannot be written, and raises for it.
pub(super) fn refuse_in_batch(vm: &mut Vm, located: &Located) -> PyResult<()> {
    let Operation::BatchAlterTable(batch) = &located.operation else {
        return Ok(());
    };
    let rebuilt = match batch.recreate {
        Recreate::Always => true,
        Recreate::Never => false,
        Recreate::Auto => !host(vm).target.alters_constraints && batch.needs_rebuild(),
    };
    // One that makes the table anew writes other statements.
    if vm.catching == 0 || rebuilt {
        return Ok(());
    }
    for (number, each) in batch.operations.iter().enumerate() {
        let raise = match refused_in_place(vm, &each.operation, number == 0) {
            Err(raise) => Some(raise),
            Ok(()) => raised(vm, &each.operation),
        };
        if let Some(raise) = raise {
            if number > 0 {
                let mut before = located.clone();
                if let Operation::BatchAlterTable(batch) = &mut before.operation {
                    batch.operations.truncate(number);
                }
                record_located(vm, before);
            }
            return Err(raise);
        }
    }
    Ok(())
}

/// Raises what an operation of a batch meets that is done in place. What the table has is known before the
/// first of them.
fn refused_in_place(vm: &mut Vm, operation: &Operation, is_first: bool) -> PyResult<()> {
    let is_constraint = matches!(
        operation,
        Operation::AddConstraint { .. } | Operation::DropConstraint { .. }
    );
    if is_constraint && constraint::alembic_raises(vm) {
        return Err(constraint::no_alter());
    }
    syntax::refuse_unknown(vm, operation)?;
    if is_first {
        missing::refuse_missing(vm, operation)?;
        missing::refuse_held(vm, operation)?;
    }
    Ok(())
}

fn raised(vm: &mut Vm, operation: &Operation) -> Option<Box<Raise>> {
    if vm.catching == 0 {
        return None;
    }
    let stringify = vm.host::<Stringify>()?;
    // What comes with a table is written when the table is there already: it is refused later.
    let alone = match operation {
        // Its types are made before it is written.
        Operation::CreateTable { table, .. }
            if (table.columns.iter()).any(|column| column.data_type.enumeration.is_some()) =>
        {
            return None;
        }
        Operation::CreateTable { .. } => {
            let mut alone = operation.clone();
            if let Operation::CreateTable { along, .. } = &mut alone {
                *along = Along::Nothing;
            }
            Some(alone)
        }
        _ => None,
    };
    let written = (stringify.statements)(alone.as_ref().unwrap_or(operation), &[]);
    let refused = written.err()?;
    let class = match refused.code {
        Code::IdentifierTooLong => "IdentifierError",
        // Other reasons may be gensql's own.
        Code::Unsupported if has_unspelled_type(vm, operation) => "CompileError",
        _ => return None,
    };
    Some(raise::exception(vm, class, refused.message))
}

/// Whether the dialect has no spelling for a type that the operation names.
fn has_unspelled_type(vm: &mut Vm, operation: &Operation) -> bool {
    let Some(dialect) = host(vm).target.loaded.clone() else {
        return false;
    };
    let unspelled = |data_type: &DataType| dialect.type_sql(data_type).is_err();
    let column = |column: &Column| unspelled(&column.data_type);
    match operation {
        Operation::CreateTable { table, .. } => table.columns.iter().any(column),
        Operation::AddColumn { column: added, .. } => column(added),
        Operation::AlterColumn(altered) => [&altered.data_type, &altered.existing_type]
            .into_iter()
            .flatten()
            .any(unspelled),
        _ => false,
    }
}
