//! Declarative classes and their tables.

use std::rc::Rc;

use super::annotation::{self, Annotation, Described};
use super::declared::Declared;
use super::mapper::{ATTRIBUTE, Mapper, mapper_of};
use super::property::{self, Property};
use super::relation::Relation;
use super::{object, registry};
use crate::frontend::alembic::bind::Query;
use crate::frontend::alembic::schema::{ColumnObject, Item, ItemKind, MetaDataObject, TableObject};
use crate::frontend::alembic::{classes, raise, sql};
use crate::python::class::Namespace;
use crate::python::{Args, Builtin, Class, NativeClass, PyResult, Str, Value, Vm};

/// What declarative classes derive from.
struct Declarative {
    metadata: Rc<MetaDataObject>,
    /// Whether each class that derives from it directly is the base of models of its own.
    makes_bases: bool,
}

impl NativeClass for Declarative {
    fn construct(&self, vm: &mut Vm, class: &Rc<Class>, args: Args) -> PyResult {
        object::construct(vm, class, args)
    }

    fn get_attr(&self, vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        Ok(Some(match name {
            "metadata" => Value::Native(Rc::clone(&self.metadata) as _),
            "registry" => {
                let own = class.lookup("metadata");
                let own = own.and_then(|metadata| metadata.downcast::<MetaDataObject>());
                registry::of(own.as_ref().unwrap_or(&self.metadata))
            }
            "query" => match mapper_of(class) {
                Some(_) => {
                    let entity = Value::Class(Rc::clone(class));
                    let place = vm.location();
                    let session = Value::unknown("the session of a class", place.clone());
                    Query::value(vm, &session, Args::of(vec![entity]))?
                        .unwrap_or_else(|| Value::read("rows read from the database", place))
                }
                None => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }

    fn subclassed(&self, vm: &mut Vm, class: &Rc<Class>, _keywords: &Args) -> PyResult<()> {
        let is_direct = class.bases.iter().any(|base| base.native.is_some());
        if self.makes_bases && is_direct && class.lookup("metadata").is_none() {
            let metadata = Value::Native(MetaDataObject::empty() as _);
            class
                .dict
                .borrow_mut()
                .insert(Str::from("metadata"), metadata);
        }
        let is_abstract = match class.dict.borrow().get("__abstract__").cloned() {
            Some(value) => vm.truth(&value)?,
            None => false,
        };
        if is_abstract {
            return Ok(());
        }
        let metadata = class
            .lookup("metadata")
            .and_then(|metadata| metadata.downcast::<MetaDataObject>())
            .unwrap_or_else(|| Rc::clone(&self.metadata));
        map(vm, class, &metadata)
    }
}

/// `declarative_base()`.
pub fn declarative_base(vm: &mut Vm, mut args: Args) -> PyResult {
    let metadata = args
        .keyword("metadata")
        .and_then(|metadata| metadata.downcast::<MetaDataObject>())
        .unwrap_or_else(MetaDataObject::empty);
    let native = Class::native(
        "sqlalchemy.orm.decl_api",
        "Base",
        Vec::new(),
        Declarative {
            metadata,
            makes_bases: false,
        },
    );
    // `declarative_base(cls=Mixin)`: what models have in common.
    let Some(shared @ Value::Class(_)) = args.keyword("cls") else {
        return Ok(Value::Class(native));
    };
    let mut namespace = Namespace::default();
    namespace.insert(Str::from("__abstract__"), Value::Bool(true));
    vm.make_class("Base", vec![shared, Value::Class(native)], namespace)
}

/// `DeclarativeBase`.
pub fn declarative_class(vm: &mut Vm) -> Rc<Class> {
    classes::get(vm, "DeclarativeBase", |_| {
        Class::native(
            "sqlalchemy.orm.decl_api",
            "DeclarativeBase",
            Vec::new(),
            Declarative {
                metadata: MetaDataObject::empty(),
                makes_bases: true,
            },
        )
    })
}

/// The attribute of models whose tables are named after them unless they say otherwise.
const NAMED_AFTER_CLASS: &str = "__named_after_class__";

/// `BlogPost` as `blog_post`, `HTTPLog` as `http_log`.
fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut made = String::with_capacity(name.len() + 4);
    for (index, c) in chars.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|at| chars.get(at));
        let after_lower = before.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let starts = chars.get(index + 1).is_some_and(char::is_ascii_lowercase);
        if c.is_ascii_uppercase() && (after_lower || (before.is_some() && starts)) {
            made.push('_');
        }
        made.extend(c.to_lowercase());
    }
    made.trim_start_matches('_').to_owned()
}

/// The attributes of a class that may be columns, in the order in which SQLAlchemy takes them:
/// attributes and annotations are two lists, and each name that is in both changes over from one
/// to the other.
fn attributes(class: &Class) -> Vec<(Str, Option<Value>, Option<Value>)> {
    let dict = class.dict.borrow();
    let annotations: Vec<(Str, Value)> = match dict.get("__annotations__") {
        Some(Value::Dict(annotations)) => annotations
            .borrow()
            .iter()
            .filter_map(|(key, value)| Some((key.value().as_str()?, value.clone())))
            .collect(),
        _ => Vec::new(),
    };
    let annotation = |name: &str| {
        let found = annotations.iter().find(|(known, _)| &**known == name);
        found.map(|(_, annotation)| annotation.clone())
    };
    let mut lists: [std::collections::VecDeque<Str>; 2] = [
        dict.keys().cloned().collect(),
        annotations.iter().map(|(name, _)| name.clone()).collect(),
    ];
    let mut shared: Vec<Str> = lists[0]
        .iter()
        .filter(|name| annotation(name).is_some())
        .cloned()
        .collect();
    let mut current = 0;
    let mut order = Vec::with_capacity(lists[0].len() + lists[1].len());
    while let Some(name) = lists[current].pop_front() {
        if let Some(at) = shared.iter().position(|known| *known == name) {
            shared.swap_remove(at);
            current = 1 - current;
        } else {
            order.push(name);
        }
    }
    order.extend(lists[1 - current].drain(..));
    order
        .into_iter()
        .map(|name| {
            let value = dict.get(&*name).cloned();
            let annotation = annotation(&name);
            (name, value, annotation)
        })
        .collect()
}

/// The columns and other attributes of a class that is being mapped.
#[derive(Default)]
struct Collected {
    columns: Vec<(Str, Rc<ColumnObject>)>,
    relations: Vec<(Str, Rc<Relation>)>,
    others: Vec<Str>,
    /// What can only be worked out when the class has its table.
    properties: Vec<(Str, Rc<Property>)>,
}

impl Collected {
    fn knows(&self, name: &str) -> bool {
        self.columns.iter().any(|(known, _)| &**known == name)
            || self.others.iter().any(|known| &**known == name)
    }

    /// Takes the attributes of one class of the ancestry.
    fn take(&mut self, vm: &mut Vm, class: &Rc<Class>, source: &Rc<Class>) -> PyResult<()> {
        let is_own = Rc::ptr_eq(class, source);
        let mut later = Vec::new();
        for (name, value, annotation) in attributes(source) {
            if name.starts_with("__") || self.knows(&name) {
                continue;
            }
            let described = match annotation.and_then(|a| a.downcast::<Annotation>()) {
                Some(mapped) => {
                    let mut described = Described::default();
                    annotation::describe(vm, &mapped.inner, &mut described, 0)?;
                    Some(described)
                }
                None => None,
            };
            if let Some(relation) = value.as_ref().and_then(Value::downcast::<Relation>) {
                self.relation(class, name, relation);
            } else if let Some(column) = value.as_ref().and_then(Value::downcast::<ColumnObject>) {
                let column = if is_own { column } else { column.copy(vm) };
                self.column(vm, class, name, column, described)?;
            } else if let Some(property) = value.as_ref().and_then(Value::downcast::<Property>) {
                self.property(vm, class, name, &property, is_own, described)?;
            } else if let Some(declared) = value.as_ref().and_then(Value::downcast::<Declared>) {
                later.push((name, declared));
            } else if let (None, Some(described)) = (&value, described) {
                let column = ColumnObject::construct(vm, Args::default())?;
                self.column(vm, class, name, column, Some(described))?;
            } else if value.is_some() && !is_own {
                // A class nearer to the mapped one hides it.
                if !matches!(value, Some(Value::Function(_) | Value::Builtin(_))) {
                    self.others.push(name);
                }
            }
        }
        for (name, declared) in later {
            let made = declared.resolve(vm, &Value::Class(Rc::clone(class)))?;
            if let Some(relation) = made.downcast::<Relation>() {
                self.relation(class, name, relation);
                continue;
            }
            if let Some(property) = made.downcast::<Property>() {
                self.property(vm, class, name, &property, true, None)?;
                continue;
            }
            match made.downcast::<ColumnObject>() {
                Some(column) => self.column(vm, class, name, column, None)?,
                None => {
                    class.dict.borrow_mut().insert(name.clone(), made);
                    self.others.push(name);
                }
            }
        }
        Ok(())
    }

    /// An attribute that stands for other rows. To all but the session it is not known.
    fn relation(&mut self, class: &Rc<Class>, name: Str, relation: Rc<Relation>) {
        let value = relation.unknown(class);
        class.dict.borrow_mut().insert(name.clone(), value);
        self.others.push(name.clone());
        self.relations.push((name, relation));
    }

    /// An attribute that is no plain column.
    fn property(
        &mut self,
        vm: &mut Vm,
        class: &Rc<Class>,
        name: Str,
        property: &Rc<Property>,
        is_own: bool,
        mut described: Option<Described>,
    ) -> PyResult<()> {
        let mut attribute = Some(name.clone());
        let columns = match &**property {
            Property::Columns(columns) => columns,
            Property::Composite(columns) => {
                attribute = None;
                described = None;
                self.others.push(name.clone());
                columns
            }
            Property::Expression(_) | Property::Synonym(_) => {
                self.others.push(name.clone());
                self.properties.push((name, Rc::clone(property)));
                return Ok(());
            }
        };
        for column in columns {
            if self
                .columns
                .iter()
                .any(|(_, known)| Rc::ptr_eq(known, column))
            {
                continue;
            }
            let column = if is_own {
                Rc::clone(column)
            } else {
                column.copy(vm)
            };
            match attribute.take() {
                Some(name) => self.column(vm, class, name, column, described.take())?,
                // Further columns have names of their own, and no attribute.
                None => match column.key() {
                    Some(key) => self.columns.push((key, column)),
                    None => return Err(raise::argument(vm, "Column must have a name")),
                },
            }
        }
        Ok(())
    }

    /// A column with what its annotation says of it.
    fn column(
        &mut self,
        vm: &mut Vm,
        class: &Rc<Class>,
        name: Str,
        column: Rc<ColumnObject>,
        described: Option<Described>,
    ) -> PyResult<()> {
        let mut column = column;
        if let Some(described) = &described {
            let given = described.extras.iter().find_map(Value::downcast);
            if let Some(given) = given {
                column = merged(vm, &given, &column);
            }
            complete(vm, class, &column, described)?;
        }
        if column.some("name").is_none() {
            let own = Value::Str(name.clone());
            column.attrs.borrow_mut().insert(Str::from("name"), own);
        }
        if column.key().as_ref() != Some(&name) {
            let own = Value::Str(name.clone());
            let key = Str::from("attribute");
            column.attrs.borrow_mut().insert(key, own);
        }
        let value = Value::Native(Rc::clone(&column) as _);
        class.dict.borrow_mut().insert(name.clone(), value);
        self.columns.push((name, column));
        Ok(())
    }
}

/// `Annotated[int, mapped_column(…)]`: a column like that one, with what this one says besides.
fn merged(vm: &mut Vm, given: &Rc<ColumnObject>, column: &Rc<ColumnObject>) -> Rc<ColumnObject> {
    let made = given.copy(vm);
    for (key, value) in column.attrs.borrow().iter() {
        made.attrs.borrow_mut().insert(key.clone(), value.clone());
    }
    let items = column.items.borrow().clone();
    made.items.borrow_mut().extend(items);
    made
}

/// Gives a column the type and nullability of its annotation.
fn complete(
    vm: &mut Vm,
    class: &Rc<Class>,
    column: &ColumnObject,
    described: &Described,
) -> PyResult<()> {
    if column.attr("nullable").is_none() && column.attr("primary_key").is_none() {
        let nullable = Value::Bool(described.optional);
        column
            .attrs
            .borrow_mut()
            .insert(Str::from("nullable"), nullable);
    }
    let refers = !column.items_of(&[ItemKind::ForeignKey]).is_empty();
    if column.some("type_").is_some() {
        return Ok(());
    }
    let mut found = mapped_type(class, described);
    if found.is_none()
        && let Some(python) = &described.python
    {
        found = annotation::column_type(vm, python)?;
    }
    match found {
        // The type of the column that is referred to comes first.
        _ if refers => {}
        Some(found) => {
            column.attrs.borrow_mut().insert(Str::from("type_"), found);
        }
        None => {
            let place = vm.location();
            let unknown = Value::unknown("an annotation that stands for no type", place);
            column
                .attrs
                .borrow_mut()
                .insert(Str::from("type_"), unknown);
        }
    }
    Ok(())
}

/// What `type_annotation_map` of the base has for an annotation.
fn mapped_type(class: &Rc<Class>, described: &Described) -> Option<Value> {
    let Some(Value::Dict(map)) = class.lookup("type_annotation_map") else {
        return None;
    };
    let entries: Vec<(Value, Value)> = map
        .borrow()
        .iter()
        .map(|(key, value)| (key.value().clone(), value.clone()))
        .collect();
    for key in described.keys.iter().chain(&described.python) {
        for (known, found) in &entries {
            if known.is(key) {
                return Some(found.clone());
            }
        }
    }
    None
}

/// An attribute of a class, made for it when a mixin declares it.
fn directive(vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
    let Some(found) = class.lookup(name) else {
        return Ok(None);
    };
    let this = Value::Class(Rc::clone(class));
    match found.downcast::<Declared>() {
        Some(declared) => declared.resolve(vm, &this).map(Some),
        None if matches!(found, Value::Native(_)) => vm.find_attr(&this, name),
        None => Ok(Some(found)),
    }
}

/// Whether a class or a mixin of it, not a mapped ancestor, says something.
fn is_own(class: &Rc<Class>, name: &str) -> bool {
    let says = |source: &Rc<Class>| source.dict.borrow().contains_key(name);
    let mut ancestry = std::iter::once(class).chain(&class.mro);
    ancestry.any(|source| says(source) && !is_mapped(source))
}

/// Whether a class has a mapper of its own.
fn is_mapped(class: &Class) -> bool {
    class.dict.borrow().contains_key(ATTRIBUTE)
}

/// Builds the table of a class that has a `__tablename__` or a `__table__`.
pub(super) fn map(vm: &mut Vm, class: &Rc<Class>, metadata: &Rc<MetaDataObject>) -> PyResult<()> {
    let table = class.dict.borrow().get("__table__").cloned();
    if let Some(table) = table.and_then(|table| table.downcast::<TableObject>()) {
        return map_table(class, &table);
    }
    let parent = class.mro.iter().find_map(|base| mapper_of(base));
    let is_inherited = parent.is_some() && !is_own(class, "__tablename__");
    let is_named_after = class.lookup(NAMED_AFTER_CLASS).is_some();
    if !is_inherited && class.lookup("__tablename__").is_none() && !is_named_after {
        return Ok(());
    }
    let mut collected = Collected::default();
    for source in std::iter::once(class).chain(&class.mro) {
        let mut mapped = class.mro.iter().filter(|base| is_mapped(base));
        if source.native.is_some() || mapped.any(|base| base.is_subclass(source)) {
            continue;
        }
        collected.take(vm, class, source)?;
    }
    let order = |column: &ColumnObject| {
        let given = column.attrs.borrow().get("sort_order").cloned();
        given.and_then(|order| order.as_int()).unwrap_or(0)
    };
    let mut columns = collected.columns.clone();
    columns.sort_by_key(|(_, column)| order(column));
    let has_key = || {
        let says = |(_, column): &(Str, Rc<ColumnObject>)| {
            column.attr("primary_key").and_then(|value| value.as_bool()) == Some(true)
        };
        is_named_after && columns.iter().any(says)
    };
    let is_inherited = is_inherited && !has_key();
    if let (true, Some(parent)) = (is_inherited, &parent) {
        // Single-table inheritance: what the class adds is part of its ancestor's table.
        for (_, column) in &columns {
            parent
                .table
                .append(vm, &Value::Native(Rc::clone(column) as _))?;
        }
        let mut all = parent.columns.clone();
        all.extend(columns);
        finish(
            class,
            &Rc::clone(&parent.table),
            all.clone(),
            collected.relations,
            collected.others,
        )?;
        return property::complete(vm, class, &all, &collected.properties);
    }
    let given = match is_named_after && !is_own(class, "__tablename__") {
        true => Some(Value::from(snake_case(&class.name))),
        false => directive(vm, class, "__tablename__")?,
    };
    let Some(name) = given.filter(|name| !name.is_none()) else {
        return Ok(());
    };
    let mut items: Vec<Value> = columns
        .iter()
        .map(|(_, column)| Value::Native(Rc::clone(column) as _))
        .collect();
    let args = table_args(vm, class, &mut items)?;
    let table = TableObject::construct(vm, &name, &items, args, metadata, false)?;
    metadata.add(&table);
    let mut all = columns;
    for (name, column) in parent.iter().flat_map(|parent| &parent.columns) {
        if !all.iter().any(|(known, _)| known == name) {
            all.push((name.clone(), Rc::clone(column)));
        }
    }
    finish(
        class,
        &table,
        all.clone(),
        collected.relations,
        collected.others,
    )?;
    metadata.add_model(class);
    property::complete(vm, class, &all, &collected.properties)
}

/// A class whose table was made by hand.
pub(super) fn map_table(class: &Rc<Class>, table: &Rc<TableObject>) -> PyResult<()> {
    let mut columns = Vec::new();
    for column in table.columns.borrow().iter() {
        let attribute = class.dict.borrow().iter().find_map(|(name, value)| {
            let own = value.downcast::<ColumnObject>()?;
            Rc::ptr_eq(&own, column).then(|| name.clone())
        });
        if let Some(attribute) = attribute.or_else(|| column.key()) {
            let value = Value::Native(Rc::clone(column) as _);
            class
                .dict
                .borrow_mut()
                .entry(attribute.clone())
                .or_insert(value);
            columns.push((attribute, Rc::clone(column)));
        }
    }
    let mut relations = Vec::new();
    for (name, value) in class.dict.borrow_mut().iter_mut() {
        if let Some(relation) = value.downcast::<Relation>() {
            *value = relation.unknown(class);
            relations.push((name.clone(), relation));
        }
    }
    finish(class, table, columns, relations, Vec::new())?;
    if let Some(metadata) = table.metadata() {
        metadata.add_model(class);
    }
    Ok(())
}

/// The keywords of `__table_args__`; its constraints and indexes follow the columns.
fn table_args(vm: &mut Vm, class: &Rc<Class>, items: &mut Vec<Value>) -> PyResult<Args> {
    let mut args = Args::default();
    let given = if is_own(class, "__table_args__") {
        directive(vm, class, "__table_args__")?
    } else {
        None
    };
    let parts = match given {
        Some(dict @ Value::Dict(_)) => vec![dict],
        Some(several @ (Value::Tuple(_) | Value::List(_))) => vm.iterate(&several)?,
        _ => Vec::new(),
    };
    for part in parts {
        match &part {
            Value::Dict(entries) => {
                for (key, value) in entries.borrow().iter() {
                    if let Some(key) = key.value().as_str() {
                        args.kw.push((key, value.clone()));
                    }
                }
            }
            part if part.downcast::<Item>().is_some() => items.push(part.clone()),
            _ => {}
        }
    }
    args.kw.retain(|(key, _)| {
        !matches!(
            &**key,
            "extend_existing" | "keep_existing" | "autoload" | "autoload_with"
        )
    });
    Ok(args)
}

fn finish(
    class: &Rc<Class>,
    table: &Rc<TableObject>,
    columns: Vec<(Str, Rc<ColumnObject>)>,
    relations: Vec<(Str, Rc<Relation>)>,
    others: Vec<Str>,
) -> PyResult<()> {
    let mapper = Rc::new(Mapper {
        table: Rc::clone(table),
        columns,
        relations,
        others,
    });
    table.map();
    let (own, shared) = (Rc::downgrade(class), Rc::clone(table));
    let element = Builtin::value("__clause_element__", move |vm, _| {
        let Some(class) = own.upgrade() else {
            return Ok(Value::None);
        };
        TableObject::entity(vm, &shared, &class).map(sql::wrap)
    });
    let mut dict = class.dict.borrow_mut();
    dict.insert(Str::from("__clause_element__"), element);
    dict.insert(Str::from("__table__"), Value::Native(Rc::clone(table) as _));
    dict.insert(Str::from(ATTRIBUTE), Value::Native(mapper as _));
    Ok(())
}

/// `mapped_column(…)`: a column.
pub fn mapped_column(vm: &mut Vm, mut args: Args) -> PyResult {
    for keyword in [
        "init",
        "repr",
        "default_factory",
        "compare",
        "kw_only",
        "hash",
        "deferred",
        "deferred_group",
        "deferred_raiseload",
        "use_existing_column",
        "active_history",
        "dataclass_metadata",
    ] {
        args.keyword(keyword);
    }
    let order = args.keyword("sort_order");
    let column = ColumnObject::construct(vm, args)?;
    if let Some(order) = order {
        column
            .attrs
            .borrow_mut()
            .insert(Str::from("sort_order"), order);
    }
    Ok(Value::Native(column as _))
}
