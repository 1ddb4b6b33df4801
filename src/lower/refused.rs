//! What databases refuse, or lose without a word, although Alembic writes it: mended where the
//! meaning is plain, and said otherwise.

use super::Lowering;
use crate::catalog::{
    Catalog, Column, Constraint, ConstraintKind, Index, IndexElement, PythonDefault, ServerDefault,
    Table, TableName,
};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::{Condition, DefinitionOptions};
use crate::expression::{Expr, ExprKind, Ident, Operator, TextPiece, text_pieces};
use crate::operation::Operation;

/// What becomes of an operation.
pub(super) enum Mended {
    /// It is written as it is.
    AsItIs,
    /// There is nothing to do.
    Nothing,
    /// This one is written.
    Instead(Box<Operation>),
}

impl Lowering {
    /// Looks for what the database does not take.
    pub(super) fn mend(
        &mut self,
        operation: &Operation,
        before: Option<&Catalog>,
    ) -> Result<Mended> {
        match operation {
            Operation::CreateTable { table, .. } => self.look_at_table(table, before)?,
            Operation::CreateIndex { index, .. } => {
                if let Some(plain) = self.without_nulls_order(index)? {
                    let mut operation = operation.clone();
                    if let Operation::CreateIndex { index, .. } = &mut operation {
                        *index = plain;
                    }
                    return Ok(match self.mend_condition(&operation, before) {
                        Mended::AsItIs => Mended::Instead(Box::new(operation)),
                        other => other,
                    });
                }
            }
            Operation::AddColumn { column, .. } => {
                self.look_at_column(column);
                self.look_at_constraints(&column.constraints)?;
            }
            Operation::AddConstraint { constraint, .. } => {
                self.look_at_constraints(std::slice::from_ref(constraint))?;
            }
            _ => {}
        }
        Ok(self.mend_condition(operation, before))
    }

    /// Says where Alembic writes NULL in place of `:name`.
    pub(super) fn warn_of_null(&mut self, expr: &Expr) {
        if !self.options.compat || !self.options.literal_binds {
            return;
        }
        let ExprKind::Text(text) = &expr.kind else {
            return;
        };
        let pieces = text_pieces(&text.sql);
        let without = pieces.iter().find_map(|piece| match piece {
            TextPiece::Bind(name) => {
                let mut binds = text.binds.iter();
                let given = binds.any(|(key, bind)| **key == **name && bind.value.is_some());
                (!given).then(|| (*name).to_owned())
            }
            TextPiece::Plain(_) | TextPiece::Escaped(_) => None,
        });
        if let Some(name) = without {
            self.warn(
                Code::UnsafeCompat,
                format!("`:{name}` has no value, and becomes NULL"),
            );
        }
    }

    /// The same for the texts in the definition of a table.
    fn warn_of_nulls(&mut self, column: &Column) {
        if let Some(ServerDefault::Expr(expr) | ServerDefault::Computed { sql: expr, .. }) =
            &column.default
        {
            self.warn_of_null(expr);
        }
    }

    /// IF EXISTS and IF NOT EXISTS where the statement has none: the replayed schema decides.
    fn mend_condition(&mut self, operation: &Operation, before: Option<&Catalog>) -> Mended {
        let Some((condition, words)) = condition(operation) else {
            return Mended::AsItIs;
        };
        if self
            .dialect
            .facts()
            .features
            .conditions
            .contains(&condition)
        {
            return Mended::AsItIs;
        }
        if self.options.compat {
            // What Alembic leaves out is said where it does so.
            if self.alembic_writes(condition) {
                let title = &self.dialect.facts().title;
                let message = format!("{title} has no {words}");
                self.warn(Code::UnsafeCompat, message);
            }
            return Mended::AsItIs;
        }
        let there = self.is_there(operation, before);
        let creates = matches!(
            condition,
            Condition::CreateTable | Condition::AddColumn | Condition::CreateIndex
        );
        match there {
            Some(there) if there == creates => Mended::Nothing,
            Some(_) => Mended::Instead(Box::new(unconditional(operation))),
            None => {
                self.ignored(words);
                Mended::Instead(Box::new(unconditional(operation)))
            }
        }
    }

    fn alembic_writes(&self, condition: Condition) -> bool {
        let features = &self.dialect.facts().features;
        match condition {
            Condition::AddColumn => features.add_column_clauses,
            Condition::CreateIndex => matches!(
                features.definition_options,
                DefinitionOptions::Postgresql
                    | DefinitionOptions::Sqlite
                    | DefinitionOptions::Mysql
            ),
            Condition::DropConstraint => features.definition_options != DefinitionOptions::Mysql,
            Condition::CreateTable
            | Condition::DropTable
            | Condition::DropColumn
            | Condition::DropIndex => true,
        }
    }

    /// Whether what the operation is about is there; `None` where that is not known.
    fn is_there(&self, operation: &Operation, before: Option<&Catalog>) -> Option<bool> {
        let before = before?;
        // In a database that was new, there is nothing else.
        let all_known = before.contents().is_some();
        let known = |table: &TableName| before.table(table);
        let absent = all_known.then_some(false);
        match operation {
            Operation::CreateTable { table, .. } => known(&table.name).map(|_| true).or(absent),
            Operation::DropTable { table, .. } => known(table).map(|_| true).or(absent),
            Operation::AddColumn { table, column, .. } => {
                known(table).map(|table| has_column(table, &column.name))
            }
            Operation::DropColumn { table, column, .. } => {
                known(table).map(|table| has_column(table, column))
            }
            Operation::CreateIndex { table, index, .. } => {
                let table = known(table)?;
                Some(has_index(table, index.name.ident()?))
            }
            Operation::DropIndex {
                name,
                schema,
                table,
                ..
            } => {
                let name = name.ident()?;
                match table {
                    Some(table) => {
                        let table = known(&TableName {
                            schema: schema.clone(),
                            name: table.clone(),
                        })?;
                        Some(has_index(table, name))
                    }
                    None => {
                        let mut having = before.tables_having(&name.name);
                        let found = having.any(|(_, table)| has_index(table, name));
                        found.then_some(true).or(absent)
                    }
                }
            }
            Operation::DropConstraint { table, name, .. } => {
                let table = known(table)?;
                let name = name.ident()?;
                Some(table.constraints.iter().any(|constraint| {
                    let named = constraint.name.ident();
                    named.is_some_and(|named| named.name == name.name)
                }))
            }
            _ => None,
        }
    }

    fn look_at_table(&mut self, table: &Table, before: Option<&Catalog>) -> Result<()> {
        let features = &self.dialect.facts().features;
        let title = self.dialect.facts().title.clone();
        if table.columns.is_empty() && !features.empty_tables {
            self.refused(
                format!("{title} has no tables without columns"),
                "give the table a column",
            )?;
        }
        let features = &self.dialect.facts().features;
        let refused = table.prefixes.iter().find(|prefix| {
            let known = &features.refused_prefixes;
            known.iter().any(|known| known.eq_ignore_ascii_case(prefix))
        });
        if let Some(prefix) = refused {
            self.refused(
                format!("{title} has no CREATE {prefix} TABLE"),
                "leave the prefix to other dialects",
            )?;
        }
        let identities = table
            .columns
            .iter()
            .filter(|column| matches!(column.default, Some(ServerDefault::Identity(_))))
            .count();
        let most = self.dialect.facts().features.most_identities;
        if most.is_some_and(|most| identities > most) {
            self.refused(
                format!("{title} allows one identity column in a table, not {identities}"),
                "let one column of the table be an identity",
            )?;
        }
        for column in &table.columns {
            self.look_at_column(column);
            self.look_at_constraints(&column.constraints)?;
            if let Some(PythonDefault::Sequence(sequence)) = &column.python_default
                && !column.primary_key
            {
                let key = (
                    sequence.schema.as_ref().map(|schema| schema.name.clone()),
                    sequence.name.name.clone(),
                );
                let there = before.is_some_and(|known| known.sequence(&key).is_some());
                if !there {
                    self.warn(
                        Code::OptionIgnored,
                        format!(
                            "the sequence `{}` of the column `{}` is neither created nor its default",
                            sequence.name.name, column.name.name
                        ),
                    );
                }
            }
        }
        if !self.dialect.facts().features.keys_count && !self.said_keys {
            let counting = table.columns.iter().find(|column| {
                column.primary_key && self.counts(column, 1, !column.constraints.is_empty())
            });
            if let Some(column) = counting.filter(|column| column.default.is_none()) {
                self.said_keys = true;
                let message = format!(
                    "the key `{}` does not number its rows: {title} has no such keys without an identity",
                    column.name.name
                );
                self.warnings.push(
                    Diagnostic::warning(Code::OptionIgnored, message)
                        .with_help("give the keys `sa.Identity()`, here and in later tables"),
                );
            }
        }
        self.look_at_constraints(&table.constraints)
    }

    fn look_at_column(&mut self, column: &Column) {
        self.warn_of_nulls(column);
        if matches!(column.default, Some(ServerDefault::Str(_)))
            && self.wants_expression(&column.data_type)
        {
            self.warn_compat(format!(
                "{} takes no literal as default of `{}`",
                self.dialect.facts().title,
                column.name.name
            ));
        }
        let facts = self.dialect.facts();
        // An identity that is the key counts by itself in its own way.
        let plain = matches!(column.default, Some(ServerDefault::Identity(_)))
            && !facts.features.identity
            && !facts.features.identity_insert
            && !column.primary_key;
        if plain {
            let message = format!(
                "{} has no identity columns: `{}` gets no numbers by itself",
                facts.title, column.name.name
            );
            self.warn(Code::OptionIgnored, message);
        }
    }

    fn look_at_constraints(&mut self, constraints: &[Constraint]) -> Result<()> {
        for constraint in constraints {
            if let ConstraintKind::Check { condition, .. } = &constraint.kind {
                self.warn_of_null(condition);
            }
            let ConstraintKind::ForeignKey(foreign_key) = &constraint.kind else {
                continue;
            };
            if foreign_key.use_alter && self.dialect.facts().features.alter_constraints {
                self.warn(
                    Code::OptionIgnored,
                    format!(
                        "the foreign key to `{}` has `use_alter=True`, and is not created with its table",
                        foreign_key.referent.name.name
                    ),
                );
            }
            if foreign_key.match_type.is_some() && !self.dialect.facts().features.match_full {
                let title = self.dialect.facts().title.clone();
                self.refused(
                    format!("{title} has no MATCH in foreign keys"),
                    "leave `match=` away",
                )?;
            }
        }
        Ok(())
    }

    /// The index without NULLS FIRST and NULLS LAST, where indexes have no such order.
    fn without_nulls_order(&mut self, index: &Index) -> Result<Option<Index>> {
        if self.dialect.facts().features.index_nulls_order {
            return Ok(None);
        }
        let mut plain = index.clone();
        let mut changed = false;
        let mut written = false;
        for element in &mut plain.elements {
            let IndexElement::Expr(expr) = element else {
                continue;
            };
            match &expr.kind {
                ExprKind::Modifier {
                    operator: Operator::NullsFirst | Operator::NullsLast,
                    operand,
                } => {
                    *expr = operand.clone();
                    changed = true;
                }
                ExprKind::Text(text) => {
                    let upper = text.sql.to_uppercase();
                    written |= upper.ends_with("NULLS LAST") || upper.ends_with("NULLS FIRST");
                }
                _ => {}
            }
        }
        let title = self.dialect.facts().title.clone();
        if written || (changed && self.options.compat) {
            self.refused(
                format!("{title} has no NULLS FIRST and NULLS LAST in indexes"),
                "leave the order of NULL away",
            )?;
        } else if changed {
            self.ignored("NULLS FIRST and NULLS LAST in indexes");
            return Ok(Some(plain));
        }
        Ok(None)
    }

    /// An error, or with `--compat` a warning that the database will not take it.
    fn refused(&mut self, message: String, help: &str) -> Result<()> {
        if self.options.compat {
            self.warn(Code::UnsafeCompat, message);
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::error(Code::Unsupported, message)
                .with_note("Alembic prints the statement all the same")
                .with_help(format!("{help}; `--compat alembic` keeps Alembic's text")),
        ))
    }
}

/// The condition that an operation has, and what it is called.
fn condition(operation: &Operation) -> Option<(Condition, &'static str)> {
    match operation {
        Operation::CreateTable {
            if_not_exists: true,
            ..
        } => Some((Condition::CreateTable, "CREATE TABLE IF NOT EXISTS")),
        Operation::DropTable {
            if_exists: true, ..
        } => Some((Condition::DropTable, "DROP TABLE IF EXISTS")),
        Operation::AddColumn {
            if_not_exists: true,
            ..
        } => Some((Condition::AddColumn, "ADD COLUMN IF NOT EXISTS")),
        Operation::DropColumn {
            if_exists: true, ..
        } => Some((Condition::DropColumn, "DROP COLUMN IF EXISTS")),
        Operation::CreateIndex {
            if_not_exists: true,
            ..
        } => Some((Condition::CreateIndex, "CREATE INDEX IF NOT EXISTS")),
        Operation::DropIndex {
            if_exists: true, ..
        } => Some((Condition::DropIndex, "DROP INDEX IF EXISTS")),
        Operation::DropConstraint {
            if_exists: true, ..
        } => Some((Condition::DropConstraint, "DROP CONSTRAINT IF EXISTS")),
        _ => None,
    }
}

fn unconditional(operation: &Operation) -> Operation {
    let mut operation = operation.clone();
    match &mut operation {
        Operation::CreateTable {
            if_not_exists: flag,
            ..
        }
        | Operation::AddColumn {
            if_not_exists: flag,
            ..
        }
        | Operation::CreateIndex {
            if_not_exists: flag,
            ..
        }
        | Operation::DropTable {
            if_exists: flag, ..
        }
        | Operation::DropColumn {
            if_exists: flag, ..
        }
        | Operation::DropIndex {
            if_exists: flag, ..
        }
        | Operation::DropConstraint {
            if_exists: flag, ..
        } => *flag = false,
        _ => {}
    }
    operation
}

fn has_column(table: &Table, name: &Ident) -> bool {
    let mut columns = table.columns.iter();
    columns.any(|column| column.name.name.eq_ignore_ascii_case(&name.name))
}

fn has_index(table: &Table, name: &Ident) -> bool {
    let named = |index: &Index| {
        let known = index.name.ident();
        known.is_some_and(|known| known.name.eq_ignore_ascii_case(&name.name))
    };
    table.indexes.iter().any(named)
        || table
            .attached
            .iter()
            .any(|attached| attached.name.eq_ignore_ascii_case(&name.name))
}
