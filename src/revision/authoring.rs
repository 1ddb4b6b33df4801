//! What a new revision may follow and depend on.

use std::sync::Arc;

use super::failure::{Failure, Wording};
use super::walk::Position;
use super::{Index, Revision, RevisionMap};
use crate::diagnostic::{Code, Diagnostic, Result};

/// The words for several heads where a new revision follows one.
const SEVERAL_HEADS: &str = "Multiple heads are present; please specify the head revision on \
                             which the new revision should be based, or perform a merge.";

impl RevisionMap {
    /// The revisions that a new one follows, each given as it was typed; none for `base`.
    ///
    /// # Errors
    /// Names that are not there or stand for several heads, a revision named twice, and one that
    /// others follow already unless `splice` allows it.
    pub fn parents_of_new(&self, names: &[&str], splice: bool) -> Result<Vec<Index>> {
        let wording = Wording {
            multiple_heads: Some(SEVERAL_HEADS),
            ..Wording::default()
        };
        let mut parents = Vec::new();
        for name in names {
            let found = self
                .resolve_all(name)
                .map_err(|failure| self.explain(*failure, &wording))?;
            for position in found {
                if let Position::At(index) = position {
                    if parents.contains(&index) {
                        let message = "Duplicate head revisions specified";
                        return Err(Box::new(
                            Diagnostic::error(Code::RangeInvalid, message)
                                .with_note(format!("'{name}' is {} again", self.id(index)))
                                .with_help("name each revision once"),
                        ));
                    }
                    parents.push(index);
                }
            }
        }
        if splice {
            return Ok(parents);
        }
        if let Some(taken) = parents.iter().find(|index| !self.is_head(**index)) {
            let id = self.id(*taken);
            let message = format!(
                "Revision {id} is not a head revision; please specify --splice to create a new \
                 branch from this revision"
            );
            let mut found = Diagnostic::error(Code::RangeInvalid, message);
            if let Some(place) = &self.revision(*taken).location {
                found = found.at(place.clone());
            }
            let followers: Vec<Arc<str>> = self.children(*taken).map(|c| self.id(c)).collect();
            return Err(Box::new(
                found
                    .with_note(format!("it is followed by {}", followers.join(", ")))
                    .with_help("name a head, or add `--splice`"),
            ));
        }
        Ok(parents)
    }

    /// What a new revision depends on: labels stay, beginnings of identifiers become whole.
    pub fn dependencies_of_new(&self, names: &[&str]) -> Result<Vec<Arc<str>>> {
        let explain = |failure: Box<Failure>| self.explain(*failure, &Wording::default());
        let mut found = Vec::new();
        for name in names {
            let Some(index) = self.resolve(name).map_err(explain)? else {
                let message = format!("a revision cannot depend on '{name}'");
                return Err(Box::new(
                    Diagnostic::error(Code::RangeInvalid, message)
                        .with_help("name a revision or a branch label"),
                ));
            };
            let dependency = if self.branch_labels(index).contains(name) {
                Arc::from(*name)
            } else {
                self.id(index)
            };
            if !found.contains(&dependency) {
                found.push(dependency);
            }
        }
        Ok(found)
    }

    /// The map with one revision more.
    ///
    /// # Errors
    /// What makes it no graph of revisions: an identifier or a label that is there already, one
    /// with characters that it may not have, a cycle.
    pub fn with(&self, new: Revision) -> Result<Self> {
        if let Some(index) = self.index_of(&new.id) {
            let known = self.revision(index);
            let message = format!("revision '{}' is there already", new.id);
            let mut found = Diagnostic::error(Code::DuplicateRevision, message);
            if let Some(place) = &known.location {
                found = found.at(place.clone());
            }
            return Err(Box::new(
                found.with_help("leave out `--rev-id`, or choose another identifier"),
            ));
        }
        let mut revisions = self.revisions.clone();
        revisions.push(new);
        Self::new(revisions)
    }
}
