//! `json`, with CPython's text.

use std::fmt::Write;

use serde_json::Value as Json;

use super::{class_once, function};
use crate::python::args::Args;
use crate::python::builtins::{self, unknown_among};
use crate::python::error::{PyResult, Raise};
use crate::python::format::float_repr;
use crate::python::native::NativeClass;
use crate::python::numbers::{parse_int, plain};
use crate::python::value::{Dict, Str, Value};
use crate::python::vm::Vm;

struct Options {
    indent: Option<String>,
    item: String,
    key: String,
    ascii: bool,
    sort: bool,
    skip: bool,
    default: Option<Value>,
}

/// A text in quotes.
fn quote(out: &mut String, text: &str, ascii: bool) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            c if (c as u32) < 0x20 || (ascii && !(' '..='~').contains(&c)) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn float(x: f64) -> String {
    if x.is_nan() {
        "NaN".into()
    } else if x.is_infinite() {
        if x > 0.0 {
            "Infinity".into()
        } else {
            "-Infinity".into()
        }
    } else {
        float_repr(x)
    }
}

fn newline(out: &mut String, options: &Options, depth: usize) {
    if let Some(indent) = &options.indent {
        out.push('\n');
        for _ in 0..depth {
            out.push_str(indent);
        }
    }
}

fn dump(
    vm: &mut Vm,
    value: &Value,
    options: &Options,
    out: &mut String,
    depth: usize,
) -> PyResult<()> {
    vm.step(1)?;
    let value = &crate::python::exec::names::plain(value);
    if depth > 100 {
        return Err(Raise::exception(
            "ValueError",
            "Circular reference detected",
        ));
    }
    let before = out.len();
    match &plain(value) {
        Value::None => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(n) => {
            let _ = write!(out, "{n}");
        }
        Value::BigInt(n) => {
            let _ = write!(out, "{n}");
        }
        Value::Float(x) => out.push_str(&float(*x)),
        Value::Str(text) => quote(out, text, options.ascii),
        items @ (Value::List(_) | Value::Tuple(_)) => {
            let items = vm.iterate(items)?;
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(&options.item);
                }
                newline(out, options, depth + 1);
                dump(vm, item, options, out, depth + 1)?;
            }
            if !items.is_empty() {
                newline(out, options, depth);
            }
            out.push(']');
        }
        Value::Dict(dict) => {
            let mut entries: Vec<(Value, Value)> = dict
                .borrow()
                .iter()
                .map(|(k, v)| (k.value().clone(), v.clone()))
                .collect();
            if options.sort {
                let pairs = entries
                    .iter()
                    .map(|(k, v)| Value::tuple(vec![k.clone(), v.clone()]))
                    .collect();
                let key = crate::python::Builtin::value("key", |vm, mut args| {
                    let pair = args.require("key", "pair")?;
                    vm.get_item(&pair, &Value::Int(0))
                });
                let args = Args {
                    pos: vec![],
                    kw: vec![(Str::from("key"), key)],
                };
                entries = builtins::sort(vm, pairs, args)?
                    .into_iter()
                    .filter_map(|pair| match pair {
                        Value::Tuple(items) => {
                            Some((items.first()?.clone(), items.get(1)?.clone()))
                        }
                        _ => None,
                    })
                    .collect();
            }
            out.push('{');
            let mut first = true;
            for (key, value) in &entries {
                let text = match &plain(key) {
                    Value::Str(text) => text.to_string(),
                    Value::None => "null".into(),
                    Value::Bool(flag) => if *flag { "true" } else { "false" }.into(),
                    Value::Int(n) => n.to_string(),
                    Value::BigInt(n) => n.to_string(),
                    Value::Float(x) => float(*x),
                    _ if options.skip => continue,
                    _ => {
                        let found = vm.type_name(key);
                        return Err(Raise::exception(
                            "TypeError",
                            format!("keys must be str, int, float, bool or None, not {found}"),
                        ));
                    }
                };
                if !first {
                    out.push_str(&options.item);
                }
                first = false;
                newline(out, options, depth + 1);
                quote(out, &text, options.ascii);
                out.push_str(&options.key);
                dump(vm, value, options, out, depth + 1)?;
            }
            if !first {
                newline(out, options, depth);
            }
            out.push('}');
        }
        _ => match &options.default {
            Some(default) => {
                let replaced = vm.call(&default.clone(), Args::of(vec![value.clone()]))?;
                dump(vm, &replaced, options, out, depth + 1)?;
            }
            None => {
                let found = vm.type_name(value);
                return Err(Raise::exception(
                    "TypeError",
                    format!("Object of type {found} is not JSON serializable"),
                ));
            }
        },
    }
    if depth == 0 || out.len() - before > 4096 {
        vm.charge(out.len() - before)?;
    }
    Ok(())
}

/// An unknown value anywhere inside makes the text unknown.
fn unknown_inside(value: &Value, depth: usize) -> Option<Value> {
    match value {
        Value::Unknown(_) => unknown_among(std::slice::from_ref(value), "the JSON text"),
        Value::List(items) if depth < 50 => items
            .borrow()
            .iter()
            .find_map(|item| unknown_inside(item, depth + 1)),
        Value::Tuple(items) if depth < 50 => items
            .iter()
            .find_map(|item| unknown_inside(item, depth + 1)),
        Value::Dict(items) if depth < 50 => items
            .borrow()
            .values()
            .find_map(|item| unknown_inside(item, depth + 1)),
        _ => None,
    }
}

fn dumps(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = args.require("dumps", "obj")?;
    if let Some(unknown) = unknown_inside(&value, 0) {
        return Ok(unknown);
    }
    let mut flag = |vm: &mut Vm, name: &str, default: bool| -> PyResult<bool> {
        match args.keyword(name) {
            Some(value) => vm.truth(&value),
            None => Ok(default),
        }
    };
    let ascii = flag(vm, "ensure_ascii", true)?;
    let sort = flag(vm, "sort_keys", false)?;
    let skip = flag(vm, "skipkeys", false)?;
    flag(vm, "allow_nan", true)?;
    flag(vm, "check_circular", true)?;
    let indent = match args.keyword("indent") {
        None | Some(Value::None) => None,
        Some(value) => match (value.as_str(), value.as_int()) {
            (Some(text), _) => Some(text.to_string()),
            (None, n) => Some(" ".repeat(usize::try_from(n.unwrap_or(0)).unwrap_or(0).min(1000))),
        },
    };
    let mut item = if indent.is_some() { "," } else { ", " }.to_owned();
    let mut key = ": ".to_owned();
    if let Some(separators) = args.keyword("separators").filter(|s| !s.is_none())
        && let [a, b] = &vm.iterate(&separators)?[..]
    {
        (item, key) = (vm.str(a)?.to_string(), vm.str(b)?.to_string());
    }
    let mut default = args.keyword("default").filter(|d| !d.is_none());
    if let Some(class) = args.keyword("cls").filter(|c| !c.is_none()) {
        let encoder = vm.call(&class, Args::default())?;
        default = Some(vm.get_attr(&encoder, "default")?);
    }
    let options = Options {
        indent,
        item,
        key,
        ascii,
        sort,
        skip,
        default,
    };
    let mut out = String::new();
    dump(vm, &value, &options, &mut out, 0)?;
    Ok(Value::from(out))
}

fn convert(vm: &mut Vm, json: Json, hook: Option<&Value>, pairs_hook: Option<&Value>) -> PyResult {
    vm.step(1)?;
    vm.charge(32)?;
    Ok(match json {
        Json::Null => Value::None,
        Json::Bool(flag) => Value::Bool(flag),
        Json::Number(n) => {
            let text = n.to_string();
            match parse_int(&text, 10) {
                Some(n) if !text.contains(['.', 'e', 'E']) => crate::python::numbers::normal(n),
                _ => Value::Float(text.parse().unwrap_or(f64::NAN)),
            }
        }
        Json::String(text) => Value::from(text),
        Json::Array(items) => {
            let mut out = Vec::with_capacity(items.len());
            for item in items {
                out.push(convert(vm, item, hook, pairs_hook)?);
            }
            Value::list(out)
        }
        Json::Object(entries) => {
            let mut dict = Dict::default();
            let mut pairs = Vec::new();
            for (key, value) in entries {
                let value = convert(vm, value, hook, pairs_hook)?;
                if pairs_hook.is_some() {
                    pairs.push(Value::tuple(vec![Value::str(&key), value.clone()]));
                }
                dict.insert(crate::python::DictKey::str(&key), value);
            }
            match (pairs_hook, hook) {
                (Some(function), _) => vm.call(function, Args::of(vec![Value::list(pairs)]))?,
                (None, Some(function)) => vm.call(function, Args::of(vec![Value::dict(dict)]))?,
                (None, None) => Value::dict(dict),
            }
        }
    })
}

fn loads(vm: &mut Vm, mut args: Args) -> PyResult {
    let source = args.require("loads", "s")?;
    if let Some(unknown) = unknown_among(std::slice::from_ref(&source), "the JSON value") {
        return Ok(unknown);
    }
    let text = match (&source, source.as_str()) {
        (_, Some(text)) => text,
        (Value::Bytes(bytes), _) => Str::from(String::from_utf8_lossy(bytes).into_owned()),
        _ => {
            let found = vm.type_name(&source);
            return Err(Raise::exception(
                "TypeError",
                format!("the JSON object must be str, bytes or bytearray, not {found}"),
            ));
        }
    };
    vm.charge(text.len() * 4)?;
    let hook = args.keyword("object_hook").filter(|h| !h.is_none());
    let pairs_hook = args.keyword("object_pairs_hook").filter(|h| !h.is_none());
    match serde_json::from_str::<Json>(&text) {
        Ok(json) => convert(vm, json, hook.as_ref(), pairs_hook.as_ref()),
        Err(error) => {
            let message = format!(
                "Expecting value: line {} column {} (char 0)",
                error.line(),
                error.column().max(1)
            );
            let class = decode_error();
            let value = class.native.as_ref().map_or(Ok(Value::None), |native| {
                native.construct(vm, &class, Args::of(vec![Value::from(message)]))
            })?;
            Err(Box::new(Raise::Exception {
                value,
                traceback: Vec::new(),
            }))
        }
    }
}

struct DecodeError;

impl NativeClass for DecodeError {
    fn construct(
        &self,
        _vm: &mut Vm,
        class: &std::rc::Rc<crate::python::Class>,
        args: Args,
    ) -> PyResult {
        Ok(Value::native(builtins::ExceptionObject {
            class: std::rc::Rc::clone(class),
            args: std::cell::RefCell::new(args.pos),
            dict: std::cell::RefCell::default(),
        }))
    }
}

fn decode_error() -> std::rc::Rc<crate::python::Class> {
    class_once(
        "json.decoder",
        "JSONDecodeError",
        || builtins::class("ValueError").into_iter().collect(),
        DecodeError,
    )
}

struct Encoder;

impl NativeClass for Encoder {
    fn construct(
        &self,
        _vm: &mut Vm,
        _class: &std::rc::Rc<crate::python::Class>,
        _args: Args,
    ) -> PyResult {
        Ok(Value::None)
    }
}

/// The attributes of the module.
pub(super) fn attribute(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(match name {
        "dumps" => function("dumps", dumps),
        "loads" => function("loads", loads),
        "dump" => function("dump", |vm, mut args| {
            let value = args.require("dump", "obj")?;
            let file = args.require("dump", "fp")?;
            args.pos.insert(0, value);
            let text = dumps(vm, args)?;
            vm.call_method(&file, "write", Args::of(vec![text]))
        }),
        "load" => function("load", |vm, mut args| {
            let file = args.require("load", "fp")?;
            let text = vm.call_method(&file, "read", Args::default())?;
            args.pos.insert(0, text);
            loads(vm, args)
        }),
        "JSONDecodeError" => Some(Value::Class(decode_error())),
        "JSONEncoder" => Some(Value::Class(class_once(
            "json.encoder",
            "JSONEncoder",
            super::object,
            Encoder,
        ))),
        _ => None,
    })
}
