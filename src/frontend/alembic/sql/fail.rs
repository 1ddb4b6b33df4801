//! Exceptions of the expression language.

use crate::diagnostic::{Code, Diagnostic};
use crate::python::{PyResult, Raise, Unknown, Value, Vm};

/// `sqlalchemy.exc.ArgumentError`.
pub(super) fn argument(vm: &mut Vm, message: impl Into<String>) -> Box<Raise> {
    crate::frontend::alembic::raise::argument(vm, message)
}

/// `TypeError`.
pub(super) fn type_error(message: impl Into<String>) -> Box<Raise> {
    Raise::exception("TypeError", message)
}

/// A value that cannot be known reached an expression.
pub(super) fn unknown(vm: &mut Vm, value: &Unknown) -> Box<Raise> {
    let message = format!(
        "the statement depends on {}, which cannot be known",
        value.what
    );
    let diagnostic = Diagnostic::error(Code::UnknownValue, message)
        .at(vm.location())
        .with_help("write the value into the revision, or compute it in SQL");
    let diagnostic = value.trace(diagnostic);
    Raise::fatal_about(diagnostic, value)
}

/// Something of SQLAlchemy that is not evaluated.
pub(super) fn unsupported(vm: &mut Vm, what: &str) -> Box<Raise> {
    Raise::fatal(
        Diagnostic::error(Code::PythonUnsupported, format!("{what} is not supported"))
            .at(vm.location())
            .with_help("write the statement with op.execute(\"…\")"),
    )
}

/// Stops at a value that cannot be known.
pub(super) fn known(vm: &mut Vm, value: &Value) -> PyResult<()> {
    match value {
        Value::Unknown(reason) => Err(unknown(vm, reason)),
        _ => Ok(()),
    }
}
