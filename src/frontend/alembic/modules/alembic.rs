//! What the modules of Alembic export.

use crate::frontend::alembic::host::{host, record};
use crate::frontend::alembic::{bind, convert, op, raise};
use crate::operation::{Executable, Operation};
use crate::python::{Args, Builtin, Dict, DictKey, Native, PyResult, Value, Vm};

const MODULES: &[&str] = &[
    "alembic",
    "alembic.op",
    "alembic.context",
    "alembic.config",
    "alembic.operations",
    "alembic.operations.base",
    "alembic.operations.ops",
    "alembic.migration",
    "alembic.runtime",
    "alembic.runtime.migration",
    "alembic.runtime.environment",
    "alembic.script",
    "alembic.script.revision",
    "alembic.util",
    "alembic.util.exc",
    "alembic.util.sqla_compat",
    "alembic.ddl",
    "alembic.ddl.impl",
    "alembic.ddl.base",
    "alembic.ddl.postgresql",
    "alembic.ddl.mysql",
    "alembic.ddl.sqlite",
    "alembic.ddl.mssql",
    "alembic.ddl.oracle",
    "alembic.autogenerate",
    "alembic.autogenerate.api",
    "alembic.autogenerate.rewriter",
    "alembic.autogenerate.render",
    "alembic.autogenerate.compare",
    "alembic.command",
    "alembic.environment",
];

/// Whether there is such a module.
pub fn exists(dotted: &str) -> bool {
    MODULES.contains(&dotted)
}

/// `module.name`.
pub fn attr(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    let dotted = format!("{module}.{name}");
    if exists(&dotted) {
        return vm.import(&dotted).map(Some);
    }
    match module {
        "alembic.op" => return op::directive(vm, name),
        "alembic.context" => return context_attr(vm, name),
        "alembic" => return Ok((name == "__version__").then(|| Value::from("1.20.1"))),
        _ => {}
    }
    if let Some(class) = raise::class(vm, name) {
        return Ok(Some(Value::Class(class)));
    }
    Ok(Some(match name {
        "Operations" => Value::Class(op::operations_class(vm)),
        "BatchOperations" => Value::Class(op::batch_class(vm)),
        "MigrateOperation" => Value::Class(op::migrate_operation(vm)),
        "MigrationContext" => Value::Class(bind::context_class(vm)),
        "EnvironmentContext" => Value::Class(op::marker(
            vm,
            "alembic.runtime.environment",
            "EnvironmentContext",
        )),
        "Config" => Value::Class(op::marker(vm, "alembic.config", "Config")),
        _ if module.starts_with("alembic.ddl") && name.ends_with("Impl") => {
            // Projects derive from it to hang further behaviour on a dialect of their own.
            Value::Class(op::marker(vm, "alembic.ddl.impl", "DefaultImpl"))
        }
        _ => {
            let place = vm.location();
            Value::unknown(format!("`{dotted}`"), place)
        }
    }))
}

fn context_attr(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(Some(match name {
        "is_offline_mode" => Builtin::value("is_offline_mode", |_, _| Ok(Value::Bool(true))),
        "config" => bind::config(vm),
        "get_context" => Builtin::value("get_context", |vm, _| Ok(bind::context(vm))),
        "get_bind" => Builtin::value("get_bind", |vm, _| Ok(bind::connection(vm))),
        "get_impl" => Builtin::value("get_impl", |vm, _| {
            let context = bind::context(vm);
            vm.get_attr(&context, "impl")
        }),
        "get_x_argument" => Builtin::value("get_x_argument", x_argument),
        "get_tag_argument" => Builtin::value("get_tag_argument", |vm, _| {
            Ok(host(vm).tag.as_deref().map_or(Value::None, Value::from))
        }),
        "configure" => Builtin::value("configure", |vm, args| {
            if let Some(capture) = &mut *host(vm).environment.borrow_mut() {
                capture.configure(args);
            }
            Ok(Value::None)
        }),
        "run_migrations" => Builtin::value("run_migrations", |vm, args| {
            if let Some(capture) = &mut *host(vm).environment.borrow_mut() {
                capture.run(args);
            }
            Ok(Value::None)
        }),
        "begin_transaction" => {
            Builtin::value("begin_transaction", |_, _| Ok(Value::native(Nothing)))
        }
        "execute" => Builtin::value("execute", |vm, mut args| {
            let statement = args.require("execute", "sql")?;
            let statement = op::statement(vm, &statement)?;
            record(vm, Operation::Execute { statement });
            Ok(Value::None)
        }),
        "static_output" => Builtin::value("static_output", |vm, mut args| {
            let text = args.require("static_output", "text")?;
            let text = convert::text(vm, &text, "the text")?;
            let statement = Executable::Verbatim(text);
            record(vm, Operation::Execute { statement });
            Ok(Value::None)
        }),
        "is_transactional_ddl" | "requires_connection" => {
            Builtin::value("requires_connection", |_, _| Ok(Value::Bool(false)))
        }
        "script"
        | "get_head_revision"
        | "get_head_revisions"
        | "get_revision_argument"
        | "get_starting_revision_argument" => {
            let place = vm.location();
            let unknown = Value::unknown(format!("`context.{name}`"), place);
            if name == "script" {
                unknown
            } else {
                Builtin::value("get_head_revision", move |_, _| Ok(unknown.clone()))
            }
        }
        _ => return Ok(None),
    }))
}

fn x_argument(vm: &mut Vm, mut args: Args) -> PyResult {
    let as_dictionary = match args.take("as_dictionary") {
        Some(value) => vm.truth(&value)?,
        None => false,
    };
    let given = host(vm).x_arguments.clone();
    if !as_dictionary {
        return Ok(Value::list(
            given.iter().map(|x| Value::from(x.as_str())).collect(),
        ));
    }
    let mut dict = Dict::default();
    for argument in &given {
        let (key, value) = argument.split_once('=').unwrap_or((argument, ""));
        dict.insert(DictKey::str(key), Value::from(value));
    }
    Ok(Value::dict(dict))
}

/// A context manager that does nothing.
struct Nothing;

impl Native for Nothing {
    fn type_name(&self) -> &str {
        "nullcontext"
    }

    fn as_any_rc(self: std::rc::Rc<Self>) -> std::rc::Rc<dyn std::any::Any> {
        self
    }

    fn enter(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Value>> {
        Ok(Some(Value::None))
    }

    fn exit(&self, _this: &Value, _vm: &mut Vm, _failed: bool) -> PyResult<bool> {
        Ok(true)
    }
}
