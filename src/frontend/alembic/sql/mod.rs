//! SQLAlchemy's expression language as objects of evaluated Python.
//!
//! Other parts of the front-end make their objects behave as expressions through the functions
//! here. An object of theirs that stands for an expression or a table answers to
//! `__clause_element__`, which returns what [`wrap`] made.

mod clause;
mod coerce;
mod collection;
mod column;
mod compare;
mod constructs;
mod dml;
mod fail;
mod from;
mod functions;
mod hstore;
mod literal;
mod modules;
mod select;
mod text;

pub use clause::{Clause, Stringify, Written, data_type_text, is_clause, spelled, type_text, wrap};
pub use coerce::{expr_of, from_of, statement_of, typed_expr_of};
pub use collection::collection;
pub use column::{column_attr, column_item, column_unary};
pub use compare::{column_binary, column_compare};
pub use from::from_attr;
pub use literal::literal_of;
pub use modules::module_attr;
pub use text::{names as names_of_parameters, with_parameters};
