//! The builtin functions and classes.

mod classes;
mod encoding;
mod exceptions;
mod functions;
mod groups;
mod iterators;
mod numeric;
mod sorting;
mod streams;

pub use classes::{Union, class, class_for, union};
pub use encoding::{decode, encode, to_ascii};
pub use exceptions::{ExceptionObject, exception, is_raise, raise, raised};
pub use functions::{contains, hash, identity, lookup};
pub use groups::{group, is_group, split_group};
pub use iterators::{Lazy, Range};
pub use numeric::{to_float, to_int, truncate};
pub use sorting::sort;
pub use streams::Stream;
pub(crate) use streams::{path_text as path_of, read_file as file_bytes};

use std::rc::Rc;

use super::value::{Unknown, Value};

/// The value computed from the first unknown one among `values`, if there is one.
pub(crate) fn unknown_among(values: &[Value], what: &str) -> Option<Value> {
    values.iter().find_map(|value| match value {
        Value::Unknown(unknown) => Some(Value::Unknown(Rc::new(Unknown {
            what: format!("{what} of {}", unknown.what),
            origin: unknown.origin.clone(),
            from: Some(Rc::clone(unknown)),
            read: false,
            compared: None,
        }))),
        _ => None,
    })
}
