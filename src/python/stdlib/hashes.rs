//! `hashlib`, `binascii`, `base64` and `zlib.crc32`.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use md5::Digest;

use super::function;
use crate::python::args::Args;
use crate::python::builtins::unknown_among;
use crate::python::error::{PyResult, Raise};
use crate::python::methods::{hex, unhex};
use crate::python::native::{Builtin, Native};
use crate::python::value::Value;
use crate::python::vm::Vm;

struct Hash {
    name: &'static str,
    data: RefCell<Vec<u8>>,
}

const NAMES: [&str; 6] = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];

fn digest(name: &str, data: &[u8]) -> Vec<u8> {
    match name {
        "md5" => md5::Md5::digest(data).to_vec(),
        "sha1" => sha1::Sha1::digest(data).to_vec(),
        "sha224" => sha2::Sha224::digest(data).to_vec(),
        "sha384" => sha2::Sha384::digest(data).to_vec(),
        "sha512" => sha2::Sha512::digest(data).to_vec(),
        _ => sha2::Sha256::digest(data).to_vec(),
    }
}

fn bytes_of(value: &Value, what: &str) -> PyResult<Rc<[u8]>> {
    match value {
        Value::Bytes(bytes) => Ok(Rc::clone(bytes)),
        Value::Str(_) => Err(Raise::exception("TypeError", what)),
        _ => Err(Raise::exception(
            "TypeError",
            "object supporting the buffer API required",
        )),
    }
}

fn start(vm: &mut Vm, name: &'static str, mut args: Args) -> PyResult {
    args.keyword("usedforsecurity");
    if let Some(unknown) = unknown_among(&args.pos, "a digest") {
        return Ok(unknown);
    }
    let data = match args.take("string") {
        None => Vec::new(),
        Some(data) => bytes_of(&data, "Strings must be encoded before hashing")?.to_vec(),
    };
    vm.charge(data.len())?;
    Ok(Value::native(Hash {
        name,
        data: RefCell::new(data),
    }))
}

/// The attributes of `hashlib`.
pub(super) fn hashlib(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    if let Some(name) = NAMES.iter().copied().find(|n| *n == name) {
        return Ok(function(name, move |vm, args| start(vm, name, args)));
    }
    Ok(match name {
        "new" => function("new", |vm, mut args| {
            let name = args.require("new", "name")?;
            let name = vm.str(&name)?.to_lowercase().replace('-', "");
            match NAMES.iter().copied().find(|n| *n == name) {
                Some(name) => start(vm, name, args),
                None => Err(Raise::exception(
                    "ValueError",
                    format!("unsupported hash type {name}"),
                )),
            }
        }),
        "algorithms_available" | "algorithms_guaranteed" => {
            Some(Value::tuple(NAMES.iter().map(|n| Value::str(*n)).collect()))
        }
        "blake2b" | "blake2s" | "sha3_224" | "sha3_256" | "sha3_384" | "sha3_512"
        | "pbkdf2_hmac" | "scrypt" | "shake_128" | "shake_256" => {
            let what = format!("a digest from `hashlib.{name}`");
            function("hashlib", move |vm, _| {
                Ok(Value::unknown(what.clone(), vm.location()))
            })
        }
        _ => None,
    })
}

impl Native for Hash {
    fn type_name(&self) -> &str {
        "HASH"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let with = |make: fn(&Hash) -> Value| {
            let this = this.clone();
            Builtin::value("digest", move |_, _| {
                Ok(this
                    .downcast::<Hash>()
                    .map_or(Value::None, |hash| make(&hash)))
            })
        };
        Ok(Some(match name {
            "hexdigest" => with(|h| Value::from(hex(&digest(h.name, &h.data.borrow())))),
            "digest" => with(|h| Value::Bytes(digest(h.name, &h.data.borrow()).into())),
            "copy" => with(|h| {
                Value::native(Hash {
                    name: h.name,
                    data: h.data.clone(),
                })
            }),
            "update" => {
                let this = this.clone();
                Builtin::value("update", move |vm, mut args| {
                    let data = args.require("update", "data")?;
                    let data = bytes_of(&data, "Strings must be encoded before hashing")?;
                    vm.charge(data.len())?;
                    if let Some(hash) = this.downcast::<Hash>() {
                        hash.data.borrow_mut().extend_from_slice(&data);
                    }
                    Ok(Value::None)
                })
            }
            "name" => Value::str(self.name),
            "digest_size" => Value::Int(i64::try_from(digest(self.name, &[]).len()).unwrap_or(0)),
            "block_size" => Value::Int(if matches!(self.name, "sha384" | "sha512") {
                128
            } else {
                64
            }),
            _ => return Ok(None),
        }))
    }
}

fn crc32(data: &[u8], start: u32) -> u32 {
    let mut crc = !start;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    !crc
}

fn octets(vm: &mut Vm, value: &Value) -> PyResult<Vec<u8>> {
    let bytes = match (value, value.as_str()) {
        (Value::Bytes(bytes), _) => bytes.to_vec(),
        (_, Some(text)) => text.as_bytes().to_vec(),
        _ => {
            let found = vm.type_name(value);
            return Err(Raise::exception(
                "TypeError",
                format!("a bytes-like object is required, not '{found}'"),
            ));
        }
    };
    vm.charge(bytes.len() * 2)?;
    vm.step(bytes.len() as u64 / 16)?;
    Ok(bytes)
}

/// The attributes of `binascii` and `zlib`.
pub(super) fn binascii(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(match name {
        "hexlify" | "b2a_hex" => function("hexlify", |vm, mut args| {
            let data = args.require("hexlify", "data")?;
            let data = octets(vm, &data)?;
            Ok(Value::Bytes(hex(&data).into_bytes().into()))
        }),
        "unhexlify" | "a2b_hex" => function("unhexlify", |vm, mut args| {
            let data = args.require("unhexlify", "hexstr")?;
            let data = octets(vm, &data)?;
            match unhex(&String::from_utf8_lossy(&data)) {
                Some(bytes) => Ok(Value::Bytes(bytes.into())),
                None => Err(Raise::exception(
                    "ValueError",
                    "Non-hexadecimal digit found",
                )),
            }
        }),
        "crc32" => function("crc32", |vm, mut args| {
            let data = args.require("crc32", "data")?;
            let start = args.take("value").and_then(|v| v.as_int()).unwrap_or(0);
            let data = octets(vm, &data)?;
            Ok(Value::Int(i64::from(crc32(&data, start as u32))))
        }),
        _ => None,
    })
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode64(data: &[u8], url: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() / 3 * 4 + 4);
    for chunk in data.chunks(3) {
        let b = [
            chunk[0],
            chunk.get(1).copied().unwrap_or(0),
            chunk.get(2).copied().unwrap_or(0),
        ];
        let n = u32::from(b[0]) << 16 | u32::from(b[1]) << 8 | u32::from(b[2]);
        for i in 0..4 {
            if i > chunk.len() {
                out.push(b'=');
            } else {
                let c = STANDARD[(n >> (18 - 6 * i) & 63) as usize];
                out.push(match c {
                    b'+' if url => b'-',
                    b'/' if url => b'_',
                    c => c,
                });
            }
        }
    }
    out
}

fn decode64(data: &[u8], url: bool) -> PyResult<Vec<u8>> {
    let mut out = Vec::with_capacity(data.len() / 4 * 3);
    let (mut n, mut bits, mut count) = (0u32, 0, 0);
    for byte in data {
        let byte = match byte {
            b'-' if url => b'+',
            b'_' if url => b'/',
            b => *b,
        };
        if byte == b'=' {
            break;
        }
        let Some(value) = STANDARD.iter().position(|c| *c == byte) else {
            continue;
        };
        n = n << 6 | value as u32;
        bits += 6;
        count += 1;
        if bits >= 8 {
            bits -= 8;
            out.push((n >> bits & 0xff) as u8);
        }
    }
    let padded = data.iter().filter(|b| **b == b'=').count();
    if count % 4 == 1 || (count + padded) % 4 != 0 {
        return Err(Raise::exception("ValueError", "Incorrect padding"));
    }
    Ok(out)
}

/// The attributes of `base64`.
pub(super) fn base64(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    let url = name.starts_with("urlsafe");
    Ok(match name {
        "b64encode" | "standard_b64encode" | "urlsafe_b64encode" => {
            function("b64encode", move |vm, mut args| {
                let data = args.require("b64encode", "s")?;
                let data = bytes_of(&data, "a bytes-like object is required, not 'str'")?;
                vm.charge(data.len() * 2)?;
                Ok(Value::Bytes(encode64(&data, url).into()))
            })
        }
        "b64decode" | "standard_b64decode" | "urlsafe_b64decode" => {
            function("b64decode", move |vm, mut args| {
                let data = args.require("b64decode", "s")?;
                let data = octets(vm, &data)?;
                decode64(&data, url).map(|bytes| Value::Bytes(bytes.into()))
            })
        }
        "b16encode" => function("b16encode", |vm, mut args| {
            let data = args.require("b16encode", "s")?;
            let data = octets(vm, &data)?;
            Ok(Value::Bytes(hex(&data).to_uppercase().into_bytes().into()))
        }),
        _ => None,
    })
}
