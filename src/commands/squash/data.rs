//! What a range does besides the schema: rows, and statements whose effect is not known.

use rustc_hash::FxHashSet;

use crate::catalog::Catalog;
use crate::commands::states::States;
use crate::expression::ExprKind;
use crate::lower::expression::{CompileContext, compile};
use crate::operation::{Executable, Located, Operation};

/// A statement with the schema before it.
pub(super) struct Data {
    pub(super) located: Located,
    before: Catalog,
}

/// Adds what the operations do besides the schema, in order.
pub(super) fn collect(
    states: &States<'_>,
    operations: &[Located],
    before: &Catalog,
    out: &mut Vec<Data>,
) {
    let mut catalog = before.clone();
    for located in operations {
        let at = catalog.clone();
        let known = catalog.opaque().len();
        states.follow(std::slice::from_ref(located), &mut catalog);
        let understood = catalog.opaque().len() == known;
        if is_data(&located.operation, understood) {
            out.push(Data {
                located: located.clone(),
                before: at,
            });
        }
    }
}

fn is_data(operation: &Operation, understood: bool) -> bool {
    match operation {
        Operation::BulkInsert { .. } => true,
        Operation::Execute { statement } => match statement {
            Executable::Str(text) | Executable::Ddl(text) | Executable::Verbatim(text) => {
                !understood || !defines(text)
            }
            Executable::Expr(expr) => match &expr.kind {
                ExprKind::Text(text) => !understood || !defines(&text.sql),
                ExprKind::Select(_) | ExprKind::Compound(_) => false,
                _ => true,
            },
            Executable::Operation(operation, _) => is_data(operation, understood),
            // The replayed schema has no domains.
            Executable::CreateDomain(_) | Executable::DropDomain(_) | Executable::Manual(_) => true,
            Executable::CreateSequence(..)
            | Executable::DropSequence(..)
            | Executable::CreateSchema(..)
            | Executable::DropSchema(..)
            | Executable::Output(_) => false,
        },
        Operation::CreateTable { .. }
        | Operation::DropTable { .. }
        | Operation::RenameTable { .. }
        | Operation::TableComment { .. }
        | Operation::AddColumn { .. }
        | Operation::DropColumn { .. }
        | Operation::AlterColumn(_)
        | Operation::CreateIndex { .. }
        | Operation::DropIndex { .. }
        | Operation::AddConstraint { .. }
        | Operation::DropConstraint { .. }
        | Operation::CreateEnum { .. }
        | Operation::DropEnum { .. }
        | Operation::AlterEnum { .. }
        | Operation::BatchAlterTable(_)
        | Operation::BeginAutocommit
        | Operation::EndAutocommit => false,
    }
}

/// Whether each statement of the text defines something, or only asks.
fn defines(text: &str) -> bool {
    let words = ["CREATE", "ALTER", "DROP", "COMMENT", "SELECT", "PRAGMA"];
    crate::frontend::sql::split(text).iter().all(|piece| {
        let statement = text.get(piece.statement.clone()).unwrap_or_default();
        let first = statement.split_whitespace().next().unwrap_or_default();
        words.iter().any(|word| first.eq_ignore_ascii_case(word))
    })
}

/// Whether a statement still fits into the schema at the end: the tables and columns that it names
/// are there. Otherwise what is missing, in words.
pub(super) fn fits(states: &States<'_>, data: &Data, after: &Catalog) -> Result<(), String> {
    let text = match &data.located.operation {
        Operation::BulkInsert { table, rows, .. } => {
            let columns = rows.iter().flatten().map(|(column, _)| &**column);
            format!(
                "{} {}",
                table.name.name,
                columns.collect::<Vec<_>>().join(" ")
            )
        }
        Operation::Execute { statement } => match statement {
            Executable::Str(text) | Executable::Ddl(text) | Executable::Verbatim(text) => {
                text.to_string()
            }
            Executable::Expr(expr) => {
                let context = CompileContext::statement(&*states.dialect, false);
                compile(expr, &context).map_err(|found| found.message)?
            }
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    let words: FxHashSet<String> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
        .map(str::to_lowercase)
        .collect();
    let named = |name: &str| words.contains(&name.to_lowercase());
    for (key, table) in data.before.tables().filter(|(key, _)| named(&key.1)) {
        let Some(last) = after.table_by_key(key) else {
            return Err(format!(
                "it names the table {}, which is not there at the end of the range",
                key.1
            ));
        };
        let gone = table.columns.iter().find(|column| {
            let kept = last.columns.iter().any(|c| c.name.name == column.name.name);
            !kept && named(&column.name.name)
        });
        if let Some(column) = gone {
            return Err(format!(
                "it names the column {}.{}, which is not there at the end of the range",
                key.1, column.name.name
            ));
        }
    }
    Ok(())
}
