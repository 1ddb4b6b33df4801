//! Templates in SQL revisions: minijinja, strict, without access to files, within budgets.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value};

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{Location, SourceFile, Span};

/// Instructions that a template may execute.
const FUEL: u64 = 1_000_000;

/// What templates see: `dialect.name`, `dialect.version` and `vars`.
pub struct Template {
    environment: Environment<'static>,
    context: Value,
    limit: usize,
}

impl Template {
    /// Templates for a dialect with the variables of the project. `limit` bytes may come out.
    pub fn new(
        dialect: &str,
        version: Option<&str>,
        vars: &BTreeMap<String, serde_json::Value>,
        limit: usize,
    ) -> Self {
        let mut environment = Environment::empty();
        add_functions(&mut environment);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        let syntax = SyntaxConfig::builder()
            .keep_trailing_newline(true)
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build();
        if let Ok(syntax) = syntax {
            environment.set_syntax(syntax);
        }
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(50);
        let about = [
            ("name", Value::from(dialect)),
            ("version", version.map_or(Value::from(()), Value::from)),
        ];
        let vars = Value::from_pairs(
            vars.iter()
                .map(|(name, value)| (name.as_str(), value_of(value, 0))),
        );
        let context = Value::from_pairs([("dialect", Value::from_pairs(about)), ("vars", vars)]);
        Self {
            environment,
            context,
            limit,
        }
    }

    /// Whether the text has anything that a template would change.
    pub fn is_needed(text: &str) -> bool {
        ["{{", "{%", "{#"].iter().any(|mark| text.contains(mark))
    }

    /// Renders a part of a file.
    pub fn render(&self, file: &Arc<SourceFile>, range: Range<usize>) -> Result<String> {
        let text = file.text().get(range.clone()).unwrap_or_default();
        if let Some((at, what)) = growing(text) {
            let span = Span::new(range.start + at, range.start + at + what.len());
            return Err(Box::new(
                Diagnostic::error(
                    Code::SqlTemplate,
                    format!("`{what}` is not available in a revision's template"),
                )
                .at(Location::new(Arc::clone(file), span))
                .with_note("a few of them could write more text than there is memory")
                .with_help("write the parts one behind the other: `{{ a }}{{ b }}`"),
            ));
        }
        let mut out = Limited {
            bytes: Vec::new(),
            limit: self.limit,
            full: false,
        };
        let outcome = self
            .environment
            .template_from_named_str("revision", text)
            .and_then(|template| {
                template
                    .render_captured_to(self.context.clone(), &mut out)
                    .map(|_| ())
            });
        match outcome {
            Ok(()) => String::from_utf8(out.bytes).map_err(|_| {
                let message = "the template's output is not text";
                Box::new(Diagnostic::error(Code::SqlTemplate, message))
            }),
            Err(error) => Err(self.failure(&error, out.full, file, &range)),
        }
    }

    fn failure(
        &self,
        error: &minijinja::Error,
        full: bool,
        file: &Arc<SourceFile>,
        range: &Range<usize>,
    ) -> Box<Diagnostic> {
        let text = file.text();
        let span = match error.range() {
            Some(inner) => range.start + inner.start..range.start + inner.end.max(inner.start),
            None => line_span(text, range, error.line().unwrap_or(1)),
        };
        let detail = error.detail().unwrap_or_default();
        let (message, help) = match error.kind() {
            _ if full => (
                format!("the template writes more than {} bytes", self.limit),
                "raise the budget with `--max-memory`, or write less".to_owned(),
            ),
            ErrorKind::OutOfFuel => (
                format!("the template runs for more than {FUEL} steps"),
                "make its loops shorter".to_owned(),
            ),
            ErrorKind::UndefinedError => (
                "the template uses a value that is not defined".to_owned(),
                "`dialect.name`, `dialect.version` and `vars.NAME` are there; set variables under `[vars]` in gensql.toml".to_owned(),
            ),
            ErrorKind::TemplateNotFound => (
                "the template refers to another template".to_owned(),
                "write the text into this file; revisions stand on their own".to_owned(),
            ),
            ErrorKind::SyntaxError => (
                format!("the template cannot be read: {detail}"),
                "put text that is not a template between `{% raw %}` and `{% endraw %}`".to_owned(),
            ),
            kind if detail.is_empty() => (
                format!("the template fails: {kind}"),
                "correct the expression".to_owned(),
            ),
            _ => (
                format!("the template fails: {detail}"),
                "correct the expression".to_owned(),
            ),
        };
        let location = Location::new(Arc::clone(file), Span::new(span.start, span.end));
        Box::new(
            Diagnostic::error(Code::SqlTemplate, message)
                .at(location)
                .with_help(help),
        )
    }
}

/// The place of a one-based line within a range of the text.
fn line_span(text: &str, range: &Range<usize>, line: usize) -> Range<usize> {
    let mut start = range.start;
    for _ in 1..line {
        match text[start..range.end].find('\n') {
            Some(n) => start += n + 1,
            None => break,
        }
    }
    let end = text[start..range.end]
        .find('\n')
        .map_or(range.end, |n| start + n);
    start..end
}

fn value_of(value: &serde_json::Value, depth: usize) -> Value {
    if depth > 64 {
        return Value::UNDEFINED;
    }
    match value {
        serde_json::Value::Null => Value::from(()),
        serde_json::Value::Bool(flag) => Value::from(*flag),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::from(whole),
            (None, Some(float)) => Value::from(float),
            (None, None) => Value::from(number.to_string()),
        },
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => items.iter().map(|i| value_of(i, depth + 1)).collect(),
        serde_json::Value::Object(items) => Value::from_pairs(
            items
                .iter()
                .map(|(key, item)| (key.as_str(), value_of(item, depth + 1))),
        ),
    }
}

/// Bytes up to a limit.
struct Limited {
    bytes: Vec<u8>,
    limit: usize,
    full: bool,
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.limit {
            self.full = true;
            return Err(std::io::Error::other("too long"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(text: &str) -> Result<String, String> {
        let vars = BTreeMap::from([("tenant".to_owned(), serde_json::json!("acme"))]);
        let file = SourceFile::new("a.sql", format!("-- head\n{text}"));
        Template::new("sqlite", Some("3.45"), &vars, 10_000)
            .render(&file, 8..8 + text.len())
            .map_err(|e| {
                format!(
                    "{} {}",
                    e.primary.map(|at| at.to_string()).unwrap_or_default(),
                    e.message
                )
            })
    }

    #[test]
    fn conditions_and_variables() {
        let text =
            "{% if dialect.name == \"sqlite\" %}\nselect '{{ vars.tenant }}';\n{% endif %}\nx\n";
        assert_eq!(render(text).unwrap(), "select 'acme';\nx\n");
        assert_eq!(
            render("{{ vars.tenant }}{{ dialect.version }}\n").unwrap(),
            "acme3.45\n"
        );
    }

    #[test]
    fn faults_have_a_place() {
        let undefined = render("a\n{{ vars.tenent }}\n").unwrap_err();
        assert!(undefined.starts_with("a.sql:3:"), "{undefined}");
        assert!(undefined.contains("not defined"), "{undefined}");
        assert!(render("{% if %}").unwrap_err().contains("cannot be read"));
        assert!(
            render("{% include '/etc/passwd' %}")
                .unwrap_err()
                .contains("`include` is not available")
        );
        let endless =
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
        assert!(render(endless).unwrap_err().contains("steps"));
        assert!(
            render("{% for a in range(9999) %}xxxx{% endfor %}")
                .unwrap_err()
                .contains("10000 bytes")
        );
        assert!(render("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}").is_err());
        assert!(render(&"{% if true %}".repeat(20_000)).is_err());
        assert!(render(&format!("{{{{ {}1 }}}}", "(".repeat(20_000))).is_err());
    }
}

/// The filters and tests that cannot make text grow.
fn add_functions(environment: &mut Environment<'static>) {
    use minijinja::{filters, tests};
    environment.add_filter("upper", filters::upper);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("length", filters::length);
    environment.add_filter("default", filters::default);
    environment.add_filter("first", filters::first);
    environment.add_filter("last", filters::last);
    environment.add_filter("int", filters::int);
    environment.add_filter("items", filters::items);
    environment.add_filter("dictsort", filters::dictsort);
    environment.add_filter("sort", filters::sort);
    environment.add_test("defined", tests::is_defined);
    environment.add_test("undefined", tests::is_undefined);
    environment.add_test("none", tests::is_none);
    environment.add_test("string", tests::is_string);
    environment.add_test("number", tests::is_number);
    environment.add_test("sequence", tests::is_sequence);
    environment.add_test("mapping", tests::is_mapping);
    environment.add_function("range", minijinja::functions::range);
}

/// The first thing in a template by which text can be multiplied: concatenation, repetition, and
/// macros. Fuel counts steps, not the size of values, so these are not let in at all.
pub fn growing(text: &str) -> Option<(usize, &str)> {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("{")) {
        let start = at + found;
        let close = match text.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => {
                at = start + 1;
                continue;
            }
        };
        let mut quote = None;
        let mut inner = start + 2;
        while let Some(c) = text.get(inner..).and_then(|rest| rest.chars().next()) {
            let length = c.len_utf8();
            match (quote, c) {
                (Some(_), '\\') => inner += 1,
                (Some(open), c) if c == open => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some(c),
                (None, '~' | '*' | '+') => return text.get(inner..inner + 1).map(|t| (inner, t)),
                (None, _) if text[inner..].starts_with(close) => break,
                (None, _) => {}
            }
            inner += length;
        }
        let body = text.get(start + 2..inner).unwrap_or_default();
        let word = body.trim_start_matches(['-', ' ', '\n', '\t', '\r']);
        for keyword in [
            "macro", "call", "import", "from", "include", "extends", "block", "filter",
        ] {
            let own = word
                .strip_prefix(keyword)
                .is_some_and(|r| !r.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
            if close == "%}" && own {
                let offset = text.len() - text[start..].len() + (body.len() - word.len()) + 2;
                return text
                    .get(offset..offset + keyword.len())
                    .map(|t| (offset, t));
            }
        }
        at = inner + 1;
    }
    None
}

#[cfg(test)]
mod growth {
    use super::growing;

    #[test]
    fn what_multiplies_text_is_found() {
        assert_eq!(growing("{% set a = a ~ a %}").map(|f| f.1), Some("~"));
        assert_eq!(growing("{{ 'x' * 1000 }}").map(|f| f.1), Some("*"));
        assert_eq!(
            growing("{%- macro f(x) %}{% endmacro %}").map(|f| f.1),
            Some("macro")
        );
        assert_eq!(
            growing("{{ '~*+' }} SELECT a * b {% if x %}1{% endif %}"),
            None
        );
        assert_eq!(growing("{"), None);
        assert_eq!(growing("{{ '"), None);
    }
}
