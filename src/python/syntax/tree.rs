//! The parser's own trees of the files that were asked about last.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::ModModule;

use crate::source::SourceFile;

/// How many trees are kept: a migration's and those of the modules whose functions it calls.
const KEPT: usize = 4;

type Tree = Option<Rc<ModModule>>;

thread_local! {
    static TREES: RefCell<VecDeque<(Arc<SourceFile>, Tree)>> = const { RefCell::new(VecDeque::new()) };
}

/// The tree of a file; `None` when it is not valid Python. It is kept for a while: what passes over
/// a migration's statements asks about the same file for each of them.
pub(super) fn of(file: &Arc<SourceFile>) -> Tree {
    TREES.with_borrow_mut(|trees| {
        if let Some((_, tree)) = trees.iter().find(|(known, _)| Arc::ptr_eq(known, file)) {
            return tree.clone();
        }
        let parsed = ruff_python_parser::parse_module(file.text()).ok();
        let tree = parsed.map(|parsed| Rc::new(parsed.into_syntax()));
        trees.truncate(KEPT - 1);
        trees.push_front((Arc::clone(file), tree.clone()));
        tree
    })
}
