//! The help of each command shows what means something there.

use clap::{Arg, Command, CommandFactory};

use super::Cli;

/// Commands that talk to no platform, and the arguments of others that mean something to them.
const ALONE: [(&str, &[&str]); 7] = [
    ("demo", &[]),
    ("up", &[]),
    ("emulator", &[]),
    ("vendor", &[]),
    ("handler", &[]),
    ("completions", &[]),
    ("run", &["ready", "config"]),
];

/// The whole command line.
pub(crate) fn command() -> Command {
    let whole = Cli::command();
    let of_platform = |arg: &&Arg| arg.get_help_heading() == Some("Platform");
    let platform: Vec<Arg> = whole.get_arguments().filter(of_platform).cloned().collect();
    ALONE.into_iter().fold(whole, |whole, (name, kept)| {
        whole.mut_subcommand(name, |command| {
            let hidden = platform.iter().filter(|arg| !kept.contains(&arg.get_id().as_str()));
            // A global argument is handed down, except to commands that have it already.
            hidden.fold(command, |command, arg| command.arg(arg.clone().hide(true)))
        })
    })
}
