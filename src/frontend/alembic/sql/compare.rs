//! Python's operators on expressions.

use std::rc::Rc;

use super::clause::wrap;
use super::{coerce, fail};
use crate::datatype::Family;
use crate::expression::{
    BinaryOptions, Expr, ExprKind, FromClause, Operator, affinity, comparison, conjunction, operate,
};
use crate::python::{BinaryOp, CompareOp, PyResult, Raise, Value, Vm};

/// Whether the expression may be an operand.
fn is_operand(expr: &Expr) -> bool {
    !expr.is_statement() && !matches!(expr.kind, ExprKind::From(_) | ExprKind::Text(_))
}

/// `this op other`, or `other op this`.
pub fn column_binary(
    vm: &mut Vm,
    this: &Value,
    expr: &Expr,
    op: BinaryOp,
    other: &Value,
    reflected: bool,
) -> PyResult<Option<Value>> {
    let _ = this;
    if !is_operand(expr) {
        return Ok(None);
    }
    if matches!(op, BinaryOp::BitAnd | BinaryOp::BitOr) {
        let own = Rc::clone(expr);
        let other = coerce::condition(vm, other)?;
        let clauses = if reflected {
            [other, own]
        } else {
            [own, other]
        };
        let operator = if op == BinaryOp::BitAnd {
            Operator::And
        } else {
            Operator::Or
        };
        return Ok(Some(wrap(conjunction(&operator, &clauses))));
    }
    let operator = match op {
        BinaryOp::Add => Operator::Add,
        BinaryOp::Sub => Operator::Sub,
        BinaryOp::Mul => Operator::Mul,
        BinaryOp::Div => Operator::Div,
        BinaryOp::FloorDiv => Operator::FloorDiv,
        BinaryOp::Mod => Operator::Mod,
        BinaryOp::Pow => {
            let other = coerce::operand(vm, expr, &Operator::Mul, other)?;
            let other = super::functions::named_parameter(&other, "pow");
            let args = if reflected {
                vec![other, Rc::clone(expr)]
            } else {
                vec![Rc::clone(expr), other]
            };
            return Ok(Some(wrap(super::functions::known("pow", args))));
        }
        BinaryOp::LShift | BinaryOp::RShift | BinaryOp::MatMul => {
            return Err(Raise::exception(
                "NotImplementedError",
                "Operator is not supported on this expression",
            ));
        }
        BinaryOp::BitXor | BinaryOp::BitAnd | BinaryOp::BitOr => return Ok(None),
    };
    if matches!(
        expr.kind,
        ExprKind::Unary {
            operator: Operator::Any | Operator::All,
            ..
        }
    ) {
        return Err(fail::argument(
            vm,
            "Only comparison operators may be used with ANY/ALL",
        ));
    }
    // An array takes a list as another array.
    let other = coerce::operand(vm, expr, &operator, other)?;
    let result = if reflected {
        operate(&other, operator, expr)
    } else {
        operate(expr, operator, &other)
    };
    Ok(Some(wrap(result)))
}

/// `this == other` and the like.
pub fn column_compare(
    vm: &mut Vm,
    this: &Value,
    expr: &Expr,
    op: CompareOp,
    other: &Value,
) -> PyResult<Option<Value>> {
    let _ = this;
    if !is_operand(expr) {
        return Ok(None);
    }
    let operator = match op {
        CompareOp::Eq => Operator::Eq,
        CompareOp::Ne => Operator::Ne,
        CompareOp::Lt => Operator::Lt,
        CompareOp::Le => Operator::Le,
        CompareOp::Gt => Operator::Gt,
        CompareOp::Ge => Operator::Ge,
    };
    // Python asks the right side first when its class derives from the left side's, as that of a
    // schema's columns does from that of plain columns.
    if is_plain_column(expr)
        && let Some(right) = coerce::clause(vm, other)?
        && is_schema_column(&right)
    {
        return compared(
            vm,
            &right,
            operator.mirrored(),
            &wrap(Rc::clone(expr)),
            false,
        );
    }
    compared(vm, expr, operator, other, false)
}

fn is_plain_column(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Column { table, .. } => !matches!(
            table,
            Some(FromClause::Table(table)) if table.is_schema_table
        ),
        ExprKind::LiteralColumn(_) => true,
        _ => false,
    }
}

fn is_schema_column(expr: &Expr) -> bool {
    matches!(
        &expr.kind,
        ExprKind::Column { table: Some(FromClause::Table(table)), .. } if table.is_schema_table
    )
}

fn compared(
    vm: &mut Vm,
    expr: &Expr,
    operator: Operator,
    other: &Value,
    reverse: bool,
) -> PyResult<Option<Value>> {
    let aggregate = matches!(
        expr.kind,
        ExprKind::Unary {
            operator: Operator::Any | Operator::All,
            ..
        }
    );
    let operator = if aggregate {
        operator.mirrored()
    } else {
        operator
    };
    compare_with(
        vm,
        expr,
        operator,
        other,
        reverse || aggregate,
        BinaryOptions::default(),
    )
    .map(Some)
}

/// A comparison with `None`, `True`, `False`, another expression or a value.
pub(super) fn compare_with(
    vm: &mut Vm,
    expr: &Expr,
    operator: Operator,
    other: &Value,
    reverse: bool,
    options: BinaryOptions,
) -> PyResult {
    // An unhashable list compared with an array stays a value of the array's type.
    let right = if affinity(&expr.data_type) == Family::Array && matches!(other, Value::List(_)) {
        let literal = super::literal::literal_of(vm, other)?;
        crate::expression::typed_bind(literal, expr.data_type.clone())
    } else {
        coerce::constant_or_operand(vm, expr, &operator, other)?
    };
    match comparison(expr, operator, &right, reverse, options) {
        Some(result) => Ok(wrap(result)),
        None => Err(fail::argument(
            vm,
            "Only '=', '!=', 'is_()', 'is_not()', 'is_distinct_from()', 'is_not_distinct_from()' operators can be used with None/True/False",
        )),
    }
}
