//! Usage rules as stored records.

use crate::state::State;
use crate::stored::Stored;
use crate::table::Table;
use crate::usage_rule::record::UsageRule;

impl Stored for UsageRule {
    const KIND: &'static str = "usage_rule";
    type Filed = ();

    fn table(state: &State) -> &Table<Self> {
        &state.usage_rules
    }

    fn table_mut(state: &mut State) -> &mut Table<Self> {
        &mut state.usage_rules
    }

    fn filed(&self) {}
}
