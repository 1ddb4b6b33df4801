//! A case depends on every fact of every dialect's file.
//!
//! Each fact is changed by itself: a project's file extends the built-in dialect and states only that
//! fact otherwise. What a case prints must change with it. `tests/exercised/facts.txt` has, for each
//! fact, the value, the mode and the case; what no case depends on is in `unexercised.txt` below the
//! reason. `GENSQL_BLESS=1` searches a case for each fact whose line does not hold. A search of all takes
//! hours: `GENSQL_FACTS='sqlite bind|identifiers.close'` searches only for these facts, whatever their
//! reason, and `GENSQL_CASES='a part|of a title'` only in these cases (the vocabulary's too), in the modes
//! that `GENSQL_MODES` has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use gensql::dialect::Library;
use toml::Value;

use super::{all_cases, answer, folder, modes, table, title, write_case};
use crate::explained::Explained;
use crate::vocabulary_cases::{Case, on_all, preamble};

/// The sections of a dialect's file whose entries are facts. Types are `templates`' to look after.
const SECTIONS: [&str; 19] = [
    "option_prefixes",
    "table_options",
    "identifiers",
    "script",
    "version_table",
    "guard",
    "features",
    "bind",
    "portable",
    "online",
    "lacks",
    "adapted",
    "expressions",
    "verify",
    "inspection",
    "reflection",
    "system_catalogs",
    "own_types",
    "own_words",
];

/// The facts that no case shows, below the reasons.
const UNEXERCISED: &str = "tests/exercised/unexercised.txt";

/// A fact: the path of its entry, and the value.
type Facts = BTreeMap<String, Value>;

fn collect(path: &str, value: &Value, found: &mut Facts) {
    match value {
        Value::Table(entries) => {
            for (key, value) in entries {
                let quoted = key.contains(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
                let key = if quoted {
                    format!("\"{key}\"")
                } else {
                    key.clone()
                };
                collect(&format!("{path}.{key}"), value, found);
            }
        }
        value => {
            found.insert(path.to_owned(), value.clone());
        }
    }
}

/// The facts that a dialect's own file states, with those of `expressions.toml`.
fn facts_of(dialect: &str) -> Facts {
    let mut found = Facts::new();
    let own = table(dialect);
    for section in SECTIONS {
        if let Some(entries) = own.get(section) {
            collect(section, entries, &mut found);
        }
    }
    if let Some(entries) = table("expressions").get(dialect) {
        collect("expressions", entries, &mut found);
    }
    for (number, version) in versions(&own).iter().enumerate() {
        for (key, value) in version {
            if !["since", "before", "types"].contains(&key.as_str()) {
                found.insert(format!("versions.{number}.{key}"), value.clone());
            }
        }
    }
    found
}

/// What a dialect's file says of versions of the server. Their types are `templates`' to look after.
fn versions(file: &toml::Table) -> Vec<toml::Table> {
    let versions = file.get("versions").and_then(Value::as_array);
    let versions = versions.into_iter().flatten();
    versions
        .map(|one| one.as_table().unwrap().clone())
        .collect()
}

/// What a fact may say instead: what it says elsewhere first, since some have only so many words.
fn others(path: &str, value: &Value, all: &[Facts]) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    let elsewhere = all.iter().filter_map(|facts| facts.get(path));
    match value {
        Value::Boolean(flag) => found.push(Value::Boolean(!flag)),
        Value::Integer(number) => found.extend([Value::Integer(number / 9 + 1), Value::Integer(2)]),
        Value::String(text) => {
            for other in elsewhere.filter(|other| *other != value) {
                if !found.contains(other) {
                    found.push(other.clone());
                }
            }
            found.truncate(3);
            // A class that is never the right one; no text at all; a text that nothing has.
            let words: &[&str] = match path {
                _ if path.starts_with("adapted.") => &["Time", "Date"],
                _ if path.starts_with("lacks.") && path.ends_with(".then") => &["omit", "refuse"],
                // What no dialect says.
                "features.deferrable" => &["all"],
                _ => &[],
            };
            // One line, as the list has them.
            let line = text.lines().next().unwrap_or_default();
            let texts = [format!("{line}~"), String::new()];
            let words = words.iter().map(|&word| word.to_owned());
            found.extend(words.chain(texts).map(Value::String));
        }
        Value::Array(items) => {
            found.push(Value::Array(Vec::new()));
            found.extend(elsewhere.take(1).cloned());
            let changed = items.iter().map(|item| match item {
                Value::String(text) => Value::String(format!("{text}~")),
                item => item.clone(),
            });
            found.push(Value::Array(changed.collect()));
        }
        _ => {}
    }
    let mut seen: Vec<Value> = vec![value.clone()];
    found.retain(|other| {
        let is_new = !seen.contains(other);
        if is_new {
            seen.push(other.clone());
        }
        is_new
    });
    found
}

/// What a dialect's file says of one fact. The list of versions is stated as a whole.
fn stated(dialect: &str, path: &str, value: &Value) -> String {
    if let Some((number, key)) = path
        .strip_prefix("versions.")
        .and_then(|rest| rest.split_once('.'))
    {
        let mut versions = versions(&table(dialect));
        versions[number.parse::<usize>().unwrap()].insert(key.to_owned(), value.clone());
        let versions = versions.into_iter().map(Value::Table).collect();
        return format!("versions = {}\n", Value::Array(versions));
    }
    match path.split_once('.') {
        Some((section, entry)) => format!("[{section}]\n{entry} = {value}\n"),
        None => format!("{path} = {value}\n"),
    }
}

/// Lays a dialect over the built-in one that only states one fact, if any.
fn write_dialect(directory: &Path, dialect: &str, stated: &str) {
    let own = table(dialect);
    let title = own.get("title").and_then(Value::as_str).unwrap();
    let text =
        format!("name = \"{dialect}\"\ntitle = \"{title}\"\nextends = \"{dialect}\"\n{stated}");
    let folder = directory.join("dialects");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{dialect}.toml")), text).unwrap();
}

/// What shows that a case depends on a fact.
#[derive(Clone)]
struct Use {
    value: String,
    mode: String,
    title: String,
}

/// The answers of the cases as they are: by dialect, mode and title.
type Known = Mutex<BTreeMap<(String, String, String), String>>;

/// A place to ask a dialect's cases.
struct Asking<'a> {
    directory: &'a Path,
    dialect: &'a str,
    preamble: &'a str,
    known: &'a Known,
}

impl Asking<'_> {
    fn plain(&self, case: &Case, mode: &str) -> String {
        let key = (self.dialect.to_owned(), mode.to_owned(), title(case));
        if let Some(known) = self.known.lock().unwrap().get(&key) {
            return known.clone();
        }
        let plain = self.directory.join("plain");
        let _ = std::fs::remove_dir_all(plain.join("dialects"));
        write_case(&plain, self.preamble, case);
        write_dialect(&plain, self.dialect, "");
        let found = answer(&plain, self.dialect, mode);
        self.known.lock().unwrap().insert(key, found.clone());
        found
    }

    /// Whether a case prints something else when a fact says `value`; `None` where no dialect may
    /// say that.
    fn depends(&self, path: &str, value: &Value, case: &Case, mode: &str) -> Option<bool> {
        let plain = self.plain(case, mode);
        let changed = self.directory.join("changed");
        let _ = std::fs::remove_dir_all(changed.join("dialects"));
        write_dialect(&changed, self.dialect, &stated(self.dialect, path, value));
        write_case(&changed, self.preamble, case);
        let found = answer(&changed, self.dialect, mode);
        let broken = ["!! DialectFile", "!! Template"];
        let may = !broken.iter().any(|code| found.starts_with(code));
        may.then_some(found != plain)
    }
}

/// The recorded uses: by dialect and fact.
fn recorded() -> BTreeMap<(String, String), Use> {
    let text = std::fs::read_to_string(folder().join("facts.txt")).unwrap_or_default();
    let mut found = BTreeMap::new();
    for line in text.lines() {
        let parts: Vec<&str> = line.splitn(5, '\t').collect();
        let [dialect, fact, value, mode, title] = parts[..] else {
            panic!("{line}");
        };
        let [value, mode, title] = [value, mode, title].map(str::to_owned);
        found.insert(
            (dialect.to_owned(), fact.to_owned()),
            Use { value, mode, title },
        );
    }
    found
}

fn parsed(value: &str) -> Value {
    let table: toml::Table = toml::from_str(&format!("value = {value}")).unwrap();
    table["value"].clone()
}

/// What a search is restricted to: the parts that a text may have, one of them; all when none is named.
struct Only(Option<String>);

impl Only {
    fn named(variable: &str) -> Self {
        Self(std::env::var(variable).ok())
    }

    fn has(&self, text: &str) -> bool {
        let parts = self.0.as_deref().unwrap_or_default();
        parts.split('|').any(|part| text.contains(part))
    }

    fn is_all(&self) -> bool {
        self.0.is_none()
    }
}

/// What is tried for a fact of a dialect: the modes and the cases.
type Tries<'a> = Vec<(String, &'a Case)>;

/// The modes and cases that a fact may show in, by what its section is about.
fn tries<'a>(own: &'a [Case], dialect: &str, path: &str) -> Tries<'a> {
    let section = path.split('.').next().unwrap();
    let all = modes(dialect);
    let safe = |mode: &&String| {
        let safe = ["guard", "idempotent", "waiting", "merge", "bundle", "stub"];
        let known = mode.split_once('=').map(|(kind, _)| kind);
        safe.contains(&mode.as_str()) || matches!(known, Some("client" | "guarded"))
    };
    let named = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let modes: Vec<String> = match section {
        "guard" => all.iter().filter(safe).cloned().collect(),
        "bind" if path.starts_with("bind.paramstyles.") => {
            let driver = path.rsplit('.').next().unwrap();
            vec![format!("driver={driver}")]
        }
        "verify" => named(&["bundle", "plain"]),
        "online" => named(&["online"]),
        "portable" => named(&["sql"]),
        "inspection" | "system_catalogs" | "own_types" | "own_words" => named(&["plain"]),
        "reflection" => named(&["plain", "proposed"]),
        "bind" if path == "bind.keep_percent" => {
            let has_driver = |mode: &&String| mode.starts_with("driver=");
            all.iter().filter(has_driver).cloned().collect()
        }
        "bind" if path.ends_with("driver") || path.ends_with("_path") => named(&["plain", "init"]),
        "adapted" | "expressions" | "bind" => named(&["plain", "compat"]),
        "script" | "version_table" => all,
        "versions" => {
            let is_version = |mode: &&String| mode.starts_with("at=");
            all.iter().filter(is_version).cloned().collect()
        }
        _ => named(&["plain", "compat", "idempotent", "down"]),
    };
    let is_about = |case: &Case| match section {
        "adapted" => case.python[0].starts_with("def adapted"),
        // Statements show what is said of expressions.
        "expressions" => case.python[0].starts_with("op.execute(sa."),
        "verify" => case.python[0].starts_with("class R("),
        _ => case.python.len() > 1,
    };
    modes
        .iter()
        .flat_map(|mode| own.iter().map(move |case| (mode.clone(), case)))
        .filter(|(_, case)| is_about(case))
        .collect()
}

/// How often a mode and a case showed a fact, so that they are tried first for the next.
type Hits = Mutex<BTreeMap<(String, String), usize>>;

/// Searches a case that depends on a fact.
fn search(
    asking: &Asking<'_>,
    (path, value, others): (&str, &Value, &[Value]),
    mut tries: Tries<'_>,
    (hits, near): (&Hits, &[Use]),
) -> Option<Use> {
    {
        let hits = hits.lock().unwrap();
        let places: BTreeMap<String, usize> = tries
            .iter()
            .enumerate()
            .map(|(place, (_, case))| (title(case), place))
            .collect();
        tries.sort_by_key(|(mode, case)| {
            let title = title(case);
            let is_near = near
                .iter()
                .any(|near| near.mode == *mode && near.title == title);
            let hits = hits
                .get(&(mode.clone(), title.clone()))
                .copied()
                .unwrap_or(0);
            // What was written last was so for what nothing shows.
            (!is_near, std::cmp::Reverse((hits, places[&title])))
        });
    }
    for other in others {
        for (mode, case) in &tries {
            let Some(depends) = asking.depends(path, other, case, mode) else {
                // No dialect may say that.
                break;
            };
            // What differs without a change shows nothing.
            if depends && asking.depends(path, value, case, mode) == Some(false) {
                let title = title(case);
                let key = (mode.clone(), title.clone());
                *hits.lock().unwrap().entry(key).or_insert(0) += 1;
                return Some(Use {
                    value: other.to_string(),
                    mode: mode.clone(),
                    title,
                });
            }
        }
    }
    None
}

#[test]
fn a_case_depends_on_every_fact() {
    let bless = std::env::var_os("GENSQL_BLESS").is_some();
    let only = ["GENSQL_FACTS", "GENSQL_CASES", "GENSQL_MODES"].map(Only::named);
    let [only_facts, only_cases, only_modes] = &only;
    let (all, own) = all_cases();
    let preamble = preamble();
    let recorded = recorded();
    let explained = Explained::read(UNEXERCISED);
    let dialects: Vec<String> = Library::built_in().names();
    let facts: Vec<Facts> = dialects.iter().map(|dialect| facts_of(dialect)).collect();
    let titles: BTreeMap<String, &Case> = all.iter().map(|case| (title(case), case)).collect();
    let paths: BTreeSet<&String> = facts.iter().flat_map(BTreeMap::keys).collect();
    let paths: Vec<&String> = paths.into_iter().collect();
    let (known, hits) = (Known::default(), Hits::default());
    // A fact of all dialects is one piece of work: where one has its case, others often have theirs.
    let found = on_all(paths.len(), |directory, number| {
        let path = paths[number];
        let mut near: Vec<Use> = Vec::new();
        let mut uses: Vec<(String, Option<Use>)> = Vec::new();
        for (dialect, facts_of_dialect) in dialects.iter().zip(&facts) {
            let Some(value) = facts_of_dialect.get(path) else {
                continue;
            };
            let asking = Asking {
                directory,
                dialect,
                preamble: &preamble,
                known: &known,
            };
            let known = recorded.get(&(dialect.clone(), path.clone()));
            let fact = format!("{dialect} {path}");
            if bless && !only_facts.has(&fact) {
                uses.push((dialect.clone(), known.cloned()));
                continue;
            }
            let held = known.filter(|known| {
                titles.get(&known.title).is_some_and(|case| {
                    let says = |value: &Value| asking.depends(path, value, case, &known.mode);
                    says(&parsed(&known.value)) == Some(true)
                        && (!bless || says(value) == Some(false))
                })
            });
            let found = match held {
                Some(held) => Some(held.clone()),
                // What has a reason is not searched again.
                None if bless && (!only_facts.is_all() || !explained.has_reason(&fact)) => {
                    let others = others(path, value, &facts);
                    let cases = if only_cases.is_all() { own } else { all.len() };
                    let mut tries = tries(&all[..cases], dialect, path);
                    tries.retain(|(mode, case)| {
                        only_modes.has(mode) && only_cases.has(&title(case))
                    });
                    search(&asking, (path, value, &others), tries, (&hits, &near))
                }
                None => None,
            };
            if bless {
                // A search that is ended early is not lost.
                match &found {
                    Some(Use { value, mode, title }) => {
                        println!("{dialect}\t{path}\t{value}\t{mode}\t{title}");
                    }
                    None => println!("{fact}: nothing shows it"),
                }
            }
            near.extend(found.clone());
            uses.push((dialect.clone(), found));
        }
        if bless {
            eprintln!(
                "{path}: {}",
                uses.iter().filter(|(_, found)| found.is_none()).count()
            );
        }
        uses
    });
    let mut lines: Vec<String> = Vec::new();
    let mut missing = BTreeMap::new();
    for (path, uses) in paths.iter().zip(&found) {
        for (dialect, found) in uses {
            match found {
                Some(Use { value, mode, title }) => {
                    lines.push(format!("{dialect}\t{path}\t{value}\t{mode}\t{title}"));
                }
                None => {
                    missing.insert(format!("{dialect} {path}"), String::new());
                }
            }
        }
    }
    let count = lines.len() + missing.len();
    assert!(count > 900, "{count} facts");
    if bless {
        lines.sort_unstable();
        std::fs::write(folder().join("facts.txt"), lines.join("\n") + "\n").unwrap();
    }
    explained.hold(&missing, |_| true);
}
