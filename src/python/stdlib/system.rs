//! `os`, `os.path`, `sys`, `time` and `random`: what can be known of them inside the sandbox.

use std::any::Any;
use std::rc::Rc;

use super::{directories, fixed, function};
use crate::diagnostic::{Code, Diagnostic};
use crate::python::args::Args;
use crate::python::builtins::{Stream, raise, unknown_among};
use crate::python::error::{PyResult, Raise};
use crate::python::native::{Builtin, Native};
use crate::python::value::{Dict, DictKey, Str, Value};
use crate::python::vm::Vm;

/// `os.environ`.
struct Environment;

fn variable(vm: &mut Vm, name: &Value) -> PyResult<Option<Value>> {
    let name = vm.str(name)?;
    Ok(vm.importer().environment(&name).map(Value::from))
}

fn getenv(vm: &mut Vm, mut args: Args) -> PyResult {
    let name = args.require("getenv", "key")?;
    if let Some(unknown) = unknown_among(std::slice::from_ref(&name), "an environment variable") {
        return Ok(unknown);
    }
    let default = args.take("default").unwrap_or(Value::None);
    Ok(variable(vm, &name)?.unwrap_or(default))
}

impl Native for Environment {
    fn type_name(&self) -> &str {
        "os._Environ"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "get" | "pop" => function("get", getenv),
            "setdefault" => function("setdefault", getenv),
            "copy" | "items" | "keys" | "values" => function("items", |vm, _| {
                Ok(Value::unknown(
                    "the whole environment (`os.environ`)",
                    vm.location(),
                ))
            }),
            "update" => function("update", |_, _| Ok(Value::None)),
            _ => None,
        })
    }

    fn get_item(&self, _this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        match variable(vm, index)? {
            Some(value) => Ok(Some(value)),
            // A script is often made where the application's settings are not.
            None if vm.discards_writes => {
                let what = format!(
                    "the environment variable {}, which is not set",
                    vm.str(index)?
                );
                Ok(Some(Value::unknown(what, vm.location())))
            }
            None => Err(raise(vm, "KeyError", vec![index.clone()])),
        }
    }

    fn set_item(&self, _: &Value, _vm: &mut Vm, _index: &Value, _value: Value) -> PyResult<bool> {
        Ok(true)
    }

    fn contains(&self, _this: &Value, vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        variable(vm, item).map(|value| Some(value.is_some()))
    }
}

fn forbidden(name: &str) -> Value {
    let name = name.to_owned();
    Builtin::value("forbidden", move |vm, _| {
        Err(Raise::fatal(
            Diagnostic::error(
                Code::PythonUnsupported,
                format!("`os.{name}` is not available to a migration that gensql evaluates"),
            )
            .at(vm.location())
            .with_note("migrations are evaluated without access to processes or to files outside the project"),
        ))
    })
}

/// The attributes of `os`.
pub(super) fn os(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(match name {
        "environ" => Some(Value::native(Environment)),
        "getenv" => function("getenv", getenv),
        "path" => Some(Value::Module(super::lazy("os.path", os_path))),
        "sep" => Some(Value::str("/")),
        "linesep" => Some(Value::str("\n")),
        "pathsep" => Some(Value::str(":")),
        "curdir" => Some(Value::str(".")),
        "extsep" => Some(Value::str(".")),
        "name" => Some(Value::str("posix")),
        "devnull" => Some(Value::str("/dev/null")),
        "fspath" => function("fspath", |vm, mut args| {
            let path = args.require("fspath", "path")?;
            crate::python::builtins::path_of(vm, &path).map(Value::Str)
        }),
        "PathLike" => crate::python::builtins::class("object").map(Value::Class),
        "error" => crate::python::builtins::class("OSError").map(Value::Class),
        "getcwd" => function("getcwd", |vm, _| {
            Ok(match vm.importer().working_directory() {
                Some(path) => Value::from(path),
                None => Value::unknown("the working directory", vm.location()),
            })
        }),
        "listdir" => function("listdir", directories::listdir),
        "walk" | "scandir" | "getpid" | "uname" | "urandom" | "cpu_count" | "getlogin" | "stat"
        | "times" | "getuid" | "gethostname" => {
            let what = format!("the result of `os.{name}`");
            function("os", move |vm, _| {
                Ok(Value::unknown(what.clone(), vm.location()))
            })
        }
        "system" | "popen" | "remove" | "unlink" | "rmdir" | "mkdir" | "makedirs" | "rename"
        | "kill" | "fork" | "execv" | "spawnv" | "chdir" | "chmod" | "replace" | "symlink"
        | "removedirs" => Some(forbidden(name)),
        "putenv" | "unsetenv" => function("putenv", |_, _| Ok(Value::None)),
        _ => {
            let _ = vm;
            None
        }
    })
}

fn split(path: &str) -> (String, String) {
    let at = path.rfind('/').map_or(0, |i| i + 1);
    let (head, tail) = path.split_at(at);
    let trimmed = head.trim_end_matches('/');
    (
        if trimmed.is_empty() { head } else { trimmed }.to_owned(),
        tail.to_owned(),
    )
}

fn extension(path: &str) -> (String, String) {
    let start = path.rfind('/').map_or(0, |i| i + 1);
    let name = &path[start..];
    let lead = name.len() - name.trim_start_matches('.').len();
    match name[lead..].rfind('.') {
        Some(i) => {
            let at = start + lead + i;
            (path[..at].to_owned(), path[at..].to_owned())
        }
        None => (path.to_owned(), String::new()),
    }
}

const PATHS: &[&str] = &[
    "join",
    "dirname",
    "basename",
    "split",
    "splitext",
    "abspath",
    "normpath",
    "realpath",
    "exists",
    "isfile",
    "isdir",
    "isabs",
    "expanduser",
    "expandvars",
    "relpath",
    "splitdrive",
    "commonprefix",
];

/// The attributes of `os.path`.
pub(super) fn os_path(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    if name == "sep" {
        return Ok(Some(Value::str("/")));
    }
    let Some(name) = PATHS.iter().copied().find(|n| *n == name) else {
        return Ok(None);
    };
    Ok(function(name, move |vm, mut args| {
        if let Some(unknown) = unknown_among(&args.pos, "a path") {
            return Ok(unknown);
        }
        let first = args.require(name, "path")?;
        let path = crate::python::builtins::path_of(vm, &first)?;
        let pair = |(a, b): (String, String)| Value::tuple(vec![Value::from(a), Value::from(b)]);
        Ok(match name {
            "join" => {
                let mut out = path.to_string();
                for part in &args.pos {
                    let part = crate::python::builtins::path_of(vm, part)?;
                    vm.charge(part.len())?;
                    if part.starts_with('/') {
                        out = part.to_string();
                    } else {
                        if !out.is_empty() && !out.ends_with('/') {
                            out.push('/');
                        }
                        out.push_str(&part);
                    }
                }
                Value::from(out)
            }
            "dirname" => Value::from(split(&path).0),
            "basename" => Value::from(split(&path).1),
            "split" => pair(split(&path)),
            "splitext" => pair(extension(&path)),
            "normpath" => Value::from(directories::normal(&path)),
            "abspath" | "realpath" => Value::from(directories::absolute(vm, &path)),
            "isabs" => Value::Bool(path.starts_with('/')),
            "exists" => {
                Value::Bool(vm.importer().is_directory(&path) || vm.importer().open(&path).is_ok())
            }
            "isfile" => Value::Bool(vm.importer().open(&path).is_ok()),
            "isdir" => Value::Bool(vm.importer().is_directory(&path)),
            "splitdrive" => pair((String::new(), path.to_string())),
            "relpath" => {
                let start = match args.keyword("start").or_else(|| args.pos.first().cloned()) {
                    Some(Value::None) | None => ".".into(),
                    Some(start) => crate::python::builtins::path_of(vm, &start)?,
                };
                Value::from(directories::relative(vm, &path, &start))
            }
            _ => Value::Str(path),
        })
    }))
}

/// Standard output and error: what is written there never reaches the script.
struct Output;

impl Native for Output {
    fn type_name(&self) -> &str {
        "_io.TextIOWrapper"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "write" => function("write", |vm, mut args| {
                let text = args.require("write", "s")?;
                let text = vm.str(&text)?;
                vm.charge(text.len())?;
                vm.printed.borrow_mut().push_str(&text);
                Ok(Value::Int(i64::try_from(text.chars().count()).unwrap_or(0)))
            }),
            "flush" => function("flush", |_, _| Ok(Value::None)),
            "isatty" => function("isatty", |_, _| Ok(Value::Bool(false))),
            "encoding" => Some(Value::str("utf-8")),
            _ => None,
        })
    }
}

/// The attributes of `sys`.
pub(super) fn sys(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(match name {
        "version_info" => Some(Value::tuple(vec![
            Value::Int(3),
            Value::Int(12),
            Value::Int(0),
            Value::str("final"),
            Value::Int(0),
        ])),
        "version" => Some(Value::str("3.12.0")),
        "hexversion" => Some(Value::Int(0x030c_00f0)),
        "argv" | "path" | "orig_argv" => Some(Value::list(vec![])),
        "modules" => {
            let mut dict = Dict::default();
            dict.insert(DictKey::str("sys"), Value::Bool(true));
            Some(Value::dict(dict))
        }
        "maxsize" => Some(Value::Int(i64::MAX)),
        "maxunicode" => Some(Value::Int(0x0010_ffff)),
        "platform" => Some(Value::str("linux")),
        "byteorder" => Some(Value::str("little")),
        // No script can depend on where Python is installed; loops that walk up from there end.
        "executable" => Some(Value::str("/usr/bin/python3")),
        "prefix" | "base_prefix" | "exec_prefix" | "base_exec_prefix" => Some(Value::str("/usr")),
        "stdout" | "stderr" | "__stdout__" | "__stderr__" => Some(Value::native(Output)),
        "stdin" => Some(Stream::memory(Vec::new(), false)),
        "exit" => function("exit", |vm, args| Err(raise(vm, "SystemExit", args.pos))),
        "exc_info" => function("exc_info", |vm, _| {
            if let Some(value) = vm.handled.last().cloned() {
                let class = Value::Class(vm.class_of(&value));
                return Ok(Value::tuple(vec![class, value, Value::None]));
            }
            Ok(Value::tuple(vec![Value::None, Value::None, Value::None]))
        }),
        "getrecursionlimit" => function("getrecursionlimit", |_, _| Ok(Value::Int(1000))),
        "setrecursionlimit" => function("setrecursionlimit", |_, _| Ok(Value::None)),
        "getdefaultencoding" => function("getdefaultencoding", |_, _| Ok(Value::str("utf-8"))),
        "getsizeof" => function("getsizeof", |_, _| Ok(Value::Int(64))),
        "intern" => function("intern", |_, mut args| args.require("intern", "string")),
        _ => None,
    })
}

#[allow(clippy::cast_precision_loss)]
fn clock(vm: &mut Vm) -> f64 {
    fixed::used(vm, "the time now").now_unix_micros as f64 / 1e6
}

/// The attributes of `time`.
pub(super) fn time(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(match name {
        "time" => function("time", |vm, _| Ok(Value::Float(clock(vm)))),
        "time_ns" => function("time_ns", |vm, _| {
            Ok(Value::Int(
                fixed::used(vm, "the time now")
                    .now_unix_micros
                    .saturating_mul(1000),
            ))
        }),
        // Only differences of these are used, for progress messages.
        "perf_counter" | "monotonic" | "process_time" => {
            function("monotonic", |_, _| Ok(Value::Float(0.0)))
        }
        "perf_counter_ns" | "monotonic_ns" => function("monotonic_ns", |_, _| Ok(Value::Int(0))),
        "sleep" => function("sleep", |_, _| Ok(Value::None)),
        "strftime" | "gmtime" | "localtime" | "ctime" | "mktime" | "asctime" => {
            let what = format!("the result of `time.{name}`");
            function("time", move |vm, _| {
                Ok(Value::unknown(what.clone(), vm.location()))
            })
        }
        "timezone" | "altzone" | "daylight" => Some(Value::Int(0)),
        "tzname" => Some(Value::tuple(vec![Value::str("UTC"), Value::str("UTC")])),
        _ => None,
    })
}

/// The attributes of `random` and `secrets`.
pub(super) fn random(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    if name.starts_with("__") {
        return Ok(None);
    }
    if name == "seed" {
        return Ok(function("seed", |_, _| Ok(Value::None)));
    }
    let what = format!("a random value from `{name}`");
    Ok(function("random", move |vm, _| {
        Ok(Value::unknown(what.clone(), vm.location()))
    }))
}

/// `StringIO` and `BytesIO`.
pub(super) fn streams(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    let binary = match name {
        "StringIO" => false,
        "BytesIO" => true,
        _ => return Ok(None),
    };
    Ok(function("StringIO", move |_, mut args| {
        let data = match args.take("initial_value") {
            None | Some(Value::None) => Vec::new(),
            Some(Value::Bytes(bytes)) => bytes.to_vec(),
            Some(value) => value
                .as_str()
                .unwrap_or_else(|| Str::from(""))
                .as_bytes()
                .to_vec(),
        };
        Ok(Stream::memory(data, binary))
    }))
}
