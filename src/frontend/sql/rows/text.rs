//! Statements that are written as SQL.

use std::ops::ControlFlow;

use sqlparser::ast::{
    self, Expr, FromTable, GroupByExpr, JoinOperator, ObjectName, SelectItem, SetExpr, SetOperator,
    Statement, TableFactor, TableObject, TableWithJoins, visit_expressions,
};
use sqlparser::dialect::{GenericDialect, dialect_from_str};
use sqlparser::parser::Parser;

use super::shape::{Column, DEPTH, Kind, Output, Query, Source};
use super::{Effect, aggregate, code, is_scalar};
use crate::catalog::TableName;
use crate::expression::Ident;
use crate::frontend::sql::split;

/// What the statements of a text do to rows.
pub(super) fn effects(sql: &str, dialect: &str) -> Vec<Effect> {
    split(sql)
        .into_iter()
        .filter_map(|piece| sql.get(piece.statement))
        .filter(|statement| !statement.trim().is_empty())
        .flat_map(|statement| {
            if let Some(effects) = code::effects(statement) {
                return effects;
            }
            match parse(statement, dialect) {
                Some(statements) => statements
                    .iter()
                    .map(|statement| effect(statement, &Scope::default()))
                    .collect(),
                None => vec![by_first_words(statement)],
            }
        })
        .collect()
}

/// The statements of a text, as the database's own parser reads it, or a general one.
pub(in crate::frontend::sql) fn parse(sql: &str, dialect: &str) -> Option<Vec<Statement>> {
    let own = dialect_from_str(dialect);
    let generic = GenericDialect {};
    own.as_deref()
        .into_iter()
        .chain(std::iter::once(&generic as _))
        .find_map(|dialect| {
            Parser::new(dialect)
                .with_recursion_limit(DEPTH)
                .try_with_sql(sql)
                .ok()?
                .parse_statements()
                .ok()
        })
}

/// What a statement does that the parser does not know.
fn by_first_words(statement: &str) -> Effect {
    let upper: Vec<String> = statement
        .split_ascii_whitespace()
        .take(6)
        .map(str::to_ascii_uppercase)
        .collect();
    let has = |word: &str| upper.iter().any(|found| found == word);
    if let Some(table) = changed_table(statement) {
        return Effect::Change(table);
    }
    match upper.first().map(String::as_str) {
        Some("CREATE") if has("TABLE") => Effect::Anything,
        Some("UPDATE" | "DELETE" | "TRUNCATE" | "ALTER") => Effect::Changes,
        Some(
            "CREATE" | "DROP" | "COMMENT" | "GRANT" | "REVOKE" | "SET" | "RESET" | "PRAGMA"
            | "ANALYZE" | "VACUUM" | "REINDEX" | "LOCK" | "USE" | "SHOW" | "CLUSTER" | "REFRESH"
            | "BEGIN" | "COMMIT",
        ) => Effect::Nothing,
        _ => Effect::Anything,
    }
}

/// The table of an UPDATE or DELETE that the parser stumbled over further on.
fn changed_table(statement: &str) -> Option<TableName> {
    let mut words = statement.split_ascii_whitespace();
    let first = words.next()?;
    let mut name = words.next()?;
    if first.eq_ignore_ascii_case("delete") {
        if !name.eq_ignore_ascii_case("from") {
            return None;
        }
        name = words.next()?;
    } else if !first.eq_ignore_ascii_case("update") || !words.next()?.eq_ignore_ascii_case("set") {
        return None;
    }
    let plain = |part: &str| {
        let part = part.trim_matches(['"', '`', '[', ']']);
        let word = !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        word.then(|| Ident::new(part))
    };
    match name.split_once('.') {
        Some((schema, table)) => Some(TableName {
            schema: Some(plain(schema)?),
            name: plain(table)?,
        }),
        None => Some(TableName {
            schema: None,
            name: plain(name)?,
        }),
    }
}

fn effect(statement: &Statement, scope: &Scope) -> Effect {
    match statement {
        Statement::Query(query) => {
            // `WITH … UPDATE`: what changes is what follows the names.
            if let SetExpr::Insert(inner) | SetExpr::Update(inner) | SetExpr::Delete(inner) =
                &*query.body
            {
                let pure = query
                    .with
                    .as_ref()
                    .is_none_or(|with| with.cte_tables.iter().all(|cte| !writes(&cte.query)));
                if !pure {
                    return Effect::Anything;
                }
                return effect(inner, &named(query, scope, 0));
            }
            if writes(query) {
                return Effect::Anything;
            }
            Effect::Query(self::query(query, scope, 0))
        }
        Statement::Insert(insert) => {
            let TableObject::TableName(name) = &insert.table else {
                return Effect::Anything;
            };
            let Some(table) = table_name(name) else {
                return Effect::Anything;
            };
            let source = insert.source.as_deref();
            if source.is_some_and(writes) {
                return Effect::Anything;
            }
            Effect::Insert(table, source.map(|query| self::query(query, scope, 0)))
        }
        Statement::Update(update) => match relation(&update.table) {
            Some(table) => Effect::Change(table),
            None => Effect::Changes,
        },
        Statement::Delete(delete) => {
            let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
            match from.as_slice() {
                [only] if delete.tables.is_empty() => match relation(only) {
                    Some(table) => Effect::Change(table),
                    None => Effect::Changes,
                },
                _ => Effect::Changes,
            }
        }
        Statement::CreateTable(create) => match (&create.query, table_name(&create.name)) {
            (None, _) => Effect::Nothing,
            (Some(query), Some(table)) => {
                Effect::Insert(table, Some(self::query(query, &Scope::default(), 0)))
            }
            (Some(_), None) => Effect::Anything,
        },
        Statement::RenameTable(_) | Statement::AlterTable(_) => renames(statement),
        Statement::Truncate(_) => Effect::Changes,
        Statement::Analyze(_)
        | Statement::Set(_)
        | Statement::CreateView(_)
        | Statement::CreateIndex(_)
        | Statement::CreateRole(_)
        | Statement::CreatePolicy(_)
        | Statement::AlterSchema(_)
        | Statement::AlterIndex { .. }
        | Statement::AlterView { .. }
        | Statement::AlterType(_)
        | Statement::AlterPolicy(_)
        | Statement::AlterRole { .. }
        | Statement::Drop { .. }
        | Statement::DropFunction(_)
        | Statement::DropDomain(_)
        | Statement::DropProcedure { .. }
        | Statement::DropPolicy(_)
        | Statement::DropTrigger(_)
        | Statement::CreateExtension(_)
        | Statement::DropExtension(_)
        | Statement::CreateSchema { .. }
        | Statement::CreateSequence { .. }
        | Statement::CreateDomain(_)
        | Statement::CreateType { .. }
        | Statement::Comment { .. }
        | Statement::Grant(_)
        | Statement::Revoke(_)
        | Statement::StartTransaction { .. }
        | Statement::Commit { .. }
        | Statement::Rollback { .. }
        | Statement::Savepoint { .. }
        | Statement::ReleaseSavepoint { .. }
        | Statement::Pragma { .. }
        | Statement::Lock(_)
        | Statement::Vacuum(_)
        | Statement::Reset(_)
        | Statement::Use(_)
        | Statement::ShowVariable { .. } => Effect::Nothing,
        other => by_first_words(&other.to_string()),
    }
}

/// A renamed table takes its rows along: what it is called then counts as written.
fn renames(statement: &Statement) -> Effect {
    use ast::{AlterTableOperation, RenameTableNameKind};
    match statement {
        Statement::AlterTable(alter) => {
            for operation in &alter.operations {
                if let AlterTableOperation::RenameTable { table_name } = operation {
                    let (RenameTableNameKind::As(to) | RenameTableNameKind::To(to)) = table_name;
                    let from = self::table_name(&alter.name);
                    return match (self::table_name(to), from) {
                        (Some(to), Some(from)) => Effect::Insert(
                            to,
                            Some(Query {
                                source: Source::Table(from),
                                output: Output::PerRow,
                            }),
                        ),
                        _ => Effect::Anything,
                    };
                }
            }
            Effect::Nothing
        }
        _ => Effect::Anything,
    }
}

/// Whether a statement inside of it changes rows.
fn writes(query: &ast::Query) -> bool {
    fn body(expression: &SetExpr, depth: usize) -> bool {
        match expression {
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                true
            }
            SetExpr::Query(query) => inner(query, depth + 1),
            SetExpr::SetOperation { left, right, .. } => {
                body(left, depth + 1) || body(right, depth + 1)
            }
            SetExpr::Select(select) => select.into.is_some(),
            SetExpr::Values(_) | SetExpr::Table(_) => false,
        }
    }
    fn inner(query: &ast::Query, depth: usize) -> bool {
        depth > DEPTH
            || body(&query.body, depth)
            || query.with.as_ref().is_some_and(|with| {
                with.cte_tables
                    .iter()
                    .any(|cte| inner(&cte.query, depth + 1))
            })
    }
    inner(query, 0)
}

/// The names of `WITH`.
#[derive(Clone, Default)]
struct Scope {
    named: Vec<(String, Query)>,
}

impl Scope {
    fn get(&self, name: &TableName) -> Option<Query> {
        if name.schema.is_some() {
            return None;
        }
        let wanted = name.name.name.to_lowercase();
        self.named
            .iter()
            .rev()
            .find(|(known, _)| *known == wanted)
            .map(|(_, query)| query.clone())
    }
}

fn query(query: &ast::Query, outer: &Scope, depth: usize) -> Query {
    if depth > DEPTH || !query.pipe_operators.is_empty() {
        return Query::unknown();
    }
    set_expression(&query.body, &named(query, outer, depth), depth)
}

/// The names that the body of a query sees.
fn named(query: &ast::Query, outer: &Scope, depth: usize) -> Scope {
    let mut scope = outer.clone();
    if let Some(with) = &query.with {
        for cte in &with.cte_tables {
            let name = cte.alias.name.value.to_lowercase();
            let inner = if with.recursive {
                Query::unknown()
            } else {
                self::query(&cte.query, &scope, depth + 1)
            };
            scope.named.push((name, inner));
        }
    }
    scope
}

fn set_expression(body: &SetExpr, scope: &Scope, depth: usize) -> Query {
    if depth > DEPTH {
        return Query::unknown();
    }
    match body {
        SetExpr::Select(select) => self::select(select, scope, depth),
        SetExpr::Query(query) => self::query(query, scope, depth + 1),
        SetExpr::SetOperation {
            left, op, right, ..
        } => {
            let left = Source::Query(Box::new(set_expression(left, scope, depth + 1)));
            let right = Source::Query(Box::new(set_expression(right, scope, depth + 1)));
            let source = match op {
                SetOperator::Union => Source::Any(vec![left, right]),
                SetOperator::Intersect => Source::All(vec![left, right]),
                SetOperator::Except | SetOperator::Minus => left,
            };
            Query {
                source,
                output: Output::PerRow,
            }
        }
        SetExpr::Values(_)
        | SetExpr::Table(_)
        | SetExpr::Insert(_)
        | SetExpr::Update(_)
        | SetExpr::Delete(_)
        | SetExpr::Merge(_) => Query::unknown(),
    }
}

fn select(select: &ast::Select, scope: &Scope, depth: usize) -> Query {
    let sources = select
        .from
        .iter()
        .map(|from| table_with_joins(from, scope, depth))
        .collect();
    let grouped = match &select.group_by {
        GroupByExpr::All(_) => true,
        GroupByExpr::Expressions(by, _) => !by.is_empty(),
    };
    // HAVING chooses among the groups; without GROUP BY there is one group whatever the rows are.
    let plain = (select.having.is_none() || grouped) && select.into.is_none();
    let columns: Vec<Kind> = select
        .projection
        .iter()
        .map(|item| match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                kind(expr, scope, depth)
            }
            SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => Kind::Scalar,
            SelectItem::ExprWithAliases { .. } => Kind::Unknown,
        })
        .collect();
    let output = if !plain {
        Output::Unknown
    } else if grouped {
        Output::PerRow
    } else {
        Output::of(columns, !select.from.is_empty())
    };
    Query {
        source: Source::All(sources),
        output,
    }
}

/// What a selected expression is.
fn kind(expr: &Expr, scope: &Scope, depth: usize) -> Kind {
    match expr {
        Expr::Nested(inner) => return kind(inner, scope, depth),
        Expr::Subquery(_) => return Kind::Scalar,
        Expr::Exists { subquery, negated } => {
            return Kind::Column(Column::Exists {
                query: Box::new(query(subquery, scope, depth + 1)),
                negated: *negated,
            });
        }
        Expr::Function(function) if function.over.is_none() && function.filter.is_none() => {
            if let Some(cell) = simple(&function.name).and_then(|name| aggregate(&name)) {
                return Kind::Column(Column::Aggregate(cell));
            }
        }
        _ => {}
    }
    let doubtful = visit_expressions(expr, |inner: &Expr| match inner {
        Expr::Function(function)
            if function.over.is_none()
                && !simple(&function.name).is_some_and(|name| is_scalar(&name)) =>
        {
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    if doubtful.is_break() {
        Kind::Unknown
    } else {
        Kind::Scalar
    }
}

fn table_with_joins(from: &TableWithJoins, scope: &Scope, depth: usize) -> Source {
    if depth > DEPTH {
        return Source::Unknown;
    }
    let mut source = factor(&from.relation, scope, depth);
    for join in &from.joins {
        let right = factor(&join.relation, scope, depth);
        source = match &join.join_operator {
            JoinOperator::Join(_)
            | JoinOperator::Inner(_)
            | JoinOperator::CrossJoin(_)
            | JoinOperator::Semi(_)
            | JoinOperator::LeftSemi(_)
            | JoinOperator::StraightJoin(_)
            | JoinOperator::CrossApply => Source::All(vec![source, right]),
            JoinOperator::Left(_)
            | JoinOperator::LeftOuter(_)
            | JoinOperator::LeftAnti(_)
            | JoinOperator::OuterApply => source,
            JoinOperator::Right(_) | JoinOperator::RightOuter(_) => right,
            JoinOperator::FullOuter(_) => Source::Any(vec![source, right]),
            _ => Source::Unknown,
        };
    }
    source
}

fn factor(factor: &TableFactor, scope: &Scope, depth: usize) -> Source {
    match factor {
        TableFactor::Table {
            name, args: None, ..
        } => match table_name(name) {
            Some(name) => match scope.get(&name) {
                Some(query) => Source::Query(Box::new(query)),
                None => Source::Table(name),
            },
            None => Source::Unknown,
        },
        TableFactor::Derived { subquery, .. } => {
            Source::Query(Box::new(query(subquery, scope, depth + 1)))
        }
        TableFactor::NestedJoin {
            table_with_joins, ..
        } => self::table_with_joins(table_with_joins, scope, depth + 1),
        _ => Source::Unknown,
    }
}

pub(super) fn relation(table: &TableWithJoins) -> Option<TableName> {
    match &table.relation {
        TableFactor::Table { name, .. } if table.joins.is_empty() => table_name(name),
        _ => None,
    }
}

pub(in crate::frontend::sql) fn table_name(name: &ObjectName) -> Option<TableName> {
    let mut parts = name.0.iter().rev();
    let mut next = || {
        parts
            .next()
            .map(|part| part.as_ident().map(|ident| Ident::new(&*ident.value)))
    };
    let table = next()??;
    let schema = match next() {
        Some(schema) => Some(schema?),
        None => None,
    };
    Some(TableName {
        schema,
        name: table,
    })
}

fn simple(name: &ObjectName) -> Option<String> {
    match name.0.as_slice() {
        [part] => part.as_ident().map(|ident| ident.value.clone()),
        _ => None,
    }
}
