//! A whole script: its frame, its transactions and the version table around the statements.

mod condition;
mod faults;
mod guard;
mod item;
mod safety;
mod skip;
mod text;

use std::rc::Rc;
use std::sync::Arc;

use crate::catalog::TableName;
use crate::datatype::TypeArg;
use crate::diagnostic::Result;
use crate::dialect::Dialect;
use crate::expression::{Ident, typed};
use crate::lower::{Field, Statement};
use crate::revision::{Due, VersionChange, VersionRows};
use guard::Opening;
use item::Item;

pub use safety::Safety;
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
    /// The statement that creates it, where the project spells it itself.
    pub version_table_text: Option<Arc<str>>,
    /// What stands between batches, where the project says so.
    pub batch_separator: Option<Arc<str>>,
    /// Whether `%` is written twice in what templates render, as Alembic does for some drivers.
    pub doubles_percent: bool,
    /// What the script checks, waits for and skips.
    pub safety: Safety,
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
            version_table_text: None,
            batch_separator: None,
            doubles_percent: false,
            safety: Safety::default(),
        }
    }
}

/// What turns a statement into text: the renderer, which this layer does not know.
pub type Render<'a> = &'a dyn Fn(&Statement) -> Result<Option<String>>;

/// What of a script a failure takes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Atomicity {
    /// All of it: it is one transaction.
    Whole,
    /// What is in the transaction at that moment: statements run outside of them.
    Partly,
    /// Nothing, since statements of DDL are no part of transactions.
    Nothing,
}

/// A script that is being written.
pub struct Script<'a> {
    dialect: Rc<Dialect>,
    options: ScriptOptions,
    render: Render<'a>,
    out: String,
    in_transaction: bool,
    doubled: bool,
    /// What is wrong with the text.
    faults: faults::Faults,
    /// Whether foreign keys are not enforced while the script runs.
    frees_foreign_keys: bool,
    /// Whether rows were changed: the version table's, at least.
    changed: bool,
    /// What stands before all else.
    header: String,
    /// What stands before the first step, until it does.
    opening: Option<Opening>,
    /// The rows of the version table, where the plan is known.
    rows: Vec<Arc<str>>,
    /// The steps to come.
    steps: usize,
    /// Whether there are steps at all.
    planned: bool,
    /// When each of them is due.
    due: std::vec::IntoIter<Due>,
    /// Whether the version table says that a revision is unfinished.
    marked: bool,
    /// Whether a transaction begins before the next statement.
    resume: bool,
    /// Whether the script has changed settings that belong before its first transaction.
    leaves_settings: bool,
    /// Whether the check of a new database is not known to the dialect.
    unguarded: bool,
    /// Whether a statement runs outside of transactions although the script may be refused.
    unstopped: bool,
    /// Whether a statement ran outside of transactions.
    left: bool,
    /// Whether a step is left to a person.
    manual: bool,
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
            faults: faults::Faults::default(),
            frees_foreign_keys: false,
            changed: false,
            header: String::new(),
            opening: None,
            rows: Vec::new(),
            steps: 0,
            planned: false,
            due: Vec::new().into_iter(),
            marked: false,
            resume: false,
            leaves_settings: false,
            unguarded: false,
            unstopped: false,
            left: false,
            manual: false,
        }
    }

    /// Whether the dialect has no check of a new database.
    pub fn unguarded(&self) -> bool {
        self.unguarded
    }

    /// Whether a statement outside of transactions runs also where the script is refused, unless
    /// the client stops.
    pub fn unstopped(&self) -> bool {
        self.unstopped
    }

    /// What of the script a failure takes back.
    pub fn atomicity(&self) -> Atomicity {
        match (self.transactional(), self.left) {
            (false, _) => Atomicity::Nothing,
            (true, true) => Atomicity::Partly,
            (true, false) => Atomicity::Whole,
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

    /// Writes a check that the version table has exactly these rows.
    ///
    /// # Errors
    /// Where the dialect has no way for it.
    pub fn version_rows(&mut self, rows: &[Arc<str>]) -> Result<()> {
        let message = format!("the database is not at {}", condition::named(rows));
        self.check(&VersionRows::Exactly(rows.to_vec()), false, &message)
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
        let facts = self.dialect.facts();
        self.options.transactional_ddl.unwrap_or(
            facts.script.transactional_ddl
                || (facts.guard.transaction
                    && self.protects()
                    && self.options.safety.wants_transaction()),
        )
    }

    /// Whether the script may differ from Alembic's.
    fn protects(&self) -> bool {
        !self.options.compat
    }

    pub(super) fn element(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    fn terminated(&mut self, text: &str) {
        let text = format!("{text}{}", self.dialect.facts().script.terminator);
        self.element(&text);
        self.separator();
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
            let guard = &self.dialect.facts().guard;
            let begin = if self.protects()
                && self.options.safety.wants_transaction()
                && !guard.begin.is_empty()
            {
                &guard.begin
            } else {
                &facts.begin
            };
            let text = format!("{begin}{}", facts.terminator);
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
        let first = self.opening.is_some();
        let made = self.open(creates_version_table)?;
        if !first && self.options.transaction_per_migration {
            self.check_again()?;
        }
        if creates_version_table && !made && !self.options.safety.idempotent {
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
        self.changed |= !changes.is_empty();
        self.manual |= statements
            .iter()
            .chain(after)
            .any(|statement| statement.is("manual_step"));
        let returns = self.dialect.facts().version_table.returning_fails;
        self.faults
            .look_at_rows(changes, self.options.compat, returns);
        match self.due.next() {
            Some(due) => self.due_step(&due, statements, after)?,
            None => self.plain_step(statements, changes, after)?,
        }
        for change in changes {
            change.apply(&mut self.rows);
        }
        self.steps = self.steps.saturating_sub(1);
        if self.steps == 0 && !self.options.compat {
            self.arrive()?;
        }
        if self.options.transaction_per_migration {
            self.commit();
        }
        Ok(())
    }

    fn plain_step(
        &mut self,
        statements: &[Statement],
        changes: &[VersionChange],
        after: &[Statement],
    ) -> Result<()> {
        if !self.options.safety.guard {
            self.statements(statements)?;
            self.ensure_transaction()?;
            for change in changes {
                let statement = self.version_change(change);
                self.statement(&statement)?;
            }
            return self.statements(after);
        }
        let mut items = Vec::with_capacity(statements.len());
        for statement in statements {
            items.push(self.item(statement)?);
        }
        let whole = self.transactional() && !items.iter().any(Item::leaves_transaction);
        self.marked = !whole && items.iter().any(|item| item.text().is_some());
        if self.marked {
            self.statement(&self.mark(true))?;
        }
        for item in items {
            self.write(item)?;
        }
        self.ensure_transaction()?;
        let dialect = Rc::clone(&self.dialect);
        let guard = &dialect.facts().guard;
        let several = changes.len() + usize::from(self.marked) > 1 && !self.transactional();
        if several && !guard.rows_begin.is_empty() {
            self.terminated(&guard.rows_begin);
        }
        for change in changes {
            let statement = self.version_change(change);
            self.statement(&statement)?;
        }
        if std::mem::take(&mut self.marked) {
            self.statement(&self.mark(false))?;
        }
        if (several || guard.rows_begin.is_empty())
            && !self.transactional()
            && !guard.rows_commit.is_empty()
        {
            self.terminated(&guard.rows_commit);
        }
        self.statements(after)
    }

    fn statement(&mut self, statement: &Statement) -> Result<()> {
        let item = self.item(statement)?;
        if self.options.compat {
            let terminator = &self.dialect.facts().script.terminator;
            self.faults.look(statement, &item, terminator);
        }
        self.write(item)
    }

    /// Begins the transaction that a statement outside of transactions has ended.
    fn ensure_transaction(&mut self) -> Result<()> {
        if std::mem::take(&mut self.resume) {
            self.begin();
            self.check_again()?;
        }
        Ok(())
    }

    fn write(&mut self, item: Item) -> Result<()> {
        let (text, own, outside) = match item {
            Item::Nothing => return Ok(()),
            Item::Begin => {
                self.left = true;
                self.resume = false;
                self.commit();
                return Ok(());
            }
            Item::End => {
                self.begin();
                return self.check_again();
            }
            Item::Comment(text) | Item::Output(text) => {
                self.element(&text);
                return Ok(());
            }
            Item::WithoutForeignKeys(text) => {
                self.without_foreign_keys(&text);
                return Ok(());
            }
            Item::Statement { text, own, outside } => (text, own, outside),
        };
        let terminator = self.dialect.facts().script.terminator.clone();
        self.doubled |= self.options.doubles_percent && text.contains('%');
        let text = if self.options.doubles_percent && !own {
            text.replace('%', "%%")
        } else {
            text
        };
        let Some(text) = finish_statement(&text, &terminator, own, self.options.compat) else {
            return Ok(());
        };
        self.left |= outside;
        if outside && self.in_transaction {
            self.commit();
            self.resume = true;
        }
        if outside {
            self.leaves_settings = true;
        } else {
            self.ensure_transaction()?;
        }
        self.unstopped |= !self.in_transaction
            && self.steps > 0
            && self.transactional()
            && self.options.safety.guard
            && self.options.safety.client.is_none()
            && self.dialect.facts().guard.spoils_transaction;
        self.element(&text);
        self.separator();
        Ok(())
    }

    /// Puts the setting before the first transaction, since it has no effect in one.
    fn without_foreign_keys(&mut self, text: &str) {
        if !std::mem::replace(&mut self.frees_foreign_keys, true) {
            self.header.push_str(text);
            self.header
                .push_str(&self.dialect.facts().script.terminator);
            self.header.push_str("\n\n");
        }
    }

    /// Creates the version table.
    ///
    /// # Errors
    /// What rendering the statement fails with.
    pub fn version_table_alone(&mut self) -> Result<()> {
        if self.options.safety.idempotent {
            return self.version_create_missing();
        }
        let create = self.version_create()?;
        self.statement(&create)
    }

    /// Empties the version table.
    ///
    /// # Errors
    /// What rendering the statement fails with.
    pub fn purge(&mut self) -> Result<()> {
        self.changed = true;
        let statement = Statement::new("version_purge").table(&self.version_table());
        self.statement(&statement)
    }

    /// The whole text.
    ///
    /// # Errors
    /// What rendering a statement fails with.
    pub fn finish(mut self) -> Result<String> {
        if self.protects() {
            self.close()?;
        }
        let keep = &self.dialect.facts().script.keep_rows;
        if !self.options.compat && !self.transactional() && !keep.is_empty() && self.changed {
            let text = format!("{keep}{}", self.dialect.facts().script.terminator);
            self.element(&text);
            self.separator();
        }
        if self.frees_foreign_keys {
            let statement = Statement::new("foreign_keys").flag("on", true);
            self.statement(&statement)?;
        }
        if self.manual && self.options.safety.client.is_none() {
            let guard = &self.dialect.facts().guard;
            let client = guard.manual_client.as_ref();
            if let Some(commands) = client.and_then(|client| guard.clients.get(client)) {
                self.header = format!("{commands}\n\n{}", self.header);
            }
        }
        if self.header.is_empty() {
            return Ok(self.out);
        }
        self.header.push_str(&self.out);
        Ok(self.header)
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
        let mut statement = Statement::new("version_create")
            .table(&self.version_table())
            .ident("column", &Ident::new(COLUMN))
            .fragment("type", data_type);
        statement
            .spelled
            .clone_from(&self.options.version_table_text);
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
