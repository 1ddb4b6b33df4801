//! `select()` and its methods.

use std::rc::Rc;
use std::sync::Arc;

use super::super::earlier;
use super::clause::{method, wrap};
use super::collection::Columns;
use super::{coerce, fail, from, modules};
use crate::expression::{
    BinaryOptions, Compound, Expr, ExprKind, Expression, Fetch, ForUpdate, FromClause, JoinStep,
    LabelStyle, Literal, Operator, Phrases, Select, as_scalar, comparison, exported, select_list,
    text as text_clause, typed, typed_bind,
};
use crate::python::{Args, PyResult, Raise, Value, Vm};

/// `select(…)`.
pub(super) fn select(vm: &mut Vm, mut args: Args) -> PyResult {
    if let Some(items) = earlier::listed(vm, &args, "columns") {
        args.take("columns");
        let select = of_columns(vm, &items)?;
        return earlier::clauses(vm, select, args, ("select", earlier::SELECT));
    }
    let columns = std::mem::take(&mut args.pos);
    args.finish("select")?;
    of_columns(vm, &columns)
}

fn of_columns(vm: &mut Vm, values: &[Value]) -> PyResult {
    let mut columns = Vec::with_capacity(values.len());
    add_columns(vm, &mut columns, values)?;
    Ok(rewrap(Select {
        columns,
        ..Select::default()
    }))
}

fn add_columns(vm: &mut Vm, columns: &mut Vec<Expr>, values: &[Value]) -> PyResult<()> {
    for value in values {
        match super::collection::items(value) {
            Some(items) => {
                for item in &items {
                    columns.push(coerce::select_column(vm, item)?);
                }
            }
            None => columns.push(coerce::select_column(vm, value)?),
        }
    }
    Ok(())
}

fn rewrap(select: Select) -> Value {
    wrap(Expression::untyped(ExprKind::Select(Box::new(select))))
}

/// A UNION and its like.
pub(super) fn compound(keyword: &'static str, selects: Vec<Expr>) -> Expr {
    Expression::untyped(ExprKind::Compound(Box::new(Compound {
        keyword,
        selects,
        group_by: Vec::new(),
        order_by: Vec::new(),
        limit: None,
        offset: None,
        fetch: None,
        for_update: None,
        ctes: Vec::new(),
    })))
}

/// `union(a, b)`.
pub(super) fn combine(vm: &mut Vm, keyword: &'static str, args: Args) -> PyResult {
    let mut selects = Vec::with_capacity(args.pos.len());
    for value in &args.pos {
        match coerce::clause(vm, value)? {
            Some(select) => selects.push(select),
            None => return Err(fail::argument(vm, "SELECT construct expected")),
        }
    }
    Ok(wrap(compound(keyword, selects)))
}

fn keyword_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "union" => "UNION",
        "union_all" => "UNION ALL",
        "except_" => "EXCEPT",
        "except_all" => "EXCEPT ALL",
        "intersect" => "INTERSECT",
        "intersect_all" => "INTERSECT ALL",
        _ => return None,
    })
}

/// `prefix_with("…", dialect="…")`.
pub(super) fn phrases(vm: &mut Vm, mut args: Args) -> PyResult<Phrases> {
    let dialect = args
        .keyword("dialect")
        .and_then(|value| value.as_str())
        .filter(|name| &**name != "*");
    let mut phrases = Vec::with_capacity(args.pos.len());
    for value in &args.pos {
        let expr = match coerce::clause(vm, value)? {
            Some(expr) => expr,
            None => text_clause(value.as_str().unwrap_or_else(|| Arc::from(""))),
        };
        phrases.push((expr, dialect.clone()));
    }
    Ok(phrases)
}

fn for_update(vm: &mut Vm, mut args: Args) -> PyResult<ForUpdate> {
    let mut update = ForUpdate::default();
    for (name, slot) in [
        ("nowait", &mut update.nowait),
        ("read", &mut update.read),
        ("skip_locked", &mut update.skip_locked),
        ("key_share", &mut update.key_share),
    ] {
        if let Some(value) = args.keyword(name) {
            *slot = vm.truth(&value)?;
        }
    }
    if let Some(of) = args.keyword("of").filter(|value| !value.is_none()) {
        let items = match &of {
            Value::List(_) | Value::Tuple(_) => vm.iterate(&of)?,
            _ => vec![of],
        };
        for item in &items {
            if let Some(expr) = coerce::clause(vm, item)? {
                update.of.push(expr);
            }
        }
    }
    Ok(update)
}

fn fetch(vm: &mut Vm, mut args: Args) -> PyResult<Option<Fetch>> {
    let count = args.require("fetch", "count")?;
    let with_ties = match args.take("with_ties") {
        Some(flag) => vm.truth(&flag)?,
        None => false,
    };
    let percent = match args.take("percent") {
        Some(flag) => vm.truth(&flag)?,
        None => false,
    };
    Ok(coerce::count(vm, &count)?.map(|count| Fetch {
        count,
        percent,
        with_ties,
    }))
}

/// `slice(start, stop)` as limit and offset.
fn slice(args: &mut Args) -> PyResult<(Option<Expr>, Option<Expr>)> {
    let number = |value: Option<Value>| value.and_then(|value| value.as_int());
    let start = number(args.take("start"));
    let stop = number(args.take("stop"));
    let bind = |number: i64| {
        typed_bind(
            Literal::Int(Arc::from(number.to_string())),
            typed("Integer"),
        )
    };
    Ok(match (start, stop) {
        (Some(start), Some(stop)) => (Some(bind(stop - start)), (start != 0).then(|| bind(start))),
        (None, Some(stop)) => (Some(bind(stop)), None),
        (Some(start), None) => (None, Some(bind(start))),
        (None, None) => (None, None),
    })
}

/// Appends to ORDER BY or GROUP BY; `None` alone empties it.
fn append_order(vm: &mut Vm, list: &mut Vec<Expr>, args: &Args) -> PyResult<()> {
    if let [Value::None] = args.pos.as_slice() {
        list.clear();
        return Ok(());
    }
    for value in &args.pos {
        list.extend(coerce::orderings(vm, value)?);
    }
    Ok(())
}

/// `filter_by(name=value)` on a table.
pub(super) fn filter_by(vm: &mut Vm, tables: &[FromClause], args: &Args) -> PyResult<Vec<Expr>> {
    let mut conditions = Vec::with_capacity(args.kw.len());
    for (name, value) in &args.kw {
        let column = tables
            .iter()
            .rev()
            .flat_map(|table| {
                let key = super::dml::column_key(table, name);
                table.columns().into_iter().find(|(own, _)| *own == key)
            })
            .next()
            .map(|(_, column)| column);
        let Some(column) = column else {
            return Err(Raise::exception(
                "AttributeError",
                format!("Entity namespace has no property \"{name}\""),
            ));
        };
        let right = coerce::constant_or_operand(vm, &column, &Operator::Eq, value)?;
        conditions.extend(comparison(
            &column,
            Operator::Eq,
            &right,
            false,
            BinaryOptions::default(),
        ));
    }
    Ok(conditions)
}

fn step(vm: &mut Vm, mut args: Args, outer: bool, from_left: bool) -> PyResult<JoinStep> {
    let left = if from_left {
        let left = args.require("join_from", "from_")?;
        Some(coerce::from_of(vm, &left)?)
    } else {
        None
    };
    let right = args.require("join", "target")?;
    let right = coerce::from_of(vm, &right)?;
    let on = match args.take("onclause").filter(|value| !value.is_none()) {
        Some(on) => Some(coerce::condition(vm, &on)?),
        None => None,
    };
    let outer = match args.keyword("isouter") {
        Some(flag) => vm.truth(&flag)?,
        None => outer,
    };
    let full = match args.keyword("full") {
        Some(flag) => vm.truth(&flag)?,
        None => false,
    };
    Ok(JoinStep {
        left,
        right,
        on,
        outer,
        full,
    })
}

fn froms(vm: &mut Vm, values: &[Value]) -> PyResult<Vec<FromClause>> {
    values
        .iter()
        .map(|value| coerce::from_of(vm, value))
        .collect()
}

/// A generative method: the changed copy of the SELECT.
fn change(
    name: &'static str,
    this: &Value,
    expr: &Expr,
    edit: impl Fn(&mut Vm, &mut Select, Args) -> PyResult<()> + 'static,
) -> Value {
    method(name, this, expr, move |vm, _, expr, args| {
        let ExprKind::Select(select) = &expr.kind else {
            return Ok(Value::None);
        };
        let mut select = (**select).clone();
        edit(vm, &mut select, args)?;
        Ok(rewrap(select))
    })
}

pub(super) fn select_attr(
    vm: &mut Vm,
    this: &Value,
    expr: &Expr,
    select: &Select,
    name: &str,
) -> PyResult<Option<Value>> {
    let _ = select;
    Ok(Some(match name {
        "where" | "filter" => change("where", this, expr, |vm, select, args| {
            for value in &args.pos {
                select.where_.push(coerce::condition(vm, value)?);
            }
            Ok(())
        }),
        "filter_by" => change("filter_by", this, expr, |vm, select, args| {
            let mut tables: Vec<FromClause> = select.from.clone();
            for column in &select.columns {
                tables.extend(column.from_objects());
            }
            tables.extend(select.joins.iter().map(|step| step.right.clone()));
            select.where_.extend(filter_by(vm, &tables, &args)?);
            Ok(())
        }),
        "having" => change("having", this, expr, |vm, select, args| {
            for value in &args.pos {
                select.having.push(coerce::condition(vm, value)?);
            }
            Ok(())
        }),
        "order_by" => change("order_by", this, expr, |vm, select, args| {
            append_order(vm, &mut select.order_by, &args)
        }),
        "group_by" => change("group_by", this, expr, |vm, select, args| {
            append_order(vm, &mut select.group_by, &args)
        }),
        "limit" => change("limit", this, expr, |vm, select, mut args| {
            let value = args.require("limit", "limit")?;
            select.limit = coerce::count(vm, &value)?;
            select.fetch = None;
            Ok(())
        }),
        "offset" => change("offset", this, expr, |vm, select, mut args| {
            let value = args.require("offset", "offset")?;
            select.offset = coerce::count(vm, &value)?;
            Ok(())
        }),
        "fetch" => change("fetch", this, expr, |vm, select, args| {
            select.fetch = fetch(vm, args)?;
            select.limit = None;
            Ok(())
        }),
        "slice" => change("slice", this, expr, |_, select, mut args| {
            (select.limit, select.offset) = slice(&mut args)?;
            Ok(())
        }),
        "distinct" => change("distinct", this, expr, |vm, select, args| {
            select.distinct = true;
            for value in &args.pos {
                select.distinct_on.push(coerce::expr_of(vm, value, None)?);
            }
            Ok(())
        }),
        "select_from" => change("select_from", this, expr, |vm, select, args| {
            for from in froms(vm, &args.pos)? {
                if !select.from.iter().any(|known| known.same(&from)) {
                    select.from.push(from);
                }
            }
            Ok(())
        }),
        "join" | "outerjoin" | "join_from" | "outerjoin_from" => {
            let outer = name.starts_with("outer");
            let from_left = name.ends_with("_from");
            change("join", this, expr, move |vm, select, args| {
                let step = step(vm, args, outer, from_left)?;
                select.joins.push(step);
                Ok(())
            })
        }
        "with_for_update" => change("with_for_update", this, expr, |vm, select, args| {
            select.for_update = Some(for_update(vm, args)?);
            Ok(())
        }),
        "prefix_with" => change("prefix_with", this, expr, |vm, select, args| {
            select.prefixes.extend(phrases(vm, args)?);
            Ok(())
        }),
        "suffix_with" => change("suffix_with", this, expr, |vm, select, args| {
            select.suffixes.extend(phrases(vm, args)?);
            Ok(())
        }),
        "correlate" => change("correlate", this, expr, |vm, select, args| {
            select.explicit_correlation = true;
            if !matches!(args.pos.as_slice(), [Value::None]) {
                select.correlate.extend(froms(vm, &args.pos)?);
            }
            Ok(())
        }),
        "correlate_except" => change("correlate_except", this, expr, |vm, select, args| {
            select.explicit_correlation = true;
            let mut list = select.correlate_except.take().unwrap_or_default();
            if !matches!(args.pos.as_slice(), [Value::None]) {
                list.extend(froms(vm, &args.pos)?);
            }
            select.correlate_except = Some(list);
            Ok(())
        }),
        "add_columns" | "column" => change("add_columns", this, expr, |vm, select, args| {
            add_columns(vm, &mut select.columns, &args.pos)
        }),
        "with_only_columns" => change("with_only_columns", this, expr, |vm, select, args| {
            let mut columns = Vec::new();
            let listed = earlier::listed(vm, &args, "columns");
            add_columns(vm, &mut columns, listed.as_deref().unwrap_or(&args.pos))?;
            select.columns = columns;
            Ok(())
        }),
        "add_cte" => change("add_cte", this, expr, |vm, select, args| {
            select.ctes.extend(froms(vm, &args.pos)?);
            Ok(())
        }),
        "set_label_style" => change("set_label_style", this, expr, |vm, select, mut args| {
            let style = args.require("set_label_style", "style")?;
            let style = vm.str(&style)?;
            select.label_style = if style.contains("TABLENAME_PLUS_COL") {
                LabelStyle::TablePlusColumn
            } else if style.contains("NONE") {
                LabelStyle::None
            } else {
                LabelStyle::Disambiguate
            };
            Ok(())
        }),
        "with_hint" | "with_statement_hint" => {
            return Err(fail::unsupported(vm, "a hint in select()"));
        }
        _ => return selectable_attr(vm, this, expr, name),
    }))
}

fn change_compound(
    name: &'static str,
    this: &Value,
    expr: &Expr,
    edit: impl Fn(&mut Vm, &mut Compound, Args) -> PyResult<()> + 'static,
) -> Value {
    method(name, this, expr, move |vm, _, expr, args| {
        let ExprKind::Compound(compound) = &expr.kind else {
            return Ok(Value::None);
        };
        let mut compound = (**compound).clone();
        edit(vm, &mut compound, args)?;
        Ok(wrap(Expression::untyped(ExprKind::Compound(Box::new(
            compound,
        )))))
    })
}

pub(super) fn compound_attr(
    vm: &mut Vm,
    this: &Value,
    expr: &Expr,
    compound: &Compound,
    name: &str,
) -> PyResult<Option<Value>> {
    let _ = compound;
    Ok(Some(match name {
        "order_by" => change_compound("order_by", this, expr, |vm, compound, args| {
            append_order(vm, &mut compound.order_by, &args)
        }),
        "group_by" => change_compound("group_by", this, expr, |vm, compound, args| {
            append_order(vm, &mut compound.group_by, &args)
        }),
        "limit" => change_compound("limit", this, expr, |vm, compound, mut args| {
            let value = args.require("limit", "limit")?;
            compound.limit = coerce::count(vm, &value)?;
            Ok(())
        }),
        "offset" => change_compound("offset", this, expr, |vm, compound, mut args| {
            let value = args.require("offset", "offset")?;
            compound.offset = coerce::count(vm, &value)?;
            Ok(())
        }),
        "fetch" => change_compound("fetch", this, expr, |vm, compound, args| {
            compound.fetch = fetch(vm, args)?;
            Ok(())
        }),
        "slice" => change_compound("slice", this, expr, |_, compound, mut args| {
            (compound.limit, compound.offset) = slice(&mut args)?;
            Ok(())
        }),
        "add_cte" => change_compound("add_cte", this, expr, |vm, compound, args| {
            compound.ctes.extend(froms(vm, &args.pos)?);
            Ok(())
        }),
        _ => return selectable_attr(vm, this, expr, name),
    }))
}

/// What SELECT, UNION and `text().columns()` have in common.
pub(super) fn selectable_attr(
    vm: &mut Vm,
    this: &Value,
    expr: &Expr,
    name: &str,
) -> PyResult<Option<Value>> {
    if let Some(keyword) = keyword_of(name) {
        return Ok(Some(method(
            "union",
            this,
            expr,
            move |vm, _, expr, args| {
                let mut selects = vec![Rc::clone(expr)];
                for value in &args.pos {
                    match coerce::clause(vm, value)? {
                        Some(select) => selects.push(select),
                        None => return Err(fail::argument(vm, "SELECT construct expected")),
                    }
                }
                Ok(wrap(compound(keyword, selects)))
            },
        )));
    }
    Ok(Some(match name {
        "selectable" => this.clone(),
        "subquery" | "alias" => method("subquery", this, expr, |vm, _, expr, mut args| {
            let name = match args.take("name") {
                Some(name) => modules::ident(vm, &name)?,
                None => None,
            };
            Ok(from::wrap_from(from::subquery(expr, name, false)))
        }),
        "lateral" => method("lateral", this, expr, |vm, _, expr, mut args| {
            let name = match args.take("name") {
                Some(name) => modules::ident(vm, &name)?,
                None => None,
            };
            Ok(from::wrap_from(from::subquery(expr, name, true)))
        }),
        "cte" => method("cte", this, expr, |vm, _, expr, args| {
            from::cte(vm, expr, args)
        }),
        "scalar_subquery" | "as_scalar" => {
            method("scalar_subquery", this, expr, |_, _, expr, _| {
                Ok(wrap(as_scalar(expr)))
            })
        }
        "label" => method("label", this, expr, |vm, _, expr, args| {
            vm.call_method(&wrap(as_scalar(expr)), "label", args)
        }),
        "exists" => method("exists", this, expr, |_, _, expr, _| {
            Ok(wrap(super::constructs::exists_of(expr)))
        }),
        "c" | "columns" | "selected_columns" | "exported_columns" => match &expr.kind {
            ExprKind::Select(select) if name != "c" && name != "columns" => {
                let columns = select_list(&select.columns)
                    .into_iter()
                    .filter_map(|column| {
                        let name = crate::expression::natural_name(&column)?;
                        Some((name.name, column))
                    })
                    .collect();
                Columns::of(columns)
            }
            _ => {
                let _ = exported(expr);
                Columns::of(from::subquery(expr, None, false).columns())
            }
        },
        "froms" | "get_final_froms" => return Ok(None),
        _ => {
            let _ = vm;
            return Ok(None);
        }
    }))
}
