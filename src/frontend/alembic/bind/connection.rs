//! The connection.

use std::any::Any;
use std::rc::Rc;

use super::entity::Entities;
use super::result::Found;
use super::{Query, ResultObject, Session, configured, dialect};
use crate::datatype::DataType;
use crate::diagnostic::{Code, Diagnostic};
use crate::expression::ExprKind;
use crate::frontend::alembic::classes::{self, Maker};
use crate::frontend::alembic::host::{host, record};
use crate::frontend::alembic::inspect::{Inspector, Introspection};
use crate::frontend::alembic::{convert, op, orm, raise, schema, sql};
use crate::frontend::sql::system::World;
use crate::frontend::sql::{Answer, answer, described, doubt, is_question};
use crate::operation::{Executable, Operation};
use crate::python::{Args, Builtin, Class, Dict, DictKey, Native, PyResult, Unknown, Value, Vm};

/// The connection that there is not.
pub struct Connection;

/// `op.get_bind()`.
pub fn connection(_vm: &mut Vm) -> Value {
    Value::native(Connection)
}

/// The class, for `isinstance` and annotations.
pub fn class(vm: &mut Vm) -> Rc<Class> {
    classes::plain(vm, "sqlalchemy.engine.base", "Connection", || {
        Maker::new(|vm, _, _| Err(raise::unsupported(vm, "connecting to a database")))
    })
}

/// Records a statement with its parameters.
pub fn execute(vm: &mut Vm, args: Args) -> PyResult {
    executed(vm, args, None)
}

/// The same for a session, whose rows of classes are objects.
pub fn execute_in_session(vm: &mut Vm, session: &Rc<Session>, args: Args) -> PyResult {
    executed(vm, args, Some(session))
}

fn executed(vm: &mut Vm, mut args: Args, session: Option<&Rc<Session>>) -> PyResult {
    let statement = args.require("execute", "statement")?;
    let mut parameters = args
        .take("parameters")
        .or_else(|| args.keyword("params"))
        .filter(|parameters| !parameters.is_none());
    for keyword in ["execution_options", "bind_arguments", "mapper"] {
        args.keyword(keyword);
    }
    if let Some(first) = &parameters
        && !args.pos.is_empty()
    {
        // SQLAlchemy 1.x: each set of parameters as an argument.
        let mut sets = vec![first.clone()];
        sets.append(&mut args.pos);
        parameters = Some(Value::list(sets));
    }
    if parameters.is_none() && !args.kw.is_empty() {
        // SQLAlchemy 1.x: parameters as keywords.
        let mut dict = Dict::default();
        for (key, value) in std::mem::take(&mut args.kw) {
            dict.insert(DictKey::str(key), value);
        }
        parameters = Some(Value::dict(dict));
    }
    if host(vm).compat {
        if parameters.is_some() {
            let message = "the parameters of `execute` are ignored, and `NULL` is written for them";
            host(vm).warn(
                Diagnostic::warning(Code::UnsafeCompat, message)
                    .at(vm.location())
                    .with_help("leave `--compat alembic` away"),
            );
        }
        let statement = op::statement(vm, &statement)?;
        record(vm, Operation::Execute { statement });
        return Ok(Value::None);
    }
    record_statement(vm, &statement, parameters.as_ref(), session)
}

/// What is known of a statement's result before it runs.
pub fn known_answer(vm: &mut Vm, statement: &Executable) -> Option<Answer> {
    let view = vm.host::<Introspection>()?;
    let said = configured::answer(&host(vm).configured_answers, statement);
    if said.is_some() {
        return said;
    }
    let dialect = host(vm).target.dialect.clone();
    let loaded = host(vm).target.loaded.clone();
    let loaded = loaded.filter(|_| is_question(statement));
    let stringify = vm.host::<sql::Stringify>();
    let catalog = view.catalog.borrow();
    let described = loaded.and_then(|loaded| {
        let spell = |data_type: &DataType| {
            let stringify = stringify.as_ref()?;
            let defined = (stringify.data_type)(data_type, loaded.name()).ok()?;
            loaded.facts().verify.spelling(&defined)
        };
        let world = World {
            catalog: &catalog,
            own: &loaded.facts().system_catalogs,
            default_schema: view.default_schema.clone(),
            version_table: view.version_table_of_script(),
            parser: loaded.lineage().last().map_or("", String::as_str),
            spell: &spell,
            joins: false,
            binds: &[],
        };
        described(statement, &world)
    });
    described.or_else(|| {
        let answer = answer(statement, &dialect, &catalog);
        if answer == Some(Answer::NoRows) {
            *host(vm).no_rows.borrow_mut() = vm.location();
        }
        answer
    })
}

/// What makes the rows unknown that a statement reads, where the database began empty.
pub fn doubted(vm: &mut Vm, statement: &Executable) -> Option<Rc<Unknown>> {
    let view = vm.host::<Introspection>()?;
    let dialect = host(vm).target.dialect.clone();
    let found = doubt(statement, &dialect, &view.catalog.borrow())?;
    Some(Rc::new(Unknown {
        what: found.what,
        origin: found.by,
        from: None,
        read: true,
        compared: None,
    }))
}

/// Records a statement, once for each set of parameters.
fn record_statement(
    vm: &mut Vm,
    value: &Value,
    parameters: Option<&Value>,
    session: Option<&Rc<Session>>,
) -> PyResult {
    let statement = op::statement(vm, value)?;
    let returns_rows = match &statement {
        Executable::Expr(expr) => {
            expr.is_select() || matches!(&expr.kind, ExprKind::Text(text) if is_query(&text.sql))
        }
        Executable::Str(text) => is_query(text),
        _ => false,
    };
    let mut sets = Vec::new();
    if let Some(parameters) = parameters {
        raise::known(vm, parameters, "the parameters of the statement")?;
        sets = match parameters {
            Value::List(sets) => sets.borrow().clone(),
            Value::Tuple(sets) => sets.to_vec(),
            single => vec![single.clone()],
        };
    }
    if let Executable::Str(text) = &statement {
        let known = sql::names_of_parameters(text);
        for set in &sets {
            if !takes(&known, set) {
                return Err(raise::unsupported(
                    vm,
                    "a text with parameters in the words of the driver",
                ));
            }
        }
    }
    let expr = match &statement {
        Executable::Str(text) => crate::expression::text(text),
        Executable::Expr(expr) => Rc::clone(expr),
        _ => {
            sets.clear();
            crate::expression::text("")
        }
    };
    let known = match sets.as_slice() {
        [] => known_answer(vm, &statement),
        [set] if returns_rows && !holds_unknown(set) => {
            let filled = sql::with_parameters(vm, &expr, set)?;
            known_answer(vm, &Executable::Expr(filled))
        }
        [_] => known_answer(vm, &statement),
        _ => None,
    };
    let found = match (known, session) {
        (Some(Answer::Rows(rows)), Some(session)) if !rows.rows.is_empty() => {
            match Entities::of(&statement) {
                Some(entities) => entities.rows(vm, session, &rows)?,
                None => None,
            }
        }
        (Some(known), _) => Some(Found::of(&known, vm.location().as_ref())),
        (None, _) => None,
    };
    if let Some(found) = found {
        // A query whose answer is known is not asked.
        return Ok(ResultObject::known(vm, found));
    }
    // Behind the statement, it would be its own reason.
    let why = doubted(vm, &statement);
    let mut changed = None;
    if sets.is_empty() {
        let statement = schema::computed(vm, statement)?;
        changed = record(vm, Operation::Execute { statement });
    }
    let single = sets.len() == 1;
    for set in sets {
        raise::known(vm, &set, "the parameters of the statement")?;
        let expr = sql::with_parameters(vm, &expr, &set)?;
        let statement = schema::computed(vm, Executable::Expr(expr))?;
        // What the driver counts for several sets differs.
        changed = record(vm, Operation::Execute { statement }).filter(|_| single);
    }
    Ok(ResultObject::unknown(vm, returns_rows, changed, why))
}

/// Whether a set of parameters is for a text that names them (`:name`).
fn takes(known: &[&str], set: &Value) -> bool {
    match set {
        Value::Dict(dict) => dict.borrow().iter().all(|(key, _)| {
            let name = key.value().as_str();
            name.is_some_and(|name| known.contains(&&*name))
        }),
        // What is not known is told as that.
        other => matches!(other, Value::Unknown(_)),
    }
}

/// Whether a set of parameters has a value that is not known.
fn holds_unknown(set: &Value) -> bool {
    match set {
        Value::Dict(dict) => dict
            .borrow()
            .iter()
            .any(|(_, value)| matches!(value, Value::Unknown(_))),
        Value::Unknown(_) => true,
        _ => false,
    }
}

fn is_query(text: &str) -> bool {
    let word: String = text
        .trim_start_matches(|c: char| c.is_whitespace() || c == '(')
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    ["select", "with", "show", "values", "table", "pragma"]
        .iter()
        .any(|query| word.eq_ignore_ascii_case(query))
}

impl Native for Connection {
    fn type_name(&self) -> &str {
        "Connection"
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(class(vm))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let held = this.clone();
        Ok(Some(match name {
            "engine" | "sync_engine" | "sync_connection" => held,
            "dialect" | "_dialect" => dialect(vm),
            "name" => Value::Str(host(vm).target.dialect.clone()),
            "connect" | "execution_options" => {
                Builtin::value("connect", move |_, _| Ok(held.clone()))
            }
            "execute" => Builtin::value("execute", execute),
            "schema_for_object" => Builtin::value("schema_for_object", |vm, mut args| {
                let object = args.require("schema_for_object", "obj")?;
                vm.get_attr(&object, "schema")
            }),
            _ if host(vm).compat => return Err(raise::no_attribute("MockConnection", name)),
            "begin" | "begin_nested" | "get_transaction" => {
                Builtin::value("begin", |_, _| Ok(Value::native(Transaction)))
            }
            "commit" | "rollback" | "close" | "detach" | "invalidate" | "dispose" => {
                Builtin::value("commit", |_, _| Ok(Value::None))
            }
            "in_transaction" => Builtin::value("in_transaction", |_, _| Ok(Value::Bool(true))),
            "closed" | "invalidated" => Value::Bool(false),
            "exec_driver_sql" => Builtin::value("exec_driver_sql", |vm, mut args| {
                let statement = args.require("exec_driver_sql", "statement")?;
                let text = convert::text(vm, &statement, "the statement")?;
                if args.take("parameters").is_some_and(|p| !p.is_none()) {
                    return Err(raise::unsupported(
                        vm,
                        "exec_driver_sql() with parameters of the driver",
                    ));
                }
                let returns_rows = is_query(&text);
                let statement = Executable::Ddl(text);
                if let Some(known) = known_answer(vm, &statement) {
                    let found = Found::of(&known, vm.location().as_ref());
                    return Ok(ResultObject::known(vm, found));
                }
                let why = doubted(vm, &statement);
                let changed = record(vm, Operation::Execute { statement });
                Ok(ResultObject::unknown(vm, returns_rows, changed, why))
            }),
            "scalar" | "scalars" => {
                let method = name.to_owned();
                Builtin::value("scalar", move |vm, args| {
                    let result = execute(vm, args)?;
                    vm.call_method(&result, &method, Args::default())
                })
            }
            "url" => {
                let (dialect, place) = (host(vm).target.dialect.clone(), vm.location());
                super::url::url(&dialect, place)
            }
            "has_table" => Builtin::value("has_table", |vm, args| {
                let this = connection(vm);
                let inspector = inspect_value(vm, &this)?;
                vm.call_method(&inspector, "has_table", args)
            }),
            "info" | "get_execution_options" => Value::dict(Dict::default()),
            "connection" | "raw_connection" => {
                return Err(raise::database_read(
                    vm,
                    "the driver's own connection",
                    None,
                ));
            }
            _ => return Ok(None),
        }))
    }

    fn enter(&self, this: &Value, vm: &mut Vm) -> PyResult<Option<Value>> {
        Ok((!host(vm).compat).then(|| this.clone()))
    }

    fn exit(&self, _this: &Value, _vm: &mut Vm, _failed: bool) -> PyResult<bool> {
        Ok(true)
    }
}

/// `connection.begin()`: a transaction that is the script's own.
pub struct Transaction;

impl Native for Transaction {
    fn type_name(&self) -> &str {
        "Transaction"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "commit" | "rollback" | "close" => {
                Some(Builtin::value("commit", |_, _| Ok(Value::None)))
            }
            "is_active" => Some(Value::Bool(true)),
            _ => None,
        })
    }

    fn enter(&self, this: &Value, _vm: &mut Vm) -> PyResult<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn exit(&self, _this: &Value, _vm: &mut Vm, _failed: bool) -> PyResult<bool> {
        Ok(true)
    }
}

fn inspect_value(vm: &mut Vm, target: &Value) -> PyResult {
    if host(vm).compat {
        return Err(schema::no_inspection(vm));
    }
    if vm.host::<Introspection>().is_some() {
        return Ok(Inspector::value(target.clone()));
    }
    let place = vm.location();
    Ok(Value::read("the list of the database's tables", place))
}

/// `sa.inspect(…)`.
pub fn inspect(vm: &mut Vm, mut args: Args) -> PyResult {
    let target = args.require("inspect", "subject")?;
    if matches!(target, Value::Unknown(_)) {
        return Ok(target);
    }
    if target.downcast::<Connection>().is_some() || target.downcast::<Session>().is_some() {
        return inspect_value(vm, &target);
    }
    if target.downcast::<Query>().is_some() {
        // A query says itself what is to be known of it.
        return Ok(target);
    }
    if let Some(mapper) = orm::inspect(vm, &target)? {
        return Ok(mapper);
    }
    let class = vm.class_of(&target);
    Err(raise::exception(
        vm,
        "NoInspectionAvailable",
        format!(
            "No inspection system is available for object of type <class '{}.{}'>",
            class.module, class.name
        ),
    ))
}

/// The class `Inspector`, with `from_engine`.
pub fn inspector_class(vm: &mut Vm) -> Rc<Class> {
    classes::plain(vm, "sqlalchemy.engine.reflection", "Inspector", || {
        Maker::new(|vm, _, args| inspect(vm, args)).with_attrs(|_, _, name| {
            Ok((name == "from_engine").then(|| Builtin::value("from_engine", inspect)))
        })
    })
}
