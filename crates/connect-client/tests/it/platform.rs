//! A platform that follows a script and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use connect_client::{ApiKey, Client, ClientBuilder, Clock};
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub(crate) const KEY: &str = "ApiKey SU-123-456-789:very-secret";

/// What the platform does with one call.
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
    let half = stream::once(async { Ok("{\"id\":") });
    let end = stream::once(async {
        tokio::task::yield_now().await;
        Err(std::io::Error::other("gone"))
    });
    answer(200, &[JSON], Body::from_stream(half.chain(end)))
}

/// The call is never answered.
pub(crate) fn silence() -> Says {
    Says::Nothing
}

#[derive(Clone)]
struct Script {
    says: Arc<Mutex<VecDeque<Says>>>,
    asked: Arc<Mutex<String>>,
}

/// A running platform; it ends when dropped.
pub(crate) struct Platform {
    url: String,
    script: Script,
    server: JoinHandle<()>,
}

impl Platform {
    pub(crate) async fn that(says: impl IntoIterator<Item = Says>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/public/v1", listener.local_addr().unwrap());
        let script = Script {
            says: Arc::new(Mutex::new(says.into_iter().collect())),
            asked: Arc::default(),
        };
        let router = Router::new().fallback(follow).with_state(script.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, script, server }
    }

    /// A platform that reads each call and hangs up.
    pub(crate) async fn that_hangs_up() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/public/v1", listener.local_addr().unwrap());
        let script = Script { says: Arc::default(), asked: Arc::default() };
        let asked = script.asked.clone();
        let server = tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut call = [0; 4096];
                let length = socket.read(&mut call).await.unwrap();
                let text = String::from_utf8_lossy(&call[..length]).into_owned();
                let line = text.lines().next().unwrap().trim_end_matches(" HTTP/1.1");
                *asked.lock().unwrap() += &format!("{}\n", line.replace("/public/v1", ""));
            }
        });
        Self { url, script, server }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A client that never really waits, and the waits it would have made.
    pub(crate) fn client(&self) -> (Client, Waits) {
        self.client_with(|builder| builder)
    }

    pub(crate) fn client_with(
        &self,
        settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> (Client, Waits) {
        client_at(&self.url, settings)
    }

    /// What the platform was asked, one call per line.
    pub(crate) fn asked(&self) -> String {
        self.script.asked.lock().unwrap().clone()
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub(crate) fn client_at(
    url: &str,
    settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> (Client, Waits) {
    let waits = Waits::default();
    let builder = Client::builder(url, ApiKey::new(KEY).unwrap()).clock(waits.clone()).seed(7);
    (settings(builder).build().unwrap(), waits)
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
    let line = format!("{method} {place} {kind} {}", String::from_utf8_lossy(&body));
    *script.asked.lock().unwrap() += &format!("{}\n", line.trim_end());
    let next = script.says.lock().unwrap().pop_front();
    match next {
        Some(Says::Answer(response)) => response,
        Some(Says::Nothing) => std::future::pending().await,
        None => Response::builder().status(418).body("the script has ended".into()).unwrap(),
    }
}

/// A clock that stands still at noon and remembers what it was asked to wait.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waits(Arc<Mutex<Vec<Duration>>>);

impl Waits {
    pub(crate) fn all(&self) -> Vec<Duration> {
        self.0.lock().unwrap().clone()
    }
}

impl Clock for Waits {
    fn now(&self) -> Timestamp {
        "2024-03-19T12:00:00Z".parse().unwrap()
    }

    fn sleep(&self, wait: Duration) -> BoxFuture<'_, ()> {
        self.0.lock().unwrap().push(wait);
        Box::pin(std::future::ready(()))
    }
}

/// A pending resume request.
pub(crate) fn request(id: &str) -> Value {
    json!({
        "id": id, "type": "resume", "status": "pending",
        "asset": {"id": "AS-8027-7606-7082", "status": "suspended"},
    })
}
