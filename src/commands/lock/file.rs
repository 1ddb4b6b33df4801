//! `gensql.lock`: one block for each released revision, in the order in which they were released.
//! Each block ends in a hash over itself and the block before, so that blocks of two branches do not
//! fit behind one another.

use std::fmt::Write;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::commands::digest::sha256;
use crate::diagnostic::{Code, Diagnostic, Result};

/// The file's name, beside the configuration.
pub(in crate::commands) const NAME: &str = "gensql.lock";
/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 28;
/// The version of the format.
const FORMAT: u32 = 1;
/// What stands for a downgrade that there is none of.
pub(super) const NONE: &str = "none";

const HEADER: &str = "\
# What each released revision rendered to. Written by `gensql lock`, compared by `gensql lock --check`.
# After a conflict: take one side of this file whole, and run `gensql lock` again.
";

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::commands) struct LockFile {
    format: u32,
    /// Whether the scripts are those of `--compat alembic`.
    pub(in crate::commands) compat: bool,
    /// The revisions.
    #[serde(default, rename = "revision")]
    pub(in crate::commands) revisions: Vec<Entry>,
}

/// One revision.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::commands) struct Entry {
    /// Its identifier.
    pub(in crate::commands) id: String,
    /// The revisions that it follows.
    pub(in crate::commands) follows: Vec<String>,
    /// Its file, relative to the configuration.
    pub(in crate::commands) file: String,
    /// The SHA-256 of the file.
    pub(in crate::commands) source: String,
    /// The version of gensql that wrote the scripts.
    pub(in crate::commands) tool: String,
    /// The hashes of the scripts, by dialect.
    pub(in crate::commands) scripts: IndexMap<String, Hashes>,
    /// The hash over this block and the one before.
    pub(super) chain: String,
}

/// The SHA-256 of a revision's scripts for one dialect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::commands) struct Hashes {
    pub(in crate::commands) upgrade: String,
    /// `none` where the revision cannot be taken back.
    pub(in crate::commands) downgrade: String,
}

impl LockFile {
    /// A file without revisions.
    pub(super) fn new(compat: bool) -> Self {
        Self {
            format: FORMAT,
            compat,
            revisions: Vec::new(),
        }
    }

    /// Reads the file of a directory; `None` where there is none.
    ///
    /// # Errors
    /// [`Code::LockInvalid`] when it is no such file, or was put together from several.
    pub(in crate::commands) fn read(root: &Path) -> Result<Option<Self>> {
        let path = root.join(NAME);
        let wrong = |reason: String| {
            let message = format!("{} cannot be used: {reason}", path.display());
            Box::new(Diagnostic::error(Code::LockInvalid, message).with_help(
                "take the file of one of the branches whole (`git checkout --theirs gensql.lock gensql.locked`), and run `gensql lock` again",
            ))
        };
        match std::fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(wrong(error.to_string())),
            Ok(meta) if !meta.is_file() => return Err(wrong("it is not a file".to_owned())),
            Ok(meta) if meta.len() > LARGEST => return Err(wrong("it is too large".to_owned())),
            Ok(_) => {}
        }
        let text = std::fs::read_to_string(&path).map_err(|error| wrong(error.to_string()))?;
        Self::parse(&text).map(Some).map_err(wrong)
    }

    fn parse(text: &str) -> std::result::Result<Self, String> {
        if let Some(line) = text.lines().position(|line| line.starts_with("<<<<<<<")) {
            return Err(format!("line {} begins a conflict of git", line + 1));
        }
        let found: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if found.format != FORMAT {
            return Err(format!(
                "its format is {}, this version of gensql knows {FORMAT}",
                found.format
            ));
        }
        let mut chain = String::new();
        let mut last: Option<&str> = None;
        for entry in &found.revisions {
            let wanted = entry.chained(&chain);
            if wanted != entry.chain {
                return Err(match last {
                    Some(last) => format!(
                        "the block of revision {} does not continue that of {last}: one of them was edited, or comes from another branch",
                        entry.id
                    ),
                    None => format!("the block of revision {} was edited", entry.id),
                });
            }
            chain = wanted;
            last = Some(&entry.id);
        }
        Ok(found)
    }

    /// The text of the file. The chain is made anew.
    pub(super) fn text(&self) -> String {
        let mut out = format!(
            "{HEADER}\nformat = {}\ncompat = {}\n",
            self.format, self.compat
        );
        let mut chain = String::new();
        for entry in &self.revisions {
            chain = entry.chained(&chain);
            let _ = write!(out, "\n{}chain = \"{chain}\"\n", entry.block());
        }
        out
    }
}

impl Entry {
    /// The block without its last line.
    fn block(&self) -> String {
        let follows: Vec<String> = self.follows.iter().map(|id| quoted(id)).collect();
        let mut out = format!(
            "[[revision]]\nid = {}\nfollows = [{}]\nfile = {}\nsource = {}\ntool = {}\n",
            quoted(&self.id),
            follows.join(", "),
            quoted(&self.file),
            quoted(&self.source),
            quoted(&self.tool)
        );
        for (dialect, hashes) in &self.scripts {
            let _ = writeln!(
                out,
                "scripts.{} = {{ upgrade = {}, downgrade = {} }}",
                quoted(dialect),
                quoted(&hashes.upgrade),
                quoted(&hashes.downgrade)
            );
        }
        out
    }

    fn chained(&self, before: &str) -> String {
        sha256(format!("{before}\n{}", self.block()).as_bytes())
    }
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::{Entry, Hashes, LockFile};

    fn entry(id: &str, follows: &[&str]) -> Entry {
        Entry {
            id: id.into(),
            follows: follows.iter().map(|id| (*id).to_owned()).collect(),
            file: "versions/a.py".into(),
            source: "00".into(),
            tool: "0.1.0".into(),
            scripts: [(
                "mysql:8.0".to_owned(),
                Hashes {
                    upgrade: "01".into(),
                    downgrade: "none".into(),
                },
            )]
            .into_iter()
            .collect(),
            chain: String::new(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let mut lock = LockFile::new(true);
        for id in ["a", "\"]\n'''\\", "[[revision]]", "\u{7f}\u{0}"] {
            lock.revisions.push(entry(id, &["x"]));
        }
        let read = LockFile::parse(&lock.text()).unwrap();
        assert_eq!(read.text(), lock.text());
        assert_eq!(read.revisions[1].id, "\"]\n'''\\");
    }

    #[test]
    fn blocks_of_two_branches_do_not_fit() {
        let base = LockFile {
            revisions: vec![entry("a", &[])],
            ..LockFile::new(false)
        };
        let with = |id| {
            let mut lock = base.clone();
            lock.revisions.push(entry(id, &["a"]));
            lock.text()
        };
        let (one, other) = (with("b"), with("c"));
        let added = other.strip_prefix(&base.text()).unwrap();
        let error = LockFile::parse(&format!("{one}{added}")).unwrap_err();
        assert!(
            error.contains("revision c does not continue that of b"),
            "{error}"
        );
        let edited = one.replace("versions/a.py", "versions/b.py");
        assert!(LockFile::parse(&edited).is_err());
        assert!(
            LockFile::parse("<<<<<<< HEAD\n")
                .unwrap_err()
                .contains("line 1")
        );
    }
}
