//! `Table`.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use super::super::classes::{self, Maker};
use super::super::host::{host, record, record_spelled};
use super::super::{convert, earlier, name, raise, sql, types};
use super::collection::Columns;
use super::column::{ColumnObject, column_definition};
use super::item::{Item, ItemKind};
use super::metadata::MetaDataObject;
use super::{circles, constraint, index, membership, reflect};
use crate::catalog::{
    Autoincrement, Column, Constraint, ConstraintKind, IndexElement, Table, TableName,
};
use crate::datatype::Family;
use crate::expression::{Expr, ExprKind, Expression, FromClause, Ident, TableClause};
use crate::operation::{Along, NamingPatterns, Operation};
use crate::python::{Args, Builtin, Class, Native, PyResult, Str, Value, Vm};

/// A table.
pub struct TableObject {
    /// Its name.
    pub name: RefCell<Ident>,
    /// Its schema.
    pub schema: RefCell<Option<Ident>>,
    /// Its columns.
    pub columns: RefCell<Vec<Rc<ColumnObject>>>,
    /// Its constraints.
    pub constraints: RefCell<Vec<Rc<Item>>>,
    /// Its indexes.
    pub indexes: RefCell<Vec<Rc<Item>>>,
    /// `comment=`, `prefixes=`, `info=`.
    pub attrs: RefCell<Vec<(Str, Value)>>,
    /// Options for dialects.
    pub options: RefCell<Vec<(Str, Value)>>,
    metadata: Weak<MetaDataObject>,
    /// Keeps a metadata alive that belongs to this table only.
    own_metadata: Option<Rc<MetaDataObject>>,
    clause: RefCell<Option<Rc<TableClause>>>,
    /// The classes that are mapped to it, each with an expression by which statements name it.
    entities: RefCell<Vec<(Expr, Weak<Class>)>>,
    is_mapped: Cell<bool>,
}

/// Keywords of `Table(…)` and `op.create_table(…)` that are kept or have no effect offline.
const KEYWORDS: &[&str] = &[
    "comment",
    "prefixes",
    "info",
    "quote",
    "quote_schema",
    "listeners",
    "implicit_returning",
    "sentinel_column",
    "_constraints_included",
];

impl TableObject {
    /// The table that a statement takes its rows from, where it is one of the project's.
    pub fn of(from: &FromClause) -> Option<Rc<Self>> {
        match from {
            FromClause::Table(clause) => clause.origin.as_ref()?.upgrade()?.downcast().ok(),
            FromClause::Alias(_)
            | FromClause::Join(_)
            | FromClause::Cte(_)
            | FromClause::Values(_)
            | FromClause::Element(_) => None,
        }
    }

    /// A table from its items and keywords. The schema is in the keywords.
    pub fn construct(
        vm: &mut Vm,
        table_name: &Value,
        items: &[Value],
        mut args: Args,
        metadata: &Rc<MetaDataObject>,
        owns_metadata: bool,
    ) -> PyResult<Rc<Self>> {
        let schema = match args.keyword("schema") {
            Some(schema) => name::optional_ident(vm, &schema, "the schema")?,
            None => metadata.schema(),
        };
        let mut ident = name::ident(vm, table_name, "the name of the table")?;
        let mut attrs = Vec::new();
        for keyword in KEYWORDS {
            if let Some(value) = args.keyword(keyword) {
                attrs.push((Str::from(*keyword), value));
            }
        }
        if let Some((_, quote)) = attrs.iter().find(|(key, _)| &**key == "quote") {
            ident.quote = quote.as_bool().or(ident.quote);
        }
        for (key, _) in &args.kw {
            if !key.contains('_') {
                return Err(raise::type_error(format!(
                    "Additional arguments should be named <dialectname>_<argument>, got '{key}'"
                )));
            }
        }
        let table = Rc::new(Self {
            name: RefCell::new(ident),
            schema: RefCell::new(schema),
            columns: RefCell::default(),
            constraints: RefCell::default(),
            indexes: RefCell::default(),
            attrs: RefCell::new(attrs),
            options: RefCell::new(args.kw),
            metadata: Rc::downgrade(metadata),
            own_metadata: owns_metadata.then(|| Rc::clone(metadata)),
            clause: RefCell::default(),
            entities: RefCell::default(),
            is_mapped: Cell::default(),
        });
        for item in items {
            table.append(vm, item)?;
        }
        Ok(table)
    }

    /// Adds a column, constraint or index.
    pub fn append(self: &Rc<Self>, vm: &mut Vm, item: &Value) -> PyResult<()> {
        raise::known(vm, item, "a part of the table")?;
        if let Some(column) = item.downcast::<ColumnObject>() {
            let column = if column
                .owner()
                .is_some_and(|owner| !Rc::ptr_eq(&owner, self))
            {
                column.copy(vm)
            } else {
                column
            };
            self.append_column(vm, column);
            return Ok(());
        }
        if let Some(item) = item.downcast::<Item>() {
            *item.table.borrow_mut() = Some(Rc::downgrade(self));
            let mut items = match item.kind {
                ItemKind::Index => self.indexes.borrow_mut(),
                _ => self.constraints.borrow_mut(),
            };
            // Its columns may have tied it to the table already.
            if !items.iter().any(|known| Rc::ptr_eq(known, &item)) {
                items.push(item);
            }
            return Ok(());
        }
        if item.is_none() || types::is_type(vm, item) || item.as_str().is_some() {
            let text = vm.repr(item)?;
            return Err(raise::argument(
                vm,
                format!(
                    "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got {text}"
                ),
            ));
        }
        Ok(())
    }

    fn append_column(self: &Rc<Self>, _vm: &mut Vm, column: Rc<ColumnObject>) {
        column.attach(self);
        let mut columns = self.columns.borrow_mut();
        let key = column.key();
        match columns.iter().position(|known| known.key() == key) {
            Some(index) => columns[index] = column,
            None => columns.push(column),
        }
        drop(columns);
        self.forget();
    }

    /// Forgets what stands for it in expressions, after something about its columns changed.
    pub fn forget(&self) {
        if self.clause.borrow_mut().take().is_some() {
            for column in self.columns.borrow().iter() {
                column.forget();
            }
        }
    }

    /// Its qualified name.
    pub fn table_name(&self) -> TableName {
        TableName {
            schema: self.schema.borrow().clone(),
            name: self.name.borrow().clone(),
        }
    }

    /// Its key in `metadata.tables`.
    pub fn key(&self) -> Str {
        match &*self.schema.borrow() {
            Some(schema) => Str::from(format!("{}.{}", schema.name, self.name.borrow().name)),
            None => self.name.borrow().name.clone(),
        }
    }

    /// The naming convention of its metadata, where that is not the environment's.
    pub fn own_convention(&self, vm: &mut Vm) -> PyResult<Option<NamingPatterns>> {
        let Some(metadata) = self.metadata() else {
            return Ok(None);
        };
        let own = metadata.naming_convention(vm)?;
        let usual = host(vm).naming_convention.borrow().clone();
        Ok((own != usual).then(|| own.into()))
    }

    /// Its metadata.
    pub fn metadata(&self) -> Option<Rc<MetaDataObject>> {
        self.metadata.upgrade()
    }

    /// The default schema of its metadata.
    pub fn metadata_schema(&self) -> Option<Ident> {
        self.metadata().and_then(|metadata| metadata.schema())
    }

    /// The column called `table.column` in the metadata.
    pub fn look_up(&self, spec: &str) -> Option<Rc<ColumnObject>> {
        let (table, column) = spec.rsplit_once('.')?;
        let metadata = self.metadata()?;
        let table = metadata.table(table)?;
        table.column(column)
    }

    /// The column with that key.
    pub fn column(&self, key: &str) -> Option<Rc<ColumnObject>> {
        self.columns
            .borrow()
            .iter()
            .find(|column| column.key().as_deref() == Some(key))
            .cloned()
    }

    fn attr(&self, name: &str) -> Option<Value> {
        self.attrs
            .borrow()
            .iter()
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value.clone())
    }

    /// The names of the tables that its foreign keys refer to.
    pub fn referents(&self, vm: &mut Vm) -> PyResult<Vec<Str>> {
        let schema = self.metadata_schema();
        let mut found = Vec::new();
        let mut targets: Vec<Value> = Vec::new();
        for column in self.columns.borrow().iter() {
            for item in column.items_of(&[ItemKind::ForeignKey]) {
                targets.extend(item.attr("column"));
            }
        }
        for item in self.constraints.borrow().iter() {
            if item.kind == ItemKind::ForeignKeyConstraint
                && let Some(columns) = item.attr("refcolumns")
            {
                targets.extend(vm.iterate(&columns)?);
            }
        }
        for target in targets {
            let (table, _) = constraint::foreign_key_reference(vm, &target, schema.as_ref())?;
            found.push(match table.schema {
                Some(schema) => Str::from(format!("{}.{}", schema.name, table.name.name)),
                None => table.name.name,
            });
        }
        Ok(found)
    }
}

/// The class `Table`.
pub fn class(vm: &mut Vm) -> Rc<Class> {
    classes::get(vm, "Table", |vm| {
        let base = super::item::base_class(vm);
        Class::native(
            "sqlalchemy.sql.schema",
            "Table",
            vec![base],
            Maker::new(construct),
        )
    })
}

/// `Table(name, metadata, …)`.
fn construct(vm: &mut Vm, _class: &Rc<Class>, mut args: Args) -> PyResult {
    let name = args.require("Table.__new__", "name")?;
    let metadata = args.require("Table.__new__", "metadata")?;
    raise::known(vm, &metadata, "the metadata of the table")?;
    let Some(metadata) = metadata.downcast::<MetaDataObject>() else {
        return Err(raise::argument(
            vm,
            "expected MetaData object for 'metadata'",
        ));
    };
    let items = std::mem::take(&mut args.pos);
    let extend = convert::flag(vm, &mut args, "extend_existing")?;
    let keep = convert::flag(vm, &mut args, "keep_existing")?;
    let must_exist = convert::flag(vm, &mut args, "must_exist")?;
    args.keyword("autoload_replace");
    args.keyword("resolve_fks");
    args.keyword("include_columns");
    args.keyword("_extend_on");
    let mut autoload = args.keyword("autoload_with").filter(|bind| !bind.is_none());
    if autoload.is_none() {
        autoload = metadata.bound(vm);
        if autoload.is_some() && !convert::flag(vm, &mut args, "autoload")? {
            autoload = None;
        }
    } else if earlier::is_read(vm) {
        args.keyword("autoload");
    }
    let text = convert::text(vm, &name, "the name of the table")?;
    let schema = match args.kw.iter().find(|(key, _)| &**key == "schema") {
        Some((_, schema)) => convert::optional_text(vm, Some(&schema.clone()), "the schema")?,
        None => metadata.schema().map(|schema| schema.name),
    };
    let key = match schema {
        Some(schema) => Str::from(format!("{schema}.{text}")),
        None => text,
    };
    if let Some(existing) = metadata.table(&key) {
        if !keep && !extend && !items.is_empty() {
            return Err(raise::exception(
                vm,
                "InvalidRequestError",
                format!(
                    "Table '{key}' is already defined for this MetaData instance.  Specify \
                     'extend_existing=True' to redefine options and columns on an existing Table \
                     object."
                ),
            ));
        }
        if extend {
            for item in &items {
                existing.append(vm, item)?;
            }
            if let Some(bind) = autoload {
                reflect::table(vm, &existing, &bind)?;
            }
        }
        return Ok(Value::Native(existing));
    }
    if must_exist {
        return Err(raise::exception(
            vm,
            "InvalidRequestError",
            format!("Table '{key}' not defined"),
        ));
    }
    let table = TableObject::construct(vm, &name, &[], args, &metadata, false)?;
    if let Some(bind) = autoload {
        reflect::table(vm, &table, &bind)?;
    }
    for item in &items {
        table.append(vm, item)?;
    }
    metadata.add(&table);
    host(vm).keep_metadata(&metadata);
    Ok(Value::Native(table))
}

/// The table of a table object, for expressions.
pub fn clause(vm: &mut Vm, table: &Rc<TableObject>) -> PyResult<Rc<TableClause>> {
    if let Some(clause) = &*table.clause.borrow() {
        return Ok(Rc::clone(clause));
    }
    let columns = table.columns.borrow().clone();
    let mut known = Vec::with_capacity(columns.len());
    for column in &columns {
        known.extend(column.table_column(vm)?);
    }
    let mut keys: Vec<Str> = Vec::new();
    for item in table.constraints.borrow().iter() {
        if item.kind == ItemKind::PrimaryKey {
            for value in item.rest() {
                keys.push(convert::column_name(vm, &value, "a column of the primary key")?.name);
            }
        }
    }
    for column in &mut known {
        if keys.contains(&column.name.name) {
            column.primary_key = true;
            column.autoincrement =
                keys.len() == 1 && column.data_type.spec.family == crate::datatype::Family::Integer;
        }
    }
    let schema = table.schema.borrow().clone();
    let mut clause = TableClause::new(table.name.borrow().clone(), schema, known);
    clause.is_schema_table = true;
    let origin: Weak<TableObject> = Rc::downgrade(table);
    clause.origin = Some(origin);
    let clause = Rc::new(clause);
    *table.clause.borrow_mut() = Some(Rc::clone(&clause));
    Ok(clause)
}

impl TableObject {
    /// The expression by which statements name a class that is mapped to the table: another than the
    /// table's own, since a session makes objects of its rows.
    pub fn entity(vm: &mut Vm, table: &Rc<Self>, class: &Rc<Class>) -> PyResult<Expr> {
        let from = FromClause::Table(clause(vm, table)?);
        let mut entities = table.entities.borrow_mut();
        let known = entities.iter().find(|(expr, known)| {
            let own = matches!(&expr.kind, ExprKind::From(known) if known.same(&from));
            own && std::ptr::eq(known.as_ptr(), Rc::as_ptr(class))
        });
        if let Some((known, _)) = known {
            return Ok(Rc::clone(known));
        }
        let made = Expression::untyped(ExprKind::From(from));
        entities.push((Rc::clone(&made), Rc::downgrade(class)));
        Ok(made)
    }

    /// The class that an expression stands for.
    pub fn class_of(&self, expr: &Expr) -> Option<Rc<Class>> {
        let entities = self.entities.borrow();
        let (_, class) = entities.iter().find(|(known, _)| Rc::ptr_eq(known, expr))?;
        class.upgrade()
    }

    /// Notes that a class is mapped to it.
    pub fn map(&self) {
        self.is_mapped.set(true);
    }

    /// Whether classes are mapped to it.
    pub fn is_mapped(&self) -> bool {
        self.is_mapped.get()
    }
}

/// The table of a value, when it is a table of this module.
pub fn table_clause(vm: &mut Vm, value: &Value) -> PyResult<Option<Rc<TableClause>>> {
    match value.downcast::<TableObject>() {
        Some(table) => clause(vm, &table).map(Some),
        None => Ok(None),
    }
}

/// The table as the schema model has it.
pub fn table_definition(vm: &mut Vm, table: &TableObject) -> PyResult<Table> {
    let mut columns = Vec::new();
    for column in table.columns.borrow().clone() {
        let mut column = column_definition(vm, &column)?;
        can_count(vm, table, &column)?;
        let schema = table.schema.borrow();
        types::in_schema_of(
            &mut column.data_type,
            schema.as_ref().map(|schema| &schema.name),
        );
        columns.push(column);
    }
    let metadata_schema = table.metadata_schema();
    let mut items = table.constraints.borrow().clone();
    // The key that was given last is the table's.
    let key = items
        .iter()
        .rfind(|item| item.kind == ItemKind::PrimaryKey)
        .map(Rc::clone);
    items.sort_by_key(|item| item.order);
    let mut constraints: Vec<Constraint> = Vec::with_capacity(items.len());
    for item in &items {
        let mut constraint =
            constraint::table_constraint(vm, item, None, metadata_schema.as_ref())?;
        membership::resolve(vm, table, &columns, &mut constraint.kind)?;
        if let ConstraintKind::PrimaryKey { columns: named } = &mut constraint.kind {
            let is_key = key.as_ref().is_some_and(|key| Rc::ptr_eq(key, item));
            if !membership::settle(&mut columns, named, is_key) {
                continue;
            }
        }
        constraints.push(constraint);
    }
    let mut indexes = Vec::new();
    for item in table.indexes.borrow().clone() {
        let index = index::index_definition(vm, &item)?;
        for element in &index.elements {
            if let IndexElement::Column(name) = element {
                membership::column(vm, table, &columns, "Index", name)?;
            }
        }
        indexes.push(index);
    }
    let comment = table.attr("comment");
    let mut prefixes = Vec::new();
    if let Some(given) = table.attr("prefixes").filter(|value| !value.is_none()) {
        for prefix in vm.iterate(&given)? {
            prefixes.push(convert::text(vm, &prefix, "a prefix of the table")?);
        }
    }
    let options = Args {
        pos: Vec::new(),
        kw: table.options.borrow().clone(),
    };
    Ok(Table {
        name: table.table_name(),
        columns,
        constraints,
        indexes,
        comment: convert::optional_text(vm, comment.as_ref(), "the comment")?,
        prefixes,
        options: convert::dialect_options(vm, options, "Table")?,
        attached: Vec::new(),
    })
}

/// SQLAlchemy's error for a key that shall number its rows by itself and cannot.
fn can_count(vm: &mut Vm, table: &TableObject, column: &Column) -> PyResult<()> {
    let fits = match column.data_type.spec.family {
        Family::String
        | Family::Unicode
        | Family::Uuid
        | Family::Boolean
        | Family::Date
        | Family::DateTime
        | Family::Time
        | Family::Json
        | Family::Binary => false,
        Family::Numeric => column.data_type.int("scale") == Some(0),
        Family::Null
        | Family::Integer
        | Family::Float
        | Family::Enum
        | Family::Interval
        | Family::Array
        | Family::Range
        | Family::Hstore
        | Family::Other
        | Family::UserDefined => true,
    };
    if fits || !column.primary_key || column.autoincrement != Autoincrement::Yes {
        return Ok(());
    }
    let message = format!(
        "Column type {} on column '{}.{}' is not compatible with autoincrement=True",
        column.data_type.spec.name.to_uppercase(),
        table.name.borrow().name,
        column.name.name
    );
    Err(raise::argument(vm, message))
}

/// `table.create(bind)` and `table.drop(bind)`.
pub fn create_or_drop(
    vm: &mut Vm,
    table: &Rc<TableObject>,
    create: bool,
    checkfirst: bool,
) -> PyResult {
    if checkfirst && is_done(vm, table, create) {
        return Ok(Value::None);
    }
    make(vm, table, create, (Along::Everything, |_| false))
}

/// Whether `checkfirst` finds that a table is there already, or is not.
pub(super) fn is_done(vm: &mut Vm, table: &TableObject, create: bool) -> bool {
    if host(vm).compat {
        return false;
    }
    let Some(view) = vm.host::<super::super::inspect::Introspection>() else {
        return false;
    };
    let name = table.table_name();
    let schema = name.schema.as_ref().map(|schema| &*schema.name);
    view.has_table(schema, &name.name.name) == create
}

/// Creates or drops a table: with what comes along, and without the foreign keys that come later.
pub(super) fn make(
    vm: &mut Vm,
    table: &Rc<TableObject>,
    create: bool,
    (along, left_out): (Along, circles::LeftOut),
) -> PyResult {
    let companions = if create {
        super::companions(vm, table, true)?
    } else {
        Vec::new()
    };
    let operation = if create {
        let definition = table_definition(vm, table)?;
        Operation::CreateTable {
            table: circles::without_keys(definition, left_out),
            if_not_exists: false,
            along,
            convention: table.own_convention(vm)?,
        }
    } else {
        Operation::DropTable {
            table: table.table_name(),
            if_exists: false,
            options: Vec::new(),
        }
    };
    let subject = Value::Native(Rc::clone(table) as _);
    record_spelled(vm, operation, Some(&subject))?;
    for operation in companions {
        record(vm, operation);
    }
    Ok(Value::None)
}

impl Native for TableObject {
    fn type_name(&self) -> &str {
        "Table"
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(class(vm))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let Some(table) = this.downcast::<TableObject>() else {
            return Ok(None);
        };
        Ok(Some(match name {
            "name" => convert::ident_value(&self.name.borrow()),
            "schema" => match &*self.schema.borrow() {
                Some(schema) => convert::ident_value(schema),
                None => Value::None,
            },
            "key" | "fullname" => Value::Str(self.key()),
            "c" | "columns" | "exported_columns" => Value::native(Columns::new(&table)),
            "comment" | "info" | "prefixes" => match self.attr(name) {
                Some(value) => value,
                None if name == "comment" => Value::None,
                None if name == "prefixes" => Value::list(Vec::new()),
                None => {
                    let info = Value::dict(crate::python::Dict::default());
                    let mut attrs = self.attrs.borrow_mut();
                    attrs.push((Str::from(name), info.clone()));
                    info
                }
            },
            "metadata" => match self.metadata() {
                Some(metadata) => Value::Native(metadata),
                None => Value::None,
            },
            "indexes" => Value::list(
                self.indexes
                    .borrow()
                    .iter()
                    .map(|item| Value::Native(Rc::clone(item) as _))
                    .collect(),
            ),
            "constraints" => Value::list(
                self.constraints
                    .borrow()
                    .iter()
                    .map(|item| Value::Native(Rc::clone(item) as _))
                    .collect(),
            ),
            "foreign_keys" => Value::list(
                self.columns
                    .borrow()
                    .iter()
                    .flat_map(|column| column.items_of(&[ItemKind::ForeignKey]))
                    .map(|item| Value::Native(item as _))
                    .collect(),
            ),
            "foreign_key_constraints" => Value::list(
                self.constraints
                    .borrow()
                    .iter()
                    .filter(|item| item.kind == ItemKind::ForeignKeyConstraint)
                    .map(|item| Value::Native(Rc::clone(item) as _))
                    .collect(),
            ),
            "primary_key" => primary_key(vm, &table),
            "create" | "drop" => {
                let create = name == "create";
                Builtin::value("create", move |vm, mut args| {
                    match table.metadata() {
                        Some(metadata) => metadata.require_bind(vm, &mut args, "create")?,
                        None => args.require("create", "bind").map(drop)?,
                    }
                    let checkfirst = match args.take("checkfirst") {
                        Some(value) => convert::truth(vm, &value, "checkfirst")?,
                        None => true,
                    };
                    create_or_drop(vm, &table, create, checkfirst)
                })
            }
            "append_column" | "append_constraint" => {
                Builtin::value("append_column", move |vm, mut args| {
                    let item = args.require("append_column", "column")?;
                    table.append(vm, &item)?;
                    Ok(Value::None)
                })
            }
            "to_metadata" | "tometadata" => Builtin::value("to_metadata", move |vm, mut args| {
                let metadata = args.require("to_metadata", "metadata")?;
                to_metadata(vm, &table, &metadata, args)
            }),
            "kwargs" | "dialect_kwargs" => {
                let mut dict = crate::python::Dict::default();
                for (key, value) in self.options.borrow().iter() {
                    dict.insert(crate::python::DictKey::str(key), value.clone());
                }
                Value::dict(dict)
            }
            "__clause_element__" => {
                let clause = clause(vm, &table)?;
                let from = crate::expression::FromClause::Table(clause);
                Builtin::value("__clause_element__", move |_, _| {
                    Ok(sql::wrap(crate::expression::Expression::untyped(
                        crate::expression::ExprKind::From(from.clone()),
                    )))
                })
            }
            "autoincrement_column" | "_autoincrement_column" => Value::None,
            "exists" if self.own_metadata.is_some() => return Ok(None),
            _ if name.starts_with("__") => return Ok(None),
            _ => {
                let clause = clause(vm, &table)?;
                return sql::from_attr(vm, this, &clause, name);
            }
        }))
    }

    fn set_attr(&self, _this: &Value, vm: &mut Vm, name: &str, value: Value) -> PyResult<bool> {
        match name {
            "name" => *self.name.borrow_mut() = name::ident(vm, &value, "the name of the table")?,
            "schema" => *self.schema.borrow_mut() = name::optional_ident(vm, &value, "the schema")?,
            _ => {
                let mut attrs = self.attrs.borrow_mut();
                attrs.retain(|(key, _)| &**key != name);
                attrs.push((Str::from(name), value));
            }
        }
        *self.clause.borrow_mut() = None;
        for column in self.columns.borrow().iter() {
            column.forget();
        }
        Ok(true)
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(self.key()))
    }
}

fn primary_key(vm: &mut Vm, table: &Rc<TableObject>) -> Value {
    for item in table.constraints.borrow().iter() {
        if item.kind == ItemKind::PrimaryKey {
            return Value::Native(Rc::clone(item) as _);
        }
    }
    let columns: Vec<Value> = table
        .columns
        .borrow()
        .iter()
        .filter(|column| column.attr("primary_key").and_then(|v| v.as_bool()) == Some(true))
        .map(|column| Value::Native(Rc::clone(column) as _))
        .collect();
    let item = Item::made(vm, ItemKind::PrimaryKey, vec![("*", Value::list(columns))]);
    *item.table.borrow_mut() = Some(Rc::downgrade(table));
    Value::Native(item)
}

fn to_metadata(vm: &mut Vm, table: &TableObject, metadata: &Value, mut args: Args) -> PyResult {
    let Some(metadata) = metadata.downcast::<MetaDataObject>() else {
        return Err(raise::argument(vm, "expected MetaData object"));
    };
    let mut kw = table.options.borrow().clone();
    kw.extend(table.attrs.borrow().iter().cloned());
    let schema = args
        .take("schema")
        .or_else(|| table.schema.borrow().as_ref().map(convert::ident_value))
        .unwrap_or(Value::None);
    kw.push((Str::from("schema"), schema));
    let new_name = args
        .take("name")
        .unwrap_or_else(|| convert::ident_value(&table.name.borrow()));
    let mut items: Vec<Value> = Vec::new();
    for column in table.columns.borrow().iter() {
        items.push(Value::Native(column.copy(vm)));
    }
    items.extend(
        table
            .constraints
            .borrow()
            .iter()
            .chain(table.indexes.borrow().iter())
            .map(|item| Value::Native(Rc::clone(item) as _)),
    );
    let made = TableObject::construct(
        vm,
        &new_name,
        &items,
        Args {
            pos: Vec::new(),
            kw,
        },
        &metadata,
        false,
    )?;
    metadata.add(&made);
    Ok(Value::Native(made))
}
