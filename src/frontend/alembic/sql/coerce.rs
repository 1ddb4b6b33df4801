//! Python values as expressions.

use std::rc::Rc;

use super::super::{bind, types};
use super::clause::Clause;
use super::fail;
use super::literal::literal_of;
use crate::datatype::DataType;
use crate::expression::{
    BindParameter, Expr, ExprKind, Expression, FromClause, Ident, Literal, Operator, as_scalar,
    coerce_compared, constant, literal_column, null_type, of_literal, tuple_type, typed_bind,
};
use crate::python::{Args, PyResult, Value, Vm};

/// The expression behind a value, when it is an object of the expression language.
pub(super) fn clause(vm: &mut Vm, value: &Value) -> PyResult<Option<Expr>> {
    fail::known(vm, value)?;
    if let Some(clause) = value.downcast::<Clause>() {
        return Ok(Some(Rc::clone(clause.expr())));
    }
    if !matches!(
        value,
        Value::Native(_) | Value::Instance(_) | Value::Class(_)
    ) {
        return Ok(None);
    }
    if value.as_str().is_some() {
        return Ok(None);
    }
    let Some(method) = vm.find_attr(value, "__clause_element__")? else {
        return compiled(vm, value);
    };
    let element = vm.call(&method, Args::default())?;
    Ok(element
        .downcast::<Clause>()
        .map(|clause| Rc::clone(clause.expr())))
}

/// What a function registered with `@compiles` writes for an element of a class of the project's.
fn compiled(vm: &mut Vm, value: &Value) -> PyResult<Option<Expr>> {
    let Some(text) = bind::compiled(vm, value)? else {
        return Ok(None);
    };
    let data_type = match vm.find_attr(value, "type")? {
        Some(kind) if types::is_type(vm, &kind) => types::data_type(vm, &kind)?,
        _ => null_type(),
    };
    Ok(Some(literal_column(&*text, data_type)))
}

/// Any value as an expression: objects of the expression language as they are (a SELECT becomes a
/// scalar subquery), other values as a literal of type `hint` or of their own.
pub fn expr_of(vm: &mut Vm, value: &Value, hint: Option<&DataType>) -> PyResult<Expr> {
    if let Some(expr) = clause(vm, value)? {
        return Ok(as_scalar(&expr));
    }
    let value = match hint {
        Some(data_type) => &types::processed(vm, data_type, value)?,
        None => value,
    };
    if let Some(expr) = clause(vm, value)? {
        return Ok(expr);
    }
    let literal = literal_of(vm, value)?;
    if matches!(literal, Literal::Null) {
        return Ok(Expression::untyped(ExprKind::Null));
    }
    Ok(match hint {
        Some(data_type) => typed_bind(literal, data_type.clone()),
        None => {
            let data_type = of_literal(&literal);
            typed_bind(literal, data_type)
        }
    })
}

/// A value of a type, as what the type makes of it.
pub(super) fn bound(vm: &mut Vm, value: &Value, data_type: &DataType) -> PyResult<Expr> {
    let value = types::processed(vm, data_type, value)?;
    if let Some(expr) = clause(vm, &value)? {
        return Ok(expr);
    }
    let literal = literal_of(vm, &value)?;
    Ok(typed_bind(literal, data_type.clone()))
}

/// An object of the expression language as it is: a SELECT stays a statement.
pub fn statement_of(vm: &mut Vm, value: &Value) -> PyResult<Option<Expr>> {
    clause(vm, value)
}

/// A value with a given type, `None` included (`literal(None, Integer)`).
pub fn typed_expr_of(vm: &mut Vm, value: &Value, data_type: &DataType) -> PyResult<Expr> {
    expr_of(vm, value, Some(data_type))
}

/// The name that a value compared with an expression gets as a parameter.
fn parameter_name(expr: &Expr) -> Option<std::sync::Arc<str>> {
    match &expr.kind {
        ExprKind::Column { name, .. } => Some(Ident::anonymous(&name.name).name),
        ExprKind::Function(function) => function
            .name
            .last()
            .map(|name| Ident::anonymous(&name.name).name),
        _ => None,
    }
}

/// The right side of an operator.
pub(super) fn operand(
    vm: &mut Vm,
    expr: &Expr,
    operator: &Operator,
    other: &Value,
) -> PyResult<Expr> {
    if let Some(found) = clause(vm, other)? {
        let found = as_scalar(&found);
        // A parameter without a type takes that of what it is compared with.
        return Ok(match &found.kind {
            ExprKind::Bind(bind) if bind.data_type.spec.family == crate::datatype::Family::Null => {
                let mut bind = bind.clone();
                bind.data_type = expr.data_type.clone();
                Expression::new(ExprKind::Bind(bind), expr.data_type.clone())
            }
            _ => found,
        });
    }
    if let Some(value) = types::compared(vm, &expr.data_type, other)? {
        if let Some(found) = clause(vm, &value)? {
            return Ok(found);
        }
        let literal = literal_of(vm, &value)?;
        if !matches!(literal, Literal::Null) {
            return Ok(named_bind(expr, literal, expr.data_type.clone()));
        }
    }
    let literal = literal_of(vm, other)?;
    if matches!(literal, Literal::Null) {
        return Ok(Expression::untyped(ExprKind::Null));
    }
    if let (ExprKind::Tuple(members), Literal::List(values)) = (&expr.kind, &literal) {
        let items = values
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let against = members
                    .get(index)
                    .map_or_else(null_type, |member| member.data_type.clone());
                typed_bind(value.clone(), coerce_compared(&against, operator, value))
            })
            .collect();
        return Ok(Expression::untyped(ExprKind::Tuple(items)));
    }
    let against = match &expr.kind {
        ExprKind::Unary {
            operator: Operator::Any | Operator::All,
            operand,
        } => crate::expression::item_type(&operand.data_type)
            .unwrap_or_else(|| operand.data_type.clone()),
        _ => expr.data_type.clone(),
    };
    let data_type = coerce_compared(&against, operator, &literal);
    Ok(named_bind(expr, literal, data_type))
}

/// A value that is compared with an expression.
fn named_bind(expr: &Expr, literal: Literal, data_type: DataType) -> Expr {
    Expression::new(
        ExprKind::Bind(BindParameter {
            key: parameter_name(expr),
            value: Some(literal),
            data_type: data_type.clone(),
            expanding: false,
        }),
        data_type,
    )
}

/// `None`, `True` and `False` as constants, anything else as [`operand`].
pub(super) fn constant_or_operand(
    vm: &mut Vm,
    expr: &Expr,
    operator: &Operator,
    other: &Value,
) -> PyResult<Expr> {
    let is_constant = match other {
        Value::None => true,
        // A type written in Python turns truths into its own values.
        Value::Bool(_) => types::compared(vm, &expr.data_type, other)?.is_none(),
        _ => false,
    };
    if is_constant {
        let literal = literal_of(vm, other)?;
        if let Some(constant) = constant(&literal) {
            return Ok(constant);
        }
    }
    operand(vm, expr, operator, other)
}

/// The right side of IN.
pub(super) fn in_operand(
    vm: &mut Vm,
    expr: &Expr,
    operator: &Operator,
    other: &Value,
) -> PyResult<Expr> {
    if let Some(found) = clause(vm, other)? {
        return Ok(match &found.kind {
            ExprKind::Bind(bind) => {
                let mut bind = bind.clone();
                bind.expanding = true;
                if bind.data_type.spec.family == crate::datatype::Family::Null {
                    bind.data_type = match &bind.value {
                        Some(value) => coerce_compared(&expr.data_type, operator, value),
                        None => expr.data_type.clone(),
                    };
                }
                let data_type = bind.data_type.clone();
                Expression::new(ExprKind::Bind(bind), data_type)
            }
            ExprKind::From(from) => {
                let select = crate::expression::Select {
                    columns: vec![Expression::untyped(ExprKind::From(from.clone()))],
                    ..Default::default()
                };
                as_scalar(&Expression::untyped(ExprKind::Select(Box::new(select))))
            }
            _ => as_scalar(&found),
        });
    }
    if other.as_str().is_some() || !is_iterable(vm, other) {
        let shown = vm.repr(other)?;
        return Err(fail::argument(
            vm,
            format!(
                "IN expression list, SELECT construct, or bound parameter object expected, got {shown}."
            ),
        ));
    }
    let items = vm.iterate(other)?;
    let mut expressions = Vec::new();
    let mut any_clause = false;
    for item in &items {
        let found = clause(vm, item)?;
        any_clause |= found.is_some();
        expressions.push(found);
    }
    if any_clause {
        let mut list = Vec::with_capacity(items.len());
        for (item, found) in items.iter().zip(expressions) {
            list.push(match found {
                Some(found) => as_scalar(&found),
                None => operand(vm, expr, &Operator::Eq, item)?,
            });
        }
        let list = Expression::untyped(ExprKind::List {
            operator: Operator::Comma,
            items: list,
            group: true,
        });
        return Ok(crate::expression::self_group(&list, Some(operator)));
    }
    let mut values = Vec::with_capacity(items.len());
    let mut is_processed = false;
    for item in &items {
        values.push(match types::compared(vm, &expr.data_type, item)? {
            Some(item) => {
                is_processed = true;
                literal_of(vm, &item)?
            }
            None => literal_of(vm, item)?,
        });
    }
    let data_type = match &expr.kind {
        ExprKind::Tuple(members) => {
            tuple_type(members.iter().map(|m| m.data_type.clone()).collect())
        }
        _ if is_processed => expr.data_type.clone(),
        _ => coerce_compared(&expr.data_type, operator, &Literal::List(values.clone())),
    };
    Ok(Expression::new(
        ExprKind::Bind(BindParameter {
            key: parameter_name(expr),
            value: Some(Literal::List(values)),
            data_type: data_type.clone(),
            expanding: true,
        }),
        data_type,
    ))
}

fn is_iterable(vm: &mut Vm, value: &Value) -> bool {
    match value {
        Value::None | Value::Bool(_) | Value::Int(_) | Value::Float(_) => false,
        Value::List(_) | Value::Tuple(_) | Value::Set(_) | Value::FrozenSet(_) | Value::Dict(_) => {
            true
        }
        _ => !matches!(
            &*vm.type_name(value),
            "Decimal" | "UUID" | "date" | "datetime"
        ),
    }
}

/// A condition of WHERE, HAVING, AND or OR.
pub(super) fn condition(vm: &mut Vm, value: &Value) -> PyResult<Expr> {
    if let Some(found) = clause(vm, value)? {
        return Ok(as_scalar(&found));
    }
    match value {
        Value::None | Value::Bool(_) => {
            let literal = literal_of(vm, value)?;
            Ok(constant(&literal).unwrap_or_else(|| typed_bind(literal, null_type())))
        }
        _ => {
            let shown = vm.repr(value)?;
            let message = if value.as_str().is_some() {
                format!(
                    "Textual SQL expression {shown} should be explicitly declared as text({shown})"
                )
            } else {
                format!("SQL expression for WHERE/HAVING role expected, got {shown}.")
            };
            Err(fail::argument(vm, message))
        }
    }
}

/// Something in a SELECT list.
pub(super) fn select_column(vm: &mut Vm, value: &Value) -> PyResult<Expr> {
    if let Some(found) = clause(vm, value)? {
        return Ok(as_scalar(&found));
    }
    match value {
        Value::None | Value::Bool(_) => {
            let literal = literal_of(vm, value)?;
            Ok(constant(&literal).unwrap_or_else(|| typed_bind(literal, null_type())))
        }
        Value::Int(_) | Value::BigInt(_) | Value::Float(_) => {
            Ok(literal_column(vm.str(value)?, null_type()))
        }
        _ => match value.as_str() {
            Some(text) if &*text == "*" => Ok(literal_column("*", null_type())),
            Some(text) => Err(fail::argument(
                vm,
                format!(
                    "Textual column expression '{text}' should be explicitly declared with text('{text}'), or use column('{text}') for more specificity"
                ),
            )),
            None => {
                let shown = vm.repr(value)?;
                Err(fail::argument(
                    vm,
                    format!(
                        "Column expression, FROM clause, or other columns clause element expected, got {shown}."
                    ),
                ))
            }
        },
    }
}

/// An element of ORDER BY or GROUP BY; a string is the name of a column.
pub(super) fn ordering(vm: &mut Vm, value: &Value) -> PyResult<Expr> {
    if let Some(found) = clause(vm, value)? {
        return Ok(as_scalar(&found));
    }
    match value.as_str() {
        Some(name) => Ok(Expression::untyped(ExprKind::NameReference {
            name,
            modifiers: Vec::new(),
        })),
        None => expr_of(vm, value, None),
    }
}

/// A list of orderings, from one value or several.
pub(super) fn orderings(vm: &mut Vm, value: &Value) -> PyResult<Vec<Expr>> {
    let items = match value {
        Value::None => Vec::new(),
        Value::List(_) | Value::Tuple(_) => vm.iterate(value)?,
        _ => match super::collection::items(value) {
            Some(items) => items,
            None => vec![value.clone()],
        },
    };
    items.iter().map(|item| ordering(vm, item)).collect()
}

/// Something that may stand after FROM.
pub fn from_of(vm: &mut Vm, value: &Value) -> PyResult<FromClause> {
    if let Some(found) = clause(vm, value)? {
        return Ok(match &found.kind {
            ExprKind::From(from) => from.clone(),
            ExprKind::Select(_) | ExprKind::Compound(_) | ExprKind::TextualSelect { .. } => {
                super::from::subquery(&found, None, false)
            }
            _ => FromClause::Element(found),
        });
    }
    let shown = vm.repr(value)?;
    Err(fail::argument(
        vm,
        format!("FROM expression, such as a Table or alias expected, got {shown}."),
    ))
}

/// A whole number as the count of LIMIT or OFFSET.
pub(super) fn count(vm: &mut Vm, value: &Value) -> PyResult<Option<Expr>> {
    if value.is_none() {
        return Ok(None);
    }
    let hint = crate::expression::typed("Integer");
    expr_of(vm, value, Some(&hint)).map(Some)
}
