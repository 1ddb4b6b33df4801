//! `datetime`: dates, times, differences and time zones.

mod date;
mod delta;
mod moment;
mod region;
mod time;
mod zone;

pub use date::{Date, date_of};
pub use delta::Delta;
pub use moment::DateTime;
pub use time::Time;
pub use zone::{Zone, offset_text};

use std::cmp::Ordering;
use std::rc::Rc;

use zone::utc;

use super::{class_once, object};
use crate::python::args::Args;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::native::CompareOp;
use crate::python::value::Value;
use crate::python::vm::Vm;

pub(super) const DAY: i128 = 86_400_000_000;

pub(super) const SECOND: i128 = 1_000_000;

macro_rules! classes {
    ($($function:ident $kind:ident $name:literal;)+) => {
        $(
            struct $kind;
            fn $function() -> Rc<Class> {
                class_once("datetime", $name, object, $kind)
            }
        )+
    };
}

classes! {
    time_class TimeClass "time";
    delta_class DeltaClass "timedelta";
    zone_class ZoneClass "timezone";
    tzinfo_class TzInfoClass "tzinfo";
    date_class DateClass "date";
}

pub(super) struct DateTimeClass;

pub(super) fn datetime_class() -> Rc<Class> {
    class_once("datetime", "datetime", || vec![date_class()], DateTimeClass)
}

/// The attributes of the module that `zoneinfo` is written with.
pub(super) fn zoneinfo(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(region::attribute(name))
}

/// The attributes of the module.
pub(super) fn attribute(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(Some(match name {
        "date" => Value::Class(date_class()),
        "time" => Value::Class(time_class()),
        "datetime" => Value::Class(datetime_class()),
        "timedelta" => Value::Class(delta_class()),
        "timezone" => Value::Class(zone_class()),
        "tzinfo" => Value::Class(tzinfo_class()),
        "UTC" => utc(),
        "MINYEAR" => Value::Int(1),
        "MAXYEAR" => Value::Int(9999),
        _ => return Ok(None),
    }))
}

pub(super) fn whole(vm: &Vm, args: &mut Args, name: &str, default: Option<i64>) -> PyResult<i64> {
    match args.take(name) {
        Some(value) => value.as_int().ok_or_else(|| {
            let found = vm.type_name(&value);
            Raise::exception(
                "TypeError",
                format!("'{found}' object cannot be interpreted as an integer"),
            )
        }),
        None => default.ok_or_else(|| {
            Raise::exception(
                "TypeError",
                format!("function missing required argument '{name}'"),
            )
        }),
    }
}

pub(super) fn outcome(op: CompareOp, order: Ordering) -> Value {
    Value::Bool(match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    })
}
