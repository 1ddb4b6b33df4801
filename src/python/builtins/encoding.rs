//! Text to bytes and back.

use std::fmt::Write;
use std::rc::Rc;

use crate::python::error::{PyResult, Raise};
use crate::python::value::Value;
use crate::python::vm::Vm;

/// Replaces what is not ASCII by escapes, as `ascii` does.
pub fn to_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let code = c as u32;
        let _ = match code {
            0..=0x7f => {
                out.push(c);
                Ok(())
            }
            0x80..=0xff => write!(out, "\\x{code:02x}"),
            0x100..=0xffff => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
    }
    out
}

fn normal(encoding: Option<&str>) -> String {
    encoding
        .unwrap_or("utf-8")
        .to_ascii_lowercase()
        .replace('_', "-")
}

/// `text.encode(encoding, errors)`.
pub fn encode(vm: &mut Vm, text: &str, encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    vm.charge(text.len() * 2)?;
    let limit = match normal(encoding).as_str() {
        "utf-8" | "utf8" | "u8" => return Ok(Value::Bytes(Rc::from(text.as_bytes()))),
        "utf-8-sig" => {
            return Ok(Value::Bytes(
                [b"\xef\xbb\xbf", text.as_bytes()].concat().into(),
            ));
        }
        "utf-16-le" | "utf-16le" => {
            return Ok(Value::Bytes(
                text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            ));
        }
        "utf-16" | "utf16" => {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            return Ok(Value::Bytes(units.flat_map(u16::to_le_bytes).collect()));
        }
        "utf-16-be" | "utf-16be" => {
            return Ok(Value::Bytes(
                text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            ));
        }
        "ascii" | "us-ascii" => 0x80,
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" => 0x100,
        "unicode-escape" => {
            return Ok(Value::Bytes(
                to_ascii(&text.replace('\\', "\\\\").replace('\n', "\\n"))
                    .into_bytes()
                    .into(),
            ));
        }
        other => {
            return Err(Raise::exception(
                "LookupError",
                format!("unknown encoding: {other}"),
            ));
        }
    };
    let mut out = Vec::new();
    for (i, c) in text.chars().enumerate() {
        if (c as u32) < limit {
            out.push(u8::try_from(c as u32).unwrap_or(b'?'));
            continue;
        }
        match errors.unwrap_or("strict") {
            "ignore" => {}
            "replace" => out.push(b'?'),
            "backslashreplace" => out.extend(to_ascii(&c.to_string()).bytes()),
            "xmlcharrefreplace" => out.extend(format!("&#{};", c as u32).bytes()),
            _ => {
                let name = if limit == 0x80 { "ascii" } else { "latin-1" };
                return Err(Raise::exception(
                    "UnicodeEncodeError",
                    format!(
                        "'{name}' codec can't encode character '{}' in position {i}: ordinal not in range({limit})",
                        to_ascii(&c.to_string())
                    ),
                ));
            }
        }
    }
    Ok(Value::Bytes(out.into()))
}

/// `bytes.decode(encoding, errors)`.
pub fn decode(vm: &mut Vm, bytes: &[u8], encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    vm.charge(bytes.len() * 2)?;
    let strict = matches!(errors, None | Some("strict"));
    let fail = |name: &str, position: usize, reason: &str| {
        Raise::exception(
            "UnicodeDecodeError",
            format!(
                "'{name}' codec can't decode byte 0x{:02x} in position {position}: {reason}",
                bytes.get(position).copied().unwrap_or(0)
            ),
        )
    };
    let name = normal(encoding);
    match name.as_str() {
        "utf-8" | "utf8" | "utf-8-sig" | "u8" => {
            let bytes = if name == "utf-8-sig" {
                bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
            } else {
                bytes
            };
            match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Value::str(text)),
                Err(error) if strict => {
                    let at = error.valid_up_to();
                    let reason = match (error.error_len(), bytes.get(at)) {
                        (None, _) => "unexpected end of data",
                        (_, Some(0xc2..=0xf4)) => "invalid continuation byte",
                        _ => "invalid start byte",
                    };
                    Err(fail("utf-8", at, reason))
                }
                Err(_) => {
                    let text = String::from_utf8_lossy(bytes).into_owned();
                    Ok(Value::from(if errors == Some("ignore") {
                        text.replace('\u{fffd}', "")
                    } else {
                        text
                    }))
                }
            }
        }
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" => Ok(Value::from(
            bytes.iter().map(|b| char::from(*b)).collect::<String>(),
        )),
        "ascii" | "us-ascii" => {
            if let (Some(at), true) = (bytes.iter().position(|b| *b >= 0x80), strict) {
                return Err(fail("ascii", at, "ordinal not in range(128)"));
            }
            let text: String = bytes
                .iter()
                .filter(|b| **b < 0x80 || errors == Some("replace"))
                .map(|b| {
                    if *b < 0x80 {
                        char::from(*b)
                    } else {
                        '\u{fffd}'
                    }
                })
                .collect();
            Ok(Value::from(text))
        }
        "utf-16" | "utf-16-le" | "utf-16-be" | "utf16" => {
            let big = name == "utf-16-be" || bytes.starts_with(&[0xfe, 0xff]);
            let units: Vec<u16> = bytes
                .chunks(2)
                .map(|p| {
                    let pair = [p[0], p.get(1).copied().unwrap_or(0)];
                    if big {
                        u16::from_be_bytes(pair)
                    } else {
                        u16::from_le_bytes(pair)
                    }
                })
                .collect();
            let text = String::from_utf16_lossy(&units);
            Ok(Value::str(text.trim_start_matches('\u{feff}')))
        }
        other => Err(Raise::exception(
            "LookupError",
            format!("unknown encoding: {other}"),
        )),
    }
}
