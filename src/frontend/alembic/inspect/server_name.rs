//! A name that the server invented, as `sa.inspect()` answers with it: the name is there, and its
//! text is not known before the script runs. `op.drop_constraint` takes it.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

use crate::catalog::{Constraint, ConstraintName, Invented, Table, TableName};
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::Inspection;
use crate::python::{
    BinaryOp, Class, CompareOp, Native, PyResult, Raise, Str, Unknown, Value, Vm, builtins, methods,
};

/// The name of a constraint, which the server invented.
pub struct ServerName {
    table: TableName,
    which: Arc<Invented>,
    /// What names of this kind begin with.
    prefixes: Vec<String>,
    unknown: Rc<Unknown>,
}

/// The name of a constraint as the server answers with it.
pub(super) fn name_of(vm: &Vm, form: &Inspection, table: &Table, of: &Constraint) -> Value {
    ServerName::value(vm, form, &table.name, of)
        .unwrap_or_else(|| super::answers::optional(of.name.ident().map(|name| name.name.clone())))
}

impl ServerName {
    /// The name of a constraint that was given none, where the server invents one.
    pub fn value(
        vm: &Vm,
        form: &Inspection,
        table: &TableName,
        constraint: &Constraint,
    ) -> Option<Value> {
        if form.invented_prefixes.is_empty() {
            return None;
        }
        let which = Invented::of(constraint)?;
        let (kind, of) = (which.noun(), &table.name.name);
        let what = format!("the name that the server invented for a {kind} of `{of}`");
        let Value::Unknown(unknown) = Value::unknown(what, vm.location()) else {
            return None;
        };
        Some(Value::native(Self {
            table: table.clone(),
            which: Arc::new(which),
            prefixes: form.invented_prefixes.clone(),
            unknown,
        }))
    }

    /// The name, for a drop.
    pub fn dropped(&self) -> ConstraintName {
        ConstraintName::Invented(Arc::clone(&self.which))
    }

    /// The text of the name is needed as `what`.
    pub fn refuse(&self, vm: &Vm, what: &str) -> Box<Raise> {
        let message = format!("{what} depends on {}", self.unknown.what);
        let diagnostic = Diagnostic::error(Code::UnknownValue, message)
            .at(vm.location())
            .with_note("each database has another one, which nobody knows before the script runs")
            .with_help("pass the name to `op.drop_constraint`: the script then looks it up");
        Raise::fatal_about(self.unknown.trace(diagnostic), &self.unknown)
    }

    fn computed(&self, vm: &Vm) -> Value {
        Value::Unknown(Rc::new(Unknown {
            what: format!("a value computed from {}", self.unknown.what),
            origin: vm.location(),
            from: Some(Rc::clone(&self.unknown)),
            read: false,
            compared: None,
        }))
    }

    fn needed(&self, vm: &Vm) -> Box<Raise> {
        vm.unknown(&self.unknown, "its text is needed")
    }

    /// Whether it is the same as another value, where that can be told.
    fn equals(&self, other: &Value) -> Option<bool> {
        if let Some(name) = other.downcast::<Self>() {
            let same = self.table == name.table && self.which == name.which;
            // Two constraints that look the same have two names.
            return if same { None } else { Some(false) };
        }
        match other.as_str() {
            // What does not begin as they do is another name.
            Some(text) => {
                let alike = self.prefixes.iter().any(|p| text.starts_with(p.as_str()));
                if alike { None } else { Some(false) }
            }
            None => (!matches!(other, Value::Unknown(_))).then_some(false),
        }
    }
}

impl Native for ServerName {
    fn type_name(&self) -> &str {
        "str"
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        match builtins::lookup(vm, "str") {
            Some(Value::Class(class)) => Some(class),
            _ => None,
        }
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let method = methods::get(vm, &Value::str(""), name)?;
        Ok(method.map(|_| self.computed(vm)))
    }

    fn binary(
        &self,
        _this: &Value,
        vm: &mut Vm,
        _op: BinaryOp,
        _other: &Value,
        _reflected: bool,
    ) -> PyResult<Option<Value>> {
        Ok(Some(self.computed(vm)))
    }

    fn compare(
        &self,
        this: &Value,
        vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let same = if this.is(other) {
            Some(true)
        } else {
            self.equals(other)
        };
        Ok(Some(match (op, same) {
            (CompareOp::Eq, Some(same)) => Value::Bool(same),
            (CompareOp::Ne, Some(same)) => Value::Bool(!same),
            _ => self.computed(vm),
        }))
    }

    fn get_item(&self, _this: &Value, vm: &mut Vm, _index: &Value) -> PyResult<Option<Value>> {
        Ok(Some(self.computed(vm)))
    }

    fn contains(&self, _this: &Value, vm: &mut Vm, _item: &Value) -> PyResult<Option<bool>> {
        Err(self.needed(vm))
    }

    fn iter(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        Err(self.needed(vm))
    }

    fn len(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<usize>> {
        Err(self.needed(vm))
    }

    fn truth(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(Some(true))
    }

    fn str(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        Err(self.needed(vm))
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        Err(self.needed(vm))
    }

    fn format(&self, _this: &Value, vm: &mut Vm, _spec: &str) -> PyResult<Option<Str>> {
        Err(self.needed(vm))
    }

    fn unwritten(&self) -> Option<Rc<Unknown>> {
        Some(Rc::clone(&self.unknown))
    }
}
