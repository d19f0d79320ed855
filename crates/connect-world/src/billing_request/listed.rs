//! `/subscriptions/requests`, and the billing requests of one asset.

use std::sync::{Arc, LazyLock};

use connect_model::lifecycle::Caller;
use connect_model::lifecycle::billing_request::may_see;
use connect_model::{AssetId, BillingPeriod, BillingRequestType, ConnectionType};
use serde_json::{Value, json};

use crate::billing_request::record::BillingRequestRecord;
use crate::billing_request::view::BillingRequestView;
use crate::denial::Denial;
use crate::listed::Look;
use crate::party::record::{NO_CONTRACT, NO_MARKETPLACE};
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::read::visible_asset;
use crate::shown;
use crate::shown::{Shown, choices, elements, schema, texts, times};

/// The billing requests that the caller may see.
pub(crate) struct BillingRequests;

/// Those for one asset.
pub(crate) struct BillingRequestsOfAsset;

impl Shown for BillingRequests {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &BILLING_REQUESTS
    }

    fn all(look: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        Ok(shown_of(look, look.state.billing_requests.iter()))
    }

    fn one(look: Look<'_>, (): &(), id: &str) -> Result<Value, Denial> {
        let (request, _) = visible(look, id)?;
        Ok(json!(BillingRequestView::new(look.state, request)?))
    }
}

impl Shown for BillingRequestsOfAsset {
    type Parent = AssetId;

    fn schema() -> &'static Schema<Value> {
        &BILLING_REQUESTS
    }

    fn all(look: Look<'_>, asset: &AssetId) -> Result<Vec<Value>, Denial> {
        visible_asset(look.state, look.who, asset.as_str())?;
        Ok(shown_of(look, look.state.bills_of(asset)))
    }
}

fn shown_of<'w>(
    look: Look<'w>,
    requests: impl Iterator<Item = &'w Arc<BillingRequestRecord>>,
) -> Vec<Value> {
    let seen = requests.filter(|request| caller_of(look, request).is_ok());
    shown::shown(seen.filter_map(|request| BillingRequestView::new(look.state, request).ok()))
}

/// Returns a billing request that the caller may see, and what the caller is to it.
pub(crate) fn visible<'w>(
    look: Look<'w>,
    id: &str,
) -> Result<(&'w Arc<BillingRequestRecord>, Caller), Denial> {
    let request = look.state.billing_requests.get(id).ok_or_else(Denial::not_found)?;
    Ok((request, caller_of(look, request)?))
}

/// Returns what a caller is to a billing request.
fn caller_of(look: Look<'_>, request: &BillingRequestRecord) -> Result<Caller, Denial> {
    let (asset, _) = visible_asset(look.state, look.who, request.asset.as_str())?;
    let caller = look.who.caller(asset.is_preview());
    if may_see(&request.kind, caller) { Ok(caller) } else { Err(Denial::not_found()) }
}

static BILLING_REQUESTS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    let fields = schema([
        texts![
            "id" "asset.id" "asset.external_id" "asset.external_uid"
            "asset.product.id" "asset.product.name" "asset.marketplace.name"
            "asset.connection.id" "asset.connection.hub.id" "asset.connection.hub.name"
            "asset.connection.provider.id" "asset.connection.provider.name"
            "asset.connection.vendor.id" "asset.connection.vendor.name"
            "asset.tiers.customer.id" "asset.tiers.customer.name"
            "asset.tiers.tier1.id" "asset.tiers.tier2.id"
        ],
        vec![
            Field::text("asset.contract.id", |row| shown::text(row, "asset.contract.id"))
                .null_id(NO_CONTRACT),
            Field::text("asset.marketplace.id", |row| shown::text(row, "asset.marketplace.id"))
                .null_id(NO_MARKETPLACE),
        ],
        choices![
            "type": BillingRequestType::KNOWN,
            "asset.connection.type": ConnectionType::KNOWN,
            "asset.billing.period.uom": BillingPeriod::RECURRING,
            "period.uom": BillingPeriod::RECURRING,
        ],
        times![
            "asset.billing.next_date" "events.created.at" "events.updated.at" "period.from"
            "period.to"
        ],
    ]);
    let param = Schema::new(texts!["name" "value"]);
    fields.list("asset.params", param, |row| elements(row, "asset.params"))
});
