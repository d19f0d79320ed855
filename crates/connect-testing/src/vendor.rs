//! The vendor's side of a test: any HTTP service, called in this process, with a log of its calls.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use connect_client::{Body, ServiceTransport, Transport, TransportError};
use connect_clock::{Clock, VirtualClock};
use fault::{Canned, Fault, FaultEffect, Faults, IncomingCall, On};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};

use crate::error::TestError;

/// The header in which the client of [`connect-vendor`] sends a step's key, unless told otherwise.
const KEY_HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The header by which a vendor says that it only repeats an earlier answer.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replay");

/// A vendor that is called in this process. It notes every call, and misbehaves when told to.
///
/// Every changing call that is answered with 2xx counts as an effect, so a call that is repeated
/// counts twice. What your vendor promises of repeated calls has to be said:
/// [`honours_keys`](Self::honours_keys), [`repeatable`](Self::repeatable), or its own answer with
/// `Idempotent-Replay: true`.
///
/// Clones are handles on the same vendor.
#[derive(Clone)]
pub struct TestVendor(Arc<Inner>);

struct Inner {
    service: Arc<dyn Transport>,
    clock: VirtualClock,
    key_header: HeaderName,
    honours_keys: bool,
    repeatable: Vec<On>,
    faults: Faults,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    moments: u64,
    calls: Vec<VendorCall>,
    /// The answers that were given under a key.
    answers: HashMap<String, (StatusCode, HeaderMap, Bytes)>,
}

/// A call that the vendor got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorCall {
    /// The method.
    pub method: Method,
    /// The path.
    pub path: String,
    /// The query, empty when there was none.
    pub query: String,
    /// The key of the step, where the call carries one.
    pub key: Option<String>,
    /// The body.
    pub body: Bytes,
    /// The vendor's own answer, whatever the caller was told; `None` when the call never reached it.
    pub status: Option<StatusCode>,
    /// The vendor only repeated an earlier answer.
    pub replayed: bool,
    /// When it began and ended, counted over the beginnings and ends of all calls.
    pub span: (u64, u64),
}

impl VendorCall {
    /// Returns the body as JSON; `null` when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns method and path without what differs from request to request:
    /// `PUT /tenants/*/enable`.
    #[must_use]
    pub fn operation(&self) -> String {
        operation(&self.method, &self.path)
    }

    /// Whether the call changed something at the vendor's.
    #[must_use]
    pub fn is_effect(&self) -> bool {
        let carried_out = self.status.is_some_and(|status| status.is_success());
        is_change(&self.method) && carried_out && !self.replayed
    }
}

/// Writes `PUT /tenants/t-1/enable`.
impl fmt::Display for VendorCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// Returns method and path with a star for each segment that has a digit.
pub(crate) fn operation(method: &Method, path: &str) -> String {
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let words = path.split('/').map(|word| if has_digit(word) { "*" } else { word });
    format!("{method} {}", words.collect::<Vec<_>>().join("/"))
}

fn is_change(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

impl TestVendor {
    /// Makes a vendor of any HTTP service, such as a router of axum. Delays of faults pass by the
    /// clock.
    ///
    /// ```
    /// use axum::{Router, routing::put};
    /// use connect_clock::VirtualClock;
    /// use connect_testing::TestVendor;
    ///
    /// fn vendor(clock: &VirtualClock) -> TestVendor {
    ///     let enable = put(|| async { r#"{"id": "t-1", "enabled": true}"# });
    ///     TestVendor::new(Router::new().route("/tenants/{id}/enable", enable), clock).honours_keys()
    /// }
    /// # vendor(&VirtualClock::new(Default::default()));
    /// ```
    #[must_use]
    pub fn new<S>(service: S, clock: &VirtualClock) -> Self
    where
        ServiceTransport<S>: Transport,
    {
        Self(Arc::new(Inner {
            service: Arc::new(ServiceTransport::new(service)),
            clock: clock.clone(),
            key_header: KEY_HEADER,
            honours_keys: false,
            repeatable: Vec::new(),
            faults: Faults::default(),
            books: Mutex::default(),
        }))
    }

    /// Says that the vendor treats a repeated key as the same call: one under a key that was
    /// answered with 2xx before gets that answer again, and the service is not called.
    #[must_use]
    pub fn honours_keys(self) -> Self {
        self.set(|inner| inner.honours_keys = true)
    }

    /// Says in which header a step's key comes: `Idempotency-Key` unless set.
    #[must_use]
    pub fn key_header(self, header: HeaderName) -> Self {
        self.set(|inner| inner.key_header = header)
    }

    /// Says that calls such as `PUT /tenants/*` may be repeated: the second has no other effect.
    /// `*` stands for any text. A text that is no call is one that none matches.
    #[must_use]
    pub fn repeatable(self, calls: &str) -> Self {
        self.set(|inner| inner.repeatable.extend(calls.parse::<On>().ok()))
    }

    /// Changes the settings of a vendor that nobody else has yet.
    fn set(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            change(inner);
        }
        self
    }

    /// Adds a fault: on calls by method and path, there are no other words for them here.
    pub fn fault(&self, fault: Fault) {
        self.0.faults.add(fault);
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.0.faults.clear();
    }

    /// Returns every call that a processor made so far, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<VendorCall> {
        self.books().calls.clone()
    }

    /// Calls the vendor to set the scene, past its faults and its log. Returns the status and the
    /// body, `null` when that is no JSON.
    ///
    /// # Errors
    ///
    /// [`TestError::Vendor`] when it does not answer.
    pub async fn ask(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<(StatusCode, Value), TestError> {
        let request =
            Request::builder().method(method).uri(format!("http://vendor.localhost{path}"));
        let request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let text = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let request = request.body(text).map_err(|error| TestError::Vendor(error.into()))?;
        let answer = self.0.carry_out(request).await;
        let (status, _, body) = answer.map_err(|error| TestError::Vendor(error.into()))?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.books()
    }
}

impl fmt::Debug for TestVendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestVendor")
            .field("calls", &self.books().calls.len())
            .finish_non_exhaustive()
    }
}

type Whole = (StatusCode, HeaderMap, Bytes);

impl Transport for TestVendor {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        async move { self.0.serve(request).await.map(whole) }.boxed()
    }
}

fn whole((status, headers, body): Whole) -> Response<Body> {
    let mut response =
        Response::new(Full::new(body).map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

impl Inner {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a call, with the fault it meets.
    async fn serve(&self, request: Request<Bytes>) -> Result<Whole, TransportError> {
        let fault = self.strike(&request);
        if let Some(FaultEffect::Delay { millis }) = &fault {
            let clock: &dyn Clock = &self.clock;
            clock.sleep(Duration::from_millis(*millis)).await;
        }
        match fault {
            None | Some(FaultEffect::Delay { .. }) => self.note(request).await,
            Some(FaultEffect::Refuse(refuse)) => {
                self.note_unreached(&request);
                let body = json!({"error": {"code": refuse.code, "message": refuse.reason}});
                Ok(answer(refuse.status_code(), &body))
            }
            Some(FaultEffect::Answer(canned)) => {
                self.note_unreached(&request);
                Ok(said(&canned))
            }
            Some(FaultEffect::AnswerAfter(canned)) => {
                self.note(request).await.map(|_| said(&canned))
            }
            Some(FaultEffect::LoseCall) => {
                self.note_unreached(&request);
                Err(lost())
            }
            Some(FaultEffect::LoseAnswer) => self.note(request).await.and(Err(lost())),
        }
    }

    fn strike(&self, request: &Request<Bytes>) -> Option<FaultEffect> {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let path = path.strip_suffix('/').unwrap_or(path);
        self.faults.strike(&IncomingCall { operation: "", method, path, subject: None })
    }

    /// Carries a call out, or repeats the answer to it, and notes it.
    async fn note(&self, request: Request<Bytes>) -> Result<Whole, TransportError> {
        let mut call = self.call(&request);
        let at = self.begin(call.clone());
        let key = call.key.clone().filter(|_| self.honours_keys && is_change(&call.method));
        let known = key.as_ref().and_then(|key| self.books().answers.get(key).cloned());
        call.replayed = known.is_some();
        let answer = match known {
            Some(known) => Ok(known),
            None => self.carry_out(request).await,
        };
        let mut books = self.books();
        books.moments += 1;
        call.span = (books.calls[at].span.0, books.moments);
        if let Ok((status, headers, _)) = &answer {
            call.status = Some(*status);
            call.replayed |= headers.get(&REPLAYED).is_some_and(|value| value == "true");
            call.replayed |= self.is_repeated(&books, at, &call);
        }
        if let (Some(key), Ok(answer)) = (key, &answer)
            && answer.0.is_success()
        {
            books.answers.insert(key, answer.clone());
        }
        books.calls[at] = call;
        answer
    }

    fn is_repeated(&self, books: &Books, at: usize, call: &VendorCall) -> bool {
        let incoming = IncomingCall {
            operation: "",
            method: call.method.as_str(),
            path: &call.path,
            subject: None,
        };
        let is_same = |earlier: &VendorCall| {
            let same = (&earlier.method, &earlier.path, &earlier.body, &earlier.query)
                == (&call.method, &call.path, &call.body, &call.query);
            same && earlier.is_effect()
        };
        self.repeatable.iter().any(|calls| calls.matches(&incoming))
            && books.calls[..at].iter().any(is_same)
    }

    fn call(&self, request: &Request<Bytes>) -> VendorCall {
        let key = request.headers().get(&self.key_header).and_then(|key| key.to_str().ok());
        VendorCall {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            key: key.map(ToOwned::to_owned),
            body: request.body().clone(),
            status: None,
            replayed: false,
            span: (0, 0),
        }
    }

    fn begin(&self, mut call: VendorCall) -> usize {
        let mut books = self.books();
        books.moments += 1;
        call.span = (books.moments, books.moments);
        books.calls.push(call);
        books.calls.len() - 1
    }

    fn note_unreached(&self, request: &Request<Bytes>) {
        self.begin(self.call(request));
    }

    async fn carry_out(&self, request: Request<Bytes>) -> Result<Whole, TransportError> {
        let (head, body) = self.service.send(request).await?.into_parts();
        let body = body.collect().await.map_err(TransportError::NoAnswer)?.to_bytes();
        Ok((head.status, head.headers, body))
    }
}

fn answer(status: StatusCode, body: &Value) -> Whole {
    let json = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
    (status, json, body.to_string().into())
}

fn said(canned: &Canned) -> Whole {
    let (media_type, body) = canned.content().unwrap_or_else(|| {
        let message = format!("A fault answers {}.", canned.status);
        ("application/json", json!({"error": {"code": "fault", "message": message}}).to_string())
    });
    let mut headers = canned.headers();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    (canned.status, headers, body.into())
}

fn lost() -> TransportError {
    TransportError::NoAnswer("a fault hung up".into())
}
