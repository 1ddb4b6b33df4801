//! What statements do to rows, as far as it is known when the database began empty: which tables
//! are written, and which queries have an answer that no database is needed for.

mod carried;
mod code;
mod expression;
mod functions;
mod known;
mod shape;
mod spelled;
mod text;

use std::sync::Arc;

pub use self::carried::Carried;
pub(super) use self::functions::is_scalar;
pub(super) use self::text::{parse, table_name};

use self::functions::aggregate;
use self::shape::Query;
use super::system::{self, Rows, World};
use crate::catalog::{Catalog, Contents, Counting, Doubt, KnownRows, TableName, key};
use crate::expression::{
    BindParameter, ColumnDefault, ExprKind, Literal, TableClause, TableColumn,
};
use crate::frontend::sql::split;
use crate::operation::{Executable, Located, Operation, RowValue};
use crate::source::Location;

/// What a query gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// No rows.
    NoRows,
    /// One row.
    Row(Vec<Cell>),
    /// Rows of the database's own catalog, or of tables whose rows are known.
    Rows(Rows),
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
    /// `UPDATE`, `DELETE`, `TRUNCATE` of tables that are not told apart: no row is new.
    Changes,
    /// A definition of a function, procedure, trigger or rule that may write anywhere.
    Routine,
    /// A definition of one that puts rows into no table but those that count as written.
    Code,
    /// Neither rows nor routines.
    Nothing,
    /// Whatever it likes.
    Anything,
}

impl Effect {
    /// Whether it is a change that meets no rows.
    fn changes_nothing(&self, catalog: &Catalog) -> bool {
        match self {
            Self::Insert(_, Some(query)) => query.answer(catalog) == Some(Answer::NoRows),
            Self::Change(table) => catalog.is_empty_table(table),
            Self::Insert(_, None)
            | Self::Query(_)
            | Self::Changes
            | Self::Routine
            | Self::Code
            | Self::Nothing
            | Self::Anything => false,
        }
    }
}

/// The parameters of a text, by their names.
type Binds = [(Arc<str>, BindParameter)];

/// The text of a statement and the values of its parameters, where it may be a question about the
/// database's own catalog.
fn question(statement: &Executable) -> Option<(&str, &Binds)> {
    let sql = statement.text()?;
    system::mentions(sql).then(|| (&**sql, statement.parameters()))
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

/// What a query gives, when that is known of a database that began empty.
pub fn answer(statement: &Executable, dialect: &str, catalog: &Catalog) -> Option<Answer> {
    catalog.contents()?;
    let mut effects = effects(statement, dialect);
    let effect = effects.pop().filter(|_| effects.is_empty())?;
    match effect {
        Effect::Query(query) => query.answer(catalog).or_else(|| {
            let rows = known::query(statement, dialect, catalog)?;
            Some(Answer::Rows(rows))
        }),
        Effect::Change(_)
        | Effect::Insert(..)
        | Effect::Changes
        | Effect::Routine
        | Effect::Code
        | Effect::Nothing
        | Effect::Anything => None,
    }
}

/// What each statement of a text makes of the rows of a table, where it is one that does and is
/// understood.
fn changes(
    statement: &Executable,
    dialect: &str,
    catalog: &Catalog,
    counting: Counting,
) -> Vec<Option<known::Change>> {
    let Some(spelled) = known::text_of(statement) else {
        return vec![None];
    };
    let pieces = split(&spelled.sql).into_iter();
    let pieces = pieces.filter_map(|piece| spelled.sql.get(piece.statement));
    pieces
        .filter(|text| !text.trim().is_empty())
        .map(|text| match spelled.parse(text, dialect)?.as_slice() {
            [only] => known::change(only, &spelled, catalog, counting),
            _ => None,
        })
        .collect()
}

/// Why it is not known of a database that began empty what the query gives.
pub fn doubt(statement: &Executable, dialect: &str, catalog: &Catalog) -> Option<Doubt> {
    catalog.contents()?;
    let mut effects = effects(statement, dialect);
    match effects.pop().filter(|_| effects.is_empty())? {
        Effect::Query(query) => query.doubt(catalog),
        Effect::Change(table) => catalog.doubt(&table),
        Effect::Insert(_, query) => query?.doubt(catalog),
        Effect::Changes | Effect::Routine | Effect::Code | Effect::Nothing | Effect::Anything => {
            Some(Doubt {
                what: "the statement asks the server for what no table holds".to_owned(),
                by: None,
            })
        }
    }
}

/// What an operation does to rows.
#[derive(Default)]
pub struct Followed {
    /// What tables held before it, to be carried over behind it.
    pub carried: Option<Carried>,
    /// How many rows its statement changed or put in, where it is one that does and that is known.
    pub changed: Option<usize>,
}

/// Keeps the catalog's account of written tables up to date. To be called before the operation is
/// applied to it; what is carried over, behind that.
pub fn follow(
    located: &Located,
    dialect: &str,
    counting: Counting,
    catalog: &mut Catalog,
) -> Followed {
    if catalog.contents().is_none() {
        return Followed::default();
    }
    let by = located.location.as_ref();
    match &located.operation {
        Operation::BulkInsert { table, rows, .. } if !rows.is_empty() => {
            let name = TableName {
                schema: table.schema.clone(),
                name: table.name.clone(),
            };
            let held = bulk(&name, table, rows, catalog, counting);
            write(catalog, &name, held, by);
        }
        Operation::Execute { statement } => {
            return Followed {
                carried: None,
                changed: executed(statement, dialect, counting, by, catalog),
            };
        }
        _ => {}
    }
    Followed {
        carried: Carried::before(&located.operation, catalog),
        changed: None,
    }
}

/// What a table holds behind `op.bulk_insert`.
fn bulk(
    name: &TableName,
    clause: &TableClause,
    rows: &[Vec<(Arc<str>, RowValue)>],
    catalog: &Catalog,
    counting: Counting,
) -> Option<KnownRows> {
    let mut held = catalog.rows(name, counting)?;
    // What is filled in beside: a value, or what the server works out.
    let mut filled: Vec<(&TableColumn, Option<Literal>)> = Vec::new();
    for column in &clause.columns {
        match &column.default {
            None => {}
            Some(ColumnDefault::Sequence(schema, name)) => {
                let name = TableName {
                    schema: schema.clone(),
                    name: name.clone(),
                };
                let has =
                    |row: &Vec<(Arc<str>, RowValue)>| row.iter().any(|(key, _)| *key == column.key);
                if catalog.sequence(&key(&name)).is_some() && !rows.iter().all(has) {
                    return None;
                }
            }
            Some(ColumnDefault::Value(value)) => filled.push((column, Some(value.clone()))),
            Some(ColumnDefault::Sql(_) | ColumnDefault::Python) => filled.push((column, None)),
        }
    }
    for row in rows {
        let mut given = Vec::new();
        for (key, value) in row {
            let mut columns = clause.columns.iter();
            let column = columns.find(|column| column.key == *key);
            let name = column.map_or(key, |column| &column.name.name);
            let value = match value {
                RowValue::Literal(value) => Some(value.clone()),
                RowValue::Expr(_) => None,
            };
            given.push((held.position(name)?, value));
        }
        for (column, value) in &filled {
            if !row.iter().any(|(key, _)| *key == column.key) {
                given.push((held.position(&column.name.name)?, value.clone()));
            }
        }
        held.insert(&given).then_some(())?;
    }
    Some(held)
}

/// Follows the statements of a text; how many rows its only one changed.
fn executed(
    statement: &Executable,
    dialect: &str,
    counting: Counting,
    by: Option<&Location>,
    catalog: &mut Catalog,
) -> Option<usize> {
    let effects = effects(statement, dialect);
    let mut count = None;
    let is_change = |effect: &Effect| matches!(effect, Effect::Insert(..) | Effect::Change(_));
    let several = effects.len() > 1;
    for effect in &effects {
        if effect.changes_nothing(catalog) {
            count = (!several).then_some(0);
            continue;
        }
        // One statement at a time is executed over rows; each of several would need the rows behind
        // the one before.
        let found = match is_change(effect) && !several {
            true => changes(statement, dialect, catalog, counting)
                .pop()
                .flatten(),
            false => None,
        };
        if !several {
            count = found.as_ref().and_then(|change| change.count);
        }
        match found {
            Some(change) => {
                let forgotten = change.along;
                match (change.count, change.rows) {
                    (Some(0), _) => {}
                    (_, rows) => {
                        let new = matches!(effect, Effect::Insert(..));
                        if new || !catalog.is_empty_table(&change.table) {
                            write(catalog, &change.table, rows, by);
                        }
                    }
                }
                if let Some(contents) = catalog.contents_mut() {
                    for table in forgotten {
                        contents.forget(&table.name.name);
                    }
                    for (sequence, next) in change.drawn {
                        contents.draw(&sequence, next);
                    }
                }
            }
            None => apply(effect, by, catalog),
        }
    }
    // What an expression draws is followed.
    if statement.text().is_some_and(|text| sets_numbers(text)) {
        tell(catalog, Contents::set_sequences);
    }
    count
}

/// Whether a text may say what numbers rows get next.
fn sets_numbers(sql: &str) -> bool {
    const WORDS: &[&str] = &[
        "setval",
        "nextval",
        "restart",
        "auto_increment",
        "checkident",
        "sqlite_sequence",
        "identity_insert",
        "alter sequence",
        "drop sequence",
    ];
    let lower = sql.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// Rows were put into a table, or changed in it, which then holds these where they are known.
fn write(catalog: &mut Catalog, table: &TableName, rows: Option<KnownRows>, by: Option<&Location>) {
    // What is put into a view is put into tables.
    let is_view = catalog.view(&key(table)).is_some();
    if let Some(contents) = catalog.contents_mut() {
        match rows {
            Some(rows) => contents.write_rows(&table.name.name, rows, by),
            None if is_view => contents.write_anything(by),
            None => {
                contents.write(&table.name.name, by);
                contents.forget(&table.name.name);
            }
        }
    }
}

fn tell(catalog: &mut Catalog, change: impl FnOnce(&mut Contents)) {
    if let Some(contents) = catalog.contents_mut() {
        change(contents);
    }
}

fn apply(effect: &Effect, by: Option<&Location>, catalog: &mut Catalog) {
    match effect {
        // Only a function that is called for its own sake may be one that writes.
        Effect::Query(query) => {
            if query.is_unknown() {
                tell(catalog, |contents| {
                    contents.call();
                    contents.forget_all();
                });
            }
        }
        Effect::Insert(table, _) => write(catalog, table, None, by),
        // What refers to it may change along.
        Effect::Change(_) => tell(catalog, Contents::forget_all),
        Effect::Changes => tell(catalog, Contents::forget_all),
        Effect::Routine => tell(catalog, |contents| contents.create_routine(by)),
        Effect::Code => tell(catalog, Contents::change_along),
        Effect::Anything => tell(catalog, |contents| contents.write_anything(by)),
        Effect::Nothing => {}
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
