//! The settings of a processor.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use connect_journal::{RunId, WorkerId};
use connect_model::{ConnectionType, ProductId, RequestStatus};

use crate::accounts::OwnAccount;
use crate::backoff::Backoff;
use crate::callback::Callbacks;
use crate::deadline::{Deadline, DeadlineStanding};
use crate::head::Head;
use crate::layer::Layer;
use crate::step_names::StepNames;
use crate::vendor::Vendor;

/// The parameter that makes a purchase a migration, unless another is set; CloudBlue's SDKs have
/// the same.
const PARAMETER: &str = "migration_info";

/// The settings of a processor.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) products: Vec<ProductId>,
    pub(crate) environments: Vec<ConnectionType>,
    pub(crate) template: String,
    /// The key of the parameter that says of a request that it is a migration.
    pub(crate) migration_parameter: String,
    pub(crate) concurrency: NonZeroUsize,
    /// The number of slow requests that are held beside those; `None` is by the concurrency.
    pub(crate) slow: Option<usize>,
    pub(crate) slow_after: Duration,
    pub(crate) lease: Duration,
    pub(crate) poll: Duration,
    pub(crate) page: u32,
    pub(crate) backoff: Backoff,
    pub(crate) patience: Duration,
    pub(crate) run_limit: Duration,
    pub(crate) grace: Duration,
    /// How long runs are kept that are over.
    pub(crate) keep: Duration,
    pub(crate) worker: WorkerId,
    pub(crate) seed: Option<u64>,
    /// The way in which callbacks of the vendor's are made, where somebody takes them.
    pub(crate) callbacks: Option<Callbacks>,
    /// The deadlines of request types, each by its collection and its word.
    pub(crate) deadlines: Vec<(&'static str, String, Deadline)>,
    /// What is wrapped around all handlers, the first outermost.
    pub(crate) layers: Vec<Arc<dyn Layer>>,
    pub(crate) vendors: Vec<Vendor>,
    /// The number of requests of one product that are worked on at the same time.
    pub(crate) product_concurrency: Option<NonZeroUsize>,
    /// The number of failures in a row after which a request is parked.
    pub(crate) most_failures: NonZeroU32,
    /// Whether the conversation about a request is told that it was parked for that.
    pub(crate) tells_parked: bool,
    pub(crate) starts_paused: bool,
    /// The one run that is worked on; all of them, when `None`.
    pub(crate) only: Option<RunId>,
    /// The names of steps, by collection, where they are declared.
    pub(crate) steps: BTreeMap<&'static str, Arc<StepNames>>,
    /// The keys of parameters that handlers name, each with the collection of their requests.
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// The time for which runs may be at work without getting anywhere.
    pub(crate) stuck_after: Option<Duration>,
    /// Which account it is of several in the process.
    pub(crate) account: Option<OwnAccount>,
}

impl Settings {
    /// Returns how long runs may be at work without getting anywhere. A handler that takes too long
    /// is ended, so a processor that gets nowhere for longer is at fault itself.
    pub(crate) fn stuck_after(&self) -> Duration {
        const LATER: Duration = Duration::from_secs(300);
        self.stuck_after.unwrap_or_else(|| self.run_limit.saturating_add(LATER))
    }

    /// Returns whether a request is of the products and environments that were asked for. One that
    /// was offered under other settings may not be.
    pub(crate) fn takes(&self, head: &Head) -> bool {
        wants(&self.products, head.product()) && wants(&self.environments, head.environment())
    }

    /// Returns the deadline of a pending request, and how it stands to that; none where its type has
    /// none, or the request does not say what that takes.
    pub(crate) fn deadline(
        &self,
        collection: &str,
        head: &Head,
    ) -> Option<(&Deadline, DeadlineStanding)> {
        let is_its = |(of, kind, _): &&(&'static str, String, Deadline)| {
            *of == collection && *kind == head.kind
        };
        if head.status != RequestStatus::Pending {
            return None;
        }
        let (.., deadline) = self.deadlines.iter().rfind(is_its)?;
        Some((deadline, deadline.standing(head)?))
    }
}

fn wants<T: PartialEq>(wanted: &[T], is: Option<&T>) -> bool {
    wanted.is_empty() || is.is_none_or(|is| wanted.contains(is))
}

/// A day; a run that is over is kept for no less.
pub(crate) const DAY: Duration = Duration::from_secs(24 * 3600);

impl Default for Settings {
    fn default() -> Self {
        Self {
            products: Vec::new(),
            environments: Vec::new(),
            template: "Default Activation Template".to_owned(),
            migration_parameter: PARAMETER.to_owned(),
            concurrency: NonZeroUsize::new(16).unwrap_or(NonZeroUsize::MIN),
            slow: None,
            slow_after: Duration::from_secs(2),
            lease: Duration::from_secs(60),
            poll: Duration::from_secs(30),
            page: 100,
            backoff: Backoff::default(),
            patience: Duration::from_secs(30),
            run_limit: Duration::from_secs(600),
            grace: Duration::from_secs(30),
            keep: 90 * DAY,
            worker: WorkerId::from(format!("worker-{}", std::process::id())),
            seed: None,
            callbacks: None,
            deadlines: Vec::new(),
            layers: Vec::new(),
            vendors: Vec::new(),
            product_concurrency: None,
            most_failures: NonZeroU32::new(20).unwrap_or(NonZeroU32::MIN),
            tells_parked: true,
            starts_paused: false,
            only: None,
            steps: BTreeMap::new(),
            parameters: Vec::new(),
            stuck_after: None,
            account: None,
        }
    }
}
