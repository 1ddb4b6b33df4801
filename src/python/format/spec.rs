//! The format specification language of `format(value, spec)` and f-strings.

use super::float::{fixed, float_repr, general, scientific};
use crate::python::error::{PyResult, Raise};
use crate::python::numbers::{Number, number, plain};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// A parsed format specification.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Padding.
    pub fill: char,
    /// `<`, `>`, `^` or `=`.
    pub align: Option<char>,
    /// `+`, `-` or a space.
    pub sign: char,
    /// `#`.
    pub alternate: bool,
    /// `0` before the width.
    pub zero: bool,
    /// The least width.
    pub width: usize,
    /// `,` or `_`.
    pub grouping: Option<char>,
    /// Digits after the point, or the greatest width of text.
    pub precision: Option<usize>,
    /// The type letter.
    pub kind: Option<char>,
}

impl Spec {
    /// Reads a specification for a value whose type is called `type_name`.
    pub fn parse(spec: &str, type_name: &str) -> PyResult<Self> {
        let chars: Vec<char> = spec.chars().collect();
        let mut at = 0;
        let mut out = Self {
            fill: ' ',
            align: None,
            sign: '-',
            alternate: false,
            zero: false,
            width: 0,
            grouping: None,
            precision: None,
            kind: None,
        };
        let is_align = |c: Option<&char>| c.is_some_and(|c| matches!(c, '<' | '>' | '^' | '='));
        if is_align(chars.get(1)) {
            out.fill = chars[0];
            out.align = Some(chars[1]);
            at = 2;
        } else if is_align(chars.first()) {
            out.align = Some(chars[0]);
            at = 1;
        }
        if let Some(c @ ('+' | '-' | ' ')) = chars.get(at).copied() {
            out.sign = c;
            at += 1;
        }
        if chars.get(at) == Some(&'z') {
            at += 1;
        }
        if chars.get(at) == Some(&'#') {
            out.alternate = true;
            at += 1;
        }
        if chars.get(at) == Some(&'0') {
            out.zero = true;
            if out.align.is_none() {
                out.fill = '0';
                out.align = Some('=');
            }
            at += 1;
        }
        let digits = |at: &mut usize| -> PyResult<Option<usize>> {
            let start = *at;
            while chars.get(*at).is_some_and(char::is_ascii_digit) {
                *at += 1;
            }
            if start == *at {
                return Ok(None);
            }
            let text: String = chars[start..*at].iter().collect();
            text.parse::<usize>()
                .ok()
                .filter(|n| *n < 1 << 28)
                .map(Some)
                .ok_or_else(|| {
                    Raise::exception("ValueError", "Too many decimal digits in format string")
                })
        };
        out.width = digits(&mut at)?.unwrap_or(0);
        if let Some(c @ (',' | '_')) = chars.get(at).copied() {
            out.grouping = Some(c);
            at += 1;
        }
        if chars.get(at) == Some(&'.') {
            at += 1;
            out.precision = digits(&mut at)?;
            if out.precision.is_none() {
                return Err(Raise::exception(
                    "ValueError",
                    "Format specifier missing precision",
                ));
            }
        }
        if at < chars.len() {
            out.kind = Some(chars[at]);
            at += 1;
        }
        if at < chars.len() {
            return Err(Raise::exception(
                "ValueError",
                format!("Invalid format specifier '{spec}' for object of type '{type_name}'"),
            ));
        }
        Ok(out)
    }

    /// Pads text to the width.
    pub fn pad(&self, text: &str, default: char) -> String {
        self.pad_number("", text, default)
    }

    /// Pads a number that has a sign or prefix.
    pub fn pad_number(&self, sign: &str, body: &str, default: char) -> String {
        let length = sign.chars().count() + body.chars().count();
        let missing = self.width.saturating_sub(length);
        let fill = |n: usize| self.fill.to_string().repeat(n);
        match self.align.unwrap_or(default) {
            '<' => format!("{sign}{body}{}", fill(missing)),
            '^' => format!(
                "{}{sign}{body}{}",
                fill(missing / 2),
                fill(missing - missing / 2)
            ),
            '=' => format!("{sign}{}{body}", fill(missing)),
            _ => format!("{}{sign}{body}", fill(missing)),
        }
    }

    /// The sign to print before a number.
    pub fn sign_of(&self, negative: bool) -> &'static str {
        match (negative, self.sign) {
            (true, _) => "-",
            (false, '+') => "+",
            (false, ' ') => " ",
            _ => "",
        }
    }

    /// Puts separators into digits; with `0` padding, the zeros are grouped as well.
    pub fn group(&self, sign: &str, whole: &str, rest: &str, size: usize) -> String {
        let Some(mark) = self.grouping else {
            return whole.to_owned();
        };
        let grouped = |digits: &str| {
            let mut out = String::new();
            for (i, c) in digits.chars().enumerate() {
                if i > 0 && (digits.len() - i).is_multiple_of(size) {
                    out.push(mark);
                }
                out.push(c);
            }
            out
        };
        let mut digits = whole.to_owned();
        let mut out = grouped(&digits);
        if self.fill == '0' && self.align == Some('=') {
            let target = self.width.saturating_sub(sign.len() + rest.len());
            while out.len() < target {
                digits.insert(0, '0');
                let next = grouped(&digits);
                if next.len() > target && next.len() - target > 1 {
                    break;
                }
                out = next;
            }
        }
        out
    }

    /// Formats digits that may have a fraction or an exponent.
    pub fn decimal(&self, negative: bool, body: &str) -> String {
        let sign = self.sign_of(negative);
        let end = body
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(body.len());
        let (whole, rest) = body.split_at(end);
        let whole = if whole.is_empty() {
            String::new()
        } else {
            self.group(sign, whole, rest, 3)
        };
        self.pad_number(sign, &format!("{whole}{rest}"), '>')
    }
}

fn unknown(kind: char, type_name: &str) -> Box<Raise> {
    Raise::exception(
        "ValueError",
        format!("Unknown format code '{kind}' for object of type '{type_name}'"),
    )
}

fn integer(vm: &mut Vm, spec: &Spec, n: &Number) -> PyResult<String> {
    let kind = spec.kind.unwrap_or('d');
    if matches!(kind, 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') {
        return float(spec, n.float()?, "int");
    }
    if spec.precision.is_some() {
        return Err(Raise::exception(
            "ValueError",
            "Precision not allowed in integer format specifier",
        ));
    }
    let Some(big) = n.big() else {
        return Ok(String::new());
    };
    if kind == 'c' {
        let c = u32::try_from(&big)
            .ok()
            .and_then(char::from_u32)
            .ok_or_else(|| Raise::exception("OverflowError", "%c arg not in range(0x110000)"))?;
        return Ok(spec.pad(&c.to_string(), '<'));
    }
    let negative = big.sign() == num_bigint::Sign::Minus;
    let digits = match kind {
        'd' | 'n' => {
            let text = super::repr(vm, &crate::python::numbers::normal(big))?;
            text.trim_start_matches('-').to_owned()
        }
        'b' => big.magnitude().to_str_radix(2),
        'o' => big.magnitude().to_str_radix(8),
        'x' => big.magnitude().to_str_radix(16),
        'X' => big.magnitude().to_str_radix(16).to_uppercase(),
        other => return Err(unknown(other, "int")),
    };
    let prefix = match (spec.alternate, kind) {
        (true, 'b') => "0b",
        (true, 'o') => "0o",
        (true, 'x') => "0x",
        (true, 'X') => "0X",
        _ => "",
    };
    let sign = format!("{}{prefix}", spec.sign_of(negative));
    let size = if kind == 'd' { 3 } else { 4 };
    let digits = spec.group(&sign, &digits, "", size);
    Ok(spec.pad_number(&sign, &digits, '>'))
}

fn float(spec: &Spec, x: f64, type_name: &str) -> PyResult<String> {
    let precision = spec.precision;
    if precision.is_some_and(|p| p > 10_000) {
        return Err(Raise::exception("ValueError", "precision too big"));
    }
    let body = match spec.kind {
        None => match precision {
            None => float_repr(x.abs()),
            Some(p) => {
                let text = general(x, p, spec.alternate);
                // Without a type letter there is always a digit after the point.
                if x.is_finite() && !text.contains(['.', 'e']) {
                    if text.len() > p.max(1) || text.len() == p.max(1) {
                        let sci = scientific(x, p.max(1) - 1, false);
                        trim_exponent(&sci)
                    } else {
                        format!("{text}.0")
                    }
                } else {
                    text
                }
            }
        },
        Some('f' | 'F') => {
            let mut text = fixed(x, precision.unwrap_or(6));
            if spec.alternate && !text.contains('.') {
                text.push('.');
            }
            text
        }
        Some('e' | 'E') => scientific(x, precision.unwrap_or(6), spec.alternate),
        Some('g' | 'G' | 'n') => general(x, precision.unwrap_or(6), spec.alternate),
        Some('%') => format!("{}%", fixed(x * 100.0, precision.unwrap_or(6))),
        Some(other) => return Err(unknown(other, type_name)),
    };
    let body = if matches!(spec.kind, Some('E' | 'F' | 'G')) {
        body.to_uppercase()
    } else {
        body
    };
    Ok(spec.decimal(x.is_sign_negative() && !x.is_nan(), &body))
}

/// Drops the zeros of a mantissa: `1.50e+01` becomes `1.5e+01`.
fn trim_exponent(text: &str) -> String {
    match text.split_once('e') {
        Some((mantissa, exponent)) if mantissa.contains('.') => {
            format!(
                "{}e{exponent}",
                mantissa.trim_end_matches('0').trim_end_matches('.')
            )
        }
        _ => text.to_owned(),
    }
}

/// `format(value, spec)` of a builtin value.
pub fn format_spec(vm: &mut Vm, value: &Value, spec: &str) -> PyResult<Str> {
    if spec.is_empty() {
        return vm.str(value);
    }
    let value = plain(value);
    let type_name = vm.type_name(&value);
    let text = match &value {
        Value::Str(text) => {
            let spec = Spec::parse(spec, "str")?;
            if let Some(kind) = spec.kind.filter(|kind| *kind != 's') {
                return Err(unknown(kind, "str"));
            }
            if spec.align == Some('=') && !spec.zero {
                return Err(Raise::exception(
                    "ValueError",
                    "'=' alignment not allowed in string format specifier",
                ));
            }
            let spec = if spec.align == Some('=') {
                Spec {
                    align: Some('<'),
                    ..spec
                }
            } else {
                spec
            };
            vm.charge(spec.width.max(text.len()))?;
            match spec.precision {
                Some(limit) => spec.pad(&text.chars().take(limit).collect::<String>(), '<'),
                None => spec.pad(text, '<'),
            }
        }
        Value::Bool(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_) => {
            let spec = Spec::parse(spec, &type_name)?;
            vm.charge(spec.width + spec.precision.unwrap_or(0))?;
            match (number(&value), &value) {
                (Some(n), Value::Bool(flag)) => {
                    if spec.kind.is_none() && spec.grouping.is_none() && spec.precision.is_none() {
                        let _ = n;
                        let n = i64::from(*flag);
                        spec.decimal(false, &n.to_string())
                    } else {
                        integer(vm, &spec, &n)?
                    }
                }
                (Some(Number::Float(x)), _) => float(&spec, x, "float")?,
                (Some(n), _) => integer(vm, &spec, &n)?,
                (None, _) => String::new(),
            }
        }
        _ => {
            return Err(Raise::exception(
                "TypeError",
                format!("unsupported format string passed to {type_name}.__format__"),
            ));
        }
    };
    vm.charge(text.len())?;
    Ok(Str::from(text))
}
