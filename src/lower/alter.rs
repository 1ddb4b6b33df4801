//! `op.alter_column`.

use super::column::sequence_options;
use super::{Lowering, Statement, options};
use crate::catalog::{Catalog, Column, Constraint, Identity, SequenceOptions, ServerDefault};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::{AlterColumn as Strategy, Comments};
use crate::operation::{AlterColumn, Change, Operation};

impl Lowering {
    pub(super) fn alter_column(
        &mut self,
        alter: &AlterColumn,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let AlterColumn {
            table,
            column,
            nullable,
            comment,
            default,
            new_name: _,
            data_type,
            existing_type,
            type_is_class: _,
            existing_default: _,
            existing_nullable: _,
            existing_comment: _,
            autoincrement,
            existing_autoincrement,
            position: _,
            options: _,
        } = alter;
        let strategy = self.dialect.facts().features.alter_column;
        let needs_more = nullable.is_some()
            || data_type.is_some()
            || !matches!(default, Change::Keep)
            || !matches!(comment, Change::Keep);
        if strategy == Strategy::Generic && needs_more && !self.options.compat {
            return self.alter_by_rebuild(
                &Operation::AlterColumn(Box::new(alter.clone())),
                table,
                before,
                out,
            );
        }
        if strategy != Strategy::Mysql
            && (autoincrement.is_some() || existing_autoincrement.is_some())
        {
            self.warn(
                Code::OptionIgnored,
                "autoincrement and existing_autoincrement only make sense for MySQL",
            );
        }
        // Checks that came with the old type go first, those of the new type come last.
        if let (Some(existing), Some(_)) = (existing_type, data_type)
            && strategy != Strategy::Mysql
        {
            let old = bare_column(column, existing);
            if let Some(check) = self.type_check(&old) {
                self.change_type_check(table, &check, &old, false, out)?;
            }
        }
        match strategy {
            Strategy::SqlServer => self.alter_column_sql_server(alter, before, out)?,
            Strategy::Mysql => self.alter_column_mysql(alter, before, out)?,
            Strategy::Postgresql | Strategy::Generic | Strategy::Clauses => {
                self.alter_column_by_clauses(alter, before, out)?;
            }
        }
        if let Some(data_type) = data_type {
            let new = bare_column(column, data_type);
            if let Some(check) = self.type_check(&new) {
                self.change_type_check(table, &check, &new, true, out)?;
            }
        }
        Ok(())
    }

    /// One statement for each change.
    fn alter_column_by_clauses(
        &mut self,
        alter: &AlterColumn,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let AlterColumn {
            table,
            column,
            nullable,
            comment,
            default,
            new_name,
            data_type,
            existing_default,
            options: dialect_options,
            ..
        } = alter;
        let strategy = self.dialect.facts().features.alter_column;
        let type_statement = |this: &Self| -> Result<Option<Statement>> {
            let Some(data_type) = data_type else {
                return Ok(None);
            };
            let using = match options::find(&this.dialect, dialect_options, "using") {
                Some(crate::catalog::OptionValue::Expr(expr)) => Some(this.ddl(expr)?),
                Some(other) => Some(options::plain(other)),
                None => None,
            };
            Ok(Some(
                Statement::new("alter_column_type")
                    .table(table)
                    .ident("column", column)
                    .fragment("type", this.dialect.type_sql(data_type)?)
                    .optional("using", using),
            ))
        };
        if strategy == Strategy::Postgresql {
            if options::find(&self.dialect, dialect_options, "using").is_some()
                && data_type.is_none()
            {
                return Err(Box::new(
                    Diagnostic::error(
                        Code::OperationInvalid,
                        "postgresql_using must be used with the type_ parameter",
                    )
                    .with_help("pass `type_=` too"),
                ));
            }
            if let Some(data_type) = data_type {
                self.create_missing_enum(data_type, before, out)?;
            }
            let held = match data_type {
                Some(data_type) => self.held_default(alter, data_type, before),
                None => None,
            };
            if held.is_some() {
                out.push(
                    Statement::new("alter_column_default")
                        .table(table)
                        .ident("column", column)
                        .optional("default", None),
                );
            }
            out.extend(type_statement(self)?);
            if let Some(Some(kept)) = held {
                out.push(
                    Statement::new("alter_column_default")
                        .table(table)
                        .ident("column", column)
                        .optional("default", Some(kept)),
                );
            }
        }
        if let Some(nullable) = nullable {
            self.generic("ALTER COLUMN … SET NOT NULL", strategy);
            out.push(
                Statement::new("alter_column_null")
                    .table(table)
                    .ident("column", column)
                    .flag("nullable", *nullable),
            );
        }
        self.alter_default(alter, default, existing_default, before, out)?;
        if strategy != Strategy::Postgresql && data_type.is_some() {
            self.generic("ALTER COLUMN … TYPE", strategy);
            out.extend(type_statement(self)?);
        }
        match comment {
            Change::Keep => {}
            Change::Drop | Change::Set(_) => {
                if self.dialect.facts().features.comments == Comments::None {
                    return Err(Box::new(
                        Diagnostic::error(
                            Code::Unsupported,
                            format!("{} has no comments on columns", self.dialect.facts().title),
                        )
                        .with_help("leave the comment to dialects that have them"),
                    ));
                }
                let text = match comment {
                    Change::Set(text) => Some(&**text),
                    Change::Keep | Change::Drop => None,
                };
                if strategy == Strategy::Clauses && self.options.compat {
                    // Alembic leaves the schema and the quotes away.
                    if table.schema.is_some()
                        || [&table.name, column]
                            .iter()
                            .any(|name| self.dialect.quote(name) != *name.name)
                    {
                        self.warn_compat(format!(
                            "the comment is put on `{}.{}`, without the schema and quotes that the names need",
                            table.name.name, column.name
                        ));
                    }
                    out.push(
                        Statement::new("comment_on_column")
                            .fragment("table", &*table.name.name)
                            .fragment("column", &*column.name)
                            .optional("comment", text.map(|text| self.dialect.string(text))),
                    );
                } else {
                    self.column_comment(table, column, text, out)?;
                }
            }
        }
        if let Some(new_name) = new_name {
            out.push(
                Statement::new("rename_column")
                    .table(table)
                    .ident("column", column)
                    .ident("new_name", new_name),
            );
        }
        Ok(())
    }

    fn generic(&mut self, what: &str, strategy: Strategy) {
        if strategy == Strategy::Generic {
            let title = self.dialect.facts().title.clone();
            self.warn(Code::UnsafeCompat, format!("{title} has no {what}"));
        }
    }

    fn change_type_check(
        &mut self,
        table: &crate::catalog::TableName,
        check: &Constraint,
        column: &Column,
        add: bool,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if !self.dialect.facts().features.alter_constraints {
            if add {
                self.warn(
                    Code::OptionIgnored,
                    "Skipping unsupported ALTER for creation of implicit constraint. Please refer to the batch mode feature which allows for SQLite migrations using a copy-and-move strategy.",
                );
            }
            return Ok(());
        }
        if add {
            return self.add_constraint(table, check, Some(&column.name), out);
        }
        let name = match self.constraint_name(table, check, Some(&column.name))? {
            Some(name) => name,
            None => {
                return Err(Box::new(
                    Diagnostic::error(
                        Code::OperationInvalid,
                        "Can't emit DROP CONSTRAINT for the type's constraint; it has no name",
                    )
                    .with_help("give the existing type a `name=`"),
                ));
            }
        };
        out.push(self.drop_named(table, check, name)?);
        Ok(())
    }

    fn alter_default(
        &mut self,
        alter: &AlterColumn,
        default: &Change<ServerDefault>,
        existing: &Change<ServerDefault>,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let strategy = self.dialect.facts().features.alter_column;
        if matches!(default, Change::Keep) {
            return Ok(());
        }
        let computed = |change: &Change<ServerDefault>| {
            matches!(change, Change::Set(ServerDefault::Computed { .. }))
        };
        if computed(default) || computed(existing) {
            return Err(Box::new(
                Diagnostic::error(
                    Code::Unsupported,
                    "Adding or removing a \"computed\" construct, e.g. GENERATED ALWAYS AS, to or from an existing column is not supported.",
                )
                .with_help("drop the column and add it again"),
            ));
        }
        let identity = |change: &Change<ServerDefault>| match change {
            Change::Set(ServerDefault::Identity(identity)) => Some(identity.clone()),
            _ => None,
        };
        let (new, old) = (identity(default), identity(existing));
        if new.is_some() && old.is_none() && strategy == Strategy::Postgresql {
            self.ready_for_identity(alter, before, out);
        }
        if new.is_some() || old.is_some() {
            return self.alter_identity(alter, new.as_ref(), old.as_ref(), strategy, out);
        }
        self.generic("ALTER COLUMN … SET DEFAULT", strategy);
        let text = match default {
            Change::Set(ServerDefault::Str(text)) => Some(self.dialect.string(text)),
            Change::Set(ServerDefault::Expr(expr)) => Some(self.ddl(expr)?),
            _ => None,
        };
        out.push(
            Statement::new("alter_column_default")
                .table(&alter.table)
                .ident("column", &alter.column)
                .optional("default", text),
        );
        Ok(())
    }

    /// An identity column is NOT NULL and has no default, or it is not made one.
    fn ready_for_identity(
        &self,
        alter: &AlterColumn,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) {
        let Some(known) = self.known_column(&alter.table, &alter.column, before) else {
            return;
        };
        if matches!(
            known.default,
            Some(ServerDefault::Str(_) | ServerDefault::Expr(_))
        ) {
            out.push(
                Statement::new("alter_column_default")
                    .table(&alter.table)
                    .ident("column", &alter.column)
                    .optional("default", None),
            );
        }
        if !super::column::not_null(known) && alter.nullable.is_none() {
            out.push(
                Statement::new("alter_column_null")
                    .table(&alter.table)
                    .ident("column", &alter.column)
                    .flag("nullable", false),
            );
        }
    }

    /// Whether a default has to go before the type changes, since it is not cast by itself; and
    /// the default that comes back, unless the operation says another.
    #[allow(clippy::option_option)]
    fn held_default(
        &self,
        alter: &AlterColumn,
        new: &crate::datatype::DataType,
        before: Option<&Catalog>,
    ) -> Option<Option<String>> {
        if self.options.compat {
            return None;
        }
        let known = self.known_column(&alter.table, &alter.column, before);
        let old = alter
            .existing_type
            .as_ref()
            .or(known.map(|column| &column.data_type))?;
        let default = match &alter.existing_default {
            Change::Set(default) => Some(default),
            Change::Drop => None,
            Change::Keep => known.and_then(|column| column.default.as_ref()),
        }?;
        if !matches!(default, ServerDefault::Str(_) | ServerDefault::Expr(_))
            || casts(
                old.for_dialect(self.dialect.name()),
                new.for_dialect(self.dialect.name()),
            )
        {
            return None;
        }
        match &alter.default {
            Change::Keep => Some(self.default_sql(Some(default)).ok().flatten()),
            Change::Drop | Change::Set(_) => Some(None),
        }
    }

    fn alter_identity(
        &mut self,
        alter: &AlterColumn,
        new: Option<&Identity>,
        old: Option<&Identity>,
        strategy: Strategy,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if !self.dialect.facts().features.identity {
            return Err(Box::new(
                Diagnostic::error(
                    Code::Unsupported,
                    "Adding, removing or modifying an \"identity\" construct, e.g. GENERATED AS IDENTITY, to or from an existing column is not supported in this dialect.",
                )
                .with_help("leave the change to PostgreSQL and Oracle"),
            ));
        }
        let change = match (new, old) {
            (None, _) => "DROP IDENTITY".to_owned(),
            (Some(new), _) if strategy == Strategy::Clauses => self.identity_sql(new),
            (Some(new), None) => format!("ADD {}", self.identity_sql(new)),
            (Some(new), Some(old)) => {
                let mut parts = Vec::new();
                if new.always != old.always {
                    let kind = if new.always { "ALWAYS" } else { "BY DEFAULT" };
                    parts.push(format!("SET GENERATED {kind}"));
                }
                // In the order of the options' names, as Alembic has it.
                let features = &self.dialect.facts().features;
                let (n, o) = (&new.sequence, &old.sequence);
                let mut changed = |part: SequenceOptions| {
                    for text in sequence_options(&part, features) {
                        parts.push(format!("SET {text}"));
                    }
                };
                if n.cache != o.cache {
                    changed(SequenceOptions {
                        cache: n.cache,
                        ..SequenceOptions::default()
                    });
                }
                if n.cycle != o.cycle {
                    changed(SequenceOptions {
                        cycle: n.cycle,
                        ..SequenceOptions::default()
                    });
                }
                if n.increment != o.increment {
                    changed(SequenceOptions {
                        increment: n.increment,
                        ..SequenceOptions::default()
                    });
                }
                if n.maxvalue != o.maxvalue {
                    changed(SequenceOptions {
                        maxvalue: n.maxvalue,
                        ..SequenceOptions::default()
                    });
                }
                if n.minvalue != o.minvalue {
                    changed(SequenceOptions {
                        minvalue: n.minvalue,
                        ..SequenceOptions::default()
                    });
                }
                if n.nomaxvalue != o.nomaxvalue {
                    changed(SequenceOptions {
                        nomaxvalue: n.nomaxvalue,
                        ..SequenceOptions::default()
                    });
                }
                if n.nominvalue != o.nominvalue {
                    changed(SequenceOptions {
                        nominvalue: n.nominvalue,
                        ..SequenceOptions::default()
                    });
                }
                if n.start != o.start {
                    changed(SequenceOptions {
                        start: n.start,
                        ..SequenceOptions::default()
                    });
                }
                parts.join(" ")
            }
        };
        // Alembic writes a statement that changes nothing, which databases cannot read.
        if change.is_empty() && !self.options.compat {
            return Ok(());
        }
        out.push(
            Statement::new("alter_column")
                .table(&alter.table)
                .ident("column", &alter.column)
                .fragment("change", change),
        );
        Ok(())
    }
}

/// Whether PostgreSQL casts a default from one type to another by itself:
/// <https://www.postgresql.org/docs/current/sql-createcast.html> (casts in assignments).
fn casts(old: &crate::datatype::DataType, new: &crate::datatype::DataType) -> bool {
    use crate::datatype::Family;
    let name = |data_type: &crate::datatype::DataType| {
        let found = data_type.enumeration.as_ref();
        found.and_then(|found| found.name.clone())
    };
    let group = |family: Family| match family {
        Family::String | Family::Unicode => 1,
        Family::Integer | Family::Numeric | Family::Float => 2,
        Family::Date | Family::DateTime | Family::Time => 3,
        _ => 0,
    };
    let (from, to) = (old.spec.family, new.spec.family);
    if from == Family::Enum && to == Family::Enum {
        return name(old) == name(new);
    }
    from == to || group(to) == 1 || (group(from) != 0 && group(from) == group(to))
}

/// A column of which only the type matters.
fn bare_column(name: &crate::expression::Ident, data_type: &crate::datatype::DataType) -> Column {
    Column {
        name: name.clone(),
        data_type: data_type.clone(),
        nullable: None,
        primary_key: false,
        autoincrement: crate::catalog::Autoincrement::Auto,
        default: None,
        python_default: None,
        unique: false,
        index: false,
        comment: None,
        constraints: Vec::new(),
        system: false,
        options: Vec::new(),
    }
}
