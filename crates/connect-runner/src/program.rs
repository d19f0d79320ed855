//! A program around a processor, from its arguments to its exit code.

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Command};
use connect_client::Client;
use connect_clock::SystemClock;
use connect_journal::Journal;
use connect_processor::{Accounts, BoxError, CancellationToken, OpenRun, Processor, Report, chain};
use futures::future::{join_all, try_join_all};
use tracing::Instrument;

use crate::account::{About, Account, Recipe};
use crate::arguments::{self, Arguments, ArgumentsError, Mode};
use crate::error::Error;
use crate::exit::Exit;
use crate::listener::Listener;
use crate::logging::LogFormat;
use crate::settings::Listen;
use crate::watched::Watched;
use crate::{check, lives, logging, one_request, signals};

/// A processor's program. The [crate's page](crate) shows one.
#[derive(Debug)]
pub struct Program {
    name: &'static str,
    command: Command,
}

impl Program {
    /// A program of this name: the first part of the name of its journal,
    /// `NAME-journal.sqlite`, unless another one is set, and what it calls itself before Connect.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name, command: Command::new(name) }
    }

    /// Sets what `--help` says of the program.
    #[must_use]
    pub fn about(mut self, about: &'static str) -> Self {
        self.command = self.command.about(about);
        self
    }

    /// Sets what `--version` says, as a rule `env!("CARGO_PKG_VERSION")`.
    #[must_use]
    pub fn version(mut self, version: &'static str) -> Self {
        self.command = self.command.version(version);
        self
    }

    /// Runs the program to its end.
    ///
    /// `state` makes of the vendor's settings what handlers see, such as a client of the vendor's
    /// API; its error is a wrong setting, told as it is. `()` stands for no settings. `processor`
    /// registers the handlers; products, concurrency, and whatever else the settings say of a
    /// processor, are set afterwards. Both are called for each account, of the settings of that
    /// account, and again whenever its processor is started anew.
    pub fn run<V, S, E>(
        self,
        state: impl Fn(&V) -> Result<S, E>,
        processor: impl Fn(S, Client, Arc<dyn Journal>) -> Processor<S>,
    ) -> ExitCode
    where
        V: Args,
        S: Send + Sync + 'static,
        E: Into<BoxError>,
    {
        self.run_with(std::env::args_os(), state, processor)
    }

    /// Runs the program to its end, with these arguments in place of the process's. The first is what the
    /// program is called.
    pub fn run_with<V, S, E>(
        self,
        arguments: impl IntoIterator<Item = OsString>,
        state: impl Fn(&V) -> Result<S, E>,
        processor: impl Fn(S, Client, Arc<dyn Journal>) -> Processor<S>,
    ) -> ExitCode
    where
        V: Args,
        S: Send + Sync + 'static,
        E: Into<BoxError>,
    {
        let version = self.command.get_version().map(str::to_owned);
        let arguments = match arguments::parse(self.command, self.name, arguments.into_iter()) {
            Ok(arguments) => arguments,
            Err(ArgumentsError::Told(usage)) => {
                // A terminal that is gone changes no exit code.
                let _ = usage.print();
                return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
            }
            Err(ArgumentsError::Settings(error)) => {
                logging::start(LogFormat::default());
                return fail(&error.into()).into();
            }
        };
        let log_format = arguments.accounts.first().map(|account| account.settings.log_format);
        logging::start(log_format.unwrap_or_default());
        let state = |own: &V| state(own).map_err(Into::into);
        let recipe = Recipe { state: &state, processor: &processor };
        let about =
            About { name: self.name, version: version.as_deref(), among: Accounts::default() };
        started(work(&about, arguments, &recipe)).unwrap_or_else(|error| fail(&error)).into()
    }
}

fn fail(error: &Error) -> Exit {
    tracing::error!("{}", chain(error));
    error.exit()
}

fn started(work: impl Future<Output = Result<Exit, Error>>) -> Result<Exit, Error> {
    tokio::runtime::Runtime::new().map_err(Error::Runtime)?.block_on(work)
}

async fn work<V, S: Send + Sync + 'static>(
    about: &About<'_>,
    Arguments { mode, accounts }: Arguments<V>,
    recipe: &Recipe<'_, V, S>,
) -> Result<Exit, Error> {
    let accounts = accounts.into_iter().map(|mut told| {
        if matches!(mode, Mode::Request(_)) {
            // It may stand beside the program itself, which has the address and says what is paused.
            (told.settings.listen, told.settings.start_paused) = (None, false);
        }
        let name = told.name.clone();
        let made =
            logging::of_account(name.as_ref()).in_scope(|| Account::new(told, about, recipe));
        made.map_err(|error| error.of_account(name))
    });
    let accounts = accounts.collect::<Result<Vec<_>, _>>()?;
    let ends = match &mode {
        Mode::Check => vec![checked(&accounts).await?],
        Mode::Request(request) => of_each(&accounts, |it| worked_on(it, request)).await,
        Mode::Once | Mode::Run => served(about, &accounts, &mode).await?,
    };
    Ok(Exit::worst(ends))
}

/// Does something for each account at the same time, and says in each line of the log for which.
async fn of_each<'a, 'r, V, S: Send + Sync + 'static>(
    accounts: &'a [Account<'r, V, S>],
    work: impl AsyncFn(&'a Account<'r, V, S>) -> Result<Exit, Error>,
) -> Vec<Exit> {
    let ends = accounts.iter().map(|account| {
        let work = async { work(account).await.unwrap_or_else(|error| fail(&error)) };
        work.instrument(account.window.span())
    });
    join_all(ends).await
}

/// Looks whether work could begin for each account, and at this machine, which is all of theirs.
async fn checked<V, S: Send + Sync + 'static>(
    accounts: &[Account<'_, V, S>],
) -> Result<Exit, Error> {
    let checks = accounts.iter().map(|account| {
        let name = account.name.as_ref();
        let check = async move {
            let found = account.check().await;
            found.map(|found| (name, found)).map_err(|error| error.of_account(name.cloned()))
        };
        check.instrument(account.window.span())
    });
    let mut found: check::Found<'_> = try_join_all(checks).await?.into_iter().collect();
    if let Some(finding) = check::machine(listen(accounts)).await {
        found.entry(None).or_default().push(finding);
    }
    let settings: Vec<_> = accounts.iter().map(|account| &account.settings).collect();
    Ok(check::tell(&found, &settings))
}

/// Returns where others may call the program, which all accounts are told alike.
fn listen<'a, V, S>(accounts: &'a [Account<'_, V, S>]) -> Option<&'a Listen> {
    accounts.first().and_then(|account| account.settings.listen.as_ref())
}

async fn worked_on<V, S: Send + Sync + 'static>(
    account: &Account<'_, V, S>,
    request: &str,
) -> Result<Exit, Error> {
    Ok(one_request::tell(request, &account.work_on(request).await?))
}

/// Works for all accounts, and answers whoever asks meanwhile.
async fn served<V, S: Send + Sync + 'static>(
    about: &About<'_>,
    accounts: &[Account<'_, V, S>],
    mode: &Mode,
) -> Result<Vec<Exit>, Error> {
    let listener = match listen(accounts) {
        Some(listen) => Some(Listener::open(listen).await?),
        None => None,
    };
    let windows = accounts.iter().map(|account| Arc::clone(&account.window)).collect();
    let watched = Watched { program: about.name, accounts: windows };
    let mut server = None;
    let work = async {
        match mode {
            Mode::Once => {
                of_each(accounts, async |it| Ok(ended(&lives::one(it, None).await?))).await
            }
            _ => until_stopped(accounts).await,
        }
    };
    let serving = async {
        server = listener.map(|it| it.serve(watched));
        std::future::pending().await
    };
    // What is answered is there before anybody can ask: processors are made first.
    let ends = tokio::select! {
        biased;
        ends = work => ends,
        never = serving => never,
    };
    if let Some(server) = server {
        // Whoever takes longer to hear of the health of a program that ends is not waited for.
        let _ = server.stop(&SystemClock, std::future::ready(())).await;
    }
    Ok(ends)
}

/// Works until a signal says to stop. What ends one account's work ends no other's; with one account
/// there is no other.
async fn until_stopped<V, S: Send + Sync + 'static>(accounts: &[Account<'_, V, S>]) -> Vec<Exit> {
    let stop = CancellationToken::new();
    let is_alone = accounts.len() == 1;
    let work = of_each(accounts, async |account| {
        let report = match is_alone {
            true => lives::one(account, Some(&stop)).await?,
            false => lives::keep(account, &stop).await,
        };
        ended(&report);
        Ok(Exit::Complete)
    });
    let told_to_stop = async {
        signals::told_to_stop().await;
        stop.cancel();
        std::future::pending().await
    };
    tokio::select! {
        biased;
        ends = work => ends,
        never = told_to_stop => never,
    }
}

/// Tells what work has come to.
fn ended(report: &Report) -> Exit {
    tell(report);
    if report.is_complete() { Exit::Complete } else { Exit::Left }
}

fn tell(report: &Report) {
    let ended = report.ended.iter().map(|(ending, runs)| format!("{ending}: {runs}"));
    let ended = ended.collect::<Vec<_>>().join(", ");
    tracing::info!(ended, open = report.open.len(), "the work has ended");
    for run in &report.open {
        let OpenRun { request, state, why, .. } = run;
        tracing::warn!(request, state, why, "the request is not at an end");
    }
}
