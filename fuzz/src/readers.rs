//! What the fuzz targets do with an input. The tests replay kept inputs through the same functions.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use gensql::commands::{self, At, Fresh, Options};
use gensql::config::{Ini, Request, Settings};
use gensql::dialect::Dialect;
use gensql::frontend::alembic::project::header;
use gensql::frontend::sql::{Reader, SqlFile, Template, split};
use gensql::python::vm::{Budget, Module, STACK_SIZE};
use gensql::python::{Importer, PyResult, Vm, stdlib};
use gensql::report;
use gensql::revision::{Revision, RevisionMap};
use gensql::source::SourceFile;

/// What evaluating one input may use.
const BUDGET: Budget = Budget {
    steps: 20_000,
    depth: 60,
    memory: 16 << 20,
};

const DIALECTS: [&str; 2] = ["sqlite", "postgresql"];

/// Reads an ini file and interpolates each of its values.
pub fn ini(text: &str) {
    let Ok(ini) = Ini::parse(SourceFile::new("alembic.ini", text)) else {
        return;
    };
    for section in ini.sections() {
        for option in ini.options(section) {
            let _ = ini.get(section, option);
        }
    }
}

/// Reads gensql.toml, and the same text as pyproject.toml of a project.
pub fn toml(text: &str) {
    let _ = Settings::parse(&SourceFile::new("gensql.toml", text));
    with_project(|project| {
        project.write("pyproject.toml", text);
        let mut options = project.options("sqlite", false);
        options.request.files = vec!["pyproject.toml".into()];
        seen(commands::heads(&options, false));
    });
}

/// Splits a text, and reads it as a revision and as statements.
pub fn sql_revision(text: &str) {
    let joined: String = split(text)
        .iter()
        .map(|piece| &text[piece.whole.clone()])
        .collect();
    assert_eq!(joined, text);
    let _ = SqlFile::parse(SourceFile::new("a.sql", text));
    for dialect in ["sqlite", "postgresql", "mysql", "mssql"] {
        let _ = Reader::new(
            Dialect::load(dialect, None, false).ok().as_deref(),
            &BTreeMap::new(),
        )
        .read(text);
    }
    with_project(|project| {
        project.write("revisions/a.sql", text);
        for dialect in DIALECTS {
            let mut options = project.options(dialect, false);
            options.request.files = vec!["gensql.toml".into()];
            run_both_ways(&options);
        }
    });
}

/// Renders a text as the section of a SQL revision.
pub fn template(text: &str) {
    let template = Template::new("sqlite", None, &BTreeMap::new(), 1 << 20);
    let _ = template.render(&SourceFile::new("a.sql", text), 0..text.len());
}

static REVISIONS: LazyLock<Vec<Revision>> = LazyLock::new(|| {
    let mut revisions = vec![
        Revision::new("a1", &[]),
        Revision::new("a2", &["a1"]),
        Revision::new("b1", &["a2"]),
        Revision::new("c1", &["a2"]),
        Revision::new("d1", &["b1", "c1"]),
        Revision::new("e1", &[]),
        Revision::new("e2", &["e1"]),
    ];
    revisions[2].branch_labels = vec!["billing".into()];
    revisions[5].depends_on = vec!["b1".into()];
    revisions
});

/// Resolves a text as target, start and range over a graph with branches, labels and a merge.
pub fn targets(text: &str) {
    let Ok(map) = RevisionMap::new(REVISIONS.clone()) else {
        return;
    };
    let (start, target) = text.split_once(':').unwrap_or(("", text));
    let start = map
        .start((!start.is_empty()).then_some(start))
        .unwrap_or_default();
    let _ = map.upgrade(&start, &[target]);
    let _ = map.downgrade(&start, target);
    let _ = map.history(&[target], &[]);
    let _ = map.show(target);
}

struct Alone;

impl Importer for Alone {
    fn native_module(&self, vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>> {
        stdlib::module(vm, dotted)
    }

    fn project_module(&self, _dotted: &str) -> Option<(Arc<SourceFile>, bool)> {
        None
    }

    fn open(&self, _path: &str) -> Result<Vec<u8>, String> {
        Err("no such file".to_owned())
    }

    fn environment(&self, _name: &str) -> Option<String> {
        None
    }
}

/// Parses and evaluates a module.
pub fn python(text: &str) {
    let text = text.to_owned();
    on_large_stack(move || {
        let mut vm = Vm::new(Rc::new(Alone), BUDGET);
        let module = vm.run_module("fuzzed", &SourceFile::new("fuzzed.py", text));
        if let Ok(module) = module {
            module.dict.borrow_mut().clear();
        }
    });
}

const REVISION: &str = "import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql\nrevision = 'a1'\ndown_revision = None\n";

/// The body of a revision: evaluated, lowered and rendered for two dialects in both modes, and
/// for a new database.
pub fn alembic(text: &str) {
    let text = format!("{REVISION}{text}");
    let _ = header::scan(&text);
    on_large_stack(move || {
        with_project(|project| {
            project.write("versions/a.py", &text);
            for dialect in DIALECTS {
                for compat in [false, true] {
                    run_both_ways(&project.options(dialect, compat));
                }
                let mut options = project.options(dialect, false);
                options.fresh = Fresh::New;
                run_up(&options);
            }
        });
    });
}

/// The scan for a revision's header, and its evaluation where the scan is not enough.
pub fn header(text: &str) {
    let _ = header::scan(text);
    let text = text.to_owned();
    on_large_stack(move || {
        with_project(|project| {
            project.write("versions/a.py", &text);
            seen(commands::history(
                &project.options("sqlite", false),
                None,
                false,
                &At::Unknown,
            ));
        });
    });
}

/// `env.py`.
pub fn env(text: &str) {
    let text = text.to_owned();
    on_large_stack(move || {
        with_project(|project| {
            project.write("versions/a.py", &format!("{REVISION}def upgrade(): pass\n"));
            project.write("env.py", &text);
            for compat in [false, true] {
                let mut options = project.options("sqlite", compat);
                seen(commands::upgrade(
                    &options,
                    &["head".to_owned()],
                    &At::Unknown,
                ));
                options.dialect = None;
                seen(commands::upgrade(
                    &options,
                    &["head".to_owned()],
                    &At::Unknown,
                ));
            }
        });
    });
}

/// The rows of a version table, as a client or a dump gives them.
pub fn current_from(bytes: &[u8]) {
    with_project(|project| {
        let rows = project.0.path().join("rows");
        let _ = std::fs::write(&rows, bytes);
        project.write("versions/a.py", REVISION);
        let options = project.options("sqlite", false);
        seen(commands::current(&options, &At::File(rows), false));
    });
}

/// A project in a directory of its own.
struct Project(tempfile::TempDir);

const FILES: [(&str, &str); 3] = [
    (
        "alembic.ini",
        "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite://\n",
    ),
    (
        "env.py",
        "from alembic import context\ncontext.configure(dialect_name='sqlite')\nwith context.begin_transaction():\n    context.run_migrations()\n",
    ),
    ("gensql.toml", "revisions = [\"revisions\"]\n"),
];

impl Project {
    fn write(&self, name: &str, text: &str) {
        let _ = std::fs::write(self.0.path().join(name), text);
    }

    fn options(&self, dialect: &str, compat: bool) -> Options {
        Options {
            request: Request {
                directory: self.0.path().to_owned(),
                files: vec![PathBuf::from("alembic.ini")],
                section: None,
                packages: Vec::new(),
            },
            dialect: Some(dialect.to_owned()),
            compat,
            budget: BUDGET,
            ..Options::default()
        }
    }
}

fn with_project(run: impl FnOnce(&Project)) {
    let Ok(directory) = tempfile::tempdir() else {
        return;
    };
    let project = Project(directory);
    for name in ["versions", "revisions"] {
        let _ = std::fs::create_dir(project.0.path().join(name));
    }
    for (name, text) in FILES {
        project.write(name, text);
    }
    run(&project);
}

fn run_up(options: &Options) {
    seen(commands::upgrade(
        options,
        &["heads".to_owned()],
        &At::Unknown,
    ));
}

fn run_both_ways(options: &Options) {
    run_up(options);
    seen(commands::downgrade(options, "heads:base", &At::Unknown));
}

/// Whatever came out is also shown.
fn seen(outcome: gensql::diagnostic::Result<commands::Outcome>) {
    match outcome {
        Ok(outcome) => {
            for diagnostic in &outcome.diagnostics {
                let _ = report::render(diagnostic, false);
            }
        }
        Err(diagnostic) => {
            let _ = report::render(&diagnostic, false);
        }
    }
}

fn on_large_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(STACK_SIZE)
        .spawn(run);
    if thread.is_ok_and(|thread| thread.join().is_err()) {
        panic!("the input makes gensql panic");
    }
}
