//! The way to the receivers of webhooks.

use std::error::Error;
use std::fmt;
use std::sync::OnceLock;

use axum::body::Body;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use reqwest::redirect::Policy;
use serve::InProcess;
use tower_service::Service;

/// Carries a call to the receiver of a webhook. Limits of time and length are the caller's.
pub trait Receivers: fmt::Debug + Send + Sync + 'static {
    /// Sends a call to where its answer begins.
    ///
    /// # Errors
    ///
    /// The reason why there is no answer, in words.
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, String>>;
}

/// Receivers on the network. No redirect is followed, no proxy asked, and no connection kept.
#[derive(Debug, Default)]
pub struct HttpReceivers {
    /// Made for the first call: most emulators have no webhook, and certificates take time to read.
    client: OnceLock<Result<reqwest::Client, String>>,
}

impl HttpReceivers {
    fn client(&self) -> Result<&reqwest::Client, String> {
        let client = self.client.get_or_init(|| {
            let client = reqwest::Client::builder()
                .redirect(Policy::none())
                .retry(reqwest::retry::never())
                .no_proxy()
                .no_gzip()
                .http1_only()
                .pool_max_idle_per_host(0)
                .user_agent("Connect-Webhooks");
            client.build().map_err(causes)
        });
        client.as_ref().map_err(Clone::clone)
    }
}

impl Receivers for HttpReceivers {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, String>> {
        async move {
            let request = request.try_into().map_err(causes)?;
            let answer = self.client()?.execute(request).await.map_err(causes)?;
            Ok(Response::from(answer).map(Body::new))
        }
        .boxed()
    }
}

/// A receiver in this process, whatever the address.
impl Receivers for InProcess {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, String>> {
        let answer = self.clone().call(request.map(Body::from));
        async move { answer.await.map_err(|error| error.to_string()) }.boxed()
    }
}

/// Returns an error with its causes. The address is not told: its query may hold a secret.
fn causes(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    text
}
