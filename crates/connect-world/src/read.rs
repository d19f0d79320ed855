//! Reads of one object.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::RequestId;
use serde::Serialize;

use crate::actor::Actor;
use crate::asset::record::AssetRecord;
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::request::record::RequestRecord;
use crate::request::view::RequestView;
use crate::state::State;
use crate::view::parts::RequestParts;

/// Room for an object of usual size, so that writing it does not grow the buffer.
const USUAL_SIZE: usize = 4096;

/// Returns an object as the body of an answer.
pub(crate) fn json(object: &impl Serialize) -> Result<Bytes, Denial> {
    let mut body = Vec::with_capacity(USUAL_SIZE);
    serde_json::to_writer(&mut body, object).map_err(|_| Denial::broken())?;
    // The log keeps bodies by their length: short ones give back the room they do not need.
    if body.len() < USUAL_SIZE / 2 {
        body.shrink_to_fit();
    }
    Ok(body.into())
}

/// A request with what it is about, where the world has them.
pub(crate) struct Visible<'w> {
    pub(crate) request: &'w Arc<RequestRecord>,
    pub(crate) asset: &'w Arc<AssetRecord>,
    pub(crate) product: &'w Arc<ProductRecord>,
}

/// Returns the request, when the caller may see it. A form's code opens one request to anybody.
pub(crate) fn visible<'w>(
    state: &'w State,
    who: &Actor,
    id: &str,
    code: Option<&str>,
) -> Result<Visible<'w>, Denial> {
    let request = state.requests.get(id).ok_or_else(Denial::not_found)?;
    let asset = state.assets.get(request.asset.as_str()).ok_or_else(Denial::not_found)?;
    let product = state.shared.product(asset.product.as_str()).ok_or_else(Denial::not_found)?;
    match who {
        Actor::Token(token) if !state.shared.may_see_asset(token, asset) => {
            return Err(Denial::not_found());
        }
        Actor::Customer if code.is_none() => return Err(Denial::forbidden()),
        _ => {}
    }
    if code.is_some() && code != request.form_code.as_deref() {
        return Err(Denial::forbidden());
    }
    Ok(Visible { request, asset, product })
}

/// Returns an asset with its product, when the caller may see them.
pub(crate) fn visible_asset<'w>(
    state: &'w State,
    who: &Actor,
    id: &str,
) -> Result<(&'w Arc<AssetRecord>, &'w Arc<ProductRecord>), Denial> {
    let token = who.token()?;
    let asset = state.assets.get(id).ok_or_else(Denial::not_found)?;
    let product = state.shared.product(asset.product.as_str()).ok_or_else(Denial::not_found)?;
    if state.shared.may_see_asset(token, asset) {
        Ok((asset, product))
    } else {
        Err(Denial::not_found())
    }
}

/// Returns a request as the platform shows it, for those who were let through already.
pub(crate) fn show_request(state: &State, who: &Actor, id: &RequestId) -> Result<Bytes, Denial> {
    let request = state.requests.get(id.as_str()).ok_or_else(Denial::not_found)?;
    found(view_request(state, request, RequestParts::default().for_caller(who)))
}

pub(crate) fn view_request<'w>(
    state: &'w State,
    request: &'w RequestRecord,
    parts: RequestParts,
) -> Option<RequestView<'w>> {
    let asset = state.assets.get(request.asset.as_str())?;
    let product = state.shared.product(asset.product.as_str())?;
    Some(RequestView::new((state, state.now), request, asset, product, parts))
}

fn found(object: Option<impl Serialize>) -> Result<Bytes, Denial> {
    json(&object.ok_or_else(Denial::not_found)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_cannot_be_written_is_a_defect_of_the_emulator_not_of_the_call() {
        let without_text_keys = BTreeMap::from([((1, 2), 3)]);
        assert_eq!(json(&without_text_keys).unwrap_err(), Denial::broken());
    }

    #[test]
    fn a_short_body_does_not_keep_the_room_of_a_usual_one() {
        let body = json(&["short"]).unwrap();
        assert!(body.try_into_mut().unwrap().capacity() < USUAL_SIZE / 2);
    }
}
