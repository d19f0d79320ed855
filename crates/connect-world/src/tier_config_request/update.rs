//! Updates of a request for a tier configuration: `PUT /tier/config-requests/{id}`, and what is sent to
//! be validated.

use connect_model::RequestStatus;
use serde_json::{Value, json};

use crate::actor::Actor;
use crate::denial::Denial;
use crate::request::params;
use crate::row::Params;
use crate::state::State;
use crate::tier_config_request::begin::{must_be_writable, notes};
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::tier_config_request::subject::Subject;
use crate::tier_config_request::turn::write_params;
use crate::unwritten::must_stay;

/// Merges a body into a request: values and the notes. It names no other type or configuration; the
/// rest is ignored, as the platform does.
pub(crate) fn write_update(
    state: &mut State,
    who: &Actor,
    subject: &Subject,
    body: &Value,
) -> Result<(), Denial> {
    let (params, notes) = updated(state, who, subject, body)?;
    let id = &subject.request.id;
    write_params(state, id, params);
    state.change::<TierConfigRequestRecord>(id, |request| request.notes = notes);
    Ok(())
}

/// Returns the values and notes of a request with those of a body.
pub(crate) fn updated(
    state: &State,
    who: &Actor,
    subject: &Subject,
    body: &Value,
) -> Result<(Params, Box<str>), Denial> {
    let request = &subject.request;
    let shown = json!({"type": request.kind, "configuration": {"id": request.config}});
    must_stay("type", &shown, body)?;
    must_stay("configuration", &shown, body)?;
    let mut updates = params::updates(&subject.scope(), &request.params, body)?;
    must_be_writable(subject.caller(who), &updates)?;
    let is_draft = request.status == RequestStatus::Draft;
    if is_draft {
        updates.iter_mut().for_each(|update| update.keep_read_only(&request.params));
    }
    params::must_differ(&updates, &subject.values_beside(state))?;
    let notes = notes(body)?.map_or_else(|| request.notes.clone(), String::into);
    let write = if is_draft { params::corrected } else { params::written };
    Ok((write(&request.params, &updates), notes))
}
