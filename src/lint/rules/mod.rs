//! The rules, one file each.

mod add_column_rewrite;
mod add_required_column;
mod add_unique;
mod blocking_index;
mod blocking_index_drop;
mod change_type;
mod concurrently_in_transaction;
mod constraint_index_build;
mod constraint_scan;
mod drop_column;
mod drop_schema;
mod drop_table;
mod held_locks;
mod lock_timeout;
mod long_identifier;
mod no_primary_key;
mod prefer_jsonb;
mod rename;
mod rows_without_condition;
mod set_not_null;
mod short_key;
mod table_rewrite;
mod transaction_control;
mod truncate;
mod validate_in_transaction;

use super::rule::Rule;

/// Every rule, in the order in which they are listed.
pub static ALL: &[&dyn Rule] = &[
    &drop_table::DropTable,
    &drop_column::DropColumn,
    &drop_schema::DropSchema,
    &truncate::Truncate,
    &rows_without_condition::RowsWithoutCondition,
    &add_required_column::AddRequiredColumn,
    &set_not_null::SetNotNull,
    &add_unique::AddUnique,
    &rename::Rename,
    &change_type::ChangeType,
    &blocking_index::BlockingIndex,
    &blocking_index_drop::BlockingIndexDrop,
    &constraint_scan::ConstraintScan,
    &constraint_index_build::ConstraintIndexBuild,
    &add_column_rewrite::AddColumnRewrite,
    &table_rewrite::TableRewrite,
    &validate_in_transaction::ValidateInTransaction,
    &concurrently_in_transaction::ConcurrentlyInTransaction,
    &transaction_control::TransactionControl,
    &held_locks::HeldLocks,
    &lock_timeout::LockTimeout,
    &long_identifier::LongIdentifier,
    &prefer_jsonb::PreferJsonb,
    &short_key::ShortKey,
    &no_primary_key::NoPrimaryKey,
];

/// The rule of that name.
pub fn named(name: &str) -> Option<&'static dyn Rule> {
    ALL.iter().copied().find(|rule| rule.info().name == name)
}
