//! A chunk as the platform shows it.

use connect_model::{AccountId, HubId, Reference, UsageStats};
use serde::Serialize;

use crate::denial::Denial;
use crate::state::State;
use crate::table::Record;
use crate::usage_chunk::make::records;
use crate::usage_chunk::record::UsageChunk;
use crate::usage_record::tally::Tally;
use crate::usage_record::view::FileRef;
use crate::view::AtView;
use crate::view::channel::MarketplaceRef;

#[derive(Serialize)]
pub(crate) struct UsageChunkView<'w> {
    id: String,
    status: &'static str,
    outdated: bool,
    usagefile: FileRef<'w>,
    provider: Option<Reference<AccountId>>,
    binding: BindingView<'w>,
    marketplace: MarketplaceRef<'w>,
    external_id: &'w str,
    stats: UsageStats,
    events: EventsView<'w>,
}

#[derive(Serialize)]
struct BindingView<'w> {
    hub: Reference<HubId>,
    external_id: &'w str,
}

#[derive(Serialize)]
struct EventsView<'w> {
    created: AtView<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<AtView<'w>>,
}

impl<'w> UsageChunkView<'w> {
    /// # Errors
    ///
    /// When the world lacks what it is about.
    pub(crate) fn new(state: &'w State, chunk: &'w UsageChunk) -> Result<Self, Denial> {
        let file = state.usage_files.get(chunk.file.as_str()).ok_or_else(Denial::not_found)?;
        let parties = &state.shared.parties;
        let mut tally = Tally::default();
        records(state, chunk).for_each(|row| tally.add(row.record()));
        Ok(Self {
            id: chunk.id(),
            status: chunk.status(),
            outdated: false,
            usagefile: FileRef::of(file),
            provider: file.provider.as_ref().map(|id| parties.account_ref(id)),
            binding: BindingView { hub: parties.hub_ref(&chunk.hub), external_id: "" },
            marketplace: MarketplaceRef::new(state, &file.marketplace),
            external_id: &chunk.external_id,
            stats: tally.stats(false),
            events: EventsView {
                created: AtView::new(chunk.created, None, parties),
                closed: chunk
                    .closed
                    .as_ref()
                    .map(|closed| AtView::new(closed.at, closed.by.as_ref(), parties)),
            },
        })
    }
}
