//! What one database is told, in order: a template with typed fields, or text that is there already.

use std::sync::Arc;

use super::held_index::Held;
use crate::catalog::TableName;
use crate::expression::Ident;
use crate::source::Location;

/// The statements that Alembic writes by itself, not through SQLAlchemy.
const ALTERATIONS: &[&str] = &[
    "add_column",
    "alter_column",
    "alter_column_default",
    "alter_column_null",
    "alter_column_type",
    "alter_column_whole",
    "drop_column",
    "rename_column",
    "rename_table",
];

/// One statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it says.
    pub body: Body,
    /// Where it was written.
    pub location: Option<Location>,
    /// What needs the index that it drops.
    pub held: Option<Box<Held>>,
    /// What is written behind it.
    pub tail: Option<Box<str>>,
    /// The project's own text in place of the template's.
    pub spelled: Option<Arc<str>>,
}

/// What a statement says.
#[derive(Clone, Debug)]
pub enum Body {
    /// A template and its fields.
    Template {
        /// The template's name, `create_table`.
        name: &'static str,
        /// The fields, by the names that the template uses.
        fields: Vec<(&'static str, Field)>,
    },
    /// SQL of the revision itself.
    Sql(String),
    /// What follows runs outside of the transaction.
    BeginAutocommit,
    /// What follows runs in a transaction again.
    EndAutocommit,
    /// Foreign keys are not enforced while the script runs, which has to be said outside of its
    /// transactions.
    WithoutForeignKeys,
    /// A line for the reader of the script.
    Comment(String),
    /// Text as it is.
    Output(String),
}

/// A typed value of a template.
#[derive(Clone, Debug)]
pub enum Field {
    /// An identifier: it is quoted as the dialect wants.
    Ident(Ident),
    /// A table with its schema.
    Table(TableName),
    /// A table with its schema in a directive of Alembic's own, which knows schemas of several parts.
    AlteredTable(TableName),
    /// SQL that the lowering made from typed parts.
    Sql(String),
    /// A choice.
    Flag(bool),
    /// Several values.
    List(Vec<Field>),
}

impl Field {
    /// The text of SQL.
    pub fn sql(&self) -> Option<String> {
        match self {
            Self::Sql(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl Statement {
    /// Whether it is made by the template of that name.
    pub fn is(&self, wanted: &str) -> bool {
        matches!(&self.body, Body::Template { name, .. } if *name == wanted)
    }

    /// A statement of a template, without fields.
    pub fn new(name: &'static str) -> Self {
        Self::body(Body::Template {
            name,
            fields: Vec::with_capacity(4),
        })
    }

    /// A statement with that body.
    pub fn body(body: Body) -> Self {
        Self {
            body,
            location: None,
            held: None,
            tail: None,
            spelled: None,
        }
    }

    /// Whether it is made of that template.
    pub fn is_template(&self, wanted: &str) -> bool {
        matches!(&self.body, Body::Template { name, .. } if *name == wanted)
    }

    /// SQL that is there already.
    pub fn sql(text: impl Into<String>) -> Self {
        Self::body(Body::Sql(text.into()))
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, name: &'static str, field: Field) -> Self {
        if let Body::Template { fields, .. } = &mut self.body {
            fields.push((name, field));
        }
        self
    }

    /// The same fields for another template.
    #[must_use]
    pub fn renamed(mut self, template: &'static str) -> Self {
        if let Body::Template { name, .. } = &mut self.body {
            *name = template;
        }
        self.spelled = None;
        self
    }

    /// Removes a field.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        if let Body::Template { fields, .. } = &mut self.body {
            fields.retain(|(field, _)| *field != name);
        }
        self
    }

    /// Adds the field `table`.
    #[must_use]
    pub fn table(self, table: &TableName) -> Self {
        let is_own = match &self.body {
            Body::Template { name, .. } => ALTERATIONS.contains(name),
            _ => false,
        };
        let field = if is_own {
            Field::AlteredTable(table.clone())
        } else {
            Field::Table(table.clone())
        };
        self.field("table", field)
    }

    /// Adds an identifier.
    #[must_use]
    pub fn ident(self, name: &'static str, ident: &Ident) -> Self {
        self.field(name, Field::Ident(ident.clone()))
    }

    /// Adds SQL.
    #[must_use]
    pub fn fragment(self, name: &'static str, sql: impl Into<String>) -> Self {
        self.field(name, Field::Sql(sql.into()))
    }

    /// Adds SQL where there is some.
    #[must_use]
    pub fn optional(self, name: &'static str, sql: Option<String>) -> Self {
        match sql {
            Some(sql) => self.fragment(name, sql),
            None => self.flag(name, false),
        }
    }

    /// Adds a choice.
    #[must_use]
    pub fn flag(self, name: &'static str, flag: bool) -> Self {
        self.field(name, Field::Flag(flag))
    }

    /// Adds a list of SQL.
    #[must_use]
    pub fn list(self, name: &'static str, items: Vec<String>) -> Self {
        self.field(
            name,
            Field::List(items.into_iter().map(Field::Sql).collect()),
        )
    }
}
