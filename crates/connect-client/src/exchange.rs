//! One request and its whole answer, within limits.

use std::time::Duration;

use bytes::Bytes;
use connect_clock::{Clock, TimedOut};
use futures::TryFutureExt;
use http::response::Parts;
use http::{Request, Response};
use http_body::Body as _;
use http_body_util::{BodyExt, Collected, LengthLimitError, Limited};

use crate::error::BoxError;
use crate::transport::{Body, Transport, TransportError};

/// The most that an exchange may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest it may take, its answer included.
    pub time: Duration,
    /// The longest body of an answer, in bytes after decompression.
    pub body: usize,
}

/// The reason for which a request has no whole answer.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// No answer began.
    #[error(transparent)]
    Unanswered(#[from] TransportError),
    /// An answer began and did not come to its end.
    #[error("the answer broke off")]
    BrokenOff {
        /// The status and the headers.
        head: Box<Parts>,
        /// The cause.
        #[source]
        source: BoxError,
    },
    /// The body of the answer is too long; it was not read to its end.
    #[error("the answer is longer than {limit} bytes")]
    TooLarge {
        /// The status and the headers.
        head: Box<Parts>,
        /// The longest body allowed, in bytes.
        limit: usize,
    },
}

impl ExchangeError {
    /// Whether time ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Unanswered(TransportError::NoAnswer(source)) | Self::BrokenOff { source, .. } => {
                source.is::<TimedOut>()
            }
            _ => false,
        }
    }
}

impl dyn Transport {
    /// Sends a request once and reads its answer, whatever its status, to the end.
    ///
    /// # Errors
    /// Every [`ExchangeError`]. Only after [`TransportError::NotSent`] it is sure that nothing
    /// has happened.
    pub async fn exchange(
        &self,
        request: Request<Bytes>,
        limits: Limits,
        clock: &dyn Clock,
    ) -> Result<Response<Bytes>, ExchangeError> {
        let end = clock.monotonic() + limits.time;
        let answer = clock.limit_until(end, self.send(request)).await;
        let answer = answer.map_err(|late| TransportError::NoAnswer(late.into()))??;
        let (head, body) = answer.into_parts();
        if body.size_hint().lower() > limits.body as u64 {
            return Err(ExchangeError::TooLarge { head: Box::new(head), limit: limits.body });
        }
        let whole = clock.limit_until(end, read(body, limits.body)).await;
        match whole.unwrap_or_else(|late| Err(late.into())) {
            Ok(body) => Ok(Response::from_parts(head, body)),
            Err(long) if long.is::<LengthLimitError>() => {
                Err(ExchangeError::TooLarge { head: Box::new(head), limit: limits.body })
            }
            Err(source) => Err(ExchangeError::BrokenOff { head: Box::new(head), source }),
        }
    }
}

/// Reads a body, which is not copied when it comes in one piece.
fn read(body: Body, limit: usize) -> impl Future<Output = Result<Bytes, BoxError>> + Send {
    Limited::new(body, limit).collect().map_ok(Collected::to_bytes)
}
