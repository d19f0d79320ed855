//! Tier accounts as stored records, found by the external ids of their newest version.

use connect_model::AccountId;

use crate::state::State;
use crate::stored::Stored;
use crate::table::{Place, Table};
use crate::tier_account::record::External;
use crate::tier_account::record::TierAccountRecord;

impl Stored for TierAccountRecord {
    const KIND: &'static str = "tier_account";
    type Filed = Vec<(AccountId, External)>;

    fn table(state: &State) -> &Table<Self> {
        &state.shared.tier_accounts
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.shared_mut().tier_accounts
    }

    fn filed(&self) -> Self::Filed {
        self.externals().collect()
    }

    fn file(state: &mut State, place: Place, before: Option<Self::Filed>) {
        let shared = state.shared_mut();
        let Some(record) = shared.tier_accounts.at(place).cloned() else { return };
        for external in before.into_iter().flatten() {
            shared.by_external.remove(&external);
        }
        for external in record.externals() {
            shared.by_external.insert(external, record.id());
        }
    }
}
