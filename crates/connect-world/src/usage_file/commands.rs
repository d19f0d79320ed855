//! What can be done to usage files: who may do what when is in [`connect_model::lifecycle`].

use std::sync::Arc;

use bytes::Bytes;
use connect_model::lifecycle::usage_file::{self as lifecycle, UsageFileOperation as Operation};
use connect_model::{
    BillingRow, UsageFileId, UsageFileStatus as Status, UsageRecordStatus as RecordStatus,
    UsageSheet,
};
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::state::State;
use crate::usage_chunk::make::make as make_chunks;
use crate::usage_file::create::{create, edited};
use crate::usage_file::listed::visible;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_file::sheet;
use crate::usage_file::turn::turn_file;
use crate::usage_file::view::show;
use crate::usage_reconciliation::make::make as reconcile;
use crate::usage_record::change::{close_approved, turn_all};
use crate::usage_record::record::Closing;

/// The most characters of a note (OpenAPI 37.0).
const LONGEST_NOTE: usize = 200;

/// A command on usage files.
#[derive(Clone, Debug, PartialEq)]
pub enum UsageFileCommand {
    /// `POST /usage/files`.
    Create {
        /// The body.
        body: Value,
    },
    /// An operation on a file: `PUT /usage/files/{id}`, or `POST /usage/files/{id}/{verb}`.
    Operate {
        /// The file.
        id: UsageFileId,
        /// The operation.
        operation: Operation,
        /// The body.
        body: Value,
    },
    /// `POST /usage/files/{id}/upload`, with what the sheet has.
    Upload {
        /// The file.
        id: UsageFileId,
        /// The sheet.
        sheet: Box<UsageSheet>,
    },
    /// `POST /usage/files/{id}/reconciliation`, with what the sheet has.
    Reconcile {
        /// The file.
        id: UsageFileId,
        /// The records to be closed.
        bills: Vec<BillingRow>,
    },
}

impl UsageFileCommand {
    /// Returns the command of `PUT /usage/files/{id}`.
    #[must_use]
    pub fn update(id: UsageFileId, body: Value) -> Self {
        Self::Operate { id, operation: Operation::Update, body }
    }
}

impl CarryOut for UsageFileCommand {
    fn body(&self) -> Option<&Value> {
        match self {
            Self::Create { body } | Self::Operate { body, .. } => Some(body),
            _ => None,
        }
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { body } => {
                let id = create(state, who, &body)?;
                show(state, who, &id).map(ObjectChange::created)
            }
            Self::Operate { id, operation, body } => {
                operate(state, who, &id, operation, &body).map(ObjectChange::changed)
            }
            Self::Upload { id, sheet } => {
                let file = allowed(state, who, &id, Operation::Upload)?;
                sheet::upload(state, who, &file, *sheet)?;
                show(state, who, &id).map(ObjectChange::created)
            }
            Self::Reconcile { id, bills } => {
                let file = allowed(state, who, &id, Operation::Reconcile)?;
                reconcile(state, who, &file, &bills, Box::default())?;
                show(state, who, &id).map(ObjectChange::changed)
            }
        }
    }
}

fn operate(
    state: &mut State,
    who: &Actor,
    id: &UsageFileId,
    operation: Operation,
    body: &Value,
) -> Result<Bytes, Denial> {
    let file = allowed(state, who, id, operation)?;
    let by = who.signature();
    match operation {
        Operation::Update => {
            let texts = edited(&file.texts, body)?;
            let is_checked = matches!(file.status, Status::Ready | Status::Invalid);
            let is_moved = texts.period != file.texts.period;
            state.change::<UsageFileRecord>(id, |file| file.texts = texts);
            if is_checked && is_moved {
                sheet::check_again(state, id)?;
            }
        }
        Operation::Accept => {
            let note = body::text_within(body, "acceptance_note", LONGEST_NOTE)?;
            turn_all(state, id, &RecordStatus::Valid, &RecordStatus::Approved);
            turn_file(state, by, id, operation, |file| file.acceptance_note = note.map(Into::into));
            make_chunks(state, id);
        }
        Operation::Reject => {
            let note = body::text_within(body, "rejection_note", LONGEST_NOTE)?;
            for status in [RecordStatus::Valid, RecordStatus::Approved] {
                turn_all(state, id, &status, &RecordStatus::Rejected);
            }
            turn_file(state, by, id, operation, |file| file.rejection_note = note.map(Into::into));
        }
        Operation::Upload => return Err(Denial::absent("usage_file")),
        Operation::Reconcile => return Err(Denial::absent("recon_file")),
        Operation::Reprocess => sheet::reprocess(state, who, &file)?,
        Operation::Close => {
            let closing = Closing::plain(state.now, by.clone());
            close_approved(state, id, |_| Some(&closing));
            turn_file(state, by, id, operation, |_| ());
        }
        Operation::Submit | Operation::Delete => turn_file(state, by, id, operation, |_| ()),
    }
    show(state, who, id)
}

/// Returns a file on which the caller may carry an operation out.
fn allowed(
    state: &State,
    who: &Actor,
    id: &UsageFileId,
    operation: Operation,
) -> Result<Arc<UsageFileRecord>, Denial> {
    let file = visible(state, who.token()?, id.as_str())?;
    lifecycle::allow(&file.status, operation, who.caller(file.is_preview()))?;
    Ok(Arc::clone(file))
}
