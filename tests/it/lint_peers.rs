//! Every check of the other tools has a rule here, or a reason why there is none.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use gensql::lint::rules;

use crate::program::root;

const TOOLS: &[&str] = &["squawk", "strong_migrations", "online_migrations", "atlas"];

#[test]
fn every_check_of_the_peers_has_its_row() {
    let list = std::fs::read_to_string(root().join("tests/lint_peers.txt")).unwrap();
    let mut table =
        String::from("| check | rule here | test | where it differs |\n|---|---|---|---|\n");
    let mut listed = BTreeSet::new();
    let mut counts = [0_usize; 4];
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let (check, differs) = line.split_once(" | ").unwrap_or((line, ""));
        let tool = TOOLS
            .iter()
            .position(|tool| check.starts_with(&format!("{tool} ")));
        counts[tool.unwrap_or_else(|| panic!("{check} is of no tool"))] += 1;
        assert!(listed.insert(check), "{check} is listed twice");
        let ours: Vec<String> = rules::ALL
            .iter()
            .map(|rule| rule.info())
            .filter(|info| info.peers.contains(&check))
            .map(|info| format!("`{}`", info.name))
            .collect();
        assert!(
            !ours.is_empty() || !differs.is_empty(),
            "{check} has neither a rule nor a reason"
        );
        let test = match ours.is_empty() {
            true => "",
            false => "`lint::examples_of_rules`",
        };
        let ours = ours.join(", ");
        let _ = writeln!(table, "| {check} | {ours} | {test} | {differs} |");
    }
    // What the tools published when the list was made: a line that gets lost is noticed.
    assert_eq!(counts, [40, 21, 9, 46], "checks by tool");
    for rule in rules::ALL {
        for peer in rule.info().peers {
            let of_these = TOOLS
                .iter()
                .any(|tool| peer.starts_with(&format!("{tool} ")));
            assert!(
                !of_these || listed.contains(peer),
                "{} names `{peer}`, which tests/lint_peers.txt does not have",
                rule.info().name
            );
        }
    }
    let text = format!(
        "# Checks of other tools, and the rules of gensql\n\n\
         Each rule is tried on the example that `gensql explain RULE` prints, in every dialect that it has one for\n\
         (`tests/it/lint.rs`). This table is written by `tests/it/lint_peers.rs` from `tests/lint_peers.txt`.\n\n{table}"
    );
    let path = root().join("docs/lint-peers.md");
    if std::env::var_os("GENSQL_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "docs/lint-peers.md is stale: run this test with GENSQL_BLESS=1"
    );
}
