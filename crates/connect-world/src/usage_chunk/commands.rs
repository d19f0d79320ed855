//! What can be done to chunks.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use connect_model::{AssetId, UsageSheet};
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::read::json;
use crate::state::State;
use crate::table::Record;
use crate::usage_chunk::listed::is_seen_by;
use crate::usage_chunk::make::records;
use crate::usage_chunk::record::{ClosedChunk, UsageChunk};
use crate::usage_chunk::view::UsageChunkView;
use crate::usage_file::download::{Download, general};
use crate::usage_file::turn::close_file;
use crate::usage_record::change::close_approved;
use crate::usage_record::record::Closing;

/// The most characters of a text.
const LONGEST_TEXT: usize = 255;

/// A command on chunks.
#[derive(Clone, Debug, PartialEq)]
pub enum UsageChunkCommand {
    /// `PUT /usage/chunks/{id}`.
    Update {
        /// The chunk.
        id: String,
        /// The body.
        body: Value,
    },
    /// `POST /usage/chunks/{id}/close`: closes its records with one bill.
    Close {
        /// The chunk.
        id: String,
        /// The body.
        body: Value,
    },
    /// `POST /usage/chunks/{id}/regenerate`.
    Regenerate {
        /// The chunk.
        id: String,
    },
}

impl CarryOut for UsageChunkCommand {
    fn body(&self) -> Option<&Value> {
        match self {
            Self::Update { body, .. } | Self::Close { body, .. } => Some(body),
            _ => None,
        }
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        let (Self::Update { id, .. } | Self::Close { id, .. } | Self::Regenerate { id }) = &self;
        let chunk = find(state, who, id)?;
        // Trials have no chunks.
        if !who.buys(false) {
            return Err(Denial::forbidden());
        }
        match &self {
            Self::Update { body, .. } => update(state, &chunk, body)?,
            Self::Close { body, .. } => close(state, who, &chunk, body)?,
            // It is never outdated: its records are looked up whenever it is shown.
            Self::Regenerate { .. } => must_be_open(&chunk)?,
        }
        show(state, id).map(ObjectChange::changed)
    }
}

fn find(state: &State, who: &Actor, id: &str) -> Result<Arc<UsageChunk>, Denial> {
    let token = who.token()?;
    let chunk = state.usage_chunks.get(id).filter(|chunk| is_seen_by(state, chunk, token));
    chunk.cloned().ok_or_else(Denial::not_found)
}

fn must_be_open(chunk: &UsageChunk) -> Result<(), Denial> {
    match chunk.closed {
        None => Ok(()),
        Some(_) => Err(Denial::refused("USG_003", "The chunk is closed.")),
    }
}

fn update(state: &mut State, chunk: &UsageChunk, body: &Value) -> Result<(), Denial> {
    let external_id = body::required(body, "external_id")?;
    body::must_fit("external_id", &external_id, LONGEST_TEXT)?;
    state.change::<UsageChunk>(&chunk.id(), |chunk| chunk.external_id = external_id.into());
    Ok(())
}

fn close(state: &mut State, who: &Actor, chunk: &UsageChunk, body: &Value) -> Result<(), Denial> {
    must_be_open(chunk)?;
    let billing_id = body::required(body, "external_billing_id")?;
    body::must_fit("external_billing_id", &billing_id, LONGEST_TEXT)?;
    let note = body::text_within(body, "external_billing_note", LONGEST_TEXT)?;
    let closing = Closing {
        billing_id: billing_id.into(),
        billing_note: note.unwrap_or_default().into(),
        ..Closing::plain(state.now, who.signature())
    };
    let assets = records(state, chunk).filter_map(|row| row.record().asset.clone());
    let assets: HashSet<AssetId> = assets.collect();
    close_approved(state, &chunk.file, |record| {
        record.asset.as_ref().filter(|id| assets.contains(*id)).map(|_| &closing)
    });
    let closed = ClosedChunk { at: closing.at, by: closing.by };
    state.change::<UsageChunk>(&chunk.id(), |chunk| chunk.closed = Some(closed));
    close_file(state, who.signature(), &chunk.file);
    Ok(())
}

fn show(state: &State, id: &str) -> Result<Bytes, Denial> {
    let chunk = state.usage_chunks.get(id).ok_or_else(Denial::not_found)?;
    json(&UsageChunkView::new(state, chunk)?)
}

/// Returns the sheet of a chunk: `GET /usage/chunks/{id}/download`.
pub(crate) fn download(state: &State, who: &Actor, id: &str) -> Result<Download, Denial> {
    let chunk = find(state, who, id)?;
    let file = state.usage_files.get(chunk.file.as_str()).ok_or_else(Denial::not_found)?;
    let rows = records(state, &chunk).map(|row| row.record().row.clone()).collect();
    let sheet = UsageSheet { records: rows, categories: file.categories.clone() };
    Ok(Download::Records { sheet, general: general(state, file), errors: Vec::new() })
}
