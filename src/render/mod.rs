//! Statements to text: templates with typed values. Rank 6.
//!
//! Only what is typed reaches the output: identifiers, quoted by the dialect, and SQL that the
//! lowering made. A template that prints anything else fails.

mod own;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, UndefinedBehavior};

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;
use crate::lower::{Body, Field, Statement};
use crate::source::SourceFile;

/// The templates that are built in: folder, name, text.
const TEMPLATES: &[(&str, &str, &str)] = &[
    (
        "_default",
        "add_column",
        include_str!("../../templates/_default/add_column.sql.j2"),
    ),
    (
        "_default",
        "add_constraint",
        include_str!("../../templates/_default/add_constraint.sql.j2"),
    ),
    (
        "_default",
        "alter_column",
        include_str!("../../templates/_default/alter_column.sql.j2"),
    ),
    (
        "_default",
        "alter_column_default",
        include_str!("../../templates/_default/alter_column_default.sql.j2"),
    ),
    (
        "_default",
        "alter_column_null",
        include_str!("../../templates/_default/alter_column_null.sql.j2"),
    ),
    (
        "_default",
        "alter_column_type",
        include_str!("../../templates/_default/alter_column_type.sql.j2"),
    ),
    (
        "_default",
        "comment_on_column",
        include_str!("../../templates/_default/comment_on_column.sql.j2"),
    ),
    (
        "_default",
        "comment_on_table",
        include_str!("../../templates/_default/comment_on_table.sql.j2"),
    ),
    (
        "_default",
        "copy_rows",
        include_str!("../../templates/_default/copy_rows.sql.j2"),
    ),
    (
        "_default",
        "create_enum",
        include_str!("../../templates/_default/create_enum.sql.j2"),
    ),
    (
        "_default",
        "create_index",
        include_str!("../../templates/_default/create_index.sql.j2"),
    ),
    (
        "_default",
        "create_schema",
        include_str!("../../templates/_default/create_schema.sql.j2"),
    ),
    (
        "_default",
        "create_sequence",
        include_str!("../../templates/_default/create_sequence.sql.j2"),
    ),
    (
        "_default",
        "create_table",
        include_str!("../../templates/_default/create_table.sql.j2"),
    ),
    (
        "_default",
        "drop_column",
        include_str!("../../templates/_default/drop_column.sql.j2"),
    ),
    (
        "_default",
        "drop_constraint",
        include_str!("../../templates/_default/drop_constraint.sql.j2"),
    ),
    (
        "_default",
        "add_enum_label",
        include_str!("../../templates/_default/add_enum_label.sql.j2"),
    ),
    (
        "_default",
        "rename_type",
        include_str!("../../templates/_default/rename_type.sql.j2"),
    ),
    (
        "_default",
        "create_domain",
        include_str!("../../templates/_default/create_domain.sql.j2"),
    ),
    (
        "_default",
        "drop_domain",
        include_str!("../../templates/_default/drop_domain.sql.j2"),
    ),
    (
        "_default",
        "drop_enum",
        include_str!("../../templates/_default/drop_enum.sql.j2"),
    ),
    (
        "_default",
        "drop_index",
        include_str!("../../templates/_default/drop_index.sql.j2"),
    ),
    (
        "_default",
        "drop_schema",
        include_str!("../../templates/_default/drop_schema.sql.j2"),
    ),
    (
        "_default",
        "drop_sequence",
        include_str!("../../templates/_default/drop_sequence.sql.j2"),
    ),
    (
        "_default",
        "drop_table",
        include_str!("../../templates/_default/drop_table.sql.j2"),
    ),
    (
        "_default",
        "count_violations",
        include_str!("../../templates/_default/count_violations.sql.j2"),
    ),
    (
        "_default",
        "foreign_keys",
        include_str!("../../templates/_default/foreign_keys.sql.j2"),
    ),
    (
        "_default",
        "legacy_rename",
        include_str!("../../templates/_default/legacy_rename.sql.j2"),
    ),
    (
        "_default",
        "guard_empty",
        include_str!("../../templates/_default/guard_empty.sql.j2"),
    ),
    (
        "_default",
        "insert_default",
        include_str!("../../templates/_default/insert_default.sql.j2"),
    ),
    (
        "_default",
        "insert_row",
        include_str!("../../templates/_default/insert_row.sql.j2"),
    ),
    (
        "_default",
        "rename_column",
        include_str!("../../templates/_default/rename_column.sql.j2"),
    ),
    (
        "_default",
        "rename_table",
        include_str!("../../templates/_default/rename_table.sql.j2"),
    ),
    (
        "_default",
        "version_create",
        include_str!("../../templates/_default/version_create.sql.j2"),
    ),
    (
        "_default",
        "version_delete",
        include_str!("../../templates/_default/version_delete.sql.j2"),
    ),
    (
        "_default",
        "version_purge",
        include_str!("../../templates/_default/version_purge.sql.j2"),
    ),
    (
        "_default",
        "version_insert",
        include_str!("../../templates/_default/version_insert.sql.j2"),
    ),
    (
        "_default",
        "version_update",
        include_str!("../../templates/_default/version_update.sql.j2"),
    ),
    (
        "mssql",
        "add_column",
        include_str!("../../templates/mssql/add_column.sql.j2"),
    ),
    (
        "mssql",
        "alter_column_default",
        include_str!("../../templates/mssql/alter_column_default.sql.j2"),
    ),
    (
        "mssql",
        "alter_column_type",
        include_str!("../../templates/mssql/alter_column_type.sql.j2"),
    ),
    (
        "mssql",
        "create_index",
        include_str!("../../templates/mssql/create_index.sql.j2"),
    ),
    (
        "mssql",
        "drop_column_constraint",
        include_str!("../../templates/mssql/drop_column_constraint.sql.j2"),
    ),
    (
        "mssql",
        "drop_column_foreign_key",
        include_str!("../../templates/mssql/drop_column_foreign_key.sql.j2"),
    ),
    (
        "mssql",
        "drop_index",
        include_str!("../../templates/mssql/drop_index.sql.j2"),
    ),
    (
        "mssql",
        "extended_property",
        include_str!("../../templates/mssql/extended_property.sql.j2"),
    ),
    (
        "mssql",
        "identity_insert",
        include_str!("../../templates/mssql/identity_insert.sql.j2"),
    ),
    (
        "mssql",
        "rename_column",
        include_str!("../../templates/mssql/rename_column.sql.j2"),
    ),
    (
        "mssql",
        "rename_table",
        include_str!("../../templates/mssql/rename_table.sql.j2"),
    ),
    (
        "mssql",
        "version_insert",
        include_str!("../../templates/mssql/version_insert.sql.j2"),
    ),
    (
        "oracle",
        "add_column",
        include_str!("../../templates/oracle/add_column.sql.j2"),
    ),
    (
        "oracle",
        "alter_column",
        include_str!("../../templates/oracle/alter_column.sql.j2"),
    ),
    (
        "oracle",
        "alter_column_default",
        include_str!("../../templates/oracle/alter_column_default.sql.j2"),
    ),
    (
        "oracle",
        "alter_column_null",
        include_str!("../../templates/oracle/alter_column_null.sql.j2"),
    ),
    (
        "oracle",
        "alter_column_type",
        include_str!("../../templates/oracle/alter_column_type.sql.j2"),
    ),
    (
        "oracle",
        "comment_on_column",
        include_str!("../../templates/oracle/comment_on_column.sql.j2"),
    ),
    (
        "oracle",
        "comment_on_table",
        include_str!("../../templates/oracle/comment_on_table.sql.j2"),
    ),
    (
        "oracle",
        "create_index",
        include_str!("../../templates/oracle/create_index.sql.j2"),
    ),
    (
        "oracle",
        "insert_default",
        include_str!("../../templates/oracle/insert_default.sql.j2"),
    ),
    (
        "postgresql",
        "guard_empty",
        include_str!("../../templates/postgresql/guard_empty.sql.j2"),
    ),
    (
        "sqlite",
        "guard_empty",
        include_str!("../../templates/sqlite/guard_empty.sql.j2"),
    ),
    (
        "postgresql",
        "alter_column_type",
        include_str!("../../templates/postgresql/alter_column_type.sql.j2"),
    ),
    (
        "postgresql",
        "create_index",
        include_str!("../../templates/postgresql/create_index.sql.j2"),
    ),
    (
        "postgresql",
        "drop_index",
        include_str!("../../templates/postgresql/drop_index.sql.j2"),
    ),
    (
        "postgresql",
        "rename_column",
        include_str!("../../templates/postgresql/rename_column.sql.j2"),
    ),
    (
        "mysql",
        "alter_column_whole",
        include_str!("../../templates/mysql/alter_column_whole.sql.j2"),
    ),
    (
        "mysql",
        "drop_constraint",
        include_str!("../../templates/mysql/drop_constraint.sql.j2"),
    ),
    (
        "mysql",
        "drop_index",
        include_str!("../../templates/mysql/drop_index.sql.j2"),
    ),
    (
        "mysql",
        "create_index",
        include_str!("../../templates/mysql/create_index.sql.j2"),
    ),
    (
        "mysql",
        "comment_on_table",
        include_str!("../../templates/mysql/comment_on_table.sql.j2"),
    ),
    (
        "mysql",
        "rename_table",
        include_str!("../../templates/mysql/rename_table.sql.j2"),
    ),
    (
        "mysql",
        "insert_default",
        include_str!("../../templates/mysql/insert_default.sql.j2"),
    ),
    (
        "_default",
        "advisory_lock",
        include_str!("../../templates/_default/advisory_lock.sql.j2"),
    ),
    (
        "_default",
        "advisory_unlock",
        include_str!("../../templates/_default/advisory_unlock.sql.j2"),
    ),
    (
        "_default",
        "guard_begin",
        include_str!("../../templates/_default/guard_begin.sql.j2"),
    ),
    (
        "_default",
        "guard_end",
        include_str!("../../templates/_default/guard_end.sql.j2"),
    ),
    (
        "_default",
        "guard_version",
        include_str!("../../templates/_default/guard_version.sql.j2"),
    ),
    (
        "_default",
        "lock_timeout",
        include_str!("../../templates/_default/lock_timeout.sql.j2"),
    ),
    (
        "_default",
        "skip_block",
        include_str!("../../templates/_default/skip_block.sql.j2"),
    ),
    (
        "_default",
        "skip_outside",
        include_str!("../../templates/_default/skip_outside.sql.j2"),
    ),
    (
        "_default",
        "statement_timeout",
        include_str!("../../templates/_default/statement_timeout.sql.j2"),
    ),
    (
        "_default",
        "version_create_missing",
        include_str!("../../templates/_default/version_create_missing.sql.j2"),
    ),
    (
        "_default",
        "version_insert_unless",
        include_str!("../../templates/_default/version_insert_unless.sql.j2"),
    ),
    (
        "mariadb",
        "guard_raise",
        include_str!("../../templates/mariadb/guard_raise.sql.j2"),
    ),
    (
        "mariadb",
        "statement_timeout",
        include_str!("../../templates/mariadb/statement_timeout.sql.j2"),
    ),
    (
        "mssql",
        "advisory_lock",
        include_str!("../../templates/mssql/advisory_lock.sql.j2"),
    ),
    (
        "mssql",
        "advisory_unlock",
        include_str!("../../templates/mssql/advisory_unlock.sql.j2"),
    ),
    (
        "mssql",
        "guard_begin",
        include_str!("../../templates/mssql/guard_begin.sql.j2"),
    ),
    (
        "mssql",
        "guard_empty",
        include_str!("../../templates/mssql/guard_empty.sql.j2"),
    ),
    (
        "mssql",
        "guard_end",
        include_str!("../../templates/mssql/guard_end.sql.j2"),
    ),
    (
        "mssql",
        "guard_version",
        include_str!("../../templates/mssql/guard_version.sql.j2"),
    ),
    (
        "mssql",
        "lock_timeout",
        include_str!("../../templates/mssql/lock_timeout.sql.j2"),
    ),
    (
        "mssql",
        "skip_block",
        include_str!("../../templates/mssql/skip_block.sql.j2"),
    ),
    (
        "mssql",
        "skip_outside",
        include_str!("../../templates/mssql/skip_outside.sql.j2"),
    ),
    (
        "mssql",
        "version_create_missing",
        include_str!("../../templates/mssql/version_create_missing.sql.j2"),
    ),
    (
        "mysql",
        "advisory_lock",
        include_str!("../../templates/mysql/advisory_lock.sql.j2"),
    ),
    (
        "mysql",
        "advisory_unlock",
        include_str!("../../templates/mysql/advisory_unlock.sql.j2"),
    ),
    (
        "mysql",
        "guard_empty",
        include_str!("../../templates/mysql/guard_empty.sql.j2"),
    ),
    (
        "mysql",
        "guard_raise",
        include_str!("../../templates/mysql/guard_raise.sql.j2"),
    ),
    (
        "mysql",
        "guard_version",
        include_str!("../../templates/mysql/guard_version.sql.j2"),
    ),
    (
        "mysql",
        "lock_timeout",
        include_str!("../../templates/mysql/lock_timeout.sql.j2"),
    ),
    (
        "mysql",
        "skip_block",
        include_str!("../../templates/mysql/skip_block.sql.j2"),
    ),
    (
        "mysql",
        "version_insert_unless",
        include_str!("../../templates/mysql/version_insert_unless.sql.j2"),
    ),
    (
        "oracle",
        "advisory_lock",
        include_str!("../../templates/oracle/advisory_lock.sql.j2"),
    ),
    (
        "oracle",
        "advisory_unlock",
        include_str!("../../templates/oracle/advisory_unlock.sql.j2"),
    ),
    (
        "oracle",
        "guard_empty",
        include_str!("../../templates/oracle/guard_empty.sql.j2"),
    ),
    (
        "oracle",
        "guard_version",
        include_str!("../../templates/oracle/guard_version.sql.j2"),
    ),
    (
        "oracle",
        "lock_timeout",
        include_str!("../../templates/oracle/lock_timeout.sql.j2"),
    ),
    (
        "oracle",
        "skip_block",
        include_str!("../../templates/oracle/skip_block.sql.j2"),
    ),
    (
        "oracle",
        "version_create_missing",
        include_str!("../../templates/oracle/version_create_missing.sql.j2"),
    ),
    (
        "oracle",
        "version_insert_unless",
        include_str!("../../templates/oracle/version_insert_unless.sql.j2"),
    ),
    (
        "postgresql",
        "advisory_lock",
        include_str!("../../templates/postgresql/advisory_lock.sql.j2"),
    ),
    (
        "postgresql",
        "advisory_unlock",
        include_str!("../../templates/postgresql/advisory_unlock.sql.j2"),
    ),
    (
        "postgresql",
        "guard_version",
        include_str!("../../templates/postgresql/guard_version.sql.j2"),
    ),
    (
        "postgresql",
        "lock_timeout",
        include_str!("../../templates/postgresql/lock_timeout.sql.j2"),
    ),
    (
        "postgresql",
        "skip_block",
        include_str!("../../templates/postgresql/skip_block.sql.j2"),
    ),
    (
        "postgresql",
        "skip_outside",
        include_str!("../../templates/postgresql/skip_outside.sql.j2"),
    ),
    (
        "postgresql",
        "statement_timeout",
        include_str!("../../templates/postgresql/statement_timeout.sql.j2"),
    ),
    (
        "sqlite",
        "guard_version",
        include_str!("../../templates/sqlite/guard_version.sql.j2"),
    ),
    (
        "sqlite",
        "lock_timeout",
        include_str!("../../templates/sqlite/lock_timeout.sql.j2"),
    ),
    (
        "sqlite",
        "skip_outside",
        include_str!("../../templates/sqlite/skip_outside.sql.j2"),
    ),
    (
        "sqlite",
        "skip_block",
        include_str!("../../templates/sqlite/skip_block.sql.j2"),
    ),
    (
        "redshift",
        "guard_empty",
        include_str!("../../templates/redshift/guard_empty.sql.j2"),
    ),
    (
        "redshift",
        "rename_column",
        include_str!("../../templates/redshift/rename_column.sql.j2"),
    ),
    (
        "duckdb",
        "guard_empty",
        include_str!("../../templates/duckdb/guard_empty.sql.j2"),
    ),
    (
        "cockroachdb",
        "guard_empty",
        include_str!("../../templates/cockroachdb/guard_empty.sql.j2"),
    ),
    (
        "redshift",
        "advisory_lock",
        include_str!("../../templates/redshift/advisory_lock.sql.j2"),
    ),
    (
        "redshift",
        "advisory_unlock",
        include_str!("../../templates/redshift/advisory_unlock.sql.j2"),
    ),
    (
        "redshift",
        "guard_version",
        include_str!("../../templates/redshift/guard_version.sql.j2"),
    ),
    (
        "redshift",
        "lock_timeout",
        include_str!("../../templates/redshift/lock_timeout.sql.j2"),
    ),
    (
        "redshift",
        "skip_block",
        include_str!("../../templates/redshift/skip_block.sql.j2"),
    ),
    (
        "redshift",
        "skip_outside",
        include_str!("../../templates/redshift/skip_outside.sql.j2"),
    ),
    (
        "redshift",
        "statement_timeout",
        include_str!("../../templates/redshift/statement_timeout.sql.j2"),
    ),
    (
        "duckdb",
        "advisory_lock",
        include_str!("../../templates/duckdb/advisory_lock.sql.j2"),
    ),
    (
        "duckdb",
        "advisory_unlock",
        include_str!("../../templates/duckdb/advisory_unlock.sql.j2"),
    ),
    (
        "duckdb",
        "guard_version",
        include_str!("../../templates/duckdb/guard_version.sql.j2"),
    ),
    (
        "duckdb",
        "lock_timeout",
        include_str!("../../templates/duckdb/lock_timeout.sql.j2"),
    ),
    (
        "duckdb",
        "skip_block",
        include_str!("../../templates/duckdb/skip_block.sql.j2"),
    ),
    (
        "duckdb",
        "skip_outside",
        include_str!("../../templates/duckdb/skip_outside.sql.j2"),
    ),
    (
        "duckdb",
        "statement_timeout",
        include_str!("../../templates/duckdb/statement_timeout.sql.j2"),
    ),
    (
        "cockroachdb",
        "advisory_lock",
        include_str!("../../templates/cockroachdb/advisory_lock.sql.j2"),
    ),
    (
        "cockroachdb",
        "advisory_unlock",
        include_str!("../../templates/cockroachdb/advisory_unlock.sql.j2"),
    ),
    (
        "cockroachdb",
        "guard_version",
        include_str!("../../templates/cockroachdb/guard_version.sql.j2"),
    ),
    (
        "cockroachdb",
        "lock_timeout",
        include_str!("../../templates/cockroachdb/lock_timeout.sql.j2"),
    ),
    (
        "cockroachdb",
        "skip_block",
        include_str!("../../templates/cockroachdb/skip_block.sql.j2"),
    ),
    (
        "cockroachdb",
        "skip_outside",
        include_str!("../../templates/cockroachdb/skip_outside.sql.j2"),
    ),
    (
        "cockroachdb",
        "statement_timeout",
        include_str!("../../templates/cockroachdb/statement_timeout.sql.j2"),
    ),
];

/// Steps that one template may take.
const FUEL: u64 = 1_000_000;

fn is_built_in(folder: &str, name: &str) -> bool {
    TEMPLATES.iter().any(|(f, n, _)| *f == folder && *n == name)
}

/// The text of the built-in template in the first of the folders that has it.
fn built_in(folders: &[String], name: &str) -> Option<String> {
    let folders = folders.iter().map(String::as_str).chain(["_default"]);
    for folder in folders {
        let found = TEMPLATES
            .iter()
            .find(|(f, n, _)| *f == folder && *n == name);
        if let Some((_, _, text)) = found {
            return Some(text.trim_end().to_owned());
        }
    }
    None
}

/// Renders the statements of one dialect.
pub struct Renderer {
    dialect: Rc<Dialect>,
    environment: Environment<'static>,
    own: RefCell<BTreeMap<String, Option<Arc<SourceFile>>>>,
}

impl Renderer {
    /// A renderer. Templates are compiled when they are first used.
    pub fn new(dialect: Rc<Dialect>) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(50);
        let folders = dialect.lineage().to_vec();
        environment.set_loader(move |name| Ok(built_in(&folders, name)));
        environment.set_formatter(|out, state, value| match value.kind() {
            ValueKind::String if !value.is_safe() => Err(minijinja::Error::new(
                minijinja::ErrorKind::InvalidOperation,
                "untyped text reached the SQL",
            )),
            _ => minijinja::escape_formatter(out, state, value),
        });
        Self {
            dialect,
            environment,
            own: RefCell::default(),
        }
    }

    /// The text of a statement without its terminator; `None` for marks that print nothing.
    ///
    /// # Errors
    /// [`Code::Template`] when a template fails.
    pub fn render(&self, statement: &Statement) -> Result<Option<String>> {
        match &statement.body {
            Body::Template { name, fields } => self.template(name, fields).map(Some),
            Body::Sql(text) => Ok(Some(text.clone())),
            Body::Comment(_)
            | Body::Output(_)
            | Body::WithoutForeignKeys
            | Body::BeginAutocommit
            | Body::EndAutocommit => Ok(None),
        }
    }

    fn template(&self, name: &str, fields: &[(&'static str, Field)]) -> Result<String> {
        let context: BTreeMap<&str, Value> = fields
            .iter()
            .map(|(key, field)| (*key, self.value(field)))
            .collect();
        let context = Value::from(context);
        if let Some(file) = self.own(name)? {
            return own::render(&self.environment, &file, context);
        }
        let failed = |error: minijinja::Error| {
            Box::new(
                Diagnostic::error(
                    Code::Template,
                    format!(
                        "the template `{name}` of {} fails: {error:#}",
                        self.dialect.name()
                    ),
                )
                .with_help("correct the template"),
            )
        };
        self.environment
            .get_template(name)
            .and_then(|t| t.render(context))
            .map_err(failed)
    }

    /// The project's own template, where it goes before the built-in ones.
    fn own(&self, name: &str) -> Result<Option<Arc<SourceFile>>> {
        if let Some(known) = self.own.borrow().get(name) {
            return Ok(known.clone());
        }
        let mut found = None;
        for folder in self.dialect.lineage().iter().map(String::as_str) {
            found = self.dialect.library().template(folder, name)?;
            if found.is_some() || is_built_in(folder, name) {
                break;
            }
        }
        if found.is_none()
            && !self
                .dialect
                .lineage()
                .iter()
                .any(|folder| is_built_in(folder, name))
        {
            found = self.dialect.library().template("_default", name)?;
        }
        self.own.borrow_mut().insert(name.to_owned(), found.clone());
        Ok(found)
    }

    fn value(&self, field: &Field) -> Value {
        match field {
            Field::Ident(ident) => Value::from_safe_string(self.dialect.quote(ident)),
            Field::Table(table) => Value::from_safe_string(self.dialect.table_name(table)),
            Field::AlteredTable(table) => {
                Value::from_safe_string(self.dialect.table_name_in_parts(table))
            }
            Field::Sql(text) => Value::from_safe_string(text.clone()),
            Field::Flag(flag) => Value::from(*flag),
            Field::List(items) => {
                Value::from(items.iter().map(|i| self.value(i)).collect::<Vec<_>>())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_of_the_folder_is_built_in() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for entry in walkdir::WalkDir::new(&root) {
            let entry = entry.unwrap();
            if !entry.file_type().is_file() {
                continue;
            }
            let path = entry.path().strip_prefix(&root).unwrap();
            let folder = path.parent().unwrap().to_string_lossy().into_owned();
            let name = path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .replace(".sql.j2", "");
            assert!(
                TEMPLATES.iter().any(|(f, n, _)| *f == folder && *n == name),
                "{folder}/{name} is not in the list"
            );
        }
    }

    #[test]
    fn bare_text_is_refused() {
        let dialect = Dialect::load("postgresql", None, false).unwrap();
        let renderer = Renderer::new(dialect);
        let text = Value::from("x; DROP TABLE y");
        let template = renderer.environment.template_from_str("{{ v }}").unwrap();
        assert!(template.render(minijinja::context! { v => text }).is_err());
    }
}
