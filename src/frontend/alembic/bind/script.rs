//! `op.get_context().script`: the script directory, of which a migration asks what other revisions
//! define.

use std::any::Any;
use std::rc::Rc;

use crate::frontend::alembic::classes::{self, Maker};
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::raise;
use crate::python::{Args, Builtin, Class, Native, PyResult, Str, Value, Vm};
use crate::revision::{Index, RevisionMap, StepKind};

/// The script directory, unknown where the revisions are not all there yet.
pub fn directory(vm: &mut Vm) -> Value {
    match &host(vm).revisions {
        Some(map) => Value::native(Directory(Rc::clone(map))),
        None => Value::unknown("the script directory", vm.location()),
    }
}

/// The class `ScriptDirectory`, whose `from_config` gives the script directory.
pub fn class(vm: &mut Vm) -> Rc<Class> {
    classes::plain(vm, "alembic.script.base", "ScriptDirectory", || {
        Maker::new(|vm, _, _| Ok(directory(vm))).with_attrs(|_, _, name| {
            Ok((name == "from_config")
                .then(|| Builtin::value("from_config", |vm, _| Ok(directory(vm)))))
        })
    })
}

struct Directory(Rc<RevisionMap>);

impl Directory {
    /// The revision that an identifier or the beginning of one stands for; nothing for `base`.
    fn find(map: &Rc<RevisionMap>, vm: &mut Vm, mut args: Args, function: &str) -> PyResult {
        let id = args.require(function, "id_")?;
        raise::known(vm, &id, "the revision")?;
        if id.is_none() {
            return Ok(Value::None);
        }
        let id = vm.str(&id)?;
        let found = map
            .start(Some(&id))
            .map_err(|diagnostic| raise::exception(vm, "CommandError", diagnostic.message))?;
        Ok(found
            .first()
            .map_or(Value::None, |index| script(map, *index)))
    }

    /// All revisions, the newest first.
    fn walk(map: &Rc<RevisionMap>, vm: &mut Vm) -> PyResult {
        let plan = map
            .upgrade(&[], &["heads"])
            .map_err(|diagnostic| raise::exception(vm, "CommandError", diagnostic.message))?;
        let steps = plan.steps.iter().rev().filter_map(|step| match step.kind {
            StepKind::Revision(index) => Some(script(map, index)),
            StepKind::Stamp => None,
        });
        Ok(Value::list(steps.collect()))
    }
}

impl Native for Directory {
    fn type_name(&self) -> &str {
        "ScriptDirectory"
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(class(vm))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let map = Rc::clone(&self.0);
        Ok(Some(match name {
            "get_revision" => Builtin::value("get_revision", move |vm, args| {
                Self::find(&map, vm, args, "get_revision")
            }),
            "walk_revisions" => {
                let place = vm.location();
                Builtin::value("walk_revisions", move |vm, args| {
                    if args.pos.is_empty() && args.kw.is_empty() {
                        return Self::walk(&map, vm);
                    }
                    Ok(Value::unknown("a part of the revisions", place.clone()))
                })
            }
            "get_heads" => Builtin::value("get_heads", move |_, _| {
                let heads = map.heads().iter();
                Ok(Value::list(heads.map(|head| id(&map, *head)).collect()))
            }),
            "get_bases" => Builtin::value("get_bases", move |_, _| {
                let bases = map.bases().iter();
                Ok(Value::list(bases.map(|base| id(&map, *base)).collect()))
            }),
            "get_current_head" => {
                Builtin::value("get_current_head", move |vm, _| match map.heads() {
                    [] => Ok(Value::None),
                    [head] => Ok(id(&map, *head)),
                    _ => Err(raise::exception(
                        vm,
                        "CommandError",
                        "The script directory has multiple heads (due to branching).Please use \
                         get_heads(), or merge the branches using alembic merge."
                            .to_owned(),
                    )),
                })
            }
            _ => Value::unknown(format!("`.{name}` of the script directory"), vm.location()),
        }))
    }
}

fn id(map: &RevisionMap, index: Index) -> Value {
    Value::Str(Str::clone(&map.revision(index).id))
}

fn script(map: &Rc<RevisionMap>, index: Index) -> Value {
    Value::native(Script(Rc::clone(map), index))
}

/// A revision's script.
struct Script(Rc<RevisionMap>, Index);

impl Script {
    /// The revision's module, evaluated once.
    fn module(&self, vm: &mut Vm) -> PyResult {
        let revision = self.0.revision(self.1);
        let host = host(vm);
        let known = host.revision_modules.borrow().get(&revision.id).cloned();
        if let Some(known) = known {
            return Ok(Value::Module(known));
        }
        let Some(location) = &revision.location else {
            let what = format!("the module of revision {}", revision.id);
            return Ok(Value::unknown(what, vm.location()));
        };
        let module = vm.run_module(&format!("{}_py", revision.id), &location.file)?;
        let mut modules = host.revision_modules.borrow_mut();
        modules.insert(Str::clone(&revision.id), Rc::clone(&module));
        Ok(Value::Module(module))
    }
}

impl Native for Script {
    fn type_name(&self) -> &str {
        "Script"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let revision = self.0.revision(self.1);
        let several = |ids: &[Str]| match ids {
            [] => Value::None,
            [one] => Value::Str(Str::clone(one)),
            more => Value::tuple(more.iter().cloned().map(Value::Str).collect()),
        };
        Ok(Some(match name {
            "module" => self.module(vm)?,
            "revision" => Value::Str(Str::clone(&revision.id)),
            "down_revision" => several(&revision.down_revisions),
            "dependencies" => several(&revision.depends_on),
            "path" => Value::from(revision.path.display().to_string().as_str()),
            "doc" => Value::from(revision.doc.trim().lines().next().unwrap_or_default()),
            "longdoc" => Value::from(revision.doc.as_str()),
            "is_head" => Value::Bool(self.0.is_head(self.1)),
            "is_base" => Value::Bool(revision.down_revisions.is_empty()),
            _ => Value::unknown(format!("`.{name}` of a revision's script"), vm.location()),
        }))
    }
}
