//! Columns that come, change and go.

use super::reflected::column;
use super::types;
use super::{Change, Comparing, Thing};
use crate::catalog::{Autoincrement, Column, ServerDefault, Table};
use crate::datatype::Family;
use crate::diagnostic::Result;
use crate::operation::{self, AlterColumn, Operation};

impl Comparing<'_> {
    /// Columns that come, then those that change.
    pub(super) fn columns(
        &self,
        before: &Table,
        found: &Table,
        after: &Table,
    ) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        let wanted = || after.columns.iter().filter(|column| !column.system);
        for new in wanted() {
            if self.known(found, &new.name.name)?.is_none()
                && self
                    .judge
                    .includes(Thing::Column(after, new), false, None)?
            {
                changes.push(Change::new(add(after, new), drop(after, new)));
            }
        }
        for new in wanted() {
            let Some(old) = self.known(found, &new.name.name)? else {
                continue;
            };
            let other = Some(Thing::Column(found, old));
            if !self
                .judge
                .includes(Thing::Column(after, new), false, other)?
            {
                continue;
            }
            if self.made_anew(before, new) {
                changes.push(Change::new(drop(after, old), add(after, old)));
                changes.push(Change::new(add(after, new), drop(after, new)));
            } else if let Some((up, down)) = self.altered((found, old), (after, new))? {
                changes.push(Change::new(
                    Operation::AlterColumn(Box::new(up)),
                    Operation::AlterColumn(Box::new(down)),
                ));
            }
        }
        Ok(changes)
    }

    /// Columns that go.
    pub(super) fn columns_gone(&self, found: &Table, after: &Table) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        for old in &found.columns {
            let stays = column(after, &old.name.name).is_some_and(|new| !new.system);
            if !stays
                && self.judge.has_name(Thing::Column(found, old))?
                && self.judge.includes(Thing::Column(found, old), true, None)?
            {
                changes.push(Change::new(drop(after, old), add(after, old)));
            }
        }
        Ok(changes)
    }

    fn known<'b>(&self, table: &'b Table, name: &str) -> Result<Option<&'b Column>> {
        let Some(found) = column(table, name) else {
            return Ok(None);
        };
        let known = self.judge.has_name(Thing::Column(table, found))?;
        Ok(known.then_some(found))
    }

    /// Whether what a column computes changes: it has to be dropped and added.
    fn made_anew(&self, before: &Table, new: &Column) -> bool {
        let Some(old) = column(before, &new.name.name) else {
            return false;
        };
        let computed = |column: &Column| match &column.default {
            Some(ServerDefault::Computed { sql, persisted: _ }) => {
                Some(bare(&self.spelling.expr(sql)))
            }
            _ => None,
        };
        computed(old) != computed(new)
    }

    /// How a column changes, and what leads back.
    fn altered(
        &self,
        (found, old): (&Table, &Column),
        (after, new): (&Table, &Column),
    ) -> Result<Option<(AlterColumn, AlterColumn)>> {
        let things = (Thing::Column(found, old), Thing::Column(after, new));
        let is = |column: &Column, kind: fn(&ServerDefault) -> bool| {
            column.default.as_ref().is_some_and(kind)
        };
        let identity = |d: &ServerDefault| matches!(d, ServerDefault::Identity(_));
        let computed = |d: &ServerDefault| matches!(d, ServerDefault::Computed { .. });
        let has_identity = is(old, identity) || is(new, identity);
        let unset = (is(old, computed) || is(new, computed)) && new.nullable.is_none();
        let null_changes = old.is_not_null() != new.is_not_null() && !has_identity && !unset;
        let type_changes = self.type_changes(things, old, new)?;
        let default_changes = self.default_changes(things, (found, old), (after, new))?;
        let text = |column: &Column| column.comment.clone().filter(|text| !text.is_empty());
        let (old_comment, new_comment) = (text(old), text(new));
        let comments = self.spelling.comments();
        let comment_changes = comments && old_comment != new_comment;
        if !(null_changes || type_changes || default_changes || comment_changes) {
            return Ok(None);
        }
        let set = |default: &Option<ServerDefault>| match default {
            Some(default) => operation::Change::Set(default.clone()),
            None => operation::Change::Drop,
        };
        let there = |default: &Option<ServerDefault>| match default {
            Some(default) => operation::Change::Set(default.clone()),
            None => operation::Change::Keep,
        };
        let says_default = old.default.is_some() || new.default.is_some();
        let counting = if says_default && !self.looks.defaults {
            None
        } else if after
            .numbered()
            .is_some_and(|column| column.name == new.name)
            || new.autoincrement == Autoincrement::Yes
        {
            Some(true)
        } else if new.autoincrement == Autoincrement::No {
            Some(false)
        } else {
            None
        };
        let said = |comment: &Option<std::sync::Arc<str>>| match (comment, comment_changes) {
            (_, false) => operation::Change::Keep,
            (None, true) => operation::Change::Drop,
            (Some(text), true) => operation::Change::Set(text.clone()),
        };
        let up = AlterColumn {
            table: after.name.clone(),
            column: new.name.clone(),
            nullable: null_changes.then(|| !new.is_not_null()),
            comment: said(&new_comment),
            default: if default_changes {
                set(&new.default)
            } else {
                operation::Change::Keep
            },
            new_name: None,
            data_type: type_changes.then(|| new.data_type.clone()),
            existing_type: self.looks.types.then(|| old.data_type.clone()),
            existing_default: there(&old.default),
            existing_nullable: Some(!old.is_not_null()),
            existing_comment: old_comment.clone().filter(|_| comments),
            autoincrement: counting,
            existing_autoincrement: None,
            position: None,
            type_is_class: false,
            options: Vec::new(),
        };
        let down = AlterColumn {
            nullable: null_changes.then(|| !old.is_not_null()),
            comment: said(&old_comment),
            default: if default_changes {
                set(&old.default)
            } else {
                operation::Change::Keep
            },
            data_type: type_changes.then(|| old.data_type.clone()),
            existing_type: if type_changes {
                Some(new.data_type.clone())
            } else {
                up.existing_type.clone()
            },
            existing_default: if default_changes {
                there(&new.default)
            } else {
                up.existing_default.clone()
            },
            existing_nullable: if null_changes {
                Some(!new.is_not_null())
            } else {
                up.existing_nullable
            },
            existing_comment: if comment_changes {
                new_comment
            } else {
                up.existing_comment.clone()
            },
            ..up.clone()
        };
        Ok(Some((up, down)))
    }

    fn type_changes(
        &self,
        (found, wanted): (Thing<'_>, Thing<'_>),
        old: &Column,
        new: &Column,
    ) -> Result<bool> {
        if !self.looks.types {
            return Ok(false);
        }
        let nothing = |column: &Column| column.data_type.spec.family == Family::Null;
        if nothing(old) || nothing(new) {
            return Ok(false);
        }
        match self.judge.type_differs(found, wanted)? {
            Some(differs) => Ok(differs),
            None => Ok(types::differ(&old.data_type, &new.data_type, self.dialect)),
        }
    }

    fn default_changes(
        &self,
        things: (Thing<'_>, Thing<'_>),
        (_, old): (&Table, &Column),
        (after, new): (&Table, &Column),
    ) -> Result<bool> {
        if !self.looks.defaults || (old.default.is_none() && new.default.is_none()) {
            return Ok(false);
        }
        if let Some(differs) = self.judge.default_differs(things.0, things.1)? {
            return Ok(differs);
        }
        Ok(match (&old.default, &new.default) {
            (Some(ServerDefault::Identity(found)), Some(ServerDefault::Identity(wanted))) => {
                let (f, w) = (&found.sequence, &wanted.sequence);
                let says =
                    |wanted: Option<i64>, found: Option<i64>| wanted.is_some() && wanted != found;
                found.always != wanted.always
                    || says(w.start, f.start)
                    || says(w.increment, f.increment)
                    || says(w.minvalue, f.minvalue)
                    || says(w.maxvalue, f.maxvalue)
                    || says(w.cache, f.cache)
                    || (w.cycle.is_some() && w.cycle != f.cycle)
            }
            (Some(ServerDefault::Identity(_)), _) | (_, Some(ServerDefault::Identity(_))) => true,
            (Some(ServerDefault::Computed { .. } | ServerDefault::Fetched), _)
            | (_, Some(ServerDefault::Computed { .. } | ServerDefault::Fetched)) => false,
            (_, _) => {
                let counts = after
                    .numbered()
                    .is_some_and(|column| column.name == new.name);
                let casts = self
                    .dialect
                    .facts()
                    .reflection
                    .as_ref()
                    .is_some_and(|f| f.casts);
                let uncast = |text: Option<String>| text.map(|text| without_cast(&text, casts));
                !counts && uncast(self.spelling.default(old)) != uncast(self.spelling.default(new))
            }
        })
    }
}

/// SQL without what makes no difference to what it computes.
fn bare(text: &str) -> String {
    let noise = |c: &char| {
        !matches!(
            c,
            ' ' | '(' | ')' | '\'' | '"' | '`' | '[' | ']' | '\t' | '\r' | '\n'
        )
    };
    text.chars()
        .filter(noise)
        .flat_map(char::to_lowercase)
        .collect()
}

/// A literal without the cast behind it, and without its quotes when it is a number.
fn without_cast(text: &str, casts: bool) -> String {
    let plain = match text.rsplit_once("'::") {
        Some((literal, words)) if casts && !words.contains('(') => format!("{literal}'"),
        _ => text.to_owned(),
    };
    let inner = plain.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
    match inner {
        Some(inner) if inner.parse::<f64>().is_ok() => inner.to_owned(),
        _ => plain,
    }
}

fn add(table: &Table, column: &Column) -> Operation {
    Operation::AddColumn {
        table: table.name.clone(),
        column: column.clone(),
        if_not_exists: false,
        inline_references: false,
        inline_primary_key: false,
        position: None,
    }
}

fn drop(table: &Table, column: &Column) -> Operation {
    Operation::DropColumn {
        table: table.name.clone(),
        column: column.name.clone(),
        if_exists: false,
        options: Vec::new(),
    }
}
