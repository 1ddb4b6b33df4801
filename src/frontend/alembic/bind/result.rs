//! What `execute()` returns.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

use super::row::Row;
use crate::frontend::alembic::raise;
use crate::frontend::sql::system::Datum;
use crate::frontend::sql::{Answer, Cell};
use crate::python::{Builtin, Native, PyResult, Str, Unknown, Value, Vm};
use crate::source::Location;

/// The result of a statement. Its rows are unknown unless the database began empty; unknown rows
/// may be passed around, and it is an error only where they decide something.
pub struct ResultObject {
    place: Option<Location>,
    returns_rows: bool,
    answer: Option<Answer>,
    /// What makes the rows unknown.
    why: Option<Rc<Unknown>>,
    shape: Shape,
    /// How many of the rows were fetched.
    read: Rc<std::cell::Cell<usize>>,
}

/// What is given for each row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// The row.
    Row,
    /// Its first value: `scalars()`.
    Scalar,
    /// A dictionary: `mappings()`.
    Mapping,
}

impl Shape {
    fn of(self, vm: &mut Vm, row: Value) -> PyResult {
        match self {
            Self::Row => Ok(row),
            Self::Scalar => vm.get_item(&row, &Value::Int(0)),
            Self::Mapping => vm.get_attr(&row, "_mapping"),
        }
    }
}

impl ResultObject {
    /// The rows in the shape that was asked for, when they are known.
    fn known(&self, vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        let Some(rows) = self
            .answer
            .as_ref()
            .and_then(|answer| rows(answer, self.place.as_ref()))
        else {
            return Ok(None);
        };
        let shaped: PyResult<Vec<Value>> =
            rows.into_iter().map(|row| self.shape.of(vm, row)).collect();
        shaped.map(Some)
    }

    /// A result; `answer` is what is known of it.
    pub fn value(vm: &mut Vm, returns_rows: bool, answer: Option<Answer>) -> Value {
        Self::unknown(vm, returns_rows, answer, None)
    }

    /// A result whose rows are not known, or not all of it; `why` not.
    pub fn unknown(
        vm: &mut Vm,
        returns_rows: bool,
        answer: Option<Answer>,
        why: Option<Rc<Unknown>>,
    ) -> Value {
        Value::native(Self {
            place: vm.location(),
            returns_rows,
            answer,
            why,
            shape: Shape::Row,
            read: Rc::default(),
        })
    }
}

/// The rows of an answer; `None` when it is not about rows.
pub fn rows(answer: &Answer, place: Option<&Location>) -> Option<Vec<Value>> {
    match answer {
        Answer::NoRows => Some(Vec::new()),
        Answer::Row(cells) => Some(vec![Value::tuple(
            cells
                .iter()
                .map(|cell| match cell {
                    Cell::Zero => Value::Int(0),
                    Cell::Null => Value::None,
                    Cell::Bool(value) => Value::Bool(*value),
                })
                .collect(),
        )]),
        Answer::Rows(found) => {
            let columns: Rc<[Str]> = found.columns.clone().into();
            let rows = found.rows.iter().map(|cells| {
                let cells = cells.iter().map(|cell| datum(cell, place)).collect();
                Row::value(Rc::clone(&columns), cells)
            });
            Some(rows.collect())
        }
        Answer::Changed(_) => None,
    }
}

/// Whether the rows of an answer can only come in this order.
pub fn is_ordered(answer: &Answer) -> bool {
    match answer {
        Answer::Rows(rows) => rows.ordered,
        Answer::NoRows | Answer::Row(_) | Answer::Changed(_) => true,
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

/// What a method that reads rows gives for the rows that are known.
pub fn fetched(vm: &mut Vm, method: &str, rows: &[Value]) -> PyResult {
    let first = rows.first().cloned();
    let cell = |vm: &mut Vm, row: Option<Value>| match row {
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

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let unknown = |what: &str| Value::read_because(what, self.place.clone(), self.why.clone());
        let known = self.known(vm)?;
        Ok(Some(match (name, known) {
            (
                "fetchall" | "fetchone" | "fetchmany" | "first" | "one" | "one_or_none" | "all"
                | "scalar" | "scalar_one" | "scalar_one_or_none",
                Some(rows),
            ) => {
                let method = name.to_owned();
                let (shape, read) = (self.shape, Rc::clone(&self.read));
                let ordered = self.answer.as_ref().is_none_or(is_ordered);
                let row = unknown("which of several rows comes first");
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
                    if wanted < rest.len() && !ordered {
                        return Ok(row.clone());
                    }
                    let part = rest.get(..wanted.min(rest.len())).unwrap_or_default();
                    read.set(match method.as_str() {
                        "fetchone" | "fetchmany" => read.get() + part.len(),
                        _ => rows.len(),
                    });
                    match (shape, part.first()) {
                        // `scalars()` has taken the value out of the row.
                        (Shape::Scalar, first) if method == "scalar" => {
                            Ok(first.cloned().unwrap_or(Value::None))
                        }
                        _ => fetched(vm, &method, part),
                    }
                })));
            }
            ("partitions", Some(rows)) => Builtin::value("partitions", move |_, mut args| {
                let size = match args.take("size") {
                    Some(Value::Int(size)) => usize::try_from(size).unwrap_or(0),
                    _ => 0,
                };
                let size = if size == 0 { rows.len().max(1) } else { size };
                let parts = rows.chunks(size).map(|part| Value::list(part.to_vec()));
                Ok(Value::list(parts.collect()))
            }),
            ("rowcount", _) if let Some(Answer::Changed(count)) = self.answer => {
                Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
            }
            (_, _) => match name {
                "fetchall" | "fetchone" | "fetchmany" | "first" | "one" | "one_or_none" | "all"
                | "scalar" | "scalar_one" | "scalar_one_or_none" | "partitions" | "keys" => {
                    let row = unknown("a row read from the database");
                    Builtin::value("fetchall", move |_, _| Ok(row.clone()))
                }
                "scalars" | "mappings" | "columns"
                    if matches!(self.answer, Some(Answer::Row(_))) =>
                {
                    let place = self.place.clone();
                    Builtin::value("scalars", move |_, _| {
                        Ok(Value::native(Self {
                            place: place.clone(),
                            returns_rows: true,
                            answer: None,
                            why: None,
                            shape: Shape::Row,
                            read: Rc::default(),
                        }))
                    })
                }
                "scalars" | "mappings" if matches!(self.answer, Some(Answer::Rows(_))) => {
                    let (place, answer) = (self.place.clone(), self.answer.clone());
                    let read = Rc::clone(&self.read);
                    let shape = match name {
                        "scalars" => Shape::Scalar,
                        _ => Shape::Mapping,
                    };
                    Builtin::value("scalars", move |_, _| {
                        Ok(Value::native(Self {
                            place: place.clone(),
                            returns_rows: true,
                            answer: answer.clone(),
                            why: None,
                            shape,
                            read: Rc::clone(&read),
                        }))
                    })
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
        if let Some(rows) = self.known(vm)? {
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
