//! What is known of a product beside its locks: `[advice]` of `dialects/locks`.

use serde::Deserialize;

/// Types that a rule advises against.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discouraged {
    /// The rule.
    pub rule: String,
    /// The types as the product spells them, in upper case and without arguments.
    pub types: Vec<String>,
}

/// Types of one width.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Width {
    /// The bytes that a value takes, and that its place in a row is a multiple of.
    pub bytes: u32,
    /// The types as the product spells them, in upper case and without arguments.
    pub types: Vec<String>,
}

/// Facts that rules ask for. Shapes are words in upper case, with signs apart.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Advice {
    /// Types that rules advise against.
    pub discouraged: Vec<Discouraged>,
    /// Types that number rows by a sequence beside the table.
    pub serial: Vec<String>,
    /// The first version that writes hash indexes to its log; 0 where all do.
    pub hash_indexes_unsafe_before: u32,
    /// The first version that adds a label to an enum type in a transaction; 0 where all do.
    pub enum_values_outside_before: u32,
    /// Whether a constraint without a name gets another one on each server.
    pub random_constraint_names: bool,
    /// Shapes of constraints that are not held against the rows, and that queries do not trust.
    pub untrusted: Vec<String>,
    /// Shapes that make them trusted.
    pub validated: Vec<String>,
    /// Whether a column that is altered may hold NULL unless the statement says otherwise.
    pub altered_column_forgets_null: bool,
    /// Whether rows with NULL in a unique index are different.
    pub nulls_differ: bool,
    /// Whether DDL commits what came before.
    pub ddl_commits: bool,
    /// Whether an empty text is NULL.
    pub empty_string_is_null: bool,
    /// Shapes that only some editions take, and which.
    pub editions: Vec<(String, String)>,
    /// Whether the server itself makes an index for each foreign key.
    pub foreign_keys_have_indexes: bool,
    /// Whether REFERENCES behind a column is read and forgotten.
    pub ignores_inline_references: bool,
    /// Whether statements may ask for an algorithm and a lock.
    pub asks_for_algorithm: bool,
    /// Types of fixed width, where the order of columns matters to a row's length.
    pub widths: Vec<Width>,
}
