//! `relationship(…)`: an attribute that stands for the row that a foreign key refers to.

use std::any::Any;
use std::rc::{Rc, Weak};

use super::collection::{Association, Members};
use super::mapper::{Mapper, mapper_of};
use super::object::Row;
use crate::frontend::alembic::raise;
use crate::frontend::alembic::schema::TableObject;
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
    /// `secondary=`: an association table.
    secondary: Option<Value>,
    /// The relationship of the other class that is changed along.
    pub(super) back: Option<Str>,
    /// Whether new objects in it are written along with their owner.
    pub(super) saves: bool,
    /// Whether objects that are taken out are deleted.
    pub(super) orphans: bool,
    /// Whether the database is relied on when rows are deleted.
    pub(super) is_passive: bool,
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
    pub(super) is_list: bool,
}

impl Collection {
    /// The attribute's value where it is not a list: the only object.
    pub(super) fn only(mut found: Vec<Value>) -> Option<Value> {
        match found.len() {
            0 => Some(Value::None),
            1 => found.pop(),
            _ => None,
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
        "secondary",
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
    let cascade = given("cascade").and_then(|cascade| cascade.as_str());
    let says = |word: &str| {
        let mut words = cascade.as_deref().unwrap_or_default().split(',');
        words.any(|own| own.trim() == word)
    };
    let name_of = |back: Value| match &back {
        Value::Tuple(parts) => parts.first().and_then(Value::as_str),
        other => other.as_str(),
    };
    let back = given("back_populates").or_else(|| given("backref"));
    Ok(Value::native(Relation {
        secondary: given("secondary"),
        back: back.map(|back| name_of(back).unwrap_or_else(|| Str::from(""))),
        saves: given("cascade").is_none() || says("all") || says("save-update"),
        orphans: says("delete-orphan"),
        is_passive: given("passive_deletes").is_some(),
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
        let other = self.other(vm, mapper)?;
        let Some((class, other)) = other.filter(|_| self.secondary.is_none()) else {
            return Ok(None);
        };
        let Some((column, _)) = reference(vm, &mapper.table, &other)? else {
            return Ok(None);
        };
        let mut attributes = mapper.columns.iter();
        let attribute =
            attributes.find(|(_, own)| own.name().is_some_and(|name| name.name == column));
        Ok(attribute.map(|(attribute, _)| (attribute.clone(), class)))
    }

    /// The rows of the other class whose foreign key refers to this one.
    pub(super) fn collection(&self, vm: &mut Vm, mapper: &Mapper) -> PyResult<Option<Collection>> {
        let is_plain = !self.is_arranged && self.secondary.is_none();
        let Some((class, other)) = self.other(vm, mapper)?.filter(|_| is_plain) else {
            return Ok(None);
        };
        // With keys in both directions, which is meant has to be said.
        if reference(vm, &mapper.table, &other)?.is_some() {
            return Ok(None);
        }
        Ok(
            reference(vm, &other.table, mapper)?.map(|(column, key)| Collection {
                key,
                class,
                column,
                is_list: self.uselist != Some(false),
            }),
        )
    }

    /// Whether there is an association table.
    pub(super) fn has_association(&self) -> bool {
        self.secondary.is_some()
    }

    /// The association table between the two classes, where its foreign keys say which rows belong
    /// together.
    pub(super) fn association(
        &self,
        vm: &mut Vm,
        mapper: &Mapper,
    ) -> PyResult<Option<Association>> {
        let secondary = self.secondary.clone().filter(|_| !self.is_arranged);
        let (Some(secondary), Some((class, other))) = (secondary, self.other(vm, mapper)?) else {
            return Ok(None);
        };
        let secondary = match &secondary {
            Value::Function(_) | Value::Builtin(_) => vm.call(&secondary, Args::default())?,
            _ => secondary,
        };
        let table = match &secondary {
            Value::Str(name) => {
                let metadata = mapper.table.metadata();
                metadata.and_then(|metadata| metadata.table(name))
            }
            other => other.downcast::<TableObject>(),
        };
        let Some(table) = table.filter(|_| self.uselist != Some(false)) else {
            return Ok(None);
        };
        let (own, other) = (
            reference(vm, &table, mapper)?,
            reference(vm, &table, &other)?,
        );
        let (Some(own), Some(other)) = (own, other) else {
            return Ok(None);
        };
        Ok(Some(Association {
            table,
            own,
            other,
            class,
        }))
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

/// The only column of a table that refers to the key of a class, and the attribute of that key.
fn reference(vm: &mut Vm, from: &Rc<TableObject>, to: &Mapper) -> PyResult<Option<(Str, Str)>> {
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
    let clause = crate::frontend::alembic::schema::clause(vm, from)?;
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
pub(super) fn is_as_before(value: &Value, before: &Value) -> bool {
    match (value, before) {
        (Value::List(now), Value::List(before)) => {
            let (now, before) = (now.borrow(), before.borrow());
            let mut pairs = now.iter().zip(before.iter());
            now.len() == before.len() && pairs.all(|(a, b)| a.is(b))
        }
        _ => value.is(before),
    }
}

/// The objects that a relationship's value has.
pub(super) fn items_of(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.borrow().clone(),
        Value::Instance(_) => vec![value.clone()],
        _ => Vec::new(),
    }
}

/// An object that another one holds and whose row is still to be written.
pub struct Unwritten {
    /// The object.
    pub object: Value,
    /// Whether it is one of several.
    pub in_collection: bool,
    /// Whether it is written along with the other.
    pub saves: bool,
}

/// The objects that an object refers to through relationships and whose rows are still to be written.
pub fn unwritten(object: &Value) -> Vec<Unwritten> {
    let Value::Instance(instance) = object else {
        return Vec::new();
    };
    let Some(mapper) = mapper_of(&instance.class.borrow()) else {
        return Vec::new();
    };
    let dict = instance.dict.borrow();
    let mut found = Vec::new();
    for (name, relation) in &mapper.relations {
        let Some(value) = dict.get(name) else {
            continue;
        };
        for item in items_of(value) {
            if !is_written(&item) {
                found.push(Unwritten {
                    object: item,
                    in_collection: matches!(value, Value::List(_)),
                    saves: relation.saves,
                });
            }
        }
    }
    found
}

fn is_written(value: &Value) -> bool {
    let Value::Instance(instance) = value else {
        return true;
    };
    let base = instance.base.borrow();
    let row = base.as_ref().and_then(Value::downcast::<Row>);
    row.is_none_or(|row| row.is_written.get())
}

/// The empty collection of an object that is not written yet.
pub(super) fn empty(vm: &mut Vm, instance: &Rc<Instance>, name: &str) -> PyResult<Option<Value>> {
    let Some(mapper) = mapper_of(&instance.class.borrow()) else {
        return Ok(None);
    };
    let mut relations = mapper.relations.iter();
    let Some((name, relation)) = relations.find(|(known, _)| &**known == name) else {
        return Ok(None);
    };
    if Members::of(vm, relation, &mapper)?.is_none() {
        return Ok(None);
    }
    let made = Value::list(Vec::new());
    instance
        .dict
        .borrow_mut()
        .insert(name.clone(), made.clone());
    Ok(Some(made))
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
        // A new object has no others in its collections; what changes in them is written by itself.
        if let Value::List(items) = &value {
            let is_empty = items.borrow().is_empty() && is_new;
            if is_empty || Members::of(vm, relation, mapper)?.is_some() {
                continue;
            }
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
