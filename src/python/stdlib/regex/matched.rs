//! A match.

use std::any::Any;
use std::rc::Rc;

use super::super::{class_once, object};
use super::pattern::Pattern;
use super::{Opaque, error};
use crate::python::args::Args;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::native::{Builtin, Native};
use crate::python::value::{Dict, DictKey, Str, Value};
use crate::python::vm::Vm;

/// `re.Match`.
pub(super) struct Match {
    pub(super) text: Str,
    pub(super) pattern: Rc<Pattern>,
    /// The range of bytes of each group.
    pub(super) groups: Vec<Option<(usize, usize)>>,
}

pub(super) fn match_class() -> Rc<Class> {
    class_once("re", "Match", object, Opaque)
}

impl Match {
    pub(super) fn index(&self, vm: &Vm, group: &Value) -> PyResult<usize> {
        let missing = || Raise::exception("IndexError", "no such group");
        let _ = vm;
        if let Some(n) = group.as_int() {
            return usize::try_from(n)
                .ok()
                .filter(|n| *n < self.groups.len())
                .ok_or_else(missing);
        }
        let name = group.as_str().ok_or_else(missing)?;
        self.pattern
            .regex
            .capture_names()
            .position(|n| n == Some(&*name))
            .ok_or_else(missing)
    }

    pub(super) fn text_of(&self, index: usize) -> Value {
        match self.groups.get(index).copied().flatten() {
            Some((start, end)) => Value::str(&self.text[start..end]),
            None => Value::None,
        }
    }

    pub(super) fn place(&self, byte: usize) -> Value {
        Value::Int(i64::try_from(self.text[..byte].chars().count()).unwrap_or(0))
    }

    pub(super) fn method(&self, vm: &mut Vm, name: &str, mut args: Args) -> PyResult {
        Ok(match name {
            "group" => match args.pos.len() {
                0 => self.text_of(0),
                1 => {
                    let index = self.index(vm, &args.pos[0])?;
                    self.text_of(index)
                }
                _ => {
                    let mut out = Vec::new();
                    for group in &args.pos {
                        let index = self.index(vm, group)?;
                        out.push(self.text_of(index));
                    }
                    Value::tuple(out)
                }
            },
            "groups" => {
                let default = args.take("default").unwrap_or(Value::None);
                Value::tuple(
                    (1..self.groups.len())
                        .map(|i| {
                            if self.groups[i].is_some() {
                                self.text_of(i)
                            } else {
                                default.clone()
                            }
                        })
                        .collect(),
                )
            }
            "groupdict" => {
                let default = args.take("default").unwrap_or(Value::None);
                let mut out = Dict::default();
                for (i, name) in self.pattern.regex.capture_names().enumerate() {
                    if let Some(name) = name {
                        let value = if self.groups[i].is_some() {
                            self.text_of(i)
                        } else {
                            default.clone()
                        };
                        out.insert(DictKey::str(name), value);
                    }
                }
                Value::dict(out)
            }
            "start" | "end" | "span" => {
                let group = args.take("group").unwrap_or(Value::Int(0));
                let index = self.index(vm, &group)?;
                match (self.groups[index], name) {
                    (Some((start, _)), "start") => self.place(start),
                    (Some((_, end)), "end") => self.place(end),
                    (Some((start, end)), _) => {
                        Value::tuple(vec![self.place(start), self.place(end)])
                    }
                    (None, "span") => Value::tuple(vec![Value::Int(-1), Value::Int(-1)]),
                    (None, _) => Value::Int(-1),
                }
            }
            "expand" => {
                let template = args.require("expand", "template")?;
                let template = vm.str(&template)?;
                Value::from(self.expand(vm, &template)?)
            }
            _ => Value::None,
        })
    }

    /// A replacement template with the groups filled in.
    pub(super) fn expand(&self, vm: &Vm, template: &str) -> PyResult<String> {
        let mut out = String::new();
        let mut chars = template.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some('g') if chars.peek() == Some(&'<') => {
                    chars.next();
                    let name: String = chars.by_ref().take_while(|c| *c != '>').collect();
                    let group = name
                        .parse::<i64>()
                        .map_or_else(|_| Value::str(&name), Value::Int);
                    let index = self.index(vm, &group)?;
                    if let Value::Str(text) = self.text_of(index) {
                        out.push_str(&text);
                    }
                }
                Some(c) if c.is_ascii_digit() => {
                    let mut n = c.to_digit(10).unwrap_or(0);
                    if let Some(d) = chars.peek().and_then(|c| c.to_digit(10)) {
                        n = n * 10 + d;
                        chars.next();
                    }
                    let index = self.index(vm, &Value::Int(i64::from(n)))?;
                    if let Value::Str(text) = self.text_of(index) {
                        out.push_str(&text);
                    }
                }
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some(c) if c.is_ascii_alphabetic() => {
                    return Err(error(format!("bad escape \\{c}")));
                }
                Some(c) => {
                    if c != '\\' {
                        out.push('\\');
                    }
                    out.push(c);
                }
                None => out.push('\\'),
            }
        }
        Ok(out)
    }
}

impl Native for Match {
    fn type_name(&self) -> &str {
        "re.Match"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(match_class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let names = [
            "group",
            "groups",
            "groupdict",
            "start",
            "end",
            "span",
            "expand",
        ];
        if let Some(name) = names.into_iter().find(|n| *n == name) {
            let Some(hit) = this.downcast::<Match>() else {
                return Ok(None);
            };
            return Ok(Some(Builtin::value(name, move |vm, args| {
                hit.method(vm, name, args)
            })));
        }
        Ok(match name {
            "string" => Some(Value::Str(self.text.clone())),
            "re" => Some(Value::Native(Rc::clone(&self.pattern) as Rc<dyn Native>)),
            "lastindex" => Some(
                self.groups
                    .iter()
                    .skip(1)
                    .rposition(Option::is_some)
                    .and_then(|i| i64::try_from(i + 1).ok())
                    .map_or(Value::None, Value::Int),
            ),
            _ => None,
        })
    }

    fn get_item(&self, _this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        let index = self.index(vm, index)?;
        Ok(Some(self.text_of(index)))
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        let (start, end) = self.groups.first().copied().flatten().unwrap_or((0, 0));
        let (a, b) = (vm.repr(&self.place(start))?, vm.repr(&self.place(end))?);
        let text = crate::python::format::quote(&self.text[start..end], false);
        Ok(Some(
            format!("<re.Match object; span=({a}, {b}), match={text}>").into(),
        ))
    }
}
