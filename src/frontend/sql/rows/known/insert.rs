//! INSERT: the values of new rows, and the numbers that they draw from sequences.

use std::sync::Arc;

use sqlparser::ast::{self, Expr, SetExpr};

use super::literal;
use crate::catalog::{Catalog, Counting, KnownRows, TableName, key};
use crate::expression::Literal;
use crate::frontend::sql::system::{self, Datum, World};

/// The numbers that a statement draws from sequences.
pub(super) struct Draws<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) counting: Counting,
    pub(super) drawn: Vec<(Arc<str>, i64)>,
}

/// A value of an INSERT.
enum Given {
    Value(Option<Literal>),
    /// Of a sequence that there is not: the table counts by itself.
    Nothing,
}

impl Draws<'_> {
    /// The value of `nextval('name')`, or of any other expression.
    fn value(&mut self, expr: &Expr, world: &World<'_>) -> Given {
        let Some(name) = sequence_of(expr, world) else {
            return Given::Value(literal(&system::value(expr, world)));
        };
        let plain = TableName {
            schema: None,
            name: crate::expression::Ident::new(&*name),
        };
        let Some(sequence) = self.catalog.sequence(&key(&plain)) else {
            return Given::Nothing;
        };
        let options = &sequence.options;
        if self.counting == Counting::None || !matches!(options.increment, None | Some(1)) {
            return Given::Value(None);
        }
        let first = options.start.or(options.minvalue).unwrap_or(1);
        let mut drawn = self.drawn.iter_mut();
        let next = match drawn.find(|(known, _)| *known == name) {
            Some((_, next)) => Some(next),
            None => {
                let next = self
                    .catalog
                    .contents()
                    .and_then(|c| c.next_of(&name, first));
                next.map(|next| {
                    self.drawn.push((name, next));
                    let at = self.drawn.len() - 1;
                    &mut self.drawn[at].1
                })
            }
        };
        Given::Value(next.map(|next| {
            let value = *next;
            *next = next.saturating_add(1);
            Literal::Int(value.to_string().into())
        }))
    }
}

/// The sequence of `nextval('name')`.
fn sequence_of(expr: &Expr, world: &World<'_>) -> Option<Arc<str>> {
    let Expr::Function(function) = expr else {
        return None;
    };
    let name = function.name.0.last()?.as_ident()?;
    let ast::FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(argument))] = list.args.as_slice()
    else {
        return None;
    };
    if !name.value.eq_ignore_ascii_case("nextval") {
        return None;
    }
    match system::value(argument, world) {
        Datum::Text(text) => Some(text),
        _ => None,
    }
}

/// What a table holds behind an INSERT, and how many rows it put in.
pub(super) fn inserted(
    insert: &ast::Insert,
    mut known: KnownRows,
    world: &World<'_>,
    draws: &mut Draws<'_>,
) -> Option<(KnownRows, usize)> {
    let plain = insert.or.is_none()
        && !insert.ignore
        && !insert.replace_into
        && !insert.overwrite
        && insert.on.is_none()
        && insert.output.is_none()
        && insert.partitioned.is_none()
        && insert.assignments.is_empty();
    let source = insert.source.as_deref().filter(|_| plain)?;
    let names: Option<Vec<usize>> = match insert.columns.as_slice() {
        [] => Some((0..known.table().columns.len()).collect()),
        columns => columns
            .iter()
            .map(|name| known.position(&name.0.last()?.as_ident()?.value))
            .collect(),
    };
    let names = names?;
    let rows: Vec<Vec<Given>> = match &*source.body {
        SetExpr::Values(values) => values
            .rows
            .iter()
            .map(|row| {
                let cells = row.iter();
                cells.map(|value| draws.value(value, world)).collect()
            })
            .collect(),
        _ => {
            let found = system::select(source, world)?;
            // The order of several decides which keys they get.
            let gives = known
                .counted()
                .and_then(|name| known.position(&name))
                .is_some_and(|at| !names.contains(&at));
            if gives && found.rows.len() > 1 {
                return None;
            }
            let rows = found.rows.iter();
            rows.map(|row| row.iter().map(|cell| Given::Value(literal(cell))).collect())
                .collect()
        }
    };
    let count = rows.len();
    for row in rows {
        if row.len() > names.len() {
            return None;
        }
        let given = names
            .iter()
            .copied()
            .zip(row)
            .filter_map(|(at, given)| match given {
                Given::Value(value) => Some((at, value)),
                Given::Nothing => None,
            });
        let given: Vec<(usize, Option<Literal>)> = given.collect();
        known.insert(&given).then_some(())?;
    }
    Some((known, count))
}
