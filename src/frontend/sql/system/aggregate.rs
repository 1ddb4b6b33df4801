//! Aggregates: `COUNT(*)`, alone or compared with something, `MAX(x)`, `MIN(x)`.

use std::sync::Arc;

use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Select, SelectItem,
};

use super::Rows;
use super::datum::Datum;
use super::expression::argument;
use super::select::{Executor, Named, Scope, Tuple, empty, label, plain};

impl Executor<'_> {
    /// `SELECT MAX(x), MIN(y), COUNT(z)`: one row; `None` where it is something else.
    pub(super) fn aggregated(
        &self,
        select: &Select,
        names: &[Named],
        tuples: &[Tuple],
        outer: Option<&Scope<'_>>,
    ) -> Option<Rows> {
        let mut columns = Vec::new();
        let mut row = Vec::new();
        for item in &select.projection {
            let (expr, name) = match item {
                SelectItem::UnnamedExpr(expr) => (expr, label(expr)),
                SelectItem::ExprWithAlias { expr, alias } => (expr, Arc::from(&*alias.value)),
                _ => return None,
            };
            let (function, argument) = aggregate(expr)?;
            let values: Vec<Datum> = tuples
                .iter()
                .map(|tuple| {
                    let scope = Scope {
                        names,
                        cells: &tuple.cells,
                        outer,
                    };
                    argument.map_or(Datum::Int(1), |argument| self.evaluate(argument, &scope))
                })
                .filter(|value| *value != Datum::Null)
                .collect();
            let numbers: Option<Vec<i64>> = values
                .iter()
                .map(|value| match value {
                    Datum::Int(number) => Some(*number),
                    _ => None,
                })
                .collect();
            columns.push(name);
            row.push(match (function, numbers) {
                ("count", _) if values.iter().all(Datum::is_known) => {
                    Datum::Int(i64::try_from(values.len()).ok()?)
                }
                (_, Some(numbers)) if numbers.is_empty() => Datum::Null,
                ("max", Some(numbers)) => numbers.into_iter().max().map_or(Datum::Null, Datum::Int),
                ("min", Some(numbers)) => numbers.into_iter().min().map_or(Datum::Null, Datum::Int),
                _ => Datum::Unknown,
            });
        }
        Some(Rows {
            columns,
            rows: vec![row],
            ordered: true,
        })
    }

    /// `SELECT COUNT(*)` alone; the outer `None` when it is something else.
    pub(super) fn count(
        &self,
        select: &Select,
        names: &[Named],
        tuples: &[Tuple],
        outer: Option<&Scope<'_>>,
    ) -> Option<Option<Rows>> {
        // `COUNT(*) > 0`, `COUNT(*) = 1`.
        let (count, rest) = counts(select)?;
        let name = match select.projection.as_slice() {
            [SelectItem::ExprWithAlias { alias, .. }] => Arc::from(&*alias.value),
            [SelectItem::UnnamedExpr(expr)] => label(expr),
            _ => return None,
        };
        if tuples.iter().any(|tuple| tuple.maybe) {
            return Some(None);
        }
        let mut number = 0;
        for tuple in tuples {
            let scope = Scope {
                names,
                cells: &tuple.cells,
                outer,
            };
            match count.map(|expr| self.evaluate(expr, &scope)) {
                Some(Datum::Null) => {}
                Some(value) if !value.is_known() => return Some(None),
                Some(_) | None => number += 1,
            }
        }
        let value = match rest {
            None => Datum::Int(number),
            Some(rest) => self.compare(rest, &Datum::Int(number), &empty(outer)),
        };
        Some(Some(Rows {
            columns: vec![name],
            rows: vec![vec![value]],
            ordered: true,
        }))
    }
}

/// What a SELECT counts, when it does nothing else.
#[allow(clippy::type_complexity)]
pub(super) fn counts(select: &Select) -> Option<(Option<&Expr>, Option<(&BinaryOperator, &Expr)>)> {
    match select.projection.as_slice() {
        [SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }] => counted(expr),
        _ => None,
    }
}

/// `COUNT(*)` or `COUNT(x)`, perhaps compared with something: what is counted, and what follows.
#[allow(clippy::type_complexity)]
fn counted(expr: &Expr) -> Option<(Option<&Expr>, Option<(&BinaryOperator, &Expr)>)> {
    match expr {
        Expr::Nested(inner) => counted(inner),
        Expr::BinaryOp { left, op, right } => match counted(left)? {
            (count, None) => Some((count, Some((op, right)))),
            (_, Some(_)) => None,
        },
        Expr::Function(function) => {
            let name = plain(&function.name)?;
            let plainly = function.over.is_none() && function.filter.is_none();
            if !name.eq_ignore_ascii_case("count") || !plainly {
                return None;
            }
            let FunctionArguments::List(list) = &function.args else {
                return None;
            };
            if list.duplicate_treatment.is_some() {
                return None;
            }
            match list.args.as_slice() {
                [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] => Some((None, None)),
                [item] => Some((Some(argument(item)?), None)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// An aggregate function that is executed here, with its argument (none: `*`).
fn aggregate(expr: &Expr) -> Option<(&'static str, Option<&Expr>)> {
    const KNOWN: &[&str] = &["count", "max", "min", "sum"];
    let Expr::Function(function) = expr else {
        return None;
    };
    let name = plain(&function.name)?;
    let name = KNOWN
        .iter()
        .find(|known| name.eq_ignore_ascii_case(known))?;
    let plainly =
        function.over.is_none() && function.filter.is_none() && function.within_group.is_empty();
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    if !plainly || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
        return None;
    }
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] => Some((name, None)),
        [item] => Some((name, Some(argument(item)?))),
        _ => None,
    }
}

/// Whether an expression gives one value for each row: it calls nothing that may be an aggregate.
pub(super) fn is_scalar(expr: &Expr) -> bool {
    use std::ops::ControlFlow;
    let calls = |expr: &Expr| {
        sqlparser::ast::visit_expressions(expr, |inner| match inner {
            Expr::Function(function) => {
                let name = plain(&function.name).unwrap_or_default();
                let known = function.over.is_none() && crate::frontend::sql::rows::is_scalar(&name);
                match known {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                }
            }
            _ => ControlFlow::Continue(()),
        })
    };
    match expr {
        // What is inside has rows of its own.
        Expr::Exists { .. } | Expr::Subquery(_) => true,
        other => calls(other).is_continue(),
    }
}
