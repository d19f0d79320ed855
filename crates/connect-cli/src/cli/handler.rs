//! The arguments of `cnct handler`.

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use connect_exec::{Channel, CommandLine};

#[derive(Subcommand)]
pub(crate) enum HandlerCommand {
    /// Check that workers keep to the protocol, whatever language they are written in
    ///
    /// The program is a conformance program, as docs/worker-conformance.md describes it. Each case is
    /// played toward a process of its own; -v shows what it prints.
    Check(CheckHandlers),
}

#[derive(Args)]
pub(crate) struct CheckHandlers {
    /// The program, with its arguments: "python3 conformance.py"
    #[arg(long, value_name = "COMMAND")]
    pub(crate) exec: CommandLine,
    /// How it is spoken to: over standard input and output, or over a socket that is its standard input
    #[arg(long, value_name = "CHANNEL", value_enum, default_value = "stdio")]
    pub(crate) exec_channel: Channel,
    /// Only this case [default: all]
    #[arg(long, value_name = "NAME", hide_possible_values = true)]
    #[arg(value_parser = PossibleValuesParser::new(connect_exec::case_names()))]
    pub(crate) case: Option<String>,
}
