//! Collections of objects, and what putting objects in and taking them out means for rows: the foreign
//! keys of these objects, or the rows of an association table.

use std::rc::Rc;

use super::mapper::{Mapper, mapper_of};
use super::object::identifies;
use super::relation::{Collection, Relation, is_as_before, items_of, kept, through};
use crate::frontend::alembic::schema::TableObject;
use crate::frontend::alembic::{bind, raise, sql};
use crate::python::{Args, Class, Instance, PyResult, Str, Value, Vm};

/// An association table between two classes.
pub(super) struct Association {
    pub(super) table: Rc<TableObject>,
    /// Its column for this class, and the attribute that this refers to.
    pub(super) own: (Str, Str),
    /// Its column for the other class, and the attribute that this refers to.
    pub(super) other: (Str, Str),
    pub(super) class: Rc<Class>,
}

/// What a collection has its objects by.
pub(super) enum Members {
    /// Their foreign key.
    Referring(Collection),
    /// Rows of an association table.
    Associated(Association),
}

impl Members {
    /// Those of a relationship that is followed as a list.
    pub(super) fn of(vm: &mut Vm, relation: &Relation, mapper: &Mapper) -> PyResult<Option<Self>> {
        if let Some(association) = relation.association(vm, mapper)? {
            return Ok(Some(Self::Associated(association)));
        }
        let collection = relation.collection(vm, mapper)?;
        let collection = collection.filter(|collection| collection.is_list);
        Ok(collection.map(Self::Referring))
    }

    fn class(&self) -> &Rc<Class> {
        match self {
            Self::Referring(collection) => &collection.class,
            Self::Associated(association) => &association.class,
        }
    }
}

/// A collection that was changed.
pub struct Changed {
    owner: Rc<Instance>,
    name: Str,
    relation: Rc<Relation>,
    members: Members,
    new: Vec<Value>,
    gone: Vec<Value>,
}

impl Changed {
    /// Whether it is one of an object's.
    pub fn is_of(&self, object: &Value) -> bool {
        is_object(object, &self.owner)
    }

    /// Whether all its objects are ones that a session knows.
    pub fn is_within(&self, holds: impl Fn(&Value) -> bool) -> bool {
        self.new.iter().all(holds)
    }

    /// The error of writing it where it is not followed.
    pub fn refused(&self, vm: &mut Vm) -> Box<crate::python::Raise> {
        through(vm, &self.name)
    }

    /// The difference between two states of a collection.
    pub(super) fn between(
        vm: &mut Vm,
        owner: &Rc<Instance>,
        (name, relation): (&Str, &Rc<Relation>),
        members: Members,
        before: &[Value],
        now: &[Value],
    ) -> PyResult<Self> {
        for item in now {
            let is_member = match item {
                Value::Instance(item) => item.class.borrow().is_subclass(members.class()),
                _ => false,
            };
            let mut same = now.iter().filter(|other| other.is(item));
            if !is_member || same.nth(1).is_some() {
                return Err(through(vm, name));
            }
        }
        if let Members::Associated(association) = &members
            && !association.is_plain()
        {
            return Err(through(vm, name));
        }
        let lacking = |all: &[Value], from: &[Value]| {
            let missing = |item: &&Value| !from.iter().any(|other| other.is(item));
            all.iter().filter(missing).cloned().collect::<Vec<_>>()
        };
        Ok(Self {
            owner: Rc::clone(owner),
            name: name.clone(),
            relation: Rc::clone(relation),
            new: lacking(now, before),
            gone: lacking(before, now),
            members,
        })
    }

    /// Takes the foreign keys of objects that were taken out away; those that do not stay by themselves
    /// are to be deleted.
    ///
    /// # Errors
    /// When that is not followed.
    pub fn take_out(&self, vm: &mut Vm, deleted: &mut Vec<Value>) -> PyResult<()> {
        let Members::Referring(collection) = &self.members else {
            return match self.relation.orphans && !self.gone.is_empty() {
                true => Err(through(vm, &self.name)),
                false => Ok(()),
            };
        };
        for item in &self.gone {
            if deleted.iter().any(|other| other.is(item)) {
                continue;
            }
            if self.relation.orphans {
                deleted.push(item.clone());
                continue;
            }
            let (Value::Instance(item), Some(attribute)) = (item, attribute(collection)) else {
                return Err(through(vm, &self.name));
            };
            item.dict.borrow_mut().insert(attribute, Value::None);
        }
        Ok(())
    }

    /// Gives the objects that were put in the key of the owner, whose row is written.
    ///
    /// # Errors
    /// When the key is not known.
    pub fn put_in(&self, vm: &mut Vm) -> PyResult<()> {
        let Members::Referring(collection) = &self.members else {
            return Ok(());
        };
        let owner = Value::Instance(Rc::clone(&self.owner));
        for item in &self.new {
            let key = key(vm, &owner, &collection.key, &self.name)?;
            let (Value::Instance(item), Some(attribute)) = (item, attribute(collection)) else {
                return Err(through(vm, &self.name));
            };
            item.dict.borrow_mut().insert(attribute, key);
        }
        Ok(())
    }

    /// Writes the rows of the association table, when all objects are written.
    ///
    /// # Errors
    /// When a key is not known.
    pub fn associate(&self, vm: &mut Vm) -> PyResult<()> {
        let Members::Associated(association) = &self.members else {
            return Ok(());
        };
        let owner = Value::Instance(Rc::clone(&self.owner));
        for (items, is_new) in [(&self.gone, false), (&self.new, true)] {
            for item in items {
                let own = key(vm, &owner, &association.own.1, &self.name)?;
                let other = key(vm, item, &association.other.1, &self.name)?;
                association.write(vm, is_new, own, other)?;
            }
        }
        Ok(())
    }
}

impl Association {
    /// Whether its rows are nothing but pairs of keys.
    pub(super) fn is_plain(&self) -> bool {
        self.table.columns.borrow().len() == 2
    }

    /// `INSERT` or `DELETE` of a pair.
    pub(super) fn write(
        &self,
        vm: &mut Vm,
        is_new: bool,
        own: Value,
        other: Value,
    ) -> PyResult<()> {
        let table = Value::Native(Rc::clone(&self.table) as _);
        let (make, method) = match is_new {
            true => ("insert", "values"),
            false => ("delete", "where"),
        };
        let Some(make) = sql::module_attr(vm, "sqlalchemy", make)? else {
            return Ok(());
        };
        let statement = vm.call(&make, Args::of(vec![table.clone()]))?;
        let pairs = [(&self.own.0, own), (&self.other.0, other)];
        let mut args = Args::default();
        for (name, value) in pairs {
            match is_new {
                true => args.kw.push((name.clone(), value)),
                false => {
                    let columns = vm.get_attr(&table, "c")?;
                    let column = vm.get_item(&columns, &Value::Str(name.clone()))?;
                    args.pos.push(identifies(vm, &column, &value)?);
                }
            }
        }
        let statement = vm.call_method(&statement, method, args)?;
        bind::execute(vm, Args::of(vec![statement]))?;
        Ok(())
    }
}

/// The attribute that stands for the foreign key of a collection's objects.
fn attribute(collection: &Collection) -> Option<Str> {
    let mapper = mapper_of(&collection.class)?;
    let mut columns = mapper.columns.iter();
    let found = columns.find(|(_, column)| {
        let name = column.name();
        name.is_some_and(|name| name.name == collection.column)
    });
    found.map(|(attribute, _)| attribute.clone())
}

/// The key of an object by which rows refer to it.
fn key(vm: &mut Vm, object: &Value, attribute: &str, name: &str) -> PyResult {
    let key = match object {
        Value::Instance(object) => object.dict.borrow().get(attribute).cloned(),
        _ => None,
    };
    match key {
        Some(key @ (Value::Int(_) | Value::Str(_))) => Ok(key),
        Some(unknown @ Value::Unknown(_)) => {
            raise::known(vm, &unknown, &format!("a key in `{name}`"))?;
            Err(through(vm, name))
        }
        _ => Err(through(vm, name)),
    }
}

/// What an object's relationships were when it was last read or written; none for a new one.
pub(super) type Before<'a> = Option<&'a [(Str, Value)]>;

/// Holds both sides of relationships that mirror each other against each other: SQLAlchemy changes the other
/// side at once, which here is only read again. What was read before is forgotten, or refused where a
/// collection was changed by hand.
pub(super) fn mirror(vm: &mut Vm, objects: &[(Rc<Instance>, Before<'_>)]) -> PyResult<()> {
    for (object, before) in objects {
        let Some(mapper) = mapper_of(&object.class.borrow()) else {
            continue;
        };
        for (name, relation) in &mapper.relations {
            let Some(back) = &relation.back else {
                continue;
            };
            let value = object.dict.borrow().get(name).cloned();
            let Some(value) = value.filter(|value| is_changed(value, name, *before)) else {
                continue;
            };
            let old = before
                .and_then(|before| before.iter().find(|(known, _)| known == name))
                .map(|(_, old)| items_of(old))
                .unwrap_or_default();
            let now = items_of(&value);
            let by_hand = matches!(value, Value::List(_));
            for item in now.iter().chain(&old) {
                let Value::Instance(item) = item else {
                    continue;
                };
                let mirrored = item.dict.borrow().get(back).cloned();
                let Some(mirrored) = mirrored else {
                    continue;
                };
                let held = items_of(&mirrored);
                let holds = held.iter().any(|one| is_object(one, object));
                let is_in = now
                    .iter()
                    .any(|one| matches!(one, Value::Instance(one) if Rc::ptr_eq(one, item)));
                if holds == is_in {
                    continue;
                }
                let others = objects.iter().find(|(one, _)| Rc::ptr_eq(one, item));
                let before = others.and_then(|(_, before)| *before);
                if by_hand || is_changed(&mirrored, back, before) {
                    return Err(through(vm, name));
                }
                item.dict.borrow_mut().shift_remove(back);
            }
        }
    }
    Ok(())
}

fn is_object(value: &Value, object: &Rc<Instance>) -> bool {
    matches!(value, Value::Instance(one) if Rc::ptr_eq(one, object))
}

fn is_changed(value: &Value, name: &Str, before: Before<'_>) -> bool {
    let known = before.and_then(|before| before.iter().find(|(known, _)| known == name));
    match known {
        Some((_, known)) => !is_as_before(value, known),
        None => before.is_none() || !kept(value).is_none(),
    }
}
