//! `relationship(…)`: an attribute that stands for the row that a foreign key refers to.

use std::any::Any;
use std::rc::{Rc, Weak};

use super::mapper::{Mapper, mapper_of};
use super::object::Row;
use crate::frontend::alembic::raise;
use crate::python::native::CompareOp;
use crate::python::value::Compared;
use crate::python::{Args, Class, Instance, Native, PyResult, Str, Unknown, Value, Vm};
use crate::source::Location;

/// A relationship as it was written.
pub struct Relation {
    /// The class, its name, or a function that gives it.
    target: Option<Value>,
    /// Whether the foreign keys alone say what belongs together.
    by_keys: bool,
    /// `uselist=`: whether it stands for several rows.
    uselist: Option<bool>,
    /// Whether its rows have an order, or are loaded in a way that gives no list.
    is_arranged: bool,
    place: Option<Location>,
}

/// What a relationship stands for whose rows refer to this one.
pub(super) struct Collection {
    /// The attribute of this class that they refer to.
    pub(super) key: Str,
    /// Their class.
    pub(super) class: Rc<Class>,
    /// Their column.
    pub(super) column: Str,
    is_list: bool,
}

impl Collection {
    /// The attribute's value: a list, or the only one.
    pub(super) fn value(&self, mut found: Vec<Value>) -> Option<Value> {
        match (self.is_list, found.len()) {
            (true, _) => Some(Value::list(found)),
            (false, 0) => Some(Value::None),
            (false, 1) => found.pop(),
            (false, _) => None,
        }
    }
}

impl Native for Relation {
    fn type_name(&self) -> &str {
        "RelationshipProperty"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}

/// `Class.attribute` in a condition.
struct Comparator {
    relation: Rc<Relation>,
    class: Weak<Class>,
}

impl Native for Comparator {
    fn type_name(&self) -> &str {
        "InstrumentedAttribute"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    /// Whether a row refers to another: its foreign key has that one's key, or none.
    fn compare(
        &self,
        _this: &Value,
        vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let Some(class) = self.class.upgrade() else {
            return Ok(None);
        };
        let Some(mapper) = mapper_of(&class) else {
            return Ok(None);
        };
        let Some((attribute, target)) = self.relation.key(vm, &mapper)? else {
            return Ok(None);
        };
        let key = match (op, other) {
            (CompareOp::Eq | CompareOp::Ne, Value::None) => Some(Value::None),
            (CompareOp::Eq, Value::Instance(other)) => key_of(other, &target),
            _ => None,
        };
        let Some(key) = key else {
            return Ok(None);
        };
        let column = vm.get_attr(&Value::Class(class), &attribute)?;
        vm.compare(op, &column, &key).map(Some)
    }
}

/// The key of an object of a class, where it has one.
fn key_of(object: &Rc<Instance>, class: &Rc<Class>) -> Option<Value> {
    if !object.class.borrow().is_subclass(class) {
        return None;
    }
    let keys = mapper_of(class)?.primary_key();
    let (attribute, _) = keys.first()?;
    let key = object.dict.borrow().get(attribute).cloned()?;
    (!key.is_none()).then_some(key)
}

/// `relationship(Target, …)`.
pub fn relationship(vm: &mut Vm, args: Args) -> PyResult {
    const HARMLESS: &[&str] = &[
        "argument",
        "backref",
        "back_populates",
        "lazy",
        "cascade",
        "passive_deletes",
        "passive_updates",
        "uselist",
        "doc",
        "info",
        "innerjoin",
        "order_by",
        "single_parent",
        "cascade_backrefs",
    ];
    let by_keys = args.kw.iter().all(|(name, _)| HARMLESS.contains(&&**name));
    let given = |wanted: &str| {
        let mut given = args.kw.iter();
        let found = given.find(|(name, value)| &**name == wanted && !value.is_none());
        found.map(|(_, value)| value.clone())
    };
    let target = args.pos.first().cloned().or_else(|| given("argument"));
    let loads = match given("lazy") {
        None | Some(Value::Bool(_)) => true,
        Some(lazy) => lazy.as_str().is_some_and(|lazy| {
            let plain = ["select", "joined", "subquery", "selectin", "immediate"];
            plain.contains(&&*lazy)
        }),
    };
    Ok(Value::native(Relation {
        uselist: given("uselist").and_then(|value| value.as_bool()),
        is_arranged: !loads || given("order_by").is_some(),
        target,
        by_keys: by_keys && args.pos.len() <= 1,
        place: vm.location(),
    }))
}

impl Relation {
    /// What the attribute of the class is to everything else.
    pub(super) fn unknown(self: &Rc<Self>, class: &Rc<Class>) -> Value {
        let compared = Comparator {
            relation: Rc::clone(self),
            class: Rc::downgrade(class),
        };
        Value::Unknown(Rc::new(Unknown {
            what: "`relationship(…)`".to_owned(),
            origin: self.place.clone(),
            from: None,
            read: false,
            compared: Some(Compared(Rc::new(compared))),
        }))
    }

    /// The class that it stands for.
    fn class(&self, vm: &mut Vm, mapper: &Mapper) -> PyResult<Option<Rc<Class>>> {
        let target = match &self.target {
            Some(function @ (Value::Function(_) | Value::Builtin(_))) => {
                Some(vm.call(function, Args::default())?)
            }
            other => other.clone(),
        };
        Ok(match target {
            Some(Value::Class(class)) => Some(class),
            Some(Value::Str(name)) => {
                let metadata = mapper.table.metadata();
                let name = name.rsplit('.').next().unwrap_or_default().to_owned();
                metadata.and_then(|metadata| metadata.model(&name))
            }
            _ => None,
        })
    }

    /// The attribute whose foreign key refers to the other class, and that class: where one row of this
    /// table has one of the other.
    pub(super) fn key(&self, vm: &mut Vm, mapper: &Mapper) -> PyResult<Option<(Str, Rc<Class>)>> {
        let Some((class, other)) = self.other(vm, mapper)? else {
            return Ok(None);
        };
        let Some((column, _)) = reference(vm, mapper, &other)? else {
            return Ok(None);
        };
        let mut attributes = mapper.columns.iter();
        let attribute =
            attributes.find(|(_, own)| own.name().is_some_and(|name| name.name == column));
        Ok(attribute.map(|(attribute, _)| (attribute.clone(), class)))
    }

    /// The rows of the other class whose foreign key refers to this one.
    pub(super) fn collection(&self, vm: &mut Vm, mapper: &Mapper) -> PyResult<Option<Collection>> {
        let Some((class, other)) = self.other(vm, mapper)?.filter(|_| !self.is_arranged) else {
            return Ok(None);
        };
        // With keys in both directions, which is meant has to be said.
        if reference(vm, mapper, &other)?.is_some() {
            return Ok(None);
        }
        Ok(
            reference(vm, &other, mapper)?.map(|(column, key)| Collection {
                key,
                class,
                column,
                is_list: self.uselist != Some(false),
            }),
        )
    }

    /// The other class, where the foreign keys alone say what belongs together.
    fn other(&self, vm: &mut Vm, mapper: &Mapper) -> PyResult<Option<(Rc<Class>, Rc<Mapper>)>> {
        if !self.by_keys {
            return Ok(None);
        }
        let class = self.class(vm, mapper)?;
        Ok(class.and_then(|class| {
            let other = mapper_of(&class)?;
            // A table that refers to itself may be meant in either direction.
            let itself = other.table.table_name() == mapper.table.table_name();
            (!itself).then_some((class, other))
        }))
    }
}

/// The only column of a class's table that refers to the key of another class, and the attribute of
/// that key.
fn reference(vm: &mut Vm, from: &Mapper, to: &Mapper) -> PyResult<Option<(Str, Str)>> {
    let keys = to.primary_key();
    let [(attribute, key)] = keys.as_slice() else {
        return Ok(None);
    };
    let (Some(key), name) = (key.name(), to.table.table_name()) else {
        return Ok(None);
    };
    let full = match &name.schema {
        Some(schema) => format!("{}.{}.{}", schema.name, name.name.name, key.name),
        None => format!("{}.{}", name.name.name, key.name),
    };
    let clause = crate::frontend::alembic::schema::clause(vm, &from.table)?;
    let mut referring = clause.columns.iter().filter(|column| {
        let mut refers = column.foreign_keys.iter();
        refers.any(|target| **target == *full)
    });
    let (Some(column), None) = (referring.next(), referring.next()) else {
        return Ok(None);
    };
    Ok(Some((column.name.name.clone(), attribute.clone())))
}

/// What an attribute stands for, as it is now: a list may be changed behind this.
pub(super) fn kept(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::list(items.borrow().clone()),
        other => other.clone(),
    }
}

/// Whether an attribute stands for the same objects as before.
fn is_as_before(value: &Value, before: &Value) -> bool {
    match (value, before) {
        (Value::List(now), Value::List(before)) => {
            let (now, before) = (now.borrow(), before.borrow());
            let mut pairs = now.iter().zip(before.iter());
            now.len() == before.len() && pairs.all(|(a, b)| a.is(b))
        }
        _ => value.is(before),
    }
}

/// The objects that an object refers to through relationships and whose rows are still to be written.
pub fn unwritten(object: &Value) -> Vec<Value> {
    let Value::Instance(instance) = object else {
        return Vec::new();
    };
    let Some(mapper) = mapper_of(&instance.class.borrow()) else {
        return Vec::new();
    };
    let dict = instance.dict.borrow();
    let values = mapper
        .relations
        .iter()
        .filter_map(|(name, _)| dict.get(name));
    values.filter(|value| !is_written(value)).cloned().collect()
}

fn is_written(value: &Value) -> bool {
    let Value::Instance(instance) = value else {
        return true;
    };
    let base = instance.base.borrow();
    let row = base.as_ref().and_then(Value::downcast::<Row>);
    row.is_none_or(|row| row.is_written.get())
}

/// Sets the foreign keys of an object to the keys of the objects that its relationships stand for, but
/// for those that are as they were `before`, which a new object has none of.
pub(super) fn resolve(
    vm: &mut Vm,
    instance: &Rc<Instance>,
    mapper: &Mapper,
    before: Option<&[(Str, Value)]>,
) -> PyResult<()> {
    let is_new = before.is_none();
    let before = before.unwrap_or_default();
    for (name, relation) in &mapper.relations {
        let value = instance.dict.borrow().get(name).cloned();
        let known = before.iter().find(|(known, _)| known == name);
        if let (Some(value), Some((_, known))) = (&value, known)
            && is_as_before(value, known)
        {
            continue;
        }
        let Some(value) = value else {
            continue;
        };
        if value.is_none() {
            // It was taken away, whether or not it had been read.
            match relation.key(vm, mapper)? {
                Some((attribute, _)) => {
                    instance.dict.borrow_mut().insert(attribute, Value::None);
                }
                None if is_new => {}
                None => return Err(through(vm, name)),
            }
            continue;
        }
        // A new object has no others in its collections.
        if let Value::List(items) = &value
            && items.borrow().is_empty()
            && is_new
        {
            continue;
        }
        let (Value::Instance(other), Some((attribute, class))) =
            (&value, relation.key(vm, mapper)?)
        else {
            return Err(through(vm, name));
        };
        let Some(key) = key_of(other, &class) else {
            return Err(through(vm, name));
        };
        instance.dict.borrow_mut().insert(attribute, key);
    }
    Ok(())
}

/// The error of writing what a relationship stands for in a way that is not followed.
pub(super) fn through(vm: &mut Vm, name: &str) -> Box<crate::python::Raise> {
    raise::unsupported(
        vm,
        &format!("writing an object through the relationship `{name}`"),
    )
}
