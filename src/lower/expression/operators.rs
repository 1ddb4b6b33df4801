//! Operators.

use std::rc::Rc;

use super::{Compiler, Flags};
use crate::datatype::Family;
use crate::diagnostic::Result;
use crate::expression::{
    Binary, Expr, ExprKind, Expression, Operator, affinity, literal_column, operate, typed,
};

/// How an operator is written between its sides.
fn word(operator: &Operator) -> Option<&'static str> {
    use Operator as O;
    Some(match operator {
        O::And => " AND ",
        O::Or => " OR ",
        O::Add => " + ",
        O::Sub => " - ",
        O::Mul => " * ",
        O::Lt => " < ",
        O::Le => " <= ",
        O::Gt => " > ",
        O::Ge => " >= ",
        O::Eq => " = ",
        O::Ne => " != ",
        O::IsDistinctFrom => " IS DISTINCT FROM ",
        O::IsNotDistinctFrom => " IS NOT DISTINCT FROM ",
        O::Concat => " || ",
        O::In => " IN ",
        O::NotIn => " NOT IN ",
        O::Comma => ", ",
        O::Is => " IS ",
        O::IsNot => " IS NOT ",
        O::Collate => " COLLATE ",
        O::BitOr => " | ",
        O::BitAnd => " & ",
        O::ShiftLeft => " << ",
        O::ShiftRight => " >> ",
        _ => return None,
    })
}

impl Compiler<'_> {
    pub(super) fn unary(
        &mut self,
        operator: &Operator,
        operand: &Expr,
        flags: Flags,
    ) -> Result<String> {
        let before = match operator {
            Operator::Neg => "-".to_owned(),
            Operator::BitNot if !self.facts.bit_functions.is_empty() => {
                return Err(self.unsupported("operator ~"));
            }
            Operator::BitNot => "~".to_owned(),
            Operator::Inv => "NOT ".to_owned(),
            Operator::Exists => "EXISTS ".to_owned(),
            Operator::Distinct => "DISTINCT ".to_owned(),
            Operator::Any => "ANY ".to_owned(),
            Operator::All => "ALL ".to_owned(),
            Operator::Custom(custom) => format!("{} ", self.percent(&custom.text)),
            other => return Err(self.unsupported(format!("unary operator {other:?}"))),
        };
        Ok(format!("{before}{}", self.expr(operand, flags)?))
    }

    /// `a op b op c`.
    pub(super) fn operator_list(
        &mut self,
        operator: &Operator,
        items: &[Expr],
        flags: Flags,
    ) -> Result<String> {
        let flags = if *operator == Operator::Comma {
            flags
        } else {
            Flags {
                operator: true,
                ..flags
            }
        };
        if *operator == Operator::Concat {
            match self.facts.concat.as_str() {
                "function" => return Ok(format!("concat({})", self.list(items, ", ", flags)?)),
                "plus" => return self.list(items, " + ", flags),
                _ => {}
            }
        }
        let word = word(operator).unwrap_or(" ");
        self.list(items, word, flags)
    }

    fn sides(&mut self, binary: &Binary, between: &str, flags: Flags) -> Result<String> {
        let inside = Flags {
            operator: true,
            not_in: binary.operator == Operator::NotIn,
            cast_applied: false,
            as_from: false,
            ..flags
        };
        let left = self.expr(&binary.left, inside)?;
        let right = self.expr(&binary.right, inside)?;
        let text = format!("{left}{between}{right}");
        Ok(if flags.operator && flags.eager {
            format!("({text})")
        } else {
            text
        })
    }

    pub(super) fn binary(&mut self, whole: &Expr, binary: &Binary, flags: Flags) -> Result<String> {
        use Operator as O;
        // An operator given as text may ask for parentheses; others do not hand that on.
        let eager = flags.eager;
        let flags = Flags {
            eager: false,
            ..flags
        };
        let is_value = |expr: &Expr| matches!(expr.kind, ExprKind::Bind(_));
        match &binary.operator {
            O::Eq
                if self.facts.values_right
                    && is_value(&binary.left)
                    && !is_value(&binary.right) =>
            {
                let turned = Binary {
                    left: Rc::clone(&binary.right),
                    right: Rc::clone(&binary.left),
                    ..binary.clone()
                };
                self.sides(&turned, " = ", Flags { eager, ..flags })
            }
            O::Div | O::FloorDiv => self.division(binary, flags),
            O::Mod => {
                let sign = if self.dialect.doubles_percent() {
                    " %% "
                } else {
                    " % "
                };
                let left = self.expr(&binary.left, flags)?;
                if self.dialect_is_modulo_function() {
                    let right = self.expr(&binary.right, flags)?;
                    return Ok(format!("mod({left}, {right})"));
                }
                Ok(format!("{left}{sign}{}", self.expr(&binary.right, flags)?))
            }
            O::NotIn => Ok(format!("({})", self.sides(binary, " NOT IN ", flags)?)),
            O::Like => self.like(binary, " LIKE ", flags),
            O::NotLike => self.like(binary, " NOT LIKE ", flags),
            O::ILike => self.ilike(binary, false, flags),
            O::NotILike => self.ilike(binary, true, flags),
            O::Contains
            | O::NotContains
            | O::StartsWith
            | O::NotStartsWith
            | O::EndsWith
            | O::NotEndsWith
            | O::IContains
            | O::NotIContains
            | O::IStartsWith
            | O::NotIStartsWith
            | O::IEndsWith
            | O::NotIEndsWith => self.affix(binary, flags),
            O::Between | O::NotBetween => {
                let not = if binary.operator == O::NotBetween {
                    " NOT"
                } else {
                    ""
                };
                let symmetric = if binary.options.symmetric {
                    " SYMMETRIC"
                } else {
                    ""
                };
                self.sides(binary, &format!("{not} BETWEEN{symmetric} "), flags)
            }
            O::IsDistinctFrom | O::IsNotDistinctFrom => self.distinct_from(binary, flags),
            O::Match => self.match_against(binary, flags),
            O::NotMatch => {
                // SQLAlchemy forgets here that it writes literals.
                let flags = Flags {
                    literal: flags.literal && !self.context.compat,
                    ..flags
                };
                Ok(format!("NOT {}", self.match_against(binary, flags)?))
            }
            O::RegexpMatch | O::NotRegexpMatch => self.regexp(binary, flags),
            O::RegexpReplace => {
                if self.facts.regexp_replace.is_empty() {
                    return Err(self.unsupported("replacement by regular expressions"));
                }
                let left = self.expr(&binary.left, flags)?;
                let right = match (&binary.options.flags, &binary.right.kind) {
                    (Some(given), ExprKind::List { items, .. })
                        if !self.facts.regexp_flags.is_empty() =>
                    {
                        let mut parts = Vec::with_capacity(items.len());
                        for (number, item) in items.iter().enumerate() {
                            parts.push(if number == 0 {
                                self.pattern_with(given, item, flags)?
                            } else {
                                self.expr(item, flags)?
                            });
                        }
                        let function = &self.facts.regexp_replace;
                        return Ok(format!("{function}({left}, {})", parts.join(", ")));
                    }
                    _ => self.expr(&binary.right, flags)?,
                };
                let flags_text = match &binary.options.flags {
                    Some(flags) => format!(", {}", self.string(flags)?),
                    None => String::new(),
                };
                let function = &self.facts.regexp_replace;
                Ok(format!("{function}({left}, {right}{flags_text})"))
            }
            O::BitXor | O::BitAnd | O::BitOr if !self.facts.bit_functions.is_empty() => {
                let index = match &binary.operator {
                    O::BitAnd => 0,
                    O::BitOr => 1,
                    _ => 2,
                };
                let name = self
                    .facts
                    .bit_functions
                    .get(index)
                    .cloned()
                    .unwrap_or_default();
                let left = self.expr(&binary.left, flags)?;
                let right = self.expr(&binary.right, flags)?;
                Ok(format!("{name}({left}, {right})"))
            }
            O::ShiftLeft | O::ShiftRight if !self.facts.bit_functions.is_empty() => {
                Err(self.unsupported("shift of bits"))
            }
            O::BitXor => self.bit_xor(binary, flags),
            O::GetItem => {
                if !self.facts.arrays {
                    return Err(self.unsupported("array subscripts"));
                }
                let left = self.expr(&binary.left, flags)?;
                Ok(format!("{left}[{}]", self.expr(&binary.right, flags)?))
            }
            O::JsonGetItem | O::JsonPathGetItem => self.json_access(whole, binary, eager, flags),
            O::Custom(custom) if custom.is_subscript && self.facts.hstore_subscripts => {
                self.subscript(binary, flags)
            }
            O::Custom(custom) => {
                let inside = Flags {
                    eager: custom.eager_grouping,
                    ..flags
                };
                let word = format!(" {} ", self.percent(&custom.text));
                self.sides(binary, &word, inside)
            }
            O::Concat if self.facts.concat == "function" => {
                let left = self.expr(&binary.left, flags)?;
                Ok(format!(
                    "concat({left}, {})",
                    self.expr(&binary.right, flags)?
                ))
            }
            O::Concat if self.facts.concat == "plus" => self.sides(binary, " + ", flags),
            operator => match word(operator) {
                Some(word) => self.sides(binary, word, flags),
                None => Err(self.unsupported(format!("operator {operator:?}"))),
            },
        }
    }

    fn dialect_is_modulo_function(&self) -> bool {
        self.facts.returning == "into"
    }

    fn division(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        let left = self.expr(&binary.left, flags)?;
        let right_type = affinity(&binary.right.data_type);
        let both_integers =
            right_type == Family::Integer && affinity(&binary.left.data_type) == Family::Integer;
        if binary.operator == Operator::FloorDiv {
            let right = self.expr(&binary.right, flags)?;
            return Ok(if self.facts.integer_division && both_integers {
                format!("{left} / {right}")
            } else {
                format!("FLOOR({left} / {right})")
            });
        }
        match self.facts.division.as_str() {
            "cast" | "plain_cast" => {
                let data_type = if matches!(right_type, Family::Numeric | Family::Float) {
                    binary.right.data_type.clone()
                } else {
                    typed("Numeric")
                };
                let cast = Expression::new(
                    ExprKind::Cast {
                        operand: Rc::clone(&binary.right),
                        lenient: false,
                    },
                    data_type,
                );
                Ok(format!("{left} / {}", self.expr(&cast, flags)?))
            }
            "plus_zero" => Ok(format!(
                "{left} / ({} + 0.0)",
                self.expr(&binary.right, flags)?
            )),
            _ => Ok(format!("{left} / {}", self.expr(&binary.right, flags)?)),
        }
    }

    fn like(&mut self, binary: &Binary, word: &str, flags: Flags) -> Result<String> {
        let left = self.expr(&binary.left, flags)?;
        let right = self.expr(&binary.right, flags)?;
        let escape = match &binary.options.escape {
            Some(escape) => format!(" ESCAPE {}", self.string(escape)?),
            None => String::new(),
        };
        Ok(format!("{left}{word}{right}{escape}"))
    }

    fn lower(&self, expr: &Expr) -> Expr {
        if self.facts.ilike {
            return Rc::clone(expr);
        }
        crate::expression::function("lower", vec![Rc::clone(expr)], typed("String"), true)
    }

    fn ilike(&mut self, binary: &Binary, not: bool, flags: Flags) -> Result<String> {
        if self.facts.ilike {
            let word = if not { " NOT ILIKE " } else { " ILIKE " };
            return self.like(binary, word, flags);
        }
        let lowered = Binary {
            left: self.lower(&binary.left),
            right: self.lower(&binary.right),
            ..binary.clone()
        };
        self.like(&lowered, if not { " NOT LIKE " } else { " LIKE " }, flags)
    }

    /// `contains`, `startswith`, `endswith`.
    fn affix(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        use Operator as O;
        let operator = &binary.operator;
        let insensitive = matches!(
            operator,
            O::IContains
                | O::NotIContains
                | O::IStartsWith
                | O::NotIStartsWith
                | O::IEndsWith
                | O::NotIEndsWith
        );
        let not = matches!(
            operator,
            O::NotContains
                | O::NotStartsWith
                | O::NotEndsWith
                | O::NotIContains
                | O::NotIStartsWith
                | O::NotIEndsWith
        );
        let before = !matches!(
            operator,
            O::StartsWith | O::NotStartsWith | O::IStartsWith | O::NotIStartsWith
        );
        let after = !matches!(
            operator,
            O::EndsWith | O::NotEndsWith | O::IEndsWith | O::NotIEndsWith
        );
        let percent = literal_column("'%'", typed("String"));
        let (left, mut pattern) = if insensitive {
            (self.lower(&binary.left), self.lower(&binary.right))
        } else {
            (Rc::clone(&binary.left), Rc::clone(&binary.right))
        };
        if before {
            pattern = operate(&percent, O::Concat, &pattern);
        }
        if after {
            pattern = operate(&pattern, O::Concat, &percent);
        }
        let pattern = Binary {
            left,
            right: pattern,
            ..binary.clone()
        };
        let word = match (not, insensitive && self.facts.ilike) {
            (false, false) => " LIKE ",
            (true, false) => " NOT LIKE ",
            (false, true) => " ILIKE ",
            (true, true) => " NOT ILIKE ",
        };
        self.like(&pattern, word, flags)
    }

    fn distinct_from(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        let not = binary.operator == Operator::IsNotDistinctFrom;
        match self.facts.distinct_from.as_str() {
            "is_not" => {
                // SQLAlchemy forgets here that it writes literals.
                let flags = Flags {
                    literal: flags.literal && !self.context.compat,
                    ..flags
                };
                let left = self.expr(&binary.left, flags)?;
                let right = self.expr(&binary.right, flags)?;
                Ok(format!(
                    "{left} IS{} {right}",
                    if not { "" } else { " NOT" }
                ))
            }
            "spaceship" => {
                let flags = Flags {
                    literal: flags.literal && !self.context.compat,
                    ..flags
                };
                let left = self.expr(&binary.left, flags)?;
                let right = self.expr(&binary.right, flags)?;
                Ok(if not {
                    format!("{left} <=> {right}")
                } else {
                    format!("NOT ({left} <=> {right})")
                })
            }
            "intersect" | "decode" => {
                let flags = Flags {
                    literal: flags.literal && !self.context.compat,
                    ..flags
                };
                let left = self.expr(&binary.left, flags)?;
                let right = self.expr(&binary.right, flags)?;
                Ok(match (self.facts.distinct_from.as_str(), not) {
                    ("intersect", true) => {
                        format!("EXISTS (SELECT {left} INTERSECT SELECT {right})")
                    }
                    ("intersect", false) => {
                        format!("NOT EXISTS (SELECT {left} INTERSECT SELECT {right})")
                    }
                    (_, true) => format!("DECODE({left}, {right}, 0, 1) = 0"),
                    (_, false) => format!("DECODE({left}, {right}, 0, 1) = 1"),
                })
            }
            _ => {
                let word = word(&binary.operator).unwrap_or(" ");
                self.sides(binary, word, flags)
            }
        }
    }

    fn match_against(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        let left = self.expr(&binary.left, flags)?;
        let right = self.expr(&binary.right, flags)?;
        let form = &self.facts.match_form;
        match form.as_slice() {
            [word] if word == "CONTAINS" => Ok(format!("CONTAINS ({left}, {right})")),
            [word] => Ok(format!("{word} ({left}) AGAINST ({right} IN BOOLEAN MODE)")),
            [before, after] if before.starts_with("CONTAINS") => {
                // SQLAlchemy forgets here that it writes literals.
                let flags = Flags {
                    literal: flags.literal && !self.context.compat,
                    ..flags
                };
                let left = self.expr(&binary.left, flags)?;
                let right = self.expr(&binary.right, flags)?;
                Ok(format!("{before}{left}, {right}{after}"))
            }
            [before, after] => match &binary.options.regconfig {
                Some(config) => {
                    let config = self.string(config)?;
                    Ok(format!("{left}{before}{config}, {right}{after}"))
                }
                None => Ok(format!("{left}{before}{right}{after}")),
            },
            _ => Err(self.unsupported("full-text match")),
        }
    }

    fn regexp(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        let [plain, not, insensitive] = self.facts.regexp.as_slice() else {
            return Err(self.unsupported("regular expressions"));
        };
        let negative = binary.operator == Operator::NotRegexpMatch;
        let word = if negative { not } else { plain };
        if plain == "REGEXP_LIKE" {
            let left = self.expr(&binary.left, flags)?;
            let right = self.expr(&binary.right, flags)?;
            let flags_text = match &binary.options.flags {
                Some(flags) => format!(", {}", self.string(flags)?),
                None => String::new(),
            };
            return Ok(format!("{word}({left}, {right}{flags_text})"));
        }
        match binary.options.flags.as_deref() {
            Some("i") if !insensitive.is_empty() => {
                self.sides(binary, &format!(" {word}* "), flags)
            }
            Some(given) if !insensitive.is_empty() => {
                let left = self.expr(&binary.left, flags)?;
                let right = self.expr(&binary.right, flags)?;
                let given = self.string(given)?;
                Ok(format!("{left} {word} CONCAT('(?', {given}, ')', {right})"))
            }
            Some(given) if !self.facts.regexp_flags.is_empty() => {
                let left = self.expr(&binary.left, flags)?;
                let pattern = self.pattern_with(given, &binary.right, flags)?;
                Ok(format!("{left} {word} {pattern}"))
            }
            Some(given) if !self.facts.regexp_replace.is_empty() => {
                let left = self.expr(&binary.left, flags)?;
                let right = self.expr(&binary.right, flags)?;
                let given = self.string(given)?;
                let not = if negative { "NOT " } else { "" };
                Ok(format!("{not}REGEXP_LIKE({left}, {right}, {given})"))
            }
            _ => self.sides(binary, &format!(" {word} "), flags),
        }
    }

    /// A pattern with its flags inside of it.
    fn pattern_with(&mut self, given: &str, pattern: &Expr, flags: Flags) -> Result<String> {
        // SQLAlchemy forgets here that it writes literals.
        let flags = Flags {
            literal: flags.literal && !self.context.compat,
            ..flags
        };
        let pattern = self.expr(pattern, flags)?;
        let form = self
            .facts
            .regexp_flags
            .replace("{flags}", &self.string(given)?);
        Ok(form.replace("{pattern}", &pattern))
    }

    fn bit_xor(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        let sign = &self.facts.bit_xor;
        if !sign.is_empty() {
            return self.sides(binary, &format!(" {sign} "), flags);
        }
        let flags = Flags {
            eager: true,
            ..flags
        };
        let either = self.sides(binary, " | ", flags)?;
        let both = self.sides(binary, " & ", flags)?;
        Ok(format!("({either} - {both})"))
    }

    fn json_access(
        &mut self,
        whole: &Expr,
        binary: &Binary,
        _eager: bool,
        flags: Flags,
    ) -> Result<String> {
        let is_json = affinity(&whole.data_type) == Family::Json;
        let is_path = binary.operator == Operator::JsonPathGetItem;
        let form = self.facts.json.clone();
        if form == "extract_mysql" {
            return self.json_mysql(whole, binary, flags);
        }
        if form == "value_mssql" || form == "value_oracle" {
            return self.json_value(whole, binary, form == "value_oracle", flags);
        }
        if !is_json && !flags.cast_applied {
            let operand =
                Expression::new(ExprKind::Binary(binary.clone()), whole.data_type.clone());
            let inner = self.expr(
                &operand,
                Flags {
                    cast_applied: true,
                    ..flags
                },
            )?;
            let type_text = self.dialect.type_sql(&whole.data_type)?;
            return Ok(format!("CAST({inner} AS {type_text})"));
        }
        if form == "extract_sqlite" {
            let inside = Flags {
                cast_applied: false,
                ..flags
            };
            let left = self.expr(&binary.left, inside)?;
            let right = self.expr(&binary.right, inside)?;
            return Ok(if is_json {
                format!("JSON_QUOTE(JSON_EXTRACT({left}, {right}))")
            } else {
                format!("JSON_EXTRACT({left}, {right})")
            });
        }
        let subscripts = binary.left.data_type.spec.name.ends_with("JSONB");
        if !is_path && !flags.cast_applied && subscripts {
            return self.subscript(binary, flags);
        }
        let word = match (is_path, flags.cast_applied) {
            (false, false) => " -> ",
            (false, true) => " ->> ",
            (true, false) => " #> ",
            (true, true) => " #>> ",
        };
        let flags = Flags {
            eager: true,
            ..flags
        };
        self.sides(binary, word, flags)
    }

    /// `document['key']`; what is a call or a cast stands in parentheses.
    fn subscript(&mut self, binary: &Binary, flags: Flags) -> Result<String> {
        let inside = Flags {
            eager: true,
            ..flags
        };
        let left = self.expr(&binary.left, inside)?;
        let left = match binary.left.kind {
            ExprKind::Function(_) | ExprKind::Cast { .. } => format!("({left})"),
            _ => left,
        };
        Ok(format!("{left}[{}]", self.expr(&binary.right, inside)?))
    }

    /// `JSON_VALUE` of the standard, which SQL Server has without RETURNING.
    fn json_value(
        &mut self,
        whole: &Expr,
        binary: &Binary,
        has_returning: bool,
        flags: Flags,
    ) -> Result<String> {
        let left = self.expr(&binary.left, flags)?;
        let right = self.expr(&binary.right, flags)?;
        let family = affinity(&whole.data_type);
        let query = format!("JSON_QUERY({left}, {right})");
        let value = format!("JSON_VALUE({left}, {right})");
        let number = |word: &str| {
            // Python's None, where nothing is said.
            let part = |name: &str| {
                let given = whole.data_type.int(name);
                given.map_or_else(|| "None".to_owned(), |given| given.to_string())
            };
            format!("{word}({}, {})", part("precision"), part("scale"))
        };
        if has_returning {
            let returned = match family {
                Family::Boolean => {
                    let otherwise = format!("CAST({value} AS NUMBER(1))");
                    return Ok(format!(
                        "CASE {value} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE {otherwise} END"
                    ));
                }
                Family::Integer => "INTEGER".to_owned(),
                Family::Float => "FLOAT".to_owned(),
                Family::Numeric => number("NUMBER"),
                Family::String => "VARCHAR2(4000)".to_owned(),
                _ => return Ok(query),
            };
            return Ok(format!(
                "JSON_VALUE({left}, {right} RETURNING {returned} ERROR ON ERROR)"
            ));
        }
        let otherwise = match family {
            Family::Json => return Ok(query),
            Family::Integer => format!("ELSE CAST({value} AS INTEGER)"),
            Family::Float => format!("ELSE CAST({value} AS FLOAT)"),
            Family::Numeric => format!("ELSE CAST({value} AS {})", number("NUMERIC")),
            Family::Boolean => {
                format!("WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE CAST({value} AS BIT)")
            }
            Family::String => format!("ELSE {value}"),
            _ => format!("ELSE {query}"),
        };
        Ok(format!("CASE {value} WHEN NULL THEN NULL {otherwise} END"))
    }

    fn json_mysql(&mut self, whole: &Expr, binary: &Binary, flags: Flags) -> Result<String> {
        let left = self.expr(&binary.left, flags)?;
        let right = self.expr(&binary.right, flags)?;
        let extract = format!("JSON_EXTRACT({left}, {right})");
        let inner = match affinity(&whole.data_type) {
            Family::Json => return Ok(extract),
            Family::Integer => format!("ELSE CAST({extract} AS SIGNED INTEGER)"),
            Family::Numeric | Family::Float => {
                let part = |name: &str| whole.data_type.int(name);
                match (part("precision"), part("scale")) {
                    (Some(precision), Some(scale)) => {
                        format!("ELSE CAST({extract} AS DECIMAL({precision}, {scale}))")
                    }
                    _ => format!("ELSE {extract}+0.0000000000000000000000"),
                }
            }
            Family::Boolean => "WHEN true THEN true ELSE false".to_owned(),
            _ => format!("ELSE JSON_UNQUOTE({extract})"),
        };
        Ok(format!("CASE {extract} WHEN 'null' THEN NULL {inner} END"))
    }
}
