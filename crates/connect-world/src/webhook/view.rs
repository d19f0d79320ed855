//! Webhooks and their calls as the platform shows them.

use connect_model::{
    AccountId, DateTime, DeliveryStatus, Reference, WebhookId, WebhookObjectClass, WebhookStats,
    WebhookType,
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::product::view::ProductRef;
use crate::setting::API_PATH;
use crate::state::State;
use crate::view::NameView;
use crate::webhook::record::{Delivery, WebhookRecord};

/// Returns the address of the API that a webhook's receiver is told of.
pub(crate) fn api_url(state: &State) -> String {
    format!("{}{API_PATH}", state.setting.base_url)
}

/// A webhook. Its key is shown to its owner: `ns.Webhook` of OpenAPI 37.0 requires it.
#[derive(Serialize)]
pub(crate) struct WebhookView<'w> {
    id: &'w WebhookId,
    #[serde(rename = "type")]
    kind: &'w WebhookType,
    object_class: &'w WebhookObjectClass,
    label: &'w str,
    active: bool,
    external_url: &'w str,
    jwt_secret: &'w str,
    description: Option<&'w str>,
    http_method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<ProductRef<'w>>,
    data: &'w Map<String, Value>,
    headers: &'w Map<String, Value>,
    api_url: String,
    created_at: DateTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<NameView<'w>>,
    modified_at: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_by: Option<NameView<'w>>,
    account: Reference<AccountId>,
    earliest_possible_trigger: Option<DateTime>,
    stats: WebhookStats,
    last_event: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_success: Option<LastDeliveryView<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_failure: Option<LastDeliveryView<'w>>,
}

impl<'w> WebhookView<'w> {
    pub(crate) fn new(state: &'w State, record: &'w WebhookRecord) -> Self {
        let WebhookRecord { settings, calls, .. } = record;
        let parties = &state.shared.parties;
        let user = |id| NameView::of_user(id, parties);
        let product = state.shared.product(settings.product.as_str());
        Self {
            id: &record.id,
            kind: &settings.kind,
            object_class: &settings.object_class,
            label: &settings.label,
            active: settings.active,
            external_url: &settings.external_url,
            jwt_secret: &settings.jwt_secret,
            description: settings.description.as_deref(),
            http_method: "POST",
            product: product.map(|record| ProductRef::new(record, false)),
            data: &settings.data,
            headers: &settings.headers,
            api_url: api_url(state),
            created_at: record.created,
            created_by: record.creator.as_ref().map(user),
            modified_at: record.modified,
            modified_by: record.modifier.as_ref().map(user),
            account: parties.account_ref(&record.owner),
            earliest_possible_trigger: calls.earliest.map(DateTime::from),
            stats: calls.stats,
            last_event: calls.last_event,
            last_success: calls.last_success.as_ref().map(LastDeliveryView::new),
            last_failure: calls.last_failure.as_ref().map(LastDeliveryView::new),
        }
    }
}

/// A call that is over, as its webhook shows the last ones.
#[derive(Serialize)]
pub(crate) struct LastDeliveryView<'w> {
    time: DateTime,
    response: Response<'w>,
    duration: u64,
    status: DeliveryStatus,
    status_code: Option<u16>,
    errors: &'w str,
}

/// The answer to a call.
#[derive(Serialize)]
struct Response<'w> {
    body: &'w str,
}

impl<'w> LastDeliveryView<'w> {
    fn new(delivery: &'w Delivery) -> Self {
        Self {
            time: delivery.began.into(),
            response: Response { body: &delivery.response },
            duration: delivery.duration,
            status: delivery.status(),
            status_code: delivery.status_code,
            errors: delivery.error.as_deref().unwrap_or_default(),
        }
    }
}

/// A call that is over, as the log shows it.
#[derive(Serialize)]
pub(crate) struct DeliveryView<'w> {
    id: String,
    attempt: u32,
    #[serde(flatten)]
    ended: LastDeliveryView<'w>,
}

impl<'w> DeliveryView<'w> {
    pub(crate) fn new(delivery: &'w Delivery) -> Self {
        Self {
            id: delivery.number.to_string(),
            attempt: delivery.attempt,
            ended: LastDeliveryView::new(delivery),
        }
    }
}
