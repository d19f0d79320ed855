//! Taking a usage file from one status to another.

use connect_model::lifecycle::usage_file::UsageFileOperation as Operation;
use connect_model::{UsageFileId, UsageFileStatus, UserId, WebhookObjectClass};

use crate::state::State;
use crate::usage_file::record::{Moment, UsageFileRecord};
use crate::webhook::event::queue_changed;

/// Takes a file where an operation leads, and notes when and by whom.
pub(crate) fn turn_file(
    state: &mut State,
    by: Option<UserId>,
    id: &UsageFileId,
    operation: Operation,
    write: impl FnOnce(&mut UsageFileRecord),
) {
    let at = state.now;
    state.change::<UsageFileRecord>(id, |file| {
        file.status = operation.leads_to().unwrap_or_else(|| file.status.clone());
        file.note(Moment { word: operation.participle().into(), at, by });
        write(file);
    });
    tell(state, id);
}

/// Has the webhooks called that are about usage files of the product.
fn tell(state: &mut State, id: &UsageFileId) {
    let Some(file) = state.usage_files.get(id.as_str()).cloned() else { return };
    let class = WebhookObjectClass::UsageFile;
    queue_changed(state, &class, &file.product, file.status.as_str());
}

/// Closes a file once none of its records is left to be billed.
pub(crate) fn close_file(state: &mut State, by: Option<UserId>, file: &UsageFileId) {
    let held = state.usage_files.get(file.as_str());
    let is_over = held.is_some_and(|file| {
        file.status == UsageFileStatus::Accepted
            && file.tally.approved == 0
            && file.tally.closed > 0
    });
    if is_over {
        turn_file(state, by, file, Operation::Close, |_| ());
    }
}
