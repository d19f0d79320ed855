//! One account that a program works for.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use connect_client::{Client, ClientBuilder};
use connect_clock::SystemClock;
use connect_journal::{Journal, MemoryJournal, SqliteJournal};
use connect_processor::{
    Accounts, BoxError, CancellationToken, Finding, Metrics, Processor, Report, RequestReport,
};

use crate::arguments::AccountArguments;
use crate::doors::Doors;
use crate::error::Error;
use crate::settings::{AccountName, Settings};
use crate::window::Window;

/// How a vendor's processors are made: the state that handlers see, and the processor around it.
pub(crate) struct Recipe<'a, V, S> {
    pub(crate) state: &'a dyn Fn(&V) -> Result<S, BoxError>,
    pub(crate) processor: &'a dyn Fn(S, Client, Arc<dyn Journal>) -> Processor<S>,
}

/// The program around the accounts.
pub(crate) struct About<'a> {
    pub(crate) name: &'static str,
    pub(crate) version: Option<&'a str>,
    /// What its accounts share.
    pub(crate) among: Accounts,
}

/// One account: its settings, its client, its numbers, and what others see of it.
pub(crate) struct Account<'a, V, S> {
    pub(crate) name: Option<AccountName>,
    pub(crate) settings: Settings,
    pub(crate) window: Arc<Window>,
    recipe: &'a Recipe<'a, V, S>,
    own: V,
    /// The state of the first processor, which was made to see that it can be.
    state: Cell<Option<S>>,
    client: Client,
    metrics: Metrics,
    among: Accounts,
}

impl<'a, V, S: Send + Sync + 'static> Account<'a, V, S> {
    /// Makes what does not need the network, so that wrong settings end a program before anything is
    /// touched.
    pub(crate) fn new(
        told: AccountArguments<V>,
        about: &About<'_>,
        recipe: &'a Recipe<'a, V, S>,
    ) -> Result<Self, Error> {
        let AccountArguments { name, settings, own } = told;
        let metrics = Metrics::default();
        metrics.set_build(about.name, about.version.unwrap_or_default());
        let client = client(&settings, &agent(about), &metrics)?;
        let state = (recipe.state)(&own).map_err(Error::Vendor)?;
        let window = Arc::new(Window::new(name.clone(), &client, &metrics));
        let among = match settings.has_own_vendor_rate {
            true => about.among.with_own_budgets(),
            false => about.among.clone(),
        };
        let state = Cell::new(Some(state));
        Ok(Self { name, settings, window, recipe, own, state, client, metrics, among })
    }

    /// Looks whether the platform has what the processor needs.
    pub(crate) async fn check(&self) -> Result<Vec<Finding>, Error> {
        let journal = Arc::new(MemoryJournal::new(SystemClock));
        Ok(self.processor(journal)?.check().await)
    }

    /// Works on one request alone.
    pub(crate) async fn work_on(&self, request: &str) -> Result<RequestReport, Error> {
        let journal = Arc::new(SqliteJournal::open(&self.settings.journal, SystemClock)?);
        let (processor, _) = self.open(self.processor(journal)?);
        processor.work_on(request).await.map_err(|error| self.failed(error))
    }

    /// Works until it is told to stop, or on what is pending now.
    pub(crate) async fn live(&self, stop: Option<&CancellationToken>) -> Result<Report, Error> {
        let journal = Arc::new(SqliteJournal::open(&self.settings.journal, SystemClock)?);
        let processor = self.processor(Arc::<SqliteJournal>::clone(&journal))?;
        let (processor, doors) = self.open(processor);
        self.window.show(&processor, move || journal.written(), doors);
        let ended = match stop {
            Some(stop) => processor.run(stop.clone().cancelled_owned()).await,
            None => processor.drain().await,
        };
        ended.map_err(|error| self.failed(error))
    }

    /// Makes a processor as the settings say.
    fn processor(&self, journal: Arc<dyn Journal>) -> Result<Processor<S>, Error> {
        let state = match self.state.take() {
            Some(state) => state,
            None => (self.recipe.state)(&self.own).map_err(Error::Vendor)?,
        };
        let processor = (self.recipe.processor)(state, self.client.clone(), journal);
        let processor = set(processor, &self.settings).metrics(self.metrics.clone());
        Ok(match &self.name {
            Some(name) => processor.account(name.as_str(), &self.among),
            None => processor,
        })
    }

    fn open(&self, processor: Processor<S>) -> (Processor<S>, Doors) {
        Doors::open(processor, &self.settings, self.name.as_ref())
    }

    fn failed(&self, error: connect_processor::Error) -> Error {
        failed(error, &self.settings.journal)
    }
}

/// Returns the name under which calls are made, such as `acme/1.2.0`.
fn agent(About { name, version, .. }: &About<'_>) -> String {
    version.map_or_else(|| (*name).to_owned(), |version| format!("{name}/{version}"))
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
