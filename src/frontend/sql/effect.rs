//! What a statement does to the schema, also when it is plain SQL.

use std::sync::Arc;

use super::taint::{declared, taint};
use super::{attached, portable, renamed, rows, sequence, split, written};
use crate::catalog::{Catalog, ConstraintName, Opaque, ServerNaming, Taint};
use crate::dialect::Dialect;
use crate::operation::{Executable, Located, Operation, apply};

/// Applies an operation to the catalog. Plain SQL is read as far as it can be; a definition that
/// cannot be read is noted as opaque.
///
/// What is returned is how many rows a statement changed or put in, where that is known of a database
/// that began empty.
pub fn follow(
    located: &Located,
    dialect: Option<&Dialect>,
    catalog: &mut Catalog,
) -> Option<usize> {
    let parser = parser_of(dialect);
    let counting = dialect.map(|dialect| dialect.facts().features.counts_keys);
    let counting = counting.unwrap_or_default();
    let rows::Followed { carried, changed } = rows::follow(located, parser, counting, catalog);
    apply(&located.operation, catalog);
    if let Some(carried) = carried {
        carried.over(catalog);
    }
    let Operation::Execute { statement } = &located.operation else {
        return changed;
    };
    if let Executable::Manual(step) = statement
        && step.schema
    {
        catalog.add_opaque(Opaque {
            excerpt: format!("a step by hand, for {},", step.place).into(),
            location: located.location.clone(),
            reason: Some(Arc::clone(&step.reason)),
            taint: match &step.tables {
                Some(tables) => Taint::Tables(tables.clone()),
                None => Taint::Everything,
            },
        });
    }
    let Some(text) = statement.text() else {
        return changed;
    };
    let mut end = 0;
    for piece in split(text) {
        let comments = text.get(end..piece.statement.start).unwrap_or_default();
        end = piece.statement.end;
        if let Some(statement) = text.get(piece.statement) {
            define(comments, statement, located, dialect, catalog);
        }
    }
    changed
}

/// What the parser calls the dialect.
fn parser_of(dialect: Option<&Dialect>) -> &str {
    let own = dialect.and_then(|dialect| dialect.lineage().last());
    own.map_or("", String::as_str)
}

/// Follows one statement, when it defines something.
fn define(
    comments: &str,
    statement: &str,
    located: &Located,
    dialect: Option<&Dialect>,
    catalog: &mut Catalog,
) {
    let statement = statement.trim().trim_end_matches(';');
    let first = statement.split_whitespace().next().unwrap_or_default();
    let mut effects = declared(comments);
    effects.extend(declared(statement));
    if !effects.is_empty() {
        let mut known = Vec::new();
        for effect in effects {
            match portable::parse(effect, dialect) {
                Some(operations) => known.extend(operations),
                None if effect.eq_ignore_ascii_case("none") => {}
                None => return unknown(statement, located, catalog),
            }
        }
        for operation in &known {
            apply(operation, catalog);
        }
        return;
    }
    if first.eq_ignore_ascii_case("DO") {
        return unknown_block(statement, located, catalog);
    }
    let defines = ["CREATE", "ALTER", "DROP"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word));
    if !defines {
        return;
    }
    let view = attached::follow_view(statement, catalog);
    match portable::parse(statement, dialect) {
        Some(mut operations) => {
            for operation in &mut operations {
                cut_names(operation, catalog.naming());
                carry(operation, catalog);
            }
        }
        None if view => {}
        None if attached::follow(statement, catalog) => {}
        None if written::follow(statement, catalog) => {}
        None if renamed::follow(statement, catalog) => {}
        None if sequence::follow(statement, parser_of(dialect), catalog) => {}
        None => match without_cascade(statement).and_then(|text| portable::parse(text, dialect)) {
            Some(operations) => {
                for operation in &operations {
                    carry(operation, catalog);
                    if let Operation::DropTable { table, .. } = operation {
                        catalog.drop_references(table);
                    }
                }
            }
            None => unknown(statement, located, catalog),
        },
    }
}

/// Applies what a statement says as an operation, rows that are known with it.
fn carry(operation: &Operation, catalog: &mut Catalog) {
    let carried = rows::Carried::before(operation, catalog);
    apply(operation, catalog);
    if let Some(carried) = carried {
        carried.over(catalog);
    }
}

/// A statement that drops, without the CASCADE or RESTRICT at its end.
fn without_cascade(statement: &str) -> Option<&str> {
    let upper = statement.to_ascii_uppercase();
    let length = ["CASCADE CONSTRAINTS", "CASCADE", "RESTRICT"]
        .iter()
        .find_map(|word| upper.strip_suffix(word))?
        .len();
    statement.get(..length)
}

/// The beginning of a statement in one line.
fn excerpt(statement: &str) -> String {
    let words: Vec<&str> = statement.split_whitespace().take(80).collect();
    words.join(" ").chars().take(80).collect()
}

/// Notes that a statement could not be read, and what it may have changed.
fn unknown(statement: &str, located: &Located, catalog: &mut Catalog) {
    let taint = taint(statement, catalog);
    catalog.add_opaque(Opaque {
        excerpt: excerpt(statement).into(),
        location: located.location.clone(),
        reason: None,
        taint,
    });
}

/// The same of a block, if it may have changed a table.
fn unknown_block(statement: &str, located: &Located, catalog: &mut Catalog) {
    if taint(statement, catalog) != Taint::Nothing {
        unknown(statement, located, catalog);
    }
}

/// Names in SQL are as long as they are written; servers may keep less of them.
fn cut_names(operation: &mut Operation, naming: ServerNaming) {
    let cut = |name: &mut ConstraintName| match name {
        ConstraintName::None | ConstraintName::Invented(_) => {}
        ConstraintName::Given(ident) | ConstraintName::Final(ident) => *ident = naming.kept(ident),
    };
    match operation {
        Operation::CreateTable { table, .. } => {
            table.constraints.iter_mut().for_each(|c| cut(&mut c.name));
        }
        Operation::CreateIndex { index, .. } => cut(&mut index.name),
        Operation::AddConstraint { constraint, .. } => cut(&mut constraint.name),
        Operation::DropIndex { name, .. } | Operation::DropConstraint { name, .. } => cut(name),
        _ => {}
    }
}
