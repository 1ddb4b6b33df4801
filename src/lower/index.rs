//! Indexes.

use std::sync::Arc;

use super::{Lowering, Statement, Subject, check, naming, options};
use crate::catalog::{
    Catalog, ConstraintName, DialectOptions, Index, IndexElement, OptionValue, TableName,
};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::{DefinitionOptions, SchemaInIndex};
use crate::expression::{Expr, ExprKind, Expression, Ident, grouped, self_group};

/// Where the index is that is dropped.
#[derive(Clone, Copy)]
pub(super) struct Dropped<'a> {
    pub(super) schema: Option<&'a Ident>,
    pub(super) table: Option<&'a TableName>,
}

impl Lowering {
    /// `op.create_index`.
    pub(super) fn create_index(
        &mut self,
        table: &TableName,
        index: &Index,
        if_not_exists: bool,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let Index {
            name,
            elements,
            unique,
            options: dialect_options,
        } = index;
        let subject = Subject::of_index(table, elements);
        let resolved = naming::resolve(
            &self.options.naming_convention,
            "ix",
            name,
            &subject,
            self.dialect.facts().identifiers.object_limit(),
        )?;
        let Some(resolved) = resolved else {
            return Err(Box::new(
                Diagnostic::error(
                    Code::OperationInvalid,
                    "CREATE INDEX requires that the index have a name",
                )
                .with_help("give the index a name"),
            ));
        };
        self.dialect.check_length(&resolved.name)?;
        if elements.is_empty() && !self.may_be_empty(dialect_options) && !self.options.compat {
            return Err(Box::new(
                Diagnostic::error(
                    Code::OperationInvalid,
                    format!("the index {} is on nothing", resolved.name),
                )
                .with_help("name the columns of the index"),
            ));
        }
        let qualified = self.dialect.qualify(table.schema.as_ref(), &resolved);
        let (index_name, table_name) = match self.dialect.facts().features.schema_in_index {
            SchemaInIndex::Table => (
                self.dialect.quote(&resolved),
                self.dialect.table_name(table),
            ),
            SchemaInIndex::Index => (qualified, self.dialect.quote(&table.name)),
            SchemaInIndex::Both => (qualified, self.dialect.table_name(table)),
        };
        let dialect = &self.dialect;
        let ops = match options::find(dialect, dialect_options, "ops") {
            Some(OptionValue::Map(items)) => items.clone(),
            _ => Vec::new(),
        };
        let mut parts = Vec::with_capacity(elements.len());
        for element in elements {
            let (mut part, key) = match element {
                IndexElement::Column(name) => (dialect.quote(name), Some(name.name.clone())),
                IndexElement::Expr(expr) => (self.index_expression(expr)?, element_key(&expr.kind)),
            };
            part.push_str(&self.prefix_length(dialect_options, key.as_deref(), &part));
            if let Some(key) = key
                && let Some((_, class)) = ops.iter().find(|(name, _)| *name == key)
            {
                part.push_str(&format!(" {}", options::plain(class)));
            }
            parts.push(part);
        }
        let using = match options::text(dialect, dialect_options, "using") {
            Some(using) if !using.is_empty() => Some(check::word(&using)?.to_lowercase()),
            _ => None,
        };
        let condition = match options::find(dialect, dialect_options, "where") {
            Some(OptionValue::Expr(expr)) => Some(self.ddl(expr)?),
            Some(other) => Some(options::plain(other)),
            None => None,
        };
        let mut suffix = Vec::new();
        let mut words = String::new();
        let kind = dialect.facts().features.definition_options;
        if kind == DefinitionOptions::SqlServer {
            words.push_str(self.clustered(dialect_options));
            if options::flag(dialect, dialect_options, "columnstore") {
                words.push_str("COLUMNSTORE ");
            }
            suffix.push(self.include(dialect_options));
        }
        let using = if kind == DefinitionOptions::Mysql {
            self.mysql_index_options(dialect_options, &mut words, &mut suffix);
            None
        } else {
            using
        };
        if kind == DefinitionOptions::Oracle {
            if options::flag(dialect, dialect_options, "bitmap") {
                words.push_str("BITMAP ");
            }
            let vector = options::find(dialect, dialect_options, "vector");
            let vector = match vector {
                Some(OptionValue::Bool(flag)) => *flag,
                None => false,
                Some(_) => return Err(vector_configuration()),
            };
            if vector {
                words.push_str("VECTOR ");
            }
            match options::find(dialect, dialect_options, "compress") {
                Some(OptionValue::Bool(true)) => suffix.push(" COMPRESS".into()),
                Some(OptionValue::Bool(false)) | None => {}
                Some(value) => suffix.push(format!(" COMPRESS {}", options::plain(value))),
            }
            if vector {
                suffix.push(" ORGANIZATION INMEMORY NEIGHBOR GRAPH PARAMETERS (type HNSW)".into());
            }
        }
        if kind == DefinitionOptions::Postgresql {
            suffix.push(self.include(dialect_options));
            match options::find(dialect, dialect_options, "nulls_not_distinct") {
                Some(OptionValue::Bool(true)) => suffix.push(" NULLS NOT DISTINCT".into()),
                Some(OptionValue::Bool(false)) => suffix.push(" NULLS DISTINCT".into()),
                _ => {}
            }
            if let Some(value) = options::find(dialect, dialect_options, "with") {
                suffix.push(format!(" WITH ({})", options::plain(value)));
            }
            if let Some(name) = options::text(dialect, dialect_options, "tablespace") {
                suffix.push(format!(" TABLESPACE {}", dialect.quote(&Ident::new(name))));
            }
        }
        let concurrently = options::flag(dialect, dialect_options, "concurrently");
        let clause = matches!(
            kind,
            DefinitionOptions::Postgresql | DefinitionOptions::Sqlite | DefinitionOptions::Mysql
        );
        out.push(
            Statement::new("create_index")
                .flag("unique", *unique)
                .flag("concurrently", concurrently)
                .flag("if_not_exists", if_not_exists && clause)
                .fragment("words", words)
                .fragment("name", index_name)
                .fragment("table", table_name)
                .optional("using", using)
                .list("elements", parts)
                .list("suffix", suffix)
                .optional("condition", condition),
        );
        if if_not_exists && !clause {
            self.ignored("IF NOT EXISTS of CREATE INDEX");
        }
        Ok(())
    }

    /// Whether an index has all columns without naming them.
    fn may_be_empty(&self, dialect_options: &DialectOptions) -> bool {
        options::flag(&self.dialect, dialect_options, "columnstore")
    }

    /// An expression of an index. PostgreSQL takes only columns and calls of functions without
    /// parentheses, of which SQLAlchemy writes some.
    fn index_expression(&self, expr: &Expr) -> Result<String> {
        if self.dialect.facts().features.definition_options == DefinitionOptions::Postgresql {
            let grouped = self_group(expr, None);
            if self.options.compat {
                return self.ddl(&grouped);
            }
            return self.ddl(&in_parentheses(&grouped, is_call));
        }
        if self.dialect.facts().features.definition_options == DefinitionOptions::Mysql {
            return self.mysql_index_expression(expr);
        }
        self.ddl(expr)
    }

    /// `op.drop_index`.
    pub(super) fn drop_index(
        &mut self,
        name: &ConstraintName,
        place: Dropped<'_>,
        if_exists: bool,
        dialect_options: &DialectOptions,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let Some(name) = naming::given(name, self.dialect.facts().identifiers.object_limit())
        else {
            return Err(Box::new(
                Diagnostic::error(
                    Code::OperationInvalid,
                    "DROP INDEX requires that the index have a name",
                )
                .with_help("give the index's name"),
            ));
        };
        let name = &name;
        self.dialect.check_length(&name.name)?;
        if matches!(
            self.dialect.facts().features.definition_options,
            DefinitionOptions::SqlServer | DefinitionOptions::Mysql
        ) {
            let table = match place.table {
                Some(table) => table.clone(),
                None => {
                    self.warn_compat(format!(
                        "`ON no_table` is written for the index `{}`, which is dropped without its table",
                        name.name
                    ));
                    self.table_of_index(name, place.schema, before)?
                }
            };
            let mut statement = Statement::new("drop_index")
                .flag("if_exists", if_exists)
                .ident("name", name)
                .table(&table);
            statement.held = self.held_index(&table, name, before).map(Box::new);
            out.push(statement);
            return Ok(());
        }
        out.push(
            Statement::new("drop_index")
                .flag(
                    "concurrently",
                    options::flag(&self.dialect, dialect_options, "concurrently"),
                )
                .flag("if_exists", if_exists)
                .fragment("name", self.dialect.qualify(place.schema, name)),
        );
        Ok(())
    }
}

/// Whether an expression is written as the call of a function.
fn is_call(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Function(_) | ExprKind::Cast { .. } | ExprKind::Extract { .. }
    )
}

/// An element of an index with parentheses around what it is on, unless that is a column, text of the
/// migration's own, or what `may_be_bare`. `DESC` and the like stay outside.
pub(super) fn in_parentheses(expr: &Expr, may_be_bare: fn(&ExprKind) -> bool) -> Expr {
    match &expr.kind {
        ExprKind::Modifier { operator, operand } => Expression::new(
            ExprKind::Modifier {
                operator: operator.clone(),
                operand: in_parentheses(operand, may_be_bare),
            },
            expr.data_type.clone(),
        ),
        ExprKind::Label { operand, .. } | ExprKind::TypeCoerce(operand) => {
            in_parentheses(operand, may_be_bare)
        }
        ExprKind::Column { .. }
        | ExprKind::NameReference { .. }
        | ExprKind::Text(_)
        | ExprKind::LiteralColumn(_)
        | ExprKind::Grouping(_)
        | ExprKind::Tuple(_) => Expr::clone(expr),
        kind if may_be_bare(kind) => Expr::clone(expr),
        _ => grouped(expr),
    }
}

/// Whether an element that `in_parentheses` gave is on more than a column.
pub(super) fn is_expression(element: &Expr) -> bool {
    match &element.kind {
        ExprKind::Modifier { operand, .. } => is_expression(operand),
        ExprKind::Column { .. } | ExprKind::NameReference { .. } => false,
        ExprKind::Text(clause) => !is_column_text(&clause.sql),
        ExprKind::LiteralColumn(text) => !is_column_text(text),
        _ => true,
    }
}

/// Whether a text of the migration's own names columns, maybe with a length and a direction behind each:
/// `a`, `a(10)`, `` `a b` DESC, c ``.
fn is_column_text(text: &str) -> bool {
    text.split(',').all(is_one_column)
}

fn is_one_column(text: &str) -> bool {
    let mut rest = text.trim();
    if let Some((before, last)) = rest.rsplit_once(char::is_whitespace)
        && ["asc", "desc"]
            .iter()
            .any(|word| last.eq_ignore_ascii_case(word))
    {
        rest = before.trim_end();
    }
    if let Some((before, length)) = rest
        .strip_suffix(')')
        .and_then(|inside| inside.rsplit_once('('))
        && !length.trim().is_empty()
        && length.trim().bytes().all(|byte| byte.is_ascii_digit())
    {
        rest = before.trim_end();
    }
    match rest
        .strip_prefix('`')
        .and_then(|inside| inside.strip_suffix('`'))
    {
        Some(quoted) => !quoted.contains('`'),
        None => {
            !rest.is_empty()
                && rest
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '_' || c == '$')
        }
    }
}

/// What an element goes by in `postgresql_ops`: a text by itself, a column and a label by its name.
pub(super) fn element_key(kind: &ExprKind) -> Option<Arc<str>> {
    match kind {
        ExprKind::Column { name, .. } => Some(name.name.clone()),
        ExprKind::Text(clause) => Some(Arc::clone(&clause.sql)),
        ExprKind::LiteralColumn(text) => Some(Arc::clone(text)),
        ExprKind::Label { name, .. } => Some(name.name.clone()),
        _ => None,
    }
}

fn vector_configuration() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::Unsupported,
            "`oracle_vector` with a configuration is not supported",
        )
        .with_help("pass `oracle_vector=True`, or write the index with `op.execute`"),
    )
}

#[cfg(test)]
mod tests {
    use super::is_column_text;

    #[test]
    fn texts_that_name_a_column() {
        for text in [
            "a",
            " a ",
            "a(10)",
            "a (10) DESC",
            "`a b`",
            "`a b`(3) asc",
            "é$_1",
            "a, b(2)",
        ] {
            assert!(is_column_text(text), "{text}");
        }
        for text in [
            "lower(a)",
            "(a)",
            "a + 1",
            "a || 'x'",
            "a b",
            "`a` || `b`",
            "f(1, 2)",
            "a()",
        ] {
            assert!(!is_column_text(text), "{text}");
        }
    }
}
