//! `uuid`. Random identifiers are fixed: they derive from the seed and a counter.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use md5::Digest;
use num_bigint::BigInt;

use super::{class_once, fixed, function, object};
use crate::python::args::Args;
use crate::python::builtins::unknown_among;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::methods::{hex, unhex};
use crate::python::native::{CompareOp, Native, NativeClass};
use crate::python::numbers::{normal, to_big};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// `uuid.UUID`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uuid {
    /// Its 16 bytes, most significant first.
    pub bytes: [u8; 16],
}

const NAMESPACES: [(&str, u8); 4] = [
    ("NAMESPACE_DNS", 0x10),
    ("NAMESPACE_URL", 0x11),
    ("NAMESPACE_OID", 0x12),
    ("NAMESPACE_X500", 0x14),
];

impl Uuid {
    /// The usual text: five groups of lower case hexadecimal digits.
    pub fn text(&self) -> String {
        let h = hex(&self.bytes);
        format!(
            "{}-{}-{}-{}-{}",
            &h[..8],
            &h[8..12],
            &h[12..16],
            &h[16..20],
            &h[20..]
        )
    }

    fn versioned(mut bytes: [u8; 16], version: u8) -> Self {
        bytes[6] = (bytes[6] & 0x0f) | (version << 4);
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Self { bytes }
    }

    fn integer(&self) -> BigInt {
        BigInt::from_bytes_be(num_bigint::Sign::Plus, &self.bytes)
    }
}

fn class() -> Rc<Class> {
    class_once("uuid", "UUID", object, UuidClass)
}

fn first_16(bytes: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    for (to, from) in out.iter_mut().zip(bytes) {
        *to = *from;
    }
    out
}

fn random(vm: &mut Vm, what: &'static str) -> Uuid {
    let inputs = fixed::used(vm, what);
    let n = inputs.counter.get();
    inputs.counter.set(n + 1);
    let digest = sha2::Sha256::digest(format!("{}:{n}", inputs.seed).as_bytes());
    Uuid::versioned(first_16(&digest), 4)
}

fn named(vm: &mut Vm, mut args: Args, version: u8) -> PyResult {
    let namespace = args.require("uuid5", "namespace")?;
    let name = args.require("uuid5", "name")?;
    if let Some(unknown) = unknown_among(&[namespace.clone(), name.clone()], "an identifier") {
        return Ok(unknown);
    }
    let Some(namespace) = namespace.downcast::<Uuid>() else {
        return Err(Raise::exception(
            "AttributeError",
            "namespace must be a UUID",
        ));
    };
    let mut data = namespace.bytes.to_vec();
    match &name {
        Value::Bytes(bytes) => data.extend_from_slice(bytes),
        name => data.extend_from_slice(vm.str(name)?.as_bytes()),
    }
    let bytes = if version == 3 {
        first_16(&md5::Md5::digest(&data))
    } else {
        first_16(&sha1::Sha1::digest(&data))
    };
    Ok(Value::native(Uuid::versioned(bytes, version)))
}

/// The attributes of the module.
pub(super) fn attribute(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    if let Some((_, last)) = NAMESPACES.iter().find(|(n, _)| *n == name) {
        let bytes = unhex("6ba7b8009dad11d180b400c04fd430c8").unwrap_or_default();
        let mut uuid = Uuid {
            bytes: first_16(&bytes),
        };
        uuid.bytes[3] = *last;
        return Ok(Some(Value::native(uuid)));
    }
    Ok(match name {
        "UUID" => Some(Value::Class(class())),
        "uuid4" => function("uuid4", |vm, _| {
            Ok(Value::native(random(vm, "`uuid.uuid4()`")))
        }),
        "uuid1" => function("uuid1", |vm, _| {
            Ok(Value::native(random(vm, "`uuid.uuid1()`")))
        }),
        "uuid7" | "uuid6" => function("uuid7", |vm, _| {
            Ok(Value::native(random(vm, "`uuid.uuid7()`")))
        }),
        "uuid3" => function("uuid3", |vm, args| named(vm, args, 3)),
        "uuid5" => function("uuid5", |vm, args| named(vm, args, 5)),
        "getnode" => function("getnode", |vm, _| {
            Ok(Value::unknown(
                "the machine's address (`uuid.getnode()`)",
                vm.location(),
            ))
        }),
        "RFC_4122" => Some(Value::str("specified in RFC 4122")),
        _ => None,
    })
}

struct UuidClass;

impl NativeClass for UuidClass {
    fn construct(&self, vm: &mut Vm, _class: &Rc<Class>, mut args: Args) -> PyResult {
        if let Some(unknown) = unknown_among(&args.pos, "an identifier") {
            return Ok(unknown);
        }
        let version = args
            .keyword("version")
            .and_then(|v| v.as_int())
            .and_then(|v| u8::try_from(v).ok());
        let raw = args.keyword("bytes");
        let integer = args.keyword("int");
        let bytes = if let Some(Value::Bytes(bytes)) = raw {
            if bytes.len() != 16 {
                return Err(Raise::exception(
                    "ValueError",
                    "bytes is not a 16-char string",
                ));
            }
            first_16(&bytes)
        } else if let Some(n) = integer.and_then(|n| to_big(&n)) {
            let (sign, digits) = n.to_bytes_be();
            if sign == num_bigint::Sign::Minus || digits.len() > 16 {
                return Err(Raise::exception(
                    "ValueError",
                    "int is out of range (need a 128-bit value)",
                ));
            }
            let mut bytes = [0; 16];
            bytes[16 - digits.len()..].copy_from_slice(&digits);
            bytes
        } else {
            let text = args.require("UUID", "hex")?;
            let Some(text) = text.as_str() else {
                let found = vm.type_name(&text);
                return Err(Raise::exception(
                    "AttributeError",
                    format!("'{found}' object has no attribute 'replace'"),
                ));
            };
            let digits = text.replace("urn:", "").replace("uuid:", "");
            let digits = digits.trim_matches(['{', '}']).replace('-', "");
            match unhex(&digits) {
                Some(bytes) if digits.len() == 32 => first_16(&bytes),
                _ => {
                    return Err(Raise::exception(
                        "ValueError",
                        "badly formed hexadecimal UUID string",
                    ));
                }
            }
        };
        Ok(Value::native(match version {
            Some(version) => Uuid::versioned(bytes, version),
            None => Uuid { bytes },
        }))
    }
}

impl Native for Uuid {
    fn type_name(&self) -> &str {
        "UUID"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let part = |range: std::ops::Range<usize>| {
            normal(BigInt::from_bytes_be(
                num_bigint::Sign::Plus,
                &self.bytes[range],
            ))
        };
        let variant = self.bytes[8] & 0xc0 == 0x80;
        Ok(Some(match name {
            "hex" => Value::from(hex(&self.bytes)),
            "bytes" => Value::Bytes(Rc::from(self.bytes.as_slice())),
            "bytes_le" => {
                let b = &self.bytes;
                let mut out = vec![b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6]];
                out.extend_from_slice(&b[8..]);
                Value::Bytes(out.into())
            }
            "int" => normal(self.integer()),
            "urn" => Value::from(format!("urn:uuid:{}", self.text())),
            "version" if !variant => Value::None,
            "version" => Value::Int(i64::from(self.bytes[6] >> 4)),
            "variant" => Value::str(if variant {
                "specified in RFC 4122"
            } else {
                "reserved for NCS compatibility"
            }),
            "time_low" => part(0..4),
            "time_mid" => part(4..6),
            "time_hi_version" => part(6..8),
            "clock_seq_hi_variant" => part(8..9),
            "clock_seq_low" => part(9..10),
            "clock_seq" => {
                Value::Int(i64::from(self.bytes[8] & 0x3f) << 8 | i64::from(self.bytes[9]))
            }
            "node" => part(10..16),
            "fields" => Value::tuple(vec![
                part(0..4),
                part(4..6),
                part(6..8),
                part(8..9),
                part(9..10),
                part(10..16),
            ]),
            _ => return Ok(None),
        }))
    }

    fn compare(
        &self,
        _: &Value,
        _vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let Some(other) = other.downcast::<Uuid>() else {
            return Ok(None);
        };
        let order = self.cmp(&other);
        Ok(Some(Value::Bool(match op {
            CompareOp::Eq => order.is_eq(),
            CompareOp::Ne => order.is_ne(),
            CompareOp::Lt => order.is_lt(),
            CompareOp::Le => order.is_le(),
            CompareOp::Gt => order.is_gt(),
            CompareOp::Ge => order.is_ge(),
        })))
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(self.text().into()))
    }

    fn repr(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(format!("UUID('{}')", self.text()).into()))
    }

    fn key(&self) -> Option<Value> {
        Some(Value::tuple(vec![
            Value::str("UUID"),
            Value::Bytes(Rc::from(self.bytes.as_slice())),
        ]))
    }

    fn order(&self, other: &Value) -> Option<Ordering> {
        other.downcast::<Uuid>().map(|other| self.cmp(&other))
    }
}
