//! One file per command.

mod asset;
mod completions;
mod demo;
mod emulator;
mod request;
mod run;
mod serve;
mod up;
mod vendor;

use connect_client::Client;

use crate::cli::{Cli, Command, Global};
use crate::exit::Error;
use crate::printer::Printer;
use crate::settings;
use crate::signal::Signals;

/// Does what the arguments say.
pub(crate) async fn run(cli: Cli, printer: &Printer) -> Result<(), Error> {
    let Cli { global, command } = cli;
    match command {
        Command::Demo(demo) => demo::run(demo, printer).await,
        Command::Up(up) => up::run(up, printer).await,
        Command::Emulator(emulator) => emulator::run(emulator, printer).await,
        Command::Vendor(vendor) => vendor::run(vendor, printer).await,
        Command::Completions { shell } => completions::run(shell, printer),
        Command::Run(command) => run::run(*command, printer).await,
        Command::Request(command) => {
            on_platform(&global, async |client| request::run(*command, &client, printer).await)
                .await
        }
        Command::Asset(command) => {
            on_platform(&global, async |client| asset::run(*command, &client, printer).await).await
        }
    }
}

/// Says beside a list that it is empty, or that there may be more than it shows.
fn say_how_many(what: &str, shown: usize, limit: usize, printer: &Printer) {
    if shown == limit {
        printer.say(format_args!("the newest {shown}; more with --limit"));
    } else if shown == 0 {
        printer.say(format_args!("no {what}"));
    }
}

/// Finds the platform and does something there, unless Ctrl-C comes first.
async fn on_platform(
    global: &Global,
    work: impl AsyncFnOnce(Client) -> Result<(), Error>,
) -> Result<(), Error> {
    let all = async { work(settings::client(global).await?).await };
    Signals::listen()?.unless_told(all).await
}
