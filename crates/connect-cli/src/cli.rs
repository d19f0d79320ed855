//! The arguments, nothing else.

mod api;
mod asset;
mod billing;
mod boxed_args;
mod crash_test;
mod fault;
mod handler;
mod help;
mod journal;
mod parse;
mod product;
mod request;
mod run;
mod serve;
mod tier;
mod tier_account;
mod usage;
mod webhook;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use api::{Api, Method};
pub(crate) use asset::{AssetCommand, ListAssets, NewOnAsset};
pub(crate) use billing::{
    BillingCommand, BillingTarget, CreateBillingRequest, ListBillingRequests, SetBillingAttributes,
};
pub(crate) use boxed_args::BoxedArgs;
pub(crate) use crash_test::CrashTest;
pub(crate) use fault::{FaultCommand, Place, SetAnswer, SetEffect, SetFault};
pub(crate) use handler::{CheckHandlers, HandlerCommand};
pub(crate) use help::command;
pub(crate) use journal::{EraseRuns, JournalCommand, Whose};
pub(crate) use parse::{Account, Pair};
pub(crate) use product::{ListProducts, ProductCommand};
pub(crate) use request::{
    CreateRequest, ListRequests, NewKind, OnRequest, Order, RequestCommand, Rows, Target, Template,
};
pub(crate) use run::{
    JournalFile, ListRuns, ListedState, ParkRuns, PausedPart, ReviveRuns, RunCommand,
};
pub(crate) use serve::{Bind, Demo, Emulator, Up, Vendor};
pub(crate) use tier::{
    CreateTierRequest, ListTierConfigs, ListTierRequests, NewTierKind, OnTierRequest, TierCommand,
    TierRequestCommand, TierTarget,
};
pub(crate) use tier_account::{
    AccountRequestCommand, AccountTarget, EditTierAccount, ListAccountRequests, ListTierAccounts,
    TierAccountCommand,
};
pub(crate) use usage::{
    CreateUsageFile, ListUsageFiles, ListUsageRecords, NotedUsage, UsageCommand, UsageTarget,
};
pub(crate) use webhook::{CreateWebhook, ListWebhooks, WebhookCommand, WebhookTarget};

/// A processor for CloudBlue Connect, and a local Connect to try it on.
#[derive(Parser)]
#[command(name = "cnct", version, max_term_width = 100, after_help = crate::exit::HELP)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Args)]
pub(crate) struct Global {
    /// Connect's API, such as `https://api.connect.cloudblue.com/public/v1` [env: CONNECT_ENDPOINT]
    #[arg(long, global = true, value_name = "URL", help_heading = "Platform")]
    pub(crate) endpoint: Option<String>,
    /// The API key, the whole value `ApiKey SU-…:…` [env: CONNECT_API_KEY]
    #[arg(long, global = true, value_name = "KEY", help_heading = "Platform")]
    pub(crate) api_key: Option<String>,
    /// Endpoint and key from the ready file of `up` or `emulator` [env: CONNECT_READY]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Platform")]
    #[arg(conflicts_with_all = ["endpoint", "api_key"])]
    pub(crate) ready: Option<PathBuf>,
    /// Whose key is used of those that a ready file has, or the local emulator's demo [default:
    /// vendor]
    #[arg(long = "as", global = true, value_name = "SIDE", help_heading = "Platform")]
    #[arg(conflicts_with = "api_key")]
    pub(crate) side: Option<Side>,
    /// A TOML file with `endpoint`, `api-key` or `ready` [env: CONNECT_CONFIG]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Platform")]
    pub(crate) config: Option<PathBuf>,
    /// Take plain `http` to another machine too; the key travels readable [env:
    /// CONNECT_ALLOW_PLAIN_HTTP]
    #[arg(long, global = true, value_name = "BOOL", help_heading = "Platform")]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) allow_plain_http: Option<bool>,
    /// Results and errors as JSON
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) json: bool,
    /// Ids only, and no prose
    #[arg(short, long, global = true, help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Tell what happens inside, on stderr; twice for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub(crate) verbose: u8,
}

/// A side of the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Side {
    Vendor,
    Distributor,
}

/// How `cnct run` is used: with a program's handlers, with a project's, or with a command.
const RUN_USAGE: &str = "cnct run --exec <PROGRAM> [SETTINGS]
       cnct run --template <PROJECT> [SETTINGS]
       cnct run <COMMAND>";

/// The end of `cnct run --help`.
const RUN_PROCESSOR: &str = "\
The settings of a processor, such as --once, --journal, --endpoint and --listen:
  cnct run --exec \"python3 handlers.py\" --help";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Play a subscription's life in one process: bought, put on hold, resumed, refused
    Demo(BoxedArgs<Demo>),
    /// End the Acme processor's life at every point, and see what becomes of its requests
    Crashtest(BoxedArgs<CrashTest>),
    /// Run the emulator, the demo vendor and the Acme processor until Ctrl-C
    ///
    /// The Acme processor is this project's example: handlers in Rust that create tenants at the demo vendor
    /// for the requests of the emulator.
    Up(BoxedArgs<Up>),
    /// Run the emulator alone: a local Connect
    Emulator(BoxedArgs<Emulator>),
    /// Run the demo vendor alone: the API that the Acme processor calls
    Vendor(BoxedArgs<Vendor>),
    /// Look at requests and decide them
    #[command(subcommand)]
    Request(BoxedArgs<RequestCommand>),
    /// Look at subscriptions and ask for changes
    #[command(subcommand)]
    Asset(BoxedArgs<AssetCommand>),
    /// Look at the configurations of resellers, and decide the requests for them
    #[command(subcommand)]
    Tier(BoxedArgs<TierCommand>),
    /// Look at customers and resellers, and at what vendors were told of their changes
    #[command(subcommand)]
    TierAccount(BoxedArgs<TierAccountCommand>),
    /// Report usage, and decide what was reported
    #[command(subcommand)]
    Usage(BoxedArgs<UsageCommand>),
    /// Look at what was billed, and record it
    #[command(subcommand)]
    Billing(BoxedArgs<BillingCommand>),
    /// Look at webhooks, make them, and have them called
    #[command(subcommand)]
    Webhook(BoxedArgs<WebhookCommand>),
    /// Look at products: what can be ordered, and with which parameters
    #[command(subcommand)]
    Product(BoxedArgs<ProductCommand>),
    /// Make any call to Connect's API, with the key
    Api(BoxedArgs<Api>),
    /// Rehearse bad days: have the emulator or the demo vendor refuse, fail or lose calls
    #[command(subcommand)]
    Fault(BoxedArgs<FaultCommand>),
    /// Run a processor with --exec or --template, or look at the runs of a journal
    #[command(subcommand, override_usage = RUN_USAGE, after_help = RUN_PROCESSOR)]
    Run(BoxedArgs<RunCommand>),
    /// Say what happened to a request, why it waits, what comes next and what you can do
    Explain {
        #[command(flatten)]
        journal: JournalFile,
        /// The request
        request: String,
    },
    /// Back up a processor's journal, restore it, and erase a customer's data from it
    #[command(subcommand)]
    Journal(BoxedArgs<JournalCommand>),
    /// Check handlers that are written in another language
    #[command(subcommand)]
    Handler(BoxedArgs<HandlerCommand>),
    /// Print the completions of a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn check(command: &clap::Command, global: &[String], at: &str) {
        for argument in command.get_arguments().map(|argument| argument.get_id().to_string()) {
            assert!(!global.contains(&argument), "{at}: `{argument}` is what every command takes");
        }
        for below in command.get_subcommands() {
            check(below, global, &format!("{at} {}", below.get_name()));
        }
    }

    /// One name for two arguments fails when a value is read, and not before.
    #[test]
    fn no_command_has_an_argument_named_as_one_that_all_take() {
        let command = Cli::command();
        let arguments = command.get_arguments().filter(|argument| argument.is_global_set());
        let global: Vec<String> = arguments.map(|it| it.get_id().to_string()).collect();
        assert!(global.contains(&"config".to_owned()));
        for below in command.get_subcommands() {
            check(below, &global, below.get_name());
        }
    }
}
