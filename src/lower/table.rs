//! Creating tables.

use super::column::Place;
use super::comment::Replacing;
use super::{Lowering, Statement, options};
use crate::catalog::{
    Autoincrement, Catalog, Column, Constraint, ConstraintKind, ConstraintName, DialectOptions,
    Index, IndexElement, OptionValue, Table, TableName,
};
use crate::datatype::Family;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::{Comments, DefinitionOptions};
use crate::expression::Ident;
use crate::operation::Along;

impl Lowering {
    /// `op.create_table`.
    pub(super) fn create_table(
        &mut self,
        table: &Table,
        if_not_exists: bool,
        along: Along,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let inside = table.columns.iter().flat_map(|column| &column.constraints);
        for constraint in table.constraints.iter().chain(inside) {
            self.warn_of_actions(constraint);
        }
        if along == Along::Everything {
            for column in &table.columns {
                self.create_enum_with_table(&column.data_type, before, out)?;
            }
        }
        self.create_numbering(table, if_not_exists, out);
        out.push(self.create_table_statement(table, if_not_exists)?);
        if along == Along::Nothing {
            return Ok(());
        }
        for column in table.columns.iter().filter(|column| column.index) {
            let index = Index {
                name: ConstraintName::None,
                elements: vec![IndexElement::Column(column.name.clone())],
                unique: column.unique,
                options: Vec::new(),
            };
            self.create_index(&table.name, &index, false, out)?;
        }
        for index in &table.indexes {
            self.create_index(&table.name, index, false, out)?;
        }
        if let Some(comment) = &table.comment
            && !matches!(
                self.dialect.facts().features.comments,
                Comments::None | Comments::Definition
            )
        {
            self.table_comment(&table.name, Some(comment), Replacing::Nothing, out)?;
        }
        for column in &table.columns {
            if let Some(comment) = &column.comment {
                self.column_comment(&table.name, &column.name, Some(comment), out)?;
            }
        }
        Ok(())
    }

    /// `CREATE TABLE`.
    pub(super) fn create_table_statement(
        &mut self,
        table: &Table,
        if_not_exists: bool,
    ) -> Result<Statement> {
        let Table {
            name,
            columns,
            constraints,
            indexes: _,
            comment,
            prefixes,
            options,
            attached: _,
        } = table;
        let explicit_key = constraints.iter().find_map(|c| match &c.kind {
            ConstraintKind::PrimaryKey { columns } => Some((c, columns)),
            _ => None,
        });
        let in_key = |column: &Column| match explicit_key {
            Some((_, names)) => {
                names.iter().any(|n| n.name == column.name.name) || column.primary_key
            }
            None => column.primary_key,
        };
        let key: Vec<&Column> = columns.iter().filter(|column| in_key(column)).collect();
        let counting: Option<Ident> = key
            .iter()
            .find(|column| {
                let wanted = matches!(
                    column.autoincrement,
                    Autoincrement::Yes | Autoincrement::IgnoreForeignKey
                );
                (key.len() == 1 || wanted)
                    && self.counts(column, key.len(), column.refers(constraints))
            })
            .map(|column| column.name.clone());
        let inline = options::flag(&self.dialect, options, "autoincrement") && key.len() == 1;
        let mut lines = Vec::with_capacity(columns.len() + constraints.len() + 1);
        let mut inline_key = false;
        for column in columns.iter().filter(|column| !column.system) {
            let mut column = std::borrow::Cow::Borrowed(column);
            if in_key(&column) && !column.primary_key {
                column.to_mut().primary_key = true;
            }
            if in_key(&column)
                && column.autoincrement == Autoincrement::Yes
                && key.len() != 1
                && !self.dialect.facts().features.alter_constraints
            {
                let diagnostic = Diagnostic::error(
                    Code::Unsupported,
                    "SQLite does not support autoincrement for composite primary keys",
                )
                .with_help("leave `autoincrement` away, or make the key one column");
                return Err(self.in_table(name, &column, Box::new(diagnostic)));
            }
            let inline_autoincrement = inline
                && in_key(&column)
                && column
                    .data_type
                    .for_dialect(self.dialect.name())
                    .affinity()
                    .family
                    == Family::Integer
                && !column.refers(constraints);
            inline_key |= inline_autoincrement;
            let place = Place {
                table: Some(name),
                autoincrement: counting.as_ref() == Some(&column.name),
                inline_autoincrement,
                bare: false,
            };
            match self.column_definition(&column, place) {
                Ok(line) => lines.push(line),
                Err(diagnostic) => return Err(self.in_table(name, &column, diagnostic)),
            }
        }
        if !inline_key {
            match explicit_key {
                Some((constraint, names)) if !names.is_empty() => {
                    lines.push(self.constraint_sql(Some(name), constraint)?);
                }
                Some(_) => {}
                None if !key.is_empty() => {
                    // The column that counts comes first.
                    let mut names: Vec<Ident> = key.iter().map(|c| c.name.clone()).collect();
                    if let Some(counting) = &counting
                        && let Some(at) = names.iter().position(|n| n == counting)
                    {
                        let first = names.remove(at);
                        names.insert(0, first);
                    }
                    let constraint = Constraint::new(ConstraintKind::PrimaryKey { columns: names });
                    let mut clause = self.constraint_sql(Some(name), &constraint)?;
                    if let [only] = key.as_slice()
                        && let Some(action) =
                            options::text(&self.dialect, &only.options, "on_conflict_primary_key")
                    {
                        clause.push_str(&self.resolution(&action)?);
                    }
                    lines.push(clause);
                }
                None => {}
            }
        }
        for constraint in constraints {
            if matches!(constraint.kind, ConstraintKind::PrimaryKey { .. }) {
                continue;
            }
            if let Some(line) = self.table_constraint(name, constraint)? {
                lines.push(line);
            }
        }
        for column in columns {
            if column.unique && !column.index {
                let unique = Constraint::new(ConstraintKind::Unique {
                    columns: vec![column.name.clone()],
                });
                let mut clause = self.constraint_sql(Some(name), &unique)?;
                if let Some(action) =
                    options::text(&self.dialect, &column.options, "on_conflict_unique")
                {
                    clause.push_str(&self.resolution(&action)?);
                }
                lines.push(clause);
            }
            if let Some(check) = self.type_check(column) {
                lines.push(self.constraint_clause(Some(name), &check, Some(&column.name))?);
            }
            for constraint in &column.constraints {
                let behind = matches!(constraint.kind, ConstraintKind::ForeignKey(_))
                    || self.stands_alone(constraint);
                if behind && let Some(line) = self.table_constraint(name, constraint)? {
                    lines.push(line);
                }
            }
        }
        let mut statement = Statement::new("create_table")
            .table(name)
            .flag("if_not_exists", if_not_exists)
            .list("lines", lines)
            .list("suffix", self.table_options(options, comment.as_deref()));
        let prefixes: Vec<String> = prefixes.iter().map(ToString::to_string).collect();
        statement = statement.list("prefixes", prefixes);
        Ok(statement)
    }

    fn table_constraint(
        &self,
        table: &TableName,
        constraint: &Constraint,
    ) -> Result<Option<String>> {
        let features = &self.dialect.facts().features;
        match &constraint.kind {
            ConstraintKind::ForeignKey(foreign_key) => {
                if foreign_key.use_alter && features.alter_constraints {
                    return Ok(None);
                }
                // SQLite: a key to another attached database cannot be.
                if !features.foreign_key_schema
                    && foreign_key.referent.schema.as_ref().map(|s| &s.name)
                        != table.schema.as_ref().map(|s| &s.name)
                {
                    return Ok(None);
                }
            }
            ConstraintKind::Unique { columns } if columns.is_empty() => return Ok(None),
            _ => {}
        }
        self.constraint_sql(Some(table), constraint).map(Some)
    }

    fn table_options(&self, options: &DialectOptions, comment: Option<&str>) -> Vec<String> {
        let dialect = &self.dialect;
        let mut out = Vec::new();
        for (name, pattern) in &dialect.facts().table_options {
            if let Some(value) = options::find(dialect, options, name) {
                let texts = options::texts(value);
                let quoted: Vec<String> = texts
                    .iter()
                    .map(|n| dialect.quote(&Ident::new(n)))
                    .collect();
                out.push(
                    pattern
                        .replace("%q", &quoted.join(", "))
                        .replace('%', &texts.join(", ").to_uppercase()),
                );
            }
        }
        match dialect.facts().features.definition_options {
            DefinitionOptions::Postgresql => self.postgresql_options(options, &mut out),
            DefinitionOptions::Sqlite => self.sqlite_options(options, &mut out),
            DefinitionOptions::SqlServer => {}
            DefinitionOptions::Oracle => self.oracle_options(options, &mut out),
            DefinitionOptions::Mysql => self.mysql_table_options(options, comment, &mut out),
        }
        out
    }

    fn oracle_options(&self, options: &DialectOptions, out: &mut Vec<String>) {
        let dialect = &self.dialect;
        if let Some(text) = options::text(dialect, options, "on_commit") {
            out.push(format!(
                "\n ON COMMIT {}",
                text.replace('_', " ").to_uppercase()
            ));
        }
        match options::find(dialect, options, "compress") {
            Some(OptionValue::Bool(false)) | None => {}
            Some(OptionValue::Bool(true)) => out.push("\n COMPRESS".into()),
            Some(value) => out.push(format!("\n COMPRESS FOR {}", options::plain(value))),
        }
        if let Some(name) = options::text(dialect, options, "tablespace") {
            let name = dialect.quote(&Ident::new(name));
            out.push(format!("\n TABLESPACE {name}"));
        }
    }

    fn postgresql_options(&self, options: &DialectOptions, out: &mut Vec<String>) {
        let dialect = &self.dialect;
        let quote = |name: &str| dialect.quote(&Ident::new(name));
        if let Some(parents) = options::find(dialect, options, "inherits") {
            let names: Vec<String> = options::texts(parents).iter().map(|n| quote(n)).collect();
            out.push(format!("\n INHERITS ({})", names.join(", ")));
        }
        if let Some(text) = options::text(dialect, options, "partition_by") {
            out.push(format!("\n PARTITION BY {text}"));
        }
        if let Some(text) = options::text(dialect, options, "using") {
            out.push(format!("\n USING {text}"));
        }
        if let Some(value) = options::find(dialect, options, "with") {
            out.push(format!("\n WITH ({})", options::plain(value)));
        }
        match options::find(dialect, options, "with_oids") {
            Some(OptionValue::Bool(true)) => out.push("\n WITH OIDS".into()),
            Some(OptionValue::Bool(false)) => out.push("\n WITHOUT OIDS".into()),
            _ => {}
        }
        if let Some(text) = options::text(dialect, options, "on_commit") {
            out.push(format!(
                "\n ON COMMIT {}",
                text.replace('_', " ").to_uppercase()
            ));
        }
        if let Some(name) = options::text(dialect, options, "tablespace") {
            out.push(format!("\n TABLESPACE {}", quote(&name)));
        }
    }

    fn sqlite_options(&self, options: &DialectOptions, out: &mut Vec<String>) {
        let dialect = &self.dialect;
        let mut words = Vec::new();
        if matches!(
            options::find(dialect, options, "with_rowid"),
            Some(OptionValue::Bool(false))
        ) {
            words.push("WITHOUT ROWID");
        }
        if options::flag(dialect, options, "strict") {
            words.push("STRICT");
        }
        if !words.is_empty() {
            out.push(format!("\n {}", words.join(",\n ")));
        }
    }
}
