//! The one place where others may call a program.
//!
//! What is to be answered beside the health, such as news from the platform, is a route of
//! [`Doors`](crate::doors::Doors): all of them share address, TLS and limits.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use connect_clock::{Clock, SystemClock};
use serve::{BoundServer, Limits, Server, Tls};

use crate::error::Error;
use crate::settings::{Listen, SettingsError};
use crate::watched::Watched;

/// The largest request body that is read, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// What one caller can cost.
const LIMITS: Limits = Limits {
    connections: 256,
    head: Duration::from_secs(10),
    write: Duration::from_secs(10),
    life: Duration::from_secs(60),
};

/// The time that one call may take, with reading its body.
const CALL_LIMIT: Duration = Duration::from_secs(30);

/// An address that is listened on, for processors that are about to start.
pub(crate) struct Listener(BoundServer);

impl Listener {
    pub(crate) async fn open(listen: &Listen) -> Result<Self, Error> {
        let address = listen.address;
        let tls = listen.tls.as_ref().map(|(certificate, key)| Tls::from_files(certificate, key));
        let tls = tls.transpose().map_err(|error| SettingsError::of("tls-certificate", error))?;
        let opened = BoundServer::on(address).await;
        let bound = opened.map_err(|source| Error::Listen { address, source })?.limits(LIMITS);
        Ok(Self(match tls {
            Some(tls) => bound.tls(tls),
            None => bound,
        }))
    }

    /// Answers for processors.
    pub(crate) fn serve(self, watched: Watched) -> Server {
        let server = self.0.serve(routes(watched));
        tracing::info!(url = server.url(), "the program can be called");
        server
    }
}

/// Returns everything that is answered.
pub(crate) fn routes(watched: Watched) -> Router {
    watched.routes().layer(DefaultBodyLimit::max(BODY_LIMIT)).layer(from_fn(in_time))
}

async fn in_time(request: Request, next: Next) -> Response {
    let clock: &dyn Clock = &SystemClock;
    let answer = clock.limit(CALL_LIMIT, next.run(request)).await;
    answer.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
}
