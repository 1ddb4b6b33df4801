//! INSERT, UPDATE and DELETE.

use std::rc::Rc;
use std::sync::Arc;

use super::elements::nested;
use super::{Compiler, Flags, Frame};
use crate::datatype::{DataType, Family};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::{
    Alias, AliasSource, Assignments, BindParameter, ColumnDefault, Delete, Expr, ExprKind,
    Expression, FromClause, Insert, LabelStyle, TableColumn, Target, Update, Upsert, UpsertAction,
    named_columns, select_list, self_group,
};

fn no_such_column(names: &[String]) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::OperationInvalid,
            format!("Unconsumed column names: {}", names.join(", ")),
        )
        .with_note("the table of the statement has no column of that name")
        .with_help("add the column to the table's definition in the revision"),
    )
}

/// The columns of the table that a statement writes to.
fn columns_of(table: &FromClause) -> Vec<TableColumn> {
    match table {
        FromClause::Table(table) => table.columns.clone(),
        FromClause::Alias(alias) => alias.columns.clone(),
        FromClause::Cte(cte) => cte.columns.clone(),
        FromClause::Join(join) => {
            let mut all = columns_of(&join.left);
            all.extend(columns_of(&join.right));
            all
        }
        FromClause::Values(_) | FromClause::Element(_) => Vec::new(),
    }
}

/// The key of the column that an assignment is to, when it is one of the table's.
fn key_of(target: &Target, table: &FromClause) -> Option<Arc<str>> {
    match target {
        Target::Key(key) => Some(key.clone()),
        Target::Expr(expr) => match &expr.kind {
            ExprKind::Column {
                table: Some(own),
                name,
            } if own.same(table) => Some(
                columns_of(table)
                    .iter()
                    .find(|column| column.name == *name)
                    .map_or_else(|| name.name.clone(), |column| column.key.clone()),
            ),
            ExprKind::Column { table: None, name } => Some(name.name.clone()),
            ExprKind::Column { table: Some(_), .. } => None,
            _ => None,
        },
    }
}

/// A value without a type of its own takes the column's.
fn typed_value(value: &Expr, data_type: &DataType) -> Expr {
    match &value.kind {
        ExprKind::Bind(bind) if bind.data_type.spec.family == Family::Null => {
            let mut bind = bind.clone();
            bind.data_type = data_type.clone();
            Expression::new(ExprKind::Bind(bind), data_type.clone())
        }
        _ => Rc::clone(value),
    }
}

impl Compiler<'_> {
    fn enter(&mut self, tables: &[FromClause]) {
        let ids: Vec<usize> = tables
            .iter()
            .flat_map(FromClause::from_objects)
            .map(|from| from.id())
            .collect();
        self.stack.push(Frame {
            correlate: ids.clone(),
            as_from: ids,
            columns: Vec::new(),
            froms: Vec::new(),
            is_compound: false,
        });
    }

    /// A value in VALUES or SET.
    fn assigned(&mut self, value: &Expr, data_type: &DataType, flags: Flags) -> Result<String> {
        let value = typed_value(value, data_type);
        let value = match &value.kind {
            ExprKind::Bind(_) => value,
            _ => self_group(&value, None),
        };
        self.expr(&value, flags)
    }

    fn default_value(
        &mut self,
        column: &TableColumn,
        default: &ColumnDefault,
        flags: Flags,
    ) -> Result<Option<String>> {
        self.value_filled_in(column, default, "the default", flags)
    }

    /// What a column gets that the statement does not name; `what` is this value's name.
    fn value_filled_in(
        &mut self,
        column: &TableColumn,
        default: &ColumnDefault,
        what: &str,
        flags: Flags,
    ) -> Result<Option<String>> {
        Ok(Some(match default {
            ColumnDefault::Sql(expr) => {
                let expr = self_group(expr, None);
                self.expr(&expr, flags)?
            }
            ColumnDefault::Sequence(schema, name) => {
                // Where there are none, the column counts by itself.
                if self.facts.next_value.is_empty() || !self.dialect.supports_sequences() {
                    return Ok(None);
                }
                let sequence =
                    Expression::untyped(ExprKind::NextValue(schema.clone(), name.clone()));
                self.expr(&sequence, flags)?
            }
            ColumnDefault::Value(value) if !self.context.compat => {
                self.value(value, &column.data_type)?
            }
            ColumnDefault::Value(_) | ColumnDefault::Python if self.context.compat => {
                "NULL".to_owned()
            }
            ColumnDefault::Value(_) | ColumnDefault::Python => {
                return Err(Box::new(
                    Diagnostic::error(
                        Code::UnknownValue,
                        format!(
                            "{what} of column {:?} is computed by Python when the statement runs",
                            &*column.name.name
                        ),
                    )
                    .with_note("Alembic writes NULL here")
                    .with_help("give the value in .values(…)"),
                ));
            }
        }))
    }

    pub(super) fn insert(&mut self, insert: &Insert, flags: Flags) -> Result<String> {
        let toplevel = self.stack.is_empty();
        let flags = nested(flags);
        self.enter(&[]);
        let text = self.insert_text(insert, flags, toplevel);
        self.stack.pop();
        let text = text?;
        Ok(if toplevel && !self.facts.cte_follows_insert {
            self.with_ctes(text)
        } else {
            text
        })
    }

    fn insert_text(&mut self, insert: &Insert, flags: Flags, toplevel: bool) -> Result<String> {
        for cte in &insert.ctes {
            self.from(cte, flags)?;
        }
        let mut text = "INSERT ".to_owned();
        text.push_str(&self.phrases(&insert.prefixes, flags)?);
        text.push_str("INTO ");
        let table_text = self.from(&insert.table, flags)?;
        text.push_str(&table_text);

        let columns = columns_of(&insert.table);
        let mut generated: Vec<Expr> = Vec::new();
        let body = if let Some((names, select)) = &insert.from_select {
            self.insert_from_select(insert, &columns, names, select, flags)?
        } else if insert.multi {
            self.insert_rows(insert, &columns, flags)?
        } else {
            self.insert_row(insert, &columns, flags, toplevel, &mut generated)?
        };
        let (names, values) = body;
        if names.is_empty() && insert.from_select.is_none() {
            if self.facts.empty_insert == "default_values" {
                text.push_str(&self.output(insert, &generated, flags)?);
                text.push_str(" DEFAULT VALUES");
            } else if self.facts.empty_insert == "none" && !self.context.compat {
                // Any column does; there is no other form.
                let Some(column) = columns.first() else {
                    let missing = self.unsupported("INSERT without columns");
                    return Err(Box::new(missing.with_help("give a column its value")));
                };
                let name = self.dialect.quote(&column.name);
                text.push_str(&format!(" ({name}) VALUES (DEFAULT)"));
            } else {
                text.push_str(" () VALUES ()");
            }
        } else {
            text.push_str(&format!(" ({})", names.join(", ")));
            text.push_str(&self.output(insert, &generated, flags)?);
            if insert.from_select.is_some() {
                if self.facts.cte_follows_insert {
                    let clause = self.with_clause();
                    text.push_str(&format!(" {clause}{values}"));
                } else {
                    text.push_str(&format!(" {values}"));
                }
            } else {
                text.push_str(&format!(" VALUES {values}"));
            }
        }
        for upsert in &insert.upsert {
            let upsert = self.upsert(insert, upsert, &columns, flags)?;
            if !upsert.is_empty() {
                text.push(' ');
                text.push_str(&upsert);
            }
        }
        let returning = if insert.returning.is_empty() {
            &generated
        } else {
            &insert.returning
        };
        text.push_str(&self.returning(returning, flags)?);
        Ok(text)
    }

    /// Names and values of a single row.
    fn insert_row(
        &mut self,
        insert: &Insert,
        columns: &[TableColumn],
        flags: Flags,
        toplevel: bool,
        generated: &mut Vec<Expr>,
    ) -> Result<(Vec<String>, String)> {
        let empty = Vec::new();
        let row = insert.rows.first().unwrap_or(&empty);
        let mut given: Vec<(Arc<str>, &Expr)> = Vec::with_capacity(row.len());
        let mut unknown = Vec::new();
        for (target, value) in row {
            match key_of(target, &insert.table) {
                Some(key) if columns.iter().any(|column| column.key == key) => {
                    given.retain(|(known, _)| *known != key);
                    given.push((key, value));
                }
                Some(key) => unknown.push(key.to_string()),
                None => unknown.push("?".to_owned()),
            }
        }
        if !unknown.is_empty() {
            return Err(no_such_column(&unknown));
        }
        let all = insert.rows.is_empty();
        let fetches = toplevel
            && !insert.inline
            && insert.returning.is_empty()
            && self.facts.implicit_returning
            && matches!(&insert.table, FromClause::Table(table) if table.is_schema_table)
            && self.context.compat;
        let mut names = Vec::new();
        let mut values = Vec::new();
        for column in columns {
            let value = given.iter().find(|(key, _)| *key == column.key);
            let text = match (value, &column.default) {
                (Some((_, value)), _) => {
                    if fetches
                        && column.primary_key
                        && !matches!(value.kind, ExprKind::Bind(_) | ExprKind::Null)
                    {
                        generated.push(insert.table.column(column));
                    }
                    Some(self.assigned(value, &column.data_type, flags)?)
                }
                (None, _) if all => {
                    if !self.context.compat {
                        return Err(Box::new(
                            Diagnostic::error(Code::OperationInvalid, "the INSERT has no values")
                                .with_help("give them with .values(…)"),
                        ));
                    }
                    Some(self.placeholder(&column.key, &column.data_type))
                }
                (None, Some(default)) => {
                    let text = self.default_value(column, default, flags)?;
                    if fetches
                        && column.primary_key
                        && matches!(default, ColumnDefault::Sql(_) | ColumnDefault::Sequence(..))
                    {
                        generated.push(insert.table.column(column));
                    }
                    text
                }
                (None, None) => {
                    if fetches
                        && column.primary_key
                        && (column.autoincrement || column.server_default)
                    {
                        generated.push(insert.table.column(column));
                    }
                    None
                }
            };
            if let Some(text) = text {
                names.push(self.quote(&column.name));
                values.push(text);
            }
        }
        Ok((names, format!("({})", values.join(", "))))
    }

    fn insert_rows(
        &mut self,
        insert: &Insert,
        columns: &[TableColumn],
        flags: Flags,
    ) -> Result<(Vec<String>, String)> {
        if !self.facts.multi_values {
            return Err(self.unsupported("INSERT of several rows in one statement"));
        }
        let Some(first) = insert.rows.first() else {
            return Ok((Vec::new(), String::new()));
        };
        let keys: Vec<Arc<str>> = first
            .iter()
            .filter_map(|(target, _)| key_of(target, &insert.table))
            .collect();
        let unknown: Vec<String> = keys
            .iter()
            .filter(|key| !columns.iter().any(|column| column.key == **key))
            .map(ToString::to_string)
            .collect();
        if !unknown.is_empty() {
            return Err(no_such_column(&unknown));
        }
        let used: Vec<&TableColumn> = columns
            .iter()
            .filter(|column| keys.contains(&column.key) || column.default.is_some())
            .collect();
        let mut rows = Vec::with_capacity(insert.rows.len());
        for row in &insert.rows {
            let mut values = Vec::with_capacity(used.len());
            for column in &used {
                let value = row.iter().find(|(target, _)| {
                    key_of(target, &insert.table).as_ref() == Some(&column.key)
                });
                let text = match (value, &column.default) {
                    (Some((_, value)), _) => self.assigned(value, &column.data_type, flags)?,
                    (None, Some(default)) => self
                        .default_value(column, default, flags)?
                        .unwrap_or_else(|| "NULL".to_owned()),
                    (None, None) => {
                        return Err(Box::new(Diagnostic::error(
                            Code::OperationInvalid,
                            format!(
                                "a row of the INSERT has no value for column {:?}, which the first row has",
                                &*column.name.name
                            ),
                        )));
                    }
                };
                values.push(text);
            }
            rows.push(format!("({})", values.join(", ")));
        }
        let names = used.iter().map(|column| self.quote(&column.name)).collect();
        Ok((names, rows.join(", ")))
    }

    fn insert_from_select(
        &mut self,
        insert: &Insert,
        columns: &[TableColumn],
        names: &[Target],
        select: &Expr,
        flags: Flags,
    ) -> Result<(Vec<String>, String)> {
        let mut texts = Vec::with_capacity(names.len());
        let mut given = Vec::new();
        let mut unknown = Vec::new();
        for name in names {
            let key = key_of(name, &insert.table);
            match key.as_ref().and_then(|key| {
                columns
                    .iter()
                    .find(|column| column.key == *key || *column.name.name == **key)
            }) {
                Some(column) => {
                    texts.push(self.quote(&column.name));
                    given.push(column.key.clone());
                }
                None => unknown.push(key.unwrap_or_else(|| Arc::from("?")).to_string()),
            }
        }
        if !unknown.is_empty() {
            return Err(no_such_column(&unknown));
        }
        // Defaults of columns that the SELECT does not give are added to it.
        let mut extra: Vec<Expr> = Vec::new();
        if insert.include_defaults {
            for column in columns {
                if given.contains(&column.key) {
                    continue;
                }
                let value = match &column.default {
                    Some(ColumnDefault::Sql(expr)) => Rc::clone(expr),
                    Some(ColumnDefault::Sequence(..)) if !self.dialect.supports_sequences() => {
                        continue;
                    }
                    Some(ColumnDefault::Sequence(schema, name)) => {
                        Expression::untyped(ExprKind::NextValue(schema.clone(), name.clone()))
                    }
                    Some(ColumnDefault::Value(value)) if !self.context.compat => {
                        crate::expression::typed_bind(value.clone(), column.data_type.clone())
                    }
                    Some(_) if self.context.compat => Expression::untyped(ExprKind::Null),
                    Some(default) => {
                        self.default_value(column, default, flags)?;
                        continue;
                    }
                    None => continue,
                };
                texts.push(self.quote(&column.name));
                extra.push(value);
            }
        }
        let select = match &select.kind {
            ExprKind::Select(inner) if !extra.is_empty() => {
                let mut inner = inner.clone();
                inner.columns.extend(extra);
                Expression::untyped(ExprKind::Select(inner))
            }
            _ => Rc::clone(select),
        };
        let text = match &select.kind {
            ExprKind::Select(inner) => self.select_part(inner, flags, false, false, true)?,
            _ => self.expr(&select, flags)?,
        };
        Ok((texts, text))
    }

    fn returning(&mut self, columns: &[Expr], flags: Flags) -> Result<String> {
        if columns.is_empty() {
            return Ok(String::new());
        }
        let style = self.facts.returning.clone();
        let into = match style.as_str() {
            "output" => return Ok(String::new()),
            "none" if !self.context.compat => return Err(self.unsupported("RETURNING")),
            "into" => true,
            _ => false,
        };
        let columns = select_list(columns);
        let flags = Flags {
            table: style != "plain",
            ..flags
        };
        let count = columns.len();
        let mut parts = Vec::with_capacity(count);
        for named in named_columns(&columns, LabelStyle::Disambiguate, true) {
            parts.push(if self.facts.returning_unlabelled {
                self.expr(&named.expr, flags)?
            } else {
                self.select_column(&named, flags, false)?
            });
        }
        let mut text = format!(" RETURNING {}", parts.join(", "));
        if into {
            let targets: Vec<String> = (0..count).map(|index| format!(":ret_{index}")).collect();
            text.push_str(&format!(" INTO {}", targets.join(", ")));
        }
        Ok(text)
    }

    fn output(&mut self, insert: &Insert, generated: &[Expr], flags: Flags) -> Result<String> {
        let columns = if insert.returning.is_empty() {
            generated
        } else {
            &insert.returning
        };
        self.output_of(&insert.table, columns, "inserted", flags)
    }

    /// SQL Server's `OUTPUT inserted.x`.
    fn output_of(
        &mut self,
        table: &FromClause,
        columns: &[Expr],
        row: &str,
        flags: Flags,
    ) -> Result<String> {
        if columns.is_empty() || self.facts.returning != "output" {
            return Ok(String::new());
        }
        let target = FromClause::Table(Rc::new(crate::expression::TableClause::new(
            row,
            None,
            columns_of(table),
        )));
        let columns: Vec<Expr> = select_list(columns)
            .iter()
            .map(|column| retarget(column, table, &target))
            .collect();
        let mut parts = Vec::with_capacity(columns.len());
        for named in named_columns(&columns, LabelStyle::Disambiguate, true) {
            parts.push(self.select_column(&named, flags, false)?);
        }
        Ok(format!(" OUTPUT {}", parts.join(", ")))
    }

    fn upsert(
        &mut self,
        insert: &Insert,
        upsert: &Upsert,
        columns: &[TableColumn],
        flags: Flags,
    ) -> Result<String> {
        let style = self.facts.upsert.as_str();
        let duplicate = matches!(upsert.action, UpsertAction::DuplicateKey(..));
        if style.is_empty() || duplicate != (style == "duplicate") {
            return Err(self.unsupported("such an upsert"));
        }
        let plain = Flags {
            table: false,
            ..flags
        };
        let mut target = String::new();
        if let (Some(constraint), true) = (&upsert.constraint, style == "conflict") {
            target = format!("ON CONSTRAINT {}", self.quote(constraint));
        } else if let Some(elements) = &upsert.elements {
            let mut parts = Vec::with_capacity(elements.len());
            for element in elements {
                parts.push(match element {
                    Target::Key(name) => self.quote(&crate::expression::Ident::from(name.clone())),
                    Target::Expr(expr) => self.expr(expr, plain)?,
                });
            }
            target = format!("({})", parts.join(", "));
            if let Some(condition) = &upsert.index_where {
                target.push_str(&format!(" WHERE {}", self.expr(condition, plain)?));
            }
        }
        match &upsert.action {
            UpsertAction::Nothing => Ok(if target.is_empty() {
                "ON CONFLICT DO NOTHING".to_owned()
            } else {
                format!("ON CONFLICT {target} DO NOTHING")
            }),
            UpsertAction::Update(assignments, condition) => {
                let parts =
                    self.upsert_assignments(&insert.table, assignments, columns, flags, false)?;
                let mut text = format!("ON CONFLICT {target} DO UPDATE SET {parts}");
                if let Some(condition) = condition {
                    text.push_str(&format!(" WHERE {}", self.expr(condition, flags)?));
                }
                Ok(text)
            }
            UpsertAction::DuplicateKey(assignments, ordered) => {
                // SQLAlchemy forgets here that it writes literals.
                let flags = Flags {
                    literal: flags.literal && !self.context.compat,
                    ..flags
                };
                let parts =
                    self.upsert_assignments(&insert.table, assignments, columns, flags, *ordered)?;
                Ok(format!("ON DUPLICATE KEY UPDATE {parts}"))
            }
        }
    }

    fn upsert_assignments(
        &mut self,
        table: &FromClause,
        assignments: &Assignments,
        columns: &[TableColumn],
        flags: Flags,
        ordered: bool,
    ) -> Result<String> {
        let mut pending: Vec<(Option<Arc<str>>, &Target, &Expr)> = assignments
            .iter()
            .map(|(target, value)| (key_of(target, table), target, value))
            .collect();
        let mut parts = Vec::with_capacity(pending.len());
        let mut in_order: Vec<&TableColumn> = Vec::new();
        if ordered {
            for (key, ..) in &pending {
                in_order.extend(
                    columns
                        .iter()
                        .find(|column| Some(&column.key) == key.as_ref()),
                );
            }
        } else {
            in_order.extend(columns);
        }
        for column in in_order {
            let Some(index) = pending
                .iter()
                .position(|(key, ..)| key.as_ref() == Some(&column.key))
            else {
                continue;
            };
            let (_, _, value) = pending.remove(index);
            let value = typed_value(value, &column.data_type);
            let value = match &value.kind {
                // A value that is not written as a literal has no name of its own.
                ExprKind::Bind(bind) if !flags.literal => {
                    let bind = BindParameter {
                        key: None,
                        ..bind.clone()
                    };
                    Expression::new(ExprKind::Bind(bind), value.data_type.clone())
                }
                _ => value,
            };
            let value = if matches!(value.kind, ExprKind::Bind(_)) {
                value
            } else {
                self_group(&value, None)
            };
            let value = self.expr(&value, flags)?;
            let name = self.quote(&column.name);
            parts.push(format!("{name} = {value}"));
        }
        for (_, target, value) in pending {
            let name = match target {
                Target::Key(name) => self.quote(&crate::expression::Ident::from(name.clone())),
                Target::Expr(expr) => self.expr(
                    expr,
                    Flags {
                        table: false,
                        ..flags
                    },
                )?,
            };
            let value = self.expr(value, flags)?;
            parts.push(format!("{name} = {value}"));
        }
        Ok(parts.join(", "))
    }

    /// The tables besides its own that a statement draws upon.
    fn extra_froms<'e>(
        &self,
        table: &FromClause,
        parts: impl Iterator<Item = &'e Expr>,
    ) -> Vec<FromClause> {
        let mut seen: Vec<usize> = table.from_objects().iter().map(FromClause::id).collect();
        let mut extra = Vec::new();
        for part in parts {
            for from in part.from_objects() {
                if !seen.contains(&from.id()) {
                    seen.push(from.id());
                    extra.push(from);
                }
            }
        }
        extra
    }

    pub(super) fn update(&mut self, update: &Update, flags: Flags) -> Result<String> {
        let toplevel = self.stack.is_empty();
        let flags = nested(flags);
        let extra = self.extra_froms(
            &update.table,
            update
                .where_
                .iter()
                .chain(update.values.iter().map(|(_, value)| value)),
        );
        let mut tables = vec![update.table.clone()];
        tables.extend(extra.iter().cloned());
        self.enter(&tables);
        let text = self.update_text(update, &extra, flags);
        self.stack.pop();
        let text = text?;
        Ok(if toplevel { self.with_ctes(text) } else { text })
    }

    fn update_text(
        &mut self,
        update: &Update,
        extra: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        for cte in &update.ctes {
            self.from(cte, flags)?;
        }
        let style = self.facts.update_from.clone();
        let mut text = "UPDATE ".to_owned();
        text.push_str(&self.phrases(&update.prefixes, flags)?);
        text.push_str(&self.from(&update.table, flags)?);
        if style == "tables" {
            for from in extra {
                text.push_str(&format!(", {}", self.from(from, flags)?));
            }
        }
        let set = self.set_clause(update, extra, flags)?;
        text.push_str(&format!(" SET {set}"));
        text.push_str(&self.output_of(&update.table, &update.returning, "inserted", flags)?);
        if !extra.is_empty() {
            let mut froms = Vec::with_capacity(extra.len() + 1);
            match style.as_str() {
                "from" => {}
                "from_target" => froms.push(self.from(&update.table, flags)?),
                "tables" => {}
                _ => return Err(self.unsupported("UPDATE with several tables")),
            }
            if style != "tables" {
                for from in extra {
                    froms.push(self.from(from, flags)?);
                }
                text.push_str(&format!(" FROM {}", froms.join(", ")));
            }
        }
        if !update.where_.is_empty() {
            let conditions = self.conditions(&update.where_, flags)?;
            if !conditions.is_empty() {
                text.push_str(&format!(" WHERE {conditions}"));
            }
        }
        if let Some(limit) = &update.limit {
            text.push_str(&format!(" LIMIT {}", self.expr(limit, flags)?));
        }
        text.push_str(&self.returning(&update.returning, flags)?);
        Ok(text)
    }

    fn set_clause(
        &mut self,
        update: &Update,
        extra: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        let columns = columns_of(&update.table);
        if update.values.is_empty() {
            if !self.context.compat {
                return Err(Box::new(
                    Diagnostic::error(Code::OperationInvalid, "the UPDATE has no values")
                        .with_help("give them with .values(…)"),
                ));
            }
            let mut parts = Vec::with_capacity(columns.len());
            for column in &columns {
                let value = self.placeholder(&column.key, &column.data_type);
                parts.push(format!("{}={value}", self.quote(&column.name)));
            }
            return Ok(parts.join(", "));
        }
        let qualified = self.facts.set_qualified && !extra.is_empty();
        let target_flags = Flags {
            table: qualified,
            ..flags
        };
        let mut given: Vec<(Arc<str>, &Expr)> = Vec::new();
        let mut parts = Vec::new();
        let mut unknown = Vec::new();
        for (target, value) in &update.values {
            match key_of(target, &update.table) {
                Some(key) if columns.iter().any(|column| column.key == key) => {
                    given.retain(|(known, _)| *known != key);
                    given.push((key, value));
                }
                Some(key) => unknown.push(key.to_string()),
                None => {
                    let Target::Expr(expr) = target else { continue };
                    let target = self.expr(expr, target_flags)?;
                    let value = self.assigned(value, &expr.data_type, flags)?;
                    parts.push(format!("{target}={value}"));
                }
            }
        }
        if !unknown.is_empty() {
            return Err(no_such_column(&unknown));
        }
        let mut in_order: Vec<&TableColumn> = Vec::with_capacity(columns.len());
        if update.ordered {
            in_order.extend(
                given
                    .iter()
                    .filter_map(|(key, _)| columns.iter().find(|column| column.key == *key)),
            );
            in_order.extend(
                columns
                    .iter()
                    .filter(|column| !given.iter().any(|(key, _)| *key == column.key)),
            );
        } else {
            in_order.extend(&columns);
        }
        for column in in_order {
            let value = match given.iter().find(|(key, _)| *key == column.key) {
                Some((_, value)) => Some(self.assigned(value, &column.data_type, flags)?),
                None => match &column.onupdate {
                    Some(
                        default @ (ColumnDefault::Sql(_)
                        | ColumnDefault::Value(_)
                        | ColumnDefault::Python),
                    ) => self.value_filled_in(column, default, "the value on an UPDATE", flags)?,
                    Some(ColumnDefault::Sequence(..)) | None => None,
                },
            };
            if let Some(value) = value {
                let mut name = self.quote(&column.name);
                if qualified && let Some(table) = update.table.name().cloned() {
                    name = format!("{}.{name}", self.quote(&table));
                }
                parts.push(format!("{name}={value}"));
            }
        }
        Ok(parts.join(", "))
    }

    pub(super) fn delete(&mut self, delete: &Delete, flags: Flags) -> Result<String> {
        let toplevel = self.stack.is_empty();
        let flags = nested(flags);
        let extra = self.extra_froms(&delete.table, delete.where_.iter());
        let mut tables = vec![delete.table.clone()];
        tables.extend(extra.iter().cloned());
        self.enter(&tables);
        let text = self.delete_text(delete, &extra, flags);
        self.stack.pop();
        let text = text?;
        Ok(if toplevel { self.with_ctes(text) } else { text })
    }

    fn delete_text(
        &mut self,
        delete: &Delete,
        extra: &[FromClause],
        flags: Flags,
    ) -> Result<String> {
        for cte in &delete.ctes {
            self.from(cte, flags)?;
        }
        let style = self.facts.delete_from.clone();
        let mut text = "DELETE ".to_owned();
        text.push_str(&self.phrases(&delete.prefixes, flags)?);
        text.push_str("FROM ");
        let table = self.from(&delete.table, flags)?;
        match (&delete.table, extra.is_empty(), style.as_str()) {
            // With several tables these two want the name that rows are deleted from first.
            (FromClause::Alias(alias), false, "from_using" | "from_target") => {
                text.push_str(&self.alias_name(alias));
            }
            _ => text.push_str(&table),
        }
        text.push_str(&self.output_of(&delete.table, &delete.returning, "deleted", flags)?);
        if !extra.is_empty() {
            let mut froms = Vec::with_capacity(extra.len() + 1);
            let word = match style.as_str() {
                "using" => "USING",
                "from_using" => {
                    froms.push(table);
                    "USING"
                }
                "from_target" => {
                    froms.push(table);
                    "FROM"
                }
                _ => return Err(self.unsupported("DELETE with several tables")),
            };
            for from in extra {
                froms.push(self.from(from, flags)?);
            }
            text.push_str(&format!(" {word} {}", froms.join(", ")));
        }
        if !delete.where_.is_empty() {
            let conditions = self.conditions(&delete.where_, flags)?;
            if !conditions.is_empty() {
                text.push_str(&format!(" WHERE {conditions}"));
            }
        }
        if let Some(limit) = &delete.limit {
            text.push_str(&format!(" LIMIT {}", self.expr(limit, flags)?));
        }
        text.push_str(&self.returning(&delete.returning, flags)?);
        Ok(text)
    }

    fn alias_name(&mut self, alias: &Rc<Alias>) -> String {
        match &alias.source {
            AliasSource::From(_) | AliasSource::Statement(_) => self.quote(&alias.name),
        }
    }
}

/// The column of another table in place of this one's.
fn retarget(column: &Expr, table: &FromClause, target: &FromClause) -> Expr {
    match &column.kind {
        ExprKind::Column {
            table: Some(own),
            name,
        } if own.same(table) => {
            crate::expression::column(Some(target.clone()), name.clone(), column.data_type.clone())
        }
        ExprKind::Label { name, operand } => Expression::new(
            ExprKind::Label {
                name: name.clone(),
                operand: retarget(operand, table, target),
            },
            column.data_type.clone(),
        ),
        _ => Rc::clone(column),
    }
}
