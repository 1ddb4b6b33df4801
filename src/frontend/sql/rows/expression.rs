//! Statements that are built of expressions.

use super::shape::{Column, DEPTH, Kind, Output, Query, Source};
use super::{Cell, Effect, aggregate, is_scalar, text};
use crate::catalog::TableName;
use crate::expression::{AliasSource, Expr, ExprKind, FromClause, Operator, Select};

/// What a statement does to rows.
pub(super) fn effect(expr: &Expr, dialect: &str) -> Effect {
    match &expr.kind {
        ExprKind::Insert(insert) => {
            let query = insert
                .from_select
                .as_ref()
                .map(|(_, select)| query(select, dialect, 0));
            match table(&insert.table) {
                Some(table) => Effect::Insert(table, query),
                None => Effect::Anything,
            }
        }
        ExprKind::Update(update) => change(&update.table),
        ExprKind::Delete(delete) => change(&delete.table),
        ExprKind::Select(_) | ExprKind::Compound(_) => Effect::Query(query(expr, dialect, 0)),
        ExprKind::TextualSelect { text, .. } => match &text.kind {
            ExprKind::Text(clause) => {
                let mut effects = text::effects(&clause.sql, dialect);
                match effects.pop() {
                    Some(only) if effects.is_empty() => only,
                    _ => Effect::Anything,
                }
            }
            _ => Effect::Anything,
        },
        _ => Effect::Query(Query::unknown()),
    }
}

fn change(target: &FromClause) -> Effect {
    match table(target) {
        Some(table) => Effect::Change(table),
        None => Effect::Changes,
    }
}

fn table(from: &FromClause) -> Option<TableName> {
    match from {
        FromClause::Table(table) => Some(TableName {
            schema: table.schema.clone(),
            name: table.name.clone(),
        }),
        FromClause::Alias(alias) => match &alias.source {
            AliasSource::From(from) => self::table(from),
            AliasSource::Statement(_) => None,
        },
        FromClause::Cte(_)
        | FromClause::Join(_)
        | FromClause::Values(_)
        | FromClause::Element(_) => None,
    }
}

fn query(expr: &Expr, dialect: &str, depth: usize) -> Query {
    if depth > DEPTH {
        return Query::unknown();
    }
    match &expr.kind {
        ExprKind::Select(select) => self::select(select, dialect, depth),
        ExprKind::Grouping(inner) | ExprKind::ScalarSelect(inner) => {
            query(inner, dialect, depth + 1)
        }
        ExprKind::Compound(compound) => {
            let mut parts: Vec<Source> = compound
                .selects
                .iter()
                .map(|part| Source::Query(Box::new(query(part, dialect, depth + 1))))
                .collect();
            let source = if compound.keyword.starts_with("UNION") {
                Source::Any(parts)
            } else if compound.keyword.starts_with("INTERSECT") {
                Source::All(parts)
            } else {
                parts.truncate(1);
                Source::All(parts)
            };
            Query {
                source,
                output: Output::PerRow,
            }
        }
        ExprKind::TextualSelect { .. } => match effect(expr, dialect) {
            Effect::Query(query) => query,
            _ => Query::unknown(),
        },
        _ => Query::unknown(),
    }
}

fn select(select: &Select, dialect: &str, depth: usize) -> Query {
    let mut froms: Vec<FromClause> = select.from.clone();
    for expr in select.columns.iter().chain(&select.where_) {
        froms.extend(expr.from_objects());
    }
    // What an outer join may leave out is not needed for a row.
    let mut optional: Vec<FromClause> = Vec::new();
    let mut full = false;
    for step in &select.joins {
        full |= step.full;
        froms.extend(step.left.clone());
        if step.outer {
            optional.extend(step.right.from_objects());
        } else {
            froms.push(step.right.clone());
        }
    }
    for from in &froms {
        if let FromClause::Join(_) = from {
            optional.extend(from.hidden());
        }
    }
    optional.extend(select.correlate.iter().cloned());
    let sources: Vec<Source> = froms
        .iter()
        .filter(|from| !optional.iter().any(|other| other.same(from)))
        .map(|from| source(from, dialect, depth))
        .collect();
    let kinds: Vec<Kind> = select
        .columns
        .iter()
        .map(|column| kind(column, dialect, depth))
        .collect();
    // HAVING chooses among the groups; without GROUP BY there is one group whatever the rows are.
    let output = if full || (!select.having.is_empty() && select.group_by.is_empty()) {
        Output::Unknown
    } else if !select.group_by.is_empty() {
        Output::PerRow
    } else {
        Output::of(kinds, !sources.is_empty())
    };
    Query {
        source: Source::All(sources),
        output,
    }
}

/// What a selected expression is.
fn kind(expr: &Expr, dialect: &str, depth: usize) -> Kind {
    if depth > DEPTH {
        return Kind::Unknown;
    }
    let all = |items: &mut dyn Iterator<Item = &Expr>| {
        for item in items {
            if !matches!(kind(item, dialect, depth + 1), Kind::Scalar) {
                return Kind::Unknown;
            }
        }
        Kind::Scalar
    };
    match &expr.kind {
        ExprKind::Label { operand, .. }
        | ExprKind::Grouping(operand)
        | ExprKind::TypeCoerce(operand) => kind(operand, dialect, depth + 1),
        ExprKind::Column { .. }
        | ExprKind::From(_)
        | ExprKind::RowColumn(_)
        | ExprKind::Bind(_)
        | ExprKind::Null
        | ExprKind::True
        | ExprKind::False
        | ExprKind::ScalarSelect(_) => Kind::Scalar,
        ExprKind::Function(function) => {
            let name = match function.name.as_slice() {
                [name] => &*name.name,
                _ => return Kind::Unknown,
            };
            match aggregate(name) {
                Some(cell @ (Cell::Zero | Cell::Null | Cell::Bool(_))) => {
                    Kind::Column(Column::Aggregate(cell))
                }
                None if is_scalar(name) => all(&mut function.args.iter()),
                None => Kind::Unknown,
            }
        }
        ExprKind::Unary { operator, operand } if *operator == Operator::Exists => {
            Kind::Column(Column::Exists {
                query: Box::new(query(operand, dialect, depth + 1)),
                negated: false,
            })
        }
        ExprKind::Unary { operand, .. }
        | ExprKind::Cast { operand, .. }
        | ExprKind::AsBoolean { operand, .. }
        | ExprKind::Extract { operand, .. } => all(&mut std::iter::once(operand)),
        ExprKind::Binary(binary) => all(&mut [&binary.left, &binary.right].into_iter()),
        ExprKind::List { items, .. } => all(&mut items.iter()),
        _ => Kind::Unknown,
    }
}

fn source(from: &FromClause, dialect: &str, depth: usize) -> Source {
    if depth > DEPTH {
        return Source::Unknown;
    }
    match from {
        FromClause::Table(_) => match table(from) {
            Some(table) => Source::Table(table),
            None => Source::Unknown,
        },
        FromClause::Alias(alias) => match &alias.source {
            AliasSource::From(from) => source(from, dialect, depth + 1),
            AliasSource::Statement(statement) => {
                Source::Query(Box::new(query(statement, dialect, depth + 1)))
            }
        },
        FromClause::Cte(cte) if !cte.recursive => {
            Source::Query(Box::new(query(&cte.statement, dialect, depth + 1)))
        }
        FromClause::Join(join) => {
            let left = source(&join.left, dialect, depth + 1);
            let right = || source(&join.right, dialect, depth + 1);
            if join.full {
                Source::Any(vec![left, right()])
            } else if join.outer {
                left
            } else {
                Source::All(vec![left, right()])
            }
        }
        FromClause::Cte(_) | FromClause::Values(_) | FromClause::Element(_) => Source::Unknown,
    }
}
