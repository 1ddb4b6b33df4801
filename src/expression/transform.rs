//! Rewriting parts of an expression.

use std::rc::Rc;

use super::{
    Assignments, Binary, Compound, Delete, Expr, ExprKind, Expression, Function, Insert, Over,
    Select, Update, Upsert, UpsertAction,
};

/// A copy of the expression in which every node for which `replace` gives one has been replaced.
/// Parts in which nothing is replaced stay the same objects.
pub fn transform(expr: &Expr, replace: &mut dyn FnMut(&Expr) -> Option<Expr>) -> Expr {
    if let Some(new) = replace(expr) {
        return new;
    }
    let kind = match &expr.kind {
        ExprKind::Function(function) => ExprKind::Function(Function {
            args: list(&function.args, replace),
            ..function.clone()
        }),
        ExprKind::Unary { operator, operand } => ExprKind::Unary {
            operator: operator.clone(),
            operand: transform(operand, replace),
        },
        ExprKind::Modifier { operator, operand } => ExprKind::Modifier {
            operator: operator.clone(),
            operand: transform(operand, replace),
        },
        ExprKind::Binary(binary) => ExprKind::Binary(Binary {
            left: transform(&binary.left, replace),
            right: transform(&binary.right, replace),
            ..binary.clone()
        }),
        ExprKind::List {
            operator,
            items,
            group,
        } => ExprKind::List {
            operator: operator.clone(),
            items: list(items, replace),
            group: *group,
        },
        ExprKind::AsBoolean { operand, is_true } => ExprKind::AsBoolean {
            operand: transform(operand, replace),
            is_true: *is_true,
        },
        ExprKind::Grouping(inner) => ExprKind::Grouping(transform(inner, replace)),
        ExprKind::Case {
            value,
            whens,
            otherwise,
        } => ExprKind::Case {
            value: value.as_ref().map(|value| transform(value, replace)),
            whens: whens
                .iter()
                .map(|(a, b)| (transform(a, replace), transform(b, replace)))
                .collect(),
            otherwise: otherwise.as_ref().map(|value| transform(value, replace)),
        },
        ExprKind::Cast { operand, lenient } => ExprKind::Cast {
            operand: transform(operand, replace),
            lenient: *lenient,
        },
        ExprKind::TypeCoerce(inner) => ExprKind::TypeCoerce(transform(inner, replace)),
        ExprKind::Extract { field, operand } => ExprKind::Extract {
            field: field.clone(),
            operand: transform(operand, replace),
        },
        ExprKind::Label { name, operand } => ExprKind::Label {
            name: name.clone(),
            operand: transform(operand, replace),
        },
        ExprKind::Tuple(items) => ExprKind::Tuple(list(items, replace)),
        ExprKind::Array(items) => ExprKind::Array(list(items, replace)),
        ExprKind::Slice(a, b) => ExprKind::Slice(transform(a, replace), transform(b, replace)),
        ExprKind::ScalarSelect(select) => ExprKind::ScalarSelect(transform(select, replace)),
        ExprKind::Over(over) => ExprKind::Over(Box::new(Over {
            element: transform(&over.element, replace),
            partition_by: list(&over.partition_by, replace),
            order_by: list(&over.order_by, replace),
            frame: over.frame.clone(),
        })),
        ExprKind::WithinGroup { function, order_by } => ExprKind::WithinGroup {
            function: transform(function, replace),
            order_by: list(order_by, replace),
        },
        ExprKind::Filtered { function, criteria } => ExprKind::Filtered {
            function: transform(function, replace),
            criteria: list(criteria, replace),
        },
        ExprKind::AggregateOrderBy { target, order_by } => ExprKind::AggregateOrderBy {
            target: transform(target, replace),
            order_by: list(order_by, replace),
        },
        ExprKind::Select(select) => ExprKind::Select(Box::new(in_select(select, replace))),
        ExprKind::Compound(compound) => ExprKind::Compound(Box::new(Compound {
            selects: list(&compound.selects, replace),
            group_by: list(&compound.group_by, replace),
            order_by: list(&compound.order_by, replace),
            limit: option(compound.limit.as_ref(), replace),
            offset: option(compound.offset.as_ref(), replace),
            ..(**compound).clone()
        })),
        ExprKind::TextualSelect { text, columns } => ExprKind::TextualSelect {
            text: transform(text, replace),
            columns: columns.clone(),
        },
        ExprKind::Insert(insert) => ExprKind::Insert(Box::new(in_insert(insert, replace))),
        ExprKind::Update(update) => ExprKind::Update(Box::new(Update {
            values: assignments(&update.values, replace),
            where_: list(&update.where_, replace),
            returning: list(&update.returning, replace),
            ..(**update).clone()
        })),
        ExprKind::Delete(delete) => ExprKind::Delete(Box::new(Delete {
            where_: list(&delete.where_, replace),
            returning: list(&delete.returning, replace),
            ..(**delete).clone()
        })),
        ExprKind::Text(_)
        | ExprKind::LiteralColumn(_)
        | ExprKind::Bind(_)
        | ExprKind::Null
        | ExprKind::True
        | ExprKind::False
        | ExprKind::Column { .. }
        | ExprKind::Collation(_)
        | ExprKind::NameReference { .. }
        | ExprKind::NextValue(..)
        | ExprKind::RowColumn(_)
        | ExprKind::From(_) => return Rc::clone(expr),
    };
    Expression::new(kind, expr.data_type.clone())
}

fn list(items: &[Expr], replace: &mut dyn FnMut(&Expr) -> Option<Expr>) -> Vec<Expr> {
    items.iter().map(|item| transform(item, replace)).collect()
}

fn option(item: Option<&Expr>, replace: &mut dyn FnMut(&Expr) -> Option<Expr>) -> Option<Expr> {
    item.map(|item| transform(item, replace))
}

fn assignments(
    values: &Assignments,
    replace: &mut dyn FnMut(&Expr) -> Option<Expr>,
) -> Assignments {
    values
        .iter()
        .map(|(target, value)| (target.clone(), transform(value, replace)))
        .collect()
}

fn in_select(select: &Select, replace: &mut dyn FnMut(&Expr) -> Option<Expr>) -> Select {
    Select {
        columns: list(&select.columns, replace),
        where_: list(&select.where_, replace),
        group_by: list(&select.group_by, replace),
        having: list(&select.having, replace),
        order_by: list(&select.order_by, replace),
        limit: option(select.limit.as_ref(), replace),
        offset: option(select.offset.as_ref(), replace),
        ..select.clone()
    }
}

fn in_insert(insert: &Insert, replace: &mut dyn FnMut(&Expr) -> Option<Expr>) -> Insert {
    Insert {
        rows: insert
            .rows
            .iter()
            .map(|row| assignments(row, replace))
            .collect(),
        from_select: insert
            .from_select
            .as_ref()
            .map(|(names, select)| (names.clone(), transform(select, replace))),
        upsert: insert
            .upsert
            .iter()
            .map(|upsert| Upsert {
                action: match &upsert.action {
                    UpsertAction::Nothing => UpsertAction::Nothing,
                    UpsertAction::Update(values, condition) => UpsertAction::Update(
                        assignments(values, replace),
                        option(condition.as_ref(), replace),
                    ),
                    UpsertAction::DuplicateKey(values, ordered) => {
                        UpsertAction::DuplicateKey(assignments(values, replace), *ordered)
                    }
                },
                ..upsert.clone()
            })
            .collect(),
        returning: list(&insert.returning, replace),
        ..insert.clone()
    }
}
