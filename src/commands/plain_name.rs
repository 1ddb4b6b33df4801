//! Names of files for identifiers and messages, which may hold anything: no name leads elsewhere,
//! hides itself, is an option, or is the same as another on systems that ignore the case of letters.

use super::digest::sha256;

/// The most characters that are taken over of an identifier.
const IDENTIFIER: usize = 48;
/// The most characters that are taken over of a message.
const MESSAGE: usize = 40;
/// Names that mean devices on Windows, also with an extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A name for an identifier: the identifier itself where that is a plain name, otherwise what of it
/// is plain with the beginning of its hash.
pub(super) fn of_identifier(id: &str) -> String {
    let plain: String = id.chars().map(replaced).take(IDENTIFIER).collect();
    let plain = plain.trim_matches(|c| matches!(c, '.' | '-')).to_owned();
    let same = plain == id && !plain.is_empty() && !is_device(&plain);
    if same && !plain.chars().any(|c| c.is_ascii_uppercase()) {
        return plain;
    }
    let hash = sha256(id.as_bytes());
    format!("{plain}~{}", hash.get(..8).unwrap_or_default())
}

/// The words of a message, joined by `_`; empty where it has none that are plain.
pub(super) fn of_message(message: &str) -> String {
    let mut name = String::new();
    for word in message
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if name.len() + word.len() >= MESSAGE {
            break;
        }
        if !name.is_empty() {
            name.push('_');
        }
        name.push_str(&word.to_ascii_lowercase());
    }
    name
}

fn replaced(c: char) -> char {
    if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') {
        c
    } else {
        '_'
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 1 && rest.chars().all(|c| c.is_ascii_digit()))
    };
    DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::{of_identifier, of_message};

    #[test]
    fn plain_identifiers_stay_and_others_lead_nowhere() {
        assert_eq!(of_identifier("a1b2_c3"), "a1b2_c3");
        for id in [
            "../../etc/passwd",
            "a/b",
            "a\\b",
            "",
            ".",
            "..",
            "-rf",
            ".bashrc",
            "CON",
            "nul.txt",
            "a b",
            "ä",
            "A1",
            "a\nb",
            "\0",
            "com1",
            "x:y",
            "a*b?",
        ] {
            let name = of_identifier(id);
            assert!(name.contains('~'), "{id:?} {name}");
            assert!(
                name.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_-.~".contains(c)),
                "{id:?} {name}"
            );
            assert!(!name.starts_with(['.', '-']), "{id:?} {name}");
        }
        assert_ne!(of_identifier("A1").to_lowercase(), of_identifier("a1"));
        assert_ne!(of_identifier("a/b"), of_identifier("a\\b"));
        assert!(of_identifier(&"x".repeat(5000)).len() < 60);
    }

    #[test]
    fn messages_become_words() {
        assert_eq!(
            of_message("Add users, and \"roles\""),
            "add_users_and_roles"
        );
        assert_eq!(of_message("../../x"), "x");
        assert_eq!(of_message("ändern"), "ndern");
        assert_eq!(of_message("日本"), "");
        assert!(of_message(&"word ".repeat(100)).len() <= 40);
    }
}
