//! One webhook: its settings, how its calls went, and what can be done to it.

pub(super) mod act;
pub(super) mod directory;
pub(super) mod edit;

use askama::Template;
use axum::extract::Path;
use connect_model::{LastDelivery, Webhook, WebhookId};
use connect_world::Collection;
use serde::Deserialize;

use super::kit::{Facts, Head, OnTab, TabBar, tabs};
use super::mark::{Mark, title};
use super::page::{ErrorPage, Page, show};
use super::secrets::DOTS;
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use super::when::When;

pub(super) const DIRECTORY: &str = "/webhooks";

tabs! {
    /// A tab of the page.
    pub(super) enum Tab {
        Deliveries: "" "Deliveries",
        Settings: "settings" "Settings",
    }
}

#[derive(Template)]
#[template(path = "webhook.html")]
struct WebhookPage {
    shell: Shell,
    tab: Tab,
    head: Head,
    webhook: Webhook,
    deliveries: Vec<DeliveryRow>,
    settings: Facts,
    /// The headers of the owner, and the data, as JSON.
    headers: String,
    data: String,
}

/// A call of the log.
#[derive(Deserialize)]
struct Delivery {
    attempt: u32,
    #[serde(flatten)]
    ended: LastDelivery,
}

/// A call as the page shows it.
struct DeliveryRow {
    began: Option<When>,
    attempt: u32,
    duration: u64,
    mark: Mark,
    status_code: Option<u16>,
    errors: String,
    response: String,
}

impl DeliveryRow {
    fn new(delivery: &Delivery, shell: &Shell) -> Self {
        let Delivery { attempt, ended } = delivery;
        let response = ended.rest.get("response").and_then(|it| it["body"].as_str());
        Self {
            began: shell.when(ended.time),
            attempt: *attempt,
            duration: ended.duration,
            mark: Mark::from(&ended.status),
            status_code: ended.status_code,
            errors: ended.errors.clone(),
            response: response.unwrap_or_default().to_owned(),
        }
    }
}

/// Answers `GET /webhooks/{id}` and the tab below.
pub(super) async fn page(
    visitor: Visitor,
    Path(id): Path<WebhookId>,
    OnTab(tab): OnTab<Tab>,
) -> Page {
    let webhook = read(&visitor, &id).await?;
    let shell = visitor.shell(Section::Webhooks, id.as_str()).live(&[id.as_str()]);
    let log = Collection::WebhookDeliveries(id);
    let deliveries = visitor.list_raw::<Delivery>(&log, "").await;
    let deliveries = deliveries.map_err(|denied| visitor.error_page(denied))?.rows;
    let pretty = |fields: &serde_json::Map<_, _>| serde_json::to_string_pretty(fields);
    Ok(show(&WebhookPage {
        tab,
        head: head(&webhook, tab, &shell),
        deliveries: deliveries.iter().map(|it| DeliveryRow::new(it, &shell)).collect(),
        settings: settings(&webhook, &shell),
        headers: pretty(&webhook.headers).unwrap_or_default(),
        data: pretty(&webhook.data).unwrap_or_default(),
        webhook,
        shell,
    }))
}

async fn read(visitor: &Visitor, id: &WebhookId) -> Result<Webhook, ErrorPage> {
    visitor.read(&Collection::Webhooks, id.as_str()).await
}

fn address(id: &WebhookId) -> String {
    format!("{DIRECTORY}/{id}")
}

fn head(webhook: &Webhook, tab: Tab, shell: &Shell) -> Head {
    let stats = &webhook.stats;
    let ended = |last: &Option<LastDelivery>| shell.when(last.as_ref().and_then(|it| it.time));
    let facts = Facts::beside()
        .mark("Status", Mark::of_active(webhook.active))
        .at("status")
        .text("Label", &webhook.label)
        .text("Events", stats.events)
        .text("Calls", stats.triggers)
        .at("calls")
        .text("Failures since the last success", stats.failure_since_last_success)
        .when("Last success", ended(&webhook.last_success))
        .when("Last failure", ended(&webhook.last_failure));
    let tabs = TabBar::of("Webhook", &address(&webhook.id), tab);
    let above = [("Webhooks", DIRECTORY)];
    Head::new("Webhook", &above, webhook.id.as_str(), facts, tabs)
}

fn settings(webhook: &Webhook, shell: &Shell) -> Facts {
    let product = webhook.product.as_ref();
    let name = product.and_then(|it| it.name.clone()).unwrap_or_default();
    let facts = Facts::below()
        .text("Type", title(webhook.kind.as_str()))
        .text("Object class", title(webhook.object_class.as_str()));
    let facts = match product {
        Some(product) => facts.link("Product", name, format!("/products/{}", product.id)),
        None => facts.text("Product", ""),
    };
    facts
        .code("Address", &webhook.external_url)
        .text("Secret", DOTS)
        .text("Description", &webhook.description)
        .when("Created", shell.when(webhook.created_at))
        .when("Changed", shell.when(webhook.modified_at))
        .when("Last event", shell.when(webhook.last_event))
        .exactly("Not called again before", shell.when(webhook.earliest_possible_trigger))
}
