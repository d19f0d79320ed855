//! `/notifications/webhooks`, and the log of the calls of one.

use std::sync::LazyLock;

use connect_model::{DeliveryStatus, WebhookId, WebhookType};
use serde_json::Value;

use crate::denial::Denial;
use crate::listed::Look;
use crate::query::schema::Schema;
use crate::shown::{Shown, choices, flags, numbers, schema, searched, shown, texts, times};
use crate::webhook::commands::own;
use crate::webhook::view::{DeliveryView, WebhookView};

/// Webhooks of the caller's account.
pub(crate) struct Webhooks;

impl Shown for Webhooks {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &WEBHOOKS
    }

    fn all(Look { state, token, .. }: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        let own = state.webhooks.iter().filter(|webhook| webhook.owner == token.account);
        Ok(shown(own.map(|webhook| WebhookView::new(state, webhook))))
    }

    fn one(Look { state, token, .. }: Look<'_>, (): &(), id: &str) -> Result<Value, Denial> {
        let webhook = own(state, token, id)?;
        Ok(serde_json::json!(WebhookView::new(state, webhook)))
    }
}

static WEBHOOKS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        searched(texts!["id" "label" "description" "product.id" "product.name"]),
        choices!["type": WebhookType::KNOWN],
        flags!["active"],
    ])
});

/// The calls of a webhook that are kept.
pub(crate) struct Deliveries;

impl Shown for Deliveries {
    type Parent = WebhookId;

    fn schema() -> &'static Schema<Value> {
        &DELIVERIES
    }

    fn all(Look { state, token, .. }: Look<'_>, id: &WebhookId) -> Result<Vec<Value>, Denial> {
        let webhook = own(state, token, id.as_str())?;
        Ok(shown(webhook.calls.log.iter().map(DeliveryView::new)))
    }
}

static DELIVERIES: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        texts!["id"],
        choices!["status": DeliveryStatus::KNOWN],
        numbers!["attempt" "status_code" "duration"],
        times!["time"],
    ])
});
