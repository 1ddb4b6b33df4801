//! How new revisions are written: names of their files, the zone of their dates, and what runs
//! on them afterwards.

use super::{AlembicConfig, Ini, Toml, python_space};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::Location;

/// What Alembic calls files unless it is told otherwise.
const FILE_TEMPLATE: &str = "%(rev)s_%(slug)s";
/// How long the part of a file's name that comes from the message is, in characters.
const SLUG_LENGTH: usize = 40;
/// The section of an ini file that lists hooks, and their key in TOML.
const HOOKS: &str = "post_write_hooks";

/// How new revisions are written.
#[derive(Clone, Debug)]
pub struct Authoring {
    /// `file_template`: the name of a file, without its extension.
    pub file_template: String,
    /// Where it is set.
    pub file_template_place: Option<Location>,
    /// `truncate_slug_length`, in characters.
    pub slug_length: usize,
    /// `timezone` of dates; `None` is that of the machine.
    pub timezone: Option<String>,
    /// Where it is set.
    pub timezone_place: Option<Location>,
    /// `revision_environment`: whether `env.py` is evaluated for every new revision.
    pub environment: bool,
    /// `post_write_hooks`, in order.
    pub hooks: Vec<Hook>,
}

impl Default for Authoring {
    fn default() -> Self {
        Self {
            file_template: FILE_TEMPLATE.to_owned(),
            file_template_place: None,
            slug_length: SLUG_LENGTH,
            timezone: None,
            timezone_place: None,
            environment: false,
            hooks: Vec::new(),
        }
    }
}

/// A program that is run on each new file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hook {
    /// Its name.
    pub name: String,
    /// Its options, such as `type`, `executable` and `options`.
    pub options: Vec<(String, String)>,
}

impl Hook {
    /// An option.
    pub fn option(&self, name: &str) -> Option<&str> {
        let found = self.options.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl AlembicConfig {
    /// How new revisions are written.
    ///
    /// # Errors
    /// Options that are not of their kind.
    pub fn authoring(&self) -> Result<Authoring> {
        let mut found = Authoring::default();
        if let Some(value) = self.option("file_template")? {
            found.file_template = value.text;
            found.file_template_place = value.location;
        }
        if let Some(value) = self.option("timezone")?.filter(|v| !v.text.is_empty()) {
            found.timezone = Some(value.text);
            found.timezone_place = value.location;
        }
        found.slug_length = match self.number("truncate_slug_length")? {
            Some(length) if length > 0 => length,
            _ => SLUG_LENGTH,
        };
        found.environment = self.truth("revision_environment")?;
        found.hooks = self.hooks()?;
        if let Some(value) = self.option("output_encoding")? {
            let plain = value.text.to_ascii_lowercase().replace(['-', '_'], "");
            if !plain.is_empty() && plain != "utf8" {
                let message = format!("the output encoding '{}' is not written", value.text);
                return Err(Box::new(
                    Diagnostic::error(Code::ConfigInvalid, message)
                        .at(value.location)
                        .with_help("set `output_encoding` to utf-8, or leave it out"),
                ));
            }
        }
        Ok(found)
    }

    fn in_ini(&self, name: &str) -> Result<Option<super::Value>> {
        match &self.ini {
            Some(ini) => ini.get(&self.section, name),
            None => Ok(None),
        }
    }

    fn number(&self, name: &str) -> Result<Option<usize>> {
        let (text, place) = match (self.in_ini(name)?, &self.toml) {
            (Some(value), _) => (value.text, value.location),
            (None, Some(toml)) => match toml.option(name)? {
                Some(serde_json::Value::String(text)) => (text, toml.place(name)),
                Some(other) => (other.to_string(), toml.place(name)),
                None => return Ok(None),
            },
            (None, None) => return Ok(None),
        };
        let trimmed = text.trim_matches(python_space);
        if trimmed.is_empty() {
            return Ok(None);
        }
        trimmed.parse().map(Some).map_err(|_| {
            let message = format!("the option '{name}' must be a number, not '{text}'");
            Box::new(Diagnostic::error(Code::ConfigInvalid, message).at(place))
        })
    }

    /// The words for yes and no that Alembic knows.
    fn truth(&self, name: &str) -> Result<bool> {
        let value = match (self.in_ini(name)?, &self.toml) {
            (Some(value), _) => value,
            (None, Some(toml)) => match toml.option(name)? {
                Some(serde_json::Value::Bool(flag)) => return Ok(flag),
                Some(serde_json::Value::String(text)) => super::Value {
                    text,
                    location: toml.place(name),
                },
                Some(_) => return Err(toml.wrong(name, "true or false")),
                None => return Ok(false),
            },
            (None, None) => return Ok(false),
        };
        let word = value.text.trim_matches(python_space).to_lowercase();
        match word.as_str() {
            "true" | "yes" | "on" | "y" | "t" | "1" => Ok(true),
            "false" | "no" | "off" | "n" | "f" | "0" | "" => Ok(false),
            _ => {
                let message = format!("the option '{name}' must be true or false, not '{word}'");
                Err(Box::new(
                    Diagnostic::error(Code::ConfigInvalid, message).at(value.location),
                ))
            }
        }
    }

    /// The hooks: those of the ini file when it has their section, else those of TOML.
    fn hooks(&self) -> Result<Vec<Hook>> {
        match (&self.ini, &self.toml) {
            (Some(ini), _) if ini.has_section(HOOKS) => ini_hooks(ini),
            (_, Some(toml)) => toml_hooks(toml),
            _ => Ok(Vec::new()),
        }
    }
}

fn ini_hooks(ini: &Ini) -> Result<Vec<Hook>> {
    let Some(listed) = ini.get(HOOKS, "hooks")? else {
        return Ok(Vec::new());
    };
    let names = listed.text.split([',', ' ', '\n', '\t']);
    let mut hooks = Vec::new();
    for name in names.filter(|name| !name.is_empty()) {
        let prefix = format!("{}.", name.to_lowercase());
        let mut options = Vec::new();
        for key in ini.options(HOOKS) {
            if let Some(option) = key.strip_prefix(&prefix)
                && let Some(value) = ini.get(HOOKS, key)?
            {
                options.push((option.to_owned(), value.text));
            }
        }
        hooks.push(Hook {
            name: name.to_owned(),
            options,
        });
    }
    Ok(hooks)
}

fn toml_hooks(toml: &Toml) -> Result<Vec<Hook>> {
    let wrong = || toml.wrong(HOOKS, "a list of tables with `name` and texts");
    let items = match toml.option(HOOKS)? {
        None => return Ok(Vec::new()),
        Some(serde_json::Value::Array(items)) => items,
        Some(_) => return Err(wrong()),
    };
    let mut hooks = Vec::new();
    for item in items {
        let serde_json::Value::Object(pairs) = item else {
            return Err(wrong());
        };
        let mut hook = Hook::default();
        for (key, value) in pairs {
            let serde_json::Value::String(text) = value else {
                return Err(wrong());
            };
            let text = toml.interpolated(HOOKS, &text)?;
            if key == "name" {
                hook.name = text;
            } else {
                hook.options.push((key, text));
            }
        }
        if hook.name.is_empty() {
            return Err(wrong());
        }
        hooks.push(hook);
    }
    Ok(hooks)
}
