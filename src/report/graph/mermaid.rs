//! The graph as a Mermaid flow chart, which GitHub and GitLab draw in Markdown.

use std::fmt::Write;

use super::{Picture, Relation};

/// The picture as Mermaid. Revisions are numbered nodes, so that no identifier is syntax.
pub fn mermaid(picture: &Picture) -> String {
    let mut out = String::from("flowchart BT\n");
    for (row, node) in picture.nodes.iter().enumerate() {
        let mut label = format!("<b>{}</b>", escaped(&node.id));
        if !node.message.is_empty() {
            let _ = write!(label, "<br/>{}", escaped(&node.message));
        }
        let marks = node.labels.iter().map(String::as_str);
        let marks: Vec<String> = marks
            .chain(node.marks.iter().copied())
            .map(escaped)
            .collect();
        if !marks.is_empty() {
            let _ = write!(label, "<br/><i>{}</i>", marks.join(", "));
        }
        let _ = writeln!(out, "    r{row}[\"{label}\"]");
    }
    for (row, node) in picture.nodes.iter().enumerate() {
        for edge in &node.edges {
            let arrow = match edge.relation {
                Relation::Follows => "-->",
                Relation::DependsOn => "-.->",
            };
            let _ = writeln!(out, "    r{} {arrow} r{row}", edge.to);
        }
    }
    out
}

/// Every character that could mean something to Mermaid, Markdown or HTML as its number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | ',' | '_' | '-' | '/') => {
                out.push(c);
            }
            c if c.is_ascii_control() => out.push(' '),
            c if c.is_control() || super::is_bidi(c) => out.push('\u{FFFD}'),
            c if c.is_ascii() => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
