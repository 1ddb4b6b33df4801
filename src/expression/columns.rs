//! The names of a statement's columns.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use super::{Expr, ExprKind, FromClause, Ident, LabelStyle, TableColumn};

/// A column of a SELECT or RETURNING with its names.
#[derive(Clone, Debug)]
pub struct NamedColumn {
    /// The column.
    pub expr: Expr,
    /// A label that it must have, since its own name is taken.
    pub required: Option<Ident>,
    /// The label that it gets where one is wanted.
    pub fallback: Option<Ident>,
    /// The name by which an enclosing statement knows it.
    pub key: Option<Ident>,
    /// Whether the same column came before.
    pub repeated: bool,
}

/// The name that an expression has by itself.
pub fn natural_name(expr: &Expr) -> Option<Ident> {
    match &expr.kind {
        ExprKind::Column { name, .. } | ExprKind::Label { name, .. } => Some(name.clone()),
        ExprKind::LiteralColumn(sql) => Some(Ident::new(sql)),
        ExprKind::Grouping(inner) => natural_name(inner),
        ExprKind::RowColumn(from) => from.name().cloned(),
        _ => None,
    }
}

/// Identity of an expression: a column of a table is the same object each time.
fn identity(expr: &Expr) -> (usize, Arc<str>) {
    match &expr.kind {
        ExprKind::Column {
            table: Some(table),
            name,
        } => (table.id(), name.name.clone()),
        ExprKind::Null | ExprKind::True | ExprKind::False => (hash_id(expr), Arc::from("")),
        _ => (Rc::as_ptr(expr).addr(), Arc::from("")),
    }
}

fn hash_id(expr: &Expr) -> usize {
    match &expr.kind {
        // There is one of each of these.
        ExprKind::Null => 1,
        ExprKind::True => 2,
        ExprKind::False => 3,
        ExprKind::Column {
            table: Some(table),
            name,
        } => {
            table.id()
                ^ name
                    .name
                    .bytes()
                    .fold(0usize, |a, b| a.wrapping_mul(31) + b as usize)
        }
        _ => Rc::as_ptr(expr).addr(),
    }
}

/// The column inside CAST and other wrappers, whose name the wrapper takes over.
fn wrapped(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Cast { operand, .. } | ExprKind::AsBoolean { operand, .. } => Some(operand),
        ExprKind::TypeCoerce(inner) => Some(inner),
        ExprKind::WithinGroup { function, .. } => Some(function),
        ExprKind::AggregateOrderBy { target, .. } => Some(target),
        _ => None,
    }
}

/// The label of an expression that needs one.
fn anonymous_label(expr: &Expr) -> Ident {
    if let Some(inner) = wrapped(expr)
        && !matches!(inner.kind, ExprKind::Text(_))
    {
        return natural_name(inner).unwrap_or_else(|| anonymous_label(inner));
    }
    let base = match &expr.kind {
        ExprKind::Function(function) => function.name.last().map(|name| name.name.clone()),
        ExprKind::NextValue(..) => Some(Arc::from("next_value")),
        _ => natural_name(expr).map(|name| name.name),
    };
    let base = base.unwrap_or_else(|| Arc::from("anon"));
    // An anonymous name of an anonymous name keeps its base.
    let inner = Ident::from(base.clone());
    let base: &str = match inner.anonymous_parts() {
        Some((_, base)) => base,
        None => &base,
    };
    Ident::anonymous_for(hash_id(expr), base)
}

/// `table_column`.
fn qualified_label(expr: &Expr) -> Option<Ident> {
    match &expr.kind {
        ExprKind::Column {
            table: Some(table),
            name,
        } => {
            let table_name = table.name()?;
            let schema = table
                .schema()
                .map(|schema| format!("{}_", schema.name.replace('.', "_")))
                .unwrap_or_default();
            Some(Ident::new(format!(
                "{schema}{}_{}",
                table_name.name, name.name
            )))
        }
        ExprKind::Label { name, .. } | ExprKind::Column { name, .. } => Some(name.clone()),
        ExprKind::LiteralColumn(sql) => Some(Ident::new(sql)),
        _ => wrapped(expr).and_then(qualified_label),
    }
}

fn dedupe_label(expr: &Expr, index: usize, qualified: bool) -> Ident {
    if qualified && let Some(label) = qualified_label(expr) {
        let id = hash_id(expr) ^ (index << 48);
        return Ident::anonymous_for(id, &format!("{}_", label.name));
    }
    if let Some(name) = wrapped(expr).and_then(natural_name) {
        return Ident::anonymous_for(hash_id(expr), &format!("{}_", name.name));
    }
    let base = match &expr.kind {
        ExprKind::Function(function) => function.name.last().map(|name| name.name.clone()),
        _ => natural_name(expr).map(|name| name.name),
    };
    let base = base
        .or_else(|| qualified_label(expr).map(|label| label.name))
        .unwrap_or_else(|| Arc::from("anon"));
    let id = hash_id(expr) ^ (index << 48);
    Ident::anonymous_for(id, &format!("{base}_"))
}

fn key_of(expr: &Expr) -> Option<Ident> {
    match &expr.kind {
        ExprKind::Function(function) => function.name.last().cloned(),
        ExprKind::Bind(bind) => bind.key.as_ref().map(|key| Ident::from(key.clone())),
        _ => match wrapped(expr) {
            Some(inner) if !matches!(inner.kind, ExprKind::Text(_)) => key_of(inner),
            _ => natural_name(expr),
        },
    }
}

/// The columns with the names that they are given.
pub fn named_columns(
    columns: &[Expr],
    style: LabelStyle,
    number_repeats: bool,
) -> Vec<NamedColumn> {
    let mut names: HashMap<Arc<str>, (usize, Arc<str>), FxBuildHasher> = HashMap::default();
    let mut dedupe = 1;
    let mut result = Vec::with_capacity(columns.len());
    let qualified = style == LabelStyle::TablePlusColumn;
    for column in columns {
        let id = identity(column);
        let mut named = NamedColumn {
            expr: Rc::clone(column),
            required: None,
            fallback: None,
            key: key_of(column),
            repeated: false,
        };
        if matches!(column.kind, ExprKind::Text(_)) {
            result.push(named);
            continue;
        }
        let mut number = |named: &mut NamedColumn, required: bool| {
            let label = dedupe_label(column, dedupe, qualified);
            dedupe += 1;
            if required {
                named.required = Some(label.clone());
            }
            named.fallback = Some(label);
        };
        if style == LabelStyle::None {
            named.fallback = natural_name(column).or_else(|| Some(anonymous_label(column)));
            result.push(named);
            continue;
        }
        let effective = if qualified {
            let label = qualified_label(column);
            named.required.clone_from(&label);
            label
        } else {
            natural_name(column)
        };
        named.fallback.clone_from(&effective);
        match effective {
            None => {
                let label = anonymous_label(column);
                named.repeated = names.insert(label.name.clone(), id).is_some();
                if named.repeated {
                    number(&mut named, false);
                } else {
                    named.fallback = Some(label);
                }
            }
            Some(effective) => match names.get(&effective.name) {
                None => {
                    names.insert(effective.name.clone(), id);
                }
                Some(other) if *other != id => {
                    let label = if qualified {
                        let base = qualified_label(column).unwrap_or(effective);
                        Ident::anonymous_for(hash_id(column), &base.name)
                    } else {
                        anonymous_label(column)
                    };
                    if number_repeats && names.contains_key(&label.name) {
                        named.repeated = true;
                        number(&mut named, true);
                    } else {
                        names.insert(label.name.clone(), id);
                        named.required = Some(label.clone());
                        named.fallback = Some(label);
                    }
                }
                Some(_) if number_repeats => {
                    named.repeated = true;
                    number(&mut named, true);
                }
                Some(_) => {}
            },
        }
        result.push(named);
    }
    result
}

/// The columns of a SELECT list, with tables spelled out as their columns.
pub fn select_list(columns: &[Expr]) -> Vec<Expr> {
    let mut list = Vec::with_capacity(columns.len());
    for column in columns {
        match &column.kind {
            ExprKind::From(from) => expand(from, &mut list),
            _ => list.push(Rc::clone(column)),
        }
    }
    list
}

fn expand(from: &FromClause, list: &mut Vec<Expr>) {
    match from {
        FromClause::Join(join) => {
            expand(&join.left, list);
            expand(&join.right, list);
        }
        FromClause::Element(element) => list.push(Rc::clone(element)),
        from => list.extend(from.columns().into_iter().map(|(_, column)| column)),
    }
}

/// The columns that a statement offers to a statement around it.
pub fn exported(statement: &Expr) -> Vec<TableColumn> {
    let (columns, style) = match &statement.kind {
        ExprKind::Select(select) => (select_list(&select.columns), select.label_style),
        ExprKind::Compound(compound) => {
            return compound.selects.first().map(exported).unwrap_or_default();
        }
        ExprKind::Grouping(inner) | ExprKind::ScalarSelect(inner) => return exported(inner),
        ExprKind::TextualSelect { columns, .. } => return columns.clone(),
        ExprKind::Insert(insert) => (select_list(&insert.returning), LabelStyle::default()),
        ExprKind::Update(update) => (select_list(&update.returning), LabelStyle::default()),
        ExprKind::Delete(delete) => (select_list(&delete.returning), LabelStyle::default()),
        _ => return Vec::new(),
    };
    named_columns(&columns, style, false)
        .into_iter()
        .filter(|named| !matches!(named.expr.kind, ExprKind::Text(_)))
        .map(|named| {
            let name = named
                .required
                .clone()
                .or_else(|| named.fallback.clone())
                .unwrap_or_else(|| Ident::new("anon"));
            let key = named
                .required
                .filter(|label| label.anonymous_parts().is_none())
                .or(named.key)
                .unwrap_or_else(|| name.clone());
            let mut column = TableColumn::new(name, named.expr.data_type.clone());
            column.key = key.name;
            column
        })
        .collect()
}
