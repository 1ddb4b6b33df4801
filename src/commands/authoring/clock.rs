//! The clock and the chance that new revisions take their dates and identifiers from. Nothing
//! else of the program reads either.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::config::Authoring;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::alembic::project::revise::Created;

/// The characters of an identifier.
const ID_LENGTH: usize = 12;

/// A moment, as the project's zone shows it.
#[derive(Clone, Debug)]
pub(in crate::commands) struct Moment {
    pub(in crate::commands) created: Created,
    /// Seconds since 1970.
    pub(in crate::commands) epoch: i64,
    /// The offset from UTC in seconds, when the project names a zone.
    offset: Option<i32>,
}

/// Now, or `fixed` seconds since 1970, in the zone of the project, else in that of the machine,
/// which is UTC for a fixed moment.
pub(in crate::commands) fn now(authoring: &Authoring, fixed: Option<i64>) -> Result<Moment> {
    let micros = match fixed {
        Some(seconds) => seconds.saturating_mul(1_000_000),
        None => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_micros()).ok())
            .unwrap_or_default(),
    };
    let moment = Timestamp::from_microsecond(micros).map_err(|_| {
        let message = "the date is outside the years 1 to 9999";
        Box::new(
            Diagnostic::error(Code::Usage, message)
                .with_help("correct `SOURCE_DATE_EPOCH`, which is a number of seconds"),
        )
    })?;
    let named = authoring.timezone.as_deref();
    let zone = match named {
        Some(name) => zone_called(name).ok_or_else(|| unknown_zone(authoring, name))?,
        None if fixed.is_some() => TimeZone::UTC,
        None => TimeZone::system(),
    };
    let offset = zone.to_offset(moment);
    let clock = offset.to_datetime(moment);
    let fold = match zone.to_ambiguous_timestamp(clock).offset() {
        AmbiguousOffset::Fold { after, .. } => offset == after,
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Gap { .. } => false,
    };
    let key = named.and_then(|_| zone.iana_name().map(str::to_owned));
    let fields = [
        i64::from(clock.year()),
        i64::from(clock.month()),
        i64::from(clock.day()),
        i64::from(clock.hour()),
        i64::from(clock.minute()),
        i64::from(clock.second()),
        i64::from(clock.subsec_nanosecond() / 1000),
    ];
    Ok(Moment {
        epoch: moment.as_second(),
        offset: key.is_some().then(|| offset.seconds()),
        created: Created {
            fields,
            zone: key,
            fold,
        },
    })
}

impl Moment {
    /// As Python writes a `datetime`: `2026-01-31 13:45:00.123456+01:00`.
    pub(in crate::commands) fn text(&self) -> String {
        let [year, month, day, hour, minute, second, micro] = self.created.fields;
        let mut text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
        if micro != 0 {
            text.push_str(&format!(".{micro:06}"));
        }
        if let Some(offset) = self.offset {
            let sign = if offset < 0 { '-' } else { '+' };
            let minutes = offset.abs() / 60;
            text.push_str(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
        }
        text
    }
}

/// The zone of that name, which counts as it is written or else in capitals.
fn zone_called(name: &str) -> Option<TimeZone> {
    let exact = |name: &str| {
        let zone = TimeZone::get(name).ok()?;
        zone.iana_name()
            .is_some_and(|known| known == name)
            .then_some(zone)
    };
    exact(name).or_else(|| exact(&name.to_uppercase()))
}

fn unknown_zone(authoring: &Authoring, name: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::ConfigInvalid,
            format!("Can't locate timezone: {name}"),
        )
        .at(authoring.timezone_place.clone())
        .with_help("write a name of the tz database, such as `UTC` or `Europe/Berlin`"),
    )
}

/// A new identifier, which `taken` does not know: twelve hexadecimal digits.
pub(in crate::commands) fn new_id(taken: impl Fn(&str) -> bool) -> String {
    loop {
        let made = format!("{:016x}", chance());
        let id: String = made.chars().take(ID_LENGTH).collect();
        // A number, also one with an exponent, would be read as one by some tools.
        let is_number = id.chars().all(|c| c.is_ascii_digit() || c == 'e');
        if !is_number && !taken(&id) {
            return id;
        }
    }
}

/// A number that the system chose.
fn chance() -> u64 {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    if let Ok(since) = SystemTime::now().duration_since(UNIX_EPOCH) {
        hasher.write_u128(since.as_nanos());
    }
    hasher.finish()
}
