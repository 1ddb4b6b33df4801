//! What SQL Server does in its own way: a change of a column restates its type and nullability,
//! defaults are constraints that hold on to their column, and identity columns refuse values.

use super::comment::Replacing;
use super::{Lowering, Statement, constraint, options};
use crate::catalog::{
    Autoincrement, Catalog, Column, Constraint, ConstraintKind, DialectOptions, Identity,
    PythonDefault, SequenceOptions, ServerDefault, Table, TableName,
};
use crate::datatype::DataType;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::{Ident, TableClause};
use crate::operation::{AlterColumn, Change, RowValue};

/// Where the server keeps what holds on to a column.
#[derive(Clone, Copy)]
enum Holder {
    Default,
    Check,
    ForeignKey,
}

impl Lowering {
    /// The definition of a column.
    pub(super) fn sql_server_definition(
        &self,
        column: &Column,
        autoincrement: bool,
    ) -> Result<String> {
        let mut text = self.dialect.quote(&column.name);
        let computed = match &column.default {
            Some(ServerDefault::Computed { sql, persisted }) => Some((sql, persisted)),
            _ => None,
        };
        match computed {
            Some((sql, persisted)) => {
                text.push_str(&format!(" AS ({})", self.ddl(sql)?));
                if *persisted == Some(true) {
                    text.push_str(" PERSISTED");
                }
            }
            None => {
                text.push(' ');
                text.push_str(&self.dialect.type_sql(&column.data_type)?);
            }
        }
        let identity = match &column.default {
            Some(ServerDefault::Identity(identity)) => Some(identity),
            _ => None,
        };
        let sequence = matches!(column.python_default, Some(PythonDefault::Sequence(_)));
        let needs_sequence = matches!(
            &column.python_default,
            Some(PythonDefault::Sequence(sequence)) if !sequence.optional
        );
        let counting = column.autoincrement == Autoincrement::Yes;
        if super::column::not_null(column)
            || column.primary_key
            || sequence
            || counting
            || identity.is_some()
        {
            text.push_str(" NOT NULL");
        } else if computed.is_none() {
            text.push_str(" NULL");
        }
        if let Some(identity) = identity {
            text.push_str(&numbering(&identity.sequence));
        } else if (autoincrement || counting) && !needs_sequence {
            let number = |name| match options::find(&self.dialect, &column.options, name) {
                Some(crate::catalog::OptionValue::Int(number)) => Some(*number),
                _ => None,
            };
            text.push_str(&numbering(&SequenceOptions {
                start: number("identity_start"),
                increment: number("identity_increment"),
                ..SequenceOptions::default()
            }));
        } else if let Some(default) = self.default_sql(column.default.as_ref())? {
            text.push_str(" DEFAULT ");
            text.push_str(&default);
        }
        Ok(text)
    }

    /// `op.alter_column`: type and nullability are one statement, and a new default comes after
    /// the constraint of the old one is gone.
    pub(super) fn alter_column_sql_server(
        &mut self,
        alter: &AlterColumn,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let known = self.known_column(&alter.table, &alter.column, before);
        let (table, column) = (&alter.table, &alter.column);
        if constructed(&alter.default) || constructed(&alter.existing_default) {
            return Err(no_construct());
        }
        let known_type = known.map(|column| &column.data_type);
        let restated = match (alter.nullable, &alter.data_type) {
            (Some(nullable), Some(data_type)) => Some((data_type, Some(nullable))),
            (Some(nullable), None) => match alter.existing_type.as_ref().or(known_type) {
                Some(data_type) => Some((data_type, Some(nullable))),
                None => return Err(type_not_known()),
            },
            (None, Some(data_type)) => {
                let nullable = alter
                    .existing_nullable
                    .or_else(|| known.map(|column| !super::column::not_null(column)));
                if nullable.is_none() {
                    self.warn(
                        Code::OptionIgnored,
                        "MS-SQL ALTER COLUMN operations that specify type_= should also specify a nullable= or existing_nullable= argument to avoid implicit conversion of NOT NULL columns to NULL.",
                    );
                }
                Some((data_type, nullable))
            }
            (None, None) => None,
        };
        let old_default = known
            .and_then(|column| column.default.as_ref())
            .filter(|default| matches!(default, ServerDefault::Str(_) | ServerDefault::Expr(_)));
        let given = !matches!(alter.existing_default, Change::Keep);
        let drops = match &alter.default {
            Change::Keep => false,
            Change::Drop => true,
            Change::Set(_) => given || old_default.is_some(),
        };
        // A default holds on to its column when the type becomes another one.
        let carried = match (&alter.default, &restated, known_type) {
            (Change::Keep, Some((new, _)), Some(old)) => {
                old_default.filter(|_| self.type_word(new) != self.type_word(old))
            }
            _ => None,
        };
        if drops || carried.is_some() {
            out.push(self.drop_holder(table, column, Holder::Default));
        }
        if let Some((data_type, nullable)) = restated {
            let nullability = match nullable {
                Some(true) => " NULL",
                Some(false) => " NOT NULL",
                None => "",
            };
            out.push(
                Statement::new("alter_column_type")
                    .table(table)
                    .ident("column", column)
                    .fragment("type", self.dialect.type_sql(data_type)?)
                    .fragment("nullability", nullability),
            );
        }
        let comment = match &alter.comment {
            Change::Keep => None,
            Change::Drop => Some(None),
            Change::Set(text) => Some(Some(&**text)),
        };
        if let Some(comment) = comment {
            let there = alter.existing_comment.is_some()
                || known.is_some_and(|column| column.comment.is_some());
            let replacing = if there {
                Replacing::Comment
            } else {
                Replacing::Nothing
            };
            out.push(self.property(table, Some(column), comment, replacing, "exec")?);
        }
        let default = match (&alter.default, carried) {
            (Change::Set(default), _) => self.default_sql(Some(default))?,
            (_, Some(default)) => self.default_sql(Some(default))?,
            _ => None,
        };
        if let Some(default) = default {
            out.push(
                Statement::new("alter_column_default")
                    .table(table)
                    .ident("column", column)
                    .fragment("default", default),
            );
        }
        if let Some(new_name) = &alter.new_name {
            let old = format!(
                "{}.{}",
                self.dialect.table_name(table),
                self.dialect.quote(column)
            );
            out.push(
                Statement::new("rename_column")
                    .fragment("old", self.in_quotes(&old))
                    .ident("new_name", new_name),
            );
        }
        Ok(())
    }

    /// `op.drop_column`: what holds on to the column goes first, as asked for or as known.
    pub(super) fn drop_column_holders(
        &self,
        table: &TableName,
        column: &Ident,
        dialect_options: &DialectOptions,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) {
        let known = self.known_table(table, before);
        let held = |holder| match (holder, known) {
            (_, None) => false,
            (Holder::Default, Some(known)) => find(known, column).is_some_and(|column| {
                matches!(
                    column.default,
                    Some(ServerDefault::Str(_) | ServerDefault::Expr(_))
                )
            }),
            (Holder::Check, Some(known)) => {
                let unnamed = |c: &&Constraint| c.name.ident().is_none();
                let checks = &known.constraints;
                checks
                    .iter()
                    .filter(unnamed)
                    .any(|c| self.checks(c, column))
            }
            (Holder::ForeignKey, Some(known)) => {
                let is_key = |c: &Constraint| matches!(c.kind, ConstraintKind::ForeignKey(_));
                let keys = &known.constraints;
                keys.iter().any(|c| is_key(c) && c.uses(&column.name))
            }
        };
        for (holder, option) in [
            (Holder::Default, "drop_default"),
            (Holder::Check, "drop_check"),
            (Holder::ForeignKey, "drop_foreign_key"),
        ] {
            if options::flag(&self.dialect, dialect_options, option) || held(holder) {
                out.push(self.drop_holder(table, column, holder));
            }
        }
        for constraint in known.map_or(&[][..], |known| &known.constraints) {
            if let Some(name) = constraint.name.ident()
                && self.checks(constraint, column)
            {
                out.push(
                    constraint::Dropping::only(false)
                        .statement(table)
                        .ident("name", name),
                );
            }
        }
    }

    /// Whether a constraint is a check that reads a column.
    fn checks(&self, constraint: &Constraint, column: &Ident) -> bool {
        let ConstraintKind::Check { condition, .. } = &constraint.kind else {
            return false;
        };
        let word = |c: char| !(c.is_alphanumeric() || c == '_' || c == '$');
        self.ddl(condition)
            .is_ok_and(|text| text.split(word).any(|found| *found == *column.name))
    }

    /// The constraint has a name that the server made, so the statement looks it up.
    fn drop_holder(&self, table: &TableName, column: &Ident, holder: Holder) -> Statement {
        let template = match holder {
            Holder::ForeignKey => "drop_column_foreign_key",
            Holder::Default | Holder::Check => "drop_column_constraint",
        };
        let view = match holder {
            Holder::Default => "sys.default_constraints",
            Holder::Check => "sys.check_constraints",
            Holder::ForeignKey => "sys.foreign_keys",
        };
        let quoted = self.dialect.table_name(table);
        Statement::new(template)
            .fragment("view", view)
            .fragment("object", self.object(table))
            .fragment("column", self.in_quotes(&column.name))
            .fragment("table", self.in_quotes(&quoted))
    }

    /// A table inside the quotes of `object_id('…')`.
    pub(super) fn object(&self, table: &TableName) -> String {
        let plain = match &table.schema {
            Some(schema) => format!("{}.{}", schema.name, table.name.name),
            None => table.name.name.to_string(),
        };
        let ordinary = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if self.options.compat || plain.chars().all(ordinary) {
            self.in_quotes(&plain)
        } else {
            self.in_quotes(&self.dialect.table_name(table))
        }
    }

    /// What stands inside quotes: Alembic does not escape it.
    pub(super) fn in_quotes(&self, text: &str) -> String {
        if self.options.compat {
            text.to_owned()
        } else {
            text.replace('\'', "''")
        }
    }

    /// `SET IDENTITY_INSERT`.
    pub(super) fn allow_identity(table: impl Into<String>, on: bool) -> Statement {
        Statement::new("identity_insert")
            .fragment("table", table)
            .flag("on", on)
    }

    /// Whether rows give values for a column that counts by itself. Alembic says so of every table.
    pub(super) fn gives_identity(
        &self,
        table: &TableClause,
        rows: &[Vec<(std::sync::Arc<str>, RowValue)>],
        before: Option<&Catalog>,
    ) -> bool {
        if !self.dialect.facts().features.identity_insert {
            return false;
        }
        let name = TableName {
            schema: table.schema.clone(),
            name: table.name.clone(),
        };
        let Some(known) = self.known_table(&name, before) else {
            return true;
        };
        let Some(counting) = self.counting_column(known) else {
            return false;
        };
        let key = table.columns.iter().find(|c| c.name.name == counting.name);
        rows.iter()
            .any(|row| row.iter().any(|(k, _)| key.is_some_and(|c| c.key == *k)))
    }

    pub(super) fn counting_column<'a>(&self, table: &'a Table) -> Option<&'a Ident> {
        let key = table.constraints.iter().find_map(|c| match &c.kind {
            ConstraintKind::PrimaryKey { columns } => Some(columns.as_slice()),
            _ => None,
        });
        let key = key.unwrap_or(&[]);
        table
            .columns
            .iter()
            .find(|column| {
                matches!(column.default, Some(ServerDefault::Identity(_)))
                    || column.autoincrement == Autoincrement::Yes
                    || (key.iter().any(|n| n.name == column.name.name)
                        && self.counts(column, key.len(), column.refers(&table.constraints)))
            })
            .map(|column| &column.name)
    }

    pub(super) fn known_table<'a>(
        &self,
        table: &TableName,
        before: Option<&'a Catalog>,
    ) -> Option<&'a Table> {
        before
            .filter(|catalog| !self.options.compat && catalog.taint_of(table).is_none())
            .and_then(|catalog| catalog.table(table))
            .map(|table| &**table)
    }

    pub(super) fn known_column<'a>(
        &self,
        table: &TableName,
        column: &Ident,
        before: Option<&'a Catalog>,
    ) -> Option<&'a Column> {
        find(self.known_table(table, before)?, column)
    }

    /// The word of a type, without its length.
    pub(super) fn type_word(&self, data_type: &DataType) -> Option<String> {
        let text = self.dialect.type_sql(data_type).ok()?;
        text.split(['(', ' ']).next().map(str::to_owned)
    }

    /// The table of an index that is dropped without one.
    pub(super) fn table_of_index(
        &self,
        index: &Ident,
        schema: Option<&Ident>,
        before: Option<&Catalog>,
    ) -> Result<TableName> {
        if self.options.compat {
            return Ok(TableName {
                schema: schema.cloned(),
                name: Ident::new("no_table"),
            });
        }
        let has = |table: &Table| {
            table.indexes.iter().any(|known| {
                known
                    .name
                    .ident()
                    .is_some_and(|name| name.name == index.name)
            })
        };
        let found = before.and_then(|catalog| {
            catalog
                .tables_having(&index.name)
                .map(|(_, table)| table)
                .find(|table| has(table))
        });
        match found {
            Some(table) => Ok(table.name.clone()),
            None => Err(Box::new(
                Diagnostic::error(
                    Code::OperationInvalid,
                    format!("the index `{}` is dropped without its table", index.name),
                )
                .with_note("Alembic writes `ON no_table`")
                .with_help("pass `table_name=` to `op.drop_index`"),
            )),
        }
    }
}

fn find<'a>(table: &'a Table, column: &Ident) -> Option<&'a Column> {
    table
        .columns
        .iter()
        .find(|known| known.name.name == column.name)
}

/// `IDENTITY(start,increment)`.
fn numbering(options: &SequenceOptions) -> String {
    match (options.start, options.increment) {
        (None, None) => " IDENTITY".into(),
        (start, increment) => {
            format!(
                " IDENTITY({},{})",
                start.unwrap_or(1),
                increment.unwrap_or(1)
            )
        }
    }
}

pub(super) fn constructed(change: &Change<ServerDefault>) -> bool {
    let construct = |default: &ServerDefault| match default {
        ServerDefault::Identity(Identity { .. }) | ServerDefault::Computed { .. } => true,
        ServerDefault::Str(_) | ServerDefault::Expr(_) | ServerDefault::Fetched => false,
    };
    matches!(change, Change::Set(default) if construct(default))
}

pub(super) fn no_construct() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::Unsupported,
            "Adding, removing or modifying a \"computed\" or \"identity\" construct, to or from an existing column is not supported in this dialect.",
        )
        .with_help("drop the column and add it again"),
    )
}

fn type_not_known() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::OperationInvalid,
            "MS-SQL ALTER COLUMN operations with NULL or NOT NULL require the existing_type or a new type_ be passed.",
        )
        .with_help("pass `existing_type=`, or let the chain start at the base so that the table is known"),
    )
}
