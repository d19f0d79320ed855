//! Builds a processor and lets it run.

use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use connect_client::Client;
use connect_clock::{Clock, SystemClock};
use connect_journal::{Journal, WorkerId};
use connect_model::{ConnectionType, ProductId, Request, RequestType, Resource};
use jiff::Timestamp;

use crate::accounts::{Accounts, OwnAccount};
use crate::action::ActionHandler;
use crate::backoff::Backoff;
use crate::callback::{Callback, Callbacks};
use crate::deadline::Deadline;
use crate::dispatch::Routes;
use crate::error::Error;
use crate::failure::BoxError;
use crate::finding::Finding;
use crate::handler::Handler;
use crate::health::Health;
use crate::metrics::Metrics;
use crate::migration::MigrationHandler;
use crate::monthly::job::{self, MonthlyJob, Work};
use crate::preflight::Preflight;
use crate::questions::{QuestionRoutes, Questions};
use crate::report::Report;
use crate::settings::{DAY, Settings};
use crate::source::Source;
use crate::templates::Templates;
use crate::usage::collector::{Collect, UsageCollector, boxed};
use crate::usage::schedule::UsageSchedule;
use crate::validation::Validator;

/// The most requests worked on at the same time.
const MOST_AT_ONCE: NonZeroUsize = NonZeroUsize::MIN.saturating_add(9_999);

/// The least time between two beats of anything.
const SHORTEST: Duration = Duration::from_millis(1);

/// Vendor middleware: handlers by request type, and what they are run with.
///
/// The [crate's page](crate) shows one that runs until it is told to stop; this one works on what
/// is pending and ends:
///
/// ```no_run
/// use std::sync::Arc;
/// use connect_client::Client;
/// use connect_clock::SystemClock;
/// use connect_journal::SqliteJournal;
/// use connect_model::{AssetRequest, AssetRequestType};
/// use connect_processor::{Context, Failure, Outcome, Processor};
///
/// async fn cancel(_: Context<AssetRequest, ()>) -> Result<Outcome, Failure> {
///     Ok(Outcome::approve())
/// }
///
/// # async fn pass(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let journal = SqliteJournal::open("journal.sqlite", SystemClock)?;
/// let processor = Processor::new((), client, Arc::new(journal));
/// let report = processor.on(AssetRequestType::Cancel, cancel).drain().await?;
/// for run in &report.open {
///     println!("{} is {}: {}", run.request, run.state, run.why);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Processor<S> {
    pub(crate) client: Client,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) health: Health,
    pub(crate) state: Arc<S>,
    pub(crate) routes: Routes<S>,
    pub(crate) questions: QuestionRoutes<S>,
    pub(crate) sources: Vec<Box<dyn Source>>,
    pub(crate) usage: Option<(UsageSchedule, Box<Collect<S>>)>,
    pub(crate) monthly: Option<(UsageSchedule, Box<Work<S>>)>,
    pub(crate) settings: Settings,
}

impl<S: Send + Sync + 'static> Processor<S> {
    /// A processor without handlers. `state` is what every handler sees: the vendor's client,
    /// settings.
    pub fn new(state: S, client: Client, journal: Arc<dyn Journal>) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let health = Health::new(Arc::clone(&clock), Arc::clone(&journal), Metrics::default());
        Self {
            client,
            journal,
            clock,
            health,
            state: Arc::new(state),
            routes: Routes::new(),
            questions: QuestionRoutes::new(),
            sources: Vec::new(),
            usage: None,
            monthly: None,
            settings: Settings::default(),
        }
    }

    /// Registers the handler of a request type. The registered types are all that is fetched.
    #[must_use]
    pub fn on<T: RequestType>(mut self, kind: T, handler: impl Handler<T::Request, S>) -> Self {
        self.routes.add(kind, handler);
        self
    }

    /// Registers the handler of migrations: purchases whose parameter `migration_info`, or
    /// [another](Self::migration_parameter), is not empty. They are for subscriptions that come from
    /// another system, so the vendor has already what is ordered.
    ///
    /// The handler of purchases never gets one. Without their own they are left alone until they
    /// change, or until a processor has one. [Deadlines](Self::deadline) are for others.
    #[must_use]
    pub fn migration<R: Request>(mut self, handler: impl MigrationHandler<R, S>) -> Self {
        self.routes.add_migration(handler);
        self
    }

    /// Sets the key of the ordering parameter that makes a purchase a migration when it has a value:
    /// `migration_info` unless set.
    #[must_use]
    pub fn migration_parameter(mut self, key: impl Into<String>) -> Self {
        self.settings.migration_parameter = key.into();
        self
    }

    /// Reports the usage of each month, once for each product that reports any and each contract it
    /// is listed under: it is collected, uploaded and submitted. A month that passed while no
    /// processor ran is made up for.
    ///
    /// Trials are reported when the [`environments`](Self::environments) name them.
    #[must_use]
    pub fn usage(mut self, schedule: UsageSchedule, collector: impl UsageCollector<S>) -> Self {
        self.usage = Some((schedule, boxed(collector)));
        self
    }

    /// Does a job once for each month, when the schedule says: what a vendor's own code reports, which
    /// [`usage`](Self::usage) reports otherwise. A month that passed while no processor ran is made up
    /// for.
    #[must_use]
    pub fn monthly(mut self, schedule: UsageSchedule, job: impl MonthlyJob<S>) -> Self {
        self.monthly = Some((schedule, job::boxed(job)));
        self
    }

    /// Registers the validator of a request type: what is asked before such a request is ordered, and
    /// before the answers to an inquiry about one go on. Whether others can ask it is up to the
    /// program, which has them by [`questions`](Self::questions).
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "as `on` takes it")]
    pub fn validate<T: RequestType>(
        mut self,
        kind: T,
        validator: impl Validator<T::Request, S>,
    ) -> Self {
        self.questions.validate::<T>(kind.as_str().to_owned(), validator);
        self
    }

    /// Registers the handler of an action of a product, by the action's key.
    #[must_use]
    pub fn action(mut self, key: impl Into<String>, handler: impl ActionHandler<S>) -> Self {
        self.questions.action(key.into(), handler);
        self
    }

    /// Returns the questions that it answers at once, by the validators and actions that are
    /// registered so far.
    #[must_use]
    pub fn questions(&self) -> Questions {
        self.questions.with(&self.state, &self.client)
    }

    /// Whether it works on nothing by itself: there is no handler of requests and no report, and questions
    /// are all that it answers.
    #[must_use]
    pub fn only_answers(&self) -> bool {
        self.routes.is_empty() && self.usage.is_none() && self.monthly.is_none()
    }

    /// Looks whether the platform has what the processor needs, and returns everything that it
    /// lacks: rights of the key, products, templates, parameters. Of all products that the key
    /// sees, up to 100, unless [some](Self::products) are named.
    ///
    /// It works on nothing, and changes nothing. A processor that starts looks at the products that
    /// are named, is stopped by errors, and logs warnings.
    pub fn check(&self) -> impl Future<Output = Vec<Finding>> {
        let (template, clock) = (self.settings.template.clone(), Arc::clone(&self.clock));
        let templates = Templates::new(self.client.clone(), template, clock);
        Box::pin(async move {
            let Self { client, settings, routes, .. } = self;
            Preflight { client, settings, templates: &templates, routes }.all().await
        })
    }

    /// Limits how long requests of a type may stay undecided; no time, unless set.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use connect_model::{AssetRequest, AssetRequestType};
    /// # use connect_processor::{Context, Deadline, Failure, Outcome, Processor};
    /// # async fn purchase(_: Context<AssetRequest, ()>) -> Result<Outcome, Failure> {
    /// #     Ok(Outcome::approve())
    /// # }
    /// # fn limited(processor: Processor<()>) -> Processor<()> {
    /// let two_weeks = Duration::from_secs(14 * 24 * 3600);
    /// let reject = Deadline::reject_after(two_weeks, "We could not deliver within two weeks.");
    /// processor.on(AssetRequestType::Purchase, purchase).deadline(&AssetRequestType::Purchase, reject)
    /// # }
    /// ```
    #[must_use]
    pub fn deadline<T: RequestType>(mut self, kind: &T, deadline: Deadline) -> Self {
        let (collection, word) = (T::Request::COLLECTION, kind.as_str().to_owned());
        self.settings.deadlines.push((collection, word, deadline));
        self
    }

    /// Hears of requests in one more way, beside the list of what is pending.
    #[must_use]
    pub fn source(mut self, source: impl Source) -> Self {
        self.sources.push(Box::new(source));
        self
    }

    /// Gives handlers [callbacks](crate::Context::callback) to hand to the vendor's system. `sign`
    /// makes that of a request, by its id, good until an instant; of the same two it makes the same.
    /// A callback is good for so long after it was first asked for. Whoever takes the calls tells
    /// the [`Intake`](crate::Intake::wake).
    #[must_use]
    pub fn callbacks<E: Into<BoxError>>(
        mut self,
        good_for: Duration,
        sign: impl Fn(&str, Timestamp) -> Result<Callback, E> + Send + Sync + 'static,
    ) -> Self {
        let sign = move |request: &str, until| sign(request, until).map_err(Into::into);
        self.settings.callbacks = Some(Callbacks { good_for, sign: Arc::new(sign) });
        self
    }

    /// Says that it is one of several processors of this process, each for an account of its own:
    /// people tell them apart by the name. It refuses to start when another one of them works for the
    /// same account of the platform.
    #[must_use]
    pub fn account(mut self, name: impl Into<String>, among: &Accounts) -> Self {
        self.settings.account = Some(OwnAccount { name: name.into(), among: among.clone() });
        self
    }

    /// Restricts the work to requests of these products. All products the key can see, when never
    /// called.
    #[must_use]
    pub fn products(mut self, products: impl IntoIterator<Item = ProductId>) -> Self {
        self.settings.products = products.into_iter().collect();
        self
    }

    /// Restricts the work to requests of these environments. All of them, when never called.
    #[must_use]
    pub fn environments(mut self, kinds: impl IntoIterator<Item = ConnectionType>) -> Self {
        self.settings.environments = kinds.into_iter().collect();
        self
    }

    /// The fulfillment template to approve with, by name or id: `Default Activation Template`
    /// unless set. A request of a product without it is not touched.
    #[must_use]
    pub fn template(mut self, name_or_id: impl Into<String>) -> Self {
        self.settings.template = name_or_id.into();
        self
    }

    /// Sets how many requests are worked on at the same time: 16 unless set, at most 10,000.
    #[must_use]
    pub fn concurrency(mut self, requests: NonZeroUsize) -> Self {
        self.settings.concurrency = requests.min(MOST_AT_ONCE);
        self
    }

    /// Sets when a request counts as slow, and how many slow ones are held beside the
    /// [`concurrency`](Self::concurrency).
    ///
    /// A handler that has worked for `after` without an end waits for somebody who hangs, and so does
    /// one that takes three times as long as nine of ten others while all places are taken. Its
    /// request then makes room for others, so that tenants that hang keep no healthy one waiting.
    /// 2 s and 8 times the concurrency unless set; 0 requests make the concurrency a hard limit.
    #[must_use]
    pub fn slow(mut self, after: Duration, requests: usize) -> Self {
        self.settings.slow_after = after;
        self.settings.slow = Some(requests.min(MOST_AT_ONCE.get()));
        self
    }

    /// Sets how long a run stays with a process that has died: 60 s unless set. It is renewed while
    /// the process lives.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.settings.lease = lease.max(SHORTEST);
        self
    }

    /// Sets how often pending requests are looked for: every 30 s unless set.
    #[must_use]
    pub fn poll_every(mut self, every: Duration) -> Self {
        self.settings.poll = every.max(SHORTEST);
        self
    }

    /// Sets how many requests are listed in one call: 100 unless set, at most 1,000.
    #[must_use]
    pub fn page_size(mut self, rows: u32) -> Self {
        self.settings.page = rows.clamp(1, 1000);
        self
    }

    /// Sets how long a handler may take in one attempt: 10 minutes unless set. One that takes
    /// longer is ended and tried again; for a step it was in the middle of, that is like a crash.
    #[must_use]
    pub fn run_limit(mut self, limit: Duration) -> Self {
        self.settings.run_limit = limit;
        self
    }

    /// Sets how long a failed request waits: from 1 s to 5 minutes unless set.
    #[must_use]
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.settings.backoff = backoff;
        self
    }

    /// Sets how far ahead [`drain`](Self::drain) waits for requests that are due later, and how
    /// long it goes on without any request coming to an end: 30 s unless set.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.settings.patience = patience;
        self
    }

    /// Sets how long runs under way may take to end once the processor was told to stop: 30 s
    /// unless set.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.settings.grace = grace;
        self
    }

    /// Sets how long a run is kept that has come to an end, with its history: 90 days unless set, a
    /// day at least. After that it is removed from the journal, unless the platform shows its request
    /// in a status that is not final.
    #[must_use]
    pub fn keep_runs(mut self, keep: Duration) -> Self {
        self.settings.keep = keep.max(DAY);
        self
    }

    /// The name under which this process claims runs; it shows in the journal's history.
    #[must_use]
    pub fn worker(mut self, name: impl Into<String>) -> Self {
        self.settings.worker = WorkerId::from(name.into());
        self
    }

    /// The clock that everything is waited for by; it must be the journal's. The machine's unless
    /// set.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        let metrics = self.health.metrics.clone();
        self.metrics(metrics)
    }

    /// The numbers that it keeps: its own, unless set before [`health`](Self::health) is asked for.
    #[must_use]
    pub fn metrics(mut self, metrics: Metrics) -> Self {
        let (clock, journal) = (Arc::clone(&self.clock), Arc::clone(&self.journal));
        self.health = Health::new(clock, journal, metrics);
        self
    }

    /// Sets how long runs may be at work, without any of them getting a step further or coming to
    /// an end, before the processor counts as [stuck](crate::State::Stuck): 5 minutes longer than a
    /// [handler may take](Self::run_limit), unless set.
    #[must_use]
    pub fn stuck_after(mut self, after: Duration) -> Self {
        self.settings.stuck_after = Some(after);
        self
    }

    /// Returns its signs of life, for whoever watches it; they go by the clock that is set.
    #[must_use]
    pub fn health(&self) -> Health {
        self.health.clone()
    }

    /// Makes jitter the same in every run of a test.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Some(seed);
        self
    }

    /// Runs until `shutdown` is over: looks for pending requests, works on them, and at the end
    /// lets the runs under way finish.
    ///
    /// # Errors
    ///
    /// When it cannot start: the key, the endpoint, a product, the journal. Later trouble is
    /// logged, and what it concerns is tried again.
    pub fn run(
        self,
        shutdown: impl Future<Output = ()>,
    ) -> impl Future<Output = Result<Report, Error>> {
        // On the heap: it is large, and everybody who awaits it would have it on the stack.
        Box::pin(async move { self.start().await?.until(shutdown).await })
    }

    /// Works on everything that is pending now, and on what is left from earlier, then ends.
    ///
    /// A request that has to wait is waited for when it is due within the
    /// [`patience`](Self::patience); otherwise it is in the report, and in the
    /// journal for the next time.
    ///
    /// # Errors
    ///
    /// When it cannot start, or when pending requests cannot be listed.
    pub fn drain(self) -> impl Future<Output = Result<Report, Error>> {
        Box::pin(async move { self.start().await?.drain().await })
    }
}
