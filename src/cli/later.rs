//! Arguments that are only described to clap once their command was typed.
//!
//! There are two dozen commands, each with options of its own and the global ones; describing all
//! of them for the one that is run took a third of the program's start.

use std::ops::Deref;

use clap::builder::{Resettable, StyledStr};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Error, FromArgMatches};

use super::args::Global;

/// The arguments of a command, with the global options, which are accepted behind it as well.
#[derive(Debug)]
pub(crate) struct Later<T>(T);

/// A command without arguments of its own.
#[derive(Debug, Args)]
pub(crate) struct Nothing {}

impl<T> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: FromArgMatches> FromArgMatches for Later<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl<T: Args> Args for Later<T> {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.defer(described::<T>)
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

fn described<T: Args>(command: clap::Command) -> clap::Command {
    // What is written of the arguments as a group is not what the command is for.
    let about: Resettable<StyledStr> = command.get_about().cloned().into();
    let long: Resettable<StyledStr> = command.get_long_about().cloned().into();
    Global::augment_args(T::augment_args(command))
        .about(about)
        .long_about(long)
}

impl Global {
    /// The options as they were typed before the command and behind it. Behind it counts where both
    /// say something; of options that may be repeated, both count.
    pub(super) fn typed(matches: &ArgMatches) -> Result<Self, Error> {
        let mut all = Self::from_arg_matches(matches)?;
        let Some((_, behind)) = matches.subcommand() else {
            return Ok(all);
        };
        let is_typed = |matches: &ArgMatches, id: &str| {
            matches.value_source(id) == Some(ValueSource::CommandLine)
        };
        // What is not typed comes from the environment, which what was typed replaces.
        let repeated = |id: &str| (is_typed(matches, id), is_typed(behind, id));
        let Self {
            config,
            name,
            packages,
            x,
            dialect,
            compat,
            output,
            color,
            quiet,
            verbose,
            max_steps,
            max_depth,
            max_memory,
        } = Self::from_arg_matches(behind)?;
        join(&mut all.config, config, repeated("config"));
        join(&mut all.packages, packages, repeated("packages"));
        join(&mut all.x, x, repeated("x"));
        join(&mut all.dialect, dialect, repeated("dialect"));
        all.name = name.or(all.name);
        all.compat = compat.or(all.compat);
        all.output = output.or(all.output);
        if is_typed(behind, "color") {
            all.color = color;
        }
        all.quiet |= quiet;
        all.verbose |= verbose;
        all.max_steps = max_steps.or(all.max_steps);
        all.max_depth = max_depth.or(all.max_depth);
        all.max_memory = max_memory.or(all.max_memory);
        Ok(all)
    }
}

fn join<T>(before: &mut Vec<T>, behind: Vec<T>, typed: (bool, bool)) {
    match typed {
        (true, true) => before.extend(behind),
        (false, true) => *before = behind,
        (_, false) => {}
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::{Cli, Color};

    fn typed(arguments: &[&str]) -> Global {
        let arguments = std::iter::once("gensql").chain(arguments.iter().copied());
        let matches = Cli::command().try_get_matches_from(arguments).unwrap();
        Global::typed(&matches).unwrap()
    }

    #[test]
    fn every_description_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn options_count_on_both_sides_of_the_command() {
        let both = typed(&["-x", "a=1", "-q", "upgrade", "head", "-x", "b=2"]);
        assert_eq!(both.x, ["a=1", "b=2"]);
        assert!(both.quiet);
        let behind = typed(&["heads", "--color", "never", "-v", "--name", "other"]);
        assert!(matches!(behind.color, Color::Never));
        assert!(behind.verbose);
        assert_eq!(behind.name.as_deref(), Some("other"));
    }

    #[test]
    fn what_stands_behind_the_command_wins() {
        let both = typed(&[
            "--name", "one", "--color", "always", "heads", "--name", "two",
        ]);
        assert_eq!(both.name.as_deref(), Some("two"));
        assert!(matches!(both.color, Color::Always));
    }
}
