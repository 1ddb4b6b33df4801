//! What a command has made and is done with.

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

/// Holds what a command is done with for as long as the options live. A process that ends with the
/// command forgets both: the system takes the memory at once, where taking apart what it held
/// would cost a short command a twentieth of its time.
#[derive(Clone, Default)]
pub struct Kept(Rc<RefCell<Vec<Box<dyn Any>>>>);

impl Kept {
    pub(super) fn keep(&self, done: impl Any) {
        self.0.borrow_mut().push(Box::new(done));
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Kept")
    }
}
