//! `cast`, `case`, `and_`, `exists` and the other functions of the package.

use std::rc::Rc;
use std::sync::Arc;

use super::super::earlier;
use super::clause::wrap;
use super::{coerce, fail, modules};
use crate::datatype::{DataType, Family};
use crate::expression::{
    BinaryOptions, Expr, ExprKind, Expression, FromClause, Ident, Operator, Select, Target, Values,
    array_of, as_scalar, binary, boolean, conjunction, literal_column, modifier, negate, null_type,
    self_group, typed,
};
use crate::python::{Args, PyResult, Value, Vm};

/// `CAST(x AS type)`.
pub(super) fn cast_to(expr: &Expr, data_type: DataType, lenient: bool) -> Expr {
    Expression::new(
        ExprKind::Cast {
            operand: as_scalar(expr),
            lenient,
        },
        data_type,
    )
}

/// `cast(x, Type)` and `try_cast`.
pub(super) fn cast(vm: &mut Vm, mut args: Args, lenient: bool) -> PyResult {
    let operand = args.require("cast", "expression")?;
    let data_type = args.require("cast", "type_")?;
    let data_type = modules::data_type(vm, &data_type)?;
    let operand = coerce::typed_expr_of(vm, &operand, &data_type)?;
    Ok(wrap(cast_to(&operand, data_type, lenient)))
}

/// `type_coerce(x, Type)`.
pub(super) fn type_coerce(vm: &mut Vm, mut args: Args) -> PyResult {
    let operand = args.require("type_coerce", "expression")?;
    let data_type = args.require("type_coerce", "type_")?;
    let data_type = modules::data_type(vm, &data_type)?;
    let operand = coerce::typed_expr_of(vm, &operand, &data_type)?;
    Ok(wrap(Expression::new(
        ExprKind::TypeCoerce(operand),
        data_type,
    )))
}

/// `extract("year", x)`.
pub(super) fn extract(vm: &mut Vm, mut args: Args) -> PyResult {
    let field = args.require("extract", "field")?;
    let operand = args.require("extract", "expr")?;
    fail::known(vm, &field)?;
    let field = field.as_str().unwrap_or_else(|| Arc::from(""));
    let operand = coerce::expr_of(vm, &operand, None)?;
    Ok(wrap(Expression::new(
        ExprKind::Extract { field, operand },
        typed("Integer"),
    )))
}

/// `and_(…)`, `or_(…)`.
pub(super) fn join_conditions(vm: &mut Vm, operator: &Operator, args: &Args) -> PyResult {
    let mut items = args.pos.clone();
    // A generator stands for its items.
    if let [single] = args.pos.as_slice()
        && &*vm.type_name(single) == "generator"
    {
        items = vm.iterate(single)?;
    }
    let mut clauses = Vec::with_capacity(items.len());
    for item in &items {
        clauses.push(coerce::condition(vm, item)?);
    }
    Ok(wrap(conjunction(operator, &clauses)))
}

/// `not_(x)`.
pub(super) fn not(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = args.require("not_", "clause")?;
    let expr = coerce::condition(vm, &value)?;
    Ok(wrap(negate(&expr)))
}

/// `case(…)`.
pub(super) fn case(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = args.keyword("value").filter(|value| !value.is_none());
    let otherwise = args.keyword("else_").filter(|value| !value.is_none());
    let value = match &value {
        Some(value) => Some(coerce::expr_of(vm, value, None)?),
        None => None,
    };
    let mut pairs: Vec<(Value, Value)> = Vec::new();
    if let Some(whens) = earlier::listed(vm, &args, "whens") {
        args.take("whens");
        args.pos.splice(..0, whens);
    }
    if let Some((name, _)) = args.kw.first() {
        let message = format!("case() got an unexpected keyword argument '{name}'");
        return Err(fail::type_error(message));
    }
    for item in &args.pos {
        match item {
            Value::Dict(entries) => {
                let entries = entries.borrow();
                pairs.extend(
                    entries
                        .iter()
                        .map(|(key, value)| (key.value().clone(), value.clone())),
                );
            }
            Value::Tuple(items) if items.len() == 2 => {
                pairs.push((items[0].clone(), items[1].clone()));
            }
            Value::Unknown(reason) => return Err(fail::unknown(vm, reason)),
            _ => {
                return Err(fail::argument(
                    vm,
                    "The \"whens\" argument to case(), when referring to a sequence of items, is now passed as a series of positional elements, rather than as a list. ",
                ));
            }
        }
    }
    let mut whens = Vec::with_capacity(pairs.len());
    for (condition, result) in &pairs {
        let condition = coerce::expr_of(vm, condition, None)?;
        let result = coerce::expr_of(vm, result, None)?;
        whens.push((self_group(&condition, None), result));
    }
    let otherwise = match &otherwise {
        Some(value) => Some(coerce::expr_of(vm, value, None)?),
        None => None,
    };
    let data_type = whens
        .last()
        .map_or_else(null_type, |(_, result)| result.data_type.clone());
    Ok(wrap(Expression::new(
        ExprKind::Case {
            value,
            whens,
            otherwise,
        },
        data_type,
    )))
}

/// `literal(value, Type)`.
pub(super) fn literal(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = args.require("literal", "value")?;
    let data_type = args.take("type_").filter(|value| !value.is_none());
    let data_type = match data_type {
        Some(data_type) => Some(modules::data_type(vm, &data_type)?),
        None => None,
    };
    if coerce::clause(vm, &value)?.is_some() {
        return Ok(value);
    }
    if let Some(data_type) = &data_type {
        return Ok(wrap(coerce::bound(vm, &value, data_type)?));
    }
    let value = super::literal::literal_of(vm, &value)?;
    let data_type = crate::expression::of_literal(&value);
    Ok(wrap(crate::expression::typed_bind(value, data_type)))
}

/// `literal_column("…", Type)`.
pub(super) fn literal_column_of(vm: &mut Vm, mut args: Args) -> PyResult {
    let text = args.require("literal_column", "text")?;
    fail::known(vm, &text)?;
    let data_type = match args.take("type_").filter(|value| !value.is_none()) {
        Some(data_type) => modules::data_type(vm, &data_type)?,
        None => null_type(),
    };
    let text = match text.as_str() {
        Some(text) => text,
        None => vm.str(&text)?,
    };
    Ok(wrap(literal_column(text, data_type)))
}

/// `column("x", Type)`.
pub(super) fn column(vm: &mut Vm, mut args: Args) -> PyResult {
    let name = args.require("column", "text")?;
    let data_type = match args.take("type_").filter(|value| !value.is_none()) {
        Some(data_type) => modules::data_type(vm, &data_type)?,
        None => null_type(),
    };
    let is_literal = match args.take("is_literal") {
        Some(flag) => vm.truth(&flag)?,
        None => false,
    };
    match modules::ident(vm, &name)? {
        Some(name) if is_literal => Ok(wrap(literal_column(&*name.name, data_type))),
        Some(name) => Ok(wrap(crate::expression::column(None, name, data_type))),
        None => Err(fail::argument(vm, "the name of a column must be a str")),
    }
}

/// `EXISTS (…)`.
pub(super) fn exists_of(select: &Expr) -> Expr {
    let operand = if matches!(select.kind, ExprKind::ScalarSelect(_)) {
        Rc::clone(select)
    } else {
        as_scalar(select)
    };
    Expression::new(
        ExprKind::Unary {
            operator: Operator::Exists,
            operand,
        },
        boolean(),
    )
}

/// `exists(…)`: of a SELECT, or of columns, or of everything.
pub(super) fn exists(vm: &mut Vm, args: Args) -> PyResult {
    if earlier::listed(vm, &args, "columns").is_some() {
        let select = super::select::select(vm, args)?;
        let select = coerce::expr_of(vm, &select, None)?;
        return Ok(wrap(exists_of(&select)));
    }
    let mut columns = Vec::with_capacity(args.pos.len());
    for value in &args.pos {
        if let Some(found) = coerce::clause(vm, value)?
            && (found.is_select() || matches!(found.kind, ExprKind::ScalarSelect(_)))
        {
            return Ok(wrap(exists_of(&found)));
        }
        columns.push(coerce::select_column(vm, value)?);
    }
    if columns.is_empty() {
        columns.push(literal_column("*", null_type()));
    }
    let select = Select {
        columns,
        ..Select::default()
    };
    Ok(wrap(exists_of(&Expression::untyped(ExprKind::Select(
        Box::new(select),
    )))))
}

/// `x COLLATE "name"`.
pub(super) fn collated(expr: &Expr, name: &str) -> Expr {
    let collation = Expression::untyped(ExprKind::Collation(Ident::new(name)));
    binary(
        expr,
        Operator::Collate,
        &collation,
        expr.data_type.clone(),
        None,
        BinaryOptions::default(),
    )
}

/// `collate(x, "name")`.
pub(super) fn collate(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = args.require("collate", "expression")?;
    let name = args.require("collate", "collation")?;
    let expr = coerce::expr_of(vm, &value, None)?;
    let name = name.as_str().unwrap_or_else(|| Arc::from(""));
    Ok(wrap(collated(&expr, &name)))
}

/// `desc(x)` and its like.
pub(super) fn ordered(vm: &mut Vm, operator: Operator, mut args: Args) -> PyResult {
    let value = args.require("desc", "column")?;
    let expr = coerce::ordering(vm, &value)?;
    Ok(wrap(modifier(&expr, operator)))
}

/// `distinct(x)`, `any_(x)`, `all_(x)`: a method of the operand.
pub(super) fn as_method(vm: &mut Vm, name: &'static str, mut args: Args) -> PyResult {
    let value = args.require(name, "expr")?;
    let expr = coerce::expr_of(vm, &value, None)?;
    vm.call_method(&wrap(expr), name, args)
}

/// `tuple_(a, b)`.
pub(super) fn tuple(vm: &mut Vm, args: Args) -> PyResult {
    let mut items = Vec::with_capacity(args.pos.len());
    for value in &args.pos {
        items.push(coerce::expr_of(vm, value, None)?);
    }
    Ok(wrap(Expression::untyped(ExprKind::Tuple(items))))
}

/// `array([…])`.
pub(super) fn array(vm: &mut Vm, mut args: Args) -> PyResult {
    let values = args.require("array", "clauses")?;
    let given = match args.keyword("type_").filter(|value| !value.is_none()) {
        Some(data_type) => Some(modules::data_type(vm, &data_type)?),
        None => None,
    };
    let values = vm.iterate(&values)?;
    let mut items = Vec::with_capacity(values.len());
    for value in &values {
        items.push(coerce::expr_of(vm, value, None)?);
    }
    let item = given.unwrap_or_else(|| {
        items
            .iter()
            .map(|item| &item.data_type)
            .find(|found| found.spec.family != Family::Null)
            .cloned()
            .unwrap_or_else(null_type)
    });
    Ok(wrap(Expression::new(
        ExprKind::Array(items),
        array_of(&item),
    )))
}

/// `aggregate_order_by(x, y.desc())`.
pub(super) fn aggregate_order_by(vm: &mut Vm, mut args: Args) -> PyResult {
    let target = args.require("aggregate_order_by", "target")?;
    let target = coerce::expr_of(vm, &target, None)?;
    let mut order_by = Vec::with_capacity(args.pos.len());
    for value in &args.pos {
        order_by.push(coerce::ordering(vm, value)?);
    }
    let data_type = target.data_type.clone();
    Ok(wrap(Expression::new(
        ExprKind::AggregateOrderBy { target, order_by },
        data_type,
    )))
}

/// `values(column("a"), …, name="v")`.
pub(super) fn values(vm: &mut Vm, mut args: Args) -> PyResult {
    let name = match args.keyword("name") {
        Some(name) => modules::ident(vm, &name)?,
        None => None,
    };
    let mut columns = Vec::with_capacity(args.pos.len());
    for value in &args.pos {
        columns.push(super::functions::column_of(vm, value)?);
    }
    Ok(wrap(Expression::untyped(ExprKind::From(
        FromClause::Values(Rc::new(Values {
            name,
            columns,
            rows: Vec::new(),
            lateral: false,
        })),
    ))))
}

/// The target of an assignment.
pub(super) fn target(vm: &mut Vm, value: &Value) -> PyResult<Target> {
    if let Some(found) = coerce::clause(vm, value)? {
        return Ok(match &found.kind {
            ExprKind::Label { operand, .. } => Target::Expr(Rc::clone(operand)),
            _ => Target::Expr(found),
        });
    }
    match value.as_str() {
        Some(key) => Ok(Target::Key(key)),
        None => {
            let shown = vm.repr(value)?;
            Err(fail::argument(
                vm,
                format!("Column name or column expression expected, got {shown}."),
            ))
        }
    }
}
