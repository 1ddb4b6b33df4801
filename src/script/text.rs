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

/// Whether a line has a `--` that is not inside quotes.
fn ends_in_comment(line: &str) -> bool {
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
        assert_eq!(finish("SELECT 'a\tb'").as_deref(), Some("SELECT 'a\tb';"));
    }

    #[test]
    fn compat_keeps_what_alembic_does() {
        let finish = |text| finish_statement(text, ";", true, true);
        assert_eq!(finish("SELECT '\t';").as_deref(), Some("SELECT '    ';;"));
        assert_eq!(finish("").as_deref(), Some(";"));
    }
}
