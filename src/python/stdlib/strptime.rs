//! Times to text and back: `strftime`, `strptime` and the ISO forms.

use super::datetime::{Date, DateTime, Time, Zone, date_of, offset_text};
use crate::python::args::Args;
use crate::python::error::{PyResult, Raise};
use crate::python::value::Value;
use crate::python::vm::Vm;

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// No attributes of its own.
#[allow(clippy::unnecessary_wraps)]
pub(super) fn attribute(_vm: &mut Vm, _name: &str) -> PyResult<Option<Value>> {
    Ok(None)
}

fn name(list: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|i| list.get(i))
        .copied()
        .unwrap_or("")
}

/// `value.strftime(format)`.
pub(super) fn format(vm: &mut Vm, value: &Value, format: &str) -> PyResult<String> {
    let date = date_of(value).unwrap_or(Date {
        year: 1900,
        month: 1,
        day: 1,
    });
    let micros = value
        .downcast::<DateTime>()
        .map(|m| m.time.micros)
        .or_else(|| value.downcast::<Time>().map(|t| t.micros))
        .unwrap_or(0);
    let (h, m, s, us) = (
        micros / 3_600_000_000,
        micros / 60_000_000 % 60,
        micros / 1_000_000 % 60,
        micros % 1_000_000,
    );
    let hour12 = if h % 12 == 0 { 12 } else { h % 12 };
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut code = chars.next().unwrap_or('%');
        let bare = code == '-';
        if bare {
            code = chars.next().unwrap_or('-');
        }
        let two = |n: i64| {
            if bare {
                n.to_string()
            } else {
                format!("{n:02}")
            }
        };
        let text = match code {
            'Y' => date.year.to_string(),
            'y' => two(date.year % 100),
            'm' => two(date.month),
            'd' => two(date.day),
            'e' => format!("{:2}", date.day),
            'H' => two(h),
            'I' => two(hour12),
            'M' => two(m),
            'S' => two(s),
            'f' => format!("{us:06}"),
            'p' => if h < 12 { "AM" } else { "PM" }.to_owned(),
            'j' => {
                if bare {
                    date.year_day().to_string()
                } else {
                    format!("{:03}", date.year_day())
                }
            }
            'A' => name(&DAYS, date.weekday()).to_owned(),
            'a' => name(&DAYS, date.weekday()).chars().take(3).collect(),
            'B' => name(&MONTHS, date.month - 1).to_owned(),
            'b' | 'h' => name(&MONTHS, date.month - 1).chars().take(3).collect(),
            'w' => ((date.weekday() + 1) % 7).to_string(),
            'u' => (date.weekday() + 1).to_string(),
            'F' => format!("{:04}-{:02}-{:02}", date.year, date.month, date.day),
            'T' | 'X' => format!("{h:02}:{m:02}:{s:02}"),
            'R' => format!("{h:02}:{m:02}"),
            'D' | 'x' => format!("{:02}/{:02}/{:02}", date.month, date.day, date.year % 100),
            'c' => format!(
                "{} {} {:2} {h:02}:{m:02}:{s:02} {}",
                &name(&DAYS, date.weekday())[..3],
                &name(&MONTHS, date.month - 1)[..3],
                date.day,
                date.year
            ),
            'U' => two((date.year_day() + 6 - (date.weekday() + 1) % 7) / 7),
            'W' => two((date.year_day() + 6 - date.weekday()) / 7),
            'z' | 'Z' | ':' => {
                let colon = code == ':';
                if colon {
                    chars.next();
                }
                let zone = vm.find_attr(value, if code == 'Z' { "tzname" } else { "utcoffset" })?;
                match zone {
                    None => String::new(),
                    Some(method) => {
                        let result = vm.call(&method, Args::default())?;
                        match result.downcast::<super::datetime::Delta>() {
                            Some(delta) => offset_text(delta.micros, if colon { ":" } else { "" }),
                            None if result.is_none() => String::new(),
                            None => vm.str(&result)?.to_string(),
                        }
                    }
                }
            }
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            '%' => "%".to_owned(),
            other => format!("%{other}"),
        };
        vm.charge(text.len())?;
        out.push_str(&text);
    }
    Ok(out)
}

fn number(text: &str, at: &mut usize, most: usize) -> Option<i64> {
    let rest = text.get(*at..)?;
    let length = rest
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    let n = rest[..length].parse().ok()?;
    *at += length;
    Some(n)
}

fn prefix(list: &[&str], text: &str, at: &mut usize, short: bool) -> Option<i64> {
    let rest = text.get(*at..)?.to_lowercase();
    for (i, entry) in list.iter().enumerate() {
        let entry = if short { &entry[..3] } else { entry };
        if rest.starts_with(&entry.to_lowercase()) {
            *at += entry.len();
            return i64::try_from(i).ok();
        }
    }
    None
}

fn offset(text: &str, at: &mut usize) -> Option<i64> {
    let rest = text.get(*at..)?;
    if rest.starts_with('Z') {
        *at += 1;
        return Some(0);
    }
    let sign = match rest.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    *at += 1;
    let hours = number(text, at, 2)?;
    if text.get(*at..)?.starts_with(':') {
        *at += 1;
    }
    let minutes = number(text, at, 2).unwrap_or(0);
    let mut seconds = 0;
    if text.get(*at..)?.starts_with(':') {
        *at += 1;
        seconds = number(text, at, 2)?;
    }
    Some(sign * ((hours * 60 + minutes) * 60 + seconds) * 1_000_000)
}

fn zone(micros: i64) -> Value {
    Value::native(Zone {
        offset: i128::from(micros),
        name: None,
    })
}

/// `datetime.strptime(text, format)`.
pub(super) fn parse(text: &str, format: &str) -> PyResult<DateTime> {
    let mismatch = || {
        Raise::exception(
            "ValueError",
            format!(
                "time data {} does not match format {}",
                crate::python::format::quote(text, false),
                crate::python::format::quote(format, false)
            ),
        )
    };
    let (mut year, mut month, mut day) = (1900, 1, 1);
    let (mut h, mut m, mut s, mut us) = (0, 0, 0, 0);
    let (mut afternoon, mut tz) = (None, None);
    let mut at = 0;
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            let rest = &text[at..];
            let trimmed = rest.trim_start();
            at += rest.len() - trimmed.len();
            continue;
        }
        if c != '%' {
            if !text[at..].starts_with(c) {
                return Err(mismatch());
            }
            at += c.len_utf8();
            continue;
        }
        let code = chars.next().ok_or_else(|| {
            Raise::exception("ValueError", format!("stray % in format '{format}'"))
        })?;
        let mut read = |most: usize| number(text, &mut at, most).ok_or_else(mismatch);
        match code {
            'Y' => year = read(4)?,
            'y' => {
                let n = read(2)?;
                year = if n < 69 { 2000 + n } else { 1900 + n };
            }
            'm' => month = read(2)?,
            'd' => day = read(2)?,
            'H' | 'I' => h = read(2)?,
            'M' => m = read(2)?,
            'S' => s = read(2)?,
            'f' => {
                let start = at;
                let n = number(text, &mut at, 6).ok_or_else(mismatch)?;
                let digits = u32::try_from(at - start).unwrap_or(6);
                us = n * 10i64.pow(6 - digits.min(6));
            }
            'j' => {
                let n = read(3)?;
                let date = Date::new(year, 1, 1)?;
                let date = Date::from_ordinal(date.ordinal() + n - 1)?;
                (month, day) = (date.month, date.day);
            }
            'B' => month = prefix(&MONTHS, text, &mut at, false).ok_or_else(mismatch)? + 1,
            'b' => month = prefix(&MONTHS, text, &mut at, true).ok_or_else(mismatch)? + 1,
            'A' => {
                prefix(&DAYS, text, &mut at, false).ok_or_else(mismatch)?;
            }
            'a' => {
                prefix(&DAYS, text, &mut at, true).ok_or_else(mismatch)?;
            }
            'p' => {
                let half = text.get(at..at + 2).map(str::to_lowercase);
                afternoon = match half.as_deref() {
                    Some("am") => Some(false),
                    Some("pm") => Some(true),
                    _ => return Err(mismatch()),
                };
                at += 2;
            }
            'z' => tz = Some(zone(offset(text, &mut at).ok_or_else(mismatch)?)),
            'Z' => {
                let rest = &text[at..];
                if rest.starts_with("UTC") || rest.starts_with("GMT") {
                    at += 3;
                }
            }
            '%' if text[at..].starts_with('%') => at += 1,
            other => {
                return Err(Raise::exception(
                    "ValueError",
                    format!("'{other}' is a bad directive in format '{format}'"),
                ));
            }
        }
    }
    if at < text.len() {
        return Err(Raise::exception(
            "ValueError",
            format!("unconverted data remains: {}", &text[at..]),
        ));
    }
    match afternoon {
        Some(true) if h < 12 => h += 12,
        Some(false) if h == 12 => h = 0,
        _ => {}
    }
    if h > 23 || m > 59 || s > 61 || !(1..=12).contains(&month) {
        return Err(mismatch());
    }
    let date = Date::new(year, month, day)?;
    Ok(DateTime {
        date,
        time: Time {
            micros: ((h * 60 + m) * 60 + s) * 1_000_000 + us,
            zone: tz,
            fold: false,
        },
    })
}

fn invalid(text: &str) -> Box<Raise> {
    Raise::exception(
        "ValueError",
        format!(
            "Invalid isoformat string: {}",
            crate::python::format::quote(text, false)
        ),
    )
}

/// `date.fromisoformat(text)`.
pub(super) fn iso_date(text: &str) -> PyResult<Date> {
    let digits = |range: std::ops::Range<usize>| -> PyResult<i64> {
        text.get(range)
            .filter(|t| t.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|t| t.parse().ok())
            .ok_or_else(|| invalid(text))
    };
    match (text.len(), text.as_bytes().get(4)) {
        (10, Some(b'-')) if text.as_bytes()[7] == b'-' => {
            Date::new(digits(0..4)?, digits(5..7)?, digits(8..10)?)
        }
        (8, Some(b)) if b.is_ascii_digit() => {
            Date::new(digits(0..4)?, digits(4..6)?, digits(6..8)?)
        }
        _ => Err(invalid(text)),
    }
}

/// `time.fromisoformat(text)`.
pub(super) fn iso_time(text: &str) -> PyResult<Time> {
    let text = text.strip_prefix('T').unwrap_or(text);
    let mut at = 0;
    let mut parts = [0i64; 3];
    let mut fraction = 0;
    for (i, part) in parts.iter_mut().enumerate() {
        if i > 0 {
            match text.as_bytes().get(at) {
                Some(b':') => at += 1,
                Some(b) if b.is_ascii_digit() => {}
                _ => break,
            }
        }
        *part = number(text, &mut at, 2).ok_or_else(|| invalid(text))?;
    }
    if let Some(b'.' | b',') = text.as_bytes().get(at) {
        at += 1;
        let start = at;
        number(text, &mut at, 30).ok_or_else(|| invalid(text))?;
        let digits: String = text[start..at]
            .chars()
            .chain("000000".chars())
            .take(6)
            .collect();
        fraction = digits.parse().unwrap_or(0);
    }
    let tz = if at < text.len() {
        Some(zone(offset(text, &mut at).ok_or_else(|| invalid(text))?))
    } else {
        None
    };
    let [h, m, s] = parts;
    if at < text.len() || h > 23 || m > 59 || s > 59 {
        return Err(invalid(text));
    }
    Ok(Time {
        micros: ((h * 60 + m) * 60 + s) * 1_000_000 + fraction,
        zone: tz,
        fold: false,
    })
}

/// `datetime.fromisoformat(text)`.
pub(super) fn iso_datetime(text: &str) -> PyResult<DateTime> {
    let split = if text.as_bytes().get(4) == Some(&b'-') {
        10
    } else {
        8
    };
    let date = text
        .get(..split)
        .ok_or_else(|| invalid(text))
        .and_then(iso_date)?;
    let rest = text.get(split..).unwrap_or("");
    let mut chars = rest.chars();
    let time = match chars.next() {
        None => Time {
            micros: 0,
            zone: None,
            fold: false,
        },
        Some(_) => iso_time(chars.as_str()).map_err(|_| invalid(text))?,
    };
    Ok(DateTime { date, time })
}
