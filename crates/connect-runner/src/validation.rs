//! The questions of Connect's validator webhooks: a draft is validated, and the answer goes back with the
//! call.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use connect_clock::Clock;
use connect_model::WebhookObjectClass;
use connect_processor::Questions;
use secrecy::SecretString;
use serde_json::Value;

use crate::refusal::{ANSWER_LIMIT, late, refuse, unanswered};
use crate::token::{Verified, Verifier};
use crate::webhook::WebhookClaims;

/// The largest body of a question, in bytes: a whole request.
const BODY_LIMIT: usize = 1024 * 1024;

/// The place where validator webhooks call.
#[derive(Clone)]
pub(crate) struct Validation(Arc<Door>);

struct Door {
    verifier: Verifier,
    clock: Arc<dyn Clock>,
    questions: Questions,
}

impl Validation {
    /// Returns the place for questions that are signed with the key of webhooks.
    pub(crate) fn open(secret: &SecretString, clock: Arc<dyn Clock>, questions: Questions) -> Self {
        let verifier = Verifier::new(secret, Arc::clone(&clock));
        Self(Arc::new(Door { verifier, clock, questions }))
    }

    /// Returns the route that takes the questions.
    pub(crate) fn calls(self) -> MethodRouter {
        post(answer).layer(DefaultBodyLimit::max(BODY_LIMIT)).with_state(self)
    }
}

/// Answers 200 with the request and what is said of its parameters; 401 to a call that is not signed
/// as it should be, 400 and 413 to one whose body is none, 404 to a request that nothing validates, 400
/// with the reason where the validator refuses to, 500 where it fails, and 504 where it takes too
/// long.
async fn answer(State(Validation(door)): State<Validation>, request: Request) -> Response {
    door.answer(request).await.unwrap_or_else(|refused| refused)
}

impl Door {
    /// Answers a question. Nothing of a body is read before its token is verified.
    async fn answer(&self, request: Request) -> Result<Response, Response> {
        let verified = self.verifier.verify_headers(request.headers());
        let verified: Verified<WebhookClaims> = verified.map_err(|why| {
            tracing::debug!(%why, "a question of a webhook is not believed");
            refuse(StatusCode::UNAUTHORIZED, "The call is not signed as it should be.")
        })?;
        let body = Bytes::from_request(request, &()).await.map_err(IntoResponse::into_response)?;
        let draft = serde_json::from_slice(&body).ok().filter(Value::is_object);
        let draft = draft.ok_or_else(|| refuse(StatusCode::BAD_REQUEST, "It is no request."))?;
        if !is_of(&verified.claims, &draft) {
            let why = "The token is for another product, or for other requests.";
            return Err(refuse(StatusCode::BAD_REQUEST, why));
        }
        let judged = self.clock.limit(ANSWER_LIMIT, self.questions.validate(draft)).await;
        let answer = judged.map_err(|_| late("a validator"))?.map_err(|why| unanswered(&why))?;
        Ok(Json(answer).into_response())
    }
}

/// Whether a token is for such a request, as far as it says.
fn is_of(claims: &WebhookClaims, request: &Value) -> bool {
    let product = ["/asset/product/id", "/configuration/product/id"]
        .iter()
        .find_map(|path| request.pointer(path)?.as_str());
    let class = match request.get("asset").is_some() {
        true => WebhookObjectClass::FulfillmentRequest,
        false => WebhookObjectClass::TierConfigRequest,
    };
    let fits = |said: &Option<String>, is: &str| said.as_deref().is_none_or(|said| said == is);
    fits(&claims.object_class, class.as_str())
        && fits(&claims.product_id, product.unwrap_or_default())
}

#[cfg(test)]
mod tests;
