//! What a session makes of the rows of a SELECT: objects of the classes that it names.

use std::rc::Rc;

use super::Session;
use super::result::{Found, rows};
use super::row::Row;
use crate::expression::{AliasSource, Expr, ExprKind, FromClause};
use crate::frontend::alembic::schema::TableObject;
use crate::frontend::sql::Answer;
use crate::frontend::sql::system::Rows;
use crate::operation::Executable;
use crate::python::{Class, PyResult, Str, Value, Vm};

/// One of the things that a SELECT names.
enum Part {
    /// A class, with as many columns.
    Object(Rc<Class>, usize),
    /// As many columns.
    Columns(usize),
}

/// What the rows of a SELECT have in a session.
pub struct Entities {
    parts: Vec<Part>,
}

impl Entities {
    /// Those of a statement; `None` where it may name classes in a way that is not looked into.
    pub fn of(statement: &Executable) -> Option<Self> {
        let columns = match statement {
            Executable::Expr(expr) => match &expr.kind {
                ExprKind::Select(select) => select.columns.as_slice(),
                _ => &[],
            },
            _ => &[],
        };
        let parts: Option<Vec<Part>> = columns.iter().map(part).collect();
        parts.map(|parts| Self { parts })
    }

    /// Whether there are objects among them.
    pub fn has_objects(&self) -> bool {
        let mut parts = self.parts.iter();
        parts.any(|part| matches!(part, Part::Object(..)))
    }

    /// Whether each row is one object and nothing else.
    pub fn is_object(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Object(..)])
    }

    /// The rows; `None` where it is not known which objects they have.
    pub fn rows(
        &self,
        vm: &mut Vm,
        session: &Rc<Session>,
        found: &Rows,
    ) -> PyResult<Option<Found>> {
        let place = vm.location();
        let answer = Answer::Rows(found.clone());
        if !self.has_objects() {
            return Ok(Some(Found::of(&answer, place.as_ref())));
        }
        let mut names: Vec<Str> = Vec::new();
        let mut at = 0;
        for part in &self.parts {
            let end = at + part.width();
            match part {
                Part::Object(class, _) => names.push(class.name.clone()),
                Part::Columns(_) => match found.columns.get(at..end) {
                    Some(own) => names.extend(own.iter().cloned()),
                    None => return Ok(None),
                },
            }
            at = end;
        }
        if at != found.columns.len() {
            return Ok(None);
        }
        let names: Rc<[Str]> = names.into();
        let mut made = Vec::new();
        for row in rows(&answer, place.as_ref()) {
            let cells = vm.iterate(&row)?;
            match self.row(vm, session, &found.columns, &cells)? {
                Some(values) => made.push(Row::value(Rc::clone(&names), values)),
                None => return Ok(None),
            }
        }
        let found = Found::of_session(made, found.ordered, self.is_object());
        Ok(Some(found))
    }

    fn row(
        &self,
        vm: &mut Vm,
        session: &Rc<Session>,
        columns: &[Str],
        cells: &[Value],
    ) -> PyResult<Option<Vec<Value>>> {
        let mut values = Vec::new();
        let mut at = 0;
        for part in &self.parts {
            let end = at + part.width();
            let (Some(names), Some(own)) = (columns.get(at..end), cells.get(at..end)) else {
                return Ok(None);
            };
            match part {
                Part::Object(class, _) => match session.load(vm, class, names, own)? {
                    Some(object) => values.push(object),
                    None => return Ok(None),
                },
                Part::Columns(_) => values.extend(own.iter().cloned()),
            }
            at = end;
        }
        Ok(Some(values))
    }
}

impl Part {
    fn width(&self) -> usize {
        match self {
            Self::Object(_, width) | Self::Columns(width) => *width,
        }
    }
}

fn part(column: &Expr) -> Option<Part> {
    let ExprKind::From(from) = &column.kind else {
        return Some(Part::Columns(1));
    };
    let width = from.columns().len();
    match from {
        FromClause::Table(_) => {
            let class = TableObject::of(from).and_then(|table| table.class_of(column));
            Some(match class {
                Some(class) => Part::Object(class, width),
                None => Part::Columns(width),
            })
        }
        // A class may have got another name.
        FromClause::Alias(alias) => match &alias.source {
            AliasSource::From(inner) => {
                let mapped = TableObject::of(inner).is_some_and(|table| table.is_mapped());
                (!mapped).then_some(Part::Columns(width))
            }
            AliasSource::Statement(_) => None,
        },
        FromClause::Join(_)
        | FromClause::Cte(_)
        | FromClause::Values(_)
        | FromClause::Element(_) => None,
    }
}
