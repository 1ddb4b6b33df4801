//! The object that evaluated Python holds for an expression.

use std::any::Any;
use std::cell::OnceCell;
use std::rc::Rc;

use super::{column, compare, dml, from, select, text};
use crate::datatype::DataType;
use crate::expression::{Expr, ExprKind, Operator};
use crate::operation::Operation;
use crate::python::{
    Args, BinaryOp, Builtin, Class, CompareOp, Native, PyResult, Raise, Str, UnaryOp, Value, Vm,
};

/// An expression or statement.
pub struct Clause {
    own: Expr,
    /// The same column of the table that was made of it later.
    placed: OnceCell<Expr>,
}

impl Clause {
    /// What it is.
    pub fn expr(&self) -> &Expr {
        self.placed.get().unwrap_or(&self.own)
    }

    /// `table("t", column)`: the object is a column of that table from then on.
    pub(super) fn place(&self, column: Expr) {
        // One that has a table is not given another: `table()` refuses it.
        let _ = self.placed.set(column);
    }
}

/// Writes expressions as text, for `str(statement)`. Given by the part of the program that knows
/// how dialects write.
pub struct Stringify {
    /// An expression, a dialect (`default` when none was named), and whether values are literals.
    #[allow(clippy::type_complexity)]
    pub expression: Box<dyn Fn(&Expr, &str, bool) -> Result<String, String>>,
    /// A type.
    #[allow(clippy::type_complexity)]
    pub data_type: Box<dyn Fn(&DataType, &str) -> Result<String, String>>,
    /// The statements of an operation under a naming convention, in the dialect of the run.
    #[allow(clippy::type_complexity)]
    pub statements:
        Box<dyn Fn(&Operation, &[(Str, Str)]) -> crate::diagnostic::Result<Vec<Written>>>,
}

/// A statement of an operation as it is usually written.
pub struct Written {
    /// Its template.
    pub template: &'static str,
    /// Its text.
    pub text: String,
    /// The lines between the parentheses of CREATE TABLE.
    pub lines: Vec<String>,
}

/// The Python object for an expression.
pub fn wrap(expr: Expr) -> Value {
    Value::native(Clause {
        own: expr,
        placed: OnceCell::new(),
    })
}

/// Whether a value is an object of the expression language.
pub fn is_clause(vm: &mut Vm, value: &Value) -> bool {
    matches!(super::coerce::clause(vm, value), Ok(Some(_)))
}

/// The text of an expression.
pub(super) fn text_of(vm: &mut Vm, expr: &Expr, dialect: &str, literal: bool) -> PyResult<Str> {
    if let (ExprKind::Text(text), "default") = (&expr.kind, dialect) {
        return Ok(text.sql.clone());
    }
    let Some(stringify) = vm.host::<Stringify>() else {
        return Err(super::fail::unsupported(vm, "the text of a SQL expression"));
    };
    match (stringify.expression)(expr, dialect, literal) {
        Ok(text) => Ok(Str::from(text)),
        Err(message) => Err(Raise::exception("ValueError", message)),
    }
}

/// The text of a type, as `str(String(5))`.
pub fn type_text(vm: &mut Vm, value: &Value) -> PyResult<Str> {
    let data_type = super::modules::data_type(vm, value)?;
    data_type_text(vm, &data_type, "default")
}

/// The text of a type on a dialect.
pub fn data_type_text(vm: &Vm, data_type: &DataType, dialect: &str) -> PyResult<Str> {
    match vm.host::<Stringify>() {
        Some(stringify) => match (stringify.data_type)(data_type, dialect) {
            Ok(text) => Ok(Str::from(text)),
            Err(message) => Err(Raise::exception("ValueError", message)),
        },
        None => Ok(Str::from(data_type.spec.name.to_uppercase())),
    }
}

/// The text of a type or an expression on a dialect, values included.
pub fn spelled(vm: &mut Vm, value: &Value, dialect: &str) -> PyResult<Str> {
    if crate::frontend::alembic::types::is_type(vm, value) {
        let data_type = super::modules::data_type(vm, value)?;
        return data_type_text(vm, &data_type, dialect);
    }
    match super::coerce::clause(vm, value)? {
        Some(expr) => text_of(vm, &expr, dialect, true),
        None => vm.str(value),
    }
}

/// A method that remembers its object.
pub(super) fn method(
    name: &'static str,
    this: &Value,
    expr: &Expr,
    call: impl Fn(&mut Vm, &Value, &Expr, Args) -> PyResult + 'static,
) -> Value {
    let this = this.clone();
    let expr = Rc::clone(expr);
    Builtin::value(name, move |vm, args| call(vm, &this, &expr, args))
}

/// Attributes that every element has.
fn common(vm: &mut Vm, this: &Value, expr: &Expr, name: &str) -> PyResult<Option<Value>> {
    let _ = vm;
    Ok(Some(match name {
        "__clause_element__" => method("__clause_element__", this, expr, |_, _, expr, _| {
            Ok(wrap(Rc::clone(expr)))
        }),
        "compile" => method("compile", this, expr, |vm, _, expr, mut args| {
            let dialect = args.keyword("dialect").or_else(|| args.take("bind"));
            let options = args.keyword("compile_kwargs");
            let dialect = match dialect {
                None | Some(Value::None) => "default".into(),
                Some(dialect) => match vm.find_attr(&dialect, "name")? {
                    Some(name) => name.as_str().unwrap_or_else(|| "default".into()),
                    None => "default".into(),
                },
            };
            let literal = match options {
                Some(options @ Value::Dict(_)) => {
                    let flag =
                        vm.call_method(&options, "get", Args::of(vec!["literal_binds".into()]))?;
                    vm.truth(&flag)?
                }
                _ => false,
            };
            let text = text_of(vm, expr, &dialect, literal)?;
            Ok(Value::native(Compiled { text }))
        }),
        "execution_options" | "options" => {
            method("execution_options", this, expr, |_, this, _, _| {
                Ok(this.clone())
            })
        }
        "self_group" => method("self_group", this, expr, |_, this, _, _| Ok(this.clone())),
        "params" | "unique_params" => method("params", this, expr, text::params),
        "is_select" => Value::Bool(expr.is_select()),
        "is_clause_element" => Value::Bool(true),
        _ => return Ok(None),
    }))
}

impl Native for Clause {
    fn type_name(&self) -> &str {
        match self.expr().kind {
            ExprKind::Text(_) => "TextClause",
            ExprKind::Bind(_) => "BindParameter",
            ExprKind::Null => "Null",
            ExprKind::True => "True_",
            ExprKind::False => "False_",
            ExprKind::Column { .. } | ExprKind::LiteralColumn(_) => "ColumnClause",
            ExprKind::Function(_) => "Function",
            ExprKind::Unary { .. } | ExprKind::Modifier { .. } => "UnaryExpression",
            ExprKind::Binary(_) => "BinaryExpression",
            ExprKind::List { .. } => "BooleanClauseList",
            ExprKind::Case { .. } => "Case",
            ExprKind::Cast { .. } => "Cast",
            ExprKind::Label { .. } => "Label",
            ExprKind::ScalarSelect(_) => "ScalarSelect",
            ExprKind::Select(_) => "Select",
            ExprKind::Compound(_) => "CompoundSelect",
            ExprKind::TextualSelect { .. } => "TextualSelect",
            ExprKind::Insert(_) => "Insert",
            ExprKind::Update(_) => "Update",
            ExprKind::Delete(_) => "Delete",
            ExprKind::From(crate::expression::FromClause::Table(_)) => "TableClause",
            ExprKind::From(crate::expression::FromClause::Join(_)) => "Join",
            ExprKind::From(crate::expression::FromClause::Cte(_)) => "CTE",
            ExprKind::From(_) => "Alias",
            _ => "ColumnElement",
        }
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        let name = self.type_name().to_owned();
        super::modules::class(vm, &name)
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let expr = self.expr();
        let own = match &expr.kind {
            ExprKind::Select(select) => select::select_attr(vm, this, expr, select, name)?,
            ExprKind::Compound(compound) => select::compound_attr(vm, this, expr, compound, name)?,
            ExprKind::TextualSelect { .. } => select::selectable_attr(vm, this, expr, name)?,
            ExprKind::Insert(insert) => dml::insert_attr(vm, this, expr, insert, name)?,
            ExprKind::Update(update) => dml::update_attr(vm, this, expr, update, name)?,
            ExprKind::Delete(delete) => dml::delete_attr(vm, this, expr, delete, name)?,
            ExprKind::From(from) => from::attr(vm, this, from, name)?,
            ExprKind::Text(clause) => text::attr(vm, this, expr, clause, name)?,
            _ => column::column_attr(vm, this, expr, name)?,
        };
        match own {
            Some(own) => Ok(Some(own)),
            None => common(vm, this, expr, name),
        }
    }

    fn get_item(&self, this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        column::column_item(vm, this, self.expr(), index)
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        compare::column_binary(vm, this, self.expr(), op, other, reflected)
    }

    fn compare(
        &self,
        this: &Value,
        vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        compare::column_compare(vm, this, self.expr(), op, other)
    }

    fn unary(&self, this: &Value, vm: &mut Vm, op: UnaryOp) -> PyResult<Option<Value>> {
        column::column_unary(vm, this, self.expr(), op)
    }

    fn truth(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<bool>> {
        match &self.expr().kind {
            ExprKind::Binary(binary) if binary.operator == Operator::Eq => {
                Ok(Some(same(&binary.left, &binary.right)))
            }
            ExprKind::Binary(binary) if binary.operator == Operator::Ne => {
                Ok(Some(!same(&binary.left, &binary.right)))
            }
            ExprKind::From(_) | ExprKind::Select(_) | ExprKind::Compound(_) => Err(
                super::fail::type_error("Boolean value of this clause is not defined"),
            ),
            _ => Err(super::fail::type_error(
                "Boolean value of this clause is not defined",
            )),
        }
    }

    fn str(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        // A table by itself is its name.
        if let ExprKind::From(crate::expression::FromClause::Table(table)) = &self.expr().kind {
            return Ok(Some(match &table.schema {
                Some(schema) => Str::from(format!("{}.{}", schema.name, table.name.name)),
                None => table.name.name.clone(),
            }));
        }
        text_of(vm, self.expr(), "default", false).map(Some)
    }

    fn repr(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(Str::from(format!(
            "<sqlalchemy.sql.elements.{} object>",
            self.type_name()
        ))))
    }

    fn key(&self) -> Option<Value> {
        // A column of a table is the same object each time.
        match &self.expr().kind {
            ExprKind::Column {
                table: Some(table),
                name,
            } => Some(Value::tuple(vec![
                Value::from("column"),
                Value::from(i64::try_from(table.id()).unwrap_or(0)),
                Value::Str(name.name.clone()),
            ])),
            ExprKind::From(from) => Some(Value::tuple(vec![
                Value::from("from"),
                Value::from(i64::try_from(from.id()).unwrap_or(0)),
            ])),
            _ => None,
        }
    }
}

/// Whether two expressions are the same object.
pub(super) fn same(a: &Expr, b: &Expr) -> bool {
    if Rc::ptr_eq(a, b) {
        return true;
    }
    match (&a.kind, &b.kind) {
        (
            ExprKind::Column {
                table: Some(x),
                name: n,
            },
            ExprKind::Column {
                table: Some(y),
                name: m,
            },
        ) => x.same(y) && n == m,
        _ => false,
    }
}

/// What `statement.compile()` returns.
struct Compiled {
    text: Str,
}

impl Native for Compiled {
    fn type_name(&self) -> &str {
        "SQLCompiler"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "string" => Some(Value::Str(self.text.clone())),
            _ => None,
        })
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(self.text.clone()))
    }
}
