//! The rows that statements put into tables of a database that began empty, as far as they are
//! known.

use std::rc::Rc;
use std::sync::Arc;

use super::{Autoincrement, Column, ServerDefault, Table};
use crate::datatype::{DataType, Family};
use crate::expression::{Expr, ExprKind, Literal};

/// How many rows of a table are kept in mind. Those of more are not known: memory and time stay
/// bounded whatever a migration writes.
const MOST: usize = 2_000;

/// Which keys of new tables get the numbers 1, 2, 3, … in the order of the INSERTs, whatever the
/// server's settings are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// None that are known.
    #[default]
    None,
    /// Those that were made to count.
    Numbered,
    /// Every key that is a whole number by itself.
    Integer,
}

/// The rows of a table.
#[derive(Clone, Debug)]
pub struct KnownRows {
    /// The table as it was when the rows were last brought up to date. A table that a statement
    /// changed since is another object.
    form: Rc<Table>,
    /// The rows, oldest first, each with one value for each column; `None` is a value that only
    /// the database knows. Whoever looks at them shares them.
    rows: Rc<Vec<Row>>,
    counting: Counting,
    /// The number that the next row gets as its key, where the database counts and it is known.
    next: Option<i64>,
}

/// A row.
pub type Row = Rc<[Option<Literal>]>;

impl KnownRows {
    /// A table without rows.
    pub fn none(form: &Rc<Table>, counting: Counting) -> Self {
        let first = match counted(form, counting) {
            Some(column) => match &column.default {
                Some(ServerDefault::Identity(identity)) => {
                    let sequence = &identity.sequence;
                    let plain = matches!(sequence.increment, None | Some(1));
                    plain.then_some(sequence.start.unwrap_or(1))
                }
                _ => Some(1),
            },
            None => None,
        };
        Self {
            form: Rc::clone(form),
            rows: Rc::default(),
            counting,
            next: first.filter(|_| counting != Counting::None),
        }
    }

    /// The table.
    pub fn table(&self) -> &Rc<Table> {
        &self.form
    }

    /// The rows, oldest first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        let mut columns = self.form.columns.iter();
        columns
            .position(|column| *column.name.name == *name)
            .or_else(|| {
                let mut columns = self.form.columns.iter();
                columns.position(|column| column.name.name.eq_ignore_ascii_case(name))
            })
    }

    /// Puts in a row of the values that were given, by their columns' positions; the database fills
    /// in the others. `false` where there are too many rows to be kept in mind.
    pub fn insert(&mut self, given: &[(usize, Option<Literal>)]) -> bool {
        if self.rows.len() >= MOST {
            return false;
        }
        let numbered = self.counted();
        let mut row = Vec::with_capacity(self.form.columns.len());
        for (at, column) in self.form.columns.iter().enumerate() {
            let value = given.iter().find(|(position, _)| *position == at);
            let counts = numbered
                .as_ref()
                .is_some_and(|name| *name == column.name.name);
            row.push(match value {
                Some((_, value)) => {
                    // What follows a number that was given differs between databases.
                    if counts {
                        self.next = None;
                    }
                    value.as_ref().and_then(|value| stored(value, column))
                }
                None if counts => {
                    let key = self.next;
                    self.next = key.and_then(|key| key.checked_add(1));
                    key.map(|key| Literal::Int(key.to_string().into()))
                }
                // A key is never left empty.
                None if is_key(&self.form, column) && column.default.is_none() => None,
                None => filled_in(column),
            });
        }
        self.push(row);
        true
    }

    /// Adds a row. An empty text is NULL to some databases, none of which counts in a known way.
    fn push(&mut self, mut row: Vec<Option<Literal>>) {
        if self.counting == Counting::None {
            row.iter_mut().for_each(unless_empty);
        }
        Rc::make_mut(&mut self.rows).push(row.into());
    }

    /// The name of the column that counts by itself.
    pub fn counted(&self) -> Option<Arc<str>> {
        counted(&self.form, self.counting).map(|column| Arc::clone(&column.name.name))
    }

    /// Gives the row at `at` other values.
    pub fn update(&mut self, at: usize, values: &[(usize, Option<Literal>)]) {
        let Some(row) = self.rows.get(at) else {
            return;
        };
        let mut changed = row.to_vec();
        for (position, value) in values {
            if let (Some(cell), Some(column)) =
                (changed.get_mut(*position), self.form.columns.get(*position))
            {
                *cell = value.as_ref().and_then(|value| stored(value, column));
            }
        }
        if self.counting == Counting::None {
            changed.iter_mut().for_each(unless_empty);
        }
        if let Some(row) = Rc::make_mut(&mut self.rows).get_mut(at) {
            *row = changed.into();
        }
    }

    /// Takes rows out, by their positions. Where the newest goes, its number may be given again.
    pub fn delete(&mut self, gone: &[usize]) {
        if gone.iter().any(|at| at + 1 == self.rows.len()) {
            self.next = None;
        }
        let mut at = 0;
        Rc::make_mut(&mut self.rows).retain(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        });
    }

    /// The newest row.
    pub fn newest(&self) -> Option<&Row> {
        self.rows.last()
    }

    /// The rows of the same table in another form. A column of the new form has the values of the
    /// column that `before` names, or none where it is new.
    pub fn carried(&self, form: &Rc<Table>, before: impl Fn(&str) -> Option<Arc<str>>) -> Self {
        let sources: Vec<Option<usize>> = form
            .columns
            .iter()
            .map(|column| {
                let name = before(&column.name.name)?;
                let mut old = self.form.columns.iter();
                old.position(|known| known.name.name == name)
            })
            .collect();
        let rows = self.rows.iter().map(|row| {
            let cells = form.columns.iter().zip(&sources).map(|(column, source)| {
                let Some(at) = *source else {
                    return filled_in(column);
                };
                let value = row.get(at)?.as_ref()?;
                stored(value, column)
            });
            cells.collect::<Row>()
        });
        // What counts may have changed with the table.
        let name = |table: &Table| {
            let column = counted(table, self.counting);
            column.map(|column| column.name.name.clone())
        };
        let next = self.next.filter(|_| name(&self.form) == name(form));
        Self {
            rows: Rc::new(rows.collect()),
            form: Rc::clone(form),
            counting: self.counting,
            next,
        }
    }

    /// The same rows, with a column whose values are not known.
    pub fn without(mut self, column: &str) -> Self {
        let mut columns = self.form.columns.iter();
        if let Some(at) = columns.position(|known| *known.name.name == *column) {
            let cleared = |row: &Row| {
                let cells = row.iter().enumerate();
                cells
                    .map(|(number, cell)| cell.clone().filter(|_| number != at))
                    .collect::<Row>()
            };
            self.rows = Rc::new(self.rows.iter().map(cleared).collect());
        }
        self
    }
}

/// Takes away an empty text.
fn unless_empty(cell: &mut Option<Literal>) {
    if matches!(cell, Some(Literal::Str(text)) if text.is_empty()) {
        *cell = None;
    }
}

/// The column whose values the database counts.
fn counted(table: &Table, counting: Counting) -> Option<&Column> {
    match counting {
        Counting::None | Counting::Numbered => table.numbered(),
        Counting::Integer => {
            let mut columns = table.columns.iter().filter(|column| is_key(table, column));
            let first = columns.next()?;
            let integer = first
                .data_type
                .affinity()
                .visit
                .eq_ignore_ascii_case("integer");
            (integer && columns.next().is_none()).then_some(first)
        }
    }
}

fn is_key(table: &Table, column: &Column) -> bool {
    let mut constraints = table.constraints.iter();
    column.primary_key
        || constraints.any(|constraint| match &constraint.kind {
            super::ConstraintKind::PrimaryKey { columns } => {
                columns.iter().any(|name| name.name == column.name.name)
            }
            _ => false,
        })
}

/// What a column of a new row holds when the statement does not say.
fn filled_in(column: &Column) -> Option<Literal> {
    match &column.default {
        // One that counts, or what a server puts where nothing is allowed to be nothing.
        None if column.autoincrement == Autoincrement::Yes || column.nullable == Some(false) => {
            None
        }
        None => Some(Literal::Null),
        Some(ServerDefault::Str(text)) => of_text(text, &column.data_type),
        Some(ServerDefault::Expr(expr)) => of_expression(expr, &column.data_type),
        Some(
            ServerDefault::Fetched | ServerDefault::Identity(_) | ServerDefault::Computed { .. },
        ) => None,
    }
}

/// A default that is written as a text.
fn of_text(text: &Arc<str>, data_type: &DataType) -> Option<Literal> {
    match data_type.affinity().family {
        Family::Integer => whole(text),
        Family::Boolean => truth(text),
        Family::String | Family::Unicode | Family::Enum => Some(Literal::Str(Arc::clone(text))),
        _ => None,
    }
}

/// A default that is an expression, where it is a plain value.
fn of_expression(expr: &Expr, data_type: &DataType) -> Option<Literal> {
    let sql = match &expr.kind {
        ExprKind::Text(text) => text.sql.trim(),
        ExprKind::LiteralColumn(sql) => sql.trim(),
        ExprKind::Null => return Some(Literal::Null),
        ExprKind::True => return truth("true"),
        ExprKind::False => return truth("false"),
        ExprKind::Bind(bind) => return fitting(bind.value.as_ref()?, data_type),
        _ => return None,
    };
    if sql.eq_ignore_ascii_case("null") {
        return Some(Literal::Null);
    }
    let quoted = sql
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    if let Some(text) = quoted {
        let plain = !text.contains(['\'', '\\']);
        return of_text(&Arc::from(text), data_type).filter(|_| plain);
    }
    match data_type.affinity().family {
        Family::Integer => whole(sql),
        Family::Boolean => truth(sql),
        _ => None,
    }
}

fn whole(text: &str) -> Option<Literal> {
    let number: i64 = text.trim().parse().ok()?;
    Some(Literal::Int(number.to_string().into()))
}

fn truth(text: &str) -> Option<Literal> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "t" => Some(Literal::Bool(true)),
        "0" | "false" | "f" => Some(Literal::Bool(false)),
        _ => None,
    }
}

/// A value as a column holds it; `None` where the database changes it in a way that is not known.
fn stored(value: &Literal, column: &Column) -> Option<Literal> {
    if let Some(ServerDefault::Computed { .. }) = column.default {
        return None;
    }
    fitting(value, &column.data_type)
}

fn fitting(value: &Literal, data_type: &DataType) -> Option<Literal> {
    match (value, data_type.affinity().family) {
        (Literal::Null, _) => Some(Literal::Null),
        (Literal::Member(name, _), Family::Enum) => Some(Literal::Str(Arc::clone(name))),
        (Literal::Int(number), Family::Integer) => {
            number.parse::<i64>().ok().map(|_| value.clone())
        }
        (Literal::Bool(value), Family::Integer) => {
            let number = if *value { "1" } else { "0" };
            Some(Literal::Int(Arc::from(number)))
        }
        (Literal::Bool(_), Family::Boolean) => Some(value.clone()),
        (Literal::Int(number), Family::Boolean) => truth(number),
        (Literal::Str(text), Family::String | Family::Unicode | Family::Enum) => {
            // A fixed width is filled with blanks, which come back or do not; what is too long is
            // cut or refused.
            let fixed = matches!(data_type.affinity().visit, "CHAR" | "NCHAR");
            let length = data_type
                .int("length")
                .and_then(|l| usize::try_from(l).ok());
            let count = text.chars().count();
            let fits = match fixed {
                true => count == length.unwrap_or(1) && !text.ends_with(' '),
                false => length.is_none_or(|length| count <= length),
            };
            // What a backslash means in SQL differs.
            let plain = fits && !text.contains('\\');
            plain.then(|| Literal::Str(Arc::clone(text)))
        }
        _ => None,
    }
}

impl Table {
    /// The column that counts by itself: the only one of the key, a whole number that nothing else
    /// fills in.
    pub fn numbered(&self) -> Option<&Column> {
        use super::{Autoincrement, ConstraintKind};
        let key = self.constraints.iter().find_map(|c| match &c.kind {
            ConstraintKind::PrimaryKey { columns } => Some(columns),
            _ => None,
        })?;
        let of_name = |name: &str| self.columns.iter().find(|c| *c.name.name == *name);
        let mut columns = key.iter().filter_map(|name| of_name(&name.name));
        columns.find(|column| {
            let whole = column.data_type.spec.family == Family::Integer;
            match column.autoincrement {
                Autoincrement::Yes => true,
                Autoincrement::No => false,
                Autoincrement::Auto => {
                    key.len() == 1
                        && whole
                        && !column.refers(&self.constraints)
                        && matches!(column.default, None | Some(ServerDefault::Identity(_)))
                        && column.python_default.is_none()
                }
                Autoincrement::IgnoreForeignKey => whole && column.default.is_none(),
            }
        })
    }
}
