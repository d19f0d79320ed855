//! One file per command.

mod api;
mod asset;
mod billing;
mod completions;
mod crash_test;
mod demo;
mod emulator;
mod explain;
mod fault;
mod handler;
mod journal;
mod listing;
mod processor;
mod product;
mod request;
mod run;
mod serve;
mod tier;
mod tier_account;
mod up;
mod usage;
mod vendor;
mod webhook;

use connect_client::Client;

use crate::cli::{BoxedArgs, Cli, Command, Global};
use crate::exit::Error;
use crate::printer::Printer;
use crate::settings;
use crate::signal::Signals;

pub(crate) use processor::{processor_arguments, run_processor};

/// Does what the arguments say.
pub(crate) async fn run(cli: Cli, printer: &Printer) -> Result<(), Error> {
    let Cli { global, command } = cli;
    match command {
        Command::Demo(BoxedArgs(demo)) => demo::run(*demo, printer).await,
        Command::Crashtest(BoxedArgs(test)) => crash_test::run(*test, printer).await,
        Command::Up(BoxedArgs(up)) => up::run(*up, printer).await,
        Command::Emulator(BoxedArgs(emulator)) => emulator::run(*emulator, printer).await,
        Command::Vendor(BoxedArgs(vendor)) => vendor::run(*vendor, printer).await,
        Command::Completions { shell } => completions::run(shell, printer),
        Command::Run(BoxedArgs(command)) => run::run(*command, &global, printer).await,
        Command::Explain { journal, request } => {
            explain::run(journal, &request, &global, printer).await
        }
        Command::Journal(BoxedArgs(command)) => journal::run(*command, printer).await,
        Command::Fault(BoxedArgs(command)) => fault::run(*command, &global, printer).await,
        Command::Handler(BoxedArgs(command)) => handler::run(*command, printer).await,
        Command::Request(BoxedArgs(command)) => {
            request::run(*command, &mut Session::open(&global, printer).await?).await
        }
        Command::Asset(BoxedArgs(command)) => {
            asset::run(*command, &mut Session::open(&global, printer).await?).await
        }
        Command::Tier(BoxedArgs(command)) => {
            tier::run(*command, &mut Session::open(&global, printer).await?).await
        }
        Command::TierAccount(BoxedArgs(command)) => {
            tier_account::run(*command, &mut Session::open(&global, printer).await?).await
        }
        Command::Usage(BoxedArgs(command)) => {
            usage::run(*command, &mut Session::open(&global, printer).await?).await
        }
        Command::Billing(BoxedArgs(command)) => {
            billing::run(*command, &mut Session::open(&global, printer).await?).await
        }
        Command::Webhook(BoxedArgs(command)) => {
            webhook::run(*command, &mut Session::open(&global, printer).await?).await
        }
        Command::Product(BoxedArgs(command)) => {
            product::run(*command, &mut Session::open(&global, printer).await?).await
        }
        Command::Api(BoxedArgs(call)) => {
            api::run(*call, &global, &mut Session::open(&global, printer).await?).await
        }
    }
}

/// The means that commands at a platform share.
struct Session<'a> {
    client: Client,
    printer: &'a Printer,
    signals: Signals,
}

impl<'a> Session<'a> {
    /// Finds the platform, unless told to stop first.
    async fn open(global: &Global, printer: &'a Printer) -> Result<Self, Error> {
        let mut signals = Signals::listen()?;
        let client = signals.unless_told(settings::client(global)).await?;
        Ok(Self { client, printer, signals })
    }
}
