//! The calls of a processor without its promises: no journal, no leases, no steps. What it gets
//! done is what the network, the platform and the clients allow.

use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use connect_client::{ApiKey, Call, Client};
use connect_model::asset_request::action::Approve;
use connect_model::rql::{Rql, field};
use connect_model::{AssetRequest, RequestId, Template, TemplateId};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::json;

/// The number of requests that are worked on at the same time, and that are read in one call.
pub(crate) const CONCURRENCY: usize = 64;

#[derive(Args)]
pub(crate) struct BareLoop {
    endpoint: String,
    key: String,
    vendor: String,
    product: String,
}

#[derive(Deserialize)]
struct Listed {
    id: RequestId,
}

impl BareLoop {
    pub(crate) async fn run(self) -> Result<()> {
        let client = Client::builder(&self.endpoint, ApiKey::new(&self.key)?).build()?;
        let template = template(&client, &self.product).await?;
        let worker = Worker { client, template, http: http()?, vendor: self.vendor };
        let listed = worker.list(pending(&self.product)).await?;
        stream::iter(listed.chunks(CONCURRENCY))
            .map(|some| worker.read(some))
            .buffered(2)
            .map_ok(|requests| stream::iter(requests).map(anyhow::Ok))
            .try_flatten()
            .try_for_each_concurrent(CONCURRENCY, |request| {
                let work = tokio::spawn(worker.clone().carry_out(request));
                async { work.await? }
            })
            .await
    }
}

/// A client with the settings of Acme's.
fn http() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .timeout(Duration::from_secs(20))
        .connect_timeout(Duration::from_secs(5))
        .build()
}

/// Returns what the processor asks for.
fn pending(product: &str) -> Rql {
    field("status").eq("pending")
        & field("asset.product.id").in_([product])
        & field("asset.connection.type").in_(["preview"])
        & field("type").in_(["resume"])
}

async fn template(client: &Client, product: &str) -> Result<TemplateId> {
    let list = client.list_at::<Template>(&format!("products/{product}/templates"));
    let templates: Vec<Template> = list.stream().try_collect().await?;
    let wanted = templates.into_iter().find(|one| one.name == "Default Activation Template");
    Ok(wanted.context("the product has an activation template")?.id)
}

#[derive(Clone)]
struct Worker {
    client: Client,
    template: TemplateId,
    http: reqwest::Client,
    vendor: String,
}

impl Worker {
    async fn list(&self, filter: Rql) -> Result<Vec<Listed>> {
        let list = self.client.list_at::<Listed>("requests").filter(filter);
        let light = list.order_by("created").without("asset.items").without("asset.configuration");
        Ok(light.stream().try_collect().await?)
    }

    async fn read(&self, listed: &[Listed]) -> Result<Vec<AssetRequest>> {
        let ids = listed.iter().map(|one| one.id.as_str());
        let list = self.client.list::<AssetRequest>().filter(field("id").in_(ids));
        let page = list.page_size(CONCURRENCY as u32).page(0).await?;
        Ok(page.items.into_iter().collect::<Result<_, _>>()?)
    }

    async fn carry_out(self, request: AssetRequest) -> Result<()> {
        let tenant = request.asset.value(acme::SUBSCRIPTION_ID).context("a tenant")?;
        let enable = self.http.put(format!("{}/tenant/{tenant}/enable", self.vendor));
        let enable = enable.header("Idempotency-Key", format!("{}:enable", request.id));
        enable.json(&json!({})).send().await?.error_for_status()?.bytes().await?;
        let body = Approve { template_id: Some(self.template), ..Approve::default() };
        let approve = Call::post(format!("requests/{}/approve", request.id)).json(&body)?;
        self.client.call(approve).await?;
        Ok(())
    }
}
