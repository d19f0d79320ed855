//! Webhooks as stored records.

use jiff::Timestamp;

use crate::state::State;
use crate::stored::Stored;
use crate::table::{Place, Table};
use crate::webhook::record::WebhookRecord;

impl Stored for WebhookRecord {
    const KIND: &'static str = "webhook";
    /// The moment that its next call is due at.
    type Filed = Option<Timestamp>;

    fn table(state: &State) -> &Table<Self> {
        &state.webhooks
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.webhooks
    }

    fn filed(&self) -> Option<Timestamp> {
        self.calls.due.map(|due| due.at)
    }

    fn file(state: &mut State, place: Place, before: Option<Self::Filed>) {
        if let Some(before) = before.flatten() {
            state.webhook_calls.remove(&(before, place));
        }
        let due = state.webhooks.at(place).and_then(|webhook| webhook.filed());
        state.webhook_calls.extend(due.map(|due| (due, place)));
    }

    fn unfile(state: &mut State, place: Place) {
        let due = state.webhooks.at(place).and_then(|webhook| webhook.filed());
        if let Some(due) = due {
            state.webhook_calls.remove(&(due, place));
        }
    }
}
