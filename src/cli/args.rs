//! The command line as it is typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::later::{Later, Nothing};
use crate::commands::Rename;
use crate::config::duration;

/// What is between the directories of a list, as in `PATH`.
const PATH_SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

const EXAMPLES: &str = "Examples:
  gensql upgrade head                     the script from nothing to the newest revision
  gensql upgrade a1b2:head -o up.sql      from revision a1b2, written to a file
  gensql downgrade head:-1                undo the newest revision
  gensql history -r base:head -v          every revision with its message
  gensql --dialect mysql upgrade heads    for another database";

/// Prints the SQL script that takes a database from one revision to another, without connecting
/// to one.
#[derive(Debug, Parser)]
#[command(name = "gensql", version, after_help = EXAMPLES, arg_required_else_help = true)]
#[command(
    infer_long_args = false,
    propagate_version = false,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes, before or after its name.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// A configuration file (alembic.ini, pyproject.toml, gensql.toml) or the project's directory
    #[arg(short, long, value_name = "FILE", env = "ALEMBIC_CONFIG")]
    pub(crate) config: Vec<PathBuf>,
    /// The section of the ini file [default: alembic]
    #[arg(short, long, value_name = "SECTION")]
    pub(crate) name: Option<String>,
    /// A virtual environment, or a directory of installed packages, that modules may be read from
    #[arg(
        long,
        value_name = "DIR",
        env = "GENSQL_PACKAGES",
        value_delimiter = PATH_SEPARATOR
    )]
    pub(crate) packages: Vec<PathBuf>,
    /// An argument for env.py, as context.get_x_argument() gives it
    #[arg(short = 'x', value_name = "KEY=VALUE", allow_hyphen_values = true)]
    pub(crate) x: Vec<String>,
    /// The database to write for, such as postgresql or mysql:8.0
    #[arg(long, value_name = "NAME[:VERSION]")]
    pub(crate) dialect: Vec<String>,
    /// Keep the exact text of another tool, also where it is wrong
    #[arg(long, value_name = "TOOL")]
    pub(crate) compat: Option<Compat>,
    /// Write to a file, whole or not at all; `-` is the standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// When to colour messages
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// No warnings and notes, and not what was done
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Tell more
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// How many evaluation steps one revision may take
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(crate) max_steps: Option<u64>,
    /// How deep calls may nest
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(crate) max_depth: Option<usize>,
    /// How much memory an evaluation may use, such as 256M
    #[arg(long, value_name = "SIZE", hide_short_help = true, value_parser = size)]
    pub(crate) max_memory: Option<usize>,
}

/// Tools whose text can be kept.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Compat {
    /// alembic upgrade --sql
    Alembic,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the script that applies revisions
    #[command(
        after_help = "Targets: head, heads, base, an identifier or its unique beginning, \
        a branch label, label@head, +2, abc1+1. A range is START:TARGET; several revisions may \
        be at the start, as in a1,b2:heads."
    )]
    Upgrade(Later<Upgrade>),
    /// Print the script that takes revisions back
    #[command(
        after_help = "Examples:\n  gensql downgrade head:base\n  gensql downgrade -1         \
        from the head\n  gensql downgrade a1b2:label@base"
    )]
    Downgrade(Later<Downgrade>),
    /// Print the script that only changes the version table
    Stamp(Later<Stamp>),
    /// Print the script that creates the version table
    #[command(name = "ensure_version", alias = "ensure-version")]
    EnsureVersion(Later<EnsureVersion>),
    /// Make a new project, or add what one lacks
    #[command(
        after_help = "Examples:\n  gensql init                          Alembic revisions in migrations/\n  \
        gensql init --template sql           SQL revisions in revisions/\n  \
        gensql --dialect postgresql init db  for PostgreSQL, in db/"
    )]
    Init(Later<Init>),
    /// List the kinds of project that init makes
    #[command(name = "list_templates", alias = "list-templates")]
    ListTemplates(Later<Nothing>),
    /// Write a new revision
    #[command(after_help = "Examples:\n  gensql revision -m \"add users\"\n  \
        gensql revision -m \"a branch\" --head base --branch-label reports\n  \
        gensql revision -m \"between\" --head a1b2 --splice")]
    Revision(Later<Revision>),
    /// Compare the wanted schema with that of the revisions; fails when they differ
    Check(Later<Nothing>),
    /// Write a revision that joins others
    Merge(Later<Merge>),
    /// Open a revision in $VISUAL or $EDITOR
    Edit(Later<Edit>),
    /// Print the script that creates the whole schema at a revision
    #[command(
        after_help = "Examples:\n  gensql schema                     at the heads\n  \
        gensql schema a1b2 -o schema.sql  at a revision, into a file"
    )]
    Schema(Later<Schema>),
    /// Print the script that turns the schema at one revision into that at another
    #[command(
        after_help = "Unlike upgrade and downgrade, which run what the revisions say, this is the \
        difference of the two schemas. Rows are not looked at, and the version table stays."
    )]
    Diff(Later<Diff>),
    /// Prove that each revision's downgrade restores the schema as it was before
    #[command(
        after_help = "Without a database: the revisions are replayed. Revisions whose downgrade \
        does not restore the schema are listed with the difference, and the exit status is 1. Rows \
        are not looked at, nor is the order of columns."
    )]
    Verify(Later<Verify>),
    /// Make one revision of a range, and prove that it leads to the same schema
    #[command(
        after_help = "The revision is printed; --write writes it beside those that it replaces. It \
        has the identifier of the last of them, so that databases which are at the end of the range, \
        and revisions that follow it, stay as they are. Databases inside of the range have to be \
        brought to its end before.\n\nExamples:\n  gensql squash base:a1b2\n  \
        gensql squash a1b2:head -m \"version 2\" --write"
    )]
    Squash(Later<Squash>),
    /// List the revisions, newest first
    History(Later<History>),
    /// Draw the revisions with their branches and merges
    #[command(
        after_help = "Examples:\n  gensql graph                              in the terminal\n  \
        gensql graph a1b2:heads --format mermaid  for Markdown\n  \
        gensql graph --format svg -o graph.svg    for a browser"
    )]
    Graph(Later<Graph>),
    /// List the newest revision of each branch
    Heads(Later<Heads>),
    /// List the revisions that several others follow
    Branches(Later<Nothing>),
    /// Show revisions in detail
    Show(Later<Show>),
    /// Show which revisions the rows of a version table stand for
    Current(Later<CurrentCommand>),
    /// List the databases that scripts can be written for
    Dialects(Later<Nothing>),
    /// Find what is dangerous about revisions
    #[command(
        after_help = "The revisions of the range count as one release: what is done to tables that it \
        makes itself is harmless. Exit status: 0 nothing found, 1 findings, 2 usage."
    )]
    Lint(Later<Lint>),
    /// Record what released revisions render to, or check that they still do
    #[command(
        after_help = "gensql.lock has one block for each released revision, gensql.locked their scripts; \
        commit both. Exit status of --check: 0 as it was, 1 changed (with the difference), 2 usage.\n\n\
        Examples:\n  gensql lock                                      all revisions, for the project's dialect\n  \
        gensql lock --dialect postgresql --dialect sqlite  for several\n  \
        gensql lock a1b2                                 only up to a1b2\n  \
        gensql lock --check                              in CI"
    )]
    Lock(Later<Lock>),
    /// Report a release for those who have to approve it
    #[command(
        after_help = "The report has the findings of lint, what each statement locks and for how long, \
        the schema before and after, and how each revision is taken back. Exit status: 1 where a \
        revision cannot be read to its end, or with --fail-on.\n\nExamples:\n  \
        gensql review a1b2:heads                                in the terminal\n  \
        gensql review a1b2:heads --format html -o review.html   for the browser\n  \
        gensql review a1b2:heads --format markdown              for a pull request"
    )]
    Review(Later<Review>),
    /// Write a release as a directory for whoever applies it, or check one
    #[command(
        after_help = "One script for each revision, up and down, all of them in one, a script that verifies the \
        result, a review, a run-book and a manifest. The same sources give the same bytes. docs/hand-off.md tells \
        more.\n\nExamples:\n  gensql bundle a1b2:head -o release-7\n  gensql bundle --check release-7"
    )]
    Bundle(Later<Bundle>),
    /// Explain the code of a message, or a rule of lint
    Explain(Later<Explain>),
    /// Print the completion script of a shell
    Completions(Later<Completions>),
}

/// What the database is at.
#[derive(Debug, Args)]
pub(crate) struct Current {
    /// A revision that the database is at; repeat it for several
    #[arg(long, value_name = "REV", conflicts_with = "current_from")]
    pub(crate) current: Vec<String>,
    /// A file (or `-`) with the output of SELECT version_num FROM alembic_version, or a dump
    #[arg(long, value_name = "FILE")]
    pub(crate) current_from: Option<PathBuf>,
}

/// `upgrade`.
#[derive(Debug, Args)]
pub(crate) struct Upgrade {
    /// The revision to arrive at, or START:TARGET
    #[arg(
        required = true,
        value_name = "REVISION",
        allow_negative_numbers = true
    )]
    pub(crate) revisions: Vec<String>,
    /// For a new, empty database: the script refuses any other, and queries of tables that
    /// nothing was written to are known to give no rows; with a start, for one that holds only
    /// what the revisions before it have written
    #[arg(long, conflicts_with_all = ["compat", "current", "current_from", "idempotent"])]
    pub(crate) fresh: bool,
    #[command(flatten)]
    pub(crate) opaque: Opaque,
    #[command(flatten)]
    pub(crate) online: Online,
    #[command(flatten)]
    pub(crate) script: ScriptOptions,
    #[command(flatten)]
    pub(crate) current: Current,
}

/// How statements are written.
#[derive(Debug, Args)]
pub(crate) struct Online {
    /// Write statements so that others can use the tables meanwhile
    ///
    /// Indexes CONCURRENTLY, constraints NOT VALID and validated in a transaction of their own,
    /// NOT NULL by a check, ALGORITHM and LOCK, ONLINE: whatever the database has. The schema at the
    /// end is the same. Such statements run outside of transactions.
    #[arg(long, conflicts_with = "compat")]
    pub(crate) online: bool,
}

/// `downgrade`.
#[derive(Debug, Args)]
pub(crate) struct Downgrade {
    /// The revision to go back to, or START:TARGET
    #[arg(value_name = "REVISION", allow_negative_numbers = true)]
    pub(crate) revision: String,
    /// For a database that holds only what `upgrade --fresh` has written: the script refuses any
    /// other, and the rows are known
    #[arg(long, conflicts_with_all = ["compat", "current", "current_from", "idempotent", "no_guard"])]
    pub(crate) fresh: bool,
    #[command(flatten)]
    pub(crate) derive: Derive,
    #[command(flatten)]
    pub(crate) opaque: Opaque,
    #[command(flatten)]
    pub(crate) online: Online,
    #[command(flatten)]
    pub(crate) script: ScriptOptions,
    #[command(flatten)]
    pub(crate) current: Current,
}

/// What happens where a migration needs a database.
#[derive(Debug, Args)]
pub(crate) struct Opaque {
    /// What becomes of a step that only a database could know
    #[arg(long, value_name = "WHAT", default_value = "error", conflicts_with_all = ["compat", "idempotent"])]
    pub(crate) on_opaque: OnOpaque,
}

/// What becomes of a step that only a database could know.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum OnOpaque {
    /// An error; nothing is written
    #[default]
    Error,
    /// A marked place in the script, which stops there until a person has written the step
    Stub,
}

/// `stamp`.
#[derive(Debug, Args)]
pub(crate) struct Stamp {
    /// The revisions that the version table shall name, or START:TARGET
    #[arg(
        required = true,
        value_name = "REVISION",
        allow_negative_numbers = true
    )]
    pub(crate) revisions: Vec<String>,
    /// Remove all rows of the version table first
    #[arg(long)]
    pub(crate) purge: bool,
    #[command(flatten)]
    pub(crate) script: ScriptOptions,
    #[command(flatten)]
    pub(crate) current: Current,
}

/// `ensure_version`.
#[derive(Debug, Args)]
pub(crate) struct EnsureVersion {
    #[command(flatten)]
    pub(crate) script: ScriptOptions,
}

/// Options of commands that print scripts.
#[derive(Debug, Args)]
pub(crate) struct ScriptOptions {
    /// Accepted for likeness with Alembic; scripts are all there is
    #[arg(long)]
    pub(crate) sql: bool,
    /// A tag for env.py, as context.get_tag_argument() gives it
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// A SQL file with the definitions of what is there before the first revision
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) safety: Safety,
}

/// What a script checks and waits for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Safety")]
pub(crate) struct Safety {
    /// Refuse a database that is not at the start of the script
    ///
    /// Before its first change the script compares the rows of the version table with its start,
    /// all of them, and fails where they differ; behind its last it asserts the end. Usual for SQL
    /// revisions.
    #[arg(long, overrides_with = "no_guard", conflicts_with = "compat")]
    pub(crate) guard: bool,
    /// Check nothing
    #[arg(long, overrides_with = "guard")]
    pub(crate) no_guard: bool,
    /// Run each revision only if it is not applied
    ///
    /// The script may be applied to a database at any revision of its range, and again; it refuses
    /// others. Statements are quoted and run by the database's own dynamic SQL.
    #[arg(long, conflicts_with = "compat")]
    pub(crate) idempotent: bool,
    /// How long a statement waits for a lock, such as 5s or 500ms
    ///
    /// MySQL, MariaDB and Oracle count whole seconds, and Oracle only the locks of DDL.
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "compat")]
    pub(crate) lock_timeout: Option<Duration>,
    /// How long a statement may run, such as 2min (PostgreSQL and MariaDB)
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "compat")]
    pub(crate) statement_timeout: Option<Duration>,
    /// Let no two scripts run at once
    ///
    /// The script takes a lock of the database server that has nothing to do with tables, and gives
    /// it back at its end. On SQLite its transaction begins with the lock on the file.
    #[arg(long, conflicts_with = "compat")]
    pub(crate) advisory_lock: bool,
    /// The client that reads the script: psql, sqlite3, mysql, mariadb, sqlcmd, sqlplus or none
    ///
    /// Commands of the client make it stop at the first error, and do what SQL cannot. Only that
    /// client can read the script then.
    #[arg(long, value_name = "NAME", conflicts_with = "compat")]
    pub(crate) client: Option<String>,
}

/// `init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The directory of the revisions [default: migrations, or revisions for SQL]
    #[arg(value_name = "DIRECTORY")]
    pub(crate) directory: Option<PathBuf>,
    /// The kind of project; list_templates lists them [default: generic]
    #[arg(short, long, value_name = "NAME")]
    pub(crate) template: Option<String>,
    /// Write __init__.py files as well
    #[arg(long)]
    pub(crate) package: bool,
    /// Replace files that are there
    #[arg(long)]
    pub(crate) force: bool,
}

/// `revision`.
#[derive(Debug, Args)]
pub(crate) struct Revision {
    /// What the revision does; its first line
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) message: Option<String>,
    /// Fill it with what differs between the models and the revisions
    #[arg(long)]
    pub(crate) autogenerate: bool,
    /// With --autogenerate: a table or column that has a new name, as in users:accounts or
    /// users.name:users.title; repeat it for several
    #[arg(long, value_name = "OLD:NEW", requires = "autogenerate", value_parser = Rename::parse)]
    pub(crate) rename: Vec<Rename>,
    /// Print the file, and write nothing
    #[arg(long)]
    pub(crate) sql: bool,
    /// The revision that it follows, such as LABEL@head or base
    #[arg(long, value_name = "REVISION", default_value = "head")]
    pub(crate) head: String,
    /// Allow --head to name a revision that others follow
    #[arg(long)]
    pub(crate) splice: bool,
    /// A name for the branch that begins here
    #[arg(long, value_name = "LABEL")]
    pub(crate) branch_label: Vec<String>,
    /// The directory that it goes to, one of version_locations
    #[arg(long, value_name = "DIRECTORY")]
    pub(crate) version_path: Option<PathBuf>,
    /// Its identifier, instead of one by chance
    #[arg(long, value_name = "ID")]
    pub(crate) rev_id: Option<String>,
    /// A revision or label that must be applied before; repeat it for several
    #[arg(long, value_name = "REVISION")]
    pub(crate) depends_on: Vec<String>,
    #[command(flatten)]
    pub(crate) files: Files,
}

/// Options of commands that write revisions.
#[derive(Debug, Args)]
pub(crate) struct Files {
    /// Replace a file of the same name
    #[arg(long)]
    pub(crate) force: bool,
    /// Run the post_write_hooks of the project on the new file
    #[arg(long, env = "GENSQL_HOOKS", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) hooks: bool,
}

/// `merge`.
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The revisions to join; `heads` for all
    #[arg(required = true, value_name = "REVISION")]
    pub(crate) revisions: Vec<String>,
    /// What the revision does; its first line
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) message: Option<String>,
    /// A name for the branch that begins here
    #[arg(long, value_name = "LABEL")]
    pub(crate) branch_label: Vec<String>,
    /// Its identifier, instead of one by chance
    #[arg(long, value_name = "ID")]
    pub(crate) rev_id: Option<String>,
    /// Allow revisions that others follow
    #[arg(long)]
    pub(crate) splice: bool,
    #[command(flatten)]
    pub(crate) files: Files,
}

/// `edit`.
#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// The revision
    #[arg(value_name = "REVISION", allow_negative_numbers = true)]
    pub(crate) revision: String,
    #[command(flatten)]
    pub(crate) current: Current,
}

/// `verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Up and down again, revision by revision
    #[arg(long, required = true)]
    pub(crate) round_trip: bool,
    /// A revision, or START:END without START itself; all revisions when it is left out
    #[arg(value_name = "RANGE")]
    pub(crate) range: Option<String>,
    /// The result as JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) derive: Derive,
    #[command(flatten)]
    pub(crate) script: ScriptOptions,
}

/// `squash`.
#[derive(Debug, Args)]
pub(crate) struct Squash {
    /// START:END; START itself stays, `base` is an empty database
    #[arg(value_name = "RANGE")]
    pub(crate) range: String,
    /// What the new revision does; its first line
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) message: Option<String>,
    /// Leave out statements that change rows; otherwise they come after the schema, in their order
    #[arg(long)]
    pub(crate) omit_data: bool,
    /// Write the file instead of printing it; nothing is overwritten
    #[arg(long)]
    pub(crate) write: bool,
    #[command(flatten)]
    pub(crate) script: ScriptOptions,
}

/// What happens where a downgrade is missing.
#[derive(Debug, Args)]
pub(crate) struct Derive {
    /// Derive downgrades that do nothing or only raise from the schema before the revision
    #[arg(long)]
    pub(crate) derive_downgrade: bool,
}

/// `schema`.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The revision; several are separated by commas
    #[arg(value_name = "REVISION", default_value = "heads")]
    pub(crate) revision: String,
    /// Make the version table too, and say in it what the database is at
    #[arg(long)]
    pub(crate) stamp: bool,
    #[command(flatten)]
    pub(crate) script: ScriptOptions,
}

/// `diff`.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The revision that a database is at; `base` for an empty one
    #[arg(value_name = "FROM")]
    pub(crate) from: String,
    /// The revision whose schema it shall have
    #[arg(value_name = "TO")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) script: ScriptOptions,
}

/// `history`.
#[derive(Debug, Args)]
pub(crate) struct History {
    /// Only this range, both ends included: [START]:[END]
    #[arg(short, long, value_name = "RANGE", allow_hyphen_values = true)]
    pub(crate) rev_range: Option<String>,
    /// Mark the revisions of --current
    #[arg(short, long)]
    pub(crate) indicate_current: bool,
    /// Draw the branches and merges
    #[arg(long, conflicts_with = "verbose")]
    pub(crate) graph: bool,
    #[command(flatten)]
    pub(crate) current: Current,
}

/// `graph`.
#[derive(Debug, Args)]
pub(crate) struct Graph {
    /// Only this range, both ends included: [START]:[END]
    #[arg(value_name = "RANGE", allow_hyphen_values = true)]
    pub(crate) range: Option<String>,
    /// How the picture is drawn
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: GraphFormat,
    #[command(flatten)]
    pub(crate) current: Current,
}

/// How a graph is drawn.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum GraphFormat {
    /// In characters, for a terminal
    Text,
    /// A Mermaid flow chart, which GitHub and GitLab draw
    Mermaid,
    /// For Graphviz
    Dot,
    /// A picture for browsers
    Svg,
}

/// `heads`.
#[derive(Debug, Args)]
pub(crate) struct Heads {
    /// Leave out heads that another revision depends on
    #[arg(long)]
    pub(crate) resolve_dependencies: bool,
}

/// `show`.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The revision
    #[arg(value_name = "REVISION", allow_negative_numbers = true)]
    pub(crate) revision: String,
    #[command(flatten)]
    pub(crate) current: Current,
}

/// `current`.
#[derive(Debug, Args)]
pub(crate) struct CurrentCommand {
    #[command(flatten)]
    pub(crate) current: Current,
    /// Fail unless all heads are there
    #[arg(long)]
    pub(crate) check_heads: bool,
}

/// `lint`.
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// The revisions to look at, START:TARGET [default: base:heads]
    #[arg(value_name = "RANGE", allow_negative_numbers = true)]
    pub(crate) revisions: Vec<String>,
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: LintFormat,
    /// The least severity that makes the exit status 1
    #[arg(long, value_name = "SEVERITY", default_value = "warning")]
    pub(crate) fail_on: FailOn,
    /// Say how long statements take and how much space they need, from a file of sizes
    ///
    /// The file has a line for each table: its name, its rows and its bytes, as `--stats-query`
    /// gives them. `-` is the standard input. The formats text and json have the estimates.
    #[arg(long, value_name = "FILE")]
    pub(crate) stats: Option<PathBuf>,
    /// Print the query that gives the sizes of tables, to be exported as CSV
    #[arg(long, conflicts_with = "stats")]
    pub(crate) stats_query: bool,
    /// Change revisions where the safe form is mechanical, and look again
    ///
    /// Revisions that gensql.lock records are released and stay as they are. `gensql explain RULE`
    /// says what is done.
    #[arg(long)]
    pub(crate) fix: bool,
    /// With --fix: show the changes, and change nothing
    #[arg(long, requires = "fix")]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) current: Current,
}

/// `bundle`.
#[derive(Debug, Args)]
pub(crate) struct Bundle {
    /// The revisions of the release: the one to arrive at, or START:TARGET
    #[arg(
        required_unless_present = "check",
        value_name = "RANGE",
        allow_negative_numbers = true
    )]
    pub(crate) revisions: Vec<String>,
    /// Prove that a bundle is unaltered and what the sources still render
    #[arg(long, value_name = "DIR", conflicts_with_all = ["revisions", "force", "current", "current_from"])]
    pub(crate) check: Option<PathBuf>,
    /// Replace a bundle that is there
    #[arg(long)]
    pub(crate) force: bool,
    /// Accept revisions that cannot be taken back: the rollback ends above the newest of them
    #[arg(long)]
    pub(crate) irreversible: bool,
    /// For a new, empty database: its scripts refuse any other
    #[arg(long, conflicts_with_all = ["compat", "current", "current_from", "idempotent"])]
    pub(crate) fresh: bool,
    #[command(flatten)]
    pub(crate) opaque: Opaque,
    #[command(flatten)]
    pub(crate) derive: Derive,
    #[command(flatten)]
    pub(crate) script: ScriptOptions,
    #[command(flatten)]
    pub(crate) current: Current,
}

/// `lock`.
#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// The newest revisions that are released [default: heads]
    #[arg(value_name = "REVISION")]
    pub(crate) revisions: Vec<String>,
    /// Compare what revisions render to with what is recorded, and write nothing
    #[arg(long)]
    pub(crate) check: bool,
    /// With --check: fail also where a revision is not recorded
    #[arg(long, requires = "check")]
    pub(crate) complete: bool,
    /// A released revision whose change is accepted; repeat it for several
    #[arg(long, value_name = "REV", conflicts_with = "check")]
    pub(crate) update: Vec<String>,
    /// Accept all changes
    #[arg(long, conflicts_with = "check")]
    pub(crate) force: bool,
    /// A tag for env.py, as context.get_tag_argument() gives it
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// A SQL file with the definitions of what is there before the first revision
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LintFormat {
    /// For a terminal
    Text,
    /// JSON with a versioned schema
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// JUnit XML
    Junit,
}

/// `review`.
#[derive(Debug, Args)]
pub(crate) struct Review {
    /// The revisions of the release, START:TARGET [default: base:heads]
    #[arg(value_name = "RANGE", allow_negative_numbers = true)]
    pub(crate) revisions: Vec<String>,
    /// How the review is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ReviewFormat,
    /// The least severity that makes the exit status 1
    #[arg(long, value_name = "SEVERITY", default_value = "never")]
    pub(crate) fail_on: FailOn,
    /// Say how long statements take and how much space they need, from a file of sizes
    ///
    /// The file has a line for each table: its name, its rows and its bytes, as `gensql lint
    /// --stats-query` gives them. `-` is the standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) stats: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) derive: Derive,
    #[command(flatten)]
    pub(crate) current: Current,
}

/// How a review is printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ReviewFormat {
    /// For a terminal; -v tells everything
    Text,
    /// For a pull request
    Markdown,
    /// JSON with a versioned schema
    Json,
    /// The findings as SARIF 2.1.0
    Sarif,
    /// The findings as annotations of GitHub Actions
    Github,
    /// The findings as JUnit XML
    Junit,
    /// A page that needs no network
    Html,
}

/// The least severity that counts.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FailOn {
    /// Every finding
    Note,
    /// Warnings and errors
    Warning,
    /// Errors only
    Error,
    /// None: the exit status is 0
    Never,
}

/// `explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code, such as E0301; without one, all codes are listed
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
}

/// `completions`.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// Reads `1000`, `64K`, `256M` or `2G`.
fn size(text: &str) -> Result<usize, String> {
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let shift = match unit.to_ascii_uppercase().as_str() {
        "" | "B" => 0,
        "K" | "KB" | "KIB" => 10,
        "M" | "MB" | "MIB" => 20,
        "G" | "GB" | "GIB" => 30,
        _ => return Err("a size is a number with K, M or G".to_owned()),
    };
    let number: usize = digits
        .parse()
        .map_err(|_| "a size is a number with K, M or G".to_owned())?;
    number
        .checked_mul(1 << shift)
        .ok_or_else(|| "the size is too large".to_owned())
}
