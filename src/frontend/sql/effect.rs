//! What a statement does to the schema, also when it is plain SQL.

use super::{attached, portable, rows, split};
use crate::catalog::{Catalog, Opaque};
use crate::dialect::Dialect;
use crate::expression::ExprKind;
use crate::operation::{Executable, Located, Operation, apply};

/// Applies an operation to the catalog. Plain SQL is read as far as it can be; a definition that
/// cannot be read is noted as opaque.
pub fn follow(located: &Located, dialect: Option<&Dialect>, catalog: &mut Catalog) {
    let parser = dialect.and_then(|dialect| dialect.lineage().last());
    rows::follow(located, parser.map_or("", String::as_str), catalog);
    apply(&located.operation, catalog);
    let Operation::Execute { statement } = &located.operation else {
        return;
    };
    let text = match statement {
        Executable::Str(text) | Executable::Ddl(text) | Executable::Verbatim(text) => text,
        Executable::Expr(expr) => match &expr.kind {
            ExprKind::Text(text) => &text.sql,
            _ => return,
        },
        Executable::CreateSequence(..)
        | Executable::DropSequence(..)
        | Executable::CreateSchema(..)
        | Executable::DropSchema(..)
        | Executable::Operation(_)
        | Executable::Output(_) => return,
    };
    for piece in split(text) {
        if let Some(statement) = text.get(piece.statement) {
            define(statement, located, dialect, catalog);
        }
    }
}

/// Follows one statement, when it defines something.
fn define(statement: &str, located: &Located, dialect: Option<&Dialect>, catalog: &mut Catalog) {
    let statement = statement.trim().trim_end_matches(';');
    let first = statement.split_whitespace().next().unwrap_or_default();
    let defines = ["CREATE", "ALTER", "DROP"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word));
    if !defines {
        return;
    }
    attached::follow_view(statement, catalog);
    match portable::parse(statement, dialect) {
        Some(operations) => {
            for operation in &operations {
                apply(operation, catalog);
            }
        }
        None if attached::follow(statement, catalog) => {}
        None => catalog.add_opaque(Opaque {
            excerpt: statement.chars().take(80).collect::<String>().into(),
            location: located.location.clone(),
        }),
    }
}
