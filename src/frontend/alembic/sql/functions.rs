//! `func`.

use std::any::Any;
use std::rc::Rc;

use super::clause::{method, wrap};
use super::{coerce, fail, modules};
use crate::datatype::{DataType, Family};
use crate::expression::{
    Alias, AliasSource, Expr, ExprKind, Expression, FromClause, Function, Ident, TableColumn,
    function, literal_column, null_type, typed,
};
use crate::python::{Args, Native, PyResult, Str, Value, Vm};

/// `func`, `func.package`, `func.package.name`: calling it makes a function call.
pub(super) struct FunctionName {
    path: Vec<Str>,
}

/// `func` itself.
pub(super) fn func() -> Value {
    Value::native(FunctionName { path: Vec::new() })
}

/// The function called `name`, as a class of `sqlalchemy.sql.functions`.
pub(super) fn named(name: &str) -> Value {
    Value::native(FunctionName {
        path: vec![Str::from(name)],
    })
}

/// Whether SQLAlchemy has a class for the function.
pub(super) fn is_known(name: &str) -> bool {
    matches!(
        name,
        "coalesce"
            | "max"
            | "min"
            | "sum"
            | "now"
            | "pow"
            | "concat"
            | "char_length"
            | "random"
            | "count"
            | "current_date"
            | "current_time"
            | "current_timestamp"
            | "current_user"
            | "localtime"
            | "localtimestamp"
            | "session_user"
            | "sysdate"
            | "user"
            | "array_agg"
            | "any"
            | "all"
            | "some"
            | "mode"
            | "percentile_cont"
            | "percentile_disc"
            | "rank"
            | "dense_rank"
            | "percent_rank"
            | "cume_dist"
            | "cube"
            | "rollup"
            | "grouping_sets"
            | "aggregate_strings"
            | "next_value"
    ) || super::hstore::result_type(name).is_some()
}

/// The type of the function's result.
fn result_type(name: &str, args: &[Expr]) -> DataType {
    match name {
        "coalesce" | "max" | "min" | "sum" | "pow" => args
            .iter()
            .map(|arg| &arg.data_type)
            .find(|found| found.spec.family != Family::Null)
            .cloned()
            .unwrap_or_else(null_type),
        "now" | "current_timestamp" | "localtime" | "localtimestamp" | "sysdate" => {
            typed("DateTime")
        }
        "concat" | "current_user" | "session_user" | "user" | "aggregate_strings" => {
            typed("String")
        }
        "char_length" | "count" | "rank" | "dense_rank" => typed("Integer"),
        "percent_rank" | "cume_dist" => typed("Numeric"),
        "current_date" => typed("Date"),
        "current_time" => typed("Time"),
        "array_agg" => args
            .first()
            .map_or_else(null_type, super::column::array_type),
        name => super::hstore::result_type(name).unwrap_or_else(null_type),
    }
}

/// A call of a function that SQLAlchemy knows.
pub(super) fn known(name: &str, args: Vec<Expr>) -> Expr {
    let data_type = result_type(name, &args);
    function(name, args, data_type, true)
}

fn call(vm: &mut Vm, path: &[Str], mut args: Args) -> PyResult {
    let data_type = match args.keyword("type_") {
        Some(value) if !value.is_none() => Some(modules::data_type(vm, &value)?),
        _ => None,
    };
    let last = path.last().map_or("", |name| name);
    let lowered = last.to_lowercase();
    if path.len() == 1 {
        match &*lowered {
            "cast" => return super::constructs::cast(vm, args, false),
            "extract" => return super::constructs::extract(vm, args),
            "next_value" => {
                let sequence = args.require("next_value", "seq")?;
                return vm.call_method(&sequence, "next_value", Args::default());
            }
            _ => {}
        }
    }
    let mut expressions = Vec::with_capacity(args.pos.len());
    for value in &args.pos {
        expressions.push(match coerce::clause(vm, value)? {
            Some(found) => crate::expression::as_scalar(&found),
            None => {
                let bound = coerce::expr_of(vm, value, None)?;
                named_parameter(&bound, last)
            }
        });
    }
    let is_known = path.len() == 1 && is_known(&lowered);
    args.keyword("packagenames");
    if !is_known || lowered == "aggregate_strings" {
        // SQLAlchemy's own functions pass over what they do not know.
        args.pos.clear();
        args.finish("Function.__init__")?;
    }
    if is_known && lowered == "count" && expressions.is_empty() {
        expressions.push(literal_column("*", null_type()));
    }
    let data_type = data_type.unwrap_or_else(|| {
        if is_known {
            result_type(&lowered, &expressions)
        } else {
            null_type()
        }
    });
    let args = expressions
        .iter()
        .map(|arg| crate::expression::self_group(arg, Some(&crate::expression::Operator::Comma)))
        .collect();
    Ok(wrap(Expression::new(
        ExprKind::Function(Function {
            name: path.iter().map(|part| Ident::from(part.clone())).collect(),
            args,
            known: is_known,
        }),
        data_type,
    )))
}

/// A value gets the function's name as a parameter.
pub(super) fn named_parameter(expr: &Expr, name: &str) -> Expr {
    match &expr.kind {
        ExprKind::Bind(bind) => {
            let mut bind = bind.clone();
            bind.key = Some(Ident::anonymous(name).name);
            Expression::new(ExprKind::Bind(bind), expr.data_type.clone())
        }
        _ => Rc::clone(expr),
    }
}

impl Native for FunctionName {
    fn type_name(&self) -> &str {
        "_FunctionGenerator"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if name.starts_with("__") {
            return Ok(None);
        }
        let mut path = self.path.clone();
        path.push(Str::from(name.strip_suffix('_').unwrap_or(name)));
        Ok(Some(Value::native(Self { path })))
    }

    fn call(&self, _this: &Value, vm: &mut Vm, args: Args) -> PyResult<Option<Value>> {
        if self.path.is_empty() {
            return Ok(None);
        }
        call(vm, &self.path, args).map(Some)
    }
}

/// `f(x ORDER BY y)`.
pub(super) fn with_order(vm: &mut Vm, expr: &Expr, order_by: Vec<Expr>) -> PyResult<Expr> {
    let ExprKind::Function(inner) = &expr.kind else {
        return Err(fail::unsupported(vm, "aggregate_order_by here"));
    };
    let target = match inner.args.as_slice() {
        [single] => Rc::clone(single),
        several => Expression::untyped(ExprKind::List {
            operator: crate::expression::Operator::Comma,
            items: several.to_vec(),
            group: false,
        }),
    };
    let ordered = Expression::untyped(ExprKind::AggregateOrderBy { target, order_by });
    Ok(Expression::new(
        ExprKind::Function(Function {
            args: vec![ordered],
            ..inner.clone()
        }),
        expr.data_type.clone(),
    ))
}

/// Functions as tables: `table_valued`, `column_valued`, `alias`.
pub(super) fn table_function(this: &Value, expr: &Expr, name: &str) -> Option<Value> {
    Some(match name {
        "table_valued" => method("table_valued", this, expr, |vm, _, expr, mut args| {
            let alias = args.keyword("name");
            let ordinality = args.keyword("with_ordinality");
            let mut columns = Vec::with_capacity(args.pos.len() + 1);
            for value in args.pos.iter().chain(&ordinality) {
                if value.is_none() {
                    continue;
                }
                columns.push(column_of(vm, value)?);
            }
            let name = match alias {
                Some(value) => modules::ident(vm, &value)?,
                None => None,
            };
            let alias = Alias {
                name: name.unwrap_or_else(|| Ident::anonymous("anon")),
                source: AliasSource::From(FromClause::Element(Rc::clone(expr))),
                lateral: false,
                sample: None,
                render_columns: None,
                with_ordinality: ordinality.is_some_and(|value| !value.is_none()),
                columns,
            };
            Ok(wrap(Expression::untyped(ExprKind::From(
                FromClause::Alias(Rc::new(alias)),
            ))))
        }),
        "column_valued" => method("column_valued", this, expr, |vm, _, expr, mut args| {
            let name = match args.take("name") {
                Some(value) => modules::ident(vm, &value)?,
                None => None,
            };
            let name = name.unwrap_or_else(|| Ident::anonymous("anon"));
            let alias = FromClause::Alias(Rc::new(Alias {
                name: name.clone(),
                source: AliasSource::From(FromClause::Element(Rc::clone(expr))),
                lateral: false,
                sample: None,
                render_columns: None,
                with_ordinality: false,
                columns: Vec::new(),
            }));
            Ok(wrap(Expression::new(
                ExprKind::RowColumn(alias),
                expr.data_type.clone(),
            )))
        }),
        "alias" => method("alias", this, expr, |vm, _, expr, mut args| {
            let name = match args.take("name") {
                Some(value) => modules::ident(vm, &value)?,
                None => None,
            };
            let column = match &expr.kind {
                ExprKind::Function(inner) => inner.name.last().cloned(),
                _ => None,
            };
            let columns = column
                .map(|column| vec![TableColumn::new(column, expr.data_type.clone())])
                .unwrap_or_default();
            Ok(wrap(Expression::untyped(ExprKind::From(
                FromClause::Alias(Rc::new(Alias {
                    name: name.unwrap_or_else(|| Ident::anonymous("anon")),
                    source: AliasSource::From(FromClause::Element(Rc::clone(expr))),
                    lateral: false,
                    sample: None,
                    render_columns: None,
                    with_ordinality: false,
                    columns,
                })),
            ))))
        }),
        _ => return None,
    })
}

/// A column from its name or from `column("x", Type)`.
pub(super) fn column_of(vm: &mut Vm, value: &Value) -> PyResult<TableColumn> {
    if let Some(found) = coerce::clause(vm, value)? {
        let name = crate::expression::natural_name(&found).unwrap_or_else(|| Ident::new("anon"));
        return Ok(TableColumn::new(name, found.data_type.clone()));
    }
    match modules::ident(vm, value)? {
        Some(name) => Ok(TableColumn::new(name, null_type())),
        None => Err(fail::argument(vm, "a column or its name expected")),
    }
}
