//! The links of a product's actions: a user of Connect follows one, and is sent on or shown something.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use connect_clock::Clock;
use connect_processor::{ActionAnswer, ActionClaims, Questions};
use secrecy::SecretString;
use serde::Deserialize;

use crate::recent::RecentTokens;
use crate::refusal::{ANSWER_LIMIT, late, refuse, unanswered};
use crate::token::{Claims, Verified, Verifier};
use crate::web_address::is_web_address;

/// The longest key of an action, and the longest id, in bytes.
const LONGEST: usize = 128;

/// The place that links of actions lead to.
#[derive(Clone)]
pub(crate) struct Actions(Arc<Door>);

struct Door {
    verifier: Verifier,
    recent: RecentTokens,
    clock: Arc<dyn Clock>,
    questions: Questions,
}

/// The claims of a link.
#[derive(Deserialize)]
struct LinkClaims(ActionClaims);

impl Claims for LinkClaims {
    /// A link that opened something for ever could be followed by whoever finds it.
    const IS_DATED: bool = true;

    /// A link is of one thing: a subscription, or a configuration.
    fn is_sound(&self) -> bool {
        let ActionClaims { action_id, asset_id, configuration_id, .. } = &self.0;
        let asset = asset_id.as_ref().map(|id| id.as_str());
        let configuration = configuration_id.as_ref().map(|id| id.as_str());
        let fits = |text: &str| (1..=LONGEST).contains(&text.len());
        match (asset, configuration) {
            (Some(id), None) | (None, Some(id)) => fits(action_id) && fits(id),
            _ => false,
        }
    }
}

impl Actions {
    /// Returns the place for links that are signed with a key.
    pub(crate) fn open(secret: &SecretString, clock: Arc<dyn Clock>, questions: Questions) -> Self {
        let verifier = Verifier::new(secret, Arc::clone(&clock));
        let recent = RecentTokens::default();
        Self(Arc::new(Door { verifier, recent, clock, questions }))
    }

    /// Returns the route that links lead to.
    pub(crate) fn calls(self) -> MethodRouter {
        // Whoever looks at links before people do would use them up.
        get(follow).head(async || StatusCode::METHOD_NOT_ALLOWED).with_state(self)
    }
}

/// Answers 302 or 200 with what the handler says; 401 to a link that is not signed as it should be,
/// has expired or was followed before, 404 to an action that nobody answers, 400 with the reason where
/// the handler refuses, 500 where it fails, and 504 where it takes too long. No answer is kept, and no
/// page it leads to is told the link.
async fn follow(State(Actions(door)): State<Actions>, request: Request) -> Response {
    let mut answer = door.follow(request.uri()).await.unwrap_or_else(|refused| refused);
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

impl Door {
    async fn follow(&self, uri: &Uri) -> Result<Response, Response> {
        let verified = jwt(uri).map(|token| self.verifier.verify::<LinkClaims>(&token));
        let Some(Ok(Verified { claims: LinkClaims(claims), signature })) = verified else {
            tracing::debug!("the link of an action is not believed");
            let why = "This link is not whole, or has expired: take the action again.";
            return Err(refuse(StatusCode::UNAUTHORIZED, why));
        };
        if !self.recent.take(signature) {
            let why = "This link was followed before: take the action again.";
            return Err(refuse(StatusCode::UNAUTHORIZED, why));
        }
        let answer = self.clock.limit(ANSWER_LIMIT, self.questions.act(claims)).await;
        let answer = answer.map_err(|_| late("an action"))?.map_err(|why| unanswered(&why))?;
        match answer {
            ActionAnswer::Json(value) => Ok(Json(value).into_response()),
            ActionAnswer::Redirect(to) => redirect(&to),
            _ => Err(refuse(StatusCode::INTERNAL_SERVER_ERROR, "It did not work.")),
        }
    }
}

/// Returns the one token of a link.
fn jwt(uri: &Uri) -> Option<String> {
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    let mut tokens = pairs.into_iter().filter_map(|(name, value)| (name == "jwt").then_some(value));
    tokens.next().filter(|_| tokens.next().is_none())
}

/// Sends a user on, to a page of the web and nowhere else.
fn redirect(to: &str) -> Result<Response, Response> {
    match HeaderValue::try_from(to) {
        Ok(location) if is_web_address(to) => {
            Ok((StatusCode::FOUND, [(LOCATION, location)]).into_response())
        }
        _ => {
            tracing::error!("an action leads to no http or https address");
            Err(refuse(StatusCode::INTERNAL_SERVER_ERROR, "It did not work."))
        }
    }
}

#[cfg(test)]
mod tests;
