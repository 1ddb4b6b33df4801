//! Reviews and pictures of the revision graph.

use std::path::Path;

use serde_json::Value;

use crate::program::{answer, gensql, hold, root, script};

const FORMATS: &[&str] = &[
    "text", "markdown", "json", "sarif", "github", "junit", "html",
];

/// Names that would be markup, a command or the end of something, if they were let.
const HOSTILE: &str = "a]]></title></style><script>alert(1)</script>\"'`|@all&amp;";

fn write(directory: &Path, files: &[(&str, &str)]) {
    let revisions = directory.join("revisions");
    std::fs::create_dir_all(&revisions).unwrap();
    let config = "dialect = 'postgresql'\nrevisions = 'revisions'\n";
    std::fs::write(directory.join("gensql.toml"), config).unwrap();
    for (name, text) in files {
        std::fs::write(revisions.join(name), text).unwrap();
    }
}

/// A release with findings, locks, a branch, a merge, and a rollback that is not written.
fn shop(directory: &Path) {
    write(
        directory,
        &[
            (
                "1.sql",
                "-- customers\n-- revision: a1\n-- migrate:up\nCREATE TABLE customers (id BIGINT PRIMARY KEY, name TEXT, code TEXT);\n-- migrate:down\nDROP TABLE customers;\n",
            ),
            (
                "2.sql",
                "-- names are needed\n-- revision: b1\n-- down_revision: a1\n-- branch_labels: names\n-- migrate:up\nALTER TABLE customers ALTER COLUMN name SET NOT NULL;\nCREATE INDEX ix_name ON customers (name);\n-- migrate:down\nDROP INDEX ix_name;\nALTER TABLE customers ALTER COLUMN name DROP NOT NULL;\n",
            ),
            (
                "3.sql",
                "-- the code goes\n-- revision: c1\n-- down_revision: a1\n-- migrate:up\n-- gensql:allow drop-column nobody reads it\nALTER TABLE customers DROP COLUMN code;\nCREATE TABLE notes (id BIGINT PRIMARY KEY);\nCREATE INDEX ix_notes ON notes (id);\n",
            ),
            (
                "4.sql",
                "-- both\n-- revision: d1\n-- down_revision: b1, c1\n-- migrate:up\n",
            ),
        ],
    );
}

#[test]
fn what_each_format_says() {
    let directory = tempfile::tempdir().unwrap();
    shop(directory.path());
    for format in FORMATS {
        let text = script(
            directory.path(),
            &["review", "a1:heads", "--format", format],
        );
        let version = env!("CARGO_PKG_VERSION");
        let text = text.replace(&format!("gensql {version}"), "gensql VERSION");
        let text = text.replace(
            &format!("\"version\": \"{version}\""),
            "\"version\": \"VERSION\"",
        );
        // The style and the list of all rules are looked at elsewhere.
        let text = match *format {
            "html" => {
                let (head, rest) = text.split_once("<style>").unwrap();
                let (_, rest) = rest.split_once("</style>").unwrap();
                format!("{head}<style>…</style>{rest}")
            }
            "sarif" => {
                let mut value: Value = serde_json::from_str(&text).unwrap();
                value["runs"][0]["tool"]["driver"]["rules"] = Value::Null;
                serde_json::to_string_pretty(&value).unwrap()
            }
            _ => text,
        };
        hold("review", format, &text);
    }
    let verbose = script(directory.path(), &["review", "a1:heads", "-v"]);
    hold("review", "verbose", &verbose);
}

#[test]
fn the_way_back_of_a_branch() {
    let directory = tempfile::tempdir().unwrap();
    shop(directory.path());
    let text = script(directory.path(), &["review", "a1:c1", "--format", "json"]);
    let review: Value = serde_json::from_str(&text).unwrap();
    let step = &review["databases"][0]["steps"][0];
    assert_eq!(step["revision"], "c1");
    // It is derived, since the revision has none.
    let back = step["rollback"]["statements"].to_string();
    assert!(back.contains("DROP TABLE notes"), "{back}");
    assert!(back.contains("ADD COLUMN code TEXT"), "{back}");
    assert_eq!(
        step["rollback"]["loses"],
        serde_json::json!(["the values of column customers.code"])
    );
    let new: Vec<&Value> = review["databases"][0]["locks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|lock| lock["table"] == "notes")
        .collect();
    assert!(!new.is_empty() && new.iter().all(|lock| lock["new_table"] == true));
    assert!(text.contains("\"acknowledged\": \"nobody reads it\""));
}

#[test]
fn names_stay_names() {
    let directory = tempfile::tempdir().unwrap();
    let quoted = HOSTILE.replace('"', "\"\"");
    let files = [
        (
            "1.sql",
            format!(
                "-- one\n-- revision: a1\n-- migrate:up\nCREATE TABLE \"{quoted}\" (id BIGINT PRIMARY KEY, n TEXT);\n"
            ),
        ),
        (
            "2.sql",
            format!(
                "-- {HOSTILE} \u{1b}[2J \u{202e}x\n-- revision: b1\n-- down_revision: a1\n-- branch_labels: <b>\n-- migrate:up\nALTER TABLE \"{quoted}\" DROP COLUMN n;\nUPDATE \"{quoted}\" SET id = 1; -- gensql:allow rows-without-condition {HOSTILE}\n"
            ),
        ),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    write(directory.path(), &files);
    for format in FORMATS {
        let text = script(
            directory.path(),
            &["review", "a1:heads", "--format", format],
        );
        let steers = |c: char| (c.is_control() && !"\n\t".contains(c)) || c == '\u{202e}';
        if *format != "json" {
            assert!(!text.contains(steers), "{format}: {text:?}");
        }
        match *format {
            "html" => {
                assert_eq!(text.matches("<script").count(), 0, "{text}");
                assert_eq!(
                    text.matches("</title>").count(),
                    text.matches("<title>").count()
                );
                assert_eq!(text.matches("</style>").count(), 2);
                assert!(!text.contains("<b>"));
                assert!(text.contains("&lt;script&gt;"));
            }
            "markdown" => {
                assert!(!text.contains("@all&amp;\n") && !text.contains("</title> "));
                for line in text.lines().filter(|line| line.starts_with('|')) {
                    assert!(!line.contains("<script"), "{line}");
                }
            }
            "junit" => assert!(!text.contains("<script")),
            _ => {}
        }
    }
    for format in ["text", "mermaid", "dot", "svg"] {
        let text = script(directory.path(), &["graph", "--format", format]);
        let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(steers), "{format}: {text:?}");
    }
}

#[test]
fn text_fits_a_terminal() {
    let directory = tempfile::tempdir().unwrap();
    let long = "x".repeat(90);
    let files = [
        (
            "1.sql",
            format!(
                "-- one\n-- revision: a1\n-- migrate:up\nCREATE TABLE {long} (id BIGINT PRIMARY KEY, {long} TEXT);\n"
            ),
        ),
        (
            "2.sql",
            format!(
                "-- {}\n-- revision: {long}\n-- down_revision: a1\n-- migrate:up\nALTER TABLE {long} DROP COLUMN {long};\n",
                "é word ".repeat(40)
            ),
        ),
    ];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    write(directory.path(), &files);
    let text = script(directory.path(), &["review", "a1:heads"]);
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(text.contains("drop-column"), "{text}");
}

#[test]
fn exit_statuses() {
    let directory = tempfile::tempdir().unwrap();
    shop(directory.path());
    let status = |arguments: &[&str]| {
        let output = gensql(directory.path(), arguments);
        (output.status.code(), answer(&output))
    };
    let (code, text) = status(&["review"]);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = status(&["review", "a1:heads", "--fail-on", "warning"]);
    assert_eq!(code, Some(1), "{text}");
    let (code, text) = status(&["review", "a1:heads", "--fail-on", "error"]);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = status(&["review", "nope:heads"]);
    assert_eq!(code, Some(1), "{text}");
    let broken = "-- broken\n-- revision: e1\n-- down_revision: d1\n-- migrate:up\n{{ nope }}\n";
    write(directory.path(), &[("5.sql", broken)]);
    let (code, text) = status(&["review"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("INCOMPLETE") && text.contains("was not looked at to its end"),
        "{text}"
    );
}

#[test]
fn graphs_of_a_project() {
    let project = root().join("examples/branches");
    for format in ["text", "mermaid", "dot", "svg"] {
        let text = script(&project, &["graph", "--format", format]);
        hold("review", &format!("graph_{format}"), &text);
    }
    let text = script(
        &project,
        &["graph", "b1000000:d1000000", "--current", "b2000000"],
    );
    hold("review", "graph_range", &text);
    assert_eq!(
        script(&project, &["graph"]),
        script(&project, &["history", "--graph"])
    );
}

/// The schema has all that a review says, and nothing else: each object's properties are those of
/// its definition, and all of them are required.
#[test]
fn json_is_as_its_schema_says() {
    let directory = tempfile::tempdir().unwrap();
    shop(directory.path());
    let schema = std::fs::read_to_string(root().join("docs/review.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let text = script(
        directory.path(),
        &["review", "a1:heads", "--format", "json"],
    );
    let review: Value = serde_json::from_str(&text).unwrap();
    let mut looked_at = 0;
    compare(&schema, &schema, &review, "review", &mut looked_at);
    assert!(looked_at > 20, "{looked_at}");
}

fn compare(root: &Value, schema: &Value, value: &Value, path: &str, looked_at: &mut usize) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.strip_prefix("#/$defs/").unwrap();
        return compare(root, &root["$defs"][name], value, path, looked_at);
    }
    match value {
        Value::Object(fields) => {
            let properties = schema["properties"].as_object().unwrap();
            let names = |object: &serde_json::Map<String, Value>| {
                let mut names: Vec<String> = object.keys().cloned().collect();
                names.sort();
                names
            };
            assert_eq!(names(fields), names(properties), "{path}");
            let required = schema["required"].as_array().unwrap().len();
            assert_eq!(required, properties.len(), "{path}");
            *looked_at += 1;
            for (name, inner) in fields {
                compare(
                    root,
                    &properties[name],
                    inner,
                    &format!("{path}.{name}"),
                    looked_at,
                );
            }
        }
        Value::Array(items) => {
            for item in items {
                compare(root, &schema["items"], item, path, looked_at);
            }
        }
        Value::String(text) => {
            if let Some(words) = schema["enum"].as_array() {
                assert!(words.contains(value), "{path}: {text}");
            }
        }
        _ => {}
    }
}

/// With the sizes of tables a review says what the work takes.
#[test]
fn sizes_of_tables() {
    let directory = tempfile::tempdir().unwrap();
    shop(directory.path());
    let sizes = "table,rows,bytes\ncustomers,2000000,400000000\n";
    std::fs::write(directory.path().join("sizes.csv"), sizes).unwrap();
    let mut text = String::new();
    for arguments in [
        &["review", "a1:heads", "--stats", "sizes.csv"][..],
        &["review", "a1:heads", "--stats", "nix.csv"],
    ] {
        text.push_str(&format!("$ gensql {}\n", arguments.join(" ")));
        text.push_str(&answer(&gensql(directory.path(), arguments)));
    }
    hold("review", "sizes", &text);
    let wide = ["review", "a1:heads", "--stats", "sizes.csv", "--format"];
    let of = |format: &str| script(directory.path(), &[&wide[..], &[format]].concat());
    assert!(of("markdown").contains("2000000 rows, 400 MB: about 8 s"));
    assert!(of("html").contains("2000000 rows, 400 MB: about 8"));
    let review: Value = serde_json::from_str(&of("json")).unwrap();
    let locks = review["databases"][0]["locks"].as_array().unwrap();
    let estimates: Vec<_> = locks
        .iter()
        .map(|lock| &lock["estimate"]["seconds"])
        .collect();
    assert!(estimates.contains(&&Value::from(8.0)), "{estimates:?}");
}
