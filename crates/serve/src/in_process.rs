//! Routers that are called in this process, without a socket.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::HttpBody;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use bytes::Bytes;
use tower_service::Service;

use crate::caller::Caller;

/// The server hung up without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server hung up")]
pub struct HungUp;

/// A router that is called in this process, without a socket. Every call has a connection of its
/// own.
///
/// ```
/// use axum::{Router, body::Body, extract::ConnectInfo, http::Request, routing::get};
/// use serve::{Caller, HungUp, InProcess};
/// use tower_service::Service;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let rude = get(|ConnectInfo(caller): ConnectInfo<Caller>| async move { caller.hang_up() });
/// let mut server = InProcess::new(Router::new().route("/", rude));
/// let answer = server.call(Request::new(Body::empty())).await;
/// assert_eq!(answer.err(), Some(HungUp));
/// # }
/// ```
#[derive(Clone)]
pub struct InProcess(Router);

impl InProcess {
    /// Makes a service of a router, whose handlers may take `ConnectInfo<Caller>`.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self(router)
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
        let caller = Caller::in_process();
        request.extensions_mut().insert(ConnectInfo(caller.clone()));
        let answer = self.0.call(request);
        Box::pin(async move {
            let Ok(answer) = answer.await;
            if caller.is_hung_up() { Err(HungUp) } else { Ok(answer) }
        })
    }
}
