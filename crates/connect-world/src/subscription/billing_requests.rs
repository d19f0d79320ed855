//! `/subscriptions/requests`: what was billed for subscriptions. Nothing was, because billing is not
//! emulated.

use std::sync::LazyLock;

use connect_model::ConnectionType;
use serde_json::Value;

use crate::denial::Denial;
use crate::listed::Look;
use crate::party::record::{NO_CONTRACT, NO_MARKETPLACE};
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::shown;
use crate::shown::{Shown, choices, elements, schema, texts, times};
use crate::subscription::listed::PERIODS;

/// The requests by which one party bills another.
pub(crate) struct BillingRequests;

impl Shown for BillingRequests {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &BILLING_REQUESTS
    }

    fn all(_: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        Ok(Vec::new())
    }
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
            "type": &["vendor", "provider"],
            "asset.connection.type": ConnectionType::KNOWN,
            "asset.billing.period.uom": PERIODS,
            "period.uom": PERIODS,
        ],
        times![
            "asset.billing.next_date" "events.created.at" "events.updated.at" "period.from"
            "period.to"
        ],
    ]);
    let param = Schema::new(texts!["name" "value"]);
    fields.list("asset.params", param, |row| elements(row, "asset.params"))
});
