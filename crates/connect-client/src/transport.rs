//! The way of a call to a server, and of its answer back.

use std::fmt;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;

use crate::error::BoxError;

/// The body of an answer, still to be read.
pub type Body = UnsyncBoxBody<Bytes, BoxError>;

/// Carries one request to a server.
///
/// [`HttpTransport`](crate::HttpTransport) goes over the network; a
/// [`ServiceTransport`](crate::ServiceTransport) calls a server in the same process. Neither ends
/// an exchange that takes too long or reads an endless body: who calls
/// [`exchange`](trait.Transport.html#method.exchange) sets limits for both.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends a request once, and returns the answer as soon as it begins. The request's URI is
    /// absolute. A redirect is an answer like any other.
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Body>, TransportError>>;
}

/// The reason for which no answer began.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// No connection was made, so nothing was sent.
    #[error("no connection was made")]
    NotSent(#[source] BoxError),
    /// The request was sent, as a whole or in part. It may have been carried out.
    #[error("no answer came")]
    NoAnswer(#[source] BoxError),
}
