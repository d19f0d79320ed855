//! What a processor's signs say: whether it gets somewhere.

use connect_clock::Monotonic;
use connect_journal::Counts;

use super::condition::{Hold, State};
use super::{Health, Signs};
use crate::controls::Scope;
use crate::since::Since;

impl Health {
    /// Judges the signs: what a person has to see to comes first.
    pub(super) fn judge(
        &self,
        signs: &Signs,
        counts: Result<&Counts, &&'static str>,
    ) -> (State, Option<&'static str>, Since) {
        if let Some((state, cause, since)) = signs.obstacle {
            return (state, Some(cause), since.into());
        }
        let now = self.clock.monotonic();
        let all = Scope::Everything.to_string();
        let everything = signs.holds.get(&(Hold::Paused, all)).copied();
        let unseen = self.clock.since(signs.looked) > signs.unseen;
        let after = |since: Monotonic| since + signs.stuck < now;
        if let Some((code, since)) = signs.journal {
            return (State::Stuck, Some(code), since.into());
        }
        if let Err(code) = counts {
            return (State::Stuck, Some(code), signs.asked.into());
        }
        if signs.claimed > 0 && after(signs.progress) {
            return (State::Stuck, Some("PRC_NO_PROGRESS"), signs.progress.into());
        }
        let is_free = signs.claimed == 0 && signs.holds.is_empty();
        if is_free && signs.has_looked && after(signs.asked) {
            return (State::Stuck, Some("PRC_NO_CLAIM"), signs.asked.into());
        }
        match (unseen, signs.platform) {
            (true, Some(code)) => return (State::PlatformGone, Some(code), signs.looked.into()),
            (true, None) if everything.is_none() => {
                return (State::Stuck, Some("SLOW"), signs.looked.into());
            }
            _ => {}
        }
        let has_work = counts.is_ok_and(|counts| counts.ready_now > 0);
        if let Some((state, cause, since)) = held(signs, everything, has_work) {
            return (state, Some(cause), since);
        }
        let state = match () {
            () if !signs.has_looked => State::Starting,
            () if signs.claimed > 0 || has_work => State::Busy,
            () => State::Idle,
        };
        (state, None, signs.turned.into())
    }
}

/// Returns what keeps a processor from working that could, if anything does.
fn held(
    signs: &Signs,
    everything: Option<Since>,
    has_work: bool,
) -> Option<(State, &'static str, Since)> {
    let first = |hold| signs.holds.iter().find(|((why, _), _)| *why == hold).map(|(_, at)| *at);
    if let Some(since) = signs.drain {
        return Some((State::Draining, "PRC_DRAINING", since));
    }
    if let Some(since) = everything {
        return Some((State::Paused, "PRC_PAUSED", since));
    }
    if let Some(since) = first(Hold::BreakerOpen) {
        return Some((State::BreakerOpen, "PRC_BREAKER_OPEN", since));
    }
    // What is paused in part keeps a processor from working only if there is no other work.
    let part = first(Hold::Paused).filter(|_| signs.claimed == 0 && has_work);
    part.map(|since| (State::Paused, "PRC_PAUSED", since))
}
