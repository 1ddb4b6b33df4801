//! Column definitions, and adding a column.

use super::{Lowering, Statement, Subject};
use crate::catalog::{
    Autoincrement, Column, Constraint, ConstraintKind, ConstraintName, ForeignKey, Identity, Index,
    IndexElement, PythonDefault, SequenceOptions, ServerDefault, TableName,
};
use crate::datatype::{DataType, Family};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::{
    Autoincrement as AutoincrementStrategy, ColumnLayout, DefinitionOptions, Features,
};
use crate::expression::Ident;
use crate::operation::Operation;

/// What `op.add_column` writes inside the column's definition.
#[derive(Clone, Copy, Default)]
pub(super) struct Inline {
    pub(super) references: bool,
    pub(super) primary_key: bool,
}

/// What a column definition needs to know of its table.
#[derive(Clone, Copy, Default)]
pub(super) struct Place<'a> {
    pub(super) table: Option<&'a TableName>,
    /// The column counts by itself.
    pub(super) autoincrement: bool,
    /// SQLite's `INTEGER PRIMARY KEY AUTOINCREMENT`.
    pub(super) inline_autoincrement: bool,
    /// Without the checks written inside the column.
    pub(super) bare: bool,
}

/// Whether a column is not null: as given, or else when it is a key or an identity.
pub(super) fn not_null(column: &Column) -> bool {
    column.is_not_null()
}

/// Whether a type is, or derives from, the one called `name`.
pub(super) fn derives(data_type: &DataType, dialect: &str, name: &str) -> bool {
    let mut spec = Some(data_type.for_dialect(dialect).affinity());
    while let Some(at) = spec {
        if at.name == name {
            return true;
        }
        spec = at.parent.and_then(crate::datatype::spec);
    }
    false
}

/// The sequence that numbers the rows of a table.
pub(super) fn sequence_of(table: &TableName, column: &Ident) -> TableName {
    TableName {
        schema: table.schema.clone(),
        name: Ident::new(format!("{}_{}_seq", table.name.name, column.name)),
    }
}

impl Lowering {
    /// Whether a primary key column counts by itself, when it is in a key of `key_size` columns.
    pub(super) fn counts(&self, column: &Column, key_size: usize, has_foreign_key: bool) -> bool {
        let explicit = column.autoincrement == Autoincrement::Yes;
        let wanted = match column.autoincrement {
            Autoincrement::Yes => true,
            Autoincrement::No => false,
            Autoincrement::Auto => key_size == 1,
            Autoincrement::IgnoreForeignKey => true,
        };
        if !wanted {
            return false;
        }
        let fits = match column.data_type.affinity().family {
            Family::Integer => true,
            Family::Numeric => explicit && column.data_type.int("scale").unwrap_or(0) == 0,
            _ => false,
        };
        if !fits {
            return false;
        }
        if !explicit {
            let defaulted = match &column.default {
                Some(ServerDefault::Identity(_)) | None => false,
                Some(_) => true,
            };
            if defaulted || matches!(column.python_default, Some(PythonDefault::Value)) {
                return false;
            }
            if has_foreign_key && column.autoincrement != Autoincrement::IgnoreForeignKey {
                return false;
            }
        }
        true
    }

    /// The definition of a column in CREATE TABLE and ADD COLUMN.
    pub(super) fn column_definition(&self, column: &Column, place: Place<'_>) -> Result<String> {
        let name = self.dialect.name().to_owned();
        let features = &self.dialect.facts().features;
        if features.column_layout == ColumnLayout::SqlServer {
            let mut text = self.sql_server_definition(column, place.autoincrement)?;
            self.inline_checks(column, place, &mut text)?;
            return Ok(text);
        }
        if features.column_layout == ColumnLayout::Mysql {
            let name = self.dialect.quote(&column.name);
            let definition = self.mysql_definition(column, place.autoincrement)?;
            let mut text = format!("{name} {definition}");
            self.inline_checks(column, place, &mut text)?;
            return Ok(text);
        }
        let identity = match &column.default {
            Some(ServerDefault::Identity(identity)) if features.identity => Some(identity),
            _ => None,
        };
        let mut text = self.dialect.quote(&column.name);
        let serial = features.autoincrement == AutoincrementStrategy::Serial
            && place.autoincrement
            && identity.is_none()
            && match &column.python_default {
                None => true,
                Some(PythonDefault::Sequence(sequence)) => sequence.optional,
                Some(_) => false,
            };
        if serial {
            text.push_str(if derives(&column.data_type, &name, "BigInteger") {
                " BIGSERIAL"
            } else if derives(&column.data_type, &name, "SmallInteger") {
                " SMALLSERIAL"
            } else {
                " SERIAL"
            });
        } else {
            text.push(' ');
            text.push_str(&self.dialect.type_sql(&column.data_type)?);
            if place.autoincrement && identity.is_none() && column.python_default.is_none() {
                text.push_str(&self.numbering(column, place.table));
            }
            if let Some(default) = self.default_sql(column.default.as_ref())? {
                text.push_str(" DEFAULT ");
                text.push_str(&default);
            }
        }
        let computed = match &column.default {
            Some(ServerDefault::Computed { sql, persisted }) => {
                let mut computed = format!(" GENERATED ALWAYS AS ({})", self.ddl(sql)?);
                match persisted {
                    Some(true) if features.definition_options == DefinitionOptions::Oracle => {
                        return Err(stored_computed());
                    }
                    Some(true) => computed.push_str(" STORED"),
                    Some(false) => computed.push_str(" VIRTUAL"),
                    None if features.computed_is_stored && !self.options.compat => {
                        computed.push_str(" STORED");
                    }
                    None => {}
                }
                Some(computed)
            }
            _ => None,
        };
        // PostgreSQL's order: generated, identity, not null; SQLite's: not null, generated.
        let generated_first = features.column_layout != ColumnLayout::GeneratedLast;
        if generated_first {
            text.push_str(computed.as_deref().unwrap_or(""));
        }
        if let Some(identity) = identity {
            text.push(' ');
            text.push_str(&self.identity_sql(identity));
        }
        match (not_null(column), identity.is_some()) {
            (true, false) => text.push_str(" NOT NULL"),
            // An identity column is NOT NULL: NULL would contradict it.
            (false, true)
                if features.column_layout == ColumnLayout::Postgresql && self.options.compat =>
            {
                text.push_str(" NULL");
            }
            _ => {}
        }
        if let Some(action) =
            super::options::text(&self.dialect, &column.options, "on_conflict_not_null")
            && not_null(column)
        {
            text.push_str(&self.resolution(&action)?);
        }
        if place.inline_autoincrement {
            text.push_str(" PRIMARY KEY");
            if let Some(action) =
                super::options::text(&self.dialect, &column.options, "on_conflict_primary_key")
            {
                text.push_str(&self.resolution(&action)?);
            }
            text.push_str(" AUTOINCREMENT");
        }
        if !generated_first {
            text.push_str(computed.as_deref().unwrap_or(""));
        }
        self.inline_checks(column, place, &mut text)?;
        Ok(text)
    }

    /// What makes a column count by itself, behind its type.
    fn numbering(&self, column: &Column, table: Option<&TableName>) -> String {
        let features = &self.dialect.facts().features;
        match (features.autoincrement, table) {
            (AutoincrementStrategy::Words, _) => format!(" {}", features.autoincrement_words),
            (AutoincrementStrategy::Sequence, Some(table)) => {
                let table = self.original.as_ref().unwrap_or(table);
                let sequence = self.dialect.table_name(&sequence_of(table, &column.name));
                format!(" DEFAULT nextval({})", self.dialect.string(&sequence))
            }
            _ => String::new(),
        }
    }

    /// Whether a check of a column is written behind the columns, since it could not have its name.
    pub(super) fn stands_alone(&self, check: &Constraint) -> bool {
        let features = &self.dialect.facts().features;
        !features.named_column_checks
            && !self.options.compat
            && matches!(check.kind, ConstraintKind::Check { .. })
            && !matches!(check.name, ConstraintName::None)
    }

    /// Checks written inside the column stay there.
    fn inline_checks(&self, column: &Column, place: Place<'_>, text: &mut String) -> Result<()> {
        if place.bare {
            return Ok(());
        }
        for check in &column.constraints {
            if matches!(check.kind, ConstraintKind::Check { .. }) && !self.stands_alone(check) {
                let table = place.table;
                text.push(' ');
                text.push_str(&self.constraint_sql(table, check)?);
            }
        }
        Ok(())
    }

    /// What follows DEFAULT.
    pub(super) fn default_sql(&self, default: Option<&ServerDefault>) -> Result<Option<String>> {
        let text = match default {
            Some(ServerDefault::Str(text)) => self.dialect.string(text),
            Some(ServerDefault::Expr(expr)) => self.ddl(expr)?,
            Some(
                ServerDefault::Fetched
                | ServerDefault::Identity(_)
                | ServerDefault::Computed { .. },
            )
            | None => return Ok(None),
        };
        if self.dialect.facts().features.default_parentheses && needs_parentheses(&text) {
            return Ok(Some(format!("({text})")));
        }
        Ok(Some(text))
    }

    /// `op.add_column`.
    pub(super) fn add_column(
        &mut self,
        table: &TableName,
        column: &Column,
        if_not_exists: bool,
        inline: Inline,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let clauses = self.dialect.facts().features.add_column_clauses;
        if if_not_exists && !clauses {
            self.ignored("IF NOT EXISTS of ADD COLUMN");
        }
        let foreign_keys: Vec<&Constraint> = column
            .constraints
            .iter()
            .filter(|c| matches!(c.kind, ConstraintKind::ForeignKey(_)))
            .collect();
        let place = Place {
            table: Some(table),
            autoincrement: column.primary_key && self.counts(column, 1, !foreign_keys.is_empty()),
            inline_autoincrement: false,
            bare: !clauses,
        };
        let mut definition = self.column_definition(column, place)?;
        if inline.primary_key && column.primary_key && (clauses || !self.options.compat) {
            definition.push_str(" PRIMARY KEY");
        }
        // Where no constraint can be added later, one foreign key fits into the column.
        let only_place = !self.dialect.facts().features.alter_constraints && !self.options.compat;
        let inlined = match foreign_keys.as_slice() {
            [only] if only_place && !inline.references && column.default.is_none() => {
                definition.push(' ');
                definition.push_str(&self.inline_foreign_key(table, only)?);
                true
            }
            [_] if inline.references && !clauses && self.options.compat => {
                self.ignored("REFERENCES inside of ADD COLUMN");
                true
            }
            [only] if inline.references && clauses => match &only.kind {
                ConstraintKind::ForeignKey(foreign_key) => {
                    definition.push_str(&self.references(only, foreign_key)?);
                    true
                }
                _ => false,
            },
            _ => false,
        };
        out.push(
            Statement::new("add_column")
                .table(table)
                .fragment("column", definition)
                .flag("if_not_exists", if_not_exists),
        );
        if !clauses {
            for check in &column.constraints {
                if !matches!(check.kind, ConstraintKind::Check { .. }) {
                    continue;
                }
                if self.options.compat {
                    self.ignored("CHECK inside of ADD COLUMN");
                } else {
                    self.add_constraint(table, check, None, out)?;
                }
            }
        }
        for check in &column.constraints {
            if clauses && self.stands_alone(check) {
                self.add_constraint(table, check, None, out)?;
            }
        }
        if !inlined {
            for foreign_key in foreign_keys {
                self.add_or_refuse(table, foreign_key, out)?;
            }
        }
        if column.unique && !column.index {
            let unique = Constraint::new(ConstraintKind::Unique {
                columns: vec![column.name.clone()],
            });
            self.add_or_refuse(table, &unique, out)?;
        }
        if let Some(check) = self.type_check(column) {
            if self.dialect.facts().features.alter_constraints {
                self.add_constraint(table, &check, Some(&column.name), out)?;
            } else {
                self.warn(
                    Code::OptionIgnored,
                    "Skipping unsupported ALTER for creation of implicit constraint. Please refer to the batch mode feature which allows for SQLite migrations using a copy-and-move strategy.",
                );
            }
        }
        if column.index {
            let index = Index {
                name: ConstraintName::None,
                elements: vec![IndexElement::Column(column.name.clone())],
                unique: column.unique,
                options: Vec::new(),
            };
            self.create_index(table, &index, false, out)?;
        }
        if let Some(comment) = &column.comment {
            self.column_comment(table, &column.name, Some(comment), out)?;
        }
        Ok(())
    }

    fn add_or_refuse(
        &mut self,
        table: &TableName,
        constraint: &Constraint,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if self.dialect.facts().features.alter_constraints {
            return self.add_constraint(table, constraint, None, out);
        }
        let operation = Operation::AddConstraint {
            table: table.clone(),
            constraint: constraint.clone(),
        };
        self.alter_by_rebuild(&operation, table, None, out)
    }

    /// A foreign key of one column, with its name, inside the column's definition.
    fn inline_foreign_key(&self, table: &TableName, constraint: &Constraint) -> Result<String> {
        let clause = self.constraint_sql(Some(table), constraint)?;
        let Some(at) = clause.find("FOREIGN KEY(") else {
            return Ok(clause);
        };
        let (name, rest) = clause.split_at(at);
        let references = rest.find(" REFERENCES ").map_or(rest, |at| &rest[at + 1..]);
        Ok(format!("{name}{references}"))
    }

    fn references(&self, constraint: &Constraint, foreign_key: &ForeignKey) -> Result<String> {
        let mut text = String::new();
        text.push_str(" REFERENCES ");
        text.push_str(&self.dialect.table_name(&foreign_key.referent));
        let columns: Vec<String> = foreign_key
            .referent_columns
            .iter()
            .map(|c| self.dialect.quote(c))
            .collect();
        text.push_str(&format!(" ({})", columns.join(", ")));
        if let Some(kind) = &foreign_key.match_type {
            self.allow_match()?;
            text.push_str(&format!(" MATCH {}", super::check::phrase(kind, false)?));
        }
        text.push_str(&self.actions(foreign_key)?);
        text.push_str(&self.deferrability(constraint)?);
        Ok(text)
    }

    /// The CHECK constraint that a type brings along, if it does on this dialect.
    pub(super) fn type_check(&self, column: &Column) -> Option<Constraint> {
        let data_type = column.data_type.for_dialect(self.dialect.name());
        let features = &self.dialect.facts().features;
        let values: Vec<String> = if let Some(enumeration) = &data_type.enumeration {
            let native =
                enumeration.native && features.enumeration != crate::dialect::EnumStrategy::Varchar;
            if native || !enumeration.create_constraint {
                return None;
            }
            enumeration
                .labels
                .iter()
                .map(|label| self.dialect.string(label))
                .collect()
        } else if data_type.spec.family == Family::Boolean
            && data_type.flag("create_constraint")
            && features.boolean_check
        {
            vec!["0".into(), "1".into()]
        } else {
            return None;
        };
        let text = format!(
            "{} IN ({})",
            self.dialect.quote(&column.name),
            values.join(", ")
        );
        let condition = crate::expression::literal_column(&text, crate::expression::boolean());
        let mut check = Constraint::new(ConstraintKind::Check {
            condition,
            from_type: true,
            in_column: false,
        });
        let name = match (&data_type.constraint_name, &data_type.enumeration) {
            (Some(name), _) => Some((name.name.clone(), name.is_final)),
            (None, Some(enumeration)) => enumeration.name.clone().map(|name| (name, false)),
            (None, None) => data_type.text("name").map(|name| (name.into(), false)),
        };
        if let Some((name, is_final)) = name {
            let ident = crate::expression::Ident::new(name);
            check.name = if is_final {
                ConstraintName::Final(ident)
            } else {
                ConstraintName::Given(ident)
            };
        }
        Some(check)
    }

    /// The name that the project's convention makes for a constraint, or its own.
    pub(super) fn conventional_name(
        &self,
        constraint: &Constraint,
        subject: &Subject<'_>,
    ) -> Result<Option<crate::expression::Ident>> {
        super::naming::resolve(
            &self.options.naming_convention,
            super::convention_key(&constraint.kind),
            &constraint.name,
            subject,
            self.dialect.facts().identifiers.object_limit(),
        )
    }

    /// The name that a constraint gets.
    pub(super) fn constraint_name(
        &self,
        table: &TableName,
        constraint: &Constraint,
        column: Option<&crate::expression::Ident>,
    ) -> Result<Option<String>> {
        let mut subject = Subject::of(table, constraint);
        if let Some(column) = column {
            subject.columns = vec![&column.name];
        }
        match self.conventional_name(constraint, &subject)? {
            Some(name) => {
                self.dialect.check_length(&name.name)?;
                Ok(Some(self.dialect.quote(&name)))
            }
            None => Ok(None),
        }
    }

    /// What stands in an error for a column of a table that is being created.
    pub(super) fn in_table(
        &self,
        table: &TableName,
        column: &Column,
        mut diagnostic: Box<Diagnostic>,
    ) -> Box<Diagnostic> {
        diagnostic.message = format!(
            "(in table '{}', column '{}'): {}",
            table.name.name, column.name.name, diagnostic.message
        );
        diagnostic
    }
}

/// SQLite takes literals and `CURRENT_TIMESTAMP` bare; any other default needs parentheses.
fn needs_parentheses(default: &str) -> bool {
    let starts_quoted = default.trim_start().starts_with(['\'', '"', '(']);
    // A pattern's `.` stops at the end of a line, which is no part of a word either.
    let first_line = default.split_inclusive('\n').next().unwrap_or("");
    !starts_quoted
        && first_line
            .chars()
            .any(|c| !(c.is_alphanumeric() || c == '_'))
}

impl Lowering {
    /// `GENERATED … AS IDENTITY`.
    pub(super) fn identity_sql(&self, identity: &Identity) -> String {
        let Identity {
            always,
            on_null,
            sequence,
        } = identity;
        let kind = if *always { "ALWAYS" } else { "BY DEFAULT" };
        let features = &self.dialect.facts().features;
        let oracle = features.definition_options == DefinitionOptions::Oracle;
        let on_null = if oracle && *on_null == Some(true) {
            " ON NULL"
        } else {
            ""
        };
        let options = sequence_options(sequence, features).join(" ");
        if options.is_empty() {
            format!("GENERATED {kind}{on_null} AS IDENTITY")
        } else {
            format!("GENERATED {kind}{on_null} AS IDENTITY ({options})")
        }
    }
}

fn stored_computed() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::Unsupported,
            "Oracle Database computed columns do not support 'stored' persistence",
        )
        .with_help("set the 'persisted' flag to None or False for Oracle Database support"),
    )
}

/// The options of a number generator.
pub(super) fn sequence_options(options: &SequenceOptions, features: &Features) -> Vec<String> {
    let no = &features.sequence_no;
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
    } = options;
    let mut out = Vec::new();
    if let Some(n) = increment {
        out.push(format!("INCREMENT BY {n}"));
    }
    if let Some(n) = start {
        out.push(format!("START WITH {n}"));
    }
    if let Some(n) = minvalue {
        out.push(format!("MINVALUE {n}"));
    }
    if let Some(n) = maxvalue {
        out.push(format!("MAXVALUE {n}"));
    }
    if *nominvalue {
        out.push(format!("{no}MINVALUE"));
    }
    if *nomaxvalue {
        out.push(format!("{no}MAXVALUE"));
    }
    if let Some(n) = cache {
        out.push(format!("CACHE {n}"));
    }
    match cycle {
        Some(true) => out.push("CYCLE".into()),
        Some(false) => out.push(features.sequence_no_cycle.clone()),
        None => {}
    }
    if features.definition_options == DefinitionOptions::Oracle {
        match order {
            Some(true) => out.push("ORDER".into()),
            Some(false) => out.push("NOORDER".into()),
            None => {}
        }
    }
    out
}
