//! Making expressions, with the parentheses and simplifications that SQLAlchemy makes.

use std::rc::Rc;
use std::sync::Arc;

use super::types::{boolean, null_type, of_literal, result_type};
use super::{
    Binary, BinaryOptions, BindParameter, Expr, ExprKind, Expression, FromClause, Function, Ident,
    LabelStyle, Literal, Operator, TextClause, affinity,
};
use crate::datatype::{DataType, Family};

/// `text("…")` without values.
pub fn text(sql: impl AsRef<str>) -> Expr {
    Expression::untyped(ExprKind::Text(TextClause {
        sql: Arc::from(sql.as_ref()),
        binds: Vec::new(),
    }))
}

/// `literal_column("…")`.
pub fn literal_column(sql: impl AsRef<str>, data_type: DataType) -> Expr {
    Expression::new(ExprKind::LiteralColumn(Arc::from(sql.as_ref())), data_type)
}

/// A column, of a table or free.
pub fn column(table: Option<FromClause>, name: Ident, data_type: DataType) -> Expr {
    Expression::new(ExprKind::Column { table, name }, data_type)
}

/// A value with the type that it has on its own.
pub fn value_bind(value: Literal) -> Expr {
    let data_type = of_literal(&value);
    typed_bind(value, data_type)
}

/// A value of a given type.
pub fn typed_bind(value: Literal, data_type: DataType) -> Expr {
    Expression::new(
        ExprKind::Bind(BindParameter {
            key: None,
            value: Some(value),
            data_type: data_type.clone(),
            expanding: false,
        }),
        data_type,
    )
}

/// `NULL`, `true` or `false`, when the value is one of them.
pub fn constant(value: &Literal) -> Option<Expr> {
    Some(match value {
        Literal::Null => Expression::untyped(ExprKind::Null),
        Literal::Bool(true) => Expression::new(ExprKind::True, boolean()),
        Literal::Bool(false) => Expression::new(ExprKind::False, boolean()),
        _ => return None,
    })
}

/// A function call.
pub fn function(name: &str, args: Vec<Expr>, data_type: DataType, known: bool) -> Expr {
    let args = args
        .iter()
        .map(|arg| self_group(arg, Some(&Operator::Comma)))
        .collect();
    Expression::new(
        ExprKind::Function(Function {
            name: name.split('.').map(Ident::new).collect(),
            args,
            known,
        }),
        data_type,
    )
}

/// `x AS name`.
pub fn label(operand: &Expr, name: Ident) -> Expr {
    let inner = match &operand.kind {
        ExprKind::Label { operand, .. } => Rc::clone(operand),
        _ => Rc::clone(operand),
    };
    let inner = self_group(&as_scalar(&inner), Some(&Operator::Comma));
    let data_type = inner.data_type.clone();
    Expression::new(
        ExprKind::Label {
            name,
            operand: inner,
        },
        data_type,
    )
}

/// A SELECT as a value; other expressions as they are.
pub fn as_scalar(expr: &Expr) -> Expr {
    match &expr.kind {
        ExprKind::Select(select) => {
            let data_type = select
                .columns
                .first()
                .map_or_else(null_type, |column| column.data_type.clone());
            // Nobody sees the labels of a value's columns.
            let select = if select.label_style == LabelStyle::TablePlusColumn {
                let mut select = select.clone();
                select.label_style = LabelStyle::Disambiguate;
                Expression::new(ExprKind::Select(select), expr.data_type.clone())
            } else {
                Rc::clone(expr)
            };
            Expression::new(ExprKind::ScalarSelect(select), data_type)
        }
        ExprKind::Compound(compound) => {
            let data_type = compound
                .selects
                .first()
                .map_or_else(null_type, |first| as_scalar(first).data_type.clone());
            Expression::new(ExprKind::ScalarSelect(Rc::clone(expr)), data_type)
        }
        ExprKind::TextualSelect { .. } => {
            Expression::untyped(ExprKind::ScalarSelect(Rc::clone(expr)))
        }
        _ => Rc::clone(expr),
    }
}

/// The expression in parentheses.
pub fn grouped(expr: &Expr) -> Expr {
    Expression::new(ExprKind::Grouping(Rc::clone(expr)), expr.data_type.clone())
}

fn is_boolean(expr: &Expr) -> bool {
    affinity(&expr.data_type) == Family::Boolean
}

/// Whether any database takes the expression for a truth value.
pub fn is_implicitly_boolean(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Binary(binary) => binary.operator.is_boolean(),
        ExprKind::List { operator, .. } => operator.is_boolean(),
        ExprKind::Grouping(inner) => is_implicitly_boolean(inner),
        ExprKind::AsBoolean { operand, .. } => is_implicitly_boolean(operand),
        _ => false,
    }
}

/// The expression with parentheses if it needs them inside `against`; with no operator around
/// it, every operation gets them.
pub fn self_group(expr: &Expr, against: Option<&Operator>) -> Expr {
    let group_if = |needed: bool| {
        if needed {
            grouped(expr)
        } else {
            Rc::clone(expr)
        }
    };
    match &expr.kind {
        ExprKind::Text(_) => group_if(against == Some(&Operator::In)),
        ExprKind::Binary(Binary { operator, .. }) => group_if(
            operator.needs_group(against)
                || (against == Some(&Operator::Inv) && !operator.is_boolean()),
        ),
        ExprKind::List {
            operator,
            items,
            group,
        } => group_if(
            !items.is_empty()
                && ((*group && operator.needs_group(against))
                    || (against == Some(&Operator::Inv) && !operator.is_boolean())),
        ),
        ExprKind::Unary { operator, .. } => group_if(operator.needs_group(against)),
        ExprKind::Filtered { .. } => group_if(Operator::Filter.needs_group(against)),
        ExprKind::TypeCoerce(inner) => {
            let inside = self_group(inner, against);
            if Rc::ptr_eq(&inside, inner) {
                Rc::clone(expr)
            } else {
                Expression::new(ExprKind::TypeCoerce(inside), expr.data_type.clone())
            }
        }
        ExprKind::Label { name, operand } => {
            let inside = self_group(operand, against);
            if Rc::ptr_eq(&inside, operand) {
                Rc::clone(expr)
            } else {
                Expression::new(
                    ExprKind::Label {
                        name: name.clone(),
                        operand: inside,
                    },
                    expr.data_type.clone(),
                )
            }
        }
        ExprKind::Array(_) => group_if(matches!(
            against,
            Some(Operator::Any | Operator::All | Operator::GetItem)
        )),
        ExprKind::Select(_) | ExprKind::Compound(_) | ExprKind::TextualSelect { .. } => {
            grouped(expr)
        }
        ExprKind::Function(_)
            if against == Some(&Operator::GetItem)
                && affinity(&expr.data_type) == Family::Array =>
        {
            grouped(expr)
        }
        ExprKind::Modifier { .. }
        | ExprKind::Tuple(_)
        | ExprKind::Grouping(_)
        | ExprKind::AsBoolean { .. }
        | ExprKind::ScalarSelect(_)
        | ExprKind::Slice(..)
        | ExprKind::Collation(_)
        | ExprKind::NameReference { .. }
        | ExprKind::From(_)
        | ExprKind::Insert(_)
        | ExprKind::Update(_)
        | ExprKind::Delete(_) => Rc::clone(expr),
        _ => match against {
            Some(Operator::And | Operator::Or | Operator::AsBool) if is_boolean(expr) => {
                as_boolean(expr, true)
            }
            Some(Operator::Any | Operator::All) => grouped(expr),
            _ => Rc::clone(expr),
        },
    }
}

fn as_boolean(expr: &Expr, is_true: bool) -> Expr {
    Expression::new(
        ExprKind::AsBoolean {
            operand: Rc::clone(expr),
            is_true,
        },
        boolean(),
    )
}

/// `NOT x`, or the operator that says the opposite.
pub fn negate(expr: &Expr) -> Expr {
    let not = |operand: Expr, data_type| {
        Expression::new(
            ExprKind::Unary {
                operator: Operator::Inv,
                operand,
            },
            data_type,
        )
    };
    match &expr.kind {
        ExprKind::True => Expression::new(ExprKind::False, boolean()),
        ExprKind::False => Expression::new(ExprKind::True, boolean()),
        ExprKind::Binary(inner) => match &inner.negation {
            Some(negation) => Expression::new(
                ExprKind::Binary(Binary {
                    operator: negation.clone(),
                    negation: Some(inner.operator.clone()),
                    ..inner.clone()
                }),
                expr.data_type.clone(),
            ),
            None => negate(&grouped(expr)),
        },
        ExprKind::List { .. } => not(self_group(expr, Some(&Operator::Inv)), null_type()),
        ExprKind::Unary { .. } => {
            let data_type = if is_boolean(expr) {
                boolean()
            } else {
                null_type()
            };
            not(self_group(expr, Some(&Operator::Inv)), data_type)
        }
        ExprKind::AsBoolean { operand, is_true } => match operand.kind {
            ExprKind::True | ExprKind::False => negate(operand),
            _ => as_boolean(operand, !is_true),
        },
        ExprKind::Label { name, operand } => Expression::new(
            ExprKind::Label {
                name: name.clone(),
                operand: negate(operand),
            },
            expr.data_type.clone(),
        ),
        _ if is_boolean(expr) => as_boolean(expr, false),
        _ => not(self_group(expr, Some(&Operator::Inv)), null_type()),
    }
}

/// `x DESC` and its like.
pub fn modifier(expr: &Expr, operator: Operator) -> Expr {
    if let ExprKind::NameReference { name, modifiers } = &expr.kind {
        let mut modifiers = modifiers.clone();
        modifiers.push(operator);
        return Expression::untyped(ExprKind::NameReference {
            name: name.clone(),
            modifiers,
        });
    }
    let operand = self_group(expr, Some(&operator));
    Expression::untyped(ExprKind::Modifier { operator, operand })
}

/// `left op right`, exactly so.
pub fn binary(
    left: &Expr,
    operator: Operator,
    right: &Expr,
    data_type: DataType,
    negation: Option<Operator>,
    options: BinaryOptions,
) -> Expr {
    let left = self_group(left, Some(&operator));
    let right = self_group(right, Some(&operator));
    Expression::new(
        ExprKind::Binary(Binary {
            left,
            operator,
            right,
            negation,
            options,
        }),
        data_type,
    )
}

fn is_collection_aggregate(expr: &Expr) -> bool {
    matches!(
        &expr.kind,
        ExprKind::Unary {
            operator: Operator::Any | Operator::All,
            ..
        }
    )
}

/// The parts of `expr` when it may join a list of the same operator and type.
fn flattened<'a>(
    expr: &'a Expr,
    operator: &Operator,
    data_type: &DataType,
) -> Option<Vec<&'a Expr>> {
    if affinity(&expr.data_type) != affinity(data_type) {
        return None;
    }
    match &expr.kind {
        ExprKind::Binary(inner) if inner.operator == *operator => {
            Some(vec![&inner.left, &inner.right])
        }
        ExprKind::List {
            operator: own,
            items,
            ..
        } if own == operator => Some(items.iter().collect()),
        _ => None,
    }
}

/// `left op right` of a given type, joined into one list with an operand of the same operator.
fn construct(
    left: &Expr,
    operator: Operator,
    right: &Expr,
    data_type: DataType,
    negation: Option<Operator>,
    options: BinaryOptions,
) -> Expr {
    if operator.is_associative() {
        let parts = (
            flattened(left, &operator, &data_type),
            flattened(right, &operator, &data_type),
        );
        if parts.0.is_some() || parts.1.is_some() {
            let items = parts
                .0
                .unwrap_or_else(|| vec![left])
                .into_iter()
                .chain(parts.1.unwrap_or_else(|| vec![right]))
                .map(|item| self_group(item, Some(&operator)))
                .collect();
            return Expression::new(
                ExprKind::List {
                    operator,
                    items,
                    group: true,
                },
                data_type,
            );
        }
    }
    let negation = if is_collection_aggregate(left) || is_collection_aggregate(right) {
        None
    } else {
        negation
    };
    binary(left, operator, right, data_type, negation, options)
}

/// Arithmetic, concatenation and operators given as text: the types decide the result.
pub fn operate(left: &Expr, operator: Operator, right: &Expr) -> Expr {
    let (operator, data_type) = result_type(operator, &left.data_type, &right.data_type);
    construct(
        left,
        operator,
        right,
        data_type,
        None,
        BinaryOptions::default(),
    )
}

/// A comparison; one with `NULL` becomes `IS NULL`. `None` when the operator cannot take `NULL`,
/// `true` or `false`.
pub fn comparison(
    left: &Expr,
    operator: Operator,
    right: &Expr,
    reverse: bool,
    options: BinaryOptions,
) -> Option<Expr> {
    let constant = matches!(
        right.kind,
        ExprKind::Null | ExprKind::True | ExprKind::False
    );
    let mut operator = operator;
    let mut negation = operator.negated();
    if constant
        && !matches!(
            operator,
            Operator::IsDistinctFrom | Operator::IsNotDistinctFrom
        )
    {
        let boolean_constant = !matches!(right.kind, ExprKind::Null);
        let plain = boolean_constant && matches!(operator, Operator::Eq | Operator::Ne);
        if !plain && !is_collection_aggregate(left) {
            operator = match operator {
                Operator::Eq | Operator::Is => Operator::Is,
                Operator::Ne | Operator::IsNot => Operator::IsNot,
                _ => return None,
            };
            negation = operator.negated();
        }
    }
    let (a, b) = if reverse {
        (right, left)
    } else {
        (left, right)
    };
    Some(construct(a, operator, b, boolean(), negation, options))
}

/// Drops constants that change nothing, and gives the clauses the form of conditions.
fn conditions(operator: &Operator, clauses: &[Expr]) -> (usize, Vec<Expr>) {
    let is_and = *operator == Operator::And;
    let mut neutral = None;
    let mut kept: Vec<&Expr> = Vec::new();
    let mut count = 0;
    for clause in clauses {
        let (continues, decides) = match clause.kind {
            ExprKind::True => (is_and, !is_and),
            ExprKind::False => (!is_and, is_and),
            _ => (false, false),
        };
        if continues {
            neutral = Some(clause);
        } else if decides {
            kept = vec![clause];
            count = 1;
            break;
        } else {
            count = if count == 0 { 1 } else { 2 };
            kept.push(clause);
        }
    }
    if kept.is_empty()
        && let Some(neutral) = neutral
    {
        kept.push(neutral);
        count = 1;
    }
    let against = if count > 1 {
        operator
    } else {
        &Operator::AsBool
    };
    (
        count,
        kept.into_iter()
            .map(|clause| self_group(clause, Some(against)))
            .collect(),
    )
}

/// `and_(…)` and `or_(…)`.
pub fn conjunction(operator: &Operator, clauses: &[Expr]) -> Expr {
    let (count, kept) = conditions(operator, clauses);
    let list = |items| {
        Expression::new(
            ExprKind::List {
                operator: operator.clone(),
                items,
                group: true,
            },
            boolean(),
        )
    };
    if count <= 1 {
        return kept.into_iter().next().unwrap_or_else(|| list(Vec::new()));
    }
    let mut items = Vec::with_capacity(kept.len());
    for clause in kept {
        match &clause.kind {
            ExprKind::List {
                operator: own,
                items: inner,
                ..
            } if own == operator => items.extend(inner.iter().cloned()),
            _ => items.push(clause),
        }
    }
    list(items)
}

/// The conditions of a WHERE or HAVING, in the form in which they are joined with AND.
pub fn where_list(clauses: &[Expr]) -> Vec<Expr> {
    conditions(&Operator::And, clauses).1
}

/// `ANY (x)`.
pub fn any_of(expr: &Expr) -> Expr {
    collection(expr, Operator::Any)
}

/// `ALL (x)`.
pub fn all_of(expr: &Expr) -> Expr {
    collection(expr, Operator::All)
}

fn collection(expr: &Expr, operator: Operator) -> Expr {
    let operand = self_group(&as_scalar(expr), Some(&operator));
    Expression::new(ExprKind::Unary { operator, operand }, boolean())
}
