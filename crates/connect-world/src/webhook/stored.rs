//! Webhooks as stored records.

use crate::state::State;
use crate::stored::Stored;
use crate::table::Table;
use crate::webhook::record::WebhookRecord;

impl Stored for WebhookRecord {
    const KIND: &'static str = "webhook";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.webhooks
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.webhooks
    }

    fn filed(&self) {}
}
