//! Drafts: put together at leisure, and ordered as if they were created now.

use std::sync::Arc;

use connect_model::lifecycle::asset_request as lifecycle;
use connect_model::{AssetRequestType, AssetStatus, RequestStatus};
use serde_json::Value;

use super::asset::TierRow;
use super::create;
use super::items::{composition, must_change_something, rebased};
use super::operate::{Subject, first_status};
use super::purchase::HubNames;
use super::row::{Items, steady};
use super::{Actor, Denied, Token, World, body, params};

impl World {
    /// Writes what only drafts take: items, accounts and the hub's names.
    pub(super) fn write_draft(
        &mut self,
        token: &Token,
        subject: &Subject,
        body: &Value,
    ) -> Result<(), Denied> {
        let Subject { request, asset, product } = subject;
        let is_purchase = request.kind == AssetRequestType::Purchase;
        let items = subject.items_of(body)?;
        let names = HubNames::of(body)?;
        if is_purchase {
            self.must_be_new(product, &asset.connection, Some(&asset.id), body)?;
        }
        let tiers = self.draft_tiers(token, subject, body)?;
        self.write_request(&request.id, |request| {
            request.items = Arc::clone(&items);
            request.tiers = Arc::clone(&tiers);
        });
        if is_purchase {
            self.write_asset(&asset.id, |asset| {
                (asset.items, asset.tiers) = (items, tiers);
                names.write(asset);
            });
        }
        Ok(())
    }

    /// The accounts after a body; the draft's own when it names none.
    fn draft_tiers(
        &mut self,
        token: &Token,
        subject: &Subject,
        body: &Value,
    ) -> Result<Arc<TierRow>, Denied> {
        let Subject { request, asset, product } = subject;
        let names_tiers = !body::at(body, "asset.tiers").is_null();
        match request.kind {
            AssetRequestType::Purchase | AssetRequestType::Transfer if names_tiers => {
                self.tiers_of(token, asset.is_preview(), product, &request.tiers, body)
            }
            _ => Ok(Arc::clone(&request.tiers)),
        }
    }

    /// `POST /requests/{id}/purchase` and `…/submit`. The asset may have gone on since the draft
    /// was made: what the draft does not ask for follows it.
    pub(super) fn order(&mut self, who: &Actor, subject: &Subject) -> Result<(), Denied> {
        let Subject { request, asset, product } = subject;
        self.must_be_free(&request.kind, asset, product)?;
        let begun = subject.begun()?;
        let items = subject.items_now()?;
        let tiers = self.tiers_now(subject);
        self.write_asset(&asset.id, |asset| asset.status = begun);
        self.write_request(&request.id, |request| {
            (request.items, request.tiers) = (items, tiers);
            request.before = asset.status.clone();
            request.previous_approved.clone_from(&asset.approved);
        });
        let status = first_status(&request.kind, product, &request.params);
        if status == RequestStatus::Inquiring {
            let demands = params::with_demands(product, &request.params);
            self.write_params(subject, demands);
        }
        self.turn(who, subject, &status, |_| ());
        Ok(())
    }

    /// The newest versions of the accounts: a purchase and a transfer bring their own.
    fn tiers_now(&self, subject: &Subject) -> Arc<TierRow> {
        match subject.request.kind {
            AssetRequestType::Purchase | AssetRequestType::Transfer => {
                self.newest_versions(&subject.request.tiers)
            }
            _ => self.newest_versions(&subject.asset.tiers),
        }
    }
}

impl Subject {
    /// The items after a body; the draft's own when it names none.
    fn items_of(&self, body: &Value) -> Result<Items, Denied> {
        let Self { request, asset, product } = self;
        let names_items = !body::at(body, "asset.items").is_null();
        match &request.kind {
            kind if names_items && chooses_items(kind) => composition(kind, asset, product, body),
            _ => Ok(Arc::clone(&request.items)),
        }
    }

    /// The status of the asset once the draft is ordered.
    fn begun(&self) -> Result<AssetStatus, Denied> {
        match &self.request.kind {
            AssetRequestType::Purchase => Ok(AssetStatus::Processing),
            kind => lifecycle::on_create(kind, &self.asset.status).map_err(Denied::conflict),
        }
    }

    /// The items the draft asks for, on what the asset has by now, when it still asks for anything
    /// and the product still allows it.
    fn items_now(&self) -> Result<Items, Denied> {
        let Self { request, asset, product } = self;
        let edits_values = !params::edited(&asset.params, &request.params).is_empty();
        if edits_values {
            create::must_be_editable(&request.kind, product)?;
        }
        let items = match &request.kind {
            AssetRequestType::Purchase => Arc::clone(&request.items),
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
    use AssetRequestType::{Change, Purchase, Renew};
    matches!(kind, Purchase | Change | Renew)
}
