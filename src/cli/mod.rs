//! The command line: what was typed, what it means, and who prints.

mod args;
mod later;
mod printer;
mod settings;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::commands::{self, Outcome};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::report::plain_text;
use args::{Cli, Color, Command, Global};
use printer::Printer;

/// The stack of the thread on which commands run; evaluation nests deeply.
const STACK: usize = 512 << 20;
/// The status for a bug in gensql itself.
const BUG: u8 = 101;

/// Runs the program and gives its exit status: 0 done, 1 refused because of the revisions, 2 wrong
/// usage or configuration.
#[expect(clippy::exit, reason = "the one place where the program ends")]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    report_panics();
    // All of the work is done there, so that one thread's memory serves it from start to end. It
    // ends the process itself: its stack need not be taken down first.
    let work = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || std::process::exit(obey(&arguments).into()));
    match work.map(std::thread::JoinHandle::join) {
        Ok(Ok(never)) => never,
        Ok(Err(_)) => ExitCode::from(BUG),
        Err(error) => {
            let message = format!("cannot start a thread: {error}");
            Printer::new(Color::Auto, false).diagnostic(&Diagnostic::error(Code::Io, message));
            ExitCode::from(1)
        }
    }
}

/// Does what the arguments say, and gives the exit status.
fn obey(arguments: &[OsString]) -> u8 {
    let cli = match typed(arguments) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let printer = Printer::new(cli.global.color, cli.global.quiet);
    let output = settings::output(&cli.global, &cli.command);
    let finished = execute(cli).and_then(|outcome| {
        finish(&printer, &outcome, output)?;
        Ok(outcome.failed)
    });
    match finished {
        Ok(false) => 0,
        Ok(true) => 1,
        Err(found) => {
            printer.diagnostic(&found);
            status(&found)
        }
    }
}

fn typed(arguments: &[OsString]) -> std::result::Result<Cli, clap::Error> {
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(arguments)?;
    let explained = |error: clap::Error| error.format(&mut command);
    let global = Global::typed(&matches);
    let read = global.and_then(|global| {
        let command = Command::from_arg_matches(&matches)?;
        Ok(Cli { global, command })
    });
    read.map_err(explained)
}

/// Prints warnings first, so that a reader of a broken script has seen them.
fn finish(printer: &Printer, outcome: &Outcome, output: Option<PathBuf>) -> Result<()> {
    for diagnostic in &outcome.diagnostics {
        printer.diagnostic(diagnostic);
    }
    printer.progress(&outcome.progress)?;
    match output {
        Some(directory) if !outcome.files.is_empty() => {
            printer::write_files(&directory, &outcome.files)
        }
        output => printer.output(&outcome.output, output.as_deref()),
    }
}

/// 2 for usage and configuration, 1 for all that the revisions are to blame for.
fn status(found: &Diagnostic) -> u8 {
    if found.code.as_str().starts_with("E01") {
        2
    } else {
        1
    }
}

fn execute(cli: Cli) -> Result<Outcome> {
    let global = &cli.global;
    settings::dialects(global, &cli.command)?;
    // The process ends with the command.
    let options = ManuallyDrop::new(settings::options(global, &cli.command));
    match &cli.command {
        Command::Upgrade(upgrade) => commands::upgrade(
            &options,
            &upgrade.revisions,
            &settings::at(&upgrade.current),
        ),
        Command::Downgrade(downgrade) => commands::downgrade(
            &options,
            &downgrade.revision,
            &settings::at(&downgrade.current),
        ),
        Command::Stamp(stamp) => {
            let at = settings::at(&stamp.current);
            commands::stamp(&options, &stamp.revisions, &at, stamp.purge)
        }
        Command::EnsureVersion(_) => commands::ensure_version(&options),
        Command::Init(asked) => {
            let asked = commands::Init {
                directory: asked.directory.clone(),
                template: asked.template.clone(),
                package: asked.package,
                force: asked.force,
            };
            commands::init(&options, &asked)
        }
        Command::ListTemplates(_) => commands::list_templates(),
        Command::Revision(revision) => commands::revision(
            &options,
            &settings::revision(revision),
            revision.autogenerate,
        ),
        Command::Check(_) => commands::check(&options),
        Command::Merge(merge) => commands::merge(&options, &settings::merge(merge)),
        Command::Edit(edit) => commands::edit(
            &options,
            &edit.revision,
            &settings::at(&edit.current),
            settings::editor().as_deref(),
        ),
        Command::Schema(schema) => commands::schema(&options, &schema.revision, schema.stamp),
        Command::Diff(diff) => commands::diff(&options, &diff.from, &diff.to),
        Command::Verify(verify) => commands::round_trip(
            &options,
            &commands::Verify {
                range: verify.range.clone(),
                json: verify.json,
            },
        ),
        Command::Squash(squash) => commands::squash(
            &options,
            &commands::Squash {
                range: squash.range.clone(),
                message: squash.message.clone(),
                omit_data: squash.omit_data,
                write: squash.write,
            },
        ),
        Command::History(history) if history.graph => commands::graph(
            &options,
            history.rev_range.as_deref(),
            &settings::at(&history.current),
            history.indicate_current,
            commands::GraphFormat::Text,
        ),
        Command::History(history) => commands::history(
            &options,
            history.rev_range.as_deref(),
            history.indicate_current,
            &settings::at(&history.current),
        ),
        Command::Graph(graph) => commands::graph(
            &options,
            graph.range.as_deref(),
            &settings::at(&graph.current),
            false,
            settings::graph(graph),
        ),
        Command::Heads(heads) => commands::heads(&options, heads.resolve_dependencies),
        Command::Branches(_) => commands::branches(&options),
        Command::Show(show) => {
            commands::show(&options, &show.revision, &settings::at(&show.current))
        }
        Command::Current(current) => commands::current(
            &options,
            &settings::at(&current.current),
            current.check_heads,
        ),
        Command::Dialects(_) => commands::dialects(&options),
        Command::Lint(lint) => commands::lint(
            &options,
            &lint.revisions,
            &settings::at(&lint.current),
            settings::lint(lint),
        ),
        Command::Lock(lock) => commands::lock(&options, &settings::lock(global, lock)),
        Command::Review(review) => commands::review(
            &options,
            &review.revisions,
            &settings::at(&review.current),
            settings::review(review),
        ),
        Command::Bundle(bundle) => commands::bundle(
            &options,
            &settings::bundle(global, bundle),
            &settings::at(&bundle.current),
        ),
        Command::Explain(explain) => commands::explain(explain.code.as_deref()),
        Command::Completions(completions) => {
            let mut script = Vec::new();
            let mut command = Cli::command();
            clap_complete::generate(completions.shell, &mut command, "gensql", &mut script);
            Ok(String::from_utf8_lossy(&script).into_owned().into())
        }
    }
}

/// Prints help to the standard output, complaints about the command line to standard error.
fn refuse(error: &clap::Error) -> u8 {
    let rendered = error.render();
    if error.use_stderr() {
        let text = rendered.to_string();
        let clean = plain_text(&text);
        let coloured = std::io::stderr().is_terminal() && clean == text;
        let text = if coloured {
            rendered.ansi().to_string()
        } else {
            clean.into_owned()
        };
        let _ = anstream::stderr().write_all(text.as_bytes());
        return 2;
    }
    let _ = anstream::stdout().write_all(rendered.ansi().to_string().as_bytes());
    0
}

/// A panic is always a bug in gensql; the message asks for a report and says where it was.
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let payload = panic.payload();
        let reason = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let text = format!(
            "this is a bug in gensql {}: {} ({place})\nplease report it, with the revision that it was reading\n",
            env!("CARGO_PKG_VERSION"),
            plain_text(&reason),
        );
        let _ = std::io::stderr().write_all(text.as_bytes());
    }));
}
