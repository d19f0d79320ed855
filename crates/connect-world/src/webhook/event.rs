//! Changes of the queues that webhooks are about.

use connect_model::{ProductId, RequestStatus, WebhookId, WebhookObjectClass};

use crate::state::State;
use crate::webhook::record::{WebhookRecord, WebhookSettings};

/// Has the webhooks called that are about a queue of a product, because one of its objects came to a
/// status. Drafts are in no queue.
pub(crate) fn queue_changed(
    state: &mut State,
    class: &WebhookObjectClass,
    product: &ProductId,
    status: &str,
) {
    if status != RequestStatus::Draft.as_str() {
        object_queued(state, class, product);
    }
}

/// Has the webhooks called that are about a queue of a product, because something is new in it.
pub(crate) fn object_queued(state: &mut State, class: &WebhookObjectClass, product: &ProductId) {
    let heard = |it: &WebhookSettings| {
        it.hears_events() && it.object_class == *class && it.product == *product
    };
    let webhooks = state.webhooks.iter().filter(|webhook| heard(&webhook.settings));
    let webhooks: Vec<WebhookId> = webhooks.map(|webhook| webhook.id.clone()).collect();
    let at = state.moment;
    for id in webhooks {
        state.change::<WebhookRecord>(&id, |webhook| webhook.calls.note_event(at));
    }
}
