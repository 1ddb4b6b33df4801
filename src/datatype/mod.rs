//! Column types, neutral to the dialect. Rank 1. How a dialect spells them is in `dialects/*.toml`.

mod registry;

pub use registry::{Family, TypeSpec, spec, specs};

use std::sync::Arc;

/// An argument of a type.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeArg {
    /// `True`/`False`.
    Bool(bool),
    /// A number.
    Int(i64),
    /// Text.
    Str(Arc<str>),
    /// Another type (the item type of `ARRAY`, the implementation of a decorator).
    Type(Box<DataType>),
    /// Several values.
    List(Vec<TypeArg>),
}

/// A column type: a row of the registry with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct DataType {
    /// The row of the registry.
    pub spec: &'static TypeSpec,
    /// The arguments that were given, by the names in `spec.params` (arguments that are `None`
    /// are left out).
    pub args: Vec<(&'static str, TypeArg)>,
    /// Set for `Enum` and the dialects' own enum types.
    pub enumeration: Option<Arc<EnumType>>,
    /// Other types for particular dialects (`with_variant`), in order.
    pub variants: Vec<(Arc<str>, DataType)>,
    /// For constraints that a type brings along (`Boolean(create_constraint=True, name=…)`).
    pub constraint_name: Option<crate::datatype::TypeName>,
    /// What values go through on their way into a column of the type.
    pub processor: Processor,
    /// How a project's own type is written in Python, where that is wanted.
    pub written: Written,
}

/// A type in Python. It is no part of what the type is to a database: all are equal.
#[derive(Clone, Debug, Default)]
pub struct Written(pub Option<Arc<str>>);

impl PartialEq for Written {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

/// The front-end's number for what a type written in Python does to values. It is no part of what
/// the type is to a database: types that differ in nothing else are equal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Processor(pub Option<usize>);

impl PartialEq for Processor {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

/// A name given to a type's constraint, and whether a naming convention still applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// The name.
    pub name: Arc<str>,
    /// `op.f()`: final.
    pub is_final: bool,
}

/// An enumerated type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumType {
    /// The name; PostgreSQL requires one.
    pub name: Option<Arc<str>>,
    /// The schema it lives in.
    pub schema: Option<Arc<str>>,
    /// The labels, in order.
    pub labels: Vec<Arc<str>>,
    /// A label that is no text, as Python writes it: such a type can be used, but not created.
    pub unwritable: Option<Arc<str>>,
    /// Whether a native type is used where the dialect has one.
    pub native: bool,
    /// Whether a CHECK constraint is made where there is no native type.
    pub create_constraint: bool,
    /// PostgreSQL's `create_type`.
    pub create_type: bool,
    /// The length of the character type that stands in; by default that of the longest label.
    pub length: Option<i64>,
    /// Whether the type takes the schema of the table that it is used in.
    pub inherit_schema: bool,
}

impl DataType {
    /// A type without arguments.
    pub fn new(spec: &'static TypeSpec) -> Self {
        Self {
            spec,
            args: Vec::new(),
            enumeration: None,
            variants: Vec::new(),
            constraint_name: None,
            processor: Processor::default(),
            written: Written::default(),
        }
    }

    /// The argument called `name`.
    pub fn arg(&self, name: &str) -> Option<&TypeArg> {
        self.args
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// A whole-number argument.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.arg(name) {
            Some(TypeArg::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// The row that it counts as: its own, or where a project spells one of SQLAlchemy's types itself,
    /// that type's (`("affinity", NAME)`).
    pub fn affinity(&self) -> &'static TypeSpec {
        self.text("affinity")
            .and_then(registry::spec)
            .unwrap_or(self.spec)
    }

    /// A text argument.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.arg(name) {
            Some(TypeArg::Str(text)) => Some(text),
            _ => None,
        }
    }

    /// A flag, false when it was not given.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.arg(name), Some(TypeArg::Bool(true)))
    }

    /// The type that is used on a dialect: the variant for it, or this type.
    pub fn for_dialect(&self, dialect: &str) -> &DataType {
        self.variants
            .iter()
            .find(|(name, _)| &**name == dialect)
            .map_or(self, |(_, variant)| variant)
    }
}
