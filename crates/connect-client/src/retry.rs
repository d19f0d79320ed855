//! Repeats of calls: which one, after which failure, and when.

use std::time::Duration;

use http::Method;

use crate::error::Error;

/// The patience of a client. Whether a call *may* be repeated is not a setting:
///
/// | after | GET, HEAD, PUT, DELETE | POST, PATCH |
/// |---|---|---|
/// | no connection, 429 | repeated | repeated |
/// | lost answer, timeout, 408, 5xx | repeated | **not repeated**: [`Error::NoAnswer`] |
/// | refusal (other 4xx, 501), unreadable answer | not repeated | not repeated |
///
/// A wait is random between nothing and `base · 2ⁿ`, at most `cap`, and no shorter than what a
/// `Retry-After` asks for, up to `longest_wait`; a longer one ends the call with
/// [`Error::Limited`], so that the caller can come back later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The most attempts at a call, the first one included.
    pub attempts: u32,
    /// The longest first wait; it doubles with each attempt.
    pub base: Duration,
    /// The longest wait the client chooses itself.
    pub cap: Duration,
    /// The longest wait the server may ask for.
    pub longest_wait: Duration,
    /// The longest a call may take, attempts and waits together.
    pub deadline: Duration,
}

impl Default for RetryPolicy {
    /// Returns four attempts with waits of up to 0.5, 1 and 2 s, or 60 s if a server asks, and 3
    /// min in all.
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(500),
            cap: Duration::from_secs(20),
            longest_wait: Duration::from_secs(60),
            deadline: Duration::from_secs(180),
        }
    }
}

/// The reason for which an attempt may be worth repeating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nothing was sent.
    Unreachable,
    /// Something was sent; what became of it is unknown.
    NoAnswer(Option<Duration>),
    /// The server did not look at it.
    Limited(Option<Duration>),
}

/// The cost of a call so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Effort {
    /// Attempts made.
    pub(crate) attempts: u32,
    /// Time spent on attempts and waits.
    pub(crate) time: Duration,
}

/// The wait before the next attempt: a random part of the backoff, and as long as the server asked.
/// Who asks for no wait at all does not take the backoff away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Delay {
    asked: Duration,
    backoff: Duration,
}

impl RetryPolicy {
    /// Tries every call once.
    #[must_use]
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// Returns the wait before the next attempt, if there is to be one.
    pub(crate) fn decide(
        &self,
        method: &Method,
        failure: Failure,
        so_far: Effort,
    ) -> Option<Delay> {
        if so_far.attempts >= self.attempts || !failure.allows_repeating(method) {
            return None;
        }
        let asked = failure.asked_wait().unwrap_or_default();
        if asked > self.longest_wait {
            return None;
        }
        let delay = Delay { asked, backoff: self.backoff(so_far.attempts) };
        let ends = so_far.time.saturating_add(delay.longest());
        (ends < self.deadline).then_some(delay)
    }

    fn backoff(&self, attempts: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        self.base.saturating_mul(doubled).min(self.cap)
    }
}

impl Failure {
    /// Returns the failure behind an error; `None` when repeating could not help.
    pub(crate) fn of(error: &Error) -> Option<Self> {
        match error {
            Error::Unreachable { .. } => Some(Self::Unreachable),
            Error::NoAnswer { retry_after, .. } => Some(Self::NoAnswer(*retry_after)),
            Error::Limited { retry_after, .. } => Some(Self::Limited(*retry_after)),
            _ => None,
        }
    }

    fn allows_repeating(self, method: &Method) -> bool {
        match self {
            Self::Unreachable | Self::Limited(_) => true,
            Self::NoAnswer(_) => method.is_idempotent(),
        }
    }

    fn asked_wait(self) -> Option<Duration> {
        match self {
            Self::Unreachable => None,
            Self::NoAnswer(asked) | Self::Limited(asked) => asked,
        }
    }
}

impl Delay {
    fn longest(self) -> Duration {
        self.asked.max(self.backoff)
    }

    /// Returns the wait, given a share between 0 and 1.
    pub(crate) fn wait(self, share: f64) -> Duration {
        self.asked.max(self.backoff.mul_f64(share.clamp(0.0, 1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Option<Duration> = Some(Duration::from_secs(60));
    const HOUR: Option<Duration> = Some(Duration::from_secs(3600));

    fn shown(decision: Option<Delay>) -> String {
        match decision {
            None => "give up".to_owned(),
            Some(delay) if delay.asked.is_zero() => format!("≤ {:?}", delay.backoff),
            Some(delay) => format!("wait {:?}", delay.asked),
        }
    }

    #[test]
    fn a_call_is_repeated_only_when_that_cannot_do_it_twice() {
        let first = Effort { attempts: 1, time: Duration::ZERO };
        let mut table = format!("{:24}{:10}{:10}{:10}{}\n", "", "GET", "PUT", "DELETE", "POST");
        for (words, failure) in [
            ("no connection", Failure::Unreachable),
            ("no answer", Failure::NoAnswer(None)),
            ("503, wait a minute", Failure::NoAnswer(MINUTE)),
            ("503, wait an hour", Failure::NoAnswer(HOUR)),
            ("429", Failure::Limited(None)),
            ("429, wait a minute", Failure::Limited(MINUTE)),
            ("429, wait an hour", Failure::Limited(HOUR)),
        ] {
            table += &format!("{words:24}");
            for method in [Method::GET, Method::PUT, Method::DELETE, Method::POST] {
                let decision = RetryPolicy::default().decide(&method, failure, first);
                table += &format!("{:10}", shown(decision));
            }
            table = table.trim_end().to_owned() + "\n";
        }
        insta::assert_snapshot!(table, @r"
                                GET       PUT       DELETE    POST
        no connection           ≤ 500ms   ≤ 500ms   ≤ 500ms   ≤ 500ms
        no answer               ≤ 500ms   ≤ 500ms   ≤ 500ms   give up
        503, wait a minute      wait 60s  wait 60s  wait 60s  give up
        503, wait an hour       give up   give up   give up   give up
        429                     ≤ 500ms   ≤ 500ms   ≤ 500ms   ≤ 500ms
        429, wait a minute      wait 60s  wait 60s  wait 60s  wait 60s
        429, wait an hour       give up   give up   give up   give up
        ");
    }

    #[test]
    fn waits_double_up_to_the_cap_and_end_with_the_attempts() {
        let policy = RetryPolicy { attempts: 9, ..RetryPolicy::default() };
        let decisions = (1..=9).map(|attempts| {
            let so_far = Effort { attempts, time: Duration::ZERO };
            shown(policy.decide(&Method::GET, Failure::Unreachable, so_far))
        });
        insta::assert_snapshot!(
            decisions.collect::<Vec<_>>().join(", "),
            @"≤ 500ms, ≤ 1s, ≤ 2s, ≤ 4s, ≤ 8s, ≤ 16s, ≤ 20s, ≤ 20s, give up"
        );
    }

    #[test]
    fn a_wait_that_would_pass_the_deadline_is_not_begun() {
        let policy = RetryPolicy { deadline: Duration::from_secs(100), ..RetryPolicy::default() };
        let after = |seconds| {
            let so_far = Effort { attempts: 1, time: Duration::from_secs(seconds) };
            shown(policy.decide(&Method::GET, Failure::Limited(MINUTE), so_far))
        };
        assert_eq!([after(39), after(40)], ["wait 60s", "give up"]);
    }

    #[test]
    fn the_random_share_spans_the_whole_wait() {
        let delay = Delay { asked: Duration::ZERO, backoff: Duration::from_secs(2) };
        let waits = [0.0, 0.25, 1.0].map(|share| delay.wait(share));
        assert_eq!(waits, [0, 500, 2000].map(Duration::from_millis));
    }

    #[test]
    fn a_wish_for_no_wait_or_one_that_is_over_does_not_take_the_backoff_away() {
        let first = Effort { attempts: 1, time: Duration::ZERO };
        for asked in [None, Some(Duration::ZERO), Some(Duration::from_millis(1))] {
            let delay = RetryPolicy::default().decide(&Method::GET, Failure::Limited(asked), first);
            assert_eq!(delay.map(|delay| delay.wait(1.0)), Some(Duration::from_millis(500)));
        }
    }
}
