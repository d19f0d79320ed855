//! What can be done to reconciliations: making one.

use std::collections::HashSet;
use std::sync::Arc;

use connect_model::lifecycle::usage_file::{UsageFileOperation as Operation, allow};
use connect_model::{BillingRow, UsageFileStatus};
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::read::json;
use crate::state::State;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_file::sheet::records;
use crate::usage_reconciliation::make::make;
use crate::usage_reconciliation::view::ReconciliationView;

/// The most characters of a note.
const LONGEST_NOTE: usize = 255;

/// A command on reconciliations.
#[derive(Clone, Debug, PartialEq)]
pub enum UsageReconciliationCommand {
    /// `POST /usage/reconciliations`, with what the sheet has.
    Create {
        /// The records to be closed; they say of which file.
        bills: Vec<BillingRow>,
        /// A note of who sends it.
        note: String,
    },
}

impl CarryOut for UsageReconciliationCommand {
    fn body(&self) -> Option<&Value> {
        None
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        let Self::Create { bills, note } = self;
        body::must_fit("upload_note", &note, LONGEST_NOTE)?;
        let file = file_of(state, who, &bills)?;
        allow(&file.status, Operation::Reconcile, who.caller(file.is_preview()))?;
        let id = make(state, who, &file, &bills, note.into())?;
        let made = state.usage_reconciliations.get(&id).ok_or_else(Denial::not_found)?;
        json(&ReconciliationView::new(state, made)?).map(ObjectChange::created)
    }
}

/// Returns the one accepted file that has all the records.
fn file_of(
    state: &State,
    who: &Actor,
    bills: &[BillingRow],
) -> Result<Arc<UsageFileRecord>, Denial> {
    let token = who.token()?;
    let wrong = |why: &str| Denial::invalid(format!("recon_file: {why}"));
    let has_all = |file: &&Arc<UsageFileRecord>| {
        let held: HashSet<&str> =
            records(state, file).map(|record| &*record.row.record_id).collect();
        bills.iter().all(|bill| held.contains(&*bill.record_id))
    };
    if bills.is_empty() {
        return Err(wrong("The sheet has no record."));
    }
    let files = state.usage_files.iter().filter(|file| file.is_seen_by(token));
    let accepted = files.filter(|file| file.status == UsageFileStatus::Accepted);
    let mut found = accepted.filter(has_all);
    let first = found.next().ok_or_else(|| wrong("No accepted file has all these records."))?;
    match found.next() {
        None => Ok(Arc::clone(first)),
        Some(_) => Err(wrong("Several accepted files have these records.")),
    }
}
