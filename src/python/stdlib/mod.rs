//! Modules of the standard library. Some are written in Rust, some in the Python that the
//! evaluator itself runs (`stdlib/py`).

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::builtins::unknown_among;
use super::class::{Class, Namespace};
use super::error::{PyResult, Raise};
use super::native::{Builtin, NativeClass};
use super::value::{Str, Value};
use super::vm::{Module, Vm};
use crate::source::SourceFile;

pub mod datetime;
pub mod decimal;
mod directories;
pub mod enums;
pub mod fixed;
mod hashes;
mod json;
mod logging;
mod maths;
mod regex;
mod strptime;
mod system;
mod typing;
pub mod uuid;

/// The attributes of a module written in Rust, each made when first used.
type Attributes = fn(&mut Vm, &str) -> PyResult<Option<Value>>;

fn native(dotted: &str) -> Option<Attributes> {
    Some(match dotted {
        "datetime" => datetime::attribute,
        "_zoneinfo" => datetime::zoneinfo,
        "_strptime" => strptime::attribute,
        "decimal" => decimal::attribute,
        "_enum" => enums::attribute,
        "hashlib" => hashes::hashlib,
        "binascii" => hashes::binascii,
        "zlib" => hashes::binascii,
        "base64" => hashes::base64,
        "json" | "json.decoder" | "simplejson" => json::attribute,
        "re" => regex::attribute,
        "uuid" => uuid::attribute,
        "math" | "cmath" => maths::math,
        "_io_streams" => system::streams,
        "os" => system::os,
        "os.path" | "posixpath" => system::os_path,
        "sys" => system::sys,
        "time" => system::time,
        "random" | "secrets" => system::random,
        "logging" | "logging.config" | "logging.handlers" => logging::attribute,
        "warnings" => logging::warnings,
        "_collections_abc" | "typing" | "typing_extensions" | "collections.abc" | "__future__"
        | "_typeshed" | "numbers" => typing::attribute,
        "_native" => typing::native_helpers,
        _ => return None,
    })
}

/// Modules written in Python.
const SOURCES: &[(&str, &str)] = &[
    ("abc", include_str!("py/abc.py")),
    ("asyncio", include_str!("py/asyncio.py")),
    ("bisect", include_str!("py/bisect.py")),
    ("calendar", include_str!("py/calendar.py")),
    ("collections", include_str!("py/collections.py")),
    ("configparser", include_str!("py/configparser.py")),
    ("contextlib", include_str!("py/contextlib.py")),
    ("copy", include_str!("py/copy.py")),
    ("csv", include_str!("py/csv.py")),
    ("dataclasses", include_str!("py/dataclasses.py")),
    ("enum", include_str!("py/enum.py")),
    ("fnmatch", include_str!("py/fnmatch.py")),
    ("fractions", include_str!("py/fractions.py")),
    ("functools", include_str!("py/functools.py")),
    ("gettext", include_str!("py/gettext.py")),
    ("heapq", include_str!("py/heapq.py")),
    ("hmac", include_str!("py/hmac.py")),
    ("html", include_str!("py/html.py")),
    ("importlib", include_str!("py/importlib.py")),
    (
        "importlib.resources",
        include_str!("py/importlib_resources.py"),
    ),
    ("importlib.util", include_str!("py/importlib_util.py")),
    ("inspect", include_str!("py/inspect.py")),
    ("glob", include_str!("py/glob.py")),
    ("io", include_str!("py/io.py")),
    ("itertools", include_str!("py/itertools.py")),
    ("_logging", include_str!("py/logging.py")),
    ("operator", include_str!("py/operator.py")),
    ("pathlib", include_str!("py/pathlib.py")),
    ("pkgutil", include_str!("py/pkgutil.py")),
    ("pprint", include_str!("py/pprint.py")),
    ("shlex", include_str!("py/shlex.py")),
    ("string", include_str!("py/string.py")),
    ("textwrap", include_str!("py/textwrap.py")),
    ("threading", include_str!("py/threading.py")),
    ("traceback", include_str!("py/traceback.py")),
    ("types", include_str!("py/types.py")),
    ("urllib", ""),
    ("urllib.parse", include_str!("py/urllib_parse.py")),
    ("zoneinfo", include_str!("py/zoneinfo.py")),
];

/// Modules whose every value is unknown: they reach outside the project.
const OUTSIDE: &[&str] = &[
    "concurrent",
    "concurrent.futures",
    "email",
    "ftplib",
    "getpass",
    "http",
    "http.client",
    "locale",
    "multiprocessing",
    "pickle",
    "platform",
    "queue",
    "shutil",
    "signal",
    "smtplib",
    "socket",
    "ssl",
    "statistics",
    "struct",
    "subprocess",
    "tempfile",
    "unicodedata",
    "urllib.request",
    "weakref",
    "xml",
    "xml.etree",
    "xml.etree.ElementTree",
    "zipfile",
    "gzip",
    "ctypes",
    "argparse",
    "gc",
    "atexit",
    "select",
    "sqlite3",
    "optparse",
    "array",
    "difflib",
    "unittest",
    "unittest.mock",
    "codecs",
    "urllib.error",
    "fcntl",
    "resource",
    "webbrowser",
    "asyncio.subprocess",
];

/// A module of native attributes.
fn lazy(
    name: &str,
    attributes: impl Fn(&mut Vm, &str) -> PyResult<Option<Value>> + 'static,
) -> Rc<Module> {
    let mut dict = Namespace::default();
    dict.insert(Str::from("__name__"), Value::str(name));
    Rc::new(Module {
        name: Str::from(name),
        dict: RefCell::new(dict),
        lazy: Some(Box::new(attributes)),
        file: None,
    })
}

thread_local! {
    static FILES: RefCell<rustc_hash::FxHashMap<&'static str, Arc<SourceFile>>> = RefCell::default();
    static CLASSES: RefCell<rustc_hash::FxHashMap<&'static str, Rc<Class>>> = RefCell::default();
}

/// The standard library's module `dotted`, made when first asked for. `None` when there is none.
/// The caller keeps it, as `sys.modules` does.
pub fn module(vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>> {
    if let Some(attributes) = native(dotted) {
        return Ok(Some(lazy(dotted, attributes)));
    }
    if let Some((name, source)) = SOURCES.iter().find(|(name, _)| *name == dotted) {
        let file = FILES.with_borrow_mut(|files| {
            Arc::clone(files.entry(name).or_insert_with(|| {
                SourceFile::new(format!("<standard library>/{name}.py"), *source)
            }))
        });
        return vm.run_module(name, &file).map(Some);
    }
    if OUTSIDE.contains(&dotted) {
        let name = dotted.to_owned();
        return Ok(Some(lazy(dotted, move |vm, attribute| {
            if attribute.starts_with("__") {
                return Ok(None);
            }
            Ok(Some(Value::unknown(
                format!("`{name}.{attribute}`"),
                vm.location(),
            )))
        })));
    }
    Ok(None)
}

/// The module of the standard library that a file holds.
pub fn of_file(file: &SourceFile) -> Option<String> {
    let path = file.path().to_string_lossy();
    let name = path.strip_prefix("<standard library>/")?;
    Some(name.strip_suffix(".py").unwrap_or(name).to_owned())
}

/// The class written in Rust called `name`, made once per thread.
fn class_once(
    module: &'static str,
    name: &'static str,
    bases: fn() -> Vec<Rc<Class>>,
    native: impl NativeClass,
) -> Rc<Class> {
    if let Some(class) = CLASSES.with_borrow(|classes| classes.get(name).cloned()) {
        return class;
    }
    let class = Class::native(module, name, bases(), native);
    CLASSES.with_borrow_mut(|classes| classes.insert(name, Rc::clone(&class)));
    class
}

/// The bases of a class that has none of its own.
fn object() -> Vec<Rc<Class>> {
    super::builtins::class("object").into_iter().collect()
}

/// A function value. What is not known is not of the wrong type: the result is not known either.
fn function(
    name: &'static str,
    call: impl Fn(&mut Vm, super::args::Args) -> PyResult + 'static,
) -> Option<Value> {
    Some(Builtin::value(name, move |vm, args| {
        let unknown = match args.pos.iter().any(|arg| matches!(arg, Value::Unknown(_))) {
            true => unknown_among(&args.pos, &format!("the result of `{name}`")),
            false => None,
        };
        match (call(vm, args), unknown) {
            (Err(raise), Some(unknown)) if is_type_error(&raise) => Ok(unknown),
            (result, _) => result,
        }
    }))
}

fn is_type_error(raise: &Raise) -> bool {
    matches!(raise, Raise::Builtin { class, .. } if *class == "TypeError")
}
