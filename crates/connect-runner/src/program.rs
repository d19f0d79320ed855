//! A program around a processor, from its arguments to its exit code.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Command};
use connect_client::{Client, ClientBuilder};
use connect_clock::SystemClock;
use connect_journal::{Journal, MemoryJournal, SqliteJournal};
use connect_processor::{
    BoxError, Finding, Metrics, OpenRun, Processor, Report, RequestReport, chain,
};

use crate::action::Actions;
use crate::arguments::{self, Arguments, ArgumentsError};
use crate::callback::CallbackDoor;
use crate::error::Error;
use crate::listener::{Doors, Listener};
use crate::logging::LogFormat;
use crate::settings::Settings;
use crate::validation::Validation;
use crate::watched::Watched;
use crate::{callback, check, logging, one_request, signals, webhook};

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
    /// processor, are set afterwards.
    pub fn run<V, S, E>(
        self,
        state: impl FnOnce(&V) -> Result<S, E>,
        processor: impl FnOnce(S, Client, Arc<dyn Journal>) -> Processor<S>,
    ) -> ExitCode
    where
        V: Args,
        S: Send + Sync + 'static,
        E: Into<BoxError>,
    {
        let version = self.command.get_version().map(str::to_owned);
        let arguments = match arguments::parse(self.command, self.name, std::env::args_os()) {
            Ok(arguments) => arguments,
            Err(ArgumentsError::Told(usage)) => {
                // A terminal that is gone changes no exit code.
                let _ = usage.print();
                return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
            }
            Err(ArgumentsError::Settings(error)) => {
                logging::start(LogFormat::default());
                return fail(&error.into());
            }
        };
        logging::start(arguments.settings.log_format);
        let once = arguments.once;
        match started(work((self.name, version.as_deref()), arguments, state, processor)) {
            Ok(Ended::Worked(report)) if once && !report.is_complete() => ExitCode::from(3),
            Ok(Ended::Worked(_)) => ExitCode::SUCCESS,
            Ok(Ended::WorkedOn(request, report)) => one_request::tell(&request, &report),
            Ok(Ended::Checked(findings, settings)) => check::tell(&findings, &settings),
            Err(error) => fail(&error),
        }
    }
}

/// What a program came to.
enum Ended {
    Worked(Report),
    /// It has worked on this request alone.
    WorkedOn(String, RequestReport),
    Checked(Vec<Finding>, Box<Settings>),
}

fn fail(error: &Error) -> ExitCode {
    tracing::error!("{}", chain(error));
    ExitCode::from(error.exit_code())
}

fn started(work: impl Future<Output = Result<Ended, Error>>) -> Result<Ended, Error> {
    tokio::runtime::Runtime::new().map_err(Error::Runtime)?.block_on(work)
}

async fn work<V, S, E>(
    (name, version): (&'static str, Option<&str>),
    arguments: Arguments<V>,
    state: impl FnOnce(&V) -> Result<S, E>,
    processor: impl FnOnce(S, Client, Arc<dyn Journal>) -> Processor<S>,
) -> Result<Ended, Error>
where
    S: Send + Sync + 'static,
    E: Into<BoxError>,
{
    let Arguments { once, request, check, mut settings, own } = arguments;
    if request.is_some() {
        // It may stand beside the program itself, which has the address and says what is paused.
        (settings.listen, settings.start_paused) = (None, false);
    }
    let metrics = Metrics::default();
    metrics.set_build(name, version.unwrap_or_default());
    let client = client(&settings, &agent(name, version), &metrics)?;
    let state = state(&own).map_err(|error| Error::Vendor(error.into()))?;
    if check {
        let journal = Arc::new(MemoryJournal::new(SystemClock));
        let processor = set(processor(state, client, journal), &settings);
        let mut findings = processor.check().await;
        findings.extend(check::machine(&settings).await);
        return Ok(Ended::Checked(findings, Box::new(settings)));
    }
    let listener = match &settings.listen {
        Some(listen) => Some(Listener::open(listen).await?),
        None => None,
    };
    let journal = Arc::new(SqliteJournal::open(&settings.journal, SystemClock)?);
    let processor = processor(state, client, Arc::<SqliteJournal>::clone(&journal));
    let processor = set(processor, &settings).metrics(metrics);
    let (processor, doors) = with_doors(processor, &settings);
    let (processor, callback) = with_callbacks(processor, &settings);
    if let Some(request) = request {
        let worked_on = processor.work_on(&request).await;
        let report = worked_on.map_err(|error| failed(error, &settings.journal))?;
        return Ok(Ended::WorkedOn(request, report));
    }
    let doors = Doors { callback, ..doors };
    let written = Box::new(move || journal.written());
    let watched = Watched { program: name, health: processor.health(), written };
    let server = listener.map(|it| it.serve(watched, doors));
    let ended = match once {
        true => processor.drain().await,
        false => processor.run(signals::told_to_stop()).await,
    };
    if let Some(server) = server {
        // Whoever takes longer to hear of the health of a program that ends is not waited for.
        let _ = server.stop(&SystemClock, std::future::ready(())).await;
    }
    let report = ended.map_err(|error| failed(error, &settings.journal))?;
    tell(&report);
    Ok(Ended::Worked(report))
}

/// Returns the name under which calls are made, such as `acme/1.2.0`.
fn agent(name: &str, version: Option<&str>) -> String {
    version.map_or_else(|| name.to_owned(), |version| format!("{name}/{version}"))
}

fn client(settings: &Settings, agent: &str, metrics: &Metrics) -> Result<Client, Error> {
    let client = Client::builder(&settings.endpoint, settings.api_key.clone())
        .allow_plain_http(settings.allow_plain_http)
        .max_body(settings.max_body)
        .user_agent(agent)
        .observer(metrics.clone());
    let client = match &settings.key_file {
        Some(file) => {
            file.warn_of_others();
            client.key_source(file.clone())
        }
        None => client,
    };
    let client = settings.platform_rate.into_iter().fold(client, ClientBuilder::rate);
    Ok(client.build()?)
}

/// Has a processor hear of the calls of webhooks, and answer what Connect asks, where there are keys
/// for it.
fn with_doors<S: Send + Sync + 'static>(
    processor: Processor<S>,
    settings: &Settings,
) -> (Processor<S>, Doors) {
    let clock = || Arc::new(SystemClock);
    let questions = processor.questions();
    let actions = settings.action_secret.as_ref().filter(|_| questions.has_actions());
    let actions = actions.map(|secret| Actions::open(secret, clock(), questions.clone()));
    let Some(secret) = &settings.webhook_secret else {
        return (processor, Doors { actions, ..Doors::default() });
    };
    let validates = questions.validates();
    let validation = validates.then(|| Validation::open(secret, clock(), questions));
    let (webhook, source) = webhook::open(secret, clock());
    (
        processor.source(source),
        Doors { webhook: Some(webhook), validation, actions, ..Doors::default() },
    )
}

/// Has handlers hand out links by which the vendor's system calls back, when there is a key for
/// them.
fn with_callbacks<S: Send + Sync + 'static>(
    processor: Processor<S>,
    settings: &Settings,
) -> (Processor<S>, Option<CallbackDoor>) {
    let Some((url, secret)) = &settings.callback else { return (processor, None) };
    let clock = Arc::new(SystemClock);
    let (processor, door) = callback::open(processor, url.clone(), secret, clock);
    (processor, Some(door))
}

fn set<S: Send + Sync + 'static>(processor: Processor<S>, settings: &Settings) -> Processor<S> {
    protected(processor, settings)
        .products(settings.products.iter().cloned())
        .environments(settings.environments.iter().cloned())
        .template(&settings.template)
        .page_size(settings.page_size)
        .concurrency(settings.concurrency)
        .lease(settings.lease)
        .poll_every(settings.poll)
        .patience(settings.patience)
        .stuck_after(settings.stuck_after)
}

/// Sets what keeps one request, one product or a vendor that is down from harming the others.
fn protected<S: Send + Sync + 'static>(
    processor: Processor<S>,
    settings: &Settings,
) -> Processor<S> {
    let Settings { product_concurrency, vendor_rate, most_failures, .. } = settings;
    let processor = processor.tell_parked(settings.tell_parked);
    let processor = product_concurrency.iter().fold(processor, |it, n| it.product_concurrency(*n));
    let processor = vendor_rate.iter().fold(processor, |it, n| it.vendor_rate(*n));
    let processor = most_failures.iter().fold(processor, |it, n| it.most_failures(*n));
    if settings.start_paused { processor.start_paused() } else { processor }
}

fn failed(error: connect_processor::Error, journal: &Path) -> Error {
    match error {
        source @ connect_processor::Error::OtherJournal { .. } => {
            Error::OtherJournal { journal: journal.to_owned(), source }
        }
        error => Error::Processor(error),
    }
}

fn tell(report: &Report) {
    let ended = report.ended.iter().map(|(ending, runs)| format!("{ending}: {runs}"));
    let ended = ended.collect::<Vec<_>>().join(", ");
    tracing::info!(ended, open = report.open.len(), "the program has ended");
    for run in &report.open {
        let OpenRun { request, state, why, .. } = run;
        tracing::warn!(request, state, why, "the request is not at an end");
    }
}
