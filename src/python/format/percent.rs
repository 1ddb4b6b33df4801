//! `template % values`.

use super::float::{fixed, general, scientific};
use crate::python::error::{PyResult, Raise};
use crate::python::numbers::{Number, number, plain, to_big};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

#[derive(Default)]
struct Conversion {
    key: Option<String>,
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

impl Conversion {
    fn pad(&self, sign: &str, body: &str, zeros: bool) -> String {
        let length = sign.chars().count() + body.chars().count();
        let missing = self.width.saturating_sub(length);
        if self.left {
            format!("{sign}{body}{}", " ".repeat(missing))
        } else if self.zero && zeros {
            format!("{sign}{}{body}", "0".repeat(missing))
        } else {
            format!("{}{sign}{body}", " ".repeat(missing))
        }
    }

    fn sign(&self, negative: bool) -> &'static str {
        if negative {
            "-"
        } else if self.plus {
            "+"
        } else if self.space {
            " "
        } else {
            ""
        }
    }
}

fn not_enough() -> Box<Raise> {
    Raise::exception("TypeError", "not enough arguments for format string")
}

/// `template % values`.
pub fn percent(vm: &mut Vm, template: &str, values: &Value) -> PyResult<Str> {
    render(vm, template, values, false).map(Str::from)
}

/// `template % values` of bytes, given and returned with one character a byte.
pub fn percent_bytes(vm: &mut Vm, template: &str, values: &Value) -> PyResult {
    let text = render(vm, template, values, true)?;
    Ok(Value::Bytes(
        text.chars()
            .map(|c| u8::try_from(c as u32).unwrap_or(b'?'))
            .collect(),
    ))
}

fn render(vm: &mut Vm, template: &str, values: &Value, bytes: bool) -> PyResult<String> {
    let tuple: Option<Vec<Value>> = match plain(values) {
        Value::Tuple(items) => Some(items.to_vec()),
        _ => None,
    };
    let mapping = tuple.is_none() && !matches!(plain(values), Value::Str(_) | Value::Bytes(_));
    let positional = tuple.unwrap_or_else(|| vec![values.clone()]);
    let mut next = 0;
    let mut used_key = false;
    let mut out = String::with_capacity(template.len() + 16);
    let mut chars = template.char_indices().peekable();
    while let Some((position, c)) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        vm.step(1)?;
        let mut conversion = Conversion::default();
        let incomplete = || Raise::exception("ValueError", "incomplete format");
        if chars.peek().is_some_and(|(_, c)| *c == '(') {
            chars.next();
            let mut depth = 1;
            let mut key = String::new();
            loop {
                let Some((_, c)) = chars.next() else {
                    return Err(Raise::exception("ValueError", "incomplete format key"));
                };
                match c {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                key.push(c);
            }
            conversion.key = Some(key);
        }
        while let Some((_, c)) = chars.peek() {
            match c {
                '-' => conversion.left = true,
                '+' => conversion.plus = true,
                ' ' => conversion.space = true,
                '#' => conversion.alternate = true,
                '0' => conversion.zero = true,
                _ => break,
            }
            chars.next();
        }
        let mut size =
            |vm: &mut Vm, next: &mut usize, left: Option<&mut bool>| -> PyResult<usize> {
                if chars.peek().is_some_and(|(_, c)| *c == '*') {
                    chars.next();
                    let value = positional.get(*next).ok_or_else(not_enough)?;
                    *next += 1;
                    let n = value
                        .as_int()
                        .ok_or_else(|| Raise::exception("TypeError", "* wants int"))?;
                    if n < 0
                        && let Some(left) = left
                    {
                        *left = true;
                    }
                    let n = usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX);
                    vm.charge(n)?;
                    return Ok(n);
                }
                let mut n = 0usize;
                while let Some(digit) = chars.peek().and_then(|(_, c)| c.to_digit(10)) {
                    n = n.saturating_mul(10).saturating_add(digit as usize);
                    chars.next();
                }
                vm.charge(n)?;
                Ok(n)
            };
        let mut left = conversion.left;
        conversion.width = size(vm, &mut next, Some(&mut left))?;
        conversion.left = left;
        if chars.peek().is_some_and(|(_, c)| *c == '.') {
            chars.next();
            let mut size = |vm: &mut Vm, next: &mut usize| -> PyResult<usize> {
                if chars.peek().is_some_and(|(_, c)| *c == '*') {
                    chars.next();
                    let value = positional.get(*next).ok_or_else(not_enough)?;
                    *next += 1;
                    return Ok(usize::try_from(value.as_int().unwrap_or(0)).unwrap_or(0));
                }
                let mut n = 0usize;
                while let Some(digit) = chars.peek().and_then(|(_, c)| c.to_digit(10)) {
                    n = n.saturating_mul(10).saturating_add(digit as usize);
                    chars.next();
                }
                vm.charge(n)?;
                Ok(n)
            };
            let precision = size(vm, &mut next)?;
            if precision > 100_000 {
                return Err(Raise::exception("ValueError", "precision too big"));
            }
            conversion.precision = Some(precision);
        }
        while chars
            .peek()
            .is_some_and(|(_, c)| matches!(c, 'l' | 'h' | 'L'))
        {
            chars.next();
        }
        let Some((at, kind)) = chars.next() else {
            return Err(incomplete());
        };
        let _ = position;
        if kind == '%' && conversion.key.is_none() {
            out.push('%');
            continue;
        }
        let value = match &conversion.key {
            Some(key) => {
                if !mapping {
                    return Err(Raise::exception("TypeError", "format requires a mapping"));
                }
                used_key = true;
                let key = if bytes {
                    Value::Bytes(key.bytes().collect())
                } else {
                    Value::str(key)
                };
                vm.get_item(values, &key)?
            }
            None => {
                let value = positional.get(next).cloned().ok_or_else(not_enough)?;
                next += 1;
                value
            }
        };
        if kind == '%' {
            out.push('%');
            continue;
        }
        let text = convert(vm, &conversion, kind, &value, at, bytes)?;
        vm.charge(text.len())?;
        out.push_str(&text);
    }
    let single_mapping = mapping && positional.len() == 1 && is_mapping(&plain(values));
    if next < positional.len() && !used_key && !(single_mapping) {
        return Err(Raise::exception(
            "TypeError",
            "not all arguments converted during string formatting",
        ));
    }
    Ok(out)
}

/// What may be on the right of a template without placeholders: anything that can be indexed.
fn is_mapping(value: &Value) -> bool {
    matches!(
        value,
        Value::Dict(_) | Value::List(_) | Value::Native(_) | Value::Instance(_)
    )
}

fn convert(
    vm: &mut Vm,
    conversion: &Conversion,
    kind: char,
    value: &Value,
    at: usize,
    bytes: bool,
) -> PyResult<String> {
    match kind {
        's' | 'r' | 'a' | 'b' => {
            let text = match (kind, plain(value)) {
                ('s' | 'b', Value::Bytes(raw)) if bytes => {
                    Str::from(raw.iter().map(|b| char::from(*b)).collect::<String>())
                }
                ('s', _) => vm.str(value)?,
                ('r', _) => vm.repr(value)?,
                _ => {
                    let text = vm.repr(value)?;
                    Str::from(super::super::builtins::to_ascii(&text))
                }
            };
            let text: String = match conversion.precision {
                Some(limit) => text.chars().take(limit).collect(),
                None => text.to_string(),
            };
            Ok(conversion.pad("", &text, false))
        }
        'c' => {
            let text = match plain(value) {
                Value::Str(text) if text.chars().count() == 1 => text.to_string(),
                Value::Int(code) => u32::try_from(code)
                    .ok()
                    .and_then(char::from_u32)
                    .map(String::from)
                    .ok_or_else(|| {
                        Raise::exception("OverflowError", "%c arg not in range(0x110000)")
                    })?,
                _ => return Err(Raise::exception("TypeError", "%c requires int or char")),
            };
            Ok(conversion.pad("", &text, false))
        }
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
            let plain = plain(value);
            let n = match (number(&plain), kind) {
                (Some(Number::Float(x)), 'd' | 'i' | 'u') => super::super::builtins::truncate(x)?,
                (Some(_), 'd' | 'i' | 'u') => plain,
                (Some(Number::Int(_) | Number::Big(_)), _) => plain,
                (_, 'd' | 'i' | 'u') => {
                    let name = vm.type_name(value);
                    return Err(Raise::exception(
                        "TypeError",
                        format!("%{kind} format: a real number is required, not {name}"),
                    ));
                }
                _ => {
                    let name = vm.type_name(value);
                    return Err(Raise::exception(
                        "TypeError",
                        format!("%{kind} format: an integer is required, not {name}"),
                    ));
                }
            };
            let n = to_big(&n).unwrap_or_default();
            let digits = match kind {
                'x' => n.magnitude().to_str_radix(16),
                'X' => n.magnitude().to_str_radix(16).to_uppercase(),
                'o' => n.magnitude().to_str_radix(8),
                _ => n.magnitude().to_string(),
            };
            let digits = match conversion.precision {
                Some(p) if digits.len() < p => format!("{}{digits}", "0".repeat(p - digits.len())),
                _ => digits,
            };
            let mut sign = conversion
                .sign(n.sign() == num_bigint::Sign::Minus)
                .to_owned();
            if conversion.alternate {
                sign.push_str(match kind {
                    'x' => "0x",
                    'X' => "0X",
                    'o' => "0o",
                    _ => "",
                });
            }
            Ok(conversion.pad(&sign, &digits, true))
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let Some(n) = number(&plain(value)) else {
                let x = vm.find_attr(value, "__float__")?;
                let Some(method) = x else {
                    let name = vm.type_name(value);
                    return Err(Raise::exception(
                        "TypeError",
                        format!("must be real number, not {name}"),
                    ));
                };
                let x = vm.call(&method, crate::python::Args::default())?;
                return convert(vm, conversion, kind, &x, at, bytes);
            };
            let x = n.float()?;
            let precision = conversion.precision.unwrap_or(6);
            let body = match kind {
                'e' | 'E' => scientific(x, precision, conversion.alternate),
                'f' | 'F' => {
                    let mut text = fixed(x, precision);
                    if conversion.alternate && !text.contains('.') {
                        text.push('.');
                    }
                    text
                }
                _ => general(x, precision, conversion.alternate),
            };
            let body = if kind.is_ascii_uppercase() {
                body.to_uppercase()
            } else {
                body
            };
            let sign = conversion.sign(x.is_sign_negative() && !x.is_nan());
            Ok(conversion.pad(sign, &body, x.is_finite()))
        }
        other => Err(Raise::exception(
            "ValueError",
            format!(
                "unsupported format character '{other}' (0x{:x}) at index {at}",
                other as u32
            ),
        )),
    }
}
