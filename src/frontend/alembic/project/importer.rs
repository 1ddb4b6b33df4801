//! The sandbox: which modules and files evaluated code can reach.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::files;
use crate::source::SourceFile;

/// A module's source, and whether it is a package.
type Found = (Arc<SourceFile>, bool);

/// The directories that belong to a project. Nothing outside them is ever read.
pub struct Sandbox {
    /// Where imports are looked for, in order (`sys.path`).
    search: Vec<PathBuf>,
    /// Where modules are looked for before that, which do not say what else is in their packages.
    stand_ins: Vec<PathBuf>,
    /// The canonical directories that files must lie in.
    roots: Vec<PathBuf>,
    /// The largest file that is read, in bytes.
    limit: usize,
    /// Where gensql was started.
    working: Option<PathBuf>,
    found: RefCell<FxHashMap<String, Option<Found>>>,
    /// The files that were read.
    read: RefCell<BTreeSet<PathBuf>>,
}

impl Sandbox {
    /// A sandbox whose imports are looked for in `search`, and which may read below `roots`.
    pub fn new(search: Vec<PathBuf>, roots: &[PathBuf], limit: usize) -> Self {
        let roots = search
            .iter()
            .chain(roots)
            .filter_map(|p| p.canonicalize().ok())
            .collect();
        Self {
            search,
            stand_ins: Vec::new(),
            roots,
            limit,
            working: std::env::current_dir().ok(),
            found: RefCell::default(),
            read: RefCell::default(),
        }
    }

    /// The same with directories of modules that are evaluated in the place of those with their names.
    #[must_use]
    pub fn with_stand_ins(mut self, stand_ins: &[PathBuf]) -> Self {
        let canonical = stand_ins.iter().filter_map(|path| path.canonicalize().ok());
        self.roots.extend(canonical);
        self.stand_ins = stand_ins.to_vec();
        self
    }

    /// Whether a path, links resolved, lies in the project.
    pub fn contains(&self, path: &Path) -> bool {
        path.canonicalize()
            .is_ok_and(|real| self.roots.iter().any(|root| real.starts_with(root)))
    }

    /// The source of a module, and whether it is a package.
    pub fn module(&self, dotted: &str) -> Option<(Arc<SourceFile>, bool)> {
        if let Some(known) = self.found.borrow().get(dotted) {
            return known.clone();
        }
        let found = self.look_up(dotted);
        self.found
            .borrow_mut()
            .insert(dotted.to_owned(), found.clone());
        found
    }

    fn look_up(&self, dotted: &str) -> Option<(Arc<SourceFile>, bool)> {
        // `importlib.import_module` takes any name: revisions are called `2016-03-13_add_x`.
        let valid = |part: &str| {
            !part.is_empty() && !part.contains(['/', '\\', '\0']) && part.trim() == part
        };
        if !dotted.split('.').all(valid) {
            return None;
        }
        let relative: PathBuf = dotted.split('.').collect();
        let mut namespace = None;
        for directory in &self.stand_ins {
            if let Some(found) = self.written(&directory.join(&relative)) {
                return Some(found);
            }
        }
        for directory in &self.search {
            let base = directory.join(&relative);
            if let Some(found) = self.written(&base) {
                return Some(found);
            }
            // A namespace package has no code of its own, and what has some goes before it wherever it is.
            if namespace.is_none() && base.is_dir() && self.contains(&base) {
                let package = base.join("__init__.py");
                namespace = Some((SourceFile::new(package, ""), true));
            }
        }
        namespace
    }

    /// The package or the module of a path without its suffix.
    fn written(&self, base: &Path) -> Option<Found> {
        if let Some(file) = self.source(&base.join("__init__.py")) {
            return Some((file, true));
        }
        let file = self.source(&base.with_extension("py"))?;
        Some((file, false))
    }

    fn source(&self, path: &Path) -> Option<Arc<SourceFile>> {
        if !path.is_file() || !self.contains(path) {
            return None;
        }
        let file = files::read_source(path, self.limit).ok()?;
        self.read.borrow_mut().insert(path.to_path_buf());
        Some(file)
    }

    /// The files of the project that evaluated code has imported or opened, in order.
    pub fn files_read(&self) -> Vec<PathBuf> {
        self.read.borrow().iter().cloned().collect()
    }

    /// The bytes of a file that evaluated code opens. A relative path counts from each place that
    /// imports are looked for.
    ///
    /// # Errors
    /// A sentence that says why the file is not to be had.
    pub fn open(&self, path: &str) -> Result<Vec<u8>, String> {
        let candidates = self.candidates(path);
        let Some(found) = candidates.iter().find(|candidate| candidate.is_file()) else {
            return Err(format!("No such file or directory: '{path}'"));
        };
        if !self.contains(found) {
            return Err(format!("'{path}' lies outside the project"));
        }
        let bytes = files::read_bytes(found, self.limit).map_err(|found| found.message)?;
        self.read.borrow_mut().insert(found.clone());
        Ok(bytes)
    }

    /// Where a path that evaluated code names may lead, the working directory's own files under
    /// their short names: what is read is recorded, and records hold nothing of the machine.
    fn candidates(&self, path: &str) -> Vec<PathBuf> {
        let path = Path::new(path);
        if !path.is_absolute() {
            let places = self.search.iter();
            return places.map(|directory| directory.join(path)).collect();
        }
        let working = self.working.as_deref();
        let inner = working.and_then(|working| path.strip_prefix(working).ok());
        vec![match inner {
            Some(inner) if inner.as_os_str().is_empty() => PathBuf::from("."),
            Some(inner) => inner.to_path_buf(),
            None => path.to_path_buf(),
        }]
    }

    /// The directory of the project that a path leads to.
    pub fn find_directory(&self, path: &str) -> Option<PathBuf> {
        let mut candidates = self.candidates(path).into_iter();
        let found = candidates.find(|candidate| candidate.is_dir())?;
        self.contains(&found).then_some(found)
    }

    /// What a directory of the project holds: the names in their order, each with whether it is a
    /// directory itself.
    pub fn directory(&self, path: &str) -> Option<Vec<(String, bool)>> {
        let mut entries: Vec<(String, bool)> = std::fs::read_dir(self.find_directory(path)?)
            .ok()?
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((entry.file_name().into_string().ok()?, entry.path().is_dir()))
            })
            .collect();
        entries.sort();
        Some(entries)
    }

    /// Where gensql was started.
    pub fn working_directory(&self) -> Option<&Path> {
        self.working.as_deref()
    }

    /// The version in the name of a `NAME-VERSION.dist-info` directory where imports are looked for.
    pub fn distribution(&self, name: &str) -> Option<String> {
        // Runs of `-`, `_` and `.` are the same in names of distributions (PEP 503).
        let normal = |name: &str| -> String {
            let parts = name.split(['-', '_', '.']);
            let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            parts.join("-").to_lowercase()
        };
        let wanted = normal(name);
        self.search.iter().find_map(|directory| {
            let mut entries: Vec<String> = std::fs::read_dir(directory)
                .ok()?
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .collect();
            entries.sort();
            entries.iter().find_map(|entry| {
                let (name, version) = entry.strip_suffix(".dist-info")?.rsplit_once('-')?;
                (normal(name) == wanted).then(|| version.to_owned())
            })
        })
    }

    /// Whether a path inside the project exists, and whether it is a directory.
    pub fn kind(&self, path: &Path) -> Option<bool> {
        if !self.contains(path) {
            return None;
        }
        std::fs::metadata(path).ok().map(|meta| meta.is_dir())
    }
}

/// The directory that has to be on `sys.path` for a file to be imported as part of its package:
/// the first one upwards without an `__init__.py`.
pub fn package_root(directory: &Path) -> PathBuf {
    let mut root = directory;
    while root.join("__init__.py").is_file() {
        match root.parent() {
            Some(parent) => root = parent,
            None => break,
        }
    }
    if root.as_os_str().is_empty() {
        // A relative path whose first part is the package: it lies where the command runs.
        return PathBuf::from(".");
    }
    root.to_path_buf()
}

/// The same for the package that a directory lies in without being part of it, as migrations often
/// do: `app/db/alembic/` where `app/db/__init__.py` is and `app/db/alembic/__init__.py` is not.
pub fn enclosing_package_root(directory: &Path) -> Option<PathBuf> {
    /// How far up the package may be.
    const LEVELS: usize = 3;
    let directory = std::path::absolute(directory).ok()?;
    let package = directory
        .ancestors()
        .skip(1)
        .take(LEVELS)
        .find(|ancestor| ancestor.join("__init__.py").is_file())?;
    let root = package_root(package);
    // Shown as the other paths are, from where the command runs.
    let here = std::path::absolute(".").ok()?;
    Some(match root.strip_prefix(&here) {
        Ok(inner) => Path::new(".").join(inner),
        Err(_) => root,
    })
}
