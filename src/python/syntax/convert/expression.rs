//! Expressions.

use std::sync::Arc;

use num_bigint::BigInt;
use ruff_python_ast as ruff;
use ruff_text_size::Ranged;
use rustc_hash::FxHashSet;

use super::super::super::native::{BinaryOp, CompareOp, UnaryOp};
use super::super::super::value::Str;
use super::super::ast::*;
use super::super::bindings::{self};
use super::{Converter, MAX_DEPTH, Scope, span};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::Location;

impl Converter {
    pub(super) fn keywords(
        &mut self,
        keywords: impl IntoIterator<Item = ruff::Keyword>,
    ) -> Result<Vec<(Option<Str>, Expr)>> {
        keywords
            .into_iter()
            .map(|keyword| {
                let name = keyword.arg.map(|name| self.name(&name));
                Ok((name, self.expr(keyword.value)?))
            })
            .collect()
    }

    pub(super) fn expr(&mut self, expr: ruff::Expr) -> Result<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.depth -= 1;
            return Err(Box::new(
                Diagnostic::error(Code::PythonSyntax, "the expression is nested too deeply")
                    .at(Location::new(Arc::clone(&self.file), span(expr.range())))
                    .with_help("split the expression into several statements"),
            ));
        }
        let converted = self.expr_inner(expr);
        self.depth -= 1;
        converted
    }

    #[allow(clippy::too_many_lines)]
    pub(super) fn expr_inner(&mut self, expr: ruff::Expr) -> Result<Expr> {
        let range = expr.range();
        let kind = match expr {
            ruff::Expr::BoolOp(e) => {
                let values = self.exprs(e.values)?;
                match e.op {
                    ruff::BoolOp::And => ExprKind::And(values),
                    ruff::BoolOp::Or => ExprKind::Or(values),
                }
            }
            ruff::Expr::Named(e) => ExprKind::Named(self.boxed(e.target)?, self.boxed(e.value)?),
            ruff::Expr::BinOp(e) => return self.chain(e),
            ruff::Expr::UnaryOp(e) => {
                let operand = self.boxed(e.operand)?;
                match e.op {
                    ruff::UnaryOp::Not => ExprKind::Not(operand),
                    ruff::UnaryOp::Invert => ExprKind::Unary(UnaryOp::Invert, operand),
                    ruff::UnaryOp::UAdd => ExprKind::Unary(UnaryOp::Pos, operand),
                    ruff::UnaryOp::USub => match operand.kind {
                        ExprKind::Const(Const::Int(n)) if n != i64::MIN => {
                            ExprKind::Const(Const::Int(-n))
                        }
                        ExprKind::Const(Const::Float(n)) => ExprKind::Const(Const::Float(-n)),
                        _ => ExprKind::Unary(UnaryOp::Neg, operand),
                    },
                }
            }
            ruff::Expr::Lambda(e) => {
                let found = bindings::of_expression(&e.body);
                let name = self.name("<lambda>");
                let parameters = e.parameters.map(|p| *p).unwrap_or_default();
                let body = e.body;
                let function = self.function(name, parameters, found, range, None, |this| {
                    let value = this.expr(*body)?;
                    Ok(vec![Stmt {
                        yields: this.yields != 0,
                        span: value.span,
                        kind: StmtKind::Return(Some(value)),
                    }])
                })?;
                ExprKind::Lambda(function)
            }
            ruff::Expr::If(e) => ExprKind::If(Box::new((
                self.expr(*e.test)?,
                self.expr(*e.body)?,
                self.expr(*e.orelse)?,
            ))),
            ruff::Expr::Dict(e) => {
                let mut items = Vec::with_capacity(e.items.len());
                for item in e.items {
                    let key = item.key.map(|key| self.expr(key)).transpose()?;
                    items.push((key, self.expr(item.value)?));
                }
                ExprKind::Dict(items)
            }
            ruff::Expr::Set(e) => ExprKind::Set(self.exprs(e.elts)?),
            ruff::Expr::ListComp(e) => {
                self.comprehension(ComprehensionKind::List, *e.elt, None, e.generators)?
            }
            ruff::Expr::SetComp(e) => {
                self.comprehension(ComprehensionKind::Set, *e.elt, None, e.generators)?
            }
            ruff::Expr::Generator(e) => {
                self.comprehension(ComprehensionKind::Generator, *e.elt, None, e.generators)?
            }
            ruff::Expr::DictComp(e) => match e.key {
                Some(key) => {
                    self.comprehension(ComprehensionKind::Dict, *key, Some(*e.value), e.generators)?
                }
                None => return self.unsupported("`**` in a comprehension", range, "use a loop"),
            },
            ruff::Expr::Await(e) => ExprKind::Await(self.boxed(e.value)?),
            ruff::Expr::Yield(e) => {
                self.yields += 1;
                ExprKind::Yield(self.optional(e.value)?)
            }
            ruff::Expr::YieldFrom(e) => {
                self.yields += 1;
                ExprKind::YieldFrom(self.boxed(e.value)?)
            }
            ruff::Expr::Compare(e) => {
                let left = self.boxed(e.left)?;
                let mut rest = Vec::with_capacity(e.ops.len());
                for (op, right) in e.ops.iter().zip(e.comparators) {
                    rest.push((comparison(*op), self.expr(right)?));
                }
                ExprKind::Compare(left, rest)
            }
            ruff::Expr::Call(e) => ExprKind::Call(Box::new(Call {
                function: self.expr(*e.func)?,
                args: self.exprs(e.arguments.args)?,
                keywords: self.keywords(e.arguments.keywords)?,
            })),
            ruff::Expr::FString(e) => {
                let mut parts = Vec::new();
                for part in &e.value {
                    match part {
                        ruff::FStringPart::Literal(text) => {
                            parts.push(FStringPart::Literal(Str::from(text.as_str())));
                        }
                        ruff::FStringPart::FString(text) => {
                            self.interpolated(&text.elements, &mut parts)?;
                        }
                    }
                }
                ExprKind::FString(parts)
            }
            ruff::Expr::TString(_) => {
                return self.unsupported("a template string", range, "use an f-string");
            }
            ruff::Expr::StringLiteral(e) => {
                ExprKind::Const(Const::Str(Str::from(e.value.to_str())))
            }
            ruff::Expr::BytesLiteral(e) => {
                ExprKind::Const(Const::Bytes(e.value.bytes().collect::<Vec<u8>>().into()))
            }
            ruff::Expr::NumberLiteral(e) => match e.value {
                ruff::Number::Int(number) => match number.as_i64() {
                    Some(number) => ExprKind::Const(Const::Int(number)),
                    None => ExprKind::Const(Const::BigInt(Arc::new(big(&number.to_string())))),
                },
                ruff::Number::Float(number) => ExprKind::Const(Const::Float(number)),
                ruff::Number::Complex { .. } => {
                    return self.unsupported("a complex number", range, "use a float");
                }
            },
            ruff::Expr::BooleanLiteral(e) => ExprKind::Const(Const::Bool(e.value)),
            ruff::Expr::NoneLiteral(_) => ExprKind::Const(Const::None),
            ruff::Expr::EllipsisLiteral(_) => ExprKind::Const(Const::Ellipsis),
            ruff::Expr::Attribute(e) => {
                let attribute = self.private(&e.attr);
                ExprKind::Attribute(self.boxed(e.value)?, attribute)
            }
            ruff::Expr::Subscript(e) => {
                ExprKind::Subscript(self.boxed(e.value)?, self.boxed(e.slice)?)
            }
            ruff::Expr::Starred(e) => ExprKind::Starred(self.boxed(e.value)?),
            ruff::Expr::Name(e) => ExprKind::Name(self.var(&e.id)),
            ruff::Expr::List(e) => ExprKind::List(self.exprs(e.elts)?),
            ruff::Expr::Tuple(e) => ExprKind::Tuple(self.exprs(e.elts)?),
            ruff::Expr::Slice(e) => ExprKind::Slice(
                self.optional(e.lower)?,
                self.optional(e.upper)?,
                self.optional(e.step)?,
            ),
            ruff::Expr::IpyEscapeCommand(_) => {
                return self.unsupported("an IPython command", range, "remove it");
            }
        };
        Ok(Expr {
            span: span(range),
            kind,
        })
    }

    /// `a + b + c` leans to the left as deep as it is long: taken apart in a loop.
    pub(super) fn chain(&mut self, outermost: ruff::ExprBinOp) -> Result<Expr> {
        let range = outermost.range;
        let mut rest = Vec::new();
        let mut current = outermost;
        let first = loop {
            rest.push((operator(current.op), *current.right));
            match *current.left {
                ruff::Expr::BinOp(inner) => current = inner,
                other => break other,
            }
        };
        let first = Box::new(self.expr(first)?);
        let mut chain = Vec::with_capacity(rest.len());
        for (op, right) in rest.into_iter().rev() {
            chain.push((op, self.expr(right)?));
        }
        Ok(Expr {
            span: span(range),
            kind: ExprKind::Binary(first, chain),
        })
    }

    pub(super) fn interpolated(
        &mut self,
        elements: &ruff::InterpolatedStringElements,
        parts: &mut Vec<FStringPart>,
    ) -> Result<()> {
        for element in elements {
            match element {
                ruff::InterpolatedStringElement::Literal(text) => {
                    parts.push(FStringPart::Literal(Str::from(&*text.value)));
                }
                ruff::InterpolatedStringElement::Interpolation(value) => {
                    let mut conversion = value.conversion.to_char();
                    if let Some(debug) = &value.debug_text {
                        parts.push(FStringPart::Literal(Str::from(debug.as_str())));
                        if value.format_spec.is_none() && conversion.is_none() {
                            conversion = Some('r');
                        }
                    }
                    let spec = match &value.format_spec {
                        None => None,
                        Some(spec) => {
                            let mut inner = Vec::new();
                            self.interpolated(&spec.elements, &mut inner)?;
                            Some(inner)
                        }
                    };
                    let value = self.expr((*value.expression).clone())?;
                    parts.push(FStringPart::Value {
                        value,
                        conversion,
                        spec,
                    });
                }
            }
        }
        Ok(())
    }

    pub(super) fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: ruff::Expr,
        value: Option<ruff::Expr>,
        generators: Vec<ruff::Comprehension>,
    ) -> Result<ExprKind> {
        let mut slots: Vec<Str> = Vec::new();
        for generator in &generators {
            for name in bindings::targets(&generator.target) {
                let name = self.name(&name);
                if !slots.contains(&name) {
                    slots.push(name);
                }
            }
        }
        let mut generators = generators.into_iter();
        let Some(head) = generators.next() else {
            return Ok(ExprKind::Tuple(Vec::new()));
        };
        let first = self.expr(head.iter)?;
        self.scopes.push(Scope::Function {
            name: Str::from(""),
            slots: slots.clone(),
            globals: FxHashSet::default(),
        });
        let inner: Result<_> = (|| {
            let mut clauses = vec![Clause {
                target: self.expr(head.target)?,
                iter: None,
                conditions: self.exprs(head.ifs)?,
            }];
            for generator in generators {
                let iter = Some(self.expr(generator.iter)?);
                clauses.push(Clause {
                    target: self.expr(generator.target)?,
                    iter,
                    conditions: self.exprs(generator.ifs)?,
                });
            }
            let element = self.expr(element)?;
            let value = value.map(|value| self.expr(value)).transpose()?;
            Ok((clauses, element, value))
        })();
        self.scopes.pop();
        let (clauses, element, value) = inner?;
        Ok(ExprKind::Comprehension(Arc::new(Comprehension {
            kind,
            element,
            value,
            first,
            clauses,
            slots,
        })))
    }
}

pub(super) fn operator(op: ruff::Operator) -> BinaryOp {
    match op {
        ruff::Operator::Add => BinaryOp::Add,
        ruff::Operator::Sub => BinaryOp::Sub,
        ruff::Operator::Mult => BinaryOp::Mul,
        ruff::Operator::MatMult => BinaryOp::MatMul,
        ruff::Operator::Div => BinaryOp::Div,
        ruff::Operator::Mod => BinaryOp::Mod,
        ruff::Operator::Pow => BinaryOp::Pow,
        ruff::Operator::LShift => BinaryOp::LShift,
        ruff::Operator::RShift => BinaryOp::RShift,
        ruff::Operator::BitOr => BinaryOp::BitOr,
        ruff::Operator::BitXor => BinaryOp::BitXor,
        ruff::Operator::BitAnd => BinaryOp::BitAnd,
        ruff::Operator::FloorDiv => BinaryOp::FloorDiv,
    }
}

pub(super) fn comparison(op: ruff::CmpOp) -> Comparison {
    match op {
        ruff::CmpOp::Eq => Comparison::Rich(CompareOp::Eq),
        ruff::CmpOp::NotEq => Comparison::Rich(CompareOp::Ne),
        ruff::CmpOp::Lt => Comparison::Rich(CompareOp::Lt),
        ruff::CmpOp::LtE => Comparison::Rich(CompareOp::Le),
        ruff::CmpOp::Gt => Comparison::Rich(CompareOp::Gt),
        ruff::CmpOp::GtE => Comparison::Rich(CompareOp::Ge),
        ruff::CmpOp::Is => Comparison::Is,
        ruff::CmpOp::IsNot => Comparison::IsNot,
        ruff::CmpOp::In => Comparison::In,
        ruff::CmpOp::NotIn => Comparison::NotIn,
    }
}

/// A number in Python's notation that does not fit 64 bits.
pub(super) fn big(text: &str) -> BigInt {
    let text = text.replace('_', "").to_ascii_lowercase();
    let (digits, radix) = match text.get(..2) {
        Some("0x") => (&text[2..], 16),
        Some("0o") => (&text[2..], 8),
        Some("0b") => (&text[2..], 2),
        _ => (&*text, 10),
    };
    BigInt::parse_bytes(digits.as_bytes(), radix).unwrap_or_default()
}
