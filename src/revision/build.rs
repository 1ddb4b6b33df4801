//! Builds the map and refuses what is not a graph of revisions.

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::edges::Edges;
use super::labels::Labels;
use super::{Index, Revision};
use crate::diagnostic::{Code, Diagnostic, Result};

const ILLEGAL: [char; 4] = ['+', '-', ':', '@'];

/// All revisions of a project and how they hang together. Immutable once built.
#[derive(Debug)]
pub struct RevisionMap {
    pub(super) revisions: Vec<Revision>,
    /// Identifiers and branch labels.
    keys: FxHashMap<Arc<str>, Index>,
    /// Labels in load order, for listing keys in a fixed order.
    labels: Vec<(Arc<str>, Index)>,
    /// Parents by `down_revision`.
    pub(super) parents: Edges,
    /// Children by `down_revision`.
    pub(super) children: Edges,
    /// Parents by `down_revision` and by those dependencies that no ancestor has already.
    pub(super) requirements: Edges,
    /// Children by `down_revision` and by any dependency.
    pub(super) dependents: Edges,
    /// The exact reverse of `requirements`.
    pub(super) required_by: Edges,
    /// Parents first.
    pub(super) parents_first: Vec<Index>,
    heads: Vec<Index>,
    real_heads: Vec<Index>,
    bases: Vec<Index>,
    propagated: OnceLock<Labels>,
}

impl RevisionMap {
    /// Links the revisions, given in load order.
    ///
    /// The same file given twice counts once. Everything else that makes the graph unusable is
    /// an error.
    pub fn new(revisions: Vec<Revision>) -> Result<Self> {
        let revisions = without_repeats(revisions)?;
        for revision in &revisions {
            check_alone(revision)?;
        }
        let mut keys: FxHashMap<Arc<str>, Index> = FxHashMap::default();
        for (index, revision) in revisions.iter().enumerate() {
            keys.insert(Arc::clone(&revision.id), index);
        }
        let labels = map_labels(&revisions, &mut keys)?;

        let ids = revisions.len();
        let mut parent_lists = Vec::with_capacity(ids);
        let mut dependency_lists = Vec::with_capacity(ids);
        for revision in &revisions {
            parent_lists.push(find_parents(revision, &revisions, &keys)?);
            dependency_lists.push(find_dependencies(revision, &keys)?);
        }
        let all_lists = parent_lists
            .iter()
            .zip(&dependency_lists)
            .map(|(parents, more)| merged(parents, more));
        let everything = Edges::from_lists(all_lists);
        let parents = Edges::from_lists(parent_lists.iter().map(|list| list.iter().copied()));
        let children = parents.reversed();
        let dependents = everything.reversed();

        let without = |edges: &Edges| {
            (0..ids)
                .filter(|i| edges.count(*i) == 0)
                .collect::<Vec<_>>()
        };
        let heads = without(&children);
        let real_heads = without(&dependents);
        let bases = without(&parents);
        let real_bases: Vec<Index> = without(&everything);

        let names = |nodes: &[Index]| -> Vec<Arc<str>> {
            nodes
                .iter()
                .map(|i| Arc::clone(&revisions[*i].id))
                .collect()
        };
        let cycle = |kind: &str, nodes: &[Index], edges: &Edges| {
            cycle_found(kind, &names(nodes), &revisions, nodes, edges)
        };
        if let Some(nodes) = outside(&parents, &children, &heads, &bases) {
            return Err(cycle(
                "Cycle",
                &sorted_by_id(nodes, &revisions, &heads, &bases),
                &parents,
            ));
        }
        if let Some(nodes) = outside(&everything, &dependents, &real_heads, &real_bases) {
            let nodes = sorted_by_id(nodes, &revisions, &real_heads, &real_bases);
            return Err(cycle("Dependency cycle", &nodes, &everything));
        }
        let parents_first = match parents_first(&parents, &children) {
            Ok(order) => order,
            Err(nodes) => return Err(cycle("Cycle", &nodes, &parents)),
        };
        if let Err(nodes) = self::parents_first(&everything, &dependents) {
            return Err(cycle("Dependency cycle", &nodes, &everything));
        }

        let needed = needed_dependencies(&dependency_lists, &parents, &parents_first);
        let requirements = Edges::from_lists(
            parent_lists
                .iter()
                .zip(&needed)
                .map(|(down, more)| merged(down, more)),
        );
        let required_by = requirements.reversed();
        Ok(Self {
            revisions,
            keys,
            labels,
            parents,
            children,
            requirements,
            dependents,
            required_by,
            parents_first,
            heads,
            real_heads,
            bases,
            propagated: OnceLock::new(),
        })
    }

    /// How many revisions there are.
    pub fn len(&self) -> usize {
        self.revisions.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }

    /// The revisions in load order.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The revision at a place.
    pub fn revision(&self, index: Index) -> &Revision {
        &self.revisions[index]
    }

    /// The revision that has exactly this identifier or declares exactly this branch label.
    pub fn index_of(&self, key: &str) -> Option<Index> {
        self.keys.get(key).copied()
    }

    /// Revisions that no other one follows, in load order.
    pub fn heads(&self) -> &[Index] {
        &self.heads
    }

    /// Revisions that no other one follows or depends on, in load order.
    pub fn real_heads(&self) -> &[Index] {
        &self.real_heads
    }

    /// Revisions that follow nothing, in load order.
    pub fn bases(&self) -> &[Index] {
        &self.bases
    }

    /// The revisions that follow one, in load order.
    pub fn children(&self, index: Index) -> impl DoubleEndedIterator<Item = Index> + '_ {
        self.children.of(index)
    }

    /// Whether no other revision follows it.
    pub fn is_head(&self, index: Index) -> bool {
        self.children.count(index) == 0
    }

    /// Whether no other revision follows or depends on it.
    pub fn is_real_head(&self, index: Index) -> bool {
        self.dependents.count(index) == 0
    }

    /// Whether several revisions follow it.
    pub fn is_branch_point(&self, index: Index) -> bool {
        self.children.count(index) > 1
    }

    /// Its branch labels: its own, those of its ancestors, and those of the line it is on.
    pub fn branch_labels(&self, index: Index) -> Vec<&str> {
        let labels = self
            .propagated
            .get_or_init(|| Labels::propagate(self, &self.labels));
        labels
            .of(index)
            .map(|label| &*self.labels[label].0)
            .collect()
    }

    /// Every identifier in load order, then every label.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let ids = self.revisions.iter().map(|revision| &*revision.id);
        ids.chain(self.labels.iter().map(|(label, _)| &**label))
    }

    /// The identifier of a revision.
    pub(super) fn id(&self, index: Index) -> Arc<str> {
        Arc::clone(&self.revisions[index].id)
    }
}

/// Both lists in one, each element once.
fn merged(first: &[Index], second: &[Index]) -> Vec<Index> {
    let mut seen = FxHashSet::default();
    first
        .iter()
        .chain(second)
        .copied()
        .filter(|index| seen.insert(*index))
        .collect()
}

/// Drops files that were given twice; refuses identifiers that were.
fn without_repeats(revisions: Vec<Revision>) -> Result<Vec<Revision>> {
    let mut seen: FxHashMap<Arc<str>, Index> = FxHashMap::default();
    let mut kept: Vec<Revision> = Vec::with_capacity(revisions.len());
    for revision in revisions {
        if let Some(earlier) = seen.get(&revision.id).map(|index| &kept[*index]) {
            if earlier.path == revision.path && !revision.path.as_os_str().is_empty() {
                continue;
            }
            let message = format!("Revision {} is present more than once", revision.id);
            let mut found = Diagnostic::error(Code::DuplicateRevision, message)
                .at(revision.location.clone())
                .with_help("give one of the two another identifier, or remove it");
            if let Some(place) = &earlier.location {
                found = found.label(place.clone(), "declared here already");
            }
            for file in [&earlier.path, &revision.path] {
                if !file.as_os_str().is_empty() {
                    found = found.with_note(format!("declared in {}", file.display()));
                }
            }
            return Err(Box::new(found));
        }
        seen.insert(Arc::clone(&revision.id), kept.len());
        kept.push(revision);
    }
    Ok(kept)
}

/// What can be seen without the other revisions.
fn check_alone(revision: &Revision) -> Result<()> {
    let id = &revision.id;
    let found = if revision.down_revisions.contains(id) {
        Diagnostic::error(
            Code::Cycle,
            format!("Self-loop is detected in revisions ({id})"),
        )
        .with_help("a revision cannot be its own down_revision")
    } else if revision.depends_on.contains(id) {
        let message = format!("Dependency self-loop is detected in revisions ({id})");
        Diagnostic::error(Code::Cycle, message).with_help("a revision cannot depend on itself")
    } else if id.is_empty() {
        Diagnostic::error(Code::RevisionIdInvalid, "a revision identifier is empty")
            .with_help("name the revision; `gensql revision` takes twelve hexadecimal digits")
    } else if id.contains('\0') {
        let message = format!("the revision identifier '{id}' contains a NUL character");
        Diagnostic::error(Code::RevisionIdInvalid, message)
            .with_note("no database keeps the character in its version table")
            .with_help("remove the character")
    } else {
        let illegal: Vec<String> = ILLEGAL
            .iter()
            .filter(|c| id.contains(**c))
            .map(char::to_string)
            .collect();
        if illegal.is_empty() {
            return Ok(());
        }
        let characters = illegal.join(", ");
        let message =
            format!("Character(s) '{characters}' not allowed in revision identifier '{id}'");
        Diagnostic::error(Code::RevisionIdInvalid, message)
            .with_help("these characters have a meaning in a range such as `a:b` or `head-1`")
    };
    Err(Box::new(found.at(revision.location.clone())))
}

fn map_labels(
    revisions: &[Revision],
    keys: &mut FxHashMap<Arc<str>, Index>,
) -> Result<Vec<(Arc<str>, Index)>> {
    let mut labels = Vec::new();
    for (index, revision) in revisions.iter().enumerate() {
        for label in &revision.branch_labels {
            if let Some(other) = keys.get(label) {
                let other = &revisions[*other];
                let message = format!(
                    "Branch name '{label}' in revision {} already used by revision {}",
                    revision.id, other.id
                );
                let mut found = Diagnostic::error(Code::BranchLabel, message)
                    .at(revision.location.clone())
                    .with_help(
                        "a branch label belongs to one revision; its descendants have it too",
                    );
                if let Some(place) = &other.location {
                    found = found.label(place.clone(), "used here");
                }
                return Err(Box::new(found));
            }
            keys.insert(Arc::clone(label), index);
            labels.push((Arc::clone(label), index));
        }
    }
    Ok(labels)
}

fn find_parents(
    revision: &Revision,
    revisions: &[Revision],
    keys: &FxHashMap<Arc<str>, Index>,
) -> Result<Vec<Index>> {
    let find = |name: &Arc<str>| match keys.get(name) {
        Some(index) if revisions[*index].id == *name => Ok(*index),
        Some(index) => Err(Box::new(
            missing(name, revision, "down_revision").with_help(format!(
                "'{name}' is a branch label; write the identifier '{}'",
                revisions[*index].id
            )),
        )),
        None => Err(missing_near(name, revision, "down_revision", keys)),
    };
    revision.down_revisions.iter().map(find).collect()
}

fn find_dependencies(revision: &Revision, keys: &FxHashMap<Arc<str>, Index>) -> Result<Vec<Index>> {
    let find = |name: &Arc<str>| {
        keys.get(name)
            .copied()
            .ok_or_else(|| missing_near(name, revision, "depends_on", keys))
    };
    revision.depends_on.iter().map(find).collect()
}

fn missing(name: &str, revision: &Revision, variable: &str) -> Diagnostic {
    let message = format!(
        "Revision {name} referenced from {} is not present",
        revision.id
    );
    Diagnostic::error(Code::MissingRevision, message)
        .at(revision.location.clone())
        .with_note(format!("it is named by {variable}"))
}

fn missing_near(
    name: &str,
    revision: &Revision,
    variable: &str,
    keys: &FxHashMap<Arc<str>, Index>,
) -> Box<Diagnostic> {
    let nearest = keys
        .keys()
        .filter(|known| name.len() <= 256 && **known != revision.id)
        .filter(|known| known.len().abs_diff(name.len()) <= 2)
        .map(|known| (strsim::osa_distance(known, name), known))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    let partial = keys.keys().filter(|known| known.starts_with(name)).min();
    let found = missing(name, revision, variable);
    Box::new(match (nearest, partial) {
        (_, Some(known)) if !name.is_empty() => {
            found.with_help(format!("write the full identifier '{known}'"))
        }
        (Some((_, known)), _) => found.with_help(format!("did you mean '{known}'?")),
        _ => found.with_help("add the missing revision file, or correct the reference"),
    })
}

/// The nodes that lie on no way from a head down to a base, or `None` when there are no such.
fn outside(down: &Edges, up: &Edges, heads: &[Index], bases: &[Index]) -> Option<Vec<bool>> {
    if heads.is_empty() || bases.is_empty() {
        // Nothing at all, or nothing but cycles.
        return (down.len() > 0).then(|| vec![true; down.len()]);
    }
    let below = flood(down, heads);
    let above = flood(up, bases);
    let lost: Vec<bool> = below.iter().zip(&above).map(|(b, a)| !(*b && *a)).collect();
    lost.contains(&true).then_some(lost)
}

fn flood(edges: &Edges, from: &[Index]) -> Vec<bool> {
    let mut seen = vec![false; edges.len()];
    let mut todo = from.to_vec();
    while let Some(node) = todo.pop() {
        if !std::mem::replace(&mut seen[node], true) {
            todo.extend(edges.of(node));
        }
    }
    seen
}

/// Alembic names all revisions in load order when there is no way in, else the lost ones sorted.
fn sorted_by_id(
    lost: Vec<bool>,
    revisions: &[Revision],
    heads: &[Index],
    bases: &[Index],
) -> Vec<Index> {
    let mut nodes: Vec<Index> = (0..lost.len()).filter(|i| lost[*i]).collect();
    if heads.is_empty() || bases.is_empty() {
        return (0..lost.len()).collect();
    }
    nodes.sort_by(|a, b| revisions[*a].id.cmp(&revisions[*b].id));
    nodes
}

fn cycle_found(
    kind: &str,
    names: &[Arc<str>],
    revisions: &[Revision],
    nodes: &[Index],
    edges: &Edges,
) -> Box<Diagnostic> {
    let message = format!("{kind} is detected in revisions ({})", names.join(", "));
    let circle = one_circle(nodes, edges);
    let way: Vec<&str> = circle.iter().map(|i| &*revisions[*i].id).collect();
    let mut found = Diagnostic::error(Code::Cycle, message)
        .at(circle.first().and_then(|i| revisions[*i].location.clone()));
    for pair in way.windows(2).take(20) {
        found = found.with_note(format!("{} comes after {}", pair[0], pair[1]));
    }
    Box::new(found.with_help("change one of these down_revision or depends_on entries"))
}

/// A circle among the nodes: each element comes after the next, the last is the first again.
fn one_circle(nodes: &[Index], edges: &Edges) -> Vec<Index> {
    let mut inside = vec![false; edges.len()];
    for node in nodes {
        inside[*node] = true;
    }
    // Nodes from which no way goes on within the set are in no circle.
    let up = edges.reversed();
    let mut left: Vec<usize> = (0..edges.len())
        .map(|i| edges.of(i).filter(|n| inside[*n]).count())
        .collect();
    let mut dead: Vec<Index> = nodes.iter().copied().filter(|i| left[*i] == 0).collect();
    while let Some(node) = dead.pop() {
        inside[node] = false;
        for above in up.of(node).filter(|n| inside[*n]) {
            left[above] -= 1;
            if left[above] == 0 {
                dead.push(above);
            }
        }
    }
    let Some(mut node) = nodes.iter().copied().find(|i| inside[*i]) else {
        return Vec::new();
    };
    let mut place = vec![usize::MAX; edges.len()];
    let mut way = Vec::new();
    while place[node] == usize::MAX {
        place[node] = way.len();
        way.push(node);
        match edges.of(node).find(|n| inside[*n]) {
            Some(next) => node = next,
            None => return Vec::new(),
        }
    }
    let mut circle = way.split_off(place[node]);
    circle.push(node);
    circle
}

/// An order in which every node comes after its targets, or the nodes that are in the way.
fn parents_first(down: &Edges, up: &Edges) -> std::result::Result<Vec<Index>, Vec<Index>> {
    let count = down.len();
    let mut left: Vec<usize> = (0..count).map(|i| distinct(down, i)).collect();
    let mut order: Vec<Index> = (0..count).filter(|i| left[*i] == 0).collect();
    let mut next = 0;
    while let Some(node) = order.get(next).copied() {
        next += 1;
        for above in up.of(node) {
            left[above] -= 1;
            if left[above] == 0 {
                order.push(above);
            }
        }
    }
    if order.len() == count {
        return Ok(order);
    }
    Err((0..count).filter(|i| left[*i] > 0).collect())
}

fn distinct(edges: &Edges, node: Index) -> usize {
    if edges.count(node) < 2 {
        return edges.count(node);
    }
    let mut all: Vec<Index> = edges.of(node).collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

/// Leaves out each dependency that an ancestor by `down_revision` has already.
///
/// Only a dependency that several revisions share can be superfluous; these are looked at 64 at
/// a time, in one pass over the graph.
fn needed_dependencies(
    declared: &[Vec<Index>],
    parents: &Edges,
    parents_first: &[Index],
) -> Vec<Vec<Index>> {
    let mut needed: Vec<Vec<Index>> = declared.to_vec();
    let mut users: FxHashMap<Index, u32> = FxHashMap::default();
    for list in declared {
        for target in list {
            *users.entry(*target).or_default() += 1;
        }
    }
    let mut shared: Vec<Index> = users
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(target, _)| target)
        .collect();
    shared.sort_unstable();
    let mut bit_of: FxHashMap<Index, u64> = FxHashMap::default();
    for batch in shared.chunks(64) {
        bit_of.clear();
        bit_of.extend(
            batch
                .iter()
                .enumerate()
                .map(|(n, target)| (*target, 1_u64 << n)),
        );
        // What the ancestors of a node, and the node itself, depend on.
        let mut seen = vec![0_u64; declared.len()];
        for node in parents_first.iter().copied() {
            let above = parents.of(node).fold(0, |all, parent| all | seen[parent]);
            let mut own = 0;
            for target in &declared[node] {
                own |= bit_of.get(target).copied().unwrap_or(0);
            }
            if own & above != 0 {
                needed[node].retain(|target| bit_of.get(target).is_none_or(|bit| above & bit == 0));
            }
            seen[node] = above | own;
        }
    }
    needed
}
