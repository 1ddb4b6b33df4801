//! Expressions.

use super::Writer;
use crate::expression::{Expr, ExprKind, Ident, Literal, Operator};
use crate::frontend::sql::rows::shape::DEPTH;

impl Writer {
    pub(super) fn expression(&mut self, expr: &Expr) -> Option<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        match &expr.kind {
            ExprKind::Column { table, name } => {
                if let Some(table) = table {
                    self.name(table.name()?)?;
                    self.put(".")?;
                }
                self.name(name)?;
            }
            ExprKind::Bind(bind) => {
                let value = bind.value.as_ref()?;
                match value {
                    Literal::List(items) if bind.expanding => {
                        self.put("(")?;
                        for (at, item) in items.iter().enumerate() {
                            if at > 0 {
                                self.put(", ")?;
                            }
                            self.value(item)?;
                        }
                        // No value is in an empty list.
                        (!items.is_empty()).then_some(())?;
                        self.put(")")?;
                    }
                    _ => self.value(value)?,
                }
            }
            // A label or column of the statement itself.
            ExprKind::NameReference { name, modifiers } => {
                self.name(&Ident::new(name))?;
                match modifiers.as_slice() {
                    [] | [Operator::Asc] => {}
                    [Operator::Desc] => self.put(" DESC")?,
                    _ => return None,
                }
            }
            ExprKind::Null => self.put("NULL")?,
            ExprKind::True => self.put("true")?,
            ExprKind::False => self.put("false")?,
            ExprKind::Grouping(inner) => {
                self.put("(")?;
                match inner.is_select() {
                    true => self.statement(inner)?,
                    false => self.expression(inner)?,
                }
                self.put(")")?;
            }
            ExprKind::ScalarSelect(inner) => {
                self.put("(")?;
                self.statement(inner)?;
                self.put(")")?;
            }
            ExprKind::Case {
                value,
                whens,
                otherwise,
            } => {
                self.put("CASE ")?;
                if let Some(value) = value {
                    self.expression(value)?;
                }
                for (condition, result) in whens {
                    self.put(" WHEN ")?;
                    self.expression(condition)?;
                    self.put(" THEN ")?;
                    self.expression(result)?;
                }
                if let Some(otherwise) = otherwise {
                    self.put(" ELSE ")?;
                    self.expression(otherwise)?;
                }
                self.put(" END")?;
            }
            ExprKind::Label { operand, .. } => self.expression(operand)?,
            ExprKind::AsBoolean { operand, is_true } => {
                self.put(if *is_true { "(" } else { "NOT (" })?;
                self.expression(operand)?;
                self.put(")")?;
            }
            ExprKind::Unary { operator, operand } => match operator {
                Operator::Exists => {
                    self.put("EXISTS (")?;
                    self.statement(operand)?;
                    self.put(")")?;
                }
                Operator::Inv => {
                    self.put("NOT (")?;
                    self.expression(operand)?;
                    self.put(")")?;
                }
                _ => return None,
            },
            ExprKind::Modifier { operator, operand } => {
                self.expression(operand)?;
                match operator {
                    Operator::Asc => {}
                    Operator::Desc => self.put(" DESC")?,
                    _ => return None,
                }
            }
            ExprKind::Binary(binary) => {
                let plain = binary.options == crate::expression::BinaryOptions::default();
                let word = word(&binary.operator).filter(|_| plain)?;
                self.put("(")?;
                self.expression(&binary.left)?;
                self.put(word)?;
                match (&binary.operator, &binary.right.kind) {
                    (Operator::In | Operator::NotIn, ExprKind::List { items, .. }) => {
                        (!items.is_empty()).then_some(())?;
                        self.put("(")?;
                        self.list(items, ", ")?;
                        self.put(")")?;
                    }
                    (Operator::In | Operator::NotIn, _) if binary.right.is_select() => {
                        self.put("(")?;
                        self.statement(&binary.right)?;
                        self.put(")")?;
                    }
                    _ => self.expression(&binary.right)?,
                }
                self.put(")")?;
            }
            ExprKind::List {
                operator, items, ..
            } => match operator {
                Operator::Concat => self.list(items, " || ")?,
                Operator::And => self.list(items, " AND ")?,
                Operator::Or => self.list(items, " OR ")?,
                _ => return None,
            },
            ExprKind::Function(function) => {
                let [name] = function.name.as_slice() else {
                    return None;
                };
                // Of others it is not known here what they give, so nothing is lost.
                let known = [
                    "count", "lower", "upper", "coalesce", "nullif", "max", "min", "sum",
                ];
                let name = known
                    .iter()
                    .find(|known| name.name.eq_ignore_ascii_case(known))?;
                self.put(name)?;
                self.put("(")?;
                match function.args.as_slice() {
                    [] => self.put("*")?,
                    [only] if matches!(&only.kind, ExprKind::LiteralColumn(sql) if &**sql == "*") =>
                    {
                        self.put("*")?;
                    }
                    args => {
                        for (at, argument) in args.iter().enumerate() {
                            if at > 0 {
                                self.put(", ")?;
                            }
                            self.expression(argument)?;
                        }
                    }
                }
                self.put(")")?;
            }
            ExprKind::LiteralColumn(sql) if sql.parse::<i64>().is_ok() => self.put(sql)?,
            _ => return None,
        }
        self.depth -= 1;
        Some(())
    }
}

/// An operator in the words of all databases.
fn word(operator: &Operator) -> Option<&'static str> {
    Some(match operator {
        Operator::And => " AND ",
        Operator::Or => " OR ",
        Operator::Eq => " = ",
        Operator::Ne => " <> ",
        Operator::Lt => " < ",
        Operator::Le => " <= ",
        Operator::Gt => " > ",
        Operator::Ge => " >= ",
        Operator::Is => " IS ",
        Operator::IsNot => " IS NOT ",
        Operator::In => " IN ",
        Operator::NotIn => " NOT IN ",
        Operator::Like => " LIKE ",
        Operator::NotLike => " NOT LIKE ",
        Operator::ILike => " ILIKE ",
        Operator::Concat => " || ",
        Operator::Add => " + ",
        Operator::Sub => " - ",
        Operator::Mul => " * ",
        _ => return None,
    })
}
