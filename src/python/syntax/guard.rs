//! A look at the text before it is parsed: nesting that would exhaust the stack is refused.

/// CPython's own limit on nested brackets.
const MAX_BRACKETS: usize = 200;
/// CPython's own limit on indentation.
const MAX_INDENTS: usize = 100;
/// Operators in one statement. A tree as deep as this fits the evaluator's stack.
const MAX_OPERATORS: usize = 100_000;

/// The bytes that say something of nesting; the others are most of a text.
const TELLING: [bool; 256] = {
    let mut telling = [false; 256];
    let bytes = b"#'\"([{)]}\n\\";
    let mut at = 0;
    while at < bytes.len() {
        telling[bytes[at] as usize] = true;
        at += 1;
    }
    telling
};

/// The reason and the byte offset, when a text nests too deeply.
pub(super) fn too_deep(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    // A short text cannot have too many operators, which then need not be counted.
    let short = bytes.len() < MAX_OPERATORS;
    let mut at = 0;
    let mut depth = 0usize;
    let mut operators = 0usize;
    let mut line_start = true;
    let mut indents: Vec<usize> = vec![0];
    while let Some(&byte) = bytes.get(at) {
        if line_start && depth == 0 {
            let width = bytes[at..]
                .iter()
                .take_while(|b| matches!(b, b' ' | b'\t'))
                .count();
            at += width;
            line_start = false;
            if matches!(bytes.get(at), Some(b'\n' | b'\r' | b'#') | None) {
                continue;
            }
            while indents.last().is_some_and(|last| *last > width) {
                indents.pop();
            }
            if indents.last().is_some_and(|last| *last < width) {
                indents.push(width);
            }
            if indents.len() > MAX_INDENTS {
                return Some(("too many levels of indentation".into(), at));
            }
            continue;
        }
        if short {
            let telling = bytes[at..].iter().position(|b| TELLING[usize::from(*b)]);
            let passed = telling.unwrap_or(bytes.len() - at);
            if passed > 0 {
                at += passed;
                continue;
            }
        }
        match byte {
            b'#' => {
                at += bytes[at..]
                    .iter()
                    .position(|b| *b == b'\n')
                    .unwrap_or(bytes.len() - at);
                continue;
            }
            b'\'' | b'"' => {
                let end = skip_string(bytes, at);
                if is_formatted(bytes, at)
                    && let Some(deep) = braces_too_deep(&bytes[at..end.min(bytes.len())])
                {
                    return Some(("the f-string is nested too deeply".into(), at + deep));
                }
                at = end;
                continue;
            }
            b'(' | b'[' | b'{' => {
                depth += 1;
                operators += 1;
                if depth > MAX_BRACKETS {
                    return Some(("too many nested parentheses".into(), at));
                }
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'\n' => {
                line_start = true;
                if depth == 0 {
                    operators = 0;
                }
            }
            b'+' | b'-' | b'~' | b'*' | b'/' | b'%' | b'.' | b'|' | b'&' | b'^' | b'<' | b'>' => {
                operators += 1;
            }
            // `not not …`, `await …`, `lambda: lambda: …`, `x if y else …`.
            b' ' | b':' => operators += usize::from(depth == 0 || byte == b':'),
            b'\\' => at += 1,
            _ => {}
        }
        if operators > MAX_OPERATORS {
            return Some(("the expression is too large".into(), at));
        }
        at += 1;
    }
    None
}

/// Whether the string that starts at the quote has an `f` in its prefix.
fn is_formatted(bytes: &[u8], quote: usize) -> bool {
    let prefix = bytes[..quote].iter().rev().take(2);
    let mut letters = prefix.take_while(|byte| byte.is_ascii_alphabetic());
    letters.any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'))
}

/// The offset at which what stands in the braces of an f-string nests too deeply.
fn braces_too_deep(text: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'{' if depth == 0 && text.get(at + 1) == Some(&b'{') => {}
            b'{' if depth == 0 && at > 0 && text[at - 1] == b'{' => {}
            b'{' => depth += 1,
            b'(' | b'[' if depth > 0 => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_BRACKETS {
            return Some(at);
        }
    }
    None
}

fn skip_string(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let triple = bytes.get(start + 1) == Some(&quote) && bytes.get(start + 2) == Some(&quote);
    let mut at = start + if triple { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' if !triple => return at,
            b if b == quote => {
                if !triple {
                    return at + 1;
                }
                if bytes.get(at + 1) == Some(&quote) && bytes.get(at + 2) == Some(&quote) {
                    return at + 3;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
