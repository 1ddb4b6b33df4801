//! The findings of a review, for people and for machines.

use std::fmt::Write;

use serde_json::{Value, json};

use super::count;
use crate::diagnostic::Severity;
use crate::lint::{Finding, rules};
use crate::report::graph::xml;

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// JSON with a versioned schema.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// JUnit XML.
    Junit,
}

/// What is printed.
pub struct Report<'a> {
    /// The findings, in the order of the script.
    pub findings: &'a [Finding],
    /// How many revisions were looked at.
    pub steps: usize,
}

/// The version of the JSON's schema.
const VERSION: u32 = 1;

/// The report as text.
pub fn render(report: &Report<'_>, format: Format) -> String {
    match format {
        Format::Text => text(report),
        Format::Json => pretty(&as_json(report)),
        Format::Sarif => pretty(&sarif(report)),
        Format::Github => github(report),
        Format::Junit => junit(report),
    }
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// A severity as reports write it.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// File, line and column; the file as the user knows it, with forward slashes.
fn place(finding: &Finding) -> Option<(String, usize, usize)> {
    let location = finding.location.as_ref()?;
    let (line, column) = location.file.line_column(location.span.start);
    let path = location.file.path().to_string_lossy().replace('\\', "/");
    Some((path, line, column))
}

fn text(report: &Report<'_>) -> String {
    let mut out = String::new();
    let open = report
        .findings
        .iter()
        .filter(|finding| finding.allowed.is_none());
    for finding in open.clone() {
        let (path, line, column) = place(finding).unwrap_or_default();
        let _ = writeln!(
            out,
            "{path}:{line}:{column}: {}[{}]: {}\n    instead: {}\n",
            severity(finding.severity),
            finding.rule.name,
            finding.message,
            finding.remedy
        );
    }
    let found = |wanted: Severity, what: &str| {
        let of_it = open.clone().filter(|finding| finding.severity == wanted);
        count(of_it.count(), what)
    };
    let allowed = report.findings.len() - open.clone().count();
    let _ = write!(
        out,
        "{}: {}, {}, {}",
        count(report.steps, "revision"),
        found(Severity::Error, "error"),
        found(Severity::Warning, "warning"),
        found(Severity::Note, "note")
    );
    if allowed > 0 {
        let _ = write!(out, ", {allowed} acknowledged");
    }
    out.push('\n');
    out
}

fn as_json(report: &Report<'_>) -> Value {
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let (path, line, column) = place(finding).unwrap_or_default();
            json!({
                "rule": finding.rule.name,
                "family": finding.rule.family.name(),
                "severity": severity(finding.severity),
                "message": finding.message,
                "remedy": finding.remedy,
                "revision": &*finding.revision,
                "file": path,
                "line": line,
                "column": column,
                "statement": finding.statement,
                "acknowledged": finding.allowed,
            })
        })
        .collect();
    json!({"version": VERSION, "revisions": report.steps, "findings": findings})
}

fn sarif(report: &Report<'_>) -> Value {
    let described: Vec<Value> = rules::ALL
        .iter()
        .map(|rule| {
            let info = rule.info();
            json!({
                "id": info.name,
                "shortDescription": {"text": info.summary},
                "fullDescription": {"text": info.why},
                "help": {"text": info.instead},
                "defaultConfiguration": {"level": severity(info.severity)},
                "properties": {"tags": [info.family.name()]},
            })
        })
        .collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let (path, line, column) = place(finding).unwrap_or_default();
            let mut result = json!({
                "ruleId": finding.rule.name,
                "level": severity(finding.severity),
                "message": {"text": format!("{}. Instead: {}", finding.message, finding.remedy)},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": uri(&path)},
                    "region": {"startLine": line.max(1), "startColumn": column.max(1)},
                }}],
            });
            if let Some(reason) = &finding.allowed {
                result["suppressions"] = json!([{"kind": "inSource", "justification": reason}]);
            }
            result
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "gensql",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": described,
            }},
            "results": results,
        }],
    })
}

/// A path as a relative URI reference.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.trim_start_matches("./").bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn github(report: &Report<'_>) -> String {
    let mut out = String::new();
    for finding in report
        .findings
        .iter()
        .filter(|finding| finding.allowed.is_none())
    {
        let (path, line, column) = place(finding).unwrap_or_default();
        let level = match finding.severity {
            Severity::Note => "notice",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let property = |text: &str| message(text).replace(':', "%3A").replace(',', "%2C");
        let _ = writeln!(
            out,
            "::{level} file={},line={line},col={column},title={}::{}",
            property(&path),
            property(finding.rule.name),
            message(&format!("{}. Instead: {}", finding.message, finding.remedy))
        );
    }
    out
}

/// A text as workflow commands escape it.
fn message(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn junit(report: &Report<'_>) -> String {
    let failing = |finding: &&Finding| finding.allowed.is_none();
    let failures = report.findings.iter().filter(failing).count();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"gensql lint\" tests=\"{}\" failures=\"{failures}\" errors=\"0\">\n",
        report.findings.len().max(1)
    );
    for finding in report.findings {
        let (path, line, _) = place(finding).unwrap_or_default();
        let _ = write!(
            out,
            "    <testcase classname=\"{}\" name=\"{}:{line} {}\"",
            xml(&finding.revision),
            xml(&path),
            xml(finding.rule.name)
        );
        if finding.allowed.is_some() {
            out.push_str("/>\n");
        } else {
            let _ = writeln!(
                out,
                ">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>",
                severity(finding.severity),
                xml(&finding.message),
                xml(&finding.remedy)
            );
        }
    }
    if report.findings.is_empty() {
        out.push_str("    <testcase classname=\"gensql\" name=\"lint\"/>\n");
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}
