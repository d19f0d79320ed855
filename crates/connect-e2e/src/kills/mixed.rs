//! Mixed work: requests of all families, and usage.

use anyhow::{Context, Result};
use connect_demo_vendor::Seed;
use connect_model::asset_request::{NewRequest, NewTier};
use connect_model::{
    Asset, AssetId, RequestId, TierAccountId, TierAccountRequest, TierConfigRequest,
};
use connect_world::command::ProductCommand;
use futures::TryStreamExt;
use serde_json::{Value, json};

use super::usage::Usage;
use crate::{Stage, sales};

/// The things that are asked for, one after the other, and how many of them are reports of usage.
const THINGS: usize = 12;
const REPORTS: usize = 2;

/// Subscriptions that were there before the day, and what is asked about them and others.
pub(super) struct Mixed {
    /// The reports of usage.
    pub(super) usage: Usage,
    active: Vec<AssetId>,
    suspended: Vec<AssetId>,
    customer: TierAccountId,
    asked: Vec<RequestId>,
}

impl Mixed {
    /// Prepares a platform: subscriptions of a product, which wants its resellers configured from then
    /// on and hears of changed accounts, and others, whose usage is reported.
    pub(super) async fn prepare(stage: &Stage, requests: usize) -> Result<Self> {
        let terms = json!({
            "schema": "explicit",
            "renew": {"enable_renew": true}, "transfer": {"enable_transfer": true},
        });
        switch(stage, json!({"subscription": terms})).await?;
        let (mut active, mut suspended) = (Vec::new(), Vec::new());
        for number in 0..requests {
            match number % 4 {
                0 => suspended.push(stage.suspended(&format!("held-{number}")).await?.asset),
                _ => active.push(stage.active(&format!("open-{number}")).await?.asset),
            }
        }
        // Nothing else is asked of this customer's tenant: accounts have lanes of their own.
        let kept = active.pop().context("there is an active subscription")?;
        let kept = stage.client()?.get::<Asset>(kept.as_str()).await?;
        let customer = kept.tiers.customer.context("a subscription has a customer")?.id;
        switch(stage, json!({"tiers": {"configs": {"level": 2}, "updates": true}})).await?;
        let usage = Usage::prepare(stage, requests.div_ceil(THINGS) * REPORTS).await?;
        Ok(Self { usage, active, suspended, customer, asked: Vec::new() })
    }

    /// Asks for one thing more.
    pub(super) async fn ask(&mut self, stage: &Stage, number: usize) -> Result<()> {
        let product = stage.emulator.product();
        let new = match number % THINGS {
            0 => self.suspended.pop().map(|asset| NewRequest::resume(&asset)),
            1 | 7 => return self.usage.begin(stage).await,
            2 => self.active.pop().map(|asset| NewRequest::cancel(&asset)),
            3 => self.active.pop().map(|asset| NewRequest::change(&asset).item("MPN-A", 12)),
            4 => Some(NewRequest::preview_purchase(&product).item("MPN-A", 5)),
            5 => {
                let tiers = [format!("Near {number}"), format!("Far {}", number / 2)];
                let tiers = [tiers[0].as_str(), tiers[1].as_str()];
                let sold = sales::sold(stage, &format!("Customer {number}"), tiers).await?;
                self.asked.push(sold.0);
                return Ok(());
            }
            6 => {
                let email = format!("person-{number}@cedar.example");
                return sales::moved(stage, &self.customer, &email).await.map(drop);
            }
            8 => self.active.pop().map(|asset| NewRequest::renew(&asset)),
            9 => self.active.pop().map(|asset| {
                let buyer = sales::account(&format!("Buyer {number}"));
                NewRequest::transfer(&asset).tier("customer", &NewTier::New(Box::new(buyer)))
            }),
            10 => self.active.pop().map(|asset| NewRequest::suspend(&asset)),
            _ => {
                self.asked.push(adopted(stage, number).await?);
                return Ok(());
            }
        };
        self.asked.push(stage.request(&new.context("there are subscriptions left")?).await?);
        Ok(())
    }

    /// Returns all requests that the processors had to carry out.
    pub(super) async fn requests(&self, stage: &Stage) -> Result<Vec<String>> {
        let mut ids: Vec<String> = self.asked.iter().map(ToString::to_string).collect();
        let client = stage.client()?;
        let configs = client.list::<TierConfigRequest>().stream();
        let configs: Vec<_> = configs.try_collect().await?;
        ids.extend(configs.iter().map(|it| it.id.to_string()));
        let accounts = client.list::<TierAccountRequest>().stream();
        let accounts: Vec<_> = accounts.try_collect().await?;
        ids.extend(accounts.iter().map(|it| it.id.to_string()));
        Ok(ids)
    }
}

/// Switches capabilities of the stage's product on.
async fn switch(stage: &Stage, capabilities: Value) -> Result<()> {
    let (id, body) = (stage.emulator.product(), json!({"capabilities": capabilities}));
    stage.apply(ProductCommand::Update { id, body }).await.map(drop)
}

/// A purchase of a tenant that the vendor has sold itself.
async fn adopted(stage: &Stage, number: usize) -> Result<RequestId> {
    let tenant_id = format!("old-{number}");
    let data = json!({"tenant": tenant_id}).to_string();
    stage.vendor.seed(vec![Seed { tenant_id, external_id: None, enabled: true, limit: 10 }])?;
    stage.migration(&data).await
}
