//! `UNION`: the rows of several queries behind each other.

use std::sync::Arc;

use sqlparser::ast::{Expr, OrderBy, SetExpr, SetOperator, SetQuantifier};

use super::Rows;
use super::datum::{Datum, Truth};
use super::expression::are_alike;
use super::select::{Executor, Scope};

impl Executor<'_> {
    /// The rows of `UNION` and `UNION ALL`, in the order that is asked for by names of columns.
    pub(super) fn united(
        &self,
        body: &SetExpr,
        order: Option<&OrderBy>,
        outer: Option<&Scope<'_>>,
    ) -> Option<Rows> {
        let mut rows = self.part(body, outer)?;
        let Some(order) = order else {
            return Some(rows);
        };
        let columns: Vec<Arc<str>> = rows.columns.clone();
        let (sorted, ordered) = self.ranked(order, &[], rows.rows, |key, row| {
            let Expr::Identifier(name) = key else {
                return Datum::Unknown;
            };
            let mut named = columns
                .iter()
                .zip(row)
                .filter(|(column, _)| column.eq_ignore_ascii_case(&name.value));
            match (named.next(), named.next()) {
                (Some((_, value)), None) => value.clone(),
                _ => Datum::Unknown,
            }
        })?;
        rows.rows = sorted;
        rows.ordered = ordered;
        Some(rows)
    }

    fn part(&self, body: &SetExpr, outer: Option<&Scope<'_>>) -> Option<Rows> {
        let (left, right, quantifier) = match body {
            SetExpr::Select(select) => return self.select(select, None, outer),
            SetExpr::Query(query) => return self.query(query, outer),
            SetExpr::SetOperation {
                op: SetOperator::Union,
                set_quantifier,
                left,
                right,
            } => (left, right, set_quantifier),
            _ => return None,
        };
        let is_distinct = match quantifier {
            SetQuantifier::None | SetQuantifier::Distinct => true,
            SetQuantifier::All => false,
            SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName => {
                return None;
            }
        };
        let mut rows = self.deeper(|| self.part(left, outer))?;
        let more = self.deeper(|| self.part(right, outer))?;
        if rows.columns.len() != more.columns.len() {
            return None;
        }
        rows.rows.extend(more.rows);
        // Values of several kinds are made one in ways that differ.
        for at in 0..rows.columns.len() {
            let values = rows.rows.iter().map(|row| row.get(at).cloned());
            let values: Option<Vec<Datum>> = values.collect();
            if !are_alike(&values?) {
                return None;
            }
        }
        if is_distinct {
            rows.rows = distinct(rows.rows)?;
        }
        rows.ordered = rows.rows.len() < 2;
        Some(rows)
    }
}

/// Each row once; `None` where it is not known which are the same.
pub(super) fn distinct(rows: Vec<Vec<Datum>>) -> Option<Vec<Vec<Datum>>> {
    let mut unique: Vec<Vec<Datum>> = Vec::new();
    for row in rows {
        if !row.iter().all(Datum::is_known) {
            return None;
        }
        if unique.contains(&row) {
            continue;
        }
        // Whether two are one may depend on the database.
        let may_be = |known: &Vec<Datum>| {
            let mut pairs = known.iter().zip(&row);
            pairs.all(|(a, b)| a == b || a.equals(b) == Truth::Unknown)
        };
        if unique.iter().any(may_be) {
            return None;
        }
        unique.push(row);
    }
    Some(unique)
}
