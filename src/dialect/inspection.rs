//! The form of what SQLAlchemy's `Inspector` answers about a database.

use serde::Deserialize;

/// Which keys the answers have, and what is not answered. What stands here for the dialects that
/// servers run is held against SQLAlchemy by `tests/oracle/inspect_cases.py`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Inspection {
    /// Whether a column says where it stands in the primary key, counted from 1.
    pub key_place: bool,
    /// Whether columns say if they count by themselves.
    pub counts: Counts,
    /// Whether columns have comments.
    pub column_comments: bool,
    /// Whether keys and constraints have comments.
    pub constraint_comments: bool,
    /// The option that lists the columns that an index or key only carries along.
    pub include: String,
    /// The option of unique constraints that lets one NULL be like another.
    pub nulls_not_distinct: String,
    /// Whether indexes have `dialect_options`.
    pub index_options: bool,
    /// Whether `unique` of an index is 1 or 0.
    pub unique_is_number: bool,
    /// Whether an index that comes with a unique constraint names it.
    pub index_names_constraint: bool,
    /// Whether a unique constraint names the index that comes with it.
    pub constraint_names_index: bool,
    /// Whether a foreign key that no index serves comes with one.
    pub keys_have_indexes: bool,
    /// Whether the primary key has a name of its own.
    pub key_has_name: bool,
    /// The default of a column that counts by a sequence of its own, with `{sequence}`.
    pub own_sequence: String,
    /// What the names begin with that the server invents for constraints without one.
    pub invented_prefixes: Vec<String>,
    /// Schemas that are always there.
    pub schemas: Vec<String>,
    /// The questions to which there is no answer (`NotImplementedError`).
    pub unanswered: Vec<String>,
}

/// Which columns say whether they count by themselves.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// All of them.
    #[default]
    All,
    /// Whole numbers.
    Numbers,
    /// None.
    Never,
}

impl Default for Inspection {
    fn default() -> Self {
        Self {
            key_place: false,
            counts: Counts::All,
            column_comments: true,
            constraint_comments: true,
            include: String::new(),
            nulls_not_distinct: String::new(),
            index_options: true,
            unique_is_number: false,
            index_names_constraint: true,
            constraint_names_index: false,
            keys_have_indexes: false,
            key_has_name: true,
            own_sequence: String::new(),
            invented_prefixes: Vec::new(),
            schemas: Vec::new(),
            unanswered: Vec::new(),
        }
    }
}
