//! `datetime`: a day with a time.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use super::super::{fixed, function};
use super::date::{Date, date_attr, date_of, overflow, replaced, shared_attr};
use super::delta::Delta;
use super::region::Region;
use super::time::{Time, clock, clock_repr, time_attr};
use super::zone::{offset_of, offset_text, utc};
use super::{DAY, DateTimeClass, datetime_class, outcome, whole};
use crate::python::args::Args;
use crate::python::builtins::unknown_among;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::native::{BinaryOp, CompareOp, Native, NativeClass};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// `datetime.datetime`.
#[derive(Clone)]
pub struct DateTime {
    /// The day.
    pub date: Date,
    /// The time of the day.
    pub time: Time,
}

impl DateTime {
    /// Microseconds since 0001-01-01T00:00:00, on the clock that it shows.
    pub fn local_micros(&self) -> i128 {
        i128::from(self.date.ordinal()) * DAY + i128::from(self.time.micros)
    }

    /// The time at that count of microseconds.
    pub fn from_micros(micros: i128, zone: Option<Value>) -> PyResult<Self> {
        let days = i64::try_from(micros.div_euclid(DAY)).map_err(|_| overflow())?;
        let time = i64::try_from(micros.rem_euclid(DAY)).unwrap_or(0);
        Ok(Self {
            date: Date::from_ordinal(days)?,
            time: Time {
                micros: time,
                zone,
                fold: false,
            },
        })
    }

    /// The text that `isoformat` gives.
    pub fn iso(&self, vm: &mut Vm, mark: &str, spec: &str) -> PyResult<String> {
        let this = Value::native(self.clone());
        let offset = offset_of(vm, self.time.zone.as_ref(), &this)?;
        let zone = offset.map(|o| offset_text(o, ":")).unwrap_or_default();
        Ok(format!(
            "{}{mark}{}{zone}",
            self.date.iso(),
            self.time.iso(spec)
        ))
    }

    /// Whether both have the very same `tzinfo`: then their clocks are compared as they stand.
    fn same_zone(&self, other: &Self) -> bool {
        match (&self.time.zone, &other.time.zone) {
            (Some(own), Some(theirs)) => own.is(theirs),
            _ => false,
        }
    }

    pub(super) fn utc_micros(&self, vm: &mut Vm) -> PyResult<i128> {
        let this = Value::native(self.clone());
        let offset = offset_of(vm, self.time.zone.as_ref(), &this)?.unwrap_or(0);
        Ok(self.local_micros() - offset)
    }
}

pub(super) fn epoch() -> i128 {
    719_163 * DAY
}

pub(super) fn now(vm: &mut Vm, what: &'static str, zone: Option<Value>) -> PyResult<DateTime> {
    let inputs = fixed::used(vm, what);
    let utc = DateTime::from_micros(epoch() + i128::from(inputs.now_unix_micros), None)?;
    match zone {
        None => Ok(utc),
        Some(zone) => in_zone(vm, utc.local_micros(), zone),
    }
}

/// The moment (in microseconds UTC) as a zone shows it.
pub(super) fn in_zone(vm: &mut Vm, utc_micros: i128, zone: Value) -> PyResult<DateTime> {
    if let Some(region) = zone.downcast::<Region>() {
        return region.clock(utc_micros, &zone);
    }
    let guess = DateTime::from_micros(utc_micros, Some(zone.clone()))?;
    let offset = offset_of(vm, Some(&zone), &Value::native(guess))?.unwrap_or(0);
    DateTime::from_micros(utc_micros + offset, Some(zone))
}

pub(super) fn from_timestamp(
    vm: &mut Vm,
    seconds: &Value,
    zone: Option<Value>,
) -> PyResult<DateTime> {
    let seconds = crate::python::builtins::to_float(vm, seconds)?;
    #[allow(clippy::cast_possible_truncation)]
    let micros = (seconds * 1e6).round_ties_even() as i128;
    match zone {
        None => DateTime::from_micros(epoch() + micros, None),
        Some(zone) => in_zone(vm, epoch() + micros, zone),
    }
}

impl NativeClass for DateTimeClass {
    fn construct(&self, vm: &mut Vm, _class: &Rc<Class>, mut args: Args) -> PyResult {
        if let Some(unknown) = unknown_among(&args.pos, "a time") {
            return Ok(unknown);
        }
        let year = whole(vm, &mut args, "year", None)?;
        let month = whole(vm, &mut args, "month", None)?;
        let day = whole(vm, &mut args, "day", None)?;
        let date = Date::new(year, month, day)?;
        let time = clock(vm, &mut args, None)?;
        args.finish("datetime")?;
        Ok(Value::native(DateTime { date, time }))
    }

    fn get_attr(&self, _vm: &mut Vm, _class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        let none = |zone: Option<Value>| zone.filter(|z| !z.is_none());
        Ok(match name {
            "now" => function("now", move |vm, mut args| {
                now(vm, "the time now", none(args.take("tz"))).map(Value::native)
            }),
            "utcnow" | "today" => function("utcnow", |vm, _| {
                now(vm, "the time now", None).map(Value::native)
            }),
            "fromtimestamp" | "utcfromtimestamp" => {
                function("fromtimestamp", move |vm, mut args| {
                    let n = args.require("fromtimestamp", "timestamp")?;
                    from_timestamp(vm, &n, none(args.take("tz"))).map(Value::native)
                })
            }
            "fromisoformat" => function("fromisoformat", |vm, mut args| {
                let text = args.require("fromisoformat", "date_string")?;
                let text = vm.str(&text)?;
                super::super::strptime::iso_datetime(&text).map(Value::native)
            }),
            "fromordinal" => function("fromordinal", |vm, mut args| {
                let n = whole(vm, &mut args, "n", None)?;
                let date = Date::from_ordinal(n)?;
                Ok(Value::native(DateTime {
                    date,
                    time: Time {
                        micros: 0,
                        zone: None,
                        fold: false,
                    },
                }))
            }),
            "strptime" => function("strptime", |vm, mut args| {
                let text = args.require("strptime", "date_string")?;
                let format = args.require("strptime", "format")?;
                let (text, format) = (vm.str(&text)?, vm.str(&format)?);
                super::super::strptime::parse(&text, &format).map(Value::native)
            }),
            "combine" => function("combine", |_, mut args| {
                let date = args.require("combine", "date")?;
                let time = args.require("combine", "time")?;
                let zone = args.take("tzinfo");
                let day = date_of(&date);
                let (Some(date), Some(time)) = (day, time.downcast::<Time>()) else {
                    return Err(Raise::exception(
                        "TypeError",
                        "combine() takes a date and a time",
                    ));
                };
                let mut time = (*time).clone();
                match zone {
                    Some(Value::None) => time.zone = None,
                    Some(zone) => time.zone = Some(zone),
                    None => {}
                }
                Ok(Value::native(DateTime { date, time }))
            }),
            "resolution" => Some(Value::native(Delta { micros: 1 })),
            "min" => Some(Value::native(DateTime::from_micros(DAY, None)?)),
            "max" => Some(Value::native(DateTime {
                date: Date {
                    year: 9999,
                    month: 12,
                    day: 31,
                },
                time: Time {
                    micros: 86_399_999_999,
                    zone: None,
                    fold: false,
                },
            })),
            _ => None,
        })
    }
}

impl Native for DateTime {
    fn type_name(&self) -> &str {
        "datetime.datetime"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(datetime_class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let found = date_attr(self.date, name)
            .or_else(|| time_attr(&self.time, name))
            .or_else(|| shared_attr(this, name));
        if found.is_some() {
            return Ok(found);
        }
        let moment = self.clone();
        let this = this.clone();
        Ok(match name {
            "isoformat" => function("isoformat", move |vm, mut args| {
                let mark = args.take("sep").and_then(|s| s.as_str());
                let spec = args.take("timespec").and_then(|s| s.as_str());
                let mark = mark.as_deref().unwrap_or("T");
                moment
                    .iso(vm, mark, spec.as_deref().unwrap_or("auto"))
                    .map(Value::from)
            }),
            "replace" => function("replace", move |vm, mut args| {
                let date = replaced(vm, moment.date, &mut args)?;
                let time = clock(vm, &mut args, Some(&moment.time))?;
                Ok(Value::native(DateTime { date, time }))
            }),
            "date" => function("date", move |_, _| Ok(Value::native(moment.date))),
            "time" => function("time", move |_, _| {
                Ok(Value::native(Time {
                    micros: moment.time.micros,
                    zone: None,
                    fold: false,
                }))
            }),
            "timetz" => function("timetz", move |_, _| Ok(Value::native(moment.time.clone()))),
            "timestamp" => function("timestamp", move |vm, _| {
                let micros = moment.utc_micros(vm)? - epoch();
                #[allow(clippy::cast_precision_loss)]
                Ok(Value::Float(micros as f64 / 1e6))
            }),
            "astimezone" => function("astimezone", move |vm, mut args| {
                let zone = args.take("tz").filter(|z| !z.is_none()).unwrap_or_else(utc);
                let micros = moment.utc_micros(vm)?;
                in_zone(vm, micros, zone).map(Value::native)
            }),
            "utcoffset" => function("utcoffset", move |vm, _| {
                let offset = offset_of(vm, moment.time.zone.as_ref(), &this)?;
                Ok(offset.map_or(Value::None, |micros| Value::native(Delta { micros })))
            }),
            "tzname" => function("tzname", move |vm, _| match &moment.time.zone {
                None => Ok(Value::None),
                Some(zone) => vm.call_method(zone, "tzname", Args::of(vec![this.clone()])),
            }),
            "dst" => function("dst", move |vm, _| match &moment.time.zone {
                None => Ok(Value::None),
                Some(zone) => vm.call_method(zone, "dst", Args::of(vec![this.clone()])),
            }),
            "timetuple" | "utctimetuple" => function("timetuple", move |_, _| {
                let (h, m, s, _) = moment.time.parts();
                let d = moment.date;
                let parts = [
                    d.year,
                    d.month,
                    d.day,
                    h,
                    m,
                    s,
                    d.weekday(),
                    d.year_day(),
                    -1,
                ];
                Ok(Value::tuple(parts.into_iter().map(Value::Int).collect()))
            }),
            _ => None,
        })
    }

    fn binary(
        &self,
        _this: &Value,
        vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        if let Some(delta) = other.downcast::<Delta>() {
            let micros = match op {
                BinaryOp::Add => delta.micros,
                BinaryOp::Sub if !reflected => -delta.micros,
                _ => return Ok(None),
            };
            let result =
                DateTime::from_micros(self.local_micros() + micros, self.time.zone.clone())?;
            return Ok(Some(Value::native(result)));
        }
        if let (BinaryOp::Sub, false, Some(moment)) = (op, reflected, other.downcast::<DateTime>())
        {
            if self.time.zone.is_some() != moment.time.zone.is_some() {
                return Err(Raise::exception(
                    "TypeError",
                    "can't subtract offset-naive and offset-aware datetimes",
                ));
            }
            let micros = if self.same_zone(&moment) {
                self.local_micros() - moment.local_micros()
            } else {
                self.utc_micros(vm)? - moment.utc_micros(vm)?
            };
            return Ok(Some(Value::native(Delta { micros })));
        }
        Ok(None)
    }

    fn compare(
        &self,
        _: &Value,
        vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let Some(other) = other.downcast::<DateTime>() else {
            return Ok(None);
        };
        if self.time.zone.is_some() != other.time.zone.is_some() {
            return match op {
                CompareOp::Eq => Ok(Some(Value::Bool(false))),
                CompareOp::Ne => Ok(Some(Value::Bool(true))),
                _ => Err(Raise::exception(
                    "TypeError",
                    "can't compare offset-naive and offset-aware datetimes",
                )),
            };
        }
        let order = if self.same_zone(&other) {
            self.local_micros().cmp(&other.local_micros())
        } else {
            self.utc_micros(vm)?.cmp(&other.utc_micros(vm)?)
        };
        Ok(Some(outcome(op, order)))
    }

    fn str(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        self.iso(vm, " ", "auto").map(|text| Some(text.into()))
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        let zone = match &self.time.zone {
            Some(zone) => format!(", tzinfo={}", vm.repr(zone)?),
            None => String::new(),
        };
        let d = self.date;
        let clock = clock_repr(&self.time);
        Ok(Some(
            format!(
                "datetime.datetime({}, {}, {}, {clock}{zone})",
                d.year, d.month, d.day
            )
            .into(),
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
            Value::str("datetime.datetime"),
            Value::Int(self.date.ordinal()),
            Value::Int(self.time.micros),
        ]))
    }

    fn order(&self, other: &Value) -> Option<Ordering> {
        other
            .downcast::<DateTime>()
            .map(|other| self.local_micros().cmp(&other.local_micros()))
    }
}
