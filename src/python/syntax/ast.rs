//! The tree.

use std::sync::Arc;

use num_bigint::BigInt;

use super::super::native::{BinaryOp, CompareOp, UnaryOp};
use super::super::value::Str;
use crate::source::{SourceFile, Span};

/// A file.
#[derive(Debug)]
pub struct Module {
    /// Where it was read from.
    pub file: Arc<SourceFile>,
    /// Its statements.
    pub body: Vec<Stmt>,
    /// Its docstring.
    pub doc: Option<Str>,
}

/// A variable, as resolved.
#[derive(Debug, Clone)]
pub enum Var {
    /// A slot of the function being executed.
    Local(u32, Str),
    /// A slot of an enclosing function: how many scopes outwards, and which slot.
    Outer(u32, u32, Str),
    /// A name of the module, or a builtin.
    Global(Str),
    /// A name in a class body: the class's own, else what the fallback names.
    Class(Str, Box<Var>),
}

impl Var {
    /// The name as written.
    pub fn name(&self) -> &Str {
        match self {
            Self::Local(_, name)
            | Self::Outer(_, _, name)
            | Self::Global(name)
            | Self::Class(name, _) => name,
        }
    }
}

/// A statement.
#[derive(Debug)]
pub struct Stmt {
    /// Whether it holds a `yield` of the function that it is in.
    pub yields: bool,
    /// Where it is.
    pub span: Span,
    /// What it is.
    pub kind: StmtKind,
}

/// The kinds of statements.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum StmtKind {
    Function {
        target: Var,
        decorators: Vec<Expr>,
        function: Arc<FunctionDef>,
    },
    Class {
        target: Var,
        decorators: Vec<Expr>,
        class: Arc<ClassDef>,
    },
    Return(Option<Expr>),
    Delete(Vec<Expr>),
    Assign {
        targets: Vec<Expr>,
        value: Expr,
    },
    AugAssign {
        target: Expr,
        op: BinaryOp,
        value: Expr,
    },
    AnnAssign {
        target: Expr,
        annotation: Expr,
        value: Option<Expr>,
    },
    For {
        target: Expr,
        iter: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    While {
        test: Expr,
        body: Vec<Stmt>,
        orelse: Vec<Stmt>,
    },
    If {
        branches: Vec<(Expr, Vec<Stmt>)>,
        orelse: Vec<Stmt>,
    },
    With {
        items: Vec<(Expr, Option<Expr>)>,
        body: Vec<Stmt>,
    },
    Match {
        subject: Expr,
        cases: Vec<MatchCase>,
    },
    Raise {
        exception: Option<Expr>,
        cause: Option<Expr>,
    },
    Try(Box<Try>),
    Assert {
        test: Expr,
        message: Option<Expr>,
    },
    Import(Vec<(Str, Option<Str>, Var)>),
    ImportFrom {
        module: Option<Str>,
        level: u32,
        names: Vec<(Str, Var)>,
        star: bool,
    },
    Expr(Expr),
    Pass,
    Break,
    Continue,
}

/// `try`.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Try {
    pub body: Vec<Stmt>,
    pub handlers: Vec<Handler>,
    /// `except*`.
    pub groups: bool,
    pub orelse: Vec<Stmt>,
    pub finally: Vec<Stmt>,
}

/// `except`.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Handler {
    pub class: Option<Expr>,
    pub target: Option<Var>,
    pub body: Vec<Stmt>,
}

/// `case`.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct MatchCase {
    pub pattern: Pattern,
    pub guard: Option<Expr>,
    pub body: Vec<Stmt>,
}

/// A pattern.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Pattern {
    Value(Expr),
    Singleton(Const),
    Sequence(Vec<Pattern>),
    Mapping {
        keys: Vec<(Expr, Pattern)>,
        rest: Option<Var>,
    },
    Class {
        class: Expr,
        positional: Vec<Pattern>,
        keywords: Vec<(Str, Pattern)>,
    },
    Star(Option<Var>),
    As(Option<Box<Pattern>>, Option<Var>),
    Or(Vec<Pattern>),
}

/// A function or lambda.
#[derive(Debug)]
pub struct FunctionDef {
    /// Its name (`<lambda>` for lambdas).
    pub name: Str,
    /// Its name with those of what it is defined in: `Class.method`, `outer.<locals>.inner`.
    pub qualname: Str,
    /// Its parameters.
    pub parameters: Parameters,
    /// Its body; a lambda's is one `return`.
    pub body: Vec<Stmt>,
    /// The names of its slots; parameters come first, in order.
    pub slots: Vec<Str>,
    /// Whether it yields.
    pub is_generator: bool,
    /// Its docstring.
    pub doc: Option<Str>,
    /// The file it is in.
    pub file: Arc<SourceFile>,
    /// Where it is.
    pub span: Span,
    /// The slot that a method's implicit class is in, for `super()` (`__class__`).
    pub is_async: bool,
}

/// Parameters in the order of their slots: positional-only, ordinary, `*args`, keyword-only, `**kwargs`.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct Parameters {
    pub positional_only: usize,
    pub positional: Vec<Parameter>,
    pub vararg: bool,
    pub keyword_only: Vec<Parameter>,
    pub kwarg: bool,
}

/// A parameter; its default is evaluated when the function is defined.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Parameter {
    pub name: Str,
    pub default: Option<Expr>,
}

/// A class.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct ClassDef {
    pub name: Str,
    pub qualname: Str,
    pub bases: Vec<Expr>,
    pub keywords: Vec<(Option<Str>, Expr)>,
    pub body: Vec<Stmt>,
    pub doc: Option<Str>,
    pub span: Span,
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// Where it is.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// A constant.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum Const {
    None,
    Bool(bool),
    Int(i64),
    BigInt(Arc<BigInt>),
    Float(f64),
    Str(Str),
    Bytes(Arc<[u8]>),
    Ellipsis,
}

/// The kinds of expressions.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum ExprKind {
    Const(Const),
    Name(Var),
    /// `a and b and c`.
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Named(Box<Expr>, Box<Expr>),
    /// A chain of operators of the same side: `a + b - c` is `a` with `[(+, b), (-, c)]`.
    Binary(Box<Expr>, Vec<(BinaryOp, Expr)>),
    Unary(UnaryOp, Box<Expr>),
    Not(Box<Expr>),
    Lambda(Arc<FunctionDef>),
    If(Box<(Expr, Expr, Expr)>),
    /// `None` as key: `**mapping`.
    Dict(Vec<(Option<Expr>, Expr)>),
    Set(Vec<Expr>),
    List(Vec<Expr>),
    Tuple(Vec<Expr>),
    Comprehension(Arc<Comprehension>),
    Await(Box<Expr>),
    Yield(Option<Box<Expr>>),
    YieldFrom(Box<Expr>),
    Compare(Box<Expr>, Vec<(Comparison, Expr)>),
    Call(Box<Call>),
    FString(Vec<FStringPart>),
    Attribute(Box<Expr>, Str),
    Subscript(Box<Expr>, Box<Expr>),
    Starred(Box<Expr>),
    Slice(Option<Box<Expr>>, Option<Box<Expr>>, Option<Box<Expr>>),
}

/// A comparison operator.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub enum Comparison {
    Rich(CompareOp),
    Is,
    IsNot,
    In,
    NotIn,
}

/// A call.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Call {
    pub function: Expr,
    /// `Starred` for `*items`.
    pub args: Vec<Expr>,
    /// `None` as name: `**mapping`.
    pub keywords: Vec<(Option<Str>, Expr)>,
}

/// What a comprehension makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

/// A comprehension. It has slots of its own; the first iterable is evaluated outside.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Comprehension {
    pub kind: ComprehensionKind,
    pub element: Expr,
    /// The value of a dict comprehension.
    pub value: Option<Expr>,
    pub first: Expr,
    pub clauses: Vec<Clause>,
    pub slots: Vec<Str>,
}

/// `for target in iter if …`. The first clause has no `iter`: it is `Comprehension::first`.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Clause {
    pub target: Expr,
    pub iter: Option<Expr>,
    pub conditions: Vec<Expr>,
}

/// A part of an f-string.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum FStringPart {
    Literal(Str),
    Value {
        value: Expr,
        conversion: Option<char>,
        spec: Option<Vec<FStringPart>>,
    },
}
