//! Values that are written into the script.

use std::sync::Arc;

/// A value of a bind or of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `NULL`.
    Null,
    /// `True`/`False`.
    Bool(bool),
    /// A whole number of any size, in decimal.
    Int(Arc<str>),
    /// A float, as Python's `repr`.
    Float(f64),
    /// A `Decimal`, as Python's `str`.
    Decimal(Arc<str>),
    /// Text.
    Str(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// `datetime.date`, in ISO form.
    Date(Arc<str>),
    /// `datetime.datetime`: its parts, and the offset from UTC in seconds when it has one.
    DateTime {
        /// `YYYY-MM-DD`.
        date: Arc<str>,
        /// `HH:MM:SS`.
        time: Arc<str>,
        /// Microseconds.
        micros: u32,
        /// Offset from UTC in seconds.
        offset: Option<i32>,
    },
    /// `datetime.time`.
    Time {
        /// `HH:MM:SS`.
        time: Arc<str>,
        /// Microseconds.
        micros: u32,
        /// Offset from UTC in seconds.
        offset: Option<i32>,
    },
    /// `datetime.timedelta`.
    Interval {
        /// Days, as normalised by Python (may be negative).
        days: i64,
        /// Seconds within the day.
        seconds: i64,
        /// Microseconds within the second.
        micros: i64,
    },
    /// `uuid.UUID`, in its canonical 36 characters.
    Uuid(Arc<str>),
    /// A list or tuple.
    List(Vec<Literal>),
    /// A dictionary or other JSON value, as Python's `json.dumps` writes it.
    Json(Arc<str>),
    /// A member of a Python enumeration: its name and its value.
    Member(Arc<str>, Box<Literal>),
    /// Any other Python object: its `repr`, for the message that says it has no literal form.
    Other(Arc<str>),
}
