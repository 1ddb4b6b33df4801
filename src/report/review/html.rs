//! The review as a page that needs no network.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};

use super::model::Review;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::report::graph::{self, Picture};

mod chart;

const PAGE: &str = include_str!("../../../templates/_report/review.html.j2");
const STYLE: &str = include_str!("../../../templates/_report/review.css");

/// The review as HTML. The template escapes all that it prints; only the pictures and the style,
/// which are made here, go in as they are.
pub(super) fn render(review: &Review, picture: &Picture) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    environment.set_syntax(syntax.map_err(failed)?);
    let charts: Vec<Value> = review
        .databases
        .iter()
        .map(|database| Value::from_safe_string(chart::locks(database)))
        .collect();
    environment.add_filter("visible", visible);
    environment
        .add_template("review.html", PAGE)
        .and_then(|()| {
            environment.get_template("review.html")?.render(context! {
                review => Value::from(Serde(review)),
                charts => charts,
                graph => Value::from_safe_string(graph::svg(picture)),
                style => Value::from_safe_string(STYLE.to_owned()),
            })
        })
        .map_err(failed)
}

fn failed(error: minijinja::Error) -> Box<Diagnostic> {
    let message = format!("the template of the report fails: {error:#}");
    Box::new(
        Diagnostic::error(Code::Template, message)
            .with_help("report it: the template is a part of gensql"),
    )
}

/// A text without characters that are not seen, or change the direction of what is around them.
fn visible(text: String) -> String {
    let hidden = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(hidden) {
        return text;
    }
    let shown = text.chars().map(|c| if hidden(c) { '\u{FFFD}' } else { c });
    shown.collect()
}
