//! Conversations as stored records.

use connect_model::DateTime;

use crate::conversation::record::ConversationRecord;
use crate::state::State;
use crate::stored::Stored;
use crate::table::Table;

impl Stored for ConversationRecord {
    const KIND: &'static str = "conversation";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.conversations
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.conversations
    }

    fn filed(&self) {}

    fn touch(&mut self, now: DateTime) {
        self.updated = now;
    }
}
