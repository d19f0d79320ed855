//! Routers that are called in this process, without a socket.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::HttpBody;
use axum::extract::ConnectInfo;
use axum::http::{Extensions, Request};
use axum::response::Response;
use bytes::Bytes;
use tower_service::Service;

use crate::hang_up::HangUp;

/// The server hung up without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server hung up")]
pub struct HungUp;

/// A router that is called in this process, without a socket. Every call has a connection of its
/// own.
///
/// ```
/// use axum::{Router, body::Body, extract::ConnectInfo, http::Request, routing::get};
/// use hangup::{HangUp, HungUp, InProcess};
/// use tower_service::Service;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rude = get(|ConnectInfo(caller): ConnectInfo<HangUp>| async move { caller.hang_up() });
/// let mut server = InProcess::new(Router::new().route("/", rude));
/// let answer = server.call(Request::new(Body::empty())).await;
/// assert_eq!(answer.err(), Some(HungUp));
/// # }
/// ```
#[derive(Clone)]
pub struct InProcess {
    router: Router,
    connect: fn(HangUp, &mut Extensions),
}

impl InProcess {
    /// Makes a service of a router whose handlers take `ConnectInfo<HangUp>`.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self::with_connect_info(router, |hang_up, extensions| {
            extensions.insert(ConnectInfo(hang_up));
        })
    }

    /// Makes a service of a router whose handlers are told about their caller in another way:
    /// `connect` puts it among the extensions of each request.
    #[must_use]
    pub fn with_connect_info(router: Router, connect: fn(HangUp, &mut Extensions)) -> Self {
        Self { router, connect }
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").finish_non_exhaustive()
    }
}

impl<B> Service<Request<B>> for InProcess
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = HungUp;
    type Future = Pin<Box<dyn Future<Output = Result<Response, HungUp>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), HungUp>> {
        // A router is always ready.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let hang_up = HangUp::default();
        (self.connect)(hang_up.clone(), request.extensions_mut());
        let answer = self.router.call(request);
        Box::pin(async move {
            let Ok(answer) = answer.await;
            if hang_up.is_hung_up() { Err(HungUp) } else { Ok(answer) }
        })
    }
}
