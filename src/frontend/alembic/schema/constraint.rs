//! From constraint objects to the constraints of the schema model.

use super::super::{convert, name, raise, sql};
use super::column::ColumnObject;
use super::item::{Item, ItemKind};
use super::table::TableObject;
use crate::catalog::{Constraint, ConstraintKind, Exclude, ForeignKey, TableName};
use crate::expression::{Expr, Ident, text};
use crate::python::{Args, PyResult, Str, Value, Vm};

/// A constraint of a table, or of a column (then `column` is its name).
pub fn table_constraint(
    vm: &mut Vm,
    item: &Item,
    column: Option<&Ident>,
    metadata_schema: Option<&Ident>,
) -> PyResult<Constraint> {
    let kind = match item.kind {
        ItemKind::PrimaryKey => ConstraintKind::PrimaryKey {
            columns: names(vm, &item.rest(), "a column of the primary key")?,
        },
        ItemKind::Unique => ConstraintKind::Unique {
            columns: match (item.rest(), column) {
                (rest, Some(column)) if rest.is_empty() => vec![column.clone()],
                (rest, _) => names(vm, &rest, "a column of the unique constraint")?,
            },
        },
        ItemKind::Check => ConstraintKind::Check {
            condition: condition(vm, &item.attr("sqltext").unwrap_or(Value::None))?,
            from_type: false,
            in_column: false,
        },
        ItemKind::Exclude => ConstraintKind::Exclude(exclude(vm, item)?),
        ItemKind::ForeignKey => {
            let target = item.attr("column").unwrap_or(Value::None);
            let (referent, referent_column) = foreign_key_reference(vm, &target, metadata_schema)?;
            let own: Vec<Ident> = column.cloned().into_iter().collect();
            let referent_columns = referent_column.map_or_else(|| own.clone(), |name| vec![name]);
            ConstraintKind::ForeignKey(foreign_key(
                vm,
                item,
                own,
                referent,
                referent_columns,
                true,
            )?)
        }
        ItemKind::ForeignKeyConstraint => {
            let given = item.attr("columns").unwrap_or(Value::None);
            let columns = convert::column_names(vm, &given, "a column of the foreign key")?;
            let given = item.attr("refcolumns").unwrap_or(Value::None);
            raise::known(vm, &given, "the columns that the foreign key refers to")?;
            let targets = vm.iterate(&given)?;
            if targets.len() != columns.len() {
                return Err(raise::argument(
                    vm,
                    format!(
                        "ForeignKeyConstraint number of constrained columns must match the number \
                         of referenced columns. ({} != {})",
                        columns.len(),
                        targets.len()
                    ),
                ));
            }
            let mut referent = None;
            let mut referent_columns = Vec::with_capacity(targets.len());
            for (target, own) in targets.iter().zip(&columns) {
                let (table, column) = foreign_key_reference(vm, target, metadata_schema)?;
                referent.get_or_insert(table);
                referent_columns.push(column.unwrap_or_else(|| own.clone()));
            }
            let Some(referent) = referent else {
                return Err(raise::argument(
                    vm,
                    "ForeignKeyConstraint number of constrained columns must match the number of \
                     referenced columns.",
                ));
            };
            ConstraintKind::ForeignKey(foreign_key(
                vm,
                item,
                columns,
                referent,
                referent_columns,
                false,
            )?)
        }
        _ => {
            return Err(raise::argument(
                vm,
                "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected",
            ));
        }
    };
    let given = item.attr("name").unwrap_or(Value::None);
    let options = Args {
        pos: Vec::new(),
        kw: item.options.borrow().kw.clone(),
    };
    let class = kind.class();
    Ok(Constraint {
        name: name::defined_constraint(vm, &given)?,
        kind,
        deferrable: convert::optional_truth(vm, item.attr("deferrable").as_ref(), "deferrable")?,
        initially: convert::optional_text(vm, item.attr("initially").as_ref(), "initially")?,
        options: convert::dialect_options(vm, options, class)?,
        comment: convert::optional_text(vm, item.attr("comment").as_ref(), "the comment")?,
    })
}

fn names(vm: &mut Vm, items: &[Value], what: &str) -> PyResult<Vec<Ident>> {
    items
        .iter()
        .map(|item| convert::column_name(vm, item, what))
        .collect()
}

/// The condition of a CHECK: text, or an expression.
pub fn condition(vm: &mut Vm, value: &Value) -> PyResult<Expr> {
    raise::known(vm, value, "the condition")?;
    match value.as_str() {
        Some(condition) => Ok(text(condition)),
        None => {
            let boolean = crate::expression::boolean();
            sql::expr_of(vm, value, Some(&boolean))
        }
    }
}

fn foreign_key(
    vm: &mut Vm,
    item: &Item,
    columns: Vec<Ident>,
    referent: TableName,
    referent_columns: Vec<Ident>,
    from_column: bool,
) -> PyResult<ForeignKey> {
    let text = |vm: &mut Vm, name: &str| convert::optional_text(vm, item.attr(name).as_ref(), name);
    Ok(ForeignKey {
        columns,
        referent,
        referent_columns,
        ondelete: text(vm, "ondelete")?,
        onupdate: text(vm, "onupdate")?,
        match_type: text(vm, "match")?,
        use_alter: convert::optional_truth(vm, item.attr("use_alter").as_ref(), "use_alter")?
            .unwrap_or(false),
        from_column,
    })
}

/// What a foreign key refers to: `"t.c"`, `"s.t.c"`, or a column. The column is absent when only
/// a table is named.
pub fn foreign_key_reference(
    vm: &mut Vm,
    target: &Value,
    metadata_schema: Option<&Ident>,
) -> PyResult<(TableName, Option<Ident>)> {
    raise::known(vm, target, "what the foreign key refers to")?;
    if let Some(spec) = target.as_str() {
        let mut parts: Vec<&str> = spec.split('.').collect();
        let last = parts.pop().unwrap_or_default();
        let (table, column) = match parts.pop() {
            None => (last, None),
            Some(table) => (table, Some(Ident::new(last))),
        };
        let schema = if parts.is_empty() {
            metadata_schema.cloned()
        } else {
            Some(Ident::new(parts.join(".")))
        };
        return Ok((
            TableName {
                schema,
                name: Ident::new(table),
            },
            column,
        ));
    }
    let column = vm
        .find_attr(target, "__clause_element__")?
        .filter(|_| matches!(target, Value::Instance(_)));
    let target = match column {
        Some(method) => vm.call(&method, Args::default())?,
        None => target.clone(),
    };
    if let Some(column) = target.downcast::<ColumnObject>() {
        let owner: Option<std::rc::Rc<TableObject>> = column.owner();
        if let (Some(table), Some(name)) = (owner, column.name()) {
            return Ok((table.table_name(), Some(name)));
        }
    }
    let class = vm.type_name(&target);
    Err(raise::argument(
        vm,
        format!(
            "String column name or column object for DDL foreign key constraint expected, got \
             <{class} object>."
        ),
    ))
}

/// PostgreSQL's `ExcludeConstraint(("col", "="), …)`.
pub fn exclude(vm: &mut Vm, item: &Item) -> PyResult<Exclude> {
    let mut elements = Vec::new();
    for element in item.rest() {
        let pair = vm.iterate(&element)?;
        let [expression, operator] = pair.as_slice() else {
            return Err(raise::type_error(
                "cannot unpack an element of an ExcludeConstraint into two values",
            ));
        };
        raise::known(vm, expression, "an element of the exclusion constraint")?;
        let expression = match expression.as_str() {
            Some(name) => {
                crate::expression::column(None, Ident::new(name), crate::expression::null_type())
            }
            None => sql::expr_of(vm, expression, None)?,
        };
        let operator = convert::text(vm, operator, "the operator")?;
        elements.push((expression, operator));
    }
    let where_ = match item.some("where") {
        Some(where_) => Some(condition(vm, &where_)?),
        None => None,
    };
    let mut ops = Vec::new();
    if let Some(given) = item.some("ops")
        && let crate::catalog::OptionValue::Map(entries) = convert::option_value(vm, &given, "ops")?
    {
        for (key, value) in entries {
            if let crate::catalog::OptionValue::Str(value) = value {
                ops.push((key, value));
            }
        }
    }
    Ok(Exclude {
        elements,
        using: convert::optional_text(vm, item.attr("using").as_ref(), "using")?
            .unwrap_or_else(|| Str::from("gist")),
        condition: where_,
        ops,
    })
}
