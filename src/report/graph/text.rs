//! The graph in characters, for terminals.

use super::layout::Layout;
use super::{Picture, Relation, WIDEST, shown};

/// What runs in each lane.
type Lanes = Vec<Option<Relation>>;

/// The picture in lines of text.
pub fn text(picture: &Picture) -> String {
    let layout = Layout::of(picture);
    let mut out = String::new();
    let mut lanes: Lanes = Vec::new();
    // Lanes beyond the widest that are in use.
    let mut beyond = 0_usize;
    for (row, node) in picture.nodes.iter().enumerate() {
        let own = layout.lanes.get(row).copied().unwrap_or_default();
        let lines = |of: &[Vec<usize>]| {
            let of = of.get(row).map(Vec::as_slice).unwrap_or_default();
            let lines = of.iter().filter_map(|at| layout.lines.get(*at));
            lines.copied().collect::<Vec<_>>()
        };
        let (ending, beginning) = (lines(&layout.arriving), lines(&layout.leaving));

        let others = |lines: &[super::layout::Line]| {
            let others = lines.iter().map(|line| line.lane);
            others
                .filter(|lane| *lane != own && *lane < WIDEST)
                .collect::<Vec<_>>()
        };
        let joined = others(&ending);
        if !joined.is_empty() && own < WIDEST {
            connect(&mut out, &lanes, own, &joined, Side::Above);
            finish(&mut out, beyond, "");
        }
        for line in &ending {
            match lanes.get_mut(line.lane) {
                Some(lane) => *lane = None,
                None => beyond = beyond.saturating_sub(1),
            }
        }
        dots(&mut out, &lanes, own, node.marks.contains(&"current"));
        finish(&mut out, beyond, &shown(&node.caption()));
        for line in &beginning {
            if line.lane >= WIDEST {
                beyond += 1;
                continue;
            }
            if lanes.len() <= line.lane {
                lanes.resize(line.lane + 1, None);
            }
            if let Some(lane) = lanes.get_mut(line.lane) {
                *lane = Some(line.relation);
            }
        }
        let forked = others(&beginning);
        if !forked.is_empty() && own < WIDEST {
            connect(&mut out, &lanes, own, &forked, Side::Below);
            finish(&mut out, beyond, "");
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    /// The lanes end in the revision below this row.
    Above,
    /// They begin in the revision above this row.
    Below,
}

fn finish(out: &mut String, beyond: usize, caption: &str) {
    if beyond > 0 {
        out.push_str("… ");
    }
    out.push_str(caption);
    let kept = out.trim_end_matches(' ').len();
    out.truncate(kept);
    out.push('\n');
}

fn vertical(lane: Option<Relation>) -> char {
    match lane {
        Some(Relation::Follows) => '│',
        Some(Relation::DependsOn) => '┆',
        None => ' ',
    }
}

fn last_used(lanes: &Lanes) -> usize {
    lanes
        .iter()
        .rposition(Option::is_some)
        .map_or(0, |at| at + 1)
}

fn dots(out: &mut String, lanes: &Lanes, own: usize, current: bool) {
    let width = last_used(lanes).max(own.min(WIDEST - 1) + 1);
    for at in 0..width {
        if at == own.min(WIDEST - 1) {
            out.push(if current { '◉' } else { '●' });
        } else {
            out.push(vertical(lanes.get(at).copied().flatten()));
        }
        out.push(' ');
    }
}

/// A row in which lanes bend to the lane of a revision.
fn connect(out: &mut String, lanes: &Lanes, own: usize, bent: &[usize], side: Side) {
    let first = bent.iter().copied().min().unwrap_or(own).min(own);
    let last = bent.iter().copied().max().unwrap_or(own).max(own);
    let goes_on = lanes.get(own).copied().flatten().is_some();
    for at in 0..last_used(lanes).max(last + 1) {
        let inside = first <= at && at <= last;
        let lane = lanes.get(at).copied().flatten();
        let c = if at == own {
            match (first < own, last > own) {
                // Only what depends on it ends here: the line above is its own.
                (true, true) => '┼',
                (true, false) if goes_on => '┤',
                (false, true) if goes_on => '├',
                (true, false) => '╮',
                (false, true) => '╭',
                (false, false) => vertical(lane),
            }
        } else if bent.contains(&at) {
            match (side, at == first, at == last) {
                (Side::Above, true, _) => '╰',
                (Side::Above, _, true) => '╯',
                (Side::Above, ..) => '┴',
                (Side::Below, true, _) => '╭',
                (Side::Below, _, true) => '╮',
                (Side::Below, ..) => '┬',
            }
        } else {
            match lane {
                Some(_) => vertical(lane),
                None if inside => '─',
                None => ' ',
            }
        };
        out.push(c);
        out.push(if inside && at < last { '─' } else { ' ' });
    }
}
