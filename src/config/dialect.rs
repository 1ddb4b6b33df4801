//! Which dialect the script is for, as far as files and the environment say so.

use super::{Config, Source};
use crate::source::Location;

/// Who named the dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialectOrigin {
    /// `--dialect`.
    Flag,
    /// `gensql.toml`.
    Settings,
    /// `sqlalchemy.url` of the ini file.
    Url,
    /// `DATABASE_URL`.
    Environment,
    /// `context.configure` in `env.py`.
    EnvPy,
}

/// A dialect by name, or by the scheme of a database URL.
#[derive(Clone, Debug, PartialEq)]
pub struct DialectChoice {
    /// A dialect's name or a URL's scheme without the driver.
    pub name: String,
    /// The version of the server, when one is named.
    pub version: Option<String>,
    /// Who said so.
    pub origin: DialectOrigin,
    /// Where.
    pub location: Option<Location>,
}

impl DialectChoice {
    /// Reads `NAME` or `NAME:VERSION`.
    pub fn named(text: &str, origin: DialectOrigin) -> Self {
        let (name, version) = match text.split_once(':') {
            Some((name, version)) => (name, Some(version.trim().to_owned())),
            None => (text, None),
        };
        let version = version.filter(|version| !version.is_empty());
        Self {
            name: name.trim().to_owned(),
            version,
            origin,
            location: None,
        }
    }

    /// Takes the scheme of a database URL; `None` when it has none, or the placeholder's.
    pub fn of_url(url: &str, origin: DialectOrigin) -> Option<Self> {
        let name = url_scheme(url)?.to_owned();
        Some(Self {
            name,
            version: None,
            origin,
            location: None,
        })
    }
}

/// The scheme of a database URL without the driver: `postgresql` of `postgresql+psycopg2://…`.
///
/// The placeholder `driver://` of a new Alembic project has none.
pub fn url_scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.trim().split_once("://")?;
    let name = scheme.split_once('+').map_or(scheme, |(name, _)| name);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!name.is_empty() && name != "driver" && name.chars().all(plain)).then_some(name)
}

impl Config {
    /// The dialect, from the first of: the flag, `gensql.toml`, `sqlalchemy.url`, and
    /// `DATABASE_URL`. What `env.py` says comes after these.
    pub fn dialect(&self, flag: Option<&str>, environment: Option<&str>) -> Option<DialectChoice> {
        if let Some(flag) = flag {
            return Some(DialectChoice::named(flag, DialectOrigin::Flag));
        }
        if let Some(setting) = &self.settings.dialect {
            let choice = DialectChoice::named(&setting.value, DialectOrigin::Settings);
            return Some(DialectChoice {
                location: Some(setting.location.clone()),
                ..choice
            });
        }
        if let Source::Alembic(alembic) = &self.source
            && let Some((url, location)) = alembic.url()
            && let Some(choice) = DialectChoice::of_url(&url, DialectOrigin::Url)
        {
            return Some(DialectChoice { location, ..choice });
        }
        DialectChoice::of_url(environment?, DialectOrigin::Environment)
    }
}
