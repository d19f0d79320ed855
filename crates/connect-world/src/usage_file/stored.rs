//! Usage files as stored records.

use connect_model::DateTime;

use crate::state::State;
use crate::stored::Stored;
use crate::table::Table;
use crate::usage_file::record::UsageFileRecord;

impl Stored for UsageFileRecord {
    const KIND: &'static str = "usage_file";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.usage_files
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.usage_files
    }

    fn filed(&self) {}

    fn touch(&mut self, now: DateTime) {
        self.updated = now;
    }
}
