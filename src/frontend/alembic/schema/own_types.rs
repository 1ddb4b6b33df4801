//! The types that `metadata.create_all` makes before its tables, and `drop_all` drops behind them.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use super::super::host::{host, record};
use super::super::types;
use super::table::{TableObject, table_definition};
use crate::datatype::{DataType, EnumType, TypeArg};
use crate::operation::{Executable, Operation};
use crate::python::{PyResult, Str, Vm};

/// Creates or drops the types of all tables, in the order in which the tables got them, whichever
/// tables are chosen.
pub fn create_or_drop(
    vm: &mut Vm,
    tables: &[Rc<TableObject>],
    create: bool,
    checkfirst: bool,
) -> PyResult<()> {
    let target = host(vm).target.clone();
    let has_types = target
        .loaded
        .is_some_and(|dialect| dialect.has_named_types());
    if !has_types {
        return Ok(());
    }
    let mut seen = HashSet::new();
    for table in tables {
        for column in table_definition(vm, table)?.columns {
            let Some(own) = own_type(&column.data_type, &target.dialect) else {
                continue;
            };
            if !seen.insert((own.schema(), own.name())) {
                continue;
            }
            record(vm, own.operation(create, checkfirst));
        }
    }
    Ok(())
}

/// A type that is an object of the database.
enum OwnType {
    Enum(Arc<EnumType>),
    Domain(DataType),
}

/// The object that a column's type is or that its items are.
fn own_type(data_type: &DataType, dialect: &str) -> Option<OwnType> {
    let data_type = data_type.for_dialect(dialect);
    if let Some(TypeArg::Type(item)) = data_type.arg("item_type") {
        return own_type(item, dialect);
    }
    if types::is_domain(data_type) {
        let made = !matches!(data_type.arg("create_type"), Some(TypeArg::Bool(false)));
        return made.then(|| OwnType::Domain(data_type.clone()));
    }
    let enumeration = data_type.enumeration.as_ref()?;
    let made = enumeration.native && enumeration.create_type && enumeration.name.is_some();
    made.then(|| OwnType::Enum(Arc::clone(enumeration)))
}

impl OwnType {
    fn name(&self) -> Option<Str> {
        match self {
            Self::Enum(enumeration) => enumeration.name.clone(),
            Self::Domain(domain) => domain.text("name").map(Str::from),
        }
    }

    fn schema(&self) -> Option<Str> {
        match self {
            Self::Enum(enumeration) => enumeration.schema.clone(),
            Self::Domain(domain) => domain.text("schema").map(Str::from),
        }
    }

    fn operation(self, create: bool, checkfirst: bool) -> Operation {
        match (self, create) {
            (Self::Enum(enumeration), true) => Operation::CreateEnum {
                enumeration,
                checkfirst,
            },
            (Self::Enum(enumeration), false) => Operation::DropEnum {
                enumeration,
                checkfirst,
            },
            (Self::Domain(domain), true) => Operation::Execute {
                statement: Executable::CreateDomain(Rc::new(domain)),
            },
            (Self::Domain(domain), false) => Operation::Execute {
                statement: Executable::DropDomain(Rc::new(domain)),
            },
        }
    }
}
