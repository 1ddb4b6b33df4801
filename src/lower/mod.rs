//! Operations to statements of one dialect. What databases do differently in kind (types that
//! have to be created, tables that have to be rebuilt) is here; the words are in `templates`.

pub mod expression;

mod absent;
mod alter;
mod aside;
mod batch;
mod check;
mod column;
mod comment;
mod constraint;
mod data;
mod domain;
mod element;
mod enumeration;
mod execute;
mod held_column;
mod held_index;
mod in_place;
mod index;
mod invented;
mod lacks;
mod manual;
mod mysql;
pub mod naming;
mod numbering;
mod online;
mod options;
mod rebuild;
mod rebuild_frame;
mod refused;
mod settle;
mod sqlserver;
mod statement;
mod table;
mod unnamed;

pub use held_index::Held;
pub use statement::{Body, Field, Statement};

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::catalog::{Catalog, ConstraintKind, ConstraintName, Key, TableName};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::{AlterColumn, Dialect};
use crate::expression::{Expr, Ident};
use crate::operation::{Located, Operation, Spelled};
use crate::source::Location;
use comment::Replacing;
use expression::{CompileContext, ParamStyle};
use naming::Subject;

/// What lowering depends on besides the dialect.
#[derive(Clone, Debug, Default)]
pub struct LowerOptions {
    /// Whether Alembic's text is kept where it is wrong.
    pub compat: bool,
    /// `MetaData(naming_convention=…)` of the project's `target_metadata`.
    pub naming_convention: naming::Convention,
    /// Whether values are written as literals rather than as placeholders.
    pub literal_binds: bool,
    /// How placeholders are written where values are not literals.
    pub paramstyle: ParamStyle,
    /// Whether `%` is written twice in statements, as SQLAlchemy does for some drivers.
    pub doubles_percent: bool,
    /// Whether statements are written so that others can use the tables meanwhile.
    pub online: bool,
}

/// Turns operations into statements. One for each script: it remembers the types it has created.
pub struct Lowering {
    dialect: Rc<Dialect>,
    options: LowerOptions,
    created_enums: FxHashSet<Key>,
    /// The enum types that the migration itself creates, in lower case (`--compat alembic`).
    made_enums: FxHashSet<String>,
    /// The enum types that the script has dropped, in lower case (`--compat alembic`).
    dropped_enums: FxHashSet<String>,
    warnings: Vec<Diagnostic>,
    /// Whether it has been said that keys do not count.
    said_keys: bool,
    /// The table whose copy is being made.
    original: Option<TableName>,
    /// Tables that the script has made, which nobody uses yet.
    made: FxHashSet<Key>,
    /// Whether statements run outside of the transaction anyway.
    outside: bool,
    /// What is known of a database that was empty before the first operation.
    begun: Option<absent::Begun>,
}

impl Lowering {
    /// Begins a script.
    pub fn new(dialect: Rc<Dialect>, options: LowerOptions) -> Self {
        Self {
            dialect,
            options,
            created_enums: FxHashSet::default(),
            made_enums: FxHashSet::default(),
            dropped_enums: FxHashSet::default(),
            warnings: Vec::new(),
            said_keys: false,
            original: None,
            made: FxHashSet::default(),
            outside: false,
            begun: None,
        }
    }

    /// The dialect.
    pub fn dialect(&self) -> &Rc<Dialect> {
        &self.dialect
    }

    /// The warnings that have come up, which are taken out.
    pub fn take_warnings(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.warnings)
    }

    /// The statements of an operation. `before` is the catalog before it, where it is known.
    ///
    /// # Errors
    /// A diagnostic at the operation's place when the dialect cannot express it.
    pub fn lower(&mut self, located: &Located, before: Option<&Catalog>) -> Result<Vec<Statement>> {
        let mut statements = Vec::with_capacity(1);
        let marker = self.warnings.len();
        let result = self
            .expect_table(&located.operation, before)
            .and_then(|()| self.adjusted(&located.operation, before, &mut statements));
        for warning in &mut self.warnings[marker..] {
            place(warning, located);
        }
        match result {
            Ok(()) => {
                for statement in &mut statements {
                    statement.location.clone_from(&located.location);
                }
                for Spelled { template, text } in &located.spelled {
                    let next = statements
                        .iter_mut()
                        .find(|statement| statement.is(template) && statement.spelled.is_none());
                    if let Some(statement) = next {
                        statement.spelled = Some(Arc::clone(text));
                    }
                }
                Ok(statements)
            }
            Err(mut diagnostic) => {
                place(&mut diagnostic, located);
                Err(diagnostic)
            }
        }
    }

    /// Lowers an operation for a database that may lack what it asks for.
    fn adjusted(
        &mut self,
        operation: &Operation,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if self.dialect.facts().lacks.is_empty() {
            self.operation(operation, before, out)?;
        } else if let Some(operation) = self.without_lacks(operation, before)? {
            self.operation(&operation, before, out)?;
        }
        self.around_indexes(operation, before, out)
    }

    fn operation(
        &mut self,
        operation: &Operation,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if before.is_some() && !self.options.compat {
            // The replayed schema knows the types; this remembers those of one operation.
            self.created_enums.clear();
        }
        match self.mend(operation, before)? {
            refused::Mended::AsItIs => self.as_it_is(operation, before, out),
            refused::Mended::Nothing => Ok(()),
            refused::Mended::Instead(operation) => self.as_it_is(&operation, before, out),
        }
    }

    fn as_it_is(
        &mut self,
        operation: &Operation,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if !self.options.online {
            return self.plainly(operation, before, out);
        }
        let start = out.len();
        if !self.in_steps(operation, before, out)? {
            self.plainly(operation, before, out)?;
        }
        self.let_others_work(operation, before, out.get_mut(start..).unwrap_or_default());
        Ok(())
    }

    /// The statements of an operation as they are without `--online`.
    fn plainly(
        &mut self,
        operation: &Operation,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        match operation {
            Operation::CreateTable {
                table,
                if_not_exists,
                along,
                convention,
            } => {
                let Some(own) = convention else {
                    return self.create_table(table, *if_not_exists, *along, before, out);
                };
                let own = naming::Convention::new(own.to_vec());
                let usual = std::mem::replace(&mut self.options.naming_convention, own);
                let made = self.create_table(table, *if_not_exists, *along, before, out);
                self.options.naming_convention = usual;
                made
            }
            Operation::DropTable {
                table,
                if_exists,
                options: _,
            } => {
                out.push(
                    Statement::new("drop_table")
                        .table(table)
                        .flag("if_exists", *if_exists),
                );
                self.drop_numbering(table, before, out);
                Ok(())
            }
            Operation::RenameTable { table, new_name } => {
                out.push(self.rename_table(table, new_name));
                Ok(())
            }
            Operation::TableComment {
                table,
                comment,
                existing,
            } => {
                let there = existing.is_some()
                    || before
                        .and_then(|catalog| catalog.table(table))
                        .is_some_and(|known| known.comment.is_some());
                let replacing = if there {
                    Replacing::Comment
                } else {
                    Replacing::Nothing
                };
                self.table_comment(table, comment.as_deref(), replacing, out)
            }
            Operation::AddColumn {
                table,
                column,
                if_not_exists,
                inline_references,
                inline_primary_key,
                position,
            } => {
                if position.is_some() {
                    return Err(position_needs_recreate());
                }
                if self.must_rebuild(operation, before)? {
                    return self.alter_by_rebuild(operation, table, before, out);
                }
                let inline = column::Inline {
                    references: *inline_references,
                    primary_key: *inline_primary_key,
                };
                self.create_missing_enum(&column.data_type, before, out)?;
                self.add_column(table, column, *if_not_exists, inline, out)
            }
            Operation::DropColumn {
                table,
                column,
                if_exists,
                options,
            } => {
                if self.must_rebuild(operation, before)? {
                    return self.alter_by_rebuild(operation, table, before, out);
                }
                if self.dialect.facts().features.indexes_block_alter {
                    return self.alter_by_rebuild(&operation.clone(), table, before, out);
                }
                if self.dialect.facts().features.alter_column == AlterColumn::SqlServer {
                    self.drop_column_holders(table, column, options, before, out);
                }
                self.release_column(table, column, before, out)?;
                out.push(
                    Statement::new("drop_column")
                        .table(table)
                        .ident("column", column)
                        .flag("if_exists", *if_exists),
                );
                Ok(())
            }
            Operation::AlterColumn(alter) => {
                if alter.position.is_some() {
                    return Err(position_needs_recreate());
                }
                if self.must_rebuild(operation, before)? {
                    return self.alter_by_rebuild(operation, &alter.table, before, out);
                }
                self.alter_column(alter, before, out)
            }
            Operation::CreateIndex {
                table,
                index,
                if_not_exists,
            } => self.create_index(table, index, *if_not_exists, out),
            Operation::DropIndex {
                name,
                schema,
                table,
                if_exists,
                options,
            } => {
                let table = table.as_ref().map(|table| TableName {
                    schema: schema.clone(),
                    name: table.clone(),
                });
                let place = index::Dropped {
                    schema: schema.as_ref(),
                    table: table.as_ref(),
                };
                self.drop_index(name, place, *if_exists, options, before, out)
            }
            Operation::AddConstraint { table, constraint } => {
                if !self.dialect.facts().features.alter_constraints {
                    return self.alter_by_rebuild(operation, table, before, out);
                }
                self.add_constraint(table, constraint, None, out)
            }
            Operation::DropConstraint {
                table,
                name,
                kind,
                if_exists,
            } => {
                if !self.dialect.facts().features.alter_constraints {
                    return self.alter_by_rebuild(operation, table, before, out);
                }
                let given = match name {
                    ConstraintName::None => self.name_of_meant(table, *kind, before)?,
                    ConstraintName::Given(_)
                    | ConstraintName::Final(_)
                    | ConstraintName::Invented(_) => None,
                };
                let name = given.as_ref().unwrap_or(name);
                self.drop_constraint(
                    table,
                    name,
                    *kind,
                    constraint::Dropping::only(*if_exists),
                    before,
                    out,
                )
            }
            Operation::BulkInsert {
                table,
                defaulted,
                rows,
                multiinsert: _,
            } => self.bulk_insert(table, defaulted, rows, before, out),
            Operation::Execute { statement } => self.execute(statement, before, out),
            Operation::CreateEnum {
                enumeration,
                checkfirst,
            } => {
                let known = before.filter(|_| *checkfirst && !self.options.compat);
                let there = known
                    .zip(enumeration.name.as_ref())
                    .is_some_and(|(known, name)| {
                        known
                            .enumeration(enumeration.schema.as_ref(), name)
                            .is_some()
                    });
                match there {
                    true => Ok(()),
                    false => self.create_enum(enumeration, out),
                }
            }
            Operation::DropEnum {
                enumeration,
                checkfirst: _,
            } => self.drop_enum(enumeration, out),
            Operation::AlterEnum { before: old, after } => self.alter_enum(old, after, before, out),
            Operation::BatchAlterTable(batch) => self.batch(batch, before, out),
            Operation::BeginAutocommit => {
                out.push(Statement::body(Body::BeginAutocommit));
                Ok(())
            }
            Operation::EndAutocommit => {
                out.push(Statement::body(Body::EndAutocommit));
                Ok(())
            }
        }
    }

    /// An expression in DDL.
    fn ddl(&self, expr: &Expr) -> Result<String> {
        expression::compile(
            expr,
            &CompileContext::ddl(&*self.dialect, self.options.compat),
        )
    }

    /// A statement made of an expression.
    fn statement_sql(&self, expr: &Expr) -> Result<String> {
        let LowerOptions {
            paramstyle,
            doubles_percent,
            literal_binds,
            compat,
            ..
        } = self.options;
        let driver = expression::Driver::new(&*self.dialect, paramstyle, doubles_percent);
        let context = CompileContext {
            literal_binds,
            ..CompileContext::statement(&driver, compat)
        };
        expression::compile(expr, &context)
    }

    /// An expression as a value in a template.
    fn value_sql(&self, expr: &Expr) -> Result<String> {
        let context = CompileContext::statement(&*self.dialect, self.options.compat);
        expression::compile(expr, &context)
    }

    fn warn(&mut self, code: Code, message: impl Into<String>) {
        self.warnings.push(Diagnostic::warning(code, message));
    }

    /// A warning about text that is Alembic's, once for each message.
    fn warn_compat(&mut self, message: String) {
        if self.options.compat && !self.warnings.iter().any(|known| known.message == message) {
            let warning = Diagnostic::warning(Code::UnsafeCompat, message);
            self.warnings
                .push(warning.with_help("leave `--compat alembic` away"));
        }
    }

    fn rename_table(&self, table: &TableName, new_name: &Ident) -> Statement {
        let old = self.in_quotes(&self.dialect.table_name_in_parts(table));
        Statement::new("rename_table")
            .table(table)
            .fragment("old", old)
            .fragment(
                "moved",
                self.dialect.in_parts(table.schema.as_ref(), new_name),
            )
            .ident("new_name", new_name)
    }

    /// Says that a part of an operation is left out.
    fn ignored(&mut self, what: &str) {
        let title = &self.dialect.facts().title;
        let message = format!("{title} has no {what}: it is left out");
        self.warn(Code::OptionIgnored, message);
    }

    /// A statement that Alembic prints and that the database refuses: kept with `--compat`, an
    /// error otherwise.
    fn unsafe_on_generic(&mut self, what: &str) -> Result<()> {
        let features = &self.dialect.facts().features;
        if features.alter_constraints || features.has.iter().any(|had| had == what) {
            return Ok(());
        }
        let title = &self.dialect.facts().title;
        let message = format!("{title} has no {what}");
        if self.options.compat {
            self.warn(Code::UnsafeCompat, message);
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::error(Code::Unsupported, message)
                .with_note("Alembic prints the statement all the same")
                .with_help("use `op.batch_alter_table`, or leave the statement to other dialects; `--compat alembic` keeps Alembic's text"),
        ))
    }
}

fn place(diagnostic: &mut Diagnostic, located: &Located) {
    if diagnostic.primary.is_none() {
        diagnostic.primary.clone_from(&located.location);
        for location in &located.stack {
            if Some(location) != located.location.as_ref() {
                diagnostic
                    .labels
                    .push(label(location.clone(), "called from here"));
            }
        }
    }
}

fn label(location: Location, message: &str) -> crate::diagnostic::Label {
    crate::diagnostic::Label {
        location,
        message: message.to_owned(),
    }
}

fn position_needs_recreate() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::OperationInvalid,
            "Can't specify insert_before or insert_after when using ALTER; please specify recreate='always'",
        )
        .with_help("pass `recreate=\"always\"` to `op.batch_alter_table`"),
    )
}

/// The kind of a constraint as naming conventions call it.
fn convention_key(kind: &ConstraintKind) -> &'static str {
    match kind {
        ConstraintKind::PrimaryKey { .. } => "pk",
        ConstraintKind::Unique { .. } => "uq",
        ConstraintKind::Check { .. } => "ck",
        ConstraintKind::ForeignKey(_) => "fk",
        ConstraintKind::Exclude(_) => "ex",
    }
}
