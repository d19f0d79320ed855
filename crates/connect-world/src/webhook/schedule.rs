//! The times of a webhook's calls: coalesced, repeated after failures, and given up.

use std::time::Duration;

use connect_model::DateTime;
use jiff::{SignedDuration, Timestamp};

use crate::webhook::record::{Delivery, Due, WebhookCalls};

/// The least time between the beginnings of two calls that events ask for.
const PAUSE: Duration = Duration::from_secs(5);

/// The waits after the first and after the second call that failed; a third is the last.
const RETRIES: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(60)];

/// The most calls in the log of a webhook.
const LOGGED: usize = 20;

impl Due {
    /// Returns how long to wait at a moment. No call waits longer than the longest wait there is,
    /// also when the wall was set back since.
    pub(crate) fn wait(&self, now: Timestamp) -> Duration {
        let left = Duration::try_from(self.at.duration_since(now)).unwrap_or_default();
        if left > RETRIES[1] { Duration::ZERO } else { left }
    }
}

impl WebhookCalls {
    /// Notes a change of the queue at a moment, which has the webhook called unless a call is due
    /// already.
    pub(crate) fn note_event(&mut self, at: Timestamp) {
        self.asked += 1;
        self.stats.events += 1;
        self.last_event = Some(DateTime::from(at));
        let after_pause = self.earliest.map_or(at, |earliest| earliest.max(at));
        self.due.get_or_insert(Due { at: after_pause, attempt: 1 });
    }

    /// Has the webhook called at once.
    pub(crate) fn trigger(&mut self, at: Timestamp) {
        self.asked += 1;
        self.due = Some(Due { at, attempt: 1 });
    }

    /// Has no call made any more.
    pub(crate) fn cease(&mut self) {
        self.due = None;
    }

    /// Notes a call that is over at a moment and answered this many askings, and has the next one
    /// made where there is a reason; at once, where it was triggered meanwhile.
    pub(crate) fn note_delivery(&mut self, delivery: Delivery, answered: u64, now: Timestamp) {
        let earliest = later(delivery.began, PAUSE);
        let is_failure = delivery.error.is_some();
        let retry = RETRIES.get(delivery.attempt.saturating_sub(1) as usize);
        let (again, attempt) = (earliest.max(now), delivery.attempt + 1);
        let triggered = self.due.filter(|due| due.at > delivery.began);
        self.due = triggered.or_else(|| match retry.filter(|_| is_failure) {
            Some(wait) => Some(Due { at: later(now, *wait), attempt }),
            None => (self.asked > answered).then_some(Due { at: again, attempt: 1 }),
        });
        self.earliest = Some(earliest);
        self.log(delivery);
    }

    /// Counts a call that is over, and adds it to the log.
    pub(crate) fn log(&mut self, delivery: Delivery) {
        let is_failure = delivery.error.is_some();
        self.count(is_failure);
        let last = if is_failure { &mut self.last_failure } else { &mut self.last_success };
        *last = Some(delivery.clone());
        self.log.push_back(delivery);
        while self.log.len() > LOGGED {
            self.log.pop_front();
        }
    }

    fn count(&mut self, is_failure: bool) {
        let stats = &mut self.stats;
        stats.triggers += 1;
        if is_failure {
            stats.failure_triggers += 1;
            stats.failure_since_last_success += 1;
        } else {
            stats.success_triggers += 1;
            stats.failure_since_last_success = 0;
        }
    }
}

/// Returns the latest moment that is waited for at a moment.
pub(crate) fn farthest(now: Timestamp) -> Timestamp {
    later(now, RETRIES[1])
}

/// Returns a moment later by a wait; the moment itself at the end of all time.
fn later(at: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).ok().and_then(|by| at.checked_add(by).ok()).unwrap_or(at)
}
