//! Modules of the standard library. Some are written in Rust, some in the Python that the
//! evaluator itself runs (`stdlib/py`).

use std::rc::Rc;

use super::error::PyResult;
use super::vm::{Module, Vm};

pub mod fixed;

/// The standard library's module `dotted`, made when first asked for. `None` when there is none.
/// The caller keeps it, as `sys.modules` does.
#[allow(unused_variables)]
pub fn module(vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>> {
    Ok(None)
}
