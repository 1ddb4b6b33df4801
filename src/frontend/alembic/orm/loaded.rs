//! Objects of rows that are known, and what changing them means.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::collection::Members;
use super::mapper::{ATTRIBUTE, Mapper, mapper_of};
use super::object::{self, Row};
use super::relation::{self, Collection};
use crate::catalog::{Counting, KnownRows};
use crate::datatype::Family;
use crate::frontend::alembic::bind::Session;
use crate::frontend::alembic::inspect::Introspection;
use crate::frontend::alembic::schema::{self, TableObject};
use crate::python::class::Namespace;
use crate::python::{Class, Instance, PyResult, Str, Value, Vm};

/// An object, and what its relationships stand for.
type Related = (Rc<Instance>, Vec<(Str, Value)>);

/// The objects of a session whose rows are in the database.
#[derive(Default)]
pub struct Objects {
    tracked: RefCell<Vec<Tracked>>,
}

struct Tracked {
    object: Rc<Instance>,
    /// The table and its primary key; none where the key is not known.
    key: Option<(Str, Vec<Value>)>,
    /// What it was when it was last read or written.
    before: Snapshot,
    is_gone: Cell<bool>,
}

/// What an object's attributes are at one time.
#[derive(Clone, Default)]
struct Snapshot {
    /// The values of the columns.
    values: Vec<(Str, Value)>,
    /// What its relationships stand for.
    relations: Vec<(Str, Value)>,
}

impl Snapshot {
    fn of(instance: &Instance, mapper: &Mapper) -> Self {
        let dict = instance.dict.borrow();
        let columns = mapper.columns.iter();
        let relations = mapper.relations.iter();
        Self {
            values: columns
                .map(|(name, _)| (name.clone(), dict.get(name).cloned().unwrap_or(Value::None)))
                .collect(),
            relations: relations
                .filter_map(|(name, _)| Some((name.clone(), relation::kept(dict.get(name)?))))
                .collect(),
        }
    }
}

/// A class whose objects are rows of its table and of no other.
pub(super) fn plain_mapper(class: &Class) -> Option<Rc<Mapper>> {
    let derived = class.bases.iter().any(|base| mapper_of(base).is_some());
    let is_own = class.dict.borrow().contains_key(ATTRIBUTE);
    let polymorphic = class.lookup("__mapper_args__").is_some();
    mapper_of(class).filter(|_| is_own && !derived && !polymorphic)
}

impl Objects {
    /// The object of a row, whose cells have the names of columns: the one that there is, or a new one.
    /// `None` where it is not known which row it is.
    pub fn load(
        &self,
        vm: &mut Vm,
        session: &Rc<Session>,
        class: &Rc<Class>,
        names: &[Str],
        cells: &[Value],
    ) -> PyResult<Option<Value>> {
        let Some(mapper) = plain_mapper(class) else {
            return Ok(None);
        };
        let mut values = Vec::new();
        for (attribute, column) in &mapper.columns {
            let name = column.name();
            let at = names
                .iter()
                .position(|known| name.as_ref().is_some_and(|name| name.name == *known));
            let Some(cell) = at.and_then(|at| cells.get(at)) else {
                return Ok(None);
            };
            values.push((attribute.clone(), cell.clone()));
        }
        let Some(key) = key_of(&mapper, &values) else {
            return Ok(None);
        };
        if let Some(known) = self.find(vm, &key)? {
            return Ok(Some(Value::Instance(known)));
        }
        let dict: Namespace = values.iter().cloned().collect();
        let instance = Instance::new(class, dict, Some(Row::written(session)));
        self.tracked.borrow_mut().push(Tracked {
            object: Rc::clone(&instance),
            key: Some(key),
            before: Snapshot::of(&instance, &mapper),
            is_gone: Cell::new(false),
        });
        Ok(Some(Value::Instance(instance)))
    }

    /// What a relationship of an object stands for, where the rows are known. It is read when it is
    /// asked for, and again after COMMIT.
    pub fn related(
        &self,
        vm: &mut Vm,
        session: &Rc<Session>,
        instance: &Rc<Instance>,
        name: &str,
    ) -> PyResult<Option<Value>> {
        let is_own = |tracked: &Tracked| Rc::ptr_eq(&tracked.object, instance);
        if !self.tracked.borrow().iter().any(is_own) {
            return Ok(None);
        }
        let Some(mapper) = plain_mapper(&instance.class.borrow()) else {
            return Ok(None);
        };
        let mut relations = mapper.relations.iter();
        let Some((_, relation)) = relations.find(|(known, _)| &**known == name) else {
            return Ok(None);
        };
        let found = if let Some((attribute, target)) = relation.key(vm, &mapper)? {
            let key = instance.dict.borrow().get(&attribute).cloned();
            match key {
                Some(Value::None) => Some(Value::None),
                Some(key @ (Value::Int(_) | Value::Str(_))) => {
                    self.referent(vm, session, &target, &key)?
                }
                _ => None,
            }
        } else if let Some(members) = Members::of(vm, relation, &mapper)? {
            let found = self.members(vm, session, instance, &members)?;
            found.map(Value::list)
        } else if let Some(collection) = relation.collection(vm, &mapper)? {
            let found = self.referring(vm, session, instance, &collection)?;
            found.and_then(Collection::only)
        } else {
            None
        };
        let Some(found) = found else {
            return Ok(None);
        };
        let name = Str::from(name);
        let known = (name.clone(), relation::kept(&found));
        instance.dict.borrow_mut().insert(name, found.clone());
        let mut tracked = self.tracked.borrow_mut();
        if let Some(own) = tracked.iter_mut().find(|tracked| is_own(tracked)) {
            own.before.relations.push(known);
        }
        Ok(Some(found))
    }

    /// Whether an object is one of this session's whose row is written.
    pub fn holds(&self, instance: &Rc<Instance>) -> bool {
        let tracked = self.tracked.borrow();
        tracked.iter().any(|own| Rc::ptr_eq(&own.object, instance))
    }

    /// The objects whose rows are written.
    pub fn all(&self) -> Vec<Rc<Instance>> {
        let tracked = self.tracked.borrow();
        let there = tracked.iter().filter(|own| !own.is_gone.get());
        there.map(|own| Rc::clone(&own.object)).collect()
    }

    /// The objects whose rows are written, with what their relationships stood for then.
    pub(super) fn relations(&self) -> Vec<Related> {
        let tracked = self.tracked.borrow();
        let there = tracked.iter().filter(|own| !own.is_gone.get());
        there
            .map(|own| (Rc::clone(&own.object), own.before.relations.clone()))
            .collect()
    }

    /// Takes what relationships stand for as written.
    pub fn settle(&self) {
        for tracked in self.tracked.borrow_mut().iter_mut() {
            if let Some(mapper) = mapper_of(&tracked.object.class.borrow()) {
                tracked.before.relations = Snapshot::of(&tracked.object, &mapper).relations;
            }
        }
    }

    /// The object with a key, where its row is known.
    pub(super) fn referent(
        &self,
        vm: &mut Vm,
        session: &Rc<Session>,
        class: &Rc<Class>,
        key: &Value,
    ) -> PyResult<Option<Value>> {
        let Some(mapper) = plain_mapper(class) else {
            return Ok(None);
        };
        let Some(values) = row_of(vm, &mapper, std::slice::from_ref(key)) else {
            return Ok(None);
        };
        self.object(vm, session, class, &mapper, values)
    }

    /// The object of a row, where it is known which row it is.
    pub(super) fn object(
        &self,
        vm: &mut Vm,
        session: &Rc<Session>,
        class: &Rc<Class>,
        mapper: &Mapper,
        values: Vec<(Str, Option<Value>)>,
    ) -> PyResult<Option<Value>> {
        let place = vm.location();
        let mut names = Vec::new();
        let mut cells = Vec::new();
        for (attribute, value) in values {
            let mut columns = mapper.columns.iter();
            let column = columns.find(|(known, _)| *known == attribute);
            names.extend(column.and_then(|(_, column)| Some(column.name()?.name)));
            let unknown = || Value::read("a value that only the server knows", place.clone());
            cells.push(value.unwrap_or_else(unknown));
        }
        self.load(vm, session, class, &names, &cells)
    }

    fn find(&self, vm: &mut Vm, key: &(Str, Vec<Value>)) -> PyResult<Option<Rc<Instance>>> {
        let mut known: Vec<(Rc<Instance>, Vec<Value>)> = Vec::new();
        for tracked in self.tracked.borrow().iter() {
            if let Some((table, values)) = &tracked.key
                && *table == key.0
                && !tracked.is_gone.get()
            {
                known.push((Rc::clone(&tracked.object), values.clone()));
            }
        }
        for (object, values) in known {
            let mut same = values.len() == key.1.len();
            for (a, b) in values.iter().zip(&key.1) {
                same = same && vm.equal(a, b)?;
            }
            if same {
                return Ok(Some(object));
            }
        }
        Ok(None)
    }

    /// An object whose row was just put in: what the database filled in is known where its rows are.
    ///
    /// # Errors
    /// When a relationship's class cannot be found out.
    pub fn inserted(&self, vm: &mut Vm, session: &Rc<Session>, object: &Value) -> PyResult<()> {
        let Value::Instance(instance) = object else {
            return Ok(());
        };
        let Some(mapper) = mapper_of(&instance.class.borrow()) else {
            return Ok(());
        };
        let is_own = |own: &Tracked| Rc::ptr_eq(&own.object, instance);
        if self.tracked.borrow().iter().any(is_own) {
            return Ok(());
        }
        if plain_mapper(&instance.class.borrow()).is_some() {
            fill_in(vm, instance, &mapper);
            Row::belongs(instance, session);
        }
        let before = Snapshot::of(instance, &mapper);
        self.tracked.borrow_mut().push(Tracked {
            object: Rc::clone(instance),
            key: key_of(&mapper, &before.values),
            before,
            is_gone: Cell::new(false),
        });
        Ok(())
    }

    /// An object whose row was deleted.
    pub fn deleted(&self, object: &Value) {
        if let Value::Instance(instance) = object {
            for tracked in self.tracked.borrow().iter() {
                if Rc::ptr_eq(&tracked.object, instance) {
                    tracked.is_gone.set(true);
                }
            }
        }
    }

    /// The objects of each table in the order of their keys, which is that of the statements.
    fn by_key(&self) -> Vec<usize> {
        let tracked = self.tracked.borrow();
        let mut tables: Vec<&Str> = Vec::new();
        let mut order = Vec::with_capacity(tracked.len());
        for (at, own) in tracked.iter().enumerate() {
            let Some((table, values)) = &own.key else {
                order.push((usize::MAX, None, at));
                continue;
            };
            let rank = tables.iter().position(|known| *known == table);
            let rank = rank.unwrap_or_else(|| {
                tables.push(table);
                tables.len() - 1
            });
            let parts = values.iter().map(|value| match value {
                Value::Int(number) => (Some(*number), None),
                other => (None, other.as_str()),
            });
            order.push((rank, Some(parts.collect::<Vec<_>>()), at));
        }
        order.sort();
        order.into_iter().map(|(_, _, at)| at).collect()
    }

    /// Writes what was changed in objects since.
    pub fn flush(&self, vm: &mut Vm) -> PyResult<()> {
        for at in self.by_key() {
            let Some((object, before)) = self.tracked.borrow().get(at).and_then(|tracked| {
                let found = (Rc::clone(&tracked.object), tracked.before.clone());
                (!tracked.is_gone.get()).then_some(found)
            }) else {
                continue;
            };
            let Some(mapper) = mapper_of(&object.class.borrow()) else {
                continue;
            };
            // What a relationship stands for decides about its foreign key.
            relation::resolve(vm, &object, &mapper, Some(&before.relations))?;
            let now = Snapshot::of(&object, &mapper);
            let mut changed = Vec::new();
            for ((name, value), (_, old)) in now.values.iter().zip(&before.values) {
                if !same(vm, value, old)? {
                    changed.push((name.clone(), value.clone()));
                }
            }
            if changed.is_empty() {
                continue;
            }
            object::update(vm, &object, &before.values, changed)?;
            if let Some(tracked) = self.tracked.borrow_mut().get_mut(at) {
                tracked.key = key_of(&mapper, &now.values);
                tracked.before = now;
            }
        }
        Ok(())
    }

    /// Reads the rows of all objects again, as those of a session do after COMMIT.
    pub fn refresh(&self, vm: &mut Vm) {
        for tracked in self.tracked.borrow_mut().iter_mut() {
            let Some(mapper) = plain_mapper(&tracked.object.class.borrow()) else {
                continue;
            };
            let Some((_, key)) = &tracked.key else {
                continue;
            };
            if tracked.is_gone.get() {
                continue;
            }
            let Some(values) = row_of(vm, &mapper, key) else {
                continue;
            };
            let mut dict = tracked.object.dict.borrow_mut();
            for (name, value) in values {
                let Some(value) = value else {
                    continue;
                };
                let known = tracked
                    .before
                    .values
                    .iter_mut()
                    .find(|(own, _)| *own == name);
                if let Some((_, known)) = known {
                    known.clone_from(&value);
                }
                dict.insert(name, value);
            }
            // What relationships stand for is read again.
            for (name, _) in &mapper.relations {
                dict.shift_remove(name);
            }
            tracked.before.relations.clear();
        }
    }
}

/// Whether an attribute was not changed. Two values that are not known are the same when they are
/// the same object.
fn same(vm: &mut Vm, a: &Value, b: &Value) -> PyResult<bool> {
    match (a, b) {
        (Value::Unknown(a), Value::Unknown(b)) => Ok(Rc::ptr_eq(a, b)),
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => Ok(false),
        _ => vm.equal(a, b),
    }
}

fn key_of(mapper: &Mapper, values: &[(Str, Value)]) -> Option<(Str, Vec<Value>)> {
    let mut key = Vec::new();
    for (name, _) in mapper.primary_key() {
        let (_, value) = values.iter().find(|(known, _)| *known == name)?;
        if matches!(value, Value::Unknown(_) | Value::None) {
            return None;
        }
        key.push(value.clone());
    }
    (!key.is_empty()).then(|| (mapper.table.key(), key))
}

/// The value of a cell, where it is one that comes back as it was put in.
pub(super) fn value_of(cell: &crate::expression::Literal) -> Option<Value> {
    use crate::expression::Literal;
    Some(match cell {
        Literal::Null => Value::None,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(number) => Value::Int(number.parse().ok()?),
        Literal::Str(text) => Value::Str(std::sync::Arc::clone(text)),
        _ => return None,
    })
}

/// Whether a column's values come back as they were put in: no type of Python changes them.
fn is_plain(vm: &mut Vm, mapper: &Mapper, column: &str) -> bool {
    let Ok(clause) = schema::clause(vm, &mapper.table) else {
        return false;
    };
    let mut columns = clause.columns.iter();
    let own = columns.find(|own| *own.name.name == *column);
    own.is_some_and(|own| {
        let family = own.data_type.affinity().family;
        own.data_type.processor.0.is_none()
            && matches!(
                family,
                Family::Integer | Family::Boolean | Family::String | Family::Unicode | Family::Enum
            )
    })
}

/// What the database filled in, from the newest row of the table.
fn fill_in(vm: &mut Vm, instance: &Instance, mapper: &Mapper) {
    let Some(known) = rows_of(vm, mapper) else {
        return;
    };
    let Some(row) = known.newest() else {
        return;
    };
    let mut dict = instance.dict.borrow_mut();
    for (attribute, column) in &mapper.columns {
        let is_missing = matches!(dict.get(attribute), None | Some(Value::Unknown(_)));
        let name = column.name();
        let name = name.filter(|name| is_missing && is_plain(vm, mapper, &name.name));
        let at = name.and_then(|name| known.position(&name.name));
        let cell = at.and_then(|at| row.get(at)?.as_ref());
        if let Some(value) = cell.and_then(value_of) {
            dict.insert(attribute.clone(), value);
        }
    }
}

pub(super) fn rows_of(vm: &Vm, mapper: &Mapper) -> Option<KnownRows> {
    rows_in(vm, &mapper.table)
}

pub(super) fn rows_in(vm: &Vm, table: &TableObject) -> Option<KnownRows> {
    let view = vm.host::<Introspection>()?;
    let name = table.table_name();
    view.catalog.borrow().rows(&name, Counting::None)
}

/// The values of the row with a key; a value that is not known is none.
#[allow(clippy::type_complexity)]
fn row_of(vm: &mut Vm, mapper: &Mapper, key: &[Value]) -> Option<Vec<(Str, Option<Value>)>> {
    let known = rows_of(vm, mapper)?;
    let positions: Option<Vec<usize>> = mapper
        .primary_key()
        .iter()
        .map(|(_, column)| known.position(&column.name()?.name))
        .collect();
    let positions = positions?;
    let mut found = None;
    for row in known.rows() {
        let mut same = true;
        for (at, wanted) in positions.iter().zip(key) {
            let cell = value_of(row.get(*at)?.as_ref()?)?;
            same = same && vm.equal(&cell, wanted).ok()?;
        }
        if same {
            found = Some(row);
        }
    }
    Some(values_of(vm, mapper, &known, found?))
}

/// The values of a row by the attributes of its class; a value that is not known is none.
pub(super) fn values_of(
    vm: &mut Vm,
    mapper: &Mapper,
    known: &KnownRows,
    row: &crate::catalog::Row,
) -> Vec<(Str, Option<Value>)> {
    let columns = mapper.columns.iter();
    columns
        .filter_map(|(attribute, column)| {
            let name = column.name()?.name;
            let at = known.position(&name)?;
            let cell = row.get(at)?.as_ref().and_then(value_of);
            let cell = cell.filter(|_| is_plain(vm, mapper, &name));
            Some((attribute.clone(), cell))
        })
        .collect()
}
