//! Links by which a vendor's system says that a request should look again.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::{Clock, saturating_add};

use jiff::Timestamp;
use tokio::sync::OnceCell;

use crate::failure::{BoxError, Failure};
use crate::lease::Lease;
use crate::step::Step;

/// The step that keeps until when the link of a run is good, so that every attempt makes the same
/// link. No handler can take a step of this name.
const STEP: &str = "@callback";

/// The place where the vendor's system calls back about one request, with what proves to the
/// processor that it may.
///
/// A call says nothing but *look again*: a link that others get to know of lets them ask for that,
/// and for nothing else. It does not print.
///
/// ```
/// use connect_processor::Callback;
///
/// let callback = Callback::new("https://processor.example/callback", "eyJ0…");
/// assert_eq!(callback.link(), "https://processor.example/callback?token=eyJ0…");
/// assert!(!format!("{callback:?}").contains("eyJ0"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Callback {
    url: String,
    token: String,
}

impl Callback {
    /// Makes one of the address that is called and a token, which stands in a query as it is.
    pub fn new(url: impl Into<String>, token: impl Into<String>) -> Self {
        Self { url: url.into(), token: token.into() }
    }

    /// Returns the address without the token, for systems that send a header of their own:
    /// `Authorization: Bearer TOKEN`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns the address with the token in it.
    #[must_use]
    pub fn link(&self) -> String {
        let sign = if self.url.contains('?') { '&' } else { '?' };
        format!("{}{sign}token={}", self.url, self.token)
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback").field("url", &self.url).finish_non_exhaustive()
    }
}

type Sign = dyn Fn(&str, Timestamp) -> Result<Callback, BoxError> + Send + Sync;

/// The way in which callbacks are made.
#[derive(Clone)]
pub(crate) struct Callbacks {
    pub(crate) good_for: Duration,
    pub(crate) sign: Arc<Sign>,
}

/// The callback of one attempt, made once it is asked for.
pub(crate) struct CallbackMaker {
    callbacks: Option<Callbacks>,
    clock: Arc<dyn Clock>,
    made: OnceCell<Callback>,
}

impl CallbackMaker {
    pub(crate) fn new(callbacks: Option<Callbacks>, clock: Arc<dyn Clock>) -> Self {
        Self { callbacks, clock, made: OnceCell::new() }
    }

    /// Returns the run's callback; none where nobody takes calls.
    pub(crate) async fn callback(&self, lease: &Lease) -> Result<Option<Callback>, Failure> {
        let Some(callbacks) = &self.callbacks else { return Ok(None) };
        let made = self.made.get_or_try_init(|| self.make(callbacks, lease)).await?;
        Ok(Some(made.clone()))
    }

    async fn make(&self, callbacks: &Callbacks, lease: &Lease) -> Result<Callback, Failure> {
        let step = Step::new(lease, STEP);
        let until = match step.recorded::<i64>()? {
            Some(until) => until,
            None => {
                let until = saturating_add(self.clock.now(), callbacks.good_for).as_second();
                step.record_value(&until).await?;
                until
            }
        };
        let until = Timestamp::from_second(until).map_err(Failure::retry)?;
        (callbacks.sign)(lease.claim.run.as_str(), until).map_err(Failure::retry)
    }
}
