//! Functions by their kind: those that make one value of all rows, and those that have one for each.

use super::Cell;

/// What an aggregate function gives over no rows; `None` for other functions.
pub(super) fn aggregate(name: &str) -> Option<Cell> {
    const OTHERS: &[&str] = &[
        "array_agg",
        "avg",
        "bit_and",
        "bit_or",
        "bool_and",
        "bool_or",
        "every",
        "json_agg",
        "jsonb_agg",
        "json_object_agg",
        "jsonb_object_agg",
        "max",
        "min",
        "string_agg",
        "sum",
    ];
    if name.eq_ignore_ascii_case("count") {
        return Some(Cell::Zero);
    }
    OTHERS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
        .then_some(Cell::Null)
}

/// Whether a function is known to be no aggregate.
pub(in crate::frontend::sql) fn is_scalar(name: &str) -> bool {
    const KNOWN: &[&str] = &[
        "abs",
        "cast",
        "ceil",
        "char_length",
        "coalesce",
        "concat",
        "date",
        "date_part",
        "date_trunc",
        "datetime",
        "floor",
        "gen_random_uuid",
        "greatest",
        "hex",
        "ifnull",
        "instr",
        "json_array",
        "json_build_object",
        "json_extract",
        "json_object",
        "jsonb_build_object",
        "least",
        "left",
        "length",
        "lower",
        "lpad",
        "ltrim",
        "md5",
        "now",
        "nullif",
        "random",
        "randomblob",
        "regexp_replace",
        "replace",
        "right",
        "round",
        "row_number",
        "rpad",
        "rtrim",
        "split_part",
        "strftime",
        "strpos",
        "substr",
        "substring",
        "to_char",
        "to_json",
        "to_jsonb",
        "to_timestamp",
        "trim",
        "upper",
        "uuid_generate_v4",
    ];
    KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))
}
