//! Types that the configuration maps to SQL: `[types]` of `gensql.toml`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::rc::Rc;

use crate::frontend::alembic::host::host;
use crate::frontend::alembic::modules::lazy;
use crate::python::vm::Module;
use crate::python::{PyResult, Raise, Str, Value, Vm, syntax};
use crate::source::SourceFile;

/// Spellings by the dotted name of the type and the dialect; `default` is for the other dialects.
pub type Configured = BTreeMap<String, BTreeMap<String, String>>;

/// Whether a module has configured types, or has modules that have some.
fn mentions(configured: &Configured, module: &str) -> bool {
    let beneath = |name: &String| {
        name.strip_prefix(module)
            .is_some_and(|rest| rest.starts_with('.'))
    };
    configured.keys().any(beneath)
}

/// A module that is not there, but has configured types.
pub fn module(vm: &mut Vm, dotted: &str) -> Option<Rc<Module>> {
    let known = mentions(&host(vm).configured_types, dotted);
    known.then(|| lazy(dotted, attr))
}

fn attr(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    let dotted = format!("{module}.{name}");
    if mentions(&host(vm).configured_types, &dotted) {
        return vm.import(&dotted).map(Some);
    }
    Ok(Some(Value::unknown(format!("`{dotted}`"), vm.location())))
}

/// The configured types of a module: names and classes.
///
/// # Errors
/// When evaluating them fails, which is a fault of gensql.
pub fn overrides(vm: &mut Vm, module: &str) -> PyResult<Vec<(Str, Value)>> {
    let host = host(vm);
    let mut names = Vec::new();
    let mut text = String::from("from sqlalchemy import types\n");
    for (dotted, spellings) in &host.configured_types {
        let beneath = dotted.strip_prefix(module);
        let Some(path) = beneath.and_then(|rest| rest.strip_prefix('.')) else {
            continue;
        };
        // A type of the module, or what a method of one of its objects gives.
        let (object, name) = match path.split_once('.') {
            Some((object, name)) if !name.contains('.') => (Some(object), name),
            Some(_) => continue,
            None => (None, path),
        };
        let spelling = spellings
            .get(&*host.target.dialect)
            .or_else(|| spellings.get("default"));
        class(&mut text, dotted, name, spelling, &host.target.dialect);
        match object {
            Some(object) => {
                let known = names.iter().any(|name: &Str| **name == *object);
                if !known {
                    let _ = write!(text, "\nclass {object}:\n    pass\n");
                    names.push(Str::from(object));
                }
                let _ = write!(text, "\n{object}.{name} = {name}\n");
            }
            None => names.push(Str::from(name)),
        }
    }
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let file = SourceFile::built_in(format!("[types] of {module}"), text);
    let parsed = syntax::parse(&file).map_err(|diagnostic| Raise::fatal(*diagnostic))?;
    let made = vm.run_parsed(module, &parsed)?;
    let dict = made.dict.borrow();
    Ok(names
        .into_iter()
        .filter_map(|name| Some((name.clone(), dict.get(&name)?.clone())))
        .collect())
}

fn class(text: &mut String, dotted: &str, name: &str, spelling: Option<&String>, dialect: &str) {
    let specification = match spelling {
        Some(spelling) => format!("return {}.format(*self.args, **self.kw)", quoted(spelling)),
        None => format!(
            "raise LookupError({})",
            quoted(&format!(
                "[types] of gensql.toml has no spelling of {dotted} for {dialect}"
            ))
        ),
    };
    let _ = write!(
        text,
        r#"

class {name}(types.UserDefinedType):
    def __init__(self, *args, **kw):
        self.args = args
        self.kw = kw

    def get_col_spec(self, **kw):
        {specification}

    def literal_processor(self, dialect):
        def process(value):
            if isinstance(value, (int, float)):
                return str(value)
            return "'" + str(value).replace("'", "''") + "'"
        return process
"#
    );
}

/// A Python string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
