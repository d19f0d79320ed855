//! What is billed: one month of a subscription.

use anyhow::{Context, Result};
use connect_model::{
    AssetId, BilledPeriod, BillingPeriod, BillingRequestId, BillingRequestType, NewBillingRequest,
};
use connect_world::command::BillingRequestCommand;
use serde_json::json;

use crate::Stage;

/// Bills a trial.
pub(super) async fn play(stage: &Stage, asset: &AssetId) -> Result<BillingRequestId> {
    let march = BilledPeriod {
        from: "2026-03-01T00:00:00Z".parse().ok(),
        to: "2026-04-01T00:00:00Z".parse().ok(),
        delta: Some(1.into()),
        uom: BillingPeriod::Monthly,
    };
    let bill = NewBillingRequest::new(BillingRequestType::Vendor, asset, march)
        .item("MPN-A")
        .attribute("invoice", "N-17");
    let made = stage.apply(BillingRequestCommand::Create { body: json!(bill) }).await?;
    Ok(made["id"].as_str().context("a billing request has an id")?.into())
}
