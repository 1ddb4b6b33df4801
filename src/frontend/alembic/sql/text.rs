//! `text()` and its values.

use std::rc::Rc;
use std::sync::Arc;

use super::super::{earlier, raise, types};
use super::clause::{method, wrap};
use super::literal::literal_of;
use super::{coerce, dml, fail, functions, modules};
use crate::datatype::Family;
use crate::expression::{
    BindParameter, Expr, ExprKind, Expression, Literal, TableColumn, TextClause, TextPiece,
    null_type, of_literal, text_pieces,
};
use crate::python::{Args, Dict, DictKey, PyResult, Value, Vm};

/// The names of a text's parameters.
pub fn names(sql: &str) -> Vec<&str> {
    text_pieces(sql)
        .into_iter()
        .filter_map(|piece| match piece {
            TextPiece::Bind(name) => Some(name),
            _ => None,
        })
        .collect()
}

fn set(binds: &mut Vec<(Arc<str>, BindParameter)>, name: &str, bind: BindParameter) {
    match binds.iter_mut().find(|(key, _)| &**key == name) {
        Some((_, known)) => *known = bind,
        None => binds.push((Arc::from(name), bind)),
    }
}

fn clone(clause: &TextClause, binds: Vec<(Arc<str>, BindParameter)>) -> Value {
    wrap(Expression::untyped(ExprKind::Text(TextClause {
        sql: clause.sql.clone(),
        binds,
    })))
}

/// Attributes of `text()`.
pub(super) fn attr(
    vm: &mut Vm,
    this: &Value,
    expr: &Expr,
    clause: &TextClause,
    name: &str,
) -> PyResult<Option<Value>> {
    let _ = vm;
    Ok(Some(match name {
        "text" => Value::Str(clause.sql.clone()),
        "bindparams" => method("bindparams", this, expr, bindparams),
        "columns" => method("columns", this, expr, columns),
        // A text in ORDER BY or SELECT is written as it is.
        "label" | "in_" | "cast" => return Ok(None),
        _ => return Ok(None),
    }))
}

fn bindparams(vm: &mut Vm, _: &Value, expr: &Expr, args: Args) -> PyResult {
    let ExprKind::Text(clause) = &expr.kind else {
        return Ok(Value::None);
    };
    let known = names(&clause.sql);
    let mut binds = clause.binds.clone();
    let missing = |vm: &mut Vm, name: &str| {
        fail::argument(
            vm,
            format!("This text() construct doesn't define a bound parameter named '{name}'"),
        )
    };
    for value in &args.pos {
        let Some(found) = coerce::clause(vm, value)? else {
            return Err(fail::argument(vm, "bindparam() expected"));
        };
        let ExprKind::Bind(bind) = &found.kind else {
            return Err(fail::argument(vm, "bindparam() expected"));
        };
        let name = bind.key.clone().unwrap_or_else(|| Arc::from(""));
        if !known.contains(&&*name) {
            return Err(missing(vm, &name));
        }
        set(&mut binds, &name, bind.clone());
    }
    for (name, value) in &args.kw {
        if !known.contains(&&**name) {
            return Err(missing(vm, name));
        }
        let data_type = binds
            .iter()
            .find(|(key, _)| key == name)
            .map_or_else(null_type, |(_, bind)| bind.data_type.clone());
        let value = types::processed(vm, &data_type, value)?;
        let literal = literal_of(vm, &value)?;
        let bind = match binds.iter().find(|(key, _)| key == name) {
            Some((_, bind)) => {
                let mut bind = bind.clone();
                // SQLAlchemy gives a value given later no type; the value itself has one.
                bind.value = Some(literal);
                bind
            }
            None => BindParameter {
                key: Some(name.clone()),
                data_type: of_literal(&literal),
                value: Some(literal),
                expanding: false,
            },
        };
        set(&mut binds, name, bind);
    }
    Ok(clone(clause, binds))
}

fn columns(vm: &mut Vm, _: &Value, expr: &Expr, args: Args) -> PyResult {
    let mut columns = Vec::with_capacity(args.pos.len() + args.kw.len());
    for value in &args.pos {
        columns.push(functions::column_of(vm, value)?);
    }
    for (name, value) in &args.kw {
        let data_type = modules::data_type(vm, value)?;
        columns.push(TableColumn::new(
            crate::expression::Ident::from(name.clone()),
            data_type,
        ));
    }
    Ok(wrap(Expression::untyped(ExprKind::TextualSelect {
        text: Rc::clone(expr),
        columns,
    })))
}

/// `statement.params(name=value)`.
pub(super) fn params(vm: &mut Vm, _: &Value, expr: &Expr, args: Args) -> PyResult {
    let mut values: Vec<(Arc<str>, Literal)> = Vec::new();
    for dict in &args.pos {
        values.extend(dict_items(vm, dict)?);
    }
    for (name, value) in &args.kw {
        values.push((name.clone(), literal_of(vm, value)?));
    }
    Ok(wrap(fill(expr, &values)))
}

fn dict_items(vm: &mut Vm, dict: &Value) -> PyResult<Vec<(Arc<str>, Literal)>> {
    fail::known(vm, dict)?;
    let Value::Dict(entries) = dict else {
        return Err(fail::argument(vm, "a dictionary of parameters expected"));
    };
    let entries: Vec<(Value, Value)> = entries
        .borrow()
        .iter()
        .map(|(key, value)| (key.value().clone(), value.clone()))
        .collect();
    let mut values = Vec::with_capacity(entries.len());
    for (key, value) in &entries {
        let Some(key) = key.as_str() else {
            return Err(fail::argument(vm, "the name of a parameter must be a str"));
        };
        values.push((key, literal_of(vm, value)?));
    }
    Ok(values)
}

/// The statement with the values of `execute(statement, parameters)` in place of its parameters.
pub fn with_parameters(vm: &mut Vm, expr: &Expr, parameters: &Value) -> PyResult<Expr> {
    if parameters.is_none() {
        return Ok(Rc::clone(expr));
    }
    let is_written = matches!(expr.kind, ExprKind::Insert(_) | ExprKind::Update(_));
    if !is_written {
        let values = dict_items(vm, parameters)?;
        required(vm, expr, &values)?;
        return Ok(fill(expr, &values));
    }
    // Those that the statement does not name are values of its columns.
    let mut named: Vec<Arc<str>> = Vec::new();
    crate::expression::transform(expr, &mut |node| {
        if let ExprKind::Bind(bind) = &node.kind {
            named.extend(bind.key.clone());
        }
        None
    });
    let mut own = Dict::default();
    let mut columns = Vec::new();
    for (key, value) in dml::pairs(vm, parameters)? {
        match key.as_str() {
            Some(name) if named.contains(&name) => {
                own.insert(DictKey::str(&name), value);
            }
            _ => columns.push((key, value)),
        }
    }
    let expr = dml::with_values(vm, expr, columns)?;
    let values = dict_items(vm, &Value::dict(own))?;
    Ok(fill(&expr, &values))
}

/// Each parameter of a text needs a value once some are given.
fn required(vm: &mut Vm, expr: &Expr, values: &[(Arc<str>, Literal)]) -> PyResult<()> {
    let ExprKind::Text(clause) = &expr.kind else {
        return Ok(());
    };
    let has_value = |name: &str| {
        let own = clause.binds.iter().find(|(key, _)| &**key == name);
        own.is_some_and(|(_, bind)| bind.value.is_some())
            || values.iter().any(|(key, _)| &**key == name)
    };
    match names(&clause.sql).into_iter().find(|name| !has_value(name)) {
        Some(name) if !values.is_empty() => Err(raise::exception(
            vm,
            "StatementError",
            format!("A value is required for bind parameter '{name}'"),
        )),
        _ => Ok(()),
    }
}

/// Puts values in place of parameters.
fn fill(expr: &Expr, values: &[(Arc<str>, Literal)]) -> Expr {
    crate::expression::transform(expr, &mut |node| match &node.kind {
        ExprKind::Text(clause) => {
            let mut binds = clause.binds.clone();
            let mut changed = false;
            for (name, value) in values {
                if !names(&clause.sql).contains(&&**name) {
                    continue;
                }
                changed = true;
                let bind = match binds.iter().find(|(key, _)| key == name) {
                    Some((_, bind)) => BindParameter {
                        value: Some(value.clone()),
                        ..bind.clone()
                    },
                    None => BindParameter {
                        key: Some(name.clone()),
                        value: Some(value.clone()),
                        data_type: null_type(),
                        expanding: false,
                    },
                };
                set(&mut binds, name, bind);
            }
            changed.then(|| {
                Expression::untyped(ExprKind::Text(TextClause {
                    sql: clause.sql.clone(),
                    binds,
                }))
            })
        }
        ExprKind::Bind(bind) => {
            let key = bind.key.as_ref()?;
            let (_, value) = values.iter().find(|(name, _)| name == key)?;
            let data_type = if bind.data_type.spec.family == Family::Null {
                of_literal(value)
            } else {
                bind.data_type.clone()
            };
            Some(Expression::new(
                ExprKind::Bind(BindParameter {
                    value: Some(value.clone()),
                    data_type: data_type.clone(),
                    ..bind.clone()
                }),
                data_type,
            ))
        }
        _ => None,
    })
}

/// `text("…")`.
pub(super) fn text(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = args.require("text", "text")?;
    fail::known(vm, &value)?;
    if let Some(found) = coerce::clause(vm, &value)?
        && matches!(found.kind, ExprKind::Text(_))
    {
        return Ok(value);
    }
    match value.as_str() {
        Some(sql) => {
            let text = wrap(Expression::untyped(ExprKind::Text(TextClause {
                sql,
                binds: Vec::new(),
            })));
            earlier::clauses(vm, text, args, ("text", earlier::TEXT))
        }
        None => {
            let class = vm.type_name(&value);
            Err(fail::type_error(format!(
                "expected string or bytes-like object, got '{class}'"
            )))
        }
    }
}

/// `bindparam(…)`.
pub(super) fn bindparam(vm: &mut Vm, mut args: Args) -> PyResult {
    let key = args.require("bindparam", "key")?;
    let value = args.take("value");
    let data_type = args.take("type_");
    let expanding = match args.keyword("expanding") {
        Some(flag) => vm.truth(&flag)?,
        None => false,
    };
    let given = match data_type {
        Some(given) if !given.is_none() => Some(modules::data_type(vm, &given)?),
        _ => None,
    };
    let literal = match &value {
        Some(value) => match vm.type_name(value) {
            name if matches!(&*name, "_NoArg" | "symbol") => None,
            _ => {
                let value = match &given {
                    Some(given) => types::processed(vm, given, value)?,
                    None => value.clone(),
                };
                Some(literal_of(vm, &value)?)
            }
        },
        None => None,
    };
    let data_type = match given {
        Some(given) => given,
        None => match &literal {
            Some(Literal::List(items)) if expanding => {
                items.first().map_or_else(null_type, of_literal)
            }
            Some(value) => of_literal(value),
            None => null_type(),
        },
    };
    let key = match modules::ident(vm, &key)? {
        Some(key) => Some(key.name),
        None => Some(crate::expression::Ident::anonymous("param").name),
    };
    Ok(wrap(Expression::new(
        ExprKind::Bind(BindParameter {
            key,
            value: literal,
            data_type: data_type.clone(),
            expanding,
        }),
        data_type,
    )))
}
