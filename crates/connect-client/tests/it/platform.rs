//! A platform that follows a script and remembers what it was asked, in this process.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use connect_client::{ApiKey, Client, ClientBuilder, Error, ServiceTransport};
use connect_clock::{Clock, Monotonic, VirtualClock};
use futures::stream::{self, StreamExt};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

pub(crate) const KEY: &str = "ApiKey SU-123-456-789:very-secret";

/// The platform's way with one call.
pub(crate) enum Says {
    Answer(Response),
    Nothing,
}

fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Body>) -> Says {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    Says::Answer(response.body(body.into()).unwrap())
}

const JSON: (&str, &str) = ("content-type", "application/json");
const HTML: (&str, &str) = ("content-type", "text/html");

pub(crate) fn ok(body: &Value) -> Says {
    answer(200, &[JSON], body.to_string())
}

pub(crate) fn json_text(status: u16, body: &str) -> Says {
    answer(status, &[JSON], body.to_owned())
}

pub(crate) fn no_content() -> Says {
    answer(204, &[], "")
}

pub(crate) fn page(range: &str, rows: &Value) -> Says {
    answer(200, &[JSON, ("content-range", range)], rows.to_string())
}

pub(crate) fn refuses(status: u16, code: &str, text: &str) -> Says {
    answer(status, &[JSON], json!({"error_code": code, "errors": [text]}).to_string())
}

pub(crate) fn plain(status: u16, text: &'static str) -> Says {
    answer(status, &[("content-type", "text/plain")], text)
}

pub(crate) fn html(status: u16) -> Says {
    answer(status, &[HTML], "<!DOCTYPE html><h1>Sorry</h1>")
}

pub(crate) fn limited(retry_after: &str) -> Says {
    answer(429, &[JSON, ("retry-after", retry_after)], "{}")
}

pub(crate) fn unavailable(retry_after: &str) -> Says {
    answer(503, &[HTML, ("retry-after", retry_after)], "")
}

pub(crate) fn redirects(location: &str) -> Says {
    answer(302, &[("location", location)], "")
}

/// A body of this many bytes whose length is not announced.
pub(crate) fn streams(bytes: usize) -> Says {
    let chunks = (0..bytes).map(|_| Ok::<_, std::io::Error>("1"));
    answer(200, &[JSON], Body::from_stream(stream::iter(chunks.collect::<Vec<_>>())))
}

/// An answer that ends in the middle of its body.
pub(crate) fn breaks_off() -> Says {
    breaks_off_with(200)
}

pub(crate) fn breaks_off_with(status: u16) -> Says {
    let half = stream::once(async { Ok("{\"id\":") });
    let end = stream::once(async {
        tokio::task::yield_now().await;
        Err(std::io::Error::other("gone"))
    });
    answer(status, &[JSON], Body::from_stream(half.chain(end)))
}

/// The call is never answered.
pub(crate) fn silence() -> Says {
    Says::Nothing
}

/// The answers the platform will give, and the calls it got, with their times.
#[derive(Clone)]
pub(crate) struct Script {
    says: Arc<Mutex<VecDeque<Says>>>,
    asked: Arc<Mutex<Vec<(Monotonic, String)>>>,
    clock: Arc<dyn Clock>,
}

impl Script {
    pub(crate) fn new(says: impl IntoIterator<Item = Says>, clock: impl Clock) -> Self {
        let says = Arc::new(Mutex::new(says.into_iter().collect()));
        Self { says, asked: Arc::default(), clock: Arc::new(clock) }
    }

    pub(crate) fn router(&self) -> Router {
        Router::new().fallback(follow).with_state(self.clone())
    }

    pub(crate) fn note(&self, line: &str) {
        let now = self.clock.monotonic();
        self.asked.lock().unwrap().push((now, format!("{}\n", line.trim_end())));
    }

    /// Returns what was asked, one call per line.
    pub(crate) fn asked(&self) -> String {
        self.asked.lock().unwrap().iter().map(|(_, line)| line.as_str()).collect()
    }
}

async fn follow(
    State(script): State<Script>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let place = uri.path_and_query().unwrap().as_str().replacen("/public/v1", "", 1);
    let kind = headers.get("content-type").map_or("", |value| value.to_str().unwrap());
    script.note(&format!("{method} {place} {kind} {}", String::from_utf8_lossy(&body)));
    let next = script.says.lock().unwrap().pop_front();
    match next {
        Some(Says::Answer(response)) => response,
        Some(Says::Nothing) => std::future::pending().await,
        None => Response::builder().status(418).body("the script has ended".into()).unwrap(),
    }
}

/// A platform in this process, at noon of a day of its own: time passes only when the client waits.
pub(crate) struct Platform {
    script: Script,
    clock: VirtualClock,
    time: JoinHandle<()>,
}

impl Platform {
    pub(crate) fn that(says: impl IntoIterator<Item = Says>) -> Self {
        let (clock, time) = noon();
        Self { script: Script::new(says, clock.clone()), clock, time }
    }

    pub(crate) fn client(&self) -> Client {
        self.client_with(|builder| builder)
    }

    pub(crate) fn client_with(
        &self,
        settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Client {
        self.client_at("http://localhost/public/v1", settings)
    }

    pub(crate) fn client_at(
        &self,
        endpoint: &str,
        settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Client {
        let transport = ServiceTransport::new(self.script.router());
        let builder = Client::builder(endpoint, ApiKey::new(KEY).unwrap()).transport(transport);
        settings(builder.clock(self.clock.clone()).seed(7)).build().unwrap()
    }

    pub(crate) fn asked(&self) -> String {
        self.script.asked()
    }

    /// Returns the time from each call to the next.
    pub(crate) fn waits(&self) -> Vec<Duration> {
        let asked = self.script.asked.lock().unwrap();
        asked.windows(2).map(|pair| pair[1].0 - pair[0].0).collect()
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.time.abort();
    }
}

/// A clock that shows noon, and the task that moves it on when nobody has anything else to do.
pub(crate) fn noon() -> (VirtualClock, JoinHandle<()>) {
    let clock = VirtualClock::new("2024-03-19T12:00:00Z".parse().unwrap());
    let passing = clock.clone();
    (clock, tokio::spawn(async move { match passing.pass().await {} }))
}

/// A pending resume request.
pub(crate) fn request(id: &str) -> Value {
    json!({
        "id": id, "type": "resume", "status": "pending",
        "asset": {"id": "AS-8027-7606-7082", "status": "suspended"},
    })
}

/// The error as a person and as a program see it.
pub(crate) fn seen(error: &Error) -> String {
    let changed = if error.may_have_happened() { "may have happened" } else { "did not happen" };
    format!("{} ({changed}): {error}\n", error.code())
}
