//! `GROUP BY` and `HAVING`: one row for each group of rows.

use std::sync::Arc;

use sqlparser::ast::{Expr, GroupByExpr, OrderBy, Select, SelectItem, UnaryOperator};

use super::Rows;
use super::aggregate::aggregate;
use super::datum::{Datum, Truth};
use super::select::{Executor, Named, Scope, Tuple, empty, label};

/// Whether a SELECT makes groups of its rows.
pub(super) fn groups(select: &Select) -> bool {
    match &select.group_by {
        GroupByExpr::Expressions(keys, modifiers) => !keys.is_empty() || !modifiers.is_empty(),
        GroupByExpr::All(_) => true,
    }
}

/// Rows that agree in the keys.
struct Group<'t> {
    keys: Vec<Datum>,
    tuples: Vec<&'t Tuple>,
}

/// What the groups of a SELECT have in common.
struct Grouping<'a> {
    keys: Vec<&'a Expr>,
    names: &'a [Named],
    outer: Option<&'a Scope<'a>>,
}

impl Executor<'_> {
    /// The rows of a SELECT with groups; `None` where they are not certain, as where databases may
    /// group otherwise.
    pub(super) fn grouped(
        &self,
        select: &Select,
        order: Option<&OrderBy>,
        outer: Option<&Scope<'_>>,
    ) -> Option<Rows> {
        let plain = select.top.is_none()
            && select.distinct.is_none()
            && select.into.is_none()
            && select.qualify.is_none();
        let GroupByExpr::Expressions(keys, modifiers) = &select.group_by else {
            return None;
        };
        if !plain || !modifiers.is_empty() {
            return None;
        }
        let (names, tuples) = self.from(select, outer)?;
        if !self.reads_tables.get() || tuples.iter().any(|tuple| tuple.maybe) {
            return None;
        }
        let mut items: Vec<(Arc<str>, &Expr)> = Vec::new();
        let mut aliases: Vec<(&str, &Expr)> = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(expr) => items.push((label(expr), expr)),
                SelectItem::ExprWithAlias { expr, alias } => {
                    items.push((Arc::from(&*alias.value), expr));
                    aliases.push((&alias.value, expr));
                }
                _ => return None,
            }
        }
        let cells = vec![Datum::Unknown; names.last().map_or(0, Named::end)];
        let columns = Scope {
            names: &names,
            cells: &cells,
            outer,
        };
        let mut grouping = Grouping {
            keys: Vec::new(),
            names: &names,
            outer,
        };
        for key in keys {
            grouping.keys.push(match key {
                // The number of a column.
                Expr::Value(_) => return None,
                // A column comes before what has its name in the list.
                Expr::Identifier(name) if columns.column(None, &name.value).is_none() => {
                    let mut own = aliases.iter();
                    own.find(|(alias, _)| alias.eq_ignore_ascii_case(&name.value))?
                        .1
                }
                other => other,
            });
        }
        let mut groups = self.collected(&grouping, &tuples)?;
        if let Some(condition) = &select.having {
            let mut left = Vec::new();
            for group in groups {
                match self.of_group(condition, &group, &grouping).truth() {
                    Truth::True => left.push(group),
                    Truth::False | Truth::Null => {}
                    Truth::Unknown => return None,
                }
            }
            groups = left;
        }
        let mut ordered = groups.len() < 2;
        if let Some(order) = order {
            (groups, ordered) = self.ranked(order, &aliases, groups, |expr, group| {
                self.of_group(expr, group, &grouping)
            })?;
        }
        let rows = groups.iter().map(|group| {
            let cells = items.iter();
            cells
                .map(|(_, expr)| self.of_group(expr, group, &grouping))
                .collect()
        });
        Some(Rows {
            rows: rows.collect(),
            columns: items.iter().map(|(name, _)| Arc::clone(name)).collect(),
            ordered,
        })
    }

    /// The groups, in the order of their first rows.
    fn collected<'t>(&self, of: &Grouping<'_>, tuples: &'t [Tuple]) -> Option<Vec<Group<'t>>> {
        let mut groups: Vec<Group<'t>> = Vec::new();
        for tuple in tuples {
            let scope = Scope {
                names: of.names,
                cells: &tuple.cells,
                outer: of.outer,
            };
            let keys = of.keys.iter().map(|key| self.evaluate(key, &scope));
            let keys: Vec<Datum> = keys.collect();
            if !keys.iter().all(Datum::is_known) {
                return None;
            }
            let mut own = None;
            for (at, group) in groups.iter().enumerate() {
                self.spend()?;
                match agree(&group.keys, &keys) {
                    Truth::True => own = Some(at),
                    Truth::False | Truth::Null => {}
                    // Whether two are one may depend on the database.
                    Truth::Unknown => return None,
                }
            }
            match own.and_then(|at| groups.get_mut(at)) {
                Some(group) => group.tuples.push(tuple),
                None => groups.push(Group {
                    keys,
                    tuples: vec![tuple],
                }),
            }
        }
        Some(groups)
    }

    /// The value of an expression of a group: of its keys and of aggregates.
    fn of_group(&self, expr: &Expr, group: &Group<'_>, of: &Grouping<'_>) -> Datum {
        let mut keys = of.keys.iter().zip(&group.keys);
        if let Some((_, value)) = keys.find(|(key, _)| is_same(key, expr, of.names.len() == 1)) {
            return value.clone();
        }
        if let Some(aggregate) = aggregate(expr) {
            return self.aggregate_of(&aggregate, of.names, &group.tuples, of.outer);
        }
        match expr {
            Expr::Nested(inner) => self.of_group(inner, group, of),
            Expr::Value(_) => self.evaluate(expr, &empty(of.outer)),
            Expr::BinaryOp { left, op, right } => self.combined(
                &self.of_group(left, group, of),
                op,
                &self.of_group(right, group, of),
            ),
            Expr::UnaryOp {
                op: UnaryOperator::Not,
                expr,
            } => self.of_group(expr, group, of).truth().not().datum(),
            _ => Datum::Unknown,
        }
    }
}

/// Whether two rows are of one group: NULL is the same as NULL there.
fn agree(a: &[Datum], b: &[Datum]) -> Truth {
    a.iter().zip(b).fold(Truth::True, |found, (a, b)| {
        found.and(match (a, b) {
            (Datum::Null, Datum::Null) => Truth::True,
            (Datum::Null, _) | (_, Datum::Null) => Truth::False,
            _ => a.equals(b),
        })
    })
}

/// Whether an expression is the one that rows are grouped by; with a single relation, names may be
/// qualified or not.
fn is_same(key: &Expr, expr: &Expr, is_single: bool) -> bool {
    let name = |expr: &Expr| match expr {
        Expr::Identifier(name) => Some(name.value.clone()),
        Expr::CompoundIdentifier(parts) => parts.last().map(|name| name.value.clone()),
        _ => None,
    };
    if key == expr {
        return true;
    }
    match (name(key), name(expr)) {
        (Some(key), Some(own)) => is_single && key.eq_ignore_ascii_case(&own),
        _ => false,
    }
}
