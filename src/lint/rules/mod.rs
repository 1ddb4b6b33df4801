//! The rules, one file each.

mod add_column_rewrite;
mod add_required_column;
mod add_unique;
mod backfill_under_lock;
mod blocking_algorithm;
mod blocking_index;
mod blocking_index_drop;
mod blocking_partition_detach;
mod blocking_refresh;
mod blocking_reindex;
mod change_type;
mod column_order;
mod concurrently_in_transaction;
mod constraint_index_build;
mod constraint_scan;
mod deprecated_type;
mod disable_trigger;
mod domain_constraint;
mod drop_column;
mod drop_column_rewrite;
mod drop_foreign_key;
mod drop_not_null;
mod drop_primary_key;
mod drop_schema;
mod drop_table;
mod drop_table_foreign_keys;
mod duplicate_assignment;
mod edited_released;
mod edition_dependent;
mod empty_string_is_null;
mod enum_value_in_transaction;
mod enum_value_order;
mod foreign_key_without_index;
mod hash_index;
mod held_locks;
mod implicit_commit;
mod index_gap;
mod inline_reference;
mod key_over_nullable;
mod lock_timeout;
mod long_identifier;
mod mismatched_reference;
mod missing_downgrade;
mod name_pattern;
mod no_primary_key;
mod not_repeatable;
mod nullable_by_omission;
mod overbroad_grant;
mod prefer_identity;
mod prefer_jsonb;
mod prefer_text;
mod prefer_timestamptz;
mod prefer_varchar;
mod rename;
mod require_schema;
mod rows_without_condition;
mod set_not_null;
mod several_foreign_keys;
mod several_heads;
mod short_key;
mod statement_timeout;
mod table_rewrite;
mod transaction_control;
mod truncate;
mod truncate_cascade;
mod unnamed_constraint;
mod unread_statement;
mod untrusted_constraint;
mod unused_allowance;
mod validate_in_transaction;
mod wide_index;

use super::rule::Rule;

pub(super) use unused_allowance::OF_ALLOWANCES;

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
    &truncate_cascade::TruncateCascade,
    &drop_foreign_key::DropForeignKey,
    &drop_table_foreign_keys::DropTableForeignKeys,
    &blocking_reindex::BlockingReindex,
    &blocking_partition_detach::BlockingDetach,
    &blocking_refresh::BlockingRefresh,
    &blocking_algorithm::BlockingAlgorithm,
    &drop_column_rewrite::DropColumnRewrite,
    &drop_primary_key::DropPrimaryKey,
    &index_gap::IndexGap,
    &several_foreign_keys::SeveralForeignKeys,
    &backfill_under_lock::BackfillHeld,
    &disable_trigger::ReadonlyTrigger,
    &drop_not_null::DropNotNull,
    &key_over_nullable::KeyOverNullable,
    &mismatched_reference::MismatchedReference,
    &domain_constraint::DomainConstraint,
    &duplicate_assignment::DuplicateAssignment,
    &empty_string_is_null::EmptyString,
    &nullable_by_omission::NullableByOmission,
    &untrusted_constraint::Untrusted,
    &implicit_commit::ImplicitCommit,
    &enum_value_in_transaction::EnumInTransaction,
    &prefer_varchar::PreferVarchar,
    &prefer_text::PreferText,
    &prefer_timestamptz::PreferTimestamptz,
    &deprecated_type::DeprecatedType,
    &prefer_identity::PreferIdentity,
    &enum_value_order::EnumOrder,
    &require_schema::RequireSchema,
    &statement_timeout::StatementTimeout,
    &not_repeatable::NotRepeatable,
    &wide_index::WideIndex,
    &hash_index::HashIndex,
    &name_pattern::NamePattern,
    &column_order::ColumnOrder,
    &inline_reference::InlineReference,
    &unnamed_constraint::UnnamedConstraint,
    &edition_dependent::EditionDependent,
    &foreign_key_without_index::ForeignKeyIndex,
    &overbroad_grant::OverbroadGrant,
    &unread_statement::UnreadStatement,
    &edited_released::EditedReleased,
    &missing_downgrade::MissingDowngrade,
    &several_heads::SeveralHeads,
    &unused_allowance::UnusedAllowance,
];

/// The rule of that name.
pub fn named(name: &str) -> Option<&'static dyn Rule> {
    ALL.iter().copied().find(|rule| rule.info().name == name)
}
