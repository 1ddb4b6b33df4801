//! SQL expressions and statements as a tree, as SQLAlchemy's Core has them. Rank 2.
//! How a dialect writes them is the business of `lower::expression`.

mod build;
mod columns;
mod from;
mod join;
mod literal;
mod operator;
mod pieces;
mod statement;
mod transform;
mod types;

pub use build::{
    all_of, any_of, as_scalar, binary, column, comparison, conjunction, constant, function,
    grouped, is_implicitly_boolean, label, literal_column, modifier, negate, operate, self_group,
    text, typed_bind, value_bind, where_list,
};
pub use columns::{NamedColumn, exported, named_columns, natural_name, select_list};
pub use from::{
    Alias, AliasSource, ColumnDefault, Cte, FromClause, INSERTED_ROW, Join, TableClause,
    TableColumn, Values,
};
pub use join::join_condition;
pub use literal::Literal;
pub use operator::{CustomOperator, Operator};
pub use pieces::{TextPiece, text_pieces};
pub use statement::{
    Assignments, Compound, Delete, Fetch, ForUpdate, Insert, JoinStep, LabelStyle, Phrases, Select,
    Target, Update, Upsert, UpsertAction,
};
pub use transform::transform;
pub use types::{
    affinity, array_of, boolean, coerce_compared, is_json_index, item_type, json_index, null_type,
    of_literal, result_type, tuple_type, typed,
};

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use crate::datatype::DataType;

/// An identifier with its quoting request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ident {
    /// The name.
    pub name: Arc<str>,
    /// `quoted_name(…, True)` or `quote=True`: always quote; `Some(false)`: never.
    pub quote: Option<bool>,
}

thread_local! {
    static NEXT: Cell<usize> = const { Cell::new(1) };
}

impl Ident {
    /// A name that is quoted when it needs to be.
    pub fn new(name: impl AsRef<str>) -> Self {
        Self {
            name: Arc::from(name.as_ref()),
            quote: None,
        }
    }

    /// A name that the compiler completes with a number: `base_1`.
    pub fn anonymous(base: &str) -> Self {
        let id = NEXT.with(|next| {
            let id = next.get();
            next.set(id + 1);
            id
        });
        Self::anonymous_for(id, base)
    }

    /// An anonymous name for a particular object.
    pub fn anonymous_for(id: usize, base: &str) -> Self {
        Self::new(format!("\0{id}\0{base}"))
    }

    /// The object and the base of an anonymous name.
    pub fn anonymous_parts(&self) -> Option<(&str, &str)> {
        self.name.strip_prefix('\0')?.split_once('\0')
    }
}

impl From<&str> for Ident {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<Arc<str>> for Ident {
    fn from(name: Arc<str>) -> Self {
        Self { name, quote: None }
    }
}

/// The expressions of SQL. Shared by `Rc`: SQLAlchemy's identity rules (correlation, anonymous
/// names) depend on which object is used twice.
pub type Expr = Rc<Expression>;

/// A node with its type (`DataType` of spec `NullType` where none is known).
#[derive(Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExprKind,
    /// The SQL type, which decides operators and literals.
    pub data_type: DataType,
}

impl Expression {
    /// A node.
    pub fn new(kind: ExprKind, data_type: DataType) -> Expr {
        Rc::new(Self { kind, data_type })
    }

    /// A node without a type.
    pub fn untyped(kind: ExprKind) -> Expr {
        Self::new(kind, null_type())
    }
}

/// What an expression is.
#[derive(Debug)]
pub enum ExprKind {
    /// `text("…")`: raw SQL with `:name` binds.
    Text(TextClause),
    /// `literal_column("…")`: raw SQL used as a column.
    LiteralColumn(Arc<str>),
    /// A value that is rendered as a literal.
    Bind(BindParameter),
    /// `NULL`.
    Null,
    /// `true`.
    True,
    /// `false`.
    False,
    /// A column, of a table or free.
    Column {
        /// Its table.
        table: Option<FromClause>,
        /// Its name.
        name: Ident,
    },
    /// `func.name(args)`.
    Function(Function),
    /// An operator before its operand: `-x`, `NOT x`, `DISTINCT x`, `ANY (x)`, `EXISTS (…)`.
    Unary {
        /// The operator.
        operator: Operator,
        /// The operand, in parentheses where it needs them.
        operand: Expr,
    },
    /// A word after its operand: `x DESC`, `x NULLS LAST`.
    Modifier {
        /// The word.
        operator: Operator,
        /// The operand.
        operand: Expr,
    },
    /// `left op right`.
    Binary(Binary),
    /// `a op b op c`; also the two bounds of `BETWEEN`.
    List {
        /// The operator between the items.
        operator: Operator,
        /// The items.
        items: Vec<Expr>,
        /// Whether it is put in parentheses inside other operators.
        group: bool,
    },
    /// A boolean column where a condition is wanted: `x`, `x = 1`, `NOT x`, `x = 0`.
    AsBoolean {
        /// The boolean.
        operand: Expr,
        /// Whether it must be true.
        is_true: bool,
    },
    /// Parentheses.
    Grouping(Expr),
    /// `CASE`.
    Case {
        /// The value of the short form.
        value: Option<Expr>,
        /// Conditions and results.
        whens: Vec<(Expr, Expr)>,
        /// `ELSE`.
        otherwise: Option<Expr>,
    },
    /// `CAST`; the type is the node's.
    Cast {
        /// What is cast.
        operand: Expr,
        /// `TRY_CAST`.
        lenient: bool,
    },
    /// `type_coerce`: the operand with another type.
    TypeCoerce(Expr),
    /// `EXTRACT(field FROM x)`.
    Extract {
        /// The field.
        field: Arc<str>,
        /// The operand.
        operand: Expr,
    },
    /// `x AS name`.
    Label {
        /// The name.
        name: Ident,
        /// The operand.
        operand: Expr,
    },
    /// The name of a collation.
    Collation(Ident),
    /// `(a, b)`.
    Tuple(Vec<Expr>),
    /// PostgreSQL's `ARRAY[…]`.
    Array(Vec<Expr>),
    /// PostgreSQL's `a:b` inside `[…]`.
    Slice(Expr, Expr),
    /// A SELECT used as a value.
    ScalarSelect(Expr),
    /// `OVER (…)`.
    Over(Box<Over>),
    /// `WITHIN GROUP (ORDER BY …)`.
    WithinGroup {
        /// The function.
        function: Expr,
        /// The order.
        order_by: Vec<Expr>,
    },
    /// `FILTER (WHERE …)`.
    Filtered {
        /// The function.
        function: Expr,
        /// The conditions.
        criteria: Vec<Expr>,
    },
    /// `f(x ORDER BY y)`.
    AggregateOrderBy {
        /// What is ordered: the argument of a function, or a function.
        target: Expr,
        /// The order.
        order_by: Vec<Expr>,
    },
    /// The name of a column or label, in ORDER BY and GROUP BY.
    NameReference {
        /// The name.
        name: Arc<str>,
        /// `asc`, `desc`, `nulls_first`, `nulls_last` around it, innermost first.
        modifiers: Vec<Operator>,
    },
    /// `sequence.next_value()`.
    NextValue(Option<Ident>, Ident),
    /// A table-valued function as a single column: the name of its alias.
    RowColumn(FromClause),
    /// A table or subquery as an object of its own.
    From(FromClause),
    /// `SELECT`.
    Select(Box<Select>),
    /// `UNION`.
    Compound(Box<Compound>),
    /// `text().columns(…)`: a text that is used as a SELECT.
    TextualSelect {
        /// The text.
        text: Expr,
        /// The columns.
        columns: Vec<TableColumn>,
    },
    /// `INSERT`.
    Insert(Box<Insert>),
    /// `UPDATE`.
    Update(Box<Update>),
    /// `DELETE`.
    Delete(Box<Delete>),
}

/// `text("…")`.
#[derive(Debug)]
pub struct TextClause {
    /// The text as it was given.
    pub sql: Arc<str>,
    /// Binds that got a value or a type.
    pub binds: Vec<(Arc<str>, BindParameter)>,
}

/// A bound value.
#[derive(Clone, Debug)]
pub struct BindParameter {
    /// The name it was given.
    pub key: Option<Arc<str>>,
    /// The value; `None` when it is required but absent.
    pub value: Option<Literal>,
    /// Its type.
    pub data_type: DataType,
    /// Whether it is a list for `IN`.
    pub expanding: bool,
}

/// A function call.
#[derive(Clone, Debug)]
pub struct Function {
    /// The dotted name, `now` or `pkg.fn`.
    pub name: Vec<Ident>,
    /// The arguments.
    pub args: Vec<Expr>,
    /// Whether SQLAlchemy knows the function by this name (then the dialect may spell it).
    pub known: bool,
}

/// `left op right`.
#[derive(Clone, Debug)]
pub struct Binary {
    /// The left side, in parentheses where it needs them.
    pub left: Expr,
    /// The operator.
    pub operator: Operator,
    /// The right side.
    pub right: Expr,
    /// The operator that says the opposite, where there is one.
    pub negation: Option<Operator>,
    /// Options of the operator.
    pub options: BinaryOptions,
}

/// Options of particular operators.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BinaryOptions {
    /// `escape=` of LIKE.
    pub escape: Option<Arc<str>>,
    /// `flags=` of regular expressions.
    pub flags: Option<Arc<str>>,
    /// `symmetric=` of BETWEEN.
    pub symmetric: bool,
    /// `postgresql_regconfig=` of match.
    pub regconfig: Option<Arc<str>>,
}

/// `OVER (…)`.
#[derive(Clone, Debug)]
pub struct Over {
    /// The function.
    pub element: Expr,
    /// `PARTITION BY`.
    pub partition_by: Vec<Expr>,
    /// `ORDER BY`.
    pub order_by: Vec<Expr>,
    /// The rows around each row that count.
    pub frame: Option<WindowFrame>,
}

/// The frame of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowFrame {
    /// `ROWS`, `RANGE` or `GROUPS`.
    pub unit: &'static str,
    /// Where it begins.
    pub lower: Bound,
    /// Where it ends.
    pub upper: Bound,
    /// What of it does not count: `CURRENT ROW`, `GROUP`, `TIES`, `NO OTHERS`, in any case.
    pub exclude: Option<Arc<str>>,
}

/// A bound of a window's frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `UNBOUNDED`.
    Unbounded,
    /// `CURRENT ROW`.
    Current,
    /// `n PRECEDING`.
    Preceding(i64),
    /// `n FOLLOWING`.
    Following(i64),
}

impl Expression {
    /// Whether it is a SELECT, UNION or the like.
    pub fn is_select(&self) -> bool {
        matches!(
            self.kind,
            ExprKind::Select(_) | ExprKind::Compound(_) | ExprKind::TextualSelect { .. }
        )
    }

    /// Whether it is a whole statement.
    pub fn is_statement(&self) -> bool {
        self.is_select()
            || matches!(
                self.kind,
                ExprKind::Insert(_) | ExprKind::Update(_) | ExprKind::Delete(_)
            )
    }

    /// The tables that it draws upon.
    pub fn from_objects(self: &Rc<Self>) -> Vec<FromClause> {
        let mut found = Vec::new();
        collect_froms(self, &mut found);
        found
    }
}

fn collect_froms(expr: &Expr, found: &mut Vec<FromClause>) {
    let mut all = |items: &[Expr]| items.iter().for_each(|item| collect_froms(item, found));
    match &expr.kind {
        ExprKind::Column { table, .. } => {
            if let Some(table) = table {
                found.push(table.clone());
            }
        }
        ExprKind::From(from) | ExprKind::RowColumn(from) => found.extend(from.from_objects()),
        ExprKind::Function(function) => all(&function.args),
        ExprKind::Unary { operator, operand } => {
            if *operator != Operator::Exists {
                collect_froms(operand, found);
            }
        }
        ExprKind::Modifier { operand, .. }
        | ExprKind::AsBoolean { operand, .. }
        | ExprKind::Cast { operand, .. }
        | ExprKind::Extract { operand, .. }
        | ExprKind::Label { operand, .. }
        | ExprKind::Grouping(operand)
        | ExprKind::TypeCoerce(operand) => collect_froms(operand, found),
        ExprKind::Binary(binary) => {
            collect_froms(&binary.left, found);
            collect_froms(&binary.right, found);
        }
        ExprKind::List { items, .. } | ExprKind::Tuple(items) | ExprKind::Array(items) => {
            all(items);
        }
        ExprKind::Case {
            value,
            whens,
            otherwise,
        } => {
            for (condition, result) in whens {
                collect_froms(condition, found);
                collect_froms(result, found);
            }
            for extra in [value, otherwise].into_iter().flatten() {
                collect_froms(extra, found);
            }
        }
        ExprKind::Slice(a, b) => {
            collect_froms(a, found);
            collect_froms(b, found);
        }
        ExprKind::Over(over) => {
            collect_froms(&over.element, found);
            over.partition_by
                .iter()
                .chain(&over.order_by)
                .for_each(|item| collect_froms(item, found));
        }
        ExprKind::WithinGroup { function, order_by }
        | ExprKind::AggregateOrderBy {
            target: function,
            order_by,
        } => {
            collect_froms(function, found);
            order_by.iter().for_each(|item| collect_froms(item, found));
        }
        ExprKind::Filtered { function, criteria } => {
            collect_froms(function, found);
            criteria.iter().for_each(|item| collect_froms(item, found));
        }
        ExprKind::Text(_)
        | ExprKind::LiteralColumn(_)
        | ExprKind::Bind(_)
        | ExprKind::Null
        | ExprKind::True
        | ExprKind::False
        | ExprKind::Collation(_)
        | ExprKind::ScalarSelect(_)
        | ExprKind::NameReference { .. }
        | ExprKind::NextValue(..)
        | ExprKind::Select(_)
        | ExprKind::Compound(_)
        | ExprKind::TextualSelect { .. }
        | ExprKind::Insert(_)
        | ExprKind::Update(_)
        | ExprKind::Delete(_) => {}
    }
}
