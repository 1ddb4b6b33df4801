//! What `ALTER TABLE` does in place where it does little: <https://www.sqlite.org/lang_altertable.html>.

use super::Lowering;
use crate::catalog::{Catalog, ConstraintKind, ServerDefault, Table, TableName};
use crate::diagnostic::Result;
use crate::dialect::Batch;
use crate::expression::Ident;
use crate::operation::{AlterColumn, Change, Operation};

/// The version that renames columns.
const RENAMES_COLUMNS: (u32, u32) = (3, 25);
/// The version that drops columns.
const DROPS_COLUMNS: (u32, u32) = (3, 35);

impl Lowering {
    /// Whether a table that is known has to be made anew for an operation outside of a batch.
    /// Without a stated version, the newest is taken.
    pub(super) fn must_rebuild(
        &self,
        operation: &Operation,
        before: Option<&Catalog>,
    ) -> Result<bool> {
        if self.options.compat || self.dialect.facts().features.batch != Batch::Recreate {
            return Ok(false);
        }
        let Some(table) = changed(operation).and_then(|name| before?.table(name)) else {
            return Ok(false);
        };
        Ok(!self.in_place(operation, table)?)
    }

    /// Whether a batch on a table that is known can be done in place, as the stated version says.
    pub(super) fn batch_in_place(
        &self,
        operations: &[crate::operation::Located],
        table: &Table,
    ) -> Result<bool> {
        if self.options.compat || self.dialect.version().is_none() {
            return Ok(false);
        }
        for located in operations {
            if !self.in_place(&located.operation, table)? {
                return Ok(false);
            }
        }
        // Several changes in place would each have to look at the table that the others left.
        Ok(operations.len() == 1)
    }

    fn in_place(&self, operation: &Operation, table: &Table) -> Result<bool> {
        Ok(match operation {
            Operation::AddColumn { column, .. } => {
                let keys = column
                    .constraints
                    .iter()
                    .filter(|c| matches!(c.kind, ConstraintKind::ForeignKey(_)))
                    .count();
                let constant = match &column.default {
                    Some(ServerDefault::Computed { persisted, .. }) => *persisted != Some(true),
                    default => match self.default_sql(default.as_ref())? {
                        Some(text) => constant(&text),
                        None => true,
                    },
                };
                // A column that refers to a table has to begin as NULL.
                let begins_null = keys == 0 || column.default.is_none();
                constant
                    && keys <= 1
                    && begins_null
                    && !column.primary_key
                    && (!column.unique || column.index)
            }
            Operation::DropColumn { column, .. } => {
                self.stated_at_least(DROPS_COLUMNS) && !self.is_used(table, column)?
            }
            Operation::AlterColumn(alter) => {
                only_renames(alter) && self.stated_at_least(RENAMES_COLUMNS)
            }
            Operation::CreateIndex { .. }
            | Operation::DropIndex { .. }
            | Operation::RenameTable { .. } => true,
            _ => false,
        })
    }

    /// Whether the stated version is at least this one; no version counts as the newest.
    fn stated_at_least(&self, wanted: (u32, u32)) -> bool {
        let Some(version) = self.dialect.version() else {
            return true;
        };
        let mut parts = version.split('.').map_while(|part| part.parse().ok());
        let Some(major) = parts.next() else {
            return true;
        };
        (major, parts.next().unwrap_or(u32::MAX)) >= wanted
    }

    /// Whether something of the table needs the column, also where only its text says so.
    fn is_used(&self, table: &Table, column: &Ident) -> Result<bool> {
        let name = &column.name;
        for constraint in &table.constraints {
            if constraint.uses(name) {
                return Ok(true);
            }
            if let ConstraintKind::Check { condition, .. } = &constraint.kind
                && mentions(&self.ddl(condition)?, name)
            {
                return Ok(true);
            }
        }
        for index in &table.indexes {
            if index.uses(name) {
                return Ok(true);
            }
            for element in &index.elements {
                if let crate::catalog::IndexElement::Expr(expr) = element
                    && mentions(&self.ddl(expr)?, name)
                {
                    return Ok(true);
                }
            }
            for (_, option) in &index.options {
                if let crate::catalog::OptionValue::Expr(expr) = option
                    && mentions(&self.ddl(expr)?, name)
                {
                    return Ok(true);
                }
            }
        }
        for other in &table.columns {
            if let Some(ServerDefault::Computed { sql, .. }) = &other.default
                && mentions(&self.ddl(sql)?, name)
            {
                return Ok(true);
            }
        }
        let type_check = table
            .columns
            .iter()
            .find(|known| known.name.name == *name)
            .is_some_and(|known| self.type_check(known).is_some());
        let attached = table.attached.iter();
        Ok(type_check || attached.into_iter().any(|item| mentions(&item.sql, name)))
    }
}

/// The table that an operation changes.
fn changed(operation: &Operation) -> Option<&TableName> {
    match operation {
        Operation::AddColumn { table, .. } | Operation::DropColumn { table, .. } => Some(table),
        Operation::AlterColumn(alter) => only_renames(alter).then_some(&alter.table),
        _ => None,
    }
}

fn only_renames(alter: &AlterColumn) -> bool {
    alter.new_name.is_some()
        && alter.nullable.is_none()
        && alter.data_type.is_none()
        && matches!(alter.default, Change::Keep)
        && matches!(alter.comment, Change::Keep)
}

/// Whether a word of a text outside of strings is the name.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let between = |c: char| !c.is_alphanumeric() && c != '_';
    let has_others = name.contains(between);
    // Every other part is a string; a quote in one is doubled, which adds an empty part.
    text.split('\'').step_by(2).any(|part| {
        part.split(between)
            .any(|word| word.eq_ignore_ascii_case(name))
            || (has_others && part.contains(name))
    })
}

/// Whether a default is the same for every row: a number, a string or a name for a value.
fn constant(default: &str) -> bool {
    let mut text = default.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        text = inner.trim();
    }
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text).trim_start();
    let quoted = |text: &str| {
        let inner = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
        inner.is_some_and(|inner| !inner.replace("''", "").contains('\''))
    };
    let word = ["null", "true", "false"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    let bytes = text.strip_prefix(['x', 'X']).is_some_and(quoted);
    word || bytes || quoted(text) || bare.parse::<f64>().is_ok() || bare.starts_with("0x")
}

#[cfg(test)]
mod tests {
    use super::{constant, mentions};

    #[test]
    fn a_string_mentions_nothing() {
        assert!(mentions("length(Title) > 0", "title"));
        assert!(!mentions("status = 'title'", "title"));
        assert!(!mentions("status = 'it''s title'", "title"));
    }

    #[test]
    fn defaults_that_are_the_same_for_every_row() {
        for text in [
            "1", "-1.5", "'a'", "'it''s'", "(0)", "NULL", "true", "X'00'",
        ] {
            assert!(constant(text), "{text}");
        }
        for text in [
            "CURRENT_TIMESTAMP",
            "(datetime('now'))",
            "'a' || 'b'",
            "random()",
            "",
        ] {
            assert!(!constant(text), "{text}");
        }
    }
}
