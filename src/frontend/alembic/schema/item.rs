//! Constraints, indexes, sequences and defaults: objects that hold what they were given until an
//! operation needs them.

use std::any::Any;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

use super::super::classes;
use super::super::host::{host, record};
use super::super::{raise, sql};
use super::table::TableObject;
use crate::operation::{Executable, Operation};
use crate::python::class::Namespace;
use crate::python::{Args, Builtin, Class, Native, NativeClass, PyResult, Str, Value, Vm};

/// Which item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ItemKind {
    ForeignKey,
    ForeignKeyConstraint,
    PrimaryKey,
    Unique,
    Check,
    Exclude,
    Index,
    Sequence,
    Identity,
    Computed,
    FetchedValue,
    DefaultClause,
    ColumnDefault,
}

struct Signature {
    kind: ItemKind,
    name: &'static str,
    /// Takes any number of positional arguments after these, kept as `*`.
    variadic: bool,
    positional: &'static [&'static str],
    required: usize,
    keywords: &'static [&'static str],
    /// Whether options of dialects are accepted.
    options: bool,
}

const SIGNATURES: &[Signature] = &[
    Signature {
        kind: ItemKind::ForeignKey,
        name: "ForeignKey",
        variadic: false,
        positional: &["column"],
        required: 1,
        keywords: &[
            "_constraint",
            "use_alter",
            "name",
            "onupdate",
            "ondelete",
            "deferrable",
            "initially",
            "link_to_name",
            "match",
            "info",
            "comment",
            "_unresolvable",
        ],
        options: true,
    },
    Signature {
        kind: ItemKind::ForeignKeyConstraint,
        name: "ForeignKeyConstraint",
        variadic: false,
        positional: &[
            "columns",
            "refcolumns",
            "name",
            "onupdate",
            "ondelete",
            "deferrable",
            "initially",
            "use_alter",
            "link_to_name",
            "match",
            "table",
            "info",
            "comment",
        ],
        required: 2,
        keywords: &[],
        options: true,
    },
    Signature {
        kind: ItemKind::PrimaryKey,
        name: "PrimaryKeyConstraint",
        variadic: true,
        positional: &[],
        required: 0,
        keywords: &[
            "name",
            "deferrable",
            "initially",
            "info",
            "comment",
            "_implicit_generated",
        ],
        options: true,
    },
    Signature {
        kind: ItemKind::Unique,
        name: "UniqueConstraint",
        variadic: true,
        positional: &[],
        required: 0,
        keywords: &[
            "name",
            "deferrable",
            "initially",
            "info",
            "comment",
            "_column_flag",
        ],
        options: true,
    },
    Signature {
        kind: ItemKind::Check,
        name: "CheckConstraint",
        variadic: false,
        positional: &[
            "sqltext",
            "name",
            "deferrable",
            "initially",
            "table",
            "info",
            "_create_rule",
            "_autoattach",
            "_type_bound",
        ],
        required: 1,
        keywords: &["comment"],
        options: true,
    },
    Signature {
        kind: ItemKind::Exclude,
        name: "ExcludeConstraint",
        variadic: true,
        positional: &[],
        required: 0,
        keywords: &[
            "name",
            "deferrable",
            "initially",
            "using",
            "where",
            "ops",
            "info",
            "comment",
        ],
        options: true,
    },
    Signature {
        kind: ItemKind::Index,
        name: "Index",
        variadic: true,
        positional: &["name"],
        required: 1,
        keywords: &["unique", "quote", "info", "_table", "_column_flag"],
        options: true,
    },
    Signature {
        kind: ItemKind::Sequence,
        name: "Sequence",
        variadic: false,
        positional: &[
            "name",
            "start",
            "increment",
            "minvalue",
            "maxvalue",
            "nominvalue",
            "nomaxvalue",
            "cycle",
            "schema",
            "cache",
            "order",
            "data_type",
            "optional",
            "quote",
            "metadata",
            "quote_schema",
            "for_update",
        ],
        required: 1,
        keywords: &[],
        options: true,
    },
    Signature {
        kind: ItemKind::Identity,
        name: "Identity",
        variadic: false,
        positional: &[
            "always",
            "on_null",
            "start",
            "increment",
            "minvalue",
            "maxvalue",
            "nominvalue",
            "nomaxvalue",
            "cycle",
            "cache",
            "order",
        ],
        required: 0,
        keywords: &[],
        options: true,
    },
    Signature {
        kind: ItemKind::Computed,
        name: "Computed",
        variadic: false,
        positional: &["sqltext", "persisted"],
        required: 1,
        keywords: &[],
        options: true,
    },
    Signature {
        kind: ItemKind::FetchedValue,
        name: "FetchedValue",
        variadic: false,
        positional: &["for_update"],
        required: 0,
        keywords: &[],
        options: false,
    },
    Signature {
        kind: ItemKind::DefaultClause,
        name: "DefaultClause",
        variadic: false,
        positional: &["arg", "for_update", "_reflected"],
        required: 1,
        keywords: &[],
        options: false,
    },
    Signature {
        kind: ItemKind::ColumnDefault,
        name: "ColumnDefault",
        variadic: false,
        positional: &["arg", "for_update"],
        required: 1,
        keywords: &[],
        options: false,
    },
];

/// A constraint, index, sequence or default.
pub struct Item {
    /// Which one.
    pub kind: ItemKind,
    /// What it was given, by the names of the parameters; `*` are the positional rest.
    pub attrs: RefCell<Namespace>,
    /// Options for dialects.
    pub options: RefCell<Args>,
    /// When it was created, among the others.
    pub order: u64,
    /// The table that it is attached to.
    pub table: RefCell<Option<Weak<TableObject>>>,
}

impl Item {
    /// What a parameter was given.
    pub fn attr(&self, name: &str) -> Option<Value> {
        self.attrs.borrow().get(name).cloned()
    }

    /// What a parameter was given, unless that is `None`.
    pub fn some(&self, name: &str) -> Option<Value> {
        self.attr(name).filter(|value| !value.is_none())
    }

    /// The positional rest.
    pub fn rest(&self) -> Vec<Value> {
        match self.attr("*") {
            Some(Value::List(items)) => items.borrow().clone(),
            _ => Vec::new(),
        }
    }

    /// The table, while it exists.
    pub fn owner(&self) -> Option<Rc<TableObject>> {
        self.table.borrow().as_ref().and_then(Weak::upgrade)
    }

    fn signature(&self) -> &'static Signature {
        SIGNATURES
            .iter()
            .find(|signature| signature.kind == self.kind)
            .unwrap_or(&SIGNATURES[0])
    }

    /// An item made by Rust code.
    pub fn made(vm: &mut Vm, kind: ItemKind, attrs: Vec<(&str, Value)>) -> Rc<Self> {
        Rc::new(Self {
            kind,
            attrs: RefCell::new(
                attrs
                    .into_iter()
                    .map(|(name, value)| (Str::from(name), value))
                    .collect(),
            ),
            options: RefCell::default(),
            order: host(vm).next_order(),
            table: RefCell::default(),
        })
    }
}

struct ItemClass(&'static Signature);

impl NativeClass for ItemClass {
    fn construct(&self, vm: &mut Vm, _class: &Rc<Class>, args: Args) -> PyResult {
        let item = construct(vm, self.0, args)?;
        super::index::attach(vm, &item)?;
        Ok(Value::Native(item))
    }
}

fn construct(vm: &mut Vm, signature: &'static Signature, mut args: Args) -> PyResult<Rc<Item>> {
    let mut attrs = Namespace::default();
    let mut positional = std::mem::take(&mut args.pos).into_iter();
    for (index, parameter) in signature.positional.iter().enumerate() {
        let value = match positional.next() {
            Some(value) => Some(value),
            None => args.keyword(parameter),
        };
        match value {
            Some(value) => {
                attrs.insert(Str::from(*parameter), value);
            }
            None if index < signature.required => {
                return Err(raise::type_error(format!(
                    "{}.__init__() missing 1 required positional argument: '{parameter}'",
                    signature.name
                )));
            }
            None => {}
        }
    }
    let rest: Vec<Value> = positional.collect();
    if signature.variadic {
        attrs.insert(Str::from("*"), Value::list(rest));
    } else if !rest.is_empty() {
        let limit = signature.positional.len() + 1;
        return Err(raise::type_error(format!(
            "{}.__init__() takes at most {limit} positional arguments but {} were given",
            signature.name,
            limit + rest.len()
        )));
    }
    for keyword in signature.keywords {
        if let Some(value) = args.keyword(keyword) {
            attrs.insert(Str::from(*keyword), value);
        }
    }
    if !signature.options {
        super::super::convert::no_more(&args, &format!("{}.__init__", signature.name))?;
    }
    for (key, _) in &args.kw {
        if !key.contains('_') {
            return Err(raise::type_error(format!(
                "Additional arguments should be named <dialectname>_<argument>, got '{key}'"
            )));
        }
    }
    Ok(Rc::new(Item {
        kind: signature.kind,
        attrs: RefCell::new(attrs),
        options: RefCell::new(args),
        order: host(vm).next_order(),
        table: RefCell::default(),
    }))
}

/// `SchemaItem`.
pub fn base_class(vm: &mut Vm) -> Rc<Class> {
    classes::plain(vm, "sqlalchemy.sql.schema", "SchemaItem", || {
        classes::Maker::new(|_, _, _| Ok(Value::None))
    })
}

/// The class of an item.
pub fn class_by_name(vm: &mut Vm, name: &str) -> Option<Rc<Class>> {
    if name == "Constraint" {
        return Some(constraint_class(vm));
    }
    let signature = SIGNATURES.iter().find(|signature| signature.name == name)?;
    Some(class(vm, signature))
}

fn constraint_class(vm: &mut Vm) -> Rc<Class> {
    classes::get(vm, "Constraint", |vm| {
        let base = base_class(vm);
        Class::native(
            "sqlalchemy.sql.schema",
            "Constraint",
            vec![base],
            classes::Maker::new(|vm, _, _| Err(raise::unsupported(vm, "a bare Constraint()"))),
        )
    })
}

fn class(vm: &mut Vm, signature: &'static Signature) -> Rc<Class> {
    classes::get(vm, signature.name, |vm| {
        let base = match signature.kind {
            ItemKind::ForeignKeyConstraint
            | ItemKind::PrimaryKey
            | ItemKind::Unique
            | ItemKind::Check
            | ItemKind::Exclude => constraint_class(vm),
            ItemKind::Identity | ItemKind::Computed | ItemKind::DefaultClause => {
                match class_by_name(vm, "FetchedValue") {
                    Some(class) => class,
                    None => base_class(vm),
                }
            }
            _ => base_class(vm),
        };
        Class::native(
            "sqlalchemy.sql.schema",
            signature.name,
            vec![base],
            ItemClass(signature),
        )
    })
}

impl Native for Item {
    fn type_name(&self) -> &str {
        self.signature().name
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(class(vm, self.signature()))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if let Some(value) = super::members::attr(vm, self, name)? {
            return Ok(Some(value));
        }
        if let Some(value) = self.attr(name) {
            return Ok(Some(value));
        }
        let signature = self.signature();
        let this = this.clone();
        Ok(Some(match (self.kind, name) {
            (_, "table") => match self.owner() {
                Some(table) => Value::Native(table),
                None => Value::None,
            },
            (_, "copy" | "_copy") => Builtin::value("copy", move |_, _| Ok(this.clone())),
            (ItemKind::PrimaryKey | ItemKind::Unique, "columns")
            | (ItemKind::Index, "expressions" | "columns") => Value::list(self.rest()),
            (ItemKind::Sequence, "create" | "drop") => {
                let create = name == "create";
                Builtin::value("create", move |vm, _| create_or_drop(vm, &this, create))
            }
            (ItemKind::Index, "create" | "drop") => {
                let create = name == "create";
                Builtin::value("create", move |vm, _| {
                    super::ddl::create_or_drop_index(vm, &this, create)
                })
            }
            (ItemKind::Sequence, "next_value") => Builtin::value("next_value", move |vm, _| {
                let sequence = match this.downcast::<Item>() {
                    Some(item) => super::default::sequence(vm, &item)?,
                    None => return Ok(Value::None),
                };
                Ok(sql::wrap(crate::expression::Expression::untyped(
                    crate::expression::ExprKind::NextValue(sequence.schema, sequence.name),
                )))
            }),
            (ItemKind::ForeignKey, "target_fullname" | "_colspec") => {
                return Ok(self.attr("column"));
            }
            (_, "info") => match self.attr("info") {
                Some(info) => info,
                None => {
                    let info = Value::dict(crate::python::Dict::default());
                    let mut attrs = self.attrs.borrow_mut();
                    attrs.insert(Str::from(name), info.clone());
                    info
                }
            },
            (_, "dialect_options" | "kwargs" | "dialect_kwargs") => {
                let mut dict = crate::python::Dict::default();
                for (key, value) in &self.options.borrow().kw {
                    dict.insert(crate::python::DictKey::str(key), value.clone());
                }
                Value::dict(dict)
            }
            (_, name) => {
                if let Some((_, value)) = self
                    .options
                    .borrow()
                    .kw
                    .iter()
                    .find(|(key, _)| &**key == name)
                {
                    return Ok(Some(value.clone()));
                }
                let known =
                    signature.positional.contains(&name) || signature.keywords.contains(&name);
                let _ = vm;
                return Ok(known.then_some(Value::None));
            }
        }))
    }

    fn iter(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        super::members::columns(vm, self)
    }

    fn set_attr(&self, _this: &Value, _vm: &mut Vm, name: &str, value: Value) -> PyResult<bool> {
        self.attrs.borrow_mut().insert(Str::from(name), value);
        Ok(true)
    }
}

fn create_or_drop(vm: &mut Vm, this: &Value, create: bool) -> PyResult {
    let Some(item) = this.downcast::<Item>() else {
        return Ok(Value::None);
    };
    let sequence = super::default::sequence(vm, &item)?;
    let statement = if create {
        Executable::CreateSequence(sequence, false)
    } else {
        Executable::DropSequence(sequence, false)
    };
    record(vm, Operation::Execute { statement });
    Ok(Value::None)
}
