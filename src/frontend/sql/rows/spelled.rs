//! Statements that are built of expressions, as SQL in no dialect's words: for being executed over
//! rows that are known, never for a script.

use std::fmt::Write as _;
use std::sync::Arc;

use super::shape::DEPTH;
use crate::expression::{
    AliasSource, Assignments, BindParameter, ColumnDefault, Delete, Expr, ExprKind, FromClause,
    Ident, Insert, Literal, Operator, Select, Target, Update,
};

/// A statement as text, with the values that its placeholders stand for.
pub(super) struct Spelled {
    pub(super) sql: String,
    /// Whether it is in the words of the dialect rather than in general ones.
    pub(super) is_own: bool,
    pub(super) binds: Vec<(Arc<str>, BindParameter)>,
}

/// The statement as text; `None` where a part of it is not looked into.
pub(super) fn spelled(expr: &Expr) -> Option<Spelled> {
    let mut writer = Writer {
        sql: String::new(),
        binds: Vec::new(),
        depth: 0,
        around: Vec::new(),
    };
    writer.statement(expr)?;
    Some(Spelled {
        sql: writer.sql,
        is_own: false,
        binds: writer.binds,
    })
}

struct Writer {
    sql: String,
    binds: Vec<(Arc<str>, BindParameter)>,
    depth: usize,
    /// What the statements around take rows from.
    around: Vec<FromClause>,
}

impl Writer {
    fn put(&mut self, text: &str) -> Option<()> {
        self.sql.push_str(text);
        Some(())
    }

    fn name(&mut self, ident: &Ident) -> Option<()> {
        let name = match ident.anonymous_parts() {
            Some((id, base)) => format!("anon {id} {base}"),
            None => ident.name.to_string(),
        };
        let name = name.replace('"', "\"\"");
        write!(self.sql, "\"{name}\"").ok()
    }

    fn value(&mut self, value: &Literal) -> Option<()> {
        let key: Arc<str> = format!("p{}", self.binds.len()).into();
        self.put(":")?;
        self.put(&key)?;
        let bind = BindParameter {
            key: None,
            value: Some(value.clone()),
            data_type: crate::expression::null_type(),
            expanding: false,
        };
        self.binds.push((key, bind));
        Some(())
    }

    fn statement(&mut self, expr: &Expr) -> Option<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        match &expr.kind {
            ExprKind::Select(select) => self.select(select)?,
            ExprKind::Insert(insert) => self.insert(insert)?,
            ExprKind::Update(update) => self.update(update)?,
            ExprKind::Delete(delete) => self.delete(delete)?,
            ExprKind::Grouping(inner) | ExprKind::ScalarSelect(inner) => self.statement(inner)?,
            _ => return None,
        }
        self.depth -= 1;
        Some(())
    }

    fn select(&mut self, select: &Select) -> Option<()> {
        let plain = select.group_by.is_empty()
            && select.having.is_empty()
            && select.distinct_on.is_empty()
            && select.offset.is_none()
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
        for (at, key) in select.order_by.iter().enumerate() {
            self.put(if at == 0 { " ORDER BY " } else { ", " })?;
            self.expression(key)?;
        }
        if let Some(limit) = &select.limit {
            self.put(" LIMIT ")?;
            self.expression(limit)?;
        }
        self.around.truncate(outer);
        Some(())
    }

    /// What stands in FROM, without what is joined to it and what the statement around has.
    fn sources(&self, select: &Select) -> Option<Vec<FromClause>> {
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

    fn steps(&mut self, select: &Select) -> Option<()> {
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

    fn from(&mut self, from: &FromClause) -> Option<()> {
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
    fn selected(&mut self, expr: &Expr) -> Option<()> {
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
        if let ExprKind::Label { name, operand } = &expr.kind {
            self.expression(operand)?;
            self.put(" AS ")?;
            return self.name(name);
        }
        self.expression(expr)
    }

    fn conditions(&mut self, conditions: &[Expr]) -> Option<()> {
        for (at, condition) in conditions.iter().enumerate() {
            self.put(if at == 0 { " WHERE (" } else { " AND (" })?;
            self.expression(condition)?;
            self.put(")")?;
        }
        Some(())
    }

    fn list(&mut self, items: &[Expr], between: &str) -> Option<()> {
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

    fn expression(&mut self, expr: &Expr) -> Option<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        match &expr.kind {
            ExprKind::Column { table, name } => {
                if let Some(table) = table {
                    self.name(table.name()?)?;
                    self.put(".")?;
                }
                self.name(name)?;
            }
            ExprKind::Bind(bind) => {
                let value = bind.value.as_ref()?;
                match value {
                    Literal::List(items) if bind.expanding => {
                        self.put("(")?;
                        for (at, item) in items.iter().enumerate() {
                            if at > 0 {
                                self.put(", ")?;
                            }
                            self.value(item)?;
                        }
                        // No value is in an empty list.
                        (!items.is_empty()).then_some(())?;
                        self.put(")")?;
                    }
                    _ => self.value(value)?,
                }
            }
            ExprKind::Null => self.put("NULL")?,
            ExprKind::True => self.put("true")?,
            ExprKind::False => self.put("false")?,
            ExprKind::Grouping(inner) => {
                self.put("(")?;
                match inner.is_select() {
                    true => self.statement(inner)?,
                    false => self.expression(inner)?,
                }
                self.put(")")?;
            }
            ExprKind::ScalarSelect(inner) => {
                self.put("(")?;
                self.statement(inner)?;
                self.put(")")?;
            }
            ExprKind::Label { operand, .. } => self.expression(operand)?,
            ExprKind::AsBoolean { operand, is_true } => {
                self.put(if *is_true { "(" } else { "NOT (" })?;
                self.expression(operand)?;
                self.put(")")?;
            }
            ExprKind::Unary { operator, operand } => match operator {
                Operator::Exists => {
                    self.put("EXISTS (")?;
                    self.statement(operand)?;
                    self.put(")")?;
                }
                Operator::Inv => {
                    self.put("NOT (")?;
                    self.expression(operand)?;
                    self.put(")")?;
                }
                _ => return None,
            },
            ExprKind::Modifier { operator, operand } => {
                self.expression(operand)?;
                match operator {
                    Operator::Asc => {}
                    Operator::Desc => self.put(" DESC")?,
                    _ => return None,
                }
            }
            ExprKind::Binary(binary) => {
                let plain = binary.options == crate::expression::BinaryOptions::default();
                let word = word(&binary.operator).filter(|_| plain)?;
                self.put("(")?;
                self.expression(&binary.left)?;
                self.put(word)?;
                match (&binary.operator, &binary.right.kind) {
                    (Operator::In | Operator::NotIn, ExprKind::List { items, .. }) => {
                        (!items.is_empty()).then_some(())?;
                        self.put("(")?;
                        self.list(items, ", ")?;
                        self.put(")")?;
                    }
                    (Operator::In | Operator::NotIn, _) if binary.right.is_select() => {
                        self.put("(")?;
                        self.statement(&binary.right)?;
                        self.put(")")?;
                    }
                    _ => self.expression(&binary.right)?,
                }
                self.put(")")?;
            }
            ExprKind::List {
                operator, items, ..
            } => match operator {
                Operator::And => self.list(items, " AND ")?,
                Operator::Or => self.list(items, " OR ")?,
                _ => return None,
            },
            ExprKind::Function(function) => {
                let [name] = function.name.as_slice() else {
                    return None;
                };
                // Of others it is not known here what they give, so nothing is lost.
                let known = ["count", "lower", "upper", "coalesce", "max", "min", "sum"];
                let name = known
                    .iter()
                    .find(|known| name.name.eq_ignore_ascii_case(known))?;
                self.put(name)?;
                self.put("(")?;
                match function.args.as_slice() {
                    [] => self.put("*")?,
                    [only] if matches!(&only.kind, ExprKind::LiteralColumn(sql) if &**sql == "*") =>
                    {
                        self.put("*")?;
                    }
                    args => {
                        for (at, argument) in args.iter().enumerate() {
                            if at > 0 {
                                self.put(", ")?;
                            }
                            self.expression(argument)?;
                        }
                    }
                }
                self.put(")")?;
            }
            ExprKind::LiteralColumn(sql) if sql.parse::<i64>().is_ok() => self.put(sql)?,
            _ => return None,
        }
        self.depth -= 1;
        Some(())
    }

    fn insert(&mut self, insert: &Insert) -> Option<()> {
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
        // What Python fills in is written by rules of its own.
        let given = |column: &crate::expression::TableColumn| {
            first.iter().any(|(target, _)| is_target(target, column))
        };
        let filled = |column: &crate::expression::TableColumn| match &column.default {
            None | Some(ColumnDefault::Sequence(..)) => false,
            Some(_) => !given(column),
        };
        if first.is_empty() || table.columns.iter().any(filled) {
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
            let values: Vec<Expr> = row.iter().map(|(_, value)| value.clone()).collect();
            self.list(&values, ", ")?;
            for (_, sequence) in &drawn {
                self.put(", nextval(")?;
                self.value(&Literal::Str(Arc::clone(&sequence.name)))?;
                self.put(")")?;
            }
            self.put(")")?;
        }
        Some(())
    }

    fn targets(&mut self, row: &Assignments, table: &crate::expression::TableClause) -> Option<()> {
        for (at, (target, _)) in row.iter().enumerate() {
            if at > 0 {
                self.put(", ")?;
            }
            self.target(target, table)?;
        }
        Some(())
    }

    fn target(&mut self, target: &Target, table: &crate::expression::TableClause) -> Option<()> {
        let name = match target {
            Target::Key(key) => {
                let mut columns = table.columns.iter();
                match columns.find(|column| is_target(target, column)) {
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

    fn update(&mut self, update: &Update) -> Option<()> {
        let FromClause::Table(table) = &update.table else {
            return None;
        };
        let refreshed = table.columns.iter().any(|column| {
            let mut own = update.values.iter();
            column.onupdate.is_some() && !own.any(|(target, _)| is_target(target, column))
        });
        let plain = update.prefixes.is_empty() && update.ctes.is_empty() && update.limit.is_none();
        if refreshed || !plain || update.values.is_empty() {
            return None;
        }
        self.put("UPDATE ")?;
        self.from(&update.table)?;
        self.around.push(update.table.clone());
        for (at, (target, value)) in update.values.iter().enumerate() {
            self.put(if at == 0 { " SET " } else { ", " })?;
            self.target(target, table)?;
            self.put(" = ")?;
            self.expression(value)?;
        }
        self.conditions(&update.where_)?;
        self.around.pop();
        Some(())
    }

    fn delete(&mut self, delete: &Delete) -> Option<()> {
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

fn is_target(target: &Target, column: &crate::expression::TableColumn) -> bool {
    match target {
        Target::Key(key) => *key == column.key || column.attribute.as_ref() == Some(key),
        Target::Expr(expr) => {
            matches!(&expr.kind, ExprKind::Column { name, .. } if name.name == column.name.name)
        }
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

/// An operator in the words of all databases.
fn word(operator: &Operator) -> Option<&'static str> {
    Some(match operator {
        Operator::And => " AND ",
        Operator::Or => " OR ",
        Operator::Eq => " = ",
        Operator::Ne => " <> ",
        Operator::Lt => " < ",
        Operator::Le => " <= ",
        Operator::Gt => " > ",
        Operator::Ge => " >= ",
        Operator::Is => " IS ",
        Operator::IsNot => " IS NOT ",
        Operator::In => " IN ",
        Operator::NotIn => " NOT IN ",
        Operator::Like => " LIKE ",
        Operator::NotLike => " NOT LIKE ",
        Operator::ILike => " ILIKE ",
        Operator::Add => " + ",
        Operator::Sub => " - ",
        Operator::Mul => " * ",
        _ => return None,
    })
}
