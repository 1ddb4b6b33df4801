//! Indexes.

use std::rc::Rc;

use super::super::{convert, name, raise, sql};
use super::column::ColumnObject;
use super::item::{Item, ItemKind};
use super::table::TableObject;
use crate::catalog::{Index, IndexElement};
use crate::expression::FromClause;
use crate::python::{Args, Native, PyResult, Value, Vm};

/// Attaches an index or a constraint to the table of its columns, as `Index("ix", table.c.a)` and
/// `CheckConstraint(table.c.a > 0)` do.
pub fn attach(vm: &mut Vm, item: &Rc<Item>) -> PyResult<()> {
    let given = match item.kind {
        ItemKind::Index | ItemKind::Unique => item.rest(),
        ItemKind::Check => item.attr("sqltext").into_iter().collect(),
        _ => return Ok(()),
    };
    for value in given {
        if let Some(table) = table_of(vm, &value) {
            return table.append(vm, &Value::Native(Rc::clone(item) as Rc<dyn Native>));
        }
    }
    Ok(())
}

/// The table of a column, or the first one of an expression.
fn table_of(vm: &mut Vm, value: &Value) -> Option<Rc<TableObject>> {
    if let Some(column) = value.downcast::<ColumnObject>() {
        return column.owner();
    }
    if value.is_none() || value.as_str().is_some() || !sql::is_clause(vm, value) {
        return None;
    }
    // What cannot be an expression is an error where it is used.
    let expr = sql::expr_of(vm, value, None).ok()?;
    expr.from_objects().iter().find_map(|from| match from {
        FromClause::Table(clause) => clause.origin.as_ref()?.upgrade()?.downcast().ok(),
        _ => None,
    })
}

/// What an index is on: names of columns, `text()` and other expressions.
pub fn index_elements(vm: &mut Vm, items: &[Value]) -> PyResult<Vec<IndexElement>> {
    let mut elements = Vec::with_capacity(items.len());
    for item in items {
        raise::known(vm, item, "what the index is on")?;
        if item.as_str().is_some() {
            elements.push(IndexElement::Column(name::ident(
                vm,
                item,
                "a column of the index",
            )?));
        } else if let Some(column) = item.downcast::<ColumnObject>()
            && let Some(name) = column.name()
        {
            elements.push(IndexElement::Column(name));
        } else {
            elements.push(IndexElement::Expr(sql::expr_of(vm, item, None)?));
        }
    }
    Ok(elements)
}

/// The index as the schema model has it.
pub fn index_definition(vm: &mut Vm, item: &Item) -> PyResult<Index> {
    let given = item.attr("name").unwrap_or(Value::None);
    let options = Args {
        pos: Vec::new(),
        kw: item.options.borrow().kw.clone(),
    };
    let mut index_name = name::constraint_name(vm, &given, "the name of the index")?;
    if let Some(quote) = convert::optional_truth(vm, item.attr("quote").as_ref(), "quote")?
        && let crate::catalog::ConstraintName::Given(ident)
        | crate::catalog::ConstraintName::Final(ident) = &mut index_name
    {
        ident.quote = Some(quote);
    }
    Ok(Index {
        name: index_name,
        elements: index_elements(vm, &item.rest())?,
        unique: convert::optional_truth(vm, item.attr("unique").as_ref(), "unique")?
            .unwrap_or(false),
        options: convert::dialect_options(vm, options, "Index")?,
    })
}
