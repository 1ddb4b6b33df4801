//! Identifiers: when they are quoted, and how.

use super::Dialect;
use crate::catalog::TableName;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::Ident;

impl Dialect {
    /// Whether a name has to be quoted: reserved words, upper case, and characters other than
    /// ASCII letters, digits, `_` and `$`.
    pub fn requires_quotes(&self, name: &str) -> bool {
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '$';
        let Some(first) = name.chars().next() else {
            return true;
        };
        self.facts.identifiers.illegal_initial.contains(first)
            || !name.chars().all(legal)
            || self.reserved.contains(name)
    }

    /// An identifier, quoted if it must be.
    pub fn quote(&self, ident: &Ident) -> String {
        let quoted = match ident.quote {
            Some(choice) => choice,
            None => self.requires_quotes(&ident.name),
        };
        if quoted {
            self.quote_always(&ident.name)
        } else {
            ident.name.to_string()
        }
    }

    /// An identifier in quotes.
    pub fn quote_always(&self, name: &str) -> String {
        let identifiers = &self.facts.identifiers;
        let escaped = name.replace(&identifiers.close, &identifiers.close.repeat(2));
        format!("{}{escaped}{}", identifiers.open, identifiers.close)
    }

    /// A schema: its parts are quoted one by one where it may have parts, unless quoting was asked for.
    pub fn quote_schema(&self, schema: &Ident) -> String {
        if !self.facts.identifiers.schema_in_parts {
            return self.quote(schema);
        }
        self.quote_parts(schema)
    }

    fn quote_parts(&self, schema: &Ident) -> String {
        if schema.quote.is_some() || !schema.name.contains('.') {
            return self.quote(schema);
        }
        let parts: Vec<String> = schema
            .name
            .split('.')
            .map(|part| self.quote(&Ident::new(part)))
            .collect();
        parts.join(".")
    }

    /// A name with its schema.
    pub fn qualify(&self, schema: Option<&Ident>, name: &Ident) -> String {
        match schema {
            Some(schema) => format!("{}.{}", self.quote_schema(schema), self.quote(name)),
            None => self.quote(name),
        }
    }

    /// A table with its schema.
    pub fn table_name(&self, table: &TableName) -> String {
        self.qualify(table.schema.as_ref(), &table.name)
    }

    /// A table with its schema, as Alembic's own directives write it: with the schema's parts one by one
    /// on every dialect, unlike SQLAlchemy. Without `compat` both are written alike.
    pub fn table_name_in_parts(&self, table: &TableName) -> String {
        self.in_parts(table.schema.as_ref(), &table.name)
    }

    /// A name with its schema, as Alembic's own directives write it.
    pub fn in_parts(&self, schema: Option<&Ident>, name: &Ident) -> String {
        match schema {
            Some(_) if !self.compat => self.qualify(schema, name),
            Some(schema) => format!("{}.{}", self.quote_parts(schema), self.quote(name)),
            None => self.quote(name),
        }
    }

    /// Checks the length of a name of an index or constraint.
    ///
    /// # Errors
    /// [`Code::IdentifierTooLong`] where the dialect is strict.
    pub fn check_length(&self, name: &str) -> Result<()> {
        let identifiers = &self.facts.identifiers;
        let limit = if self.compat {
            identifiers.max_length
        } else {
            identifiers.object_limit()
        };
        if self.facts.identifiers.over_limit == super::OverLimit::Error
            && name.chars().count() > limit
        {
            return Err(Box::new(
                Diagnostic::error(
                    Code::IdentifierTooLong,
                    format!("Identifier '{name}' exceeds maximum length of {limit} characters"),
                )
                .with_help("choose a shorter name"),
            ));
        }
        Ok(())
    }
}
