//! `/usage/chunks`.

use std::sync::LazyLock;

use serde_json::Value;

use crate::actor::Token;
use crate::denial::Denial;
use crate::listed::Look;
use crate::query::schema::Schema;
use crate::shown::{Shown, choices, schema, searched, shown, texts};
use crate::state::State;
use crate::usage_chunk::record::UsageChunk;
use crate::usage_chunk::view::UsageChunkView;

/// The parts of the files that the caller sees.
pub(crate) struct Chunks;

impl Shown for Chunks {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &CHUNKS
    }

    fn all(Look { state, token, .. }: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        let seen = state.usage_chunks.iter().filter(|chunk| is_seen_by(state, chunk, token));
        Ok(shown(seen.filter_map(|chunk| UsageChunkView::new(state, chunk).ok())))
    }
}

/// Whether a caller may see a chunk: who sees its file.
pub(crate) fn is_seen_by(state: &State, chunk: &UsageChunk, token: &Token) -> bool {
    let file = state.usage_files.get(chunk.file.as_str());
    file.is_some_and(|file| file.is_seen_by(token))
}

static CHUNKS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        searched(texts!["id" "binding.hub.id" "provider.id" "usagefile.id"]),
        choices!["status": &["draft", "ready", "closed", "failed"]],
    ])
});
