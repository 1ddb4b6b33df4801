//! What the modules of Alembic export.

use crate::frontend::alembic::{bind, env, op, raise, schema, third_party};
use crate::python::{Args, Builtin, PyResult, Value, Vm};

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
    if name == "__all__" {
        return Ok(None);
    }
    let dotted = format!("{module}.{name}");
    if exists(&dotted) {
        return vm.import(&dotted).map(Some);
    }
    match module {
        // What the functions of the module stand for.
        "alembic.op" if name == "_proxy" => return Ok(Some(op::Operations::value())),
        "alembic.op" => return op::directive(vm, name),
        // A migration that catches an AttributeError would lose what it goes on to write.
        "alembic.context" if name == "_proxy" => {
            return Err(raise::unsupported(vm, "alembic.context._proxy"));
        }
        "alembic.context" => return env::context_attr(vm, name),
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
        "ScriptDirectory" => Value::Class(bind::directory_class(vm)),
        "AddColumn" | "DropColumn" | "RenameTable" if module.starts_with("alembic.ddl") => {
            let name = match name {
                "AddColumn" => "AddColumn",
                "DropColumn" => "DropColumn",
                _ => "RenameTable",
            };
            Value::Class(schema::statement_class(vm, name))
        }
        "visit_add_column" | "visit_drop_column" | "visit_rename_table"
            if module.starts_with("alembic.ddl") =>
        {
            Builtin::value("visit", |vm, mut args| {
                let element = args.require("visit", "element")?;
                let compiler = bind::compiler(vm);
                vm.call_method(&compiler, "process", Args::of(vec![element]))
            })
        }
        _ if module.starts_with("alembic.ddl") && name.ends_with("Impl") => {
            // Projects derive from it to hang further behaviour on a dialect of their own.
            Value::Class(op::marker(vm, "alembic.ddl.impl", "DefaultImpl"))
        }
        _ => {
            if module == "alembic.operations.ops"
                && let Some(class) = third_party::name(vm, "alembic_operations_ops", name)?
            {
                return Ok(Some(class));
            }
            if (module.starts_with("alembic.autogenerate") || module == "alembic.util")
                && matches!(
                    name,
                    "Rewriter"
                        | "AutogenContext"
                        | "comparators"
                        | "renderers"
                        | "PriorityDispatchResult"
                        | "DispatchPriority"
                )
                && let Some(class) = third_party::name(vm, "alembic_autogenerate_api", name)?
            {
                return Ok(Some(class));
            }
            let place = vm.location();
            Value::unknown(format!("`{dotted}`"), place)
        }
    }))
}
