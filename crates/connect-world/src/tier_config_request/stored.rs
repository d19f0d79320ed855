//! Requests for tier configurations as stored records.

use connect_model::DateTime;

use crate::state::State;
use crate::stored::Stored;
use crate::table::Table;
use crate::tier_config_request::record::TierConfigRequestRecord;

impl Stored for TierConfigRequestRecord {
    const KIND: &'static str = "tier_config_request";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.tier_config_requests
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.tier_config_requests
    }

    fn filed(&self) {}

    fn touch(&mut self, now: DateTime) {
        self.updated = now;
    }
}
