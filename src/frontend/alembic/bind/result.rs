//! What `execute()` returns.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

use super::one_of::{OneOf, SEVERAL};
use super::row::Row;
use crate::frontend::alembic::raise;
use crate::frontend::sql::system::Datum;
use crate::frontend::sql::{Answer, Cell};
use crate::python::{Builtin, Dict, Native, PyResult, Str, Unknown, Value, Vm};
use crate::source::Location;

/// The result of a statement. Its rows are unknown unless the database began empty; unknown rows
/// may be passed around, and it is an error only where they decide something.
pub struct ResultObject {
    place: Option<Location>,
    returns_rows: bool,
    /// The rows, in the shape that was asked for, where they are known.
    found: Option<Found>,
    /// How many rows the statement changed, where that is known.
    changed: Option<usize>,
    /// What makes the rows unknown.
    why: Option<Rc<Unknown>>,
    /// Whether the values have been taken out of their rows: `scalars()`.
    is_scalars: bool,
    /// How many of the rows were fetched.
    read: Rc<std::cell::Cell<usize>>,
}

/// Rows that are known.
#[derive(Clone)]
pub struct Found {
    /// The rows.
    pub rows: Rc<[Value]>,
    /// Whether they can only come in this order.
    pub is_ordered: bool,
    /// Whether their columns have names.
    is_named: bool,
    /// Whether each is one object of a class and nothing else.
    has_objects: bool,
}

impl Found {
    /// Rows of a session; whether each is one object of a class and nothing else.
    pub fn of_session(rows: Vec<Value>, is_ordered: bool, has_objects: bool) -> Self {
        Self {
            rows: rows.into(),
            is_ordered,
            is_named: true,
            has_objects,
        }
    }

    /// The rows of an answer, which was given at a place.
    pub fn of(answer: &Answer, place: Option<&Location>) -> Self {
        Self {
            rows: rows(answer, place).into(),
            is_ordered: match answer {
                Answer::Rows(rows) => rows.ordered,
                Answer::NoRows | Answer::Row(_) => true,
            },
            is_named: !matches!(answer, Answer::Row(_)),
            has_objects: false,
        }
    }
}

impl ResultObject {
    /// A result whose rows are known.
    pub fn known(vm: &mut Vm, found: Found) -> Value {
        Value::native(Self {
            found: Some(found),
            ..Self::nothing(vm, true)
        })
    }

    /// Whether each row is one object of a class.
    pub fn has_objects(&self) -> bool {
        let found = self.found.as_ref();
        found.is_some_and(|found| found.has_objects)
    }

    /// A result whose rows are not known, and `why` not, but perhaps how many rows were changed.
    pub fn unknown(
        vm: &mut Vm,
        returns_rows: bool,
        changed: Option<usize>,
        why: Option<Rc<Unknown>>,
    ) -> Value {
        Value::native(Self {
            changed,
            why,
            ..Self::nothing(vm, returns_rows)
        })
    }

    fn nothing(vm: &mut Vm, returns_rows: bool) -> Self {
        Self {
            place: vm.location(),
            returns_rows,
            found: None,
            changed: None,
            why: None,
            is_scalars: false,
            read: Rc::default(),
        }
    }

    /// What `scalars(index)` and `mappings()` give, where the rows are known.
    fn shaped(&self, vm: &mut Vm, method: &str, index: &Value) -> PyResult {
        let mut shaped = Vec::new();
        let found = self.found.as_ref().filter(|found| {
            // The columns of some rows have no known names.
            found.is_named || method == "scalars"
        });
        for row in found.iter().flat_map(|found| found.rows.iter()) {
            shaped.push(match method {
                "scalars" => vm.get_item(row, index)?,
                _ => vm.get_attr(row, "_mapping")?,
            });
        }
        Ok(Value::native(Self {
            place: self.place.clone(),
            found: found.map(|found| Found {
                rows: shaped.into(),
                ..found.clone()
            }),
            is_scalars: method == "scalars",
            read: Rc::clone(&self.read),
            ..Self::nothing(vm, true)
        }))
    }
}

/// The rows of an answer.
pub fn rows(answer: &Answer, place: Option<&Location>) -> Vec<Value> {
    match answer {
        Answer::NoRows => Vec::new(),
        Answer::Row(cells) => vec![Value::tuple(
            cells
                .iter()
                .map(|cell| match cell {
                    Cell::Zero => Value::Int(0),
                    Cell::Null => Value::None,
                    Cell::Bool(value) => Value::Bool(*value),
                })
                .collect(),
        )],
        Answer::Rows(found) => {
            let columns: Rc<[Str]> = found.columns.clone().into();
            let rows = found.rows.iter().map(|cells| {
                let cells = cells.iter().map(|cell| datum(cell, place)).collect();
                Row::value(Rc::clone(&columns), cells)
            });
            rows.collect()
        }
    }
}

/// A value of the catalog; what only the server knows is an error where it decides something.
fn datum(datum: &Datum, place: Option<&Location>) -> Value {
    match datum {
        Datum::Null => Value::None,
        Datum::Bool(value) => Value::Bool(*value),
        Datum::Int(number) => Value::Int(*number),
        Datum::Text(text) | Datum::Class(_, text) => Value::Str(Arc::clone(text)),
        Datum::List(items) | Datum::Vector(items) => {
            Value::list(items.iter().map(|item| self::datum(item, place)).collect())
        }
        Datum::Here
        | Datum::Object(_)
        | Datum::Begins(_)
        | Datum::Ends(_)
        | Datum::OneOf(_)
        | Datum::Other(_)
        | Datum::Unknown => Value::read("a value that only the server knows", place.cloned()),
    }
}

/// Each row once, at its first place.
pub fn unique(vm: &mut Vm, rows: Vec<Value>) -> PyResult<Vec<Value>> {
    let mut seen = Dict::default();
    let mut found = Vec::new();
    for row in rows {
        let cells = match row.downcast::<Row>() {
            Some(own) => own.tuple(),
            None => row.clone(),
        };
        let cells: Vec<Value> = match &cells {
            Value::Tuple(cells) => cells.iter().map(told_apart).collect(),
            cell => vec![told_apart(cell)],
        };
        let key = vm.key(&Value::Tuple(cells.into()))?;
        if seen.insert(key, Value::None).is_none() {
            found.push(row);
        }
    }
    Ok(found)
}

/// What stands for a cell among others: an object is the same where it is the same one, whatever its class
/// says of equality.
fn told_apart(cell: &Value) -> Value {
    match cell {
        Value::Instance(object) => {
            let place = Rc::as_ptr(object).cast::<()>() as usize;
            Value::from(format!("an object at {place}"))
        }
        cell => cell.clone(),
    }
}

/// What a method that reads rows gives for the rows that are known.
pub fn fetched(vm: &mut Vm, method: &str, rows: &[Value]) -> PyResult {
    let first = rows.first().cloned();
    let cell = |vm: &mut Vm, row: Option<Value>| match row {
        // A row that is one object is that.
        Some(row) if row.downcast::<Row>().is_none() && !matches!(row, Value::Tuple(_)) => Ok(row),
        Some(row) => vm.get_item(&row, &Value::Int(0)),
        None => Ok(Value::None),
    };
    match (method, first) {
        ("one" | "one_or_none" | "scalar_one" | "scalar_one_or_none", Some(_))
            if rows.len() > 1 =>
        {
            Err(raise::exception(
                vm,
                "MultipleResultsFound",
                "Multiple rows were found when exactly one was required".to_owned(),
            ))
        }
        ("one" | "scalar_one", None) => Err(raise::exception(
            vm,
            "NoResultFound",
            "No row was found when one was required".to_owned(),
        )),
        ("fetchone" | "first" | "one" | "one_or_none", first) => Ok(first.unwrap_or(Value::None)),
        ("scalar" | "scalar_one" | "scalar_one_or_none", first) => cell(vm, first),
        _ => Ok(Value::list(rows.to_vec())),
    }
}

impl Native for ResultObject {
    fn type_name(&self) -> &str {
        "CursorResult"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let unknown = |what: &str| Value::read_because(what, self.place.clone(), self.why.clone());
        Ok(Some(match (name, self.found.clone()) {
            (
                "fetchall" | "fetchone" | "fetchmany" | "first" | "one" | "one_or_none" | "all"
                | "scalar" | "scalar_one" | "scalar_one_or_none",
                Some(Found {
                    rows, is_ordered, ..
                }),
            ) => {
                let method = name.to_owned();
                let (is_scalars, read) = (self.is_scalars, Rc::clone(&self.read));
                let place = self.place.clone();
                return Ok(Some(Builtin::value("fetchall", move |vm, mut args| {
                    let rest = rows.get(read.get()..).unwrap_or_default();
                    let wanted = match method.as_str() {
                        "fetchone" | "first" | "scalar" => 1,
                        "fetchmany" => match args.take("size") {
                            Some(Value::Int(size)) => usize::try_from(size).unwrap_or(usize::MAX),
                            _ => 1,
                        },
                        _ => usize::MAX,
                    };
                    if wanted < rest.len() && !is_ordered {
                        let one_of = match method.as_str() {
                            "first" => rest.to_vec(),
                            "scalar" if is_scalars => rest.to_vec(),
                            "scalar" => {
                                let each = rest.iter().map(std::slice::from_ref);
                                let each = each.map(|row| fetched(vm, "scalar", row));
                                each.collect::<PyResult<_>>()?
                            }
                            // What comes behind it could not be told either.
                            _ => return Ok(Value::read(SEVERAL, place.clone())),
                        };
                        read.set(rows.len());
                        return Ok(OneOf::value(one_of, place.clone()));
                    }
                    let part = rest.get(..wanted.min(rest.len())).unwrap_or_default();
                    read.set(match method.as_str() {
                        "fetchone" | "fetchmany" => read.get() + part.len(),
                        _ => rows.len(),
                    });
                    // `scalars()` has taken the value out of the row.
                    match is_scalars && method == "scalar" {
                        true => Ok(part.first().cloned().unwrap_or(Value::None)),
                        false => fetched(vm, &method, part),
                    }
                })));
            }
            ("partitions", Some(Found { rows, .. })) => {
                Builtin::value("partitions", move |_, mut args| {
                    let size = match args.take("size") {
                        Some(Value::Int(size)) => usize::try_from(size).unwrap_or(0),
                        _ => 0,
                    };
                    let size = if size == 0 { rows.len().max(1) } else { size };
                    let parts = rows.chunks(size).map(|part| Value::list(part.to_vec()));
                    Ok(Value::list(parts.collect()))
                })
            }
            ("rowcount", _) if let Some(count) = self.changed => {
                Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
            }
            ("scalars" | "mappings", Some(_)) => {
                let (this, method) = (this.clone(), name.to_owned());
                Builtin::value("scalars", move |vm, mut args| {
                    let index = args.take("index").unwrap_or(Value::Int(0));
                    match this.downcast::<Self>() {
                        Some(result) => result.shaped(vm, &method, &index),
                        None => Ok(Value::None),
                    }
                })
            }
            ("unique", Some(found)) => {
                let (this, place) = (this.clone(), self.place.clone());
                Builtin::value("unique", move |vm, mut args| {
                    let Some(result) = this.downcast::<Self>() else {
                        return Ok(Value::None);
                    };
                    // What a strategy tells apart is its own.
                    if args.take("strategy").is_some_and(|given| !given.is_none()) {
                        return Ok(Value::native(Self {
                            place: place.clone(),
                            ..Self::nothing(vm, true)
                        }));
                    }
                    Ok(Value::native(Self {
                        place: place.clone(),
                        found: Some(Found {
                            rows: unique(vm, found.rows.to_vec())?.into(),
                            ..found.clone()
                        }),
                        is_scalars: result.is_scalars,
                        read: Rc::clone(&result.read),
                        ..Self::nothing(vm, true)
                    }))
                })
            }
            // Which columns are meant is not looked into.
            ("columns", Some(_)) => unknown("columns of a row"),
            (_, _) => match name {
                "fetchall" | "fetchone" | "fetchmany" | "first" | "one" | "one_or_none" | "all"
                | "scalar" | "scalar_one" | "scalar_one_or_none" | "partitions" | "keys" => {
                    let row = unknown("a row read from the database");
                    Builtin::value("fetchall", move |_, _| Ok(row.clone()))
                }
                "mappings" | "scalars" | "unique" | "columns" | "tuples" | "yield_per"
                | "freeze" | "execution_options" => {
                    let this = this.clone();
                    Builtin::value("mappings", move |_, _| Ok(this.clone()))
                }
                "rowcount" => unknown("the number of rows that the statement changed"),
                "inserted_primary_key" | "lastrowid" => {
                    unknown("the key that the database gave to the row")
                }
                "returns_rows" => Value::Bool(self.returns_rows),
                "is_insert" | "closed" => Value::Bool(false),
                "close" => Builtin::value("close", |_, _| Ok(Value::None)),
                _ => return Ok(None),
            },
        }))
    }

    fn iter(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        if let Some(Found { rows, .. }) = &self.found {
            let rest = rows.get(self.read.get()..).unwrap_or_default().to_vec();
            self.read.set(rows.len());
            return Ok(Some(rest));
        }
        Err(raise::database_read(
            vm,
            "the rows of a query",
            self.why.as_ref(),
        ))
    }

    fn next(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Option<Value>>> {
        Err(raise::database_read(
            vm,
            "the rows of a query",
            self.why.as_ref(),
        ))
    }
}
