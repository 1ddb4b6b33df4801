//! The methods of column expressions.

use std::rc::Rc;

use super::clause::{method, wrap};
use super::compare::compare_with;
use super::{coerce, fail, modules};
use crate::datatype::{DataType, Family};
use crate::expression::{
    Binary, BinaryOptions, Bound, CustomOperator, Expr, ExprKind, Expression, Ident, Literal,
    Operator, Over, WindowFrame, affinity, all_of, any_of, array_of, binary, boolean, item_type,
    json_index, label, modifier, negate, null_type, operate, typed, typed_bind,
};
use crate::python::{Args, Builtin, PyResult, Raise, Str, UnaryOp, Value, Vm};

/// `-x`, `~x`.
pub fn column_unary(
    vm: &mut Vm,
    this: &Value,
    expr: &Expr,
    op: UnaryOp,
) -> PyResult<Option<Value>> {
    let _ = (vm, this);
    if expr.is_statement() || matches!(expr.kind, ExprKind::From(_)) {
        return Ok(None);
    }
    Ok(match op {
        UnaryOp::Invert => Some(wrap(negate(expr))),
        UnaryOp::Neg => Some(wrap(unary(Operator::Neg, expr))),
        UnaryOp::Pos => None,
    })
}

fn unary(operator: Operator, expr: &Expr) -> Expr {
    let operand = crate::expression::self_group(expr, Some(&operator));
    Expression::new(
        ExprKind::Unary { operator, operand },
        expr.data_type.clone(),
    )
}

/// The items of a `slice`: start and stop.
fn slice_of(vm: &mut Vm, index: &Value) -> PyResult<Option<(Value, Value)>> {
    if &*vm.type_name(index) != "slice" {
        return Ok(None);
    }
    let start = vm.get_attr(index, "start")?;
    let stop = vm.get_attr(index, "stop")?;
    Ok(Some((start, stop)))
}

/// `this[index]`.
pub fn column_item(
    vm: &mut Vm,
    this: &Value,
    expr: &Expr,
    index: &Value,
) -> PyResult<Option<Value>> {
    let _ = this;
    let data_type = expr.data_type.clone();
    let item = match affinity(&data_type) {
        Family::Hstore => super::hstore::item(vm, expr, index)?,
        Family::Json => {
            let is_path = matches!(index, Value::List(_) | Value::Tuple(_));
            let operator = if is_path {
                Operator::JsonPathGetItem
            } else {
                Operator::JsonGetItem
            };
            let right = match coerce::clause(vm, index)? {
                Some(right) => right,
                None => typed_bind(super::literal::literal_of(vm, index)?, json_index()),
            };
            binary(
                expr,
                operator,
                &right,
                data_type,
                None,
                BinaryOptions::default(),
            )
        }
        Family::Array => {
            let (right, result) = match slice_of(vm, index)? {
                Some((start, stop)) => {
                    let start = coerce::expr_of(vm, &start, None)?;
                    let stop = coerce::expr_of(vm, &stop, None)?;
                    (
                        Expression::untyped(ExprKind::Slice(start, stop)),
                        data_type.clone(),
                    )
                }
                None => (
                    coerce::expr_of(vm, index, None)?,
                    item_type(&data_type).unwrap_or_else(null_type),
                ),
            };
            binary(
                expr,
                Operator::GetItem,
                &right,
                result,
                None,
                BinaryOptions::default(),
            )
        }
        _ => {
            return Err(Raise::exception(
                "NotImplementedError",
                "Operator 'getitem' is not supported on this expression",
            ));
        }
    };
    Ok(Some(wrap(item)))
}

/// Operators of PostgreSQL's types that are methods here.
fn postgresql_operator(name: &str) -> Option<(&'static str, bool, bool)> {
    Some(match name {
        "has_key" => ("?", true, true),
        "has_all" => ("?&", true, true),
        "has_any" => ("?|", true, true),
        "contained_by" => ("<@", true, true),
        "path_exists" => ("@?", true, true),
        "path_match" => ("@@", true, true),
        "delete_path" => ("#-", false, true),
        "overlap" | "overlaps" => ("&&", true, false),
        "strictly_left_of" => ("<<", true, false),
        "strictly_right_of" => (">>", true, false),
        "not_extend_right_of" => ("&<", true, false),
        "not_extend_left_of" => ("&>", true, false),
        "adjacent_to" => ("-|-", true, false),
        _ => return None,
    })
}

pub(super) fn special(text: &str, is_comparison: bool, eager: bool) -> Operator {
    let mut custom = CustomOperator::new(text, if is_comparison { 5 } else { 15 }, is_comparison);
    custom.natural_self_precedent = eager;
    custom.eager_grouping = eager;
    Operator::Custom(Rc::new(custom))
}

/// `this.contains(other)` and other operators of containers.
fn container(
    vm: &mut Vm,
    expr: &Expr,
    text: &'static str,
    is_comparison: bool,
    eager: bool,
    other: &Value,
) -> PyResult {
    let operator = special(text, is_comparison, eager);
    let right = if affinity(&expr.data_type) == Family::Array
        && matches!(other, Value::List(_) | Value::Tuple(_))
    {
        typed_bind(
            super::literal::literal_of(vm, other)?,
            expr.data_type.clone(),
        )
    } else {
        coerce::operand(vm, expr, &operator, other)?
    };
    let data_type = if is_comparison {
        boolean()
    } else {
        expr.data_type.clone()
    };
    Ok(wrap(binary(
        expr,
        operator,
        &right,
        data_type,
        None,
        BinaryOptions::default(),
    )))
}

/// Comparisons with one argument.
fn comparison_operator(name: &str) -> Option<Operator> {
    use Operator as O;
    Some(match name {
        "is_" => O::Is,
        "is_not" | "isnot" => O::IsNot,
        "is_distinct_from" => O::IsDistinctFrom,
        "is_not_distinct_from" | "isnot_distinct_from" => O::IsNotDistinctFrom,
        _ => return None,
    })
}

fn string_operator(name: &str) -> Option<Operator> {
    use Operator as O;
    Some(match name {
        "like" => O::Like,
        "not_like" | "notlike" => O::NotLike,
        "ilike" => O::ILike,
        "not_ilike" | "notilike" => O::NotILike,
        "contains" => O::Contains,
        "icontains" => O::IContains,
        "startswith" => O::StartsWith,
        "istartswith" => O::IStartsWith,
        "endswith" => O::EndsWith,
        "iendswith" => O::IEndsWith,
        _ => return None,
    })
}

fn plain_operator(name: &str) -> Option<Operator> {
    use Operator as O;
    Some(match name {
        "concat" => O::Concat,
        "bitwise_and" => O::BitAnd,
        "bitwise_or" => O::BitOr,
        "bitwise_xor" => O::BitXor,
        "bitwise_lshift" => O::ShiftLeft,
        "bitwise_rshift" => O::ShiftRight,
        _ => return None,
    })
}

fn modifier_operator(name: &str) -> Option<Operator> {
    use Operator as O;
    Some(match name {
        "asc" => O::Asc,
        "desc" => O::Desc,
        "nulls_first" | "nullsfirst" => O::NullsFirst,
        "nulls_last" | "nullslast" => O::NullsLast,
        _ => return None,
    })
}

/// `escape=` and `autoescape=`.
fn string_match(vm: &mut Vm, expr: &Expr, operator: Operator, mut args: Args) -> PyResult {
    let other = args.require("like", "other")?;
    let escape = args
        .take("escape")
        .filter(|value| !value.is_none())
        .and_then(|value| value.as_str());
    let autoescape = match args.keyword("autoescape") {
        Some(value) => vm.truth(&value)?,
        None => false,
    };
    let (other, escape) = if autoescape {
        let Some(text) = other.as_str() else {
            return Err(fail::type_error(
                "String value expected when autoescape=True",
            ));
        };
        let escape: Str = escape.unwrap_or_else(|| "/".into());
        let mut text = text.to_string();
        if !matches!(&*escape, "%" | "_") {
            text = text.replace(&*escape, &format!("{escape}{escape}"));
        }
        let text = text
            .replace('%', &format!("{escape}%"))
            .replace('_', &format!("{escape}_"));
        (Value::from(text), Some(escape))
    } else {
        (other, escape)
    };
    let options = BinaryOptions {
        escape,
        ..BinaryOptions::default()
    };
    compare_with(vm, expr, operator, &other, false, options)
}

/// An attribute or method of a column expression.
pub fn column_attr(vm: &mut Vm, this: &Value, expr: &Expr, name: &str) -> PyResult<Option<Value>> {
    let family = affinity(&expr.data_type);
    if let Some(operator) = comparison_operator(name) {
        return Ok(Some(method(
            "is_",
            this,
            expr,
            move |vm, _, expr, mut args| {
                let other = args.require("is_", "other")?;
                compare_with(
                    vm,
                    expr,
                    operator.clone(),
                    &other,
                    false,
                    BinaryOptions::default(),
                )
            },
        )));
    }
    if name == "contains"
        && matches!(
            family,
            Family::Array | Family::Json | Family::Hstore | Family::Range
        )
    {
        let postgres = family != Family::Json || expr.data_type.spec.name.ends_with("JSONB");
        if postgres {
            return Ok(Some(method(
                "contains",
                this,
                expr,
                |vm, _, expr, mut args| {
                    let other = args.require("contains", "other")?;
                    container(vm, expr, "@>", true, true, &other)
                },
            )));
        }
    }
    if let Some((text, is_comparison, eager)) = postgresql_operator(name)
        && matches!(
            family,
            Family::Array | Family::Json | Family::Hstore | Family::Range
        )
    {
        return Ok(Some(method(
            "operator",
            this,
            expr,
            move |vm, _, expr, mut args| {
                let other = args.require("operator", "other")?;
                container(vm, expr, text, is_comparison, eager, &other)
            },
        )));
    }
    if let Some(operator) = string_operator(name) {
        return Ok(Some(method(
            "like",
            this,
            expr,
            move |vm, _, expr, args| string_match(vm, expr, operator.clone(), args),
        )));
    }
    if let Some(operator) = plain_operator(name) {
        return Ok(Some(method(
            "concat",
            this,
            expr,
            move |vm, _, expr, mut args| {
                let other = args.require("operator", "other")?;
                let right = coerce::operand(vm, expr, &operator, &other)?;
                Ok(wrap(operate(expr, operator.clone(), &right)))
            },
        )));
    }
    if let Some(operator) = modifier_operator(name) {
        return Ok(Some(method("desc", this, expr, move |_, _, expr, _| {
            Ok(wrap(modifier(expr, operator.clone())))
        })));
    }
    if let Some(found) = json_attr(this, expr, family, name) {
        return Ok(Some(found));
    }
    if family == Family::Hstore
        && let Some(found) = super::hstore::attr(this, expr, name)
    {
        return Ok(Some(found));
    }
    if let Some(found) = function_attr(this, expr, name) {
        return Ok(Some(found));
    }
    Ok(Some(match name {
        "in_" | "not_in" | "notin_" => {
            let operator = if name == "in_" {
                Operator::In
            } else {
                Operator::NotIn
            };
            method("in_", this, expr, move |vm, _, expr, mut args| {
                let other = args.require("in_", "other")?;
                let right = coerce::in_operand(vm, expr, &operator, &other)?;
                Ok(wrap(binary(
                    expr,
                    operator.clone(),
                    &right,
                    boolean(),
                    operator.negated(),
                    BinaryOptions::default(),
                )))
            })
        }
        "between" => method("between", this, expr, between),
        "op" => method("op", this, expr, |vm, _, expr, args| {
            op(vm, expr, args, false)
        }),
        "bool_op" => method("bool_op", this, expr, |vm, _, expr, args| {
            op(vm, expr, args, true)
        }),
        "cast" => method("cast", this, expr, |vm, _, expr, mut args| {
            let data_type = args.require("cast", "type_")?;
            let data_type = modules::data_type(vm, &data_type)?;
            Ok(wrap(super::constructs::cast_to(expr, data_type, false)))
        }),
        "label" => method("label", this, expr, |vm, _, expr, mut args| {
            let name = args.require("label", "name")?;
            Ok(wrap(label(expr, label_name(vm, expr, &name)?)))
        }),
        "distinct" => method("distinct", this, expr, |_, _, expr, _| {
            Ok(wrap(unary(Operator::Distinct, expr)))
        }),
        "collate" => method("collate", this, expr, |_, _, expr, mut args| {
            let name = args.require("collate", "collation")?;
            let name = name.as_str().unwrap_or_else(|| "".into());
            Ok(wrap(super::constructs::collated(expr, &name)))
        }),
        "match" => method("match", this, expr, |vm, _, expr, mut args| {
            let other = args.require("match", "other")?;
            let options = BinaryOptions {
                regconfig: args
                    .keyword("postgresql_regconfig")
                    .and_then(|value| value.as_str()),
                ..BinaryOptions::default()
            };
            compare_with(vm, expr, Operator::Match, &other, false, options)
        }),
        "regexp_match" => method("regexp_match", this, expr, |vm, _, expr, mut args| {
            let pattern = args.require("regexp_match", "pattern")?;
            let flags = args.take("flags").and_then(|value| value.as_str());
            let right = coerce::operand(vm, expr, &Operator::Comma, &pattern)?;
            let options = BinaryOptions {
                flags,
                ..BinaryOptions::default()
            };
            Ok(wrap(binary(
                expr,
                Operator::RegexpMatch,
                &right,
                null_type(),
                Some(Operator::NotRegexpMatch),
                options,
            )))
        }),
        "regexp_replace" => method("regexp_replace", this, expr, |vm, _, expr, mut args| {
            let pattern = args.require("regexp_replace", "pattern")?;
            let replacement = args.require("regexp_replace", "replacement")?;
            let flags = args.take("flags").and_then(|value| value.as_str());
            let items = vec![
                coerce::operand(vm, expr, &Operator::Comma, &pattern)?,
                coerce::operand(vm, expr, &Operator::Comma, &replacement)?,
            ];
            let right = Expression::untyped(ExprKind::List {
                operator: Operator::Comma,
                items,
                group: false,
            });
            let options = BinaryOptions {
                flags,
                ..BinaryOptions::default()
            };
            Ok(wrap(binary(
                expr,
                Operator::RegexpReplace,
                &right,
                null_type(),
                None,
                options,
            )))
        }),
        "bitwise_not" => method("bitwise_not", this, expr, |_, _, expr, _| {
            Ok(wrap(unary(Operator::BitNot, expr)))
        }),
        "any_" => method("any_", this, expr, |_, _, expr, _| Ok(wrap(any_of(expr)))),
        "all_" => method("all_", this, expr, |_, _, expr, _| Ok(wrap(all_of(expr)))),
        "any" | "all" if family == Family::Array => {
            let is_any = name == "any";
            method("any", this, expr, move |vm, _, expr, mut args| {
                let other = args.require("any", "other")?;
                let operator = match args.take("operator") {
                    Some(value) => operator_function(vm, &value),
                    None => Operator::Eq,
                };
                let aggregate = if is_any { any_of(expr) } else { all_of(expr) };
                compare_with(
                    vm,
                    &aggregate,
                    operator,
                    &other,
                    true,
                    BinaryOptions::default(),
                )
            })
        }
        "name" | "key" | "description" => match &expr.kind {
            ExprKind::Bind(bind) if name == "key" => match &bind.key {
                Some(key) => Value::Str(key.clone()),
                None => Value::None,
            },
            ExprKind::Function(function) => match function.name.last() {
                Some(last) => Value::Str(last.name.clone()),
                None => Value::None,
            },
            _ => match crate::expression::natural_name(expr) {
                Some(found) => Value::Str(found.name),
                None => return Ok(None),
            },
        },
        "type" => modules::type_value(vm, &expr.data_type)?,
        "table" => match &expr.kind {
            ExprKind::Column {
                table: Some(table), ..
            } => wrap(Expression::untyped(ExprKind::From(table.clone()))),
            ExprKind::Column { .. } => Value::None,
            _ => return Ok(None),
        },
        "value" | "effective_value" => match &expr.kind {
            ExprKind::Bind(bind) => match &bind.value {
                Some(Literal::Str(text)) => Value::Str(text.clone()),
                Some(Literal::Bool(flag)) => Value::Bool(*flag),
                Some(Literal::Int(number)) => match number.parse() {
                    Ok(number) => Value::Int(number),
                    Err(_) => return Ok(None),
                },
                _ => Value::None,
            },
            _ => return Ok(None),
        },
        "element" => match &expr.kind {
            ExprKind::Label { operand, .. } => wrap(Rc::clone(operand)),
            _ => return Ok(None),
        },
        "left" | "right" => match &expr.kind {
            ExprKind::Binary(inner) if name == "left" => wrap(Rc::clone(&inner.left)),
            ExprKind::Binary(inner) => wrap(Rc::clone(&inner.right)),
            _ => return Ok(None),
        },
        "expression" | "comparator" => this.clone(),
        "primary_key" | "unique" => Value::Bool(false),
        "foreign_keys" => Value::list(Vec::new()),
        // `exists()` goes on as its SELECT does.
        "where" | "select_from" | "correlate" | "correlate_except" | "select" => {
            match exists_select(expr) {
                Some(select) => {
                    let name = name.to_owned();
                    let own = this.clone();
                    method("exists", this, expr, move |vm, _, _, args| {
                        if name == "select" {
                            args.finish("select")?;
                            return super::select::select(vm, Args::of(vec![own.clone()]));
                        }
                        let select = vm.call_method(&wrap(Rc::clone(&select)), &name, args)?;
                        match coerce::clause(vm, &select)? {
                            Some(select) => Ok(wrap(super::constructs::exists_of(&select))),
                            None => Ok(Value::None),
                        }
                    })
                }
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    }))
}

fn exists_select(expr: &Expr) -> Option<Expr> {
    let ExprKind::Unary {
        operator: Operator::Exists,
        operand,
    } = &expr.kind
    else {
        return None;
    };
    match &operand.kind {
        ExprKind::ScalarSelect(select) | ExprKind::Grouping(select) => Some(Rc::clone(select)),
        _ => None,
    }
}

/// The name of a label: text, or `None` for an anonymous one.
pub(super) fn label_name(vm: &mut Vm, expr: &Expr, name: &Value) -> PyResult<Ident> {
    fail::known(vm, name)?;
    Ok(match modules::ident(vm, name)? {
        Some(ident) => ident,
        None => {
            let base = crate::expression::natural_name(expr)
                .map_or_else(|| "anon".to_owned(), |name| name.name.to_string());
            Ident::anonymous(&base)
        }
    })
}

/// `operator.eq` and its like, as `any(…, operator=)` takes them.
fn operator_function(vm: &mut Vm, value: &Value) -> Operator {
    let name = vm
        .find_attr(value, "__name__")
        .ok()
        .flatten()
        .and_then(|name| name.as_str());
    match name.as_deref() {
        Some("ne") => Operator::Ne,
        Some("lt") => Operator::Gt,
        Some("gt") => Operator::Lt,
        Some("le") => Operator::Ge,
        Some("ge") => Operator::Le,
        _ => Operator::Eq,
    }
}

fn between(vm: &mut Vm, _: &Value, expr: &Expr, mut args: Args) -> PyResult {
    let low = args.require("between", "cleft")?;
    let high = args.require("between", "cright")?;
    let symmetric = match args.take("symmetric") {
        Some(value) => vm.truth(&value)?,
        None => false,
    };
    let items = vec![
        coerce::operand(vm, expr, &Operator::And, &low)?,
        coerce::operand(vm, expr, &Operator::And, &high)?,
    ];
    let bounds = Expression::untyped(ExprKind::List {
        operator: Operator::And,
        items,
        group: false,
    });
    Ok(wrap(binary(
        expr,
        Operator::Between,
        &bounds,
        null_type(),
        Some(Operator::NotBetween),
        BinaryOptions {
            symmetric,
            ..BinaryOptions::default()
        },
    )))
}

/// `op("…")`: a function that takes the other side.
fn op(vm: &mut Vm, expr: &Expr, mut args: Args, is_boolean: bool) -> PyResult {
    let text = args.require("op", "opstring")?;
    fail::known(vm, &text)?;
    let text = text.as_str().unwrap_or_else(|| "".into());
    let precedence = args
        .take("precedence")
        .and_then(|value| value.as_int())
        .and_then(|number| i32::try_from(number).ok())
        .unwrap_or(0);
    let is_comparison = match args.take("is_comparison") {
        Some(value) => vm.truth(&value)?,
        None => is_boolean,
    };
    let return_type = match args.keyword("return_type") {
        Some(value) if !value.is_none() => Some(modules::data_type(vm, &value)?),
        _ => None,
    };
    let mut custom = CustomOperator::new(&*text, precedence, is_comparison);
    custom.return_type = return_type;
    let operator = Operator::Custom(Rc::new(custom));
    let expr = Rc::clone(expr);
    Ok(Builtin::value("op", move |vm, mut args: Args| {
        let other = args.require("op", "other")?;
        let right = coerce::operand(vm, &expr, &operator, &other)?;
        Ok(wrap(operate(&expr, operator.clone(), &right)))
    }))
}

/// Methods of JSON documents and their items.
fn json_attr(this: &Value, expr: &Expr, family: Family, name: &str) -> Option<Value> {
    if family != Family::Json {
        return None;
    }
    let access = match &expr.kind {
        ExprKind::Binary(inner)
            if matches!(
                inner.operator,
                Operator::JsonGetItem | Operator::JsonPathGetItem
            ) =>
        {
            Some(inner.clone())
        }
        _ => None,
    };
    if name == "astext" {
        let access = access?;
        let text = if access.operator == Operator::JsonPathGetItem {
            "#>>"
        } else {
            "->>"
        };
        return Some(wrap(binary(
            &access.left,
            special(text, false, true),
            &access.right,
            typed("Text"),
            None,
            BinaryOptions::default(),
        )));
    }
    let data_type = match name {
        "as_string" => typed("Unicode"),
        "as_integer" => typed("Integer"),
        "as_float" => typed("Float"),
        "as_boolean" => boolean(),
        "as_numeric" => typed("Numeric"),
        "as_json" => {
            return Some(method("as_json", this, expr, |_, this, _, _| {
                Ok(this.clone())
            }));
        }
        _ => return None,
    };
    let access: Binary = access?;
    Some(method("as_type", this, expr, move |_, _, _, args| {
        let mut data_type: DataType = data_type.clone();
        if let [Value::Int(precision), Value::Int(scale)] = args.pos[..] {
            data_type
                .args
                .push(("precision", crate::datatype::TypeArg::Int(precision)));
            data_type
                .args
                .push(("scale", crate::datatype::TypeArg::Int(scale)));
        }
        Ok(wrap(Expression::new(
            ExprKind::Binary(access.clone()),
            data_type,
        )))
    }))
}

/// Methods of function calls.
fn function_attr(this: &Value, expr: &Expr, name: &str) -> Option<Value> {
    let is_function = matches!(
        expr.kind,
        ExprKind::Function(_)
            | ExprKind::Filtered { .. }
            | ExprKind::WithinGroup { .. }
            | ExprKind::AggregateOrderBy { .. }
    );
    if !is_function {
        return None;
    }
    Some(match name {
        "over" => method("over", this, expr, |vm, _, expr, args| {
            over(vm, expr, args).map(wrap)
        }),
        "filter" => method("filter", this, expr, |vm, this, expr, args| {
            if args.pos.is_empty() {
                return Ok(this.clone());
            }
            let mut criteria = Vec::with_capacity(args.pos.len());
            for value in &args.pos {
                criteria.push(coerce::condition(vm, value)?);
            }
            Ok(wrap(Expression::new(
                ExprKind::Filtered {
                    function: Rc::clone(expr),
                    criteria,
                },
                expr.data_type.clone(),
            )))
        }),
        "within_group" => method("within_group", this, expr, |vm, _, expr, args| {
            let mut order_by = Vec::with_capacity(args.pos.len());
            for value in &args.pos {
                order_by.push(coerce::ordering(vm, value)?);
            }
            let data_type = match order_by.first() {
                Some(first) if expr.data_type.spec.family == Family::Null => {
                    first.data_type.clone()
                }
                _ => expr.data_type.clone(),
            };
            Ok(wrap(Expression::new(
                ExprKind::WithinGroup {
                    function: Rc::clone(expr),
                    order_by,
                },
                data_type,
            )))
        }),
        "aggregate_order_by" => method("aggregate_order_by", this, expr, |vm, _, expr, args| {
            let mut order_by = Vec::with_capacity(args.pos.len());
            for value in &args.pos {
                order_by.push(coerce::ordering(vm, value)?);
            }
            super::functions::with_order(vm, expr, order_by).map(wrap)
        }),
        "alias" | "table_valued" | "column_valued" | "scalar_table_valued" => {
            return super::functions::table_function(this, expr, name);
        }
        "select" => method("select", this, expr, |_, _, expr, _| {
            Ok(wrap(Expression::untyped(ExprKind::Select(Box::new(
                crate::expression::Select {
                    columns: vec![Rc::clone(expr)],
                    ..Default::default()
                },
            )))))
        }),
        _ => return None,
    })
}

/// `over(…)`.
fn bound(vm: &mut Vm, value: Option<&Value>) -> PyResult<Bound> {
    Ok(match value.filter(|value| !value.is_none()) {
        None => Bound::Unbounded,
        Some(value) => match value.as_int() {
            Some(0) => Bound::Current,
            Some(number) if number < 0 => Bound::Preceding(number.saturating_neg()),
            Some(number) => Bound::Following(number),
            None => return Err(fail::argument(vm, "Integer or None expected for values")),
        },
    })
}

pub(super) fn over(vm: &mut Vm, element: &Expr, mut args: Args) -> PyResult<Expr> {
    let partition_by = args.take("partition_by").unwrap_or(Value::None);
    let order_by = args.take("order_by").unwrap_or(Value::None);
    let mut frame = None;
    for (keyword, word) in [("range_", "RANGE"), ("rows", "ROWS"), ("groups", "GROUPS")] {
        if let Some(value) = args.keyword(keyword).filter(|value| !value.is_none()) {
            let bounds = vm.iterate(&value)?;
            frame = Some(WindowFrame {
                unit: word,
                lower: bound(vm, bounds.first())?,
                upper: bound(vm, bounds.get(1))?,
                exclude: None,
            });
        }
    }
    if let Some(value) = args.keyword("exclude").filter(|value| !value.is_none()) {
        let Some(frame) = &mut frame else {
            let message =
                "'exclude' requires that one of 'rows', 'range_', or 'groups' is also specified";
            return Err(fail::argument(vm, message));
        };
        let rows = value.as_str().filter(|rows| {
            let mut known = ["CURRENT ROW", "GROUP", "TIES", "NO OTHERS"].iter();
            known.any(|known| known.eq_ignore_ascii_case(rows))
        });
        let Some(rows) = rows else {
            let message = format!("Unexpected SQL phrase: {}", vm.repr(&value)?);
            return Err(crate::frontend::alembic::raise::exception(
                vm,
                "CompileError",
                message,
            ));
        };
        frame.exclude = Some(rows);
    }
    args.finish("over")?;
    let partition_by = coerce::orderings(vm, &partition_by)?;
    let order_by = coerce::orderings(vm, &order_by)?;
    Ok(Expression::new(
        ExprKind::Over(Box::new(Over {
            element: Rc::clone(element),
            partition_by,
            order_by,
            frame,
        })),
        element.data_type.clone(),
    ))
}

/// The type of `array_agg(x)`.
pub(super) fn array_type(expr: &Expr) -> DataType {
    array_of(&expr.data_type)
}
