//! Tables, aliases, joins and CTEs as objects.

use std::rc::Rc;

use super::super::earlier;
use super::clause::{Clause, method, wrap};
use super::collection::Columns;
use super::{coerce, dml, fail, modules};
use crate::expression::{
    Alias, AliasSource, Compound, Cte, Expr, ExprKind, Expression, FromClause, Ident, Join,
    Operator, Select, TableClause, TableColumn, Values, exported, join_condition, self_group,
};
use crate::python::{Args, PyResult, Value, Vm};

/// A statement as a subquery.
pub(super) fn subquery(statement: &Expr, name: Option<Ident>, lateral: bool) -> FromClause {
    FromClause::Alias(Rc::new(Alias {
        name: name.unwrap_or_else(|| Ident::anonymous("anon")),
        source: AliasSource::Statement(Rc::clone(statement)),
        lateral,
        sample: None,
        render_columns: None,
        with_ordinality: false,
        columns: exported(statement),
    }))
}

fn columns_of(from: &FromClause) -> Vec<TableColumn> {
    match from {
        FromClause::Table(table) => table.columns.clone(),
        FromClause::Alias(alias) => alias.columns.clone(),
        FromClause::Cte(cte) => cte.columns.clone(),
        FromClause::Values(values) => values.columns.clone(),
        FromClause::Join(_) | FromClause::Element(_) => from
            .columns()
            .into_iter()
            .map(|(key, expr)| TableColumn::new(Ident::from(key), expr.data_type.clone()))
            .collect(),
    }
}

/// A table under another name.
fn alias(from: &FromClause, name: Option<Ident>, lateral: bool) -> FromClause {
    let base = match from.name() {
        Some(name) => match name.anonymous_parts() {
            Some((_, base)) => base.to_owned(),
            None => name.name.to_string(),
        },
        None => "anon".to_owned(),
    };
    let name = name.unwrap_or_else(|| Ident::anonymous(&base));
    if let FromClause::Cte(cte) = from {
        return FromClause::Cte(Rc::new(Cte {
            name,
            statement: Rc::clone(&cte.statement),
            recursive: cte.recursive,
            nesting: cte.nesting,
            restates: None,
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            alias_of: Some(Rc::clone(cte)),
            columns: cte.columns.clone(),
        }));
    }
    // A subquery's alias is the subquery under that name.
    let source = match from {
        FromClause::Alias(inner) => match &inner.source {
            AliasSource::Statement(statement) => AliasSource::Statement(Rc::clone(statement)),
            AliasSource::From(_) => AliasSource::From(from.clone()),
        },
        from => AliasSource::From(from.clone()),
    };
    FromClause::Alias(Rc::new(Alias {
        name,
        source,
        lateral,
        sample: None,
        render_columns: None,
        with_ordinality: false,
        columns: columns_of(from),
    }))
}

/// A table expression as a value.
pub(super) fn wrap_from(from: FromClause) -> Value {
    wrap(Expression::untyped(ExprKind::From(from)))
}

/// `left.join(right, on)`.
pub(super) fn join_of(
    vm: &mut Vm,
    left: &FromClause,
    mut args: Args,
    outer: bool,
) -> PyResult<FromClause> {
    let right = args.require("join", "right")?;
    let on = args.take("onclause").filter(|value| !value.is_none());
    let outer = match args.take("isouter") {
        Some(flag) => vm.truth(&flag)?,
        None => outer,
    };
    let full = match args.take("full") {
        Some(flag) => vm.truth(&flag)?,
        None => false,
    };
    let right = coerce::from_of(vm, &right)?;
    let on = match on {
        Some(on) => {
            let on = coerce::condition(vm, &on)?;
            self_group(&on, Some(&Operator::AsBool))
        }
        None => match join_condition(left, &right) {
            Some(on) => on,
            None => {
                return Err(fail::argument(
                    vm,
                    "Can't find any foreign key relationships between the tables of the join; give the condition",
                ));
            }
        },
    };
    Ok(FromClause::Join(Rc::new(Join {
        left: left.clone(),
        right,
        on,
        outer,
        full,
    })))
}

/// A FROM element's own method as a value.
fn from_method(
    name: &'static str,
    this: &Value,
    from: &FromClause,
    call: impl Fn(&mut Vm, &FromClause, Args) -> PyResult + 'static,
) -> Value {
    let from = from.clone();
    let expr = Expression::untyped(ExprKind::From(from.clone()));
    method(name, this, &expr, move |vm, _, _, args| {
        call(vm, &from, args)
    })
}

/// What a `Table` of a `MetaData` answers as an expression.
pub fn from_attr(
    vm: &mut Vm,
    this: &Value,
    table: &Rc<TableClause>,
    name: &str,
) -> PyResult<Option<Value>> {
    attr(vm, this, &FromClause::Table(Rc::clone(table)), name)
}

pub(super) fn attr(
    vm: &mut Vm,
    this: &Value,
    from: &FromClause,
    name: &str,
) -> PyResult<Option<Value>> {
    let _ = vm;
    if let Some(found) = cte_attr(this, from, name) {
        return Ok(Some(found));
    }
    Ok(Some(match name {
        "c" | "columns" | "exported_columns" => Columns::of(from.columns()),
        "name" | "key" | "description" => match from.name() {
            Some(name) => modules::ident_value(name),
            None => return Ok(None),
        },
        "fullname" => match (from.schema(), from.name()) {
            (Some(schema), Some(name)) => Value::from(format!("{}.{}", schema.name, name.name)),
            (None, Some(name)) => Value::Str(name.name.clone()),
            _ => return Ok(None),
        },
        "schema" => match from.schema() {
            Some(schema) => modules::ident_value(schema),
            None => Value::None,
        },
        "select" => from_method("select", this, from, |vm, from, args| {
            let select = wrap(Expression::untyped(ExprKind::Select(Box::new(Select {
                columns: vec![Expression::untyped(ExprKind::From(from.clone()))],
                ..Select::default()
            }))));
            earlier::clauses(vm, select, args, ("select", earlier::SELECT_OF_TABLE))
        }),
        "insert" => from_method("insert", this, from, |vm, from, args| {
            let insert = dml::insert_into(from);
            earlier::clauses(vm, insert, args, ("insert", earlier::INSERT))
        }),
        "update" => from_method("update", this, from, |vm, from, args| {
            let update = dml::update_of(from);
            earlier::clauses(vm, update, args, ("update", earlier::UPDATE))
        }),
        "delete" => from_method("delete", this, from, |vm, from, args| {
            let delete = dml::delete_from(from);
            earlier::clauses(vm, delete, args, ("delete", earlier::DELETE))
        }),
        "alias" => from_method("alias", this, from, |vm, from, mut args| {
            let name = match args.take("name") {
                Some(name) => modules::ident(vm, &name)?,
                None => None,
            };
            Ok(wrap_from(alias(from, name, false)))
        }),
        "lateral" => from_method("lateral", this, from, |vm, from, mut args| {
            let name = match args.take("name") {
                Some(name) => modules::ident(vm, &name)?,
                None => None,
            };
            Ok(wrap_from(alias(from, name, true)))
        }),
        "join" => from_method("join", this, from, |vm, from, args| {
            join_of(vm, from, args, false).map(wrap_from)
        }),
        "outerjoin" => from_method("outerjoin", this, from, |vm, from, args| {
            join_of(vm, from, args, true).map(wrap_from)
        }),
        "left" | "right" => match from {
            FromClause::Join(join) if name == "left" => wrap_from(join.left.clone()),
            FromClause::Join(join) => wrap_from(join.right.clone()),
            _ => return Ok(None),
        },
        "data" => match from {
            FromClause::Values(values) => {
                let values = Rc::clone(values);
                from_method("data", this, from, move |vm, _, args| {
                    values_data(vm, &values, args)
                })
            }
            _ => return Ok(None),
        },
        "render_derived" => match from {
            FromClause::Alias(alias) => {
                let alias = Rc::clone(alias);
                from_method("render_derived", this, from, move |vm, _, mut args| {
                    let name = match args.take("name") {
                        Some(name) => modules::ident(vm, &name)?,
                        None => None,
                    };
                    let with_types = match args.keyword("with_types") {
                        Some(flag) => vm.truth(&flag)?,
                        None => false,
                    };
                    let source = match &alias.source {
                        AliasSource::From(from) => AliasSource::From(from.clone()),
                        AliasSource::Statement(statement) => {
                            AliasSource::Statement(Rc::clone(statement))
                        }
                    };
                    Ok(wrap_from(FromClause::Alias(Rc::new(Alias {
                        name: name.unwrap_or_else(|| alias.name.clone()),
                        source,
                        lateral: alias.lateral,
                        sample: None,
                        render_columns: Some(with_types),
                        with_ordinality: alias.with_ordinality,
                        columns: alias.columns.clone(),
                    }))))
                })
            }
            _ => return Ok(None),
        },
        "element" | "original" => match from {
            FromClause::Alias(alias) => match &alias.source {
                AliasSource::From(from) => wrap_from(from.clone()),
                AliasSource::Statement(statement) => wrap(Rc::clone(statement)),
            },
            FromClause::Cte(cte) => wrap(Rc::clone(&cte.statement)),
            _ => return Ok(None),
        },
        "primary_key" | "foreign_keys" => Value::list(Vec::new()),
        "is_derived_from" | "corresponding_column" => return Ok(None),
        _ => return Ok(None),
    }))
}

fn values_data(vm: &mut Vm, values: &Values, mut args: Args) -> PyResult {
    let rows = args.require("data", "values")?;
    let mut all = values.rows.clone();
    for row in vm.iterate(&rows)? {
        let members = vm.iterate(&row)?;
        let mut items = Vec::with_capacity(members.len());
        for (index, member) in members.iter().enumerate() {
            let hint = values
                .columns
                .get(index)
                .map(|column| column.data_type.clone());
            let hint = hint.filter(|hint| hint.spec.family != crate::datatype::Family::Null);
            items.push(coerce::expr_of(vm, member, hint.as_ref())?);
        }
        all.push(Expression::untyped(ExprKind::Tuple(items)));
    }
    Ok(wrap_from(FromClause::Values(Rc::new(Values {
        name: values.name.clone(),
        columns: values.columns.clone(),
        rows: all,
        lateral: values.lateral,
    }))))
}

/// A statement as a CTE.
pub(super) fn cte(vm: &mut Vm, statement: &Expr, mut args: Args) -> PyResult {
    let name = match args.take("name") {
        Some(name) => modules::ident(vm, &name)?,
        None => None,
    };
    let recursive = match args.take("recursive") {
        Some(flag) => vm.truth(&flag)?,
        None => false,
    };
    let nesting = match args.take("nesting") {
        Some(flag) => vm.truth(&flag)?,
        None => false,
    };
    Ok(wrap_from(FromClause::Cte(Rc::new(Cte {
        name: name.unwrap_or_else(|| Ident::anonymous("anon")),
        statement: Rc::clone(statement),
        recursive,
        nesting,
        restates: None,
        prefixes: Vec::new(),
        suffixes: Vec::new(),
        alias_of: None,
        columns: exported(statement),
    }))))
}

/// `cte.union(…)` and words around a CTE.
fn cte_attr(this: &Value, from: &FromClause, name: &str) -> Option<Value> {
    let FromClause::Cte(cte) = from else {
        return None;
    };
    let keyword = match name {
        "union" => "UNION",
        "union_all" => "UNION ALL",
        "prefix_with" | "suffix_with" => {
            let cte = Rc::clone(cte);
            let is_prefix = name == "prefix_with";
            return Some(from_method(
                "prefix_with",
                this,
                from,
                move |vm, _, args| {
                    let phrases = super::select::phrases(vm, args)?;
                    let mut prefixes = cte.prefixes.clone();
                    let mut suffixes = cte.suffixes.clone();
                    if is_prefix {
                        prefixes.extend(phrases);
                    } else {
                        suffixes.extend(phrases);
                    }
                    Ok(wrap_from(FromClause::Cte(Rc::new(Cte {
                        name: cte.name.clone(),
                        statement: Rc::clone(&cte.statement),
                        recursive: cte.recursive,
                        nesting: cte.nesting,
                        restates: cte.restates.clone(),
                        prefixes,
                        suffixes,
                        alias_of: cte.alias_of.clone(),
                        columns: cte.columns.clone(),
                    }))))
                },
            ));
        }
        _ => return None,
    };
    let cte = Rc::clone(cte);
    Some(from_method("union", this, from, move |vm, _, args| {
        let mut selects = vec![Rc::clone(&cte.statement)];
        for value in &args.pos {
            match coerce::clause(vm, value)? {
                Some(select) => selects.push(select),
                None => return Err(fail::argument(vm, "SELECT construct expected")),
            }
        }
        let statement = super::select::compound(keyword, selects);
        let columns = exported(&statement);
        let _: Option<Compound> = None;
        Ok(wrap_from(FromClause::Cte(Rc::new(Cte {
            name: cte.name.clone(),
            statement,
            recursive: cte.recursive,
            nesting: cte.nesting,
            restates: Some(Rc::clone(&cte)),
            prefixes: cte.prefixes.clone(),
            suffixes: cte.suffixes.clone(),
            alias_of: None,
            columns,
        }))))
    }))
}

/// `table("name", column("x"), …, schema="s")`.
pub(super) fn table(vm: &mut Vm, mut args: Args) -> PyResult {
    let name = args.require("table", "name")?;
    let Some(name) = modules::ident(vm, &name)? else {
        return Err(fail::argument(vm, "the name of a table must be a str"));
    };
    let schema = match args.keyword("schema") {
        // An empty one is none.
        Some(schema) => modules::ident(vm, &schema)?.filter(|schema| !schema.name.is_empty()),
        None => None,
    };
    let mut columns = Vec::with_capacity(args.pos.len());
    for value in &args.pos {
        if let Some(message) = assigned(value) {
            return Err(fail::argument(vm, message));
        }
        columns.push(super::functions::column_of(vm, value)?);
    }
    let table = FromClause::Table(Rc::new(TableClause::new(name, schema, columns)));
    for (value, column) in args.pos.iter().zip(columns_of(&table)) {
        if let Some(clause) = value.downcast::<Clause>() {
            clause.place(table.column(&column));
        }
    }
    Ok(wrap_from(table))
}

/// What is said of a column that has a table already.
fn assigned(value: &Value) -> Option<String> {
    let clause = value.downcast::<Clause>()?;
    match &clause.expr().kind {
        ExprKind::Column {
            table: Some(table),
            name,
        } => Some(format!(
            "column object '{}' already assigned to table '{}'",
            name.name,
            table.name().map_or("", |table| &table.name)
        )),
        _ => None,
    }
}

/// `join(left, right, on)`, `outerjoin(…)`.
pub(super) fn join(vm: &mut Vm, mut args: Args, outer: bool) -> PyResult {
    let left = args.require("join", "left")?;
    let left = coerce::from_of(vm, &left)?;
    join_of(vm, &left, args, outer).map(wrap_from)
}

/// `alias(x, name)`, `lateral(x, name)`.
pub(super) fn alias_function(vm: &mut Vm, mut args: Args, lateral: bool) -> PyResult {
    let value = args.require("alias", "selectable")?;
    let name = match args.take("name") {
        Some(name) => modules::ident(vm, &name)?,
        None => None,
    };
    if let Some(found) = coerce::clause(vm, &value)?
        && found.is_select()
    {
        return Ok(wrap_from(subquery(&found, name, lateral)));
    }
    let from = coerce::from_of(vm, &value)?;
    Ok(wrap_from(alias(&from, name, lateral)))
}
