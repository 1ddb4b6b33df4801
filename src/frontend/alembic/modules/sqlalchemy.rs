//! What the modules of SQLAlchemy export.

use crate::datatype::spec;
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::{bind, name, op, orm, raise, schema, sql, third_party, types};
use crate::python::{Builtin, PyResult, Value, Vm};

const MODULES: &[&str] = &[
    "sqlalchemy",
    "sqlalchemy.dialects",
    "sqlalchemy.engine",
    "sqlalchemy.engine.base",
    "sqlalchemy.engine.cursor",
    "sqlalchemy.engine.default",
    "sqlalchemy.engine.interfaces",
    "sqlalchemy.engine.mock",
    "sqlalchemy.engine.reflection",
    "sqlalchemy.engine.result",
    "sqlalchemy.engine.row",
    "sqlalchemy.engine.url",
    "sqlalchemy.event",
    "sqlalchemy.exc",
    "sqlalchemy.ext",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.ext.associationproxy",
    "sqlalchemy.ext.automap",
    "sqlalchemy.ext.compiler",
    "sqlalchemy.ext.declarative",
    "sqlalchemy.ext.hybrid",
    "sqlalchemy.ext.mutable",
    "sqlalchemy.inspection",
    "sqlalchemy.orm",
    "sqlalchemy.orm.attributes",
    "sqlalchemy.orm.collections",
    "sqlalchemy.orm.decl_api",
    "sqlalchemy.orm.exc",
    "sqlalchemy.orm.query",
    "sqlalchemy.orm.session",
    "sqlalchemy.pool",
    "sqlalchemy.schema",
    "sqlalchemy.sql",
    "sqlalchemy.sql.base",
    "sqlalchemy.sql.compiler",
    "sqlalchemy.sql.ddl",
    "sqlalchemy.sql.elements",
    "sqlalchemy.sql.expression",
    "sqlalchemy.sql.functions",
    "sqlalchemy.sql.naming",
    "sqlalchemy.sql.operators",
    "sqlalchemy.sql.schema",
    "sqlalchemy.sql.selectable",
    "sqlalchemy.sql.sqltypes",
    "sqlalchemy.sql.type_api",
    "sqlalchemy.testing",
    "sqlalchemy.testing.schema",
    "sqlalchemy.types",
    "sqlalchemy.util",
];

const DIALECTS: &[&str] = &[
    "postgresql",
    "mysql",
    "mariadb",
    "mssql",
    "oracle",
    "sqlite",
];

/// The dialect of `sqlalchemy.dialects.NAME…`.
fn dialect(dotted: &str) -> Option<&str> {
    let rest = dotted.strip_prefix("sqlalchemy.dialects.")?;
    let name = rest.split('.').next()?;
    DIALECTS.contains(&name).then_some(name)
}

/// Whether there is such a module.
pub fn exists(dotted: &str) -> bool {
    if MODULES.contains(&dotted) {
        return true;
    }
    let Some(name) = dialect(dotted) else {
        return false;
    };
    let rest = &dotted["sqlalchemy.dialects.".len() + name.len()..];
    matches!(
        rest,
        "" | ".base"
            | ".json"
            | ".types"
            | ".array"
            | ".hstore"
            | ".ranges"
            | ".named_types"
            | ".ext"
            | ".dml"
            | ".enumerated"
            | ".psycopg2"
            | ".operators"
    )
}

/// `module.name`.
pub fn attr(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    if name == "__all__" {
        let all = names(module);
        return Ok(all.map(|names| Value::list(names.split(' ').map(Value::from).collect())));
    }
    let dotted = format!("{module}.{name}");
    if exists(&dotted)
        && !matches!(name, "array" | "hstore" | "operators" if dialect(module).is_some())
    {
        return vm.import(&dotted).map(Some);
    }
    if let Some(dialect) = dialect(module).map(str::to_owned) {
        return dialect_attr(vm, module, &dialect, name);
    }
    if module == "sqlalchemy.dialects" {
        return Ok(None);
    }
    if let Some(found) = item(vm, name)? {
        return Ok(Some(found));
    }
    if let Some(found) = sql::module_attr(vm, module, name)? {
        return Ok(Some(found));
    }
    if let Some(found) = function(vm, module, name)? {
        return Ok(Some(found));
    }
    // SQLAlchemy's inner modules import from each other what `sqlalchemy.sql` exports.
    if module.starts_with("sqlalchemy.sql.")
        && is_real("sqlalchemy", name)
        && let Some(found) = sql::module_attr(vm, "sqlalchemy.sql.expression", name)?
    {
        return Ok(Some(found));
    }
    // The corners of SQLAlchemy: unknown, so that importing them does no harm.
    if is_listed(module) && !is_real(module, name) {
        return Ok(None);
    }
    let place = vm.location();
    Ok(Some(Value::unknown(format!("`{dotted}`"), place)))
}

/// What the modules that migrations use most really export.
const NAMES: &str = include_str!("names.txt");

fn names(module: &str) -> Option<&'static str> {
    NAMES.lines().find_map(|line| {
        let (listed, names) = line.split_once(": ")?;
        (listed == module).then_some(names)
    })
}

fn is_listed(module: &str) -> bool {
    names(module).is_some()
}

fn is_real(module: &str, name: &str) -> bool {
    names(module).is_some_and(|names| names.split(' ').any(|known| known == name))
}

fn dialect_attr(vm: &mut Vm, module: &str, dialect: &str, name: &str) -> PyResult<Option<Value>> {
    let family = if dialect == "mariadb" {
        "mysql"
    } else {
        dialect
    };
    let former = || {
        FORMER
            .iter()
            .find(|(of, old, _)| *of == family && *old == name)
    };
    let name = match module.ends_with(".base").then(former).flatten() {
        Some((_, _, now)) => now,
        None => name,
    };
    for row in [
        format!("{dialect}.{name}"),
        format!("{family}.{name}"),
        name.to_owned(),
    ] {
        if let Some(spec) = spec(&row)
            && (row.contains('.') || name.chars().all(|c| !c.is_lowercase()))
        {
            return Ok(Some(Value::Class(types::class(vm, spec))));
        }
    }
    if name == "dialect" {
        return Ok(Some(Value::Class(bind::dialect_class(vm, dialect))));
    }
    if name == "ExcludeConstraint" {
        return schema::class_by_name(vm, name);
    }
    if let Some(found) = sql::module_attr(vm, module, name)? {
        return Ok(Some(found));
    }
    if name.ends_with("Dialect") {
        return Ok(Some(Value::Class(bind::dialect_class(vm, dialect))));
    }
    if module.matches('.').count() > 2 || is_real(module, name) {
        let place = vm.location();
        return Ok(Some(Value::unknown(format!("`{module}.{name}`"), place)));
    }
    Ok(None)
}

/// What types were called in the `base` module of their dialect; SQLAlchemy keeps the names.
const FORMER: &[(&str, &str, &str)] = &[
    ("mysql", "MSBigInteger", "BIGINT"),
    ("mysql", "MSBinary", "BINARY"),
    ("mysql", "MSBit", "BIT"),
    ("mysql", "MSBlob", "BLOB"),
    ("mysql", "MSChar", "CHAR"),
    ("mysql", "MSDecimal", "DECIMAL"),
    ("mysql", "MSDouble", "DOUBLE"),
    ("mysql", "MSEnum", "ENUM"),
    ("mysql", "MSFloat", "FLOAT"),
    ("mysql", "MSInteger", "INTEGER"),
    ("mysql", "MSLongBlob", "LONGBLOB"),
    ("mysql", "MSLongText", "LONGTEXT"),
    ("mysql", "MSMediumBlob", "MEDIUMBLOB"),
    ("mysql", "MSMediumInteger", "MEDIUMINT"),
    ("mysql", "MSMediumText", "MEDIUMTEXT"),
    ("mysql", "MSNChar", "NCHAR"),
    ("mysql", "MSNVarChar", "NVARCHAR"),
    ("mysql", "MSNumeric", "NUMERIC"),
    ("mysql", "MSReal", "REAL"),
    ("mysql", "MSSet", "SET"),
    ("mysql", "MSSmallInteger", "SMALLINT"),
    ("mysql", "MSString", "VARCHAR"),
    ("mysql", "MSText", "TEXT"),
    ("mysql", "MSTime", "TIME"),
    ("mysql", "MSTimeStamp", "TIMESTAMP"),
    ("mysql", "MSTinyBlob", "TINYBLOB"),
    ("mysql", "MSTinyInteger", "TINYINT"),
    ("mysql", "MSTinyText", "TINYTEXT"),
    ("mysql", "MSVarBinary", "VARBINARY"),
    ("mysql", "MSYear", "YEAR"),
    ("postgresql", "PGBit", "BIT"),
    ("postgresql", "PGCidr", "CIDR"),
    ("postgresql", "PGInet", "INET"),
    ("postgresql", "PGInterval", "INTERVAL"),
    ("postgresql", "PGMacAddr", "MACADDR"),
    ("postgresql", "PGMacAddr8", "MACADDR8"),
    ("postgresql", "PGUuid", "UUID"),
    ("mssql", "MSBinary", "BINARY"),
    ("mssql", "MSBit", "BIT"),
    ("mssql", "MSChar", "CHAR"),
    ("mssql", "MSDate", "DATE"),
    ("mssql", "MSDateTime2", "DATETIME2"),
    ("mssql", "MSDateTimeOffset", "DATETIMEOFFSET"),
    ("mssql", "MSImage", "IMAGE"),
    ("mssql", "MSMoney", "MONEY"),
    ("mssql", "MSNChar", "NCHAR"),
    ("mssql", "MSNText", "NTEXT"),
    ("mssql", "MSNVarchar", "NVARCHAR"),
    ("mssql", "MSReal", "REAL"),
    ("mssql", "MSSmallDateTime", "SMALLDATETIME"),
    ("mssql", "MSSmallMoney", "SMALLMONEY"),
    ("mssql", "MSString", "VARCHAR"),
    ("mssql", "MSText", "TEXT"),
    ("mssql", "MSTime", "TIME"),
    ("mssql", "MSTinyInteger", "TINYINT"),
    ("mssql", "MSUniqueIdentifier", "UNIQUEIDENTIFIER"),
    ("mssql", "MSVarBinary", "VARBINARY"),
    ("mssql", "MSVariant", "SQL_VARIANT"),
];

/// Types, schema items, exceptions.
fn item(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    let name = match name {
        "INT" => "INTEGER",
        _ => name,
    };
    if name != "UserDefined"
        && !name.contains('.')
        && let Some(spec) = spec(name)
    {
        return Ok(Some(Value::Class(types::class(vm, spec))));
    }
    if let Some(class) = types::class_by_name(vm, name) {
        return Ok(Some(Value::Class(class)));
    }
    if let Some(found) = schema::class_by_name(vm, name)? {
        return Ok(Some(found));
    }
    Ok(raise::class(vm, name).map(Value::Class))
}

fn function(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    Ok(Some(match name {
        "__version__" => Value::from("2.1.9"),
        "inspect" => Builtin::value("inspect", bind::inspect),
        "Inspector" => Value::Class(bind::inspector_class(vm)),
        "quoted_name" => Value::Class(name::class(vm, false)),
        "conv" => Value::Class(name::class(vm, true)),
        "compiles" => Builtin::value("compiles", bind::compiles),
        "Session" | "AsyncSession" => Value::Class(bind::session_class(vm)),
        "sessionmaker" | "async_sessionmaker" => Builtin::value("sessionmaker", bind::sessionmaker),
        "scoped_session" => Builtin::value("scoped_session", bind::scoped_session),
        "declarative_base" => Builtin::value("declarative_base", orm::declarative_base),
        "DeclarativeBase" | "DeclarativeBaseNoMeta" => Value::Class(orm::declarative_class(vm)),
        "declared_attr" => orm::declared_attr(),
        "mapped_column" => Builtin::value("mapped_column", orm::mapped_column),
        "registry" => Builtin::value("registry", orm::registry),
        "deferred" => Builtin::value("deferred", |vm, args| orm::property(vm, "deferred", args)),
        "column_property" => Builtin::value("column_property", |vm, args| {
            orm::property(vm, "column_property", args)
        }),
        "synonym" => Builtin::value("synonym", |vm, args| orm::property(vm, "synonym", args)),
        "composite" => Builtin::value("composite", |vm, args| orm::property(vm, "composite", args)),
        "relationship" => Builtin::value("relationship", orm::relationship),
        "backref" | "query_expression" | "validates" | "reconstructor" | "association_proxy"
        | "foreign" | "remote" => {
            let place = vm.location();
            let what = format!("`{name}(…)`");
            Builtin::value("relationship", move |_, _| {
                Ok(Value::unknown(what.clone(), place.clone()))
            })
        }
        "Connection" | "Connectable" => Value::Class(bind::connection_class(vm)),
        "Engine" => Value::Class(op::marker(vm, "sqlalchemy.engine.base", "Engine")),
        "Row" => Value::Class(op::marker(vm, "sqlalchemy.engine.row", "Row")),
        "Dialect" => Value::Class(op::marker(vm, "sqlalchemy.engine.interfaces", "Dialect")),
        "CursorResult" | "Result" => {
            Value::Class(op::marker(vm, "sqlalchemy.engine.cursor", "CursorResult"))
        }
        "create_engine"
        | "engine_from_config"
        | "create_async_engine"
        | "async_engine_from_config"
        | "create_mock_engine" => {
            let place = vm.location();
            let what = format!("the result of `{name}()`");
            Builtin::value("create_engine", move |vm, args| {
                Ok(if host(vm).environment.borrow().is_some() {
                    // In `env.py`, the connection that the script stands for.
                    bind::engine(vm, args)?
                } else {
                    Value::unknown(what.clone(), place.clone())
                })
            })
        }
        "make_url" => Builtin::value("make_url", bind::make_url),
        "URL" => Value::Class(bind::url_class(vm)),
        "listens_for" | "listen" if module == "sqlalchemy.event" => {
            Builtin::value("listens_for", |_, _| {
                Ok(Builtin::value("decorate", |_, mut args| {
                    args.require("decorate", "fn")
                }))
            })
        }
        "NO_ARG" => Value::None,
        "TYPE_CHECKING" => Value::Bool(false),
        "MutableBase" | "Mutable" | "MutableComposite" | "MutableDict" | "MutableList"
        | "MutableSet" => return third_party::name(vm, "sqlalchemy_ext_mutable", name),
        "aliased" => return third_party::name(vm, "sqlalchemy_ext_hybrid", name),
        "hybrid_property" | "hybrid_method" => {
            return third_party::name(vm, "sqlalchemy_ext_hybrid", name);
        }
        _ => return Ok(orm::marker(vm, name).map(Value::Class)),
    }))
}
