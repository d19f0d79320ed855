//! Signs of life, for whoever watches a processor.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use connect_clock::{Clock, Monotonic, saturating_shift};
use connect_journal::{Counts, Journal};
use jiff::{SignedDuration, Timestamp};

use crate::ending::Ending;
use crate::metrics::Metrics;
use crate::report::EndingCounts;
use crate::since::Since;

pub(crate) mod condition;
mod judge;

pub use condition::{Condition, Hold, State};

/// The least time without a look at the platform that counts as getting nowhere.
const LEAST_UNSEEN: Duration = Duration::from_secs(60);

/// The time that the journal has to say what it holds.
const COUNTING: Duration = Duration::from_secs(5);

/// The signs of life of a processor, to be looked at while it works.
#[derive(Clone)]
pub struct Health {
    signs: Arc<Mutex<Signs>>,
    pub(crate) endings: EndingCounts,
    pub(crate) metrics: Metrics,
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
}

/// The state of a processor at one moment, without asking its journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vitals {
    /// The time since pending requests were last listed to their end, or since the processor was
    /// made.
    pub since_look: Duration,
    /// The stable code of the error for which they could not be listed the last time, such as
    /// `CLT_UNREACHABLE`.
    pub platform: Option<&'static str>,
    /// The stable code of the error for which the journal gives no work out.
    pub journal: Option<&'static str>,
    /// The endings that runs of this process came to, and how many to each.
    pub ended: BTreeMap<Ending, u64>,
}

struct Signs {
    looked: Monotonic,
    has_looked: bool,
    platform: Option<&'static str>,
    /// The error for which the journal gives no work out, and since when.
    journal: Option<(&'static str, Monotonic)>,
    /// The last time at which the journal was asked for work.
    asked: Monotonic,
    /// The number of runs at work.
    claimed: u64,
    /// The time at which the first of them began, or the last one ended.
    turned: Monotonic,
    /// The last time at which a run was begun, got a step further, or ended.
    progress: Monotonic,
    holds: BTreeMap<(Hold, String), Since>,
    /// Since when it is told to end once nothing of its own is under way.
    drain: Option<Since>,
    unseen: Duration,
    stuck: Duration,
    /// What keeps it from being started, with the state that this is, and since when.
    obstacle: Option<(State, &'static str, Monotonic)>,
}

impl Health {
    /// Returns those of a processor that is made now.
    pub(crate) fn new(clock: Arc<dyn Clock>, journal: Arc<dyn Journal>, metrics: Metrics) -> Self {
        let now = clock.monotonic();
        let signs = Signs {
            looked: now,
            has_looked: false,
            platform: None,
            journal: None,
            asked: now,
            claimed: 0,
            turned: now,
            progress: now,
            holds: BTreeMap::new(),
            drain: None,
            unseen: LEAST_UNSEEN,
            stuck: Duration::MAX,
            obstacle: None,
        };
        let endings = EndingCounts::default();
        Self { signs: Arc::new(Mutex::new(signs)), endings, metrics, journal, clock }
    }

    /// Returns how the processor is now.
    #[must_use]
    pub fn vitals(&self) -> Vitals {
        let signs = self.signs();
        let (looked, platform) = (signs.looked, signs.platform);
        let journal = signs.journal.map(|(code, _)| code);
        drop(signs);
        let (since_look, ended) = (self.clock.since(looked), self.endings.counts());
        Vitals { since_look, platform, journal, ended }
    }

    /// Returns the numbers that the processor keeps.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Asks the journal what it holds, and returns whether the processor gets somewhere, with what
    /// keeps it from that.
    pub async fn condition(&self) -> Condition {
        self.conditioned().await.0
    }

    async fn conditioned(&self) -> (Condition, Option<Counts>) {
        let counts = self.counts().await;
        let signs = self.signs();
        let (state, cause, since) = self.judge(&signs, counts.as_ref());
        let lasting = since.lasting(self.clock.monotonic());
        let claimed = signs.claimed;
        drop(signs);
        let now = self.clock.now();
        let known = counts.ok();
        let counts = known.unwrap_or_default();
        let age = |due: Timestamp| Duration::try_from(now.duration_since(due)).unwrap_or_default();
        let back = SignedDuration::try_from(lasting).unwrap_or(SignedDuration::MAX);
        let condition = Condition {
            state,
            cause,
            since: saturating_shift(now, -back),
            lasting,
            claimed,
            elsewhere: counts.running.saturating_sub(claimed),
            waiting: counts.ready_now,
            planned: counts.ready_later,
            parked: counts.parked,
            oldest_waiting: counts.oldest_due.map(age).unwrap_or_default(),
        };
        (condition, known)
    }

    /// Returns all metrics as text, after bringing those up to date that are looked at and not
    /// counted.
    pub async fn render_metrics(&self) -> String {
        self.look().await;
        self.metrics.render()
    }

    /// Brings those metrics up to date that are looked at and not counted.
    pub async fn look(&self) {
        let (condition, counts) = self.conditioned().await;
        self.metrics.look(&condition, counts, &self.holds(), self.vitals().since_look);
    }

    /// Says that no processor works now, for a reason with a stable code, and that one is to be
    /// started again: [`State::PlatformGone`] where the platform is the reason, else
    /// [`State::Stuck`]. That is so until what is pending was listed.
    pub fn cannot_start(&self, state: State, cause: &'static str) {
        let now = self.clock.monotonic();
        let mut signs = self.signs();
        let since = signs.obstacle.map_or(now, |(.., since)| since);
        signs.obstacle = Some((state, cause, since));
    }

    /// Goes on from the signs of a processor that came before it: what kept that one from being
    /// started is believed until what is pending was listed.
    pub fn go_on_from(&self, last: &Self) {
        let obstacle = last.signs().obstacle;
        self.signs().obstacle = obstacle;
    }

    /// Returns what the processor is held by: the vendors whose breakers are open, and what is paused.
    #[must_use]
    pub fn holds(&self) -> Vec<(Hold, String)> {
        self.signs().holds.keys().cloned().collect()
    }

    /// Says that the processor is held, by whom or what: the vendor whose breaker is open, or what is
    /// paused, such as `everything` or `product PRD-411-678-887`. Saying it again changes nothing.
    pub fn hold(&self, why: Hold, who: &str) {
        self.hold_since(why, who, self.clock.monotonic().into());
    }

    /// Says the same of what may have begun before this process did.
    pub(crate) fn hold_since(&self, why: Hold, who: &str, since: Since) {
        self.signs().holds.entry((why, who.to_owned())).or_insert(since);
    }

    /// Says that it was told to end once nothing of its own is under way.
    pub(crate) fn drain(&self, since: Since) {
        self.signs().drain.get_or_insert(since);
    }

    /// Says that it is not held by this any more.
    pub fn release(&self, why: Hold, who: &str) {
        self.signs().holds.remove(&(why, who.to_owned()));
    }

    /// Sets how long nothing may be seen of the platform, and how long runs may be at work without
    /// getting anywhere.
    pub(crate) fn watch(&self, poll: Duration, stuck: Duration) {
        let mut signs = self.signs();
        (signs.unseen, signs.stuck) = (LEAST_UNSEEN.max(poll.saturating_mul(3)), stuck);
        signs.asked = self.clock.monotonic();
    }

    /// Keeps whether pending requests could be listed, or else the error's code.
    pub(crate) fn looked(&self, error: Option<&'static str>) {
        let mut signs = self.signs();
        signs.platform = error;
        if error.is_none() {
            (signs.looked, signs.has_looked) = (self.clock.monotonic(), true);
            signs.obstacle = None;
        }
    }

    /// Keeps whether the journal gives work out, or else the error's code.
    pub(crate) fn claimed(&self, error: Option<&'static str>) {
        let now = self.clock.monotonic();
        let mut signs = self.signs();
        let since = signs.journal.map_or(now, |(_, since)| since);
        signs.journal = error.map(|code| (code, since));
        signs.asked = now;
    }

    /// Counts a run as at work until what it returns is dropped.
    pub(crate) fn at_work(&self) -> AtWork {
        self.change_claimed(|claimed| claimed + 1);
        AtWork(self.clone())
    }

    /// Says that a run got a step further.
    pub(crate) fn progress(&self) {
        self.signs().progress = self.clock.monotonic();
    }

    fn change_claimed(&self, change: impl FnOnce(u64) -> u64) {
        let now = self.clock.monotonic();
        let mut signs = self.signs();
        let (before, after) = (signs.claimed, change(signs.claimed));
        (signs.claimed, signs.progress) = (after, now);
        if (before == 0) != (after == 0) {
            signs.turned = now;
        }
    }

    async fn counts(&self) -> Result<Counts, &'static str> {
        match self.clock.limit(COUNTING, self.journal.counts()).await {
            Ok(counts) => counts.map_err(|error| error.code()),
            Err(_) => Err("JRN_SLOW"),
        }
    }

    fn signs(&self) -> MutexGuard<'_, Signs> {
        self.signs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run at work.
pub(crate) struct AtWork(Health);

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.change_claimed(|claimed| claimed.saturating_sub(1));
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Health").field(&self.vitals()).finish()
    }
}
