//! Statements that need a database, passed over where the host wants that.
//!
//! What such a statement would have bound or changed is not known afterwards: names get unknown
//! values, and what can be changed in place is remembered by its address and unknown from then on.
//! A statement that may leave its block cannot be passed over by itself; the one around it is.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::super::error::{Cause, PyResult, Raise};
use super::super::syntax::ast::{Stmt, StmtKind, Var};
use super::super::syntax::effects::{self, Call, Callee, Effects};
use super::super::value::{Str, Value};
use super::super::vm::{Function, Vm};
use super::frame::Env;
use super::reach::{self, Scope};
use super::{exception, target};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Location, SourceFile};

/// How deep containers in containers are followed.
const NESTING: usize = 3;

/// Calls that only look at what they are given.
const LOOKS: &[&str] = &[
    "abs",
    "all",
    "any",
    "bool",
    "dict",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "getattr",
    "hasattr",
    "int",
    "isinstance",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "sorted",
    "str",
    "sum",
    "tuple",
    "zip",
];

/// Methods that only look at what they are called on.
const LOOKING_METHODS: &[&str] = &[
    "all",
    "casefold",
    "count",
    "decode",
    "encode",
    "endswith",
    "fetchall",
    "fetchmany",
    "fetchone",
    "first",
    "format",
    "get",
    "isdigit",
    "items",
    "join",
    "keys",
    "loads",
    "lower",
    "lstrip",
    "mappings",
    "one",
    "one_or_none",
    "replace",
    "rsplit",
    "rstrip",
    "scalar",
    "scalar_one",
    "scalar_one_or_none",
    "scalars",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "title",
    "upper",
    "values",
];

/// A statement that was passed over.
pub struct PassedOver {
    /// Why.
    pub diagnostic: Diagnostic,
    /// Where it is.
    pub place: Location,
    /// What it would have done, with what the functions do that it calls.
    pub effects: Effects,
    /// The files in which it is written.
    pub files: Vec<Arc<SourceFile>>,
    /// What the names in it are, where they are plain values.
    pub values: Vec<(Str, Value)>,
}

/// Goes on behind a statement that needed a database, or raises again.
pub(super) fn instead(vm: &mut Vm, stmt: &Stmt, depth: usize, raise: Box<Raise>) -> PyResult<()> {
    let Some(bypass) = vm.bypass.clone() else {
        return Err(raise);
    };
    let Raise::Fatal(fatal) = &*raise else {
        return Err(raise);
    };
    // What has been applied knew what is not known here. Modules are left as they are: what they
    // cannot say is asked where a revision needs it.
    let own = vm.frames.get(depth.saturating_sub(1));
    let own = own.is_some_and(|frame| bypass.is_own(&frame.file));
    let was_known = own
        && bypass.applied()
        && matches!(
            fatal.diagnostic.code,
            Code::UnknownValue | Code::UnknownCondition | Code::DatabaseRead | Code::CatalogTainted
        );
    if fatal.cause != Cause::Database && !was_known {
        return Err(raise);
    }
    let diagnostic = exception::diagnostic(vm, &raise);
    vm.frames.truncate(depth);
    let Some(frame) = vm.frames.last() else {
        return Err(raise);
    };
    let of_function =
        frame.class.is_none() && frame.env.as_ref().is_some_and(|env| env.function.is_some());
    let place = Location::new(frame.file.clone(), stmt.span);
    if frame.is_built_in() {
        return Err(raise);
    }
    vm.unwound = Some(place.clone());
    if !of_function {
        return Err(raise);
    }
    let Some(effects) = effects::of_statement(&place) else {
        return Err(raise);
    };
    if bypass.applied() && only_raises(stmt) && effects.binds.is_empty() {
        vm.unwound = None;
        return Ok(());
    }
    if effects.leaves {
        return Err(raise);
    }
    vm.unwound = None;
    let mut values = Vec::new();
    let mut seen = FxHashSet::default();
    for name in &effects.mentions {
        if !seen.insert(name.as_str()) {
            continue;
        }
        if let Some(value) = look_up(vm, name) {
            if is_plain(&value) && !effects.binds.contains(name) {
                values.push((Str::from(name.as_str()), value.clone()));
            }
            make_stale(vm, &value, NESTING);
        }
    }
    for name in &effects.binds {
        let what = format!("`{name}`, which depends on {}", short(&diagnostic));
        let value = Value::read(what, Some(place.clone()));
        if let Some(var) = variable(vm, name) {
            target::store(vm, &var, value)?;
        }
    }
    if !(effects.assigns && effects.calls.iter().all(looks)) {
        let (effects, files) = reach::whole(vm, effects, &place.file, &Scope::Frame);
        let passed = PassedOver {
            diagnostic,
            place,
            effects,
            files,
            values,
        };
        bypass.passed_over(vm, passed);
    }
    Ok(())
}

/// Whether a statement does nothing but raise where a condition holds.
fn only_raises(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Assert { .. } => true,
        StmtKind::If { branches, orelse } => {
            orelse.is_empty()
                && branches.iter().all(|(_, body)| {
                    matches!(body.last(), Some(last) if matches!(last.kind, StmtKind::Raise { .. }))
                })
        }
        _ => false,
    }
}

fn short(diagnostic: &Diagnostic) -> &str {
    let message = &diagnostic.message;
    message
        .split_once(" is not known here")
        .map_or("what only the database knows", |(what, _)| what)
}

fn looks(call: &Call) -> bool {
    let known = match call.callee {
        Callee::Method => LOOKING_METHODS,
        Callee::Function => LOOKS,
        Callee::BuiltIn | Callee::Unsaid => return false,
    };
    known.contains(&call.name.as_str())
}

fn is_plain(value: &Value) -> bool {
    matches!(
        value,
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_)
    )
}

/// The value, unless a statement was passed over that would have changed it.
pub(super) fn current(vm: &Vm, value: Value) -> Value {
    if vm.stale.is_empty() || address(&value).is_none_or(|at| !vm.stale.contains_key(&at)) {
        return value;
    }
    Value::read("what the database's rows would have changed", vm.location())
}

fn address(value: &Value) -> Option<usize> {
    Some(match value {
        Value::List(list) => Rc::as_ptr(list).cast::<()>() as usize,
        Value::Dict(dict) => Rc::as_ptr(dict).cast::<()>() as usize,
        Value::Set(set) => Rc::as_ptr(set).cast::<()>() as usize,
        Value::Instance(instance) => Rc::as_ptr(instance).cast::<()>() as usize,
        _ => return None,
    })
}

/// Remembers what may have changed, and keeps it, so that no other value gets its address.
fn make_stale(vm: &mut Vm, value: &Value, nesting: usize) {
    if let Value::Function(function) = value {
        return closure(vm, function, nesting);
    }
    let Some(at) = address(value) else { return };
    if vm.stale.insert(at, value.clone()).is_some() || nesting == 0 {
        return;
    }
    let inner: Vec<Value> = match value {
        Value::List(list) => list.borrow().clone(),
        Value::Dict(dict) => dict.borrow().values().cloned().collect(),
        _ => Vec::new(),
    };
    for value in &inner {
        make_stale(vm, value, nesting - 1);
    }
}

/// What a function that would have been called may change: what its text names around it.
fn closure(vm: &mut Vm, function: &Rc<Function>, nesting: usize) {
    if nesting == 0 || function.def.file.is_built_in() {
        return;
    }
    let span = function.def.span;
    let text = function.def.file.text();
    let text = text
        .get(span.start as usize..span.end as usize)
        .unwrap_or(text);
    let words: FxHashSet<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect();
    let mut found = Vec::new();
    for word in words {
        if let Some(value) = captured(function.env.as_ref(), word) {
            found.push(value);
        } else if let Some(value) = function.globals.dict.borrow().get(word) {
            found.push(value.clone());
        }
    }
    for value in &found {
        make_stale(vm, value, nesting - 1);
    }
}

/// The scope that has a name, how many scopes outwards it is, and the name's slot in it.
fn scope_of(env: Option<&Rc<Env>>, name: &str) -> Option<(Rc<Env>, u32, usize)> {
    let mut env = env.cloned();
    let mut distance = 0;
    while let Some(scope) = env {
        let slot = scope
            .function
            .as_ref()
            .and_then(|function| function.slots.iter().position(|slot| **slot == *name));
        if let Some(slot) = slot {
            return Some((scope, distance, slot));
        }
        env = scope.parent.clone();
        distance += 1;
    }
    None
}

pub(super) fn captured(env: Option<&Rc<Env>>, name: &str) -> Option<Value> {
    let (scope, _, slot) = scope_of(env, name)?;
    scope.slots.borrow().get(slot).cloned().flatten()
}

pub(super) fn look_up(vm: &Vm, name: &str) -> Option<Value> {
    let frame = vm.frames.last()?;
    captured(frame.env.as_ref(), name).or_else(|| frame.globals.dict.borrow().get(name).cloned())
}

/// The variable that a name of the current function stands for.
fn variable(vm: &Vm, name: &str) -> Option<Var> {
    let frame = vm.frames.last()?;
    let Some((_, distance, slot)) = scope_of(frame.env.as_ref(), name) else {
        return Some(Var::Global(Str::from(name)));
    };
    let slot = u32::try_from(slot).ok()?;
    Some(match distance {
        0 => Var::Local(slot, Str::from(name)),
        _ => Var::Outer(distance, slot, Str::from(name)),
    })
}
