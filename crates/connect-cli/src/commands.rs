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

use connect_client::{Client, List};
use futures::{StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;

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
            request::run(*command, &mut Desk::open(&global, printer).await?).await
        }
        Command::Asset(command) => {
            asset::run(*command, &mut Desk::open(&global, printer).await?).await
        }
    }
}

/// Where commands at a platform are carried out.
struct Desk<'a> {
    client: Client,
    printer: &'a Printer,
    signals: Signals,
}

impl<'a> Desk<'a> {
    /// Finds the platform, unless told to stop first.
    async fn open(global: &Global, printer: &'a Printer) -> Result<Self, Error> {
        let mut signals = Signals::listen()?;
        let client = signals.unless_told(settings::client(global)).await?;
        Ok(Self { client, printer, signals })
    }
}

/// The newest rows of a list at the platform, at most so many; says beside them that there are more,
/// or none.
async fn newest<T: DeserializeOwned + Send + 'static>(
    list: List<T>,
    limit: usize,
    what: &str,
    printer: &Printer,
) -> Result<Vec<T>, Error> {
    let list = list.order_by("-created").stream();
    let mut rows = list.take(limit.saturating_add(1)).try_collect().await?;
    cut(&mut rows, limit, what, "newest", printer);
    Ok(rows)
}

/// A list that was asked for one row beyond its limit: takes that row off, and says beside the list
/// that there is more, or nothing.
fn cut<T>(rows: &mut Vec<T>, limit: usize, what: &str, order: &str, printer: &Printer) {
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    if has_more {
        printer.say(format_args!("the {order} {limit} {what}; more with --limit"));
    } else if rows.is_empty() {
        printer.say(format_args!("no {what}"));
    }
}
