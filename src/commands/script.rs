//! From the steps of a plan to the text of a script.

use std::fmt::Write;
use std::rc::Rc;
use std::sync::Arc;

use super::following::Following;
use super::lowered::Lowered;
use super::states::States;
use super::workspace::{Downgrade, Frontend, Workspace};
use super::{Fresh, Options, Outcome};
use super::{baseline, derive, dialect_choice, safety};
use crate::catalog::Catalog;
use crate::config::Setting;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;
use crate::frontend::alembic::env::{Event, Run, UnknownOption};
use crate::frontend::alembic::inspect::Listener;
use crate::lower::expression::ParamStyle;
use crate::lower::naming::Convention;
use crate::lower::{LowerOptions, Lowering, Statement};
use crate::operation::Located;
use crate::python::{Str, Value};
use crate::render::Renderer;
use crate::revision::{Before, Direction, Index, Plan, Step, StepKind};
use crate::script::{Script, ScriptOptions};

/// Makes the plan. The start may be given by `env.py`.
pub(super) type Planner<'a> = &'a dyn Fn(Option<&[Index]>) -> Result<Plan>;

/// The script: what `env.py` does in each of its contexts, with the plan's steps where it runs
/// the migrations.
pub(super) fn script(
    workspace: &Workspace,
    options: &Options,
    planner: Planner<'_>,
) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut diagnostics = Vec::new();
    // Most often `env.py` changes nothing about the plan, and the files can be parsed while it is
    // evaluated. What is wrong with the plan is said in its place.
    if let Ok(plan) = planner(None) {
        workspace.expect(&plan);
    }
    let frontend = each_part(
        workspace,
        options,
        &mut diagnostics,
        &mut |part, place, diagnostics| {
            let Place { number, several } = place;
            let run = part.run;
            if options.split && (several || run.options.output.is_some()) {
                let name = file_name(run.options.output.as_deref(), number, &outcome.files)?;
                let text = part.text(planner, diagnostics)?;
                outcome.files.push((name, text));
                return Ok(());
            }
            if let Some(file) = &run.options.output {
                diagnostics.push(elsewhere(file));
                if several && !options.compat {
                    let _ = writeln!(outcome.output, "-- {}\n", file.replace(['\n', '\r'], " "));
                }
            }
            outcome.output.push_str(&part.text(planner, diagnostics)?);
            Ok(())
        },
    )?;
    options.kept.keep(frontend);
    outcome.diagnostics = diagnostics;
    Ok(outcome)
}

/// Where a context stands among those of `env.py`.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Its number, from 0.
    pub(super) number: usize,
    /// Whether there are others.
    pub(super) several: bool,
}

/// What is done in a context; diagnostics are added to the list.
type Visit<'a> = &'a mut dyn FnMut(&Part<'_>, Place, &mut Vec<Diagnostic>) -> Result<()>;

/// Visits the contexts of `env.py` one after another, each with a front-end for its dialect.
/// `diagnostics` also gets what the front-ends have to tell. The last front-end is given back.
pub(super) fn each_part(
    workspace: &Workspace,
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
    visit: Visit<'_>,
) -> Result<Frontend> {
    let dialect = dialect_choice::choose(workspace, options)?;
    let mut frontend = Frontend::open(workspace, options, &dialect)?;
    let mut environment = frontend.environment()?;
    let several = environment.runs.len() > 1;
    let mut current = Rc::clone(&dialect);
    for number in 0..environment.runs.len() {
        if let Some(run) = environment.runs.get(number) {
            let run = (run, several);
            let wanted = dialect_choice::of_run(workspace, options, run, &dialect)?;
            if wanted.name() != current.name() {
                diagnostics.extend(frontend.warnings());
                frontend = Frontend::open(workspace, options, &wanted)?;
                environment = frontend.environment()?;
            }
            current = wanted;
        }
        let Some(run) = environment.runs.get(number) else {
            break;
        };
        let part = Part {
            workspace,
            options,
            frontend: &frontend,
            dialect: &current,
            run,
        };
        visit(&part, Place { number, several }, diagnostics)?;
    }
    diagnostics.extend(frontend.warnings());
    Ok(frontend)
}

/// A step that was lowered.
pub(super) struct Walked<'a> {
    /// The step.
    pub(super) step: &'a Step,
    /// What the script calls it.
    pub(super) summary: &'a str,
    /// What the revision asks for.
    pub(super) operations: &'a [Located],
    /// Its statements.
    pub(super) statements: &'a [Statement],
    /// What comes behind the change of the version table.
    pub(super) after: &'a [Statement],
    /// Who knows the schema behind it.
    pub(super) following: &'a Following,
}

/// Where a walk begins.
pub(super) struct Stage<'a> {
    /// The schema.
    pub(super) following: Following,
    /// What revisions do that do not say it themselves.
    pub(super) derived: &'a [(Index, Vec<Located>)],
}

/// One context of `env.py`.
pub(super) struct Part<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) options: &'a Options,
    pub(super) frontend: &'a Frontend,
    pub(super) dialect: &'a Rc<Dialect>,
    pub(super) run: &'a Run,
}

impl Part<'_> {
    fn text(&self, planner: Planner<'_>, diagnostics: &mut Vec<Diagnostic>) -> Result<String> {
        self.known()?;
        if self.options.stub && safety::resolved(self.workspace, self.options).idempotent {
            return Err(stubs_are_not_idempotent());
        }
        let renderer = Renderer::new(Rc::clone(self.dialect));
        let render = |statement: &Statement| rendered(&renderer, statement);
        let mut script = Script::new(Rc::clone(self.dialect), self.script_options(), &render);
        let mut lowering = Lowering::new(Rc::clone(self.dialect), self.lower_options());
        if self.options.fresh == Fresh::New {
            lowering.begin_empty(self.script_options().version_table);
        }
        let lowered = Rc::new(Lowered::new(lowering));
        for event in &self.run.events {
            match event {
                Event::Begin => script.begin_all(),
                Event::Commit => script.commit_all(),
                Event::Operations(operations) => {
                    for located in operations {
                        script.statements(&lowered.lower(located, None)?)?;
                    }
                }
                Event::Migrations(arguments) => {
                    self.frontend.enter(self.run, arguments)?;
                    let start = self.start()?;
                    let plan = planner(start.as_deref())?;
                    match plan.before {
                        Before::Nothing => self.opening(&plan, &mut script, diagnostics)?,
                        Before::Create => script.version_table_alone()?,
                        Before::Purge => script.purge()?,
                    }
                    self.migrations(&plan, &lowered, &mut script, arguments)?;
                }
            }
        }
        diagnostics.extend(lowered.take_warnings());
        self.warnings(&script, diagnostics);
        script.finish()
    }

    /// What there is to say of a script that is written.
    pub(super) fn warnings(&self, script: &Script<'_>, diagnostics: &mut Vec<Diagnostic>) {
        let manual = diagnostics.iter().filter(|d| d.code == Code::ManualStep);
        let manual = manual.count();
        if manual > 0 {
            diagnostics.push(unfinished(manual));
        }
        if script.doubled() {
            diagnostics.push(doubled(self.dialect));
        }
        diagnostics.extend(script.faults());
        if script.unguarded() {
            diagnostics.push(unguarded(self.dialect.name()));
        }
        if script.unstopped() {
            diagnostics.push(safety::unstopped(self.dialect));
        }
    }

    /// The check of a new database.
    pub(super) fn emptiness(&self) -> Result<Statement> {
        let known = catalog_names(self.options, self.dialect)?;
        Ok(empty(self.dialect, &known))
    }

    /// Says what the script checks before its first step.
    fn opening(
        &self,
        plan: &Plan,
        script: &mut Script<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<()> {
        let safety = safety::resolved(self.workspace, self.options);
        let fresh = match self.options.fresh == Fresh::New {
            true => Some(self.emptiness()?),
            false => None,
        };
        let rerun = safety.idempotent.then(|| self.workspace.map.rerun(plan));
        let quiet = plan.steps.is_empty()
            || fresh.is_some()
            || diagnostics.iter().any(|d| d.code == Code::NotGuarded);
        if !quiet && !safety.idempotent {
            diagnostics.extend(safety::recommended(self.workspace, self.options));
        }
        script.plan(plan, rerun, fresh)
    }

    fn migrations(
        &self,
        plan: &Plan,
        lowered: &Rc<Lowered>,
        script: &mut Script<'_>,
        arguments: &[(Str, Value)],
    ) -> Result<()> {
        let following = self.begin(plan, lowered)?;
        if self.options.fresh == Fresh::Installed {
            script.expect_rows(following.rows(self.frontend));
        }
        let following = self.walk_behind(following, plan, lowered, arguments, &mut |walked| {
            script.step(
                walked.summary,
                walked.step.creates_version_table,
                walked.statements,
                &walked.step.changes,
                walked.after,
            )
        })?;
        self.options.kept.keep(following);
        Ok(())
    }

    /// Visits the steps of a plan with their statements, each evaluated and lowered once, and gives
    /// who has followed the schema.
    pub(super) fn walk(
        &self,
        plan: &Plan,
        lowered: &Rc<Lowered>,
        arguments: &[(Str, Value)],
        visit: &mut dyn FnMut(&Walked<'_>) -> Result<()>,
    ) -> Result<Following> {
        let following = self.begin(plan, lowered)?;
        self.walk_behind(following, plan, lowered, arguments, visit)
    }

    /// The schema before a plan, which the statements are lowered with.
    fn begin(&self, plan: &Plan, lowered: &Rc<Lowered>) -> Result<Following> {
        Following::begin(self, plan, Rc::clone(lowered) as Rc<dyn Listener>)
    }

    /// The same from the schema before the plan.
    fn walk_behind(
        &self,
        following: Following,
        plan: &Plan,
        lowered: &Rc<Lowered>,
        arguments: &[(Str, Value)],
        visit: &mut dyn FnMut(&Walked<'_>) -> Result<()>,
    ) -> Result<Following> {
        let derived = self.derived(plan)?;
        let from = Stage {
            following,
            derived: &derived,
        };
        self.walk_from(from, plan, lowered, arguments, visit)
    }

    /// The same with what revisions do that do not say it themselves.
    pub(super) fn walk_from(
        &self,
        stage: Stage<'_>,
        plan: &Plan,
        lowered: &Rc<Lowered>,
        arguments: &[(Str, Value)],
        visit: &mut dyn FnMut(&Walked<'_>) -> Result<()>,
    ) -> Result<Following> {
        let Self {
            workspace,
            frontend,
            dialect,
            run,
            ..
        } = self;
        let Stage {
            mut following,
            derived,
        } = stage;
        frontend.expect(workspace, plan);
        let mut rows: Vec<Arc<str>> = plan.start.clone();
        for step in &plan.steps {
            let operations = match step.kind {
                StepKind::Revision(index) => {
                    match derived.iter().find(|(other, _)| *other == index) {
                        Some((_, operations)) => {
                            frontend.record(operations, dialect);
                            operations.clone()
                        }
                        None => {
                            frontend.operations(workspace.map.revision(index), step.direction)?
                        }
                    }
                }
                StepKind::Stamp => Vec::new(),
            };
            following.told(&operations);
            let statements = lowered.arrange(lowered.take()?);
            let mut after = Vec::new();
            if run.options.has_callbacks() {
                for change in &step.changes {
                    change.apply(&mut rows);
                }
                following.told(&frontend.applied(run, step, &rows, arguments)?);
                after = lowered.take()?;
            }
            let called = match step.kind {
                StepKind::Revision(_) => frontend.called(),
                StepKind::Stamp => None,
            };
            let summary = called.map_or_else(|| step.summary(), |name| step.summary_of(&name));
            visit(&Walked {
                step,
                summary: &summary,
                operations: &operations,
                statements: &statements,
                after: &after,
                following: &following,
            })?;
        }
        Ok(following)
    }

    /// The downgrades that no revision of the plan says, where they are to be derived.
    pub(super) fn derived(&self, plan: &Plan) -> Result<Vec<(Index, Vec<Located>)>> {
        let mut wanted = Vec::new();
        for step in &plan.steps {
            let StepKind::Revision(index) = step.kind else {
                continue;
            };
            if step.direction == Direction::Upgrade || self.options.compat {
                break;
            }
            let revision = self.workspace.map.revision(index);
            match self.frontend.downgrade_of(revision)? {
                Downgrade::Missing => wanted.push(index),
                Downgrade::Empty if self.options.derive_downgrade => wanted.push(index),
                Downgrade::Written | Downgrade::Empty => {}
            }
        }
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let states = States::of_run(self.workspace, self.options, self.dialect, self.run);
        derive::downgrades(&states, self.workspace, plan, &wanted)
    }

    /// Refuses options that shape the script and are not known, unless `gensql.toml` has them.
    pub(super) fn known(&self) -> Result<()> {
        let settings = &self.workspace.config.settings;
        for unknown in &self.run.options.unknown {
            let given = match &*unknown.name {
                "version_table" => settings.version_table.is_some(),
                "version_table_schema" => settings.version_table_schema.is_some(),
                "transaction_per_migration" => settings.transaction_per_migration.is_some(),
                "transactional_ddl" | "version_table_pk" | "starting_rev" => false,
                _ => true,
            };
            if !given {
                return Err(not_known(unknown));
            }
        }
        Ok(())
    }

    /// The revisions of `starting_rev`.
    pub(super) fn start(&self) -> Result<Option<Vec<Index>>> {
        let Some(names) = &self.run.options.starting_rev else {
            return Ok(None);
        };
        let mut found = Vec::new();
        for name in names {
            found.extend(self.workspace.map.start(Some(name))?);
        }
        Ok(Some(found))
    }

    pub(super) fn script_options(&self) -> ScriptOptions {
        let settings = &self.workspace.config.settings;
        let given = &self.run.options;
        let text = |setting: &Option<Setting<String>>, given: &Option<String>| {
            let setting = setting.as_ref().map(|setting| setting.value.clone());
            setting.or_else(|| given.clone()).map(Arc::<str>::from)
        };
        ScriptOptions {
            compat: self.options.compat,
            transactional_ddl: given.transactional_ddl,
            transaction_per_migration: settings
                .transaction_per_migration
                .unwrap_or(given.transaction_per_migration),
            version_table: text(&settings.version_table, &given.version_table)
                .unwrap_or_else(|| Arc::from("alembic_version")),
            version_table_schema: text(&settings.version_table_schema, &given.version_table_schema),
            version_table_pk: given.version_table_pk,
            version_table_text: given.version_table_text.clone(),
            batch_separator: given.batch_separator(self.dialect.name()).cloned(),
            doubles_percent: self.doubles_percent(),
            safety: safety::resolved(self.workspace, self.options),
        }
    }

    pub(super) fn lower_options(&self) -> LowerOptions {
        let given = &self.run.options;
        LowerOptions {
            compat: self.options.compat,
            naming_convention: Convention::new(given.naming_convention.clone()),
            // A script has no parameters.
            literal_binds: given.literal_binds || !self.options.compat,
            paramstyle: self.paramstyle(),
            doubles_percent: self.doubles_percent(),
            online: self.options.online,
        }
    }

    fn paramstyle(&self) -> ParamStyle {
        let given = self.run.options.paramstyle.as_deref();
        let style = given.unwrap_or_else(|| self.dialect.facts().bind.paramstyle(self.driver()));
        ParamStyle::named(style).unwrap_or_default()
    }

    /// The driver that the URL names, if the URL is one of this dialect.
    fn driver(&self) -> Option<&str> {
        let url = self.run.options.url.as_deref()?;
        let (scheme, _) = url.split_once("://")?;
        let (name, driver) = scheme.split_once('+')?;
        self.dialect.is_called(name).then_some(driver)
    }

    fn doubles_percent(&self) -> bool {
        let bind = &self.dialect.facts().bind;
        self.options.compat
            && self.paramstyle().uses_percent()
            && !bind.keeps_percent(self.driver())
    }
}

/// The name of a script's file in the directory of `-o`: the last part of what `env.py` calls it,
/// else one by its number.
fn file_name(given: Option<&str>, number: usize, others: &[(String, String)]) -> Result<String> {
    let last = given.and_then(|given| given.rsplit(['/', '\\']).next());
    let plain =
        |name: &&str| !matches!(*name, "" | "." | "..") && !name.chars().any(char::is_control);
    let name = match last.filter(plain) {
        Some(name) => name.to_owned(),
        None => format!("script{}.sql", number + 1),
    };
    if others.iter().any(|(other, _)| *other == name) {
        let message = format!("two scripts of env.py would be written to {name}");
        return Err(Box::new(
            Diagnostic::error(Code::Usage, message)
                .with_help("name one file with `-o FILE`, which gets all of them"),
        ));
    }
    Ok(name)
}

/// A script that `env.py` would write elsewhere.
fn elsewhere(file: &str) -> Diagnostic {
    let message = format!("env.py writes this script to {file}; gensql prints it");
    Diagnostic::warning(Code::OutputElsewhere, message)
        .with_help("redirect the output, or write each script to a file with `-o DIRECTORY/`")
}

fn doubled(dialect: &Dialect) -> Diagnostic {
    let message =
        "`%` is written twice in statements, as the driver wants it, which no client undoes";
    Diagnostic::warning(Code::UnsafeCompat, message)
        .with_note(format!(
            "env.py does not pass `dialect_opts={{\"paramstyle\": \"named\"}}`, which Alembic's template does for {}",
            dialect.facts().title
        ))
        .with_help("pass it, or leave out `--compat alembic`")
}

fn not_known(unknown: &UnknownOption) -> Box<Diagnostic> {
    let message = format!(
        "`{}` of `context.configure` depends on {}",
        unknown.name, unknown.what
    );
    Box::new(
        Diagnostic::error(Code::UnknownValue, message)
            .at(unknown.place.clone())
            .with_help(format!(
                "set `{}` in gensql.toml, where it has a place",
                unknown.name
            )),
    )
}

/// The tables that are there before the first revision.
fn catalog_names(options: &Options, dialect: &Dialect) -> Result<Vec<Arc<str>>> {
    let mut catalog = Catalog::default();
    baseline::read(options, dialect, &mut catalog)?;
    Ok(catalog
        .tables()
        .map(|((_, name), _)| name.clone())
        .collect())
}

/// What fails on a database that holds other tables than these.
fn empty(dialect: &Dialect, known: &[Arc<str>]) -> Statement {
    let names = known.iter().map(|name| dialect.string(name));
    Statement::new("guard_empty")
        .list("known", names.collect())
        .fragment("message", dialect.string("the database is not empty"))
}

fn unfinished(steps: usize) -> Diagnostic {
    let message = match steps {
        1 => "the script has 1 manual step, and stops there until it is written".to_owned(),
        steps => {
            format!("the script has {steps} manual steps, and stops at each until it is written")
        }
    };
    Diagnostic::warning(Code::ManualStep, message).with_help("look for `MANUAL STEP` in the script")
}

fn stubs_are_not_idempotent() -> Box<Diagnostic> {
    let message =
        "an idempotent script quotes its steps, so that none of them can be left to a person";
    Box::new(
        Diagnostic::error(Code::Usage, message)
            .with_help("write the script with `--guard`, or leave out `--on-opaque stub`; `idempotent` is in gensql.toml"),
    )
}

fn unguarded(dialect: &str) -> Diagnostic {
    Diagnostic::warning(
        Code::Unguarded,
        format!("a script for {dialect} cannot refuse a database that is not empty"),
    )
    .with_help("make sure that the database is empty before the script is applied")
}

/// A statement's text, which must be one that clients read to its end.
pub(super) fn rendered(renderer: &Renderer, statement: &Statement) -> Result<Option<String>> {
    let text = renderer.render(statement)?;
    if text.as_ref().is_some_and(|text| text.contains('\0')) {
        return Err(nul(statement));
    }
    Ok(text)
}

/// The error of a statement that no database and no client reads to its end.
fn nul(statement: &Statement) -> Box<Diagnostic> {
    let message = "the statement contains a NUL character";
    Box::new(
        Diagnostic::error(Code::OperationInvalid, message)
            .at(statement.location.clone())
            .with_help("remove the character from the name or the text"),
    )
}
