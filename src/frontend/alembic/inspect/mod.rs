//! `sa.inspect(bind)`: answered from the replayed catalog instead of a database.

mod answers;
mod server_name;

pub use server_name::ServerName;

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use crate::catalog::{
    Autoincrement, Catalog, Column, Constraint, ConstraintKind, ConstraintName, Key, Table,
    TableName,
};
use crate::datatype::{DataType, TypeArg, spec};
use crate::dialect::{Dialect, Inspection};
use crate::expression::Ident;
use crate::operation::Located;
use crate::python::{Args, Builtin, Native, PyResult, Raise, Value, Vm};

/// What answers questions about the database: the catalog as it stands before the statement that
/// asks. One per run, kept with the evaluator (`Vm::set_host`).
pub struct Introspection {
    /// The replayed schema.
    pub catalog: RefCell<Catalog>,
    /// The schema that unqualified names live in (`public`, `main`).
    pub default_schema: Option<Arc<str>>,
    /// Whether the server lists a unique constraint's index among the indexes (PostgreSQL).
    pub unique_constraints_are_indexes: bool,
    /// The form of the answers.
    pub inspection: Inspection,
    /// A table as SQLAlchemy finds it.
    pub found: Box<dyn Fn(&Table) -> Found>,
    /// The version table, which exists once a script runs.
    pub version_table: Arc<str>,
    /// Makes the Python object of a type.
    pub type_value: fn(&mut Vm, &DataType) -> PyResult,
    /// Told of each operation when it is recorded, before the catalog follows it. So one catalog
    /// serves the questions of migrations and the lowering of what they do.
    pub listener: RefCell<Option<Rc<dyn Listener>>>,
    /// Says what things are called before the catalog follows an operation.
    pub naming: RefCell<Option<Rc<dyn Naming>>>,
    /// The database.
    pub dialect: Rc<Dialect>,
}

/// A table as SQLAlchemy finds it in the database.
pub struct Found {
    /// The table.
    pub table: Table,
    /// The column that counts by itself.
    pub counting: Option<Ident>,
}

/// Hears of operations in the order in which migrations ask for them.
pub trait Listener {
    /// An operation, and the schema as it is before it, where it is followed.
    fn recorded(&self, located: &Located, before: Option<&Catalog>);
}

/// Knows what naming conventions make of names that operations leave open.
pub trait Naming {
    /// The operation with the names that it gives; `None` where they are those that it says. Names
    /// that it gives to what is there already are put into the schema.
    fn settled(&self, located: &Located, catalog: &mut Catalog) -> Option<Located>;
}

impl Introspection {
    /// The table of that schema and name.
    pub fn table(&self, schema: Option<&str>, name: &str) -> Option<Rc<Table>> {
        self.catalog
            .borrow()
            .table_by_key(&self.key(schema, name))
            .cloned()
    }

    /// The same, where its form is known: an error names the statement that may have changed it.
    pub fn known(&self, vm: &Vm, schema: Option<&str>, name: &str) -> PyResult<Option<Rc<Table>>> {
        let table = self.table(schema, name);
        if let Some(table) = &table
            && let Some(opaque) = self.catalog.borrow().taint_of(&table.name)
        {
            let mut diagnostic = opaque.blame(&table.name);
            diagnostic.primary = vm.location();
            return Err(Raise::fatal(*diagnostic));
        }
        Ok(table)
    }

    /// The key of a name: the default schema is the same as none.
    pub fn key(&self, schema: Option<&str>, name: &str) -> Key {
        let schema = schema.filter(|s| Some(*s) != self.default_schema.as_deref());
        (schema.map(Arc::from), Arc::from(name))
    }

    /// Whether SQLAlchemy has no answer to that question for the dialect.
    fn refuses(&self, question: &str) -> bool {
        let mut unanswered = self.inspection.unanswered.iter();
        unanswered.any(|name| name == question)
    }

    fn schema_matches(&self, of: Option<&Arc<str>>, asked: Option<&str>) -> bool {
        let asked = asked.filter(|s| Some(*s) != self.default_schema.as_deref());
        of.map(|s| &**s)
            .filter(|s| Some(*s) != self.default_schema.as_deref())
            == asked
    }

    /// The names of the tables in a schema, sorted.
    pub fn table_names(&self, schema: Option<&str>) -> Vec<Arc<str>> {
        let catalog = self.catalog.borrow();
        let mut names: Vec<Arc<str>> = catalog
            .tables()
            .filter(|((of, _), _)| self.schema_matches(of.as_ref(), schema))
            .map(|((_, name), _)| name.clone())
            .collect();
        if self.schema_matches(None, schema) && !names.contains(&self.version_table) {
            names.push(self.version_table.clone());
        }
        names.sort();
        names
    }

    /// Alembic's own table, which is there before the first migration runs.
    fn version_table(&self, key: &Key) -> Option<Rc<Table>> {
        if key.0.is_some() || key.1 != self.version_table {
            return None;
        }
        let mut data_type = DataType::new(spec("String")?);
        data_type.args.push(("length", TypeArg::Int(32)));
        let name = Ident::new("version_num");
        let column = Column {
            name: name.clone(),
            data_type,
            nullable: Some(false),
            primary_key: true,
            autoincrement: Autoincrement::Auto,
            default: None,
            python_default: None,
            unique: false,
            index: false,
            comment: None,
            constraints: Vec::new(),
            system: false,
            options: Vec::new(),
        };
        let mut constraint = Constraint::new(ConstraintKind::PrimaryKey {
            columns: vec![name],
        });
        constraint.name = ConstraintName::Given(Ident::new(format!("{}_pkc", self.version_table)));
        Some(Rc::new(Table {
            name: TableName {
                schema: None,
                name: Ident::new(&self.version_table),
            },
            columns: vec![column],
            constraints: vec![constraint],
            indexes: Vec::new(),
            comment: None,
            prefixes: Vec::new(),
            options: Vec::new(),
            attached: Vec::new(),
        }))
    }

    /// Alembic's own table, where no revision has a table of its name.
    pub fn version_table_of_script(&self) -> Option<Rc<Table>> {
        let key = (None, Arc::clone(&self.version_table));
        match self.catalog.borrow().table_by_key(&key) {
            Some(_) => None,
            None => self.version_table(&key),
        }
    }

    /// Whether there is such a table or view.
    pub fn has_table(&self, schema: Option<&str>, name: &str) -> bool {
        let key = self.key(schema, name);
        let catalog = self.catalog.borrow();
        catalog.table_by_key(&key).is_some()
            || catalog.view(&key).is_some()
            || (key.0.is_none() && key.1 == self.version_table)
    }
}

/// The run's introspection; raises what Alembic raises offline when there is none (`--compat`).
pub fn introspection(vm: &Vm) -> PyResult<Rc<Introspection>> {
    vm.host::<Introspection>().ok_or_else(|| {
        Raise::exception(
            "NoInspectionAvailable",
            "No inspection system is available for object of type \
             <class 'sqlalchemy.engine.mock.MockConnection'>",
        )
    })
}

/// An `Inspector`.
pub struct Inspector {
    bind: Value,
}

impl Inspector {
    /// An inspector of a connection.
    pub fn value(bind: Value) -> Value {
        Value::native(Self { bind })
    }
}

impl Native for Inspector {
    fn type_name(&self) -> &str {
        "Inspector"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "bind" | "engine" => Some(self.bind.clone()),
            "dialect" => Some(vm.get_attr(&self.bind, "dialect")?),
            "info_cache" => Some(Value::dict(crate::python::Dict::default())),
            "default_schema_name" => {
                let schema = introspection(vm)?.default_schema.clone();
                Some(schema.map_or(Value::None, Value::Str))
            }
            _ if vm
                .host::<Introspection>()
                .is_some_and(|view| view.refuses(name)) =>
            {
                Some(Builtin::value("unanswered", |_, _| {
                    Err(Raise::exception("NotImplementedError", ""))
                }))
            }
            _ => method(name),
        })
    }
}

/// The arguments that every question has: a name and `schema=`.
struct Question {
    name: Arc<str>,
    schema: Option<Arc<str>>,
}

impl Question {
    fn of(function: &str, parameter: &str, args: &mut Args) -> PyResult<Self> {
        let name = args.require(function, parameter)?;
        Ok(Self {
            name: text(function, parameter, &name)?,
            schema: schema(args),
        })
    }

    fn table(&self, vm: &Vm) -> PyResult<Rc<Table>> {
        let introspection = introspection(vm)?;
        let schema = self.schema.as_deref();
        introspection
            .known(vm, schema, &self.name)?
            .or_else(|| introspection.version_table(&introspection.key(schema, &self.name)))
            .ok_or_else(|| match self.hidden(vm) {
                Err(blame) => blame,
                Ok(()) => Raise::exception("NoSuchTableError", self.name.to_string()),
            })
    }

    /// Fails where something that is not known may have made a table of this name.
    fn hidden(&self, vm: &Vm) -> PyResult<()> {
        let introspection = introspection(vm)?;
        let catalog = introspection.catalog.borrow();
        let Some(opaque) = catalog.hidden(&self.name) else {
            return Ok(());
        };
        let mut diagnostic = opaque.blame(&TableName {
            schema: None,
            name: Ident::new(&self.name),
        });
        diagnostic.primary = vm.location();
        Err(Raise::fatal(*diagnostic))
    }
}

fn text(function: &str, parameter: &str, value: &Value) -> PyResult<Arc<str>> {
    value.as_str().ok_or_else(|| {
        Raise::exception(
            "TypeError",
            format!("{function}(): {parameter} must be a str"),
        )
    })
}

fn schema(args: &mut Args) -> Option<Arc<str>> {
    args.take("schema").and_then(|schema| schema.as_str())
}

fn strings(names: impl IntoIterator<Item = Arc<str>>) -> Value {
    Value::list(names.into_iter().map(Value::Str).collect())
}

type Answer = fn(&mut Vm, &Table) -> PyResult;

fn about_table(name: &'static str, answer: Answer) -> Value {
    Builtin::value(name, move |vm, mut args| {
        let table = Question::of(name, "table_name", &mut args)?.table(vm)?;
        answer(vm, &table)
    })
}

fn method(name: &str) -> Option<Value> {
    Some(match name {
        "get_columns" => about_table("get_columns", answers::columns),
        "get_pk_constraint" => about_table("get_pk_constraint", answers::primary_key),
        "get_primary_keys" => about_table("get_primary_keys", answers::primary_key_columns),
        "get_foreign_keys" => about_table("get_foreign_keys", answers::foreign_keys),
        "get_indexes" => about_table("get_indexes", answers::indexes),
        "get_unique_constraints" => {
            about_table("get_unique_constraints", answers::unique_constraints)
        }
        "get_check_constraints" => about_table("get_check_constraints", answers::check_constraints),
        "get_table_comment" => about_table("get_table_comment", answers::comment),
        "get_table_options" => about_table("get_table_options", |_, _| Ok(answers::record(vec![]))),
        "has_table" => Builtin::value("has_table", |vm, mut args| {
            let asked = Question::of("has_table", "table_name", &mut args)?;
            let known = introspection(vm)?.has_table(asked.schema.as_deref(), &asked.name);
            if !known {
                asked.hidden(vm)?;
            }
            Ok(Value::Bool(known))
        }),
        "has_index" => Builtin::value("has_index", |vm, mut args| {
            let table = args.require("has_index", "table_name")?;
            let index = args.require("has_index", "index_name")?;
            let asked = Question {
                name: text("has_index", "table_name", &table)?,
                schema: schema(&mut args),
            };
            let index = text("has_index", "index_name", &index)?;
            let view = introspection(vm)?;
            if view.table(asked.schema.as_deref(), &asked.name).is_none() {
                return Ok(Value::Bool(false));
            }
            let table = asked.table(vm)?;
            let named = |name: &ConstraintName| name.ident().is_some_and(|n| n.name == index);
            let found = table.indexes.iter().any(|i| named(&i.name))
                || (view.unique_constraints_are_indexes
                    && answers::uniques(&table).any(|(constraint, _)| named(&constraint.name)))
                || (view.inspection.keys_have_indexes
                    && answers::indexes_of_keys(&table)
                        .iter()
                        .any(|(name, _)| named(name)));
            Ok(Value::Bool(found))
        }),
        "has_sequence" => Builtin::value("has_sequence", |vm, mut args| {
            let asked = Question::of("has_sequence", "sequence_name", &mut args)?;
            let view = introspection(vm)?;
            let key = view.key(asked.schema.as_deref(), &asked.name);
            let found = view.catalog.borrow().sequence(&key).is_some();
            Ok(Value::Bool(found))
        }),
        "has_schema" => Builtin::value("has_schema", |vm, mut args| {
            let name = args.require("has_schema", "schema_name")?;
            let name = text("has_schema", "schema_name", &name)?;
            let view = introspection(vm)?;
            let known = view.default_schema.as_ref() == Some(&name)
                || view.catalog.borrow().schemas().any(|s| *s == name);
            Ok(Value::Bool(known))
        }),
        "get_table_names" => Builtin::value("get_table_names", |vm, mut args| {
            let schema = schema(&mut args);
            Ok(strings(introspection(vm)?.table_names(schema.as_deref())))
        }),
        "get_view_names" => Builtin::value("get_view_names", |vm, mut args| {
            let schema = schema(&mut args);
            let view = introspection(vm)?;
            let catalog = view.catalog.borrow();
            let mut names: Vec<_> = catalog
                .views()
                .filter(|(of, _)| view.schema_matches(of.as_ref(), schema.as_deref()))
                .map(|(_, name)| name.clone())
                .collect();
            names.sort();
            Ok(strings(names))
        }),
        "get_sequence_names" => Builtin::value("get_sequence_names", |vm, mut args| {
            let schema = schema(&mut args);
            let view = introspection(vm)?;
            let catalog = view.catalog.borrow();
            let matches =
                |of: &Option<Arc<str>>| view.schema_matches(of.as_ref(), schema.as_deref());
            let written = catalog.sequences().map(|(key, _)| key.clone());
            let own = catalog.tables().filter_map(|((of, _), table)| {
                let sequence = answers::own_sequence(&view, &(view.found)(table))?;
                Some((of.clone(), sequence))
            });
            let mut names: Vec<_> = written
                .chain(own)
                .filter(|(of, _)| matches(of))
                .map(|(_, name)| name)
                .collect();
            names.sort();
            Ok(strings(names))
        }),
        "get_schema_names" => Builtin::value("get_schema_names", |vm, _| {
            let view = introspection(vm)?;
            let catalog = view.catalog.borrow();
            let system = view
                .inspection
                .schemas
                .iter()
                .map(|name| Arc::from(name.as_str()));
            let own = view.default_schema.iter().cloned();
            let mut names: Vec<_> = own
                .chain(system)
                .chain(catalog.schemas().cloned())
                .collect();
            names.sort();
            names.dedup();
            Ok(strings(names))
        }),
        "get_enums" => Builtin::value("get_enums", |vm, mut args| {
            let schema = schema(&mut args);
            answers::enums(vm, schema.as_deref())
        }),
        "get_temp_table_names" | "get_temp_view_names" | "get_materialized_view_names" => {
            Builtin::value("get_temp_table_names", |_, _| Ok(Value::list(Vec::new())))
        }
        "clear_cache" => Builtin::value("clear_cache", |_, _| Ok(Value::None)),
        _ => return None,
    })
}
