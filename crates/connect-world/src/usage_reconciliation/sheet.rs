//! The sheets of a reconciliation. What came and what was made of it are the same rows: a sheet with a
//! wrong row closes nothing, and nothing is kept of it.

use std::collections::HashSet;

use crate::actor::Actor;
use crate::denial::Denial;
use crate::state::State;
use crate::usage_file::download::{Download, bills_of};
use crate::usage_reconciliation::listed::visible;

/// Returns the rows of a reconciliation: `GET /usage/reconciliations/{id}/uploadedfile`, and
/// `…/processedfile`.
pub(crate) fn download(state: &State, who: &Actor, id: &str) -> Result<Download, Denial> {
    let reconciliation = visible(state, who.token()?, id)?;
    let file = state.usage_files.get(reconciliation.file.as_str()).ok_or_else(Denial::not_found)?;
    let named: HashSet<&str> = reconciliation.records.iter().map(|id| &**id).collect();
    let mut bills = bills_of(state, file);
    bills.retain(|bill| named.contains(&*bill.record_id));
    Ok(Download::Bills(bills))
}
