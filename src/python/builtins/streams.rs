//! Files that evaluated code reads, and `io.StringIO`/`io.BytesIO`.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::python::args::Args;
use crate::python::error::{Hint, PyResult, Raise};
use crate::python::native::{Builtin, Native};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// Bytes or text with a position in them. Text is kept as UTF-8.
pub struct Stream {
    data: RefCell<Vec<u8>>,
    position: Cell<usize>,
    binary: bool,
    /// The path of a file.
    path: Option<String>,
    /// Whether it can be written; what is written to a file goes nowhere.
    writable: bool,
    closed: Cell<bool>,
}

const METHODS: &[&str] = &[
    "read",
    "readline",
    "readlines",
    "write",
    "writelines",
    "getvalue",
    "seek",
    "tell",
    "close",
    "flush",
    "readable",
    "writable",
    "seekable",
    "truncate",
    "__enter__",
    "__exit__",
    "__iter__",
    "isatty",
];

impl Stream {
    /// A stream in memory.
    pub fn memory(data: Vec<u8>, binary: bool) -> Value {
        Value::native(Self {
            data: RefCell::new(data),
            position: Cell::new(0),
            binary,
            path: None,
            writable: true,
            closed: Cell::new(false),
        })
    }

    fn wrap(&self, bytes: &[u8]) -> Value {
        if self.binary {
            Value::Bytes(Rc::from(bytes))
        } else {
            Value::from(String::from_utf8_lossy(bytes).into_owned())
        }
    }

    fn line(&self) -> Option<Value> {
        let data = self.data.borrow();
        let rest = data.get(self.position.get()..)?;
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .iter()
            .position(|b| *b == b'\n')
            .map_or(rest.len(), |i| i + 1);
        self.position.set(self.position.get() + end);
        Some(self.wrap(&rest[..end]))
    }

    fn method(&self, this: &Value, vm: &mut Vm, name: &str, mut args: Args) -> PyResult {
        if self.closed.get() && name != "close" {
            return Err(Raise::exception(
                "ValueError",
                "I/O operation on closed file.",
            ));
        }
        let number = |n: usize| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
        Ok(match name {
            "read" => {
                let limit = args
                    .take("size")
                    .and_then(|n| n.as_int())
                    .and_then(|n| usize::try_from(n).ok());
                let data = self.data.borrow();
                let rest = data.get(self.position.get()..).unwrap_or(&[]);
                let length = match limit {
                    None => rest.len(),
                    Some(n) if self.binary => n.min(rest.len()),
                    Some(n) => String::from_utf8_lossy(rest)
                        .char_indices()
                        .nth(n)
                        .map_or(rest.len(), |(i, _)| i),
                };
                vm.charge(length)?;
                self.position.set(self.position.get() + length);
                self.wrap(&rest[..length])
            }
            "readline" => self.line().unwrap_or_else(|| self.wrap(&[])),
            "readlines" => {
                let mut out = Vec::new();
                while let Some(line) = self.line() {
                    vm.charge(64)?;
                    out.push(line);
                }
                Value::list(out)
            }
            "write" | "writelines" => {
                if !self.writable {
                    return Err(Raise::exception("OSError", "not writable"));
                }
                let source = args.require(name, "s")?;
                let items = if name == "write" {
                    vec![source]
                } else {
                    vm.iterate(&source)?
                };
                let mut written = 0;
                for item in items {
                    let bytes: Vec<u8> = match (&item, item.as_str()) {
                        (Value::Bytes(bytes), _) => bytes.to_vec(),
                        (_, Some(text)) => {
                            written += text.chars().count();
                            text.as_bytes().to_vec()
                        }
                        _ => return Err(Raise::exception("TypeError", "string argument expected")),
                    };
                    vm.charge(bytes.len())?;
                    let mut data = self.data.borrow_mut();
                    let at = self.position.get().min(data.len());
                    let end = (at + bytes.len()).min(data.len());
                    data.splice(at..end, bytes.iter().copied());
                    self.position.set(at + bytes.len());
                }
                number(written)
            }
            "getvalue" => {
                let data = self.data.borrow();
                vm.charge(data.len())?;
                self.wrap(&data)
            }
            "seek" => {
                let to = args.take("offset").and_then(|n| n.as_int()).unwrap_or(0);
                let whence = args.take("whence").and_then(|n| n.as_int()).unwrap_or(0);
                let base = match whence {
                    1 => self.position.get(),
                    2 => self.data.borrow().len(),
                    _ => 0,
                };
                let to = i64::try_from(base).unwrap_or(0).saturating_add(to);
                self.position.set(
                    usize::try_from(to)
                        .unwrap_or(0)
                        .min(self.data.borrow().len()),
                );
                number(self.position.get())
            }
            "tell" => number(self.position.get()),
            "truncate" => {
                let at = args
                    .take("size")
                    .and_then(|n| n.as_int())
                    .and_then(|n| usize::try_from(n).ok());
                self.data
                    .borrow_mut()
                    .truncate(at.unwrap_or(self.position.get()));
                Value::None
            }
            "close" => {
                self.closed.set(true);
                Value::None
            }
            "__enter__" | "__iter__" => this.clone(),
            "__exit__" => {
                self.closed.set(true);
                Value::Bool(false)
            }
            "readable" | "seekable" => Value::Bool(true),
            "writable" => Value::Bool(self.writable),
            "isatty" => Value::Bool(false),
            _ => Value::None,
        })
    }
}

impl Native for Stream {
    fn type_name(&self) -> &str {
        match (&self.path, self.binary) {
            (Some(_), true) => "_io.BufferedReader",
            (Some(_), false) => "_io.TextIOWrapper",
            (None, true) => "BytesIO",
            (None, false) => "StringIO",
        }
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if name == "closed" {
            return Ok(Some(Value::Bool(self.closed.get())));
        }
        if let ("name", Some(path)) = (name, &self.path) {
            return Ok(Some(Value::str(path)));
        }
        let Some(method) = METHODS.iter().find(|m| **m == name) else {
            return Ok(None);
        };
        let this = this.clone();
        Ok(Some(Builtin::value(method, move |vm, args| {
            match this.downcast::<Stream>() {
                Some(stream) => stream.method(&this, vm, method, args),
                None => Ok(Value::None),
            }
        })))
    }

    fn next(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Option<Value>>> {
        vm.step(1)?;
        Ok(Some(self.line()))
    }

    fn enter(&self, this: &Value, _vm: &mut Vm) -> PyResult<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn exit(&self, _this: &Value, _vm: &mut Vm, _failed: bool) -> PyResult<bool> {
        self.closed.set(true);
        Ok(true)
    }

    fn repr(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(self
            .path
            .as_ref()
            .map(|path| Str::from(format!("<file {path:?}>"))))
    }
}

/// The path that a `str` or a path object stands for.
pub(crate) fn path_text(vm: &mut Vm, value: &Value) -> PyResult<Str> {
    if let Some(text) = value.as_str() {
        return Ok(text);
    }
    if let Some(method) = vm.find_attr(value, "__fspath__")? {
        let text = vm.call(&method, Args::default())?;
        return vm.str(&text);
    }
    let found = vm.type_name(value);
    Err(Raise::exception(
        "TypeError",
        format!("expected str, bytes or os.PathLike object, not {found}"),
    ))
}

/// The bytes of a file of the project.
pub(crate) fn read_file(vm: &mut Vm, path: &str) -> PyResult<Vec<u8>> {
    match vm.importer().open(path) {
        Ok(bytes) => {
            vm.charge(bytes.len())?;
            Ok(bytes)
        }
        Err(reason) => {
            vm.hint = Some(Hint {
                about: path.to_owned(),
                note: Some(format!(
                    "a migration may read the files of its project only: {reason}"
                )),
                help: "move the file into the project, or write its text into the revision"
                    .to_owned(),
            });
            Err(super::raise(
                vm,
                "FileNotFoundError",
                vec![
                    Value::Int(2),
                    Value::str("No such file or directory"),
                    Value::str(path),
                ],
            ))
        }
    }
}

/// `open(path, mode)`, for reading.
pub(super) fn open(vm: &mut Vm, mut args: Args) -> PyResult {
    let path = args.require("open", "file")?;
    if let Some(unknown) = super::unknown_among(std::slice::from_ref(&path), "the file") {
        return Ok(unknown);
    }
    let path = path_text(vm, &path)?;
    let mode = args
        .take("mode")
        .and_then(|m| m.as_str())
        .unwrap_or_else(|| Str::from("r"));
    if mode.contains(['w', 'a', 'x', '+']) {
        if vm.discards_writes {
            return Ok(Value::native(Stream {
                data: RefCell::default(),
                position: Cell::new(0),
                binary: mode.contains('b'),
                path: Some(path.to_string()),
                writable: true,
                closed: Cell::new(false),
            }));
        }
        return Err(super::functions::unsupported(
            vm,
            &format!("opening `{path}` for writing"),
            "a migration that gensql evaluates may only read files of its project, and its script cannot depend on having written one",
        ));
    }
    let binary = mode.contains('b');
    let bytes = read_file(vm, &path)?;
    let bytes = if binary {
        bytes
    } else {
        let encoding = args.keyword("encoding").and_then(|e| e.as_str());
        let text = super::decode(vm, &bytes, encoding.as_deref(), None)?;
        let text = text.as_str().unwrap_or_else(|| Str::from(""));
        text.replace("\r\n", "\n").replace('\r', "\n").into_bytes()
    };
    Ok(Value::native(Stream {
        data: RefCell::new(bytes),
        position: Cell::new(0),
        binary,
        path: Some(path.to_string()),
        writable: false,
        closed: Cell::new(false),
    }))
}
