//! SELECT: its columns, what stands in FROM, and its conditions.

use super::Writer;
use crate::expression::{AliasSource, Compound, Expr, ExprKind, FromClause, Select};

impl Writer {
    pub(super) fn select(&mut self, select: &Select) -> Option<()> {
        let plain = select.distinct_on.is_empty()
            && select.fetch.is_none()
            && select.prefixes.is_empty()
            && select.suffixes.is_empty()
            && select.correlate_except.is_none()
            && select.ctes.is_empty();
        if !plain {
            return None;
        }
        self.put(if select.distinct {
            "SELECT DISTINCT "
        } else {
            "SELECT "
        })?;
        let froms = self.sources(select)?;
        let outer = self.around.len();
        self.around
            .extend(froms.iter().flat_map(FromClause::from_objects));
        for (at, column) in select.columns.iter().enumerate() {
            if at > 0 {
                self.put(", ")?;
            }
            self.selected(column)?;
        }
        for (at, from) in froms.iter().enumerate() {
            self.put(if at == 0 { " FROM " } else { ", " })?;
            self.from(from)?;
            if at == 0 {
                self.steps(select)?;
            }
        }
        self.conditions(&select.where_)?;
        for (at, key) in select.group_by.iter().enumerate() {
            self.put(if at == 0 { " GROUP BY " } else { ", " })?;
            self.expression(key)?;
        }
        for (at, condition) in select.having.iter().enumerate() {
            self.put(if at == 0 { " HAVING (" } else { " AND (" })?;
            self.expression(condition)?;
            self.put(")")?;
        }
        self.ending(
            &select.order_by,
            select.limit.as_ref(),
            select.offset.as_ref(),
        )?;
        self.around.truncate(outer);
        Some(())
    }

    pub(super) fn compound(&mut self, compound: &Compound) -> Option<()> {
        let plain = compound.group_by.is_empty()
            && compound.fetch.is_none()
            && compound.for_update.is_none()
            && compound.ctes.is_empty();
        if !plain {
            return None;
        }
        for (at, part) in compound.selects.iter().enumerate() {
            if at > 0 {
                self.put(" ")?;
                self.put(compound.keyword)?;
                self.put(" ")?;
            }
            let is_nested = !matches!(part.kind, ExprKind::Select(_));
            self.put(if is_nested { "(" } else { "" })?;
            self.statement(part)?;
            self.put(if is_nested { ")" } else { "" })?;
        }
        let (limit, offset) = (compound.limit.as_ref(), compound.offset.as_ref());
        self.ending(&compound.order_by, limit, offset)
    }

    /// The order of rows, and which of them.
    fn ending(
        &mut self,
        order_by: &[Expr],
        limit: Option<&Expr>,
        offset: Option<&Expr>,
    ) -> Option<()> {
        for (at, key) in order_by.iter().enumerate() {
            self.put(if at == 0 { " ORDER BY " } else { ", " })?;
            self.expression(key)?;
        }
        for (word, number) in [(" LIMIT ", limit), (" OFFSET ", offset)] {
            if let Some(number) = number {
                self.put(word)?;
                self.expression(number)?;
            }
        }
        Some(())
    }

    /// What stands in FROM, without what is joined to it and what the statement around has.
    pub(super) fn sources(&self, select: &Select) -> Option<Vec<FromClause>> {
        let mut found: Vec<FromClause> = Vec::new();
        let mut add = |from: FromClause| {
            if !found.iter().any(|known| known.same(&from)) {
                found.push(from);
            }
        };
        select.from.iter().cloned().for_each(&mut add);
        for step in &select.joins {
            step.left.iter().cloned().for_each(&mut add);
        }
        for expr in select.columns.iter().chain(&select.where_) {
            expr.from_objects().into_iter().for_each(&mut add);
        }
        let hidden: Vec<FromClause> = found
            .iter()
            .filter(|from| matches!(from, FromClause::Join(_)))
            .flat_map(FromClause::hidden)
            .chain(
                select
                    .joins
                    .iter()
                    .flat_map(|step| step.right.from_objects()),
            )
            .chain(select.correlate.iter().cloned())
            .collect();
        found.retain(|from| !hidden.iter().any(|other| other.same(from)));
        // Tables of the statement around are its own, unless nothing else were left.
        if !select.explicit_correlation {
            let own: Vec<FromClause> = found
                .iter()
                .filter(|from| !self.around.iter().any(|other| other.same(from)))
                .cloned()
                .collect();
            if !own.is_empty() {
                found = own;
            }
        }
        // With steps of joins, which of several they begin at is SQLAlchemy's business.
        (select.joins.is_empty() || found.len() == 1).then_some(found)
    }

    pub(super) fn steps(&mut self, select: &Select) -> Option<()> {
        let mut left: Vec<FromClause> = select.from.clone();
        for step in &select.joins {
            if step.full {
                return None;
            }
            left.extend(step.left.clone());
            for expr in &select.columns {
                left.extend(expr.from_objects());
            }
            self.put(if step.outer { " LEFT JOIN " } else { " JOIN " })?;
            self.from(&step.right)?;
            self.put(" ON ")?;
            match &step.on {
                Some(on) => self.expression(on)?,
                None => {
                    let on = left
                        .iter()
                        .filter(|from| !from.same(&step.right))
                        .find_map(|from| crate::expression::join_condition(from, &step.right))?;
                    self.expression(&on)?;
                }
            }
            left.push(step.right.clone());
        }
        Some(())
    }

    pub(super) fn from(&mut self, from: &FromClause) -> Option<()> {
        match from {
            FromClause::Table(table) => {
                if let Some(schema) = &table.schema {
                    self.name(schema)?;
                    self.put(".")?;
                }
                self.name(&table.name)
            }
            FromClause::Alias(alias) if !alias.lateral && alias.sample.is_none() => {
                match &alias.source {
                    AliasSource::From(from) => self.from(from)?,
                    AliasSource::Statement(statement) => {
                        self.put("(")?;
                        let around = std::mem::take(&mut self.around);
                        self.statement(statement)?;
                        self.around = around;
                        self.put(")")?;
                    }
                }
                self.put(" AS ")?;
                self.name(&alias.name)
            }
            FromClause::Join(join) if !join.full => {
                self.from(&join.left)?;
                self.put(if join.outer { " LEFT JOIN " } else { " JOIN " })?;
                if let FromClause::Join(_) = join.right {
                    return None;
                }
                self.from(&join.right)?;
                self.put(" ON ")?;
                self.expression(&join.on)
            }
            FromClause::Alias(_)
            | FromClause::Join(_)
            | FromClause::Cte(_)
            | FromClause::Values(_)
            | FromClause::Element(_) => None,
        }
    }

    /// A column of the result; a table stands for its columns.
    pub(super) fn selected(&mut self, expr: &Expr) -> Option<()> {
        if let ExprKind::From(from) = &expr.kind {
            let columns = from.columns();
            for (at, (_, column)) in columns.iter().enumerate() {
                if at > 0 {
                    self.put(", ")?;
                }
                self.expression(column)?;
            }
            return (!columns.is_empty()).then_some(());
        }
        if matches!(&expr.kind, ExprKind::LiteralColumn(sql) if &**sql == "*") {
            return self.put("*");
        }
        if let ExprKind::Label { name, operand } = &expr.kind {
            self.expression(operand)?;
            self.put(" AS ")?;
            return self.name(name);
        }
        self.expression(expr)
    }

    pub(super) fn conditions(&mut self, conditions: &[Expr]) -> Option<()> {
        for (at, condition) in conditions.iter().enumerate() {
            self.put(if at == 0 { " WHERE (" } else { " AND (" })?;
            self.expression(condition)?;
            self.put(")")?;
        }
        Some(())
    }

    pub(super) fn list(&mut self, items: &[Expr], between: &str) -> Option<()> {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.put(between)?;
            }
            self.put("(")?;
            self.expression(item)?;
            self.put(")")?;
        }
        Some(())
    }
}
