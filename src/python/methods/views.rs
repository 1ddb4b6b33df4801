//! The views that `dict.keys()`, `values()` and `items()` give.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use crate::python::error::PyResult;
use crate::python::native::{BinaryOp, CompareOp, Native};
use crate::python::value::{Dict, Set, Str, Value};
use crate::python::vm::Vm;

/// What a view shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ViewKind {
    /// The keys.
    Keys,
    /// The values.
    Values,
    /// The pairs.
    Items,
}

/// A view of a dictionary.
pub struct View {
    /// The dictionary.
    pub dict: Rc<RefCell<Dict>>,
    /// What is shown of it.
    pub kind: ViewKind,
}

impl View {
    fn list(&self) -> Vec<Value> {
        let dict = self.dict.borrow();
        match self.kind {
            ViewKind::Keys => dict.keys().map(|k| k.value().clone()).collect(),
            ViewKind::Values => dict.values().cloned().collect(),
            ViewKind::Items => dict
                .iter()
                .map(|(k, v)| Value::tuple(vec![k.value().clone(), v.clone()]))
                .collect(),
        }
    }
}

/// The members of a view of keys, for set operators.
pub(crate) fn as_set(native: &Rc<dyn Native>) -> Option<Set> {
    let any: Rc<dyn Any> = Rc::clone(native).as_any_rc();
    let view = any.downcast::<View>().ok()?;
    (view.kind == ViewKind::Keys).then(|| view.dict.borrow().keys().cloned().collect())
}

fn members(vm: &mut Vm, value: &Value) -> PyResult<Set> {
    let mut out = Set::default();
    for item in vm.iterate(value)? {
        out.insert(vm.key(&item)?);
    }
    Ok(out)
}

/// Methods that values without a table of their own have: none so far.
#[allow(clippy::unnecessary_wraps)]
pub(super) fn exception_free(_vm: &mut Vm, _value: &Value, _name: &str) -> PyResult<Option<Value>> {
    Ok(None)
}

impl Native for View {
    fn type_name(&self) -> &str {
        match self.kind {
            ViewKind::Keys => "dict_keys",
            ViewKind::Values => "dict_values",
            ViewKind::Items => "dict_items",
        }
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if name == "mapping" {
            return Ok(Some(Value::Dict(Rc::clone(&self.dict))));
        }
        if name == "isdisjoint" {
            let dict = Rc::clone(&self.dict);
            return Ok(Some(crate::python::Builtin::value(
                "isdisjoint",
                move |vm, mut args| {
                    let other = args.require("isdisjoint", "other")?;
                    for item in vm.iterate(&other)? {
                        let key = vm.key(&item)?;
                        if dict.borrow().contains_key(&key) {
                            return Ok(Value::Bool(false));
                        }
                    }
                    Ok(Value::Bool(true))
                },
            )));
        }
        Ok(None)
    }

    fn iter(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        vm.charge(self.dict.borrow().len() * 16)?;
        Ok(Some(self.list()))
    }

    fn len(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(Some(self.dict.borrow().len()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(Some(!self.dict.borrow().is_empty()))
    }

    fn contains(&self, _this: &Value, vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        if self.kind == ViewKind::Keys {
            let key = vm.key(item)?;
            return Ok(Some(self.dict.borrow().contains_key(&key)));
        }
        for own in self.list() {
            vm.step(1)?;
            if own.is(item) || vm.equal(&own, item)? {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        if self.kind == ViewKind::Values
            || !matches!(
                op,
                BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::Sub
            )
        {
            return Ok(None);
        }
        let mine = members(vm, this)?;
        let theirs = members(vm, other)?;
        let (x, y) = if reflected {
            (theirs, mine)
        } else {
            (mine, theirs)
        };
        let items: Set = match op {
            BinaryOp::BitOr => x.union(&y).cloned().collect(),
            BinaryOp::BitAnd => x.intersection(&y).cloned().collect(),
            BinaryOp::BitXor => x.symmetric_difference(&y).cloned().collect(),
            _ => x.difference(&y).cloned().collect(),
        };
        Ok(Some(Value::Set(Rc::new(RefCell::new(items)))))
    }

    fn compare(
        &self,
        this: &Value,
        vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        if self.kind == ViewKind::Values
            || !(matches!(other, Value::Set(_) | Value::FrozenSet(_))
                || other.downcast::<View>().is_some())
        {
            return Ok(None);
        }
        let x = Value::FrozenSet(Rc::new(members(vm, this)?));
        let y = Value::FrozenSet(Rc::new(members(vm, other)?));
        crate::python::numbers::compare(vm, op, &x, &y)
    }

    fn repr(&self, this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        let items = Value::list(self.list());
        let address = Rc::as_ptr(&self.dict).addr().wrapping_add(1);
        let _ = this;
        let text = crate::python::format::guarded(address, || vm.repr(&items))?;
        let text = text.unwrap_or_else(|| Str::from("..."));
        Ok(Some(Str::from(format!("{}({text})", self.type_name()))))
    }
}
