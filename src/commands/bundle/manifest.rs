//! `manifest.json`: what a bundle holds, what it was made of, and how it is made again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::place::Files;
use super::{Asked, Made};
use crate::commands::digest::sha256;
use crate::commands::relative::relative;
use crate::commands::workspace::Workspace;
use crate::commands::{Fresh, Options, SafetyOptions};
use crate::config::Source;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::script::{Atomicity, Safety};

/// The version of the format.
const FORMAT: u64 = 1;

/// The manifest of the files.
pub(super) fn text(
    workspace: &Workspace,
    options: &Options,
    made: &Made,
    files: &Files,
    read: &[PathBuf],
) -> String {
    let revisions: Vec<Value> = made
        .steps
        .iter()
        .map(|step| {
            let revision = workspace.map.revision(step.index);
            json!({
                "number": step.number,
                "revision": &*revision.id,
                "follows": revision.down_revisions.iter().map(|id| &**id).collect::<Vec<_>>(),
                "message": revision.summary(),
                "upgrade": step.upgrade,
                "rollback": step.rollback,
                "work": step.kind.work(),
                "phase": step.kind.phase(),
                "transaction": atomicity(step.atomicity),
                "locks": step.kind.locks,
            })
        })
        .collect();
    let inputs: Vec<Value> = inputs(workspace, options, made, read)
        .into_iter()
        .map(|(path, sha256)| json!({"path": path, "sha256": sha256}))
        .collect();
    let listed: Vec<Value> = files
        .iter()
        .map(|(path, text)| {
            json!({"path": path, "bytes": text.len(), "sha256": sha256(text.as_bytes())})
        })
        .collect();
    let value = json!({
        "format": FORMAT,
        "tool": {"name": "gensql", "version": env!("CARGO_PKG_VERSION")},
        "dialect": made.dialect,
        "start": ids(&made.start),
        "end": ids(&made.end),
        "options": written(workspace, options, made),
        "revisions": revisions,
        "unverified": made.unverified,
        "inputs": inputs,
        "files": listed,
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

fn ids(ids: &[std::sync::Arc<str>]) -> Vec<&str> {
    ids.iter().map(|id| &**id).collect()
}

pub(super) fn atomicity(atomicity: Atomicity) -> &'static str {
    match atomicity {
        Atomicity::Whole => "whole",
        Atomicity::Partly => "partly",
        Atomicity::Nothing => "none",
    }
}

/// All files that decide what a bundle holds, with their hashes, in order.
fn inputs(
    workspace: &Workspace,
    options: &Options,
    made: &Made,
    read: &[PathBuf],
) -> Vec<(String, String)> {
    let config = &workspace.config;
    let mut paths: Vec<PathBuf> = vec![config.root.join("gensql.toml")];
    paths.push(config.directory.join("gensql.toml"));
    if let Source::Alembic(alembic) = &config.source {
        paths.extend(alembic.ini.as_ref().map(|ini| ini.path().to_path_buf()));
        paths.extend(alembic.toml.as_ref().map(|toml| toml.path().to_path_buf()));
        paths.push(alembic.script_location.join("env.py"));
    }
    paths.extend(options.baseline.clone());
    paths.extend(workspace.library.files_read());
    paths.extend(read.iter().cloned());
    let revisions = made.steps.iter().map(|step| step.index);
    paths.extend(revisions.map(|index| workspace.map.revision(index).path.clone()));
    let mut found: Vec<(String, String)> = paths
        .iter()
        .filter_map(|path| {
            let bytes = std::fs::read(path).ok()?;
            Some((relative(&config.directory, path), sha256(&bytes)))
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The options with which the bundle is made again.
fn written(workspace: &Workspace, options: &Options, made: &Made) -> Value {
    let Safety {
        guard,
        idempotent,
        lock_timeout,
        statement_timeout,
        advisory_lock,
        client,
        manual: _,
    } = &made.safety;
    let milliseconds = |time: &Option<Duration>| time.map(|t| t.as_millis().to_string());
    // The values may be secrets.
    let keys: Vec<&str> = options
        .arguments
        .iter()
        .map(|given| given.split('=').next().unwrap_or_default())
        .collect();
    let baseline = options.baseline.as_ref();
    json!({
        "compat": options.compat,
        "guard": guard,
        "idempotent": idempotent,
        "lock_timeout": milliseconds(lock_timeout),
        "statement_timeout": milliseconds(statement_timeout),
        "advisory_lock": advisory_lock,
        "client": client.as_deref(),
        "fresh": options.fresh == Fresh::New,
        "derive_downgrade": options.derive_downgrade,
        "stub": options.stub,
        "irreversible": made.asked_irreversible,
        "tag": options.tag,
        "baseline": baseline.map(|path| relative(&workspace.config.directory, path)),
        "x": keys,
    })
}

/// What is read from a manifest.
pub(super) struct Manifest {
    pub(super) tool: String,
    pub(super) inputs: Vec<(String, String)>,
    pub(super) files: Vec<(String, String)>,
    value: Value,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// [`Code::BundleDiffers`] when it is none that gensql has written.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let wrong = |reason: String| {
            let message = format!("manifest.json is not what gensql has written: {reason}");
            Box::new(
                Diagnostic::error(Code::BundleDiffers, message)
                    .with_help("make the bundle again with `gensql bundle`"),
            )
        };
        let value: Value = serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let format = value.get("format").and_then(Value::as_u64);
        if format != Some(FORMAT) {
            return Err(wrong(format!("its format is not {FORMAT}")));
        }
        let pairs = |name: &str| -> Result<Vec<(String, String)>> {
            let list = value.get(name).and_then(Value::as_array);
            let pair = |item: &Value| {
                let text = |key| Some(item.get(key)?.as_str()?.to_owned());
                Some((text("path")?, text("sha256")?))
            };
            list.and_then(|list| list.iter().map(pair).collect())
                .ok_or_else(|| wrong(format!("`{name}` is no list of files")))
        };
        let tool = value.pointer("/tool/version").and_then(Value::as_str);
        Ok(Self {
            tool: tool.unwrap_or_default().to_owned(),
            inputs: pairs("inputs")?,
            files: pairs("files")?,
            value,
        })
    }

    fn option(&self, name: &str) -> Option<&Value> {
        let options = self.value.get("options").and_then(Value::as_object);
        options.and_then(|options: &Map<String, Value>| options.get(name))
    }

    fn flag(&self, name: &str) -> bool {
        self.option(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn string(&self, name: &str) -> Option<String> {
        self.option(name)?.as_str().map(str::to_owned)
    }

    fn ids(&self, name: &str) -> Vec<String> {
        let list = self.value.get(name).and_then(Value::as_array);
        let ids = list.into_iter().flatten().filter_map(Value::as_str);
        ids.map(str::to_owned).collect()
    }

    /// The options and the range with which the bundle is made again.
    pub(super) fn asked(&self, options: &Options, root: &Path) -> (Options, Asked) {
        let time = |name: &str| -> Option<Duration> {
            let milliseconds = self.string(name)?.parse().ok()?;
            Some(Duration::from_millis(milliseconds))
        };
        let dialect = self.value.get("dialect").and_then(Value::as_str);
        let options = Options {
            dialect: dialect.map(str::to_owned),
            compat: self.flag("compat"),
            fresh: match self.flag("fresh") {
                true => Fresh::New,
                false => Fresh::No,
            },
            derive_downgrade: self.flag("derive_downgrade"),
            stub: self.flag("stub"),
            tag: self.string("tag"),
            baseline: self.string("baseline").map(|path| root.join(path)),
            safety: SafetyOptions {
                guard: Some(self.flag("guard")),
                idempotent: self.flag("idempotent"),
                lock_timeout: time("lock_timeout"),
                statement_timeout: time("statement_timeout"),
                advisory_lock: self.flag("advisory_lock"),
                client: Some(self.string("client").unwrap_or_else(|| "none".to_owned())),
            },
            ..options.clone()
        };
        let start = match self.ids("start") {
            ids if ids.is_empty() => "base".to_owned(),
            ids => ids.join(","),
        };
        let asked = Asked {
            revisions: self
                .ids("end")
                .into_iter()
                .map(|end| format!("{start}:{end}"))
                .collect(),
            irreversible: self.flag("irreversible"),
        };
        (options, asked)
    }
}
