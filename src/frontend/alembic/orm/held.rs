//! What objects of a session hold in collections: which objects these are, and what changed in them.

use std::rc::Rc;

use super::collection::{self, Association, Before, Changed, Members};
use super::loaded::{Objects, plain_mapper, rows_in, rows_of, value_of, values_of};
use super::mapper::mapper_of;
use super::relation::{self, Collection};
use crate::frontend::alembic::bind::Session;
use crate::frontend::alembic::inspect::Introspection;
use crate::frontend::alembic::raise;
use crate::python::{Instance, PyResult, Value, Vm};

impl Objects {
    /// The objects of a collection, where all of them are known.
    pub(super) fn members(
        &self,
        vm: &mut Vm,
        session: &Rc<Session>,
        instance: &Rc<Instance>,
        members: &Members,
    ) -> PyResult<Option<Vec<Value>>> {
        let association = match members {
            Members::Referring(collection) => {
                return self.referring(vm, session, instance, collection);
            }
            Members::Associated(association) => association,
        };
        let Some(keys) = associated(vm, instance, association)? else {
            return Ok(None);
        };
        let mut found = Vec::new();
        for key in keys {
            match self.referent(vm, session, &association.class, &key)? {
                Some(object) => found.push(object),
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    /// What was put into collections and taken out of them since, of these new objects and of those whose
    /// rows are written.
    ///
    /// # Errors
    /// When that is not followed.
    pub fn changed(
        &self,
        vm: &mut Vm,
        session: &Rc<Session>,
        added: &[Rc<Instance>],
    ) -> PyResult<Vec<Changed>> {
        let tracked = self.relations();
        let known = tracked.iter().map(|(own, before)| (own, Some(&**before)));
        let new = added.iter().filter(|own| !self.holds(own));
        let all: Vec<(Rc<Instance>, Before<'_>)> = known
            .chain(new.map(|own| (own, None)))
            .map(|(own, before)| (Rc::clone(own), before))
            .collect();
        collection::mirror(vm, &all)?;
        let mut found = Vec::new();
        for (object, before) in &all {
            let Some(mapper) = mapper_of(&object.class.borrow()) else {
                continue;
            };
            for (name, relation) in &mapper.relations {
                let value = object.dict.borrow().get(name).cloned();
                let Some(value @ Value::List(_)) = value else {
                    continue;
                };
                let known = before.and_then(|before| before.iter().find(|(own, _)| own == name));
                if known.is_some_and(|(_, known)| relation::is_as_before(&value, known)) {
                    continue;
                }
                let Some(members) = Members::of(vm, relation, &mapper)? else {
                    continue;
                };
                let held = match (known, before) {
                    (Some((_, known)), _) => Some(relation::items_of(known)),
                    (None, Some(_)) => self.members(vm, session, object, &members)?,
                    (None, None) => Some(Vec::new()),
                };
                let Some(held) = held else {
                    return Err(unread(vm, name));
                };
                let now = relation::items_of(&value);
                let own = (name, relation);
                found.push(Changed::between(vm, object, own, members, &held, &now)?);
            }
        }
        Ok(found)
    }

    /// The objects whose foreign key refers to an object, where all of them are known.
    pub(super) fn referring(
        &self,
        vm: &mut Vm,
        session: &Rc<Session>,
        instance: &Rc<Instance>,
        collection: &Collection,
    ) -> PyResult<Option<Vec<Value>>> {
        let key = instance.dict.borrow().get(&collection.key).cloned();
        let (Some(mapper), Some(key @ Value::Int(_))) = (plain_mapper(&collection.class), key)
        else {
            return Ok(None);
        };
        let Some(known) = rows_of(vm, &mapper) else {
            return Ok(None);
        };
        let Some(at) = known.position(&collection.column) else {
            return Ok(None);
        };
        let mut found = Vec::new();
        for row in known.rows() {
            let Some(value) = row.get(at).and_then(|cell| value_of(cell.as_ref()?)) else {
                return Ok(None);
            };
            if !vm.equal(&value, &key)? {
                continue;
            }
            let values = values_of(vm, &mapper, &known, row);
            match self.object(vm, session, &collection.class, &mapper, values)? {
                Some(object) => found.push(object),
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    /// Before the row of an object is deleted: SQLAlchemy changes or deletes the rows that refer to it
    /// through a relationship, unless they are being deleted as well.
    ///
    /// # Errors
    /// When there are such rows, or may be.
    pub fn leave(
        &self,
        vm: &mut Vm,
        session: &Rc<Session>,
        object: &Value,
        deleted: &[Value],
    ) -> PyResult<()> {
        let Value::Instance(instance) = object else {
            return Ok(());
        };
        // Without rows that are known, only what the script put in itself can be deleted.
        let view = vm.host::<Introspection>();
        let is_fresh = view.is_some_and(|view| view.catalog.borrow().contents().is_some());
        let Some(mapper) = plain_mapper(&instance.class.borrow()).filter(|_| is_fresh) else {
            return Ok(());
        };
        for (name, relation) in &mapper.relations {
            if relation.has_association() {
                let association = relation.association(vm, &mapper)?;
                let Some(association) = association.filter(|_| !relation.is_passive) else {
                    return Err(relation::through(vm, name));
                };
                let keys = associated(vm, instance, &association)?;
                let own = instance.dict.borrow().get(&association.own.1).cloned();
                let (Some(keys), Some(own)) = (keys, own) else {
                    return Err(unread(vm, name));
                };
                for key in keys {
                    association.write(vm, false, own.clone(), key)?;
                }
                continue;
            }
            let Some(collection) = relation.collection(vm, &mapper)? else {
                continue;
            };
            let found = self.referring(vm, session, instance, &collection)?;
            let Some(found) = found else {
                return Err(unread(vm, name));
            };
            let mut found = found.iter();
            if !found.all(|one| deleted.iter().any(|other| other.is(one))) {
                return Err(relation::through(vm, name));
            }
        }
        Ok(())
    }
}

/// The error of needing the rows of a collection that are not known.
fn unread(vm: &mut Vm, name: &str) -> Box<crate::python::Raise> {
    raise::database_read(
        vm,
        &format!("the objects of the relationship `{name}`"),
        None,
    )
}

/// The keys that an association table has beside that of an object, where all of its rows are known.
fn associated(
    vm: &mut Vm,
    instance: &Instance,
    association: &Association,
) -> PyResult<Option<Vec<Value>>> {
    let key = instance.dict.borrow().get(&association.own.1).cloned();
    let (Some(key @ (Value::Int(_) | Value::Str(_))), Some(known)) =
        (key, rows_in(vm, &association.table))
    else {
        return Ok(None);
    };
    let own = known.position(&association.own.0);
    let other = known.position(&association.other.0);
    let (Some(own), Some(other)) = (own, other) else {
        return Ok(None);
    };
    let mut found = Vec::new();
    for row in known.rows() {
        let cell = |at: usize| row.get(at).and_then(|cell| value_of(cell.as_ref()?));
        let (Some(referring), Some(referred)) = (cell(own), cell(other)) else {
            return Ok(None);
        };
        if vm.equal(&referring, &key)? {
            found.push(referred);
        }
    }
    Ok(Some(found))
}
