//! What evaluated code may know of directories: what is in those of the project, and how paths
//! follow from the working directory.

use crate::python::args::Args;
use crate::python::builtins::{self, raise};
use crate::python::error::PyResult;
use crate::python::value::Value;
use crate::python::vm::Vm;

/// `os.listdir`. CPython's order is that of the file system; ours is that of the names.
pub(super) fn listdir(vm: &mut Vm, args: Args) -> PyResult<Value> {
    let path = match args.pos.first() {
        Some(Value::None) | None => ".".to_owned(),
        Some(path) => builtins::path_of(vm, path)?.to_string(),
    };
    let Some(entries) = vm.importer().directory(&path) else {
        let message = format!("[Errno 2] No such file or directory: '{path}'");
        return Err(raise(vm, "FileNotFoundError", vec![Value::from(message)]));
    };
    let mut names = Vec::with_capacity(entries.len());
    for (name, _) in entries {
        vm.charge(name.len())?;
        names.push(Value::from(name));
    }
    Ok(Value::list(names))
}

/// `os.path.abspath`: a relative path counts from the working directory.
pub(super) fn absolute(vm: &Vm, path: &str) -> String {
    match vm.importer().working_directory() {
        Some(working) if !path.starts_with('/') => normal(&format!("{working}/{path}")),
        _ => normal(path),
    }
}

/// `os.path.relpath`.
pub(super) fn relative(vm: &Vm, path: &str, start: &str) -> String {
    let (path, start) = (absolute(vm, path), absolute(vm, start));
    let split = |text: &str| -> Vec<String> {
        let parts = text.split('/').filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let (path, start) = (split(&path), split(&start));
    let shared = path.iter().zip(&start).take_while(|(a, b)| a == b).count();
    let mut parts = vec!["..".to_owned(); start.len() - shared];
    parts.extend_from_slice(&path[shared..]);
    if parts.is_empty() {
        return ".".to_owned();
    }
    parts.join("/")
}

/// `os.path.normpath`.
pub(super) fn normal(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let body = parts.join("/");
    match (absolute, body.is_empty()) {
        (true, _) => format!("/{body}"),
        (false, true) => ".".to_owned(),
        (false, false) => body,
    }
}
