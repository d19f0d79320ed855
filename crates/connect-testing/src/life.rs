//! What one life of a processor is made with.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use connect_client::{Body, Client, Transport, TransportError};
use connect_clock::VirtualClock;
use connect_journal::Journal;
use connect_journal::testing::Fuse;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use http_body_util::BodyExt;

use crate::vendor::operation;

/// The parts that a test's own function makes a processor of: clients of the platform and of the
/// vendor, and a journal. All of them are called in this process.
#[derive(Clone, Debug)]
pub struct Life {
    pub(crate) client: Client,
    pub(crate) journal: SharedJournal,
    pub(crate) vendor: Way,
    pub(crate) clock: VirtualClock,
}

/// A journal that has a `Debug`.
#[derive(Clone)]
pub(crate) struct SharedJournal(pub(crate) Arc<dyn Journal>);

impl fmt::Debug for SharedJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Journal")
    }
}

impl Life {
    /// Returns the client of the platform, with the vendor's key.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Returns the journal.
    #[must_use]
    pub fn journal(&self) -> Arc<dyn Journal> {
        Arc::clone(&self.journal.0)
    }

    /// Returns the way to the vendor, for `ApiBuilder::transport` of connect-vendor. The vendor
    /// answers at any address.
    #[must_use]
    pub fn vendor(&self) -> impl Transport + Clone + use<> {
        self.vendor.clone()
    }

    /// Returns the time of everybody, for `ApiBuilder::clock` of connect-vendor.
    #[must_use]
    pub fn clock(&self) -> VirtualClock {
        self.clock.clone()
    }
}

/// A way to a server on which a life may end, before a call reaches it and after.
#[derive(Clone)]
pub(crate) struct Way {
    to: &'static str,
    inner: Arc<dyn Transport>,
    fuse: Fuse,
}

impl Way {
    pub(crate) fn new(to: &'static str, inner: impl Transport, fuse: Fuse) -> Self {
        Self { to, inner: Arc::new(inner), fuse }
    }

    /// Names the call without what differs from request to request: `platform POST
    /// requests/*/approve`.
    fn place(&self, request: &Request<Bytes>) -> String {
        let path = request.uri().path();
        let path = path.trim_start_matches("/public/v1").trim_start_matches('/');
        format!("{} {}", self.to, operation(request.method(), path))
    }
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Way").field(&self.to).finish()
    }
}

impl Transport for Way {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        let place = self.place(&request);
        async move {
            self.fuse.pass(format!("before {place}")).await;
            let answer = match self.inner.send(request).await {
                Ok(answer) => read(answer).await,
                Err(error) => Err(error),
            };
            self.fuse.pass(format!("after {place}")).await;
            answer
        }
        .boxed()
    }
}

/// Reads an answer to its end, so that all of it is there or nothing.
async fn read(answer: Response<Body>) -> Result<Response<Body>, TransportError> {
    let (head, body) = answer.into_parts();
    let body = body.collect().await.map_err(TransportError::NoAnswer)?.to_bytes();
    let body = http_body_util::Full::new(body).map_err(|never| match never {}).boxed_unsync();
    Ok(Response::from_parts(head, body))
}
