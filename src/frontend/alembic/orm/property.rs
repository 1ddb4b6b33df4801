//! Attributes of mapped classes that are no plain columns: `column_property`, `deferred`, `synonym`,
//! `composite` and `query_expression`.

use std::any::Any;
use std::rc::Rc;

use super::super::convert;
use super::super::schema::ColumnObject;
use super::super::sql;
use crate::expression::{ExprKind, FromClause, transform};
use crate::python::{Args, Class, Native, PyResult, Str, Value, Vm};

/// An attribute before its class is mapped.
pub enum Property {
    /// Columns of the table; the attribute is the first of them.
    Columns(Vec<Rc<ColumnObject>>),
    /// Columns that only belong to the table.
    Composite(Vec<Rc<ColumnObject>>),
    /// An expression of the table's columns.
    Expression(Value),
    /// Another attribute under this name.
    Synonym(Str),
}

/// `column_property(…)`, `deferred(…)`, `composite(…)` and `synonym(…)`.
pub fn property(vm: &mut Vm, name: &str, mut args: Args) -> PyResult {
    let columns = |parts: &[Value]| -> Vec<Rc<ColumnObject>> {
        parts.iter().filter_map(Value::downcast).collect()
    };
    let property = match name {
        "synonym" => {
            let target = args.require(name, "name")?;
            Property::Synonym(convert::text(vm, &target, "the name of an attribute")?)
        }
        "composite" => {
            args.keyword("_class_or_attr");
            Property::Composite(columns(&args.pos))
        }
        _ => {
            let first = args.require(name, "column")?;
            // Columns have no name while their class is written, so that what is made of one that was
            // given none is not known.
            if let Value::Unknown(_) = first {
                return Ok(first);
            }
            if first.downcast::<ColumnObject>().is_some() {
                let mut found = columns(&[first]);
                found.extend(columns(&args.pos));
                Property::Columns(found)
            } else {
                Property::Expression(first)
            }
        }
    };
    Ok(Value::native(property))
}

/// Gives a mapped class the attributes that stand for expressions and for other attributes.
pub fn complete(
    vm: &mut Vm,
    class: &Rc<Class>,
    columns: &[(Str, Rc<ColumnObject>)],
    properties: &[(Str, Rc<Property>)],
) -> PyResult<()> {
    for (name, property) in properties {
        let value = match &**property {
            Property::Expression(value) => expression(vm, value, columns)?,
            // A synonym of what is not known here stays as it is.
            Property::Synonym(target) => class.lookup(target),
            Property::Columns(_) | Property::Composite(_) => None,
        };
        let value = value.unwrap_or_else(|| {
            let place = vm.location();
            Value::unknown(format!("the attribute `{name}` of a mapped class"), place)
        });
        class.dict.borrow_mut().insert(name.clone(), value);
    }
    Ok(())
}

/// The expression with columns that know their table, which they did not while the class was written.
fn expression(
    vm: &mut Vm,
    value: &Value,
    columns: &[(Str, Rc<ColumnObject>)],
) -> PyResult<Option<Value>> {
    if !sql::is_clause(vm, value) {
        return Ok(None);
    }
    let expr = sql::expr_of(vm, value, None)?;
    let mut known = Vec::with_capacity(columns.len());
    for (_, column) in columns {
        let value = Value::Native(Rc::clone(column) as _);
        known.extend(column.name().zip(sql::expr_of(vm, &value, None).ok()));
    }
    let expr = transform(&expr, &mut |part| match &part.kind {
        ExprKind::Column { table, name } => {
            let (_, column) = known.iter().find(|(known, _)| known.name == name.name)?;
            let ExprKind::Column { table: own, .. } = &column.kind else {
                return None;
            };
            // The table may have got attributes since the expression was written.
            let is_own = match (table, own) {
                (None, _) => true,
                (Some(FromClause::Table(before)), Some(FromClause::Table(own))) => {
                    before.name == own.name && before.schema == own.schema
                }
                _ => false,
            };
            is_own.then(|| Rc::clone(column))
        }
        _ => None,
    });
    Ok(Some(sql::wrap(expr)))
}

impl Native for Property {
    fn type_name(&self) -> &str {
        "MapperProperty"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let Self::Columns(columns) = self else {
            return Ok(None);
        };
        match columns.first() {
            Some(column) => vm.find_attr(&Value::Native(Rc::clone(column) as _), name),
            None => Ok(None),
        }
    }
}
