//! `time`: a time of the day.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use super::super::function;
use super::date::shared_attr;
use super::delta::Delta;
use super::zone::{offset_of, offset_text};
use super::{TimeClass, outcome, time_class, whole};
use crate::python::args::Args;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::native::{CompareOp, Native, NativeClass};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// `datetime.time`.
#[derive(Clone)]
pub struct Time {
    /// Microseconds since midnight.
    pub micros: i64,
    /// `tzinfo`.
    pub zone: Option<Value>,
    /// Whether it is the second of two times that a clock shows the same.
    pub fold: bool,
}

impl Time {
    pub(super) fn parts(&self) -> (i64, i64, i64, i64) {
        let m = self.micros;
        (
            m / 3_600_000_000,
            m / 60_000_000 % 60,
            m / 1_000_000 % 60,
            m % 1_000_000,
        )
    }

    pub(super) fn iso(&self, spec: &str) -> String {
        let (h, m, s, us) = self.parts();
        match spec {
            "hours" => format!("{h:02}"),
            "minutes" => format!("{h:02}:{m:02}"),
            "seconds" => format!("{h:02}:{m:02}:{s:02}"),
            "milliseconds" => format!("{h:02}:{m:02}:{s:02}.{:03}", us / 1000),
            "microseconds" => format!("{h:02}:{m:02}:{s:02}.{us:06}"),
            _ if us != 0 => format!("{h:02}:{m:02}:{s:02}.{us:06}"),
            _ => format!("{h:02}:{m:02}:{s:02}"),
        }
    }
}

pub(super) fn clock(vm: &Vm, args: &mut Args, old: Option<&Time>) -> PyResult<Time> {
    let (h, m, s, us) = old.map_or((0, 0, 0, 0), Time::parts);
    let hour = whole(vm, args, "hour", Some(h))?;
    let minute = whole(vm, args, "minute", Some(m))?;
    let second = whole(vm, args, "second", Some(s))?;
    let micro = whole(vm, args, "microsecond", Some(us))?;
    let zone = match args.take("tzinfo") {
        None => old.and_then(|old| old.zone.clone()),
        Some(Value::None) => None,
        Some(zone) => Some(zone),
    };
    let fold = match args.keyword("fold") {
        Some(fold) => fold.as_int() == Some(1),
        None => old.is_some_and(|old| old.fold),
    };
    for (value, limit, message) in [
        (hour, 23, "hour must be in 0..23"),
        (minute, 59, "minute must be in 0..59"),
        (second, 59, "second must be in 0..59"),
        (micro, 999_999, "microsecond must be in 0..999999"),
    ] {
        if value < 0 || value > limit {
            return Err(Raise::exception("ValueError", message));
        }
    }
    Ok(Time {
        micros: ((hour * 60 + minute) * 60 + second) * 1_000_000 + micro,
        zone,
        fold,
    })
}

impl NativeClass for TimeClass {
    fn construct(&self, vm: &mut Vm, _class: &Rc<Class>, mut args: Args) -> PyResult {
        let time = clock(vm, &mut args, None)?;
        args.keyword("fold");
        args.finish("time")?;
        Ok(Value::native(time))
    }

    fn get_attr(&self, _vm: &mut Vm, _class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "fromisoformat" => function("fromisoformat", |vm, mut args| {
                let text = args.require("fromisoformat", "time_string")?;
                let text = vm.str(&text)?;
                super::super::strptime::iso_time(&text).map(Value::native)
            }),
            "min" => Some(Value::native(Time {
                micros: 0,
                zone: None,
                fold: false,
            })),
            "max" => Some(Value::native(Time {
                micros: 86_399_999_999,
                zone: None,
                fold: false,
            })),
            _ => None,
        })
    }
}

pub(super) fn time_attr(time: &Time, name: &str) -> Option<Value> {
    let (h, m, s, us) = time.parts();
    Some(match name {
        "hour" => Value::Int(h),
        "minute" => Value::Int(m),
        "second" => Value::Int(s),
        "microsecond" => Value::Int(us),
        "fold" => Value::Int(i64::from(time.fold)),
        "tzinfo" => time.zone.clone().unwrap_or(Value::None),
        _ => return None,
    })
}

pub(super) fn clock_repr(time: &Time) -> String {
    let (h, m, s, us) = time.parts();
    let mut out = format!("{h}, {m}");
    if s != 0 || us != 0 {
        out.push_str(&format!(", {s}"));
    }
    if us != 0 {
        out.push_str(&format!(", {us}"));
    }
    out
}

impl Native for Time {
    fn type_name(&self) -> &str {
        "datetime.time"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(time_class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if let Some(value) = time_attr(self, name).or_else(|| shared_attr(this, name)) {
            return Ok(Some(value));
        }
        let time = self.clone();
        let this = this.clone();
        Ok(match name {
            "isoformat" => function("isoformat", move |vm, mut args| {
                let spec = args.take("timespec").and_then(|s| s.as_str());
                let offset = offset_of(vm, time.zone.as_ref(), &Value::None)?;
                let zone = offset.map(|o| offset_text(o, ":")).unwrap_or_default();
                Ok(Value::from(
                    time.iso(spec.as_deref().unwrap_or("auto")) + &zone,
                ))
            }),
            "replace" => function("replace", move |vm, mut args| {
                clock(vm, &mut args, Some(&time)).map(Value::native)
            }),
            "utcoffset" => function("utcoffset", move |vm, _| {
                let offset = offset_of(vm, time.zone.as_ref(), &this)?;
                Ok(offset.map_or(Value::None, |micros| Value::native(Delta { micros })))
            }),
            _ => None,
        })
    }

    fn compare(
        &self,
        _: &Value,
        _vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        Ok(other
            .downcast::<Time>()
            .map(|other| outcome(op, self.micros.cmp(&other.micros))))
    }

    fn str(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        let offset = offset_of(vm, self.zone.as_ref(), &Value::None)?;
        let zone = offset.map(|o| offset_text(o, ":")).unwrap_or_default();
        Ok(Some((self.iso("auto") + &zone).into()))
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        let zone = match &self.zone {
            Some(zone) => format!(", tzinfo={}", vm.repr(zone)?),
            None => String::new(),
        };
        Ok(Some(
            format!("datetime.time({}{zone})", clock_repr(self)).into(),
        ))
    }

    fn format(&self, this: &Value, vm: &mut Vm, spec: &str) -> PyResult<Option<Str>> {
        if spec.is_empty() {
            return Ok(None);
        }
        super::super::strptime::format(vm, this, spec).map(|text| Some(text.into()))
    }

    fn key(&self) -> Option<Value> {
        Some(Value::tuple(vec![
            Value::str("datetime.time"),
            Value::Int(self.micros),
        ]))
    }

    fn order(&self, other: &Value) -> Option<Ordering> {
        other
            .downcast::<Time>()
            .map(|other| self.micros.cmp(&other.micros))
    }
}
