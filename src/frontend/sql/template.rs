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
        let mut environment = Environment::new();
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
                .contains("another template")
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
