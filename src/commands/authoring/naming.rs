//! The names of new files.

use std::path::{Component, Path, PathBuf};

use super::clock::Moment;
use crate::config::Authoring;
use crate::diagnostic::{Code, Diagnostic, Result};

/// The longest name of a file, in bytes.
const MAX_NAME: usize = 255;
/// The widest that a token may be made.
const MAX_WIDTH: usize = 64;

/// The path of a new file below the directory of revisions.
///
/// # Errors
/// A template that is none, and a name that no file can have.
pub(in crate::commands) fn file_name(
    authoring: &Authoring,
    id: &str,
    message: &str,
    moment: &Moment,
    extension: &str,
) -> Result<PathBuf> {
    if let Some(bad) = id
        .chars()
        .find(|c| c.is_control() || matches!(c, '/' | '\\'))
    {
        let message = format!(
            "the identifier '{}' has the character {bad:?}",
            id.escape_debug()
        );
        return Err(Box::new(
            Diagnostic::error(Code::RevisionIdInvalid, message)
                .with_help("choose an identifier of letters, digits and `_`"),
        ));
    }
    let slug = slug(message, authoring.slug_length);
    let [year, month, day, hour, minute, second, _] = moment.created.fields;
    let token = |name: &str| {
        Some(match name {
            "rev" => Token::Text(id.to_owned()),
            "slug" => Token::Text(slug.clone()),
            "epoch" => Token::Number(moment.epoch),
            "year" => Token::Number(year),
            "month" => Token::Number(month),
            "day" => Token::Number(day),
            "hour" => Token::Number(hour),
            "minute" => Token::Number(minute),
            "second" => Token::Number(second),
            _ => return None,
        })
    };
    let wrong = |reason: String| {
        Box::new(
            Diagnostic::error(Code::ConfigInvalid, format!("`file_template` {reason}"))
                .at(authoring.file_template_place.clone())
                .with_help("the tokens are %(rev)s, %(slug)s, %(epoch)s, %(year)d, %(month).2d, %(day).2d, %(hour).2d, %(minute).2d and %(second).2d; in an ini file each `%` is written twice"),
        )
    };
    let name = formatted(&authoring.file_template, &token).map_err(wrong)?;
    let path = PathBuf::from(format!("{name}{extension}"));
    let plain = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !plain || path.as_os_str().is_empty() || name.ends_with('/') || name.contains('\0') {
        return Err(wrong(format!(
            "gives '{}', which is no file below the directory of revisions",
            name.escape_debug()
        )));
    }
    let long = |part: Component<'_>| part.as_os_str().len() > MAX_NAME;
    if path.components().any(long) {
        return Err(wrong(format!("gives a name of more than {MAX_NAME} bytes")));
    }
    Ok(path)
}

/// Words of a message with `_` between them.
fn slug(message: &str, length: usize) -> String {
    let words = message
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("_").to_lowercase();
    if slug.chars().count() <= length {
        return slug;
    }
    let cut: String = slug.chars().take(length).collect();
    let whole = cut
        .rsplit_once('_')
        .map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}_")
}

enum Token {
    Text(String),
    Number(i64),
}

/// Python's `template % tokens`, for the conversions that names are made with.
fn formatted(
    template: &str,
    token: &dyn Fn(&str) -> Option<Token>,
) -> std::result::Result<String, String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let named = rest
            .strip_prefix('(')
            .and_then(|inner| inner.split_once(')'));
        let Some((name, after)) = named else {
            return Err("has a `%` without a token behind it".to_owned());
        };
        let Some(value) = token(name) else {
            return Err(format!("has the unknown token '{name}'"));
        };
        let flags = after.len() - after.trim_start_matches(['-', '0', ' ', '+', '#']).len();
        let (flags, after) = after.split_at(flags);
        let (width, after) = number(after);
        let (precision, after) = match after.strip_prefix('.') {
            Some(after) => {
                let (precision, after) = number(after);
                (Some(precision.unwrap_or(0)), after)
            }
            None => (None, after),
        };
        let mut chars = after.chars();
        let kind = chars.next();
        rest = chars.as_str();
        let width = width.unwrap_or(0);
        if width > MAX_WIDTH || precision.is_some_and(|precision| precision > MAX_WIDTH) {
            return Err(format!("makes a token wider than {MAX_WIDTH}"));
        }
        let text = match (kind, value) {
            (Some('d' | 'i' | 'u'), Token::Number(number)) => digits(number, flags, precision),
            (Some('s' | 'r'), Token::Number(number)) => cut(number.to_string(), precision),
            (Some('s'), Token::Text(text)) => cut(text, precision),
            (Some(kind), _) => return Err(format!("cannot write '{name}' with `{kind}`")),
            (None, _) => return Err(format!("ends within the token '{name}'")),
        };
        let fill = width.saturating_sub(text.chars().count());
        let zeros = flags.contains('0') && !flags.contains('-') && kind == Some('d');
        if zeros {
            let sign = usize::from(text.starts_with(['-', '+', ' ']));
            out.push_str(&text[..sign]);
            out.push_str(&"0".repeat(fill));
            out.push_str(&text[sign..]);
        } else if flags.contains('-') {
            out.push_str(&text);
            out.push_str(&" ".repeat(fill));
        } else {
            out.push_str(&" ".repeat(fill));
            out.push_str(&text);
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn number(text: &str) -> (Option<usize>, &str) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    let value = (digits > 0).then(|| number.parse().unwrap_or(usize::MAX));
    (value, rest)
}

fn digits(number: i64, flags: &str, precision: Option<usize>) -> String {
    let sign = if number < 0 {
        "-"
    } else if flags.contains('+') {
        "+"
    } else if flags.contains(' ') {
        " "
    } else {
        ""
    };
    let digits = number.unsigned_abs();
    format!(
        "{sign}{digits:0precision$}",
        precision = precision.unwrap_or(0)
    )
}

fn cut(text: String, precision: Option<usize>) -> String {
    match precision {
        Some(length) => text.chars().take(length).collect(),
        None => text,
    }
}

/// A path as messages show it: whole, from the root of the file system.
pub(in crate::commands) fn whole(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let plain: PathBuf = absolute
        .components()
        .filter(|part| !matches!(part, Component::CurDir))
        .collect();
    plain.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::authoring::clock;

    fn name(template: &str, message: &str) -> String {
        let authoring = Authoring {
            file_template: template.to_owned(),
            ..Authoring::default()
        };
        let moment = clock::now(&authoring, Some(1_767_323_045)).unwrap();
        match file_name(&authoring, "ab12", message, &moment, ".py") {
            Ok(path) => path.display().to_string(),
            Err(found) => format!("error: {}", found.message),
        }
    }

    #[test]
    fn names_are_those_of_alembic() {
        let long = "Add a rather long message, that says all there is to say";
        let text = [
            name("%(rev)s_%(slug)s", "Add users' e-mail: ÄÖ_ü"),
            name("%(rev)s_%(slug)s", long),
            name("%(rev)s_%(slug)s", ""),
            name(
                "%(year)d/%(month).2d/%(day)02d_%(hour)3d%(minute)-3d|%(second)+d",
                "",
            ),
            name("%(epoch)s-%(slug).4s-%%", "abcdefg"),
            name("%(nothing)s", ""),
            name("%(rev)", ""),
            name("../%(rev)s", ""),
            name("/%(rev)s", ""),
            name("100%", ""),
        ]
        .join("\n");
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/authoring"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("names", text));
    }
}
