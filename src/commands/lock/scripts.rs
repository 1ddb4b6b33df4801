//! What every revision of a project renders to, in both directions.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::catalog::Catalog;
use crate::commands::following::Following;
use crate::commands::pieces::Writer;
use crate::commands::script::{Part, Stage, each_part, rendered};
use crate::commands::states::States;
use crate::commands::workspace::{Downgrade, Frontend, Workspace};
use crate::commands::{Options, derive};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::alembic::inspect::Listener;
use crate::lower::Statement;
use crate::operation::Located;
use crate::render::Renderer;
use crate::revision::{Direction, Index, StepKind};
use crate::script::Safety;

/// The scripts of one revision for one dialect.
#[derive(Clone, Debug)]
pub(super) struct Scripts {
    pub(super) upgrade: String,
    /// Why there is none, where there is none.
    pub(super) downgrade: std::result::Result<String, String>,
}

/// The scripts for one dialect, by the place of the revision in the map.
pub(super) struct Rendered {
    /// The dialect, as the lock calls it.
    pub(super) dialect: String,
    pub(super) scripts: IndexMap<Index, Scripts>,
}

/// Renders all revisions, each as if it were the only one of its script. What scripts check and wait
/// for is no part of it: that is a matter of how they are applied.
pub(super) fn render(
    workspace: &Workspace,
    options: &Options,
    targets: &[&str],
) -> Result<Rendered> {
    let mut rendered = Rendered {
        dialect: String::new(),
        scripts: IndexMap::new(),
    };
    each_part(workspace, options, &mut Vec::new(), &mut |part, _, _| {
        let dialect = label(part, options);
        if rendered.dialect.is_empty() {
            rendered.dialect = dialect;
        } else if rendered.dialect != dialect {
            let message = format!(
                "env.py writes for several dialects: {} and {dialect}",
                rendered.dialect
            );
            return Err(Box::new(
                Diagnostic::error(Code::Usage, message)
                    .with_help("name one of them with `--dialect`"),
            ));
        }
        add(part, targets, &mut rendered.scripts)
    })?;
    Ok(rendered)
}

/// The dialect with the version that was asked for.
fn label(part: &Part<'_>, options: &Options) -> String {
    let name = part.dialect.name();
    match options.dialect.as_deref().and_then(|d| d.split_once(':')) {
        Some((_, version)) => format!("{name}:{version}"),
        None => name.to_owned(),
    }
}

/// The scripts of one context of `env.py`. Where there are several, a revision's script is those of
/// all of them.
fn add(part: &Part<'_>, targets: &[&str], scripts: &mut IndexMap<Index, Scripts>) -> Result<()> {
    part.known()?;
    let Some(arguments) = part.migration_arguments()? else {
        return Ok(());
    };
    let map = &part.workspace.map;
    let plan = map.upgrade(&[], targets)?;
    part.frontend.enter(part.run, arguments)?;
    let lowered = part.lowered();
    let renderer = Renderer::new(Rc::clone(part.dialect));
    let render = |statement: &Statement| rendered(&renderer, statement);
    let writer = Writer::new(part, &lowered, Safety::default(), &render)?;
    let back = Back::open(part)?;
    let mut before = match part.options.compat {
        true => None,
        false => Some(back.states.empty()?),
    };
    part.walk(&plan, &lowered, arguments, &mut |walked| {
        let StepKind::Revision(index) = walked.step.kind else {
            return Ok(());
        };
        let upgrade = writer.alone(&map.alone(index, Direction::Upgrade), walked)?;
        let after = walked.following.now(part.frontend);
        let schemas = before.as_ref().zip(after.as_ref());
        let downgrade = back
            .script(index, walked.operations, schemas)
            .map_err(|failure| failure.message);
        before = after;
        match scripts.get_mut(&index) {
            Some(known) => {
                known.upgrade.push_str(&upgrade);
                match (&mut known.downgrade, downgrade) {
                    (Ok(text), Ok(more)) => text.push_str(&more),
                    (Ok(_), Err(reason)) => known.downgrade = Err(reason),
                    (Err(_), _) => {}
                }
            }
            None => {
                scripts.insert(index, Scripts { upgrade, downgrade });
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// Takes each revision back from the schema right behind it, so that later revisions change nothing
/// about it.
struct Back<'a> {
    part: &'a Part<'a>,
    frontend: Frontend,
    states: States<'a>,
    renderer: Renderer,
}

impl<'a> Back<'a> {
    fn open(part: &'a Part<'a>) -> Result<Self> {
        let states = States::of_run(part.workspace, part.options, part.dialect, part.run);
        Ok(Self {
            part,
            frontend: states.frontend()?,
            renderer: Renderer::new(Rc::clone(part.dialect)),
            states,
        })
    }

    fn script(
        &self,
        index: Index,
        upgrade: &[Located],
        schemas: Option<(&Catalog, &Catalog)>,
    ) -> Result<String> {
        let part = Part {
            frontend: &self.frontend,
            ..*self.part
        };
        let map = &part.workspace.map;
        let revision = map.revision(index);
        let missing = self.frontend.downgrade_of(revision)? == Downgrade::Missing;
        let derived: Vec<(Index, Vec<Located>)> = match schemas {
            Some((before, after)) if missing => {
                let settled = self.states.settled(&self.states.lowering(), upgrade);
                let operations = derive::downgrade(&self.states, &settled, before, after);
                let located = operations.into_iter().map(|operation| Located {
                    operation,
                    location: revision.location.clone(),
                    stack: Vec::new(),
                    spelled: Vec::new(),
                });
                vec![(index, located.collect())]
            }
            _ => Vec::new(),
        };
        let lowered = part.lowered();
        let listener = Rc::clone(&lowered) as Rc<dyn Listener>;
        let after = schemas.map(|(_, after)| after.clone());
        let stage = Stage {
            following: Following::at(&part, after, listener),
            derived: &derived,
        };
        let render = |statement: &Statement| rendered(&self.renderer, statement);
        let writer = Writer::new(&part, &lowered, Safety::default(), &render)?;
        let plan = map.alone(index, Direction::Downgrade);
        let arguments = part.migration_arguments()?.unwrap_or_default();
        let mut text = String::new();
        part.walk_from(stage, &plan, &lowered, arguments, &mut |walked| {
            text = writer.alone(&plan, walked)?;
            Ok(())
        })?;
        Ok(text)
    }
}

impl Rendered {
    /// The scripts of a revision.
    pub(super) fn of(&self, index: Index) -> Option<&Scripts> {
        self.scripts.get(&index)
    }
}
