//! Functions that make text.

use super::super::{to_ascii, unknown_among};
use super::one;
use crate::python::args::Args;
use crate::python::error::PyResult;
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

pub(super) fn print(vm: &mut Vm, mut args: Args) -> PyResult {
    let separator = args
        .keyword("sep")
        .and_then(|s| s.as_str())
        .unwrap_or_else(|| Str::from(" "));
    let end = args
        .keyword("end")
        .and_then(|s| s.as_str())
        .unwrap_or_else(|| Str::from("\n"));
    let file = args.keyword("file").filter(|f| !f.is_none());
    let mut out = String::new();
    for (i, value) in args.pos.iter().enumerate() {
        if i > 0 {
            out.push_str(&separator);
        }
        match value {
            Value::Unknown(unknown) => {
                out.push('<');
                out.push_str(&unknown.what);
                out.push('>');
            }
            value => out.push_str(&vm.str(value)?),
        }
    }
    out.push_str(&end);
    vm.charge(out.len())?;
    match file {
        Some(file) => {
            vm.call_method(&file, "write", Args::of(vec![Value::from(out)]))?;
        }
        None => vm.printed.borrow_mut().push_str(&out),
    }
    Ok(Value::None)
}

pub(super) fn ascii(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "ascii")?;
    let text = vm.repr(&value)?;
    Ok(Value::from(to_ascii(&text)))
}

pub(super) fn format_value(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "format")?;
    let spec = args
        .take("format_spec")
        .and_then(|s| s.as_str())
        .unwrap_or_else(|| Str::from(""));
    vm.format(&value, &spec).map(Value::Str)
}

pub(super) fn repr(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "repr")?;
    if let Some(unknown) = unknown_among(std::slice::from_ref(&value), "the text") {
        return Ok(unknown);
    }
    vm.repr(&value).map(Value::Str)
}
