//! Drafts: put together at leisure, and ordered as if they were created now.

use std::sync::Arc;

use connect_model::lifecycle::asset_request as lifecycle;
use connect_model::{AssetRequestType, AssetStatus, RequestStatus};
use serde_json::Value;

use crate::actor::{Actor, Token};
use crate::asset::record::AssetRecord;
use crate::asset::record::TierRow;
use crate::body;
use crate::denial::Denial;
use crate::request::approve::approve_by_itself;
use crate::request::begin::{must_be_free, newest_versions};
use crate::request::composition::{composition, must_change_something, rebased};
use crate::request::purchase::{HubNames, must_be_new};
use crate::request::record::RequestRecord;
use crate::request::turn::{Subject, first_status, turn, write_params};
use crate::request::{editable, params, renewal, transfer};
use crate::row::{Items, steady};
use crate::state::State;
use crate::tier_account::commands::{mentions, tiers_of};
use crate::tier_config_request::set_up::set_up;

/// Writes what only drafts take: items, accounts and the hub's names.
pub(crate) fn write_draft(
    state: &mut State,
    token: &Token,
    subject: &Subject,
    body: &Value,
) -> Result<(), Denial> {
    let Subject { request, asset, product } = subject;
    let is_purchase = request.kind == AssetRequestType::Purchase;
    let items = subject.items_of(body)?;
    let names = HubNames::of(body)?;
    if is_purchase {
        must_be_new(state, product, &asset.connection, Some(&asset.id), body)?;
    }
    let tiers = draft_tiers(state, token, subject, body)?;
    state.change::<RequestRecord>(&request.id, |request| {
        request.items = Arc::clone(&items);
        request.tiers = Arc::clone(&tiers);
        if request.kind == AssetRequestType::Transfer {
            request.moved = asset.tiers.differences(&tiers);
        }
    });
    if is_purchase {
        state.change::<AssetRecord>(&asset.id, |asset| {
            (asset.items, asset.tiers) = (items, tiers);
            names.write(asset);
        });
    }
    Ok(())
}

/// Returns the accounts after a body; the draft's own when it names none.
fn draft_tiers(
    state: &mut State,
    token: &Token,
    subject: &Subject,
    body: &Value,
) -> Result<Arc<TierRow>, Denial> {
    let Subject { request, asset, product } = subject;
    let names_tiers = !body::at(body, "asset.tiers").is_null();
    match request.kind {
        AssetRequestType::Purchase if names_tiers => {
            let mentions = mentions(state, token, body)?;
            tiers_of(state, token, asset.is_preview(), product, &request.tiers, mentions)
        }
        AssetRequestType::Transfer => {
            let base = transfer::rebased(request, asset);
            if names_tiers {
                transfer::accounts(state, token, (asset, &base), product, body)
            } else {
                Ok(base)
            }
        }
        _ => Ok(Arc::clone(&request.tiers)),
    }
}

/// Carries out `POST /requests/{id}/purchase` and `…/submit`. The asset may have gone on since the
/// draft was made: what the draft does not ask for follows it.
pub(crate) fn order(state: &mut State, who: &Actor, subject: &Subject) -> Result<(), Denial> {
    let Subject { request, asset, product } = subject;
    must_be_free(state, &request.kind, asset, product)?;
    editable::must_be_capable(&request.kind, product)?;
    let begun = subject.begun()?;
    let items = subject.items_now()?;
    let tiers = tiers_now(state, subject)?;
    state.change::<AssetRecord>(&asset.id, |asset| asset.status = begun);
    state.change::<RequestRecord>(&request.id, |request| {
        (request.items, request.tiers) = (items, Arc::clone(&tiers));
        request.before = asset.status.clone();
        request.previous_approved.clone_from(&asset.approved);
    });
    let status = first_status(state, &request.kind, asset, product, (&request.params, &tiers));
    if status == RequestStatus::Inquiring {
        let demands = params::with_demands(&product.for_assets(), &request.params);
        write_params(state, subject, demands);
    }
    turn(state, who.signature(), subject, &status, |_| ());
    if status == RequestStatus::TiersSetup {
        set_up(state, product, asset.channel(), &tiers);
    }
    approve_by_itself(state, &request.id);
    Ok(())
}

/// Returns the newest versions of the accounts: a purchase brings its own, and a transfer some, as
/// long as they are others than the asset has by now.
fn tiers_now(state: &State, subject: &Subject) -> Result<Arc<TierRow>, Denial> {
    let Subject { request, asset, .. } = subject;
    let tiers = match request.kind {
        AssetRequestType::Purchase => Arc::clone(&request.tiers),
        AssetRequestType::Transfer => transfer::rebased(request, asset),
        _ => Arc::clone(&asset.tiers),
    };
    if !request.moved.is_empty() {
        transfer::must_move(asset, &tiers)?;
    }
    Ok(newest_versions(state, &tiers))
}

impl Subject {
    /// Returns the items after a body; the draft's own when it names none.
    fn items_of(&self, body: &Value) -> Result<Items, Denial> {
        let Self { request, asset, product } = self;
        let names_items = !body::at(body, "asset.items").is_null();
        match &request.kind {
            AssetRequestType::Renew if names_items => renewal::renewed(asset, product, body),
            kind if names_items && chooses_items(kind) => composition(kind, asset, product, body),
            _ => Ok(Arc::clone(&request.items)),
        }
    }

    /// Returns the status of the asset once the draft is ordered.
    fn begun(&self) -> Result<AssetStatus, Denial> {
        match &self.request.kind {
            AssetRequestType::Purchase => Ok(AssetStatus::Processing),
            kind => lifecycle::on_create(kind, &self.asset.status).map_err(Denial::conflict),
        }
    }

    /// Returns the items the draft asks for, on what the asset has by now, when it still asks for
    /// anything and the product still allows it.
    fn items_now(&self) -> Result<Items, Denial> {
        let Self { request, asset, product } = self;
        let edited = params::edited(&asset.params, &request.params);
        let edits_values = !edited.is_empty();
        for spec in
            edited.iter().filter_map(|row| product.for_assets().mentioned_parameter(&row.key))
        {
            editable::must_be_editable(&request.kind, &spec.parameter.phase, product)?;
        }
        let items = match &request.kind {
            AssetRequestType::Purchase => Arc::clone(&request.items),
            AssetRequestType::Renew => renewal::rebased(&request.items, asset, product)?,
            kind if chooses_items(kind) => rebased(&request.items, &asset.items)?,
            _ => steady(&asset.items),
        };
        if request.kind == AssetRequestType::Change && !edits_values {
            must_change_something(&items)?;
        }
        Ok(items)
    }
}

/// Whether requests of a type choose how much of what.
fn chooses_items(kind: &AssetRequestType) -> bool {
    matches!(kind, AssetRequestType::Purchase | AssetRequestType::Change)
}
