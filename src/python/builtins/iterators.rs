//! `range` and the lazy iterators.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use crate::python::args::Args;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::native::{Builtin, CompareOp, Native};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

type Step = Box<dyn FnMut(&mut Vm) -> PyResult<Option<Value>>>;

/// An iterator that computes its next item when asked.
pub struct Lazy {
    name: &'static str,
    step: RefCell<Option<Step>>,
}

impl Lazy {
    /// An iterator of the type `name`.
    pub fn value(
        name: &'static str,
        step: impl FnMut(&mut Vm) -> PyResult<Option<Value>> + 'static,
    ) -> Value {
        Value::native(Self {
            name,
            step: RefCell::new(Some(Box::new(step))),
        })
    }

    /// An iterator over items that are there already.
    pub fn over(name: &'static str, items: Vec<Value>) -> Value {
        let mut items = items.into_iter();
        Self::value(name, move |_| Ok(items.next()))
    }
}

impl Native for Lazy {
    fn type_name(&self) -> &str {
        self.name
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let this = this.clone();
        Ok(match name {
            "__iter__" => Some(Builtin::value("__iter__", move |_, _| Ok(this.clone()))),
            "__next__" => Some(Builtin::value("__next__", move |vm, _| {
                vm.next(&this)?
                    .ok_or_else(|| Raise::exception("StopIteration", ""))
            })),
            _ => None,
        })
    }

    fn next(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Option<Value>>> {
        vm.step(1)?;
        let Ok(mut slot) = self.step.try_borrow_mut() else {
            return Err(Raise::exception("ValueError", "iterator already executing"));
        };
        let Some(step) = slot.as_mut() else {
            return Ok(Some(None));
        };
        let item = step(vm)?;
        if item.is_none() {
            *slot = None;
        }
        Ok(Some(item))
    }
}

/// `range(start, stop, step)`.
pub struct Range {
    /// The first number.
    pub start: i64,
    /// The end, which is not in it.
    pub stop: i64,
    /// The difference of neighbours; not zero.
    pub step: i64,
}

impl Range {
    /// How many numbers it has.
    pub fn count(&self) -> i64 {
        let (start, stop, step) = (
            i128::from(self.start),
            i128::from(self.stop),
            i128::from(self.step),
        );
        let n = if step > 0 {
            (stop - start + step - 1) / step
        } else {
            (start - stop - step - 1) / -step
        };
        i64::try_from(n.max(0)).unwrap_or(i64::MAX)
    }

    /// The number at a position that is in range.
    pub fn at(&self, index: i64) -> i64 {
        self.start.saturating_add(index.saturating_mul(self.step))
    }

    /// Its iterator, which takes no memory.
    pub fn iterator(&self) -> Value {
        let copy = Self { ..*self };
        let (count, mut i) = (copy.count(), 0);
        Lazy::value("range_iterator", move |_| {
            if i >= count {
                return Ok(None);
            }
            i += 1;
            Ok(Some(Value::Int(copy.at(i - 1))))
        })
    }

    fn find(&self, n: i64) -> Option<i64> {
        let offset = i128::from(n) - i128::from(self.start);
        let step = i128::from(self.step);
        let index = i64::try_from(offset / step).ok()?;
        (offset % step == 0 && index >= 0 && index < self.count()).then_some(index)
    }
}

impl Native for Range {
    fn type_name(&self) -> &str {
        "range"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        super::class("range")
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let this = this.clone();
        Ok(Some(match name {
            "start" => Value::Int(self.start),
            "stop" => Value::Int(self.stop),
            "step" => Value::Int(self.step),
            "__iter__" => Builtin::value("__iter__", move |vm, _| match this.downcast::<Range>() {
                Some(range) => Ok(range.iterator()),
                None => vm.iter(&this),
            }),
            "index" | "count" => {
                let count = name == "count";
                Builtin::value("index", move |vm, mut args| {
                    let wanted = args.require("index", "value")?;
                    let found = match (wanted.as_int(), this.downcast::<Range>()) {
                        (Some(n), Some(range)) => range.find(n),
                        _ => None,
                    };
                    match found {
                        _ if count => Ok(Value::Int(i64::from(found.is_some()))),
                        Some(i) => Ok(Value::Int(i)),
                        None => {
                            let text = vm.repr(&wanted)?;
                            Err(Raise::exception(
                                "ValueError",
                                format!("{text} is not in range"),
                            ))
                        }
                    }
                })
            }
            _ => return Ok(None),
        }))
    }

    fn get_item(&self, _this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        let count = self.count();
        let Some(i) = index.as_int() else {
            let Some(slice) = index.downcast::<crate::python::exec::subscript::Slice>() else {
                let found = vm.type_name(index);
                return Err(Raise::exception(
                    "TypeError",
                    format!("range indices must be integers or slices, not {found}"),
                ));
            };
            let bounds = Args::of(vec![Value::Int(count)]);
            let Some(method) = slice.get_attr(index, vm, "indices")? else {
                return Ok(None);
            };
            let bounds = vm.call(&method, bounds)?;
            let bounds: Vec<i64> = vm
                .iterate(&bounds)?
                .iter()
                .filter_map(Value::as_int)
                .collect();
            let [start, stop, step] = bounds[..] else {
                return Ok(None);
            };
            return Ok(Some(Value::native(Range {
                start: self.at(start),
                stop: self.at(stop),
                step: self.step.saturating_mul(step),
            })));
        };
        let i = if i < 0 { i + count } else { i };
        if i < 0 || i >= count {
            return Err(Raise::exception(
                "IndexError",
                "range object index out of range",
            ));
        }
        Ok(Some(Value::Int(self.at(i))))
    }

    fn iter(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        let count = self.count();
        vm.charge(
            usize::try_from(count)
                .unwrap_or(usize::MAX)
                .saturating_mul(16),
        )?;
        Ok(Some((0..count).map(|i| Value::Int(self.at(i))).collect()))
    }

    fn len(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(usize::try_from(self.count()).ok())
    }

    fn truth(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(Some(self.count() > 0))
    }

    fn contains(&self, _this: &Value, _vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        Ok(Some(item.as_int().is_some_and(|n| self.find(n).is_some())))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let Some(other) = other.downcast::<Range>() else {
            return Ok(None);
        };
        let (n, m) = (self.count(), other.count());
        let same = n == m
            && (n == 0 || (self.start == other.start && (n == 1 || self.step == other.step)));
        Ok(match op {
            CompareOp::Eq => Some(Value::Bool(same)),
            CompareOp::Ne => Some(Value::Bool(!same)),
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(Str::from(if self.step == 1 {
            format!("range({}, {})", self.start, self.stop)
        } else {
            format!("range({}, {}, {})", self.start, self.stop, self.step)
        })))
    }

    fn key(&self) -> Option<Value> {
        Some(Value::tuple(vec![
            Value::str("range"),
            Value::Int(self.start),
            Value::Int(self.stop),
            Value::Int(self.step),
        ]))
    }
}
