//! What enumerations need of the class itself: members, lookup by value and name, iteration.
//! The rest of `enum` is Python.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::{class_once, function, object};
use crate::python::args::Args;
use crate::python::builtins;
use crate::python::class::{Class, Instance, Namespace};
use crate::python::error::{PyResult, Raise};
use crate::python::native::{BinaryOp, Native, NativeClass};
use crate::python::value::{Dict, DictKey, Str, Value};
use crate::python::vm::Vm;

/// The class that every enumeration derives from.
struct EnumBase;

/// `enum.auto()`.
struct Auto;

impl Native for Auto {
    fn type_name(&self) -> &str {
        "auto"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        Combined::of(this, vm, op, other, reflected)
    }
}

/// An operation on values that `auto()` has yet to choose: `RW = R | W`.
struct Combined {
    op: BinaryOp,
    left: Value,
    right: Value,
}

impl Combined {
    fn of(
        this: &Value,
        vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        vm.charge(64)?;
        let (left, right) = if reflected {
            (other.clone(), this.clone())
        } else {
            (this.clone(), other.clone())
        };
        Ok(Some(Value::native(Self { op, left, right })))
    }
}

impl Native for Combined {
    fn type_name(&self) -> &str {
        "auto"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        Combined::of(this, vm, op, other, reflected)
    }
}

/// A value in an enumeration's body that is no member.
struct NonMember(Value);

impl Native for NonMember {
    fn type_name(&self) -> &str {
        "nonmember"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}

/// A member's value with everything that `auto()` stands for in it chosen.
fn chosen(
    vm: &mut Vm,
    class: &Rc<Class>,
    name: &str,
    value: Value,
    last: &[Value],
    autos: &mut Vec<(Value, Value)>,
    depth: usize,
) -> PyResult {
    if value.downcast::<Auto>().is_some() {
        if let Some((_, known)) = autos.iter().find(|(auto, _)| auto.is(&value)) {
            return Ok(known.clone());
        }
        let made = next_value(vm, class, name, last)?;
        autos.push((value, made.clone()));
        return Ok(made);
    }
    if let Some(combined) = value.downcast::<Combined>()
        && depth < 200
    {
        let left = combined.left.clone();
        let left = chosen(vm, class, name, left, last, autos, depth + 1)?;
        let right = combined.right.clone();
        let right = chosen(vm, class, name, right, last, autos, depth + 1)?;
        return vm.binary(combined.op, &left, &right);
    }
    if let Value::Tuple(items) = &value
        && items.iter().any(|item| item.downcast::<Auto>().is_some())
    {
        let mut made = Vec::with_capacity(items.len());
        for item in items.iter() {
            made.push(chosen(
                vm,
                class,
                name,
                item.clone(),
                last,
                autos,
                depth + 1,
            )?);
        }
        return Ok(Value::tuple(made));
    }
    Ok(value)
}

const MEMBERS: &str = "_member_map_";
const PSEUDO: &str = "_pseudo_members_";

/// The members of an enumeration by name, aliases included.
fn members(class: &Class) -> Option<Rc<RefCell<Dict>>> {
    match class.dict.borrow().get(MEMBERS) {
        Some(Value::Dict(dict)) => Some(Rc::clone(dict)),
        _ => None,
    }
}

/// What an enumeration calls itself: `enum`, `flag`; `None` for other classes.
pub fn kind(class: &Class) -> Option<&'static str> {
    if !derives(class, "EnumBase") {
        return None;
    }
    let flag = &*class.name == "Flag" || derives(class, "Flag");
    Some(if flag { "flag" } else { "enum" })
}

/// The members of an enumeration in order, without aliases.
pub fn unique(class: &Class) -> Vec<Value> {
    let Some(map) = members(class) else {
        return Vec::new();
    };
    let mut out: Vec<Value> = Vec::new();
    let flag = derives(class, "Flag");
    for member in map.borrow().values() {
        // Of flags only single bits count; the others are combinations of them.
        let combination = flag
            && field(member, "_value_")
                .and_then(|value| value.as_int())
                .is_some_and(|bits| bits.count_ones() != 1);
        if !combination && !out.iter().any(|m| m.is(member)) {
            out.push(member.clone());
        }
    }
    out
}

fn field(member: &Value, name: &str) -> Option<Value> {
    match member {
        Value::Instance(instance) => instance.dict.borrow().get(name).cloned(),
        _ => None,
    }
}

fn derives(class: &Class, name: &str) -> bool {
    class.mro.iter().any(|c| &*c.name == name)
}

fn is_member_value(name: &str, value: &Value) -> bool {
    if name.starts_with('_') {
        return false;
    }
    match value {
        Value::Function(_) | Value::BoundMethod(_) | Value::Builtin(_) => false,
        Value::Native(native) => !matches!(
            native.type_name(),
            "property" | "classmethod" | "staticmethod" | "cached_property" | "nonmember"
        ),
        Value::Instance(instance) => {
            let class = Rc::clone(&instance.class.borrow());
            class.lookup("__get__").is_none()
        }
        _ => true,
    }
}

fn next_value(vm: &mut Vm, class: &Rc<Class>, name: &str, last: &[Value]) -> PyResult {
    if let Some(custom) = class.lookup("_generate_next_value_") {
        let mut args = vec![
            Value::str(name),
            Value::Int(1),
            Value::Int(i64::try_from(last.len()).unwrap_or(0)),
            Value::list(last.to_vec()),
        ];
        if let Value::Function(_) = custom {
            return vm.call(&custom, Args::of(args));
        }
        // A static method: reached through the class.
        let method = vm.get_attr(&Value::Class(Rc::clone(class)), "_generate_next_value_")?;
        return vm.call(&method, Args::of(std::mem::take(&mut args)));
    }
    if derives(class, "StrEnum") {
        return Ok(Value::from(name.to_lowercase()));
    }
    let greatest = last.iter().filter_map(Value::as_int).max();
    if derives(class, "Flag") {
        return Ok(Value::Int(match greatest {
            Some(n) if n > 0 => 1i64.checked_shl(64 - n.leading_zeros()).unwrap_or(0),
            _ => 1,
        }));
    }
    Ok(Value::Int(greatest.unwrap_or(0).saturating_add(1)))
}

/// Turns the values in a class body into members.
fn define(vm: &mut Vm, class: &Rc<Class>) -> PyResult<()> {
    let ignored = class.dict.borrow().get("_ignore_").cloned();
    let ignored: Vec<Str> = match &ignored {
        None => Vec::new(),
        Some(Value::Str(names)) => names
            .replace(',', " ")
            .split_whitespace()
            .map(Str::from)
            .collect(),
        Some(names) => vm
            .iterate(names)?
            .iter()
            .filter_map(Value::as_str)
            .collect(),
    };
    for name in &ignored {
        class.dict.borrow_mut().shift_remove(name);
    }
    let plain: Vec<(Str, Value)> = class
        .dict
        .borrow()
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), value.downcast::<NonMember>()?.0.clone())))
        .collect();
    class.dict.borrow_mut().extend(plain);
    let entries: Vec<(Str, Value)> = class
        .dict
        .borrow()
        .iter()
        .filter(|(name, value)| is_member_value(name, value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if entries.is_empty() {
        return Ok(());
    }
    let mixin = ["str", "int", "float", "bytes", "tuple"]
        .into_iter()
        .find(|name| builtins::class(name).is_some_and(|builtin| class.is_subclass(&builtin)));
    let map = Rc::new(RefCell::new(Dict::default()));
    let mut values: Vec<Value> = Vec::new();
    let mut autos = Vec::new();
    let maker = match class.lookup("__new__") {
        Some(Value::Native(method)) => {
            let found = Value::Native(method);
            found
                .downcast::<crate::python::exec::descriptor::StaticMethod>()
                .map(|method| method.function())
        }
        found => found,
    };
    let maker = maker.filter(|found| matches!(found, Value::Function(_)));
    for (name, value) in entries {
        vm.step(1)?;
        let raw = chosen(vm, class, &name, value, &values, &mut autos, 0)?;
        let mut known = None;
        for member in unique_of(&map) {
            if let Some(other) = field(&member, "_value_")
                && vm.equal(&other, &raw)?
            {
                known = Some(member);
                break;
            }
        }
        let member = match known {
            Some(member) => member,
            None => {
                let base = match (mixin, &raw) {
                    (None, _) => None,
                    (Some("tuple"), raw) => Some(raw.clone()),
                    (Some(name), Value::Tuple(items)) => match builtins::class(name) {
                        Some(class) => {
                            Some(vm.call(&Value::Class(class), Args::of(items.to_vec()))?)
                        }
                        None => None,
                    },
                    (Some("str"), raw @ Value::Str(_)) | (Some("int"), raw @ Value::Int(_)) => {
                        Some(raw.clone())
                    }
                    (Some(name), raw) => match builtins::class(name) {
                        Some(class) => {
                            Some(vm.call(&Value::Class(class), Args::of(vec![raw.clone()]))?)
                        }
                        None => None,
                    },
                };
                let value = match (&base, &raw) {
                    (Some(base), Value::Tuple(_)) if mixin != Some("tuple") => base.clone(),
                    _ => raw.clone(),
                };
                if let Some(maker) = &maker {
                    let member = made_by(vm, maker, class, &name, &raw)?;
                    values.push(field(&member, "_value_").unwrap_or(raw));
                    map.borrow_mut()
                        .insert(DictKey::str(&*name), member.clone());
                    class.dict.borrow_mut().insert(name, member);
                    continue;
                }
                let mut dict = Namespace::default();
                for (key, field) in [
                    ("_name_", Value::Str(name.clone())),
                    ("_value_", value.clone()),
                    ("name", Value::Str(name.clone())),
                    ("value", value.clone()),
                ] {
                    dict.insert(Str::from(key), field);
                }
                let member = Value::Instance(Instance::new(class, dict, base));
                if let Some(Value::Function(init)) = class.lookup("__init__") {
                    let mut args = vec![member.clone()];
                    match &raw {
                        Value::Tuple(items) => args.extend(items.iter().cloned()),
                        raw => args.push(raw.clone()),
                    }
                    vm.call(&Value::Function(init), Args::of(args))?;
                    // The initialiser may have chosen another value.
                    if let (Some(chosen), Value::Instance(instance)) =
                        (field(&member, "_value_"), &member)
                    {
                        instance
                            .dict
                            .borrow_mut()
                            .insert(Str::from("value"), chosen);
                    }
                }
                values.push(value);
                member
            }
        };
        map.borrow_mut()
            .insert(DictKey::str(&*name), member.clone());
        class.dict.borrow_mut().insert(name, member);
    }
    class
        .dict
        .borrow_mut()
        .insert(Str::from(MEMBERS), Value::Dict(Rc::clone(&map)));
    class
        .dict
        .borrow_mut()
        .insert(Str::from("__members__"), Value::Dict(map));
    Ok(())
}

/// A member that the enumeration's own `__new__` makes.
fn made_by(vm: &mut Vm, maker: &Value, class: &Rc<Class>, name: &Str, raw: &Value) -> PyResult {
    let mut args = vec![Value::Class(Rc::clone(class))];
    match raw {
        Value::Tuple(items) => args.extend(items.iter().cloned()),
        raw => args.push(raw.clone()),
    }
    let member = vm.call(maker, Args::of(args.clone()))?;
    let Value::Instance(instance) = &member else {
        return Ok(member);
    };
    let value = field(&member, "_value_").unwrap_or_else(|| raw.clone());
    for (key, field) in [
        ("_name_", Value::Str(name.clone())),
        ("name", Value::Str(name.clone())),
        ("_value_", value.clone()),
        ("value", value),
    ] {
        instance.dict.borrow_mut().insert(Str::from(key), field);
    }
    if let Some(Value::Function(init)) = class.lookup("__init__") {
        args[0] = member.clone();
        vm.call(&Value::Function(init), Args::of(args))?;
    }
    Ok(member)
}

/// A combination of flags that no member stands for: always the same object.
fn pseudo(vm: &mut Vm, mut args: Args) -> PyResult {
    let class = args.require("pseudo", "cls")?;
    let name = args.require("pseudo", "name")?;
    let value = args.require("pseudo", "value")?;
    let Value::Class(class) = class else {
        return Ok(Value::None);
    };
    let key = vm.key(&value)?;
    let known = class.dict.borrow().get(PSEUDO).cloned();
    let known = match known {
        Some(Value::Dict(known)) => known,
        _ => {
            let known = Rc::new(RefCell::new(Dict::default()));
            let mut dict = class.dict.borrow_mut();
            dict.insert(Str::from(PSEUDO), Value::Dict(Rc::clone(&known)));
            known
        }
    };
    if let Some(member) = known.borrow().get(&key) {
        return Ok(member.clone());
    }
    let is_int = builtins::class("int").is_some_and(|int| class.is_subclass(&int));
    let mut dict = Namespace::default();
    for (key, field) in [
        ("_name_", name.clone()),
        ("_value_", value.clone()),
        ("name", name),
        ("value", value.clone()),
    ] {
        dict.insert(Str::from(key), field);
    }
    vm.charge(256)?;
    let member = Value::Instance(Instance::new(&class, dict, is_int.then_some(value)));
    known.borrow_mut().insert(key, member.clone());
    Ok(member)
}

fn unique_of(map: &Rc<RefCell<Dict>>) -> Vec<Value> {
    map.borrow().values().cloned().collect()
}

/// A new enumeration, as `Enum("Name", "A B")` makes.
fn functional(vm: &mut Vm, class: &Rc<Class>, args: &Args) -> PyResult {
    let mut args = args.clone();
    let name = args.require("Enum", "value")?;
    let name = vm.str(&name)?;
    let names = args.require("Enum", "names")?;
    let mut dict = Namespace::default();
    let list = match names.as_str() {
        Some(text) => text
            .replace(',', " ")
            .split_whitespace()
            .map(Value::str)
            .collect(),
        None => vm.iterate(&names)?,
    };
    for item in list {
        match (&names, &item) {
            (Value::Dict(values), _) => {
                let key = vm.key(&item)?;
                let value = values.borrow().get(&key).cloned().unwrap_or(Value::None);
                dict.insert(vm.str(&item)?, value);
            }
            (_, Value::Str(text)) => {
                dict.insert(text.clone(), Value::native(Auto));
            }
            (_, pair) => {
                let pair = vm.iterate(pair)?;
                if let [key, value] = &pair[..] {
                    dict.insert(vm.str(key)?, value.clone());
                }
            }
        }
    }
    let mut bases = vec![Rc::clone(class)];
    if let Some(Value::Class(mixin)) = args.keyword("type") {
        bases.insert(0, mixin);
    }
    let mut mro: Vec<Rc<Class>> = Vec::new();
    for base in &bases {
        for ancestor in std::iter::once(base).chain(&base.mro) {
            if !mro.iter().any(|c| Rc::ptr_eq(c, ancestor)) {
                mro.push(Rc::clone(ancestor));
            }
        }
    }
    let module = Str::from("__main__");
    let made = Rc::new(Class {
        name,
        module,
        bases,
        mro,
        dict: RefCell::new(dict),
        native: None,
        meta: None,
        derived: RefCell::default(),
    });
    define(vm, &made)?;
    Ok(Value::Class(made))
}

impl NativeClass for EnumBase {
    fn construct(&self, _vm: &mut Vm, class: &Rc<Class>, _args: Args) -> PyResult {
        Err(Raise::exception(
            "TypeError",
            format!("cannot extend {}", class.name),
        ))
    }

    fn get_attr(&self, _vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        if members(class).is_none() {
            return Ok(None);
        }
        let class = Rc::clone(class);
        Ok(match name {
            "__iter__" => function("__iter__", move |_, _| {
                Ok(builtins::Lazy::over("generator", unique(&class)))
            }),
            "__getitem__" | "__class_getitem__" => function("__getitem__", move |vm, mut args| {
                let index = args.require("__getitem__", "name")?;
                let key = vm.key(&index)?;
                let found = members(&class).and_then(|map| map.borrow().get(&key).cloned());
                match found {
                    Some(member) => Ok(member),
                    None => Err(builtins::raise(vm, "KeyError", vec![index])),
                }
            }),
            "__len__" => function("__len__", move |_, _| {
                Ok(Value::Int(i64::try_from(unique(&class).len()).unwrap_or(0)))
            }),
            "__contains__" => function("__contains__", move |vm, mut args| {
                let item = args.require("__contains__", "member")?;
                for member in unique(&class) {
                    let value = field(&member, "_value_").unwrap_or(Value::None);
                    if member.is(&item) || vm.equal(&value, &item)? {
                        return Ok(Value::Bool(true));
                    }
                }
                Ok(Value::Bool(false))
            }),
            _ => None,
        })
    }

    fn subclassed(&self, vm: &mut Vm, class: &Rc<Class>, _keywords: &Args) -> PyResult<()> {
        define(vm, class)
    }

    fn get_item(&self, vm: &mut Vm, class: &Rc<Class>, index: &Value) -> PyResult<Option<Value>> {
        let key = vm.key(index)?;
        let found = members(class).and_then(|map| map.borrow().get(&key).cloned());
        match found {
            Some(member) => Ok(Some(member)),
            None => Err(builtins::raise(vm, "KeyError", vec![index.clone()])),
        }
    }

    fn iter(&self, _vm: &mut Vm, class: &Rc<Class>) -> PyResult<Option<Vec<Value>>> {
        Ok(Some(unique(class)))
    }

    fn call(&self, vm: &mut Vm, class: &Rc<Class>, args: &Args) -> PyResult<Option<Value>> {
        let Some(wanted) = args.pos.first() else {
            return Ok(None);
        };
        if members(class).is_none() {
            return functional(vm, class, args).map(Some);
        }
        if let Value::Unknown(_) = wanted {
            return Ok(Some(wanted.clone()));
        }
        let all = members(class)
            .map(|map| unique_of(&map))
            .unwrap_or_default();
        for member in &all {
            if member.is(wanted) {
                return Ok(Some(member.clone()));
            }
            let value = field(member, "_value_").unwrap_or(Value::None);
            if vm.equal(&value, wanted)? {
                return Ok(Some(member.clone()));
            }
        }
        if class.lookup("_missing_").is_some() {
            let found = vm.call_method(
                &Value::Class(Rc::clone(class)),
                "_missing_",
                Args::of(vec![wanted.clone()]),
            )?;
            if !found.is_none() {
                return Ok(Some(found));
            }
        }
        let text = vm.repr(wanted)?;
        Err(Raise::exception(
            "ValueError",
            format!("{text} is not a valid {}", class.name),
        ))
    }
}

/// The attributes of the helper module that `enum` is written with.
pub(super) fn attribute(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(match name {
        "EnumBase" => Some(Value::Class(class_once(
            "enum", "EnumBase", object, EnumBase,
        ))),
        "auto" => function("auto", |_, _| Ok(Value::native(Auto))),
        "nonmember" => function("nonmember", |_, mut args| {
            Ok(Value::native(NonMember(
                args.require("nonmember", "value")?,
            )))
        }),
        "pseudo" => function("pseudo", pseudo),
        _ => None,
    })
}
