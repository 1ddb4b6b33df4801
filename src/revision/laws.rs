//! What holds for every graph, and how long large ones take.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use rustc_hash::FxHashSet;

use super::{Direction, Plan, Revision, RevisionMap, StepKind, VersionChange};

/// A random graph: for each revision a few earlier ones as parents and as dependencies.
fn graphs() -> impl Strategy<Value = Vec<Revision>> {
    let row = (
        prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        prop::collection::vec(any::<prop::sample::Index>(), 0..2),
    );
    prop::collection::vec(row, 1..30).prop_map(|rows| {
        let mut revisions: Vec<Revision> = Vec::new();
        for (place, (parents, needs)) in rows.into_iter().enumerate() {
            let mut revision = Revision::new(&format!("r{place:03}"), &[]);
            if place > 0 {
                for parent in parents {
                    let id = revisions[parent.index(place)].id.clone();
                    if !revision.down_revisions.contains(&id) {
                        revision.down_revisions.push(id);
                    }
                }
                for need in needs {
                    revision
                        .depends_on
                        .push(revisions[need.index(place)].id.clone());
                }
            }
            revisions.push(revision);
        }
        revisions
    })
}

/// The rows after a plan; fails when a change does not fit the rows.
fn rows_after(plan: &Plan) -> FxHashSet<String> {
    let mut rows: FxHashSet<String> = plan.start.iter().map(ToString::to_string).collect();
    for change in plan.steps.iter().flat_map(|step| &step.changes) {
        let (gone, new) = match change {
            VersionChange::Insert(id) => (None, Some(id)),
            VersionChange::Delete(id) => (Some(id), None),
            VersionChange::Update { from, to } => (Some(from), Some(to)),
        };
        assert!(gone.is_none_or(|id| rows.remove(&**id)), "{change:?}");
        assert!(
            new.is_none_or(|id| rows.insert(id.to_string())),
            "{change:?}"
        );
    }
    rows
}

proptest! {
    #[test]
    fn upgrades_come_after_what_they_need(revisions in graphs()) {
        let map = RevisionMap::new(revisions).unwrap();
        let plan = map.upgrade(&[], &["heads"]).unwrap();
        prop_assert_eq!(plan.steps.len(), map.len());
        let mut done = FxHashSet::default();
        for step in &plan.steps {
            let StepKind::Revision(index) = step.kind else { panic!() };
            let revision = map.revision(index);
            for need in revision.down_revisions.iter().chain(&revision.depends_on) {
                prop_assert!(done.contains(need));
            }
            prop_assert!(done.insert(revision.id.clone()));
        }
        rows_after(&plan);
    }

    #[test]
    fn downgrade_undoes_upgrade(revisions in graphs()) {
        let map = RevisionMap::new(revisions).unwrap();
        let start = map.real_heads().to_vec();
        let plan = map.downgrade(&start, "base").unwrap();
        prop_assert_eq!(plan.steps.len(), map.len());
        prop_assert!(plan.steps.iter().all(|step| step.direction == Direction::Downgrade));
        prop_assert!(rows_after(&plan).is_empty());
    }

    #[test]
    fn any_way_is_in_two_halves(revisions in graphs(), middle in any::<prop::sample::Index>()) {
        let map = RevisionMap::new(revisions).unwrap();
        let middle = middle.index(map.len());
        let id = map.revision(middle).id.clone();
        let first = map.upgrade(&[], &[&id]).unwrap();
        let rest = map.upgrade(&[middle], &["heads"]).unwrap();
        prop_assert_eq!(first.steps.len() + rest.steps.len(), map.len());
        rows_after(&rest);
    }

    #[test]
    fn no_target_panics(revisions in graphs(), target in "[-+@:a-z0-9_,é ]{0,12}", from in "(r00[0-9]|base|heads)") {
        let map = RevisionMap::new(revisions).unwrap();
        let start = map.start(Some(&from)).unwrap_or_default();
        let _ = map.upgrade(&start, &[&target]);
        let _ = map.downgrade(&start, &target);
        let _ = map.stamp(&start, &[&target]);
        let _ = map.show(&target);
        let _ = map.start(Some(&target));
        let _ = map.history(&[&from], &[&target]);
        let _ = map.history(&[&target], &[&from]);
    }
}

const LARGE: usize = 100_000;

/// Builds, upgrades, downgrades and lists; all of it must be fast even without optimisation.
fn fast(name: &str, revisions: Vec<Revision>) {
    let count = revisions.len();
    let begin = Instant::now();
    let map = RevisionMap::new(revisions).unwrap();
    let built = begin.elapsed();
    let up = map.upgrade(&[], &["heads"]).unwrap();
    let upgraded = begin.elapsed();
    let down = map.downgrade(map.real_heads(), "base").unwrap();
    let downgraded = begin.elapsed();
    let listed = map.newest_to_oldest();
    for index in &listed {
        assert!(map.branch_labels(*index).len() <= 2);
    }
    let all = begin.elapsed();
    println!(
        "{name}: build {built:?}, upgrade {:?}, downgrade {:?}, list {:?}",
        upgraded - built,
        downgraded - upgraded,
        all - downgraded
    );
    assert_eq!(
        (up.steps.len(), down.steps.len(), listed.len()),
        (count, count, count)
    );
    assert!(all < Duration::from_secs(10), "{name}: {all:?}");
}

fn id(n: usize) -> String {
    format!("r{n:06}")
}

fn revision(n: usize, parents: &[usize]) -> Revision {
    let parents: Vec<String> = parents.iter().map(|n| id(*n)).collect();
    Revision::new(
        &id(n),
        &parents.iter().map(String::as_str).collect::<Vec<_>>(),
    )
}

#[test]
fn a_long_chain_is_fast() {
    let mut chain: Vec<Revision> = (0..LARGE)
        .map(|n| {
            if n == 0 {
                revision(n, &[])
            } else {
                revision(n, &[n - 1])
            }
        })
        .collect();
    chain[0].branch_labels.push("main".into());
    fast("chain", chain);
}

#[test]
fn a_star_is_fast() {
    fast(
        "star",
        (0..LARGE)
            .map(|n| {
                if n == 0 {
                    revision(n, &[])
                } else {
                    revision(n, &[0])
                }
            })
            .collect(),
    );
    fast("bases", (0..LARGE).map(|n| revision(n, &[])).collect());
    let mut merged: Vec<Revision> = (0..LARGE)
        .map(|n| {
            if n == 0 {
                revision(n, &[])
            } else {
                revision(n, &[0])
            }
        })
        .collect();
    merged.push(revision(LARGE, &(1..LARGE).collect::<Vec<_>>()));
    fast("merged star", merged);
}

#[test]
fn branches_and_merges_are_fast() {
    // Diamonds one above another: 3n -> 3n+1, 3n+2 -> 3n+3.
    let diamond = |n: usize| match n {
        0 => revision(n, &[]),
        n if n % 3 == 0 => revision(n, &[n - 2, n - 1]),
        n => revision(n, &[n - n % 3]),
    };
    fast("diamonds", (0..LARGE).map(diamond).collect());
    // Two lines, each revision of one depending on its neighbour in the other.
    let mut ladder: Vec<Revision> = (0..LARGE)
        .map(|n| {
            if n < 2 {
                revision(n, &[])
            } else {
                revision(n, &[n - 2])
            }
        })
        .collect();
    for n in (1..LARGE).step_by(2) {
        ladder[n].depends_on.push(id(n - 1).into());
    }
    fast("ladder", ladder);
    // Many dependencies on the same revisions, of which most are superfluous.
    let mut shared: Vec<Revision> = (0..LARGE)
        .map(|n| {
            if n <= 1000 {
                revision(n, &[])
            } else {
                revision(n, &[n - 1])
            }
        })
        .collect();
    #[allow(clippy::needless_range_loop)]
    for n in 1001..LARGE {
        shared[n].depends_on.push(id(n % 1000).into());
    }
    fast("shared dependencies", shared);
    // A long-lived branch that is merged into the main line again and again.
    let merging = |n: usize| match n {
        0 | 1 => revision(n, &[]),
        n if n % 2 == 0 => revision(n, &[n - 2, n - 1]),
        n => revision(n, &[n - 2]),
    };
    fast("merging", (0..LARGE).map(merging).collect());
}
