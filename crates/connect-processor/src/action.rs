//! Actions of products, which vendors write: what a user of Connect is answered who follows a link of
//! the vendor's.

use std::future::Future;
use std::sync::Arc;

use connect_client::Client;
use connect_model::{AssetId, Rest, TierConfigId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::Failure;

/// The claims of an action's link: who follows it, from where. They are signed by Connect.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ActionClaims {
    /// The key of the action, such as `sso`.
    pub action_id: String,
    /// The subscription, of an action of subscriptions.
    #[serde(default)]
    pub asset_id: Option<AssetId>,
    /// The tier configuration, of an action of resellers.
    #[serde(default)]
    pub configuration_id: Option<TierConfigId>,
    /// Claims this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// An action that a user of Connect takes. Following a link changes nothing at the platform, so it
/// takes no steps.
pub struct ActionCall<S> {
    claims: ActionClaims,
    state: Arc<S>,
    client: Client,
}

impl<S> ActionCall<S> {
    pub(crate) fn new(claims: ActionClaims, state: Arc<S>, client: Client) -> Self {
        Self { claims, state, client }
    }

    /// Returns what the link says.
    #[must_use]
    pub fn claims(&self) -> &ActionClaims {
        &self.claims
    }

    /// Returns what the processor was made with: the vendor's client, settings.
    #[must_use]
    pub fn state(&self) -> &S {
        &self.state
    }

    /// Returns Connect, to read there what the link is about.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }
}

/// The answer to a user who follows a link.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ActionAnswer {
    /// Sends the user on to an `http` or `https` address.
    Redirect(String),
    /// Shows a value as JSON.
    Json(Value),
}

/// Answers one action: any `async fn(ActionCall<S>) -> Result<ActionAnswer, Failure>`.
///
/// [`Failure::give_up`] refuses with a reason that the user reads; with any other failure the user is
/// told only that it did not work.
///
/// ```
/// use connect_processor::{ActionAnswer, ActionCall, ActionHandler, Failure};
///
/// async fn sso(call: ActionCall<()>) -> Result<ActionAnswer, Failure> {
///     let Some(asset) = &call.claims().asset_id else {
///         return Err(Failure::give_up("This action is for subscriptions."));
///     };
///     Ok(ActionAnswer::Redirect(format!("https://acme.example/console?of={asset}")))
/// }
///
/// fn is_a_handler(_: impl ActionHandler<()>) {}
/// is_a_handler(sso);
/// ```
pub trait ActionHandler<S>: Send + Sync + 'static {
    /// Answers one user.
    fn answer(
        &self,
        call: ActionCall<S>,
    ) -> impl Future<Output = Result<ActionAnswer, Failure>> + Send + 'static;
}

impl<S, F, Fut> ActionHandler<S> for F
where
    F: Fn(ActionCall<S>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<ActionAnswer, Failure>> + Send + 'static,
{
    fn answer(
        &self,
        call: ActionCall<S>,
    ) -> impl Future<Output = Result<ActionAnswer, Failure>> + Send + 'static {
        self(call)
    }
}
