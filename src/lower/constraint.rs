//! Constraints: their clauses, adding and dropping them.

use super::{Lowering, Statement, check, index, mysql, options};
use crate::catalog::{
    Catalog, Constraint, ConstraintKind, ConstraintName, Exclude, ForeignKey, OptionValue,
    TableName,
};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Deferrable;
use crate::expression::{ExprKind, Ident};
use crate::operation::{DropConstraintKind, kind_of};

/// How a constraint is dropped.
#[derive(Clone, Copy)]
pub(super) struct Dropping {
    /// `if_exists=`.
    pub(super) if_exists: bool,
    /// `cascade=` of the statement by itself.
    pub(super) cascade: bool,
}

impl Dropping {
    /// As `op.drop_constraint` says it.
    pub(super) const fn only(if_exists: bool) -> Self {
        Self {
            if_exists,
            cascade: false,
        }
    }

    /// The statement, whose name is to follow.
    pub(super) fn statement(self, table: &TableName) -> Statement {
        let Self { if_exists, cascade } = self;
        Statement::new("drop_constraint")
            .table(table)
            .flag("if_exists", if_exists)
            .flag("cascade", cascade)
    }
}

impl Lowering {
    /// A constraint's clause, with its name.
    pub(super) fn constraint_sql(
        &self,
        table: Option<&TableName>,
        constraint: &Constraint,
    ) -> Result<String> {
        self.constraint_clause(table, constraint, None)
    }

    /// A constraint's clause; `column` is the one whose type brought it along.
    pub(super) fn constraint_clause(
        &self,
        table: Option<&TableName>,
        constraint: &Constraint,
        column: Option<&Ident>,
    ) -> Result<String> {
        let Constraint {
            name: _,
            kind,
            deferrable: _,
            initially: _,
            options: dialect_options,
            comment: _,
        } = constraint;
        let name = match table {
            Some(table) => self.constraint_name(table, constraint, column)?,
            None => constraint.name.ident().map(|name| self.dialect.quote(name)),
        };
        let mut text = match name {
            Some(name) => format!("CONSTRAINT {name} "),
            None => String::new(),
        };
        let quoted = |columns: &[Ident]| {
            columns
                .iter()
                .map(|c| self.dialect.quote(c))
                .collect::<Vec<_>>()
                .join(", ")
        };
        match kind {
            ConstraintKind::PrimaryKey { columns } => {
                let clustered = self.clustered(dialect_options);
                text.push_str(&format!("PRIMARY KEY {clustered}({})", quoted(columns)));
                text.push_str(&self.include(dialect_options));
                text.push_str(&self.key_method(dialect_options));
                text.push_str(&self.deferrability(constraint)?);
                text.push_str(&self.on_conflict(dialect_options)?);
            }
            ConstraintKind::Unique { columns } => {
                let distinct =
                    match options::find(&self.dialect, dialect_options, "nulls_not_distinct") {
                        Some(OptionValue::Bool(true)) => "NULLS NOT DISTINCT ",
                        Some(OptionValue::Bool(false)) => "NULLS DISTINCT ",
                        _ => "",
                    };
                let clustered = self.clustered(dialect_options);
                text.push_str(&format!(
                    "UNIQUE {distinct}{clustered}({})",
                    quoted(columns)
                ));
                text.push_str(&self.include(dialect_options));
                text.push_str(&self.deferrability(constraint)?);
                text.push_str(&self.on_conflict(dialect_options)?);
            }
            ConstraintKind::Check {
                condition,
                from_type: _,
                in_column: _,
            } => {
                text.push_str(&format!("CHECK ({})", self.ddl(condition)?));
                text.push_str(&self.deferrability(constraint)?);
                text.push_str(self.validity(dialect_options));
                text.push_str(&self.on_conflict(dialect_options)?);
            }
            ConstraintKind::ForeignKey(foreign_key) => {
                let referent = if self.dialect.facts().features.foreign_key_schema {
                    self.dialect.table_name(&foreign_key.referent)
                } else {
                    self.dialect.quote(&foreign_key.referent.name)
                };
                text.push_str(&format!(
                    "FOREIGN KEY({}) REFERENCES {referent} ({})",
                    quoted(&foreign_key.columns),
                    quoted(&foreign_key.referent_columns),
                ));
                if let Some(kind) = &foreign_key.match_type {
                    self.allow_match()?;
                    text.push_str(&format!(" MATCH {}", check::phrase(kind, false)?));
                }
                text.push_str(&self.actions(foreign_key)?);
                text.push_str(&self.deferrability(constraint)?);
                text.push_str(self.validity(dialect_options));
            }
            ConstraintKind::Exclude(exclude) => {
                text.push_str(&self.exclude(exclude)?);
                text.push_str(&self.deferrability(constraint)?);
            }
        }
        Ok(text)
    }

    fn exclude(&self, exclude: &Exclude) -> Result<String> {
        let Exclude {
            elements,
            using,
            condition,
            ops,
        } = exclude;
        if !self.dialect.facts().features.exclude_constraints {
            return Err(Box::new(
                Diagnostic::error(
                    Code::Unsupported,
                    format!(
                        "{} has no exclusion constraints",
                        self.dialect.facts().title
                    ),
                )
                .with_help("leave the constraint to PostgreSQL"),
            ));
        }
        let mut parts = Vec::with_capacity(elements.len());
        for (expr, operator) in elements {
            let mut part = self.ddl(expr)?;
            // A text has no key there.
            let is_text = matches!(expr.kind, ExprKind::Text(_));
            if !is_text
                && let Some(key) = index::element_key(&expr.kind)
                && let Some((_, class)) = ops.iter().find(|(name, _)| *name == key)
            {
                part.push_str(&format!(" {class}"));
            }
            parts.push(format!("{part} WITH {operator}"));
        }
        let using = check::phrase(using, false)?.to_lowercase();
        let mut text = format!("EXCLUDE USING {using} ({})", parts.join(", "));
        if let Some(condition) = condition {
            text.push_str(&format!(" WHERE ({})", self.ddl(condition)?));
        }
        Ok(text)
    }

    pub(super) fn include(&self, dialect_options: &crate::catalog::DialectOptions) -> String {
        match options::find(&self.dialect, dialect_options, "include") {
            Some(value) => {
                let names: Vec<String> = options::texts(value)
                    .iter()
                    .map(|name| self.dialect.quote(&Ident::new(name)))
                    .collect();
                if names.is_empty() {
                    String::new()
                } else {
                    format!(" INCLUDE ({})", names.join(", "))
                }
            }
            None => String::new(),
        }
    }

    /// `CLUSTERED`, of the dialects that have the option.
    pub(super) fn clustered(
        &self,
        dialect_options: &crate::catalog::DialectOptions,
    ) -> &'static str {
        match options::find(&self.dialect, dialect_options, "clustered") {
            Some(OptionValue::Bool(true)) => "CLUSTERED ",
            Some(OptionValue::Bool(false)) => "NONCLUSTERED ",
            _ => "",
        }
    }

    fn validity(&self, dialect_options: &crate::catalog::DialectOptions) -> &str {
        if options::flag(&self.dialect, dialect_options, "not_valid") {
            match self.dialect.facts().online.unvalidated.as_str() {
                "" => " NOT VALID",
                text => text,
            }
        } else {
            ""
        }
    }

    fn on_conflict(&self, dialect_options: &crate::catalog::DialectOptions) -> Result<String> {
        match options::text(&self.dialect, dialect_options, "on_conflict") {
            Some(action) => self.resolution(&action),
            None => Ok(String::new()),
        }
    }

    /// What is done with a row that breaks a constraint (SQLite, "The ON CONFLICT Clause").
    pub(super) fn resolution(&self, action: &str) -> Result<String> {
        const RESOLUTIONS: &[&str] = &["rollback", "abort", "fail", "ignore", "replace"];
        if !self.options.compat && !RESOLUTIONS.contains(&&*action.to_ascii_lowercase()) {
            return Err(Box::new(
                Diagnostic::error(
                    Code::OperationInvalid,
                    format!("there is no conflict resolution {action:?}"),
                )
                .with_help("the resolutions are ROLLBACK, ABORT, FAIL, IGNORE and REPLACE"),
            ));
        }
        Ok(format!(" ON CONFLICT {action}"))
    }

    /// `ALTER TABLE … ADD`.
    pub(super) fn add_constraint(
        &mut self,
        table: &TableName,
        constraint: &Constraint,
        column: Option<&Ident>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        self.warn_of_actions(constraint);
        let clause = self.constraint_clause(Some(table), constraint, column)?;
        out.push(
            Statement::new("add_constraint")
                .table(table)
                .fragment("constraint", clause),
        );
        Ok(())
    }

    /// `ALTER TABLE … DROP CONSTRAINT`.
    pub(super) fn drop_constraint(
        &mut self,
        table: &TableName,
        name: &ConstraintName,
        kind: Option<DropConstraintKind>,
        dropping: Dropping,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if let ConstraintName::Invented(which) = name {
            out.push(self.drop_invented(table, which, dropping, before)?);
            return Ok(());
        }
        let kind = self.dropped_kind(table, name, kind, before)?;
        let probe = Constraint::new(match kind {
            Some(DropConstraintKind::Primary) => ConstraintKind::PrimaryKey {
                columns: Vec::new(),
            },
            Some(DropConstraintKind::Check) => ConstraintKind::Check {
                condition: crate::expression::literal_column("", crate::expression::boolean()),
                from_type: false,
                in_column: false,
            },
            Some(DropConstraintKind::ForeignKey) => ConstraintKind::ForeignKey(ForeignKey {
                columns: Vec::new(),
                referent: table.clone(),
                referent_columns: Vec::new(),
                ondelete: None,
                onupdate: None,
                match_type: None,
                use_alter: false,
                from_column: false,
            }),
            Some(DropConstraintKind::Unique) | None => ConstraintKind::Unique {
                columns: Vec::new(),
            },
        });
        let probe = Constraint {
            name: name.clone(),
            ..probe
        };
        let resolved = if matches!(name, ConstraintName::None) {
            None
        } else {
            self.constraint_name(table, &probe, None)?
        };
        if let Some(words) = &self.dialect.facts().features.drop_constraint {
            let statement = Statement::new("drop_constraint").table(table);
            let mut statement = mysql::drop_constraint(statement, kind, resolved, words)?;
            if kind == Some(DropConstraintKind::Unique)
                && let Some(name) = name.ident()
            {
                statement.held = self.held_index(table, name, before).map(Box::new);
            }
            out.push(statement);
            if dropping.if_exists {
                self.ignored("IF EXISTS of DROP CONSTRAINT");
            }
            if dropping.cascade {
                self.ignored("CASCADE of DROP CONSTRAINT");
            }
            return Ok(());
        }
        let Some(resolved) = resolved else {
            return Err(Box::new(
                Diagnostic::error(
                    Code::OperationInvalid,
                    "Can't emit DROP CONSTRAINT for a constraint that has no name",
                )
                .with_help("give the name that the server gave the constraint"),
            ));
        };
        out.push(dropping.statement(table).fragment("name", resolved));
        Ok(())
    }
}

impl Lowering {
    /// Drops a constraint by its name, which is quoted already, in the words of its kind.
    pub(super) fn drop_named(
        &self,
        table: &TableName,
        constraint: &Constraint,
        name: String,
    ) -> Result<Statement> {
        let Some(words) = &self.dialect.facts().features.drop_constraint else {
            return Ok(Dropping::only(false)
                .statement(table)
                .fragment("name", name));
        };
        let statement = Statement::new("drop_constraint").table(table);
        mysql::drop_constraint(statement, kind_of(constraint), Some(name), words)
    }

    /// `ON DELETE` and `ON UPDATE`.
    pub(super) fn actions(&self, foreign_key: &ForeignKey) -> Result<String> {
        let mut text = String::new();
        let columns = self.dialect.facts().features.action_columns;
        if let Some(action) = &foreign_key.ondelete {
            text.push_str(&format!(" ON DELETE {}", check::phrase(action, columns)?));
        }
        if let Some(action) = &foreign_key.onupdate
            && self.dialect.facts().features.on_update
        {
            text.push_str(&format!(" ON UPDATE {}", check::phrase(action, false)?));
        }
        Ok(text)
    }

    /// Says that an action of a foreign key is left out, where there is no such action.
    pub(super) fn warn_of_actions(&mut self, constraint: &Constraint) {
        if let ConstraintKind::ForeignKey(foreign_key) = &constraint.kind
            && foreign_key.onupdate.is_some()
            && !self.dialect.facts().features.on_update
        {
            self.ignored("ON UPDATE of foreign keys");
        }
        if (constraint.deferrable.is_some() || constraint.initially.is_some())
            && !self.can_defer(constraint)
        {
            self.undeferrable();
        }
    }
}

impl Lowering {
    fn undeferrable(&mut self) {
        if !self.options.compat {
            self.ignored("DEFERRABLE constraints");
            return;
        }
        let title = self.dialect.facts().title.clone();
        self.warn(
            Code::UnsafeCompat,
            format!("{title} has no DEFERRABLE constraints"),
        );
    }

    /// `DEFERRABLE` and `INITIALLY`, which Alembic also writes where they cannot be.
    fn can_defer(&self, constraint: &Constraint) -> bool {
        match self.dialect.facts().features.deferrable {
            Deferrable::All => true,
            Deferrable::ForeignKeys => matches!(constraint.kind, ConstraintKind::ForeignKey(_)),
            Deferrable::None => false,
        }
    }

    pub(super) fn deferrability(&self, constraint: &Constraint) -> Result<String> {
        if self.options.compat {
            return deferrability(constraint);
        }
        if !self.can_defer(constraint) {
            return Ok(String::new());
        }
        // Elsewhere `INITIALLY DEFERRED` alone says DEFERRABLE, and `INITIALLY IMMEDIATE` nothing.
        if self.dialect.facts().features.deferrable == Deferrable::ForeignKeys
            && constraint.deferrable.is_none()
            && let Some(initially) = &constraint.initially
        {
            return Ok(if initially.eq_ignore_ascii_case("deferred") {
                " DEFERRABLE INITIALLY DEFERRED".to_owned()
            } else {
                String::new()
            });
        }
        deferrability(constraint)
    }
}

/// `DEFERRABLE` and `INITIALLY`.
fn deferrability(constraint: &Constraint) -> Result<String> {
    let mut text = String::new();
    match constraint.deferrable {
        Some(true) => text.push_str(" DEFERRABLE"),
        Some(false) => text.push_str(" NOT DEFERRABLE"),
        None => {}
    }
    if let Some(initially) = &constraint.initially {
        text.push_str(&format!(" INITIALLY {}", check::phrase(initially, false)?));
    }
    Ok(text)
}
