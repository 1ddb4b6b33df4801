//! The schema at a revision: the revisions up to it, replayed from an empty database.

use std::rc::Rc;
use std::sync::Arc;

use super::workspace::{Frontend, Workspace};
use super::{Options, baseline, dialect_choice};
use crate::catalog::Catalog;
use crate::config::Setting;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;
use crate::frontend::alembic::env::{Event, Run};
use crate::frontend::sql::follow;
use crate::lower::naming::Convention;
use crate::lower::{LowerOptions, Lowering, Statement};
use crate::operation::{Located, Operation};
use crate::render::Renderer;
use crate::revision::{Direction, Index, Plan, Step, StepKind};
use crate::script::{Script, ScriptOptions};

/// One context of `env.py` with its dialect.
pub(super) struct States<'a> {
    workspace: &'a Workspace,
    options: &'a Options,
    /// The dialect.
    pub(super) dialect: Rc<Dialect>,
    pub(super) run: Run,
}

/// Looks at a step.
pub(super) type Visit<'a> = &'a mut dyn FnMut(Applied<'_>) -> Result<()>;

/// A revision with the schema before it.
pub(super) struct Applied<'a> {
    /// The revision.
    pub(super) index: Index,
    /// What it does, with the names that things get.
    pub(super) operations: &'a [Located],
    /// The schema before.
    pub(super) before: &'a Catalog,
    /// The schema after.
    pub(super) after: &'a Catalog,
}

impl<'a> States<'a> {
    /// Every context of `env.py`, in order.
    pub(super) fn open(workspace: &'a Workspace, options: &'a Options) -> Result<Vec<Self>> {
        let default = dialect_choice::choose(workspace, options)?;
        let frontend = Frontend::open(workspace, options, &default)?;
        let environment = frontend.environment()?;
        let several = environment.runs.len() > 1;
        let mut found = Vec::new();
        for number in 0..environment.runs.len() {
            let Some(run) = environment.runs.get(number) else {
                break;
            };
            let dialect = dialect_choice::of_run(workspace, options, (run, several), &default)?;
            let mut run = run.clone();
            if dialect.name() != default.name() {
                let frontend = Frontend::open(workspace, options, &dialect)?;
                if let Some(own) = frontend.environment()?.runs.get(number) {
                    run = own.clone();
                }
            }
            found.push(Self {
                workspace,
                options,
                dialect,
                run,
            });
        }
        Ok(found)
    }

    /// A context that is known already.
    pub(super) fn of_run(
        workspace: &'a Workspace,
        options: &'a Options,
        dialect: &Rc<Dialect>,
        run: &Run,
    ) -> Self {
        Self {
            workspace,
            options,
            dialect: Rc::clone(dialect),
            run: run.clone(),
        }
    }

    /// A front-end that has entered the context.
    pub(super) fn frontend(&self) -> Result<Frontend> {
        let frontend = Frontend::open(self.workspace, self.options, &self.dialect)?;
        frontend.environment()?;
        frontend.set_catalog(&self.empty()?);
        let arguments = self.run.events.iter().find_map(|event| match event {
            Event::Migrations(arguments) => Some(arguments.as_slice()),
            _ => None,
        });
        frontend.enter(&self.run, arguments.unwrap_or_default())?;
        Ok(frontend)
    }

    /// What a new database holds: nothing, or the baseline.
    pub(super) fn empty(&self) -> Result<Catalog> {
        let mut catalog = Catalog::new(self.dialect.facts().features.server_naming);
        baseline::read(self.options, &self.dialect, &mut catalog)?;
        catalog.begin_empty(self.dialect.expressions().joins_texts());
        Ok(catalog)
    }

    /// The steps from an empty database to the revisions, separated by commas; none for `base`.
    pub(super) fn plan(&self, revision: &str) -> Result<Plan> {
        if revision == "base" {
            return self.workspace.map.upgrade(&[], &[]);
        }
        let targets: Vec<&str> = revision.split(',').map(str::trim).collect();
        self.workspace.map.upgrade(&[], &targets)
    }

    /// The schema at the revisions.
    pub(super) fn at(&self, revision: &str) -> Result<Catalog> {
        self.walk(&self.plan(revision)?, None)
    }

    /// Walks the steps of a plan that begins with an empty database; gives the schema at the end.
    /// The schema before each step is kept only for a visitor.
    pub(super) fn walk(&self, plan: &Plan, mut visit: Option<Visit<'_>>) -> Result<Catalog> {
        let frontend = self.frontend()?;
        let lowering = self.lowering();
        let map = &self.workspace.map;
        frontend.expect(self.workspace, plan);
        let mut catalog = self.empty()?;
        for step in &plan.steps {
            let StepKind::Revision(index) = step.kind else {
                continue;
            };
            let operations = frontend.operations(map.revision(index), Direction::Upgrade)?;
            let operations = self.settled(&lowering, &operations);
            let before = visit.is_some().then(|| catalog.clone());
            self.follow(&operations, &mut catalog);
            if let (Some(visit), Some(before)) = (&mut visit, &before) {
                visit(Applied {
                    index,
                    operations: &operations,
                    before,
                    after: &catalog,
                })?;
            }
        }
        Ok(catalog)
    }

    /// The operations with the names that things get.
    pub(super) fn settled(&self, lowering: &Lowering, operations: &[Located]) -> Vec<Located> {
        let operations = operations.iter();
        operations
            .map(|located| lowering.settled(located))
            .collect()
    }

    /// Applies operations to a schema.
    pub(super) fn follow(&self, operations: &[Located], catalog: &mut Catalog) {
        let lowering = self.lowering();
        for located in operations {
            lowering.settle_existing(&located.operation, catalog);
            let meant = lowering.as_meant(located, catalog);
            follow(
                meant.as_ref().unwrap_or(located),
                Some(&self.dialect),
                catalog,
            );
        }
    }

    /// Begins statements.
    pub(super) fn lowering(&self) -> Lowering {
        let options = LowerOptions {
            naming_convention: Convention::new(self.run.options.naming_convention.clone()),
            literal_binds: true,
            ..LowerOptions::default()
        };
        Lowering::new(Rc::clone(&self.dialect), options)
    }

    /// The only context: for commands whose result is one file.
    pub(super) fn only(workspace: &'a Workspace, options: &'a Options) -> Result<Self> {
        let mut found = Self::open(workspace, options)?;
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            _ => Err(Box::new(
                Diagnostic::error(
                    Code::Usage,
                    "env.py configures several databases, and this command is for one",
                )
                .with_help("name one of them with `-n` or `-x`, as env.py wants it"),
            )),
        }
    }

    /// The statements of operations that begin at a schema, without a transaction around them;
    /// warnings are added.
    pub(super) fn statements(
        &self,
        operations: &[Operation],
        from: &Catalog,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<String> {
        self.text(operations, from, Frame::None, warnings)
    }

    /// The script of operations that begin at a schema; warnings are added.
    pub(super) fn script(
        &self,
        operations: &[Operation],
        from: &Catalog,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<String> {
        self.text(operations, from, Frame::Transaction(&[]), warnings)
    }

    /// The same, with a version table that names the revisions.
    pub(super) fn stamped_script(
        &self,
        operations: &[Operation],
        from: &Catalog,
        revision: &str,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<String> {
        let targets: Vec<&str> = revision.split(',').map(str::trim).collect();
        let plan = self.workspace.map.stamp(&[], &targets)?;
        self.text(operations, from, Frame::Transaction(&plan.steps), warnings)
    }

    fn script_options(&self) -> ScriptOptions {
        let settings = &self.workspace.config.settings;
        let given = &self.run.options;
        let text = |setting: &Option<Setting<String>>, given: &Option<String>| {
            let setting = setting.as_ref().map(|setting| setting.value.clone());
            setting.or_else(|| given.clone()).map(Arc::<str>::from)
        };
        let usual = ScriptOptions::default();
        ScriptOptions {
            transactional_ddl: given.transactional_ddl,
            version_table: text(&settings.version_table, &given.version_table)
                .unwrap_or_else(|| Arc::clone(&usual.version_table)),
            version_table_schema: text(&settings.version_table_schema, &given.version_table_schema),
            version_table_pk: given.version_table_pk,
            batch_separator: given.batch_separator(self.dialect.name()).cloned(),
            ..usual
        }
    }

    fn text(
        &self,
        operations: &[Operation],
        from: &Catalog,
        frame: Frame<'_>,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<String> {
        let renderer = Renderer::new(Rc::clone(&self.dialect));
        let render = |statement: &Statement| renderer.render(statement);
        let mut script = Script::new(Rc::clone(&self.dialect), self.script_options(), &render);
        let mut lowering = self.lowering();
        let mut catalog = from.clone();
        if let Frame::Transaction(_) = frame {
            script.begin_all();
        }
        for operation in operations {
            let located = Located {
                operation: operation.clone(),
                location: None,
                stack: Vec::new(),
                spelled: Vec::new(),
            };
            script.statements(&lowering.lower(&located, Some(&catalog))?)?;
            follow(&located, Some(&self.dialect), &mut catalog);
        }
        if let Frame::Transaction(steps) = frame {
            for step in steps {
                let summary = step.summary();
                let creates = step.creates_version_table;
                script.step(&summary, creates, &[], &step.changes, &[])?;
            }
            script.commit_all();
        }
        warnings.extend(lowering.take_warnings());
        script.finish()
    }
}

/// What stands around statements.
enum Frame<'a> {
    /// Nothing.
    None,
    /// A transaction, in which these steps come last.
    Transaction(&'a [Step]),
}

/// A warning for each statement whose effect on the schema is not known.
pub(super) fn unknown_effects(catalog: &Catalog) -> Vec<Diagnostic> {
    let statements = catalog.opaque().iter();
    statements
        .map(|opaque| {
            let message = format!(
                "what this statement does to the schema is not known, and it is left out: {}",
                opaque.excerpt
            );
            Diagnostic::warning(Code::EffectUnknown, message)
                .at(opaque.location.clone())
                .with_help("add what it makes by hand")
        })
        .collect()
}
