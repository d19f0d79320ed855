//! Calls over HTTP: attempts, waits between them, one log line per attempt.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::{Body, Request, Response, Url};
use tracing::{Instrument, debug, debug_span};

use crate::endpoint::Endpoint;
use crate::judge::judge;
use crate::retry::{Effort, Failure};
use crate::secret::Secret;
use crate::{Answer, Call, Clock, Error, RetryPolicy};

/// Everything a call needs besides itself.
pub(crate) struct Sender {
    pub(crate) http: reqwest::Client,
    pub(crate) endpoint: Endpoint,
    pub(crate) secret: Secret,
    /// The longest an attempt may take.
    pub(crate) timeout: Duration,
    /// The longest body accepted, in bytes.
    pub(crate) max_body: usize,
    pub(crate) retry: RetryPolicy,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Mutex<fastrand::Rng>,
}

impl Sender {
    pub(crate) fn with_retry(&self, retry: RetryPolicy) -> Self {
        let random = self.random.lock().unwrap_or_else(PoisonError::into_inner).fork();
        Self {
            http: self.http.clone(),
            endpoint: self.endpoint.clone(),
            secret: self.secret.clone(),
            timeout: self.timeout,
            max_body: self.max_body,
            retry,
            clock: Arc::clone(&self.clock),
            random: Mutex::new(random),
        }
    }

    /// Sends a call, as often as it takes and is allowed.
    pub(crate) async fn send(&self, call: Call) -> Result<Answer, Error> {
        let span = debug_span!("connect_call", method = %call.method, path = %call.path);
        self.until_settled(call).instrument(span).await
    }

    async fn until_settled(&self, call: Call) -> Result<Answer, Error> {
        let url = self.endpoint.url(&call)?;
        let mut effort = Effort::default();
        loop {
            let error = match self.timed_attempt(&call, &url, &mut effort).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Some(wait) = self.wait_after(&error, &call, effort) else { return Err(error) };
            debug!(wait_ms = millis(wait), %error, "trying again");
            self.clock.sleep(wait).await;
            effort.time += wait;
        }
    }

    async fn timed_attempt(
        &self,
        call: &Call,
        url: &Url,
        effort: &mut Effort,
    ) -> Result<Answer, Error> {
        let left = self.retry.deadline.saturating_sub(effort.time);
        let started = Instant::now();
        let result = self.attempt(call, url, self.timeout.min(left)).await;
        let elapsed = started.elapsed();
        effort.attempts += 1;
        effort.time += elapsed;
        let (status, attempt) = (Status(&result), effort.attempts);
        debug!(%status, attempt, elapsed_ms = millis(elapsed), "attempt ended");
        result
    }

    /// Sends a call once and gives back whatever was answered.
    pub(crate) async fn exchange(&self, call: &Call) -> Result<Answer, Error> {
        let span = debug_span!("connect_call", method = %call.method, path = %call.path);
        let url = self.endpoint.url(call)?;
        self.once(call, &url, self.timeout).instrument(span).await
    }

    async fn attempt(&self, call: &Call, url: &Url, timeout: Duration) -> Result<Answer, Error> {
        judge(self.once(call, url, timeout).await?, self.clock.now())
    }

    async fn once(&self, call: &Call, url: &Url, timeout: Duration) -> Result<Answer, Error> {
        let request = request(call, url, timeout);
        let response =
            self.http.execute(request).await.map_err(|error| self.unanswered(call, error))?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = match self.body(call, response).await {
            // The status alone says that the call was not accepted.
            Err(_) if !status.is_success() => Bytes::new(),
            body => body?,
        };
        let secret = self.secret.clone();
        Ok(Answer { call: call.name(), status, headers, body, secret })
    }

    async fn body(&self, call: &Call, mut response: Response) -> Result<Bytes, Error> {
        let limit = self.max_body;
        let too_large = || Error::TooLarge { limit, call: Box::new(call.name()) };
        if response.content_length().is_some_and(|announced| announced > limit as u64) {
            return Err(too_large());
        }
        let (mut chunks, mut length) = (Vec::new(), 0);
        while let Some(chunk) =
            response.chunk().await.map_err(|error| self.unanswered(call, error))?
        {
            length += chunk.len();
            if length > limit {
                return Err(too_large());
            }
            chunks.push(chunk);
        }
        Ok(joined(chunks))
    }

    /// What a transport error means. Messages name the call, so the URL with its query is left out.
    fn unanswered(&self, call: &Call, error: reqwest::Error) -> Error {
        let error = error.without_url();
        let call = Box::new(call.name());
        if error.is_connect() {
            let origin = self.endpoint.origin();
            return Error::Unreachable { origin, source: Box::new(error), call };
        }
        Error::NoAnswer { status: None, retry_after: None, source: Box::new(error), call }
    }

    fn wait_after(&self, error: &Error, call: &Call, effort: Effort) -> Option<Duration> {
        let delay = self.retry.decide(&call.method, Failure::of(error)?, effort)?;
        let share = self.random.lock().unwrap_or_else(PoisonError::into_inner).f64();
        Some(delay.wait(share))
    }
}

fn request(call: &Call, url: &Url, timeout: Duration) -> Request {
    let mut request = Request::new(call.method.clone(), url.clone());
    *request.headers_mut() = call.headers.clone();
    *request.body_mut() = call.body.clone().map(Body::from);
    *request.timeout_mut() = Some(timeout);
    request
}

/// Short answers come in one chunk and are not copied.
fn joined(mut chunks: Vec<Bytes>) -> Bytes {
    match chunks.len() {
        1 => chunks.swap_remove(0),
        _ => chunks.concat().into(),
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
