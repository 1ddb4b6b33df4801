//! Indexes.

use std::rc::Rc;

use super::super::{convert, name, raise, sql};
use super::column::ColumnObject;
use super::item::Item;
use crate::catalog::{Index, IndexElement};
use crate::python::{Args, PyResult, Value, Vm};

/// Attaches an index to the table of its columns, as `Index("ix", table.c.a)` does.
pub fn attach(item: &Rc<Item>) {
    for column in item.rest() {
        let Some(column) = column.downcast::<ColumnObject>() else {
            continue;
        };
        if let Some(table) = column.owner() {
            *item.table.borrow_mut() = Some(Rc::downgrade(&table));
            table.indexes.borrow_mut().push(Rc::clone(item));
            return;
        }
    }
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
