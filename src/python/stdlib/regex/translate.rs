//! Python's syntax of patterns in that of the engine.

/// Python's spelling as the engine wants it.
pub(super) fn translate(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('Z') => out.push_str("\\z"),
                Some('A') => out.push_str("\\A"),
                Some(c)
                    if in_class
                        || !matches!(
                            c,
                            '/' | '"' | '\'' | ',' | ':' | ';' | '@' | '=' | '!' | '%' | '`'
                        ) =>
                {
                    out.push('\\');
                    out.push(c);
                }
                Some(c) => out.push(c),
                None => out.push('\\'),
            },
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.push('^');
                    chars.next();
                }
                if chars.peek() == Some(&']') {
                    out.push_str("\\]");
                    chars.next();
                }
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            '(' if !in_class && chars.peek() == Some(&'?') => {
                out.push('(');
                let rest: String = chars.clone().take(3).collect();
                if rest.starts_with("?P=") {
                    chars.nth(2);
                    let name: String = chars.by_ref().take_while(|c| *c != ')').collect();
                    out.pop();
                    out.push_str(&format!("\\k<{name}>"));
                }
            }
            '$' if !in_class => out.push_str("(?=\\n?\\z)"),
            c => out.push(c),
        }
    }
    out
}
