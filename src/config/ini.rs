//! `.ini` files as Python's `ConfigParser` reads them: continuation lines, comments on lines of
//! their own, `[DEFAULT]`, `%(name)s` interpolation.

use std::path::Path;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{Location, SourceFile, Span};

const DEFAULT: &str = "DEFAULT";
/// How deep values may refer to each other; Python's limit.
const MAX_DEPTH: usize = 10;
/// How long an interpolated value may become.
const MAX_LENGTH: usize = 1 << 20;

/// One option as it is written.
#[derive(Clone, Debug)]
struct Entry {
    raw: String,
    /// Whether `%` is plain text in it.
    literal: bool,
    /// Where the value is; nothing for a value that does not come from the file.
    place: Option<Span>,
}

type Options = IndexMap<String, Entry>;

/// A parsed file.
#[derive(Clone, Debug)]
pub struct Ini {
    file: Arc<SourceFile>,
    defaults: Options,
    sections: IndexMap<String, Options>,
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The text after interpolation.
    pub text: String,
    /// Where it is written.
    pub location: Option<Location>,
}

impl Ini {
    /// Parses a text.
    pub fn parse(file: Arc<SourceFile>) -> Result<Self> {
        let mut reader = Reader {
            ini: Self {
                file: Arc::clone(&file),
                defaults: Options::new(),
                sections: IndexMap::new(),
            },
            section: None,
            option: None,
            indent: 0,
            bad_line: None,
        };
        let mut start = 0;
        for line in file.text().split_inclusive('\n') {
            reader.line(
                line.strip_prefix('\u{feff}')
                    .filter(|_| start == 0)
                    .unwrap_or(line),
                start,
            )?;
            start += line.len();
        }
        if let Some(bad) = reader.bad_line {
            return Err(bad);
        }
        let mut ini = reader.ini;
        let all = ini
            .sections
            .values_mut()
            .chain(std::iter::once(&mut ini.defaults));
        for entry in all.flat_map(IndexMap::values_mut) {
            entry
                .raw
                .truncate(entry.raw.trim_end_matches(super::python_space).len());
        }
        Ok(ini)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Sets an option of `[DEFAULT]` that holds its text as it is, unless the file has it.
    pub fn set_default(&mut self, name: &str, text: &str) {
        let entry = Entry {
            raw: text.to_owned(),
            literal: true,
            place: None,
        };
        self.defaults.entry(name.to_lowercase()).or_insert(entry);
    }

    /// A file without options.
    pub fn empty() -> Self {
        Self {
            file: SourceFile::new("alembic.ini", ""),
            defaults: Options::default(),
            sections: IndexMap::default(),
        }
    }

    /// Sets an option, as `set_main_option` and `set_section_option` do. The text may refer to
    /// other options. The section comes to be when it is not there.
    pub fn set(&mut self, section: &str, name: &str, raw: &str) {
        let entry = Entry {
            raw: raw.to_owned(),
            literal: false,
            place: None,
        };
        let options = if section == DEFAULT {
            &mut self.defaults
        } else {
            self.sections.entry(section.to_owned()).or_default()
        };
        options.insert(name.to_lowercase(), entry);
    }

    /// Removes an option of a section.
    pub fn remove(&mut self, section: &str, name: &str) {
        if let Some(options) = self.sections.get_mut(section) {
            options.shift_remove(&name.to_lowercase());
        }
    }

    /// Whether the file has the section; `[DEFAULT]` is none.
    pub fn has_section(&self, name: &str) -> bool {
        self.sections.contains_key(name)
    }

    /// The names of the sections, without `[DEFAULT]`.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// An option of a section, or of `[DEFAULT]`, interpolated.
    pub fn get(&self, section: &str, name: &str) -> Result<Option<Value>> {
        let name = name.to_lowercase();
        let Some(entry) = self.entry(section, &name) else {
            return Ok(None);
        };
        let mut text = String::new();
        let mut budget = MAX_LENGTH;
        self.interpolate(section, &name, entry, &mut text, 1, &mut budget)?;
        Ok(Some(Value {
            text,
            location: entry.place.map(|span| self.at(span)),
        }))
    }

    /// An option as it is written.
    pub fn raw(&self, section: &str, name: &str) -> Option<&str> {
        self.entry(section, &name.to_lowercase())
            .map(|entry| &*entry.raw)
    }

    /// The names of all options of a section, then those of `[DEFAULT]` that it does not have.
    pub fn options(&self, section: &str) -> Vec<&str> {
        let own = self.sections.get(section);
        let inherited = self
            .defaults
            .keys()
            .filter(|key| own.is_none_or(|o| !o.contains_key(*key)));
        own.into_iter()
            .flat_map(IndexMap::keys)
            .chain(inherited)
            .map(String::as_str)
            .collect()
    }

    fn entry(&self, section: &str, name: &str) -> Option<&Entry> {
        let own = match self.sections.get(section) {
            Some(options) => options.get(name),
            None if section == DEFAULT => None,
            None => return None,
        };
        own.or_else(|| self.defaults.get(name))
    }

    fn at(&self, span: Span) -> Location {
        Location::new(Arc::clone(&self.file), span)
    }

    fn interpolate(
        &self,
        section: &str,
        name: &str,
        entry: &Entry,
        out: &mut String,
        depth: usize,
        budget: &mut usize,
    ) -> Result<()> {
        if entry.literal || !entry.raw.contains('%') {
            out.push_str(&entry.raw);
            return Ok(());
        }
        let fail = |message: String| {
            let place = entry.place.map(|span| self.at(span));
            Box::new(Diagnostic::error(Code::ConfigInvalid, message).at(place))
        };
        if depth > MAX_DEPTH {
            return Err(fail(format!(
                "the option '{name}' of [{section}] refers to others more than {MAX_DEPTH} deep"
            ))
            .help("an option must not refer to itself"));
        }
        let mut rest = entry.raw.as_str();
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            *budget = budget.saturating_sub(1);
            if out.len() > MAX_LENGTH || *budget == 0 {
                return Err(fail(format!(
                    "the option '{name}' of [{section}] is too long"
                )));
            }
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                out.push('%');
                rest = after;
                continue;
            }
            let reference = rest.strip_prefix('(').and_then(|inner| {
                let end = inner.find(')').filter(|end| *end > 0)?;
                Some((&inner[..end], inner[end + 1..].strip_prefix('s')?))
            });
            let Some((wanted, after)) = reference else {
                let message = if rest.starts_with('(') {
                    format!(
                        "bad reference '%{}' in the option '{name}'",
                        first_words(rest)
                    )
                } else {
                    format!(
                        "'%' must be followed by '%' or '(', found '%{}'",
                        first_words(rest)
                    )
                };
                return Err(fail(message).help("write a percent sign as `%%`"));
            };
            let Some(found) = self.entry(section, &wanted.to_lowercase()) else {
                let message = format!(
                    "the option '{name}' of [{section}] refers to '{wanted}', which is not set"
                );
                let help = format!("set '{wanted}' in [{section}] or [DEFAULT]");
                return Err(fail(message).help(help));
            };
            self.interpolate(section, name, found, out, depth + 1, budget)?;
            rest = after;
        }
        out.push_str(rest);
        Ok(())
    }
}

/// Adds a remedy to a boxed diagnostic.
trait Help {
    fn help(self, text: impl Into<String>) -> Self;
}

impl Help for Box<Diagnostic> {
    fn help(self, text: impl Into<String>) -> Self {
        Box::new((*self).with_help(text))
    }
}

fn first_words(text: &str) -> String {
    text.chars().take(30).collect()
}

struct Reader {
    ini: Ini,
    section: Option<String>,
    option: Option<String>,
    indent: usize,
    bad_line: Option<Box<Diagnostic>>,
}

impl Reader {
    fn line(&mut self, line: &str, start: usize) -> Result<()> {
        let value = line.trim_matches(super::python_space);
        let comment = value.starts_with(['#', ';']);
        if comment || value.is_empty() {
            if !comment && let Some(entry) = self.current() {
                entry.raw.push('\n');
            }
            return Ok(());
        }
        let indent = line.chars().take_while(|c| super::python_space(*c)).count();
        let offset = start + line.len() - line.trim_start_matches(super::python_space).len();
        let span = Span::new(offset, offset + value.len());
        if indent > self.indent
            && let Some(entry) = self.current()
        {
            entry.raw.push('\n');
            entry.raw.push_str(value);
            return Ok(());
        }
        self.indent = indent;
        let header = value
            .strip_prefix('[')
            .and_then(|v| v.rfind(']').map(|end| &v[..end]));
        if let Some(name) = header.filter(|name| !name.is_empty()) {
            return self.header(name, span);
        }
        let Some(section) = self.section.clone() else {
            return Err(self
                .problem(span, "the file has no section header before this line")
                .help("options belong to a section such as `[alembic]`"));
        };
        let Some(at) = value.find(['=', ':']).filter(|at| *at > 0) else {
            if self.bad_line.is_none() {
                let message = "the line is neither a section, nor an option, nor a comment";
                self.bad_line = Some(
                    self.problem(span, message)
                        .help("write `name = value`, or `# comment`"),
                );
            }
            return Ok(());
        };
        let name = value[..at]
            .trim_end_matches(super::python_space)
            .to_lowercase();
        let text = value[at + 1..].trim_matches(super::python_space);
        let text_at = offset + value.len() - text.len();
        let entry = Entry {
            raw: text.to_owned(),
            literal: false,
            place: Some(Span::new(text_at, text_at + text.len())),
        };
        let options = match self.ini.sections.get_mut(&section) {
            Some(options) => options,
            None => &mut self.ini.defaults,
        };
        if let Some(earlier) = options.get(&name).and_then(|entry| entry.place) {
            let message = format!("the option '{name}' is there already in [{section}]");
            let earlier = self.ini.at(earlier);
            let problem = self.problem(span, &message);
            return Err(Box::new(
                problem
                    .label(earlier, "set here")
                    .with_help("remove one of the two"),
            ));
        }
        options.insert(name.clone(), entry);
        self.option = Some(name);
        Ok(())
    }

    fn header(&mut self, name: &str, span: Span) -> Result<()> {
        self.option = None;
        self.section = Some(name.to_owned());
        if name == DEFAULT {
            return Ok(());
        }
        if self.ini.sections.contains_key(name) {
            let problem = self.problem(span, &format!("the section [{name}] is there already"));
            return Err(Box::new(
                problem.with_help("put the options into one section"),
            ));
        }
        self.ini.sections.insert(name.to_owned(), Options::new());
        Ok(())
    }

    /// The option that a continuation line would continue.
    fn current(&mut self) -> Option<&mut Entry> {
        let (section, option) = (self.section.as_ref()?, self.option.as_ref()?);
        let options = match self.ini.sections.get_mut(section) {
            Some(options) => options,
            None => &mut self.ini.defaults,
        };
        options.get_mut(option)
    }

    fn problem(&self, span: Span, message: &str) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(Code::ConfigInvalid, message).at(self.ini.at(span)))
    }
}
