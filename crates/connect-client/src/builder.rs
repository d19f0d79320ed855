//! Making a client.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::endpoint::Endpoint;
use crate::send::Sender;
use crate::{ApiKey, Client, Clock, Error, RetryPolicy, SystemClock};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an unused connection is kept. Gateways drop theirs after a minute or so, and an action
/// sent into a connection that is just being dropped is one whose answer is lost.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

const MIB: usize = 1024 * 1024;

/// The settings of a [`Client`]; made by [`Client::builder`].
#[derive(Clone, Debug)]
pub struct ClientBuilder {
    endpoint: String,
    key: ApiKey,
    timeout: Duration,
    retry: RetryPolicy,
    user_agent: String,
    max_body: usize,
    allow_plain_http: bool,
    clock: Arc<dyn Clock>,
    seed: Option<u64>,
}

impl ClientBuilder {
    pub(crate) fn new(endpoint: &str, key: ApiKey) -> Self {
        Self {
            endpoint: endpoint.to_owned(),
            key,
            timeout: Duration::from_secs(60),
            retry: RetryPolicy::default(),
            user_agent: concat!("connect-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            max_body: 32 * MIB,
            allow_plain_http: false,
            clock: Arc::new(SystemClock),
            seed: None,
        }
    }

    /// The longest one attempt may take, its answer included. 60 s unless said otherwise;
    /// connecting takes 10 s of it at most.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How patient the client is.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// What the client calls itself: `connect-client/<version>` unless said otherwise.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// The longest body accepted, in bytes after decompression. 32 MiB unless said otherwise.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Whether an `http://` endpoint on another machine is accepted; not, unless said otherwise.
    /// The API key then travels readable.
    #[must_use]
    pub fn allow_plain_http(mut self, allowed: bool) -> Self {
        self.allow_plain_http = allowed;
        self
    }

    /// The clock for waits between attempts.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
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
        let random = self.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        Ok(Client::new(Sender {
            http: self.http(&endpoint)?,
            endpoint,
            secret: self.key.secret(),
            timeout: self.timeout,
            max_body: self.max_body,
            retry: self.retry,
            clock: self.clock,
            random: Mutex::new(random),
        }))
    }

    /// The HTTP library, told to leave redirects and repeating to us.
    fn http(&self, endpoint: &Endpoint) -> Result<reqwest::Client, Error> {
        let mut builder = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, self.key.header()?)]))
            .user_agent(&self.user_agent)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tcp_nodelay(true);
        // The proxy of the environment is for the way out of this machine.
        if endpoint.is_loopback() {
            builder = builder.no_proxy();
        }
        builder.build().map_err(|error| {
            let remedy = "check the user agent and the machine's TLS certificates";
            Error::config("HTTP client", error.to_string(), remedy)
        })
    }
}
