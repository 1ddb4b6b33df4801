//! Resolves a text as target, start and range over a graph with branches, labels and a merge.
#![no_main]

use std::sync::LazyLock;

use gensql::revision::{Revision, RevisionMap};
use libfuzzer_sys::fuzz_target;

static REVISIONS: LazyLock<Vec<Revision>> = LazyLock::new(|| {
    let mut revisions = vec![
        Revision::new("a1", &[]),
        Revision::new("a2", &["a1"]),
        Revision::new("b1", &["a2"]),
        Revision::new("c1", &["a2"]),
        Revision::new("d1", &["b1", "c1"]),
        Revision::new("e1", &[]),
        Revision::new("e2", &["e1"]),
    ];
    revisions[2].branch_labels = vec!["billing".into()];
    revisions[5].depends_on = vec!["b1".into()];
    revisions
});

fuzz_target!(|text: &str| {
    let Ok(map) = RevisionMap::new(REVISIONS.clone()) else {
        return;
    };
    let (start, target) = text.split_once(':').unwrap_or(("", text));
    let start = map
        .start((!start.is_empty()).then_some(start))
        .unwrap_or_default();
    let _ = map.upgrade(&start, &[target]);
    let _ = map.downgrade(&start, target);
    let _ = map.history(&[target], &[]);
    let _ = map.show(target);
});
