//! Naming conventions: `MetaData(naming_convention=…)`.

use std::sync::Arc;

use md5::{Digest, Md5};

use crate::catalog::{Constraint, ConstraintKind, ConstraintName, IndexElement, TableName};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::{ExprKind, Ident};

/// The patterns by kind: `ix`, `uq`, `ck`, `fk`, `pk`.
#[derive(Clone, Debug, Default)]
pub struct Convention(Vec<(Arc<str>, Arc<str>)>);

impl Convention {
    /// The patterns as a project gives them.
    pub fn new(patterns: Vec<(Arc<str>, Arc<str>)>) -> Self {
        Self(patterns)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn pattern(&self, kind: &str) -> Option<&str> {
        let found = self
            .0
            .iter()
            .find(|(key, _)| &**key == kind)
            .map(|(_, pattern)| &**pattern);
        match (found, kind) {
            // SQLAlchemy's own convention, which a project's replaces as a whole.
            (None, "ix") if self.0.is_empty() => Some("ix_%(column_0_label)s"),
            (found, _) => found,
        }
    }
}

/// What a pattern can refer to.
pub(super) struct Subject<'a> {
    pub(super) table: &'a TableName,
    pub(super) columns: Vec<&'a str>,
    pub(super) referred_table: Option<&'a TableName>,
    pub(super) referred_columns: Vec<&'a str>,
}

impl<'a> Subject<'a> {
    pub(super) fn of(table: &'a TableName, constraint: &'a Constraint) -> Self {
        let names = |columns: &'a [Ident]| columns.iter().map(|c| &*c.name).collect();
        let mut subject = Self {
            table,
            columns: Vec::new(),
            referred_table: None,
            referred_columns: Vec::new(),
        };
        match &constraint.kind {
            ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns } => {
                subject.columns = names(columns);
            }
            ConstraintKind::ForeignKey(foreign_key) => {
                subject.columns = names(&foreign_key.columns);
                subject.referred_table = Some(&foreign_key.referent);
                subject.referred_columns = names(&foreign_key.referent_columns);
            }
            ConstraintKind::Check { .. } | ConstraintKind::Exclude(_) => {}
        }
        subject
    }

    pub(super) fn of_index(table: &'a TableName, elements: &'a [IndexElement]) -> Self {
        let columns = elements
            .iter()
            .filter_map(|element| match element {
                IndexElement::Column(name) => Some(&*name.name),
                IndexElement::Expr(expr) => match &expr.kind {
                    ExprKind::Column { name, .. } => Some(&*name.name),
                    ExprKind::Text(text) => Some(&*text.sql),
                    _ => None,
                },
            })
            .collect();
        Self {
            table,
            columns,
            referred_table: None,
            referred_columns: Vec::new(),
        }
    }
}

/// The name that a constraint or index gets, cut to the dialect's limit where a convention made it.
pub(super) fn resolve(
    convention: &Convention,
    kind: &str,
    name: &ConstraintName,
    subject: &Subject<'_>,
    max_length: usize,
) -> Result<Option<Ident>> {
    let given = match name {
        ConstraintName::Final(name) => {
            return Ok(Some(Ident {
                name: shorten(&name.name, max_length).into(),
                ..name.clone()
            }));
        }
        ConstraintName::Given(name) => Some(name),
        ConstraintName::None => None,
        // It is there already.
        ConstraintName::Invented(_) => return Ok(None),
    };
    let Some(pattern) = convention.pattern(kind) else {
        return Ok(given.cloned());
    };
    if let Some(given) = given
        && !pattern.contains("constraint_name")
    {
        return Ok(Some(given.clone()));
    }
    let made = format(pattern, given, subject)?;
    Ok(Some(Ident::new(shorten(&made, max_length))))
}

/// A name as it was given, cut to the dialect's limit where it is final (`op.f`).
pub(super) fn given(name: &ConstraintName, max_length: usize) -> Option<Ident> {
    let ident = name.ident()?;
    Some(match name {
        ConstraintName::Final(_) => Ident {
            name: shorten(&ident.name, max_length).into(),
            ..ident.clone()
        },
        ConstraintName::Given(_) | ConstraintName::Invented(_) | ConstraintName::None => {
            ident.clone()
        }
    })
}

/// `name[:max-8]_xxxx` with the last digits of the name's MD5, as SQLAlchemy cuts names.
fn shorten(name: &str, max_length: usize) -> String {
    if name.chars().count() <= max_length {
        return name.to_owned();
    }
    let digest: String = Md5::digest(name.as_bytes())
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let head: String = name.chars().take(max_length.saturating_sub(8)).collect();
    format!("{head}_{}", &digest[digest.len() - 4..])
}

fn format(pattern: &str, given: Option<&Ident>, subject: &Subject<'_>) -> Result<String> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('%') {
            out.push('%');
            rest = behind;
        } else if let Some((token, behind)) = rest
            .strip_prefix('(')
            .and_then(|inner| inner.split_once(")s"))
        {
            out.push_str(&token_text(token, given, subject)?);
            rest = behind;
        } else {
            return Err(invalid(pattern, "a `%` that is not part of a token"));
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn token_text(token: &str, given: Option<&Ident>, subject: &Subject<'_>) -> Result<String> {
    let schema = |table: &TableName| match &table.schema {
        Some(schema) => format!("{}_", schema.name.replace('.', "_")),
        None => String::new(),
    };
    Ok(match token {
        "table_name" => subject.table.name.name.to_string(),
        "constraint_name" => match given {
            Some(name) => name.name.to_string(),
            None => {
                return Err(Box::new(
                    Diagnostic::error(
                        Code::OperationInvalid,
                        "Naming convention including %(constraint_name)s token requires that constraint is explicitly named.",
                    )
                    .with_help("give the constraint a name"),
                ));
            }
        },
        "referred_table_name" => match subject.referred_table {
            Some(table) => table.name.name.to_string(),
            None => return Err(invalid(token, "only foreign keys refer to a table")),
        },
        _ => {
            let (columns, prefix, rest) = match token.strip_prefix("referred_column_") {
                Some(rest) => (&subject.referred_columns, subject.referred_table, rest),
                None => match token.strip_prefix("column_") {
                    Some(rest) => (&subject.columns, Some(subject.table), rest),
                    None => return Err(invalid(token, "no such token")),
                },
            };
            let digits = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let index: usize = rest[..digits]
                .parse()
                .map_err(|_| invalid(token, "no such token"))?;
            let mut attribute = &rest[digits..];
            let all = if let Some(behind) = attribute.strip_prefix("_N") {
                attribute = behind;
                Some("_")
            } else if let Some(behind) = attribute.strip_prefix('N') {
                attribute = behind;
                Some("")
            } else {
                None
            };
            let one = |column: &str| match (attribute, prefix) {
                ("_name" | "_key", _) => Ok(column.to_owned()),
                ("_label", Some(table)) => {
                    Ok(format!("{}{}_{column}", schema(table), table.name.name))
                }
                _ => Err(invalid(token, "no such token")),
            };
            match all {
                Some(separator) => {
                    let names: Result<Vec<String>> =
                        columns.iter().skip(index).map(|c| one(c)).collect();
                    names?.join(separator)
                }
                None => one(columns.get(index).copied().unwrap_or_default())?,
            }
        }
    })
}

fn invalid(what: &str, why: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::OperationInvalid,
            format!("the naming convention cannot be followed at `{what}`: {why}"),
        )
        .with_help("correct `naming_convention` in the project's metadata"),
    )
}
