//! The configuration of an Alembic project: an ini file, `[tool.alembic]`, or both.
//!
//! Each option is looked for in the ini file first.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Data;

use super::ini::{Ini, Value};
use super::toml::with_table;
use super::{join, suggestion};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{Location, SourceFile};

/// An Alembic project's configuration, with its directories resolved.
#[derive(Clone, Debug)]
pub struct AlembicConfig {
    /// The ini file; `%(here)s` is set in it.
    pub ini: Option<Ini>,
    /// The section of the ini file.
    pub section: String,
    /// `[tool.alembic]`, with the directory of its file for `%(here)s`.
    pub toml: Option<Toml>,
    /// The directory with `env.py`.
    pub script_location: PathBuf,
    /// The directories of revisions, in load order.
    pub version_locations: Vec<PathBuf>,
    /// Whether their sub-directories belong to them.
    pub recursive: bool,
    /// Directories that come first when modules are imported.
    pub prepend_sys_path: Vec<PathBuf>,
    /// Directories of installed packages, which come last. None unless the user names them.
    pub packages: Vec<PathBuf>,
    /// Directories of modules that are evaluated in the place of those with their names.
    pub stand_ins: Vec<PathBuf>,
}

/// `[tool.alembic]` of a `pyproject.toml`.
#[derive(Clone, Debug)]
pub struct Toml {
    file: Arc<SourceFile>,
    here: String,
    /// The options, not interpolated.
    options: serde_json::Map<String, Data>,
    places: Vec<(String, Location)>,
}

/// What paths are relative to.
pub(super) struct Bases<'a> {
    /// Directories that a relative path is looked for in; the first is taken when there is none.
    pub(super) directories: Vec<&'a Path>,
}

impl Bases<'_> {
    fn resolve(&self, path: &str) -> PathBuf {
        let mut found = self.directories.iter().map(|base| join(base, path));
        let first = found.next().unwrap_or_else(|| PathBuf::from(path));
        if first.exists() {
            return first;
        }
        found.find(|path| path.exists()).unwrap_or(first)
    }
}

impl Toml {
    /// Reads `[tool.alembic]`; `None` when the file has none.
    pub(super) fn parse(file: &Arc<SourceFile>, here: &Path) -> Result<Option<Self>> {
        with_table(file, |table| {
            let Some(tool) = table.get("tool") else {
                return Ok(None);
            };
            let Some(alembic) = tool.table()?.get("alembic") else {
                return Ok(None);
            };
            let mut options = serde_json::Map::new();
            let mut places = Vec::new();
            for found in alembic.table()?.entries() {
                options.insert(found.key().to_owned(), found.data()?);
                places.push((found.key().to_owned(), found.location()));
            }
            let here = here.display().to_string();
            Ok(Some(Self {
                file: Arc::clone(file),
                here,
                options,
                places,
            }))
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    pub(super) fn place(&self, key: &str) -> Option<Location> {
        self.places
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, place)| place.clone())
    }

    pub(super) fn wrong(&self, key: &str, expected: &str) -> Box<Diagnostic> {
        let message = format!("the option '{key}' of [tool.alembic] must be {expected}");
        Box::new(Diagnostic::error(Code::ConfigInvalid, message).at(self.place(key)))
    }

    /// `%(here)s` and `%%` replaced.
    pub(super) fn interpolated(&self, key: &str, text: &str) -> Result<String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                out.push('%');
                rest = after;
            } else if let Some(after) = rest.strip_prefix("(here)s") {
                out.push_str(&self.here);
                rest = after;
            } else {
                let message = format!(
                    "in the option '{key}' of [tool.alembic], '%' must be followed by '%' or '(here)s'"
                );
                return Err(Box::new(
                    Diagnostic::error(Code::ConfigInvalid, message)
                        .at(self.place(key))
                        .with_help("write a percent sign as `%%`"),
                ));
            }
        }
        out.push_str(rest);
        Ok(out)
    }

    /// A text, interpolated.
    pub fn text(&self, key: &str) -> Result<Option<String>> {
        match self.options.get(key) {
            None => Ok(None),
            Some(Data::String(text)) => self.interpolated(key, text).map(Some),
            Some(_) => Err(self.wrong(key, "a string")),
        }
    }

    /// Any option, its texts interpolated one level deep, as `get_alembic_option` gives it.
    pub fn option(&self, key: &str) -> Result<Option<Data>> {
        let text = |data: &Data| match data {
            Data::String(text) => self.interpolated(key, text).map(Data::String),
            other => Ok(other.clone()),
        };
        Ok(Some(match self.options.get(key) {
            None => return Ok(None),
            Some(Data::Array(items)) => Data::Array(items.iter().map(text).collect::<Result<_>>()?),
            Some(Data::Object(pairs)) => {
                let pair = |(k, v): (&String, &Data)| Ok((k.clone(), text(v)?));
                Data::Object(pairs.iter().map(pair).collect::<Result<_>>()?)
            }
            Some(other) => text(other)?,
        }))
    }

    fn flag(&self, key: &str) -> Result<bool> {
        match self.options.get(key) {
            None => Ok(false),
            Some(Data::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.wrong(key, "true or false")),
        }
    }

    fn texts(&self, key: &str) -> Result<Vec<String>> {
        match self.options.get(key) {
            None => Ok(Vec::new()),
            Some(Data::String(text)) => Ok(vec![self.interpolated(key, text)?]),
            Some(Data::Array(items)) => items
                .iter()
                .map(|item| match item {
                    Data::String(text) => self.interpolated(key, text),
                    _ => Err(self.wrong(key, "a list of strings")),
                })
                .collect(),
            Some(_) => Err(self.wrong(key, "a list of strings")),
        }
    }
}

impl AlembicConfig {
    /// Resolves the directories of a project. `location` is a `script_location` from elsewhere.
    pub(super) fn resolve(
        ini: Option<Ini>,
        section: &str,
        toml: Option<Toml>,
        location: Option<PathBuf>,
        packages: Vec<PathBuf>,
        bases: &Bases<'_>,
    ) -> Result<Self> {
        let mut config = Self {
            ini,
            section: section.to_owned(),
            toml,
            script_location: PathBuf::new(),
            version_locations: Vec::new(),
            recursive: false,
            prepend_sys_path: Vec::new(),
            packages,
            stand_ins: Vec::new(),
        };
        config.recursive = config.flag("recursive_version_locations")?;
        let paths = config.path_list("prepend_sys_path", &["path_separator"], legacy_paths)?;
        config.prepend_sys_path = paths.iter().map(|path| bases.resolve(path)).collect();
        config.script_location = match location {
            Some(location) => location,
            None => config.find_script_location(bases)?,
        };
        let separators = &["path_separator", "version_path_separator"];
        let locations = config.path_list("version_locations", separators, legacy_locations)?;
        config.version_locations = if locations.is_empty() {
            vec![config.script_location.join("versions")]
        } else {
            locations
                .iter()
                .map(|path| config.resource(path, bases))
                .collect()
        };
        Ok(config)
    }

    /// An option of the main section or of `[tool.alembic]`.
    pub fn option(&self, name: &str) -> Result<Option<Value>> {
        if let Some(ini) = &self.ini
            && let Some(value) = ini.get(&self.section, name)?
        {
            return Ok(Some(value));
        }
        let Some(toml) = &self.toml else {
            return Ok(None);
        };
        let text = toml.text(name)?;
        Ok(text.map(|text| Value {
            text,
            location: toml.place(name),
        }))
    }

    /// `sqlalchemy.url` of the main section, as written when it refers to what is not set.
    pub fn url(&self) -> Option<(String, Option<Location>)> {
        let ini = self.ini.as_ref()?;
        match ini.get(&self.section, "sqlalchemy.url") {
            Ok(value) => value.map(|value| (value.text, value.location)),
            Err(_) => ini
                .raw(&self.section, "sqlalchemy.url")
                .map(|raw| (raw.to_owned(), None)),
        }
    }

    /// True only for the exact text `true` in the ini file.
    fn flag(&self, name: &str) -> Result<bool> {
        if let Some(ini) = &self.ini
            && let Some(value) = ini.get(&self.section, name)?
        {
            return Ok(value.text == "true");
        }
        self.toml.as_ref().map_or(Ok(false), |toml| toml.flag(name))
    }

    fn find_script_location(&self, bases: &Bases<'_>) -> Result<PathBuf> {
        let Some(found) = self.option("script_location")? else {
            // Flask-Migrate keeps the ini file beside `env.py`, and names the directory itself.
            let beside = self.ini.as_ref().and_then(|ini| ini.path().parent());
            return match beside.filter(|directory| directory.join("env.py").is_file()) {
                Some(directory) => Ok(join(directory, ".")),
                None => Err(self.no_script_location()),
            };
        };
        let path = self.resource(&found.text, bases);
        if path.is_dir() {
            return Ok(path);
        }
        let message = format!("Path doesn't exist: {}", path.display());
        Err(Box::new(
            Diagnostic::error(Code::ConfigInvalid, message)
                .at(found.location)
                .with_help("correct `script_location`; it is the directory with `env.py`"),
        ))
    }

    fn no_script_location(&self) -> Box<Diagnostic> {
        let message = "No 'script_location' key found in configuration.";
        let mut found = Diagnostic::error(Code::ConfigInvalid, message);
        match &self.ini {
            Some(ini) if !ini.has_section(&self.section) => {
                found = found.with_note(format!(
                    "{} has no section [{}]",
                    ini.path().display(),
                    self.section
                ));
                let section = &self.section;
                if let Some(near) = suggestion(section, ini.sections()) {
                    found = found.with_help(format!("did you mean `-n {near}`?"));
                }
            }
            Some(ini) => found = found.with_note(format!("in {}", ini.path().display())),
            None => {}
        }
        if let Some(toml) = &self.toml {
            found = found.with_note(format!("in {}", toml.path().display()));
        }
        Box::new(found.with_help("set `script_location` to the directory with `env.py`"))
    }

    /// A path, or `package:directory` looked for where modules are.
    fn resource(&self, path: &str, bases: &Bases<'_>) -> PathBuf {
        let Some((package, inner)) = path
            .split_once(':')
            .filter(|_| !Path::new(path).is_absolute())
        else {
            return bases.resolve(path);
        };
        let mut relative: PathBuf = package.split('.').collect();
        relative.extend(inner.split(':'));
        let roots = self.prepend_sys_path.iter().map(PathBuf::as_path);
        let places = roots.chain(bases.directories.iter().copied());
        let source = bases.directories.iter().map(|base| base.join("src"));
        let candidates = places
            .map(Path::to_path_buf)
            .chain(source)
            .chain(self.packages.iter().cloned())
            .map(|r| r.join(&relative));
        let mut first = None;
        for candidate in candidates {
            if candidate.exists() {
                return candidate;
            }
            first.get_or_insert(candidate);
        }
        first.unwrap_or(relative)
    }

    /// A list of paths: text of the ini file that is split, or a list of `[tool.alembic]`.
    fn path_list(
        &self,
        name: &str,
        separators: &[&str],
        legacy: fn(&str) -> Vec<String>,
    ) -> Result<Vec<String>> {
        if let Some(ini) = &self.ini
            && let Some(value) = ini.get(&self.section, name)?
            && !value.text.is_empty()
        {
            let Some(separator) = self.separator(ini, separators)? else {
                return Ok(legacy(&value.text));
            };
            let parts = value.text.split(separator).filter(|part| !part.is_empty());
            return Ok(parts
                .map(|part| part.trim_matches(super::python_space).to_owned())
                .collect());
        }
        self.toml
            .as_ref()
            .map_or_else(|| Ok(Vec::new()), |toml| toml.texts(name))
    }

    fn separator(&self, ini: &Ini, names: &[&str]) -> Result<Option<char>> {
        for name in names {
            let Some(value) = ini.get(&self.section, name)? else {
                continue;
            };
            return match value.text.as_str() {
                "space" => Ok(Some(' ')),
                "newline" => Ok(Some('\n')),
                "os" => Ok(Some(if cfg!(windows) { ';' } else { ':' })),
                ":" => Ok(Some(':')),
                ";" => Ok(Some(';')),
                other => {
                    let message = format!(
                        "'{other}' is not a valid value for {name}; expected 'space', 'newline', \
                         'os', ':', ';'"
                    );
                    let found = Diagnostic::error(Code::ConfigInvalid, message);
                    Err(Box::new(found.at(value.location)))
                }
            };
        }
        Ok(None)
    }
}

/// `, *|(?: +)`, as Alembic splits without a `path_separator`.
fn legacy_locations(text: &str) -> Vec<String> {
    legacy_split(text, false)
}

/// The same, with colons.
fn legacy_paths(text: &str) -> Vec<String> {
    legacy_split(text, true)
}

fn legacy_split(text: &str, colons: bool) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == ',' || c == ' ' {
            while chars.next_if_eq(&' ').is_some() {}
            parts.push(String::new());
        } else if colons && c == ':' {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.retain(|part| !part.trim_matches(super::python_space).is_empty());
    parts
        .iter()
        .map(|part| part.trim_matches(super::python_space).to_owned())
        .collect()
}
