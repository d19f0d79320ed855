//! Requests for tier configurations as stored records.

use connect_model::{DateTime, RequestStatus, TierConfigRequestId};

use crate::setting::Setting;
use crate::state::State;
use crate::stored::Stored;
use crate::table::Table;
use crate::tier_config_request::abandon::remove_draft;
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

    /// Drafts go when nobody has written to them for long enough.
    fn due(&self, setting: &Setting) -> Option<DateTime> {
        (self.status == RequestStatus::Draft).then(|| setting.end_of_draft(self.updated))
    }

    fn come_due(state: &mut State, id: &TierConfigRequestId) {
        remove_draft(state, id);
    }

    fn touch(&mut self, now: DateTime) {
        self.updated = now;
    }
}
