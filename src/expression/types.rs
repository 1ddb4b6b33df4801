//! What type a value or the result of an operator has.

use std::sync::LazyLock;

use super::{Literal, Operator};
use crate::datatype::{DataType, Family, TypeArg, TypeSpec, spec, specs};

/// The type called `name` in the registry, without arguments.
pub fn typed(name: &str) -> DataType {
    spec(name).map_or_else(null_type, DataType::new)
}

/// The type of what has none.
pub fn null_type() -> DataType {
    static NULL: LazyLock<Option<&'static TypeSpec>> =
        LazyLock::new(|| spec("NullType").or_else(|| specs().first()));
    match *NULL {
        Some(spec) => DataType::new(spec),
        None => DataType::new(&FALLBACK),
    }
}

static FALLBACK: TypeSpec = TypeSpec {
    name: "NullType",
    visit: "null",
    parent: None,
    family: Family::Null,
    params: &[],
};

/// `Boolean`.
pub fn boolean() -> DataType {
    static BOOLEAN: LazyLock<Option<&'static TypeSpec>> = LazyLock::new(|| spec("Boolean"));
    BOOLEAN.map_or_else(null_type, DataType::new)
}

/// The kind of type, for the rules of operators. Types that derive from `String` are strings.
pub fn affinity(data_type: &DataType) -> Family {
    match data_type.spec.family {
        Family::Unicode | Family::Enum => Family::String,
        family => family,
    }
}

/// The type that a Python value has on its own.
pub fn of_literal(value: &Literal) -> DataType {
    match value {
        Literal::Null | Literal::Other(_) | Literal::Json(_) | Literal::List(_) => null_type(),
        Literal::Bool(_) => boolean(),
        Literal::Int(_) => typed("Integer"),
        Literal::Float(_) => {
            let double = typed("Double");
            if double.spec.family == Family::Null {
                typed("Float")
            } else {
                double
            }
        }
        Literal::Decimal(_) => typed("Numeric"),
        Literal::Str(text) => {
            if text.is_ascii() {
                typed("String")
            } else {
                let unicode = typed("Unicode");
                if unicode.spec.family == Family::Null {
                    typed("String")
                } else {
                    unicode
                }
            }
        }
        Literal::Bytes(_) => typed("LargeBinary"),
        Literal::Date(_) => typed("Date"),
        Literal::DateTime { offset, .. } => {
            let mut data_type = typed("DateTime");
            if offset.is_some() {
                data_type.args.push(("timezone", TypeArg::Bool(true)));
            }
            data_type
        }
        Literal::Time { .. } => typed("Time"),
        Literal::Interval { .. } => typed("Interval"),
        Literal::Uuid(_) => typed("Uuid"),
        Literal::Member(..) => typed("Enum"),
    }
}

/// The type of a value that stands beside an expression of type `data_type`.
pub fn coerce_compared(data_type: &DataType, operator: &Operator, value: &Literal) -> DataType {
    let own = match value {
        // A list for IN is typed by its first item.
        Literal::List(items) if matches!(operator, Operator::In | Operator::NotIn) => {
            items.first().map_or_else(null_type, of_literal)
        }
        value => of_literal(value),
    };
    match data_type.spec.family {
        Family::Binary | Family::Uuid if matches!(value, Literal::Str(_)) => {
            return data_type.clone();
        }
        Family::UserDefined => return data_type.clone(),
        // A member of a container, or a document, is compared as what it is.
        Family::Json | Family::Hstore
            if matches!(
                operator,
                Operator::JsonGetItem | Operator::JsonPathGetItem | Operator::GetItem
            ) =>
        {
            return own;
        }
        _ => {}
    }
    if own.spec.family == Family::Null || affinity(&own) == affinity(data_type) {
        data_type.clone()
    } else {
        own
    }
}

/// The operator and type of `left op right`, which depend on both types (`+` of strings is `||`).
pub fn result_type(operator: Operator, left: &DataType, right: &DataType) -> (Operator, DataType) {
    use Family as F;
    use Operator as O;
    let (a, b) = (affinity(left), affinity(right));
    if let O::Custom(custom) = &operator {
        let result = match &custom.return_type {
            Some(result) => result.clone(),
            None if custom.is_comparison => boolean(),
            None => left.clone(),
        };
        return (operator, result);
    }
    let result = match (a, &operator, b) {
        (F::Null, _, _) => {
            // An unknown left side takes over the rules of the right side.
            if b == F::Null || operator.is_comparison() {
                return (operator, left.clone());
            }
            return result_of_unknown(operator, left, right);
        }
        (
            F::String | F::Array | F::Json | F::Hstore,
            O::Add,
            F::String | F::Array | F::Json | F::Hstore | F::Null,
        ) => return (O::Concat, left.clone()),
        (F::Integer, O::Div, F::Integer) => typed("Numeric"),
        (F::Integer, O::Add, F::Date) => right.clone(),
        (F::Integer, O::Mul, F::Interval) => right.clone(),
        (F::Integer, O::Add | O::Sub | O::Mul | O::Div, F::Numeric | F::Float) => right.clone(),
        (F::Integer, O::FloorDiv, F::Numeric) => right.clone(),
        (F::Numeric | F::Float, O::Mul, F::Interval) => right.clone(),
        (F::DateTime, O::Sub, F::DateTime) => typed("Interval"),
        (F::Date, O::Add | O::Sub, F::Interval) | (F::Date, O::Add, F::Time) => typed("DateTime"),
        (F::Date, O::Sub, F::Date) => typed("Integer"),
        (F::Date, O::Sub, F::DateTime) => typed("Interval"),
        (F::Time, O::Add, F::Date) => typed("DateTime"),
        (F::Time, O::Sub, F::Time) => typed("Interval"),
        (F::Interval, O::Add, F::Date | F::DateTime) => typed("DateTime"),
        (F::Interval, O::Add, F::Time) => typed("Time"),
        _ => left.clone(),
    };
    (operator, result)
}

/// `NullType` asks the other side's rules, with the sides exchanged for commutative operators.
fn result_of_unknown(
    operator: Operator,
    left: &DataType,
    right: &DataType,
) -> (Operator, DataType) {
    if matches!(operator, Operator::Add | Operator::Mul) {
        result_type(operator, right, left)
    } else {
        (operator, left.clone())
    }
}

/// The type of an index into a JSON document (`doc["a"]`), which dialects write as a path.
pub fn json_index() -> DataType {
    static SPEC: TypeSpec = TypeSpec {
        name: "JSONIndex",
        visit: "JSONIndex",
        parent: None,
        family: Family::Other,
        params: &[],
    };
    DataType::new(&SPEC)
}

/// Whether a type is that of [`json_index`].
pub fn is_json_index(data_type: &DataType) -> bool {
    data_type.spec.name == "JSONIndex"
}

/// The type of a row `(a, b)`.
pub fn tuple_type(types: Vec<DataType>) -> DataType {
    static SPEC: TypeSpec = TypeSpec {
        name: "TupleType",
        visit: "TupleType",
        parent: None,
        family: Family::Other,
        params: &["types"],
    };
    let mut data_type = DataType::new(&SPEC);
    let types = types
        .into_iter()
        .map(|member| TypeArg::Type(Box::new(member)))
        .collect();
    data_type.args.push(("types", TypeArg::List(types)));
    data_type
}

/// The type of the items of an array.
pub fn item_type(data_type: &DataType) -> Option<DataType> {
    match data_type.arg("item_type") {
        Some(TypeArg::Type(item)) => Some((**item).clone()),
        _ => None,
    }
}

/// An array of items of a type.
pub fn array_of(item: &DataType) -> DataType {
    let mut data_type = typed("ARRAY");
    if data_type.spec.family != Family::Null {
        data_type
            .args
            .push(("item_type", TypeArg::Type(Box::new(item.clone()))));
    }
    data_type
}
