//! Inputs that differ each time in Python (the clock, random identifiers) and are fixed here, so
//! that the same revisions give the same script.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::python::vm::Vm;
use crate::source::Location;

/// What stands for the clock and for random identifiers. Set by the host with `Vm::set_host`.
#[derive(Default)]
pub struct FixedInputs {
    /// "Now", in microseconds since 1970-01-01T00:00:00Z.
    pub now_unix_micros: i64,
    /// Random identifiers derive from this text and a counter.
    pub seed: String,
    /// How many identifiers have been made.
    pub counter: Cell<u64>,
    /// Each use, as a noun phrase and where it happened, for the host to warn about.
    pub used: RefCell<Vec<(&'static str, Option<Location>)>>,
}

impl FixedInputs {
    /// 2000-01-01T00:00:00Z and no seed.
    pub fn standard() -> Self {
        Self {
            now_unix_micros: 946_684_800_000_000,
            ..Self::default()
        }
    }
}

/// The fixed inputs of an evaluator, with this use recorded.
pub fn used(vm: &mut Vm, what: &'static str) -> Rc<FixedInputs> {
    let inputs = if let Some(inputs) = vm.host::<FixedInputs>() {
        inputs
    } else {
        let inputs = Rc::new(FixedInputs::standard());
        vm.set_host(Rc::clone(&inputs));
        inputs
    };
    let location = vm.location();
    inputs.used.borrow_mut().push((what, location));
    inputs
}
