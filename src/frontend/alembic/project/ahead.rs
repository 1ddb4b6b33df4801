//! Parsing on a second thread, ahead of the evaluation.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use crate::diagnostic::Result;
use crate::python::syntax::{self, Module};
use crate::python::vm::STACK_SIZE;
use crate::source::SourceFile;

/// How many parsed files wait at most: memory stays flat however long the chain is.
const WAITING: usize = 32;
/// Shorter chains are done before a thread has started.
const WORTH_A_THREAD: usize = 16;

/// The parsed files of a chain, in order.
pub(super) struct Ahead(Receiver<(Arc<SourceFile>, Result<Arc<Module>>)>);

impl Ahead {
    /// Starts parsing the files in the order in which they will be evaluated.
    pub(super) fn start(files: Vec<Arc<SourceFile>>) -> Option<Self> {
        if files.len() < WORTH_A_THREAD {
            return None;
        }
        let (sender, receiver) = sync_channel(WAITING);
        let work = move || {
            for file in files {
                let parsed = syntax::parse(&file);
                if sender.send((file, parsed)).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .stack_size(STACK_SIZE)
            .spawn(work)
            .ok()?;
        Some(Self(receiver))
    }

    /// The parsed form of a file; files before it are dropped. `None` when it is not among those
    /// that are still to come.
    pub(super) fn take(&self, file: &Arc<SourceFile>) -> Option<Result<Arc<Module>>> {
        loop {
            let (next, parsed) = self.0.recv().ok()?;
            if Arc::ptr_eq(&next, file) {
                return Some(parsed);
            }
        }
    }
}
