//! `Column`.

use std::any::Any;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

use super::super::classes::{self, Maker};
use super::super::host::host;
use super::super::name::Name;
use super::super::{convert, name, raise, sql, types};
use super::item::{Item, ItemKind};
use super::table::TableObject;
use super::{constraint, default};
use crate::catalog::{Autoincrement, Column, PythonDefault, ServerDefault};
use crate::datatype::DataType;
use crate::expression::{
    ColumnDefault, Expr, FromClause, Ident, TableColumn, column as column_reference, null_type,
};
use crate::python::class::Namespace;
use crate::python::{
    Args, BinaryOp, Builtin, Class, CompareOp, Native, PyResult, Str, UnaryOp, Value, Vm,
};

/// A column.
pub struct ColumnObject {
    /// Its name, type and keywords, by the names of the parameters.
    pub attrs: RefCell<Namespace>,
    /// What was written inside: foreign keys, constraints, `Identity`, `Computed`, `Sequence`.
    pub items: RefCell<Vec<Value>>,
    /// Options for dialects.
    pub options: RefCell<Vec<(Str, Value)>>,
    /// When it was created.
    pub order: u64,
    table: RefCell<Option<Weak<TableObject>>>,
    expr: RefCell<Option<Expr>>,
}

const KEYWORDS: &[&str] = &[
    "name",
    "type_",
    "autoincrement",
    "default",
    "insert_default",
    "doc",
    "key",
    "index",
    "unique",
    "info",
    "nullable",
    "onupdate",
    "primary_key",
    "server_default",
    "server_onupdate",
    "quote",
    "system",
    "comment",
    "insert_sentinel",
    "_constraint",
    "_proxies",
    "_omit_from_statements",
];

impl ColumnObject {
    /// A column from the arguments of `Column(…)`.
    pub fn construct(vm: &mut Vm, mut args: Args) -> PyResult<Rc<Self>> {
        let mut attrs = Namespace::default();
        let mut positional = std::mem::take(&mut args.pos);
        if positional
            .first()
            .is_some_and(|first| first.is_none() || first.as_str().is_some())
        {
            let first = positional.remove(0);
            if !first.is_none() {
                if args.kw.iter().any(|(key, _)| &**key == "name") {
                    return Err(raise::argument(
                        vm,
                        "May not pass name positionally and as a keyword.",
                    ));
                }
                attrs.insert(Str::from("name"), first);
            }
        }
        if let Some(first) = positional.first()
            && (first.is_none() || matches!(first, Value::Unknown(_)) || types::is_type(vm, first))
        {
            attrs.insert(Str::from("type_"), positional.remove(0));
        }
        for keyword in KEYWORDS {
            if let Some(value) = args.keyword(keyword) {
                if *keyword == "type_" && attrs.contains_key("type_") {
                    return Err(raise::argument(
                        vm,
                        "May not pass type_ positionally and as a keyword.",
                    ));
                }
                attrs.insert(Str::from(*keyword), value);
            }
        }
        for (key, _) in &args.kw {
            if !key.contains('_') {
                return Err(raise::type_error(format!(
                    "Additional arguments should be named <dialectname>_<argument>, got '{key}'"
                )));
            }
        }
        for item in &positional {
            if item.downcast::<Item>().is_none() && !matches!(item, Value::Unknown(_)) {
                let text = vm.repr(item)?;
                return Err(raise::argument(
                    vm,
                    format!(
                        "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got \
                         {text}"
                    ),
                ));
            }
        }
        Ok(Rc::new(Self {
            attrs: RefCell::new(attrs),
            items: RefCell::new(positional),
            options: RefCell::new(args.kw),
            order: host(vm).next_order(),
            table: RefCell::default(),
            expr: RefCell::default(),
        }))
    }

    /// What a keyword was given.
    pub fn attr(&self, name: &str) -> Option<Value> {
        self.attrs.borrow().get(name).cloned()
    }

    /// What a keyword was given, unless that is `None`.
    pub fn some(&self, name: &str) -> Option<Value> {
        self.attr(name).filter(|value| !value.is_none())
    }

    /// Its name, when it has one that is known.
    pub fn name(&self) -> Option<Ident> {
        let given = self.some("name")?;
        let quote = self
            .attr("quote")
            .and_then(|quote| quote.as_bool())
            .or_else(|| given.downcast::<Name>().and_then(|name| name.quote));
        Some(Ident {
            name: given.as_str()?,
            quote,
        })
    }

    /// The name that Python code knows it by.
    pub fn key(&self) -> Option<Str> {
        self.some("key")
            .and_then(|key| key.as_str())
            .or_else(|| self.name().map(|name| name.name))
    }

    /// Its table, while it exists.
    pub fn owner(&self) -> Option<Rc<TableObject>> {
        self.table.borrow().as_ref().and_then(Weak::upgrade)
    }

    /// Makes it a column of a table.
    pub fn attach(&self, table: &Rc<TableObject>) {
        *self.table.borrow_mut() = Some(Rc::downgrade(table));
        *self.expr.borrow_mut() = None;
    }

    /// Forgets the expression that stands for it, after the table got further columns.
    pub fn forget(&self) {
        *self.expr.borrow_mut() = None;
    }

    /// A copy that belongs to no table.
    pub fn copy(&self, vm: &mut Vm) -> Rc<Self> {
        Rc::new(Self {
            attrs: RefCell::new(self.attrs.borrow().clone()),
            items: RefCell::new(self.items.borrow().clone()),
            options: RefCell::new(self.options.borrow().clone()),
            order: host(vm).next_order(),
            table: RefCell::default(),
            expr: RefCell::default(),
        })
    }

    /// The items of a kind written inside.
    pub fn items_of(&self, kinds: &[ItemKind]) -> Vec<Rc<Item>> {
        self.items
            .borrow()
            .iter()
            .filter_map(Value::downcast::<Item>)
            .filter(|item| kinds.contains(&item.kind))
            .collect()
    }

    fn is_truthy(&self, vm: &mut Vm, name: &str) -> PyResult<bool> {
        let value = self.attr(name);
        Ok(convert::optional_truth(vm, value.as_ref(), name)?.unwrap_or(false))
    }

    /// The column of an expression's table. A type that is not known has no effect there.
    pub fn table_column(&self, vm: &mut Vm) -> PyResult<Option<TableColumn>> {
        let Some(name) = self.name() else {
            return Ok(None);
        };
        let key = self.key().unwrap_or_else(|| name.name.clone());
        let data_type = match self.attr("type_") {
            Some(Value::Unknown(_)) | None => null_type(),
            Some(value) => types::data_type(vm, &value)?,
        };
        let primary_key = self.is_truthy(vm, "primary_key")?;
        let mut column = TableColumn::new(name, data_type);
        column.key = key;
        column.attribute = self.some("attribute").and_then(|name| name.as_str());
        column.primary_key = primary_key;
        column.autoincrement = primary_key
            && self.attr("autoincrement").and_then(|v| v.as_bool()) != Some(false)
            && column.data_type.spec.family == crate::datatype::Family::Integer;
        column.server_default = self.some("server_default").is_some()
            || !self
                .items_of(&[ItemKind::Identity, ItemKind::Computed])
                .is_empty();
        let data_type = column.data_type.clone();
        column.default = self.expression_default(vm, "default", &data_type)?;
        column.onupdate = self.expression_default(vm, "onupdate", &data_type)?;
        for item in self.items_of(&[ItemKind::ForeignKey]) {
            if let Some(target) = item.attr("column").and_then(|target| target.as_str()) {
                column.foreign_keys.push(target);
            }
        }
        Ok(Some(column))
    }

    fn expression_default(
        &self,
        vm: &mut Vm,
        name: &str,
        data_type: &DataType,
    ) -> PyResult<Option<ColumnDefault>> {
        if name == "default"
            && let Some(item) = self.items_of(&[ItemKind::Sequence]).first()
        {
            let sequence = default::sequence(vm, item)?;
            return Ok(Some(ColumnDefault::Sequence(
                sequence.schema,
                sequence.name,
            )));
        }
        let Some(value) = self.some(name) else {
            return Ok(None);
        };
        if let Some(item) = value.downcast::<Item>() {
            return Ok(Some(match item.kind {
                ItemKind::Sequence => {
                    let sequence = default::sequence(vm, &item)?;
                    ColumnDefault::Sequence(sequence.schema, sequence.name)
                }
                _ => ColumnDefault::Python,
            }));
        }
        if sql::is_clause(vm, &value) {
            return Ok(Some(ColumnDefault::Sql(sql::expr_of(vm, &value, None)?)));
        }
        // A function computes its value when the application runs; what is a value stays one.
        let is_value = matches!(
            value,
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::Bytes(_)
        );
        let known = match is_value {
            true => types::processed(vm, data_type, &value)?,
            false => return Ok(Some(ColumnDefault::Python)),
        };
        Ok(Some(match sql::literal_of(vm, &known) {
            Ok(literal) => ColumnDefault::Value(literal),
            Err(_) => ColumnDefault::Python,
        }))
    }
}

/// The class `Column`.
pub fn class(vm: &mut Vm) -> Rc<Class> {
    classes::get(vm, "Column", |vm| {
        let base = super::item::base_class(vm);
        Class::native(
            "sqlalchemy.sql.schema",
            "Column",
            vec![base],
            Maker::new(|vm, _, args| Ok(Value::Native(ColumnObject::construct(vm, args)?))),
        )
    })
}

/// The expression that stands for a column.
pub fn column_expr(vm: &mut Vm, column: &ColumnObject) -> PyResult<Expr> {
    if let Some(expr) = &*column.expr.borrow() {
        return Ok(Rc::clone(expr));
    }
    let data_type = match column.attr("type_") {
        Some(Value::Unknown(_)) | None => null_type(),
        Some(value) => types::data_type(vm, &value)?,
    };
    let given = column.attr("name").unwrap_or(Value::None);
    let mut name = name::ident(vm, &given, "the name of the column")?;
    name.quote = column.name().and_then(|name| name.quote);
    let table = match column.owner() {
        Some(table) => Some(FromClause::Table(super::table::clause(vm, &table)?)),
        None => None,
    };
    let expr = column_reference(table, name, data_type);
    *column.expr.borrow_mut() = Some(Rc::clone(&expr));
    Ok(expr)
}

/// What an expression of a column is that gets its name later, in a declarative class.
fn nameless(vm: &mut Vm) -> Value {
    let place = vm.location();
    Value::unknown("an expression of a column that has no name yet", place)
}

/// The column as the schema model has it.
pub fn column_definition(vm: &mut Vm, column: &ColumnObject) -> PyResult<Column> {
    let given = column.attr("name").unwrap_or(Value::None);
    let mut name = name::ident(vm, &given, "the name of the column")?;
    if let Some(quote) = column.attr("quote").and_then(|quote| quote.as_bool()) {
        name.quote = Some(quote);
    }
    let metadata_schema = column.owner().and_then(|table| table.metadata_schema());
    let type_ = column.attr("type_").unwrap_or(Value::None);
    let mut data_type = types::data_type(vm, &type_)?;
    let mut constraints = Vec::new();
    let mut default = None;
    let mut python_default = None;
    for item in column.items.borrow().clone() {
        raise::known(vm, &item, "a part of the column")?;
        let Some(item) = item.downcast::<Item>() else {
            continue;
        };
        match item.kind {
            ItemKind::Identity
            | ItemKind::Computed
            | ItemKind::FetchedValue
            | ItemKind::DefaultClause => {
                let value = Value::Native(item);
                default = Some(default::server_default(vm, &value)?);
            }
            ItemKind::Sequence => {
                python_default = Some(PythonDefault::Sequence(Box::new(default::sequence(
                    vm, &item,
                )?)));
            }
            ItemKind::ColumnDefault => python_default = Some(PythonDefault::Value),
            ItemKind::Index => {}
            _ => constraints.push(constraint::table_constraint(
                vm,
                &item,
                Some(&name),
                metadata_schema.as_ref(),
            )?),
        }
    }
    if let Some(given) = column.some("server_default") {
        default = Some(default::server_default(vm, &given)?);
    }
    if let Some(given) = column.some("default") {
        python_default = Some(match given.downcast::<Item>() {
            Some(item) if item.kind == ItemKind::Sequence => {
                PythonDefault::Sequence(Box::new(default::sequence(vm, &item)?))
            }
            _ => PythonDefault::Value,
        });
    } else if column.some("insert_default").is_some() {
        python_default = Some(PythonDefault::Value);
    }
    if data_type.spec.name == "NullType"
        && let Some(target) = referred_type(vm, column)?
    {
        data_type = target;
    }
    let nullable = match column.attr("nullable") {
        Some(Value::Unknown(reason)) => {
            return Err(raise::unknown(
                vm,
                &reason,
                "whether the column is nullable",
            ));
        }
        Some(value) if !value.is_none() => Some(vm.truth(&value)?),
        Some(_) => Some(false),
        None => None,
    };
    let autoincrement = match column.attr("autoincrement") {
        None => Autoincrement::Auto,
        Some(value) => match value.as_str().as_deref() {
            Some("auto") => Autoincrement::Auto,
            Some("ignore_fk") => Autoincrement::IgnoreForeignKey,
            Some(_) => Autoincrement::Yes,
            None if convert::truth(vm, &value, "autoincrement")? => Autoincrement::Yes,
            None => Autoincrement::No,
        },
    };
    let options = Args {
        pos: Vec::new(),
        kw: column.options.borrow().clone(),
    };
    let comment = column.attr("comment");
    let _ = ServerDefault::Fetched;
    Ok(Column {
        name,
        data_type,
        nullable,
        primary_key: column.is_truthy(vm, "primary_key")?,
        autoincrement,
        default,
        python_default,
        unique: column.is_truthy(vm, "unique")?,
        index: column.is_truthy(vm, "index")?,
        comment: convert::optional_text(vm, comment.as_ref(), "the comment")?,
        constraints,
        system: column.is_truthy(vm, "system")?,
        options: convert::dialect_options(vm, options, "Column")?,
    })
}

/// `Column("user_id", ForeignKey(users.c.id))`: the type of the column referred to.
fn referred_type(
    vm: &mut Vm,
    column: &ColumnObject,
) -> PyResult<Option<crate::datatype::DataType>> {
    for item in column.items_of(&[ItemKind::ForeignKey]) {
        let Some(target) = item.attr("column") else {
            continue;
        };
        if let Some(target) = target.downcast::<ColumnObject>() {
            let type_ = target.attr("type_").unwrap_or(Value::None);
            return types::data_type(vm, &type_).map(Some);
        }
        if let (Some(spec), Some(table)) = (target.as_str(), column.owner())
            && let Some(found) = table.look_up(&spec)
        {
            let type_ = found.attr("type_").unwrap_or(Value::None);
            return types::data_type(vm, &type_).map(Some);
        }
    }
    Ok(None)
}

impl Native for ColumnObject {
    fn type_name(&self) -> &str {
        "Column"
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
            "type" => {
                let given = self.attr("type_").unwrap_or(Value::None);
                types::instance_of(vm, &given)?
            }
            "key" => self.key().map_or(Value::None, Value::Str),
            "nullable" => match self.attr("nullable") {
                Some(value) => value,
                None => Value::Bool(!self.is_truthy(vm, "primary_key")?),
            },
            "primary_key" => self.attr("primary_key").unwrap_or(Value::Bool(false)),
            "autoincrement" => self
                .attr("autoincrement")
                .unwrap_or_else(|| Value::from("auto")),
            "name" | "default" | "server_default" | "onupdate" | "server_onupdate" | "unique"
            | "index" | "comment" | "doc" | "quote" => self.attr(name).unwrap_or(Value::None),
            "info" => match self.attr("info") {
                Some(info) => info,
                None => {
                    let info = Value::dict(crate::python::Dict::default());
                    self.attrs
                        .borrow_mut()
                        .insert(Str::from(name), info.clone());
                    info
                }
            },
            "table" => self
                .owner()
                .map_or(Value::None, |table| Value::Native(table)),
            "foreign_keys" => Value::list(
                self.items_of(&[ItemKind::ForeignKey])
                    .into_iter()
                    .map(|item| Value::Native(item))
                    .collect(),
            ),
            "constraints" => Value::list(self.items.borrow().clone()),
            "identity" | "computed" => {
                let kind = if name == "identity" {
                    ItemKind::Identity
                } else {
                    ItemKind::Computed
                };
                match self.items_of(&[kind]).into_iter().next() {
                    Some(item) => Value::Native(item),
                    None => Value::None,
                }
            }
            "copy" | "_copy" => Builtin::value("copy", move |vm, _| {
                Ok(match held.downcast::<ColumnObject>() {
                    Some(column) => Value::Native(column.copy(vm)),
                    None => held.clone(),
                })
            }),
            "append_foreign_key" => Builtin::value("append_foreign_key", move |_, mut args| {
                let item = args.require("append_foreign_key", "fk")?;
                if let Some(column) = held.downcast::<ColumnObject>() {
                    column.items.borrow_mut().push(item);
                }
                Ok(Value::None)
            }),
            "__clause_element__" => {
                let expr = column_expr(vm, self)?;
                Builtin::value("__clause_element__", move |_, _| {
                    Ok(sql::wrap(Rc::clone(&expr)))
                })
            }
            "_creation_order" => Value::Int(i64::try_from(self.order).unwrap_or(i64::MAX)),
            _ if name.starts_with("__") => return Ok(None),
            _ if self.some("name").is_none() => return Ok(Some(nameless(vm))),
            _ => {
                let expr = column_expr(vm, self)?;
                return sql::column_attr(vm, this, &expr, name);
            }
        }))
    }

    fn set_attr(&self, _this: &Value, _vm: &mut Vm, name: &str, value: Value) -> PyResult<bool> {
        let name = if name == "type" { "type_" } else { name };
        self.attrs.borrow_mut().insert(Str::from(name), value);
        self.forget();
        Ok(true)
    }

    fn get_item(&self, this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        if self.some("name").is_none() {
            return Ok(Some(nameless(vm)));
        }
        let expr = column_expr(vm, self)?;
        sql::column_item(vm, this, &expr, index)
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        if self.some("name").is_none() {
            return Ok(Some(nameless(vm)));
        }
        let expr = column_expr(vm, self)?;
        sql::column_binary(vm, this, &expr, op, other, reflected)
    }

    fn compare(
        &self,
        this: &Value,
        vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        if self.some("name").is_none() {
            return Ok(Some(nameless(vm)));
        }
        let expr = column_expr(vm, self)?;
        sql::column_compare(vm, this, &expr, op, other)
    }

    fn unary(&self, this: &Value, vm: &mut Vm, op: UnaryOp) -> PyResult<Option<Value>> {
        if self.some("name").is_none() {
            return Ok(Some(nameless(vm)));
        }
        let expr = column_expr(vm, self)?;
        sql::column_unary(vm, this, &expr, op)
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        let name = self
            .name()
            .map_or_else(|| Str::from("(no name)"), |name| name.name);
        Ok(Some(match self.owner() {
            Some(table) => Str::from(format!("{}.{name}", table.name.borrow().name)),
            None => name,
        }))
    }
}
