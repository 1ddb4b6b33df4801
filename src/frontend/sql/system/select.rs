//! Executing a SELECT over relations.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlparser::ast::{
    Distinct, Expr, JoinConstraint, JoinOperator, LimitClause, ObjectName, OrderBy, Query, Select,
    SelectItem, SetExpr, TableFactor,
};

use super::datum::{Datum, Truth};
use super::{Rows, World, bound, relations};
use crate::catalog::{Counting, Row, Table, TableName};
use crate::expression::Ident;

/// Rows that may be looked at in one statement.
const BUDGET: usize = 200_000;
/// How deep queries may nest.
const DEPTH: usize = 16;

/// A relation.
#[derive(Clone)]
pub(super) struct Relation {
    columns: Vec<Arc<str>>,
    rows: Vec<Tuple>,
    /// Whether there are columns that are not listed.
    open: bool,
}

/// A row.
#[derive(Clone)]
pub(super) struct Tuple {
    pub(super) cells: Vec<Datum>,
    /// Whether it is not certain that it is there.
    pub(super) maybe: bool,
}

impl Relation {
    pub(super) fn new(columns: &[&str]) -> Self {
        Self {
            columns: columns.iter().map(|name| Arc::from(*name)).collect(),
            rows: Vec::new(),
            open: true,
        }
    }

    /// Adds a row. Cells at its end that are not given are not known.
    pub(super) fn add(&mut self, cells: Vec<Datum>) {
        self.push(cells, false);
    }

    /// Adds a row that may be there, once or any number of times.
    pub(super) fn maybe(&mut self, cells: Vec<Datum>) {
        self.push(cells, true);
    }

    fn push(&mut self, mut cells: Vec<Datum>, maybe: bool) {
        cells.resize(self.columns.len(), Datum::Unknown);
        self.rows.push(Tuple { cells, maybe });
    }

    /// Everything, when it is certain.
    pub(super) fn all(self) -> Option<Rows> {
        let certain = self.rows.iter().all(|row| !row.maybe);
        certain.then(|| Rows {
            columns: self.columns,
            rows: self.rows.into_iter().map(|row| row.cells).collect(),
            ordered: true,
        })
    }
}

/// What the names in an expression stand for: relations with one row each, and those of the query
/// around.
pub(super) struct Scope<'a> {
    pub(super) names: &'a [Named],
    pub(super) cells: &'a [Datum],
    pub(super) outer: Option<&'a Scope<'a>>,
}

/// A relation in FROM.
pub(super) struct Named {
    alias: String,
    columns: Vec<Arc<str>>,
    open: bool,
    /// Where its cells begin.
    start: usize,
}

impl Named {
    /// Where its cells end.
    pub(super) fn end(&self) -> usize {
        self.start + self.columns.len()
    }
}

impl Scope<'_> {
    /// The cell of a column; `None` when there is no such column in scope yet.
    pub(super) fn column(&self, relation: Option<&str>, name: &str) -> Option<Datum> {
        for named in self.names {
            if relation.is_some_and(|wanted| !named.alias.eq_ignore_ascii_case(wanted)) {
                continue;
            }
            let at = named
                .columns
                .iter()
                .position(|c| c.eq_ignore_ascii_case(name));
            if let Some(at) = at {
                return self.cells.get(named.start + at).cloned();
            }
        }
        let of = |named: &Named| relation.is_none_or(|r| named.alias.eq_ignore_ascii_case(r));
        if let Some(outer) = self.outer
            && let Some(found) = outer.column(relation, name)
        {
            return Some(found);
        }
        let unlisted = self.names.iter().any(|named| named.open && of(named));
        unlisted.then_some(Datum::Unknown)
    }
}

/// Executes the queries of one statement.
pub(super) struct Executor<'a> {
    pub(super) world: &'a World<'a>,
    budget: std::cell::Cell<usize>,
    depth: std::cell::Cell<usize>,
    tables: std::cell::RefCell<BTreeMap<String, Relation>>,
    /// Whether rows of a table were read, rather than of the database's own catalog.
    pub(super) reads_tables: std::cell::Cell<bool>,
}

impl<'a> Executor<'a> {
    pub(super) fn new(world: &'a World<'a>) -> Self {
        Self {
            world,
            budget: std::cell::Cell::new(BUDGET),
            depth: std::cell::Cell::new(0),
            tables: std::cell::RefCell::default(),
            reads_tables: std::cell::Cell::new(false),
        }
    }

    /// The rows of a query; `None` when they are not certain.
    pub(super) fn query(&self, query: &Query, outer: Option<&Scope<'_>>) -> Option<Rows> {
        self.deeper(|| self.rows_of(query, outer))
    }

    /// Does something one step deeper, unless that is too deep.
    pub(super) fn deeper<T>(&self, work: impl FnOnce() -> Option<T>) -> Option<T> {
        if self.depth.get() >= DEPTH {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let found = work();
        self.depth.set(self.depth.get() - 1);
        found
    }

    /// Whether a query has rows: one that is certain is enough.
    pub(super) fn exists(&self, query: &Query, scope: &Scope<'_>) -> Truth {
        let plain = query.with.is_none() && query.limit_clause.is_none();
        if let SetExpr::Select(select) = &*query.body
            && plain
            && Self::is_plain(select)
            && super::aggregate::counts(select).is_none()
        {
            if self.depth.get() >= DEPTH {
                return Truth::Unknown;
            }
            self.depth.set(self.depth.get() + 1);
            let found = self.from(select, Some(scope));
            self.depth.set(self.depth.get() - 1);
            return match found {
                Some((_, tuples)) if tuples.iter().any(|tuple| !tuple.maybe) => Truth::True,
                Some((_, tuples)) if tuples.is_empty() => Truth::False,
                _ => Truth::Unknown,
            };
        }
        match self.query(query, Some(scope)) {
            Some(rows) => Truth::of(!rows.rows.is_empty()),
            None => Truth::Unknown,
        }
    }

    /// Whether a SELECT has nothing but a list, FROM and WHERE.
    fn is_plain(select: &Select) -> bool {
        !super::group::groups(select)
            && select.top.is_none()
            && select.having.is_none()
            && select.into.is_none()
            && select.qualify.is_none()
    }

    fn rows_of(&self, query: &Query, outer: Option<&Scope<'_>>) -> Option<Rows> {
        if let Some(with) = &query.with {
            if with.recursive {
                return None;
            }
            for table in &with.cte_tables {
                let rows = self.query(&table.query, outer)?;
                let name = table.alias.name.value.to_ascii_lowercase();
                self.tables.borrow_mut().insert(name, closed(rows));
            }
        }
        let order = query.order_by.as_ref();
        let mut rows = match &*query.body {
            SetExpr::Select(select) => self.select(select, order, outer)?,
            SetExpr::Query(inner) if order.is_none() => self.query(inner, outer)?,
            SetExpr::SetOperation { .. } => self.united(&query.body, order, outer)?,
            _ => return None,
        };
        let (limit, offset) = match &query.limit_clause {
            None => (None, None),
            Some(LimitClause::LimitOffset {
                limit,
                offset,
                limit_by,
            }) if limit_by.is_empty() => (limit.as_ref(), offset.as_ref()),
            Some(_) => return None,
        };
        if query.fetch.is_some() || !query.pipe_operators.is_empty() {
            return None;
        }
        let certain = order.is_some() && rows.ordered;
        if let Some(offset) = offset {
            match self.evaluate(&offset.value, &empty(outer)) {
                Datum::Int(0) => {}
                Datum::Int(count) if count > 0 => {
                    let count = usize::try_from(count).ok()?;
                    // Which of several rows are passed over is not known.
                    let passed = count.min(rows.rows.len());
                    if passed < rows.rows.len() && !certain {
                        return None;
                    }
                    rows.rows.drain(..passed);
                }
                _ => return None,
            }
        }
        if let Some(limit) = limit {
            match self.evaluate(limit, &empty(outer)) {
                // Which of several rows are left is not known.
                Datum::Int(limit) if rows.rows.len() as i64 <= limit => {}
                Datum::Int(limit) if certain => {
                    rows.rows.truncate(usize::try_from(limit).ok()?);
                }
                Datum::Int(1) if rows.rows.windows(2).all(|two| two[0] == two[1]) => {
                    rows.rows.truncate(1);
                }
                _ => return None,
            }
        }
        Some(rows)
    }

    pub(super) fn select(
        &self,
        select: &Select,
        order: Option<&OrderBy>,
        outer: Option<&Scope<'_>>,
    ) -> Option<Rows> {
        if super::group::groups(select) {
            return self.grouped(select, order, outer);
        }
        if !Self::is_plain(select) {
            return None;
        }
        let (names, mut tuples) = self.from(select, outer)?;
        if let Some(counted) = self.count(select, &names, &tuples, outer) {
            return counted;
        }
        if tuples.iter().any(|tuple| tuple.maybe) {
            return None;
        }
        if self.reads_tables.get() {
            if let Some(found) = self.aggregated(select, &names, &tuples, outer) {
                return Some(found);
            }
            // A function of unknown kind may make one row of all.
            let scalar = |item: &SelectItem| match item {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                    super::aggregate::is_scalar(expr)
                }
                SelectItem::Wildcard(_) => true,
                _ => false,
            };
            if !select.projection.iter().all(scalar) {
                return None;
            }
        }
        let ordered = match order {
            Some(order) => {
                let aliases: Vec<(&str, &Expr)> = select
                    .projection
                    .iter()
                    .filter_map(|item| match item {
                        SelectItem::ExprWithAlias { expr, alias } => Some((&*alias.value, expr)),
                        _ => None,
                    })
                    .collect();
                self.sort(order, &aliases, &names, &mut tuples, outer)?
            }
            None => tuples.len() < 2 || !self.reads_tables.get(),
        };
        let mut columns = Vec::new();
        let mut rows: Vec<Vec<Datum>> = vec![Vec::new(); tuples.len()];
        for item in &select.projection {
            let (expr, name) = match item {
                SelectItem::UnnamedExpr(expr) => (expr, label(expr)),
                SelectItem::ExprWithAlias { expr, alias } => (expr, Arc::from(&*alias.value)),
                SelectItem::Wildcard(_) => {
                    for named in &names {
                        if named.open {
                            // Whatever else there is, the first ones decide whether there is a row.
                            columns.push(Arc::from("?"));
                            rows.iter_mut().for_each(|row| row.push(Datum::Unknown));
                        }
                        for (at, column) in named.columns.iter().enumerate() {
                            columns.push(Arc::clone(column));
                            for (row, tuple) in rows.iter_mut().zip(&tuples) {
                                row.push(tuple.cells.get(named.start + at)?.clone());
                            }
                        }
                    }
                    continue;
                }
                _ => return None,
            };
            columns.push(name);
            for (row, tuple) in rows.iter_mut().zip(&tuples) {
                let scope = Scope {
                    names: &names,
                    cells: &tuple.cells,
                    outer,
                };
                row.push(self.evaluate(expr, &scope));
            }
        }
        match &select.distinct {
            None | Some(Distinct::All) => {}
            Some(Distinct::Distinct) => rows = super::union::distinct(rows)?,
            Some(Distinct::On(_)) => return None,
        }
        Some(Rows {
            columns,
            rows,
            ordered,
        })
    }

    /// FROM, JOIN and WHERE: the rows that are left.
    pub(super) fn from(
        &self,
        select: &Select,
        outer: Option<&Scope<'_>>,
    ) -> Option<(Vec<Named>, Vec<Tuple>)> {
        let mut conditions: Vec<&Expr> = Vec::new();
        if let Some(condition) = &select.selection {
            split(condition, &mut conditions);
        }
        let mut factors: Vec<(&TableFactor, Option<&Expr>)> = Vec::new();
        for table in &select.from {
            factors.push((&table.relation, None));
            for join in &table.joins {
                match &join.join_operator {
                    JoinOperator::Join(constraint)
                    | JoinOperator::Inner(constraint)
                    | JoinOperator::CrossJoin(constraint) => {
                        match constraint {
                            JoinConstraint::On(condition) => split(condition, &mut conditions),
                            JoinConstraint::None => {}
                            JoinConstraint::Using(_) | JoinConstraint::Natural => return None,
                        }
                        factors.push((&join.relation, None));
                    }
                    JoinOperator::Left(JoinConstraint::On(condition))
                    | JoinOperator::LeftOuter(JoinConstraint::On(condition)) => {
                        factors.push((&join.relation, Some(condition)));
                    }
                    _ => return None,
                }
            }
        }
        let mut names: Vec<Named> = Vec::new();
        let mut tuples = vec![Tuple {
            cells: Vec::new(),
            maybe: false,
        }];
        for (factor, left) in factors {
            let (alias, relation) = self.relation(factor, outer)?;
            let relation = match left {
                None => self.narrowed(&alias, relation, &conditions, outer)?,
                Some(_) => relation,
            };
            let width = relation.columns.len();
            names.push(Named {
                alias,
                columns: relation.columns,
                open: relation.open,
                start: names.last().map_or(0, Named::end),
            });
            let mut joined = Vec::new();
            for tuple in &tuples {
                let mut matched = false;
                for row in &relation.rows {
                    self.spend()?;
                    let mut cells = tuple.cells.clone();
                    cells.extend(row.cells.iter().cloned());
                    let maybe = tuple.maybe || row.maybe;
                    let on: &[&Expr] = match &left {
                        Some(condition) => &[condition],
                        None => &conditions,
                    };
                    let scope = Scope {
                        names: &names,
                        cells: &cells,
                        outer,
                    };
                    match self.all(on, &scope, left.is_none()) {
                        Truth::True => {
                            matched |= !row.maybe;
                            joined.push(Tuple { cells, maybe });
                        }
                        Truth::False | Truth::Null => {}
                        Truth::Unknown if left.is_some() => return None,
                        Truth::Unknown => joined.push(Tuple { cells, maybe: true }),
                    }
                }
                if left.is_some() && !matched {
                    let mut cells = tuple.cells.clone();
                    cells.resize(cells.len() + width, Datum::Null);
                    joined.push(Tuple {
                        cells,
                        maybe: tuple.maybe,
                    });
                }
            }
            tuples = joined;
        }
        // What no relation decided: everything is in scope now.
        let mut kept = Vec::new();
        for tuple in tuples {
            let scope = Scope {
                names: &names,
                cells: &tuple.cells,
                outer,
            };
            match self.all(&conditions, &scope, false) {
                Truth::True => kept.push(tuple),
                Truth::False | Truth::Null => {}
                Truth::Unknown => kept.push(Tuple {
                    maybe: true,
                    ..tuple
                }),
            }
        }
        Some((names, kept))
    }

    /// The rows of a relation that its own conditions leave, so that joins have little to do.
    fn narrowed(
        &self,
        alias: &str,
        relation: Relation,
        conditions: &[&Expr],
        outer: Option<&Scope<'_>>,
    ) -> Option<Relation> {
        let names = [Named {
            alias: alias.to_owned(),
            columns: relation.columns.clone(),
            // A name that is not here may be of another relation.
            open: false,
            start: 0,
        }];
        let mut rows = Vec::new();
        for row in relation.rows {
            self.spend()?;
            let scope = Scope {
                names: &names,
                cells: &row.cells,
                outer,
            };
            match self.all(conditions, &scope, true) {
                Truth::False | Truth::Null => {}
                Truth::True | Truth::Unknown => rows.push(row),
            }
        }
        Some(Relation { rows, ..relation })
    }

    /// All of the conditions; with `skip`, those whose names are not all in scope yet hold.
    fn all(&self, conditions: &[&Expr], scope: &Scope<'_>, skip: bool) -> Truth {
        let mut result = Truth::True;
        for condition in conditions {
            if skip && !self.in_scope(condition, scope) {
                continue;
            }
            result = result.and(self.evaluate(condition, scope).truth());
            if result == Truth::False {
                break;
            }
        }
        result
    }

    fn relation(
        &self,
        factor: &TableFactor,
        outer: Option<&Scope<'_>>,
    ) -> Option<(String, Relation)> {
        match factor {
            TableFactor::Table {
                name, alias, args, ..
            } => {
                let parts: Option<Vec<&str>> = name
                    .0
                    .iter()
                    .map(|part| part.as_ident().map(|ident| &*ident.value))
                    .collect();
                let parts = parts?;
                let (schema, own) = match parts.as_slice() {
                    [own] => (None, *own),
                    [.., schema, own] => (Some(*schema), *own),
                    [] => return None,
                };
                let alias = alias.as_ref().map_or(own, |alias| &*alias.name.value);
                if let Some(args) = args {
                    return self
                        .function(own, args, outer)
                        .map(|r| (alias.to_owned(), r));
                }
                let table = self.tables.borrow().get(&own.to_ascii_lowercase()).cloned();
                let found = match table {
                    Some(table) if schema.is_none() => table,
                    _ => match self.known(schema, own) {
                        Some(table) => table,
                        None => relations::relation(self.world, schema, own)?,
                    },
                };
                Some((alias.to_owned(), found))
            }
            TableFactor::Derived {
                lateral: false,
                subquery,
                alias: Some(alias),
                ..
            } if alias.columns.is_empty() => {
                let rows = self.query(subquery, outer)?;
                Some((alias.name.value.clone(), closed(rows)))
            }
            _ => None,
        }
    }

    /// `pragma_table_info('t')`.
    fn function(
        &self,
        name: &str,
        args: &sqlparser::ast::TableFunctionArgs,
        outer: Option<&Scope<'_>>,
    ) -> Option<Relation> {
        let pragma = name.strip_prefix("pragma_")?;
        let [argument] = args.args.as_slice() else {
            return None;
        };
        match self.evaluate(super::expression::argument(argument)?, &empty(outer)) {
            Datum::Text(table) => relations::pragma(self.world, pragma, &table),
            _ => None,
        }
    }

    /// A table of the application, where its rows are known.
    fn known(&self, schema: Option<&str>, name: &str) -> Option<Relation> {
        let name = TableName {
            schema: schema.map(Ident::new),
            name: Ident::new(name),
        };
        let known = self.world.catalog.rows(&name, Counting::None)?;
        self.reads_tables.set(true);
        let columns = known.table().columns.iter();
        Some(Relation {
            columns: columns
                .map(|column| Arc::clone(&column.name.name))
                .collect(),
            rows: known
                .rows()
                .iter()
                .map(|row| Tuple {
                    cells: cells(row),
                    maybe: false,
                })
                .collect(),
            open: false,
        })
    }

    /// What a function makes of the names of one row of a table.
    pub(super) fn over_row<T>(
        &self,
        alias: &str,
        table: &Table,
        row: &Row,
        run: impl FnOnce(&Scope<'_>) -> T,
    ) -> T {
        let columns = table.columns.iter();
        let names = [Named {
            alias: alias.to_owned(),
            columns: columns
                .map(|column| Arc::clone(&column.name.name))
                .collect(),
            open: false,
            start: 0,
        }];
        let cells = cells(row);
        run(&Scope {
            names: &names,
            cells: &cells,
            outer: None,
        })
    }

    /// Notes that a row was looked at; `None` where that is too many.
    pub(super) fn spend(&self) -> Option<()> {
        let left = self.budget.get().checked_sub(1)?;
        self.budget.set(left);
        Some(())
    }
}

fn cells(row: &Row) -> Vec<Datum> {
    let cells = row.iter();
    cells
        .map(|cell| cell.as_ref().map_or(Datum::Unknown, bound))
        .collect()
}

/// A scope without relations of its own.
pub(super) fn empty<'a>(outer: Option<&'a Scope<'a>>) -> Scope<'a> {
    Scope {
        names: &[],
        cells: &[],
        outer,
    }
}

fn closed(rows: Rows) -> Relation {
    let tuples = rows.rows.into_iter().map(|cells| Tuple {
        cells,
        maybe: false,
    });
    Relation {
        rows: tuples.collect(),
        columns: rows.columns,
        open: false,
    }
}

/// The parts of a condition that are joined by AND.
fn split<'a>(condition: &'a Expr, parts: &mut Vec<&'a Expr>) {
    match condition {
        Expr::BinaryOp {
            left,
            op: sqlparser::ast::BinaryOperator::And,
            right,
        } => {
            split(left, parts);
            split(right, parts);
        }
        Expr::Nested(inner) => split(inner, parts),
        other => parts.push(other),
    }
}

/// What a column of the result is called.
pub(super) fn label(expr: &Expr) -> Arc<str> {
    match expr {
        Expr::Identifier(name) => Arc::from(&*name.value),
        Expr::CompoundIdentifier(parts) => Arc::from(parts.last().map_or("", |part| &*part.value)),
        Expr::Function(function) => {
            let name = plain(&function.name).unwrap_or_default();
            Arc::from(name.to_ascii_lowercase())
        }
        Expr::Exists { .. } => Arc::from("exists"),
        Expr::Cast { expr, .. } => label(expr),
        _ => Arc::from("?column?"),
    }
}

/// The last part of a name.
pub(super) fn plain(name: &ObjectName) -> Option<String> {
    let last = name.0.last()?.as_ident()?;
    Some(last.value.clone())
}
