//! The key that calls are made with, which may become another one while the client lives.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use connect_clock::{Clock, Monotonic};
use http::HeaderValue;
use tracing::info;

use crate::api_key::ApiKey;
use crate::error::Error;
use crate::secret::Secret;

/// The least time between two looks whether there is another key.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// The least time between two readings because the key was refused.
const BETWEEN_READINGS: Duration = Duration::from_secs(5);

/// Says which key calls are made with, where it may become another one while the client lives, as a
/// file does: what [`ClientBuilder::key_source`](crate::ClientBuilder::key_source) takes.
///
/// A call waits for both methods, so they have to be quick. After `None` calls go on with the key
/// that there is; why there is no other, the source tells.
pub trait ApiKeySource: fmt::Debug + Send + Sync + 'static {
    /// Returns the key, if it may be another one than was returned last: asked before a call, once
    /// a second at most.
    fn changed(&self) -> Option<ApiKey>;

    /// Returns the key as it is now: asked when the platform has refused the one in use with 401,
    /// once in five seconds at most.
    fn read(&self) -> Option<ApiKey>;
}

/// A key, as calls carry it and as it is looked for in answers.
pub(crate) struct Credentials {
    pub(crate) header: HeaderValue,
    pub(crate) secret: Secret,
}

impl Credentials {
    fn of(key: &ApiKey) -> Result<Self, Error> {
        Ok(Self { header: key.header()?, secret: key.secret() })
    }
}

/// The key in use, and where another one may come from.
pub(crate) struct Keys {
    source: Option<Arc<dyn ApiKeySource>>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    current: Arc<Credentials>,
    changes: u64,
    looked: Option<Monotonic>,
    read: Option<Monotonic>,
}

impl Keys {
    pub(crate) fn new(
        key: &ApiKey,
        source: Option<Arc<dyn ApiKeySource>>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let current = Arc::new(Credentials::of(key)?);
        let state = Mutex::new(State { current, changes: 0, looked: None, read: None });
        Ok(Self { source, clock, state })
    }

    /// Returns the key to make a call with.
    pub(crate) fn current(&self) -> Arc<Credentials> {
        let mut state = self.state();
        if let Some(source) = &self.source
            && self.is_time(&mut state.looked, BETWEEN_LOOKS)
            && let Some(key) = source.changed()
        {
            state.take(&key);
        }
        Arc::clone(&state.current)
    }

    /// Returns another key than this one, which the platform has refused, if there is any.
    pub(crate) fn other_than(&self, refused: &Credentials) -> Option<Arc<Credentials>> {
        let source = self.source.as_ref()?;
        let mut state = self.state();
        if state.current.header == refused.header
            && self.is_time(&mut state.read, BETWEEN_READINGS)
            && let Some(key) = source.read()
        {
            state.take(&key);
        }
        (state.current.header != refused.header).then(|| Arc::clone(&state.current))
    }

    /// Returns how often the key has become another one.
    pub(crate) fn changes(&self) -> u64 {
        self.state().changes
    }

    /// Takes down that something is done now, unless it was done just before.
    fn is_time(&self, last: &mut Option<Monotonic>, between: Duration) -> bool {
        let now = self.clock.monotonic();
        let is_time = last.is_none_or(|last| now - last >= between);
        if is_time {
            *last = Some(now);
        }
        is_time
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Uses this key from now on, if it is another one.
    fn take(&mut self, key: &ApiKey) {
        // A key that fits into no header is none that could be sent.
        let Ok(other) = Credentials::of(key) else { return };
        if other.header != self.current.header {
            info!("from now on calls are made with another API key");
            self.current = Arc::new(other);
            self.changes += 1;
        }
    }
}
