//! Templates that a project brings: their text is not trusted, and what is wrong has a place.

use std::io::Write;
use std::sync::Arc;

use minijinja::{Environment, ErrorKind, Value};

use super::FUEL;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::sql::growing;
use crate::source::{Location, SourceFile, Span};

/// The longest text that a template may write besides the values it is given.
const LONGEST: usize = 16 << 20;

/// What a template of a project may use. The others can write more than there is memory.
const FILTERS: &[&str] = &["length", "first", "last", "default"];

/// Renders a project's template.
pub(super) fn render(
    environment: &Environment<'static>,
    file: &Arc<SourceFile>,
    context: Value,
) -> Result<String> {
    let text = file.text().trim_end();
    let at =
        |start: usize, end: usize| Some(Location::new(Arc::clone(file), Span::new(start, end)));
    if let Some((start, what)) = growing(text) {
        return Err(Box::new(
            Diagnostic::error(
                Code::DialectFile,
                format!("`{what}` is not available in a project's template"),
            )
            .at(at(start, start + what.len()))
            .with_note("a few of them could write more text than there is memory")
            .with_help("write the parts one behind the other: `{{ a }}{{ b }}`"),
        ));
    }
    if let Some((start, name)) = filter(text) {
        return Err(Box::new(
            Diagnostic::error(
                Code::DialectFile,
                format!("the filter `{name}` is not available in a project's template"),
            )
            .at(at(start, start + name.len()))
            .with_help(format!("there are {}", FILTERS.join(", "))),
        ));
    }
    let mut out = Limited(Vec::new());
    let outcome = environment
        .template_from_named_str("template", text)
        .and_then(|template| template.render_captured_to(context, &mut out).map(|_| ()));
    let error = match outcome {
        Ok(()) => {
            return String::from_utf8(out.0).map_err(|_| {
                let message = "the template's output is not text";
                Box::new(Diagnostic::error(Code::DialectFile, message).at(at(0, 0)))
            });
        }
        Err(error) => error,
    };
    let place = match error.range() {
        Some(range) => at(range.start, range.end.max(range.start)),
        None => {
            let line = error.line().unwrap_or(1);
            let start: usize = text
                .split_inclusive('\n')
                .take(line.saturating_sub(1))
                .map(str::len)
                .sum();
            let end = text[start..].find('\n').map_or(text.len(), |n| start + n);
            at(start, end)
        }
    };
    let detail = error.detail().unwrap_or_default();
    let (message, help) = match error.kind() {
        ErrorKind::OutOfFuel => (
            format!("the template runs for more than {FUEL} steps"),
            "make its loops shorter",
        ),
        ErrorKind::UndefinedError => (
            "the template uses a value that is not defined".to_owned(),
            "the built-in template of the same name shows which values there are",
        ),
        ErrorKind::SyntaxError => (
            format!("the template cannot be read: {detail}"),
            "correct the syntax, or remove the file to use the built-in template",
        ),
        kind if detail.is_empty() => (
            format!("the template fails: {kind}"),
            "correct the template",
        ),
        _ => (
            format!("the template fails: {detail}"),
            "correct the template",
        ),
    };
    Err(Box::new(
        Diagnostic::error(Code::DialectFile, message)
            .at(place)
            .with_help(help),
    ))
}

/// The first filter inside the tags of a template that is not in the list.
fn filter(text: &str) -> Option<(usize, &str)> {
    let mut inside = false;
    let mut quote = None;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at..at + 2).unwrap_or_default();
        match (inside, quote, bytes[at]) {
            (false, ..) if pair == b"{{" || pair == b"{%" => {
                inside = true;
                at += 1;
            }
            (true, None, _) if pair == b"}}" || pair == b"%}" => {
                inside = false;
                at += 1;
            }
            (true, None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (true, Some(_), b'\\') => at += 1,
            (true, Some(open), byte) if byte == open => quote = None,
            (true, None, b'|') => {
                let rest = text.get(at + 1..).unwrap_or_default();
                let start = at + 1 + (rest.len() - rest.trim_start().len());
                let rest = text.get(start..).unwrap_or_default();
                let end = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                if !FILTERS.contains(&&rest[..end]) {
                    return text.get(start..start + end).map(|name| (start, name));
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Bytes up to a limit.
struct Limited(Vec<u8>);

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(std::io::Error::other("the template writes too much"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
