//! `timezone`: a fixed offset, and `tzinfo`.

use std::any::Any;
use std::rc::Rc;

use super::super::function;
use super::delta::Delta;
use super::{SECOND, TzInfoClass, ZoneClass, zone_class};
use crate::python::args::Args;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::native::{Builtin, Native, NativeClass};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// `datetime.timezone`: a fixed offset.
#[derive(Clone, Debug)]
pub struct Zone {
    /// East of Greenwich, in microseconds.
    pub offset: i128,
    /// The name, when one was given.
    pub name: Option<Str>,
}

/// An offset as `+01:00`, or `+0100` without the mark.
pub fn offset_text(offset: i128, mark: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let n = offset.abs();
    let (h, m, s, us) = (
        n / 3_600_000_000,
        n / 60_000_000 % 60,
        n / SECOND % 60,
        n % SECOND,
    );
    let mut out = format!("{sign}{h:02}{mark}{m:02}");
    if s != 0 || us != 0 {
        out.push_str(&format!("{mark}{s:02}"));
    }
    if us != 0 {
        out.push_str(&format!(".{us:06}"));
    }
    out
}

impl Zone {
    pub(super) fn label(&self) -> String {
        match &self.name {
            Some(name) => name.to_string(),
            None if self.offset == 0 => "UTC".to_owned(),
            None => format!("UTC{}", offset_text(self.offset, ":")),
        }
    }
}

/// The offset of a `tzinfo` at a time, in microseconds.
pub(super) fn offset_of(vm: &mut Vm, zone: Option<&Value>, at: &Value) -> PyResult<Option<i128>> {
    let Some(zone) = zone else { return Ok(None) };
    if let Some(zone) = zone.downcast::<Zone>() {
        return Ok(Some(zone.offset));
    }
    let delta = vm.call_method(zone, "utcoffset", Args::of(vec![at.clone()]))?;
    Ok(delta.downcast::<Delta>().map(|delta| delta.micros))
}

thread_local! {
    static UTC: Value = Value::native(Zone { offset: 0, name: None });
}

pub(super) fn utc() -> Value {
    UTC.with(Value::clone)
}

impl NativeClass for ZoneClass {
    fn construct(&self, vm: &mut Vm, _class: &Rc<Class>, mut args: Args) -> PyResult {
        let offset = args.require("timezone", "offset")?;
        let name = args.take("name").filter(|n| !n.is_none());
        let Some(offset) = offset.downcast::<Delta>() else {
            return Err(Raise::exception(
                "TypeError",
                "timezone() argument 1 must be datetime.timedelta",
            ));
        };
        let name = match name {
            Some(name) => Some(vm.str(&name)?),
            None => None,
        };
        Ok(Value::native(Zone {
            offset: offset.micros,
            name,
        }))
    }

    fn get_attr(&self, _vm: &mut Vm, _class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        Ok((name == "utc").then(utc))
    }
}

impl NativeClass for TzInfoClass {
    fn construct(&self, _vm: &mut Vm, _class: &Rc<Class>, _args: Args) -> PyResult {
        Ok(Value::None)
    }
}

impl Native for Zone {
    fn type_name(&self) -> &str {
        "datetime.timezone"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(zone_class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let zone = self.clone();
        Ok(match name {
            "utcoffset" => Some(Builtin::value("utcoffset", move |_, _| {
                Ok(Value::native(Delta {
                    micros: zone.offset,
                }))
            })),
            "tzname" => Some(Builtin::value("tzname", move |_, _| {
                Ok(Value::from(zone.label()))
            })),
            "dst" => function("dst", |_, _| Ok(Value::None)),
            _ => None,
        })
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(self.label().into()))
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        if self.offset == 0 && self.name.is_none() {
            return Ok(Some("datetime.timezone.utc".into()));
        }
        let delta = vm.repr(&Value::native(Delta {
            micros: self.offset,
        }))?;
        let name = match &self.name {
            Some(name) => format!(", {}", vm.repr(&Value::Str(name.clone()))?),
            None => String::new(),
        };
        Ok(Some(format!("datetime.timezone({delta}{name})").into()))
    }

    fn key(&self) -> Option<Value> {
        Some(Value::tuple(vec![
            Value::str("datetime.timezone"),
            Value::from(self.offset.to_string()),
        ]))
    }
}
