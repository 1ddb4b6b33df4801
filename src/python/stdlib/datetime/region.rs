//! `zoneinfo`: the zones of the tz database, which is part of the program.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Dst, TimeZone};
use rustc_hash::FxHashMap;

use super::super::class_once;
use super::delta::Delta;
use super::moment::{DateTime, epoch};
use super::tzinfo_class;
use crate::python::args::Args;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::native::{Builtin, Native, NativeClass};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

const SECOND: i128 = 1_000_000;

thread_local! {
    static KNOWN: RefCell<FxHashMap<Str, Value>> = RefCell::default();
}

/// A zone of the tz database.
pub(super) struct Region {
    key: Str,
    zone: TimeZone,
}

/// The zone called `key`: always the same object.
fn region(key: &Str) -> Option<Value> {
    KNOWN.with_borrow_mut(|known| {
        if let Some(found) = known.get(key) {
            return Some(found.clone());
        }
        let zone = TimeZone::get(key).ok()?;
        // Keys are case-sensitive in Python.
        if zone.iana_name().is_some_and(|name| name != &**key) {
            return None;
        }
        let made = Value::native(Region {
            key: key.clone(),
            zone,
        });
        known.insert(key.clone(), made.clone());
        Some(made)
    })
}

struct RegionClass;

fn class() -> Rc<Class> {
    class_once("zoneinfo", "ZoneInfo", || vec![tzinfo_class()], RegionClass)
}

/// The attributes of the helper module that `zoneinfo` is written with.
pub(super) fn attribute(name: &str) -> Option<Value> {
    (name == "ZoneInfo").then(|| Value::Class(class()))
}

impl NativeClass for RegionClass {
    fn construct(&self, vm: &mut Vm, _class: &Rc<Class>, mut args: Args) -> PyResult {
        let key = args.require("ZoneInfo", "key")?;
        if let Value::Unknown(_) = key {
            return Ok(key);
        }
        let key = vm.str(&key)?;
        if let Some(found) = region(&key) {
            return Ok(found);
        }
        let module = vm.import("zoneinfo")?;
        let class = vm.get_attr(&module, "ZoneInfoNotFoundError")?;
        let message = Value::from(format!("No time zone found with key {key}"));
        let value = vm.call(&class, Args::of(vec![message]))?;
        Err(Box::new(Raise::Exception {
            value,
            traceback: Vec::new(),
        }))
    }

    fn get_attr(&self, vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        let _ = vm;
        let class = Rc::clone(class);
        Ok((name == "no_cache").then(|| {
            Builtin::value("no_cache", move |vm, args| {
                vm.call(&Value::Class(Rc::clone(&class)), args)
            })
        }))
    }
}

/// What a zone shows at a moment.
struct Shown {
    offset: i128,
    name: String,
    dst: bool,
}

impl Region {
    fn at(&self, moment: Timestamp) -> Shown {
        let info = self.zone.to_offset_info(moment);
        Shown {
            offset: i128::from(info.offset().seconds()) * SECOND,
            name: info.abbreviation().to_owned(),
            dst: info.dst() == Dst::Yes,
        }
    }

    /// What the zone shows on a clock that stands there. Of a time that comes twice the first one
    /// counts, and one that never comes is before the change, unless `fold` is set.
    fn on_clock(&self, clock: &DateTime) -> Option<Shown> {
        let micros = clock.local_micros() - epoch();
        let local = Timestamp::from_microsecond(i64::try_from(micros).ok()?).ok()?;
        let civil: civil::DateTime = jiff::tz::Offset::UTC.to_datetime(local);
        let offset = match self.zone.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => {
                if clock.time.fold {
                    after
                } else {
                    before
                }
            }
        };
        let moment = micros - i128::from(offset.seconds()) * SECOND;
        let moment = Timestamp::from_microsecond(i64::try_from(moment).ok()?).ok()?;
        let shown = self.at(moment);
        let offset = i128::from(offset.seconds()) * SECOND;
        if shown.offset == offset {
            return Some(shown);
        }
        // A time that never comes: what held just before the change, or just after.
        let side = if clock.time.fold { 86_400 } else { -86_400 };
        let near = moment
            .checked_add(jiff::SignedDuration::from_secs(side))
            .ok()?;
        Some(Shown {
            offset,
            ..self.at(near)
        })
    }

    /// How far the summer time is ahead of the time in winter.
    fn ahead(&self, clock: &DateTime, shown: &Shown) -> i128 {
        if !shown.dst {
            return 0;
        }
        let micros = clock.local_micros() - epoch() - shown.offset;
        let moment = i64::try_from(micros).ok().map(Timestamp::from_microsecond);
        let Some(Ok(moment)) = moment else { return 0 };
        let winter =
            |mut around: Box<dyn Iterator<Item = jiff::tz::TimeZoneTransition<'_>> + '_>| {
                around
                    .find(|change| change.dst() == Dst::No)
                    .map(|change| i128::from(change.offset().seconds()) * SECOND)
            };
        let before = winter(Box::new(self.zone.preceding(moment).take(4)));
        let after = winter(Box::new(self.zone.following(moment).take(4)));
        let winter = before.or(after).unwrap_or(shown.offset - 3600 * SECOND);
        if shown.offset > winter {
            shown.offset - winter
        } else {
            3600 * SECOND
        }
    }

    /// The clock of the zone at a moment (in microseconds UTC).
    pub(super) fn clock(&self, utc_micros: i128, zone: &Value) -> PyResult<DateTime> {
        let micros = i64::try_from(utc_micros - epoch()).unwrap_or(0);
        let offset = match Timestamp::from_microsecond(micros) {
            Ok(moment) => self.at(moment).offset,
            Err(_) => 0,
        };
        let mut made = DateTime::from_micros(utc_micros + offset, Some(zone.clone()))?;
        // The second time that a clock shows the same.
        made.time.fold = self
            .on_clock(&made)
            .is_some_and(|shown| shown.offset != offset);
        Ok(made)
    }
}

impl Native for Region {
    fn type_name(&self) -> &str {
        "zoneinfo.ZoneInfo"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let what = match name {
            "key" => return Ok(Some(Value::Str(self.key.clone()))),
            "utcoffset" => "utcoffset",
            "dst" => "dst",
            "tzname" => "tzname",
            _ => return Ok(None),
        };
        let this = this.clone();
        Ok(Some(Builtin::value(what, move |_, mut args| {
            let given = args.require(what, "dt")?;
            let (Some(region), Some(clock)) =
                (this.downcast::<Region>(), given.downcast::<DateTime>())
            else {
                return Ok(Value::None);
            };
            let Some(shown) = region.on_clock(&clock) else {
                return Ok(Value::None);
            };
            Ok(match what {
                "tzname" => Value::from(shown.name),
                "dst" => Value::native(Delta {
                    micros: region.ahead(&clock, &shown),
                }),
                _ => Value::native(Delta {
                    micros: shown.offset,
                }),
            })
        })))
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(self.key.clone()))
    }

    fn repr(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(
            format!("zoneinfo.ZoneInfo(key='{}')", self.key).into(),
        ))
    }
}
