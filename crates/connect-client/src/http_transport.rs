//! HTTP over the network.

use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use http_body_util::BodyExt;
use reqwest::Url;

use crate::endpoint::is_loopback;
use crate::error::BoxError;
use crate::transport::{Body, Transport, TransportError};

/// The longest an unused connection is kept. Gateways drop theirs after a minute or so, and an
/// action sent into a connection that is just being dropped is one whose answer is lost.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// HTTP over the network. Clones share their connections.
#[derive(Clone, Debug)]
pub struct HttpTransport(reqwest::Client);

impl HttpTransport {
    /// Makes a transport to the server at an address. Connecting to it may take `connect_timeout`,
    /// by the clock of the machine.
    ///
    /// # Errors
    /// When the machine has no usable TLS.
    pub fn to(address: &Url, connect_timeout: Duration) -> Result<Self, reqwest::Error> {
        // Redirects and repeating are left to us.
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(connect_timeout)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tcp_nodelay(true);
        // The proxy of the environment is for the way out of this machine.
        if is_loopback(address) {
            builder = builder.no_proxy();
        }
        builder.build().map(Self)
    }
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        async move {
            let request =
                request.try_into().map_err(|error| TransportError::NotSent(quiet(error)))?;
            let answer = self.0.execute(request).await.map_err(unanswered)?;
            Ok(Response::from(answer).map(|body| body.map_err(quiet).boxed_unsync()))
        }
        .boxed()
    }
}

fn unanswered(error: reqwest::Error) -> TransportError {
    if error.is_connect() {
        TransportError::NotSent(quiet(error))
    } else {
        TransportError::NoAnswer(quiet(error))
    }
}

/// Returns the error without the URL: its query may hold what is not for logs.
fn quiet(error: reqwest::Error) -> BoxError {
    error.without_url().into()
}
