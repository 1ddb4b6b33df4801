//! `Session(bind=…)`.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::connection::execute_in_session;
use super::result::fetched;
use super::{Query, ResultObject, connection};
use crate::frontend::alembic::classes::{self, Maker};
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::orm::{Changed, Objects, Saved};
use crate::frontend::alembic::{orm, raise};
use crate::python::{Args, Builtin, Class, Instance, Native, PyResult, Str, Value, Vm};

/// A session. Objects that are added to it are written when it is flushed, and those that were
/// deleted go after them.
#[derive(Default)]
pub struct Session {
    added: RefCell<Vec<(Value, Saved)>>,
    deleted: RefCell<Vec<Value>>,
    objects: Objects,
}

/// The class `Session`.
pub fn session_class(vm: &mut Vm) -> Rc<Class> {
    classes::plain(vm, "sqlalchemy.orm.session", "Session", || {
        Maker::new(|_, _, _| Ok(Value::native(Session::default())))
            .with_attrs(|_, _, name| Ok((name == "object_session").then_some(Value::None)))
    })
}

/// `sessionmaker(bind=…)`: a function that makes sessions.
pub fn sessionmaker(_vm: &mut Vm, _args: Args) -> PyResult {
    Ok(Value::native(Maker_))
}

/// `scoped_session(factory)`: one session, which stands for its factory as well.
pub fn scoped_session(_vm: &mut Vm, _args: Args) -> PyResult {
    Ok(Value::native(Scoped(Value::native(Session::default()))))
}

struct Scoped(Value);

impl Native for Scoped {
    fn type_name(&self) -> &str {
        "scoped_session"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        match name {
            "configure" | "remove" => Ok(Some(Builtin::value("remove", |_, _| Ok(Value::None)))),
            _ => vm.find_attr(&self.0, name),
        }
    }

    fn call(&self, _this: &Value, _vm: &mut Vm, _args: Args) -> PyResult<Option<Value>> {
        Ok(Some(self.0.clone()))
    }
}

struct Maker_;

impl Native for Maker_ {
    fn type_name(&self) -> &str {
        "sessionmaker"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "begin" | "object_session" => Some(Builtin::value("begin", |_, _| {
                Ok(Value::native(Session::default()))
            })),
            "configure" => Some(Builtin::value("configure", |_, _| Ok(Value::None))),
            _ => None,
        })
    }

    fn call(&self, _this: &Value, _vm: &mut Vm, _args: Args) -> PyResult<Option<Value>> {
        Ok(Some(Value::native(Session::default())))
    }
}

/// What Alembic's offline connection answers to the first use of a session.
pub(super) fn offline(vm: &mut Vm) -> PyResult<()> {
    if host(vm).compat {
        return Err(raise::no_attribute("MockConnection", "close"));
    }
    Ok(())
}

impl Session {
    /// The session behind a value.
    pub(super) fn of(value: &Value) -> Option<Rc<Self>> {
        match value.downcast::<Scoped>() {
            Some(scoped) => scoped.0.downcast(),
            None => value.downcast(),
        }
    }

    /// The object of a row.
    pub(super) fn load(
        self: &Rc<Self>,
        vm: &mut Vm,
        class: &Rc<Class>,
        names: &[Str],
        cells: &[Value],
    ) -> PyResult<Option<Value>> {
        self.objects.load(vm, self, class, names, cells)
    }

    /// The objects whose rows are in the database.
    pub fn objects(&self) -> &Objects {
        &self.objects
    }

    /// Writes what was added, changed and deleted since.
    ///
    /// # Errors
    /// When an object cannot be written.
    pub fn flush(self: &Rc<Self>, vm: &mut Vm) -> PyResult<()> {
        self.find_new(vm)?;
        let mut added = std::mem::take(&mut *self.added.borrow_mut());
        let mut deleted = std::mem::take(&mut *self.deleted.borrow_mut());
        if !added.is_empty() || !deleted.is_empty() {
            offline(vm)?;
        }
        in_order(vm, &mut added, |(object, _)| object)?;
        let new: Vec<Rc<Instance>> = added
            .iter()
            .filter(|(_, saved)| *saved == Saved::Flushed)
            .filter_map(|(object, _)| instance_of(object))
            .collect();
        let changed = self.objects.changed(vm, self, &new)?;
        for change in &changed {
            let is_known = |item: &Value| {
                let own = instance_of(item);
                own.is_some_and(|own| {
                    self.objects.holds(&own) || new.iter().any(|one| Rc::ptr_eq(one, &own))
                })
            };
            if !change.is_within(is_known) {
                return Err(change.refused(vm));
            }
            change.take_out(vm, &mut deleted)?;
        }
        let is_new = |change: &&Changed| added.iter().any(|(object, _)| change.is_of(object));
        for change in changed.iter().filter(|change| !is_new(change)) {
            change.put_in(vm)?;
        }
        for (object, saved) in &added {
            orm::insert(vm, object, *saved)?;
            if *saved == Saved::Flushed {
                self.objects.inserted(vm, self, object)?;
            }
            for change in changed.iter().filter(|change| change.is_of(object)) {
                change.put_in(vm)?;
            }
        }
        self.objects.flush(vm)?;
        for change in &changed {
            change.associate(vm)?;
        }
        if !changed.is_empty() {
            self.objects.settle();
        }
        // Rows that refer to others go before those.
        let mut leaving = deleted.clone();
        in_order(vm, &mut leaving, |object| object)?;
        for object in leaving.iter().rev() {
            self.objects.leave(vm, self, object, &deleted)?;
            orm::delete(vm, object)?;
            self.objects.deleted(object);
        }
        Ok(())
    }

    /// Adds an object, and those that it holds.
    fn add(&self, object: &Value, saved: Saved) {
        let is_known = |(known, _): &(Value, Saved)| known.is(object);
        if self.added.borrow().iter().any(is_known) {
            return;
        }
        self.added.borrow_mut().push((object.clone(), saved));
        for held in orm::unwritten(object) {
            if held.saves && saved == Saved::Flushed {
                self.add(&held.object, saved);
            }
        }
    }

    /// Finds the new objects that others hold since. In which order they are put in has to be certain,
    /// since it decides on their keys.
    fn find_new(&self, vm: &mut Vm) -> PyResult<()> {
        let written = self.objects.all();
        let written = written.into_iter().map(Value::Instance);
        let mut owners: Vec<(Value, Saved)> = written.map(|own| (own, Saved::Flushed)).collect();
        owners.extend(self.added.borrow().iter().cloned());
        let explicit = owners.len();
        // The new objects of each class that one object holds in a collection.
        let mut found: Vec<(Rc<Class>, Value)> = Vec::new();
        let mut at = 0;
        while let Some((owner, saved)) = owners.get(at).cloned() {
            at += 1;
            for held in orm::unwritten(&owner) {
                if owners.iter().any(|(known, _)| known.is(&held.object)) {
                    continue;
                }
                let class = instance_of(&held.object).map(|own| Rc::clone(&own.class.borrow()));
                let Some(class) = class else {
                    continue;
                };
                if held.in_collection || !held.saves {
                    let of_class = |value: &Value| {
                        instance_of(value)
                            .is_some_and(|own| Rc::ptr_eq(&own.class.borrow(), &class))
                    };
                    let added = self.added.borrow().iter().any(|(one, _)| of_class(one));
                    let others = found
                        .iter()
                        .any(|(known, by)| Rc::ptr_eq(known, &class) && !by.is(&owner));
                    if added || others || !held.saves {
                        return Err(raise::unsupported(
                            vm,
                            &format!(
                                "putting new objects of `{}` into collections where their order is not certain",
                                class.name
                            ),
                        ));
                    }
                    found.push((class, owner.clone()));
                }
                owners.push((held.object, saved));
            }
        }
        self.added.borrow_mut().extend(owners.drain(explicit..));
        Ok(())
    }
}

fn instance_of(value: &Value) -> Option<Rc<Instance>> {
    match value {
        Value::Instance(instance) => Some(Rc::clone(instance)),
        _ => None,
    }
}

/// Puts rows of tables that others refer to before those that refer to them.
fn in_order<T>(vm: &mut Vm, objects: &mut [T], of: impl Fn(&T) -> &Value) -> PyResult<()> {
    let key_of = |object: &Value| match object {
        Value::Instance(instance) => orm::mapper_of(&instance.class.borrow()),
        _ => None,
    };
    if objects.len() < 2 {
        return Ok(());
    }
    let mut ranks: Vec<(Str, usize)> = Vec::new();
    for object in objects.iter() {
        let Some(mapper) = key_of(of(object)) else {
            return Ok(());
        };
        let key = mapper.table.key();
        if !ranks.iter().any(|(known, _)| *known == key)
            && let Some(metadata) = mapper.table.metadata()
        {
            for (rank, table) in metadata.sorted(vm)?.iter().enumerate() {
                ranks.push((table.key(), rank));
            }
        }
    }
    objects.sort_by_key(|object| {
        let key = key_of(of(object)).map(|mapper| mapper.table.key());
        let found = ranks.iter().find(|(known, _)| Some(known) == key.as_ref());
        found.map_or(0, |(_, rank)| *rank)
    });
    Ok(())
}

impl Native for Session {
    fn type_name(&self) -> &str {
        "Session"
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(session_class(vm))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let Some(session) = this.downcast::<Session>() else {
            return Ok(None);
        };
        Ok(Some(match name {
            "bind" => connection(vm),
            "get_bind" | "connection" => Builtin::value("get_bind", |vm, _| Ok(connection(vm))),
            "execute" => Builtin::value("execute", move |vm, args| {
                offline(vm)?;
                session.flush(vm)?;
                execute_in_session(vm, &session, args)
            }),
            "scalar" | "scalars" => {
                let method = name.to_owned();
                Builtin::value("scalar", move |vm, args| {
                    offline(vm)?;
                    session.flush(vm)?;
                    let result = execute_in_session(vm, &session, args)?;
                    vm.call_method(&result, &method, Args::default())
                })
            }
            "exec" => Builtin::value("exec", move |vm, args| {
                offline(vm)?;
                session.flush(vm)?;
                let result = execute_in_session(vm, &session, args)?;
                // Where a statement of SQLModel names one thing, this is what a row stands for.
                match result.downcast::<ResultObject>() {
                    Some(found) if found.has_objects() => {
                        vm.call_method(&result, "scalars", Args::default())
                    }
                    _ => Ok(result),
                }
            }),
            "add" => Builtin::value("add", move |_, mut args| {
                let object = args.require("add", "instance")?;
                session.add(&object, Saved::Flushed);
                Ok(Value::None)
            }),
            "add_all" | "bulk_save_objects" => {
                let saved = match name {
                    "add_all" => Saved::Flushed,
                    _ => Saved::InBulk,
                };
                Builtin::value("add_all", move |vm, mut args| {
                    let objects = args.require("add_all", "instances")?;
                    raise::known(vm, &objects, "the objects to be added")?;
                    for object in vm.iterate(&objects)? {
                        session.add(&object, saved);
                    }
                    if saved == Saved::InBulk {
                        session.flush(vm)?;
                    }
                    Ok(Value::None)
                })
            }
            "flush" | "commit" => {
                let commits = name == "commit";
                Builtin::value("commit", move |vm, _| {
                    session.flush(vm)?;
                    if commits {
                        session.objects.refresh(vm);
                    }
                    Ok(Value::None)
                })
            }
            "rollback" => Builtin::value("rollback", move |vm, _| {
                session.added.borrow_mut().clear();
                session.deleted.borrow_mut().clear();
                session.objects.refresh(vm);
                Ok(Value::None)
            }),
            "expire_all" | "refresh" | "expire" => Builtin::value("refresh", move |vm, _| {
                session.flush(vm)?;
                session.objects.refresh(vm);
                Ok(Value::None)
            }),
            "close" | "expunge_all" | "expunge" | "remove" => {
                Builtin::value("close", |_, _| Ok(Value::None))
            }
            "begin" | "begin_nested" | "no_autoflush" => {
                let this = this.clone();
                if name == "no_autoflush" {
                    return Ok(Some(this));
                }
                Builtin::value("begin", move |_, _| Ok(this.clone()))
            }
            "query" => {
                let (this, place) = (this.clone(), vm.location());
                Builtin::value("query", move |vm, args| {
                    session.flush(vm)?;
                    match Query::value(vm, &this, args)? {
                        Some(query) => Ok(query),
                        None => Ok(Value::read("rows read from the database", place.clone())),
                    }
                })
            }
            "get" | "get_one" => {
                let (this, place, one) = (this.clone(), vm.location(), name == "get_one");
                Builtin::value("get", move |vm, mut args| {
                    offline(vm)?;
                    let entity = args.require("get", "entity")?;
                    let ident = args.require("get", "ident")?;
                    let Some(query) = Query::value(vm, &this, Args::of(vec![entity]))? else {
                        return Ok(Value::read("rows read from the database", place.clone()));
                    };
                    let found = vm.call_method(&query, "get", Args::of(vec![ident]))?;
                    match one && found.is_none() {
                        true => fetched(vm, "one", &[]),
                        false => Ok(found),
                    }
                })
            }
            "delete" => Builtin::value("delete", move |_, mut args| {
                let object = args.require("delete", "instance")?;
                session.deleted.borrow_mut().push(object);
                Ok(Value::None)
            }),
            "bulk_insert_mappings" | "bulk_update_mappings" => {
                let write = match name {
                    "bulk_insert_mappings" => orm::bulk_insert,
                    _ => orm::bulk_update,
                };
                Builtin::value("bulk_mappings", move |vm, mut args| {
                    offline(vm)?;
                    session.flush(vm)?;
                    let class = args.require("bulk_mappings", "mapper")?;
                    let rows = args.require("bulk_mappings", "mappings")?;
                    raise::known(vm, &rows, "the rows")?;
                    write(vm, &class, &rows)?;
                    Ok(Value::None)
                })
            }
            "merge" => Builtin::value("merge", move |vm, mut args| {
                offline(vm)?;
                let object = args.require("merge", "instance")?;
                if !orm::has_identity(vm, &object)? {
                    session
                        .added
                        .borrow_mut()
                        .push((object.clone(), Saved::Flushed));
                    return Ok(object);
                }
                Err(raise::database_read(
                    vm,
                    "the row that merge() looks for",
                    None,
                ))
            }),
            "is_active" | "autoflush" => Value::Bool(true),
            "new" | "dirty" | "deleted" => Value::list(Vec::new()),
            _ => return Ok(None),
        }))
    }

    fn set_attr(&self, _this: &Value, _vm: &mut Vm, name: &str, _value: Value) -> PyResult<bool> {
        Ok(name == "autoflush")
    }

    fn enter(&self, this: &Value, _vm: &mut Vm) -> PyResult<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn exit(&self, this: &Value, vm: &mut Vm, failed: bool) -> PyResult<bool> {
        if !failed && let Some(session) = this.downcast::<Self>() {
            session.flush(vm)?;
        }
        Ok(true)
    }
}
