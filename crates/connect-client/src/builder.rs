//! The settings a client is made with.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connect_clock::{Budget, Clock, SystemClock};
use http::header::USER_AGENT;
use http::{HeaderMap, HeaderValue};

use crate::api_key::ApiKey;
use crate::client::Client;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::http_transport::HttpTransport;
use crate::keys::{ApiKeySource, Keys};
use crate::observer::CallObserver;
use crate::retry::RetryPolicy;
use crate::send::Sender;
use crate::transport::Transport;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

const MIB: usize = 1024 * 1024;

/// The settings of a [`Client`]; made by [`Client::builder`].
#[derive(Clone, Debug)]
pub struct ClientBuilder {
    endpoint: String,
    key: ApiKey,
    key_source: Option<Arc<dyn ApiKeySource>>,
    timeout: Duration,
    retry: RetryPolicy,
    user_agent: String,
    max_body: usize,
    rate: Option<NonZeroU32>,
    allow_plain_http: bool,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
    seed: Option<u64>,
    observer: Option<Arc<dyn CallObserver>>,
}

impl ClientBuilder {
    pub(crate) fn new(endpoint: &str, key: ApiKey) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            key,
            key_source: None,
            timeout: Duration::from_secs(60),
            retry: RetryPolicy::default(),
            user_agent: concat!("connect-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            max_body: 32 * MIB,
            rate: None,
            allow_plain_http: false,
            transport: None,
            clock: Arc::new(SystemClock),
            seed: None,
            observer: None,
        }
    }

    /// Has the source say when calls are to be made with another key of the same account: before a
    /// call, and when the platform refuses the key with 401. A call that was refused for that is
    /// made once more.
    #[must_use]
    pub fn key_source(mut self, source: impl ApiKeySource) -> Self {
        self.key_source = Some(Arc::new(source));
        self
    }

    /// Limits how long one attempt may take, its answer included: 60 s unless set. Connecting takes
    /// 10 s of it at most.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how patient the client is: as [`RetryPolicy::default`] unless set.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the `User-Agent` of every call: `connect-client/<version>` unless set.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Limits the body of an answer, in bytes after decompression: 32 MiB unless set.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Limits how many calls are made per second, by all clones together; as many may be made at once.
    /// What is too much waits for its turn. No limit unless set.
    #[must_use]
    pub fn rate(mut self, per_second: NonZeroU32) -> Self {
        self.rate = Some(per_second);
        self
    }

    /// Allows an `http://` endpoint on another machine, which is refused unless set. The API key
    /// then travels readable.
    #[must_use]
    pub fn allow_plain_http(mut self, allowed: bool) -> Self {
        self.allow_plain_http = allowed;
        self
    }

    /// Sends calls in this way: over the network, with an [`HttpTransport`], unless set.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Times attempts and the waits between them by this clock: the machine's unless set.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Has somebody hear of each attempt at a call.
    #[must_use]
    pub fn observer(mut self, observer: impl CallObserver) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Makes the random part of the waits repeatable.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Config`] when the endpoint is not one, is plain `http://` on another machine, or
    /// the machine has no usable TLS.
    pub fn build(self) -> Result<Client, Error> {
        let endpoint = Endpoint::parse(&self.endpoint, self.allow_plain_http)?;
        let headers = self.headers()?;
        let transport = match self.transport {
            Some(transport) => transport,
            None => http(&endpoint)?,
        };
        let keys = Keys::new(&self.key, self.key_source, Arc::clone(&self.clock))?;
        let random = self.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        Ok(Client::new(Sender {
            transport,
            endpoint,
            headers,
            keys: Arc::new(keys),
            timeout: self.timeout,
            max_body: self.max_body,
            budget: self.rate.map(|rate| Budget::new(rate, Arc::clone(&self.clock))),
            retry: self.retry,
            clock: self.clock,
            random: Mutex::new(random),
            observer: self.observer,
        }))
    }

    fn headers(&self) -> Result<HeaderMap, Error> {
        let user_agent = HeaderValue::try_from(&self.user_agent).map_err(|error| {
            Error::config("user agent", error.to_string(), "leave out line breaks and the like")
        })?;
        Ok(HeaderMap::from_iter([(USER_AGENT, user_agent)]))
    }
}

fn http(endpoint: &Endpoint) -> Result<Arc<dyn Transport>, Error> {
    match HttpTransport::to(endpoint.url(), CONNECT_TIMEOUT) {
        Ok(transport) => Ok(Arc::new(transport)),
        Err(error) => {
            let remedy = "check the machine's TLS certificates";
            Err(Error::config("HTTP client", error.to_string(), remedy))
        }
    }
}
