//! The layout of a SQL revision: a header of comments, then its sections.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{Location, SourceFile, Span};

/// What the header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// `-- revision:`.
    pub revision: Arc<str>,
    /// `-- down_revision:`; empty for a base.
    pub down_revisions: Vec<Arc<str>>,
    /// `-- branch_labels:`.
    pub branch_labels: Vec<Arc<str>>,
    /// `-- depends_on:`.
    pub depends_on: Vec<Arc<str>>,
    /// The comment lines without a key.
    pub message: String,
    /// Where the identifier stands.
    pub span: Span,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Where its text is.
    pub body: Range<usize>,
    /// Where its marker is.
    pub marker: Range<usize>,
    /// False with `transaction:false`.
    pub transaction: bool,
}

/// A file of SQL, taken apart but not yet rendered.
#[derive(Clone, Debug)]
pub struct SqlFile {
    /// The file.
    pub file: Arc<SourceFile>,
    /// Its header.
    pub header: Header,
    /// `-- migrate:up`.
    pub up: Section,
    /// `-- migrate:down`, when it is there.
    pub down: Option<Section>,
}

const KEYS: [&str; 4] = ["revision", "down_revision", "branch_labels", "depends_on"];

impl SqlFile {
    /// Takes a file apart.
    pub fn parse(file: Arc<SourceFile>) -> Result<Self> {
        let text = file.text();
        if let Some(at) = text.find('\0') {
            let message = "the file contains a NUL character";
            return Err(invalid(&file, at..at + 1, message, "remove the character"));
        }
        let mut reader = Reader {
            file: &file,
            header: Header::default(),
            seen: Default::default(),
            sections: [None, None],
            open: None,
        };
        let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        while at < text.len() {
            let end = text[at..].find('\n').map_or(text.len(), |n| at + n + 1);
            reader.line(at..end)?;
            at = end;
        }
        reader.close(text.len());
        let Reader {
            header,
            seen,
            sections: [up, down],
            ..
        } = reader;
        if seen[0].is_none() {
            return Err(invalid(
                &file,
                0..0,
                "the header does not name the revision",
                "begin the file with `-- revision: IDENTIFIER`",
            ));
        }
        let Some(up) = up else {
            return Err(invalid(
                &file,
                header.span.start as usize..header.span.end as usize,
                "there is no `-- migrate:up` section",
                "add the line `-- migrate:up` before the statements of the upgrade",
            ));
        };
        Ok(Self {
            file,
            header,
            up,
            down,
        })
    }
}

struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    header: Header,
    seen: [Option<Range<usize>>; 4],
    sections: [Option<Section>; 2],
    /// The section that is being read.
    open: Option<usize>,
}

impl Reader<'_> {
    fn line(&mut self, range: Range<usize>) -> Result<()> {
        let raw = &self.file.text()[range.clone()];
        let line = raw.trim();
        let start = range.start + (raw.len() - raw.trim_start().len());
        let place = start..start + line.len();
        let comment = line.strip_prefix("--").map(str::trim);
        if let Some(comment) = comment
            && let Some(marker) = strip_key(comment, "migrate")
        {
            return self.section(marker, place, range);
        }
        if self.open.is_some() {
            return Ok(());
        }
        match comment {
            Some(comment) => self.comment(comment, place),
            None if line.is_empty() => Ok(()),
            None => Err(invalid(
                self.file,
                place,
                "there is text before the first section",
                "move it below `-- migrate:up`, or write it as a comment",
            )),
        }
    }

    fn comment(&mut self, comment: &str, place: Range<usize>) -> Result<()> {
        if let Some((key, value)) = comment.split_once(':') {
            let written = key.trim();
            let spelt = written.replace(['-', ' '], "_");
            let key = if KEYS.iter().any(|known| known.eq_ignore_ascii_case(&spelt)) {
                spelt.as_str()
            } else {
                written
            };
            let known = KEYS
                .iter()
                .position(|known| known.eq_ignore_ascii_case(key));
            if let Some(index) = known {
                return self.key(index, value.trim(), place);
            }
            let word = !key.is_empty()
                && key
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'-');
            if written == "message" {
                self.message(value.trim());
                return Ok(());
            }
            if written == "created" {
                return Ok(());
            }
            // A first line such as `users: add a column` is a message.
            let first = self.header.message.is_empty() && self.seen.iter().all(Option::is_none);
            let near = nearest(key, &KEYS);
            if word && (near.is_some() || !first) {
                let help = match near {
                    Some(near) => format!("write `-- {near}: …`"),
                    None => format!(
                        "the keys are {}; write other comments without `word:`",
                        KEYS.map(|key| format!("`{key}`")).join(", ")
                    ),
                };
                let message = format!("unknown key `{key}` in the header");
                return Err(invalid(self.file, place, &message, &help));
            }
        }
        self.message(comment);
        Ok(())
    }

    /// A line of the message.
    fn message(&mut self, line: &str) {
        if line.is_empty() {
            return;
        }
        if !self.header.message.is_empty() {
            self.header.message.push('\n');
        }
        self.header.message.push_str(line);
    }

    fn key(&mut self, index: usize, value: &str, place: Range<usize>) -> Result<()> {
        let key = KEYS[index];
        if let Some(first) = self.seen[index].replace(place.clone()) {
            let message = format!("`{key}` is given twice");
            let mut error = invalid(self.file, place, &message, "keep one of the two lines");
            error.labels.push(crate::diagnostic::Label {
                location: location(self.file, first),
                message: "given here first".to_owned(),
            });
            return Err(error);
        }
        let values: Vec<Arc<str>> = if value.is_empty() || value.eq_ignore_ascii_case("none") {
            Vec::new()
        } else {
            value
                .split(',')
                .map(|part| Arc::from(unquoted(part.trim())))
                .collect()
        };
        if values.iter().any(|value| value.is_empty()) {
            let message = format!("`{key}` has an empty item");
            return Err(invalid(
                self.file,
                place,
                &message,
                "remove the extra comma",
            ));
        }
        match index {
            0 => {
                let [revision] = values.as_slice() else {
                    let help = "write `-- revision: IDENTIFIER`";
                    return Err(invalid(
                        self.file,
                        place,
                        "`revision` takes one identifier",
                        help,
                    ));
                };
                self.header.revision = Arc::clone(revision);
                self.header.span = Span::new(place.end - value.len(), place.end);
            }
            1 => self.header.down_revisions = values,
            2 => self.header.branch_labels = values,
            _ => self.header.depends_on = values,
        }
        Ok(())
    }

    fn section(&mut self, marker: &str, place: Range<usize>, line: Range<usize>) -> Result<()> {
        let mut words = marker.split_ascii_whitespace();
        let name = words.next().unwrap_or_default();
        let index = match name.to_ascii_lowercase().as_str() {
            "up" => 0,
            "down" => 1,
            _ => {
                let message = format!("unknown section `migrate:{name}`");
                let help = "the sections are `-- migrate:up` and `-- migrate:down`";
                return Err(invalid(self.file, place, &message, help));
            }
        };
        let mut transaction = true;
        // `transaction: false` and `transaction=false` are the same option.
        let options = words.collect::<Vec<_>>().join(" ").replace('=', ":");
        let options = options.replace(": ", ":").replace(" :", ":");
        for option in options.split_ascii_whitespace() {
            transaction = match option.to_ascii_lowercase().as_str() {
                "transaction:false" => false,
                "transaction:true" => true,
                _ => {
                    let message = format!("unknown option `{option}` of a section");
                    let help = "the only option is `transaction:false`";
                    return Err(invalid(self.file, place, &message, help));
                }
            };
        }
        self.close(line.start);
        if let Some(first) = &self.sections[index] {
            let message = format!("the section `migrate:{name}` is there twice");
            let first = location(self.file, first.marker.clone());
            let mut error = invalid(
                self.file,
                place,
                &message,
                "put the statements into one section",
            );
            error.labels.push(crate::diagnostic::Label {
                location: first,
                message: "the first one is here".to_owned(),
            });
            return Err(error);
        }
        self.sections[index] = Some(Section {
            body: line.end..line.end,
            marker: place,
            transaction,
        });
        self.open = Some(index);
        Ok(())
    }

    /// Ends the open section at `end`.
    fn close(&mut self, end: usize) {
        if let Some(section) = self.open.and_then(|index| self.sections[index].as_mut()) {
            section.body.end = end;
        }
    }
}

/// `migrate: up` without its key, whatever its case.
fn strip_key<'a>(comment: &'a str, key: &str) -> Option<&'a str> {
    let (found, rest) = comment.split_once(':')?;
    found.trim().eq_ignore_ascii_case(key).then(|| rest.trim())
}

fn nearest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    let typed = typed.replace('-', "_").to_ascii_lowercase();
    if typed.len() > 64 {
        return None;
    }
    known
        .iter()
        .map(|name| (strsim::osa_distance(name, &typed), *name))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map(|(_, name)| name)
}

fn location(file: &Arc<SourceFile>, range: Range<usize>) -> Location {
    Location::new(Arc::clone(file), Span::new(range.start, range.end))
}

fn invalid(
    file: &Arc<SourceFile>,
    range: Range<usize>,
    message: &str,
    help: &str,
) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(Code::SqlRevisionInvalid, message)
            .at(location(file, range))
            .with_help(help),
    )
}

/// A value without the quotes around it.
fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SqlFile> {
        SqlFile::parse(SourceFile::new("a.sql", text))
    }

    fn error(text: &str) -> String {
        let error = read(text).expect_err("an error");
        format!(
            "{} {}",
            error.primary.map(|at| at.to_string()).unwrap_or_default(),
            error.message
        )
    }

    #[test]
    fn header_and_sections() {
        let text = "\u{feff}-- add users: now\r\n-- and more\n-- revision: a1\n-- down_revision: x, y\n-- Branch_Labels: none\n\n-- migrate:up transaction:false\nselect 1;\n-- note: kept\n-- migrate:down\nselect 2;\n";
        let file = read(text).unwrap();
        assert_eq!(&*file.header.revision, "a1");
        assert_eq!(file.header.message, "add users: now\nand more");
        assert_eq!(file.header.down_revisions, [Arc::from("x"), Arc::from("y")]);
        assert!(file.header.branch_labels.is_empty());
        assert!(!file.up.transaction);
        assert_eq!(&text[file.up.body.clone()], "select 1;\n-- note: kept\n");
        assert_eq!(&text[file.down.unwrap().body], "select 2;\n");
        let at = file.header.span;
        assert_eq!(&text[at.start as usize..at.end as usize], "a1");
    }

    #[test]
    fn spellings() {
        for text in [
            "-- revision: 'a1'\n-- down-revision: none\n-- migrate:up transaction: false\n",
            "--Revision:a1\n-- Down Revision: none\n--migrate: up transaction=false\n",
            "\u{feff}-- revision: \"a1\"\r\n\r\n-- MIGRATE:UP TRANSACTION : FALSE\r\n",
        ] {
            let file = read(text).unwrap();
            assert_eq!(&*file.header.revision, "a1", "{text}");
            assert!(file.header.down_revisions.is_empty(), "{text}");
            assert!(!file.up.transaction, "{text}");
        }
    }

    #[test]
    fn faults() {
        assert_eq!(error(""), "a.sql:1:1 the header does not name the revision");
        assert_eq!(
            error("-- revision: a\n"),
            "a.sql:1:14 there is no `-- migrate:up` section"
        );
        assert_eq!(
            error("-- x\nselect\n"),
            "a.sql:2:1 there is text before the first section"
        );
        assert_eq!(
            error("-- revison: a\n"),
            "a.sql:1:1 unknown key `revison` in the header"
        );
        assert_eq!(
            error("-- revision: a\n-- author: b\n"),
            "a.sql:2:1 unknown key `author` in the header"
        );
        assert_eq!(
            error("-- revision: a\n-- revision: b\n"),
            "a.sql:2:1 `revision` is given twice"
        );
        assert_eq!(
            error("-- revision: a, b\n"),
            "a.sql:1:1 `revision` takes one identifier"
        );
        assert_eq!(
            error("-- revision: a\n-- migrate:up\n-- migrate:up\n"),
            "a.sql:3:1 the section `migrate:up` is there twice"
        );
        assert_eq!(
            error("-- revision: a\n-- migrate:sideways\n"),
            "a.sql:2:1 unknown section `migrate:sideways`"
        );
        assert_eq!(
            error("-- revision: a\n-- migrate:up fast\n"),
            "a.sql:2:1 unknown option `fast` of a section"
        );
        assert_eq!(
            error("-- revision: a\0\n"),
            "a.sql:1:15 the file contains a NUL character"
        );
    }
}
