//! The graph as SVG: a file of its own, or a part of an HTML report.

use std::fmt::Write;

use super::layout::{Layout, Line};
use super::{Node, Picture, Relation, WIDEST, xml};

/// Pixels from row to row, and from lane to lane.
const ROW: usize = 34;
const LANE: usize = 18;
/// Pixels around the picture.
const MARGIN: usize = 18;
/// How much of a caption is shown, in characters, and how wide one of them is.
const CAPTION: usize = 70;
const CHARACTER: usize = 8;

/// Colours come as variables, so that a page which the picture stands in can set them; the lanes'
/// have a contrast of 3 to 1 on white and on black.
const STYLE: &str = ".gg{--gg-text:#1b1f24;--gg-soft:#57606a;--gg-back:#ffffff;font:13px ui-sans-serif,system-ui,sans-serif}\
@media (prefers-color-scheme:dark){.gg{--gg-text:#e6edf3;--gg-soft:#9da7b3;--gg-back:#0d1117}}\
.gg text{fill:var(--gg-text)}.gg .gg-id{font-family:ui-monospace,monospace;font-weight:600}\
.gg .gg-soft{fill:var(--gg-soft)}.gg path{fill:none;stroke-width:2}.gg .gg-dep{stroke-dasharray:4 4}\
.gg .gg0{stroke:#2f7dd1}.gg .gg1{stroke:#c2571a}.gg .gg2{stroke:#2e8b57}.gg .gg3{stroke:#a34fc4}.gg .gg4{stroke:#b8860b}.gg .gg5{stroke:#c9406a}\
.gg circle.gg0{fill:#2f7dd1}.gg circle.gg1{fill:#c2571a}.gg circle.gg2{fill:#2e8b57}.gg circle.gg3{fill:#a34fc4}.gg circle.gg4{fill:#b8860b}.gg circle.gg5{fill:#c9406a}\
.gg circle.gg0,.gg circle.gg1,.gg circle.gg2,.gg circle.gg3,.gg circle.gg4,.gg circle.gg5{stroke:var(--gg-back);stroke-width:2}";

/// The picture as one `<svg>` element.
pub fn svg(picture: &Picture) -> String {
    let layout = Layout::of(picture);
    let lanes = layout.lines.iter().map(|line| line.lane);
    let lanes = lanes.chain(layout.lanes.iter().copied());
    let widest = lanes.max().unwrap_or_default().min(WIDEST);
    let text_at = MARGIN + widest * LANE + 16;
    let longest = picture
        .nodes
        .iter()
        .map(|node| Caption::of(node).width())
        .max()
        .unwrap_or_default();
    let width = text_at + longest * CHARACTER + MARGIN;
    let height = MARGIN * 2 + picture.nodes.len().saturating_sub(1) * ROW;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"gg\" role=\"img\" aria-label=\"Revision graph, {} revisions, newest first\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n<style>{STYLE}</style>\n",
        picture.nodes.len()
    );
    for line in &layout.lines {
        path(&mut out, line, &layout);
    }
    for (row, node) in picture.nodes.iter().enumerate() {
        let lane = layout.lanes.get(row).copied().unwrap_or_default();
        let (x, y) = (x(lane), y(row));
        let _ = writeln!(
            out,
            "<circle class=\"gg{}\" cx=\"{x}\" cy=\"{y}\" r=\"6\"/>",
            lane % 6
        );
        let caption = Caption::of(node);
        let _ = writeln!(
            out,
            "<text x=\"{text_at}\" y=\"{}\"><title>{}</title><tspan class=\"gg-id\">{}</tspan><tspan class=\"gg-soft\">{}</tspan> {}</text>",
            y + 4,
            xml(&node.caption()),
            xml(&caption.id),
            xml(&caption.marks),
            xml(&caption.message)
        );
    }
    out.push_str("</svg>\n");
    out
}

/// What stands beside a revision, cut to a length.
struct Caption {
    id: String,
    marks: String,
    message: String,
}

impl Caption {
    fn of(node: &Node) -> Self {
        let labels = node.labels.iter().map(String::as_str);
        let marks: Vec<&str> = labels.chain(node.marks.iter().copied()).collect();
        let marks = match marks.is_empty() {
            true => String::new(),
            false => format!(" ({})", marks.join(", ")),
        };
        Self {
            id: cut(&node.id, CAPTION),
            marks: cut(&marks, CAPTION),
            message: cut(&node.message, CAPTION),
        }
    }

    fn width(&self) -> usize {
        let parts = [&self.id, &self.marks, &self.message];
        parts.iter().map(|part| part.chars().count()).sum::<usize>() + 1
    }
}

fn cut(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(length.saturating_sub(1)).collect();
    short.push('…');
    short
}

fn x(lane: usize) -> usize {
    MARGIN + lane.min(WIDEST) * LANE
}

fn y(row: usize) -> usize {
    MARGIN + row * ROW
}

/// Out of the newer revision's lane into the line's, down, and into the older one's.
fn path(out: &mut String, line: &Line, layout: &Layout) {
    let lane_of = |row: usize| layout.lanes.get(row).copied().unwrap_or_default();
    let (from, to) = (lane_of(line.from), lane_of(line.to));
    let (top, bottom) = (y(line.from), y(line.to));
    let (start, middle, end) = (x(from), x(line.lane), x(to));
    let mut path = format!("M{start} {top}");
    let half = ROW / 2;
    if middle != start {
        let _ = write!(
            path,
            "C{start} {0} {middle} {0} {middle} {1}",
            top + half,
            top + ROW
        );
    }
    if middle != end {
        let begin = bottom.saturating_sub(ROW).max(top);
        let _ = write!(
            path,
            "V{begin}C{middle} {0} {end} {0} {end} {bottom}",
            begin + half
        );
    } else {
        let _ = write!(path, "V{bottom}");
    }
    let dashed = match line.relation {
        Relation::Follows => "",
        Relation::DependsOn => " gg-dep",
    };
    let _ = writeln!(
        out,
        "<path class=\"gg{}{dashed}\" d=\"{path}\"/>",
        line.lane % 6
    );
}
