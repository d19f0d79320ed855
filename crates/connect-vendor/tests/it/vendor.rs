//! A vendor that gives one answer to everything, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use connect_processor::{Failure, StepKey};
use connect_vendor::{Answer, Api, ApiBuilder, Verdict};
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A function that answers in the vendor's place.
type Says = Arc<dyn Fn() -> Response + Send + Sync>;

#[derive(Clone)]
struct Shared {
    says: Says,
    asked: Arc<Mutex<Vec<String>>>,
}

/// A running vendor; it ends when dropped.
pub(crate) struct Vendor {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok());
    let line = format!("{} {} {}", request.method(), request.uri(), key.unwrap_or("no key"));
    shared.asked.lock().unwrap().push(line);
    (shared.says)()
}

impl Vendor {
    pub(crate) async fn that(says: impl Fn() -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/api", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let shared = Shared { says: Arc::new(says), asked: Arc::clone(&asked) };
        let router = Router::new().fallback(answer).with_state(shared);
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked, server }
    }

    /// One with a fixed answer.
    pub(crate) async fn says(
        status: u16,
        headers: &'static [(&'static str, &'static str)],
        body: impl Into<String>,
    ) -> Self {
        let body = body.into();
        Self::that(move || reply(status, headers, Body::from(body.clone()))).await
    }

    /// Method, path and key of every call.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn api(&self) -> ApiBuilder {
        Api::builder(&self.url).unwrap().name("Acme").judge(judge)
    }
}

pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: Body) -> Response {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body).unwrap()
}

#[derive(Deserialize)]
struct Refusal {
    refused: String,
}

/// This vendor says no in its own words only.
fn judge(answer: &Answer) -> Option<Verdict> {
    let refusal: Refusal = answer.json().ok()?;
    answer.status.is_client_error().then_some(Verdict::Refused { reason: refusal.refused })
}

#[derive(Deserialize)]
pub(crate) struct Tenant {
    pub(crate) id: String,
    pub(crate) enabled: bool,
}

pub(crate) fn key() -> StepKey {
    StepKey::new("PR-1", "enable_tenant")
}

/// Enables tenant `t-1`, the way every vendor would.
pub(crate) async fn enable(api: &Api) -> Result<(), Failure> {
    enable_tenant(api, "t-1").await
}

pub(crate) async fn enable_tenant(api: &Api, id: &str) -> Result<(), Failure> {
    api.put(["tenants", id, "enable"], &key())
        .json(&json!({}))
        .prove(|tenant: Tenant| match tenant.id == id && tenant.enabled {
            true => Ok(()),
            false => Err("it is not this tenant, enabled"),
        })
        .await
}

/// Returns what came of it, in one line.
pub(crate) fn told(result: Result<(), Failure>) -> String {
    match result {
        Ok(()) => "done".to_owned(),
        Err(Failure::Retry { source, after: None }) => format!("again: {source}"),
        Err(Failure::Retry { source, after: Some(after) }) => format!("in {after:?}: {source}"),
        Err(Failure::GiveUp { reason }) => format!("refused: {reason}"),
        Err(other) => format!("{other:?}"),
    }
}
