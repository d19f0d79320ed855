//! The row of a sheet behind a record, for the emulator's own pages: the platform's API has neither
//! the vendor's id of a record nor what is wrong with it.

use connect_model::{UsageCellError, UsageRecordId, UsageRow};

use crate::actor::Actor;
use crate::denial::Denial;
use crate::listed::{Listed, Look};
use crate::state::State;
use crate::usage_record::listed::UsageRecords;

/// A row of an uploaded sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// The cells.
    pub row: UsageRow,
    /// What is wrong with them.
    pub errors: Vec<UsageCellError>,
}

/// Returns the row behind a record that the caller sees.
pub(crate) fn sheet_row(
    state: &State,
    who: &Actor,
    id: &UsageRecordId,
) -> Result<SheetRow, Denial> {
    let look = Look::now(state, who)?;
    let found = UsageRecords::find(look, &(), id.as_str())?;
    let place = id.parts().and_then(|(_, counter)| counter.checked_sub(1));
    let errors = &found.file.errors;
    let first = errors.partition_point(|error| Some(error.record) < place);
    let own = errors[first..].iter().take_while(|error| Some(error.record) == place);
    Ok(SheetRow { row: found.record().row.clone(), errors: own.cloned().collect() })
}
