//! Blocks of records as stored records.

use crate::state::State;
use crate::stored::Stored;
use crate::table::Table;
use crate::usage_record::record::UsageBlock;

impl Stored for UsageBlock {
    const KIND: &'static str = "usage_records";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.usage_records
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.usage_records
    }

    fn filed(&self) {}
}
