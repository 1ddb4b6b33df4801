//! New revisions: what the project's `script.py.mako` makes of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::written::{self, Models};
use super::{Project, files, header};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::alembic::env::RevisionNames;
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::{bind, env, mako};
use crate::python::{Args, Builtin, PyResult, Str, Value, Vm, syntax};
use crate::revision::Revision;
use crate::source::{Location, SourceFile, Span};

/// The template in a project's directory.
pub const TEMPLATE: &str = "script.py.mako";

/// When a revision is made, as a clock in its zone shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Created {
    /// Year, month, day, hour, minute, second and microsecond.
    pub fields: [i64; 7],
    /// The zone; `None` when the project names none, and the clock is that of the machine.
    pub zone: Option<String>,
    /// Whether the clock shows this for the second time, as it does when summer time ends.
    pub fold: bool,
}

/// A revision that is to be written.
#[derive(Clone, Debug, Default)]
pub struct NewRevision {
    /// Its identifier.
    pub id: Arc<str>,
    /// Its message; `None` is not the same as an empty one.
    pub message: Option<String>,
    /// The revisions that it follows.
    pub down_revisions: Vec<Arc<str>>,
    /// Its labels.
    pub branch_labels: Vec<Arc<str>>,
    /// What it depends on.
    pub depends_on: Vec<Arc<str>>,
    /// When.
    pub created: Created,
    /// Further names of the template, such as `upgrades`, `downgrades` and `imports`.
    pub names: Vec<(String, String)>,
}

/// What a message is when there is none.
const NO_MESSAGE: &str = "empty message";

impl Project {
    /// The text of a new revision. It is Python that says what it was told to say; a message that
    /// the template would break is written with escapes.
    ///
    /// # Errors
    /// A template that is missing or fails, and one that leaves something out or breaks the file.
    pub fn new_file(&self, new: &NewRevision, with_environment: bool) -> Result<String> {
        let path = self.config.script_location.join(TEMPLATE);
        if !path.is_file() {
            let message = format!("the project has no template {}", path.display());
            return Err(Box::new(
                Diagnostic::error(Code::MakoTemplate, message)
                    .with_help("make one with `gensql init`, which adds what is missing"),
            ));
        }
        let template = files::read_source(&path, self.options.budget.memory)?;
        let environment = if with_environment {
            let found = self.revision_names()?;
            if new.names.is_empty() {
                found
                    .warnings
                    .into_iter()
                    .for_each(|warning| self.warn(warning));
            }
            found.names
        } else {
            Vec::new()
        };
        let message = new.message.as_deref().unwrap_or(NO_MESSAGE);
        let written = self.rendered(&template, new, message, &environment)?;
        let Err(reason) = check(&written, new, message) else {
            return Ok(written);
        };
        let escaped = escaped(message);
        let again = self.rendered(&template, new, &escaped, &environment)?;
        if check(&again, new, message).is_ok()
            && same_shape(&again, || {
                self.rendered(&template, new, "message", &environment)
            })?
        {
            return Ok(again);
        }
        Err(unusable(&template, &reason))
    }

    fn rendered(
        &self,
        template: &Arc<SourceFile>,
        new: &NewRevision,
        message: &str,
        environment: &[(Str, Value)],
    ) -> Result<String> {
        self.with_vm(|vm| {
            let mut names = names(vm, new, message)
                .map_err(|raise| super::failure(vm, *raise, "the template"))?;
            names.extend(environment.iter().cloned());
            for (name, text) in &new.names {
                names.push((Str::from(name.as_str()), Value::from(text.as_str())));
            }
            mako::render(vm, template, names)
        })
    }

    /// The names of the bodies of upgrades and downgrades, for each context of `env.py`.
    pub fn body_names(&self) -> Result<Vec<(Str, Str)>> {
        Ok(self.revision_names()?.tokens)
    }

    /// What `env.py` gives to the template, with what an empty comparison leaves.
    fn revision_names(&self) -> Result<RevisionNames> {
        let path: PathBuf = self.config.script_location.join("env.py");
        if !path.is_file() {
            return Ok(RevisionNames::default());
        }
        let file = files::read_source(&path, self.options.budget.memory)?;
        self.with_vm(|vm| env::revision_names(vm, &file))
    }

    /// The operations that create what `target_metadata` of a context, by its number, holds.
    ///
    /// # Errors
    /// When `env.py` gives none, or it is not known.
    pub fn wanted(&self, number: usize) -> Result<Models> {
        let options = self.wishes(number)?;
        let Some(metadata) = options.target_metadata.clone() else {
            return Err(no_metadata(&self.config.script_location.join("env.py")));
        };
        self.with_vm(|vm| {
            host(vm).start(None);
            let outcome = create_all(vm, &metadata);
            let recorded = host(vm).finish();
            match outcome {
                Ok(()) => written::models(vm, &metadata, &options, recorded)
                    .map_err(|raise| super::failure(vm, *raise, "`target_metadata`")),
                Err(raise) => Err(super::failure(vm, *raise, "`target_metadata`")),
            }
        })
    }
}

/// Records the creation of all tables of a `MetaData`, or of several.
fn create_all(vm: &mut Vm, metadata: &Value) -> PyResult<()> {
    if let Value::Unknown(unknown) = metadata {
        return Err(vm.unknown(unknown, "the schema that is wanted is in it"));
    }
    if let Value::List(_) | Value::Tuple(_) = metadata {
        for one in vm.iterate(metadata)? {
            create_all(vm, &one)?;
        }
        return Ok(());
    }
    let connection = bind::connection(vm);
    let mut args = Args::of(vec![connection]);
    args.kw.push((Str::from("checkfirst"), Value::Bool(false)));
    vm.call_method(metadata, "create_all", args).map(drop)
}

fn no_metadata(path: &Path) -> Box<Diagnostic> {
    let message = format!(
        "Can't proceed with --autogenerate option; environment script {} does not provide a \
         MetaData object or sequence of objects to the context.",
        path.display()
    );
    Box::new(
        Diagnostic::error(Code::ConfigInvalid, message)
            .with_help("import the models in env.py, and pass `target_metadata=Base.metadata` to `context.configure`"),
    )
}

/// The names of the template.
fn names(vm: &mut Vm, new: &NewRevision, message: &str) -> PyResult<Vec<(Str, Value)>> {
    let strings = |items: &[Arc<str>]| -> Vec<Value> {
        items
            .iter()
            .map(|item| Value::Str(Arc::clone(item)))
            .collect()
    };
    let one_or = |items: &[Arc<str>], several: fn(Vec<Value>) -> Value| match items {
        [] => Value::None,
        [one] => Value::Str(Arc::clone(one)),
        more => several(strings(more)),
    };
    let labels = if new.branch_labels.is_empty() {
        Value::None
    } else {
        Value::tuple(strings(&new.branch_labels))
    };
    let created = moment(vm, &new.created)?;
    let config = bind::config(vm);
    let given = [
        ("config", config),
        ("up_revision", Value::Str(Arc::clone(&new.id))),
        ("down_revision", one_or(&new.down_revisions, Value::tuple)),
        ("branch_labels", labels),
        ("depends_on", one_or(&new.depends_on, Value::list)),
        ("create_date", created),
        ("comma", Builtin::value("format_as_comma", comma)),
        ("message", Value::from(message)),
    ];
    Ok(given
        .into_iter()
        .map(|(name, value)| (Str::from(name), value))
        .collect())
}

/// A `datetime`.
fn moment(vm: &mut Vm, created: &Created) -> PyResult {
    let module = vm.import("datetime")?;
    let class = vm.get_attr(&module, "datetime")?;
    let mut args = Args::of(created.fields.iter().copied().map(Value::Int).collect());
    if let Some(zone) = &created.zone {
        let zones = vm.import("zoneinfo")?;
        let region = vm.get_attr(&zones, "ZoneInfo")?;
        let zone = vm.call(&region, Args::of(vec![Value::from(zone.as_str())]))?;
        args.kw.push((Str::from("tzinfo"), zone));
        if created.fold {
            args.kw.push((Str::from("fold"), Value::Int(1)));
        }
    }
    vm.call(&class, args)
}

/// Names with commas between them; nothing for `None`.
fn comma(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = args.require("format_as_comma", "value")?;
    if value.is_none() {
        return Ok(Value::from(""));
    }
    if let Some(text) = value.as_str() {
        return Ok(Value::Str(text));
    }
    let mut parts = Vec::new();
    for item in vm.iterate(&value)? {
        parts.push(vm.str(&item)?.to_string());
    }
    Ok(Value::from(parts.join(", ")))
}

/// Whether a file says what it was told to say; else why not.
fn check(text: &str, new: &NewRevision, message: &str) -> std::result::Result<(), String> {
    let file = SourceFile::new("revision", text);
    let parsed = syntax::parse(&file).map_err(|found| found.message)?;
    let found = match header::scan(text) {
        header::Scan::Found(found) => found,
        // What is computed cannot be compared.
        header::Scan::Unclear => return Ok(()),
        header::Scan::Absent => return Err("the file does not set `revision`".to_owned()),
    };
    let compare = |what: &str, same: bool| {
        if same {
            Ok(())
        } else {
            Err(format!("the file has another `{what}`"))
        }
    };
    compare("revision", found.revision == new.id)?;
    compare("down_revision", found.down_revisions == new.down_revisions)?;
    compare("depends_on", found.depends_on == new.depends_on)?;
    if !new.branch_labels.is_empty() && found.branch_labels.is_empty() {
        return Err("it has no line such as `branch_labels = ${repr(branch_labels)}`".to_owned());
    }
    compare("branch_labels", found.branch_labels == new.branch_labels)?;
    let plain = |c: char| !c.is_control() && !matches!(c, '"' | '\'' | '\\');
    if message.chars().all(plain) {
        return Ok(());
    }
    let doc = parsed.doc.as_deref().unwrap_or_default().trim_start();
    if doc.starts_with(message.trim_start()) {
        Ok(())
    } else {
        Err("the message changes the file".to_owned())
    }
}

/// Whether a file has as many statements as one with a harmless message.
fn same_shape(text: &str, harmless: impl FnOnce() -> Result<String>) -> Result<bool> {
    let count = |text: &str| {
        let file = SourceFile::new("revision", text);
        syntax::parse(&file).map(|parsed| parsed.body.len()).ok()
    };
    Ok(count(text) == count(&harmless()?))
}

/// A message for the inside of a Python string, whatever its quotes are.
fn escaped(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    for c in message.chars() {
        match c {
            '\\' | '"' | '\'' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push(c),
            '\r' => out.push_str("\\r"),
            '\t' => out.push(c),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

fn unusable(template: &Arc<SourceFile>, reason: &str) -> Box<Diagnostic> {
    let message = format!("what the template makes is no usable revision: {reason}");
    Box::new(
        Diagnostic::error(Code::MakoTemplate, message)
            .at(Location::new(Arc::clone(template), Span::default()))
            .with_help("correct the template, or choose another message"),
    )
}

/// The header of a file that is about to be written, as the revision map wants it.
pub fn new_header(new: &NewRevision, path: &Path) -> Revision {
    Revision {
        id: Arc::clone(&new.id),
        down_revisions: new.down_revisions.clone(),
        depends_on: new.depends_on.clone(),
        branch_labels: new.branch_labels.clone(),
        doc: new.message.clone().unwrap_or_default(),
        path: path.to_path_buf(),
        location: None,
    }
}
