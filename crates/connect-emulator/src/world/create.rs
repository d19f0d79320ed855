//! `POST /requests`: new requests on assets there are. Purchases, which bring their asset, are in
//! `purchase`.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::lifecycle::asset_request as lifecycle;
use connect_model::{
    AssetId, AssetRequestType, AssetStatus, Capabilities, ConversationId, DateTime, Refusal,
    RequestId, RequestStatus,
};
use serde_json::{Value, json};

use super::asset::{AssetRecord, TierRow};
use super::items::{composition, must_change_something};
use super::operate::{first_status, verdict};
use super::params::{self, Update};
use super::product::ProductRecord;
use super::request::{RequestRecord, Turn};
use super::row::{Items, Params, steady};
use super::view::TemplateRef;
use super::{Actor, Denied, Side, Token, World, body};

/// What the platform says when a product without Administrative Hold is asked for it.
const NO_HOLD: &str = "The product doesn't support suspend/resume operations.";

/// A request that was accepted and is about to be made.
pub(super) struct Draft {
    pub(super) kind: AssetRequestType,
    pub(super) is_draft: bool,
    pub(super) before: AssetStatus,
    pub(super) items: Items,
    pub(super) params: Params,
    pub(super) tiers: Arc<TierRow>,
    pub(super) planned_date: Option<DateTime>,
}

impl World {
    pub(super) fn create_request(&mut self, who: &Actor, body: &Value) -> Result<Bytes, Denied> {
        let token = who.token()?;
        let id = match kind(body)? {
            AssetRequestType::Purchase => self.create_purchase(who, token, body)?,
            kind => self.create_on_asset(who, token, &kind, body)?,
        };
        self.show_request(&id)
    }

    fn create_on_asset(
        &mut self,
        who: &Actor,
        token: &Token,
        kind: &AssetRequestType,
        body: &Value,
    ) -> Result<RequestId, Denied> {
        let id = body::required(body, "asset.id")?;
        let (asset, product) = self.visible_asset(who, &id)?;
        let (asset, product) = (Arc::clone(asset), Arc::clone(product));
        may_create(token, kind, &asset)?;
        let begun = lifecycle::on_create(kind, &asset.status).map_err(Denied::conflict)?;
        self.must_be_free(kind, &asset, &product)?;
        let draft = self.draft_on_asset(token, kind, &asset, &product, body)?;
        let id = self.begin(who, &asset.id, &product, draft, body);
        let is_live = self.requests.get(id.as_str()).is_some_and(|request| request.is_open());
        if is_live && begun != asset.status {
            self.write_asset(&asset.id, |asset| asset.status = begun);
        }
        Ok(id)
    }

    fn draft_on_asset(
        &mut self,
        token: &Token,
        kind: &AssetRequestType,
        asset: &AssetRecord,
        product: &ProductRecord,
        body: &Value,
    ) -> Result<Draft, Denied> {
        must_be_capable(kind, product)?;
        let updates = params_of(kind, asset, product, body)?;
        self.must_be_unique(product, Some(&asset.id), &updates)?;
        let draft = Draft {
            kind: kind.clone(),
            is_draft: is_draft(kind, product, body)?,
            before: asset.status.clone(),
            items: items_on(kind, asset, product, body, &updates)?,
            params: params::written(&params::rows_for(product, &asset.params), &updates),
            planned_date: self.planned_date(body)?,
            tiers: self.newest_versions(&asset.tiers),
        };
        if *kind != AssetRequestType::Transfer {
            return Ok(draft);
        }
        let tiers = self.tiers_of(token, asset.is_preview(), product, &asset.tiers, body)?;
        Ok(Draft { tiers, ..draft })
    }

    /// Refuses a second request on an asset, unless it is an adjustment beside a change and the
    /// product lets them stand together.
    pub(super) fn must_be_free(
        &self,
        kind: &AssetRequestType,
        asset: &AssetRecord,
        product: &ProductRecord,
    ) -> Result<(), Denied> {
        let beside = *kind == AssetRequestType::Adjustment
            && product.is_on(Capabilities::SIMULTANEOUS_ADJUSTMENT);
        let stands_aside = |kind: &AssetRequestType| beside && *kind == AssetRequestType::Change;
        match self.open_requests(&asset.id).find(|open| !stands_aside(&open.kind)) {
            Some(open) => {
                let text = format!("Asset has open request {}.", open.id);
                Err(self.conflict_with(open, asset, product, text))
            }
            None => Ok(()),
        }
    }

    /// 409 with all that a hub wants to know of the request that is in the way.
    pub(super) fn conflict_with(
        &self,
        request: &RequestRecord,
        asset: &AssetRecord,
        product: &ProductRecord,
        text: String,
    ) -> Denied {
        let template = request.template.as_ref().map(|id| {
            let mut shown = json!(TemplateRef::new(id, product));
            let body = product.template(id).map_or("", |template| &template.body);
            shown["message"] = self.fill_for_request(&request.id, body).into();
            shown
        });
        let refusal = Refusal::new("REQ_002", text)
            .with("request_id", request.id.as_str())
            .with("request_status", request.status.as_str())
            .with("asset_id", asset.id.as_str())
            .with("asset_status", asset.status.as_str())
            .with("fail_message", &*request.reason)
            .with("template", template)
            .with("params_form_url", self.form_url(request));
        Denied::conflict(refusal)
    }

    /// Makes the request and sends it on its way: to its first status, or to rest as a draft.
    pub(super) fn begin(
        &mut self,
        who: &Actor,
        asset: &AssetId,
        product: &ProductRecord,
        draft: Draft,
        body: &Value,
    ) -> RequestId {
        let status = match draft.is_draft {
            true => RequestStatus::Draft,
            false => first_status(&draft.kind, product, &draft.params),
        };
        let mut request = self.blank(asset, draft, status.clone());
        request.creator = who.signature();
        request.template = product.template_at(&status);
        request.note = body::text(body, "note").unwrap_or_default().into();
        request.external_attributes =
            body.get("external_attributes").filter(|it| it.is_object()).cloned().map(Box::new);
        match status {
            RequestStatus::Inquiring => {
                request.params = params::with_demands(product, &request.params);
                request.form_code = Some(self.numbers.code());
            }
            RequestStatus::Failed => request.reason = NO_HOLD.into(),
            _ => {}
        }
        if !matches!(status, RequestStatus::Draft | RequestStatus::Pending) {
            let by = request.creator.clone();
            request.turns.push(Turn { to: status.clone(), at: self.now, by });
        }
        self.open_conversation(&request);
        let id = request.id.clone();
        self.add_request(request);
        if let Some(verdict) = verdict(&status) {
            self.conclude(&id, verdict);
        }
        id
    }

    /// A request as it is made, before anybody wrote to it.
    pub(super) fn blank(
        &mut self,
        asset: &AssetId,
        draft: Draft,
        status: RequestStatus,
    ) -> RequestRecord {
        let counter = self.history(asset.as_str()).next_back().map_or(0, |last| last.counter());
        let approved = self.assets.get(asset.as_str()).and_then(|asset| asset.approved.clone());
        RequestRecord {
            id: RequestId::of(asset, counter + 1),
            kind: draft.kind,
            status,
            asset: asset.clone(),
            before: draft.before,
            created: self.now,
            creator: None,
            updated: self.now,
            turns: Vec::new(),
            items: draft.items,
            params: draft.params,
            tiers: draft.tiers,
            conversation: ConversationId::from_number(self.numbers.issue()),
            note: "".into(),
            reason: "".into(),
            answered: false,
            assignee: None,
            activation_key: "".into(),
            template: None,
            form_code: None,
            effective_date: None,
            planned_date: draft.planned_date,
            previous_approved: approved,
            external_attributes: None,
        }
    }

    pub(super) fn newest_versions(&self, tiers: &Arc<TierRow>) -> Arc<TierRow> {
        let newest = |tier: &Option<super::TierRef>| {
            tier.as_ref().and_then(|tier| self.shared.tier_account(tier)).map(|it| it.reference())
        };
        let row = TierRow {
            customer: newest(&tiers.customer),
            tier1: newest(&tiers.tier1),
            tier2: newest(&tiers.tier2),
        };
        if row == **tiers { Arc::clone(tiers) } else { Arc::new(row) }
    }
}

fn kind(body: &Value) -> Result<AssetRequestType, Denied> {
    let word = body::required(body, "type")?;
    match AssetRequestType::from(word.as_str()) {
        AssetRequestType::Other(word) => {
            Err(Denied::invalid(format!("type: {}", body::not_a_choice(&word))))
        }
        kind => Ok(kind),
    }
}

/// Distributors sell, so they create everything but adjustments; these are the vendor's, who
/// creates the rest only on its own trials.
fn may_create(token: &Token, kind: &AssetRequestType, asset: &AssetRecord) -> Result<(), Denied> {
    let is_adjustment = *kind == AssetRequestType::Adjustment;
    let may = match token.side {
        Side::Vendor => is_adjustment || asset.is_preview(),
        Side::Distributor => !is_adjustment,
    };
    if may { Ok(()) } else { Err(Denied::forbidden()) }
}

fn must_be_capable(kind: &AssetRequestType, product: &ProductRecord) -> Result<(), Denied> {
    let capability = match kind {
        AssetRequestType::Renew => "subscription.renew.enable_renew",
        AssetRequestType::Transfer => "subscription.transfer.enable_transfer",
        _ => return Ok(()),
    };
    if product.is_on(capability) {
        return Ok(());
    }
    let text = format!("type: Requests of type {kind} need the capability {capability}.");
    Err(Denied::invalid(text))
}

/// Whether the body asks for a draft. Other statuses in a body are ignored.
pub(super) fn is_draft(
    kind: &AssetRequestType,
    product: &ProductRecord,
    body: &Value,
) -> Result<bool, Denied> {
    if body::text(body, "status").as_deref() != Some("draft") {
        return Ok(false);
    }
    match lifecycle::draft_capability(kind) {
        Some(capability) if product.is_on(capability) => Ok(true),
        Some(capability) => {
            let text = format!("status: Draft requests need the capability {capability}.");
            Err(Denied::invalid(text))
        }
        None => Err(Denied::invalid(format!("status: Requests of type {kind} are never drafts."))),
    }
}

/// The values a new request on an asset writes.
fn params_of(
    kind: &AssetRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
    body: &Value,
) -> Result<Vec<Update>, Denied> {
    if *kind != AssetRequestType::Adjustment && editing_capability(kind).is_none() {
        return Ok(Vec::new());
    }
    let mut updates = params::updates(product, &asset.params, body)?;
    must_be_writable(kind, asset, product, &updates)?;
    if *kind != AssetRequestType::Adjustment {
        updates.retain(|update| update.changes(&asset.params));
    }
    Ok(updates)
}

/// Refuses values that a new request or a draft may not bring. A hub may repeat the values of a
/// subscription it cannot edit; only other ones are refused.
pub(super) fn must_be_writable(
    kind: &AssetRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
    updates: &[Update],
) -> Result<(), Denied> {
    let others: Vec<&Update> = match kind {
        AssetRequestType::Adjustment => return Ok(()),
        AssetRequestType::Purchase => updates.iter().collect(),
        _ => updates.iter().filter(|update| update.changes(&asset.params)).collect(),
    };
    others.iter().try_for_each(|update| update.must_be_ordering())?;
    if others.is_empty() { Ok(()) } else { must_be_editable(kind, product) }
}

/// Refuses other values than the subscription has, unless the product lets requests of the type
/// bring them.
pub(super) fn must_be_editable(
    kind: &AssetRequestType,
    product: &ProductRecord,
) -> Result<(), Denied> {
    match editing_capability(kind) {
        Some(capability) if !product.is_on(capability) => {
            let text = format!("asset.params: Changing values needs the capability {capability}.");
            Err(Denied::invalid(text))
        }
        _ => Ok(()),
    }
}

/// The switch that lets requests of a type on an asset bring other values than it has.
fn editing_capability(kind: &AssetRequestType) -> Option<&'static str> {
    match kind {
        AssetRequestType::Change => Some(Capabilities::EDITABLE_ORDERING),
        AssetRequestType::Renew => Some("subscription.renew.editable_ordering_parameters"),
        AssetRequestType::Transfer => Some("subscription.transfer.editable_ordering_parameters"),
        _ => None,
    }
}

fn items_on(
    kind: &AssetRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
    body: &Value,
    updates: &[Update],
) -> Result<Items, Denied> {
    match kind {
        AssetRequestType::Change if updates.is_empty() => {
            let rows = composition(kind, asset, product, body)?;
            must_change_something(&rows)?;
            Ok(rows)
        }
        AssetRequestType::Change | AssetRequestType::Renew => {
            composition(kind, asset, product, body)
        }
        _ => Ok(steady(&asset.items)),
    }
}
