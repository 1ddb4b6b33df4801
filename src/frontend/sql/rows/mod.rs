//! What statements do to rows, as far as it is known when the database began empty: which tables
//! are written, and which queries have an answer that no database is needed for.

mod code;
mod expression;
mod shape;
mod text;

use std::sync::Arc;

pub(super) use self::text::parse;

use self::shape::Query;
use super::system::{self, Rows, World};
use crate::catalog::{Catalog, Contents, Doubt, TableName};
use crate::expression::{BindParameter, ExprKind};
use crate::operation::{Executable, Located, Operation};
use crate::source::Location;

/// What a query gives, or what a statement changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// No rows.
    NoRows,
    /// One row.
    Row(Vec<Cell>),
    /// Rows of the database's own catalog.
    Rows(Rows),
    /// `UPDATE` or `DELETE` of no rows, `INSERT` of none.
    NothingChanged,
}

/// A value of a row that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// `count(…)` over nothing.
    Zero,
    /// Another aggregate over nothing.
    Null,
    /// `EXISTS (…)`.
    Bool(bool),
}

/// What a statement does to rows.
#[derive(Clone, Debug)]
enum Effect {
    /// It reads.
    Query(Query),
    /// `INSERT`, `MERGE`, `COPY`; with the query that the rows come from.
    Insert(TableName, Option<Query>),
    /// `UPDATE`, `DELETE`: no row is new.
    Change(TableName),
    /// A definition of a function, procedure, trigger or rule.
    Routine,
    /// Neither rows nor routines.
    Nothing,
    /// Whatever it likes.
    Anything,
}

/// The parameters of a text, by their names.
type Binds = [(Arc<str>, BindParameter)];

/// The text of a statement and the values of its parameters, where it may be a question about the
/// database's own catalog.
fn question(statement: &Executable) -> Option<(&str, &Binds)> {
    let (sql, binds) = match statement {
        Executable::Str(sql) | Executable::Ddl(sql) => (sql, &[] as &[_]),
        Executable::Expr(expr) => match &expr.kind {
            ExprKind::Text(clause) => (&clause.sql, clause.binds.as_slice()),
            _ => return None,
        },
        _ => return None,
    };
    system::mentions(sql).then_some((sql, binds))
}

/// Whether a statement may be a question about the database's own catalog, as few are.
pub fn is_question(statement: &Executable) -> bool {
    question(statement).is_some()
}

/// What a query on the database's own catalog gives, as far as the replayed schema tells.
pub fn described(statement: &Executable, world: &World<'_>) -> Option<Answer> {
    let (sql, binds) = question(statement)?;
    let world = World {
        binds,
        default_schema: world.default_schema.clone(),
        version_table: world.version_table.clone(),
        ..*world
    };
    system::answer(sql, &world).map(Answer::Rows)
}

/// What the statement gives or changes, when that is known of a database that began empty.
pub fn answer(statement: &Executable, dialect: &str, catalog: &Catalog) -> Option<Answer> {
    catalog.contents()?;
    let mut effects = effects(statement, dialect);
    let effect = effects.pop().filter(|_| effects.is_empty())?;
    match effect {
        Effect::Query(query) => query.answer(catalog),
        Effect::Change(table) => catalog
            .is_empty_table(&table)
            .then_some(Answer::NothingChanged),
        Effect::Insert(_, Some(query)) => {
            (query.answer(catalog)? == Answer::NoRows).then_some(Answer::NothingChanged)
        }
        Effect::Insert(_, None) | Effect::Routine | Effect::Nothing | Effect::Anything => None,
    }
}

/// Why it is not known of a database that began empty what the query gives.
pub fn doubt(statement: &Executable, dialect: &str, catalog: &Catalog) -> Option<Doubt> {
    catalog.contents()?;
    let mut effects = effects(statement, dialect);
    match effects.pop().filter(|_| effects.is_empty())? {
        Effect::Query(query) => query.doubt(catalog),
        Effect::Change(table) => catalog.doubt(&table),
        Effect::Insert(_, query) => query?.doubt(catalog),
        Effect::Routine | Effect::Nothing | Effect::Anything => Some(Doubt {
            what: "the statement asks the server for what no table holds".to_owned(),
            by: None,
        }),
    }
}

/// Keeps the catalog's account of written tables up to date. To be called before the operation is
/// applied to it.
pub fn follow(located: &Located, dialect: &str, catalog: &mut Catalog) {
    if catalog.contents().is_none() {
        return;
    }
    let by = located.location.as_ref();
    match &located.operation {
        Operation::BulkInsert { table, rows, .. } if !rows.is_empty() => {
            write(catalog, |contents| contents.write(&table.name.name, by));
        }
        Operation::RenameTable { table, new_name } => {
            write(catalog, |contents| {
                contents.rename(&table.name.name, &new_name.name);
            });
        }
        Operation::Execute { statement } => {
            for effect in effects(statement, dialect) {
                apply(&effect, by, catalog);
            }
        }
        _ => {}
    }
}

fn write(catalog: &mut Catalog, change: impl FnOnce(&mut Contents)) {
    if let Some(contents) = catalog.contents_mut() {
        change(contents);
    }
}

fn apply(effect: &Effect, by: Option<&Location>, catalog: &mut Catalog) {
    match effect {
        // Only a function that is called for its own sake may be one that writes.
        Effect::Query(query) => {
            if query.is_unknown() {
                write(catalog, Contents::call);
            }
        }
        Effect::Insert(table, query) => {
            let nothing = query
                .as_ref()
                .is_some_and(|query| query.answer(catalog) == Some(Answer::NoRows));
            if !nothing {
                write(catalog, |contents| contents.write(&table.name.name, by));
            }
        }
        Effect::Routine => write(catalog, |contents| contents.create_routine(by)),
        Effect::Anything => write(catalog, |contents| contents.write_anything(by)),
        Effect::Change(_) | Effect::Nothing => {}
    }
}

fn effects(statement: &Executable, dialect: &str) -> Vec<Effect> {
    match statement {
        Executable::Str(sql)
        | Executable::Ddl(sql)
        | Executable::Verbatim(sql)
        | Executable::Output(sql) => text::effects(sql, dialect),
        Executable::Expr(expr) => match &expr.kind {
            ExprKind::Text(clause) => text::effects(&clause.sql, dialect),
            _ => vec![expression::effect(expr, dialect)],
        },
        Executable::Manual(_) => vec![Effect::Anything],
        Executable::CreateSequence(..)
        | Executable::DropSequence(..)
        | Executable::CreateDomain(_)
        | Executable::DropDomain(_)
        | Executable::CreateSchema(..)
        | Executable::DropSchema(..)
        | Executable::Operation(..) => vec![Effect::Nothing],
    }
}

/// What an aggregate function gives over no rows; `None` for other functions.
fn aggregate(name: &str) -> Option<Cell> {
    const OTHERS: &[&str] = &[
        "array_agg",
        "avg",
        "bit_and",
        "bit_or",
        "bool_and",
        "bool_or",
        "every",
        "json_agg",
        "jsonb_agg",
        "json_object_agg",
        "jsonb_object_agg",
        "max",
        "min",
        "string_agg",
        "sum",
    ];
    if name.eq_ignore_ascii_case("count") {
        return Some(Cell::Zero);
    }
    OTHERS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
        .then_some(Cell::Null)
}

/// Whether a function is known to be no aggregate.
fn is_scalar(name: &str) -> bool {
    const KNOWN: &[&str] = &[
        "abs",
        "cast",
        "ceil",
        "char_length",
        "coalesce",
        "concat",
        "date",
        "date_part",
        "date_trunc",
        "datetime",
        "floor",
        "gen_random_uuid",
        "greatest",
        "hex",
        "ifnull",
        "instr",
        "json_array",
        "json_build_object",
        "json_extract",
        "json_object",
        "jsonb_build_object",
        "least",
        "left",
        "length",
        "lower",
        "lpad",
        "ltrim",
        "md5",
        "now",
        "nullif",
        "random",
        "randomblob",
        "regexp_replace",
        "replace",
        "right",
        "round",
        "row_number",
        "rpad",
        "rtrim",
        "split_part",
        "strftime",
        "strpos",
        "substr",
        "substring",
        "to_char",
        "to_json",
        "to_jsonb",
        "to_timestamp",
        "trim",
        "upper",
        "uuid_generate_v4",
    ];
    KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))
}
