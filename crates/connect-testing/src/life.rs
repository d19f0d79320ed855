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
use http::header::CONTENT_LENGTH;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};

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

/// Makes another body of the answer to a call such as `platform GET requests/*`.
pub(crate) type Rewrite = Arc<dyn Fn(&str, Bytes) -> Bytes + Send + Sync>;

/// A way to a server on which a life may end, before a call reaches it and after, and on which
/// answers may be rewritten.
#[derive(Clone)]
pub(crate) struct Way {
    to: &'static str,
    inner: Arc<dyn Transport>,
    fuse: Option<Fuse>,
    rewrite: Option<Rewrite>,
}

impl Way {
    pub(crate) fn new(to: &'static str, inner: impl Transport) -> Self {
        Self { to, inner: Arc::new(inner), fuse: None, rewrite: None }
    }

    pub(crate) fn with(self, fuse: Option<&Fuse>) -> Self {
        Self { fuse: fuse.cloned(), ..self }
    }

    pub(crate) fn rewritten(self, rewrite: Option<Rewrite>) -> Self {
        Self { rewrite, ..self }
    }

    async fn pass(&self, when: &str, place: &str) {
        if let Some(fuse) = &self.fuse {
            fuse.pass(format!("{when} {place}")).await;
        }
    }

    /// Reads an answer to its end, so that all of it is there or nothing, and rewrites it.
    async fn read(
        &self,
        place: &str,
        answer: Response<Body>,
    ) -> Result<Response<Body>, TransportError> {
        let (mut head, body) = answer.into_parts();
        let mut body = body.collect().await.map_err(TransportError::NoAnswer)?.to_bytes();
        if let Some(rewrite) = &self.rewrite {
            body = rewrite(place, body);
            head.headers.remove(CONTENT_LENGTH);
        }
        let body = Full::new(body).map_err(|never| match never {}).boxed_unsync();
        Ok(Response::from_parts(head, body))
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
        if self.fuse.is_none() && self.rewrite.is_none() {
            return self.inner.send(request);
        }
        let place = self.place(&request);
        async move {
            self.pass("before", &place).await;
            let answer = match self.inner.send(request).await {
                Ok(answer) => self.read(&place, answer).await,
                Err(error) => Err(error),
            };
            self.pass("after", &place).await;
            answer
        }
        .boxed()
    }
}
