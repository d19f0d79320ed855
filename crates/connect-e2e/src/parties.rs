//! A platform and a vendor, and what a test does with them, however they are reached.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use connect_client::{Call, Client};
use connect_clock::Clock;
use connect_contract::Guard;
use connect_demo_vendor::{Seed, Vendor};
use connect_emulator::{Activity, Emulator, Platform};
use connect_journal::Journal;
use connect_model::asset_request::{NewRequest, RequestUpdate};
use connect_model::lifecycle::Operation;
use connect_model::{
    AssetId, AssetRequest, Parameter, ParameterUpdate, ProductId, Request, RequestId,
    TierAccountRequest, TierConfigRequest,
};
use connect_testing::{Evidence, SeenApproval, SeenRequest};
use connect_world::command::RequestCommand;
use connect_world::{Actor, Command};
use futures::TryStreamExt;
use serde_json::{Value, json};

use crate::needs::{SeenType, seen, vendor_effect};

/// A platform with the demo's product and a vendor. The platform's answers are held against its
/// published document when this is dropped, and the test fails when they differ.
pub struct Parties {
    platform: Platform,
    activity: Arc<Activity>,
    actor: Actor,
    vendor: Arc<Vendor>,
    client: Client,
    clock: Arc<dyn Clock>,
    _guard: Guard,
}

/// The parameter that makes a purchase a migration.
const MIGRATION_INFO: &str = "migration_info";

/// A subscription and its tenant at the vendor.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// The subscription.
    pub asset: AssetId,
    /// The tenant.
    pub tenant: String,
}

impl Parties {
    /// An emulator, a vendor, a client of the emulator with the vendor's key, and the clock they
    /// live by.
    pub(crate) fn new(
        emulator: &Emulator,
        vendor: &Arc<Vendor>,
        client: Client,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let (platform, activity) = (emulator.platform().clone(), Arc::clone(emulator.activity()));
        let actor = platform
            .authenticate(&emulator.keys().vendor)
            .context("the demo's vendor has a key")?;
        let (vendor, _guard) = (Arc::clone(vendor), Guard::over(&activity));
        Ok(Self { platform, activity, actor, vendor, client, clock, _guard })
    }

    /// Does something on the platform as the vendor.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn apply(&self, command: impl Into<Command> + Send) -> Result<Value> {
        let applied = self.platform.apply(self.actor.clone(), command).await;
        let applied = applied.map_err(|denied| anyhow!("{}: {}", denied.kind, denied.refusal))?;
        Ok(serde_json::from_slice(&applied.body).unwrap_or_default())
    }

    /// Creates a request.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn request(&self, new: &NewRequest) -> Result<RequestId> {
        let created = self.apply(RequestCommand::Create { body: json!(new) }).await?;
        let id = created["id"].as_str().context("a created request has an id")?;
        Ok(RequestId::from(id))
    }

    /// Operates on a request.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn operate(
        &self,
        id: &RequestId,
        operation: Operation,
        body: Value,
    ) -> Result<Value> {
        self.apply(RequestCommand::Operate { id: id.clone(), operation, body, code: None }).await
    }

    /// An active preview subscription, provisioned by hand, with an enabled tenant.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn active(&self, tenant: &str) -> Result<Subscription> {
        self.active_of(&self.platform.product(), tenant, 10).await
    }

    /// The same of a product, whose item is MPN-A, with so many licences.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn active_of(
        &self,
        product: &ProductId,
        tenant: &str,
        licences: u32,
    ) -> Result<Subscription> {
        let new = NewRequest::preview_purchase(product).item("MPN-A", licences);
        let id = self.request(&new).await?;
        let params = RequestUpdate::params([ParameterUpdate::value(acme::SUBSCRIPTION_ID, tenant)]);
        self.operate(&id, Operation::Update, json!(params)).await?;
        let approved = self.operate(&id, Operation::Approve, json!({})).await?;
        let asset = approved["asset"]["id"].as_str().context("a request has an asset")?;
        self.vendor.seed(vec![Seed {
            tenant_id: tenant.to_owned(),
            external_id: Some(asset.to_owned()),
            enabled: true,
            limit: licences.into(),
        }])?;
        Ok(Subscription { asset: asset.into(), tenant: tenant.to_owned() })
    }

    /// A pending purchase whose parameter `migration_info` has a text, which the product has from
    /// then on; for a tenant that is there already.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn migration(&self, data: &str) -> Result<RequestId> {
        self.take_migrations().await?;
        let new = NewRequest::preview_purchase(&self.platform.product()).item("MPN-A", 10);
        self.request(&new.param(&ParameterUpdate::value(MIGRATION_INFO, data))).await
    }

    /// Adds `migration_info` to the product's parameters, titled "Of Acme's own shop", where it is
    /// missing.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn take_migrations(&self) -> Result<()> {
        let product = self.platform.product();
        let parameter = json!({
            "name": MIGRATION_INFO, "title": "Of Acme's own shop", "description": "", "type": "text",
            "scope": "asset", "phase": "ordering", "constraints": {},
        });
        let path = format!("products/{product}/parameters");
        let known = self.client.list_at::<Value>(&path).stream();
        let known: Vec<Value> = known.try_collect().await?;
        if !known.iter().any(|it| it["name"] == MIGRATION_INFO) {
            self.client.call(Call::post(path).json(&parameter)?).await?;
        }
        Ok(())
    }

    /// The same as [`Self::active`], suspended on the platform; the tenant is still enabled.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn suspended(&self, tenant: &str) -> Result<Subscription> {
        let subscription = self.active(tenant).await?;
        let id = self.request(&NewRequest::suspend(&subscription.asset)).await?;
        self.operate(&id, Operation::Approve, json!({})).await?;
        Ok(subscription)
    }

    /// Pending resume requests, each of a suspended subscription of its own with the tenants
    /// `t-0`, `t-1`, …
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn pending_resumes(&self, count: usize) -> Result<Vec<RequestId>> {
        let mut requests = Vec::with_capacity(count);
        for number in 0..count {
            requests.push(self.pending_resume(&format!("t-{number}")).await?);
        }
        Ok(requests)
    }

    /// A pending resume request of a suspended subscription of its own.
    ///
    /// # Errors
    ///
    /// What the platform refuses.
    pub async fn pending_resume(&self, tenant: &str) -> Result<RequestId> {
        let subscription = self.suspended(tenant).await?;
        self.request(&NewRequest::resume(&subscription.asset)).await
    }

    /// A request as it is now.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub async fn read(&self, id: &RequestId) -> Result<AssetRequest> {
        Ok(self.client.get(id.as_str()).await?)
    }

    /// Reads the logs on these requests, which must be all that the journal's processors saw.
    ///
    /// # Errors
    ///
    /// When a log cannot be read.
    pub async fn evidence(
        &self,
        journal: &dyn Journal,
        ids: &[impl AsRef<str>],
    ) -> Result<Evidence> {
        let seen = self.seen_requests().await?;
        let ids = ids.iter().map(AsRef::as_ref);
        let (there, vanished): (Vec<&str>, Vec<&str>) = ids.partition(|id| seen.contains_key(*id));
        Ok(Evidence {
            now: self.clock.now(),
            requests: there.iter().filter_map(|id| seen.get(*id).cloned()).collect(),
            vanished: vanished.iter().map(ToString::to_string).collect(),
            approvals: self.approvals(),
            effects: self.vendor.log().into_iter().map(vendor_effect).collect(),
            runs: connect_testing::runs(journal).await?,
        })
    }

    /// All requests of all families, by id.
    async fn seen_requests(&self) -> Result<HashMap<String, SeenRequest>> {
        let assets = self.client.list::<AssetRequest>().page_size(1000).stream();
        let tiers = self.client.list::<TierConfigRequest>().page_size(1000).stream();
        let assets: Vec<_> = assets.map_ok(|request| seen_request(&request)).try_collect().await?;
        let tiers: Vec<_> = tiers.map_ok(|request| seen_tier(&request)).try_collect().await?;
        let accounts = self.client.list::<TierAccountRequest>().page_size(1000).stream();
        let accounts: Vec<_> =
            accounts.map_ok(|request| seen_account(&request)).try_collect().await?;
        let all = assets.into_iter().chain(tiers).chain(accounts);
        Ok(all.map(|request| (request.id.clone(), request)).collect())
    }

    /// The approvals that came in through the door and were carried out, whatever was answered.
    #[must_use]
    pub fn approvals(&self) -> Vec<SeenApproval> {
        connect_testing::approvals(&self.activity)
    }

    /// Fails when the oracle finds a broken promise.
    ///
    /// # Errors
    ///
    /// Names every broken promise.
    pub async fn must_hold(&self, journal: &dyn Journal, ids: &[impl AsRef<str>]) -> Result<()> {
        let broken = connect_testing::judge(&self.evidence(journal, ids).await?);
        let list: Vec<String> = broken.iter().map(ToString::to_string).collect();
        ensure!(list.is_empty(), "broken promises:\n{}", list.join("\n"));
        Ok(())
    }
}

fn seen_request(request: &AssetRequest) -> SeenRequest {
    let kind = match request.migration(MIGRATION_INFO) {
        Some(_) => SeenType::Migration,
        None => SeenType::Asset(request.kind.clone()),
    };
    let tenant = request.asset.value(acme::SUBSCRIPTION_ID).map(ToOwned::to_owned);
    seen(request.id.to_string(), &kind, request.status.clone(), tenant)
}

fn seen_tier(request: &TierConfigRequest) -> SeenRequest {
    let mut params = request.params.iter().flatten();
    let tenant = params.find(|param| acme::RESELLER_IDS.contains(&param.id.as_str()));
    let tenant = tenant.and_then(Parameter::text).map(ToOwned::to_owned);
    let kind = SeenType::TierConfig(request.kind.clone());
    seen(request.id.to_string(), &kind, request.status.clone(), tenant)
}

/// An account may have several tenants.
fn seen_account(request: &TierAccountRequest) -> SeenRequest {
    let kind = SeenType::TierAccount(request.kind.clone());
    seen(request.id.to_string(), &kind, request.status.clone(), None)
}
