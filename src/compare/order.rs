//! Tables in the order in which a database can create them.

use rustc_hash::FxHashMap;

use crate::catalog::{Catalog, Constraint, ConstraintKind, Key, key};

/// The tables, each after those that it refers to. Where references go round in a circle, some
/// table comes before one that it refers to. Otherwise the order stays as it is.
pub(super) fn by_reference<'a>(tables: &[&'a Key], catalog: &Catalog) -> Vec<&'a Key> {
    let mut begun: FxHashMap<&'a Key, bool> = tables.iter().map(|table| (*table, false)).collect();
    let mut ordered = Vec::with_capacity(tables.len());
    for table in tables {
        // Not recursive: chains of references can be as long as there are tables.
        let mut stack: Vec<(&'a Key, Vec<Key>)> = Vec::new();
        stack.extend(begin(table, &mut begun, catalog));
        while let Some((table, pending)) = stack.last_mut() {
            match pending.pop() {
                Some(next) => stack.extend(begin(&next, &mut begun, catalog)),
                None => {
                    ordered.push(*table);
                    stack.pop();
                }
            }
        }
    }
    ordered
}

/// The tables that come before this one, in reverse; nothing when it has been looked at.
fn begin<'a>(
    table: &Key,
    begun: &mut FxHashMap<&'a Key, bool>,
    catalog: &Catalog,
) -> Option<(&'a Key, Vec<Key>)> {
    let (&key, &done) = begun.get_key_value(table)?;
    if done {
        return None;
    }
    begun.insert(key, true);
    let mut pending: Vec<Key> = catalog
        .table_by_key(table)
        .into_iter()
        .flat_map(|table| &table.constraints)
        .filter_map(referent)
        .collect();
    pending.reverse();
    Some((key, pending))
}

/// The table that a foreign key refers to.
pub(super) fn referent(constraint: &Constraint) -> Option<Key> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(foreign_key) => Some(key(&foreign_key.referent)),
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclude(_) => None,
    }
}
