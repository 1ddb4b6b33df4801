//! The order of `MetaData.sorted_tables`.

use rustc_hash::FxHashSet;

use super::super::order::referent;
use crate::catalog::{Catalog, ConstraintKind, Key};

/// The tables in layers, each of which refers to the layers before it only, and by name within a
/// layer. Tables that refer to each other in a circle come as if they did not.
pub(super) fn sorted<'a>(tables: &[&'a Key], catalog: &Catalog) -> Vec<&'a Key> {
    let mut left: Vec<&Key> = tables.to_vec();
    left.sort_by_key(|key| full_name(key));
    let mut waiting: FxHashSet<&Key> = left.iter().copied().collect();
    let mut done = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = |key: &&Key| {
            !needs(key, catalog)
                .iter()
                .any(|other| waiting.contains(other))
        };
        let (mut layer, mut rest): (Vec<&Key>, Vec<&Key>) = left.iter().partition(|key| free(key));
        if layer.is_empty() {
            let (first, others) = circle(&left, &waiting, catalog);
            layer = first;
            rest = others;
        }
        for key in &layer {
            waiting.remove(key);
        }
        done.extend(layer);
        left = rest;
    }
    done
}

/// Those that take part in a circle, and those that only come after one.
fn circle<'a>(
    left: &[&'a Key],
    waiting: &FxHashSet<&'a Key>,
    catalog: &Catalog,
) -> (Vec<&'a Key>, Vec<&'a Key>) {
    let mut inside: FxHashSet<&Key> = waiting.clone();
    loop {
        // Whoever nobody in the rest needs is in no circle.
        let needed: FxHashSet<Key> = inside.iter().flat_map(|key| needs(key, catalog)).collect();
        let kept: FxHashSet<&Key> = inside
            .iter()
            .copied()
            .filter(|key| needed.contains(*key))
            .collect();
        if kept.len() == inside.len() || kept.is_empty() {
            break;
        }
        inside = kept;
    }
    left.iter().partition(|key| inside.contains(*key))
}

/// How the table is called in a `MetaData`.
fn full_name((schema, name): &Key) -> String {
    match schema {
        Some(schema) => format!("{schema}.{name}"),
        None => name.to_string(),
    }
}

/// The other tables that a table refers to, but for what is added later.
fn needs(table: &Key, catalog: &Catalog) -> Vec<Key> {
    let constraints = catalog
        .table_by_key(table)
        .into_iter()
        .flat_map(|table| &table.constraints);
    constraints
        .filter(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(key) => !key.use_alter,
            _ => false,
        })
        .filter_map(referent)
        .filter(|other| other != table)
        .collect()
}
