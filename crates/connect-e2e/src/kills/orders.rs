//! Purchases and resumes, of which there are always some left.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use connect_demo_vendor::TenantOperation;
use connect_model::asset_request::NewRequest;
use connect_model::{AssetRequest, RequestId, RequestStatus};
use connect_testing::Evidence;
use serde_json::Value;

use crate::Stage;
use crate::needs::needed;

/// The fewest requests that wait when a processor is to be killed.
const FEWEST: usize = 8;

/// What was ordered, each thing for a subscription of its own.
pub(super) struct Orders(Vec<RequestId>);

impl Orders {
    /// Orders so many things.
    pub(super) async fn prepare(stage: &Stage, count: usize) -> Result<Self> {
        let mut orders = Self(Vec::new());
        for _ in 0..count {
            orders.order(stage).await?;
        }
        Ok(orders)
    }

    /// Orders one thing more, and more than that where little is left.
    pub(super) async fn ask(&mut self, stage: &Stage) -> Result<()> {
        self.order(stage).await?;
        while self.0.len() < stage.approvals().len() + FEWEST {
            self.order(stage).await?;
        }
        Ok(())
    }

    async fn order(&mut self, stage: &Stage) -> Result<()> {
        let number = self.0.len();
        let purchase = NewRequest::preview_purchase(&stage.emulator.product()).item("MPN-A", 10);
        self.0.push(match number % 3 {
            0 => stage.request(&purchase).await?,
            _ => stage.pending_resume(&format!("held-{number}")).await?,
        });
        Ok(())
    }

    /// Returns all that was ordered.
    pub(super) fn requests(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }

    /// Says of effects without a key whose they are: the vendor knows the subscription of a tenant, and
    /// each has one request.
    pub(super) async fn witness(&self, stage: &Stage, evidence: &mut Evidence) -> Result<()> {
        let subscriptions = subscriptions(stage).await?;
        let requests: HashMap<String, String> = self
            .read(stage)
            .await?
            .into_iter()
            .map(|it| (it.asset.id.to_string(), it.id.to_string()))
            .collect();
        for effect in evidence.effects.iter_mut().filter(|effect| effect.key.is_none()) {
            let subscription = subscriptions.get(&effect.tenant);
            effect.request = subscription.and_then(|it| requests.get(it)).cloned();
        }
        Ok(())
    }

    /// Returns what is not approved, but for these requests, and where the vendor has done something else than
    /// was ordered: by the platform and the vendor's log alone.
    pub(super) async fn wrong(&self, stage: &Stage, waiting: &[&str]) -> Result<Vec<String>> {
        let mut done = done(stage).await?;
        let mut wrong = Vec::new();
        for request in self.read(stage).await? {
            let (id, needed) = (&request.id, needed(&request.kind));
            let done = done.remove(request.asset.id.as_str()).unwrap_or_default();
            let is_right = match request.status {
                RequestStatus::Approved => done == needed,
                _ => waiting.contains(&id.as_str()) && needed.starts_with(&done),
            };
            if !is_right {
                wrong.push(format!("{id} is {}, with {done:?} at the vendor's", request.status));
            }
        }
        wrong.extend(done.keys().map(|it| format!("nobody ordered what was done for {it}")));
        Ok(wrong)
    }

    async fn read(&self, stage: &Stage) -> Result<Vec<AssetRequest>> {
        let mut requests = Vec::with_capacity(self.0.len());
        for id in &self.0 {
            requests.push(stage.read(id).await?);
        }
        Ok(requests)
    }
}

/// Returns what the vendor has done, by subscription.
async fn done(stage: &Stage) -> Result<HashMap<String, Vec<TenantOperation>>> {
    let subscriptions = subscriptions(stage).await?;
    let mut done = HashMap::<String, Vec<TenantOperation>>::new();
    for effect in stage.vendor.log() {
        let subscription = subscriptions.get(&*effect.tenant).cloned().unwrap_or_default();
        done.entry(subscription).or_default().push(effect.operation);
    }
    Ok(done)
}

/// Returns the subscriptions of the tenants that something was done to, as the vendor knows them.
async fn subscriptions(stage: &Stage) -> Result<HashMap<String, String>> {
    let http = reqwest::Client::new();
    let log = stage.vendor.log();
    let tenants: HashSet<&str> = log.iter().map(|effect| &*effect.tenant).collect();
    let mut known = HashMap::new();
    for tenant in tenants {
        let address = format!("{}/tenant/{tenant}", stage.vendor.url());
        let told: Value = http.get(address).send().await?.json().await?;
        let subscription = told["externalId"].as_str().unwrap_or_default();
        known.insert(tenant.to_owned(), subscription.to_owned());
    }
    Ok(known)
}
