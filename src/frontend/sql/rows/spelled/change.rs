//! INSERT, UPDATE and DELETE.

use std::sync::Arc;

use super::Writer;
use crate::expression::{
    Assignments, ColumnDefault, Delete, Expr, ExprKind, FromClause, Ident, Insert, Literal,
    TableClause, TableColumn, Target, Update,
};

impl Writer {
    pub(super) fn insert(&mut self, insert: &Insert) -> Option<()> {
        let plain = insert.from_select.is_none()
            && insert.upsert.is_empty()
            && insert.prefixes.is_empty()
            && insert.ctes.is_empty();
        if !plain {
            return None;
        }
        self.put("INSERT INTO ")?;
        self.from(&insert.table)?;
        let FromClause::Table(table) = &insert.table else {
            return None;
        };
        let first = insert.rows.first()?;
        let given = |column: &TableColumn| first.iter().any(|(target, _)| target.is(column));
        let filled: Vec<(&TableColumn, &ColumnDefault)> = table
            .columns
            .iter()
            .filter(|column| !given(column))
            .filter_map(|column| match &column.default {
                None | Some(ColumnDefault::Sequence(..)) => None,
                Some(default) => Some((column, default)),
            })
            .collect();
        if first.is_empty() {
            return None;
        }
        let drawn: Vec<(&Ident, &Ident)> = table
            .columns
            .iter()
            .filter(|column| !given(column))
            .filter_map(|column| match &column.default {
                Some(ColumnDefault::Sequence(_, sequence)) => Some((&column.name, sequence)),
                _ => None,
            })
            .collect();
        self.put(" (")?;
        self.targets(first, table)?;
        for (column, _) in &drawn {
            self.put(", ")?;
            self.name(column)?;
        }
        for (column, _) in &filled {
            self.put(", ")?;
            self.name(&column.name)?;
        }
        self.put(") VALUES ")?;
        for (at, row) in insert.rows.iter().enumerate() {
            let same = row.len() == first.len()
                && row
                    .iter()
                    .zip(first)
                    .all(|((a, _), (b, _))| same_target(a, b));
            if !same {
                return None;
            }
            self.put(if at > 0 { ", (" } else { "(" })?;
            for (at, (_, value)) in row.iter().enumerate() {
                if at > 0 {
                    self.put(", ")?;
                }
                self.assigned(value)?;
            }
            for (_, sequence) in &drawn {
                self.put(", nextval(")?;
                self.value(&Literal::Str(Arc::clone(&sequence.name)))?;
                self.put(")")?;
            }
            for (_, default) in &filled {
                self.put(", ")?;
                self.default(default)?;
            }
            self.put(")")?;
        }
        Some(())
    }

    /// What a column gets that the statement does not name.
    fn default(&mut self, default: &ColumnDefault) -> Option<()> {
        match default {
            ColumnDefault::Value(value) => self.value(value),
            ColumnDefault::Sql(expr) => self.assigned(expr),
            ColumnDefault::Sequence(..) | ColumnDefault::Python => None,
        }
    }

    /// A value that is written. What differs each time is one that is not known.
    fn assigned(&mut self, value: &Expr) -> Option<()> {
        const CHANGING: &[&str] = &[
            "now",
            "current_timestamp",
            "current_date",
            "current_time",
            "localtimestamp",
            "localtime",
            "sysdate",
            "utc_timestamp",
            "getdate",
            "getutcdate",
            "gen_random_uuid",
            "uuid_generate_v4",
        ];
        let ExprKind::Function(function) = &value.kind else {
            return self.expression(value);
        };
        let is_changing = match function.name.as_slice() {
            [name] => CHANGING
                .iter()
                .any(|known| name.name.eq_ignore_ascii_case(known)),
            _ => false,
        };
        match is_changing && function.args.is_empty() {
            true => self.put("CURRENT_TIMESTAMP"),
            false => self.expression(value),
        }
    }

    pub(super) fn targets(&mut self, row: &Assignments, table: &TableClause) -> Option<()> {
        for (at, (target, _)) in row.iter().enumerate() {
            if at > 0 {
                self.put(", ")?;
            }
            self.target(target, table)?;
        }
        Some(())
    }

    pub(super) fn target(&mut self, target: &Target, table: &TableClause) -> Option<()> {
        let name = match target {
            Target::Key(key) => {
                let mut columns = table.columns.iter();
                match columns.find(|column| target.is(column)) {
                    Some(column) => column.name.clone(),
                    None => Ident::new(key),
                }
            }
            Target::Expr(expr) => match &expr.kind {
                ExprKind::Column { name, .. } => name.clone(),
                _ => return None,
            },
        };
        self.name(&name)
    }

    pub(super) fn update(&mut self, update: &Update) -> Option<()> {
        let FromClause::Table(table) = &update.table else {
            return None;
        };
        let refreshed: Vec<(&TableColumn, &ColumnDefault)> = table
            .columns
            .iter()
            .filter(|column| !update.values.iter().any(|(target, _)| target.is(column)))
            .filter_map(|column| Some((column, column.onupdate.as_ref()?)))
            .collect();
        let plain = update.prefixes.is_empty() && update.ctes.is_empty() && update.limit.is_none();
        if !plain || update.values.is_empty() {
            return None;
        }
        self.put("UPDATE ")?;
        self.from(&update.table)?;
        self.around.push(update.table.clone());
        for (at, (target, value)) in update.values.iter().enumerate() {
            self.put(if at == 0 { " SET " } else { ", " })?;
            self.target(target, table)?;
            self.put(" = ")?;
            self.assigned(value)?;
        }
        for (column, default) in refreshed {
            self.put(", ")?;
            self.name(&column.name)?;
            self.put(" = ")?;
            self.default(default)?;
        }
        self.conditions(&update.where_)?;
        self.around.pop();
        Some(())
    }

    pub(super) fn delete(&mut self, delete: &Delete) -> Option<()> {
        let plain = delete.prefixes.is_empty() && delete.ctes.is_empty() && delete.limit.is_none();
        if !plain {
            return None;
        }
        self.put("DELETE FROM ")?;
        self.from(&delete.table)?;
        self.around.push(delete.table.clone());
        self.conditions(&delete.where_)?;
        self.around.pop();
        Some(())
    }
}

fn same_target(a: &Target, b: &Target) -> bool {
    match (a, b) {
        (Target::Key(a), Target::Key(b)) => a == b,
        (Target::Expr(a), Target::Expr(b)) => match (&a.kind, &b.kind) {
            (ExprKind::Column { name: a, .. }, ExprKind::Column { name: b, .. }) => {
                a.name == b.name
            }
            _ => false,
        },
        _ => false,
    }
}
