//! The numbers of a processor, by their documented names.

use std::time::Duration;

use connect_client::CallObserver;
use connect_journal::Counts;
use connect_metrics::{Counter, Description, Gauge, Histogram, Registry};
use http::{Method, StatusCode};

use crate::ending::Ending;
use crate::failure::Failure;
use crate::health::condition::{Condition, Hold, State};

/// The numbers of a processor, for Prometheus. Clones share them.
///
/// What they are called and mean is in `docs/operations.md`.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Registry,
    pub(crate) attempts: Counter,
    pub(crate) ended: Counter,
    pub(crate) failures: Counter,
    pub(crate) steps: Histogram,
    pub(crate) vendor_calls: Histogram,
    platform_calls: Histogram,
    pub(crate) lease_losses: Counter,
    pub(crate) journal_writes: Histogram,
    runs: Gauge,
    at_work: Gauge,
    oldest_waiting: Gauge,
    look_age: Gauge,
    state: Gauge,
    paused: Gauge,
    breakers: Gauge,
    batches: Gauge,
    build: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let all = Registry::default();
        Self {
            attempts: all.counter(
                "connect_attempts_total",
                "Attempts at requests that came to an end, whatever it was",
                &["type"],
            ),
            ended: all.counter(
                "connect_runs_ended_total",
                "Runs that came to an end, or wait for news",
                &["type", "ending"],
            ),
            failures: all.counter(
                "connect_failures_total",
                "Attempts that failed, by stable code",
                &["type", "code"],
            ),
            steps: all.times(
                "connect_step_seconds",
                "Time that steps took at the vendor's; those with a recorded result are not taken",
                &["step", "outcome"],
            ),
            vendor_calls: all.times(
                "connect_vendor_call_seconds",
                "Time of calls to the vendor, by status or `unanswered`",
                &["outcome"],
            ),
            platform_calls: all.times(
                "connect_platform_call_seconds",
                "Time of calls to Connect, each attempt by itself, by status or `unanswered`",
                &["method", "outcome"],
            ),
            lease_losses: all.counter(
                "connect_lease_losses_total",
                "Runs whose lease was lost or ran out while they were at work",
                &[],
            ),
            journal_writes: all.times(
                "connect_journal_write_seconds",
                "Time until the journal had written what a run told it",
                &["operation", "outcome"],
            ),
            runs: all.gauge("connect_runs", "Runs of the journal by state", &["state"]),
            at_work: all.gauge("connect_runs_at_work", "Runs at work in this process", &[]),
            oldest_waiting: all.gauge(
                "connect_oldest_waiting_seconds",
                "Time since the oldest run that is due has been due",
                &[],
            ),
            look_age: all.gauge(
                "connect_look_age_seconds",
                "Time since what is pending was last listed to its end",
                &[],
            ),
            state: all.gauge("connect_state", "1 for the state it is in, else 0", &["state"]),
            paused: all.gauge("connect_paused", "1 for each pause", &["who"]),
            breakers: all.gauge("connect_breaker_open", "1 for each open breaker", &["breaker"]),
            batches: all.gauge(
                "connect_journal_written",
                "Calls that the journal's file has taken in this life, and commits for them",
                &["what"],
            ),
            build: all.gauge("connect_build_info", "1", &["program", "version"]),
            registry: all,
        }
    }
}

impl Metrics {
    /// Says which program it is.
    pub fn set_build(&self, program: &str, version: &str) {
        self.build.set(&[program, version], 1.0);
    }

    /// Says how many calls the journal has taken, and in how many commits: how many calls share a
    /// commit is how large its batches are.
    pub fn set_written(&self, calls: u64, commits: u64) {
        self.batches.set(&["calls"], calls as f64);
        self.batches.set(&["commits"], commits as f64);
    }

    /// Takes down a call to the vendor's system, by the status of its answer.
    pub fn vendor_called(&self, status: Option<u16>, took: Duration) {
        self.vendor_calls.time(&[&outcome(status)], took);
    }

    /// Returns what is counted.
    #[must_use]
    pub fn descriptions(&self) -> Vec<Description> {
        self.registry.descriptions()
    }

    /// Returns the numbers in Prometheus' text format. [`Health::render_metrics`] looks at what is
    /// not counted first.
    ///
    /// [`Health::render_metrics`]: crate::Health::render_metrics
    #[must_use]
    pub fn render(&self) -> String {
        self.registry.render()
    }

    /// Returns the numbers of processors for several accounts in one text: each number has the label
    /// `account`, with the name that it goes with. [`Health::look`] brings those up to date first
    /// that are not counted.
    ///
    /// [`Health::look`]: crate::Health::look
    pub fn render_accounts<'a>(accounts: impl IntoIterator<Item = (&'a str, &'a Self)>) -> String {
        let registries = accounts.into_iter().map(|(name, metrics)| (name, &metrics.registry));
        Registry::render_all("account", registries)
    }

    pub(crate) fn run_ended(&self, kind: &str, ending: &Ending) {
        let ending = match ending {
            // The text has the parameter's key.
            Ending::Migration(_) => "migration",
            ending => ending.as_str(),
        };
        self.ended.add(&[kind, ending], 1);
    }

    pub(crate) fn run_failed(&self, kind: &str, failure: &Failure) {
        let code = code(failure);
        if code == "JRN_FENCED" {
            self.lease_losses.add(&[], 1);
        }
        self.failures.add(&[kind, code], 1);
    }

    /// Sets what is looked at and not counted.
    pub(crate) fn look(
        &self,
        condition: &Condition,
        counts: Option<Counts>,
        holds: &[(Hold, String)],
        since_look: Duration,
    ) {
        self.runs.clear();
        let states = counts.into_iter().flat_map(|counts| {
            [
                ("ready", counts.ready_now),
                ("planned", counts.ready_later),
                ("running", counts.running),
                ("idle", counts.idle),
                ("parked", counts.parked),
                ("done", counts.done),
                ("dead", counts.dead),
            ]
        });
        states.for_each(|(state, runs)| self.runs.set(&[state], runs as f64));
        self.at_work.set(&[], condition.claimed as f64);
        self.oldest_waiting.set(&[], condition.oldest_waiting.as_secs_f64());
        self.look_age.set(&[], since_look.as_secs_f64());
        for state in State::ALL {
            let is_it = state == condition.state;
            self.state.set(&[state.as_str()], f64::from(u8::from(is_it)));
        }
        self.paused.clear();
        self.breakers.clear();
        for (why, who) in holds {
            match why {
                Hold::Paused => self.paused.set(&[who], 1.0),
                Hold::BreakerOpen => self.breakers.set(&[who], 1.0),
            }
        }
    }
}

impl CallObserver for Metrics {
    fn called(&self, method: &Method, status: Option<StatusCode>, took: Duration) {
        let status = status.map(|status| status.as_u16());
        self.platform_calls.time(&[method.as_str(), &outcome(status)], took);
    }
}

fn outcome(status: Option<u16>) -> String {
    status.map_or_else(|| "unanswered".to_owned(), |status| status.to_string())
}

/// Returns the stable code of a failure: that of the platform's or the journal's error, or else what
/// its handler asked for.
fn code(failure: &Failure) -> &'static str {
    let mut error: &(dyn std::error::Error + 'static) = match failure {
        Failure::Park { .. } => return "PRC_PARKED",
        Failure::GiveUp { .. } => return "PRC_GAVE_UP",
        Failure::Journal(error) => return error.code(),
        Failure::Retry { source, .. } => source.as_ref(),
    };
    loop {
        if let Some(error) = error.downcast_ref::<connect_client::Error>() {
            return error.code();
        }
        match error.source() {
            Some(source) => error = source,
            None => return "PRC_RETRY",
        }
    }
}
