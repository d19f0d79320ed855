//! Updates of a request: `PUT /requests/{id}`, and what is sent to be validated.

use connect_model::RequestStatus;
use connect_model::lifecycle::asset_request as lifecycle;
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::denial::Denial;
use crate::request::draft::write_draft;
use crate::request::params::{Update, must_be_unique};
use crate::request::record::RequestRecord;
use crate::request::turn::{Subject, write_params};
use crate::request::{editable, params};
use crate::state::State;

/// Merges a body into a request: values and the note, and on drafts what their buyer chooses.
/// Everything else in the body is ignored, as the platform does.
pub(crate) fn write_update(
    state: &mut State,
    who: &Actor,
    subject: &Subject,
    body: &Value,
) -> Result<(), Denial> {
    let Subject { request, asset, product } = subject;
    let mut updates = params::updates(&product.for_assets(), &request.params, body)?;
    subject.must_be_writable(who, &updates)?;
    let is_draft = request.status == RequestStatus::Draft;
    if is_draft {
        updates.iter_mut().for_each(|update| update.keep_read_only(&request.params));
    }
    must_be_unique(state, product, Some(&asset.id), &updates)?;
    if is_draft {
        write_draft(state, who.token()?, subject, body)?;
    }
    if !updates.is_empty() {
        let write = if is_draft { params::corrected } else { params::written };
        write_params(state, subject, write(&request.params, &updates));
    }
    let note = body::text(body, "note");
    state.change::<RequestRecord>(&request.id, |request| {
        request.note = note.map_or_else(|| request.note.clone(), String::into);
    });
    Ok(())
}

/// Refuses values of unique parameters in a body that another asset of the product holds.
pub(crate) fn must_be_free_values(
    state: &State,
    subject: &Subject,
    body: &Value,
) -> Result<(), Denial> {
    let Subject { request, asset, product } = subject;
    let updates = params::updates(&product.for_assets(), &request.params, body)?;
    must_be_unique(state, product, Some(&asset.id), &updates)
}

impl Subject {
    /// Refuses what the caller may not write. A draft takes what a new request would; later,
    /// distributors and their customers write ordering parameters only.
    fn must_be_writable(&self, who: &Actor, updates: &[Update]) -> Result<(), Denial> {
        let Self { request, asset, product } = self;
        if request.status == RequestStatus::Draft {
            return editable::must_be_writable(&request.kind, asset, product, updates);
        }
        let caller = who.caller(asset.is_preview());
        let is_closed =
            |update: &&Update| !lifecycle::may_write(caller, &request.status, update.phase());
        updates.iter().filter(is_closed).try_for_each(Update::must_be_ordering)
    }
}
