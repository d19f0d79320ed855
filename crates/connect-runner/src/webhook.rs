//! The calls of Connect's webhooks, as a source of hints: a call says that a queue changed, and
//! nothing else of it is believed. Reading decides.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use connect_clock::Clock;
use connect_model::{
    AssetRequest, Resource, TierAccountRequest, TierConfigRequest, UsageFile, WebhookObjectClass,
};
use connect_processor::{CancellationToken, Error, Intake, Source};
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::{Mutex, watch};

use crate::recent::RecentTokens;
use crate::token::{Claims, Verified, Verifier};

/// The largest body of a call, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// The place where webhooks call.
#[derive(Clone)]
pub(crate) struct Webhook(Arc<Door>);

struct Door {
    verifier: Verifier,
    recent: RecentTokens,
    hints: watch::Sender<Hints>,
}

/// The collections that calls were about, each with their number. Many calls before the processor
/// hears of them are one hint, so no crowd of them is too large.
type Hints = BTreeMap<&'static str, u64>;

/// The hints that calls gave, on their way to the processor.
pub(crate) struct WebhookSource(Mutex<Heard>);

/// Returns the place where webhooks call that are signed with a key, and what a processor hears of
/// there.
pub(crate) fn open(secret: &SecretString, clock: Arc<dyn Clock>) -> (Webhook, WebhookSource) {
    let (hints, heard) = watch::channel(Hints::new());
    let verifier = Verifier::new(secret, clock);
    let door = Door { verifier, recent: RecentTokens::default(), hints };
    (Webhook(Arc::new(door)), WebhookSource(Mutex::new(Heard::new(heard))))
}

/// The longest id of a webhook, in bytes.
const LONGEST_ID: usize = 64;

/// The claims of a webhook's token.
#[derive(Deserialize)]
pub(crate) struct WebhookClaims {
    pub(crate) webhook_id: String,
    pub(crate) object_class: Option<String>,
    pub(crate) product_id: Option<String>,
}

impl Claims for WebhookClaims {
    /// Connect's tokens need not have dates.
    const IS_DATED: bool = false;

    fn is_sound(&self) -> bool {
        (1..=LONGEST_ID).contains(&self.webhook_id.len())
    }
}

/// The part of a call's body that is read.
#[derive(Deserialize)]
struct Body {
    webhook_id: Option<String>,
    object_class: String,
}

impl Webhook {
    /// Returns the route that takes the calls.
    pub(crate) fn calls(self) -> MethodRouter {
        post(receive).layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(self)
    }
}

/// Answers 204 to a call that is believed, 401 to one that is not signed as it should be, 400 and
/// 413 to one whose body is none, and 503 where the processor hears of nothing now.
async fn receive(State(Webhook(door)): State<Webhook>, request: Request) -> Response {
    match door.take(request).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refused) => refused,
    }
}

impl Door {
    /// Takes a call. Nothing of a body is read before its token is verified.
    async fn take(&self, request: Request) -> Result<(), Response> {
        let refuse = |status: StatusCode| status.into_response();
        let verified = self.verifier.verify_headers(request.headers());
        let Verified { claims, signature } = verified.map_err(|why| {
            tracing::debug!(%why, "a call of a webhook is not believed");
            refuse(StatusCode::UNAUTHORIZED)
        })?;
        let claims: WebhookClaims = claims;
        let body = Bytes::from_request(request, &()).await.map_err(IntoResponse::into_response)?;
        let body: Body =
            serde_json::from_slice(&body).map_err(|_| refuse(StatusCode::BAD_REQUEST))?;
        let differs = body.webhook_id.is_some_and(|id| id != claims.webhook_id)
            || claims.object_class.is_some_and(|class| class != body.object_class);
        if differs {
            return Err(refuse(StatusCode::BAD_REQUEST));
        }
        let Some(collection) = collection(&body.object_class) else { return Ok(()) };
        if self.recent.has(signature) {
            return Ok(());
        }
        if self.hints.is_closed() {
            return Err(refuse(StatusCode::SERVICE_UNAVAILABLE));
        }
        self.hints.send_modify(|hints| *hints.entry(collection).or_default() += 1);
        self.recent.add(signature);
        tracing::debug!(collection, "a webhook says that there is news");
        Ok(())
    }
}

/// The hints, and those of them that were passed on.
struct Heard {
    hints: watch::Receiver<Hints>,
    told: Hints,
}

impl Heard {
    fn new(hints: watch::Receiver<Hints>) -> Self {
        Self { hints, told: Hints::new() }
    }

    /// Returns the collections that calls were about since this was last asked.
    fn news(&mut self) -> Vec<&'static str> {
        let hints = self.hints.borrow_and_update().clone();
        let is_news =
            |(collection, count): &(&&str, &u64)| self.told.get(*collection) != Some(count);
        let news = hints.iter().filter(is_news).map(|(collection, _)| *collection).collect();
        self.told = hints;
        news
    }
}

/// Returns the collection whose list a queue is; none of a queue that no processor has.
fn collection(object_class: &str) -> Option<&'static str> {
    match WebhookObjectClass::from(object_class) {
        WebhookObjectClass::FulfillmentRequest => Some(AssetRequest::COLLECTION),
        WebhookObjectClass::TierConfigRequest => Some(TierConfigRequest::COLLECTION),
        WebhookObjectClass::TierAccountRequest => Some(TierAccountRequest::COLLECTION),
        WebhookObjectClass::UsageFile => Some(UsageFile::COLLECTION),
        _ => None,
    }
}

#[async_trait]
impl Source for WebhookSource {
    async fn run(&self, intake: &Intake, stop: CancellationToken) -> Result<(), Error> {
        let mut heard = self.0.lock().await;
        while let Some(Ok(())) = stop.run_until_cancelled(heard.hints.changed()).await {
            for collection in heard.news() {
                intake.hint(collection);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
