//! A reconciliation as the platform shows it.

use connect_model::{AccountId, HubId, Reference};
use serde::Serialize;

use crate::denial::Denial;
use crate::state::State;
use crate::table::Record;
use crate::usage_reconciliation::record::Reconciliation;
use crate::usage_record::view::FileRef;
use crate::view::AtView;

#[derive(Serialize)]
pub(crate) struct ReconciliationView<'w> {
    id: String,
    status: &'static str,
    usagefile: FileRef<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partusagefile: Option<PartView<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    binding: Option<BindingView<'w>>,
    notes: NotesView<'w>,
    events: EventsView<'w>,
}

/// `{id, provider}`.
#[derive(Serialize)]
struct PartView<'w> {
    id: &'w str,
    provider: Option<Reference<AccountId>>,
}

/// `{hub, external_id}`.
#[derive(Serialize)]
struct BindingView<'w> {
    hub: Reference<HubId>,
    external_id: &'w str,
}

#[derive(Serialize)]
struct NotesView<'w> {
    uploaded: &'w str,
    processing: &'static str,
}

#[derive(Serialize)]
struct EventsView<'w> {
    created: AtView<'w>,
    uploaded: AtView<'w>,
}

impl<'w> ReconciliationView<'w> {
    /// # Errors
    ///
    /// When the world lacks what it is about.
    pub(crate) fn new(
        state: &'w State,
        reconciliation: &'w Reconciliation,
    ) -> Result<Self, Denial> {
        let Reconciliation { file, chunk, note, at, by, .. } = reconciliation;
        let file = state.usage_files.get(file.as_str()).ok_or_else(Denial::not_found)?;
        let parties = &state.shared.parties;
        let signed = || AtView::new(*at, by.as_ref(), parties);
        let provider = || file.provider.as_ref().map(|id| parties.account_ref(id));
        let part = chunk.as_ref().and_then(|id| state.usage_chunks.get(id));
        Ok(Self {
            id: reconciliation.id(),
            status: "processed",
            usagefile: FileRef::of(file),
            partusagefile: chunk.as_deref().map(|id| PartView { id, provider: provider() }),
            binding: part.map(|part| BindingView {
                hub: parties.hub_ref(&part.hub),
                external_id: &part.external_id,
            }),
            notes: NotesView { uploaded: note, processing: "" },
            events: EventsView { created: signed(), uploaded: signed() },
        })
    }
}
