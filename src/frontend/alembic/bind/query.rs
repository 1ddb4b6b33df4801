//! `session.query(…)`: a SELECT that is built step by step.

use std::any::Any;
use std::rc::Rc;

use super::connection::{doubted, execute, known_answer};
use super::entity::Entities;
use super::one_of::OneOf;
use super::result::{fetched, rows, unique};
use super::session::{Session, offline};
use crate::expression::ExprKind;
use crate::frontend::alembic::{op, orm, raise, sql};
use crate::frontend::sql::Answer;
use crate::frontend::sql::system::Rows;
use crate::operation::Executable;
use crate::python::{Args, Builtin, CompareOp, Native, PyResult, Str, Unknown, Value, Vm};

/// A query. Its rows are unknown, unless the database began empty.
#[derive(Clone)]
pub struct Query {
    /// The session that made it.
    session: Value,
    /// The first argument of `query()`.
    entity: Value,
    /// The statement so far.
    select: Value,
    /// The conditions so far, for `update()` and `delete()`.
    criteria: Vec<Value>,
    /// Whether anything but conditions was added.
    shaped: bool,
    /// Whether a join followed that is not known, as one along a relationship is: where the statement
    /// so far gives no rows, neither does the query.
    beyond: bool,
}

impl Query {
    /// `session.query(*entities)`; `None` where it cannot be built.
    pub fn value(vm: &mut Vm, session: &Value, args: Args) -> PyResult<Option<Value>> {
        if !args.kw.is_empty() {
            return Ok(None);
        }
        let unknown = |value: &Value| matches!(value, Value::Unknown(_));
        let (Some(entity), Some(select)) = (
            args.pos.first().cloned(),
            sql::module_attr(vm, "sqlalchemy", "select")?,
        ) else {
            return Ok(None);
        };
        if args.pos.iter().any(unknown) {
            return Ok(None);
        }
        Ok(vm
            .call(&select, args)
            .ok()
            .filter(|select| !unknown(select))
            .map(|select| {
                Value::native(Self {
                    session: session.clone(),
                    entity,
                    select,
                    criteria: Vec::new(),
                    shaped: false,
                    beyond: false,
                })
            }))
    }

    fn with(&self, select: Value) -> Self {
        Self {
            select,
            ..self.clone()
        }
    }

    /// The rows, when they are known, and whether they can only come in this order.
    fn known(&self, vm: &mut Vm) -> PyResult<Option<(Vec<Value>, bool)>> {
        if let Some(session) = Session::of(&self.session) {
            session.flush(vm)?;
        }
        let statement = op::statement(vm, &self.select)?;
        let found = match known_answer(vm, &statement) {
            Some(Answer::Rows(found)) => self.rows(vm, &statement, &found)?,
            Some(answer @ (Answer::NoRows | Answer::Row(_))) => {
                Some((rows(&answer, vm.location().as_ref()), true))
            }
            None => None,
        };
        Ok(found.filter(|(rows, _)| !self.beyond || rows.is_empty()))
    }

    /// Rows as the session gives them; `None` where that is not understood.
    fn rows(
        &self,
        vm: &mut Vm,
        statement: &Executable,
        found: &Rows,
    ) -> PyResult<Option<(Vec<Value>, bool)>> {
        // What is made of a query with classes may have objects that its statement does not show.
        let is_select =
            matches!(statement, Executable::Expr(expr) if matches!(expr.kind, ExprKind::Select(_)));
        let entities = Entities::of(statement).filter(|_| is_select);
        let (Some(entities), Some(session)) = (entities, Session::of(&self.session)) else {
            return Ok(None);
        };
        let Some(rows) = entities.rows(vm, &session, found)? else {
            return Ok(None);
        };
        let mut made = Vec::new();
        for row in rows.rows.iter() {
            made.push(match entities.is_object() {
                true => vm.get_item(row, &Value::Int(0))?,
                false => row.clone(),
            });
        }
        if entities.has_objects() {
            made = unique(vm, made)?;
        }
        Ok(Some((made, rows.is_ordered)))
    }

    /// How many rows there are, each counted that the same objects come of.
    fn count(&self, vm: &mut Vm) -> PyResult<Option<i64>> {
        if let Some(session) = Session::of(&self.session) {
            session.flush(vm)?;
        }
        let statement = op::statement(vm, &self.select)?;
        let count = match known_answer(vm, &statement) {
            Some(Answer::Rows(found)) => Some(found.rows.len()),
            Some(Answer::NoRows) => Some(0),
            Some(Answer::Row(_)) => Some(1),
            None => None,
        };
        let count = count.filter(|count| !self.beyond || *count == 0);
        Ok(count.and_then(|count| i64::try_from(count).ok()))
    }

    /// What makes the rows unknown, where the database began empty.
    fn doubted(&self, vm: &mut Vm) -> PyResult<Option<Rc<Unknown>>> {
        let statement = op::statement(vm, &self.select)?;
        Ok(doubted(vm, &statement))
    }

    /// The query with more conditions.
    fn filtered(&self, vm: &mut Vm, conditions: Vec<Value>) -> PyResult {
        if self.beyond {
            return Ok(Value::native(self.clone()));
        }
        let args = Args::of(conditions.clone());
        let mut query = self.with(vm.call_method(&self.select, "where", args)?);
        query.criteria.extend(conditions);
        Ok(Value::native(query))
    }

    /// The query for the row with a key; `None` where the key is not one value.
    fn with_key(&self, vm: &mut Vm, ident: Value) -> PyResult<Option<Self>> {
        let Value::Class(class) = &self.entity else {
            return Ok(None);
        };
        let key = orm::mapper_of(class).map(|mapper| mapper.primary_key());
        let (Some([(attribute, _)]), Value::Int(_) | Value::Str(_)) = (key.as_deref(), &ident)
        else {
            return Ok(None);
        };
        let column = vm.get_attr(&self.entity, attribute)?;
        let condition = vm.compare(CompareOp::Eq, &column, &ident)?;
        let found = self.filtered(vm, vec![condition])?;
        Ok(found.downcast::<Self>().map(|query| (*query).clone()))
    }

    /// `UPDATE` or `DELETE` of what the query selects.
    fn change(&self, vm: &mut Vm, function: &str, values: Option<Value>) -> PyResult {
        offline(vm)?;
        let constructor = sql::module_attr(vm, "sqlalchemy", function)?;
        let (false, Some(constructor)) = (self.shaped, constructor) else {
            return Err(raise::unsupported(
                vm,
                &format!("{function}() of a query with joins, groups or limits"),
            ));
        };
        let mut statement = vm.call(&constructor, Args::of(vec![self.entity.clone()]))?;
        if !self.criteria.is_empty() {
            let args = Args::of(self.criteria.clone());
            statement = vm.call_method(&statement, "where", args)?;
        }
        if let Some(values) = values {
            statement = vm.call_method(&statement, "values", Args::of(vec![values]))?;
        }
        let result = execute(vm, Args::of(vec![statement]))?;
        vm.get_attr(&result, "rowcount")
    }
}

/// The method of a SELECT that a method of a query stands for; whether it is more than a
/// condition.
fn select_method(name: &str) -> Option<&str> {
    Some(match name {
        "with_entities" => "with_only_columns",
        "add_column" => "add_columns",
        "join" | "outerjoin" | "group_by" | "having" | "order_by" | "limit" | "offset"
        | "distinct" | "with_for_update" | "select_from" | "correlate" | "prefix_with"
        | "suffix_with" | "add_columns" | "union" | "union_all" | "intersect" | "except_" => name,
        _ => return None,
    })
}

impl Native for Query {
    fn type_name(&self) -> &str {
        "Query"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let query = self.clone();
        let method = Str::from(name);
        let is_statement = matches!(
            name,
            "subquery"
                | "cte"
                | "alias"
                | "scalar_subquery"
                | "as_scalar"
                | "label"
                | "exists"
                | "compile"
                | "statement"
                | "selectable"
                | "__clause_element__"
        );
        if self.beyond && is_statement {
            let what = "a query with a join along a relationship";
            return Ok(Some(Value::unknown(what, vm.location())));
        }
        if let Some(target) = select_method(name) {
            let target = target.to_owned();
            return Ok(Some(Builtin::value("query", move |vm, mut args| {
                for value in &mut args.pos {
                    if let Some(other) = value.downcast::<Query>() {
                        *value = other.select.clone();
                    }
                }
                let joins =
                    matches!(&*target, "join" | "outerjoin") && args.keyword("full").is_none();
                let unknown = args
                    .pos
                    .iter()
                    .any(|value| matches!(value, Value::Unknown(_)));
                if joins && (unknown || query.beyond) {
                    let mut next = query.clone();
                    (next.shaped, next.beyond) = (true, true);
                    return Ok(Value::native(next));
                }
                let narrows = matches!(&*target, "order_by" | "limit" | "distinct" | "offset");
                if query.beyond && narrows {
                    return Ok(Value::native(query.clone()));
                }
                if query.beyond {
                    return Ok(Value::read("rows read from the database", vm.location()));
                }
                let select = vm.call_method(&query.select, &target, args)?;
                let mut next = query.with(select);
                next.shaped |= &*target != "order_by";
                Ok(Value::native(next))
            })));
        }
        Ok(Some(match name {
            "filter" | "where" => {
                Builtin::value("filter", move |vm, args| query.filtered(vm, args.pos))
            }
            "filter_by" => Builtin::value("filter_by", move |vm, args| {
                let mut conditions = Vec::new();
                for (key, value) in args.kw {
                    let column = vm.get_attr(&query.entity, &key)?;
                    conditions.push(vm.compare(CompareOp::Eq, &column, &value)?);
                }
                query.filtered(vm, conditions)
            }),
            "options" | "enable_eagerloads" | "yield_per" | "execution_options"
            | "populate_existing" | "autoflush" | "params" => {
                let this = this.clone();
                Builtin::value("options", move |_, _| Ok(this.clone()))
            }
            "slice" => Builtin::value("slice", move |vm, mut args| {
                let (start, stop) = (args.require("slice", "start")?, args.take("stop"));
                let mut select =
                    vm.call_method(&query.select, "offset", Args::of(vec![start.clone()]))?;
                if let (Some(Value::Int(stop)), Value::Int(start)) = (stop, start) {
                    let limit = Value::Int(stop.saturating_sub(start));
                    select = vm.call_method(&select, "limit", Args::of(vec![limit]))?;
                }
                let mut next = query.with(select);
                next.shaped = true;
                Ok(Value::native(next))
            }),
            "subquery" | "cte" | "alias" | "scalar_subquery" | "as_scalar" | "label" | "exists"
            | "correlate_except" | "compile" => {
                let target = match name {
                    "alias" => "subquery",
                    "as_scalar" => "scalar_subquery",
                    other => other,
                };
                return Ok(Some(vm.get_attr(&self.select, target)?));
            }
            "session" => self.session.clone(),
            "statement" | "selectable" => self.select.clone(),
            "__clause_element__" => {
                // A query labels its columns with their tables, its `statement` does not.
                Builtin::value("__clause_element__", move |vm, _| {
                    let style = Args::of(vec![Value::from("LABEL_STYLE_TABLENAME_PLUS_COL")]);
                    vm.call_method(&query.select, "set_label_style", style)
                })
            }
            "all" | "first" | "one" | "one_or_none" | "scalar" | "count" | "get" => {
                let place = vm.location();
                Builtin::value("all", move |vm, mut args| {
                    offline(vm)?;
                    let unknown = |why| {
                        Value::read_because("rows read from the database", place.clone(), why)
                    };
                    let asked = match &*method {
                        "get" => query.with_key(vm, args.require("get", "ident")?)?,
                        _ => Some(query.clone()),
                    };
                    let Some(asked) = asked else {
                        return Ok(unknown(None));
                    };
                    if &*method == "count" {
                        return match asked.count(vm)? {
                            Some(count) => Ok(Value::Int(count)),
                            None => {
                                let why = asked.doubted(vm)?;
                                Ok(unknown(why))
                            }
                        };
                    }
                    match (asked.known(vm)?, &*method) {
                        (Some((rows, _)), "get") => {
                            Ok(rows.first().cloned().unwrap_or(Value::None))
                        }
                        // Which of several comes first is not known.
                        (Some((rows, false)), "first") if rows.len() > 1 => {
                            Ok(OneOf::value(rows, place.clone()))
                        }
                        (Some((rows, _)), "scalar") if rows.len() > 1 => fetched(vm, "one", &rows),
                        (Some((rows, _)), method) => fetched(vm, method, &rows),
                        (None, _) => {
                            let why = asked.doubted(vm)?;
                            Ok(unknown(why))
                        }
                    }
                })
            }
            "update" => Builtin::value("update", move |vm, mut args| {
                let values = args.require("update", "values")?;
                query.change(vm, "update", Some(values))
            }),
            "delete" => Builtin::value("delete", move |vm, _| query.change(vm, "delete", None)),
            _ => return Ok(None),
        }))
    }

    fn iter(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        offline(vm)?;
        match self.known(vm)? {
            Some((rows, _)) => Ok(Some(rows)),
            None => {
                let why = self.doubted(vm)?;
                Err(raise::database_read(
                    vm,
                    "the rows of a query",
                    why.as_ref(),
                ))
            }
        }
    }
}
