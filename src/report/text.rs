//! Diagnostics for people: the code, the place, an excerpt of the source, notes and help.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Location;

/// Lines longer than this are not shown.
const MAX_LINE: usize = 400;
/// How many notes, labels and remedies of one diagnostic are shown.
const MAX_PARTS: usize = 20;

/// A diagnostic as text that ends with a line feed. Control characters of the input are made
/// visible, so that no file can steer the terminal.
pub fn render(diagnostic: &Diagnostic, styled: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(plain_text(&diagnostic.message).into_owned())
        .id(diagnostic.code.as_str());
    let mut elements: Vec<Element<'_>> = Vec::new();
    if let Some(place) = &diagnostic.primary {
        let label = diagnostic.primary_label.as_deref().unwrap_or("");
        elements.push(excerpt(place, label, AnnotationKind::Primary));
    }
    for label in diagnostic.labels.iter().take(MAX_PARTS) {
        elements.push(excerpt(
            &label.location,
            &label.message,
            AnnotationKind::Context,
        ));
    }
    for note in diagnostic.notes.iter().take(MAX_PARTS) {
        elements.push(Level::NOTE.message(plain_text(note).into_owned()).into());
    }
    for help in diagnostic.help.iter().take(MAX_PARTS) {
        elements.push(Level::HELP.message(plain_text(help).into_owned()).into());
    }
    let group: Group<'_> = title.elements(elements);
    let renderer = if styled {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = renderer.render(&[group]);
    text.push('\n');
    text
}

/// The line of a place with what is to be seen on it.
fn excerpt<'a>(place: &Location, label: &str, kind: AnnotationKind) -> Element<'a> {
    let (line, column) = place.file.line_column(place.span.start);
    let path = plain_text(&place.file.path().display().to_string()).into_owned();
    let text = place.file.text();
    let start = floor(text, place.span.start as usize);
    let end = floor(text, place.span.end as usize).max(start);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let whole = &text[line_start..line_end];
    if whole.len() > MAX_LINE {
        return Origin::path(path).line(line).char_column(column).into();
    }
    let (shown, range) = visible_line(whole, start - line_start..end.min(line_end) - line_start);
    let mut annotation = kind.span(range);
    if !label.is_empty() {
        annotation = annotation.label(plain_text(label).into_owned());
    }
    Snippet::source(shown)
        .path(path)
        .line_start(line)
        .annotation(annotation)
        .into()
}

/// A line with its control characters replaced, and where a range of it comes to lie.
fn visible_line(line: &str, range: Range<usize>) -> (String, Range<usize>) {
    let mut shown = String::with_capacity(line.len());
    let (mut start, mut end) = (None, None);
    for (at, c) in line.char_indices() {
        if at >= range.start {
            start.get_or_insert(shown.len());
        }
        if at >= range.end {
            end.get_or_insert(shown.len());
        }
        match c {
            '\t' => shown.push_str("    "),
            '\r' => {}
            c if unsafe_to_show(c) => shown.push('\u{fffd}'),
            c => shown.push(c),
        }
    }
    let start = start.unwrap_or(shown.len());
    let end = end.unwrap_or(shown.len()).max(start);
    (shown, start..end)
}

/// Text for a terminal: control characters and those that change the direction of writing are
/// spelled out; line feeds stay.
pub fn plain_text(text: &str) -> Cow<'_, str> {
    let bad = |c: char| c != '\n' && unsafe_to_show(c);
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if bad(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn unsafe_to_show(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::source::{SourceFile, Span};

    #[test]
    fn shows_the_place() {
        let file = SourceFile::new("versions/a.py", "x = 1\ndown_revision = 'nope'\n");
        let span = Span::new(22, 28);
        let found = Diagnostic::error(Code::MissingRevision, "Revision nope is not present")
            .at(Location::new(file, span))
            .labelled("named here")
            .with_note("a note")
            .with_help("do this");
        insta::assert_snapshot!(render(&found, false), @r"
        error[E0303]: Revision nope is not present
         --> versions/a.py:2:17
          |
        2 | down_revision = 'nope'
          |                 ^^^^^^ named here
          |
          = note: a note
          = help: do this
        ");
    }

    #[test]
    fn no_input_steers_the_terminal() {
        let hostile = "\u{1b}[2J\u{1b}]0;x\u{7}\r\u{202e}é\u{0}\t";
        let file = SourceFile::new(format!("{hostile}.py"), format!("{hostile}\n{hostile}"));
        for (start, end) in [(0, 3), (5, 500), (499, 2), (18, 19), (19, 20)] {
            let found = Diagnostic::error(Code::Io, hostile)
                .at(Location::new(
                    std::sync::Arc::clone(&file),
                    Span::new(start, end),
                ))
                .labelled(hostile)
                .label(
                    Location::new(std::sync::Arc::clone(&file), Span::new(end, end)),
                    hostile,
                )
                .with_note(hostile)
                .with_help(hostile);
            let text = render(&found, false);
            assert!(
                !text.contains(|c: char| c != '\n' && unsafe_to_show(c)),
                "{text:?}"
            );
        }
    }

    #[test]
    fn long_lines_are_only_named() {
        let file = SourceFile::new("a.py", "x".repeat(1 << 20));
        let found = Diagnostic::error(Code::Io, "long").at(Location::new(file, Span::new(9, 12)));
        assert_eq!(render(&found, false), "error[E0105]: long\n--> a.py:1:10\n");
    }
}
