//! Nine days in the life of a product.

use anyhow::{Context, Result};
use connect_model::asset_request::{NewRequest, NewTier, RequestUpdate};
use connect_model::lifecycle::Operation;
use connect_model::{
    Asset, AssetId, BillingRequestId, ParameterUpdate, ProductId, RequestId, Template, TemplateId,
    TierAccountId, WebhookId,
};
use connect_world::Collection;
use connect_world::command::{ProductCommand, WebhookCommand};
use serde_json::json;

use super::billing;
use super::calendar::Calendar;
use super::customers::{self, Customers};
use super::resellers::{self, Resellers};
use super::usage::{self, Reports};
use crate::Stage;
use crate::sales::account;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// The place and the time of the story.
pub(super) struct Story {
    pub(super) stage: Stage,
    pub(super) calendar: Calendar,
}

/// Everything that is worth a visit.
pub(super) struct Cast {
    pub(super) resumed: AssetId,
    pub(super) suspended: AssetId,
    pub(super) active: AssetId,
    pub(super) pending: RequestId,
    pub(super) inquiring: RequestId,
    /// The path of its customer's form.
    pub(super) form: String,
    /// The same of a request with nothing that the customer could correct.
    pub(super) other_form: String,
    /// The request that made `resumed` active again.
    pub(super) resume: RequestId,
    pub(super) failed: RequestId,
    pub(super) template: TemplateId,
    pub(super) customer: TierAccountId,
    /// A product without parts.
    pub(super) bare: ProductId,
    pub(super) resellers: Resellers,
    pub(super) customers: Customers,
    pub(super) webhook: WebhookId,
    pub(super) reports: Reports,
    pub(super) bill: BillingRequestId,
}

impl Story {
    pub(super) async fn play(&self) -> Result<Cast> {
        let active = self.subscribed(9 * DAY, "Calder & Sons", 25).await?;
        let resumed = self.subscribed(8 * DAY, "Nordlicht Studio", 10).await?;
        let gone = self.subscribed(7 * DAY, "Old Mill Dairy", 3).await?;
        let suspended = self.subscribed(6 * DAY, "Bright Harbor Bakery", 40).await?;
        self.granted(5 * DAY, &NewRequest::suspend(&suspended)).await?;
        self.granted(4 * DAY, &NewRequest::suspend(&resumed)).await?;
        self.granted(3 * DAY, &NewRequest::cancel(&gone)).await?;
        let failed = self.refused(DAY, &NewRequest::change(&active).item("MPN-A", 500)).await?;
        let inquiring = self.inquired(3 * HOUR, "Ferreira Logistics").await?;
        let pending = self.ordered(25, "Atelier Weiss", 12).await?;
        let other = self.ordered(8, "Lund & Partners", 150).await?;
        let resume = self.granted(2, &NewRequest::resume(&resumed)).await?;
        self.calendar.minutes_ago(0);
        self.be_called(&resume).await?;
        let template = self.template().await?;
        let customer = self.customer(&active).await?;
        let form = self.form(&inquiring).await?;
        self.asked(&other, acme::SUBSCRIPTION_ID, "Which of your tenants is it for?").await?;
        let other_form = self.form(&other).await?;
        let resellers = resellers::play(&self.stage).await?;
        let bare = self.bare_product().await?;
        let webhook = self.called_webhook().await?;
        let bill = billing::play(&self.stage, &active).await?;
        let reports = usage::play(&self.stage, &active).await?;
        let customers = customers::play(&self.stage, &customer).await?;
        Ok(Cast {
            resumed,
            suspended,
            active,
            pending,
            inquiring,
            form,
            other_form,
            resume,
            failed,
            template,
            customer,
            bare,
            resellers,
            customers,
            webhook,
            reports,
            bill,
        })
    }

    /// A webhook that was called, by nobody who listens.
    async fn called_webhook(&self) -> Result<WebhookId> {
        let body = json!({
            "label": "Orders of Fernway", "object_class": "fulfillment_request",
            "description": "Wakes the processor.", "active": true, "http_method": "POST",
            "product_id": self.stage.emulator.product(), "jwt_secret": "tour-s3cret",
            "external_url": "http://127.0.0.1:9/webhook", "headers": {"X-Team": "cedar"},
        });
        let made = self.stage.apply(WebhookCommand::Create { body }).await?;
        let id: WebhookId = made["id"].as_str().context("a webhook has an id")?.into();
        self.stage.apply(WebhookCommand::Trigger { id: id.clone() }).await?;
        // Asked past the API, so that the log of calls is the same each time.
        let platform = self.stage.emulator.platform();
        let who = platform.authenticate(&self.stage.emulator.keys().vendor);
        let who = who.context("the vendor has a key")?;
        let calls = Collection::WebhookDeliveries(id.clone());
        while platform.list(&who, &calls, "").await?.range.total == 0 {
            tokio::task::yield_now().await;
        }
        Ok(id)
    }

    /// A pending purchase.
    async fn ordered(&self, ago: i64, customer: &str, quantity: u32) -> Result<RequestId> {
        self.calendar.minutes_ago(ago);
        let order = NewRequest::preview_purchase(&self.stage.emulator.product())
            .item("MPN-A", quantity)
            .tier("customer", &NewTier::New(Box::new(account(customer))));
        self.stage.request(&order).await
    }

    async fn subscribed(&self, ago: i64, customer: &str, quantity: u32) -> Result<AssetId> {
        let id = self.ordered(ago, customer, quantity).await?;
        let tenant = customer.split(' ').next().unwrap_or_default().to_lowercase();
        let params = [ParameterUpdate::value(acme::SUBSCRIPTION_ID, format!("t-{tenant}"))];
        self.stage.operate(&id, Operation::Update, json!(RequestUpdate::params(params))).await?;
        let approved = self.stage.operate(&id, Operation::Approve, json!({})).await?;
        let asset = approved["asset"]["id"].as_str().context("a request has an asset")?;
        Ok(asset.into())
    }

    async fn granted(&self, ago: i64, new: &NewRequest) -> Result<RequestId> {
        self.calendar.minutes_ago(ago);
        let id = self.stage.request(new).await?;
        self.stage.operate(&id, Operation::Approve, json!({})).await?;
        Ok(id)
    }

    async fn refused(&self, ago: i64, new: &NewRequest) -> Result<RequestId> {
        self.calendar.minutes_ago(ago);
        let id = self.stage.request(new).await?;
        let reason = json!({"reason": "Fernway sells at most 300 licences to one customer."});
        self.stage.operate(&id, Operation::Fail, reason).await?;
        Ok(id)
    }

    async fn inquired(&self, ago: i64, customer: &str) -> Result<RequestId> {
        let id = self.ordered(ago, customer, 8).await?;
        self.asked(&id, "admin_email", "Nobody reads this mailbox.").await?;
        Ok(id)
    }

    /// Has the customer asked about a parameter.
    async fn asked(&self, id: &RequestId, parameter: &str, error: &str) -> Result<()> {
        let marked = json!(RequestUpdate::params([ParameterUpdate::error(parameter, error)]));
        self.stage.operate(id, Operation::Update, marked).await?;
        self.stage.operate(id, Operation::Inquire, json!({})).await.map(drop)
    }

    /// The path of a request's form.
    async fn form(&self, id: &RequestId) -> Result<String> {
        let form = self.stage.read(id).await?.params_form_url;
        Ok(form.strip_prefix(&self.stage.emulator.url()).unwrap_or_default().to_owned())
    }

    async fn bare_product(&self) -> Result<ProductId> {
        let body = json!({"name": "Fernway Vault"});
        let made = self.stage.apply(ProductCommand::Create { body }).await?;
        Ok(made["id"].as_str().context("a product has an id")?.into())
    }

    /// A template of the product.
    async fn template(&self) -> Result<TemplateId> {
        let path = format!("products/{}/templates", self.stage.emulator.product());
        let template = self.stage.client()?.list_at::<Template>(&path).first().await?;
        Ok(template.context("the product has templates")?.id)
    }

    async fn customer(&self, asset: &AssetId) -> Result<TierAccountId> {
        let asset: Asset = self.stage.client()?.get(asset.as_str()).await?;
        Ok(asset.tiers.customer.context("the subscription has a customer")?.id)
    }

    /// Something for the activity page: what a processor asks, and something that goes wrong.
    async fn be_called(&self, request: &RequestId) -> Result<()> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let (endpoint, key) = (self.stage.emulator.endpoint(), &self.stage.emulator.keys().vendor);
        let pending = "requests?in(status,(pending,inquiring))&ordering(created)&limit=100";
        for path in [&format!("requests/{request}"), pending, "requests/PR-0000-0000-0000-001"] {
            let call = http.get(format!("{endpoint}/{path}")).header("Authorization", key);
            call.send().await?;
        }
        let call = http.post(format!("{endpoint}/requests/{request}/approve"));
        call.header("Authorization", key).json(&json!({})).send().await?;
        Ok(())
    }
}
