//! What is reported as used: files in each state that looks like no other.

use anyhow::{Context, Result};
use connect_model::lifecycle::usage_file::UsageFileOperation as Operation;
use connect_model::{
    AssetId, ContractId, NewUsageFile, UsageCategory, UsageFileId, UsagePeriod, UsageRecordId,
    UsageRow, UsageSheet,
};
use connect_world::command::{ProductCommand, UsageFileCommand};
use serde_json::{Value, json};

use crate::Stage;

/// What of it is worth a visit.
pub(super) struct Reports {
    pub(super) draft: UsageFileId,
    pub(super) invalid: UsageFileId,
    /// A wrong record of it.
    pub(super) wrong: UsageRecordId,
    pub(super) pending: UsageFileId,
    pub(super) accepted: UsageFileId,
    /// A record of it.
    pub(super) record: UsageRecordId,
    pub(super) rejected: UsageFileId,
}

/// Reports the use of a trial, month by month; the vendor plays its distributor, too.
pub(super) async fn play(stage: &Stage, asset: &AssetId) -> Result<Reports> {
    let body = json!({"capabilities": {"reservation": {"consumption": true}}});
    stage.apply(ProductCommand::Update { id: stage.emulator.product(), body }).await?;
    let right = || row("march-1", asset);
    let wrong = row("march-2", asset).item("MPN-Z").quantity("many");
    let accepted = reported(stage, "March", sheet([right()])).await?;
    operate(stage, &accepted, Operation::Submit, json!({})).await?;
    let thanks = json!({"acceptance_note": "On the invoice of April."});
    operate(stage, &accepted, Operation::Accept, thanks).await?;
    let rejected = reported(stage, "March, once more", sheet([right()])).await?;
    operate(stage, &rejected, Operation::Submit, json!({})).await?;
    let why = json!({"rejection_note": "March was reported before."});
    operate(stage, &rejected, Operation::Reject, why).await?;
    let pending = reported(stage, "March, corrected", sheet([right()])).await?;
    operate(stage, &pending, Operation::Submit, json!({})).await?;
    let invalid = reported(stage, "March, typed", sheet([right(), wrong])).await?;
    let draft = made(stage, "March, to come").await?;
    Ok(Reports {
        wrong: UsageRecordId::of(&invalid, 2),
        record: UsageRecordId::of(&accepted, 1),
        draft,
        invalid,
        pending,
        accepted,
        rejected,
    })
}

/// A record of March.
fn row(id: &str, asset: &AssetId) -> UsageRow {
    let row = UsageRow::new(id).item("MPN-A").asset(asset.as_str()).quantity("25");
    let row = row.between("2026-03-01 00:00:00", "2026-04-01 00:00:00");
    UsageRow { category_id: "licences".into(), ..row }
}

fn sheet<const N: usize>(records: [UsageRow; N]) -> UsageSheet {
    let category = UsageCategory {
        id: "licences".to_owned(),
        name: "Licences".to_owned(),
        description: "Seats of the backup".to_owned(),
    };
    UsageSheet { records: records.into(), categories: vec![category] }
}

async fn made(stage: &Stage, name: &str) -> Result<UsageFileId> {
    let contract = ContractId::from(ContractId::PREVIEW);
    let march = UsagePeriod { from: "2026-03-01".to_owned(), to: "2026-03-31".to_owned() };
    let new = NewUsageFile::new(name, &stage.emulator.product(), &contract, march);
    let made = stage.apply(UsageFileCommand::Create { body: json!(new) }).await?;
    Ok(made["id"].as_str().context("a file has an id")?.into())
}

/// A file with a sheet.
async fn reported(stage: &Stage, name: &str, sheet: UsageSheet) -> Result<UsageFileId> {
    let id = made(stage, name).await?;
    let upload = UsageFileCommand::Upload { id: id.clone(), sheet: Box::new(sheet) };
    stage.apply(upload).await?;
    Ok(id)
}

async fn operate(stage: &Stage, id: &UsageFileId, operation: Operation, body: Value) -> Result<()> {
    let id = id.clone();
    stage.apply(UsageFileCommand::Operate { id, operation, body }).await.map(drop)
}
