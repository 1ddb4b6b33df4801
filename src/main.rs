//! The `gensql` program: hands the arguments to the library and leaves with its exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    gensql::cli::run(std::env::args_os())
}
