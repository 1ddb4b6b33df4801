//! The end of a statement's text.

/// A statement's text with its terminator; `None` when nothing is left of it.
///
/// `own` says that the text is the revision's own. With `compat`, the text is treated as Alembic
/// does: tabs become four spaces everywhere, and the terminator is added whatever the end.
/// Otherwise the text stays as it is, a terminator is not doubled, and one behind a `--` comment
/// goes to a line of its own.
pub fn finish_statement(text: &str, terminator: &str, own: bool, compat: bool) -> Option<String> {
    if compat {
        return Some(format!("{}{terminator}", text.replace('\t', "    ").trim()));
    }
    let mut body = text.trim();
    if own && !terminator.is_empty() {
        while let Some(rest) = body.strip_suffix(terminator) {
            body = rest.trim_end();
        }
    }
    if own && terminator.is_empty() && !is_block(body) {
        // A client that takes lines runs a statement at its `;`, and again at the separator.
        body = body.trim_end_matches(';').trim_end();
    }
    if body.is_empty() {
        return None;
    }
    let last_line = body.rsplit('\n').next().unwrap_or(body);
    let line_break = if own && ends_in_comment(last_line) {
        "\n"
    } else {
        ""
    };
    Some(format!("{body}{line_break}{terminator}"))
}

/// Whether a statement is a block of PL/SQL, which needs its last `;`.
fn is_block(statement: &str) -> bool {
    let definitions = [
        "procedure",
        "function",
        "trigger",
        "package",
        "type",
        "library",
    ];
    let begins = |words: &str| super::item::starts_with(statement, words);
    begins("begin")
        || begins("declare")
        || definitions.iter().any(|kind| {
            ["create", "create or replace"].iter().any(|create| {
                begins(&format!("{create} {kind}"))
                    || begins(&format!("{create} editionable {kind}"))
                    || begins(&format!("{create} noneditionable {kind}"))
            })
        })
}

/// Whether a line has a `--` that is not inside quotes.
pub(super) fn ends_in_comment(line: &str) -> bool {
    let mut quote = None;
    let mut previous = ' ';
    for c in line.chars() {
        match quote {
            Some(open) => {
                if c == open {
                    quote = None;
                }
            }
            None => match c {
                '\'' | '"' | '`' => quote = Some(c),
                '-' if previous == '-' => return true,
                _ => {}
            },
        }
        previous = c;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::finish_statement;

    #[test]
    fn a_terminator_is_neither_doubled_nor_swallowed() {
        let finish = |text| finish_statement(text, ";", true, false);
        assert_eq!(finish("SELECT 1;").as_deref(), Some("SELECT 1;"));
        assert_eq!(
            finish("SELECT 1 -- note").as_deref(),
            Some("SELECT 1 -- note\n;")
        );
        assert_eq!(finish("SELECT '--'").as_deref(), Some("SELECT '--';"));
        assert_eq!(finish(" ; "), None);
        let oracle = |text| finish_statement(text, "", true, false);
        assert_eq!(oracle("DELETE FROM t;").as_deref(), Some("DELETE FROM t"));
        assert_eq!(
            oracle("/* x */ begin p; end;").as_deref(),
            Some("/* x */ begin p; end;")
        );
        assert_eq!(finish("SELECT 'a\tb'").as_deref(), Some("SELECT 'a\tb';"));
    }

    #[test]
    fn compat_keeps_what_alembic_does() {
        let finish = |text| finish_statement(text, ";", true, true);
        assert_eq!(finish("SELECT '\t';").as_deref(), Some("SELECT '    ';;"));
        assert_eq!(finish("").as_deref(), Some(";"));
    }
}
