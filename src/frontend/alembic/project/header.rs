//! A revision's header, read without evaluating the file.
//!
//! Nearly every revision assigns plain constants to `revision`, `down_revision`, `branch_labels`
//! and `depends_on` at the top level. One pass over the bytes finds them; whatever is not plain
//! (computed values, assignments inside `if`) answers "don't know", and the file is evaluated.

use std::sync::Arc;

/// What a revision file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// `revision`.
    pub revision: Arc<str>,
    /// `down_revision`, in order; empty for a base.
    pub down_revisions: Vec<Arc<str>>,
    /// `branch_labels`.
    pub branch_labels: Vec<Arc<str>>,
    /// `depends_on`.
    pub depends_on: Vec<Arc<str>>,
    /// The module's docstring.
    pub doc: Option<Arc<str>>,
    /// Byte offset of the `revision` assignment.
    pub offset: usize,
}

/// What the scan found out.
#[derive(Debug, PartialEq, Eq)]
pub enum Scan {
    /// The header.
    Found(Header),
    /// There is no top-level assignment to `revision` in plain sight.
    Absent,
    /// The file has to be evaluated.
    Unclear,
}

const NAMES: [&str; 4] = ["revision", "down_revision", "branch_labels", "depends_on"];

/// The bytes at which something begins or ends; the others are most of a file.
const TELLING: [bool; 256] = {
    let mut telling = [false; 256];
    let bytes = b"'\"#([{)]}\\\n;";
    let mut at = 0;
    while at < bytes.len() {
        telling[bytes[at] as usize] = true;
        at += 1;
    }
    telling
};

/// Reads the header of a revision file.
pub fn scan(text: &str) -> Scan {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        text,
        at: 0,
    };
    let mut header = Header::default();
    let mut seen = [false; 4];
    let mut first = true;
    let mut in_definition = false;
    while scanner.at < scanner.bytes.len() {
        let start = scanner.at;
        let indented = matches!(scanner.bytes[start], b' ' | b'\t' | b'\x0c');
        scanner.skip_spaces();
        if scanner.at_line_end() {
            scanner.next_line();
            continue;
        }
        if first && !indented {
            first = false;
            if scanner.at_string() {
                match scanner.string() {
                    Some(doc) if scanner.statement_ends() => {
                        header.doc = Some(doc);
                        scanner.next_line();
                        continue;
                    }
                    _ => return Scan::Unclear,
                }
            }
        }
        let word = scanner.word();
        if !indented {
            in_definition = matches!(word, "def" | "class" | "async" | "@");
        }
        match NAMES.iter().position(|name| *name == word) {
            Some(index) if scanner.assigns() => {
                if indented && in_definition {
                    // A local variable of a function.
                } else if indented || seen[index] {
                    return Scan::Unclear;
                } else {
                    seen[index] = true;
                    let Some(values) = scanner.values() else {
                        return Scan::Unclear;
                    };
                    if !scanner.statement_ends() {
                        return Scan::Unclear;
                    }
                    match index {
                        0 => match <[Arc<str>; 1]>::try_from(values) {
                            Ok([revision]) => {
                                header.revision = revision;
                                header.offset = start;
                            }
                            Err(_) => return Scan::Unclear,
                        },
                        1 => header.down_revisions = values,
                        2 => header.branch_labels = values,
                        _ => header.depends_on = values,
                    }
                }
            }
            // `revision, down_revision = …`, `revision += …`, `for revision in …`.
            Some(_) if !indented => return Scan::Unclear,
            None if !indented && (word == "globals" || word == "exec" || word == "del") => {
                return Scan::Unclear;
            }
            Some(_) | None => {}
        }
        if !scanner.rest_of_statement() {
            return Scan::Unclear;
        }
    }
    if seen[0] {
        Scan::Found(header)
    } else {
        Scan::Absent
    }
}

struct Scanner<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(b'\n')
    }

    fn skip_spaces(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\x0c')) {
            self.at += 1;
        }
    }

    fn at_line_end(&self) -> bool {
        matches!(self.peek(), b'\n' | b'\r' | b'#')
    }

    fn next_line(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            if *byte == b'\n' {
                return;
            }
        }
    }

    fn word(&mut self) -> &'a str {
        let start = self.at;
        if self.peek() == b'@' {
            return "@";
        }
        while matches!(self.bytes.get(self.at), Some(b) if b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80)
        {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    /// After a name: `=` or `: annotation =`. Stands behind the `=` then.
    fn assigns(&mut self) -> bool {
        let start = self.at;
        self.skip_spaces();
        if self.peek() == b':' {
            self.at += 1;
            let mut depth = 0usize;
            loop {
                match self.peek() {
                    b'[' | b'(' => depth += 1,
                    b']' | b')' => depth = depth.saturating_sub(1),
                    b'=' if depth == 0 => break,
                    b'\'' | b'"' => {
                        if self.string().is_none() {
                            self.at = start;
                            return false;
                        }
                        continue;
                    }
                    b'\n' | b'#' => {
                        self.at = start;
                        return false;
                    }
                    _ => {}
                }
                self.at += 1;
            }
        }
        if self.peek() == b'=' && self.bytes.get(self.at + 1) != Some(&b'=') {
            self.at += 1;
            self.skip_spaces();
            return true;
        }
        self.at = start;
        false
    }

    fn at_string(&self) -> bool {
        match self.peek() {
            b'\'' | b'"' => true,
            b'r' | b'R' | b'u' | b'U' => {
                matches!(self.bytes.get(self.at + 1), Some(b'\'' | b'"'))
            }
            _ => false,
        }
    }

    /// A string literal without escapes (raw ones may have backslashes); `None` for others.
    fn string(&mut self) -> Option<Arc<str>> {
        let raw = matches!(self.peek(), b'r' | b'R');
        if !matches!(self.peek(), b'\'' | b'"') {
            self.at += 1;
        }
        let (start, end) = self.skip_string()?;
        let body = &self.text[start..end];
        if (!raw && body.contains('\\')) || body.contains('\r') {
            return unescape(body, raw);
        }
        Some(Arc::from(body))
    }

    /// Skips a string literal that starts at the quote. The range of its body.
    fn skip_string(&mut self) -> Option<(usize, usize)> {
        let quote = self.peek();
        let triple = self.bytes.get(self.at + 1) == Some(&quote)
            && self.bytes.get(self.at + 2) == Some(&quote);
        self.at += if triple { 3 } else { 1 };
        let start = self.at;
        loop {
            match self.bytes.get(self.at)? {
                b'\\' => self.at += 2,
                b'\n' if !triple => return None,
                b if *b == quote => {
                    if !triple {
                        self.at += 1;
                        return Some((start, self.at - 1));
                    }
                    if self.bytes.get(self.at + 1) == Some(&quote)
                        && self.bytes.get(self.at + 2) == Some(&quote)
                    {
                        self.at += 3;
                        return Some((start, self.at - 3));
                    }
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }

    /// `None`, a string, or a tuple, list or set of strings.
    fn values(&mut self) -> Option<Vec<Arc<str>>> {
        if self.at_string() {
            let first = self.string()?;
            self.skip_spaces();
            if self.peek() != b',' {
                return Some(vec![first]);
            }
            // `down_revision = "a", "b"`
            let mut values = vec![first];
            while self.peek() == b',' {
                self.at += 1;
                self.skip_spaces();
                if !self.at_string() {
                    break;
                }
                values.push(self.string()?);
                self.skip_spaces();
            }
            return Some(values);
        }
        let close = match self.peek() {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            _ => return (self.word() == "None").then(Vec::new),
        };
        self.at += 1;
        let mut values = Vec::new();
        let mut comma = true;
        loop {
            match self.bytes.get(self.at)? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'#' => self.next_line(),
                b',' => {
                    comma = true;
                    self.at += 1;
                }
                b if *b == close => {
                    self.at += 1;
                    return Some(values);
                }
                _ if comma && self.at_string() => {
                    comma = false;
                    values.push(self.string()?);
                }
                _ => return None,
            }
        }
    }

    fn statement_ends(&mut self) -> bool {
        self.skip_spaces();
        self.at_line_end()
    }

    /// Skips to the next logical line. False when the file cannot be followed.
    fn rest_of_statement(&mut self) -> bool {
        let mut depth = 0usize;
        while let Some(byte) = self.bytes.get(self.at) {
            let rest = &self.bytes[self.at..];
            let telling = rest.iter().position(|b| TELLING[usize::from(*b)]);
            let passed = telling.unwrap_or(rest.len());
            if passed > 0 {
                self.at += passed;
                continue;
            }
            match byte {
                b'\'' | b'"' => {
                    if self.skip_string().is_none() {
                        return false;
                    }
                    continue;
                }
                b'#' => {
                    self.next_line();
                    if depth == 0 {
                        return true;
                    }
                    continue;
                }
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b'\\' => self.at += 1,
                b'\n' if depth == 0 => {
                    self.at += 1;
                    return true;
                }
                // A second statement on the line may assign too.
                b';' if depth == 0 => return false,
                _ => {}
            }
            self.at += 1;
        }
        true
    }
}

/// Simple escapes; `None` for those that need the whole table.
fn unescape(body: &str, raw: bool) -> Option<Arc<str>> {
    let body = body.replace("\r\n", "\n");
    if raw || !body.contains('\\') {
        return Some(Arc::from(body));
    }
    let mut out = String::with_capacity(body.len());
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            '\n' => {}
            quoted @ ('\\' | '\'' | '"') => out.push(quoted),
            'r' => out.push('\r'),
            'x' | 'u' | 'U' | 'N' | 'a' | 'b' | 'f' | 'v' | '0'..='7' => return None,
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    Some(Arc::from(out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use indoc::indoc;

    fn found(text: &str) -> Header {
        match scan(text) {
            Scan::Found(header) => header,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_usual_header() {
        let header = found(indoc! {r#"
            """add mail

            Revision ID: abc
            revision = "not this"
            """
            from typing import Sequence, Union
            from alembic import op

            revision: str = "abc"  # the id
            down_revision: Union[str, None] = 'base'
            branch_labels: Union[str, Sequence[str], None] = ("x", "y",)
            depends_on = None

            def upgrade():
                revision = compute()
        "#});
        assert_eq!(&*header.revision, "abc");
        assert_eq!(header.down_revisions, [Arc::from("base")]);
        assert_eq!(header.branch_labels, [Arc::from("x"), Arc::from("y")]);
        assert!(header.doc.is_some_and(|doc| doc.starts_with("add mail")));
    }

    #[test]
    fn tuples_without_parentheses_and_over_lines() {
        assert_eq!(
            found("revision='a'\ndown_revision = 'x', 'y'\n")
                .down_revisions
                .len(),
            2
        );
        let text = "revision='a'\ndown_revision = (\n  'x',  # one\n  'y'\n)\n";
        assert_eq!(found(text).down_revisions.len(), 2);
    }

    #[test]
    fn computed_or_conditional_values_are_left_to_the_evaluator() {
        assert_eq!(scan("revision = 'a' + 'b'\n"), Scan::Unclear);
        assert_eq!(scan("revision = make()\n"), Scan::Unclear);
        assert_eq!(scan("if True:\n    revision = 'a'\n"), Scan::Unclear);
        assert_eq!(scan("revision = 'a'\nrevision = 'b'\n"), Scan::Unclear);
        assert_eq!(scan("x = 1; revision = 'a'\n"), Scan::Unclear);
        assert_eq!(scan("revision, down_revision = 'a', 'b'\n"), Scan::Unclear);
        assert_eq!(scan("revision = '\\x61'\n"), Scan::Unclear);
    }

    #[test]
    fn a_file_without_a_revision() {
        assert_eq!(
            scan("import os\n\ndef upgrade():\n    pass\n"),
            Scan::Absent
        );
        assert_eq!(scan(""), Scan::Absent);
        assert_eq!(scan("x = '''never closed"), Scan::Unclear);
    }
}
