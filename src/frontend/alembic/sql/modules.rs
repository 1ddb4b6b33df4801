//! What the modules of SQLAlchemy export for expressions.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::super::earlier;
use super::clause::wrap;
use super::{constructs, dml, fail, from, functions, select, text};
use crate::datatype::DataType;
use crate::expression::{ExprKind, Expression, Ident, Operator, boolean};
use crate::python::class::Namespace;
use crate::python::{
    Args, Builtin, Class, Instance, Native, NativeClass, PyResult, Str, Value, Vm,
};

/// The type that a value of Python names (`Integer`, `String(5)`).
pub(super) fn data_type(vm: &mut Vm, value: &Value) -> PyResult<DataType> {
    fail::known(vm, value)?;
    crate::frontend::alembic::types::data_type(vm, value)
}

/// A type as an object of Python.
pub(super) fn type_value(vm: &mut Vm, data_type: &DataType) -> PyResult {
    crate::frontend::alembic::types::value_of(vm, data_type)
}

/// A name: any `str`, with its wish about quotes. `None` for `None`.
pub(super) fn ident(vm: &mut Vm, value: &Value) -> PyResult<Option<Ident>> {
    fail::known(vm, value)?;
    if value.is_none() {
        return Ok(None);
    }
    let Some(name) = value.as_str() else {
        return Ok(None);
    };
    let quote = match value {
        Value::Native(_) => vm
            .find_attr(value, "quote")?
            .and_then(|quote| quote.as_bool()),
        _ => None,
    };
    Ok(Some(Ident { name, quote }))
}

/// A name as a Python `str`.
pub(super) fn ident_value(name: &Ident) -> Value {
    crate::frontend::alembic::convert::ident_value(name)
}

/// Classes that exist to be named in annotations and `isinstance`.
struct Classes(RefCell<FxHashMap<String, Rc<Class>>>);

struct Nameable;

impl NativeClass for Nameable {
    fn construct(&self, vm: &mut Vm, class: &Rc<Class>, args: Args) -> PyResult {
        if class.native.is_none() {
            return element(vm, class, args);
        }
        let name = class.name.clone();
        Err(fail::unsupported(
            vm,
            &format!("making a {name} by its class"),
        ))
    }

    fn get_item(&self, _vm: &mut Vm, class: &Rc<Class>, _index: &Value) -> PyResult<Option<Value>> {
        Ok(Some(Value::Class(Rc::clone(class))))
    }
}

/// An element whose class is written in Python: what it means, a function registered with
/// `@compiles` says.
fn element(vm: &mut Vm, class: &Rc<Class>, args: Args) -> PyResult {
    let mut clauses = Vec::with_capacity(args.pos.len());
    for value in &args.pos {
        clauses.push(wrap(super::coerce::expr_of(vm, value, None)?));
    }
    let mut dict = Namespace::default();
    dict.insert(Str::from("clauses"), Value::list(clauses));
    Ok(Value::Instance(Instance::new(class, dict, None)))
}

fn base_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "ClauseElement" => return None,
        "Executable" | "FromClause" | "ColumnElement" | "TextClause" | "ColumnOperators" => {
            "ClauseElement"
        }
        "Select" | "CompoundSelect" | "TextualSelect" | "Insert" | "Update" | "Delete" => {
            "Executable"
        }
        "TableClause" | "Alias" | "Join" | "CTE" | "Subquery" => "FromClause",
        "SelectBase" => "Executable",
        _ => "ColumnElement",
    })
}

const CLASSES: &[&str] = &[
    "ClauseElement",
    "Executable",
    "FromClause",
    "ColumnElement",
    "ColumnOperators",
    "TextClause",
    "Select",
    "SelectBase",
    "CompoundSelect",
    "TextualSelect",
    "Insert",
    "Update",
    "Delete",
    "TableClause",
    "Alias",
    "Join",
    "CTE",
    "Subquery",
    "BindParameter",
    "Null",
    "True_",
    "False_",
    "ColumnClause",
    "Function",
    "FunctionElement",
    "GenericFunction",
    "UnaryExpression",
    "BinaryExpression",
    "BooleanClauseList",
    "Case",
    "Cast",
    "Label",
    "ScalarSelect",
];

/// The class called `name`.
pub(super) fn class(vm: &mut Vm, name: &str) -> Option<Rc<Class>> {
    let name = CLASSES.iter().find(|known| **known == name)?;
    let classes = match vm.host::<Classes>() {
        Some(classes) => classes,
        None => {
            let classes = Rc::new(Classes(RefCell::default()));
            vm.set_host(Rc::clone(&classes));
            classes
        }
    };
    if let Some(class) = classes.0.borrow().get(*name) {
        return Some(Rc::clone(class));
    }
    let bases = match base_of(name) {
        Some(base) => class(vm, base).into_iter().collect(),
        None => Vec::new(),
    };
    let class = Class::native("sqlalchemy.sql.expression", name, bases, Nameable);
    classes
        .0
        .borrow_mut()
        .insert((*name).to_owned(), Rc::clone(&class));
    Some(class)
}

type Callable = fn(&mut Vm, Args) -> PyResult;

/// Functions of the package: name and what they do.
fn callable(name: &str) -> Option<(&'static str, Callable)> {
    Some(match name {
        "text" => ("text", text::text),
        "bindparam" => ("bindparam", text::bindparam),
        "outparam" => ("outparam", text::bindparam),
        "literal" => ("literal", constructs::literal),
        "literal_column" => ("literal_column", constructs::literal_column_of),
        "column" => ("column", constructs::column),
        "table" => ("table", from::table),
        "select" => ("select", select::select),
        "insert" => ("insert", |vm, args| {
            dml::statement(vm, args, dml::insert_into, ("insert", earlier::INSERT))
        }),
        "update" => ("update", |vm, args| {
            dml::statement(vm, args, dml::update_of, ("update", earlier::UPDATE))
        }),
        "delete" => ("delete", |vm, args| {
            dml::statement(vm, args, dml::delete_from, ("delete", earlier::DELETE))
        }),
        "and_" => ("and_", |vm, args| {
            constructs::join_conditions(vm, &Operator::And, &args)
        }),
        "or_" => ("or_", |vm, args| {
            constructs::join_conditions(vm, &Operator::Or, &args)
        }),
        "not_" => ("not_", constructs::not),
        "null" => ("null", |_, _| Ok(wrap(Expression::untyped(ExprKind::Null)))),
        "true" => ("true", |_, _| {
            Ok(wrap(Expression::new(ExprKind::True, boolean())))
        }),
        "false" => ("false", |_, _| {
            Ok(wrap(Expression::new(ExprKind::False, boolean())))
        }),
        "case" => ("case", constructs::case),
        "cast" => ("cast", |vm, args| constructs::cast(vm, args, false)),
        "try_cast" => ("try_cast", |vm, args| constructs::cast(vm, args, true)),
        "type_coerce" => ("type_coerce", constructs::type_coerce),
        "extract" => ("extract", constructs::extract),
        "exists" => ("exists", constructs::exists),
        "collate" => ("collate", constructs::collate),
        "tuple_" => ("tuple_", constructs::tuple),
        "values" => ("values", constructs::values),
        "asc" => ("asc", |vm, args| {
            constructs::ordered(vm, Operator::Asc, args)
        }),
        "desc" => ("desc", |vm, args| {
            constructs::ordered(vm, Operator::Desc, args)
        }),
        "nulls_first" | "nullsfirst" => ("nulls_first", |vm, args| {
            constructs::ordered(vm, Operator::NullsFirst, args)
        }),
        "nulls_last" | "nullslast" => ("nulls_last", |vm, args| {
            constructs::ordered(vm, Operator::NullsLast, args)
        }),
        "distinct" => ("distinct", |vm, args| {
            constructs::as_method(vm, "distinct", args)
        }),
        "any_" => ("any_", |vm, args| constructs::as_method(vm, "any_", args)),
        "all_" => ("all_", |vm, args| constructs::as_method(vm, "all_", args)),
        "between" => ("between", |vm, args| {
            constructs::as_method(vm, "between", args)
        }),
        "over" => ("over", |vm, args| constructs::as_method(vm, "over", args)),
        "within_group" => ("within_group", |vm, args| {
            constructs::as_method(vm, "within_group", args)
        }),
        "funcfilter" => ("filter", |vm, args| {
            constructs::as_method(vm, "filter", args)
        }),
        "label" => ("label", |vm, mut args| {
            let name = args.require("label", "name")?;
            let element = args.require("label", "element")?;
            constructs::as_method(vm, "label", Args::of(vec![element, name]))
        }),
        "bitwise_not" => ("bitwise_not", |vm, args| {
            constructs::as_method(vm, "bitwise_not", args)
        }),
        "join" => ("join", |vm, args| from::join(vm, args, false)),
        "outerjoin" => ("outerjoin", |vm, args| from::join(vm, args, true)),
        "alias" => ("alias", |vm, args| from::alias_function(vm, args, false)),
        "subquery" => ("subquery", |vm, args| from::alias_function(vm, args, false)),
        "lateral" => ("lateral", |vm, args| from::alias_function(vm, args, true)),
        "union" => ("union", |vm, args| select::combine(vm, "UNION", args)),
        "union_all" => ("union_all", |vm, args| {
            select::combine(vm, "UNION ALL", args)
        }),
        "except_" => ("except_", |vm, args| select::combine(vm, "EXCEPT", args)),
        "except_all" => ("except_all", |vm, args| {
            select::combine(vm, "EXCEPT ALL", args)
        }),
        "intersect" => ("intersect", |vm, args| {
            select::combine(vm, "INTERSECT", args)
        }),
        "intersect_all" => ("intersect_all", |vm, args| {
            select::combine(vm, "INTERSECT ALL", args)
        }),
        _ => return None,
    })
}

/// A dialect as an object: `expr.compile(dialect=…)` takes it.
struct DialectName(&'static str);

fn dialect(name: &'static str) -> Value {
    Value::native(DialectName(name))
}

impl Native for DialectName {
    fn type_name(&self) -> &str {
        "Dialect"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok((name == "name").then(|| Value::from(self.0)))
    }
}

/// What the dialects' modules add.
fn dialect_callable(module: &str, name: &str) -> Option<(&'static str, Callable)> {
    Some(match (module, name) {
        (
            "sqlalchemy.dialects.postgresql"
            | "sqlalchemy.dialects.sqlite"
            | "sqlalchemy.dialects.mysql",
            "insert",
        )
        | (
            "sqlalchemy.dialects.postgresql.dml"
            | "sqlalchemy.dialects.sqlite.dml"
            | "sqlalchemy.dialects.mysql.dml",
            "insert",
        ) => ("insert", |vm, args| {
            dml::statement(vm, args, dml::insert_into, ("insert", earlier::INSERT))
        }),
        ("sqlalchemy.dialects.postgresql", "dialect") => {
            ("dialect", |_, _| Ok(dialect("postgresql")))
        }
        ("sqlalchemy.dialects.sqlite", "dialect") => ("dialect", |_, _| Ok(dialect("sqlite"))),
        ("sqlalchemy.dialects.mysql", "dialect") => ("dialect", |_, _| Ok(dialect("mysql"))),
        ("sqlalchemy.dialects.mssql", "dialect") => ("dialect", |_, _| Ok(dialect("mssql"))),
        ("sqlalchemy.dialects.oracle", "dialect") => ("dialect", |_, _| Ok(dialect("oracle"))),
        ("sqlalchemy.dialects.postgresql", "array") => ("array", constructs::array),
        ("sqlalchemy.dialects.postgresql", "hstore") => ("hstore", super::hstore::call),
        ("sqlalchemy.dialects.postgresql", "aggregate_order_by") => {
            ("aggregate_order_by", constructs::aggregate_order_by)
        }
        ("sqlalchemy.dialects.postgresql", "array_agg") => ("array_agg", |vm, args| {
            vm.call(&functions::named("array_agg"), args)
        }),
        ("sqlalchemy.dialects.postgresql", "Any") => ("Any", |vm, mut args| {
            let other = args.require("Any", "other")?;
            let array = args.require("Any", "arrexpr")?;
            vm.call_method(&array, "any", Args::of(vec![other]))
        }),
        ("sqlalchemy.dialects.postgresql", "All") => ("All", |vm, mut args| {
            let other = args.require("All", "other")?;
            let array = args.require("All", "arrexpr")?;
            vm.call_method(&array, "all", Args::of(vec![other]))
        }),
        _ => return None,
    })
}

/// What `module.name` is, for the modules that export expressions; `None` when it is not one of
/// those.
pub fn module_attr(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    if let Some((name, call)) = dialect_callable(module, name) {
        return Ok(Some(Builtin::value(name, call)));
    }
    match module {
        "sqlalchemy"
        | "sqlalchemy.sql"
        | "sqlalchemy.sql.expression"
        | "sqlalchemy.sql.elements"
        | "sqlalchemy.sql.selectable"
        | "sqlalchemy.sql.dml"
        | "sqlalchemy.sql._elements_constructors"
        | "sqlalchemy.sql._selectable_constructors"
        | "sqlalchemy.sql._dml_constructors" => {}
        "sqlalchemy.sql.functions" => {
            return Ok(match name {
                "func" => Some(functions::func()),
                "Function" | "FunctionElement" | "GenericFunction" => {
                    class(vm, name).map(Value::Class)
                }
                name if functions::is_known(name.trim_end_matches('_')) => {
                    Some(functions::named(name.trim_end_matches('_')))
                }
                _ => None,
            });
        }
        _ => return Ok(None),
    }
    Ok(match name {
        "func" => Some(functions::func()),
        "LABEL_STYLE_TABLENAME_PLUS_COL"
        | "LABEL_STYLE_NONE"
        | "LABEL_STYLE_DISAMBIGUATE_ONLY"
        | "LABEL_STYLE_DEFAULT" => Some(Value::Str(Str::from(name))),
        _ => match callable(name) {
            Some((name, call)) => Some(Builtin::value(name, call)),
            None => class(vm, name).map(Value::Class),
        },
    })
}
