//! `ORDER BY`.

use std::cmp::Ordering;

use sqlparser::ast::{Expr, OrderBy, OrderByKind, OrderBySort};

use super::datum::Datum;
use super::select::{Executor, Named, Scope, Tuple};

impl Executor<'_> {
    /// Puts rows in order; whether there is only one.
    pub(super) fn sort(
        &self,
        order: &OrderBy,
        aliases: &[(&str, &Expr)],
        names: &[Named],
        tuples: &mut Vec<Tuple>,
        outer: Option<&Scope<'_>>,
    ) -> Option<bool> {
        let all = std::mem::take(tuples);
        let (sorted, ordered) = self.ranked(order, aliases, all, |expr, tuple| {
            let scope = Scope {
                names,
                cells: &tuple.cells,
                outer,
            };
            self.evaluate(expr, &scope)
        })?;
        *tuples = sorted;
        Some(ordered)
    }

    /// Things in order, and whether there is only one, from the values that keys have for each.
    pub(super) fn ranked<T>(
        &self,
        order: &OrderBy,
        aliases: &[(&str, &Expr)],
        things: Vec<T>,
        value: impl Fn(&Expr, &T) -> Datum,
    ) -> Option<(Vec<T>, bool)> {
        // One row is in order.
        if things.len() < 2 {
            return Some((things, true));
        }
        let OrderByKind::Expressions(keys) = &order.kind else {
            return None;
        };
        let mut ranked: Vec<(Vec<(Datum, bool)>, T)> = Vec::new();
        for thing in things {
            let mut ranks = Vec::new();
            for key in keys {
                let descends = match &key.options.sort {
                    None | Some(OrderBySort::Asc) => false,
                    Some(OrderBySort::Desc) => true,
                    Some(_) => return None,
                };
                let named = match &key.expr {
                    Expr::Identifier(name) => aliases
                        .iter()
                        .find(|(alias, _)| alias.eq_ignore_ascii_case(&name.value)),
                    // `ORDER BY 1`
                    Expr::Value(_) => return None,
                    _ => None,
                };
                let expr = named.map_or(&key.expr, |(_, expr)| expr);
                ranks.push((value(expr, &thing), descends));
            }
            ranked.push((ranks, thing));
        }
        let of_tables = self.reads_tables.get();
        let compare = |a: &[(Datum, bool)], b: &[(Datum, bool)]| {
            let mut found = Ordering::Equal;
            for ((a, descends), (b, _)) in a.iter().zip(b) {
                let own = first_of(a, b, of_tables)?;
                found = found.then(if *descends { own.reverse() } else { own });
            }
            Some(found)
        };
        // Each must be comparable with each, which is so when all are of one kind.
        let comparable = ranked.iter().all(|(ranks, _)| {
            let first = ranked.first().map(|(first, _)| first);
            first.is_some_and(|first| compare(ranks, first).is_some())
        });
        if !comparable {
            return None;
        }
        ranked.sort_by(|(a, _), (b, _)| compare(a, b).unwrap_or(Ordering::Equal));
        let total = ranked
            .windows(2)
            .all(|two| compare(&two[0].0, &two[1].0) == Some(Ordering::Less));
        let sorted = ranked.into_iter().map(|(_, thing)| thing).collect();
        Some((sorted, total || !of_tables))
    }
}

/// Which of two values comes first in every database's order; `None` where that depends on it.
fn first_of(a: &Datum, b: &Datum, of_tables: bool) -> Option<Ordering> {
    let plain = |text: &str| {
        let mut chars = text.chars();
        chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    match (a, b) {
        (Datum::Int(a), Datum::Int(b)) => Some(a.cmp(b)),
        (Datum::Bool(a), Datum::Bool(b)) => Some(a.cmp(b)),
        // Names in the database's own catalog are compared byte by byte.
        (Datum::Text(a), Datum::Text(b)) if !of_tables || (plain(a) && plain(b)) => Some(a.cmp(b)),
        _ => None,
    }
}
