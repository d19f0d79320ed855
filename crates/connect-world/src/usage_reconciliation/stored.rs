//! Reconciliations as stored records.

use crate::state::State;
use crate::stored::Stored;
use crate::table::Table;
use crate::usage_reconciliation::record::Reconciliation;

impl Stored for Reconciliation {
    const KIND: &'static str = "usage_reconciliation";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.usage_reconciliations
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.usage_reconciliations
    }

    fn filed(&self) {}
}
