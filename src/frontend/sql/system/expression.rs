//! The value of an expression over one row.

use sqlparser::ast::{
    AccessExpr, BinaryOperator, CaseWhen, DataType, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Subscript, UnaryOperator, Value,
};

use super::datum::{Datum, Truth};
use super::select::{Executor, Scope, plain};
use super::{bound, text_of};

/// How long a text may get.
const LONGEST: usize = 1 << 16;

impl Executor<'_> {
    /// The value; [`Datum::Unknown`] where it is not known, or the expression is not.
    pub(super) fn evaluate(&self, expr: &Expr, scope: &Scope<'_>) -> Datum {
        match expr {
            Expr::Identifier(name) => match scope.column(None, &name.value) {
                Some(found) => found,
                // MySQL and SQLite take "x" for a text; PostgreSQL has CURRENT_SCHEMA.
                None if name.quote_style.is_none()
                    && name.value.eq_ignore_ascii_case("current_schema") =>
                {
                    self.world.schema(None)
                }
                None if name.quote_style == Some('"') => Datum::text(&name.value),
                None => Datum::Unknown,
            },
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [.., relation, name] => scope
                    .column(Some(&relation.value), &name.value)
                    .unwrap_or(Datum::Unknown),
                _ => Datum::Unknown,
            },
            Expr::Nested(inner) => self.evaluate(inner, scope),
            Expr::Value(value) => self.literal(&value.value),
            Expr::IsNull(inner) => is_null(&self.evaluate(inner, scope)).datum(),
            Expr::IsNotNull(inner) => is_null(&self.evaluate(inner, scope)).not().datum(),
            Expr::IsTrue(inner) => is(self.evaluate(inner, scope).truth(), Truth::True),
            Expr::IsFalse(inner) => is(self.evaluate(inner, scope).truth(), Truth::False),
            Expr::UnaryOp {
                op: UnaryOperator::Not,
                expr,
            } => self.evaluate(expr, scope).truth().not().datum(),
            Expr::UnaryOp {
                op: UnaryOperator::Minus,
                expr,
            } => calculated(
                &Datum::Int(0),
                &BinaryOperator::Minus,
                &self.evaluate(expr, scope),
            ),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, scope),
            Expr::InList {
                expr,
                list,
                negated,
            } => {
                let value = self.evaluate(expr, scope);
                let found = list.iter().fold(Truth::False, |found, item| {
                    match self.evaluate(item, scope) {
                        // A parameter that is a list.
                        Datum::List(items) => found.or(among(&value, &items)),
                        item => found.or(value.equals(&item)),
                    }
                });
                negate(found, *negated)
            }
            Expr::InSubquery {
                expr,
                subquery,
                negated,
            } => match self.query(subquery, Some(scope)) {
                Some(rows) => {
                    let value = self.evaluate(expr, scope);
                    let found = rows.rows.iter().fold(Truth::False, |found, row| {
                        found.or(value.equals(row.first().unwrap_or(&Datum::Unknown)))
                    });
                    negate(found, *negated)
                }
                None => Datum::Unknown,
            },
            Expr::Like {
                negated,
                expr: value,
                pattern,
                escape_char: None,
                any: false,
            }
            | Expr::ILike {
                negated,
                expr: value,
                pattern,
                escape_char: None,
                any: false,
            } => {
                let any_case = matches!(expr, Expr::ILike { .. });
                let pattern = self.evaluate(pattern, scope);
                let value = self.evaluate(value, scope);
                negate(value.like(&pattern, any_case), *negated)
            }
            Expr::AnyOp {
                left,
                compare_op: BinaryOperator::Eq,
                right,
                ..
            } => match self.evaluate(right, scope) {
                Datum::List(items) | Datum::Vector(items) => {
                    among(&self.evaluate(left, scope), &items).datum()
                }
                Datum::Null => Datum::Null,
                _ => Datum::Unknown,
            },
            Expr::Exists { subquery, negated } => negate(self.exists(subquery, scope), *negated),
            Expr::Subquery(query) => match self.query(query, Some(scope)) {
                Some(mut rows) if rows.rows.len() <= 1 => match rows.rows.pop() {
                    Some(mut row) if row.len() == 1 => row.pop().unwrap_or(Datum::Unknown),
                    Some(_) => Datum::Unknown,
                    None => Datum::Null,
                },
                _ => Datum::Unknown,
            },
            Expr::Cast {
                expr, data_type, ..
            } => self.cast(self.evaluate(expr, scope), data_type),
            Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => self.case(
                operand.as_deref(),
                conditions,
                else_result.as_deref(),
                scope,
            ),
            Expr::Array(array) => {
                Datum::List(array.elem.iter().map(|e| self.evaluate(e, scope)).collect())
            }
            Expr::CompoundFieldAccess { root, access_chain } => match access_chain.as_slice() {
                [AccessExpr::Subscript(Subscript::Index { index })] => {
                    element(&self.evaluate(root, scope), &self.evaluate(index, scope))
                }
                // `c.conkey[1]`
                [
                    AccessExpr::Dot(Expr::Identifier(column)),
                    AccessExpr::Subscript(Subscript::Index { index }),
                ] => match &**root {
                    Expr::Identifier(relation) => {
                        let list = scope.column(Some(&relation.value), &column.value);
                        element(
                            &list.unwrap_or(Datum::Unknown),
                            &self.evaluate(index, scope),
                        )
                    }
                    _ => Datum::Unknown,
                },
                _ => Datum::Unknown,
            },
            Expr::Function(function) => self.call(function, scope),
            _ => Datum::Unknown,
        }
    }

    /// Whether all names in a condition are in scope.
    pub(super) fn in_scope(&self, expr: &Expr, scope: &Scope<'_>) -> bool {
        use std::ops::ControlFlow;
        let mut found = true;
        let _ = sqlparser::ast::visit_expressions(expr, |inner| {
            let known = match inner {
                // A query inside has names of its own.
                Expr::Exists { .. } | Expr::Subquery(_) | Expr::InSubquery { .. } => false,
                Expr::Identifier(name) => scope.column(None, &name.value).is_some(),
                Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                    [.., relation, name] => {
                        scope.column(Some(&relation.value), &name.value).is_some()
                    }
                    _ => false,
                },
                // Its parts are no names by themselves.
                Expr::CompoundFieldAccess { .. } => false,
                _ => true,
            };
            found &= known;
            match known {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        });
        found
    }

    /// What stands behind a count: `> 0`.
    pub(super) fn compare(
        &self,
        (op, right): (&BinaryOperator, &Expr),
        left: &Datum,
        scope: &Scope<'_>,
    ) -> Datum {
        order(left, op, &self.evaluate(right, scope)).datum()
    }

    fn literal(&self, value: &Value) -> Datum {
        match value {
            Value::Null => Datum::Null,
            Value::Boolean(value) => Datum::Bool(*value),
            Value::Number(number, _) => number
                .to_string()
                .parse()
                .map_or(Datum::Unknown, Datum::Int),
            Value::Placeholder(name) => {
                let name = name.trim_start_matches(':');
                let bind = self.world.binds.iter().find(|(own, _)| **own == *name);
                let value = bind.and_then(|(_, bind)| bind.value.as_ref());
                value.map_or(Datum::Unknown, bound)
            }
            other => text_of(other).map_or(Datum::Unknown, |text| Datum::text(&text)),
        }
    }

    fn binary(&self, left: &Expr, op: &BinaryOperator, right: &Expr, scope: &Scope<'_>) -> Datum {
        let left = self.evaluate(left, scope);
        match op {
            BinaryOperator::And => {
                let left = left.truth();
                match left {
                    Truth::False => Datum::Bool(false),
                    _ => left.and(self.evaluate(right, scope).truth()).datum(),
                }
            }
            BinaryOperator::Or => {
                let left = left.truth();
                match left {
                    Truth::True => Datum::Bool(true),
                    _ => left.or(self.evaluate(right, scope).truth()).datum(),
                }
            }
            _ => self.combined(&left, op, &self.evaluate(right, scope)),
        }
    }

    /// What an operator makes of two values.
    pub(super) fn combined(&self, left: &Datum, op: &BinaryOperator, right: &Datum) -> Datum {
        match op {
            BinaryOperator::And => left.truth().and(right.truth()).datum(),
            BinaryOperator::Or => left.truth().or(right.truth()).datum(),
            BinaryOperator::Plus | BinaryOperator::Minus | BinaryOperator::Multiply => {
                calculated(left, op, right)
            }
            BinaryOperator::StringConcat if self.world.joins => joined(left, right),
            _ => order(left, op, right).datum(),
        }
    }

    fn cast(&self, value: Datum, data_type: &DataType) -> Datum {
        let name = data_type.to_string().to_ascii_lowercase();
        match (value, name.as_str()) {
            (Datum::Null, _) => Datum::Null,
            (Datum::Text(text), "regclass") => match self.world.class(&text) {
                // The server raises an error where the object is missing.
                Datum::Null => Datum::Unknown,
                found => found,
            },
            (Datum::Class(key, _), "oid" | "integer" | "int" | "bigint") => Datum::Object(key),
            (
                value @ (Datum::Text(_)
                | Datum::Here
                | Datum::Begins(_)
                | Datum::Ends(_)
                | Datum::OneOf(_)),
                "text" | "varchar" | "name" | "character varying" | "char" | "regtype",
            ) => value,
            (value, _) => match value {
                Datum::Int(_) if name.contains("int") => value,
                _ => Datum::Unknown,
            },
        }
    }

    fn case(
        &self,
        operand: Option<&Expr>,
        whens: &[CaseWhen],
        other: Option<&Expr>,
        scope: &Scope<'_>,
    ) -> Datum {
        // Values of several kinds are made one in ways that differ.
        if self.reads_tables.get() {
            let results = whens.iter().map(|when| &when.result).chain(other);
            let results: Vec<Datum> = results.map(|one| self.evaluate(one, scope)).collect();
            if !are_alike(&results) {
                return Datum::Unknown;
            }
        }
        let operand = operand.map(|operand| self.evaluate(operand, scope));
        for CaseWhen { condition, result } in whens {
            let condition = self.evaluate(condition, scope);
            let holds = match &operand {
                Some(operand) => operand.equals(&condition),
                None => condition.truth(),
            };
            match holds {
                Truth::True => return self.evaluate(result, scope),
                Truth::False | Truth::Null => {}
                Truth::Unknown => return Datum::Unknown,
            }
        }
        other.map_or(Datum::Null, |other| self.evaluate(other, scope))
    }

    fn call(&self, function: &Function, scope: &Scope<'_>) -> Datum {
        let Some(name) = plain(&function.name) else {
            return Datum::Unknown;
        };
        let mut arguments = Vec::new();
        match &function.args {
            FunctionArguments::None => {}
            FunctionArguments::List(list) => {
                for item in &list.args {
                    match argument(item) {
                        Some(expr) => arguments.push(self.evaluate(expr, scope)),
                        None => return Datum::Unknown,
                    }
                }
            }
            FunctionArguments::Subquery(_) => return Datum::Unknown,
        }
        match (name.to_ascii_lowercase().as_str(), arguments.as_slice()) {
            ("current_schema" | "database" | "schema" | "schema_name", []) => {
                self.world.schema(None)
            }
            ("current_schemas", [Datum::Bool(false)]) => Datum::List(vec![self.world.schema(None)]),
            ("to_regclass" | "object_id", [Datum::Text(name)]) => self.world.class(name),
            ("object_id", [Datum::Text(name), Datum::Text(kind)]) if &**kind == "U" => {
                self.world.class(name)
            }
            ("lower", [Datum::Text(text)]) => Datum::text(&text.to_lowercase()),
            ("upper", [Datum::Text(text)]) => Datum::text(&text.to_uppercase()),
            ("coalesce" | "ifnull", values) if self.reads_tables.get() && !are_alike(values) => {
                Datum::Unknown
            }
            ("coalesce" | "ifnull", [_, ..]) => {
                let mut values = arguments.iter();
                let found = values.find(|value| **value != Datum::Null);
                found.cloned().unwrap_or(Datum::Null)
            }
            ("nullif", [value, other]) => match value.equals(other) {
                Truth::True => Datum::Null,
                Truth::False | Truth::Null => value.clone(),
                Truth::Unknown => Datum::Unknown,
            },
            ("array_length", [Datum::List(items) | Datum::Vector(items), Datum::Int(1)])
            | ("cardinality", [Datum::List(items) | Datum::Vector(items)]) => {
                i64::try_from(items.len()).map_or(Datum::Unknown, Datum::Int)
            }
            _ => Datum::Unknown,
        }
    }
}

/// The expression of an argument.
pub(super) fn argument(item: &FunctionArg) -> Option<&Expr> {
    match item {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}

/// Whether a value is one of these.
fn among(value: &Datum, items: &[Datum]) -> Truth {
    items
        .iter()
        .fold(Truth::False, |found, item| found.or(value.equals(item)))
}

fn negate(truth: Truth, negated: bool) -> Datum {
    match negated {
        true => truth.not().datum(),
        false => truth.datum(),
    }
}

fn is(truth: Truth, wanted: Truth) -> Datum {
    match truth {
        Truth::Unknown => Datum::Unknown,
        other => Datum::Bool(other == wanted),
    }
}

fn is_null(value: &Datum) -> Truth {
    match value {
        Datum::Null => Truth::True,
        Datum::Unknown => Truth::Unknown,
        _ => Truth::False,
    }
}

/// Whether values are known and of one kind, or NULL.
pub(super) fn are_alike(values: &[Datum]) -> bool {
    let kind = |value: &Datum| match value {
        Datum::Int(_) => Some(1),
        Datum::Text(_) => Some(2),
        Datum::Bool(_) => Some(3),
        _ => None,
    };
    let mut kinds = values.iter().filter(|value| **value != Datum::Null);
    let first = kinds.next().and_then(kind);
    let all_null = values.iter().all(|value| *value == Datum::Null);
    all_null || (first.is_some() && kinds.all(|value| kind(value) == first))
}

/// Texts behind each other. What NULL does to them differs between databases.
fn joined(left: &Datum, right: &Datum) -> Datum {
    match (left, right) {
        (Datum::Text(left), Datum::Text(right)) if left.len() + right.len() <= LONGEST => {
            Datum::text(&format!("{left}{right}"))
        }
        _ => Datum::Unknown,
    }
}

/// Whole numbers added, subtracted and multiplied. Division differs between databases.
fn calculated(left: &Datum, op: &BinaryOperator, right: &Datum) -> Datum {
    let result = match (left, right) {
        (Datum::Null, Datum::Int(_) | Datum::Null) | (Datum::Int(_), Datum::Null) => {
            return Datum::Null;
        }
        (Datum::Int(a), Datum::Int(b)) => match op {
            BinaryOperator::Plus => a.checked_add(*b),
            BinaryOperator::Minus => a.checked_sub(*b),
            BinaryOperator::Multiply => a.checked_mul(*b),
            _ => None,
        },
        _ => None,
    };
    result.map_or(Datum::Unknown, Datum::Int)
}

fn order(left: &Datum, op: &BinaryOperator, right: &Datum) -> Truth {
    match (op, left, right) {
        (BinaryOperator::Eq, ..) => left.equals(right),
        (BinaryOperator::NotEq, ..) => left.equals(right).not(),
        (
            BinaryOperator::Gt | BinaryOperator::GtEq | BinaryOperator::Lt | BinaryOperator::LtEq,
            Datum::Null,
            _,
        )
        | (
            BinaryOperator::Gt | BinaryOperator::GtEq | BinaryOperator::Lt | BinaryOperator::LtEq,
            _,
            Datum::Null,
        ) => Truth::Null,
        (_, Datum::Int(a), Datum::Int(b)) => match op {
            BinaryOperator::Gt => Truth::of(a > b),
            BinaryOperator::GtEq => Truth::of(a >= b),
            BinaryOperator::Lt => Truth::of(a < b),
            BinaryOperator::LtEq => Truth::of(a <= b),
            _ => Truth::Unknown,
        },
        _ => Truth::Unknown,
    }
}

/// `list[index]`.
fn element(list: &Datum, index: &Datum) -> Datum {
    match (list, index) {
        (Datum::Vector(items), Datum::Int(index)) => usize::try_from(*index)
            .ok()
            .and_then(|index| items.get(index))
            .map_or(Datum::Null, Datum::clone),
        (Datum::List(items), Datum::Int(index)) => usize::try_from(*index)
            .ok()
            .and_then(|index| items.get(index.checked_sub(1)?))
            .map_or(Datum::Null, Datum::clone),
        _ => Datum::Unknown,
    }
}
