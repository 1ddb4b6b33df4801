//! The order in which a selection is walked, newest revision first.
//!
//! Several lines are followed one at a time. A line is left when its next revision is still
//! needed by another line, which is then followed instead: the first such in the list of lines.
//! Ties are broken by load order. The order is exactly Alembic's; the way there is not, since
//! Alembic keeps the set of all ancestors for each line. Here a revision waits while one that
//! requires it waits (a count), lines are a linked list, and only when a line is left for another
//! are the revisions above looked up, once for each revision that had to wait.

use std::collections::VecDeque;

use super::select::Selection;
use super::{Index, RevisionMap};

const NONE: usize = usize::MAX;
/// How many answers to "who is above this revision" are kept.
const REMEMBERED: usize = 8;

/// One line that is being followed.
struct Line {
    /// The revision that comes next on it.
    next: Index,
    before: usize,
    after: usize,
}

/// The lines that lead to a revision from above, in list order.
struct Waiting {
    on: Index,
    above: Vec<bool>,
    lines: VecDeque<usize>,
}

struct Walk<'a> {
    map: &'a RevisionMap,
    todo: Vec<bool>,
    /// How many revisions of the selection that require this one are not out yet.
    required: Vec<u32>,
    lines: Vec<Line>,
    /// The line on which a revision is next.
    line_of: Vec<usize>,
    first: usize,
    last: usize,
    waiting: VecDeque<Waiting>,
    out: Vec<Index>,
}

impl RevisionMap {
    /// The revisions of a selection, each before all that it needs.
    pub(super) fn newest_first(&self, selection: &Selection) -> Vec<Index> {
        let mut walk = Walk::new(self, selection.nodes.clone());
        let mut heads: Vec<Index> = selection
            .heads
            .iter()
            .copied()
            .filter(|index| walk.todo[*index])
            .collect();
        heads.sort_unstable();
        heads.dedup();
        walk.follow(&heads);
        // What no head leads to: only a range that cuts through dependencies can leave any.
        while walk.todo.contains(&true) {
            let free = |i: &Index| walk.todo[*i] && walk.required[*i] == 0;
            let heads: Vec<Index> = (0..self.len()).filter(free).collect();
            if heads.is_empty() {
                break;
            }
            walk.follow(&heads);
        }
        walk.out
    }
}

impl<'a> Walk<'a> {
    fn new(map: &'a RevisionMap, todo: Vec<bool>) -> Self {
        let mut required = vec![0; map.len()];
        for index in (0..map.len()).filter(|i| todo[*i]) {
            for below in map.requirements.of(index) {
                required[below] += 1;
            }
        }
        Self {
            map,
            todo,
            required,
            lines: Vec::new(),
            line_of: vec![NONE; map.len()],
            first: NONE,
            last: NONE,
            waiting: VecDeque::new(),
            out: Vec::new(),
        }
    }

    fn follow(&mut self, heads: &[Index]) {
        for head in heads {
            self.append(*head);
        }
        let mut line = self.first;
        while line != NONE {
            let candidate = self.lines[line].next;
            if self.required[candidate] > 0
                && let Some(other) = self.line_above(candidate)
            {
                line = other;
                continue;
            }
            self.emit(candidate);
            let map = self.map;
            let mut below = map
                .requirements
                .of(candidate)
                .filter(|r| self.todo[*r] && self.line_of[*r] == NONE);
            let first = below.next();
            let others: Vec<Index> = below.collect();
            self.line_of[candidate] = NONE;
            match first {
                Some(first) => {
                    self.lines[line].next = first;
                    self.line_of[first] = line;
                    for other in others {
                        self.append(other);
                    }
                }
                None => line = self.remove(line),
            }
        }
    }

    fn emit(&mut self, index: Index) {
        self.out.push(index);
        self.todo[index] = false;
        for below in self.map.requirements.of(index) {
            self.required[below] = self.required[below].saturating_sub(1);
        }
    }

    fn append(&mut self, next: Index) {
        let line = self.lines.len();
        self.lines.push(Line {
            next,
            before: self.last,
            after: NONE,
        });
        match self.lines.get_mut(self.last) {
            Some(last) => last.after = line,
            None => self.first = line,
        }
        self.last = line;
        self.line_of[next] = line;
        for waiting in &mut self.waiting {
            if waiting.above[next] {
                waiting.lines.push_back(line);
            }
        }
    }

    /// Takes a line out and gives the one to go on with: the one before, else the first.
    fn remove(&mut self, line: usize) -> usize {
        let (before, after) = (self.lines[line].before, self.lines[line].after);
        self.lines[line].next = NONE;
        match self.lines.get_mut(before) {
            Some(before) => before.after = after,
            None => self.first = after,
        }
        match self.lines.get_mut(after) {
            Some(after) => after.before = before,
            None => self.last = before,
        }
        if before == NONE { self.first } else { before }
    }

    /// The first line in the list that still has to come down through a revision.
    fn line_above(&mut self, index: Index) -> Option<usize> {
        let known = self.waiting.iter().position(|waiting| waiting.on == index);
        let mut waiting = match known.and_then(|at| self.waiting.remove(at)) {
            Some(waiting) => waiting,
            None => self.look_up(index),
        };
        let found = loop {
            let Some(line) = waiting.lines.front().copied() else {
                break None;
            };
            let next = self.lines[line].next;
            if next != NONE && next != index && waiting.above[next] {
                break Some(line);
            }
            waiting.lines.pop_front();
        };
        if self.waiting.len() >= REMEMBERED {
            self.waiting.pop_front();
        }
        self.waiting.push_back(waiting);
        found
    }

    fn look_up(&self, index: Index) -> Waiting {
        let mut above = vec![false; self.map.len()];
        let mut lines: Vec<usize> = Vec::new();
        let mut todo = vec![index];
        while let Some(node) = todo.pop() {
            for up in self.map.required_by.of(node) {
                if self.todo[up] && !std::mem::replace(&mut above[up], true) {
                    todo.push(up);
                    if self.line_of[up] != NONE {
                        lines.push(self.line_of[up]);
                    }
                }
            }
        }
        lines.sort_unstable();
        Waiting {
            on: index,
            above,
            lines: lines.into(),
        }
    }
}
