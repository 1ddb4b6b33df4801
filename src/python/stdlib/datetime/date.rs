//! `date`: a day.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use super::super::function;
use super::delta::Delta;
use super::moment::{DateTime, from_timestamp, now};
use super::{DAY, DateClass, date_class, outcome, whole};
use crate::python::args::Args;
use crate::python::builtins::unknown_among;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::native::{BinaryOp, CompareOp, Native, NativeClass};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

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

pub(super) fn leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

pub(super) fn month_days(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

pub(super) fn overflow() -> Box<Raise> {
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

    pub(super) fn iso_calendar(self) -> (i64, i64, i64) {
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

    pub(super) fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
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
                super::super::strptime::iso_date(&text).map(Value::native)
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

/// The day of a `date` or `datetime`.
pub fn date_of(value: &Value) -> Option<Date> {
    value
        .downcast::<Date>()
        .map(|date| *date)
        .or_else(|| value.downcast::<DateTime>().map(|moment| moment.date))
}

pub(super) fn date_attr(date: Date, name: &str) -> Option<Value> {
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

pub(super) fn shared_attr(this: &Value, name: &str) -> Option<Value> {
    let this = this.clone();
    Some(match name {
        "strftime" | "__format__" => function("strftime", move |vm, mut args| {
            let format = args.require("strftime", "format")?;
            let format = vm.str(&format)?;
            super::super::strptime::format(vm, &this, &format).map(Value::from)
        })?,
        "ctime" => function("ctime", move |vm, _| {
            super::super::strptime::format(vm, &this, "%a %b %e %H:%M:%S %Y").map(Value::from)
        })?,
        _ => return None,
    })
}

pub(super) fn replaced(vm: &Vm, date: Date, args: &mut Args) -> PyResult<Date> {
    let year = whole(vm, args, "year", Some(date.year))?;
    let month = whole(vm, args, "month", Some(date.month))?;
    let day = whole(vm, args, "day", Some(date.day))?;
    Date::new(year, month, day)
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
        super::super::strptime::format(vm, this, spec).map(|text| Some(text.into()))
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
