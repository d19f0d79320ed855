//! The commands on webhooks.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::{WebhookId, WebhookType};
use serde_json::{Value, json};

use crate::actor::{Actor, Token};
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::read::json as to_json;
use crate::state::State;
use crate::unwritten::must_stay;
use crate::webhook::form;
use crate::webhook::record::{WebhookCalls, WebhookRecord, WebhookSettings};
use crate::webhook::view::WebhookView;

/// Fields that no update changes.
const FIXED: &[&str] = &["id", "account", "api_url", "created_at", "created_by"];

/// A command on webhooks.
#[derive(Clone, Debug, PartialEq)]
pub enum WebhookCommand {
    /// `POST /notifications/webhooks`.
    Create {
        /// The body.
        body: Value,
    },
    /// `PUT /notifications/webhooks/{id}`.
    Update {
        /// The webhook.
        id: WebhookId,
        /// The body.
        body: Value,
    },
    /// `DELETE /notifications/webhooks/{id}`.
    Delete {
        /// The webhook.
        id: WebhookId,
    },
    /// `POST /notifications/webhooks/{id}/trigger`.
    Trigger {
        /// The webhook.
        id: WebhookId,
    },
}

impl CarryOut for WebhookCommand {
    fn body(&self) -> Option<&Value> {
        None
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { body } => create(state, who, &body).map(ObjectChange::created),
            Self::Update { id, body } => update(state, who, &id, &body).map(ObjectChange::changed),
            Self::Delete { id } => delete(state, who, &id).map(ObjectChange::deleted),
            Self::Trigger { id } => trigger(state, who, &id).map(ObjectChange::changed),
        }
    }
}

/// Returns a webhook of the caller's account.
pub(crate) fn own<'w>(
    state: &'w State,
    token: &Token,
    id: &str,
) -> Result<&'w Arc<WebhookRecord>, Denial> {
    let webhook = state.webhooks.get(id).filter(|webhook| webhook.owner == token.account);
    webhook.ok_or_else(Denial::not_found)
}

fn create(state: &mut State, who: &Actor, body: &Value) -> Result<Bytes, Denial> {
    let owner = who.vendor()?.account.clone();
    let settings = settings(state, who, body)?;
    let id = WebhookId::from_number(state.numbers.issue());
    state.add(WebhookRecord {
        id: id.clone(),
        owner,
        settings,
        created: state.now,
        creator: who.signature(),
        modified: None,
        modifier: None,
        calls: WebhookCalls::default(),
    });
    show(state, &id)
}

fn update(state: &mut State, who: &Actor, id: &WebhookId, body: &Value) -> Result<Bytes, Denial> {
    let webhook = own(state, who.token()?, id.as_str())?;
    let shown = json!(WebhookView::new(state, webhook));
    FIXED.iter().try_for_each(|field| must_stay(field, &shown, body))?;
    let settings = settings(state, who, body)?;
    let now = state.now;
    state.change::<WebhookRecord>(id, |webhook| {
        if !settings.hears_events() {
            webhook.calls.cease();
        }
        webhook.settings = settings;
        webhook.modified = Some(now);
        webhook.modifier = who.signature();
    });
    show(state, id)
}

/// Reads the settings that a body gives, for a product that the caller sees.
fn settings(state: &State, who: &Actor, body: &Value) -> Result<WebhookSettings, Denial> {
    let settings = form::read(body)?;
    let product = state.shared.visible_product(who, &settings.product);
    product.map_err(|_| Denial::invalid("product_id: Product does not exist."))?;
    Ok(settings)
}

fn delete(state: &mut State, who: &Actor, id: &WebhookId) -> Result<(), Denial> {
    own(state, who.token()?, id.as_str())?;
    state.remove::<WebhookRecord>(id);
    Ok(())
}

fn trigger(state: &mut State, who: &Actor, id: &WebhookId) -> Result<Bytes, Denial> {
    let WebhookSettings { kind, active, .. } = &own(state, who.token()?, id.as_str())?.settings;
    if *kind != WebhookType::Event {
        return Err(Denial::invalid("Only webhooks of type \"event\" can be triggered."));
    }
    if !active {
        return Err(Denial::invalid("The webhook is not active."));
    }
    let at = state.moment;
    state.change::<WebhookRecord>(id, |webhook| webhook.calls.trigger(at));
    show(state, id)
}

fn show(state: &State, id: &WebhookId) -> Result<Bytes, Denial> {
    let webhook = state.webhooks.get(id.as_str()).ok_or_else(Denial::not_found)?;
    to_json(&WebhookView::new(state, webhook))
}
