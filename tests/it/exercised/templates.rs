//! Every template and every spelling of a type is written by a case.
//!
//! Marked copies of them are laid over a dialect's files, and the marks are looked for in what the
//! cases print. `tests/exercised/uses.txt` has a case for each mark; what no case uses is in
//! `unused.txt` below the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use gensql::dialect::Library;
use toml::Value;

use super::{all_cases, answer, folder, modes, table, title, write_case};
use crate::explained::Explained;
use crate::program::root;
use crate::vocabulary_cases::{Case, on_all, preamble};

/// Marks each spelling of a table of types.
fn mark(types: Option<&mut Value>, kind: &str, marks: &mut BTreeSet<String>) {
    let Some(types) = types.and_then(Value::as_table_mut) else {
        return;
    };
    for (name, spelling) in types.iter_mut() {
        let mark = format!("<<{kind}:{name}>>");
        *spelling = Value::String(format!("{}{mark}", spelling.as_str().unwrap()));
        marks.insert(mark);
    }
}

/// The folders of a dialect's templates, nearest first.
fn folders_of(dialect: &str) -> Vec<String> {
    let mut folders = vec![dialect.to_owned()];
    while let Some(Value::String(next)) = table(folders.last().unwrap()).get("extends") {
        folders.push(next.clone());
    }
    folders.push("_default".to_owned());
    folders
}

/// A template with its mark, and with what it includes.
fn marked_template(folders: &[String], folder: &str, name: &str) -> String {
    let file = |folder: &str, name: &str| root().join(format!("templates/{folder}/{name}.sql.j2"));
    let mut text = std::fs::read_to_string(file(folder, name)).unwrap();
    while let Some((before, rest)) = text.split_once("{% include \"") {
        let (included, behind) = rest.split_once("\" %}").unwrap();
        let has = |folder: &&String| file(folder, included).exists();
        let nearest = folders.iter().find(has).unwrap();
        let inner = marked_template(folders, nearest, included);
        text = format!("{before}{inner}{behind}");
    }
    format!("{}<<{folder}/{name}>>", text.trim_end())
}

/// Writes marked copies of the dialect's files into a directory and says what the marks are.
fn write_marked(directory: &Path, dialect: &str) -> BTreeSet<String> {
    let mut marks = BTreeSet::new();
    let mut changed = table(dialect);
    mark(changed.get_mut("types"), "types", &mut marks);
    mark(changed.get_mut("corrected"), "corrected", &mut marks);
    if let Some(Value::Array(versions)) = changed.get_mut("versions") {
        for (number, version) in versions.iter_mut().enumerate() {
            let kind = format!("versions.{number}");
            mark(version.get_mut("types"), &kind, &mut marks);
        }
    }
    let folders = directory.join("dialects");
    std::fs::create_dir_all(&folders).unwrap();
    let text = toml::to_string(&changed).unwrap();
    std::fs::write(folders.join(format!("{dialect}.toml")), text).unwrap();
    // A project's template includes nothing, so that the text of what is included stands in it.
    let folders = folders_of(dialect);
    for folder in &folders {
        let Ok(entries) = std::fs::read_dir(root().join("templates").join(folder)) else {
            continue;
        };
        let target = directory.join("templates").join(folder);
        std::fs::create_dir_all(&target).unwrap();
        for entry in entries {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let name = name.trim_end_matches(".sql.j2");
            let text = marked_template(&folders, folder, name);
            std::fs::write(target.join(format!("{name}.sql.j2")), format!("{text}\n")).unwrap();
            if folder == dialect || folder == "_default" {
                marks.insert(format!("<<{folder}/{name}>>"));
            }
        }
    }
    marks
}

/// The marks that an answer has.
fn marks_of(answer: &str) -> impl Iterator<Item = String> {
    answer
        .split("<<")
        .skip(1)
        .filter_map(|part| part.split_once(">>"))
        .map(|(mark, _)| format!("<<{mark}>>"))
}

/// Which case uses each mark: the mode and the case's title.
type Uses = BTreeMap<String, (String, String)>;

/// What the tries use in a dialect. Blessing ends when nothing but shared templates is missing,
/// which the cases of several lines, the first ones, are for.
fn search(
    dialect: &str,
    tries: &[(String, &Case)],
    preamble: &str,
    bless: bool,
) -> (BTreeSet<String>, Uses) {
    let directory = tempfile::tempdir().unwrap();
    let marks = write_marked(directory.path(), dialect);
    let mut uses = Uses::new();
    let mut before: Option<&Case> = None;
    for (mode, case) in tries {
        let is_own = |mark: &&String| !mark.starts_with("<<_default/");
        if case.python.len() == 1
            && marks
                .iter()
                .filter(is_own)
                .all(|mark| uses.contains_key(mark))
            && bless
        {
            break;
        }
        if !before.is_some_and(|before| std::ptr::eq(before, *case)) {
            write_case(directory.path(), preamble, case);
            before = Some(case);
        }
        let answer = answer(directory.path(), dialect, mode);
        let broken = ["!! DialectFile", "!! Template"];
        assert!(
            !broken.iter().any(|code| answer.starts_with(code)),
            "{dialect}: {mode}: {}: {answer}",
            title(case)
        );
        for mark in marks_of(&answer) {
            if marks.contains(&mark) {
                uses.entry(mark)
                    .or_insert_with(|| (mode.clone(), title(case)));
            }
        }
    }
    (marks, uses)
}

/// The recorded uses by dialect: modes and titles.
fn recorded() -> BTreeMap<String, BTreeSet<(String, String)>> {
    let text = std::fs::read_to_string(folder().join("uses.txt")).unwrap_or_default();
    let mut found: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for line in text.lines() {
        let mut parts = line.splitn(4, '\t');
        let dialect = parts.next().unwrap();
        let (mode, title) = (parts.nth(1).unwrap(), parts.next().unwrap());
        let uses = found.entry(dialect.to_owned()).or_default();
        uses.insert((mode.to_owned(), title.to_owned()));
    }
    found
}

#[test]
fn every_template_and_type_is_used() {
    let bless = std::env::var_os("GENSQL_BLESS").is_some();
    let (all, own) = all_cases();
    let preamble = preamble();
    let recorded = recorded();
    let dialects = Library::built_in().names();
    let found = on_all(dialects.len(), |_, number| {
        let dialect = &dialects[number];
        let mut tries: Vec<(String, &Case)> = Vec::new();
        if let Some(uses) = recorded.get(dialect)
            && !bless
        {
            let known = |case: &&Case| uses.iter().any(|(_, known)| *known == title(case));
            for case in all.iter().filter(known) {
                let title = title(case);
                let of_case = uses.iter().filter(|(_, known)| *known == title);
                tries.extend(of_case.map(|(mode, _)| (mode.clone(), case)));
            }
        }
        if bless {
            // Cases of one line are about types, which only the version and `--compat` change.
            let (lines, blocks): (Vec<&Case>, Vec<&Case>) =
                all[..own].iter().partition(|case| case.python.len() == 1);
            let modes = modes(dialect);
            for case in blocks {
                tries.extend(modes.iter().map(|mode| (mode.clone(), case)));
            }
            let of_types = |mode: &&String| {
                ["plain", "compat"].contains(&mode.as_str()) || mode.starts_with("at=")
            };
            for mode in modes.iter().filter(of_types) {
                tries.extend(lines.iter().map(|case| (mode.clone(), *case)));
            }
            let types = all[own..].iter().filter(|case| case.file == "types");
            tries.extend(types.map(|case| ("plain".to_owned(), case)));
        }
        search(dialect, &tries, &preamble, bless)
    });
    let mut missing = BTreeSet::new();
    let mut used_defaults = BTreeSet::new();
    let mut text = String::new();
    for (dialect, (marks, uses)) in dialects.iter().zip(&found) {
        for mark in marks {
            let is_shared = mark.starts_with("<<_default/");
            let use_here = uses.get(mark);
            if is_shared && (use_here.is_none() || !used_defaults.insert(mark.clone())) {
                continue;
            }
            match use_here {
                Some((mode, title)) => {
                    let _ = writeln!(text, "{dialect}\t{mark}\t{mode}\t{title}");
                }
                None => {
                    missing.insert(format!("{dialect} {mark}"));
                }
            }
        }
    }
    for (marks, _) in &found {
        for mark in marks.iter().filter(|mark| mark.starts_with("<<_default/")) {
            if !used_defaults.contains(mark) {
                missing.insert(format!("_default {mark}"));
            }
        }
    }
    if bless {
        std::fs::write(folder().join("uses.txt"), text).unwrap();
    }
    let missing = missing.into_iter().map(|line| (line, String::new()));
    Explained::read("tests/exercised/unused.txt").hold(&missing.collect(), |_| true);
}
