//! Parsing on a second thread, ahead of the evaluation.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use crate::diagnostic::Result;
use crate::python::syntax::{self, Module};
use crate::python::vm::STACK_SIZE;
use crate::revision::Revision;
use crate::source::SourceFile;

/// How many parsed files wait at most: memory stays flat however long the chain is.
const WAITING: usize = 128;
/// Shorter chains are done before a thread has started.
const WORTH_A_THREAD: usize = 16;

/// What was begun before anybody had a project for it: the files of the revisions that will
/// probably be asked for.
#[derive(Default)]
pub struct Early(RefCell<Option<Ahead>>);

impl Early {
    /// Says which revisions will probably be asked for, in order.
    pub fn expect<'a>(&self, revisions: impl Iterator<Item = &'a Revision>) {
        *self.0.borrow_mut() = Ahead::start(&files(revisions));
    }

    /// What was begun, for the one who asks first, when it is for just these revisions; else it
    /// begins here.
    pub(super) fn or_now<'a>(
        &self,
        revisions: impl Iterator<Item = &'a Revision>,
    ) -> Option<Ahead> {
        let files = files(revisions);
        let begun = self.0.borrow_mut().take_if(|ahead| {
            let same = |(one, other)| Arc::ptr_eq(one, other);
            ahead.files.len() == files.len() && ahead.files.iter().zip(files.iter()).all(same)
        });
        begun.or_else(|| Ahead::start(&files))
    }
}

fn files<'a>(revisions: impl Iterator<Item = &'a Revision>) -> Arc<[Arc<SourceFile>]> {
    revisions
        .filter_map(|revision| revision.location.as_ref())
        .map(|location| Arc::clone(&location.file))
        .collect()
}

/// The parsed files of a chain, in order.
pub(super) struct Ahead {
    files: Arc<[Arc<SourceFile>]>,
    parsed: Receiver<(usize, Result<Arc<Module>>)>,
}

impl Ahead {
    /// Starts parsing the files in the order in which they will be evaluated.
    fn start(files: &Arc<[Arc<SourceFile>]>) -> Option<Self> {
        if files.len() < WORTH_A_THREAD {
            return None;
        }
        let (sender, parsed) = sync_channel(WAITING);
        let own = Arc::clone(files);
        let work = move || {
            for (number, file) in own.iter().enumerate() {
                if sender.send((number, syntax::parse(file))).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .stack_size(STACK_SIZE)
            .spawn(work)
            .ok()?;
        Some(Self {
            files: Arc::clone(files),
            parsed,
        })
    }

    /// The parsed form of a file; files before it are dropped. `None` when it is not among those
    /// that are still to come.
    pub(super) fn take(&self, file: &Arc<SourceFile>) -> Option<Result<Arc<Module>>> {
        loop {
            let (number, parsed) = self.parsed.recv().ok()?;
            if self
                .files
                .get(number)
                .is_some_and(|next| Arc::ptr_eq(next, file))
            {
                return Some(parsed);
            }
        }
    }
}
