//! Reading and parsing on a second thread, ahead of the evaluation.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, channel, sync_channel};
use std::thread::{Builder, JoinHandle};

use rustc_hash::FxHashMap;

use super::revisions::{Queue, Share};
use crate::diagnostic::Result;
use crate::python::syntax::{self, Module};
use crate::python::vm::STACK_SIZE;
use crate::revision::Revision;
use crate::source::SourceFile;

/// How many parsed files wait at most: memory stays flat however long the chain is.
const WAITING: usize = 128;
/// Shorter chains are done before a thread has started.
const WORTH_A_THREAD: usize = 16;

type Files = Arc<[Arc<SourceFile>]>;
type Parsed = (usize, Result<Arc<Module>>);
/// What was parsed before anybody asked for it, by the place of the file in memory.
type Guessed = FxHashMap<usize, Result<Arc<Module>>>;

/// What was begun before anybody had a project for it: the files of the revisions that will
/// probably be asked for.
#[derive(Default)]
pub struct Early {
    evaluating: bool,
    begun: RefCell<Begun>,
}

#[derive(Default)]
enum Begun {
    #[default]
    Nothing,
    /// Files were read, and nobody has said which of them will be asked for.
    Reading(Reader),
    Parsing(Ahead),
}

impl Begun {
    /// Parses files, on the thread that has read some where there is one.
    fn go_on(self, files: Files) -> Option<Ahead> {
        match self {
            Self::Reading(reader) => reader.parse(files),
            Self::Nothing | Self::Parsing(_) => Ahead::start(files),
        }
    }
}

impl Early {
    /// For a command that evaluates revisions: files are parsed as soon as they are read.
    pub fn evaluating() -> Self {
        Self {
            evaluating: true,
            begun: RefCell::default(),
        }
    }

    /// How many files are worth a second thread that reads some of them; `usual` when it has
    /// nothing else to do.
    pub(super) fn few(&self, usual: usize) -> usize {
        if self.evaluating {
            WORTH_A_THREAD
        } else {
            usual
        }
    }

    /// Has a second thread read files, beside the one that asks.
    pub(super) fn read(&self, queue: &Arc<Queue>) -> Option<Reading> {
        let queue = Arc::clone(queue);
        if !self.evaluating {
            let read = move || queue.work();
            return Some(Reading::Once(Builder::new().spawn(read).ok()?));
        }
        let (give, read) = channel();
        let (wanted, told) = channel();
        let (parser, trees) = trees();
        let work = move || {
            let read = queue.work();
            drop(queue);
            let first = read
                .iter()
                .filter_map(|(_, read)| Some(read.as_ref().ok()?.file()));
            let first: Vec<_> = first.take(WAITING).map(Arc::clone).collect();
            if give.send(read).is_err() {
                return;
            }
            let mut guessed = Guessed::default();
            if let Some(files) = guess(&first, &told, &mut guessed) {
                parser.parse_all(&files, guessed);
            }
        };
        Builder::new().stack_size(STACK_SIZE).spawn(work).ok()?;
        *self.begun.borrow_mut() = Begun::Reading(Reader { wanted, trees });
        Some(Reading::AndOn(read))
    }

    /// Says which revisions will probably be asked for, in order.
    pub fn expect<'a>(&self, revisions: impl Iterator<Item = &'a Revision>) {
        let files = files(revisions);
        let mut begun = self.begun.borrow_mut();
        let ahead = std::mem::take(&mut *begun).go_on(files);
        *begun = ahead.map_or(Begun::Nothing, Begun::Parsing);
    }

    /// What was begun, for the one who asks first, when it is for just these revisions; else it
    /// begins here.
    pub(super) fn or_now<'a>(
        &self,
        revisions: impl Iterator<Item = &'a Revision>,
    ) -> Option<Ahead> {
        let files = files(revisions);
        match std::mem::take(&mut *self.begun.borrow_mut()) {
            Begun::Parsing(ahead) if ahead.is_for(&files) => Some(ahead),
            begun => begun.go_on(files),
        }
    }
}

fn files<'a>(revisions: impl Iterator<Item = &'a Revision>) -> Files {
    revisions
        .filter_map(|revision| revision.location.as_ref())
        .map(|location| Arc::clone(&location.file))
        .collect()
}

/// Parses files, in the order in which they were read, until it is said which ones are wanted.
fn guess(
    first: &[Arc<SourceFile>],
    told: &Receiver<Files>,
    guessed: &mut Guessed,
) -> Option<Files> {
    for file in first {
        match told.try_recv() {
            Ok(files) => return Some(files),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {
                guessed.insert(place(file), syntax::parse(file));
            }
        }
    }
    told.recv().ok()
}

/// What the parsing thread has of its connection.
struct Parser {
    parsed: SyncSender<Parsed>,
    evaluated: Receiver<Arc<Module>>,
    ended: Arc<AtomicBool>,
}

/// What the evaluating thread has of it.
struct Trees {
    parsed: Receiver<Parsed>,
    evaluated: Sender<Arc<Module>>,
    /// Whether everything has been parsed.
    ended: Arc<AtomicBool>,
    /// What was evaluated since then: the rest of what waited.
    kept: RefCell<Vec<Arc<Module>>>,
}

fn trees() -> (Parser, Trees) {
    let (sender, parsed) = sync_channel(WAITING);
    let (evaluated, receiver) = channel();
    let parser = Parser {
        parsed: sender,
        evaluated: receiver,
        ended: Arc::default(),
    };
    let trees = Trees {
        parsed,
        evaluated,
        ended: Arc::clone(&parser.ended),
        kept: RefCell::default(),
    };
    (parser, trees)
}

impl Parser {
    /// Parses the files in the order in which they will be evaluated. The trees come back when
    /// they were: memory is freed for less, and used again at once, by the thread that took it.
    fn parse_all(&self, files: &Files, mut guessed: Guessed) {
        for (number, file) in files.iter().enumerate() {
            let parsed = guessed.remove(&place(file));
            let parsed = parsed.unwrap_or_else(|| syntax::parse(file));
            if self.parsed.send((number, parsed)).is_err() {
                return;
            }
            self.evaluated.try_iter().for_each(drop);
        }
        self.ended.store(true, Ordering::Relaxed);
        // To end takes time from the other thread, which has the same memory.
        self.evaluated.iter().for_each(drop);
    }
}

fn place(file: &Arc<SourceFile>) -> usize {
    Arc::as_ptr(file).addr()
}

/// Files that a second thread is reading.
pub(super) enum Reading {
    /// It does nothing else.
    Once(JoinHandle<Share>),
    /// It goes on.
    AndOn(Receiver<Share>),
}

impl Reading {
    /// What was read; `None` when the thread has failed.
    pub(super) fn wait(self) -> Option<Share> {
        match self {
            Self::Once(thread) => thread.join().ok(),
            Self::AndOn(read) => read.recv().ok(),
        }
    }
}

/// A thread that waits to be told which files are wanted.
struct Reader {
    wanted: Sender<Files>,
    trees: Trees,
}

impl Reader {
    fn parse(self, files: Files) -> Option<Ahead> {
        let Self { wanted, trees } = self;
        if files.len() < WORTH_A_THREAD {
            return None;
        }
        wanted.send(Arc::clone(&files)).ok()?;
        Some(Ahead { files, trees })
    }
}

/// The parsed files of a chain, in order.
pub(super) struct Ahead {
    files: Files,
    trees: Trees,
}

impl Ahead {
    fn start(files: Files) -> Option<Self> {
        if files.len() < WORTH_A_THREAD {
            return None;
        }
        let (parser, trees) = trees();
        let own = Arc::clone(&files);
        let work = move || parser.parse_all(&own, Guessed::default());
        Builder::new().stack_size(STACK_SIZE).spawn(work).ok()?;
        Some(Self { files, trees })
    }

    fn is_for(&self, files: &Files) -> bool {
        let same = |(one, other)| Arc::ptr_eq(one, other);
        self.files.len() == files.len() && self.files.iter().zip(files.iter()).all(same)
    }

    /// The parsed form of a file; files before it are dropped. `None` when it is not among those
    /// that are still to come.
    pub(super) fn take(&self, file: &Arc<SourceFile>) -> Option<Result<Arc<Module>>> {
        loop {
            let (number, parsed) = self.trees.parsed.recv().ok()?;
            if self
                .files
                .get(number)
                .is_some_and(|next| Arc::ptr_eq(next, file))
            {
                return Some(parsed);
            }
        }
    }

    /// Takes back what was evaluated.
    pub(super) fn give_back(&self, parsed: Arc<Module>) {
        let trees = &self.trees;
        if trees.ended.load(Ordering::Relaxed) {
            // The thread sleeps, and would have to be woken for each.
            trees.kept.borrow_mut().push(parsed);
        } else {
            // When the thread has failed they are freed here.
            let _ = trees.evaluated.send(parsed);
        }
    }
}
