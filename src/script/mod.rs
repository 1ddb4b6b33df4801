//! A whole script: its frame, its transactions and the version table around the statements.

mod text;

use std::rc::Rc;
use std::sync::Arc;

use crate::catalog::TableName;
use crate::datatype::TypeArg;
use crate::diagnostic::Result;
use crate::dialect::Dialect;
use crate::expression::{Ident, typed};
use crate::lower::{Body, Field, Statement};
use crate::revision::VersionChange;

pub use text::finish_statement;

/// The column of the version table.
const COLUMN: &str = "version_num";

/// What the frame of a script depends on besides the dialect.
#[derive(Clone, Debug)]
pub struct ScriptOptions {
    /// Whether Alembic's text is kept where it is wrong.
    pub compat: bool,
    /// Whether DDL is taken to be transactional; the dialect says when this does not.
    pub transactional_ddl: Option<bool>,
    /// A transaction for each revision instead of one for all.
    pub transaction_per_migration: bool,
    /// The version table's name.
    pub version_table: Arc<str>,
    /// Its schema.
    pub version_table_schema: Option<Arc<str>>,
    /// Whether it has a primary key.
    pub version_table_pk: bool,
    /// What stands between batches, where the project says so.
    pub batch_separator: Option<Arc<str>>,
    /// Whether `%` is written twice in what templates render, as Alembic does for some drivers.
    pub doubles_percent: bool,
}

impl Default for ScriptOptions {
    fn default() -> Self {
        Self {
            compat: false,
            transactional_ddl: None,
            transaction_per_migration: false,
            version_table: Arc::from("alembic_version"),
            version_table_schema: None,
            version_table_pk: true,
            batch_separator: None,
            doubles_percent: false,
        }
    }
}

/// What turns a statement into text: the renderer, which this layer does not know.
pub type Render<'a> = &'a dyn Fn(&Statement) -> Result<Option<String>>;

/// A script that is being written.
pub struct Script<'a> {
    dialect: Rc<Dialect>,
    options: ScriptOptions,
    render: Render<'a>,
    out: String,
    in_transaction: bool,
    doubled: bool,
    /// Whether rows were changed: the version table's, at least.
    rows: bool,
}

impl<'a> Script<'a> {
    /// Begins a script.
    pub fn new(dialect: Rc<Dialect>, options: ScriptOptions, render: Render<'a>) -> Self {
        Self {
            dialect,
            options,
            render,
            out: String::new(),
            in_transaction: false,
            doubled: false,
            rows: false,
        }
    }

    /// Whether a `%` has been written twice.
    pub fn doubled(&self) -> bool {
        self.doubled
    }

    /// Begins the transaction of the whole script, unless each revision has its own.
    pub fn begin_all(&mut self) {
        if !self.options.transaction_per_migration {
            self.begin();
        }
    }

    /// Ends it.
    pub fn commit_all(&mut self) {
        if !self.options.transaction_per_migration {
            self.commit();
        }
    }

    /// Writes statements beside the steps.
    ///
    /// # Errors
    /// What rendering one fails with.
    pub fn statements(&mut self, statements: &[Statement]) -> Result<()> {
        statements
            .iter()
            .try_for_each(|statement| self.statement(statement))
    }

    fn transactional(&self) -> bool {
        self.options
            .transactional_ddl
            .unwrap_or(self.dialect.facts().script.transactional_ddl)
    }

    fn element(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    fn separator(&mut self) {
        let separator = match &self.options.batch_separator {
            Some(separator) => separator.to_string(),
            None => self.dialect.facts().script.batch_separator.clone(),
        };
        if !separator.is_empty() {
            self.element(&separator);
        }
    }

    fn begin(&mut self) {
        if self.transactional() && (self.options.compat || !self.in_transaction) {
            let facts = &self.dialect.facts().script;
            let text = format!("{}{}", facts.begin, facts.terminator);
            let separated = facts.begin_separator;
            self.element(&text);
            if separated {
                self.separator();
            }
            self.in_transaction = true;
        }
    }

    fn commit(&mut self) {
        if self.transactional() && (self.options.compat || self.in_transaction) {
            let facts = &self.dialect.facts().script;
            let text = format!("{}{}", facts.commit, facts.terminator);
            self.element(&text);
            self.separator();
            self.in_transaction = false;
        }
    }

    /// Writes a statement that fails where the script must not run; whether there is one.
    ///
    /// # Errors
    /// What rendering the statement fails with.
    pub fn guard(&mut self, statement: &Statement) -> Result<bool> {
        let before = self.out.len();
        self.statement(statement)?;
        Ok(self.out.len() > before)
    }

    /// Writes one step: the comment, the statements, what happens to the version table, and what
    /// comes after that.
    ///
    /// # Errors
    /// What rendering a statement fails with.
    pub fn step(
        &mut self,
        summary: &str,
        creates_version_table: bool,
        statements: &[Statement],
        changes: &[VersionChange],
        after: &[Statement],
    ) -> Result<()> {
        if self.options.transaction_per_migration {
            self.begin();
        }
        if creates_version_table {
            let create = self.version_create()?;
            self.statement(&create)?;
        }
        let line: String = if self.options.compat {
            format!("-- Running {summary}")
        } else {
            // A line break in an identifier must not end the comment.
            format!("-- Running {}", summary.replace(['\n', '\r'], " "))
        };
        self.element(&line);
        self.statements(statements)?;
        self.rows |= !changes.is_empty();
        for change in changes {
            let statement = self.version_change(change);
            self.statement(&statement)?;
        }
        self.statements(after)?;
        if self.options.transaction_per_migration {
            self.commit();
        }
        Ok(())
    }

    fn statement(&mut self, statement: &Statement) -> Result<()> {
        match &statement.body {
            Body::BeginAutocommit => {
                self.commit();
                return Ok(());
            }
            Body::EndAutocommit => {
                self.begin();
                return Ok(());
            }
            Body::Comment(text) => {
                let lines: Vec<String> = text.lines().map(|line| format!("-- {line}")).collect();
                self.element(&lines.join("\n"));
                return Ok(());
            }
            Body::Output(text) => {
                self.element(text);
                return Ok(());
            }
            Body::Template { .. } | Body::Sql(_) => {}
        }
        let Some(text) = (self.render)(statement)? else {
            return Ok(());
        };
        let terminator = &self.dialect.facts().script.terminator;
        let own = matches!(statement.body, Body::Sql(_));
        self.doubled |= self.options.doubles_percent && text.contains('%');
        let text = if self.options.doubles_percent && !own {
            text.replace('%', "%%")
        } else {
            text
        };
        let Some(text) = finish_statement(&text, terminator, own, self.options.compat) else {
            return Ok(());
        };
        self.element(&text);
        self.separator();
        Ok(())
    }

    /// Creates the version table.
    ///
    /// # Errors
    /// What rendering the statement fails with.
    pub fn version_table_alone(&mut self) -> Result<()> {
        let create = self.version_create()?;
        self.statement(&create)
    }

    /// Empties the version table.
    ///
    /// # Errors
    /// What rendering the statement fails with.
    pub fn purge(&mut self) -> Result<()> {
        self.rows = true;
        let statement = Statement::new("version_purge").table(&self.version_table());
        self.statement(&statement)
    }

    /// The whole text.
    pub fn finish(mut self) -> String {
        let keep = &self.dialect.facts().script.keep_rows;
        if !self.options.compat && !self.transactional() && !keep.is_empty() && self.rows {
            let text = format!("{keep}{}", self.dialect.facts().script.terminator);
            self.element(&text);
            self.separator();
        }
        self.out
    }

    fn version_table(&self) -> TableName {
        TableName {
            schema: self.options.version_table_schema.as_ref().map(Ident::new),
            name: Ident::new(&self.options.version_table),
        }
    }

    fn literal(&self, id: &str) -> Field {
        Field::Sql(if self.options.compat {
            // Alembic does not escape identifiers.
            format!("'{id}'")
        } else {
            self.dialect.string(id)
        })
    }

    fn version_create(&self) -> Result<Statement> {
        let mut data_type = typed("String");
        data_type.args.push(("length", TypeArg::Int(32)));
        let data_type = self.dialect.type_sql(&data_type)?;
        let key = format!("{}_pkc", self.options.version_table);
        let statement = Statement::new("version_create")
            .table(&self.version_table())
            .ident("column", &Ident::new(COLUMN))
            .fragment("type", data_type);
        Ok(if self.options.version_table_pk {
            statement.ident("key", &Ident::new(key))
        } else {
            statement.flag("key", false)
        })
    }

    fn version_change(&self, change: &VersionChange) -> Statement {
        let table = self.version_table();
        let column = Ident::new(COLUMN);
        match change {
            VersionChange::Insert(id) => {
                let facts = &self.dialect.facts().version_table;
                let returning = if self.options.version_table_pk
                    && (self.options.compat || !facts.returning_fails)
                {
                    facts
                        .returning
                        .replace("{table}", &self.dialect.table_name(&table))
                        .replace("{column}", COLUMN)
                } else {
                    String::new()
                };
                Statement::new("version_insert")
                    .table(&table)
                    .ident("column", &column)
                    .field("value", self.literal(id))
                    .fragment("returning", returning)
            }
            VersionChange::Update { from, to } => Statement::new("version_update")
                .table(&table)
                .ident("column", &column)
                .field("from", self.literal(from))
                .field("to", self.literal(to)),
            VersionChange::Delete(id) => Statement::new("version_delete")
                .table(&table)
                .ident("column", &column)
                .field("value", self.literal(id)),
        }
    }
}
