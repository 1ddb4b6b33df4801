//! Statements as objects: `CreateTable`, `CreateSequence`, `DDL`…

use std::any::Any;
use std::rc::Rc;

use super::super::classes::{self, Maker};
use super::super::host::record;
use super::super::{convert, name, raise};
use super::column::{ColumnObject, column_definition};
use super::constraint;
use super::default;
use super::index::index_definition;
use super::item::{Item, ItemKind};
use super::table::{TableObject, table_definition};
use crate::catalog::{Column, TableName};
use crate::operation::{
    Along, AlterColumn, Change, DropConstraintKind, Element, Executable, Operation,
};
use crate::python::{Args, BinaryOp, Builtin, Class, Dict, Native, PyResult, Raise, Value, Vm};

const CLASSES: &[&str] = &[
    "CreateTable",
    "CreateColumn",
    "DropTable",
    "CreateIndex",
    "DropIndex",
    "CreateSequence",
    "DropSequence",
    "CreateSchema",
    "DropSchema",
    "AddConstraint",
    "DropConstraint",
    "SetTableComment",
    "DropTableComment",
    "SetColumnComment",
    "DropColumnComment",
    "DDL",
];

/// A DDL statement.
pub struct DdlObject {
    class: &'static str,
    /// What it is about.
    element: Value,
    /// What it executes.
    pub executable: Executable,
}

/// What a DDL statement is about.
pub fn statement_subject(value: &Value) -> Option<Value> {
    value
        .downcast::<DdlObject>()
        .map(|object| object.element.clone())
}

/// What a value executes, when it is a DDL statement.
pub fn executable(value: &Value) -> Option<Executable> {
    value
        .downcast::<DdlObject>()
        .map(|object| object.executable.clone())
}

/// The class of a statement that a project may spell itself; those of Alembic are among them.
pub fn statement_class(vm: &mut Vm, name: &'static str) -> Rc<Class> {
    match name {
        "AddColumn" | "DropColumn" | "RenameTable" => {
            super::super::op::marker(vm, "alembic.ddl.base", name)
        }
        _ => class(vm, name),
    }
}

/// The class of a DDL statement. `DDLElement` and its like are their common base.
pub fn class_by_name(vm: &mut Vm, name: &str) -> Option<Rc<Class>> {
    match name {
        "DDLElement" | "ExecutableDDLElement" | "BaseDDLElement" => Some(base_class(vm)),
        _ => {
            let name = CLASSES.iter().find(|known| **known == name)?;
            Some(class(vm, name))
        }
    }
}

fn base_class(vm: &mut Vm) -> Rc<Class> {
    classes::get(vm, "ExecutableDDLElement", |_| {
        Rc::new(Class {
            name: "ExecutableDDLElement".into(),
            module: "sqlalchemy.sql.ddl".into(),
            bases: Vec::new(),
            mro: Vec::new(),
            dict: std::cell::RefCell::default(),
            native: None,
            meta: None,
            derived: std::cell::RefCell::default(),
        })
    })
}

fn class(vm: &mut Vm, name: &'static str) -> Rc<Class> {
    classes::get(vm, &format!("ddl {name}"), |vm| {
        let base = base_class(vm);
        Class::native(
            "sqlalchemy.sql.ddl",
            name,
            vec![base],
            Maker::new(construct),
        )
    })
}

fn construct(vm: &mut Vm, class: &Rc<Class>, mut args: Args) -> PyResult {
    let native = class.native_base();
    let name = native.as_ref().map_or(&class.name, |class| &class.name);
    let Some(name) = CLASSES.iter().find(|known| ***known == **name) else {
        return Ok(Value::None);
    };
    let subject = match *name {
        "DDL" => "statement",
        "CreateSchema" | "DropSchema" => "name",
        _ => "element",
    };
    let element = args.require(name, subject)?;
    raise::known(vm, &element, "what the statement is about")?;
    let executable = match *name {
        "DDL" => ddl_text(vm, &element, &mut args)?,
        "CreateSchema" => {
            let if_not_exists = convert::flag(vm, &mut args, "if_not_exists")?;
            Executable::CreateSchema(name::ident(vm, &element, "the schema")?, if_not_exists)
        }
        "DropSchema" => {
            let cascade = match args.take("cascade") {
                Some(value) => convert::truth(vm, &value, "cascade")?,
                None => false,
            };
            let if_exists = convert::flag(vm, &mut args, "if_exists")?;
            Executable::DropSchema(name::ident(vm, &element, "the schema")?, cascade, if_exists)
        }
        "CreateSequence" | "DropSequence" => {
            let Some(item) = sequence_item(&element) else {
                return Err(wrong(vm, name, &element));
            };
            let sequence = default::sequence(vm, &item)?;
            if *name == "CreateSequence" {
                let flag = convert::flag(vm, &mut args, "if_not_exists")?;
                Executable::CreateSequence(sequence, flag)
            } else {
                let flag = convert::flag(vm, &mut args, "if_exists")?;
                Executable::DropSequence(sequence, flag)
            }
        }
        _ => {
            let (column, key_columns) = column_of(vm, &element)?;
            let beyond = Element {
                column,
                key_columns,
                cascade: *name == "DropConstraint" && convert::flag(vm, &mut args, "cascade")?,
            };
            let operation = operation(vm, name, &element, &mut args)?;
            Executable::Operation(Box::new(operation), Box::new(beyond))
        }
    };
    Ok(Value::native(DdlObject {
        class: name,
        element,
        executable,
    }))
}

fn sequence_item(value: &Value) -> Option<Rc<Item>> {
    value
        .downcast::<Item>()
        .filter(|item| item.kind == ItemKind::Sequence)
}

fn wrong(vm: &mut Vm, name: &str, element: &Value) -> Box<Raise> {
    let class = vm.type_name(element);
    raise::argument(vm, format!("{name}() does not take a {class}"))
}

/// `DDL(text, context=…)`: the text goes through `%`.
fn ddl_text(vm: &mut Vm, element: &Value, args: &mut Args) -> PyResult<Executable> {
    let text = convert::text(vm, element, "the statement")?;
    let context = args
        .take("context")
        .filter(|context| !context.is_none())
        .unwrap_or_else(|| Value::dict(Dict::default()));
    let formatted = vm.binary(BinaryOp::Mod, &Value::Str(text), &context)?;
    Ok(Executable::Ddl(convert::text(
        vm,
        &formatted,
        "the statement",
    )?))
}

fn table_of(item: &Item) -> Option<TableName> {
    item.owner().map(|table| table.table_name())
}

fn operation(vm: &mut Vm, name: &str, element: &Value, args: &mut Args) -> PyResult<Operation> {
    if let Some(table) = element.downcast::<TableObject>() {
        return match name {
            "CreateTable" => {
                let mut definition = table_definition(vm, &table)?;
                // The statement makes the table and nothing that belongs to it.
                definition.indexes.clear();
                for column in &mut definition.columns {
                    column.unique &= !column.index;
                    column.index = false;
                }
                Ok(Operation::CreateTable {
                    table: definition,
                    if_not_exists: convert::flag(vm, args, "if_not_exists")?,
                    along: Along::Nothing,
                    convention: table.own_convention(vm)?,
                })
            }
            "DropTable" => Ok(Operation::DropTable {
                table: table.table_name(),
                if_exists: convert::flag(vm, args, "if_exists")?,
                options: Vec::new(),
            }),
            "SetTableComment" | "DropTableComment" => {
                let comment = table_definition(vm, &table)?.comment;
                Ok(Operation::TableComment {
                    table: table.table_name(),
                    comment: comment.filter(|_| name == "SetTableComment"),
                    existing: None,
                })
            }
            _ => Err(wrong(vm, name, element)),
        };
    }
    if let Some(column) = element.downcast::<ColumnObject>() {
        return column_comment(vm, name, &column);
    }
    let Some(item) = element.downcast::<Item>() else {
        return Err(wrong(vm, name, element));
    };
    let Some(table) = table_of(&item) else {
        return Err(raise::exception(
            vm,
            "CompileError",
            format!("{name}: the object is not associated with any table."),
        ));
    };
    match (name, item.kind) {
        ("CreateIndex", ItemKind::Index) => Ok(Operation::CreateIndex {
            table,
            index: index_definition(vm, &item)?,
            if_not_exists: convert::flag(vm, args, "if_not_exists")?,
        }),
        ("DropIndex", ItemKind::Index) => {
            let index = index_definition(vm, &item)?;
            Ok(Operation::DropIndex {
                name: index.name,
                schema: table.schema,
                table: Some(table.name),
                if_exists: convert::flag(vm, args, "if_exists")?,
                options: index.options,
            })
        }
        ("AddConstraint", _) => Ok(Operation::AddConstraint {
            table,
            constraint: constraint::table_constraint(vm, &item, None, None)?,
        }),
        ("DropConstraint", kind) => {
            let given = item.attr("name").unwrap_or(Value::None);
            Ok(Operation::DropConstraint {
                table,
                name: name::dropped_constraint(vm, &given)?,
                kind: match kind {
                    ItemKind::ForeignKeyConstraint => Some(DropConstraintKind::ForeignKey),
                    ItemKind::PrimaryKey => Some(DropConstraintKind::Primary),
                    ItemKind::Unique => Some(DropConstraintKind::Unique),
                    ItemKind::Check => Some(DropConstraintKind::Check),
                    _ => None,
                },
                if_exists: convert::flag(vm, args, "if_exists")?,
            })
        }
        _ => Err(wrong(vm, name, element)),
    }
}

/// The definition of the column that a statement is about, and how many columns are the primary key
/// of its table.
fn column_of(vm: &mut Vm, element: &Value) -> PyResult<(Option<Column>, usize)> {
    let Some(column) = element.downcast::<ColumnObject>() else {
        return Ok((None, 0));
    };
    let Some(table) = column.owner() else {
        return Ok((None, 0));
    };
    let key = table_definition(vm, &table)?
        .columns
        .iter()
        .filter(|column| column.primary_key)
        .count();
    Ok((Some(column_definition(vm, &column)?), key))
}

/// `SetColumnComment(table.c.name)` and `DropColumnComment(table.c.name)`.
fn column_comment(vm: &mut Vm, name: &str, column: &Rc<ColumnObject>) -> PyResult<Operation> {
    let Some(table) = column.owner() else {
        let column = Value::Native(Rc::clone(column) as _);
        return Err(wrong(vm, name, &column));
    };
    let definition = column_definition(vm, column)?;
    let comment = match name {
        "SetColumnComment" => definition.comment.map_or(Change::Drop, Change::Set),
        "DropColumnComment" => Change::Drop,
        _ => {
            let column = Value::Native(Rc::clone(column) as _);
            return Err(wrong(vm, name, &column));
        }
    };
    let mut alter = AlterColumn::new(table.table_name(), definition.name);
    alter.comment = comment;
    alter.existing_type = Some(definition.data_type);
    alter.existing_nullable = definition.nullable;
    Ok(Operation::AlterColumn(Box::new(alter)))
}

/// `index.create(bind)` and `index.drop(bind)`.
pub fn create_or_drop_index(vm: &mut Vm, this: &Value, create: bool) -> PyResult {
    let name = if create { "CreateIndex" } else { "DropIndex" };
    let operation = operation(vm, name, this, &mut Args::default())?;
    record(vm, operation);
    Ok(Value::None)
}

impl Native for DdlObject {
    fn type_name(&self) -> &str {
        self.class
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(class(vm, self.class))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let this = this.clone();
        Ok(match name {
            "execute_if" | "execution_options" | "against" => {
                Some(Builtin::value("execute_if", move |_, _| Ok(this.clone())))
            }
            "element" | "target" => Some(self.element.clone()),
            "statement" => match &self.executable {
                Executable::Ddl(text) => Some(Value::Str(text.clone())),
                _ => None,
            },
            _ => None,
        })
    }
}
