//! A world read back from its records.

use crate::dump::{Facts, WORLD};
use crate::formerly;
use crate::kinds::restore_objects;
use crate::number::Numbers;
use crate::records::{BadRecord, Records};
use crate::setting::Setting;
use crate::state::State;

/// Returns the state that was kept as these records. Indexes are built anew.
pub(crate) fn restore(setting: Setting, mut kept: Records) -> Result<State, BadRecord> {
    let facts: Option<Facts> = kept.take(WORLD)?.pop();
    let numbers = Numbers::new(setting.seed);
    let mut state = State::new(setting, numbers);
    if let Some(Facts { id, numbers, featured, now }) = facts {
        state.id = id.unwrap_or(state.id);
        (state.numbers, state.featured, state.now) = (numbers, featured, now);
    }
    formerly::restore(&mut state, &mut kept)?;
    restore_objects(&mut state, &mut kept)?;
    formerly::complete(&mut state);
    Ok(state)
}
