//! What a processor's signs say: whether it gets somewhere.

use connect_clock::Monotonic;
use connect_journal::Counts;

use super::condition::{Hold, State};
use super::{Health, Signs};
use crate::controls::Scope;

impl Health {
    /// Judges the signs: what a person has to see to comes first.
    pub(super) fn judge(
        &self,
        signs: &Signs,
        counts: Result<&Counts, &&'static str>,
    ) -> (State, Option<&'static str>, Monotonic) {
        if let Some((state, cause, since)) = signs.obstacle {
            return (state, Some(cause), since);
        }
        let now = self.clock.monotonic();
        let all = Scope::Everything.to_string();
        let everything = signs.holds.get(&(Hold::Paused, all)).copied();
        let first = |hold| signs.holds.iter().find(|((why, _), _)| *why == hold).map(|(_, at)| *at);
        let open = first(Hold::BreakerOpen);
        // What is paused in part keeps a processor from working only if there is no other work.
        let is_held = signs.claimed == 0 && counts.is_ok_and(|counts| counts.ready_now > 0);
        let part = first(Hold::Paused).filter(|_| is_held);
        let unseen = self.clock.since(signs.looked) > signs.unseen;
        let after = |since: Monotonic| since + signs.stuck < now;
        if let Some((code, since)) = signs.journal {
            return (State::Stuck, Some(code), since);
        }
        if let Err(code) = counts {
            return (State::Stuck, Some(code), signs.asked);
        }
        if signs.claimed > 0 && after(signs.progress) {
            return (State::Stuck, Some("PRC_NO_PROGRESS"), signs.progress);
        }
        let is_free = signs.claimed == 0 && signs.holds.is_empty();
        if is_free && signs.has_looked && after(signs.asked) {
            return (State::Stuck, Some("PRC_NO_CLAIM"), signs.asked);
        }
        match (unseen, signs.platform) {
            (true, Some(code)) => return (State::PlatformGone, Some(code), signs.looked),
            (true, None) if everything.is_none() => {
                return (State::Stuck, Some("SLOW"), signs.looked);
            }
            _ => {}
        }
        if let Some(since) = everything {
            return (State::Paused, Some("PRC_PAUSED"), since);
        }
        if let Some(since) = open {
            return (State::BreakerOpen, Some("PRC_BREAKER_OPEN"), since);
        }
        if let Some(since) = part {
            return (State::Paused, Some("PRC_PAUSED"), since);
        }
        let has_work = signs.claimed > 0 || counts.is_ok_and(|counts| counts.ready_now > 0);
        let state = match () {
            () if !signs.has_looked => State::Starting,
            () if has_work => State::Busy,
            () => State::Idle,
        };
        (state, None, signs.turned)
    }
}
