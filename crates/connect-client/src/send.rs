//! Calls over HTTP: attempts, waits between them, one log line per attempt.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use connect_clock::{Budget, Clock};
use http::header::AUTHORIZATION;
use http::{HeaderMap, Request, StatusCode, Uri};
use tracing::{Instrument, debug, debug_span};

use crate::answer::Answer;
use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::exchange::{ExchangeError, Limits};
use crate::judge::judge;
use crate::keys::{Credentials, Keys};
use crate::observer::CallObserver;
use crate::retry::RetryPolicy;
use crate::retry::{Effort, Failure};
use crate::transport::{Transport, TransportError};

/// Everything a call needs besides itself.
pub(crate) struct Sender {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) endpoint: Endpoint,
    /// The headers of every call beside its key, unless the call itself says otherwise.
    pub(crate) headers: HeaderMap,
    pub(crate) keys: Arc<Keys>,
    /// The longest an attempt may take.
    pub(crate) timeout: Duration,
    /// The longest body accepted, in bytes.
    pub(crate) max_body: usize,
    pub(crate) retry: RetryPolicy,
    /// The calls that may be made per second.
    pub(crate) budget: Option<Budget>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Mutex<fastrand::Rng>,
    pub(crate) observer: Option<Arc<dyn CallObserver>>,
}

impl Sender {
    pub(crate) fn with_retry(&self, retry: RetryPolicy) -> Self {
        let random = self.random.lock().unwrap_or_else(PoisonError::into_inner).fork();
        Self {
            transport: Arc::clone(&self.transport),
            endpoint: self.endpoint.clone(),
            headers: self.headers.clone(),
            keys: Arc::clone(&self.keys),
            timeout: self.timeout,
            max_body: self.max_body,
            budget: self.budget.clone(),
            retry,
            clock: Arc::clone(&self.clock),
            random: Mutex::new(random),
            observer: self.observer.clone(),
        }
    }

    /// Sends a call, as often as it takes and is allowed.
    pub(crate) async fn send(&self, call: Call) -> Result<Answer, Error> {
        let span = debug_span!("connect_call", method = %call.method, path = %call.path);
        self.until_settled(call).instrument(span).await
    }

    async fn until_settled(&self, call: Call) -> Result<Answer, Error> {
        let uri = self.endpoint.uri(&call)?;
        let mut effort = Effort::default();
        loop {
            self.turn().await;
            let error = match self.timed_attempt(&call, &uri, &mut effort).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Some(wait) = self.wait_after(&error, &call, effort) else { return Err(error) };
            debug!(wait_ms = millis(wait), %error, "the call is tried again");
            self.clock.sleep(wait).await;
            effort.time += wait;
        }
    }

    /// Waits until a call may be made. That costs neither the call's time nor its attempts.
    async fn turn(&self) {
        if let Some(budget) = &self.budget {
            budget.turn().await;
        }
    }

    async fn timed_attempt(
        &self,
        call: &Call,
        uri: &Uri,
        effort: &mut Effort,
    ) -> Result<Answer, Error> {
        let left = self.retry.deadline.saturating_sub(effort.time);
        let started = self.clock.monotonic();
        let result = self.attempt(call, uri, self.timeout.min(left)).await;
        let elapsed = self.clock.since(started);
        effort.attempts += 1;
        effort.time += elapsed;
        let (status, attempt) = (Status(&result), effort.attempts);
        debug!(%status, attempt, elapsed_ms = millis(elapsed), "an attempt at the call has ended");
        result
    }

    /// Sends a call once and returns whatever was answered.
    pub(crate) async fn exchange(&self, call: &Call) -> Result<Answer, Error> {
        let span = debug_span!("connect_call", method = %call.method, path = %call.path);
        let uri = self.endpoint.uri(call)?;
        self.turn().await;
        self.once(call, &uri, self.timeout).instrument(span).await
    }

    async fn attempt(&self, call: &Call, uri: &Uri, timeout: Duration) -> Result<Answer, Error> {
        judge(self.once(call, uri, timeout).await?, self.clock.now())
    }

    /// Makes a call, and once more where the platform refuses its key and there is another one.
    async fn once(&self, call: &Call, uri: &Uri, timeout: Duration) -> Result<Answer, Error> {
        let started = self.clock.monotonic();
        let key = self.keys.current();
        // On the heap: it is large, and everybody who awaits it would have it on the stack.
        let answered = Box::pin(self.observed(call, uri, timeout, &key)).await;
        let left = timeout.saturating_sub(self.clock.since(started));
        match answered.as_ref().ok().and_then(|answer| self.other_key(call, &key, answer)) {
            Some(other) if !left.is_zero() => {
                self.turn().await;
                Box::pin(self.observed(call, uri, left, &other)).await
            }
            _ => answered,
        }
    }

    /// Returns another key, if this one was refused.
    fn other_key(
        &self,
        call: &Call,
        key: &Credentials,
        answer: &Answer,
    ) -> Option<Arc<Credentials>> {
        let is_refused = answer.status == StatusCode::UNAUTHORIZED;
        let is_ours = !call.headers.contains_key(AUTHORIZATION);
        (is_refused && is_ours).then(|| self.keys.other_than(key))?
    }

    async fn observed(
        &self,
        call: &Call,
        uri: &Uri,
        timeout: Duration,
        key: &Credentials,
    ) -> Result<Answer, Error> {
        let started = self.clock.monotonic();
        let answered = self.unobserved(call, uri, timeout, key).await;
        if let Some(observer) = &self.observer {
            let status = match &answered {
                Ok(answer) => Some(answer.status),
                Err(error) => error.status(),
            };
            observer.called(&call.method, status, self.clock.since(started));
        }
        answered
    }

    async fn unobserved(
        &self,
        call: &Call,
        uri: &Uri,
        timeout: Duration,
        key: &Credentials,
    ) -> Result<Answer, Error> {
        let limits = Limits { time: timeout, body: self.max_body };
        let exchange = self.transport.exchange(self.request(call, uri, key), limits, &*self.clock);
        let (head, body) =
            match exchange.await {
                Ok(answer) => answer.into_parts(),
                // The status alone says that the call was not accepted.
                Err(
                    ExchangeError::BrokenOff { head, .. } | ExchangeError::TooLarge { head, .. },
                ) if !head.status.is_success() => (*head, Bytes::new()),
                Err(error) => return Err(self.failure(call, error)),
            };
        let secret = key.secret.clone();
        Ok(Answer { call: call.name(), status: head.status, headers: head.headers, body, secret })
    }

    fn request(&self, call: &Call, uri: &Uri, key: &Credentials) -> Request<Bytes> {
        let mut request = Request::new(call.body.clone().unwrap_or_default());
        *request.method_mut() = call.method.clone();
        *request.uri_mut() = uri.clone();
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(AUTHORIZATION, key.header.clone());
        request.headers_mut().extend(call.headers.clone());
        request
    }

    /// Returns the error of a call without a whole answer. Messages name the call, never the URL
    /// with its query.
    fn failure(&self, call: &Call, error: ExchangeError) -> Error {
        let call = Box::new(call.name());
        let source = match error {
            ExchangeError::Unanswered(TransportError::NotSent(source)) => {
                return Error::Unreachable { origin: self.endpoint.origin(), source, call };
            }
            ExchangeError::TooLarge { limit, .. } => return Error::TooLarge { limit, call },
            ExchangeError::Unanswered(TransportError::NoAnswer(source))
            | ExchangeError::BrokenOff { source, .. } => source,
        };
        Error::NoAnswer { status: None, retry_after: None, source, call }
    }

    fn wait_after(&self, error: &Error, call: &Call, effort: Effort) -> Option<Duration> {
        let delay = self.retry.decide(&call.method, Failure::of(error)?, effort)?;
        let share = self.random.lock().unwrap_or_else(PoisonError::into_inner).f64();
        Some(delay.wait(share))
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// The status for a log line, or the error's code when there is none.
struct Status<'a>(&'a Result<Answer, Error>);

impl fmt::Display for Status<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match self.0 {
            Ok(answer) => Ok(answer.status),
            Err(error) => error.status().ok_or(error.code()),
        };
        match status {
            Ok(status) => f.write_str(status.as_str()),
            Err(code) => f.write_str(code),
        }
    }
}
