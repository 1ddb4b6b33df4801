//! What the dialects spell differently, read from `dialects/expressions.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// How one dialect spells expressions.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expressions {
    /// `true`.
    pub true_text: String,
    /// `false`.
    pub false_text: String,
    /// Whether a boolean column is a condition by itself.
    pub native_boolean: bool,
    /// Whether `ILIKE` exists.
    pub ilike: bool,
    /// `operator` (`a || b`) or `function` (`concat(a, b)`).
    pub concat: String,
    /// How rows are limited: `limit`, `limit_offset`, `limit_comma`, `top`, `fetch`.
    pub limit: String,
    /// How `FETCH FIRST` writes its count: with parentheses or without.
    pub fetch_parentheses: bool,
    /// `a / b` of integers: `cast`, `plus_zero` or `plain`.
    pub division: String,
    /// `//` of integers: whether `/` does it.
    pub integer_division: bool,
    /// `IS DISTINCT FROM`: `standard`, `is_not`, `spaceship`.
    pub distinct_from: String,
    /// `^` between bits.
    pub bit_xor: String,
    /// The text inside an empty IN: `null` or `select`.
    pub empty_in: String,
    /// The SELECT inside an empty IN.
    pub empty_set: String,
    /// Whether rows inside IN are preceded by VALUES.
    pub tuple_values: bool,
    /// `match`: the text before and after the pattern.
    pub match_form: Vec<String>,
    /// Regular expressions: matching, not matching, matching without regard to case.
    pub regexp: Vec<String>,
    /// The function that replaces by regular expression.
    pub regexp_replace: String,
    /// How JSON is accessed: `arrow`, `extract_sqlite`, `extract_mysql`, `value_mssql`.
    pub json: String,
    /// Whether `ARRAY[…]` exists.
    pub arrays: bool,
    /// Whether an item of an HSTORE is written as a subscript (`h['k']`).
    pub hstore_subscripts: bool,
    /// Functions with another name here; without parentheses when the name has an `!` at its end,
    /// or a whole call with `{0}` and `{1}` for the arguments, `{*}` for all of them.
    pub functions: BTreeMap<String, String>,
    /// Fields of EXTRACT and what they are called.
    pub extract: BTreeMap<String, String>,
    /// The form of EXTRACT, with `{field}` and `{expr}`.
    pub extract_form: String,
    /// `SUBSTRING(x FROM y FOR z)`.
    pub substring_from: bool,
    /// `FOR UPDATE`: `none`, `standard`, `full` or `mysql`.
    pub for_update: String,
    /// Whether `DISTINCT ON` exists.
    pub distinct_on: bool,
    /// RETURNING: `qualified`, `plain`, `output`, `into` or `none`.
    pub returning: String,
    /// Whether generated keys are fetched with RETURNING.
    pub implicit_returning: bool,
    /// UPDATE of several tables: `from`, `tables`, `from_target` or `none`.
    pub update_from: String,
    /// DELETE with several tables: `using`, `from_using`, `from_target` or `none`.
    pub delete_from: String,
    /// INSERT without columns: `default_values`, `empty`, or `none` where the database has neither
    /// and SQLAlchemy writes the empty one.
    pub empty_insert: String,
    /// Whether several rows fit in one VALUES.
    pub multi_values: bool,
    /// Whether WITH follows INSERT.
    pub cte_follows_insert: bool,
    /// `WITH` of a recursive query.
    pub recursive_with: String,
    /// The word between a table and its alias.
    pub alias_word: String,
    /// What is selected from when there is no table.
    pub from_nothing: String,
    /// The next value of a sequence, with `{literal}` and `{name}`.
    pub next_value: String,
    /// `ON CONFLICT`, `ON DUPLICATE KEY` or nothing: `conflict`, `conflict_plain`, `duplicate`.
    pub upsert: String,
    /// Types that CAST cannot name, by family, and what is written instead.
    pub cast_types: BTreeMap<String, String>,
    /// `TRY_CAST`, with a space if the dialect is written so; empty where there is none.
    pub try_cast: String,
    /// `JOIN` or `INNER JOIN`.
    pub inner_join: String,
    /// Functions that stand for the operators on bits: `&`, `|`, `^`; `~` and shifts do not exist then.
    pub bit_functions: Vec<String>,
    /// What is selected from when there is only a WHERE.
    pub from_nothing_filtered: String,
    /// Whether RETURNING has no labels.
    pub returning_unlabelled: bool,
    /// Whether placeholders carry their type (`:x::INTEGER`).
    pub typed_placeholders: bool,
    /// Whether tables in UPDATE's SET are named when several are updated.
    pub set_qualified: bool,
    /// `EXCEPT`.
    pub except_word: String,
    /// Whether the name of a collation is written without quotes.
    pub plain_collations: bool,
    /// What CAST calls strings, with `{length}`, where it is another name than that of columns.
    pub cast_string: String,
    /// The length where none is said.
    pub cast_length: String,
    /// Whether values stand right of `=`.
    pub values_right: bool,
    /// Whether a subquery has no ORDER BY, unless it counts its rows.
    pub unordered_subqueries: bool,
    /// Whether OFFSET and FETCH need an ORDER BY.
    pub offset_needs_order: bool,
    /// A function that rows are selected from, with `{call}`; empty where it stands by itself.
    pub table_function: String,
    /// Flags of a regular expression as a part of it, with `{flags}` and `{pattern}`.
    pub regexp_flags: String,
    /// Whether NULLS FIRST exists.
    pub order_aggregate: bool,
}

static SECTIONS: LazyLock<BTreeMap<String, toml::Table>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../dialects/expressions.toml")).unwrap_or_default()
});

static NEUTRAL: LazyLock<Expressions> =
    LazyLock::new(|| section("default").map(read).unwrap_or_default());

fn section(name: &str) -> Option<toml::Table> {
    SECTIONS.get(name).cloned()
}

fn read(table: toml::Table) -> Expressions {
    toml::Value::Table(table).try_into().unwrap_or_default()
}

impl Expressions {
    /// Whether `||` between texts puts one behind the other.
    pub fn joins_texts(&self) -> bool {
        self.concat == "operator"
    }

    /// No database in particular: `str(statement)`.
    pub fn neutral() -> &'static Self {
        &NEUTRAL
    }

    /// The section of the nearest dialect that has one, with `own` laid over it.
    pub(super) fn of(lineage: &[String], own: &toml::Table) -> Self {
        let base = lineage.iter().find_map(|name| section(name));
        let mut table = base.or_else(|| section("default")).unwrap_or_default();
        super::layers::merge(&mut table, own.clone());
        read(table)
    }

    /// What is wrong with a table of these, if anything is.
    pub(super) fn fault(table: &toml::Table) -> Option<String> {
        let read: std::result::Result<Self, _> = toml::Value::Table(table.clone()).try_into();
        read.err().map(|error| error.message().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Expressions;

    #[test]
    fn the_file_can_be_read() {
        assert!(super::SECTIONS.len() > 6);
        for (name, table) in super::SECTIONS.iter() {
            assert_eq!(Expressions::fault(table), None, "{name}");
        }
    }
}
