//! The graph for Graphviz.

use std::fmt::Write;

use super::{Picture, Relation, shown};

/// The picture in the DOT language.
pub fn dot(picture: &Picture) -> String {
    let mut out = String::from(
        "digraph revisions {\n    rankdir=BT;\n    node [shape=box, style=rounded, fontname=\"sans-serif\"];\n",
    );
    for (row, node) in picture.nodes.iter().enumerate() {
        let mut lines = vec![node.id.clone()];
        lines.extend(Some(&node.message).filter(|m| !m.is_empty()).cloned());
        let labels = node.labels.iter().map(String::as_str);
        let marks: Vec<&str> = labels.chain(node.marks.iter().copied()).collect();
        if !marks.is_empty() {
            lines.push(format!("({})", marks.join(", ")));
        }
        let lines: Vec<String> = lines.iter().map(|line| quoted(line)).collect();
        let _ = writeln!(out, "    r{row} [label=\"{}\"];", lines.join("\\n"));
    }
    for (row, node) in picture.nodes.iter().enumerate() {
        for edge in &node.edges {
            let style = match edge.relation {
                Relation::Follows => "",
                Relation::DependsOn => " [style=dashed]",
            };
            let _ = writeln!(out, "    r{} -> r{row}{style};", edge.to);
        }
    }
    out.push_str("}\n");
    out
}

fn quoted(text: &str) -> String {
    shown(text).replace('\\', "\\\\").replace('"', "\\\"")
}
