//! A vendor's API and its settings.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use connect_client::{HttpTransport, Limits, Transport};
use connect_clock::{Clock, SystemClock};
use connect_processor::StepKey;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use reqwest::Url;

use crate::answer::Answer;
use crate::call::Call;
use crate::redact::Redaction;
use crate::verdict::Verdict;

/// The most that a call may cost, unless set.
const LIMITS: Limits = Limits { time: Duration::from_secs(20), body: 1024 * 1024 };
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A refinement of what an answer means; `None` leaves it to [`Verdict::of`].
pub(crate) type Judge<'a> = dyn Fn(&Answer) -> Option<Verdict> + Send + Sync + 'a;

/// A vendor's API. Clones share their connections.
///
/// ```
/// use connect_client::ServiceTransport;
/// use connect_processor::{Failure, StepKey};
/// use connect_vendor::Api;
/// use serde_json::{Value, json};
///
/// # use axum::{Json, Router, routing::put};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failure> {
/// # let answer = || async { Json(json!({"id": "t-1", "enabled": true})) };
/// # let vendor = Router::new().route("/api/tenants/{id}/enable", put(answer));
/// let api = Api::builder("https://vendor.example/api")?
///     .name("Acme")
///     // A vendor in this process; without it, the API is called over the network.
///     .transport(ServiceTransport::new(vendor))
///     .build()?;
///
/// // In a handler, the step gives the key.
/// let key = StepKey::new("PR-8027-7606-7082-003", "enable_tenant");
/// let call = api.put(["tenants", "t-1", "enable"], &key).json(&json!({}));
/// call.prove(|tenant: Value| match tenant == json!({"id": "t-1", "enabled": true}) {
///     true => Ok(()),
///     false => Err("it is not this tenant, enabled"),
/// })
/// .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Api(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) base: Url,
    pub(crate) name: String,
    /// The headers of every call, unless the call itself says otherwise.
    pub(crate) headers: HeaderMap,
    pub(crate) key_header: HeaderName,
    pub(crate) redaction: Redaction,
    pub(crate) limits: Limits,
    pub(crate) judge: Box<Judge<'static>>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// An API that cannot be used as it was described.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// The address is not one that calls can be made to.
    #[error(
        "`{url}` is no address of an API: {problem}; write it like `https://vendor.example/api`"
    )]
    Address {
        /// The address that was given, without a password that stood in it.
        url: String,
        /// The fault, in words.
        problem: String,
    },
    /// This machine cannot make such calls at all.
    #[error("no HTTP client can be made here: {0}; check the machine's TLS certificates")]
    Client(#[source] reqwest::Error),
}

impl ApiError {
    /// Returns a stable word for machines, such as `VND_ADDRESS`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address { .. } => "VND_ADDRESS",
            Self::Client(_) => "VND_CLIENT",
        }
    }
}

impl Api {
    /// Starts an API at a base address such as `https://vendor.example/api/v2`, with or without a
    /// slash at its end.
    ///
    /// # Errors
    /// [`ApiError::Address`] when it is not an `http` or `https` address, or holds more than the
    /// place: a user, a password, a query, a fragment.
    pub fn builder(base: &str) -> Result<ApiBuilder, ApiError> {
        let wrong = |problem: String| ApiError::Address { url: printable(base), problem };
        let url = Url::parse(base.trim()).map_err(|error| wrong(error.to_string()))?;
        match problem(&url) {
            Some(problem) => Err(wrong(problem.to_owned())),
            None => Ok(ApiBuilder::new(url)),
        }
    }

    /// Begins a look: `GET` below the base. It changes nothing, so it takes no key.
    pub fn get<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Call<'_> {
        Call::new(self, Method::GET, path, None)
    }

    /// Begins a change: `POST` below the base, with the step's key.
    pub fn post<'a>(&self, path: impl IntoIterator<Item = &'a str>, key: &StepKey) -> Call<'_> {
        Call::new(self, Method::POST, path, Some(key))
    }

    /// Begins a change: `PUT` below the base, with the step's key.
    pub fn put<'a>(&self, path: impl IntoIterator<Item = &'a str>, key: &StepKey) -> Call<'_> {
        Call::new(self, Method::PUT, path, Some(key))
    }

    /// Begins a change: `PATCH` below the base, with the step's key.
    pub fn patch<'a>(&self, path: impl IntoIterator<Item = &'a str>, key: &StepKey) -> Call<'_> {
        Call::new(self, Method::PATCH, path, Some(key))
    }

    /// Begins a change: `DELETE` below the base, with the step's key.
    pub fn delete<'a>(&self, path: impl IntoIterator<Item = &'a str>, key: &StepKey) -> Call<'_> {
        Call::new(self, Method::DELETE, path, Some(key))
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Api").field(&self.0.base.as_str()).finish()
    }
}

/// The settings of an [`Api`]; made by [`Api::builder`].
pub struct ApiBuilder {
    base: Url,
    name: String,
    headers: HeaderMap,
    key_header: HeaderName,
    limits: Limits,
    judge: Box<Judge<'static>>,
    transport: Option<Arc<dyn Transport>>,
    clock: Arc<dyn Clock>,
}

impl ApiBuilder {
    fn new(base: Url) -> Self {
        Self {
            base,
            name: "the vendor".to_owned(),
            headers: HeaderMap::new(),
            key_header: HeaderName::from_static("idempotency-key"),
            limits: LIMITS,
            judge: Box::new(|_| None),
            transport: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// Names the vendor in messages: `the vendor` unless set.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sends a header with every call, such as `Authorization`. Its value does not print.
    #[must_use]
    pub fn header(mut self, name: HeaderName, mut value: HeaderValue) -> Self {
        value.set_sensitive(true);
        self.headers.insert(name, value);
        self
    }

    /// Sends a step's key in this header: `Idempotency-Key` unless set.
    #[must_use]
    pub fn key_header(mut self, name: HeaderName) -> Self {
        self.key_header = name;
        self
    }

    /// Limits how long a call may take, its answer included: 20 s unless set. Connecting takes 5 s
    /// of it at most.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.time = timeout;
        self
    }

    /// Limits the body that is read, in bytes after decompression: 1 MiB unless set.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.limits.body = bytes;
        self
    }

    /// Says what this vendor's answers mean, where that is not what [`Verdict::of`] makes of
    /// them: `None` leaves it to that.
    #[must_use]
    pub fn judge(
        mut self,
        judge: impl Fn(&Answer) -> Option<Verdict> + Send + Sync + 'static,
    ) -> Self {
        self.judge = Box::new(judge);
        self
    }

    /// Sends calls in this way: over the network, with an [`HttpTransport`], unless set.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Times calls, and reads the dates of `Retry-After`, by this clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Makes the API's client. Nothing is called yet.
    ///
    /// # Errors
    /// [`ApiError::Client`] when the machine has no usable TLS.
    pub fn build(self) -> Result<Api, ApiError> {
        let transport = match self.transport {
            Some(transport) => transport,
            None => {
                let http = HttpTransport::to(&self.base, CONNECT_TIMEOUT);
                Arc::new(http.map_err(ApiError::Client)?)
            }
        };
        Ok(Api(Arc::new(Inner {
            transport,
            base: self.base,
            name: self.name,
            redaction: Redaction::of(&self.headers, &self.key_header),
            headers: self.headers,
            key_header: self.key_header,
            limits: self.limits,
            judge: self.judge,
            clock: self.clock,
        })))
    }
}

fn problem(url: &Url) -> Option<&'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Some("its scheme is neither `http` nor `https`");
    }
    if !url.has_host() {
        return Some("it names no host");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("it holds a user name or password, which belong into a header");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Some("it holds a query or a fragment");
    }
    None
}

/// Returns an address without what may be a secret in it: a user, a password, a query.
fn printable(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    match address.rsplit_once('@') {
        Some((_, place)) => format!("…@{place}"),
        None => address.to_owned(),
    }
}
