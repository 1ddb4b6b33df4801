//! The builtin functions, by name.

mod numbers;
mod objects;
mod sequences;
mod text;

use numbers::{abs, bin, chr, divmod, hex, oct, ord, pow, round, sum};
use objects::{
    callable, delattr, dir, getattr, hasattr, id, isinstance, issubclass, setattr, vars,
};
pub use objects::{hash, identity};
pub use sequences::contains;
use sequences::{all, any, enumerate, filter, iter, len, map, next, reversed, sorted, zip};
use text::{ascii, format_value, print, repr};

use super::{class, sorting, streams};
use crate::diagnostic::{Code, Diagnostic};
use crate::python::args::Args;
use crate::python::error::{PyResult, Raise};
use crate::python::native::Builtin;
use crate::python::value::Value;
use crate::python::vm::Vm;

pub(super) type Function = fn(&mut Vm, Args) -> PyResult;

pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("__import__", import),
    ("abs", abs),
    ("all", all),
    ("any", any),
    ("ascii", ascii),
    ("bin", bin),
    ("callable", callable),
    ("chr", chr),
    ("compile", refuse_compile),
    ("delattr", delattr),
    ("dir", dir),
    ("divmod", divmod),
    ("enumerate", enumerate),
    ("eval", refuse_eval),
    ("exec", refuse_exec),
    ("filter", filter),
    ("format", format_value),
    ("getattr", getattr),
    ("hasattr", hasattr),
    ("hash", |vm, mut args| {
        let value = args.require("hash", "obj")?;
        hash(vm, &value)
    }),
    ("hex", hex),
    ("id", id),
    ("input", refuse_input),
    ("isinstance", isinstance),
    ("issubclass", issubclass),
    ("iter", iter),
    ("len", len),
    ("map", map),
    ("max", |vm, args| sorting::extreme(vm, "max", args)),
    ("min", |vm, args| sorting::extreme(vm, "min", args)),
    ("next", next),
    ("oct", oct),
    ("open", streams::open),
    ("ord", ord),
    ("pow", pow),
    ("print", print),
    ("repr", repr),
    ("reversed", reversed),
    ("round", round),
    ("setattr", setattr),
    ("sorted", sorted),
    ("sum", sum),
    ("vars", vars),
    ("zip", zip),
];

thread_local! {
    static VALUES: std::cell::RefCell<rustc_hash::FxHashMap<&'static str, Value>> =
        std::cell::RefCell::default();
}

/// The builtin called `name`. Classes included; what needs the evaluator's own frames (`super`,
/// `globals`) is not.
pub fn lookup(vm: &mut Vm, name: &str) -> Option<Value> {
    let _ = vm;
    match name {
        "NotImplemented" => return Some(Value::NotImplemented),
        "Ellipsis" => return Some(Value::Ellipsis),
        "__debug__" => return Some(Value::Bool(true)),
        "NoneType"
        | "function"
        | "method"
        | "builtin_function_or_method"
        | "module"
        | "ellipsis"
        | "NotImplementedType" => return None,
        _ => {}
    }
    if let Some(class) = class(name) {
        return Some(Value::Class(class));
    }
    VALUES.with_borrow_mut(|values| {
        if let Some(value) = values.get(name) {
            return Some(value.clone());
        }
        let (name, function) = FUNCTIONS.iter().find(|(n, _)| *n == name)?;
        let value = Builtin::value(name, *function);
        values.insert(name, value.clone());
        Some(value)
    })
}

/// A final error for something that is not evaluated.
pub(super) fn unsupported(vm: &Vm, what: &str, why: &str) -> Box<Raise> {
    Raise::fatal(
        Diagnostic::error(Code::PythonUnsupported, format!("{what} is not supported"))
            .at(vm.location())
            .with_note(why)
            .with_help("write what the migration needs into the revision itself"),
    )
}

pub(super) fn refuse(vm: &Vm, name: &str) -> PyResult {
    Err(unsupported(
        vm,
        &format!("`{name}`"),
        "gensql evaluates migrations without running code that is made at run time",
    ))
}

pub(super) fn refuse_eval(vm: &mut Vm, _: Args) -> PyResult {
    refuse(vm, "eval")
}

pub(super) fn refuse_exec(vm: &mut Vm, _: Args) -> PyResult {
    refuse(vm, "exec")
}

pub(super) fn refuse_compile(vm: &mut Vm, _: Args) -> PyResult {
    refuse(vm, "compile")
}

pub(super) fn refuse_input(vm: &mut Vm, _: Args) -> PyResult {
    Ok(Value::unknown("what a person types", vm.location()))
}

pub(super) fn import(vm: &mut Vm, mut args: Args) -> PyResult {
    let name = args.require("__import__", "name")?;
    let name = vm.str(&name)?;
    let inner = vm.import(&name)?;
    match name.split_once('.') {
        Some((first, _)) => vm.import(first),
        None => Ok(inner),
    }
}

pub(super) fn one(args: &mut Args, name: &str) -> PyResult {
    args.require(name, "obj")
}
