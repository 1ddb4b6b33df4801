//! What a query gives.

use sqlparser::ast::{self, Expr, SetExpr, Statement};

use super::{text_of, world};
use crate::catalog::Catalog;
use crate::datatype::{DataType, Family};
use crate::expression::{Expr as Tree, ExprKind};
use crate::frontend::sql::system::{self, Datum, Rows};
use crate::operation::Executable;

/// What a query gives.
pub(in crate::frontend::sql::rows) fn query(
    statement: &Executable,
    dialect: &str,
    catalog: &Catalog,
) -> Option<Rows> {
    catalog.contents()?.has_rows().then_some(())?;
    let spelled = text_of(statement)?;
    let statements = spelled.parse(&spelled.sql, dialect)?;
    let [Statement::Query(query)] = statements.as_slice() else {
        return None;
    };
    let mut rows = system::select(query, &world(catalog, &spelled))?;
    let types = match statement {
        Executable::Expr(expr) => types(expr),
        _ => Vec::new(),
    };
    let sums = Sums::of(query);
    for row in &mut rows.rows {
        for (at, cell) in row.iter_mut().enumerate() {
            let is_question = matches!(cell, Datum::Bool(_)) && asks(query, at);
            let is_sum = matches!(cell, Datum::Int(_)) && sums.has(at);
            if is_sum || (!is_question && !is_read(cell, types.get(at))) {
                *cell = Datum::Unknown;
            }
        }
    }
    Some(rows)
}

/// Whether a column of a query says whether something is there.
fn asks(query: &ast::Query, at: usize) -> bool {
    let SetExpr::Select(select) = &*query.body else {
        return false;
    };
    let wildcard = |item: &ast::SelectItem| matches!(item, ast::SelectItem::Wildcard(_));
    let item = select
        .projection
        .get(at)
        .filter(|_| !select.projection.iter().any(wildcard));
    matches!(
        item,
        Some(
            ast::SelectItem::UnnamedExpr(Expr::Exists { .. })
                | ast::SelectItem::ExprWithAlias {
                    expr: Expr::Exists { .. },
                    ..
                }
        )
    )
}

/// Which columns of a query are sums, or may be: those have another type than what is summed up, which
/// drivers give in ways that differ.
struct Sums {
    columns: Vec<bool>,
    /// Whether a query inside has some.
    inside: bool,
}

impl Sums {
    fn of(query: &ast::Query) -> Self {
        let SetExpr::Select(select) = &*query.body else {
            return Self {
                columns: Vec::new(),
                inside: count(query) > 0,
            };
        };
        let columns: Vec<usize> = select.projection.iter().map(count).collect();
        let having = select.having.as_ref().map_or(0, count);
        let order = query.order_by.as_ref().map_or(0, count);
        let own: usize = columns.iter().sum::<usize>() + having + order;
        Self {
            columns: columns.iter().map(|count| *count > 0).collect(),
            inside: count(query) > own,
        }
    }

    fn has(&self, at: usize) -> bool {
        self.inside || self.columns.get(at).copied().unwrap_or(false)
    }
}

/// How often something calls `sum`.
fn count(part: &impl ast::Visit) -> usize {
    let mut found = 0;
    let _ = ast::visit_expressions(part, |inner| {
        if let Expr::Function(function) = inner {
            let name = function.name.0.last().and_then(|part| part.as_ident());
            found += usize::from(name.is_some_and(|name| name.value.eq_ignore_ascii_case("sum")));
        }
        std::ops::ControlFlow::<()>::Continue(())
    });
    found
}

/// The types of the columns that a SELECT has; none of a text.
fn types(expr: &Tree) -> Vec<DataType> {
    let select = match &expr.kind {
        ExprKind::Select(select) => select,
        // What is united is read as the first of them.
        ExprKind::Compound(compound) => {
            return compound.selects.first().map(types).unwrap_or_default();
        }
        ExprKind::Grouping(inner) => return types(inner),
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for column in &select.columns {
        match &column.kind {
            ExprKind::From(from) => {
                let columns = from.columns().into_iter();
                found.extend(columns.map(|(_, column)| column.data_type.clone()));
            }
            // As many as there are, of no type.
            ExprKind::LiteralColumn(sql) if &**sql == "*" => return Vec::new(),
            _ => found.push(column.data_type.clone()),
        }
    }
    found
}

/// Whether a value comes back as it was put in: types of Python change theirs, and databases without
/// a boolean type give numbers where nothing says what they are.
fn is_read(cell: &Datum, data_type: Option<&DataType>) -> bool {
    let plain = |data_type: &DataType| data_type.processor.0.is_none();
    match (
        cell,
        data_type.map(|data_type| (data_type, data_type.affinity().family)),
    ) {
        (Datum::Null, Some((data_type, _))) => plain(data_type),
        (Datum::Null, None) => true,
        (Datum::Int(_), None | Some((_, Family::Null))) => true,
        (Datum::Text(_), None | Some((_, Family::Null))) => true,
        (Datum::Int(_), Some((data_type, Family::Integer)))
        | (Datum::Bool(_), Some((data_type, Family::Boolean)))
        | (Datum::Text(_), Some((data_type, Family::String | Family::Unicode))) => plain(data_type),
        (Datum::Text(text), Some((data_type, Family::Enum))) => {
            let labels = data_type.enumeration.as_ref().map(|own| &own.labels);
            plain(data_type) && labels.is_some_and(|labels| labels.contains(text))
        }
        _ => false,
    }
}
