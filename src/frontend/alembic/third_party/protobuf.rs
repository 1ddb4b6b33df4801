//! Modules that the protocol buffer compiler generated, as far as their enumerations go: models
//! take the labels of columns from them.

use std::any::Any;
use std::rc::Rc;

use crate::frontend::alembic::modules::lazy;
use crate::python::vm::Module;
use crate::python::{Args, Builtin, Dict, DictKey, Native, PyResult, Raise, Str, Value, Vm};

/// The version that generated modules are told: the one whose file format is read here.
const VERSION: &str = "6.33.0";

/// How deeply messages may be nested in each other.
const DEPTH: usize = 32;

/// The module of that name, when it is one of the package's.
pub(super) fn module(dotted: &str) -> Option<Rc<Module>> {
    let known =
        dotted == "google" || dotted == "google.protobuf" || dotted.starts_with("google.protobuf.");
    known.then(|| lazy(dotted, attr))
}

fn attr(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    Ok(Some(match (module, name) {
        ("google", "protobuf") => return vm.import("google.protobuf").map(Some),
        ("google", _) => return Ok(None),
        ("google.protobuf", "__version__") => Value::from(VERSION),
        ("google.protobuf.descriptor", "_USE_C_DESCRIPTORS") => Value::Bool(true),
        ("google.protobuf.descriptor_pool", "Default") => {
            Builtin::value("Default", |_, _| Ok(Value::native(Pool)))
        }
        ("google.protobuf.internal.builder", "BuildTopDescriptorsAndMessages") => {
            Builtin::value("BuildTopDescriptorsAndMessages", build)
        }
        (
            "google.protobuf.internal.builder",
            "BuildMessageAndEnumDescriptors" | "BuildServices",
        ) => Builtin::value("BuildMessageAndEnumDescriptors", |_, _| Ok(Value::None)),
        ("google.protobuf.internal.enum_type_wrapper", "EnumTypeWrapper") => {
            Builtin::value("EnumTypeWrapper", |_, mut args| {
                args.require("EnumTypeWrapper", "enum_type")
            })
        }
        (
            _,
            "descriptor" | "descriptor_pool" | "internal" | "builder" | "symbol_database"
            | "enum_type_wrapper",
        ) => return vm.import(&format!("{module}.{name}")).map(Some),
        _ => {
            let place = vm.location();
            Value::unknown(format!("`{module}.{name}`"), place)
        }
    }))
}

/// Puts the enumerations of a file, and the values of those at its top, among the module's names.
fn build(vm: &mut Vm, mut args: Args) -> PyResult {
    let file = args.require("BuildTopDescriptorsAndMessages", "file_des")?;
    let Some(file) = file.downcast::<File>() else {
        return Ok(Value::None);
    };
    for enumeration in &file.enumerations {
        for (label, number) in &enumeration.values {
            vm.define_global(label.clone(), Value::Int(*number));
        }
        vm.define_global(
            enumeration.name.clone(),
            Value::Native(Rc::clone(enumeration) as _),
        );
    }
    for message in &file.messages {
        vm.define_global(message.name.clone(), Value::Native(Rc::clone(message) as _));
    }
    Ok(Value::None)
}

/// The pool of descriptors.
struct Pool;

impl Native for Pool {
    fn type_name(&self) -> &str {
        "DescriptorPool"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok((name == "AddSerializedFile").then(|| {
            Builtin::value("AddSerializedFile", |vm, mut args| {
                let given = args.require("AddSerializedFile", "serialized_file_desc_proto")?;
                let Value::Bytes(bytes) = &given else {
                    let place = vm.location();
                    return Ok(Value::unknown("a descriptor", place));
                };
                match File::read(bytes) {
                    Some(file) => Ok(Value::native(file)),
                    None => Err(Raise::exception(
                        "TypeError",
                        "Couldn't parse file content!",
                    )),
                }
            })
        }))
    }
}

/// `FileDescriptorProto`, from descriptor.proto.
struct File {
    messages: Vec<Rc<Message>>,
    enumerations: Vec<Rc<Enumeration>>,
}

impl File {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut file = Self {
            messages: Vec::new(),
            enumerations: Vec::new(),
        };
        for field in Fields(bytes) {
            match field? {
                (4, Field::Bytes(message)) => {
                    file.messages.push(Rc::new(Message::read(message, 0)?));
                }
                (5, Field::Bytes(enumeration)) => {
                    file.enumerations
                        .push(Rc::new(Enumeration::read(enumeration)?));
                }
                _ => {}
            }
        }
        Some(file)
    }
}

impl Native for File {
    fn type_name(&self) -> &str {
        "FileDescriptor"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if name == "enum_types_by_name" {
            let mut dict = Dict::default();
            for enumeration in &self.enumerations {
                dict.insert(
                    DictKey::str(enumeration.name.clone()),
                    Value::Native(Rc::clone(enumeration) as _),
                );
            }
            return Ok(Some(Value::dict(dict)));
        }
        let place = vm.location();
        Ok(Some(Value::unknown("a part of a descriptor", place)))
    }
}

/// `DescriptorProto`: a message with what is nested in it.
struct Message {
    name: Str,
    messages: Vec<Rc<Message>>,
    enumerations: Vec<Rc<Enumeration>>,
}

impl Message {
    fn read(bytes: &[u8], depth: usize) -> Option<Self> {
        if depth > DEPTH {
            return None;
        }
        let mut message = Self {
            name: Str::from(""),
            messages: Vec::new(),
            enumerations: Vec::new(),
        };
        for field in Fields(bytes) {
            match field? {
                (1, Field::Bytes(name)) => message.name = text(name)?,
                (3, Field::Bytes(nested)) => {
                    message
                        .messages
                        .push(Rc::new(Self::read(nested, depth + 1)?));
                }
                (4, Field::Bytes(nested)) => {
                    message
                        .enumerations
                        .push(Rc::new(Enumeration::read(nested)?));
                }
                _ => {}
            }
        }
        Some(message)
    }
}

impl Native for Message {
    fn type_name(&self) -> &str {
        "GeneratedProtocolMessageType"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if let Some(found) = self.messages.iter().find(|nested| *nested.name == *name) {
            return Ok(Some(Value::Native(Rc::clone(found) as _)));
        }
        for enumeration in &self.enumerations {
            if *enumeration.name == *name {
                return Ok(Some(Value::Native(Rc::clone(enumeration) as _)));
            }
            if let Some(number) = enumeration.number(name) {
                return Ok(Some(Value::Int(number)));
            }
        }
        let place = vm.location();
        Ok(Some(Value::unknown("a part of a message", place)))
    }

    fn call(&self, _this: &Value, vm: &mut Vm, _args: Args) -> PyResult<Option<Value>> {
        let place = vm.location();
        Ok(Some(Value::unknown("a message", place)))
    }
}

/// `EnumDescriptorProto`, with the interface of `EnumTypeWrapper`.
struct Enumeration {
    name: Str,
    values: Vec<(Str, i64)>,
}

impl Enumeration {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut enumeration = Self {
            name: Str::from(""),
            values: Vec::new(),
        };
        for field in Fields(bytes) {
            match field? {
                (1, Field::Bytes(name)) => enumeration.name = text(name)?,
                (2, Field::Bytes(value)) => {
                    let (mut label, mut number) = (Str::from(""), 0);
                    for field in Fields(value) {
                        match field? {
                            (1, Field::Bytes(name)) => label = text(name)?,
                            // Negative numbers take all 64 bits.
                            (2, Field::Number(found)) => number = found.cast_signed(),
                            _ => {}
                        }
                    }
                    enumeration.values.push((label, number));
                }
                _ => {}
            }
        }
        Some(enumeration)
    }

    fn number(&self, label: &str) -> Option<i64> {
        let found = self.values.iter().find(|(known, _)| **known == *label);
        found.map(|(_, number)| *number)
    }
}

impl Native for Enumeration {
    fn type_name(&self) -> &str {
        "EnumTypeWrapper"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let Some(it) = this.downcast::<Self>() else {
            return Ok(None);
        };
        let label = |(label, _): &(Str, i64)| Value::Str(label.clone());
        let number = |(_, number): &(Str, i64)| Value::Int(*number);
        let list = |items: Vec<Value>| {
            Some(Builtin::value("keys", move |_, _| {
                Ok(Value::list(items.clone()))
            }))
        };
        Ok(match name {
            "keys" => list(self.values.iter().map(label).collect()),
            "values" => list(self.values.iter().map(number).collect()),
            "items" => list(
                self.values
                    .iter()
                    .map(|value| Value::tuple(vec![label(value), number(value)]))
                    .collect(),
            ),
            "Value" => Some(Builtin::value("Value", move |vm, mut args| {
                let wanted = args.require("Value", "name")?;
                let text = vm.str(&wanted)?;
                it.number(&text).map(Value::Int).ok_or_else(|| {
                    Raise::exception(
                        "ValueError",
                        format!("Enum {} has no value defined for name {text:?}", it.name),
                    )
                })
            })),
            "Name" => Some(Builtin::value("Name", move |_, mut args| {
                let wanted = args.require("Name", "number")?;
                let found = it
                    .values
                    .iter()
                    .find(|(_, number)| matches!(wanted, Value::Int(wanted) if wanted == *number));
                found.map(label).ok_or_else(|| {
                    Raise::exception(
                        "ValueError",
                        format!("Enum {} has no name defined for that value", it.name),
                    )
                })
            })),
            _ => self.number(name).map(Value::Int),
        })
    }
}

fn text(bytes: &[u8]) -> Option<Str> {
    std::str::from_utf8(bytes).ok().map(Str::from)
}

/// What a field holds.
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a message in the wire format; an item is `None` where it is broken.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

impl<'a> Fields<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn field(&mut self) -> Option<(u64, Field<'a>)> {
        let key = self.varint()?;
        let field = match key & 7 {
            0 => Field::Number(self.varint()?),
            1 => Field::Bytes(self.take(8)?),
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Field::Bytes(self.take(length)?)
            }
            5 => Field::Bytes(self.take(4)?),
            _ => return None,
        };
        Some((key >> 3, field))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Option<(u64, Field<'a>)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}
