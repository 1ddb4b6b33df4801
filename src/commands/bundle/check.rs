//! `gensql bundle --check`: that a bundle is what was made, and what the sources still render.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use super::manifest::Manifest;
use super::place::{self, Files, MANIFEST};
use super::{SUMS, make};
use crate::commands::difference::unified;
use crate::commands::digest::sha256;
use crate::commands::workspace::Workspace;
use crate::commands::{At, Options, Outcome};
use crate::diagnostic::{Code, Diagnostic, Result};

/// Compares a bundle with its manifest, and with what is made now.
pub(super) fn check(options: &Options, place: &Path) -> Result<Outcome> {
    let files = place::read(place)?;
    let manifest = Manifest::parse(files.get(MANIFEST).map(String::as_str).unwrap_or_default())?;
    let mut outcome = Outcome::default();
    unaltered(&files, &manifest, &mut outcome);
    let root = Workspace::open(options)?.config.directory;
    let (options, asked) = manifest.asked(options, &root);
    let made = make(&options, &asked, &At::Unknown);
    let now = match made {
        Ok((now, _)) => now,
        Err(found) => {
            let changed = changed_inputs(&manifest, &root);
            let found = changed.into_iter().fold(*found, Diagnostic::with_note);
            let found = found.with_note("so the bundle cannot be made again from the sources");
            outcome.diagnostics.push(found);
            outcome.failed = true;
            return Ok(outcome);
        }
    };
    let mut differing = Vec::new();
    for (path, text) in &now {
        let known = files.get(path);
        if known == Some(text) || is_list(path) {
            continue;
        }
        differing.push(path.as_str());
        let before = known.map(String::as_str).unwrap_or_default();
        let heading = format!("{path} (from the sources)");
        let named = format!("{}/{path}", place.display());
        outcome
            .output
            .push_str(&unified(before, text, &named, &heading));
    }
    let extra = files.keys().filter(|path| !now.contains_key(*path));
    differing.extend(extra.map(String::as_str));
    if !differing.is_empty() {
        let message = format!(
            "the sources render something else: {}",
            differing.join(", ")
        );
        let mut found = Diagnostic::error(Code::BundleDiffers, message)
            .with_help("make the bundle again, or go back to the sources that it was made of");
        for changed in changed_inputs(&manifest, &root) {
            found = found.with_note(changed);
        }
        if manifest.tool != env!("CARGO_PKG_VERSION") {
            found = found.with_note(format!(
                "it was made by gensql {}, this is gensql {}",
                manifest.tool,
                env!("CARGO_PKG_VERSION")
            ));
        }
        outcome.diagnostics.push(found);
    } else {
        for path in [MANIFEST, SUMS] {
            if files.get(path) == now.get(path) {
                continue;
            }
            let before = files.get(path).map(String::as_str).unwrap_or_default();
            let after = now.get(path).map(String::as_str).unwrap_or_default();
            let named = format!("{}/{path}", place.display());
            outcome.output.push_str(&unified(
                before,
                after,
                &named,
                &format!("{path} (as it is made now)"),
            ));
            let mut found = Diagnostic::error(
                Code::BundleDiffers,
                format!("{path} is not what is made now"),
            )
            .with_help("make the bundle again, or go back to the sources that it was made of");
            for changed in changed_inputs(&manifest, &root) {
                found = found.with_note(changed);
            }
            outcome.diagnostics.push(found);
        }
    }
    outcome.failed = !outcome.diagnostics.is_empty();
    if !outcome.failed {
        let _ = writeln!(
            outcome.output,
            "{} is unaltered and what the sources render ({} files)",
            place.display(),
            files.len()
        );
    }
    Ok(outcome)
}

fn is_list(path: &str) -> bool {
    path == MANIFEST || path == SUMS
}

/// Holds the files against the hashes of the manifest.
fn unaltered(files: &Files, manifest: &Manifest, outcome: &mut Outcome) {
    let mut found = Vec::new();
    let mut listed: BTreeSet<&str> = [MANIFEST, SUMS].into();
    for (path, hash) in &manifest.files {
        listed.insert(path);
        match files.get(path) {
            None => found.push(format!("{path} is missing")),
            Some(text) if sha256(text.as_bytes()) != *hash => {
                found.push(format!("{path} was edited"));
            }
            Some(_) => {}
        }
    }
    let added = files.keys().filter(|path| !listed.contains(path.as_str()));
    found.extend(added.map(|path| format!("{path} was added")));
    if !files.contains_key(SUMS) {
        found.push(format!("{SUMS} is missing"));
    }
    if !found.is_empty() {
        let message = format!("the bundle was altered: {}", found.join(", "));
        outcome.diagnostics.push(
            Diagnostic::error(Code::BundleDiffers, message)
                .with_help("do not apply it; make it again with `gensql bundle`"),
        );
    }
}

/// Sentences about files that are not what they were when the bundle was made.
fn changed_inputs(manifest: &Manifest, root: &Path) -> Vec<String> {
    let changed =
        manifest
            .inputs
            .iter()
            .filter_map(|(path, hash)| match std::fs::read(root.join(path)) {
                Ok(bytes) if sha256(&bytes) == *hash => None,
                Ok(_) => Some(format!("{path} has changed since")),
                Err(_) => Some(format!("{path} is not there any more")),
            });
    changed.take(20).collect()
}
