//! Tables and columns in Python.

use super::literal::quoted;
use super::{Item, Writer};
use crate::catalog::{
    Autoincrement, Column, Identity, SequenceOptions, ServerDefault, Table, TableName,
};
use crate::diagnostic::Result;
use crate::operation::{AlterColumn, Change};

/// More arguments than this are passed as a list.
const MOST_ARGUMENTS: usize = 255;

impl Writer<'_> {
    /// `op.create_table(…)`: one argument a line.
    pub(super) fn create_table(&mut self, table: &Table, if_not_exists: bool) -> Result<String> {
        let mut arguments = Vec::new();
        for column in &table.columns {
            arguments.extend(self.column(&table.name, column)?);
        }
        let mut constraints = Vec::new();
        for constraint in &table.constraints {
            constraints.extend(self.table_constraint(constraint)?);
        }
        constraints.sort();
        arguments.extend(constraints);
        let arguments = if arguments.len() > MOST_ARGUMENTS {
            format!("*[{}]", arguments.join(",\n"))
        } else {
            arguments.join(",\n")
        };
        let mut text = format!(
            "{}create_table({},\n{arguments}",
            self.style.alembic,
            quoted(&table.name.name.name)
        );
        if let Some(schema) = &table.name.schema {
            text.push_str(&format!(",\nschema={}", quoted(&schema.name)));
        }
        if let Some(comment) = &table.comment {
            text.push_str(&format!(",\ncomment={}", quoted(comment)));
        }
        for option in self.options(&table.options)? {
            text.push_str(&format!(",\n{option}"));
        }
        if !table.prefixes.is_empty() {
            let prefixes: Vec<String> = table.prefixes.iter().map(|p| quoted(p)).collect();
            text.push_str(&format!(",\nprefixes=[{}]", prefixes.join(", ")));
        }
        if if_not_exists {
            text.push_str(",\nif_not_exists=True");
        }
        text.push_str("\n)");
        Ok(text)
    }

    /// `sa.Column(…)`; nothing where the project leaves it away.
    pub(super) fn column(&mut self, table: &TableName, column: &Column) -> Result<Option<String>> {
        match self.own(Item::Column(table, column))? {
            Some(own) => Ok(own),
            None => self.usual_column(column).map(Some),
        }
    }

    fn usual_column(&mut self, column: &Column) -> Result<String> {
        let mut arguments = vec![
            quoted(&column.name.name),
            self.data_type(&column.data_type)?,
        ];
        if let Some(default) = &column.default {
            let text = self.default(default)?;
            match (default, text) {
                (_, None) => {}
                (ServerDefault::Identity(_) | ServerDefault::Computed { .. }, Some(text)) => {
                    arguments.push(text);
                }
                (
                    ServerDefault::Str(_) | ServerDefault::Expr(_) | ServerDefault::Fetched,
                    Some(text),
                ) => arguments.push(format!("server_default={text}")),
            }
        }
        for constraint in &column.constraints {
            if let crate::catalog::ConstraintKind::ForeignKey(key) = &constraint.kind {
                let mut referent = key.referent.name.name.to_string();
                if let Some(schema) = &key.referent.schema {
                    referent = format!("{}.{referent}", schema.name);
                }
                if let Some(column) = key.referent_columns.first() {
                    referent = format!("{referent}.{}", column.name);
                }
                let mut inner = vec![quoted(&referent)];
                if let Some(name) = constraint.name.ident() {
                    inner.push(format!("name={}", quoted(&name.name)));
                }
                if let Some(action) = &key.ondelete {
                    inner.push(format!("ondelete={}", quoted(action)));
                }
                if let Some(action) = &key.onupdate {
                    inner.push(format!("onupdate={}", quoted(action)));
                }
                arguments.push(format!("{}ForeignKey({})", self.sa(), inner.join(", ")));
            }
        }
        match column.autoincrement {
            Autoincrement::Auto => {}
            Autoincrement::Yes => arguments.push("autoincrement=True".into()),
            Autoincrement::No => arguments.push("autoincrement=False".into()),
            Autoincrement::IgnoreForeignKey => {
                arguments.push("autoincrement='ignore_fk'".into());
            }
        }
        let nullable = if column.is_not_null() {
            "False"
        } else {
            "True"
        };
        arguments.push(format!("nullable={nullable}"));
        if column.system {
            arguments.push("system=True".into());
        }
        if let Some(comment) = &column.comment {
            arguments.push(format!("comment={}", quoted(comment)));
        }
        arguments.extend(self.options(&column.options)?);
        Ok(format!("{}Column({})", self.sa(), arguments.join(", ")))
    }

    /// A default; nothing where the project leaves it away.
    fn default(&mut self, default: &ServerDefault) -> Result<Option<String>> {
        match self.own(Item::Default(default))? {
            Some(own) => Ok(own),
            None => self.usual_default(default).map(Some),
        }
    }

    fn usual_default(&self, default: &ServerDefault) -> Result<String> {
        Ok(match default {
            ServerDefault::Str(text) if !self.proposed => quoted(text),
            ServerDefault::Str(text) => {
                // Alembic takes one quote at each end away.
                let text = text.strip_prefix('\'').unwrap_or(text);
                quoted(text.strip_suffix('\'').unwrap_or(text))
            }
            ServerDefault::Expr(expr) => {
                let facts = self.dialect.facts().reflection.as_ref();
                let wanted = self.proposed && facts.is_some_and(|facts| facts.parentheses);
                let text = in_parentheses(self.sql(expr)?, wanted);
                self.text(&text)
            }
            ServerDefault::Fetched => format!("{}FetchedValue()", self.sa()),
            ServerDefault::Identity(identity) => {
                format!("{}{}", self.sa(), identity_source(identity))
            }
            ServerDefault::Computed { sql, persisted } => {
                let persisted = match persisted {
                    Some(true) => "persisted=True",
                    Some(false) => "persisted=False",
                    None => "",
                };
                let sql = quoted(&self.sql(sql)?);
                format!("{}Computed({sql}, {persisted})", self.sa())
            }
        })
    }

    /// `op.alter_column(…)`: one keyword a line.
    pub(super) fn alter_column(&mut self, alter: &AlterColumn) -> Result<String> {
        let AlterColumn {
            table,
            column,
            nullable,
            comment,
            default,
            new_name,
            data_type,
            existing_type,
            type_is_class: _,
            existing_default,
            existing_nullable,
            existing_comment,
            autoincrement,
            existing_autoincrement: _,
            position: _,
            options,
        } = alter;
        let truth = |value: bool| if value { "True" } else { "False" };
        let first = [self.table(table), quoted(&column.name)];
        let first: Vec<&str> = first
            .iter()
            .map(String::as_str)
            .filter(|argument| !argument.is_empty())
            .collect();
        let mut text = format!("{}alter_column({}", self.prefix(), first.join(", "));
        let mut keywords = Vec::new();
        if let Some(existing) = existing_type {
            keywords.push(format!("existing_type={}", self.data_type(existing)?));
        }
        match default {
            Change::Keep => {}
            Change::Drop => keywords.push("server_default=None".into()),
            Change::Set(default) => {
                let default = self.default(default)?.unwrap_or_else(|| "None".to_owned());
                keywords.push(format!("server_default={default}"));
            }
        }
        if let Some(name) = new_name {
            keywords.push(format!("new_column_name={}", quoted(&name.name)));
        }
        if let Some(data_type) = data_type {
            keywords.push(format!("type_={}", self.data_type(data_type)?));
        }
        if let Some(nullable) = nullable {
            keywords.push(format!("nullable={}", truth(*nullable)));
        }
        match comment {
            Change::Keep => {}
            Change::Drop => keywords.push("comment=None".into()),
            Change::Set(comment) => keywords.push(format!("comment={}", quoted(comment))),
        }
        if let Some(existing) = existing_comment {
            keywords.push(format!("existing_comment={}", quoted(existing)));
        }
        if let (None, Some(existing)) = (nullable, existing_nullable) {
            keywords.push(format!("existing_nullable={}", truth(*existing)));
        }
        if let Some(autoincrement) = autoincrement {
            keywords.push(format!("autoincrement={}", truth(*autoincrement)));
        }
        if let (Change::Keep, Change::Set(existing)) = (default, existing_default) {
            let existing = self.default(existing)?.unwrap_or_else(|| "None".to_owned());
            keywords.push(format!("existing_server_default={existing}"));
        }
        if let (Some(schema), false) = (&table.schema, self.batch) {
            keywords.push(format!("schema={}", quoted(&schema.name)));
        }
        keywords.extend(self.options(options)?);
        for keyword in keywords {
            text.push_str(&format!(",\n           {keyword}"));
        }
        text.push(')');
        Ok(text)
    }
}

/// `(…)` around what is no constant, where the dialect wants that.
fn in_parentheses(text: String, wanted: bool) -> String {
    let digit = |c: char| c.is_ascii_digit() || c == '.';
    let constant = text.is_empty()
        || (text.len() == 1 && text.chars().all(digit))
        || (text.len() > 2 && text.starts_with('\'') && text.ends_with('\''))
        || (text.len() > 2 && text.starts_with('(') && text.ends_with(')'));
    if wanted && !constant {
        format!("({text})")
    } else {
        text
    }
}

fn identity_source(identity: &Identity) -> String {
    let Identity {
        always,
        on_null,
        sequence,
    } = identity;
    let SequenceOptions {
        start,
        increment,
        minvalue,
        maxvalue,
        nominvalue,
        nomaxvalue,
        cycle,
        cache,
        order,
    } = sequence;
    let truth = |value: bool| if value { "True" } else { "False" };
    let mut arguments = vec![format!("always={}", truth(*always))];
    if let Some(on_null) = on_null {
        arguments.push(format!("on_null={}", truth(*on_null)));
    }
    for (name, number) in [
        ("start", start),
        ("increment", increment),
        ("minvalue", minvalue),
        ("maxvalue", maxvalue),
    ] {
        if let Some(number) = number {
            arguments.push(format!("{name}={number}"));
        }
    }
    if *nominvalue {
        arguments.push("nominvalue=True".into());
    }
    if *nomaxvalue {
        arguments.push("nomaxvalue=True".into());
    }
    if let Some(cycle) = cycle {
        arguments.push(format!("cycle={}", truth(*cycle)));
    }
    if let Some(cache) = cache {
        arguments.push(format!("cache={cache}"));
    }
    if let Some(order) = order {
        arguments.push(format!("order={}", truth(*order)));
    }
    format!("Identity({})", arguments.join(", "))
}
