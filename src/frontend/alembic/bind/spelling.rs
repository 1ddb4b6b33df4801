//! Statements of SQLAlchemy and Alembic that the project spells itself: `@compiles(CreateTable)`.
//!
//! A function registered so gets the statement and a compiler that knows its usual text, and gives the
//! text that stands for it. The usual text is asked for when the operation is recorded, of the part of
//! the program that knows how dialects write.

use std::any::Any;
use std::rc::Rc;

use super::compile::{compilation, compiler};
use crate::catalog::TableName;
use crate::datatype::spec;
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::schema::{self, ColumnObject, MetaDataObject, TableObject};
use crate::frontend::alembic::sql::{Stringify, Written};
use crate::frontend::alembic::{convert, raise, types};
use crate::operation::{Along, Executable, Operation, Spelled};
use crate::python::{Args, Class, Native, PyResult, Str, Value, Vm};

/// A statement that can be spelled otherwise.
struct Kind {
    /// Its template.
    template: &'static str,
    /// Its class.
    class: &'static str,
    /// What SQLAlchemy writes before and behind it.
    around: (&'static str, &'static str),
}

/// The statements that can be spelled otherwise.
const KINDS: &[Kind] = &[
    kind("create_table", "CreateTable", ("\n", "\n\n")),
    kind("drop_table", "DropTable", ("\n", "")),
    kind("create_index", "CreateIndex", ("", "")),
    kind("drop_index", "DropIndex", ("\n", "")),
    kind("add_constraint", "AddConstraint", ("", "")),
    kind("drop_constraint", "DropConstraint", ("", "")),
    kind("create_sequence", "CreateSequence", ("", "")),
    kind("drop_sequence", "DropSequence", ("", "")),
    kind("create_schema", "CreateSchema", ("", "")),
    kind("drop_schema", "DropSchema", ("", "")),
    kind("add_column", "AddColumn", ("", "")),
    kind("drop_column", "DropColumn", ("", "")),
    kind("rename_table", "RenameTable", ("", "")),
];

const fn kind(
    template: &'static str,
    class: &'static str,
    around: (&'static str, &'static str),
) -> Kind {
    Kind {
        template,
        class,
        around,
    }
}

/// The class of a column's definition inside `CREATE TABLE`.
const COLUMN: &str = "CreateColumn";

/// Whether statements of a class can be spelled otherwise.
pub fn is_known(class: &str) -> bool {
    class == COLUMN || KINDS.iter().any(|kind| kind.class == class)
}

/// The statements of an operation that the project spells itself. `subject` is the object that the
/// operation is about, where there is one.
pub fn spelled(
    vm: &mut Vm,
    operation: &Operation,
    subject: Option<&Value>,
) -> PyResult<Vec<Spelled>> {
    let convention = host(vm).naming_convention.borrow().clone();
    spelled_under(vm, operation, subject, &convention)
}

/// Whether the project spells any statement itself.
fn spells(vm: &mut Vm) -> bool {
    let host = host(vm);
    let compilations = host.compilations.borrow();
    compilations.iter().any(|known| is_known(&known.class.name))
}

/// The project's own text of the statement that creates the version table.
pub fn version_table(
    vm: &mut Vm,
    name: &str,
    schema: Option<&str>,
    has_key: bool,
) -> PyResult<Option<Str>> {
    const COLUMN_NAME: &str = "version_num";
    if !spells(vm) {
        return Ok(None);
    }
    let data_type = match spec("String") {
        Some(spec) => {
            let class = types::class(vm, spec);
            vm.call(&Value::Class(class), Args::of(vec![Value::from(32_i64)]))?
        }
        None => return Ok(None),
    };
    let mut column = Args::of(vec![Value::from(COLUMN_NAME), data_type]);
    column.kw.push(("nullable".into(), Value::Bool(false)));
    let mut items = vec![made(vm, "Column", column)?];
    if has_key {
        let mut key = Args::of(vec![Value::from(COLUMN_NAME)]);
        let key_name = format!("{name}_pkc");
        key.kw.push(("name".into(), Value::from(key_name.as_str())));
        items.push(made(vm, "PrimaryKeyConstraint", key)?);
    }
    let metadata = MetaDataObject::empty();
    let mut args = Args::default();
    if let Some(schema) = schema {
        args.kw.push(("schema".into(), Value::from(schema)));
    }
    let table = TableObject::construct(vm, &Value::from(name), &items, args, &metadata, false)?;
    let operation = Operation::CreateTable {
        table: schema::table_definition(vm, &table)?,
        if_not_exists: false,
        along: Along::Nothing,
        convention: None,
    };
    let found = spelled_under(vm, &operation, Some(&Value::Native(table as _)), &[])?;
    Ok(found.into_iter().next().map(|spelled| spelled.text))
}

fn made(vm: &mut Vm, class: &str, args: Args) -> PyResult {
    match schema::class_by_name(vm, class)? {
        Some(class) => vm.call(&class, args),
        None => Ok(Value::None),
    }
}

fn spelled_under(
    vm: &mut Vm,
    operation: &Operation,
    subject: Option<&Value>,
    convention: &[(Str, Str)],
) -> PyResult<Vec<Spelled>> {
    if !spells(vm) {
        return Ok(Vec::new());
    }
    let Some(stringify) = vm.host::<Stringify>() else {
        return Ok(Vec::new());
    };
    // What cannot be written is refused where it is lowered, with its place.
    let Ok(written) = (stringify.statements)(operation, convention) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for written in written {
        let Some(kind) = KINDS.iter().find(|kind| kind.template == written.template) else {
            continue;
        };
        if let Some(text) = spell(vm, kind, &written, operation, subject)? {
            found.push(Spelled {
                template: kind.template,
                text: text.replace('\t', "    ").trim().into(),
            });
        }
    }
    Ok(found)
}

/// What the project makes of one statement; `None` where it leaves it alone.
fn spell(
    vm: &mut Vm,
    kind: &'static Kind,
    written: &Written,
    operation: &Operation,
    subject: Option<&Value>,
) -> PyResult<Option<String>> {
    let Written {
        template: _,
        text,
        lines,
    } = written;
    let mut lines = lines.clone();
    let mut changed = false;
    if kind.template == "create_table"
        && let Some(table) = subject.and_then(Value::downcast::<TableObject>)
    {
        changed = spell_columns(vm, &table, &mut lines)?;
    }
    let mut usual = text.clone();
    if kind.template == "create_table" {
        let body = |lines: &[String], indent: &str| {
            let lines: Vec<String> = lines.iter().map(|line| format!("{indent}{line}")).collect();
            lines.join(", \n")
        };
        usual = usual.replacen(&body(&written.lines, "    "), &body(&lines, "\t"), 1);
    }
    let (before, behind) = kind.around;
    usual = format!("{before}{usual}{behind}");
    let class = schema::statement_class(vm, kind.class);
    let Some(function) = compilation(&host(vm), &class) else {
        return Ok(changed.then_some(usual));
    };
    let attrs = attributes(vm, operation, subject)?;
    let statement = Value::native(Statement {
        class,
        attrs,
        usual: Str::from(usual),
    });
    let compiler = compiler(vm);
    let said = vm.call(&function, Args::of(vec![statement, compiler]))?;
    let said = convert::text(vm, &said, "the result of the @compiles function")?;
    Ok(Some(said.to_string()))
}

/// Spells the columns of a table; whether one of them is spelled otherwise.
fn spell_columns(vm: &mut Vm, table: &TableObject, lines: &mut Vec<String>) -> PyResult<bool> {
    let class = schema::statement_class(vm, COLUMN);
    let Some(function) = compilation(&host(vm), &class) else {
        return Ok(false);
    };
    let mut rest = lines.split_off(0).into_iter();
    let mut changed = false;
    let columns: Vec<Rc<ColumnObject>> = table.columns.borrow().clone();
    for column in columns {
        if convert::optional_truth(vm, column.some("system").as_ref(), "system")? == Some(true) {
            continue;
        }
        let Some(line) = rest.next() else { break };
        let statement = Value::native(Statement {
            class: Rc::clone(&class),
            attrs: vec![("element", Value::Native(column as _))],
            usual: Str::from(line.as_str()),
        });
        let compiler = compiler(vm);
        let said = vm.call(&function, Args::of(vec![statement, compiler]))?;
        // A column that is spelled as None is left out.
        if said.is_none() {
            changed = true;
            continue;
        }
        let said = convert::text(vm, &said, "the result of the @compiles function")?;
        changed |= *said != *line;
        lines.push(said.to_string());
    }
    lines.extend(rest);
    Ok(changed)
}

/// What the function can ask a statement for.
fn attributes(
    vm: &mut Vm,
    operation: &Operation,
    subject: Option<&Value>,
) -> PyResult<Vec<(&'static str, Value)>> {
    let mut attrs = Vec::new();
    let element = match (subject, operation) {
        (Some(subject), _) => Some(subject.clone()),
        (None, Operation::DropTable { table, .. }) => Some(bare_table(vm, table)?),
        (
            None,
            Operation::Execute {
                statement: Executable::CreateSchema(name, _) | Executable::DropSchema(name, ..),
            },
        ) => Some(convert::ident_value(name)),
        (None, _) => None,
    };
    match operation {
        Operation::AddColumn { table, .. }
        | Operation::DropColumn { table, .. }
        | Operation::RenameTable { table, .. } => {
            attrs.push(("table_name", convert::ident_value(&table.name)));
            let schema = table
                .schema
                .as_ref()
                .map_or(Value::None, convert::ident_value);
            attrs.push(("schema", schema));
            if let (Operation::AddColumn { .. }, Some(element)) = (operation, &element) {
                attrs.push(("column", element.clone()));
            }
            if let Operation::RenameTable { new_name, .. } = operation {
                attrs.push(("new_table_name", convert::ident_value(new_name)));
            }
        }
        Operation::CreateTable { if_not_exists, .. }
        | Operation::CreateIndex { if_not_exists, .. } => {
            attrs.push(("if_not_exists", Value::Bool(*if_not_exists)));
        }
        Operation::DropTable { if_exists, .. } | Operation::DropIndex { if_exists, .. } => {
            attrs.push(("if_exists", Value::Bool(*if_exists)));
        }
        _ => {}
    }
    let element = element.unwrap_or_else(|| {
        let place = vm.location();
        Value::unknown("the object of the statement", place)
    });
    attrs.push(("element", element));
    Ok(attrs)
}

/// The table that a statement names without its columns.
fn bare_table(vm: &mut Vm, table: &TableName) -> PyResult<Value> {
    let metadata = MetaDataObject::empty();
    let name = convert::ident_value(&table.name);
    let mut args = Args::default();
    if let Some(schema) = &table.schema {
        args.kw
            .push(("schema".into(), convert::ident_value(schema)));
    }
    let made = TableObject::construct(vm, &name, &[], args, &metadata, false)?;
    Ok(Value::Native(made as _))
}

/// A statement as the function gets it.
pub struct Statement {
    class: Rc<Class>,
    attrs: Vec<(&'static str, Value)>,
    /// The usual text, with what SQLAlchemy has around it.
    usual: Str,
}

impl Statement {
    /// The usual text.
    pub fn usual(&self) -> Str {
        self.usual.clone()
    }
}

impl Native for Statement {
    fn type_name(&self) -> &str {
        &self.class.name
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(Rc::clone(&self.class))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let wanted = if name == "target" { "element" } else { name };
        let found = self.attrs.iter().find(|(key, _)| *key == wanted);
        if let Some((_, Value::Unknown(reason))) = found {
            return Err(raise::unknown(vm, reason, "the statement"));
        }
        Ok(found.map(|(_, value)| value.clone()))
    }
}
