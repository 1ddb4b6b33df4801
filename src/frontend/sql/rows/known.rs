//! Statements executed over rows that are known: what a query gives, and what a table holds behind
//! an INSERT, UPDATE or DELETE.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use sqlparser::ast::{
    self, Assignment, AssignmentTarget, Expr, FromTable, SetExpr, Statement, TableFactor,
    TableObject,
};

use super::super::system::{self, Datum, Rows, World};
use super::spelled::{Spelled, spelled};
use super::{Binds, text};
use crate::catalog::{Catalog, ConstraintKind, Counting, KnownRows, TableName, key};
use crate::datatype::{DataType, Family};
use crate::dialect::SystemCatalogs;
use crate::expression::{BindParameter, Expr as Tree, ExprKind, Literal};
use crate::operation::Executable;

static NONE: LazyLock<SystemCatalogs> = LazyLock::new(SystemCatalogs::default);

/// What is known of a database but for its own catalog.
fn world<'a>(catalog: &'a Catalog, binds: &'a Binds) -> World<'a> {
    World {
        catalog,
        own: &NONE,
        default_schema: None,
        version_table: None,
        parser: "generic",
        spell: &|_| None,
        binds,
    }
}

/// The text of a statement with its parameters, where it is one that is looked into.
pub(super) fn text_of(statement: &Executable) -> Option<Spelled> {
    let plain = |sql: &str, binds: &[(Arc<str>, BindParameter)]| Spelled {
        sql: sql.to_owned(),
        is_own: true,
        binds: binds.to_vec(),
    };
    match statement {
        Executable::Str(sql) | Executable::Ddl(sql) | Executable::Verbatim(sql) => {
            Some(plain(sql, &[]))
        }
        Executable::Expr(expr) => match &expr.kind {
            ExprKind::Text(clause) => Some(plain(&clause.sql, &clause.binds)),
            ExprKind::TextualSelect { text, .. } => match &text.kind {
                ExprKind::Text(clause) => Some(plain(&clause.sql, &clause.binds)),
                _ => None,
            },
            _ => spelled(expr),
        },
        Executable::Output(_)
        | Executable::Manual(_)
        | Executable::CreateSequence(..)
        | Executable::DropSequence(..)
        | Executable::CreateDomain(_)
        | Executable::DropDomain(_)
        | Executable::CreateSchema(..)
        | Executable::DropSchema(..)
        | Executable::Operation(..) => None,
    }
}

impl Spelled {
    /// The statements of a part of the text.
    pub(super) fn parse(&self, part: &str, dialect: &str) -> Option<Vec<Statement>> {
        text::parse(part, if self.is_own { dialect } else { "generic" })
    }
}

/// What a query gives.
pub(super) fn query(statement: &Executable, dialect: &str, catalog: &Catalog) -> Option<Rows> {
    catalog.contents()?.has_rows().then_some(())?;
    let spelled = text_of(statement)?;
    let statements = spelled.parse(&spelled.sql, dialect)?;
    let [Statement::Query(query)] = statements.as_slice() else {
        return None;
    };
    let mut rows = system::select(query, &world(catalog, &spelled.binds))?;
    let types = match statement {
        Executable::Expr(expr) => types(expr),
        _ => Vec::new(),
    };
    for row in &mut rows.rows {
        for (at, cell) in row.iter_mut().enumerate() {
            let is_question = matches!(cell, Datum::Bool(_)) && asks(query, at);
            if !is_question && !is_read(cell, types.get(at)) {
                *cell = Datum::Unknown;
            }
        }
    }
    Some(rows)
}

/// Whether a column of a query says whether something is there.
fn asks(query: &ast::Query, at: usize) -> bool {
    let SetExpr::Select(select) = &*query.body else {
        return false;
    };
    let wildcard = |item: &ast::SelectItem| matches!(item, ast::SelectItem::Wildcard(_));
    let item = select
        .projection
        .get(at)
        .filter(|_| !select.projection.iter().any(wildcard));
    matches!(
        item,
        Some(
            ast::SelectItem::UnnamedExpr(Expr::Exists { .. })
                | ast::SelectItem::ExprWithAlias {
                    expr: Expr::Exists { .. },
                    ..
                }
        )
    )
}

/// The types of the columns that a SELECT has; none of a text.
fn types(expr: &Tree) -> Vec<DataType> {
    let ExprKind::Select(select) = &expr.kind else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for column in &select.columns {
        match &column.kind {
            ExprKind::From(from) => {
                let columns = from.columns().into_iter();
                found.extend(columns.map(|(_, column)| column.data_type.clone()));
            }
            _ => found.push(column.data_type.clone()),
        }
    }
    found
}

/// Whether a value comes back as it was put in: types of Python change theirs, and databases without
/// a boolean type give numbers where nothing says what they are.
fn is_read(cell: &Datum, data_type: Option<&DataType>) -> bool {
    let plain = |data_type: &DataType| data_type.processor.0.is_none();
    match (
        cell,
        data_type.map(|data_type| (data_type, data_type.affinity().family)),
    ) {
        (Datum::Null, Some((data_type, _))) => plain(data_type),
        (Datum::Null, None) => true,
        (Datum::Int(_), None | Some((_, Family::Null))) => true,
        (Datum::Text(_), None | Some((_, Family::Null))) => true,
        (Datum::Int(_), Some((data_type, Family::Integer)))
        | (Datum::Bool(_), Some((data_type, Family::Boolean)))
        | (Datum::Text(_), Some((data_type, Family::String | Family::Unicode))) => plain(data_type),
        _ => false,
    }
}

/// What a statement makes of the rows of a table.
pub(super) struct Change {
    /// The table.
    pub(super) table: TableName,
    /// What it holds afterwards; `None` where that is not known.
    pub(super) rows: Option<KnownRows>,
    /// How many rows were changed or put in, where it is known.
    pub(super) count: Option<usize>,
    /// Other tables whose rows may change along.
    pub(super) along: Vec<TableName>,
    /// The sequences that were drawn from, and what they give next.
    pub(super) drawn: Vec<(Arc<str>, i64)>,
}

/// What an INSERT, UPDATE or DELETE of one table does; `None` for other statements.
pub(super) fn change(
    statement: &Statement,
    binds: &Binds,
    catalog: &Catalog,
    counting: Counting,
) -> Option<Change> {
    let world = world(catalog, binds);
    match statement {
        Statement::Insert(insert) => {
            let TableObject::TableName(name) = &insert.table else {
                return None;
            };
            let table = text::table_name(name)?;
            let known = catalog.rows(&table, counting);
            let mut draws = Draws {
                catalog,
                counting,
                drawn: Vec::new(),
            };
            let rows = known.and_then(|known| inserted(insert, known, &world, &mut draws));
            let count = rows.as_ref().map(|(_, count)| *count);
            Some(Change {
                table,
                rows: rows.map(|(rows, _)| rows),
                count,
                along: Vec::new(),
                drawn: draws.drawn,
            })
        }
        Statement::Update(update) => {
            let table = text::relation(&update.table)?;
            let plain = update.from.is_none()
                && update.limit.is_none()
                && update.or.is_none()
                && update.output.is_none();
            let alias = alias(&update.table.relation);
            let known = catalog.rows(&table, counting).filter(|_| plain);
            let found = known.and_then(|known| {
                let values = &update.assignments;
                updated(values, update.selection.as_ref(), alias, known, &world)
            });
            Some(changed(table, found, catalog, |key| key.onupdate.is_some()))
        }
        Statement::Delete(delete) => {
            let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
            let [only] = from.as_slice() else {
                return None;
            };
            let table = text::relation(only).filter(|_| delete.tables.is_empty())?;
            let plain = delete.using.is_none() && delete.limit.is_none() && delete.output.is_none();
            let alias = alias(&only.relation);
            let known = catalog.rows(&table, counting).filter(|_| plain);
            let found = known.and_then(|mut known| {
                let gone = chosen(delete.selection.as_ref(), alias, &known, &world)?;
                let count = gone.len();
                known.delete(&gone);
                Some((known, count))
            });
            Some(changed(table, found, catalog, |key| key.ondelete.is_some()))
        }
        _ => None,
    }
}

fn changed(
    table: TableName,
    found: Option<(KnownRows, usize)>,
    catalog: &Catalog,
    passes_on: impl Fn(&crate::catalog::ForeignKey) -> bool,
) -> Change {
    let count = found.as_ref().map(|(_, count)| *count);
    let along = match count {
        Some(0) => Vec::new(),
        _ => referring(&table, catalog, passes_on),
    };
    Change {
        table,
        rows: found.map(|(rows, _)| rows),
        count,
        along,
        drawn: Vec::new(),
    }
}

/// The tables whose foreign keys change their rows along with those of a table, and theirs.
fn referring(
    table: &TableName,
    catalog: &Catalog,
    passes_on: impl Fn(&crate::catalog::ForeignKey) -> bool,
) -> Vec<TableName> {
    let mut found: Vec<TableName> = Vec::new();
    let mut seen: HashSet<String> = HashSet::from([table.name.name.to_lowercase()]);
    let mut next = vec![table.name.name.to_lowercase()];
    while let Some(referent) = next.pop() {
        for (_, other) in catalog.tables() {
            let inside = other.columns.iter().flat_map(|column| &column.constraints);
            let mut keys = other.constraints.iter().chain(inside);
            let refers = keys.any(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key) => {
                    key.referent.name.name.to_lowercase() == referent && passes_on(key)
                }
                _ => false,
            });
            let name = other.name.name.name.to_lowercase();
            if refers && seen.insert(name.clone()) {
                found.push(other.name.clone());
                next.push(name);
            }
        }
    }
    found
}

fn alias(factor: &TableFactor) -> Option<&str> {
    match factor {
        TableFactor::Table { name, alias, .. } => match alias {
            Some(alias) => Some(&alias.name.value),
            None => name.0.last()?.as_ident().map(|ident| &*ident.value),
        },
        _ => None,
    }
}

fn literal(datum: &Datum) -> Option<Literal> {
    match datum {
        Datum::Null => Some(Literal::Null),
        Datum::Bool(value) => Some(Literal::Bool(*value)),
        Datum::Int(number) => Some(Literal::Int(number.to_string().into())),
        Datum::Text(text) => Some(Literal::Str(Arc::clone(text))),
        _ => None,
    }
}

/// The numbers that a statement draws from sequences.
struct Draws<'a> {
    catalog: &'a Catalog,
    counting: Counting,
    drawn: Vec<(Arc<str>, i64)>,
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

fn inserted(
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

/// The positions of the rows for which a condition holds; `None` where it is not known of all.
fn chosen(
    condition: Option<&Expr>,
    alias: Option<&str>,
    known: &KnownRows,
    world: &World<'_>,
) -> Option<Vec<usize>> {
    let Some(condition) = condition else {
        return Some((0..known.rows().len()).collect());
    };
    let mut found = Vec::new();
    for (at, row) in known.rows().iter().enumerate() {
        if system::holds(condition, alias?, known.table(), row, world)? {
            found.push(at);
        }
    }
    Some(found)
}

/// Whether an expression names one of these columns.
fn names_any(expr: &Expr, names: &[&str]) -> bool {
    use std::ops::ControlFlow;
    let is_one = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    ast::visit_expressions(expr, |inner| {
        let found = match inner {
            Expr::Identifier(name) => is_one(&name.value),
            Expr::CompoundIdentifier(parts) => parts.last().is_some_and(|name| is_one(&name.value)),
            _ => false,
        };
        match found {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    })
    .is_break()
}

fn updated(
    assignments: &[Assignment],
    condition: Option<&Expr>,
    alias: Option<&str>,
    mut known: KnownRows,
    world: &World<'_>,
) -> Option<(KnownRows, usize)> {
    let chosen = chosen(condition, alias, &known, world)?;
    let mut changes = Vec::new();
    for at in &chosen {
        let row = known.rows().get(*at)?;
        let mut values = Vec::new();
        let mut assigned: Vec<&str> = Vec::new();
        for assignment in assignments {
            let AssignmentTarget::ColumnName(name) = &assignment.target else {
                return None;
            };
            // Which value a column has that was assigned before differs between databases.
            if names_any(&assignment.value, &assigned) {
                return None;
            }
            let name = &name.0.last()?.as_ident()?.value;
            assigned.push(name);
            let position = known.position(name)?;
            let value = system::of_row(&assignment.value, alias?, known.table(), row, world);
            values.push((position, literal(&value)));
        }
        changes.push(values);
    }
    for (at, values) in chosen.iter().zip(&changes) {
        known.update(*at, values);
    }
    let count = chosen.len();
    Some((known, count))
}
