//! The order of `metadata.create_all` and `drop_all`, and the foreign keys that are no part of it: those of
//! tables that refer to one another in a circle, and those with `use_alter`. They are added behind the
//! tables, and dropped before them, where the database can alter constraints.

use std::rc::Rc;

use super::super::host::host;
use super::super::raise;
use super::metadata::MetaDataObject;
use super::table::{TableObject, table_definition};
use crate::catalog::{Constraint, ConstraintKind, ConstraintName, ForeignKey, Table};
use crate::operation::{DropConstraintKind, Operation};
use crate::python::{PyResult, Str, Vm};

/// Tables in the order in which they are created.
pub(super) struct Order {
    pub(super) tables: Vec<Rc<TableObject>>,
    /// The keys of the tables whose foreign keys are all added later.
    late: Vec<Str>,
    /// Whether the database can add and drop foreign keys.
    can_alter: bool,
    /// The foreign keys that are added later, each with its table.
    keys: Vec<Operation>,
}

/// A table, and the others that its foreign keys make it wait for.
struct Node {
    table: Rc<TableObject>,
    definition: Table,
    waits_for: Vec<Str>,
}

/// Whether only named keys can come later, since unnamed ones cannot be dropped by themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Later {
    All,
    Named,
    None,
}

fn keys_of(definition: &Table) -> impl Iterator<Item = (&Constraint, &ForeignKey)> {
    let in_columns = definition.columns.iter().flat_map(|c| &c.constraints);
    in_columns
        .chain(&definition.constraints)
        .filter_map(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(key) => Some((constraint, key)),
            _ => None,
        })
}

fn referred(key: &ForeignKey) -> Str {
    match &key.referent.schema {
        Some(schema) => Str::from(format!("{}.{}", schema.name, key.referent.name.name)),
        None => Str::from(&*key.referent.name.name),
    }
}

impl Later {
    fn takes(self, constraint: &Constraint) -> bool {
        match self {
            Self::All => true,
            Self::Named => !matches!(constraint.name, ConstraintName::None),
            Self::None => false,
        }
    }
}

impl Node {
    fn of(vm: &mut Vm, table: Rc<TableObject>) -> PyResult<Self> {
        let definition = table_definition(vm, &table)?;
        let mut node = Self {
            table,
            definition,
            waits_for: Vec::new(),
        };
        node.waits_for = node.waiting(|_| true);
        Ok(node)
    }

    /// The tables that it waits for on account of the keys that `counts`.
    fn waiting(&self, counts: impl Fn(&Constraint) -> bool) -> Vec<Str> {
        let own = self.table.key();
        keys_of(&self.definition)
            .filter(|(constraint, key)| !key.use_alter && counts(constraint))
            .map(|(_, key)| referred(key))
            .filter(|other| *other != own)
            .collect()
    }
}

/// Whether each node can be reached from itself.
fn in_circles(nodes: &[Node]) -> Vec<bool> {
    let place = |key: &Str| nodes.iter().position(|node| node.table.key() == *key);
    let edges: Vec<Vec<usize>> = nodes
        .iter()
        .map(|node| node.waits_for.iter().filter_map(place).collect())
        .collect();
    let comes_back = |start: usize| {
        let mut seen = vec![false; nodes.len()];
        let mut todo = edges[start].clone();
        while let Some(next) = todo.pop() {
            if next == start {
                return true;
            }
            if !std::mem::replace(&mut seen[next], true) {
                todo.extend(&edges[next]);
            }
        }
        false
    };
    (0..nodes.len()).map(comes_back).collect()
}

/// Sorts the tables; none where a circle is left.
fn sorted(nodes: &[Node]) -> Option<Vec<Rc<TableObject>>> {
    let tables = nodes.iter().map(|node| Rc::clone(&node.table)).collect();
    let edges = nodes
        .iter()
        .map(|node| (node.table.key(), node.waits_for.clone()))
        .collect();
    MetaDataObject::in_order(tables, edges).ok()
}

fn ordered(
    vm: &mut Vm,
    tables: Vec<Rc<TableObject>>,
    later: Later,
) -> PyResult<(Option<Order>, Vec<Node>)> {
    let mut nodes = Vec::with_capacity(tables.len());
    for table in tables {
        nodes.push(Node::of(vm, table)?);
    }
    let circles = in_circles(&nodes);
    let mut keys = Vec::new();
    let mut late = Vec::new();
    for (node, in_circle) in nodes.iter_mut().zip(circles) {
        if in_circle {
            node.waits_for = node.waiting(|constraint| !later.takes(constraint));
            late.push(node.table.key());
        }
        for (constraint, key) in keys_of(&node.definition) {
            if key.use_alter || (in_circle && later.takes(constraint)) {
                keys.push(Operation::AddConstraint {
                    table: node.definition.name.clone(),
                    constraint: constraint.clone(),
                });
            }
        }
    }
    let can_alter = host(vm).target.alters_constraints;
    let order = sorted(&nodes).map(|tables| Order {
        tables,
        late,
        can_alter,
        keys,
    });
    Ok((order, nodes))
}

/// The order in which tables are created.
pub(super) fn of_creation(vm: &mut Vm, tables: Vec<Rc<TableObject>>) -> PyResult<Order> {
    let can_alter = host(vm).target.alters_constraints;
    let (order, nodes) = ordered(vm, tables, Later::All)?;
    let mut order = order.unwrap_or_else(|| Order {
        tables: nodes.into_iter().map(|node| node.table).collect(),
        late: Vec::new(),
        can_alter,
        keys: Vec::new(),
    });
    if !can_alter {
        order.late.clear();
        order.keys.clear();
    }
    Ok(order)
}

/// The order in which tables are dropped.
///
/// # Errors
/// `CircularDependencyError` where tables refer to one another with keys that cannot be dropped before.
pub(super) fn of_removal(vm: &mut Vm, tables: Vec<Rc<TableObject>>) -> PyResult<Order> {
    let can_alter = host(vm).target.alters_constraints;
    let later = if can_alter { Later::Named } else { Later::None };
    let (order, nodes) = ordered(vm, tables, later)?;
    match order {
        Some(mut order) => {
            order.tables.reverse();
            if !can_alter {
                order.keys.clear();
            }
            Ok(order)
        }
        None if can_alter => {
            let names: Vec<Str> = nodes
                .iter()
                .zip(in_circles(&nodes))
                .filter(|(_, in_circle)| *in_circle)
                .map(|(node, _)| node.table.key())
                .collect();
            let message = format!(
                "Can't sort tables for DROP; an unresolvable foreign key dependency exists between tables: {}. The foreign keys need names, so that they can be dropped first",
                names.join(", ")
            );
            Err(raise::exception(vm, "CircularDependencyError", message))
        }
        None => Ok(Order {
            tables: nodes.into_iter().map(|node| node.table).collect(),
            late: Vec::new(),
            can_alter,
            keys: Vec::new(),
        }),
    }
}

impl Order {
    /// Adds the keys that come later.
    pub(super) fn additions(self) -> Vec<Operation> {
        self.keys
    }

    /// Drops the keys that have come later.
    pub(super) fn removals(&self) -> Vec<Operation> {
        let dropped = |operation: &Operation| match operation {
            Operation::AddConstraint { table, constraint } => Some(Operation::DropConstraint {
                table: table.clone(),
                name: constraint.name.clone(),
                kind: Some(DropConstraintKind::ForeignKey),
                if_exists: false,
            }),
            _ => None,
        };
        self.keys.iter().filter_map(dropped).collect()
    }
}

/// Which of a table's foreign keys its definition goes without.
pub(super) type LeftOut = fn(&ForeignKey) -> bool;

impl Order {
    /// The foreign keys that a table is created without.
    pub(super) fn left_out(&self, table: &TableObject) -> LeftOut {
        if self.late.contains(&table.key()) {
            |_| true
        } else if self.can_alter {
            |key| key.use_alter
        } else {
            |_| false
        }
    }
}

/// A table's definition without some of its foreign keys.
pub(super) fn without_keys(mut definition: Table, left_out: LeftOut) -> Table {
    let is_kept = |constraint: &Constraint| match &constraint.kind {
        ConstraintKind::ForeignKey(key) => !left_out(key),
        _ => true,
    };
    for column in &mut definition.columns {
        column.constraints.retain(is_kept);
    }
    definition.constraints.retain(is_kept);
    definition
}
