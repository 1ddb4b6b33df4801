//! Where dialects come from: the built-in ones, and the files of a project.
//!
//! A project's own dialect is `dialects/NAME.toml`, with `templates/NAME/*.sql.j2` beside the
//! folder `dialects`. A file of the project goes before the built-in one of the same name.

use std::cell::RefCell;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;

use super::facts::Facts;
use super::{BUILTIN, Composed, Dialect, Expressions, layers};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{Location, SourceFile, Span};

/// The largest dialect file or template, in bytes.
const LARGEST: u64 = 1 << 20;

/// How many dialects may extend one another.
const DEEPEST: usize = 16;

/// The dialects that a project can choose from.
#[derive(Default)]
pub struct Library {
    /// Directories that may hold `dialects` and `templates`; the first one that has a file wins.
    roots: Vec<PathBuf>,
    read: RefCell<IndexMap<PathBuf, Option<Arc<SourceFile>>>>,
}

/// What a dialect is made of.
pub(super) struct Made {
    pub(super) facts: Facts,
    /// The names of what it is made of, itself first.
    pub(super) lineage: Vec<String>,
    /// Where the build has composed it.
    pub(super) composed: Option<&'static Composed>,
}

/// What `gensql dialects` says of a dialect.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The name for `--dialect`.
    pub name: String,
    /// The product.
    pub title: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// What has run its scripts: `server` or `engine`; nothing when none has.
    pub verified: String,
    /// The project's own file, when it is one.
    pub file: Option<PathBuf>,
}

impl Library {
    /// The built-in dialects and those that are below the directories.
    pub fn new(roots: Vec<PathBuf>) -> Rc<Self> {
        Rc::new(Self {
            roots,
            read: RefCell::default(),
        })
    }

    /// The built-in dialects only.
    pub fn built_in() -> Rc<Self> {
        Rc::default()
    }

    /// Loads a dialect by its name or an alias. `compat` keeps SQLAlchemy's refusals where a
    /// value could be written after all.
    ///
    /// # Errors
    /// [`Code::DialectUnknown`] with the names that there are; [`Code::DialectFile`] at the place
    /// in the project's file that is wrong.
    pub fn load(
        self: &Rc<Self>,
        name: &str,
        version: Option<&str>,
        compat: bool,
    ) -> Result<Rc<Dialect>> {
        let wanted = name.to_ascii_lowercase();
        let Some(known) = self.named(&wanted)? else {
            return Err(self.unknown(name));
        };
        let made = self.make(&known)?;
        let dialect = Dialect::new(Rc::clone(self), made, (version, compat))?;
        Ok(Rc::new(dialect))
    }

    /// The name of the dialect that is called so.
    fn named(&self, wanted: &str) -> Result<Option<String>> {
        if self.own("dialects", &format!("{wanted}.toml"))?.is_some()
            || BUILTIN.iter().any(|(known, _)| *known == wanted)
        {
            return Ok(Some(wanted.to_owned()));
        }
        let quoted = format!("\"{wanted}\"");
        for name in self.own_names() {
            // A broken file has its say when it is asked for, or where the dialects are listed.
            if let Ok(Some(file)) = self.own("dialects", &format!("{name}.toml"))
                && mentions(file.text(), &quoted)
                && self.make(&name)?.facts.aliases.iter().any(|a| a == wanted)
            {
                return Ok(Some(name));
            }
        }
        for (name, text) in BUILTIN {
            // Only a text that mentions the alias has to be read.
            if text.contains(&quoted)
                && let Ok(facts) = toml::from_str::<Aliases>(text)
                && facts.aliases.iter().any(|alias| alias == wanted)
            {
                return Ok(Some((*name).to_owned()));
            }
        }
        Ok(None)
    }

    fn unknown(&self, name: &str) -> Box<Diagnostic> {
        let names = self.names();
        let mut diagnostic = Diagnostic::error(
            Code::DialectUnknown,
            format!("there is no dialect `{name}`"),
        )
        .with_note(format!("the dialects are {}", names.join(", ")));
        let wanted = name.to_ascii_lowercase();
        let close = names
            .iter()
            .map(|known| (strsim::jaro_winkler(known, &wanted), known))
            .filter(|(score, _)| *score > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, close)) = close {
            diagnostic = diagnostic.with_help(format!("did you mean `{close}`?"));
        }
        Box::new(diagnostic)
    }

    /// The names of the dialects: the built-in ones, then the project's own.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = BUILTIN.iter().map(|(name, _)| (*name).to_owned()).collect();
        for name in self.own_names() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Some dialect, for what is the same in all of them.
    ///
    /// # Errors
    /// When there is none.
    pub fn first(self: &Rc<Self>, compat: bool) -> Result<Rc<Dialect>> {
        let name = BUILTIN.first().map_or("", |(name, _)| name);
        self.load(name, None, compat)
    }

    /// All dialects, and what is wrong with the files of those that cannot be read.
    pub fn list(&self) -> (Vec<Listed>, Vec<Diagnostic>) {
        let mut listed = Vec::new();
        let mut broken = Vec::new();
        for name in self.names() {
            let file = self.own("dialects", &format!("{name}.toml"));
            match self.make(&name) {
                Ok(Made { facts, .. }) => listed.push(Listed {
                    name: facts.name,
                    title: facts.title,
                    aliases: facts.aliases,
                    verified: facts.verified,
                    file: file.ok().flatten().map(|file| file.path().to_owned()),
                }),
                Err(found) => broken.push(*found),
            }
        }
        (listed, broken)
    }

    /// Makes a dialect of the files that say what it is.
    fn make(&self, name: &str) -> Result<Made> {
        if let Some(composed) = self.composed(name)? {
            let facts = serde_json::from_str(composed.facts).map_err(|error| {
                let message = format!("the dialect file `{name}.toml` is not valid: {error}");
                Box::new(Diagnostic::error(Code::DialectFile, message))
            })?;
            let lineage = composed.lineage.iter().map(|name| (*name).to_owned());
            return Ok(Made {
                facts,
                lineage: lineage.collect(),
                composed: Some(composed),
            });
        }
        self.lay_over(name)
    }

    /// A built-in dialect as the build has composed it, when the project has no file for any part
    /// of it: its facts need not be read from TOML then, which is most of a short command's time.
    fn composed(&self, name: &str) -> Result<Option<&'static Composed>> {
        let Some(composed) = Composed::of(name) else {
            return Ok(None);
        };
        for part in composed.lineage {
            if self.own("dialects", &format!("{part}.toml"))?.is_some() {
                return Ok(None);
            }
        }
        Ok(Some(composed))
    }

    /// Lays the files over one another.
    fn lay_over(&self, name: &str) -> Result<Made> {
        let mut layers: Vec<Layer> = Vec::new();
        let mut lineage: Vec<String> = Vec::new();
        let mut next = Some((name.to_owned(), None::<Location>));
        while let Some((name, place)) = next {
            let built_in = BUILTIN.iter().find(|(known, _)| *known == name);
            // A project's file that extends its own name extends the built-in dialect.
            let again = lineage.contains(&name);
            let own = self
                .own("dialects", &format!("{name}.toml"))?
                .filter(|_| !again);
            let only_now = lineage.last() == Some(&name)
                && layers.last().is_some_and(|layer| layer.file.is_some());
            if again && !(only_now && built_in.is_some()) || lineage.len() > DEEPEST {
                let mut circle: Vec<&str> = lineage.iter().map(String::as_str).collect();
                circle.push(&name);
                let message = format!("dialects extend one another: {}", circle.join(" → "));
                let found = Diagnostic::error(Code::DialectFile, message).at(place);
                return Err(Box::new(found.with_help(
                    "let the last of them extend a built-in dialect, such as `postgresql`",
                )));
            }
            let layer = match (own, built_in) {
                (Some(file), _) => Layer::of(file)?,
                (None, Some((_, text))) => Layer::built_in(text, &name)?,
                (None, None) => {
                    let message = format!("the dialect extends `{name}`, which is not there");
                    let found = Diagnostic::error(Code::DialectFile, message).at(place);
                    return Err(Box::new(found.with_help(format!(
                        "the dialects are {}",
                        self.names().join(", ")
                    ))));
                }
            };
            if !again {
                lineage.push(name);
            }
            next = layer.extends()?;
            layers.push(layer);
        }
        let facts = compose(layers)?;
        let expected = name;
        if facts.name != expected {
            let message = format!(
                "the dialect file `{expected}.toml` calls itself `{}`",
                facts.name
            );
            let place = self
                .own("dialects", &format!("{expected}.toml"))?
                .map(|file| Location::new(file, Span::new(0, 0)));
            let found = Diagnostic::error(Code::DialectFile, message).at(place);
            return Err(Box::new(found.with_help(format!(
                "write `name = \"{expected}\"`, or rename the file"
            ))));
        }
        Ok(Made {
            facts,
            lineage,
            composed: None,
        })
    }

    /// The template of a folder, where the project has one of its own.
    ///
    /// # Errors
    /// [`Code::DialectFile`] when the file cannot be read.
    pub fn template(&self, folder: &str, name: &str) -> Result<Option<Arc<SourceFile>>> {
        if !plain(folder) || !plain(name) {
            return Ok(None);
        }
        self.own(&format!("templates/{folder}"), &format!("{name}.sql.j2"))
    }

    /// The project's own files that were read, in order.
    pub fn files_read(&self) -> Vec<PathBuf> {
        let read = self.read.borrow();
        let mut found: Vec<PathBuf> = read
            .iter()
            .filter(|(_, file)| file.is_some())
            .map(|(path, _)| path.clone())
            .collect();
        found.sort();
        found
    }

    /// The names of the project's own dialects.
    fn own_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for root in &self.roots {
            let Ok(entries) = std::fs::read_dir(root.join("dialects")) else {
                continue;
            };
            for entry in entries.flatten().take(1000) {
                let file = entry.file_name();
                if let Some(name) = file.to_str().and_then(|name| name.strip_suffix(".toml"))
                    && plain(name)
                {
                    names.push(name.to_owned());
                }
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// A file of the project, from the first directory that has it.
    fn own(&self, folder: &str, file: &str) -> Result<Option<Arc<SourceFile>>> {
        if !file.split('.').next().is_some_and(plain) {
            return Ok(None);
        }
        for root in &self.roots {
            let path = root.join(folder).join(file);
            if let Some(known) = self.read.borrow().get(&path) {
                match known {
                    Some(file) => return Ok(Some(Arc::clone(file))),
                    None => continue,
                }
            }
            let found = read(root, &path)?;
            self.read.borrow_mut().insert(path, found.clone());
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

/// The part of a file that says what else it is called.
#[derive(serde::Deserialize)]
struct Aliases {
    #[serde(default)]
    aliases: Vec<String>,
}

fn mentions(text: &str, quoted: &str) -> bool {
    let single = quoted.replace('"', "'");
    text.contains(quoted) || text.contains(&single)
}

/// Whether a name is one that files may have: it leads nowhere else.
fn plain(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    !name.is_empty() && name.len() <= 64 && name.chars().all(letter)
}

/// Reads a file below a root, which a link does not leave.
fn read(root: &Path, path: &Path) -> Result<Option<Arc<SourceFile>>> {
    let failed = |why: String| {
        let message = format!("`{}` cannot be read: {why}", path.display());
        Box::new(
            Diagnostic::error(Code::DialectFile, message)
                .with_help("put a plain text file there, or remove it"),
        )
    };
    // Most projects have none.
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let Ok(real) = path.canonicalize() else {
        return Err(failed("it is a link that leads nowhere".to_owned()));
    };
    // The folder of a file that is named alone is this one.
    let here = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    let inside = here.canonicalize().is_ok_and(|root| real.starts_with(root));
    if !inside {
        return Err(failed("it is a link out of the project".to_owned()));
    }
    let metadata = real.metadata().map_err(|error| failed(error.to_string()))?;
    if !metadata.is_file() {
        return Err(failed("it is not a file".to_owned()));
    }
    let file = std::fs::File::open(&real).map_err(|error| failed(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| failed(error.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(failed(format!("it is longer than {LARGEST} bytes")));
    }
    match SourceFile::decode(path, bytes) {
        Ok(file) => Ok(Some(file)),
        Err((place, byte)) => Err(Box::new(
            Diagnostic::error(
                Code::DialectFile,
                format!("the file is not UTF-8: the byte 0x{byte:02x}"),
            )
            .at(place)
            .with_help("save the file as UTF-8"),
        )),
    }
}

/// One file of those that make up a dialect.
struct Layer {
    /// The project's file; none for a built-in one.
    file: Option<Arc<SourceFile>>,
    table: toml::Table,
}

impl Layer {
    fn of(file: Arc<SourceFile>) -> Result<Self> {
        let table = toml::from_str(file.text()).map_err(|error: toml::de::Error| {
            let span = error.span().unwrap_or(0..0);
            let place = Location::new(Arc::clone(&file), Span::new(span.start, span.end));
            let message = format!("the file is not valid TOML: {}", error.message());
            Box::new(
                Diagnostic::error(Code::DialectFile, message)
                    .at(place)
                    .with_help("correct the syntax; https://toml.io describes it"),
            )
        })?;
        Ok(Self {
            file: Some(file),
            table,
        })
    }

    fn built_in(text: &str, name: &str) -> Result<Self> {
        let table = toml::from_str(text).map_err(|error: toml::de::Error| {
            let message = format!("the dialect file `{name}.toml` is not valid: {error}");
            Box::new(Diagnostic::error(Code::DialectFile, message))
        })?;
        Ok(Self { file: None, table })
    }

    /// The dialect that this one differs from, and where that is said.
    fn extends(&self) -> Result<Option<(String, Option<Location>)>> {
        match self.table.get("extends") {
            None => Ok(None),
            Some(toml::Value::String(name)) => {
                Ok(Some((name.to_ascii_lowercase(), self.place(&["extends"]))))
            }
            Some(_) => Err(Box::new(
                Diagnostic::error(Code::DialectFile, "`extends` is not the name of a dialect")
                    .at(self.place(&["extends"]))
                    .with_help("write a name, such as `extends = \"postgresql\"`"),
            )),
        }
    }

    /// Where the project's file has a key.
    fn place(&self, path: &[&str]) -> Option<Location> {
        let file = self.file.as_ref()?;
        let document = toml::de::DeTable::parse(file.text()).ok()?;
        let mut table = document.get_ref();
        let mut span = 0..0;
        for (depth, wanted) in path.iter().enumerate() {
            let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == wanted) else {
                break;
            };
            span = if depth + 1 == path.len() && value.get_ref().as_table().is_none() {
                value.span()
            } else {
                key.span()
            };
            match value.get_ref().as_table() {
                Some(inner) => table = inner,
                None => break,
            }
        }
        Some(Location::new(
            Arc::clone(file),
            Span::new(span.start, span.end),
        ))
    }
}

/// Lays the files over each other, the last one lowest.
fn compose(layers: Vec<Layer>) -> Result<Facts> {
    let mut merged = toml::Table::new();
    for layer in layers.into_iter().rev() {
        let under = merged.clone();
        layers::lay(&mut merged, layer.table.clone());
        if layer.file.is_none() {
            continue;
        }
        if let Err(error) = facts_of(merged.clone()) {
            return Err(blame(&layer, &under, &error));
        }
    }
    facts_of(merged).map_err(|error| {
        let message = format!("a dialect file is not valid: {error}");
        Box::new(Diagnostic::error(Code::DialectFile, message))
    })
}

fn facts_of(table: toml::Table) -> std::result::Result<Facts, String> {
    let facts: std::result::Result<Facts, _> = toml::Value::Table(table).try_into();
    let facts = facts.map_err(|error| error.message().to_owned())?;
    match Expressions::fault(&facts.expressions) {
        Some(fault) => Err(format!("in `expressions`: {fault}")),
        None => Ok(facts),
    }
}

/// Which entry of a project's file is wrong: the one that, alone, spoils what lies under it.
fn blame(layer: &Layer, under: &toml::Table, error: &str) -> Box<Diagnostic> {
    let mut paths = Vec::new();
    for (key, value) in &layer.table {
        match value {
            toml::Value::Table(inner) if !inner.is_empty() => {
                paths.extend(inner.keys().map(|name| vec![key.as_str(), name.as_str()]));
            }
            _ => paths.push(vec![key.as_str()]),
        }
    }
    let mut wrong = (error.to_owned(), layer.place(&[]));
    if facts_of(under.clone()).is_ok() {
        for path in &paths {
            let mut single = toml::Table::new();
            let mut at = &mut single;
            let mut value = toml::Value::Table(layer.table.clone());
            for (depth, key) in path.iter().enumerate() {
                let Some(inner) = value.get(*key).cloned() else {
                    break;
                };
                value = inner;
                if depth + 1 == path.len() {
                    at.insert((*key).to_owned(), value);
                    break;
                }
                let entry = at
                    .entry((*key).to_owned())
                    .or_insert_with(|| toml::Value::Table(toml::Table::new()));
                match entry.as_table_mut() {
                    Some(inner) => at = inner,
                    None => break,
                }
            }
            let mut tried = under.clone();
            layers::merge(&mut tried, single);
            if let Err(error) = facts_of(tried) {
                wrong = (format!("`{}`: {error}", path.join(".")), layer.place(path));
                break;
            }
        }
    }
    let message = format!("the dialect file is not valid: {}", wrong.0);
    Box::new(
        Diagnostic::error(Code::DialectFile, message)
            .at(wrong.1)
            .with_help("docs/dialects.md says what a dialect file has; `extends` takes the rest from another dialect"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the build composes is what the files say, read one over the other.
    #[test]
    fn composed_dialects_are_those_of_the_files() {
        let library = Library::built_in();
        for (name, _) in BUILTIN {
            let composed = library.make(name).expect("is composed");
            let laid = library.lay_over(name).expect("can be read");
            assert!(composed.composed.is_some(), "{name}");
            assert_eq!(composed.lineage, laid.lineage, "{name}");
            let expressions = Expressions::of(&laid.lineage, &laid.facts.expressions);
            assert_eq!(
                format!("{:#?}", composed.facts),
                format!("{:#?}", laid.facts),
                "{name}"
            );
            let dialect =
                Dialect::new(Rc::clone(&library), composed, (None, false)).expect("is a dialect");
            assert_eq!(
                format!("{:#?}", dialect.expressions()),
                format!("{expressions:#?}"),
                "{name}"
            );
        }
    }
}
