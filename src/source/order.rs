//! The order in which a directory's entries are read.

use std::cmp::Ordering;

use walkdir::DirEntry;

/// Two entries of one directory as Python's `os.walk` with sorted names gives them: files before
/// sub-directories.
pub fn by_name(a: &DirEntry, b: &DirEntry) -> Ordering {
    // Their paths differ in nothing but the name, which need not be found in them.
    let path = |entry: &DirEntry, other: &DirEntry| {
        let (entry, other) = (entry.path(), other.path());
        entry.as_os_str().cmp(other.as_os_str())
    };
    let kind = |entry: &DirEntry| entry.file_type().is_dir();
    kind(a).cmp(&kind(b)).then_with(|| path(a, b))
}
