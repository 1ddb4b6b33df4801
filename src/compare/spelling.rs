//! How definitions are written, to tell whether they are the same.

use std::sync::Arc;

use crate::catalog::{
    Column, Constraint, ConstraintKind, DialectOptions, Identity, Index, IndexElement, OptionValue,
    ServerDefault,
};
use crate::datatype::{DataType, Family};
use crate::dialect::{Comments, Deferrable, Dialect, EnumStrategy};
use crate::expression::{Expr, ExprKind, Ident, text};
use crate::lower::expression::{CompileContext, compile};

/// Options that say how a statement runs, not what it leaves behind.
const TRANSIENT: &[&str] = &["concurrently", "not_valid", "using_column", "drop_default"];

/// Writes definitions as a dialect does.
pub(super) struct Spelling<'a> {
    dialect: &'a Dialect,
}

impl<'a> Spelling<'a> {
    pub(super) fn new(dialect: &'a Dialect) -> Self {
        Self { dialect }
    }

    /// Whether the dialect keeps comments.
    pub(super) fn comments(&self) -> bool {
        self.dialect.facts().features.comments != Comments::None
    }

    /// An expression, without what makes no difference: case and spaces outside of quotes, and
    /// parentheses around the whole.
    pub(super) fn expr(&self, expr: &Expr) -> String {
        let context = CompileContext::ddl(self.dialect, false);
        match compile(expr, &context) {
            Ok(text) => plain(&text),
            // What the dialect cannot write is compared as the tree that it is.
            Err(_) => format!("{expr:?}"),
        }
    }

    /// A type with what a CHECK that comes with it demands.
    pub(super) fn data_type(&self, data_type: &DataType) -> String {
        let features = &self.dialect.facts().features;
        let data_type = data_type.for_dialect(self.dialect.name());
        let mut text = match self.dialect.type_sql(data_type) {
            Ok(text) => text.to_lowercase(),
            Err(_) => format!("{data_type:?}"),
        };
        if let Some(enumeration) = &data_type.enumeration
            && enumeration.create_constraint
            && !(enumeration.native && features.enumeration != EnumStrategy::Varchar)
        {
            text.push_str(&format!(" in {:?}", enumeration.labels));
        } else if data_type.spec.family == Family::Boolean
            && features.boolean_check
            && data_type.flag("create_constraint")
        {
            text.push_str(" in 0, 1");
        }
        text
    }

    /// Options of a change of types which the server does not make by itself: text is read as another
    /// type only where a statement says so.
    pub(super) fn conversion(&self, before: &Column, after: &Column) -> DialectOptions {
        let is_text = |family| matches!(family, Family::String | Family::Unicode);
        let clauses = &self.dialect.facts().portable.clauses;
        let name = self.dialect.name();
        let family = |column: &Column| column.data_type.for_dialect(name).spec.family;
        let (from, to) = (family(before), family(after));
        let from_enum = from == Family::Enum;
        if !(is_text(from) || from_enum)
            || is_text(to)
            || !clauses.iter().any(|clause| clause == "alter_using")
        {
            return Vec::new();
        }
        let Ok(wanted) = self.dialect.type_sql(&after.data_type) else {
            return Vec::new();
        };
        let column = self.dialect.quote(&after.name);
        let value = match from_enum {
            true => format!("CAST({column} AS TEXT)"),
            false => column,
        };
        let using = text(format!("CAST({value} AS {wanted})"));
        vec![(Arc::from(format!("{name}_using")), OptionValue::Expr(using))]
    }

    /// What the server fills in.
    pub(super) fn default(&self, column: &Column) -> Option<String> {
        match column.default.as_ref()? {
            ServerDefault::Str(text) => Some(self.default_text(column, &self.dialect.string(text))),
            ServerDefault::Expr(expr) => Some(self.default_text(column, &self.expr(expr))),
            ServerDefault::Fetched => None,
            ServerDefault::Identity(identity) => Some(self.identity(identity)),
            ServerDefault::Computed { sql, persisted } => Some(format!(
                "as {} {}",
                self.expr(sql),
                persisted.unwrap_or(false)
            )),
        }
    }

    /// A number is the same with and without quotes, and a truth value in each of its spellings.
    fn default_text(&self, column: &Column, text: &str) -> String {
        let family = column
            .data_type
            .for_dialect(self.dialect.name())
            .spec
            .family;
        let numeric = matches!(
            family,
            Family::Integer | Family::Numeric | Family::Float | Family::Boolean
        );
        let text = match text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
            Some(inner) if numeric && !inner.contains('\'') => inner.to_lowercase(),
            _ => text.to_owned(),
        };
        match (family, text.as_str()) {
            (Family::Boolean, "true" | "t") => "1".to_owned(),
            (Family::Boolean, "false" | "f") => "0".to_owned(),
            (_, _) => text,
        }
    }

    pub(super) fn identity(&self, identity: &Identity) -> String {
        format!("identity {identity:?}")
    }

    /// A constraint without its name.
    pub(super) fn constraint(&self, constraint: &Constraint) -> String {
        let Constraint {
            name: _,
            kind,
            deferrable,
            initially,
            options,
            comment,
        } = constraint;
        let definition = match kind {
            ConstraintKind::PrimaryKey { columns } => format!("primary key {}", names(columns)),
            ConstraintKind::Unique { columns } => format!("unique {}", names(columns)),
            ConstraintKind::Check {
                condition,
                from_type: _,
                in_column: _,
            } => format!("check {}", self.expr(condition)),
            ConstraintKind::ForeignKey(key) => {
                let action = |action: &Option<std::sync::Arc<str>>| {
                    let action = action.as_deref().unwrap_or_default().to_uppercase();
                    if action == "NO ACTION" {
                        String::new()
                    } else {
                        action
                    }
                };
                let onupdate = if self.dialect.facts().features.on_update {
                    action(&key.onupdate)
                } else {
                    String::new()
                };
                format!(
                    "foreign key {} {} {} {} {onupdate} {:?}",
                    names(&key.columns),
                    self.dialect.table_name(&key.referent),
                    names(&key.referent_columns),
                    action(&key.ondelete),
                    key.match_type.as_deref().map(str::to_uppercase),
                )
            }
            ConstraintKind::Exclude(exclude) => {
                let elements: Vec<String> = exclude
                    .elements
                    .iter()
                    .map(|(expr, operator)| format!("{} with {operator}", self.expr(expr)))
                    .collect();
                let condition = exclude.condition.as_ref().map(|e| self.expr(e));
                format!("exclude {} {elements:?} {condition:?}", exclude.using)
            }
        };
        let can_wait = self.dialect.facts().features.deferrable != Deferrable::None;
        let timing = if can_wait {
            let initially = initially.as_deref().map(str::to_uppercase);
            let initially = initially.filter(|words| words != "IMMEDIATE");
            format!("{} {initially:?}", deferrable.unwrap_or(false))
        } else {
            String::new()
        };
        format!(
            "{definition} {timing} {} {comment:?}",
            self.options(options)
        )
    }

    /// An index without its name.
    pub(super) fn index(&self, index: &Index) -> String {
        let Index {
            name: _,
            elements,
            unique,
            options,
        } = index;
        let elements: Vec<String> = elements
            .iter()
            .map(|element| match element {
                IndexElement::Column(name) => name.name.to_string(),
                IndexElement::Expr(expr) => match &expr.kind {
                    ExprKind::Column { name, .. } => name.name.to_string(),
                    _ => format!("({})", self.expr(expr)),
                },
            })
            .collect();
        format!("{unique} {elements:?} {}", self.options(options))
    }

    /// The options that this dialect looks at.
    pub(super) fn options(&self, options: &DialectOptions) -> String {
        let mut kept: Vec<String> = options
            .iter()
            .filter_map(|(key, value)| {
                let name = key
                    .strip_prefix(self.dialect.name())
                    .and_then(|rest| rest.strip_prefix('_'))?;
                (!value.is_usual() && !TRANSIENT.contains(&name))
                    .then(|| format!("{name}={}", self.option(value)))
            })
            .collect();
        kept.sort();
        kept.join(" ")
    }

    pub(super) fn option(&self, value: &OptionValue) -> String {
        match value {
            OptionValue::Null => "null".into(),
            OptionValue::Bool(flag) => flag.to_string(),
            OptionValue::Int(number) => number.to_string(),
            OptionValue::Str(text) => plain(text),
            OptionValue::Expr(expr) => self.expr(expr),
            OptionValue::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.option(item)).collect();
                format!("[{}]", items.join(", "))
            }
            OptionValue::Map(items) => {
                let items: Vec<String> = items
                    .iter()
                    .map(|(key, value)| format!("{key}: {}", self.option(value)))
                    .collect();
                format!("{{{}}}", items.join(", "))
            }
        }
    }
}

pub(super) fn names(columns: &[Ident]) -> String {
    let names: Vec<&str> = columns.iter().map(|c| &*c.name).collect();
    format!("({})", names.join(", "))
}

/// Text in small letters with single spaces, but for what is in quotes; without parentheses around
/// the whole.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    for c in text.trim().chars() {
        match quote {
            Some(closing) => {
                if c == closing {
                    quote = None;
                }
                out.push(c);
            }
            None if c == '\'' || c == '"' || c == '`' => {
                quote = Some(c);
                out.push(c);
            }
            None if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            None => out.extend(c.to_lowercase()),
        }
    }
    while let Some(inner) = enclosed(&out) {
        out = inner.trim().to_owned();
    }
    out
}

/// What is inside of the parentheses that enclose the whole text.
fn enclosed(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0usize;
    let mut quote = None;
    for c in inner.chars() {
        match (quote, c) {
            (Some(closing), c) if c == closing => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.checked_sub(1)?,
            (None, _) => {}
        }
    }
    (depth == 0).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_makes_no_difference_goes() {
        assert_eq!(plain("((NOW ( )))"), "now ( )");
        assert_eq!(plain("(a) + (b)"), "(a) + (b)");
        assert_eq!(plain("'It''s  X' ||\n \"Y\""), "'It''s  X' || \"Y\"");
    }
}
