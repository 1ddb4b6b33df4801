//! What a type written in Python makes of a value before it is written.

use std::rc::Rc;

use super::super::bind;
use super::super::host::host;
use super::super::sql;
use super::object::TypeObject;
use crate::datatype::{DataType, Processor};
use crate::expression::{literal_column, null_type};
use crate::python::{Args, PyResult, Str, Value, Vm};

/// The methods of types that change values, as SQLAlchemy looks for them when it writes a literal.
const METHODS: &[&str] = &["process_literal_param", "process_bind_param"];

/// The processor of a type, when its class or what it decorates defines a method for that.
pub fn processor(vm: &mut Vm, value: &Value, object: &TypeObject) -> Processor {
    if let Some(known) = object.processor.get() {
        return Processor(Some(known));
    }
    if !is_processing(value, object) {
        return Processor(None);
    }
    let host = host(vm);
    let mut processors = host.processors.borrow_mut();
    processors.push(value.clone());
    let number = processors.len() - 1;
    object.processor.set(Some(number));
    Processor(Some(number))
}

fn is_processing(value: &Value, object: &TypeObject) -> bool {
    if object.attr("_lookup").is_some() || defines(value, "literal_processor") {
        return true;
    }
    if METHODS.iter().any(|method| defines(value, method)) {
        return true;
    }
    let inner = object.attr("impl");
    inner.is_some_and(|inner| {
        inner
            .downcast::<TypeObject>()
            .is_some_and(|object| is_processing(&inner, &object))
    })
}

/// Whether a type's class, or one that it derives from, defines a method in Python.
fn defines(value: &Value, method: &str) -> bool {
    let Value::Instance(instance) = value else {
        return false;
    };
    let class = Rc::clone(&instance.class.borrow());
    matches!(class.lookup(method), Some(Value::Function(_)))
}

/// The value that is written to a column of a type: what its processor makes of it, which may be
/// an expression.
pub fn processed(vm: &mut Vm, data_type: &DataType, value: &Value) -> PyResult {
    let dialect = host(vm).target.dialect.clone();
    let Processor(Some(number)) = data_type.for_dialect(&dialect).processor else {
        return Ok(value.clone());
    };
    let found = host(vm).processors.borrow().get(number).cloned();
    match found {
        Some(found) => bind_value(vm, &found, value),
        None => Ok(value.clone()),
    }
}

/// Like [`processed`], for a value that is compared with a column: a type may leave that to what
/// it decorates.
pub fn compared(vm: &mut Vm, data_type: &DataType, value: &Value) -> PyResult<Option<Value>> {
    let Processor(Some(number)) = data_type.processor else {
        return Ok(None);
    };
    let found = host(vm).processors.borrow().get(number).cloned();
    match found {
        Some(found) if !defines(&found, "coerce_compared_value") => {
            bind_value(vm, &found, value).map(Some)
        }
        _ => Ok(None),
    }
}

/// What a type makes of a value before it is written: the label of an enum's member, and what a
/// decorator's `process_literal_param` or `process_bind_param` says.
pub fn bind_value(vm: &mut Vm, data_type: &Value, value: &Value) -> PyResult {
    let Some(object) = data_type.downcast::<TypeObject>() else {
        return Ok(value.clone());
    };
    if value.is_none() || sql::is_clause(vm, value) {
        return Ok(value.clone());
    }
    if let Some(Value::Dict(lookup)) = object.attr("_lookup") {
        let key = vm.key(value)?;
        let label = lookup.borrow().get(&key).cloned();
        return Ok(label.unwrap_or_else(|| value.clone()));
    }
    if defines(data_type, "literal_processor") {
        let dialect = bind::dialect(vm);
        let args = Args::of(vec![dialect]);
        let process = vm.call_method(data_type, "literal_processor", args)?;
        let text = vm.call(&process, Args::of(vec![value.clone()]))?;
        let text = text.as_str().unwrap_or_else(|| Str::from(""));
        return Ok(sql::wrap(literal_column(text, null_type())));
    }
    let mut value = value.clone();
    if let Some(method) = METHODS.iter().find(|method| defines(data_type, method)) {
        let dialect = bind::dialect(vm);
        value = vm.call_method(data_type, method, Args::of(vec![value, dialect]))?;
    }
    match object.attr("impl") {
        Some(implementation) => bind_value(vm, &implementation, &value),
        None => Ok(value),
    }
}
