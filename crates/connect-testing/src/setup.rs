//! Makes a request pending: by the platform's commands, so that all of its rules hold, and without
//! the way over its API, so that it costs a test little time and meets no fault.

use bytes::Bytes;
use connect_client::{Call, Client};
use connect_clock::Clock;
use connect_emulator::Platform;
use connect_model::asset_request::{NewRequest, NewTier, RequestUpdate};
use connect_model::lifecycle::Operation;
use connect_model::tier_config_request::NewTierConfigRequest;
use connect_model::{
    AssetId, AssetRequestType, DateTime, ParameterUpdate, ProductId, RequestId, TierAccount,
    TierConfigRequestId, TierConfigRequestType,
};
use connect_world::command::{
    ParameterCommand, ProductCommand, RequestCommand, TierAccountRequestCommand,
    TierConfigRequestCommand,
};
use connect_world::{Actor, Command};
use futures::TryStreamExt;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::TestError;
use crate::pending::{PendingRequest, PendingType};

/// The item of the demo's product.
const ITEM: &str = "MPN-A";

/// The parameters of the demo's product that nobody has to look up, with their phases.
const KNOWN: [(&str, &str); 2] = [("subscription_id", "fulfillment"), ("admin_email", "ordering")];

/// A request that is being made pending.
pub(crate) struct Setup<'a> {
    pub(crate) platform: &'a Platform,
    /// The vendor.
    pub(crate) actor: Actor,
    pub(crate) client: &'a Client,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) product: ProductId,
    pub(crate) number: usize,
    pub(crate) plan: &'a PendingRequest,
}

/// What is needed of an object that the platform shows.
#[derive(Deserialize)]
struct Shown {
    id: String,
    asset: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

impl Setup<'_> {
    /// Makes it pending, and returns its id.
    pub(crate) async fn add(&self) -> Result<String, TestError> {
        let id = match &self.plan.kind {
            PendingType::Asset(AssetRequestType::Purchase) => self.purchase().await?,
            PendingType::Asset(kind) => self.about_a_subscription(kind).await?,
            PendingType::TierConfig(kind) => self.about_a_reseller(kind).await?,
            PendingType::TierAccount(_) => self.about_an_account().await?,
        };
        if self.plan.revoked {
            self.operate(&id, Operation::Schedule, self.schedule()).await?;
            self.operate(&id, Operation::Revoke, json!({"reason": "Not needed."})).await?;
        }
        Ok(id)
    }

    fn schedule(&self) -> Value {
        json!({"planned_date": self.day()})
    }

    fn day(&self) -> Option<DateTime> {
        let days = self.plan.planned_in_days?;
        Some(DateTime(self.clock.now() + SignedDuration::from_hours(24 * days)))
    }

    async fn purchase(&self) -> Result<String, TestError> {
        let mut new = self.order();
        let mut filled = Vec::new();
        for (key, value) in &self.plan.parameters {
            let update = ParameterUpdate::value(key, value);
            match self.phase(key, "ordering").await?.as_str() {
                "ordering" => new = new.param(&update),
                _ => filled.push(update),
            }
        }
        let Shown { id, .. } = self.request(&self.planned(new).await?).await?;
        if !filled.is_empty() {
            self.operate(&id, Operation::Update, json!(RequestUpdate::params(filled))).await?;
        }
        Ok(id)
    }

    fn order(&self) -> NewRequest {
        NewRequest::preview_purchase(&self.product).item(ITEM, self.plan.quantity)
    }

    /// Plans a request for its day, and lets the product take such.
    async fn planned(&self, new: NewRequest) -> Result<NewRequest, TestError> {
        let Some(day) = self.day() else { return Ok(new) };
        let on = json!({"scheduling": true});
        self.enable(json!({"subscription": {"purchase": on, "change": on}})).await?;
        Ok(new.planned(day))
    }

    async fn about_a_subscription(&self, kind: &AssetRequestType) -> Result<String, TestError> {
        let renewing = json!({"subscription": {
            "schema": "explicit",
            "renew": {"enable_renew": true}, "transfer": {"enable_transfer": true},
        }});
        if matches!(kind, AssetRequestType::Renew | AssetRequestType::Transfer) {
            self.enable(renewing).await?;
        }
        let asset = self.active().await?;
        let new = match kind {
            AssetRequestType::Resume => {
                let held = self.request(&NewRequest::suspend(&asset)).await?;
                self.operate(&held.id, Operation::Approve, json!({})).await?;
                NewRequest::resume(&asset)
            }
            AssetRequestType::Change => {
                NewRequest::change(&asset).item(ITEM, self.plan.quantity * 2)
            }
            AssetRequestType::Suspend => NewRequest::suspend(&asset),
            AssetRequestType::Cancel => NewRequest::cancel(&asset),
            AssetRequestType::Renew => NewRequest::renew(&asset),
            AssetRequestType::Adjustment => NewRequest::adjustment(&asset),
            _ => NewRequest::transfer(&asset).tier("customer", &account(self.number + 50)),
        };
        Ok(self.request(&self.planned(new).await?).await?.id)
    }

    /// A subscription that was bought and approved, by hand.
    async fn active(&self) -> Result<AssetId, TestError> {
        let mut filled = Vec::new();
        let mut order = self.order().tier("customer", &account(self.number));
        for (key, value) in &self.plan.parameters {
            let update = ParameterUpdate::value(key, value);
            match self.phase(key, "fulfillment").await?.as_str() {
                "ordering" => order = order.param(&update),
                _ => filled.push(update),
            }
        }
        if !self.plan.parameters.iter().any(|(key, _)| key == "subscription_id") {
            filled.push(ParameterUpdate::value("subscription_id", "set-up"));
        }
        let Shown { id, asset } = self.request(&order).await?;
        self.operate(&id, Operation::Update, json!(RequestUpdate::params(filled))).await?;
        self.operate(&id, Operation::Approve, json!({})).await?;
        let asset = asset.ok_or_else(|| unsaid("creating a purchase", "asset"))?;
        Ok(asset.id.as_str().into())
    }

    async fn about_a_reseller(&self, kind: &TierConfigRequestType) -> Result<String, TestError> {
        self.enable(json!({"tiers": {"configs": {"level": 2}}})).await?;
        let setup = NewTierConfigRequest::preview_setup(&self.product, 1, &account(self.number));
        let id = self.tier_config_request(&setup).await?;
        if *kind == TierConfigRequestType::Setup {
            return Ok(id);
        }
        let mut filled = self.plan.parameters.clone();
        if !filled.iter().any(|(key, _)| key == "reseller_id") {
            filled.push(("reseller_id".to_owned(), "set-up".to_owned()));
        }
        let filled = filled.iter().map(|(key, value)| json!({"id": key, "value": value}));
        let filled = json!({"params": filled.collect::<Vec<_>>()});
        let of = TierConfigRequestId::from(id.as_str());
        self.apply("filling in", TierConfigRequestCommand::update(of.clone(), filled)).await?;
        let body = json!({"template": {"representation": "Set up."}});
        let operation = Operation::Approve;
        let approve = TierConfigRequestCommand::Operate { id: of, operation, body, code: None };
        self.apply("approving", approve).await?;
        let request = self.get(&format!("tier/config-requests/{id}")).await?;
        let config = text(&request["configuration"], "id", "setting a reseller up")?;
        let config = config.as_str().into();
        self.tier_config_request(&match kind {
            TierConfigRequestType::Update => NewTierConfigRequest::update(&config),
            _ => NewTierConfigRequest::adjustment(&config),
        })
        .await
    }

    async fn about_an_account(&self) -> Result<String, TestError> {
        self.enable(json!({"tiers": {"updates": true}})).await?;
        let asset = self.active().await?;
        let asset = self.get(&format!("assets/{asset}")).await?;
        let customer = text(&asset["tiers"]["customer"], "id", "reading a subscription")?;
        let account = account_body(self.number + 70);
        let account = json!({"id": customer, "contact_info": account.contact_info});
        let body = json!({"type": "update", "account": account});
        let create = TierAccountRequestCommand::Create { body };
        let made = self.apply("changing an account", create).await?;
        let made: Value = serde_json::from_slice(&made).unwrap_or_default();
        let first = if made.is_array() { &made[0] } else { &made };
        text(first, "id", "creating a request about an account")
    }

    /// Returns the phase of a parameter of the product; one that is missing is added.
    async fn phase(&self, key: &str, unless_known: &str) -> Result<String, TestError> {
        if let Some((_, phase)) = KNOWN.iter().find(|(known, _)| *known == key) {
            return Ok((*phase).to_owned());
        }
        let path = format!("products/{}/parameters", self.product);
        let all = self.client.list_at::<Value>(&path).stream();
        let all: Vec<Value> = all.try_collect().await.map_err(TestError::platform(path.clone()))?;
        if let Some(known) = all.iter().find(|it| it["name"] == key || it["id"] == key) {
            return text(known, "phase", "reading a parameter");
        }
        let new = json!({
            "name": key, "title": key, "description": "", "type": "text", "scope": "asset",
            "phase": unless_known, "constraints": {},
        });
        let create = ParameterCommand::Create { product: self.product.clone(), body: new };
        self.apply("adding a parameter", create).await?;
        Ok(unless_known.to_owned())
    }

    async fn enable(&self, capabilities: Value) -> Result<(), TestError> {
        let body = json!({"capabilities": capabilities});
        let update = ProductCommand::Update { id: self.product.clone(), body };
        self.apply("enabling what the product lacks", update).await.map(drop)
    }

    async fn request(&self, new: &NewRequest) -> Result<Shown, TestError> {
        self.create("creating a request", RequestCommand::Create { body: json!(new) }).await
    }

    async fn operate(&self, id: &str, operation: Operation, body: Value) -> Result<(), TestError> {
        let id = RequestId::from(id);
        let doing = operation.verb();
        let operate = RequestCommand::Operate { id, operation, body, code: None };
        self.apply(doing, operate).await.map(drop)
    }

    async fn tier_config_request(&self, new: &NewTierConfigRequest) -> Result<String, TestError> {
        let create = TierConfigRequestCommand::Create { body: json!(new) };
        Ok(self.create("creating a request for a configuration", create).await?.id)
    }

    async fn create(
        &self,
        doing: &str,
        command: impl Into<Command> + Send,
    ) -> Result<Shown, TestError> {
        let body = self.apply(doing, command).await?;
        serde_json::from_slice(&body).map_err(|_| unsaid(doing, "id"))
    }

    /// Has the platform carry out a command, and returns what it answers.
    async fn apply(
        &self,
        doing: &str,
        command: impl Into<Command> + Send,
    ) -> Result<Bytes, TestError> {
        let applied = self.platform.apply(self.actor.clone(), command).await;
        applied.map(|it| it.body).map_err(TestError::refused(doing))
    }

    async fn get(&self, path: &str) -> Result<Value, TestError> {
        let answer = self.client.call(Call::get(path)).await;
        let answer = answer.map_err(TestError::platform(format!("GET /{path}")))?;
        Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
    }
}

fn text(of: &Value, field: &'static str, doing: &str) -> Result<String, TestError> {
    of[field].as_str().map(ToOwned::to_owned).ok_or_else(|| unsaid(doing, field))
}

fn unsaid(doing: &str, field: &'static str) -> TestError {
    TestError::Unsaid { doing: doing.to_owned(), field }
}

fn account(number: usize) -> NewTier {
    NewTier::New(Box::new(account_body(number)))
}

/// An account that a number tells from others.
fn account_body(number: usize) -> TierAccount {
    let body = json!({
        "name": format!("Customer {number}"), "external_id": format!("customer-{number}"),
        "external_uid": format!("uid-{number}"),
        "contact_info": {
            "address_line1": format!("Storgata {number}"), "city": "Bergen", "postal_code": "5003",
            "country": "NO", "contact": {
                "first_name": "Liv", "last_name": "Dahl",
                "email": format!("liv-{number}@dahl.example"),
            },
        },
    });
    serde_json::from_value(body).unwrap_or_default()
}
