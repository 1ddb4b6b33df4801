//! Column types as Python sees them: classes that can be called, subclassed and passed uncalled.

mod construct;
mod decorator;
mod enumeration;
mod object;
mod resolve;

pub use construct::{class, class_by_name, engine_class, value_of};
pub use enumeration::bind_value;
pub use object::{Kind, TypeObject};
pub use resolve::{data_type, instance as instance_of, is_type, type_object};
