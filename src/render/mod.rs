//! Statements to text: templates with typed values. Rank 6.
//!
//! Only what is typed reaches the output: identifiers, quoted by the dialect, and SQL that the
//! lowering made. A template that prints anything else fails.

mod own;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, Value, ValueKind};
use minijinja::{Environment, UndefinedBehavior};

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;
use crate::lower::{Body, Field, Statement};
use crate::source::SourceFile;

/// The templates that are built in: folder, name, text. `build.rs` lists what there is.
const TEMPLATES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

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

/// The fields of a statement as a template sees them: few, so that a list is faster than a map.
#[derive(Debug)]
struct Fields(Vec<(&'static str, Value)>);

impl Object for Fields {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let found = self.0.iter().rev().find(|(name, _)| *name == key);
        found.map(|(_, value)| value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(name, _)| Value::from(*name)).collect())
    }
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
            Body::Template { name, fields } => {
                let mut text = match &statement.spelled {
                    Some(text) => text.to_string(),
                    None => self.template(name, fields)?,
                };
                text.push_str(statement.tail.as_deref().unwrap_or_default());
                Ok(Some(text))
            }
            Body::Sql(text) => Ok(Some(text.clone())),
            Body::Comment(_)
            | Body::Output(_)
            | Body::WithoutForeignKeys
            | Body::BeginAutocommit
            | Body::EndAutocommit => Ok(None),
        }
    }

    fn template(&self, name: &str, fields: &[(&'static str, Field)]) -> Result<String> {
        let fields = fields.iter().map(|(key, field)| (*key, self.value(field)));
        let context = Value::from_object(Fields(fields.collect()));
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
    fn bare_text_is_refused() {
        let dialect = Dialect::load("postgresql", None, false).unwrap();
        let renderer = Renderer::new(dialect);
        let text = Value::from("x; DROP TABLE y");
        let template = renderer.environment.template_from_str("{{ v }}").unwrap();
        assert!(template.render(minijinja::context! { v => text }).is_err());
    }
}
