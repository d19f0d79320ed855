//! `POST /requests`: new requests on assets there are. Purchases, which bring their asset, are in
//! `purchase`.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::lifecycle::asset_request as lifecycle;
use connect_model::{AssetRequestType, ParameterPhase, RequestId};
use serde_json::Value;

use crate::actor::{Actor, Token};
use crate::asset::record::AssetRecord;
use crate::body;
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::read::{show_request, visible_asset};
use crate::refusal_text;
use crate::request::approve::approve_by_itself;
use crate::request::begin::Draft;
use crate::request::begin::begin;
use crate::request::begin::must_be_free;
use crate::request::begin::newest_versions;
use crate::request::composition::{composition, must_change_something};
use crate::request::editable::{self, is_draft, must_be_writable};
use crate::request::params;
use crate::request::params::{Update, must_be_unique};
use crate::request::purchase::create_purchase;
use crate::request::turn::planned_date;
use crate::request::{renewal, transfer};
use crate::row::{Items, steady};
use crate::state::State;

pub(crate) fn create_request(
    state: &mut State,
    who: &Actor,
    body: &Value,
) -> Result<Bytes, Denial> {
    let token = who.token()?;
    let id = match kind(body)? {
        AssetRequestType::Purchase => create_purchase(state, who, token, body)?,
        kind => create_on_asset(state, who, token, &kind, body)?,
    };
    show_request(state, who, &id)
}

fn create_on_asset(
    state: &mut State,
    who: &Actor,
    token: &Token,
    kind: &AssetRequestType,
    body: &Value,
) -> Result<RequestId, Denial> {
    let id = body::required(body, "asset.id")?;
    let (asset, product) = visible_asset(state, who, &id)?;
    let (asset, product) = (Arc::clone(asset), Arc::clone(product));
    if !lifecycle::may_create(kind, who.caller(asset.is_preview())) {
        return Err(Denial::forbidden());
    }
    let begun = lifecycle::on_create(kind, &asset.status).map_err(Denial::conflict)?;
    must_be_free(state, kind, &asset, &product)?;
    let draft = draft_on_asset(state, token, kind, &asset, &product, body)?;
    let id = begin(state, who, &asset.id, &product, draft, body);
    approve_by_itself(state, &id);
    let is_live = state.requests.get(id.as_str()).is_some_and(|request| request.is_open());
    if is_live && begun != asset.status {
        state.change::<AssetRecord>(&asset.id, |asset| asset.status = begun);
    }
    Ok(id)
}

fn draft_on_asset(
    state: &mut State,
    token: &Token,
    kind: &AssetRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
    body: &Value,
) -> Result<Draft, Denial> {
    editable::must_be_capable(kind, product)?;
    let updates = params_of(kind, asset, product, body)?;
    must_be_unique(state, product, Some(&asset.id), &updates)?;
    let draft = Draft {
        kind: kind.clone(),
        is_draft: is_draft(kind, product, body)?,
        before: asset.status.clone(),
        items: items_on(kind, asset, product, body, &updates)?,
        params: params::written(&params::rows_for(&product.for_assets(), &asset.params), &updates),
        planned_date: planned_date(state, body)?,
        tiers: newest_versions(state, &asset.tiers),
    };
    if *kind != AssetRequestType::Transfer {
        return Ok(draft);
    }
    let tiers = transfer::accounts(state, token, (asset, &asset.tiers), product, body)?;
    Ok(Draft { tiers, ..draft })
}

fn kind(body: &Value) -> Result<AssetRequestType, Denial> {
    let word = body::required(body, "type")?;
    match AssetRequestType::from(word.as_str()) {
        AssetRequestType::Other(word) => {
            Err(Denial::invalid(format!("type: {}", refusal_text::not_a_choice(&word))))
        }
        kind => Ok(kind),
    }
}

/// Returns the values a new request on an asset writes.
fn params_of(
    kind: &AssetRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
    body: &Value,
) -> Result<Vec<Update>, Denial> {
    let ordering = lifecycle::editing_capability(kind, &ParameterPhase::Ordering);
    if *kind != AssetRequestType::Adjustment && ordering.is_none() {
        return Ok(Vec::new());
    }
    let mut updates = params::updates(&product.for_assets(), &asset.params, body)?;
    must_be_writable(kind, asset, product, &updates)?;
    if *kind != AssetRequestType::Adjustment {
        updates.retain(|update| update.changes(&asset.params));
    }
    Ok(updates)
}

fn items_on(
    kind: &AssetRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
    body: &Value,
    updates: &[Update],
) -> Result<Items, Denial> {
    match kind {
        AssetRequestType::Change if updates.is_empty() => {
            let rows = composition(kind, asset, product, body)?;
            must_change_something(&rows)?;
            Ok(rows)
        }
        AssetRequestType::Change => composition(kind, asset, product, body),
        AssetRequestType::Renew => renewal::renewed(asset, product, body),
        _ => Ok(steady(&asset.items)),
    }
}
