//! Servers in the same process, called without a socket.

use std::any::type_name;
use std::fmt;
use std::future::poll_fn;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::header::HOST;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use tower_service::Service;

use crate::error::BoxError;
use crate::transport::{Body, Transport, TransportError};

/// Calls a server in the same process: any HTTP service, such as a router of axum. An error of the
/// service is an answer that was lost.
///
/// ```
/// use axum::{Router, routing::get};
/// use connect_client::{ApiKey, Call, Client, ServiceTransport};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), connect_client::Error> {
/// let platform = Router::new().route("/public/v1/hubs", get(|| async { "[]" }));
/// let key = ApiKey::new("ApiKey SU-123-456-789:4f9c0e")?;
/// let client = Client::builder("http://localhost/public/v1", key)
///     .transport(ServiceTransport::new(platform))
///     .build()?;
/// assert_eq!(client.call(Call::get("hubs")).await?.body, "[]");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ServiceTransport<S>(S);

impl<S> ServiceTransport<S> {
    /// Makes a transport to a service. Every request goes to a clone of it.
    pub const fn new(service: S) -> Self {
        Self(service)
    }
}

impl<S> fmt::Debug for ServiceTransport<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServiceTransport").field(&type_name::<S>()).finish()
    }
}

impl<S, B> Transport for ServiceTransport<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        let mut service = self.0.clone();
        async move {
            poll_fn(|context| service.poll_ready(context)).await.map_err(lost)?;
            let answer = service.call(as_received(request)).await.map_err(lost)?;
            Ok(answer.map(|body| body.map_err(Into::into).boxed_unsync()))
        }
        .boxed()
    }
}

fn lost(error: impl Into<BoxError>) -> TransportError {
    TransportError::NoAnswer(error.into())
}

/// Returns the request as a server gets it over the wire: the host in a header, and not in the
/// target.
fn as_received(request: Request<Bytes>) -> Request<Full<Bytes>> {
    let (mut head, body) = request.into_parts();
    let host = head.uri.authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok());
    head.headers.extend(host.map(|host| (HOST, host)));
    if let Some(target) = head.uri.path_and_query() {
        head.uri = Uri::from(target.clone());
    }
    Request::from_parts(head, Full::new(body))
}
