//! One call to a vendor, and the proof that it was answered.

use std::fmt::Display;

use bytes::Bytes;
use connect_client::{BoxError, ExchangeError, TransportError};
use connect_clock::Clock;
use connect_processor::{Failure, Outage, StepKey, vendor_called};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::Answer;
use crate::api::Api;
use crate::api::{Inner, Judge};
use crate::noting::Noting;
use crate::path::below;
use crate::verdict::Verdict;

/// A call that is sent when its answer is [proved](Self::prove).
#[must_use = "a call is not made before its answer is asked for"]
pub struct Call<'a> {
    api: &'a Api,
    method: Method,
    url: Result<Url, Failure>,
    headers: HeaderMap,
    body: Result<Bytes, Failure>,
    judge: Option<Box<Judge<'a>>>,
}

impl<'a> Call<'a> {
    pub(crate) fn new<'p>(
        api: &'a Api,
        method: Method,
        path: impl IntoIterator<Item = &'p str>,
        key: Option<&StepKey>,
    ) -> Self {
        let url = below(&api.0.base, path).map_err(Failure::retry);
        let mut headers = HeaderMap::new();
        // The names of runs and steps are plain text, so this holds; a key that cannot be sent
        // must not be left out.
        let url = match key.map(|key| HeaderValue::from_str(key.as_str())).transpose() {
            Ok(key) => {
                headers.extend(key.map(|key| (api.0.key_header.clone(), key)));
                url
            }
            Err(error) => Err(Failure::park(format!("the step's key cannot be sent: {error}"))),
        };
        Self { api, method, url, headers, body: Ok(Bytes::new()), judge: None }
    }

    /// Returns the same call with a JSON body.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.body = serde_json::to_vec(body).map(Bytes::from).map_err(Failure::retry);
        self
    }

    /// Returns the same call with a query; names and values are escaped.
    pub fn query(mut self, pairs: &[(&str, &str)]) -> Self {
        if let Ok(url) = &mut self.url {
            url.query_pairs_mut().extend_pairs(pairs);
        }
        self
    }

    /// Says what answers to this call mean; `None` leaves it to what holds for the whole API.
    pub fn judge(mut self, judge: impl Fn(&Answer) -> Option<Verdict> + Send + Sync + 'a) -> Self {
        self.judge = Some(Box::new(judge));
        self
    }

    /// Makes the call, and takes a yes only with proof: `proof` gets the body and returns what the
    /// step is to remember, or says what is missing. A good proof names the object and the state
    /// that was asked for.
    ///
    /// # Errors
    /// What the [`Verdict`] says; [`Failure::Retry`] when there was no answer, when its body has
    /// another shape, and when it proves nothing. No answer, or one with a status of 5xx that decides
    /// nothing, is an [`Outage`].
    pub async fn prove<T, V, E>(self, proof: impl FnOnce(T) -> Result<V, E>) -> Result<V, Failure>
    where
        T: DeserializeOwned,
        E: Display,
    {
        self.prove_answer(|answer| {
            let body = answer.json().map_err(|error| error.to_string())?;
            proof(body).map_err(|missing| missing.to_string())
        })
        .await
    }

    /// Does the same for an answer without a JSON body: `proof` gets the answer as it came.
    ///
    /// # Errors
    /// As [`Call::prove`].
    pub async fn prove_answer<V, E: Display>(
        self,
        proof: impl FnOnce(&Answer) -> Result<V, E>,
    ) -> Result<V, Failure> {
        let name = &self.api.0.name;
        let (answer, verdict) = self.answer().await?;
        verdict.into_result(name, answer.status)?;
        proof(&answer).map_err(|missing| {
            let summary = answer.summary();
            Failure::retry(format!("{name}'s answer proves nothing: {missing} ({summary})"))
        })
    }

    async fn answer(mut self) -> Result<(Answer, Verdict), Failure> {
        let judge = self.judge.take();
        let api = &*self.api.0;
        let request = self.request()?;
        let (noting, began) =
            (Noting::begin((&api.redaction, &*api.clock), &request), api.clock.monotonic());
        let exchange = api.transport.exchange(request, api.limits, &*api.clock).await;
        let status = exchange.as_ref().ok().map(|answer| answer.status().as_u16());
        vendor_called(status, api.clock.since(began));
        let (head, body) = match exchange {
            Ok(answer) => answer.into_parts(),
            Err(error) => {
                noting.failed(&error);
                return Err(no_answer(api, error));
            }
        };
        noting.answered(head.status, &head.headers, &body);
        let answer = Answer::new(head.status, head.headers, body, api.clock.now());
        let own = judge.and_then(|judge| judge(&answer));
        let verdict = own.or_else(|| (api.judge)(&answer));
        let verdict = verdict.unwrap_or_else(|| Verdict::of(&answer));
        Ok((answer, verdict))
    }

    fn request(self) -> Result<Request<Bytes>, Failure> {
        let uri = Uri::try_from(self.url?.as_str()).map_err(Failure::retry)?;
        let mut request = Request::new(self.body?);
        *request.method_mut() = self.method;
        *request.uri_mut() = uri;
        *request.headers_mut() = self.api.0.headers.clone();
        request.headers_mut().extend(self.headers);
        Ok(request)
    }
}

/// Returns the failure of a call without an answer. Its message leaves the address out, which may
/// hold what only the vendor may see.
fn no_answer(api: &Inner, error: ExchangeError) -> Failure {
    let name = &api.name;
    if error.is_timeout() {
        let limit = api.limits.time;
        return Outage::new(format!("{name} did not answer within {limit:?}")).into();
    }
    let source = match error {
        ExchangeError::TooLarge { limit, .. } => {
            return Failure::retry(format!(
                "{name}'s answer is longer than {limit} bytes and was not read on"
            ));
        }
        ExchangeError::Unanswered(
            TransportError::NotSent(source) | TransportError::NoAnswer(source),
        )
        | ExchangeError::BrokenOff { source, .. } => source,
    };
    Outage::new(NoAnswer { name: name.clone(), source }).into()
}

#[derive(Debug, thiserror::Error)]
#[error("{name} did not answer")]
struct NoAnswer {
    name: String,
    source: BoxError,
}
