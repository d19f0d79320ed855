//! The usage that the processors of a day report: of products that begin to report it one after the
//! other, a file for each.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use connect_emulator::LoggedCall;
use connect_model::{
    ContractId, ProductId, UsageFile, UsageFileId, UsageFileStatus as Status, UsageRecord,
};
use connect_testing::{EffectRole, Evidence, SeenApproval, SeenRequest, VendorEffect};
use connect_world::command::{ItemCommand, ParameterCommand, ProductCommand};
use futures::TryStreamExt;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::json;

use crate::Stage;

/// The subscriptions of each product.
const SUBSCRIPTIONS: u32 = 2;

/// What the ids of the tenants begin with.
pub(super) const TENANT: &str = "used-";

/// The effect of a report: its file was made.
const CREATE: &str = "create";

/// How many licences each subscription has, by its id: what a file has to say.
type Used = BTreeMap<String, String>;

/// The products whose usage is to be reported, and those that do not report it yet.
pub(super) struct Usage {
    /// The month that is over, such as `2024-05`.
    month: String,
    waiting: Vec<(ProductId, Used)>,
    due: Vec<(ProductId, Used)>,
}

impl Usage {
    /// Prepares products with subscriptions.
    pub(super) async fn prepare(stage: &Stage, products: usize) -> Result<Self> {
        let mut waiting = Vec::with_capacity(products);
        for number in 0..products {
            let product = product(stage, number).await?;
            let mut used = Used::new();
            for place in 0..SUBSCRIPTIONS {
                let (tenant, licences) = (format!("{TENANT}{number}-{place}"), 10 + place);
                let subscription = stage.active_of(&product, &tenant, licences).await?;
                used.insert(subscription.asset.to_string(), licences.to_string());
            }
            waiting.push((product, used));
        }
        Ok(Self { month: last_month()?, waiting, due: Vec::new() })
    }

    /// Has one product more report its usage.
    pub(super) async fn begin(&mut self, stage: &Stage) -> Result<()> {
        let (id, used) = self.waiting.pop().context("there are products left")?;
        let body = json!({"capabilities": {"reservation": {"consumption": true}}});
        stage.apply(ProductCommand::Update { id: id.clone(), body }).await?;
        self.due.push((id, used));
        Ok(())
    }

    /// Returns the number of reports that are due.
    pub(super) fn count(&self) -> usize {
        self.due.len()
    }

    /// Adds the reports to what the oracle judges by. A report is a request of the calendar's: it
    /// is granted once it is submitted, and its effect is its file. No step has to be on record: a
    /// life that made a file and ended before it said so is told by the file, which has the report's
    /// id.
    pub(super) async fn witness(&self, stage: &Stage, evidence: &mut Evidence) -> Result<()> {
        let files = files(stage).await?;
        let of = |product: &ProductId| {
            let is_of = |file: &&UsageFile| product_of(file) == product.as_str();
            files.iter().filter(is_of).any(|file| is_submitted(&file.status))
        };
        evidence.requests.extend(self.due.iter().map(|(product, _)| SeenRequest {
            id: report(product.as_str(), ContractId::PREVIEW, &self.month),
            status: if of(product) { "approved".into() } else { "pending".into() },
            tenant: Some(product.to_string()),
            needs: vec![CREATE.to_owned()],
            may: Some(Vec::new()),
            steps: Vec::new(),
        }));
        evidence.effects.extend(files.iter().zip(0..).map(|(file, at)| VendorEffect {
            key: None,
            request: Some(report_of(file)),
            tenant: product_of(file).to_owned(),
            operation: operation(file).to_owned(),
            role: EffectRole::Makes,
            span: (at, at),
        }));
        let calls = stage.emulator.activity().since(0);
        let submitted = calls.iter().filter(|call| is_submission(call)).map(|call| {
            let file = files.iter().find(|file| Some(file.id.as_str()) == call.object());
            SeenApproval { request: file.map(report_of).unwrap_or_default(), at: call.at }
        });
        evidence.approvals.extend(submitted);
        Ok(())
    }

    /// Returns what was submitted and is not what was used.
    pub(super) async fn wrong(&self, stage: &Stage) -> Result<Vec<String>> {
        let mut told = BTreeMap::<UsageFileId, Used>::new();
        let records = stage.client()?.list::<UsageRecord>().page_size(1000).stream();
        let records: Vec<UsageRecord> = records.try_collect().await?;
        for record in records {
            let (Some(file), Some(asset)) = (record.usagefile, record.asset) else { continue };
            let usage = record.usage.map(|it| it.to_string()).unwrap_or_default();
            told.entry(file.id).or_default().insert(asset.id.to_string(), usage);
        }
        let submitted = files(stage).await?.into_iter().filter(|file| is_submitted(&file.status));
        let mut wrong = Vec::new();
        for file in submitted {
            let used = self.due.iter().find(|(id, _)| id.as_str() == product_of(&file));
            let (told, used) = (told.get(&file.id), used.map(|(_, used)| used));
            if told != used {
                wrong.push(format!("{} says {told:?} where {used:?} was used", report_of(&file)));
            }
        }
        Ok(wrong)
    }
}

/// A product that takes subscriptions and reports nothing yet.
async fn product(stage: &Stage, number: usize) -> Result<ProductId> {
    let body = json!({"name": format!("Metered {number}")});
    let made = stage.apply(ProductCommand::Create { body }).await?;
    let product = ProductId::from(made["id"].as_str().context("a product has an id")?);
    let body = json!({
        "name": acme::SUBSCRIPTION_ID, "type": "text", "phase": "fulfillment", "scope": "asset",
    });
    stage.apply(ParameterCommand::Create { product: product.clone(), body }).await?;
    let body = json!({
        "name": "Protected device", "mpn": "MPN-A", "type": "reservation",
        "unit": {"id": "devices", "title": "Devices"},
    });
    stage.apply(ItemCommand::Create { product: product.clone(), body }).await?;
    Ok(product)
}

/// The month before this one, in UTC.
fn last_month() -> Result<String> {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    Ok(today.first_of_month().checked_sub(1.month())?.strftime("%Y-%m").to_string())
}

async fn files(stage: &Stage) -> Result<Vec<UsageFile>> {
    Ok(stage.client()?.list::<UsageFile>().page_size(1000).stream().try_collect().await?)
}

/// The report of a product's usage under a contract in a month. A run has another name, so that the
/// oracle asks for no record of it.
fn report(product: &str, contract: &str, month: &str) -> String {
    format!("the usage of {product} under {contract} in {month}")
}

/// The report that a file is, whatever id its maker gave it.
fn report_of(file: &UsageFile) -> String {
    report(product_of(file), contract_of(file), month_of(file))
}

/// What was done with a file: one without the report's id would not be found again by another life.
fn operation(file: &UsageFile) -> &'static str {
    let id = format!("usage-{}-{}-{}", product_of(file), contract_of(file), month_of(file));
    if file.external_id == id { CREATE } else { "create without the report's id" }
}

fn product_of(file: &UsageFile) -> &str {
    file.product.as_ref().map_or("no product", |product| product.id.as_str())
}

fn contract_of(file: &UsageFile) -> &str {
    file.contract.as_ref().map_or("no contract", |contract| contract.id.as_str())
}

fn month_of(file: &UsageFile) -> &str {
    file.period.from.get(..7).unwrap_or_default()
}

fn is_submitted(status: &Status) -> bool {
    matches!(status, Status::Pending | Status::Accepted | Status::Closed)
}

/// Whether a call handed a file to the distributor, whatever was answered.
fn is_submission(call: &LoggedCall) -> bool {
    let path = call.uri.path();
    path.contains("/usage/files/")
        && path.ends_with("/submit")
        && call.carried_out().is_some_and(|status| status.is_success())
}
