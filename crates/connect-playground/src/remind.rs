//! Gives the demo vendor its memory back: it forgets everything when it stops, a platform with a
//! folder does not.

use std::collections::BTreeMap;

use acme::Tenant;
use connect_client::Client;
use connect_demo_vendor::{Running as Vendor, Seed};
use connect_journal::{Journal, RunFilter, RunState, RunView, StepResult};
use connect_model::{Asset, AssetStatus};
use futures::TryStreamExt;

use crate::error::Error;

/// Seeds the tenants of living subscriptions and of purchases under way, and keeps the id of every
/// tenant that was ever heard of from being given again.
pub(crate) async fn remind(
    vendor: &Vendor,
    client: &Client,
    journal: Option<&dyn Journal>,
) -> Result<(), Error> {
    let assets: Vec<Asset> = client.list::<Asset>().page_size(1000).stream().try_collect().await?;
    let created = match journal {
        Some(journal) => created(journal).await.map_err(connect_processor::Error::Journal)?,
        None => Vec::new(),
    };
    let of_assets = assets.iter().filter_map(|asset| asset.value(acme::SUBSCRIPTION_ID));
    vendor.reserve(of_assets.chain(created.iter().map(|(tenant, _)| tenant.id.as_str())));
    let under_way = created.iter().filter(|(_, run)| run.state != RunState::Done);
    // What the platform says of a tenant is the later word: it replaces what the journal says.
    let seeds = under_way.map(of_run).chain(assets.iter().filter_map(of_asset));
    let seeds: BTreeMap<String, Seed> = seeds.map(|seed| (seed.tenant_id.clone(), seed)).collect();
    vendor.seed(seeds.into_values().collect())?;
    Ok(())
}

fn of_asset(asset: &Asset) -> Option<Seed> {
    let living = [AssetStatus::Active, AssetStatus::Suspended, AssetStatus::Terminating];
    let tenant_id = asset.value(acme::SUBSCRIPTION_ID)?.to_owned();
    living.contains(&asset.status).then(|| Seed {
        tenant_id,
        external_id: Some(asset.id.to_string()),
        enabled: asset.status == AssetStatus::Active,
        limit: limit(asset),
    })
}

fn limit(asset: &Asset) -> u64 {
    let item = asset.items.as_ref().and_then(|items| items.first());
    item.and_then(|item| item.quantity.whole()).unwrap_or_default()
}

/// The lane of a run is its asset.
fn of_run((tenant, run): &(Tenant, RunView)) -> Seed {
    let external_id = Some(run.lane.to_string());
    Seed { tenant_id: tenant.id.clone(), external_id, enabled: true, limit: 0 }
}

/// The tenants that a journal knows to have been created, each with the run that did it.
async fn created(
    journal: &dyn Journal,
) -> Result<Vec<(Tenant, RunView)>, connect_journal::JournalError> {
    let mut found = Vec::new();
    let mut page = RunFilter::default();
    loop {
        let runs = journal.runs(&page).await?;
        let Some(last) = runs.last() else { return Ok(found) };
        page.after = Some(last.id.clone());
        found.extend(runs.into_iter().filter_map(|run| Some((tenant_of(&run)?, run))));
    }
}

/// A step that created a tenant remembers it.
fn tenant_of(run: &RunView) -> Option<Tenant> {
    run.steps.iter().find_map(|step| match step.result()? {
        StepResult::Done(tenant) => serde_json::from_slice(&tenant).ok(),
        StepResult::GaveUp(_) => None,
    })
}
