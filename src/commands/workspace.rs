//! A project that is open: its configuration, its front-end and its revision map.

use std::cell::{OnceCell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::conventions::Conventions;
use super::{Options, Outcome};
use crate::catalog::{Catalog, Opaque, Table, Taint};
use crate::compare::proposal;
use crate::config::{AlembicConfig, Config, Source};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::{Dialect, Library};
use crate::frontend::alembic::Answers;
use crate::frontend::alembic::env::{Environment, Run};
use crate::frontend::alembic::inspect::{Found, Introspection, Listener};
use crate::frontend::alembic::project::written::Models;
use crate::frontend::alembic::sql::{Stringify, Written};
use crate::frontend::alembic::types::configured::Configured;
use crate::frontend::alembic::{Invocation, Quote, Target, project, types};
use crate::frontend::sql;
use crate::lower::naming::Convention;
use crate::lower::{Body, Field, LowerOptions, Lowering, expression};
use crate::operation::{Located, Operation};
use crate::python::{Str, Value};
use crate::render::Renderer;
use crate::revision::{Direction, Plan, Revision, RevisionMap, Step, StepKind};
use crate::source::SourceFile;

/// An open project.
pub(super) struct Workspace {
    pub(super) config: Config,
    /// The dialects that the project can choose from.
    pub(super) library: Rc<Library>,
    pub(super) map: Rc<RevisionMap>,
    /// What the command was asked for.
    pub(super) invocation: Invocation,
    /// Parses the revisions' files while something else is done.
    pub(super) early: Rc<project::Early>,
}

impl Workspace {
    /// Reads the configuration and the headers of all revisions.
    pub(super) fn open(options: &Options) -> Result<Self> {
        Self::begin(options, project::Early::default())
    }

    /// The same for a command that evaluates revisions, which saves time: a second thread goes on
    /// from reading files to parsing them.
    pub(super) fn open_to_evaluate(options: &Options) -> Result<Self> {
        Self::begin(options, project::Early::evaluating())
    }

    fn begin(options: &Options, early: project::Early) -> Result<Self> {
        let early = Rc::new(early);
        let config = Config::load(&options.request)?;
        let library = Library::new(config.beside());
        let revisions = match &config.source {
            Source::Alembic(alembic) => {
                let mut run = evaluation(options, &library, Target::default());
                run.early = Rc::clone(&early);
                project::Project::open(alembic, run).revisions()?
            }
            Source::Sql { .. } => sql_project(&config, options)?.revisions(),
        };
        let map = Rc::new(RevisionMap::new(revisions)?);
        Ok(Self {
            config,
            library,
            map,
            invocation: Invocation::default(),
            early,
        })
    }

    /// A note where there are no revisions, since nothing is printed of none.
    pub(super) fn with_note(&self, mut outcome: Outcome) -> Outcome {
        if self.map.is_empty() {
            outcome.diagnostics.push(
                Diagnostic::note(Code::NoRevisions, "the project has no revisions")
                    .with_help("`gensql revision -m MESSAGE` writes the first one"),
            );
        }
        outcome
    }

    /// Says which revisions will be asked for, before anybody knows for which dialect.
    pub(super) fn expect(&self, plan: &Plan) {
        match self.config.source {
            Source::Alembic(_) => self.early.expect(self.revisions_of(plan)),
            Source::Sql { .. } => {}
        }
    }

    /// The revisions of a plan, in order.
    fn revisions_of<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = &'a Revision> {
        plan.steps.iter().filter_map(|step| match step.kind {
            StepKind::Revision(index) => Some(self.map.revision(index)),
            StepKind::Stamp => None,
        })
    }
}

fn adapted(dialect: &Dialect) -> Rc<[(Arc<str>, Arc<str>)]> {
    let pairs = dialect.facts().adapted.iter();
    pairs
        .map(|(from, to)| (Arc::from(from.as_str()), Arc::from(to.as_str())))
        .collect()
}

/// Whether a revision says how it is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Downgrade {
    /// It does.
    Written,
    /// There is nothing at all.
    Missing,
    /// There is a function that does nothing or only raises.
    Empty,
}

/// The front-end of a project, for one dialect.
pub(super) enum Frontend {
    /// Alembic revisions, with the schema that answers what they ask about the database.
    Alembic(Box<project::Project>, Rc<Introspection>),
    /// SQL revisions.
    Sql(Box<sql::Project>),
}

impl Frontend {
    /// Opens the front-end.
    pub(super) fn open(
        workspace: &Workspace,
        options: &Options,
        dialect: &Rc<Dialect>,
    ) -> Result<Self> {
        Ok(match &workspace.config.source {
            Source::Alembic(alembic) => {
                let features = &dialect.facts().features;
                let default_schema: Option<Arc<str>> = Some(features.default_schema.as_str())
                    .filter(|name| !name.is_empty())
                    .map(Into::into);
                let target = Target {
                    dialect: dialect.name().into(),
                    version: dialect.version().and_then(numbers),
                    default_schema: default_schema.clone(),
                    alters_constraints: features.alter_constraints,
                    transactional_ddl: dialect.facts().script.transactional_ddl,
                    loaded: Some(Rc::clone(dialect)),
                    bind: Some(Rc::new(dialect.facts().bind.clone())),
                    quote: Some(quote(dialect.library())),
                    adapted: adapted(dialect),
                };
                let introspection = Rc::new(Introspection {
                    catalog: RefCell::new(Catalog::new(features.server_naming)),
                    default_schema: default_schema.clone(),
                    unique_constraints_are_indexes: features.unique_constraints_are_indexes,
                    inspection: dialect.facts().inspection.clone(),
                    found: Box::new(found_by(dialect)),
                    version_table: "alembic_version".into(),
                    type_value: types::value_of,
                    listener: RefCell::new(None),
                    naming: RefCell::new(None),
                    dialect: Rc::clone(dialect),
                });
                let mut run = evaluation(options, dialect.library(), target);
                run.revisions = Some(Rc::clone(&workspace.map));
                run.invocation = workspace.invocation.clone();
                run.early = Rc::clone(&workspace.early);
                run.configured_types = workspace.config.settings.types.clone();
                run.configured_answers = workspace.config.settings.answers.clone();
                if !options.compat {
                    run.introspection = Some(Rc::clone(&introspection));
                }
                let project = project::Project::open(alembic, run);
                Self::Alembic(Box::new(project), introspection)
            }
            Source::Sql { .. } => {
                let project = sql_project(&workspace.config, options)?;
                let settings = &workspace.config.settings;
                Self::Sql(Box::new(project.with_dialect(dialect, settings)))
            }
        })
    }

    /// What a revision does in a direction. Called in the order of the script.
    pub(super) fn operations(
        &self,
        revision: &Revision,
        direction: Direction,
    ) -> Result<Vec<Located>> {
        match self {
            Self::Alembic(project, _) => project.operations(revision, direction),
            Self::Sql(project) => project.operations(revision, direction),
        }
    }

    /// What a revision does as far as it can be evaluated, and what stopped it.
    pub(super) fn as_far(
        &self,
        revision: &Revision,
        direction: Direction,
    ) -> Result<(Vec<Located>, Option<project::Stopped>)> {
        match self {
            Self::Alembic(project, _) => project.as_far(revision, direction),
            Self::Sql(project) => Ok(match project.operations(revision, direction) {
                Ok(operations) => (operations, None),
                Err(diagnostic) => {
                    let hides = Taint::Everything;
                    (Vec::new(), Some(project::Stopped { diagnostic, hides }))
                }
            }),
        }
    }

    /// What a revision that is not there yet does: its text is that of `file`.
    pub(super) fn operations_of(
        &self,
        revision: &Revision,
        file: &Arc<SourceFile>,
        direction: Direction,
    ) -> Result<Vec<Located>> {
        match self {
            Self::Alembic(project, _) => project.operations(revision, direction),
            Self::Sql(project) => project.operations_of(file, direction),
        }
    }

    /// What the function of the last revision calls itself, where that is another name.
    pub(super) fn called(&self) -> Option<Str> {
        match self {
            Self::Alembic(project, _) => project.called(),
            Self::Sql(_) => None,
        }
    }

    /// Whether the revision says how it is taken back.
    pub(super) fn downgrade_of(&self, revision: &Revision) -> Result<Downgrade> {
        Ok(match self {
            Self::Alembic(project, _) if project.downgrade_is_unwritten(revision)? => {
                Downgrade::Empty
            }
            Self::Sql(project) if !project.has_down(revision) => Downgrade::Missing,
            Self::Alembic(..) | Self::Sql(_) => Downgrade::Written,
        })
    }

    /// Says which revisions will be asked for.
    pub(super) fn expect(&self, workspace: &Workspace, plan: &Plan) {
        match self {
            Self::Alembic(project, _) => project.expect(workspace.revisions_of(plan)),
            Self::Sql(_) => {}
        }
    }

    /// What `env.py` does; for SQL revisions, what Alembic's own template does.
    pub(super) fn environment(&self) -> Result<Rc<Environment>> {
        match self {
            Self::Alembic(project, _) => project.environment(),
            Self::Sql(_) => Ok(Rc::new(Environment::stock())),
        }
    }

    /// The operations that create what a context of `env.py`, by its number, wants; none for SQL
    /// revisions.
    pub(super) fn wanted(&self, number: usize) -> Result<Models> {
        match self {
            Self::Alembic(project, _) => project.wanted(number),
            Self::Sql(_) => Ok(Models::default()),
        }
    }

    /// The project of Alembic revisions.
    pub(super) fn project(&self) -> Option<&project::Project> {
        match self {
            Self::Alembic(project, _) => Some(project),
            Self::Sql(_) => None,
        }
    }

    /// Says which context of `env.py` the operations that follow belong to.
    pub(super) fn enter(&self, run: &Run, arguments: &[(Str, Value)]) -> Result<()> {
        match self {
            Self::Alembic(project, introspection) => {
                let convention = &run.options.naming_convention;
                let naming = Conventions::of(&introspection.dialect, convention);
                *introspection.naming.borrow_mut() = Some(Rc::new(naming));
                project.enter(run, arguments)
            }
            Self::Sql(_) => Ok(()),
        }
    }

    /// What the callbacks of `on_version_apply` execute after a step.
    pub(super) fn applied(
        &self,
        run: &Run,
        step: &Step,
        rows: &[Arc<str>],
        arguments: &[(Str, Value)],
    ) -> Result<Vec<Located>> {
        match self {
            Self::Alembic(project, _) => project.applied(run, step, rows, arguments),
            Self::Sql(_) => Ok(Vec::new()),
        }
    }

    /// Says what the database holds before the first revision.
    pub(super) fn set_catalog(&self, catalog: &Catalog) {
        match self {
            Self::Alembic(_, introspection) => {
                introspection.catalog.borrow_mut().clone_from(catalog);
            }
            Self::Sql(_) => {}
        }
    }

    /// Takes over the schema as it is before the script, with who is told of each operation where
    /// the front-end itself follows the schema. What comes back is not followed: the caller has to.
    pub(super) fn follow(
        &self,
        catalog: Catalog,
        listener: impl FnOnce() -> Rc<dyn Listener>,
    ) -> Option<Catalog> {
        match self {
            Self::Alembic(_, introspection) => {
                *introspection.catalog.borrow_mut() = catalog;
                *introspection.listener.borrow_mut() = Some(listener());
                None
            }
            Self::Sql(_) => Some(catalog),
        }
    }

    /// The schema as it has become, where the front-end itself follows it.
    pub(super) fn followed(&self) -> Option<Catalog> {
        match self {
            Self::Alembic(_, introspection) => Some(introspection.catalog.borrow().clone()),
            Self::Sql(_) => None,
        }
    }

    /// Has the schema follow operations, unless the front-end has done so itself.
    pub(super) fn followed_by(&self, catalog: &mut Catalog, operations: &[Located], on: &Dialect) {
        match self {
            Self::Alembic(..) => {}
            Self::Sql(_) => {
                for located in operations {
                    sql::follow(located, Some(on), catalog);
                }
            }
        }
    }

    /// Notes in the schema, whoever follows it, that something has changed that is not known.
    pub(super) fn hides(&self, catalog: &mut Catalog, opaque: Opaque) {
        match self {
            Self::Alembic(_, introspection) => {
                introspection.catalog.borrow_mut().add_opaque(opaque);
            }
            Self::Sql(_) => catalog.add_opaque(opaque),
        }
    }

    /// Takes operations as if the revision that is being walked had asked for them.
    pub(super) fn record(&self, operations: &[Located], dialect: &Dialect) {
        let Self::Alembic(_, introspection) = self else {
            return;
        };
        for located in operations {
            let listener = introspection.listener.borrow().clone();
            let mut catalog = introspection.catalog.borrow_mut();
            if let Some(listener) = listener {
                listener.recorded(located, Some(&catalog));
            }
            sql::follow(located, Some(dialect), &mut catalog);
        }
    }

    /// The files besides revisions that were read for what has been evaluated.
    pub(super) fn files_read(&self) -> Vec<PathBuf> {
        match self {
            Self::Alembic(project, _) => project.files_read(),
            Self::Sql(_) => Vec::new(),
        }
    }

    /// What the user should know besides.
    pub(super) fn warnings(&self) -> Vec<Diagnostic> {
        match self {
            Self::Alembic(project, _) => project.warnings(),
            Self::Sql(_) => Vec::new(),
        }
    }
}

/// Quotes an identifier as the dialect called so does.
fn quote(library: &Rc<Library>) -> Rc<Quote> {
    let library = Rc::clone(library);
    Rc::new(
        move |dialect, ident| match library.load(dialect, None, false) {
            Ok(dialect) => dialect.quote(ident),
            Err(_) => ident.name.to_string(),
        },
    )
}

/// `8.0.35` as numbers; `None` when it is something else.
fn numbers(version: &str) -> Option<Vec<i64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

/// A project whose revisions are not evaluated.
pub(super) fn plain_project(
    options: &Options,
    library: &Rc<Library>,
    alembic: &AlembicConfig,
) -> project::Project {
    project::Project::open(alembic, evaluation(options, library, Target::default()))
}

fn evaluation(options: &Options, library: &Rc<Library>, target: Target) -> project::ProjectOptions {
    let dialect = target.loaded.clone();
    project::ProjectOptions {
        target,
        compat: options.compat,
        configured_types: Configured::default(),
        configured_answers: Answers::default(),
        invocation: Invocation::default(),
        x_arguments: options.arguments.clone(),
        tag: options.tag.clone(),
        stub: options.stub,
        applied: options.applied,
        budget: options.budget.clone(),
        introspection: None,
        revisions: None,
        stringify: Some(stringify(library, dialect, options.compat)),
        early: Rc::default(),
    }
}

/// `str(expression)` and `expression.compile()` in migrations.
fn stringify(library: &Rc<Library>, dialect: Option<Rc<Dialect>>, compat: bool) -> Rc<Stringify> {
    let (library, types) = (Rc::clone(library), Rc::clone(library));
    let renderer = OnceCell::new();
    Rc::new(Stringify {
        expression: Box::new(move |expr, dialect, literal_binds| {
            expression::stringify(&library, expr, dialect, literal_binds, compat)
                .map_err(|d| d.message)
        }),
        data_type: Box::new(move |data_type, dialect| {
            expression::stringify_type(&types, data_type, dialect).map_err(|d| d.message)
        }),
        statements: Box::new(move |operation, convention| match &dialect {
            Some(dialect) => {
                let renderer = renderer.get_or_init(|| Renderer::new(Rc::clone(dialect)));
                usual(dialect, renderer, operation, convention, compat)
            }
            None => Ok(Vec::new()),
        }),
    })
}

/// The statements of an operation by itself.
fn usual(
    dialect: &Rc<Dialect>,
    renderer: &Renderer,
    operation: &Operation,
    convention: &[(Arc<str>, Arc<str>)],
    compat: bool,
) -> Result<Vec<Written>> {
    let options = LowerOptions {
        compat,
        naming_convention: Convention::new(convention.to_vec()),
        literal_binds: true,
        ..LowerOptions::default()
    };
    let located = Located {
        operation: operation.clone(),
        location: None,
        stack: Vec::new(),
        spelled: Vec::new(),
    };
    let mut found = Vec::new();
    for statement in Lowering::new(Rc::clone(dialect), options).lower(&located, None)? {
        let Body::Template { name, fields } = &statement.body else {
            continue;
        };
        let lines = fields.iter().find(|(key, _)| *key == "lines");
        let lines = match lines {
            Some((_, Field::List(lines))) => lines.iter().filter_map(Field::sql).collect(),
            _ => Vec::new(),
        };
        found.extend(renderer.render(&statement)?.map(|text| Written {
            template: name,
            text,
            lines,
        }));
    }
    Ok(found)
}

fn sql_project(config: &Config, options: &Options) -> Result<sql::Project> {
    let (directories, recursive) = match &config.source {
        Source::Sql {
            directories,
            recursive,
        } => (directories.clone(), *recursive),
        Source::Alembic(_) => (Vec::new(), false),
    };
    sql::Project::open(&sql::Options {
        directories,
        recursive,
        limit: options.budget.memory,
    })
}

/// How SQLAlchemy finds a table in a database of the dialect.
fn found_by(dialect: &Rc<Dialect>) -> impl Fn(&Table) -> Found + use<> {
    let dialect = Rc::clone(dialect);
    move |table| Found {
        table: proposal::found(table, &dialect),
        counting: table.numbered().map(|column| column.name.clone()),
    }
}
