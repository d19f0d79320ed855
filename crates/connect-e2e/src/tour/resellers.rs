//! What is asked of resellers, once the product wants them configured.

use anyhow::{Context, Result};
use connect_model::lifecycle::Operation;
use connect_model::tier_config_request::NewTierConfigRequest;
use connect_model::{
    AssetId, ParameterUpdate, RequestId, TierConfigId, TierConfigRequest, TierConfigRequestId,
};
use connect_world::command::{ProductCommand, TierConfigRequestCommand};
use serde_json::{Value, json};

use crate::Stage;
use crate::sales::{newest, sold};

/// What of it is worth a visit.
pub(super) struct Resellers {
    /// A configuration that is set up, and what is asked of it now.
    pub(super) config: TierConfigId,
    /// One that nothing is asked of.
    pub(super) free: TierConfigId,
    pub(super) update: TierConfigRequestId,
    pub(super) inquiring: TierConfigRequestId,
    /// The path of its reseller's form.
    pub(super) form: String,
    /// The configuration that it sets up.
    pub(super) processing: TierConfigId,
    pub(super) failed: TierConfigRequestId,
    /// A purchase that is for another day.
    pub(super) scheduled: RequestId,
    /// A purchase that waits for it.
    pub(super) waiting: RequestId,
    pub(super) waiting_asset: AssetId,
    /// The subscription of a purchase that a refused reseller took along.
    pub(super) refused_asset: AssetId,
}

pub(super) async fn play(stage: &Stage) -> Result<Resellers> {
    let body = json!({"capabilities": {
        "tiers": {"configs": {"level": 2}}, "subscription": {"purchase": {"scheduling": true}},
    }});
    stage.apply(ProductCommand::Update { id: stage.emulator.product(), body }).await?;
    let (scheduled, _) =
        sold(stage, "Kestrel & Daughters", ["Quay Resale", "Northern Wholesale"]).await?;
    let config = granted(stage, 2, "tier2_reseller_id").await?;
    let free = granted(stage, 1, "reseller_id").await?;
    let day = json!({"planned_date": "2042-01-05T09:00:00+00:00"});
    stage.operate(&scheduled, Operation::Schedule, day).await?;
    let (_, refused_asset) =
        sold(stage, "Elm Street Clinic", ["Hill Resale", "Valley Wholesale"]).await?;
    let reason = json!({"reason": "Fernway has no agreement with this wholesaler."});
    let failed = newest(stage, 2).await?.id;
    operate(stage, &failed, Operation::Fail, reason).await?;
    let (waiting, waiting_asset) =
        sold(stage, "Lumen Opticians", ["Dock Resale", "Southern Wholesale"]).await?;
    granted(stage, 2, "tier2_reseller_id").await?;
    let inquiring = inquired(stage).await?;
    let value = ParameterUpdate::value("tier2_reseller_id", "F-2002");
    let body = json!(NewTierConfigRequest::update(&config).param(value));
    let update = stage.apply(TierConfigRequestCommand::Create { body }).await?;
    let asked = newest(stage, 1).await?;
    let link = asked.activation.context("an inquiry has a form")?.link;
    Ok(Resellers {
        config,
        free,
        update: update["id"].as_str().context("a request has an id")?.into(),
        inquiring,
        form: link.strip_prefix(&stage.emulator.url()).unwrap_or_default().to_owned(),
        processing: asked.configuration.id,
        failed,
        scheduled,
        waiting,
        waiting_asset,
        refused_asset,
    })
}

async fn operate(
    stage: &Stage,
    id: &TierConfigRequestId,
    operation: Operation,
    body: Value,
) -> Result<()> {
    let (id, code) = (id.clone(), None);
    stage.apply(TierConfigRequestCommand::Operate { id, operation, body, code }).await.map(drop)
}

/// Approves what is asked of the newest reseller of a level.
async fn granted(stage: &Stage, level: u32, parameter: &str) -> Result<TierConfigId> {
    let TierConfigRequest { id, configuration, .. } = newest(stage, level).await?;
    let value = json!({"params": [{"id": parameter, "value": format!("F-{level}001")}]});
    operate(stage, &id, Operation::Update, value).await?;
    operate(stage, &id, Operation::Approve, json!({})).await?;
    Ok(configuration.id)
}

/// Asks the newest reseller of the first level for its code.
async fn inquired(stage: &Stage) -> Result<TierConfigRequestId> {
    let id = newest(stage, 1).await?.id;
    let error = json!({"id": "partner_code", "value_error": "We do not know this code."});
    operate(stage, &id, Operation::Update, json!({"params": [error]})).await?;
    operate(stage, &id, Operation::Inquire, json!({})).await?;
    Ok(id)
}
