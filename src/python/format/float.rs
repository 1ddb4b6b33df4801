//! The text of a `float`.

/// `repr(float)`: the shortest digits that read back as the same number.
pub fn float_repr(x: f64) -> String {
    if x.is_nan() {
        return "nan".into();
    }
    if x.is_infinite() {
        return if x > 0.0 { "inf".into() } else { "-inf".into() };
    }
    let text = format!("{x:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let body = place(&digits, exponent, (-4..16).contains(&exponent), true);
    format!("{sign}{body}")
}

/// Digits with the point (or the exponent) where it belongs.
fn place(digits: &str, exponent: i32, positional: bool, point_zero: bool) -> String {
    if !positional {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{first}{point}{rest}e{sign}{:02}", exponent.abs());
    }
    if exponent < 0 {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    }
    let whole = usize::try_from(exponent).unwrap_or(0) + 1;
    if digits.len() <= whole {
        let zeros = "0".repeat(whole - digits.len());
        let tail = if point_zero { ".0" } else { "" };
        return format!("{digits}{zeros}{tail}");
    }
    format!("{}.{}", &digits[..whole], &digits[whole..])
}

fn special(x: f64) -> Option<String> {
    if x.is_nan() {
        Some("nan".into())
    } else if x.is_infinite() {
        Some("inf".into())
    } else {
        None
    }
}

/// `%f` of the absolute value.
pub fn fixed(x: f64, precision: usize) -> String {
    special(x).unwrap_or_else(|| format!("{:.*}", precision, x.abs()))
}

/// `%e` of the absolute value.
pub fn scientific(x: f64, precision: usize, point: bool) -> String {
    if let Some(text) = special(x) {
        return text;
    }
    let text = format!("{:.*e}", precision, x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    let point = if point && precision == 0 { "." } else { "" };
    format!("{mantissa}{point}e{sign}{:02}", exponent.abs())
}

/// `%g` of the absolute value. `keep` keeps trailing zeros (`#`).
pub fn general(x: f64, precision: usize, keep: bool) -> String {
    if let Some(text) = special(x) {
        return text;
    }
    let precision = precision.max(1);
    let text = format!("{:.*e}", precision - 1, x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let mut digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    if !keep {
        let kept = digits.trim_end_matches('0').len().max(1);
        digits.truncate(kept);
    }
    let limit = i32::try_from(precision).unwrap_or(i32::MAX);
    let mut out = place(&digits, exponent, (-4..limit).contains(&exponent), false);
    if keep && !out.contains('.') {
        match out.find('e') {
            Some(at) => out.insert(at, '.'),
            None => out.push('.'),
        }
    }
    out
}
