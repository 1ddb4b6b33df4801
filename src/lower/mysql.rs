//! MySQL and MariaDB: a column that changes is stated again as a whole, and each kind of constraint
//! is dropped in its own words.

use super::column::derives;
use super::sqlserver::{constructed, no_construct};
use super::{Lowering, Statement, index, options};
use crate::catalog::{
    Catalog, Column, ConstraintName, DialectOptions, OptionValue, ServerDefault, TableName,
};
use crate::datatype::{DataType, Family};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::{DefinitionOptions, DropConstraint};
use crate::expression::{Expr, ExprKind, Ident, Operator};
use crate::operation::{AlterColumn, Change, DropConstraintKind, kind_of};

impl Lowering {
    /// A column in CREATE TABLE and ADD COLUMN, without its name.
    pub(super) fn mysql_definition(&self, column: &Column, autoincrement: bool) -> Result<String> {
        let features = &self.dialect.facts().features;
        let mut text = self.dialect.type_sql(&column.data_type)?;
        let mut unstated = false;
        if let Some(generated) = self.generated(column)? {
            text.push_str(&generated);
            unstated = !self.options.compat && !features.generated_not_null;
        }
        if super::column::not_null(column) {
            if !unstated {
                text.push_str(" NOT NULL");
            }
        } else if derives(&column.data_type, self.dialect.name(), "TIMESTAMP") {
            text.push_str(" NULL");
        }
        if let Some(comment) = &column.comment {
            text.push_str(&format!(" COMMENT {}", self.dialect.string(comment)));
        }
        let free = matches!(column.default, None | Some(ServerDefault::Identity(_)));
        if autoincrement && free {
            text.push_str(" AUTO_INCREMENT");
        } else if let Some(default) = self.default_sql(column.default.as_ref())? {
            let bare = default.trim_start();
            let expression = !self.options.compat
                && !bare.starts_with('(')
                && !bare.eq_ignore_ascii_case("NULL")
                && self.wants_expression(&column.data_type);
            text.push_str(&match expression || functional(&default) {
                true => format!(" DEFAULT ({default})"),
                false => format!(" DEFAULT {default}"),
            });
        }
        Ok(text)
    }

    /// Whether a literal is no default of a column of that type.
    pub(super) fn wants_expression(&self, data_type: &DataType) -> bool {
        let known = &self.dialect.facts().features.no_literal_defaults;
        !known.is_empty()
            && self
                .type_word(data_type)
                .is_some_and(|word| known.iter().any(|name| name.eq_ignore_ascii_case(&word)))
    }

    /// How a computed column is computed.
    fn generated(&self, column: &Column) -> Result<Option<String>> {
        let Some(ServerDefault::Computed { sql, persisted }) = &column.default else {
            return Ok(None);
        };
        let stored = match persisted {
            Some(true) => " STORED",
            Some(false) => " VIRTUAL",
            None => "",
        };
        let sql = self.ddl(sql)?;
        Ok(Some(format!(" GENERATED ALWAYS AS ({sql}){stored}")))
    }

    /// `op.alter_column`: MODIFY and CHANGE state the whole column, so what the operation does not
    /// say comes from the `existing_…` arguments or else from the schema as replayed.
    pub(super) fn alter_column_mysql(
        &mut self,
        alter: &AlterColumn,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let (table, column) = (&alter.table, &alter.column);
        if constructed(&alter.default) || constructed(&alter.existing_default) {
            return Err(no_construct());
        }
        let known = self.known_column(table, column, before);
        let data_type = alter.data_type.as_ref().or(alter.existing_type.as_ref());
        let data_type = data_type.or(known.map(|column| &column.data_type));
        let restates = alter.nullable.is_some()
            || alter.data_type.is_some()
            || alter.autoincrement.is_some()
            || !matches!(alter.comment, Change::Keep);
        let default_changes = !matches!(alter.default, Change::Keep);
        // Defaults of dates and times may be functions, which ALTER COLUMN does not take. Alembic
        // states such a column again even when nothing changes.
        let temporal = data_type.is_some_and(|found| {
            found.for_dialect(self.dialect.name()).spec.family == Family::DateTime
        });
        let temporal = temporal
            && !matches!(alter.default, Change::Drop)
            && match self.options.compat {
                true => !alter.type_is_class,
                false => default_changes,
            };
        if alter.new_name.is_none() && !temporal && !restates {
            if !default_changes {
                return Ok(());
            }
            let default = match &alter.default {
                Change::Set(default) => self.altered_default(default)?,
                Change::Keep | Change::Drop => None,
            };
            out.push(
                Statement::new("alter_column_default")
                    .table(table)
                    .ident("column", column)
                    .optional("default", default),
            );
            return Ok(());
        }
        let Some(data_type) = data_type else {
            return Err(Box::new(
                Diagnostic::error(
                    Code::OperationInvalid,
                    "All MySQL CHANGE/MODIFY COLUMN operations require the existing type.",
                )
                .with_help("pass `existing_type=`, or let the chain start at the base so that the table is known"),
            ));
        };
        let nullable = alter.nullable.or(alter.existing_nullable);
        if nullable.is_none() && known.is_none() {
            self.warn(
                Code::OptionIgnored,
                format!(
                    "the column is stated again, and becomes one that may be NULL: `{}` is altered without `nullable=` or `existing_nullable=`",
                    column.name
                ),
            );
        }
        let nullable =
            nullable.unwrap_or_else(|| known.is_none_or(|column| !super::column::not_null(column)));
        let mut definition = self.dialect.type_sql(data_type)?;
        let kept = matches!(
            (&alter.default, &alter.existing_default),
            (Change::Keep, Change::Keep)
        );
        let generated = known
            .filter(|_| kept)
            .map(|column| self.generated(column))
            .transpose()?
            .flatten();
        if let Some(generated) = &generated {
            definition.push_str(generated);
        }
        if generated.is_none() || self.dialect.facts().features.generated_not_null {
            definition.push_str(if nullable { " NULL" } else { " NOT NULL" });
        }
        let counts = || {
            data_type.spec.family == Family::Integer
                && self
                    .known_table(table, before)
                    .and_then(|table| self.counting_column(table))
                    .is_some_and(|counting| counting.name == column.name)
        };
        let counting = alter.autoincrement.or(alter.existing_autoincrement);
        if counting.unwrap_or_else(counts) {
            definition.push_str(" AUTO_INCREMENT");
        }
        let default = match (&alter.default, &alter.existing_default) {
            (Change::Set(default), _) | (Change::Keep, Change::Set(default)) => Some(default),
            (Change::Keep, Change::Keep) => known.and_then(|column| column.default.as_ref()),
            (Change::Drop, _) | (Change::Keep, Change::Drop) => None,
        };
        if let Some(default) = default.filter(|_| generated.is_none())
            && let Some(text) = self.altered_default(default)?
        {
            definition.push_str(&format!(" DEFAULT {text}"));
        }
        let comment = match &alter.comment {
            Change::Set(text) => Some(text),
            Change::Drop => None,
            Change::Keep => alter
                .existing_comment
                .as_ref()
                .or(known.and_then(|column| column.comment.as_ref())),
        };
        if let Some(comment) = comment {
            definition.push_str(&format!(" COMMENT {}", self.dialect.string(comment)));
        }
        let new_name = match &alter.new_name {
            Some(name) => Some(name),
            None => temporal.then_some(column),
        };
        let statement = Statement::new("alter_column_whole")
            .table(table)
            .ident("column", column)
            .optional("new_name", new_name.map(|name| self.dialect.quote(name)))
            .fragment("definition", definition);
        out.push(statement);
        Ok(())
    }

    /// What follows DEFAULT in ALTER TABLE, where Alembic leaves the parentheses of an expression
    /// away.
    fn altered_default(&self, default: &ServerDefault) -> Result<Option<String>> {
        let text = self.default_sql(Some(default))?;
        Ok(text.map(|text| {
            if self.options.compat || bare(&text) || !functional(&text) {
                text
            } else {
                format!("({text})")
            }
        }))
    }

    /// The kind of a constraint that is dropped: as given, or as known where it makes a difference.
    pub(super) fn dropped_kind(
        &self,
        table: &TableName,
        name: &ConstraintName,
        kind: Option<DropConstraintKind>,
        before: Option<&Catalog>,
    ) -> Result<Option<DropConstraintKind>> {
        if kind.is_some() || self.dialect.facts().features.drop_constraint.is_none() {
            return Ok(kind);
        }
        let wanted = name.ident();
        let known = self.known_table(table, before).and_then(|known| {
            let columns = known.columns.iter().flat_map(|column| &column.constraints);
            known.constraints.iter().chain(columns).find(|constraint| {
                wanted.is_some()
                    && constraint.name.ident().map(|n| &n.name) == wanted.map(|n| &n.name)
            })
        });
        match known.and_then(kind_of) {
            Some(kind) => Ok(Some(kind)),
            None => Err(no_generic_drop()),
        }
    }

    /// `USING` of a primary key.
    pub(super) fn key_method(&self, dialect_options: &DialectOptions) -> String {
        if self.dialect.facts().features.definition_options != DefinitionOptions::Mysql {
            return String::new();
        }
        match self.own_or_inherited(dialect_options, "using") {
            Some(using) if !using.is_empty() => {
                format!(" USING {}", self.dialect.quote(&Ident::new(using)))
            }
            _ => String::new(),
        }
    }

    /// MySQL ignores the actions of a foreign key that has a MATCH.
    pub(super) fn allow_match(&self) -> Result<()> {
        if self.dialect.facts().features.definition_options != DefinitionOptions::Mysql {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::error(
                Code::Unsupported,
                "MySQL ignores the 'MATCH' keyword while at the same time causes ON UPDATE/ON DELETE clauses to be ignored.",
            )
            .with_help("leave `match=` away"),
        ))
    }

    /// How much of an index's element is in the index: `(10)`.
    pub(super) fn prefix_length(
        &self,
        dialect_options: &DialectOptions,
        column: Option<&str>,
        part: &str,
    ) -> String {
        if self.dialect.facts().features.definition_options != DefinitionOptions::Mysql {
            return String::new();
        }
        let length = match options::find(&self.dialect, dialect_options, "length") {
            Some(OptionValue::Map(lengths)) => lengths
                .iter()
                .find(|(key, _)| Some(&**key) == column || **key == *part)
                .map(|(_, length)| length),
            length => length,
        };
        match length {
            Some(OptionValue::Int(number)) => format!("({number})"),
            _ => String::new(),
        }
    }

    /// What stands before INDEX and behind its elements.
    pub(super) fn mysql_index_options(
        &self,
        dialect_options: &DialectOptions,
        words: &mut String,
        suffix: &mut Vec<String>,
    ) {
        if let Some(prefix) = options::text(&self.dialect, dialect_options, "prefix")
            && !prefix.is_empty()
        {
            words.push_str(&format!("{prefix} "));
        }
        if let Some(parser) = self.own_or_inherited(dialect_options, "with_parser") {
            suffix.push(format!(" WITH PARSER {parser}"));
        }
        if let Some(using) = self.own_or_inherited(dialect_options, "using") {
            suffix.push(format!(" USING {}", self.dialect.quote(&Ident::new(using))));
        }
    }

    /// An operation or function stands in parentheses.
    pub(super) fn mysql_index_expression(&self, expr: &Expr) -> Result<String> {
        if !self.options.compat {
            return self.mysql_index_element(expr);
        }
        let text = self.ddl(expr)?;
        let grouped = match &expr.kind {
            ExprKind::Binary(_) | ExprKind::Function(_) => true,
            ExprKind::Unary { .. } => true,
            ExprKind::Modifier { operator, .. } => {
                !matches!(operator, Operator::Desc | Operator::Asc)
            }
            _ => false,
        };
        Ok(if grouped { format!("({text})") } else { text })
    }

    /// The same where every expression has its parentheses, without which MySQL takes none.
    fn mysql_index_element(&self, expr: &Expr) -> Result<String> {
        let element = index::in_parentheses(expr, |_| false);
        let text = self.ddl(&element)?;
        if index::is_expression(&element) && !self.dialect.facts().features.expression_indexes {
            let title = &self.dialect.facts().title;
            return Err(Box::new(
                Diagnostic::error(
                    Code::Unsupported,
                    format!("{title} has no indexes on expressions: `{text}`"),
                )
                .with_note("Alembic prints the statement all the same")
                .with_help(
                    "index a column with `sa.Computed(…)`; `--compat alembic` keeps Alembic's text",
                ),
            ));
        }
        Ok(text)
    }

    /// An option of the dialect, or of the one that it extends.
    fn own_or_inherited(&self, dialect_options: &DialectOptions, name: &str) -> Option<String> {
        let own = options::text(&self.dialect, dialect_options, name);
        own.or_else(|| {
            let base = self.dialect.facts().extends.as_deref()?;
            options::text_of(base, dialect_options, name)
        })
    }

    /// `ENGINE=InnoDB` and its like: in the order given, what COLLATE and partitions need first.
    pub(super) fn mysql_table_options(
        &self,
        given: &DialectOptions,
        comment: Option<&str>,
        out: &mut Vec<String>,
    ) {
        let prefix = self.dialect.name();
        let mut all: Vec<(String, String)> = given
            .iter()
            .filter_map(|(key, value)| {
                let name = key.strip_prefix(prefix)?.strip_prefix('_')?;
                Some((name.to_uppercase(), options::plain(value)))
            })
            .collect();
        if let Some(comment) = comment {
            all.retain(|(name, _)| name != "COMMENT");
            all.push(("COMMENT".to_owned(), comment.to_owned()));
        }
        let (parts, plain): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|(name, _)| PARTITIONING.contains(&name.as_str()));
        let (collate, mut plain): (Vec<_>, Vec<_>) =
            plain.into_iter().partition(|(name, _)| name == "COLLATE");
        plain.extend(collate);
        let mut words = Vec::new();
        for (name, value) in plain {
            let value = if QUOTED.contains(&name.as_str()) {
                self.dialect.string(&value)
            } else {
                value
            };
            let name = if SPACED.contains(&name.as_str()) {
                name.replace('_', " ")
            } else {
                name
            };
            let joiner = if JOINED_BY_SPACE.contains(&name.as_str()) {
                ' '
            } else {
                '='
            };
            words.push(format!("{name}{joiner}{value}"));
        }
        for name in PARTITIONING {
            for (_, value) in parts.iter().filter(|(given, _)| given == name) {
                words.push(format!("{} {value}", name.replace('_', " ")));
            }
        }
        if !words.is_empty() {
            out.push(words.join(" "));
        }
    }
}

const PARTITIONING: [&str; 4] = [
    "PARTITION_BY",
    "PARTITIONS",
    "SUBPARTITION_BY",
    "SUBPARTITIONS",
];
const QUOTED: [&str; 3] = ["COMMENT", "PASSWORD", "CONNECTION"];
const SPACED: [&str; 6] = [
    "DATA_DIRECTORY",
    "INDEX_DIRECTORY",
    "DEFAULT_CHARACTER_SET",
    "CHARACTER_SET",
    "DEFAULT_CHARSET",
    "DEFAULT_COLLATE",
];
const JOINED_BY_SPACE: [&str; 4] = [
    "TABLESPACE",
    "DEFAULT CHARACTER SET",
    "CHARACTER SET",
    "COLLATE",
];

/// `DROP` in the words of the constraint's kind.
pub(super) fn drop_constraint(
    statement: Statement,
    kind: Option<DropConstraintKind>,
    name: Option<String>,
    words: &DropConstraint,
) -> Result<Statement> {
    let word = match kind {
        Some(DropConstraintKind::Primary) => {
            return Ok(statement
                .fragment("kind", "PRIMARY KEY")
                .fragment("name", ""));
        }
        Some(DropConstraintKind::ForeignKey) => "FOREIGN KEY",
        Some(DropConstraintKind::Unique) => "INDEX",
        Some(DropConstraintKind::Check) => words.check.as_str(),
        None => return Err(no_generic_drop()),
    };
    let Some(name) = name else {
        return Err(Box::new(
            Diagnostic::error(
                Code::OperationInvalid,
                "Can't emit DROP CONSTRAINT for a constraint that has no name",
            )
            .with_help("give the name that the server gave the constraint"),
        ));
    };
    Ok(statement.fragment("kind", word).fragment("name", name))
}

fn no_generic_drop() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::OperationInvalid,
            "No generic 'DROP CONSTRAINT' in MySQL - please specify constraint type",
        )
        .with_help("pass `type_=\"foreignkey\"`, `\"unique\"`, `\"check\"` or `\"primary\"`"),
    )
}

/// Whether a default has to stand in parentheses, as SQLAlchemy decides it.
fn functional(default: &str) -> bool {
    let lower = default.to_ascii_lowercase();
    let quoted = default.trim_start().starts_with(['\'', '"', '(']);
    let updates = lower.match_indices("on ").any(|(at, _)| {
        let behind = &lower[at + 2..];
        behind.trim_start_matches(' ').starts_with("update")
    });
    let precise = ["now(", "current_timestamp("].iter().any(|function| {
        lower.strip_prefix(function).is_some_and(|behind| {
            let digits = behind.trim_start_matches(|c: char| c.is_ascii_digit());
            digits.len() < behind.len() && digits.starts_with(')')
        })
    });
    let line = default.split_inclusive('\n').next().unwrap_or("");
    let operated = line.chars().any(|c| !(c.is_alphanumeric() || c == '_'));
    !quoted && !updates && !precise && operated
}

/// Whether a default is one that databases take without parentheses: a number, or the time.
fn bare(default: &str) -> bool {
    let lower = default.trim().to_ascii_lowercase();
    lower.parse::<f64>().is_ok()
        || [
            "now()",
            "current_timestamp()",
            "localtimestamp()",
            "localtime()",
        ]
        .contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::{bare, functional};

    #[test]
    fn defaults_stand_in_parentheses_unless_they_are_values() {
        for default in ["now()", "0.00", "-1", "a+1", "uuid()", "json_array()"] {
            assert!(functional(default), "{default}");
        }
        for default in [
            "'x'",
            "\"x\"",
            "(a + 1)",
            "5",
            "CURRENT_TIMESTAMP",
            "CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
            "now() on  update now()",
            "now(6)",
            "CURRENT_TIMESTAMP(3)",
        ] {
            assert!(!functional(default), "{default}");
        }
        assert!(bare("-1") && bare("now()") && !bare("uuid()"));
    }
}
