//! Counts what is allocated, so that an input which makes gensql take far more memory than its
//! budget is found at once, also where leaks of earlier inputs blur the process's size.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What one input may hold at a time: several times the budgets that the targets set.
const LIMIT: usize = 256 << 20;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static START: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        if live > START.load(Ordering::Relaxed) + LIMIT {
            START.store(usize::MAX / 2, Ordering::Relaxed);
            eprintln!("the input takes more than {LIMIT} bytes");
            std::process::abort();
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs one input under the limit.
pub fn limited(run: impl FnOnce()) {
    START.store(LIVE.load(Ordering::Relaxed), Ordering::Relaxed);
    run();
}
