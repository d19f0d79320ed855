//! Limits to how often idle runs are woken whose requests are listed again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use connect_clock::Monotonic;

use crate::backoff::Backoff;

/// The number of times that waking one request counts as news in one life; beyond that it may never
/// end.
const MOST_NEWS: u32 = 3;

/// A limit to how often the run of a request is woken.
///
/// A platform whose list and whose requests contradict each other, for instance because an index
/// lags, would otherwise have the same run woken at every look, for ever.
#[derive(Default)]
pub(crate) struct WakeLimit(Mutex<HashMap<String, WakeRecord>>);

#[derive(Clone, Copy, Debug)]
struct WakeRecord {
    times: u32,
    not_before: Monotonic,
}

impl WakeLimit {
    /// Returns when the request may be woken without a new version; `None` is at once.
    pub(crate) fn not_before(&self, request: &str, now: Monotonic) -> Option<Monotonic> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(request).map(|woken| woken.not_before).filter(|not_before| *not_before > now)
    }

    /// Takes down that the request was woken; whether that is news.
    pub(crate) fn woken(&self, request: &str, now: Monotonic, backoff: &Backoff) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever may be woken again is as good as forgotten.
        if all.len() >= 10_000 {
            all.retain(|_, woken| woken.not_before > now);
        }
        let times = all.get(request).map_or(1, |woken| woken.times.saturating_add(1));
        let not_before = now + backoff.delay(times, 1.0);
        all.insert(request.to_owned(), WakeRecord { times, not_before });
        times <= MOST_NEWS
    }
}
