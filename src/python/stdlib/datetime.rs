//! `datetime`: dates, times, differences and fixed offsets.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use super::{class_once, fixed, function, object};
use crate::python::args::Args;
use crate::python::builtins::unknown_among;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::native::{BinaryOp, Builtin, CompareOp, Native, NativeClass, UnaryOp};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

const DAY: i128 = 86_400_000_000;
const SECOND: i128 = 1_000_000;

/// `datetime.date`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Date {
    /// 1 to 9999.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to the length of the month.
    pub day: i64,
}

/// `datetime.time`.
#[derive(Clone)]
pub struct Time {
    /// Microseconds since midnight.
    pub micros: i64,
    /// `tzinfo`.
    pub zone: Option<Value>,
}

/// `datetime.datetime`.
#[derive(Clone)]
pub struct DateTime {
    /// The day.
    pub date: Date,
    /// The time of the day.
    pub time: Time,
}

/// `datetime.timedelta`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Delta {
    /// Its length in microseconds.
    pub micros: i128,
}

/// `datetime.timezone`: a fixed offset.
#[derive(Clone, Debug)]
pub struct Zone {
    /// East of Greenwich, in microseconds.
    pub offset: i128,
    /// The name, when one was given.
    pub name: Option<Str>,
}

fn leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn month_days(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn overflow() -> Box<Raise> {
    Raise::exception("OverflowError", "date value out of range")
}

impl Date {
    /// A day, if it exists.
    pub fn new(year: i64, month: i64, day: i64) -> PyResult<Self> {
        let message = if !(1..=9999).contains(&year) {
            format!("year {year} is out of range")
        } else if !(1..=12).contains(&month) {
            "month must be in 1..12".to_owned()
        } else if day < 1 || day > month_days(year, month) {
            "day is out of range for month".to_owned()
        } else {
            return Ok(Self { year, month, day });
        };
        Err(Raise::exception("ValueError", message))
    }

    /// Days since 0001-01-01, which is 1.
    pub fn ordinal(self) -> i64 {
        let y = self.year - 1;
        let mut days = y * 365 + y / 4 - y / 100 + y / 400;
        for month in 1..self.month {
            days += month_days(self.year, month);
        }
        days + self.day
    }

    /// The day with that ordinal.
    pub fn from_ordinal(ordinal: i64) -> PyResult<Self> {
        if !(1..=3_652_059).contains(&ordinal) {
            return Err(overflow());
        }
        let mut year = ordinal * 400 / 146_097 + 1;
        while (Self {
            year,
            month: 1,
            day: 1,
        })
        .ordinal()
            > ordinal
        {
            year -= 1;
        }
        while (Self {
            year: year + 1,
            month: 1,
            day: 1,
        })
        .ordinal()
            <= ordinal
        {
            year += 1;
        }
        let mut rest = ordinal
            - Self {
                year,
                month: 1,
                day: 1,
            }
            .ordinal();
        let mut month = 1;
        while rest >= month_days(year, month) {
            rest -= month_days(year, month);
            month += 1;
        }
        Ok(Self {
            year,
            month,
            day: rest + 1,
        })
    }

    /// Monday is 0.
    pub fn weekday(self) -> i64 {
        (self.ordinal() + 6) % 7
    }

    /// The day of the year, from 1.
    pub fn year_day(self) -> i64 {
        self.ordinal()
            - Self {
                year: self.year,
                month: 1,
                day: 1,
            }
            .ordinal()
            + 1
    }

    fn iso_calendar(self) -> (i64, i64, i64) {
        let first = |year: i64| {
            let start = Self {
                year,
                month: 1,
                day: 1,
            };
            let weekday = start.weekday();
            start.ordinal() - weekday + if weekday > 3 { 7 } else { 0 }
        };
        let ordinal = self.ordinal();
        let mut year = self.year;
        if ordinal < first(year) {
            year -= 1;
        } else if ordinal >= first(year + 1) {
            year += 1;
        }
        (year, (ordinal - first(year)) / 7 + 1, self.weekday() + 1)
    }

    fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Time {
    fn parts(&self) -> (i64, i64, i64, i64) {
        let m = self.micros;
        (
            m / 3_600_000_000,
            m / 60_000_000 % 60,
            m / 1_000_000 % 60,
            m % 1_000_000,
        )
    }

    fn iso(&self, spec: &str) -> String {
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
    fn label(&self) -> String {
        match &self.name {
            Some(name) => name.to_string(),
            None if self.offset == 0 => "UTC".to_owned(),
            None => format!("UTC{}", offset_text(self.offset, ":")),
        }
    }
}

/// The offset of a `tzinfo` at a time, in microseconds.
fn offset_of(vm: &mut Vm, zone: Option<&Value>, at: &Value) -> PyResult<Option<i128>> {
    let Some(zone) = zone else { return Ok(None) };
    if let Some(zone) = zone.downcast::<Zone>() {
        return Ok(Some(zone.offset));
    }
    let delta = vm.call_method(zone, "utcoffset", Args::of(vec![at.clone()]))?;
    Ok(delta.downcast::<Delta>().map(|delta| delta.micros))
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
            time: Time { micros: time, zone },
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

    fn utc_micros(&self, vm: &mut Vm) -> PyResult<i128> {
        let this = Value::native(self.clone());
        let offset = offset_of(vm, self.time.zone.as_ref(), &this)?.unwrap_or(0);
        Ok(self.local_micros() - offset)
    }
}

fn epoch() -> i128 {
    719_163 * DAY
}

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
struct DateTimeClass;
fn datetime_class() -> Rc<Class> {
    class_once("datetime", "datetime", || vec![date_class()], DateTimeClass)
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

thread_local! {
    static UTC: Value = Value::native(Zone { offset: 0, name: None });
}

fn utc() -> Value {
    UTC.with(Value::clone)
}

fn whole(vm: &Vm, args: &mut Args, name: &str, default: Option<i64>) -> PyResult<i64> {
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

fn clock(vm: &Vm, args: &mut Args, old: Option<&Time>) -> PyResult<Time> {
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
    })
}

fn now(vm: &mut Vm, what: &'static str, zone: Option<Value>) -> PyResult<DateTime> {
    let inputs = fixed::used(vm, what);
    let utc = DateTime::from_micros(epoch() + i128::from(inputs.now_unix_micros), None)?;
    match zone {
        None => Ok(utc),
        Some(zone) => in_zone(vm, utc.local_micros(), zone),
    }
}

/// The moment (in microseconds UTC) as a zone shows it.
fn in_zone(vm: &mut Vm, utc_micros: i128, zone: Value) -> PyResult<DateTime> {
    let guess = DateTime::from_micros(utc_micros, Some(zone.clone()))?;
    let offset = offset_of(vm, Some(&zone), &Value::native(guess))?.unwrap_or(0);
    DateTime::from_micros(utc_micros + offset, Some(zone))
}

impl NativeClass for DateClass {
    fn construct(&self, vm: &mut Vm, _class: &Rc<Class>, mut args: Args) -> PyResult {
        if let Some(unknown) = unknown_among(&args.pos, "a date") {
            return Ok(unknown);
        }
        let year = whole(vm, &mut args, "year", None)?;
        let month = whole(vm, &mut args, "month", None)?;
        let day = whole(vm, &mut args, "day", None)?;
        args.finish("date")?;
        Date::new(year, month, day).map(Value::native)
    }

    fn get_attr(&self, _vm: &mut Vm, _class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "today" => function("today", |vm, _| {
                Ok(Value::native(now(vm, "today's date", None)?.date))
            }),
            "fromisoformat" => function("fromisoformat", |vm, mut args| {
                let text = args.require("fromisoformat", "date_string")?;
                let text = vm.str(&text)?;
                super::strptime::iso_date(&text).map(Value::native)
            }),
            "fromordinal" => function("fromordinal", |vm, mut args| {
                let n = whole(vm, &mut args, "n", None)?;
                Date::from_ordinal(n).map(Value::native)
            }),
            "fromtimestamp" => function("fromtimestamp", |vm, mut args| {
                let n = args.require("fromtimestamp", "timestamp")?;
                Ok(Value::native(from_timestamp(vm, &n, None)?.date))
            }),
            "min" => Some(Value::native(Date {
                year: 1,
                month: 1,
                day: 1,
            })),
            "max" => Some(Value::native(Date {
                year: 9999,
                month: 12,
                day: 31,
            })),
            _ => None,
        })
    }
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
                super::strptime::iso_time(&text).map(Value::native)
            }),
            "min" => Some(Value::native(Time {
                micros: 0,
                zone: None,
            })),
            "max" => Some(Value::native(Time {
                micros: 86_399_999_999,
                zone: None,
            })),
            _ => None,
        })
    }
}

fn from_timestamp(vm: &mut Vm, seconds: &Value, zone: Option<Value>) -> PyResult<DateTime> {
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
        args.keyword("fold");
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
                super::strptime::iso_datetime(&text).map(Value::native)
            }),
            "fromordinal" => function("fromordinal", |vm, mut args| {
                let n = whole(vm, &mut args, "n", None)?;
                let date = Date::from_ordinal(n)?;
                Ok(Value::native(DateTime {
                    date,
                    time: Time {
                        micros: 0,
                        zone: None,
                    },
                }))
            }),
            "strptime" => function("strptime", |vm, mut args| {
                let text = args.require("strptime", "date_string")?;
                let format = args.require("strptime", "format")?;
                let (text, format) = (vm.str(&text)?, vm.str(&format)?);
                super::strptime::parse(&text, &format).map(Value::native)
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
                },
            })),
            _ => None,
        })
    }
}

impl NativeClass for DeltaClass {
    fn construct(&self, vm: &mut Vm, _class: &Rc<Class>, mut args: Args) -> PyResult {
        if let Some(unknown) = unknown_among(&args.pos, "a difference of times") {
            return Ok(unknown);
        }
        let mut total: i128 = 0;
        for (name, unit) in [
            ("days", DAY),
            ("seconds", SECOND),
            ("microseconds", 1),
            ("milliseconds", 1000),
            ("minutes", 60 * SECOND),
            ("hours", 3600 * SECOND),
            ("weeks", 7 * DAY),
        ] {
            let Some(value) = args.take(name) else {
                continue;
            };
            total += match value.as_int() {
                Some(n) => i128::from(n) * unit,
                None => scaled(crate::python::builtins::to_float(vm, &value)?, unit),
            };
        }
        args.finish("timedelta")?;
        if total.abs() >= 1_000_000_000 * DAY {
            return Err(Raise::exception(
                "OverflowError",
                format!(
                    "days={}; must have magnitude <= 999999999",
                    total.div_euclid(DAY)
                ),
            ));
        }
        Ok(Value::native(Delta { micros: total }))
    }

    fn get_attr(&self, _vm: &mut Vm, _class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "min" => Some(Value::native(Delta {
                micros: -999_999_999 * DAY,
            })),
            "max" => Some(Value::native(Delta {
                micros: 1_000_000_000 * DAY - 1,
            })),
            "resolution" => Some(Value::native(Delta { micros: 1 })),
            _ => None,
        })
    }
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
fn scaled(x: f64, unit: i128) -> i128 {
    (x * unit as f64).round_ties_even() as i128
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

/// The day of a `date` or `datetime`.
pub fn date_of(value: &Value) -> Option<Date> {
    value
        .downcast::<Date>()
        .map(|date| *date)
        .or_else(|| value.downcast::<DateTime>().map(|moment| moment.date))
}

fn date_attr(date: Date, name: &str) -> Option<Value> {
    Some(match name {
        "year" => Value::Int(date.year),
        "month" => Value::Int(date.month),
        "day" => Value::Int(date.day),
        "weekday" => function("weekday", move |_, _| Ok(Value::Int(date.weekday())))?,
        "isoweekday" => function("isoweekday", move |_, _| Ok(Value::Int(date.weekday() + 1)))?,
        "toordinal" => function("toordinal", move |_, _| Ok(Value::Int(date.ordinal())))?,
        "isocalendar" => function("isocalendar", move |_, _| {
            let (y, w, d) = date.iso_calendar();
            Ok(Value::tuple(vec![
                Value::Int(y),
                Value::Int(w),
                Value::Int(d),
            ]))
        })?,
        _ => return None,
    })
}

fn shared_attr(this: &Value, name: &str) -> Option<Value> {
    let this = this.clone();
    Some(match name {
        "strftime" | "__format__" => function("strftime", move |vm, mut args| {
            let format = args.require("strftime", "format")?;
            let format = vm.str(&format)?;
            super::strptime::format(vm, &this, &format).map(Value::from)
        })?,
        "ctime" => function("ctime", move |vm, _| {
            super::strptime::format(vm, &this, "%a %b %e %H:%M:%S %Y").map(Value::from)
        })?,
        _ => return None,
    })
}

fn replaced(vm: &Vm, date: Date, args: &mut Args) -> PyResult<Date> {
    let year = whole(vm, args, "year", Some(date.year))?;
    let month = whole(vm, args, "month", Some(date.month))?;
    let day = whole(vm, args, "day", Some(date.day))?;
    Date::new(year, month, day)
}

fn time_attr(time: &Time, name: &str) -> Option<Value> {
    let (h, m, s, us) = time.parts();
    Some(match name {
        "hour" => Value::Int(h),
        "minute" => Value::Int(m),
        "second" => Value::Int(s),
        "microsecond" => Value::Int(us),
        "fold" => Value::Int(0),
        "tzinfo" => time.zone.clone().unwrap_or(Value::None),
        _ => return None,
    })
}

fn outcome(op: CompareOp, order: Ordering) -> Value {
    Value::Bool(match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    })
}

impl Native for Date {
    fn type_name(&self) -> &str {
        "datetime.date"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(date_class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let date = *self;
        if let Some(value) = date_attr(date, name).or_else(|| shared_attr(this, name)) {
            return Ok(Some(value));
        }
        Ok(match name {
            "isoformat" => function("isoformat", move |_, _| Ok(Value::from(date.iso()))),
            "replace" => function("replace", move |vm, mut args| {
                replaced(vm, date, &mut args).map(Value::native)
            }),
            _ => None,
        })
    }

    fn binary(
        &self,
        _this: &Value,
        _vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        if let Some(delta) = other.downcast::<Delta>() {
            let days = i64::try_from(delta.micros.div_euclid(DAY)).map_err(|_| overflow())?;
            let days = match op {
                BinaryOp::Add => days,
                BinaryOp::Sub if !reflected => -days,
                _ => return Ok(None),
            };
            return Date::from_ordinal(self.ordinal() + days).map(|d| Some(Value::native(d)));
        }
        if let (BinaryOp::Sub, false, Some(date)) = (op, reflected, other.downcast::<Date>()) {
            let days = i128::from(self.ordinal() - date.ordinal());
            return Ok(Some(Value::native(Delta { micros: days * DAY })));
        }
        Ok(None)
    }

    fn compare(
        &self,
        _: &Value,
        _vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        Ok(other
            .downcast::<Date>()
            .map(|other| outcome(op, self.cmp(&other))))
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(self.iso().into()))
    }

    fn repr(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(
            format!("datetime.date({}, {}, {})", self.year, self.month, self.day).into(),
        ))
    }

    fn format(&self, this: &Value, vm: &mut Vm, spec: &str) -> PyResult<Option<Str>> {
        if spec.is_empty() {
            return Ok(None);
        }
        super::strptime::format(vm, this, spec).map(|text| Some(text.into()))
    }

    fn key(&self) -> Option<Value> {
        Some(Value::tuple(vec![
            Value::str("datetime.date"),
            Value::Int(self.ordinal()),
        ]))
    }

    fn order(&self, other: &Value) -> Option<Ordering> {
        other.downcast::<Date>().map(|other| self.cmp(&other))
    }
}

fn clock_repr(time: &Time) -> String {
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
        super::strptime::format(vm, this, spec).map(|text| Some(text.into()))
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
            "dst" => function("dst", |_, _| Ok(Value::None)),
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
            let micros = self.utc_micros(vm)? - moment.utc_micros(vm)?;
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
        let order = self.utc_micros(vm)?.cmp(&other.utc_micros(vm)?);
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
        super::strptime::format(vm, this, spec).map(|text| Some(text.into()))
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

impl Delta {
    fn parts(self) -> (i128, i128, i128) {
        let rest = self.micros.rem_euclid(DAY);
        (self.micros.div_euclid(DAY), rest / SECOND, rest % SECOND)
    }
}

impl Native for Delta {
    fn type_name(&self) -> &str {
        "datetime.timedelta"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(delta_class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let (days, seconds, micros) = self.parts();
        let int = |n: i128| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
        #[allow(clippy::cast_precision_loss)]
        let total = self.micros as f64 / 1e6;
        Ok(match name {
            "days" => Some(int(days)),
            "seconds" => Some(int(seconds)),
            "microseconds" => Some(int(micros)),
            "total_seconds" => function("total_seconds", move |_, _| Ok(Value::Float(total))),
            "__abs__" => {
                let micros = self.micros.abs();
                function("__abs__", move |_, _| Ok(Value::native(Delta { micros })))
            }
            _ => None,
        })
    }

    #[allow(clippy::cast_precision_loss)]
    fn binary(
        &self,
        _this: &Value,
        _vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        let delta = |micros: i128| Ok(Some(Value::native(Delta { micros })));
        let zero = || Raise::exception("ZeroDivisionError", "division by zero");
        if let Some(other) = other.downcast::<Delta>() {
            let (a, b) = if reflected {
                (other.micros, self.micros)
            } else {
                (self.micros, other.micros)
            };
            return match op {
                BinaryOp::Add => delta(a + b),
                BinaryOp::Sub => delta(a - b),
                BinaryOp::Div if b != 0 => Ok(Some(Value::Float(a as f64 / b as f64))),
                BinaryOp::FloorDiv if b != 0 => {
                    let q = if b < 0 {
                        (-a).div_euclid(-b)
                    } else {
                        a.div_euclid(b)
                    };
                    Ok(Some(Value::Int(i64::try_from(q).unwrap_or(i64::MAX))))
                }
                BinaryOp::Mod if b > 0 => delta(a.rem_euclid(b)),
                BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod => Err(zero()),
                _ => Ok(None),
            };
        }
        match (op, other) {
            (BinaryOp::Mul, Value::Int(n)) => match self.micros.checked_mul(i128::from(*n)) {
                Some(micros) => delta(micros),
                None => Err(overflow()),
            },
            (BinaryOp::Mul, Value::Float(x)) => delta(scaled(*x, self.micros)),
            (BinaryOp::Div, Value::Int(0)) | (BinaryOp::FloorDiv, Value::Int(0)) if !reflected => {
                Err(zero())
            }
            (BinaryOp::Div, Value::Int(n)) if !reflected => {
                delta((self.micros as f64 / *n as f64).round_ties_even() as i128)
            }
            (BinaryOp::Div, Value::Float(x)) if !reflected && *x != 0.0 => {
                delta((self.micros as f64 / x).round_ties_even() as i128)
            }
            (BinaryOp::FloorDiv, Value::Int(n)) if !reflected && *n > 0 => {
                delta(self.micros.div_euclid(i128::from(*n)))
            }
            _ => Ok(None),
        }
    }

    fn unary(&self, _this: &Value, _vm: &mut Vm, op: UnaryOp) -> PyResult<Option<Value>> {
        Ok(match op {
            UnaryOp::Neg => Some(Value::native(Delta {
                micros: -self.micros,
            })),
            UnaryOp::Pos => Some(Value::native(*self)),
            UnaryOp::Invert => None,
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
            .downcast::<Delta>()
            .map(|other| outcome(op, self.cmp(&other))))
    }

    fn truth(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(Some(self.micros != 0))
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        let (days, seconds, micros) = self.parts();
        let mut out = String::new();
        if days != 0 {
            let plural = if days.abs() == 1 { "" } else { "s" };
            out.push_str(&format!("{days} day{plural}, "));
        }
        out.push_str(&format!(
            "{}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        ));
        if micros != 0 {
            out.push_str(&format!(".{micros:06}"));
        }
        Ok(Some(out.into()))
    }

    fn repr(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        let (days, seconds, micros) = self.parts();
        let parts: Vec<String> = [
            ("days", days),
            ("seconds", seconds),
            ("microseconds", micros),
        ]
        .into_iter()
        .filter(|(_, n)| *n != 0)
        .map(|(name, n)| format!("{name}={n}"))
        .collect();
        let inner = if parts.is_empty() {
            "0".to_owned()
        } else {
            parts.join(", ")
        };
        Ok(Some(format!("datetime.timedelta({inner})").into()))
    }

    fn key(&self) -> Option<Value> {
        Some(Value::tuple(vec![
            Value::str("datetime.timedelta"),
            Value::from(self.micros.to_string()),
        ]))
    }

    fn order(&self, other: &Value) -> Option<Ordering> {
        other.downcast::<Delta>().map(|other| self.cmp(&other))
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
        Ok(Some(format!("datetime.timezone({delta})").into()))
    }

    fn key(&self) -> Option<Value> {
        Some(Value::tuple(vec![
            Value::str("datetime.timezone"),
            Value::from(self.offset.to_string()),
        ]))
    }
}
