//! Lists of what is otherwise than it should be, each line below the reason for it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::program::root;

const UNEXPLAINED: &str = "?";

/// A file of lines below their reasons: `# reason`.
pub struct Explained {
    path: PathBuf,
    reasons: BTreeMap<String, String>,
}

impl Explained {
    pub fn read(path: &str) -> Self {
        let path = root().join(path);
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let mut reason = UNEXPLAINED;
        let mut reasons = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            match line.strip_prefix("# ") {
                Some(text) => reason = text,
                None => {
                    reasons.insert(line.to_owned(), reason.to_owned());
                }
            }
        }
        Self { path, reasons }
    }

    /// Whether a line stands below a reason.
    pub fn has_reason(&self, line: &str) -> bool {
        self.reasons
            .get(line)
            .is_some_and(|reason| reason != UNEXPLAINED)
    }

    /// Holds that the lines of `found` are those listed, of the ones that `is_meant`: neither is one
    /// new, nor one gone. With `GENSQL_BLESS=1` the file is written: what is new comes without a reason.
    pub fn hold(&self, found: &BTreeMap<String, String>, is_meant: impl Fn(&str) -> bool) {
        if std::env::var_os("GENSQL_BLESS").is_some() {
            for (line, texts) in found {
                println!("{line}\n{texts}");
            }
            write(&self.path, found, &self.reasons, is_meant);
            return;
        }
        let new: Vec<String> = found
            .iter()
            .filter(|(line, _)| !self.reasons.contains_key(*line))
            .map(|(line, texts)| format!("{line}\n{texts}"))
            .collect();
        assert!(new.is_empty(), "{} are new:\n{}", new.len(), new.join("\n"));
        let gone: Vec<&String> = self
            .reasons
            .keys()
            .filter(|line| is_meant(line) && !found.contains_key(*line))
            .collect();
        assert!(
            gone.is_empty(),
            "no longer so, take them off {}:\n{gone:#?}",
            self.path.display()
        );
    }

    /// Holds that `COMPATIBILITY.md` has a row for each reason.
    pub fn is_in_compatibility(&self) {
        let explanations = std::fs::read_to_string(root().join("COMPATIBILITY.md")).unwrap();
        for (line, reason) in &self.reasons {
            assert!(
                explanations.contains(&format!("| {reason} |")),
                "COMPATIBILITY.md has no row for {reason:?}: {line}"
            );
        }
    }
}

fn write(
    path: &Path,
    found: &BTreeMap<String, String>,
    listed: &BTreeMap<String, String>,
    is_meant: impl Fn(&str) -> bool,
) {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let others = listed.keys().filter(|line| !is_meant(line));
    for line in found.keys().chain(others) {
        let reason = listed.get(line).map_or(UNEXPLAINED, String::as_str);
        reasons.entry(reason).or_default().push(line);
    }
    let mut text = String::new();
    for (reason, lines) in &mut reasons {
        lines.sort_unstable();
        let _ = writeln!(text, "# {reason}\n{}\n", lines.join("\n"));
    }
    std::fs::write(path, text).unwrap();
}
