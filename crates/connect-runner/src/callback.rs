//! The calls of the vendor's own system that a request should look again. A call says which request
//! by its token, and nothing else of it is read: its handler looks.

mod token;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, FromRequest, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use connect_clock::Clock;
use connect_processor::{Callback, CancellationToken, Error, Intake, Processor, Source};
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::{Mutex, mpsc};

use crate::callback::token::Seal;
use crate::token::bearer;

/// The path at which calls are taken.
pub(crate) const PATH: &str = "/callback";

/// The largest body of a call, in bytes. It is read to be thrown away.
const BODY_LIMIT: usize = 64 * 1024;

/// The most calls on their way to the processor.
const WAITING: usize = 1024;

/// The time for which a link is good.
const GOOD_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

/// The place where the vendor's system calls.
#[derive(Clone)]
pub(crate) struct CallbackDoor {
    seal: Seal,
    requests: mpsc::Sender<String>,
}

/// The requests that calls were about, on their way to the processor.
pub(crate) struct CallbackSource(Mutex<mpsc::Receiver<String>>);

/// Returns a processor that hands out links and hears of their calls, and the place that takes them.
pub(crate) fn open<S: Send + Sync + 'static>(
    processor: Processor<S>,
    url: String,
    secret: &SecretString,
    clock: Arc<dyn Clock>,
) -> (Processor<S>, CallbackDoor) {
    let (requests, heard) = mpsc::channel(WAITING);
    let seal = Seal::new(secret, clock);
    let signer = seal.clone();
    let processor = processor
        .callbacks(GOOD_FOR, move |request, until| {
            signer.sign(request, until).map(|token| Callback::new(&url, token))
        })
        .source(CallbackSource(Mutex::new(heard)));
    (processor, CallbackDoor { seal, requests })
}

#[derive(Deserialize)]
struct TokenQuery {
    token: Option<String>,
}

impl CallbackDoor {
    /// Returns the route that takes the calls.
    pub(crate) fn calls(self) -> MethodRouter {
        post(receive).layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(self)
    }

    /// Returns the token of a call: of its header, or else of its address.
    fn request_of(&self, headers: &HeaderMap, query: TokenQuery) -> Option<String> {
        let token = bearer(headers).map(str::to_owned).or(query.token)?;
        self.seal.verify(&token)
    }
}

/// Answers 204 to a call that is believed, whatever becomes of its request; 401 to one without a
/// token that is, 413 to one whose body is too long, and 503 where the processor hears of nothing
/// now. Nothing of a body is read before the token is verified.
async fn receive(
    State(door): State<CallbackDoor>,
    query: Result<Query<TokenQuery>, QueryRejection>,
    call: Request,
) -> Response {
    let query = query.map_or_else(|_| TokenQuery { token: None }, |Query(query)| query);
    let Some(request) = door.request_of(call.headers(), query) else {
        tracing::debug!("a callback is not believed");
        return StatusCode::UNAUTHORIZED.into_response();
    };
    if let Err(refused) = Bytes::from_request(call, &()).await {
        return refused.into_response();
    }
    tracing::debug!(request, "the vendor has called back");
    match door.requests.try_send(request) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

#[async_trait]
impl Source for CallbackSource {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        let mut heard = self.0.lock().await;
        while let Some(Some(request)) = stop.run_until_cancelled(heard.recv()).await {
            intake.wake(&request);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
