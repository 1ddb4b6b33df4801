//! A project that is open: its configuration, its front-end and its revision map.

use super::Options;
use super::script::Operations;
use crate::config::{Config, Source};
use crate::diagnostic::{Diagnostic, Result};
use crate::dialect::Dialect;
use crate::frontend::alembic::{Target, project};
use crate::frontend::sql;
use crate::operation::Located;
use crate::revision::{Direction, Revision, RevisionMap};
use crate::script::ScriptOptions;

/// An open project.
pub(super) struct Workspace {
    pub(super) config: Config,
    pub(super) map: RevisionMap,
}

impl Workspace {
    /// Reads the configuration and the headers of all revisions.
    pub(super) fn open(options: &Options) -> Result<Self> {
        let config = Config::load(&options.request)?;
        let revisions = match &config.source {
            Source::Alembic(alembic) => {
                project::Project::open(alembic, evaluation(options, Target::default()))
                    .revisions()?
            }
            Source::Sql { .. } => sql_project(&config, options)?.revisions(),
        };
        let map = RevisionMap::new(revisions)?;
        Ok(Self { config, map })
    }

    /// The front-end that turns revisions into operations for a dialect.
    pub(super) fn frontend(
        &self,
        options: &Options,
        dialect: &Dialect,
    ) -> Result<Box<dyn Operations>> {
        Ok(match &self.config.source {
            Source::Alembic(alembic) => {
                let target = Target {
                    dialect: dialect.name().into(),
                    version: dialect.version().and_then(numbers),
                    ..Target::default()
                };
                Box::new(project::Project::open(alembic, evaluation(options, target)))
            }
            Source::Sql { .. } => {
                let project = sql_project(&self.config, options)?;
                let settings = &self.config.settings;
                Box::new(project.with_dialect(dialect.name(), dialect.version(), settings))
            }
        })
    }
}

impl Operations for project::Project {
    fn operations(&mut self, revision: &Revision, direction: Direction) -> Result<Vec<Located>> {
        Self::operations(self, revision, direction)
    }

    fn frame(&self, workspace: &Workspace, options: &Options) -> ScriptOptions {
        let env = self.environment();
        let settings = &workspace.config.settings;
        let usual = ScriptOptions::default();
        let table = settings
            .version_table
            .as_ref()
            .map(|s| s.value.clone())
            .or(env.version_table);
        let schema = settings
            .version_table_schema
            .as_ref()
            .map(|s| s.value.clone());
        ScriptOptions {
            compat: options.compat,
            transactional_ddl: env.transactional_ddl,
            transaction_per_migration: settings
                .transaction_per_migration
                .unwrap_or(env.transaction_per_migration),
            version_table: table.map_or(usual.version_table.clone(), Into::into),
            version_table_schema: schema.or(env.version_table_schema).map(Into::into),
            version_table_pk: env.version_table_pk,
            ..usual
        }
    }

    fn warnings(&self) -> Vec<Diagnostic> {
        Self::warnings(self)
    }
}

impl Operations for sql::Project {
    fn operations(&mut self, revision: &Revision, direction: Direction) -> Result<Vec<Located>> {
        Self::operations(self, revision, direction)
    }
}

/// `8.0.35` as numbers; `None` when it is something else.
fn numbers(version: &str) -> Option<Vec<i64>> {
    version.split('.').map(|part| part.parse().ok()).collect()
}

fn evaluation(options: &Options, target: Target) -> project::ProjectOptions {
    project::ProjectOptions {
        target,
        compat: options.compat,
        x_arguments: options.arguments.clone(),
        tag: options.tag.clone(),
        budget: options.budget.clone(),
        introspection: None,
    }
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
