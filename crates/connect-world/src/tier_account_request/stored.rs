//! Requests about tier accounts as stored records.

use connect_model::DateTime;

use crate::state::State;
use crate::stored::Stored;
use crate::table::Table;
use crate::tier_account_request::record::TierAccountRequestRecord;

impl Stored for TierAccountRequestRecord {
    const KIND: &'static str = "tier_account_request";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.tier_account_requests
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.tier_account_requests
    }

    fn filed(&self) {}

    fn touch(&mut self, now: DateTime) {
        self.updated = now;
    }
}
