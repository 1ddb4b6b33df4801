//! Objects of declarative classes, and what writing them means.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use super::mapper::{Mapper, mapper_of};
use super::relation;
use crate::frontend::alembic::bind::Session;
use crate::frontend::alembic::schema::{ColumnObject, ItemKind};
use crate::frontend::alembic::{bind, raise, schema, sql};
use crate::python::class::Namespace;
use crate::python::{Args, Class, Instance, Native, PyResult, Str, Value, Vm};

/// How an object is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// By a flush of the session, which names columns without a value as well.
    Flushed,
    /// In bulk, which names only those that have one.
    InBulk,
}

/// What tells an object of a declarative class from others.
#[derive(Default)]
pub(super) struct Row {
    pub(super) is_written: Cell<bool>,
    /// The session that its row was read or written by.
    session: RefCell<Weak<Session>>,
}

impl Row {
    /// The mark of an object whose row is in the database.
    pub(super) fn written(session: &Rc<Session>) -> Value {
        Value::native(Self {
            is_written: Cell::new(true),
            session: RefCell::new(Rc::downgrade(session)),
        })
    }

    /// Notes which session wrote an object's row.
    pub(super) fn belongs(instance: &Instance, session: &Rc<Session>) {
        let base = instance.base.borrow();
        if let Some(row) = base.as_ref().and_then(Value::downcast::<Self>) {
            *row.session.borrow_mut() = Rc::downgrade(session);
        }
    }
}

impl Native for Row {
    fn type_name(&self) -> &str {
        "object"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    /// What a relationship stands for is read when it is asked for.
    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let session = self.session.borrow().upgrade();
        let Value::Instance(instance) = this else {
            return Ok(None);
        };
        let Some(session) = session else {
            return match self.is_written.get() {
                true => Ok(None),
                false => relation::empty(vm, instance, name),
            };
        };
        let is_relation = mapper_of(&instance.class.borrow()).is_some_and(|mapper| {
            let mut relations = mapper.relations.iter();
            relations.any(|(known, _)| &**known == name)
        });
        if !is_relation {
            return Ok(None);
        }
        session.flush(vm)?;
        session.objects().related(vm, &session, instance, name)
    }
}

/// `Model(name="x")`.
pub fn construct(_vm: &mut Vm, class: &Rc<Class>, args: Args) -> PyResult {
    let Some(mapper) = mapper_of(class) else {
        return Ok(Value::None);
    };
    let mut dict = Namespace::default();
    for (attribute, _) in &mapper.columns {
        dict.insert(attribute.clone(), Value::None);
    }
    for (key, value) in args.kw {
        let is_known = class.lookup(&key).is_some() || mapper.others.contains(&key);
        if !is_known {
            return Err(raise::type_error(format!(
                "'{key}' is an invalid keyword argument for {}",
                class.name
            )));
        }
        dict.insert(key, value);
    }
    let row = Value::native(Row::default());
    Ok(Value::Instance(Instance::new(class, dict, Some(row))))
}

fn parts(vm: &mut Vm, object: &Value) -> PyResult<(Rc<Instance>, Rc<Mapper>)> {
    raise::known(vm, object, "the object to be written")?;
    if let Value::Instance(instance) = object {
        let class = Rc::clone(&instance.class.borrow());
        if let Some(mapper) = mapper_of(&class) {
            return Ok((Rc::clone(instance), mapper));
        }
    }
    Err(raise::unsupported(
        vm,
        "writing an object whose table is not known",
    ))
}

fn is_model(value: &Value) -> bool {
    match value {
        Value::Instance(instance) => mapper_of(&instance.class.borrow()).is_some(),
        Value::List(items) => items.borrow().iter().any(is_model),
        _ => false,
    }
}

/// Whether the database fills the column in.
fn is_filled_in(column: &ColumnObject) -> bool {
    let says = |name: &str| column.attr(name).and_then(|value| value.as_bool()) == Some(true);
    column.some("server_default").is_some()
        || says("primary_key")
        || column.some("default").is_some()
        || !column
            .items_of(&[
                ItemKind::Identity,
                ItemKind::Computed,
                ItemKind::Sequence,
                ItemKind::FetchedValue,
            ])
            .is_empty()
}

/// Writes an object that was added to a session.
pub fn insert(vm: &mut Vm, object: &Value, saved: Saved) -> PyResult<()> {
    let (instance, mapper) = parts(vm, object)?;
    let row = instance
        .base
        .borrow()
        .as_ref()
        .and_then(|base| base.downcast::<Row>());
    if row.as_ref().is_some_and(|row| row.is_written.get()) {
        return Ok(());
    }
    relation::resolve(vm, &instance, &mapper, None)?;
    let is_relation = |name: &Str| mapper.relations.iter().any(|(known, _)| known == name);
    let other = instance
        .dict
        .borrow()
        .iter()
        .find(|(name, value)| is_model(value) && !is_relation(name))
        .map(|(name, _)| name.clone());
    if let Some(name) = other {
        return Err(relation::through(vm, &name));
    }
    let class = Rc::clone(&instance.class.borrow());
    let lost = instance.dict.borrow().iter().find_map(|(name, value)| {
        let is_column = mapper.columns.iter().any(|(known, _)| known == name);
        let is_set = !is_column && !is_relation(name) && !value.is_none();
        match class.lookup(name) {
            Some(Value::Unknown(unknown)) if is_set => Some((name.clone(), unknown)),
            _ => None,
        }
    });
    if let Some((name, unknown)) = lost {
        return Err(vm.unknown(&unknown, &format!("`{name}` of an object was set")));
    }
    let mut values = Args::default();
    for (attribute, column) in &mapper.columns {
        let set = instance.dict.borrow().get(attribute).cloned();
        let value = match set.filter(|value| !value.is_none()) {
            Some(value) => Some(value),
            None => schema::value_by_default(vm, column)?,
        };
        if let Some(value) = value {
            raise::known(vm, &value, &format!("the value of `{attribute}`"))?;
            let own = value.clone();
            instance.dict.borrow_mut().insert(attribute.clone(), own);
            values.kw.push((attribute.clone(), value));
        } else if is_filled_in(column) {
            let place = vm.location();
            let filled = Value::read("what the database fills in", place);
            instance.dict.borrow_mut().insert(attribute.clone(), filled);
        } else if saved == Saved::Flushed {
            values.kw.push((attribute.clone(), Value::None));
        }
    }
    if let Some(row) = row {
        row.is_written.set(true);
    }
    let class = Value::Class(Rc::clone(&instance.class.borrow()));
    execute(vm, &class, "insert", None, values)
}

/// Executes an INSERT, UPDATE or DELETE of a class's table.
fn execute(
    vm: &mut Vm,
    class: &Value,
    kind: &'static str,
    condition: Option<Value>,
    values: Args,
) -> PyResult<()> {
    let Some(make) = sql::module_attr(vm, "sqlalchemy", kind)? else {
        return Ok(());
    };
    let mut statement = vm.call(&make, Args::of(vec![class.clone()]))?;
    if let Some(condition) = condition {
        statement = vm.call_method(&statement, "where", Args::of(vec![condition]))?;
    }
    if kind != "delete" {
        statement = vm.call_method(&statement, "values", values)?;
    }
    bind::execute(vm, Args::of(vec![statement]))?;
    Ok(())
}

/// `column = value`.
pub(super) fn identifies(vm: &mut Vm, column: &Value, value: &Value) -> PyResult {
    vm.compare(crate::python::CompareOp::Eq, column, value)
}

/// `column = value` for each column of the primary key, from what `value_of` has.
fn identity(
    vm: &mut Vm,
    mapper: &Mapper,
    value_of: impl Fn(&str) -> Option<Value>,
) -> PyResult<Value> {
    let mut conditions = Vec::new();
    for (attribute, column) in mapper.primary_key() {
        let Some(value) = value_of(&attribute).filter(|value| !value.is_none()) else {
            return Err(raise::unsupported(
                vm,
                "changing a row without the value of its primary key",
            ));
        };
        raise::known(vm, &value, "the primary key of the row")?;
        let column = Value::Native(column as _);
        conditions.push(identifies(vm, &column, &value)?);
    }
    match sql::module_attr(vm, "sqlalchemy", "and_")? {
        Some(and) => vm.call(&and, Args::of(conditions)),
        None => Ok(Value::None),
    }
}

/// Whether an object has a primary key by which its row can be looked for: each column was set, and
/// not all to `None`.
pub fn has_identity(vm: &mut Vm, object: &Value) -> PyResult<bool> {
    let (instance, mapper) = parts(vm, object)?;
    let values = instance.dict.borrow();
    let keys = mapper.primary_key();
    let values: Vec<_> = keys.iter().map(|(name, _)| values.get(name)).collect();
    let some = values.iter().flatten().any(|value| !value.is_none());
    Ok(some && values.iter().all(Option::is_some))
}

/// `session.delete(object)`.
pub fn delete(vm: &mut Vm, object: &Value) -> PyResult<()> {
    let (instance, mapper) = parts(vm, object)?;
    let value_of = |name: &str| instance.dict.borrow().get(name).cloned();
    let condition = identity(vm, &mapper, value_of)?;
    let class = Value::Class(Rc::clone(&instance.class.borrow()));
    execute(vm, &class, "delete", Some(condition), Args::default())
}

/// Writes attributes of an object whose row had `before`.
pub(super) fn update(
    vm: &mut Vm,
    object: &Rc<Instance>,
    before: &[(Str, Value)],
    changed: Vec<(Str, Value)>,
) -> PyResult<()> {
    let value = Value::Instance(Rc::clone(object));
    let (_, mapper) = parts(vm, &value)?;
    let mut values = Args::default();
    for (name, value) in changed {
        raise::known(vm, &value, &format!("the value of `{name}`"))?;
        values.kw.push((name, value));
    }
    let value_of = |name: &str| {
        let found = before.iter().find(|(known, _)| &**known == name);
        found.map(|(_, value)| value.clone())
    };
    let condition = identity(vm, &mapper, value_of)?;
    let class = Value::Class(Rc::clone(&object.class.borrow()));
    execute(vm, &class, "update", Some(condition), values)
}

fn model(vm: &mut Vm, class: &Value) -> PyResult<Rc<Mapper>> {
    raise::known(vm, class, "the class of the rows")?;
    let mapper = match class {
        Value::Class(class) => mapper_of(class),
        other => vm
            .find_attr(other, super::mapper::ATTRIBUTE)?
            .and_then(|mapper| mapper.downcast::<Mapper>()),
    };
    match mapper {
        Some(mapper) => Ok(mapper),
        None => Err(raise::unsupported(vm, "rows of a class that is not mapped")),
    }
}

fn entries(vm: &mut Vm, mapping: &Value) -> PyResult<Vec<(Str, Value)>> {
    raise::known(vm, mapping, "a row")?;
    let Value::Dict(entries) = mapping else {
        return Err(raise::type_error("a mapping is expected for each row"));
    };
    let pairs = entries.borrow();
    Ok(pairs
        .iter()
        .filter_map(|(key, value)| Some((key.value().as_str()?, value.clone())))
        .collect())
}

/// `session.bulk_insert_mappings(Model, rows)`.
pub fn bulk_insert(vm: &mut Vm, class: &Value, rows: &Value) -> PyResult<()> {
    let mapper = model(vm, class)?;
    for row in vm.iterate(rows)? {
        let given = entries(vm, &row)?;
        let mut values = Args::default();
        for (attribute, column) in &mapper.columns {
            let set = given.iter().find(|(name, _)| name == attribute);
            let set = set.map(|(_, value)| value.clone());
            let value = match set.filter(|value| !value.is_none()) {
                Some(value) => Some(value),
                None => schema::value_by_default(vm, column)?,
            };
            if let Some(value) = value {
                raise::known(vm, &value, &format!("the value of `{attribute}`"))?;
                values.kw.push((attribute.clone(), value));
            }
        }
        execute(vm, class, "insert", None, values)?;
    }
    Ok(())
}

/// `session.bulk_update_mappings(Model, rows)`.
pub fn bulk_update(vm: &mut Vm, class: &Value, rows: &Value) -> PyResult<()> {
    let mapper = model(vm, class)?;
    let keys = mapper.primary_key();
    for row in vm.iterate(rows)? {
        let given = entries(vm, &row)?;
        let value_of = |name: &str| {
            let found = given.iter().find(|(known, _)| &**known == name);
            found.map(|(_, value)| value.clone())
        };
        let condition = identity(vm, &mapper, value_of)?;
        let mut values = Args::default();
        for (name, value) in &given {
            let is_column = mapper.columns.iter().any(|(known, _)| known == name);
            if is_column && !keys.iter().any(|(known, _)| known == name) {
                values.kw.push((name.clone(), value.clone()));
            }
        }
        if !values.kw.is_empty() {
            execute(vm, class, "update", Some(condition), values)?;
        }
    }
    Ok(())
}
