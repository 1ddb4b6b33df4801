//! The operators of expressions, how strongly they bind, and how they negate.

use std::rc::Rc;
use std::sync::Arc;

use crate::datatype::DataType;

/// An operator that was given as text: `op("@>")`.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomOperator {
    /// The text.
    pub text: Arc<str>,
    /// How strongly it binds.
    pub precedence: i32,
    /// Whether its result is a boolean.
    pub is_comparison: bool,
    /// Whether `a op b op c` needs no parentheses.
    pub natural_self_precedent: bool,
    /// Whether it is put in parentheses inside any other operator.
    pub eager_grouping: bool,
    /// Whether it is a subscript where the type has them.
    pub is_subscript: bool,
    /// The type of its result.
    pub return_type: Option<DataType>,
}

impl CustomOperator {
    /// An operator as `op("…")` makes it.
    pub fn new(text: impl AsRef<str>, precedence: i32, is_comparison: bool) -> Self {
        Self {
            text: Arc::from(text.as_ref()),
            precedence,
            is_comparison,
            natural_self_precedent: false,
            eager_grouping: false,
            is_subscript: false,
            return_type: None,
        }
    }
}

/// An operator.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Operator {
    And,
    Or,
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Neg,
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
    IsDistinctFrom,
    IsNotDistinctFrom,
    Concat,
    Match,
    NotMatch,
    RegexpMatch,
    NotRegexpMatch,
    RegexpReplace,
    In,
    NotIn,
    Comma,
    Is,
    IsNot,
    Collate,
    Exists,
    Distinct,
    Inv,
    Any,
    All,
    Desc,
    Asc,
    NullsFirst,
    NullsLast,
    BitXor,
    BitOr,
    BitAnd,
    BitNot,
    ShiftLeft,
    ShiftRight,
    Like,
    NotLike,
    ILike,
    NotILike,
    Contains,
    NotContains,
    IContains,
    NotIContains,
    StartsWith,
    NotStartsWith,
    IStartsWith,
    NotIStartsWith,
    EndsWith,
    NotEndsWith,
    IEndsWith,
    NotIEndsWith,
    Between,
    NotBetween,
    GetItem,
    JsonGetItem,
    JsonPathGetItem,
    IsTrue,
    IsFalse,
    /// Not an operator: the place where a lone boolean stands (`WHERE x`).
    AsBool,
    /// Not an operator: the head of a `FILTER` clause.
    Filter,
    Custom(Rc<CustomOperator>),
}

impl Operator {
    /// How strongly it binds, where that is defined.
    fn precedence(&self) -> Option<i32> {
        use Operator as O;
        Some(match self {
            O::Any | O::All | O::GetItem | O::JsonGetItem | O::JsonPathGetItem => 15,
            O::Mul | O::Div | O::FloorDiv | O::Mod | O::Neg | O::BitNot => 8,
            O::Add | O::Sub | O::BitXor | O::BitOr | O::BitAnd | O::ShiftLeft | O::ShiftRight => 7,
            O::Filter => 6,
            O::Concat
            | O::Match
            | O::NotMatch
            | O::RegexpMatch
            | O::NotRegexpMatch
            | O::RegexpReplace
            | O::ILike
            | O::NotILike
            | O::Like
            | O::NotLike
            | O::In
            | O::NotIn
            | O::Is
            | O::IsNot
            | O::Eq
            | O::Ne
            | O::IsDistinctFrom
            | O::IsNotDistinctFrom
            | O::Gt
            | O::Lt
            | O::Ge
            | O::Le
            | O::Between
            | O::NotBetween
            | O::Distinct
            | O::Inv
            | O::IsTrue
            | O::IsFalse => 5,
            O::Collate => 4,
            O::And | O::Desc | O::Asc => 3,
            O::Or => 2,
            O::Exists => 0,
            O::Comma => -1,
            O::AsBool => -10,
            O::Custom(custom) => custom.precedence,
            _ => return None,
        })
    }

    /// Whether an operand with this operator needs parentheses inside `against`.
    pub fn needs_group(&self, against: Option<&Operator>) -> bool {
        let Some(against) = against else { return true };
        if self == against && self.is_natural_self_precedent() {
            return false;
        }
        self.precedence().unwrap_or(-100) <= against.precedence().unwrap_or(100)
    }

    /// Whether `(a op b) op c` may be written as one list.
    pub fn is_associative(&self) -> bool {
        matches!(
            self,
            Self::Add | Self::Mul | Self::Concat | Self::And | Self::Or
        )
    }

    fn is_natural_self_precedent(&self) -> bool {
        match self {
            Self::GetItem | Self::JsonGetItem | Self::JsonPathGetItem => true,
            Self::Custom(custom) => custom.natural_self_precedent,
            _ => self.is_associative(),
        }
    }

    /// Whether it compares.
    pub fn is_comparison(&self) -> bool {
        use Operator as O;
        match self {
            O::Custom(custom) => custom.is_comparison,
            O::Lt
            | O::Le
            | O::Gt
            | O::Ge
            | O::Eq
            | O::Ne
            | O::IsDistinctFrom
            | O::IsNotDistinctFrom
            | O::Match
            | O::NotMatch
            | O::RegexpMatch
            | O::NotRegexpMatch
            | O::In
            | O::NotIn
            | O::Is
            | O::IsNot
            | O::Between
            | O::NotBetween => true,
            _ => self.is_like(),
        }
    }

    fn is_like(&self) -> bool {
        use Operator as O;
        matches!(
            self,
            O::Like
                | O::NotLike
                | O::ILike
                | O::NotILike
                | O::Contains
                | O::NotContains
                | O::IContains
                | O::NotIContains
                | O::StartsWith
                | O::NotStartsWith
                | O::IStartsWith
                | O::NotIStartsWith
                | O::EndsWith
                | O::NotEndsWith
                | O::IEndsWith
                | O::NotIEndsWith
        )
    }

    /// Whether the result is a truth value for any database.
    pub fn is_boolean(&self) -> bool {
        self.is_comparison()
            || matches!(
                self,
                Self::Inv | Self::IsTrue | Self::IsFalse | Self::And | Self::Or
            )
    }

    /// The operator that says the opposite.
    pub fn negated(&self) -> Option<Operator> {
        use Operator as O;
        Some(match self {
            O::Lt => O::Ge,
            O::Le => O::Gt,
            O::Gt => O::Le,
            O::Ge => O::Lt,
            O::Eq => O::Ne,
            O::Ne => O::Eq,
            O::IsDistinctFrom => O::IsNotDistinctFrom,
            O::IsNotDistinctFrom => O::IsDistinctFrom,
            O::Match => O::NotMatch,
            O::NotMatch => O::Match,
            O::RegexpMatch | O::NotRegexpMatch => O::NotRegexpMatch,
            O::In => O::NotIn,
            O::NotIn => O::In,
            O::Is => O::IsNot,
            O::IsNot => O::Is,
            O::Between => O::NotBetween,
            O::NotBetween => O::Between,
            O::Like => O::NotLike,
            O::NotLike => O::Like,
            O::ILike => O::NotILike,
            O::NotILike => O::ILike,
            O::Contains => O::NotContains,
            O::NotContains => O::Contains,
            O::IContains => O::NotIContains,
            O::NotIContains => O::IContains,
            O::StartsWith => O::NotStartsWith,
            O::NotStartsWith => O::StartsWith,
            O::IStartsWith => O::NotIStartsWith,
            O::NotIStartsWith => O::IStartsWith,
            O::EndsWith => O::NotEndsWith,
            O::NotEndsWith => O::EndsWith,
            O::IEndsWith => O::NotIEndsWith,
            O::NotIEndsWith => O::IEndsWith,
            _ => return None,
        })
    }

    /// The comparison with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            other => other,
        }
    }
}
