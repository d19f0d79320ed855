//! A program between two programs, which can end a life at any call.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use connect_journal::testing::Fuse;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The longest body it passes on.
const LIMIT: usize = 16 << 20;

/// Passes calls on to another server; each goes through the fuse before it is passed on and before
/// its answer is passed back. Gone when dropped, with every call that is under way.
pub struct Proxy {
    url: String,
    task: JoinHandle<()>,
}

#[derive(Clone)]
struct Passage {
    name: &'static str,
    target: String,
    client: reqwest::Client,
    fuse: Fuse,
    rewrite: Rewrite,
}

/// A rewriting of the text of an answer.
type Rewrite = Arc<dyn Fn(String) -> String + Send + Sync>;

impl Proxy {
    /// A proxy in front of a server such as `http://127.0.0.1:9000`; `name` is what its passes
    /// are called by.
    ///
    /// # Errors
    ///
    /// When no port is free.
    pub async fn start(name: &'static str, target: String, fuse: Fuse) -> anyhow::Result<Self> {
        Self::with(name, target, fuse, Arc::new(|text| text)).await
    }

    /// A proxy that changes the text of every answer.
    ///
    /// # Errors
    ///
    /// When no port is free.
    pub async fn rewriting(
        target: String,
        rewrite: impl Fn(String) -> String + Send + Sync + 'static,
    ) -> anyhow::Result<Self> {
        Self::with("rewriting", target, Fuse::never(), Arc::new(rewrite)).await
    }

    async fn with(
        name: &'static str,
        target: String,
        fuse: Fuse,
        rewrite: Rewrite,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let passage = Passage { name, target, client, fuse, rewrite };
        let router = Router::new().fallback(pass_on).with_state(passage);
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, task })
    }

    /// The address to call in place of the target's.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass_on(State(passage): State<Passage>, request: Request) -> Response {
    let place = place(&passage, &request);
    passage.fuse.pass(format!("before {place}")).await;
    let answer = match forward(&passage, request).await {
        Ok(answer) => answer,
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response(),
    };
    passage.fuse.pass(format!("after {place}")).await;
    answer
}

/// Names the call without what differs from request to request: `platform POST requests/*/approve`.
fn place(passage: &Passage, request: &Request) -> String {
    let path = request.uri().path().trim_start_matches("/public/v1").trim_start_matches('/');
    let words = path
        .split('/')
        .map(|word| if word.bytes().any(|byte| byte.is_ascii_digit()) { "*" } else { word });
    let path = words.collect::<Vec<_>>().join("/");
    format!("{} {} {path}", passage.name, request.method())
}

async fn forward(passage: &Passage, request: Request) -> anyhow::Result<Response> {
    let (head, body) = request.into_parts();
    let rest = head.uri.path_and_query().map_or("/", |rest| rest.as_str());
    let mut call = passage.client.request(head.method, format!("{}{rest}", passage.target));
    for (name, value) in &head.headers {
        if !is_hop_by_hop(name) {
            call = call.header(name, value);
        }
    }
    let answer = call.body(to_bytes(body, LIMIT).await?).send().await?;
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        if !is_hop_by_hop(name) {
            response = response.header(name, value);
        }
    }
    let text = (passage.rewrite)(answer.text().await?);
    Ok(response.body(Body::from(text))?)
}

fn is_hop_by_hop(name: &HeaderName) -> bool {
    [header::HOST, header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH]
        .contains(name)
}
