//! PostgreSQL's HSTORE: its items, its methods, and the function `hstore()`.

use super::clause::method;
use super::coerce;
use super::column::special;
use super::functions;
use crate::datatype::{DataType, TypeArg};
use crate::expression::{
    BinaryOptions, CustomOperator, Expr, Operator, array_of, binary, boolean, typed,
};
use crate::python::{Args, PyResult, Value, Vm};

use std::rc::Rc;

/// `column[key]`: `->`, or a subscript where there are some.
pub(super) fn item(vm: &mut Vm, expr: &Expr, index: &Value) -> PyResult<Expr> {
    let Operator::Custom(arrow) = special("->", false, true) else {
        return Ok(Rc::clone(expr));
    };
    let operator = Operator::Custom(Rc::new(CustomOperator {
        is_subscript: true,
        ..(*arrow).clone()
    }));
    let right = coerce::operand(vm, expr, &operator, index)?;
    let result = match expr.data_type.arg("text_type") {
        Some(TypeArg::Type(given)) => (**given).clone(),
        _ => typed("Text"),
    };
    let options = BinaryOptions::default();
    Ok(binary(expr, operator, &right, result, None, options))
}

/// The function that a method calls with the column before its own arguments.
fn function_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "defined" => "defined",
        "delete" => "delete",
        "slice" => "slice",
        "keys" => "akeys",
        "vals" => "avals",
        "array" => "hstore_to_array",
        "matrix" => "hstore_to_matrix",
        _ => return None,
    })
}

/// The methods of an expression of this type.
pub(super) fn attr(this: &Value, expr: &Expr, name: &str) -> Option<Value> {
    let function = function_of(name)?;
    Some(method("function", this, expr, move |vm, this, _, args| {
        let mut all = Args::default();
        all.pos.push(this.clone());
        all.pos.extend(args.pos);
        vm.call(&functions::named(function), all)
    }))
}

/// The type of what one of HSTORE's functions gives.
pub(super) fn result_type(function: &str) -> Option<DataType> {
    Some(match function {
        "hstore" | "delete" | "slice" => typed("postgresql.HSTORE"),
        "defined" => boolean(),
        "akeys" | "avals" | "hstore_to_array" | "hstore_to_matrix" => array_of(&typed("Text")),
        _ => return None,
    })
}

/// `hstore(…)`.
pub(super) fn call(vm: &mut Vm, args: Args) -> PyResult {
    vm.call(&functions::named("hstore"), args)
}
