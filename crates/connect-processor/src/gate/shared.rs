//! What the gate and the journal tell each other: pauses, a drain, and the breakers.

use std::collections::BTreeSet;
use std::time::Duration;

use connect_clock::{Clock, Monotonic, saturating_add, saturating_shift};
use connect_journal::{Journal, JournalError};
use jiff::{SignedDuration, Timestamp};
use tracing::info;

use super::{Gate, State};
use crate::breaker::Opening;
use crate::controls::{self, Controls, OpenBreaker, Pause, Scope};
use crate::health::Hold;
use crate::since::Since;

/// The time for which the journal's controls are believed without looking again.
const FRESH: Duration = Duration::from_millis(250);

/// The longest that a date of the journal's is believed to lie ahead: a clock may have been wrong.
const LONGEST_AHEAD: Duration = Duration::from_secs(3600);

impl Gate {
    /// Writes what the journal does not know of the breakers, and reads what others have written.
    pub(crate) async fn refresh(
        &self,
        journal: &dyn Journal,
        by: &str,
    ) -> Result<(), JournalError> {
        let now = self.clock.monotonic();
        for (vendor, open) in self.unsaved() {
            controls::set_breaker(journal, &self.vendors[vendor].name, open, by).await?;
            let mut state = self.state();
            state.unsaved.remove(&vendor);
            state.saved[vendor] = open;
        }
        if self.state().read.is_some_and(|read| now - read < FRESH) {
            return Ok(());
        }
        let controls = Controls::read(journal).await?;
        self.take(controls, now);
        Ok(())
    }

    fn take(&self, controls: Controls, now: Monotonic) {
        let mut state = self.state();
        state.read = Some(now);
        self.take_pauses(&mut state, &controls.paused, now);
        for (index, vendor) in self.vendors.iter().enumerate() {
            let saved = controls.open.get(&vendor.name).copied();
            if state.unsaved.contains(&index) || state.saved[index] == saved {
                continue;
            }
            let open = saved.map(|open| self.opening(&open, now));
            self.tell_health(&vendor.name, open.map(|open| open.since));
            state.circuits[index].restore(open);
            state.saved[index] = saved;
        }
        if let Some(drain) = controls.drain.filter(|drain| drain.at >= self.started) {
            self.health.drain(Since::ago(self.ago(drain.at), now));
            state.drain.get_or_insert(drain);
            state.is_closed = true;
            self.changed.notify_waiters();
        }
    }

    fn take_pauses(&self, state: &mut State, pauses: &[Pause], now: Monotonic) {
        let paused: BTreeSet<Scope> = pauses.iter().map(|pause| pause.scope.clone()).collect();
        if paused == state.paused {
            return;
        }
        let told: Vec<String> =
            pauses.iter().map(|it| format!("{} by {}", it.scope, it.by)).collect();
        match told.as_slice() {
            [] => info!("nothing is paused any more"),
            told => info!(paused = told.join(", "), "what is paused has changed"),
        }
        let gone = state.paused.difference(&paused);
        gone.for_each(|scope| self.health.release(Hold::Paused, &scope.to_string()));
        for Pause { scope, at, .. } in pauses {
            let since = Since::ago(self.ago(*at), now);
            self.health.hold_since(Hold::Paused, &scope.to_string(), since);
        }
        state.paused = paused;
    }

    /// Returns how long ago a date of the journal's was.
    fn ago(&self, date: Timestamp) -> Duration {
        Duration::try_from(self.clock.now().duration_since(date)).unwrap_or_default()
    }

    fn unsaved(&self) -> Vec<(usize, Option<OpenBreaker>)> {
        let (state, wall, now) = (self.state(), self.clock.now(), self.clock.monotonic());
        let open = |open: Opening| OpenBreaker {
            since: saturating_shift(wall, -signed(open.since.lasting(now))),
            until: saturating_add(wall, open.until - now),
            times: open.times,
        };
        state.unsaved.iter().map(|of| (*of, state.circuits[*of].opening().map(open))).collect()
    }

    fn opening(&self, open: &OpenBreaker, now: Monotonic) -> Opening {
        let wall = self.clock.now();
        let ahead = Duration::try_from(open.until.duration_since(wall)).unwrap_or_default();
        let since = Since::ago(self.ago(open.since), now);
        Opening { since, until: now + ahead.min(LONGEST_AHEAD), times: open.times }
    }
}

/// Pauses everything because the process was started so. What a person has paused stays theirs.
pub(super) async fn pause_at_start(journal: &dyn Journal) -> Result<(), JournalError> {
    let paused = controls::paused(journal).await?;
    if paused.iter().any(|pause| pause.scope == Scope::Everything) {
        return Ok(());
    }
    let host = whoami::hostname().unwrap_or_else(|_| "an unknown host".to_owned());
    let by = format!("a start in pause, process {} on {host}", std::process::id());
    Scope::Everything.pause(journal, &by).await
}

fn signed(time: Duration) -> SignedDuration {
    SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX)
}
