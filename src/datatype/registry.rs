//! One row a type: where Python code finds it, what it derives from, and what it is good for.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

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
    /// How `dialects/*.toml` call it: SQLAlchemy's visit name. Types that share one are written alike.
    pub visit: &'static str,
    /// The class that it derives from (a name of another row).
    pub parent: Option<&'static str>,
    /// How its values behave.
    pub family: Family,
    /// The constructor's parameters, in positional order. `*` first: takes any number of
    /// positional arguments.
    pub params: &'static [&'static str],
}

macro_rules! types {
    ($( $name:literal, $visit:literal : $parent:literal, $family:ident, [$($param:literal),*]; )+) => {
        static SPECS: &[TypeSpec] = &[$(TypeSpec {
            name: $name,
            visit: $visit,
            parent: parent($parent),
            family: Family::$family,
            params: &[$($param),*],
        }),+];
    };
}

const fn parent(name: &'static str) -> Option<&'static str> {
    if name.is_empty() { None } else { Some(name) }
}

// Names, bases and parameters as SQLAlchemy 2.1.9 has them.
types! {
    "ARRAY", "ARRAY": "", Array, ["item_type", "as_tuple", "dimensions", "zero_indexes"];
    "BIGINT", "BIGINT": "BigInteger", Integer, [];
    "BINARY", "BINARY": "", Binary, ["length"];
    "BLOB", "BLOB": "LargeBinary", Binary, ["length"];
    "BOOLEAN", "BOOLEAN": "Boolean", Boolean, ["create_constraint", "name"];
    "BigInteger", "big_integer": "Integer", Integer, [];
    "Boolean", "boolean": "", Boolean, ["create_constraint", "name"];
    "CHAR", "CHAR": "String", String, ["length", "collation", "collation_schema"];
    "CLOB", "CLOB": "Text", String, ["length", "collation", "collation_schema"];
    "DATE", "DATE": "Date", Date, [];
    "DATETIME", "DATETIME": "DateTime", DateTime, ["timezone"];
    "DECIMAL", "DECIMAL": "Numeric", Numeric, ["precision", "scale", "decimal_return_scale", "asdecimal"];
    "DOUBLE", "DOUBLE": "Double", Float, ["precision", "asdecimal", "decimal_return_scale"];
    "DOUBLE_PRECISION", "DOUBLE_PRECISION": "Double", Float, ["precision", "asdecimal", "decimal_return_scale"];
    "Date", "date": "", Date, [];
    "DateTime", "datetime": "", DateTime, ["timezone"];
    "Double", "double": "Float", Float, ["precision", "asdecimal", "decimal_return_scale"];
    "Enum", "enum": "String", Enum, ["*"];
    "FLOAT", "FLOAT": "Float", Float, ["precision", "asdecimal", "decimal_return_scale"];
    "Float", "float": "", Float, ["precision", "asdecimal", "decimal_return_scale"];
    "INTEGER", "INTEGER": "Integer", Integer, [];
    "Integer", "integer": "", Integer, [];
    "Interval", "type_decorator": "", Interval, ["native", "second_precision", "day_precision"];
    "JSON", "JSON": "", Json, ["none_as_null"];
    "LargeBinary", "large_binary": "", Binary, ["length"];
    "NCHAR", "NCHAR": "Unicode", Unicode, ["length", "collation", "collation_schema"];
    "NUMERIC", "NUMERIC": "Numeric", Numeric, ["precision", "scale", "decimal_return_scale", "asdecimal"];
    "NVARCHAR", "NVARCHAR": "Unicode", Unicode, ["length", "collation", "collation_schema"];
    "Numeric", "numeric": "", Numeric, ["precision", "scale", "decimal_return_scale", "asdecimal"];
    "PickleType", "type_decorator": "", Binary, ["protocol", "pickler", "comparator", "impl"];
    "REAL", "REAL": "Float", Float, ["precision", "asdecimal", "decimal_return_scale"];
    "SMALLINT", "SMALLINT": "SmallInteger", Integer, [];
    "SmallInteger", "small_integer": "Integer", Integer, [];
    "String", "string": "", String, ["length", "collation", "collation_schema"];
    "TEXT", "TEXT": "Text", String, ["length", "collation", "collation_schema"];
    "TIME", "TIME": "Time", Time, ["timezone"];
    "TIMESTAMP", "TIMESTAMP": "DateTime", DateTime, ["timezone"];
    "Text", "text": "String", String, ["length", "collation", "collation_schema"];
    "Time", "time": "", Time, ["timezone"];
    "UUID", "UUID": "Uuid", Uuid, ["as_uuid"];
    "Unicode", "unicode": "String", Unicode, ["length", "collation", "collation_schema"];
    "UnicodeText", "unicode_text": "Text", Unicode, ["length", "collation", "collation_schema"];
    "Uuid", "uuid": "", Uuid, ["as_uuid", "native_uuid"];
    "VARBINARY", "VARBINARY": "", Binary, ["length"];
    "VARCHAR", "VARCHAR": "String", String, ["length", "collation", "collation_schema"];
    "NullType", "null": "", Null, [];
    "postgresql.ARRAY", "ARRAY": "ARRAY", Array, ["item_type", "as_tuple", "dimensions", "zero_indexes"];
    "postgresql.AbstractMultiRange", "": "postgresql.AbstractRange", Other, [];
    "postgresql.AbstractRange", "": "", Other, [];
    "postgresql.AbstractSingleRange", "": "postgresql.AbstractRange", Other, [];
    "postgresql.BIT", "BIT": "", Other, ["length", "varying"];
    "postgresql.BYTEA", "BYTEA": "LargeBinary", Binary, ["length"];
    "postgresql.CIDR", "CIDR": "", Other, [];
    "postgresql.CITEXT", "CITEXT": "TEXT", String, ["length", "collation", "collation_schema"];
    "postgresql.DATEMULTIRANGE", "DATEMULTIRANGE": "postgresql.AbstractMultiRange", Range, [];
    "postgresql.DATERANGE", "DATERANGE": "postgresql.AbstractSingleRange", Range, [];
    "postgresql.DOMAIN", "DOMAIN": "postgresql.NamedType", Other, ["name", "data_type", "collation", "collation_schema", "default", "constraint_name", "not_null", "check", "create_type", "schema", "metadata", "inherit_schema", "quote"];
    "postgresql.ENUM", "enum": "postgresql.NamedType", Enum, ["*", "name", "create_type"];
    "postgresql.HSTORE", "HSTORE": "", Hstore, ["text_type"];
    "postgresql.INET", "INET": "", Other, [];
    "postgresql.INT4MULTIRANGE", "INT4MULTIRANGE": "postgresql.AbstractMultiRange", Range, [];
    "postgresql.INT4RANGE", "INT4RANGE": "postgresql.AbstractSingleRange", Range, [];
    "postgresql.INT8MULTIRANGE", "INT8MULTIRANGE": "postgresql.AbstractMultiRange", Range, [];
    "postgresql.INT8RANGE", "INT8RANGE": "postgresql.AbstractSingleRange", Range, [];
    "postgresql.INTERVAL", "INTERVAL": "", Interval, ["precision", "fields"];
    "postgresql.JSON", "JSON": "JSON", Json, ["none_as_null", "astext_type"];
    "postgresql.JSONB", "JSONB": "postgresql.JSON", Json, ["none_as_null", "astext_type"];
    "postgresql.JSONPATH", "JSONPATH": "", Other, [];
    "postgresql.MACADDR", "MACADDR": "", Other, [];
    "postgresql.MACADDR8", "MACADDR8": "", Other, [];
    "postgresql.MONEY", "MONEY": "", Other, [];
    "postgresql.NUMMULTIRANGE", "NUMMULTIRANGE": "postgresql.AbstractMultiRange", Range, [];
    "postgresql.NUMRANGE", "NUMRANGE": "postgresql.AbstractSingleRange", Range, [];
    "postgresql.NamedType", "": "", Other, [];
    "postgresql.OID", "OID": "", Other, [];
    "postgresql.REGCLASS", "REGCLASS": "", Other, [];
    "postgresql.REGCONFIG", "REGCONFIG": "", Other, [];
    "postgresql.TIME", "TIME": "TIME", Time, ["timezone", "precision"];
    "postgresql.TIMESTAMP", "TIMESTAMP": "TIMESTAMP", DateTime, ["timezone", "precision"];
    "postgresql.TSMULTIRANGE", "TSMULTIRANGE": "postgresql.AbstractMultiRange", Range, [];
    "postgresql.TSQUERY", "TSQUERY": "", Other, [];
    "postgresql.TSRANGE", "TSRANGE": "postgresql.AbstractSingleRange", Range, [];
    "postgresql.TSTZMULTIRANGE", "TSTZMULTIRANGE": "postgresql.AbstractMultiRange", Range, [];
    "postgresql.TSTZRANGE", "TSTZRANGE": "postgresql.AbstractSingleRange", Range, [];
    "postgresql.TSVECTOR", "TSVECTOR": "", Other, [];
    "mysql.BIGINT", "BIGINT": "BIGINT", Integer, ["display_width", "unsigned", "zerofill"];
    "mysql.BIT", "BIT": "", Other, ["length"];
    "mysql.CHAR", "CHAR": "CHAR", String, ["length", "collation", "charset", "ascii", "unicode", "binary", "national"];
    "mysql.DATETIME", "DATETIME": "DATETIME", DateTime, ["timezone", "fsp"];
    "mysql.DECIMAL", "DECIMAL": "DECIMAL", Numeric, ["precision", "scale", "asdecimal", "unsigned", "zerofill"];
    "mysql.DOUBLE", "DOUBLE": "DOUBLE", Float, ["precision", "scale", "asdecimal", "unsigned", "zerofill"];
    "mysql.ENUM", "ENUM": "Enum", Enum, ["*", "collation", "charset", "ascii", "unicode", "binary", "national"];
    "mysql.FLOAT", "FLOAT": "FLOAT", Float, ["precision", "scale", "asdecimal", "unsigned", "zerofill"];
    "mysql.INET4", "INET4": "", Other, [];
    "mysql.INET6", "INET6": "", Other, [];
    "mysql.INTEGER", "INTEGER": "INTEGER", Integer, ["display_width", "unsigned", "zerofill"];
    "mysql.JSON", "JSON": "JSON", Json, ["none_as_null"];
    "mysql.LONGBLOB", "LONGBLOB": "", Binary, ["length"];
    "mysql.LONGTEXT", "LONGTEXT": "String", String, ["collation", "charset", "ascii", "unicode", "binary", "national"];
    "mysql.MEDIUMBLOB", "MEDIUMBLOB": "", Binary, ["length"];
    "mysql.MEDIUMINT", "MEDIUMINT": "Integer", Integer, ["display_width", "unsigned", "zerofill"];
    "mysql.MEDIUMTEXT", "MEDIUMTEXT": "String", String, ["collation", "charset", "ascii", "unicode", "binary", "national"];
    "mysql.NCHAR", "NCHAR": "NCHAR", Unicode, ["length", "collation", "charset", "ascii", "unicode", "binary", "national"];
    "mysql.NUMERIC", "NUMERIC": "NUMERIC", Numeric, ["precision", "scale", "asdecimal", "unsigned", "zerofill"];
    "mysql.NVARCHAR", "NVARCHAR": "NVARCHAR", Unicode, ["length", "collation", "charset", "ascii", "unicode", "binary", "national"];
    "mysql.REAL", "REAL": "REAL", Float, ["precision", "scale", "asdecimal", "unsigned", "zerofill"];
    "mysql.SET", "SET": "String", String, ["*", "collation", "charset", "ascii", "unicode", "binary", "national"];
    "mysql.SMALLINT", "SMALLINT": "SMALLINT", Integer, ["display_width", "unsigned", "zerofill"];
    "mysql.TEXT", "TEXT": "TEXT", String, ["length", "collation", "charset", "ascii", "unicode", "binary", "national"];
    "mysql.TIME", "TIME": "TIME", Time, ["timezone", "fsp"];
    "mysql.TIMESTAMP", "TIMESTAMP": "TIMESTAMP", DateTime, ["timezone", "fsp"];
    "mysql.TINYBLOB", "TINYBLOB": "", Binary, ["length"];
    "mysql.TINYINT", "TINYINT": "Integer", Integer, ["display_width", "unsigned", "zerofill"];
    "mysql.TINYTEXT", "TINYTEXT": "String", String, ["collation", "charset", "ascii", "unicode", "binary", "national"];
    "mysql.VARCHAR", "VARCHAR": "VARCHAR", String, ["length", "collation", "charset", "ascii", "unicode", "binary", "national"];
    "mysql.YEAR", "YEAR": "", Other, ["display_width"];
    "sqlite.DATE", "date": "Date", Date, ["storage_format", "regexp"];
    "sqlite.DATETIME", "datetime": "DateTime", DateTime, ["storage_format", "regexp", "truncate_microseconds", "timezone"];
    "sqlite.JSON", "JSON": "JSON", Json, ["none_as_null"];
    "sqlite.JSONB", "JSONB": "sqlite.JSON", Json, ["none_as_null"];
    "sqlite.TIME", "time": "Time", Time, ["storage_format", "regexp", "truncate_microseconds", "timezone"];
    "mssql.BIT", "BIT": "Boolean", Boolean, ["create_constraint", "name"];
    "mssql.DATETIME2", "DATETIME2": "DateTime", DateTime, ["precision", "timezone"];
    "mssql.DATETIMEOFFSET", "DATETIMEOFFSET": "DateTime", DateTime, ["precision", "timezone"];
    "mssql.DOUBLE_PRECISION", "DOUBLE_PRECISION": "DOUBLE_PRECISION", Float, [];
    "mssql.IMAGE", "IMAGE": "LargeBinary", Binary, ["length"];
    "mssql.JSON", "JSON": "JSON", Json, ["none_as_null"];
    "mssql.MONEY", "MONEY": "", Other, [];
    "mssql.NTEXT", "NTEXT": "UnicodeText", Unicode, ["length", "collation", "collation_schema"];
    "mssql.REAL", "REAL": "REAL", Float, [];
    "mssql.ROWVERSION", "ROWVERSION": "mssql.TIMESTAMP", Binary, ["convert_int"];
    "mssql.SMALLDATETIME", "SMALLDATETIME": "DateTime", DateTime, ["timezone"];
    "mssql.SMALLMONEY", "SMALLMONEY": "", Other, [];
    "mssql.SQL_VARIANT", "SQL_VARIANT": "", Other, [];
    "mssql.TIME", "TIME": "TIME", Time, ["precision", "timezone"];
    "mssql.TIMESTAMP", "TIMESTAMP": "", Binary, ["convert_int"];
    "mssql.TINYINT", "TINYINT": "Integer", Integer, [];
    "mssql.UNIQUEIDENTIFIER", "UNIQUEIDENTIFIER": "Uuid", Uuid, ["as_uuid"];
    "mssql.VARBINARY", "VARBINARY": "VARBINARY", Binary, ["length", "filestream"];
    "mssql.XML", "XML": "Text", String, ["length", "collation", "collation_schema"];
    "oracle.BFILE", "BFILE": "LargeBinary", Binary, ["length"];
    "oracle.BINARY_DOUBLE", "BINARY_DOUBLE": "Double", Float, ["precision", "asdecimal", "decimal_return_scale"];
    "oracle.BINARY_FLOAT", "BINARY_FLOAT": "Float", Float, ["precision", "asdecimal", "decimal_return_scale"];
    "oracle.DATE", "DATE": "DateTime", DateTime, ["timezone"];
    "oracle.FLOAT", "FLOAT": "FLOAT", Float, ["binary_precision", "asdecimal", "decimal_return_scale"];
    "oracle.INTERVAL", "INTERVAL": "", Interval, ["day_precision", "second_precision"];
    "oracle.JSON", "JSON": "JSON", Json, ["none_as_null", "use_blob"];
    "oracle.LONG", "LONG": "Text", String, ["length", "collation", "collation_schema"];
    "oracle.NCLOB", "NCLOB": "Text", Unicode, ["length", "collation", "collation_schema"];
    "oracle.NUMBER", "NUMBER": "Numeric", Integer, ["precision", "scale", "asdecimal"];
    "oracle.NVARCHAR2", "NVARCHAR": "NVARCHAR", Unicode, ["length", "collation", "collation_schema"];
    "oracle.RAW", "RAW": "", Binary, ["length"];
    "oracle.ROWID", "ROWID": "", Other, [];
    "oracle.TIMESTAMP", "TIMESTAMP": "TIMESTAMP", DateTime, ["timezone", "local_timezone"];
    "oracle.VARCHAR2", "VARCHAR2": "VARCHAR", String, ["length", "collation", "collation_schema"];
    "oracle.VECTOR", "VECTOR": "", Other, ["dim", "storage_format", "storage_type"];
    "UserDefined", "user_defined": "", UserDefined, ["spec"];
}

/// The row called `name`.
pub fn spec(name: &str) -> Option<&'static TypeSpec> {
    static BY_NAME: OnceLock<FxHashMap<&'static str, &'static TypeSpec>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| SPECS.iter().map(|spec| (spec.name, spec)).collect());
    by_name.get(name).copied()
}

/// Every row.
pub fn specs() -> &'static [TypeSpec] {
    SPECS
}
