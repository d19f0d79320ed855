//! What can be done to usage files: who may do what when is in [`connect_model::lifecycle`].

use bytes::Bytes;
use connect_model::lifecycle::usage_file::{self as lifecycle, UsageFileOperation as Operation};
use connect_model::{UsageFileId, UserId};
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::read::json;
use crate::state::State;
use crate::usage_file::create::{create, edited};
use crate::usage_file::record::{Moment, UsageFileRecord};
use crate::usage_file::view::UsageFileView;

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
}

impl UsageFileCommand {
    /// Returns the command of `PUT /usage/files/{id}`.
    #[must_use]
    pub fn update(id: UsageFileId, body: Value) -> Self {
        Self::Operate { id, operation: Operation::Update, body }
    }
}

impl CarryOut for UsageFileCommand {
    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { body } => {
                let id = create(state, who, &body)?;
                show(state, &id).map(ObjectChange::created)
            }
            Self::Operate { id, operation, body } => {
                operate(state, who, &id, operation, &body).map(ObjectChange::changed)
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
    let token = who.token()?;
    let file = state.usage_files.get(id.as_str()).filter(|file| file.is_seen_by(token));
    let file = file.cloned().ok_or_else(Denial::not_found)?;
    lifecycle::allow(&file.status, operation, who.caller(file.is_preview()))?;
    let by = who.signature();
    match operation {
        Operation::Update => {
            let texts = edited(&file.texts, body)?;
            state.change::<UsageFileRecord>(id, |file| file.texts = texts);
        }
        Operation::Accept => {
            let note = body::text_within(body, "acceptance_note", LONGEST_NOTE)?;
            turn(state, by, id, operation, |file| file.acceptance_note = note.map(Into::into));
        }
        Operation::Reject => {
            let note = body::text_within(body, "rejection_note", LONGEST_NOTE)?;
            turn(state, by, id, operation, |file| file.rejection_note = note.map(Into::into));
        }
        Operation::Upload | Operation::Reprocess | Operation::Reconcile => {
            return Err(Denial::not_emulated("sheets of usage files"));
        }
        Operation::Submit | Operation::Close | Operation::Delete => {
            turn(state, by, id, operation, |_| ());
        }
    }
    show(state, id)
}

/// Takes a file where an operation leads, and notes when and by whom.
fn turn(
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
}

fn show(state: &State, id: &UsageFileId) -> Result<Bytes, Denial> {
    let file = state.usage_files.get(id.as_str()).ok_or_else(Denial::not_found)?;
    json(&UsageFileView::new(state, file)?)
}
