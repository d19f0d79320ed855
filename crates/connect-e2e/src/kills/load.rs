//! What is asked of the processors of a day: requests of all families.

use anyhow::{Context, Result};
use connect_model::asset_request::NewRequest;
use connect_model::{
    Asset, AssetId, RequestId, TierAccountId, TierAccountRequest, TierConfigRequest,
};
use connect_world::command::ProductCommand;
use futures::TryStreamExt;
use serde_json::json;

use crate::{Stage, sales};

/// Subscriptions that were there before the day, and what is asked about them and others.
pub(crate) struct Load {
    active: Vec<AssetId>,
    suspended: Vec<AssetId>,
    customer: TierAccountId,
    asked: Vec<RequestId>,
}

impl Load {
    /// Prepares a platform: its subscriptions, then a product that wants its resellers configured and
    /// hears of changed accounts.
    pub(crate) async fn prepare(stage: &Stage, requests: usize) -> Result<Self> {
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
        let body = json!({"capabilities": {"tiers": {"configs": {"level": 2}, "updates": true}}});
        stage.apply(ProductCommand::Update { id: stage.emulator.product(), body }).await?;
        Ok(Self { active, suspended, customer, asked: Vec::new() })
    }

    /// Asks for one thing more.
    pub(crate) async fn ask(&mut self, stage: &Stage, number: usize) -> Result<()> {
        let product = stage.emulator.product();
        let new = match number % 7 {
            0 => self.suspended.pop().map(|asset| NewRequest::resume(&asset)),
            1 => self.active.pop().map(|asset| NewRequest::suspend(&asset)),
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
            _ => {
                let email = format!("person-{number}@cedar.example");
                return sales::moved(stage, &self.customer, &email).await.map(drop);
            }
        };
        self.asked.push(stage.request(&new.context("there are subscriptions left")?).await?);
        Ok(())
    }

    /// Returns all requests that the processors had to carry out.
    pub(crate) async fn requests(&self, stage: &Stage) -> Result<Vec<String>> {
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
