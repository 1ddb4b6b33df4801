//! `relationship(…)`: an attribute that stands for the row that a foreign key refers to.

use std::any::Any;
use std::rc::Rc;

use super::mapper::{Mapper, mapper_of};
use super::object::Row;
use crate::frontend::alembic::raise;
use crate::python::{Args, Class, Instance, Native, PyResult, Str, Value, Vm};
use crate::source::Location;

/// A relationship as it was written.
pub struct Relation {
    /// The class, its name, or a function that gives it.
    target: Option<Value>,
    /// Whether the foreign keys alone say what belongs together.
    by_keys: bool,
    place: Option<Location>,
}

impl Native for Relation {
    fn type_name(&self) -> &str {
        "RelationshipProperty"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
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
    let mut given = args.kw.iter();
    let named = given.find(|(name, _)| &**name == "argument");
    let target = args.pos.first().or(named.map(|(_, value)| value)).cloned();
    Ok(Value::native(Relation {
        target,
        by_keys: by_keys && args.pos.len() <= 1,
        place: vm.location(),
    }))
}

impl Relation {
    /// What the attribute of the class is to everything else.
    pub(super) fn unknown(&self) -> Value {
        Value::unknown("`relationship(…)`", self.place.clone())
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
        if !self.by_keys {
            return Ok(None);
        }
        let Some(class) = self.class(vm, mapper)? else {
            return Ok(None);
        };
        let Some(other) = mapper_of(&class) else {
            return Ok(None);
        };
        let own_key = other.primary_key();
        let [(_, key)] = own_key.as_slice() else {
            return Ok(None);
        };
        let (Some(key), name) = (key.name(), other.table.table_name()) else {
            return Ok(None);
        };
        let full = match &name.schema {
            Some(schema) => format!("{}.{}.{}", schema.name, name.name.name, key.name),
            None => format!("{}.{}", name.name.name, key.name),
        };
        let clause = crate::frontend::alembic::schema::clause(vm, &mapper.table)?;
        let mut found = None;
        for column in &clause.columns {
            let mut refers = column.foreign_keys.iter();
            if !refers.any(|target| **target == *full) {
                continue;
            }
            if found.is_some() {
                return Ok(None);
            }
            let mut attributes = mapper.columns.iter();
            let attribute = attributes
                .find(|(_, own)| own.name().is_some_and(|name| name.name == column.name.name));
            found = attribute.map(|(attribute, _)| attribute.clone());
        }
        // A table that refers to itself may be meant in either direction.
        let itself = name == mapper.table.table_name();
        Ok(found
            .filter(|_| !itself)
            .map(|attribute| (attribute, class)))
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

/// What the relationships of an object stand for now.
pub(super) fn current(instance: &Instance, mapper: &Mapper) -> Vec<(Str, Value)> {
    let dict = instance.dict.borrow();
    let relations = mapper.relations.iter();
    relations
        .filter_map(|(name, _)| Some((name.clone(), dict.get(name)?.clone())))
        .collect()
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
/// for those that are as they were before.
pub(super) fn resolve(
    vm: &mut Vm,
    instance: &Rc<Instance>,
    mapper: &Mapper,
    before: &[(Str, Value)],
) -> PyResult<()> {
    for (name, relation) in &mapper.relations {
        let value = instance.dict.borrow().get(name).cloned();
        let known = before.iter().find(|(known, _)| known == name);
        if let (Some(value), Some((_, known))) = (&value, known)
            && value.is(known)
        {
            continue;
        }
        let was_set = known.is_some_and(|(_, known)| !known.is_none());
        let Some(value) = value.filter(|value| !value.is_none()) else {
            // It was taken away.
            if was_set {
                let Some((attribute, _)) = relation.key(vm, mapper)? else {
                    return Err(through(vm, name));
                };
                instance.dict.borrow_mut().insert(attribute, Value::None);
            }
            continue;
        };
        if let Value::List(items) = &value
            && items.borrow().is_empty()
        {
            continue;
        }
        let (Value::Instance(other), Some((attribute, class))) =
            (&value, relation.key(vm, mapper)?)
        else {
            return Err(through(vm, name));
        };
        let Some(target) = mapper_of(&class) else {
            return Err(through(vm, name));
        };
        if !other.class.borrow().is_subclass(&class) {
            return Err(through(vm, name));
        }
        let keys = target.primary_key();
        let key = keys
            .first()
            .and_then(|(key, _)| other.dict.borrow().get(key).cloned());
        let Some(key) = key.filter(|key| !key.is_none()) else {
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
