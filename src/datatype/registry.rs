//! One row a type: where Python code finds it, what it derives from, and what it is good for.

/// How values of a type behave: how literals are written and which operators apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Family {
    Null,
    Integer,
    Numeric,
    Float,
    Boolean,
    String,
    Unicode,
    Enum,
    Date,
    DateTime,
    Time,
    Interval,
    Binary,
    Uuid,
    Json,
    Array,
    Range,
    Hstore,
    /// Types whose values have no literal form in SQLAlchemy.
    Other,
    /// A project's own type: `get_col_spec` gave the SQL.
    UserDefined,
}

/// One type.
#[derive(Debug, PartialEq, Eq)]
pub struct TypeSpec {
    /// The name in Python and the key in `dialects/*.toml` (`Integer`, `postgresql.JSONB`).
    pub name: &'static str,
    /// The class that it derives from (a name of another row).
    pub parent: Option<&'static str>,
    /// How its values behave.
    pub family: Family,
    /// The constructor's parameters, in positional order. `*` first: takes any number of
    /// positional arguments.
    pub params: &'static [&'static str],
}

macro_rules! types {
    ($( $name:literal : $parent:literal, $family:ident, [$($param:literal),*]; )+) => {
        static SPECS: &[TypeSpec] = &[$(TypeSpec {
            name: $name,
            parent: parent($parent),
            family: Family::$family,
            params: &[$($param),*],
        }),+];
    };
}

const fn parent(name: &'static str) -> Option<&'static str> {
    if name.is_empty() { None } else { Some(name) }
}

types! {
    "NullType": "", Null, [];
    "Integer": "", Integer, [];
    "SmallInteger": "Integer", Integer, [];
    "BigInteger": "Integer", Integer, [];
    "INTEGER": "Integer", Integer, [];
    "SMALLINT": "SmallInteger", Integer, [];
    "BIGINT": "BigInteger", Integer, [];
    "Numeric": "", Numeric, ["precision", "scale", "decimal_return_scale", "asdecimal"];
    "NUMERIC": "Numeric", Numeric, ["precision", "scale", "decimal_return_scale", "asdecimal"];
    "DECIMAL": "Numeric", Numeric, ["precision", "scale", "decimal_return_scale", "asdecimal"];
    "Float": "Numeric", Float, ["precision", "asdecimal", "decimal_return_scale"];
    "String": "", String, ["length", "collation"];
    "Text": "String", String, ["length", "collation"];
    "Boolean": "", Boolean, ["create_constraint", "name"];
    "DateTime": "", DateTime, ["timezone"];
    "Enum": "String", Enum, ["*"];
    "postgresql.JSONB": "JSON", Json, ["none_as_null", "astext_type"];
    "JSON": "", Json, ["none_as_null"];
    "UserDefined": "", UserDefined, ["spec"];
}

/// The row called `name`.
pub fn spec(name: &str) -> Option<&'static TypeSpec> {
    SPECS.iter().find(|spec| spec.name == name)
}

/// Every row.
pub fn specs() -> &'static [TypeSpec] {
    SPECS
}
