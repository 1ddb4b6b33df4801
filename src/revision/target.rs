//! Identifiers as people type them: `head`, `abc1`, `label@head`, `+2`, `head-1`.

use std::sync::Arc;

use super::failure::{Failure, Resolved};
use super::walk::{Nodes, Position};
use super::{Index, RevisionMap};

/// `symbol+2`, `-1`, `label@+1`: a number of steps from somewhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Relative<'a> {
    pub(super) label: Option<&'a str>,
    pub(super) symbol: Option<&'a str>,
    /// The number as typed, with its sign.
    pub(super) text: &'a str,
    pub(super) steps: i64,
}

impl Relative<'_> {
    /// The number without sign and leading zeros.
    pub(super) fn digits(&self) -> &str {
        let digits = self.text[1..].trim_start_matches('0');
        if digits.is_empty() { "0" } else { digits }
    }

    /// The number as Python prints it, which leaves out a plus.
    pub(super) fn number(&self) -> String {
        let sign = if self.steps < 0 { "-" } else { "" };
        format!("{sign}{}", self.digits())
    }
}

/// What an identifier stands for before it is looked up.
pub(super) enum Symbol<'a> {
    /// Known revisions: those of `head` and `heads`.
    Known(Vec<Index>),
    /// A name that must be looked up.
    Named(&'a str),
    /// Nothing: `base`.
    Base,
}

impl RevisionMap {
    /// Reads a relative target. A name that exists as it is typed is not relative.
    pub(super) fn relative<'a>(&self, target: &'a str) -> Resolved<Option<Relative<'a>>> {
        if self.index_of(target).is_some() {
            return Ok(None);
        }
        let ats = target
            .match_indices('@')
            .map(|(at, _)| at)
            .filter(|at| *at > 0);
        for at in ats {
            let (label, rest) = (&target[..at], &target[at + 1..]);
            if label.contains('\n') {
                break;
            }
            let found = relative_tail(rest).map(|found| (Some(label), found));
            if let Some((label, (symbol, text, junk))) = found {
                return self.finish(target, label, symbol, text, junk);
            }
            if self.index_of(label).is_some() {
                return Ok(None);
            }
        }
        match relative_tail(target) {
            Some((symbol, text, junk)) => self.finish(target, None, symbol, text, junk),
            None => Ok(None),
        }
    }

    fn finish<'a>(
        &self,
        target: &str,
        label: Option<&'a str>,
        symbol: &'a str,
        text: &'a str,
        junk: &str,
    ) -> Resolved<Option<Relative<'a>>> {
        if !junk.is_empty() {
            return Failure::other(format!(
                "Can't understand '{junk}' after '{}' in '{target}'",
                &target[..target.len() - junk.len()]
            ));
        }
        let limit = if text.starts_with('-') {
            i64::MIN
        } else {
            i64::MAX
        };
        let steps = text.parse().unwrap_or(limit);
        let symbol = (!symbol.is_empty()).then_some(symbol);
        Ok(Some(Relative {
            label,
            symbol,
            text,
            steps,
        }))
    }

    /// Splits off `label@` and recognises the symbolic names.
    pub(super) fn symbol<'a>(&self, id: &'a str) -> Resolved<(Symbol<'a>, Option<&'a str>)> {
        let (label, name) = match id.split_once('@') {
            Some((label, name)) if self.index_of(id).is_none() => (Some(label), name),
            _ => (None, id),
        };
        let narrow = label.filter(|label| !label.is_empty());
        let symbol = match name {
            "heads" => Symbol::Known(match narrow {
                Some(label) => self.narrowed(self.heads(), label)?,
                None => self.real_heads().to_vec(),
            }),
            "head" => {
                let heads = match narrow {
                    Some(label) => self.narrowed(self.heads(), label)?,
                    None => self.heads().to_vec(),
                };
                if heads.len() > 1 {
                    let argument =
                        narrow.map_or("head".to_owned(), |label| format!("{label}@head"));
                    return Err(self.multiple_heads(&heads, argument));
                }
                Symbol::Known(heads)
            }
            "base" => Symbol::Base,
            name => Symbol::Named(name),
        };
        Ok((symbol, label))
    }

    /// The revisions an identifier stands for; several for `heads`, none for `base`.
    pub(super) fn resolve_all(&self, id: &str) -> Resolved<Vec<Position>> {
        let (symbol, label) = self.symbol(id)?;
        match symbol {
            Symbol::Base => Ok(Vec::new()),
            Symbol::Known(found) => {
                found
                    .iter()
                    .map(|index| self.member(*index, "heads", label))
                    .collect::<Resolved<Vec<_>>>()?;
                Ok(found.into_iter().map(Position::At).collect())
            }
            Symbol::Named(name) => {
                if let Some(steps) = negative_number(name) {
                    return self.down_from_heads(name, steps, label, true);
                }
                Ok(vec![Position::At(self.find(name, label)?)])
            }
        }
    }

    /// The one revision an identifier stands for, or `None` for `base`.
    pub(super) fn resolve(&self, id: &str) -> Resolved<Option<Index>> {
        let (symbol, label) = self.symbol(id)?;
        match symbol {
            Symbol::Base => Ok(None),
            Symbol::Known(found) if found.len() > 1 => {
                Err(self.multiple_heads(&found, id.to_owned()))
            }
            Symbol::Known(found) => match found.first() {
                Some(index) => self.member(*index, "heads", label).map(Some),
                None => Ok(None),
            },
            Symbol::Named(name) => self.find(name, label).map(Some),
        }
    }

    /// Like [`Self::resolve_all`], but `-9` stops at the base when there are fewer revisions.
    pub(super) fn resolve_low_end(&self, id: &str) -> Resolved<Vec<Position>> {
        let (symbol, label) = self.symbol(id)?;
        if let Symbol::Named(name) = symbol
            && let Some(steps) = negative_number(name)
        {
            return self.down_from_heads(name, steps, label, false);
        }
        self.resolve_all(id)
    }

    /// `-2`: two below each head.
    fn down_from_heads(
        &self,
        name: &str,
        steps: i64,
        label: Option<&str>,
        exact: bool,
    ) -> Resolved<Vec<Position>> {
        let mut found = Vec::new();
        for head in self.real_heads() {
            if label.is_some_and(|label| !self.branch_labels(*head).contains(&label)) {
                continue;
            }
            match self.walk(Some(Position::At(*head)), steps, None, exact)? {
                Some(position) => found.push(position),
                None => {
                    let digits = name.trim_start_matches('-');
                    return Failure::relative(name, digits);
                }
            }
        }
        Ok(found)
    }

    /// Looks up a name: whole, else as the unique beginning of one.
    pub(super) fn find(&self, name: &str, label: Option<&str>) -> Resolved<Index> {
        let label = label.filter(|label| !label.is_empty());
        if let Some(index) = self.index_of(name) {
            return self.member(index, name, label);
        }
        let lineage = match label {
            Some(label) => self.lineage_of(label, false)?,
            None => None,
        };
        let inside = |key: &str| {
            lineage
                .as_ref()
                .is_none_or(|nodes| self.index_of(key).is_some_and(|i| nodes[i]))
        };
        let mut candidates: Vec<&str> = Vec::new();
        if !name.is_empty() {
            let long = |key: &&str| key.starts_with(name) && key.chars().count() > 3;
            candidates.extend(self.keys().filter(long).filter(|key| inside(key)));
        }
        match candidates.as_slice() {
            [only] => match self.index_of(only) {
                Some(index) => self.member(index, name, label),
                None => self.unknown(name),
            },
            [] => self.unknown(name),
            several => {
                let shown: Vec<String> = several.iter().take(3).map(|k| format!("'{k}'")).collect();
                let detail = format!(
                    "Multiple revisions start with '{name}': {}...",
                    shown.join(", ")
                );
                Err(Box::new(Failure::NotFound {
                    argument: name.to_owned(),
                    detail,
                }))
            }
        }
    }

    fn unknown<T>(&self, name: &str) -> Resolved<T> {
        let mut detail = format!("No such revision or branch '{name}'");
        if name.chars().count() < 4 {
            detail.push_str(
                "; please ensure at least four characters are present for partial revision \
                 identifier matches",
            );
        }
        Err(Box::new(Failure::NotFound {
            argument: name.to_owned(),
            detail,
        }))
    }

    /// Refuses a revision that is not in the lineage of the label.
    fn member(&self, index: Index, asked: &str, label: Option<&str>) -> Resolved<Index> {
        let Some(label) = label.filter(|label| !label.is_empty()) else {
            return Ok(index);
        };
        let branch = self.branch(label)?;
        if self.lineage(&[branch], false)[index] {
            return Ok(index);
        }
        let detail = format!(
            "Revision {} is not a member of branch '{label}'",
            self.id(index)
        );
        let argument = if asked == "heads" {
            self.id(index).to_string()
        } else {
            asked.to_owned()
        };
        Err(Box::new(Failure::NotFound { argument, detail }))
    }

    /// The revision that a branch label, or an identifier used as one, stands for.
    pub(super) fn branch(&self, label: &str) -> Resolved<Index> {
        self.find(label, None).map_err(|failure| match *failure {
            Failure::NotFound { .. } => Box::new(Failure::NotFound {
                argument: label.to_owned(),
                detail: format!("No such branch: '{label}'"),
            }),
            other => Box::new(other),
        })
    }

    /// The lineage of what an identifier stands for; `None` when that is everything.
    pub(super) fn lineage_of(&self, id: &str, dependencies: bool) -> Resolved<Option<Nodes>> {
        let (symbol, label) = self.symbol(id)?;
        let mut shares = Vec::new();
        if let Some(label) = label.filter(|label| !label.is_empty()) {
            shares.push(self.find(label, None)?);
        }
        match symbol {
            Symbol::Base => {}
            Symbol::Known(found) => shares.extend(found),
            Symbol::Named(name) => shares.push(self.find(name, None)?),
        }
        Ok((!shares.is_empty()).then(|| self.lineage(&shares, dependencies)))
    }

    /// Those of the revisions that are in the lineage of an identifier.
    pub(super) fn narrowed(&self, nodes: &[Index], id: &str) -> Resolved<Vec<Index>> {
        let lineage = self.lineage_of(id, false)?;
        let inside = |i: &Index| lineage.as_ref().is_none_or(|l| l[*i]);
        Ok(nodes.iter().copied().filter(inside).collect())
    }

    pub(super) fn multiple_heads(&self, heads: &[Index], argument: String) -> Box<Failure> {
        let heads: Vec<Arc<str>> = heads.iter().map(|index| self.id(*index)).collect();
        Box::new(Failure::MultipleHeads { heads, argument })
    }
}

/// Reads `symbol`, sign and digits from the beginning: symbol, number, and what follows.
fn relative_tail(text: &str) -> Option<(&str, &str, &str)> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let sign = text
        .find(|c| !word(c))
        .filter(|at| matches!(text.as_bytes()[*at], b'+' | b'-'))?;
    let digits = text[sign + 1..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let end = sign + 1 + digits;
    (digits > 0).then(|| (&text[..sign], &text[sign..end], &text[end..]))
}

fn negative_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-')?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = digits.parse().unwrap_or(i64::MAX);
    (number > 0).then_some(-number)
}
