//! Aggregates: `COUNT(*)`, alone or compared with something, `MAX(x)`, `MIN(x)`, `SUM(x)`.

use std::sync::Arc;

use sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, FunctionArg, FunctionArgExpr, FunctionArguments,
    Select, SelectItem,
};

use super::Rows;
use super::datum::{Datum, Truth};
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
            let aggregate = aggregate(expr)?;
            let tuples: Vec<&Tuple> = tuples.iter().collect();
            columns.push(name);
            row.push(self.aggregate_of(&aggregate, names, &tuples, outer));
        }
        Some(Rows {
            columns,
            rows: vec![row],
            ordered: true,
        })
    }

    /// What an aggregate makes of rows.
    pub(super) fn aggregate_of(
        &self,
        aggregate: &Aggregate<'_>,
        names: &[Named],
        tuples: &[&Tuple],
        outer: Option<&Scope<'_>>,
    ) -> Datum {
        let mut values: Vec<Datum> = Vec::new();
        for tuple in tuples {
            let scope = Scope {
                names,
                cells: &tuple.cells,
                outer,
            };
            let argument = aggregate.argument;
            let value = argument.map_or(Datum::Int(1), |argument| self.evaluate(argument, &scope));
            if !value.is_known() {
                return Datum::Unknown;
            }
            if value == Datum::Null {
                continue;
            }
            let before = values.iter().map(|known| known.equals(&value));
            if aggregate.distinct {
                match before.fold(Truth::False, Truth::or) {
                    Truth::False | Truth::Null => {}
                    Truth::True => continue,
                    // Whether two are one may depend on the database.
                    Truth::Unknown => return Datum::Unknown,
                }
            }
            values.push(value);
        }
        if aggregate.name == "count" {
            return i64::try_from(values.len()).map_or(Datum::Unknown, Datum::Int);
        }
        let numbers: Option<Vec<i64>> = values
            .iter()
            .map(|value| match value {
                Datum::Int(number) => Some(*number),
                _ => None,
            })
            .collect();
        let Some(numbers) = numbers else {
            return Datum::Unknown;
        };
        if numbers.is_empty() {
            return Datum::Null;
        }
        let mut all = numbers.iter().copied();
        let found = match aggregate.name {
            "max" => all.max(),
            "min" => all.min(),
            "sum" => all.try_fold(0_i64, i64::checked_add),
            _ => None,
        };
        found.map_or(Datum::Unknown, Datum::Int)
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

/// An aggregate function that is executed here.
pub(super) struct Aggregate<'a> {
    name: &'static str,
    /// None is `*`.
    argument: Option<&'a Expr>,
    distinct: bool,
}

/// The aggregate function that an expression is, where it is executed here.
pub(super) fn aggregate(expr: &Expr) -> Option<Aggregate<'_>> {
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
    if !plainly || !list.clauses.is_empty() {
        return None;
    }
    let argument = match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] => None,
        [item] => Some(argument(item)?),
        _ => return None,
    };
    let distinct = match list.duplicate_treatment {
        None | Some(DuplicateTreatment::All) => false,
        Some(DuplicateTreatment::Distinct) => true,
    };
    Some(Aggregate {
        name,
        argument,
        distinct,
    })
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
