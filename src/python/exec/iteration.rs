//! Iteration.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::super::args::Args;
use super::super::error::{PyResult, Raise};
use super::super::native::Native;
use super::super::value::{Dict, Str, Value};
use super::super::vm::Vm;
use crate::diagnostic::Code;

/// An iterator over items that are all there.
pub struct SequenceIterator {
    name: &'static str,
    items: Vec<Value>,
    at: Cell<usize>,
}

impl SequenceIterator {
    /// An iterator whose type is called `name`.
    pub fn value(name: &'static str, items: Vec<Value>) -> Value {
        Value::native(Self {
            name,
            items,
            at: Cell::new(0),
        })
    }
}

impl Native for SequenceIterator {
    fn type_name(&self) -> &str {
        self.name
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn next(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Option<Value>>> {
        let at = self.at.get();
        self.at.set(at + 1);
        Ok(Some(self.items.get(at).cloned()))
    }
}

/// An iterator over the characters of a text.
struct TextIterator {
    text: Str,
    at: Cell<usize>,
}

impl Native for TextIterator {
    fn type_name(&self) -> &str {
        "str_iterator"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn next(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Option<Value>>> {
        let rest = self.text.get(self.at.get()..).unwrap_or_default();
        let Some(next) = rest.chars().next() else {
            return Ok(Some(None));
        };
        let length = next.len_utf8();
        self.at.set(self.at.get() + length);
        Ok(Some(Some(Value::str(&rest[..length]))))
    }
}

/// An iterator over a list, which sees changes made meanwhile.
struct ListIterator {
    list: Rc<RefCell<Vec<Value>>>,
    at: Cell<usize>,
}

impl Native for ListIterator {
    fn type_name(&self) -> &str {
        "list_iterator"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn next(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Option<Value>>> {
        let at = self.at.get();
        self.at.set(at + 1);
        Ok(Some(self.list.borrow().get(at).cloned()))
    }
}

/// An iterator over the keys of a dictionary that must not change its size meanwhile.
struct KeyIterator {
    dict: Rc<RefCell<Dict>>,
    len: usize,
    at: Cell<usize>,
}

impl Native for KeyIterator {
    fn type_name(&self) -> &str {
        "dict_keyiterator"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn next(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Option<Value>>> {
        let at = self.at.get();
        let dict = self.dict.borrow();
        if at > self.len {
            return Ok(Some(None));
        }
        if dict.len() != self.len {
            self.at.set(usize::MAX);
            return Err(Raise::exception(
                "RuntimeError",
                "dictionary changed size during iteration",
            ));
        }
        self.at.set(at + 1);
        Ok(Some(dict.get_index(at).map(|(key, _)| key.value().clone())))
    }
}

/// `iter(value)`.
pub fn iter(vm: &mut Vm, value: &Value) -> PyResult {
    if let Value::Native(_) = value
        && let Some(range) = value.downcast::<super::super::builtins::Range>()
    {
        return Ok(range.iterator());
    }
    match value {
        Value::List(list) => Ok(Value::native(ListIterator {
            list: Rc::clone(list),
            at: Cell::new(0),
        })),
        Value::Tuple(items) => {
            vm.step(items.len() as u64 / 64)?;
            Ok(SequenceIterator::value("tuple_iterator", items.to_vec()))
        }
        Value::Str(text) => {
            let text = text.clone();
            Ok(Value::native(TextIterator {
                text,
                at: Cell::new(0),
            }))
        }
        Value::Bytes(bytes) => {
            vm.charge(bytes.len().saturating_mul(16))?;
            let items = bytes.iter().map(|b| Value::Int(i64::from(*b))).collect();
            Ok(SequenceIterator::value("bytes_iterator", items))
        }
        Value::Dict(dict) => {
            let len = dict.borrow().len();
            Ok(Value::native(KeyIterator {
                dict: Rc::clone(dict),
                len,
                at: Cell::new(0),
            }))
        }
        Value::Set(set) => {
            let items = set.borrow().iter().map(|key| key.value().clone()).collect();
            Ok(SequenceIterator::value("set_iterator", items))
        }
        Value::FrozenSet(set) => {
            let items = set.iter().map(|key| key.value().clone()).collect();
            Ok(SequenceIterator::value("set_iterator", items))
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            if let Some(items) = native.iter(value, vm)? {
                return Ok(SequenceIterator::value("iterator", items));
            }
            if let Some(method) = native.get_attr(value, vm, "__iter__")? {
                return vm.call(&method, Args::default());
            }
            // Iterators answer `next`; whether this is one shows when it is asked.
            Ok(value.clone())
        }
        Value::Instance(instance) => {
            let class = Rc::clone(&instance.class.borrow());
            if let Some(method) = class.lookup("__iter__") {
                return vm.call(&method, Args::of(vec![value.clone()]));
            }
            let base = instance.base.borrow().clone();
            if let Some(base) = base {
                return match &base {
                    Value::Native(native) => match Rc::clone(native).iter(value, vm)? {
                        Some(items) => Ok(SequenceIterator::value("iterator", items)),
                        None => iter(vm, &base),
                    },
                    _ => iter(vm, &base),
                };
            }
            if class.lookup("__getitem__").is_some() {
                return by_index(vm, value);
            }
            if class.lookup("__next__").is_some() {
                return Ok(value.clone());
            }
            Err(not_iterable(vm, value))
        }
        Value::Class(class) => {
            if let Some(iterator) = super::operator::special(vm, value, "__iter__", Vec::new())? {
                return Ok(iterator);
            }
            if let Some(native) = class.native_base()
                && let Some(behaviour) = &native.native
                && let Some(method) = behaviour.get_attr(vm, class, "__iter__")?
            {
                return vm.call(&method, Args::default());
            }
            Err(not_iterable(vm, value))
        }
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            Err(vm.unknown_as(Code::UnknownCondition, &unknown, "a loop runs over it"))
        }
        _ => Err(not_iterable(vm, value)),
    }
}

fn by_index(vm: &mut Vm, value: &Value) -> PyResult {
    let mut items = Vec::new();
    loop {
        vm.step(1)?;
        let index = Value::Int(i64::try_from(items.len()).unwrap_or(i64::MAX));
        match vm.get_item(value, &index) {
            Ok(item) => items.push(item),
            Err(raise) if super::exception::is(vm, &raise, "IndexError") => break,
            Err(raise) => return Err(raise),
        }
    }
    Ok(SequenceIterator::value("iterator", items))
}

fn not_iterable(vm: &Vm, value: &Value) -> Box<Raise> {
    Raise::exception(
        "TypeError",
        format!("'{}' object is not iterable", vm.type_name(value)),
    )
}

/// The next item of an iterator, `None` at its end.
pub fn next(vm: &mut Vm, iterator: &Value) -> PyResult<Option<Value>> {
    match iterator {
        Value::Native(native) => match Rc::clone(native).next(iterator, vm)? {
            Some(item) => Ok(item),
            None => Err(not_iterable(vm, iterator)),
        },
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            Err(vm.unknown_as(Code::UnknownCondition, &unknown, "its items are needed"))
        }
        other => {
            let Some(method) = vm.find_attr(other, "__next__")? else {
                return Err(Raise::exception(
                    "TypeError",
                    format!("'{}' object is not an iterator", vm.type_name(other)),
                ));
            };
            match vm.call(&method, Args::default()) {
                Ok(item) => Ok(Some(item)),
                Err(raise) if super::exception::is(vm, &raise, "StopIteration") => Ok(None),
                Err(raise) => Err(raise),
            }
        }
    }
}

/// All items.
pub fn collect(vm: &mut Vm, value: &Value) -> PyResult<Vec<Value>> {
    match value {
        Value::List(items) => return Ok(items.borrow().clone()),
        Value::Tuple(items) => return Ok(items.to_vec()),
        _ => {}
    }
    let iterator = iter(vm, value)?;
    let mut items = Vec::new();
    while let Some(item) = next(vm, &iterator)? {
        vm.step(1)?;
        vm.charge(16)?;
        items.push(item);
    }
    Ok(items)
}
