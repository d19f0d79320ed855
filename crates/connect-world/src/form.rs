//! The forms of inquiries, in which those who are asked see their request.

use bytes::Bytes;

use crate::actor::Actor;
use crate::denial::Denial;
use crate::read::{show_request, visible};
use crate::state::State;
use crate::tier_config_request::subject::Subject;
use crate::tier_config_request::view::show;

/// Returns a request of whatever family as the form of its inquiry shows it to whoever knows the
/// form's code.
pub(crate) fn form(state: &State, id: &str, code: &str) -> Result<Bytes, Denial> {
    let who = &Actor::Customer;
    if state.tier_config_requests.get(id).is_some() {
        Subject::seen_by(state, who, id, Some(code))?;
        return show(state, who, &id.into());
    }
    visible(state, who, id, Some(code))?;
    show_request(state, who, &id.into())
}
