//! A customer whose data changes, and what the vendor says to it.

use anyhow::{Context, Result};
use connect_model::{TierAccountId, TierAccountRequestId};
use connect_world::command::{ProductCommand, TierAccountRequestCommand};
use serde_json::json;

use crate::Stage;

/// What of it is worth a visit.
pub(super) struct Customers {
    pub(super) account: TierAccountId,
    /// A request that waits for the vendor.
    pub(super) pending: TierAccountRequestId,
    /// One from when the product did not hear of accounts.
    pub(super) unsupported: TierAccountRequestId,
}

pub(super) async fn play(stage: &Stage, account: &TierAccountId) -> Result<Customers> {
    let unsupported = changed(stage, account, "Calder, Sons & Co.").await?;
    let body = json!({"capabilities": {"tiers": {"updates": true}}});
    stage.apply(ProductCommand::Update { id: stage.emulator.product(), body }).await?;
    let pending = changed(stage, account, "Calder Brothers").await?;
    Ok(Customers { account: account.clone(), pending, unsupported })
}

async fn changed(
    stage: &Stage,
    account: &TierAccountId,
    name: &str,
) -> Result<TierAccountRequestId> {
    let body = json!({"type": "update", "account": {"id": account, "name": name}});
    let made = stage.apply(TierAccountRequestCommand::Create { body }).await?;
    Ok(made[0]["id"].as_str().context("a request has an id")?.into())
}
