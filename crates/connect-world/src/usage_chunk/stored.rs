//! Chunks as stored records.

use crate::state::State;
use crate::stored::Stored;
use crate::table::Table;
use crate::usage_chunk::record::UsageChunk;

impl Stored for UsageChunk {
    const KIND: &'static str = "usage_chunk";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.usage_chunks
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.usage_chunks
    }

    fn filed(&self) {}
}
