//! SELECT and its combinations.

use std::rc::Rc;

use super::elements::nested;
use super::{Compiler, Flags, Frame};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::{
    Compound, Expr, ExprKind, Expression, Fetch, ForUpdate, FromClause, Join, LabelStyle,
    NamedColumn, Operator, Select, join_condition, named_columns, natural_name, select_list,
};

fn contains(list: &[FromClause], from: &FromClause) -> bool {
    list.iter().any(|other| other.same(from))
}

/// Appends what is not there yet.
fn add_all(list: &mut Vec<FromClause>, more: impl IntoIterator<Item = FromClause>) {
    for from in more {
        if !contains(list, &from) {
            list.push(from);
        }
    }
}

impl Compiler<'_> {
    /// The FROM list before correlation.
    fn froms(&mut self, select: &Select) -> Result<Vec<FromClause>> {
        let mut explicit = select.from.clone();
        for step in &select.joins {
            self.apply_join(select, step, &mut explicit)?;
        }
        let mut froms = Vec::new();
        add_all(&mut froms, explicit);
        for column in &select.columns {
            add_all(&mut froms, column.from_objects());
        }
        for condition in &select.where_ {
            add_all(&mut froms, condition.from_objects());
        }
        let hidden: Vec<FromClause> = froms.iter().flat_map(FromClause::hidden).collect();
        froms.retain(|from| !contains(&hidden, from));
        Ok(froms)
    }

    fn apply_join(
        &mut self,
        select: &Select,
        step: &crate::expression::JoinStep,
        explicit: &mut Vec<FromClause>,
    ) -> Result<()> {
        // The left side: the one given, or the only one that the right side can be joined to.
        let position = match &step.left {
            Some(left) => explicit.iter().position(|from| {
                from.same(left) || from.from_objects().iter().any(|inner| inner.same(left))
            }),
            None if !explicit.is_empty() => {
                let joinable = |from: &FromClause| match &step.on {
                    Some(on) => {
                        let used = on.from_objects();
                        from.from_objects()
                            .iter()
                            .any(|inner| contains(&used, inner))
                    }
                    None => join_condition(from, &step.right).is_some(),
                };
                Some(
                    explicit
                        .iter()
                        .position(joinable)
                        .unwrap_or(explicit.len() - 1),
                )
            }
            None => None,
        };
        let left = match (position, &step.left) {
            (Some(index), _) => explicit.remove(index),
            (None, Some(left)) => left.clone(),
            (None, None) => {
                let mut candidates = Vec::new();
                for column in &select.columns {
                    add_all(&mut candidates, column.from_objects());
                }
                let used = step.on.as_ref().map(|on| on.from_objects());
                let mut fitting = candidates.iter().filter(|from| match &used {
                    Some(used) => contains(used, from),
                    None => join_condition(from, &step.right).is_some(),
                });
                match fitting.next().or_else(|| candidates.first()) {
                    Some(left) => left.clone(),
                    None => {
                        return Err(Box::new(Diagnostic::error(
                            Code::OperationInvalid,
                            "the join has no left side",
                        )));
                    }
                }
            }
        };
        let on = match &step.on {
            Some(on) => crate::expression::self_group(on, Some(&Operator::AsBool)),
            None => join_condition(&left, &step.right).ok_or_else(|| {
                Box::new(
                    Diagnostic::error(
                        Code::OperationInvalid,
                        "the tables of the join have no foreign key between them",
                    )
                    .with_help("give the condition as the join's second argument"),
                )
            })?,
        };
        let join = FromClause::Join(Rc::new(Join {
            left,
            right: step.right.clone(),
            on,
            outer: step.outer,
            full: step.full,
        }));
        match position {
            Some(index) => explicit.insert(index, join),
            None => explicit.insert(0, join),
        }
        Ok(())
    }

    /// The FROM list without what the statements around list already.
    fn display_froms(
        &mut self,
        select: &Select,
        as_from: bool,
        lateral: bool,
    ) -> Result<Vec<FromClause>> {
        let mut froms = self.froms(select)?;
        let (explicit, implicit): (Vec<usize>, Vec<usize>) = match self.stack.last() {
            None => (Vec::new(), Vec::new()),
            Some(frame) if as_from && !lateral => (
                frame
                    .correlate
                    .iter()
                    .filter(|id| !frame.as_from.contains(id))
                    .copied()
                    .collect(),
                Vec::new(),
            ),
            Some(frame) => (frame.correlate.clone(), frame.as_from.clone()),
        };
        if !select.correlate.is_empty() {
            froms.retain(|from| {
                !(explicit.contains(&from.id()) && contains(&select.correlate, from))
            });
        }
        if let Some(except) = &select.correlate_except {
            froms.retain(|from| !explicit.contains(&from.id()) || contains(except, from));
        }
        if !select.explicit_correlation && !implicit.is_empty() && froms.len() > 1 {
            froms.retain(|from| !implicit.contains(&from.id()));
            if froms.is_empty() {
                return Err(Box::new(
                    Diagnostic::error(
                        Code::OperationInvalid,
                        "the SELECT has no FROM left, since all its tables belong to the statement around it",
                    )
                    .with_help("say which tables it shares with .correlate(…)"),
                ));
            }
        }
        Ok(froms)
    }

    pub(super) fn select(
        &mut self,
        select: &Select,
        flags: Flags,
        as_from: bool,
        lateral: bool,
    ) -> Result<String> {
        self.select_part(select, flags, as_from, lateral, false)
    }

    pub(super) fn select_part(
        &mut self,
        select: &Select,
        flags: Flags,
        as_from: bool,
        lateral: bool,
        embedded: bool,
    ) -> Result<String> {
        let toplevel = self.stack.is_empty();
        let as_from = as_from || flags.as_from;
        let flags = nested(flags);
        let froms = self.display_froms(select, as_from, lateral)?;
        let here: Vec<usize> = froms
            .iter()
            .flat_map(FromClause::from_objects)
            .map(|from| from.id())
            .collect();
        let mut correlate = here.clone();
        if let Some(frame) = self.stack.last() {
            correlate.extend(&frame.correlate);
        }
        let columns = select_list(&select.columns);
        self.stack.push(Frame {
            correlate,
            as_from: here,
            columns: columns.clone(),
            froms: froms.clone(),
            is_compound: false,
        });
        let text = self.select_text(select, &columns, &froms, flags, as_from);
        self.stack.pop();
        let mut text = text?;
        if toplevel && !embedded {
            text = self.with_ctes(text);
        }
        if !select.suffixes.is_empty() {
            text.push(' ');
            text.push_str(&self.phrases(&select.suffixes, flags)?);
        }
        Ok(text)
    }

    fn select_text(
        &mut self,
        select: &Select,
        columns: &[Expr],
        froms: &[FromClause],
        flags: Flags,
        as_from: bool,
    ) -> Result<String> {
        for cte in &select.ctes {
            self.from(cte, flags)?;
        }
        let mut text = "SELECT ".to_owned();
        text.push_str(&self.phrases(&select.prefixes, flags)?);
        if !select.distinct_on.is_empty() && self.facts.distinct_on {
            let on = self.list(&select.distinct_on, ", ", flags)?;
            text.push_str(&format!("DISTINCT ON ({on}) "));
        } else if select.distinct {
            text.push_str("DISTINCT ");
        }
        text.push_str(&self.top(select, flags)?);
        let names = named_columns(columns, select.label_style, true);
        let mut parts = Vec::with_capacity(names.len());
        for named in &names {
            parts.push(self.select_column(named, flags, as_from)?);
        }
        text.push_str(&parts.join(", "));
        if parts.is_empty() {
            text.truncate(text.trim_end().len());
        }
        if froms.is_empty() {
            text.push_str(&self.facts.from_nothing);
            if !select.where_.is_empty() {
                text.push_str(&self.facts.from_nothing_filtered);
            }
        } else {
            text.push_str(" \nFROM ");
            for (index, from) in froms.iter().enumerate() {
                if index > 0 {
                    text.push_str(", ");
                }
                text.push_str(&self.from(from, flags)?);
            }
        }
        if !select.where_.is_empty() {
            let conditions = self.conditions(&select.where_, flags)?;
            if !conditions.is_empty() {
                text.push_str(&format!(" \nWHERE {conditions}"));
            }
        }
        if !select.group_by.is_empty() {
            text.push_str(&format!(
                " GROUP BY {}",
                self.list(&select.group_by, ", ", flags)?
            ));
        }
        if !select.having.is_empty() {
            let conditions = self.conditions(&select.having, flags)?;
            text.push_str(&format!(" \nHAVING {conditions}"));
        }
        let counts = select.limit.is_some() || select.offset.is_some() || select.fetch.is_some();
        let on_top = self.fetched_on_top(select).is_some();
        let fetch = select.fetch.as_ref().filter(|_| !on_top);
        if self.facts.offset_needs_order
            && select.order_by.is_empty()
            && (select.offset.is_some() || fetch.is_some())
        {
            return Err(self.unsupported("OFFSET or FETCH without an ORDER BY"));
        }
        if self.facts.limit == "top" && fetch.is_some_and(|fetch| fetch.percent || fetch.with_ties)
        {
            return Err(self.unsupported("PERCENT and WITH TIES behind an OFFSET"));
        }
        // The frame of this SELECT is the last one.
        let is_inside = self.stack.len() > 1;
        if !(self.facts.unordered_subqueries && is_inside && !counts) {
            text.push_str(&self.order_by(&select.order_by, flags)?);
        }
        text.push_str(&self.row_limit(
            select.limit.as_ref(),
            select.offset.as_ref(),
            fetch,
            flags,
        )?);
        if let Some(update) = &select.for_update {
            text.push_str(&self.for_update(update, flags)?);
        }
        Ok(text)
    }

    fn order_by(&mut self, order_by: &[Expr], flags: Flags) -> Result<String> {
        if order_by.is_empty() {
            return Ok(String::new());
        }
        let mut parts = Vec::with_capacity(order_by.len());
        for element in order_by {
            parts.push(self.order_element(element, flags)?);
        }
        Ok(format!(" ORDER BY {}", parts.join(", ")))
    }

    /// A label of the column list is ordered by its name.
    fn order_element(&mut self, element: &Expr, flags: Flags) -> Result<String> {
        match &element.kind {
            ExprKind::Modifier { operator, operand } => {
                let inner = self.order_element(operand, flags)?;
                Ok(format!(
                    "{inner}{}",
                    super::elements::modifier_word(operator)
                ))
            }
            ExprKind::Label { name, operand } => {
                let listed = self.stack.last().is_some_and(|frame| {
                    frame.columns.iter().any(|column| match &column.kind {
                        ExprKind::Label {
                            name: own,
                            operand: inner,
                        } => {
                            own == name
                                && (Rc::ptr_eq(column, element) || Rc::ptr_eq(inner, operand))
                        }
                        _ => false,
                    })
                });
                if listed {
                    Ok(self.quote(name))
                } else {
                    self.expr(operand, flags)
                }
            }
            _ => self.expr(element, flags),
        }
    }

    /// A column of a SELECT list or RETURNING, with the label that it needs.
    pub(super) fn select_column(
        &mut self,
        named: &NamedColumn,
        flags: Flags,
        as_from: bool,
    ) -> Result<String> {
        let expr = &named.expr;
        let flags = Flags {
            columns: true,
            in_label: false,
            ..flags
        };
        let label = match (&expr.kind, &named.required) {
            (ExprKind::Label { .. }, _) => None,
            (_, Some(required)) => Some(required.clone()),
            _ => {
                let wanted = match &expr.kind {
                    ExprKind::Column { table, .. } => as_from && table.is_some(),
                    ExprKind::LiteralColumn(_) | ExprKind::Text(_) | ExprKind::RowColumn(_) => {
                        false
                    }
                    ExprKind::AsBoolean { operand, .. } => {
                        !self.facts.native_boolean || natural_name(operand).is_none() || as_from
                    }
                    ExprKind::Unary { operand, .. } | ExprKind::Modifier { operand, .. } => {
                        natural_name(operand).is_none() || as_from
                    }
                    _ => true,
                };
                if wanted { named.fallback.clone() } else { None }
            }
        };
        match label {
            Some(label) => {
                let inner = self.expr(
                    expr,
                    Flags {
                        in_label: true,
                        ..flags
                    },
                )?;
                Ok(format!("{inner} AS {}", self.quote(&label)))
            }
            None => self.expr(expr, flags),
        }
    }

    pub(super) fn compound(&mut self, compound: &Compound, flags: Flags) -> Result<String> {
        let toplevel = self.stack.is_empty();
        let as_from = flags.as_from;
        let flags = nested(flags);
        let (correlate, above) = match self.stack.last() {
            Some(frame) => (frame.correlate.clone(), frame.as_from.clone()),
            None => (Vec::new(), Vec::new()),
        };
        let columns = compound
            .selects
            .first()
            .map(first_columns)
            .unwrap_or_default();
        self.stack.push(Frame {
            correlate,
            as_from: above,
            columns,
            froms: Vec::new(),
            is_compound: true,
        });
        let text = self.compound_text(compound, flags, as_from);
        self.stack.pop();
        let text = text?;
        Ok(if toplevel { self.with_ctes(text) } else { text })
    }

    fn compound_text(
        &mut self,
        compound: &Compound,
        flags: Flags,
        as_from: bool,
    ) -> Result<String> {
        for cte in &compound.ctes {
            self.from(cte, flags)?;
        }
        let mut text = String::new();
        let word = compound.keyword.replace("EXCEPT", &self.facts.except_word);
        for (index, select) in compound.selects.iter().enumerate() {
            if index > 0 {
                text.push_str(&format!(" {word} "));
            }
            text.push_str(&self.compound_element(select, flags, as_from)?);
        }
        let flags = Flags {
            table: false,
            ..flags
        };
        if !compound.group_by.is_empty() {
            let group = self.list(&compound.group_by, ", ", flags)?;
            text.push_str(&format!(" GROUP BY {group}"));
        }
        text.push_str(&self.order_by(&compound.order_by, flags)?);
        text.push_str(&self.row_limit(
            compound.limit.as_ref(),
            compound.offset.as_ref(),
            compound.fetch.as_ref(),
            flags,
        )?);
        Ok(text)
    }

    fn compound_element(&mut self, select: &Expr, flags: Flags, as_from: bool) -> Result<String> {
        match &select.kind {
            ExprKind::Select(inner) => {
                let text = self.select_part(inner, flags, as_from, false, true)?;
                let grouped = inner.limit.is_some()
                    || inner.offset.is_some()
                    || inner.fetch.is_some()
                    || !inner.order_by.is_empty();
                Ok(if grouped { format!("({text})") } else { text })
            }
            ExprKind::Compound(_) => {
                let flags = Flags { as_from, ..flags };
                Ok(format!("({})", self.expr(select, flags)?))
            }
            _ => self.expr(select, flags),
        }
    }

    /// SQL Server's `TOP`, when rows are only counted.
    fn top(&mut self, select: &Select, flags: Flags) -> Result<String> {
        if self.facts.limit != "top" {
            return Ok(String::new());
        }
        if let Some(fetch) = self.fetched_on_top(select) {
            let Fetch {
                count,
                percent,
                with_ties,
            } = fetch;
            let count = self.expr(count, flags)?;
            let percent = if *percent { "PERCENT " } else { "" };
            let ties = if *with_ties { "WITH TIES " } else { "" };
            return Ok(format!("TOP {count} {percent}{ties}"));
        }
        match (&select.limit, &select.offset) {
            (Some(limit), None) => Ok(format!("TOP {} ", self.expr(limit, flags)?)),
            _ => Ok(String::new()),
        }
    }

    /// What SQL Server counts with `TOP`, since its `FETCH` cannot.
    fn fetched_on_top<'a>(&self, select: &'a Select) -> Option<&'a Fetch> {
        let fetch = select.fetch.as_ref()?;
        let counts = fetch.percent || fetch.with_ties;
        (self.facts.limit == "top" && select.offset.is_none() && counts).then_some(fetch)
    }

    fn row_limit(
        &mut self,
        limit: Option<&Expr>,
        offset: Option<&Expr>,
        fetch: Option<&Fetch>,
        flags: Flags,
    ) -> Result<String> {
        if limit.is_none() && offset.is_none() && fetch.is_none() {
            return Ok(String::new());
        }
        let style = self.facts.limit.as_str();
        if fetch.is_some() || style == "fetch" || (style == "top" && offset.is_some()) {
            return self.fetch(limit, offset, fetch, flags);
        }
        let limit_text = limit.map(|limit| self.expr(limit, flags)).transpose()?;
        let offset_text = offset.map(|offset| self.expr(offset, flags)).transpose()?;
        Ok(match style {
            "limit_offset" => {
                let all = if self.context.compat && flags.literal {
                    ":param_1"
                } else {
                    "-1"
                };
                let limit = limit_text.as_deref().unwrap_or(all);
                let offset = offset_text.as_deref().unwrap_or("0");
                format!("\n LIMIT {limit} OFFSET {offset}")
            }
            "limit_comma" => match (limit_text, offset_text) {
                (Some(limit), None) => format!(" \n LIMIT {limit}"),
                (Some(limit), Some(offset)) => format!(" \n LIMIT {offset}, {limit}"),
                (None, Some(offset)) => format!(" \n LIMIT {offset}, 18446744073709551615"),
                (None, None) => String::new(),
            },
            "top" => String::new(),
            "standard" => {
                let mut text = String::new();
                if let Some(limit) = &limit_text {
                    text.push_str(&format!("\n LIMIT {limit}"));
                }
                if let Some(offset) = &offset_text {
                    if limit_text.is_none() {
                        text.push_str("\n LIMIT -1");
                    }
                    text.push_str(&format!(" OFFSET {offset}"));
                }
                text
            }
            _ => {
                let mut text = String::new();
                if let Some(limit) = &limit_text {
                    text.push_str(&format!(" \n LIMIT {limit}"));
                }
                if let Some(offset) = &offset_text {
                    if limit_text.is_none() {
                        text.push_str("\n LIMIT ALL");
                    }
                    text.push_str(&format!(" OFFSET {offset}"));
                }
                text
            }
        })
    }

    fn fetch(
        &mut self,
        limit: Option<&Expr>,
        offset: Option<&Expr>,
        fetch: Option<&Fetch>,
        flags: Flags,
    ) -> Result<String> {
        let parentheses = self.facts.fetch_parentheses;
        let wrap = |text: String| {
            if parentheses {
                format!("({text})")
            } else {
                text
            }
        };
        let mut text = String::new();
        if let Some(offset) = offset {
            let offset = self.expr(offset, flags)?;
            text.push_str(&format!("\n OFFSET {} ROWS", wrap(offset)));
        } else if self.facts.limit == "top" {
            text.push_str("\n OFFSET 0 ROWS");
        }
        let (count, percent, with_ties) = match (fetch, limit) {
            (Some(fetch), _) => (Some(&fetch.count), fetch.percent, fetch.with_ties),
            (None, limit) => (limit, false, false),
        };
        if let Some(count) = count {
            let count = self.expr(count, flags)?;
            text.push_str(&format!(
                "\n FETCH FIRST {}{} ROWS {}",
                wrap(count),
                if percent { " PERCENT" } else { "" },
                if with_ties { "WITH TIES" } else { "ONLY" }
            ));
        }
        Ok(text)
    }

    fn for_update(&mut self, update: &ForUpdate, flags: Flags) -> Result<String> {
        let style = self.facts.for_update.as_str();
        let mut text = match style {
            "none" | "" => return Ok(String::new()),
            "mysql" if update.read => " LOCK IN SHARE MODE".to_owned(),
            "full" if self.facts.distinct_on => match (update.read, update.key_share) {
                (true, true) => " FOR KEY SHARE",
                (true, false) => " FOR SHARE",
                (false, true) => " FOR NO KEY UPDATE",
                (false, false) => " FOR UPDATE",
            }
            .to_owned(),
            _ => " FOR UPDATE".to_owned(),
        };
        if !update.of.is_empty() && style != "mysql" {
            let mut tables = Vec::new();
            for of in &update.of {
                for from in of.from_objects() {
                    if let Some(name) = from.name().cloned() {
                        let name = self.quote(&name);
                        if !tables.contains(&name) {
                            tables.push(name);
                        }
                    }
                }
            }
            text.push_str(&format!(" OF {}", tables.join(", ")));
        }
        let _ = flags;
        if update.nowait {
            text.push_str(" NOWAIT");
        }
        if update.skip_locked {
            text.push_str(" SKIP LOCKED");
        }
        Ok(text)
    }
}

/// The columns by which a combined SELECT can be ordered.
fn first_columns(select: &Expr) -> Vec<Expr> {
    match &select.kind {
        ExprKind::Select(inner) => {
            named_columns(&select_list(&inner.columns), LabelStyle::Disambiguate, true)
                .into_iter()
                .map(|named| match (&named.expr.kind, named.required) {
                    (ExprKind::Label { .. }, _) | (_, None) => named.expr,
                    (_, Some(label)) => Expression::new(
                        ExprKind::Label {
                            name: label,
                            operand: named.expr.clone(),
                        },
                        named.expr.data_type.clone(),
                    ),
                })
                .collect()
        }
        ExprKind::Compound(inner) => inner.selects.first().map(first_columns).unwrap_or_default(),
        ExprKind::Grouping(inner) => first_columns(inner),
        _ => Vec::new(),
    }
}
