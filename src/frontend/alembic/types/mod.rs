//! Column types as Python sees them: classes that can be called, subclassed and passed uncalled.

pub mod configured;
mod construct;
mod decorator;
mod domain;
mod enumeration;
mod object;
mod process;
mod resolve;

pub use construct::{class, class_by_name, engine_class, value_of};
pub use domain::is_domain;
pub use enumeration::in_schema_of;
pub use object::{Kind, TypeObject};
pub use process::{bind_value, compared, processed};
pub use resolve::{data_type, instance as instance_of, is_type, type_object, visited};
