//! Tables before and after a revision, as the statements that would create them.

use std::rc::Rc;

use indexmap::IndexMap;
use similar::{Algorithm, ChangeTag, capture_diff_slices};

use super::model::{Line, LineKind, TableChange};
use crate::catalog::{Catalog, Key, Table, TableName, key};
use crate::dialect::Dialect;
use crate::lint::{Action, Step};
use crate::lower::{Body, LowerOptions, Lowering};
use crate::operation::{self, Along, Located, Operation};
use crate::render::Renderer;

/// Writes definitions of tables in a dialect.
pub(super) struct Definitions<'a> {
    dialect: &'a Rc<Dialect>,
    renderer: Renderer,
}

impl<'a> Definitions<'a> {
    pub(super) fn new(dialect: &'a Rc<Dialect>) -> Self {
        Self {
            dialect,
            renderer: Renderer::new(Rc::clone(dialect)),
        }
    }

    /// The tables that a step changes.
    pub(super) fn changed(&self, step: &Step) -> Vec<TableChange> {
        let mut catalog = Catalog::new(self.dialect.facts().features.server_naming);
        // Each table by its name at the end of the step, with its form before the step.
        let mut touched: IndexMap<Key, (TableName, Option<Rc<Table>>)> = IndexMap::new();
        for effect in step.changes.iter().flat_map(|change| &change.effects) {
            let Action::Operation(operation) = &effect.action else {
                continue;
            };
            if let Some(table) = &effect.table {
                touched.entry(key(table)).or_insert_with(|| {
                    if let Some(before) = &effect.before {
                        catalog.create_table(before);
                    }
                    (table.clone(), effect.before.clone())
                });
            }
            operation::apply(operation, &mut catalog);
            if let Operation::RenameTable { table, new_name } = operation
                && let Some((_, before)) = touched.shift_remove(&key(table))
            {
                let mut renamed = table.clone();
                renamed.name = new_name.clone();
                touched.insert(key(&renamed), (renamed, before));
            }
        }
        touched
            .values()
            .filter_map(|(name, before)| {
                let before = before.as_ref().map(|table| self.lines(table));
                let after = catalog.table(name).map(|table| self.lines(table));
                change(self.dialect.table_name(name), before, after)
            })
            .collect()
    }

    /// The definition of a table with its indexes; empty where the dialect cannot say it.
    fn lines(&self, table: &Rc<Table>) -> Vec<String> {
        let options = LowerOptions {
            literal_binds: true,
            ..LowerOptions::default()
        };
        let mut lowering = Lowering::new(Rc::clone(self.dialect), options);
        let mut bare = Table::clone(table);
        let indexes = std::mem::take(&mut bare.indexes);
        let attached = std::mem::take(&mut bare.attached);
        let name = bare.name.clone();
        let create = Operation::CreateTable {
            table: bare,
            if_not_exists: false,
            along: Along::Everything,
            convention: None,
        };
        let indexes = indexes.into_iter().map(|index| Operation::CreateIndex {
            table: name.clone(),
            index,
            if_not_exists: false,
        });
        let mut lines = Vec::new();
        for operation in std::iter::once(create).chain(indexes) {
            let located = Located {
                operation,
                location: None,
                stack: Vec::new(),
                spelled: Vec::new(),
            };
            let Ok(statements) = lowering.lower(&located, None) else {
                continue;
            };
            for statement in statements {
                // Types that come along are not the table's.
                let Body::Template { name, .. } = &statement.body else {
                    continue;
                };
                if *name == "create_enum" {
                    continue;
                }
                if let Ok(Some(text)) = self.renderer.render(&statement) {
                    let text = text.lines().map(|line| line.trim_end_matches([' ', ',']));
                    lines.extend(text.filter(|line| !line.is_empty()).map(str::to_owned));
                }
            }
        }
        for written in &attached {
            lines.extend(written.sql.lines().map(str::to_owned));
        }
        lines
    }
}

fn change(
    table: String,
    before: Option<Vec<String>>,
    after: Option<Vec<String>>,
) -> Option<TableChange> {
    let change = match (&before, &after) {
        (None, None) => return None,
        (None, Some(_)) => "created",
        (Some(_), None) => "dropped",
        (Some(_), Some(_)) => "changed",
    };
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    if before == after {
        return None;
    }
    let operations = capture_diff_slices(Algorithm::Myers, &before, &after);
    let lines = operations
        .iter()
        .flat_map(|operation| operation.iter_changes(&before, &after))
        .map(|change| Line {
            kind: match change.tag() {
                ChangeTag::Equal => LineKind::Same,
                ChangeTag::Delete => LineKind::Removed,
                ChangeTag::Insert => LineKind::Added,
            },
            text: change.value(),
        })
        .collect();
    Some(TableChange {
        table,
        change,
        lines,
    })
}
