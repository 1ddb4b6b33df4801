//! Schema items: tables, columns, constraints, indexes, sequences and what fills columns in.

mod circles;
mod collection;
mod column;
mod companions;
mod computed;
mod constraint;
mod ddl;
mod default;
mod described;
mod index;
mod item;
mod members;
mod membership;
mod metadata;
mod own_types;
mod reflect;
mod table;

pub use column::{ColumnObject, column_definition};
pub use companions::{companions, has_companions};
pub use computed::{computed, computed_row, value_by_default};
pub use constraint::{condition as check_condition, exclude, table_constraint};
pub use ddl::{executable, statement_class, statement_subject};
pub use default::server_default;
pub use described::{
    column_value, constraint_value, default_value, name_value, names_value, options_value,
};
pub use index::{index_definition, index_elements};
pub use item::{Item, ItemKind};
pub use metadata::{MetaDataObject, naming_convention};
pub use reflect::{found_item, found_table, no_inspection};
pub use table::{TableObject, clause, table_clause, table_definition};

use crate::python::{PyResult, Value, Vm};

/// A class of this module by its name.
pub fn class_by_name(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(Some(Value::Class(match name {
        "Column" => column::class(vm),
        "Table" => table::class(vm),
        "MetaData" => metadata::class(vm),
        "SchemaItem" => item::base_class(vm),
        _ => match item::class_by_name(vm, name) {
            Some(class) => class,
            None => match ddl::class_by_name(vm, name) {
                Some(class) => class,
                None => return Ok(None),
            },
        },
    })))
}
