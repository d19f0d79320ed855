//! One subscription: what it is, what can be done with it, what was done.

use askama::Template;
use axum::extract::Path;
use connect_model::{
    Asset, AssetId, AssetRequest, AssetStatus, Product, ProductAction, RequestStatus,
};

use super::actions::{Actions, offered};
use super::billing::create::hindrance;
use super::billing::tab::BillingTab;
use super::kit::{Facts, Head, OnTab, TabBar, tabs};
use super::mark::{Mark, title};
use super::markdown;
use super::page::{Page, show};
use super::product_action::of_subscriptions;
use super::rows::product_of;
use super::rows::{ItemRow, ParameterRow, RequestRow, Tier, connection_facts, environment};
use super::secrets::masked;
use super::shell::{Section, Shell};
use super::tier_config::rows::TierRequestRow;
use super::tier_config::sale::{awaited, tiers};
use super::visitor::Visitor;
use super::when::When;
use connect_world::Collection;

tabs! {
    /// A tab of the page.
    pub(super) enum Tab {
        ControlPanel: "" "Control Panel",
        Items: "items" "Items",
        Parameters: "parameters" "Parameters",
        Details: "details" "Details",
        Tiers: "tiers" "Tiers",
        Fulfillment: "fulfillment" "Fulfillment",
        Billing: "billing" "Billing",
    }
}

#[derive(Template)]
#[template(path = "subscription.html")]
struct SubscriptionPage {
    shell: Shell,
    tab: Tab,
    head: Head,
    asset: Asset,
    actions: Actions,
    /// The vendor's own.
    product_actions: Vec<ProductAction>,
    /// The refusal of the latest request, when that is how it ended.
    refusal: Option<Refusal>,
    details: Facts,
    /// The approved template, rendered; only on the control panel.
    text: String,
    items: Vec<ItemRow>,
    parameters: Vec<ParameterRow>,
    tiers: Vec<Tier>,
    /// The set-ups of resellers that its purchase waits for.
    awaited: Vec<TierRequestRow>,
    requests: Vec<RequestRow>,
    /// The number of requests before these.
    older: usize,
    /// The reason why it cannot be billed now.
    bill_closed: Option<String>,
    billing: Option<BillingTab>,
}

/// The end of a request that the vendor did not grant.
struct Refusal {
    title: String,
    when: When,
    reason: String,
    id: String,
}

impl Refusal {
    fn of(request: &AssetRequest, shell: &Shell) -> Option<Self> {
        let failed = request.events.get("failed").and_then(|event| event.at);
        let when = shell.when(failed.or(request.updated))?;
        (request.status == RequestStatus::Failed).then(|| Self {
            title: title(request.kind.as_str()),
            when,
            reason: request.reason.clone(),
            id: request.id.to_string(),
        })
    }
}

/// Answers `GET /subscriptions/{id}` and the tabs below.
pub(super) async fn page(
    visitor: Visitor,
    Path(id): Path<AssetId>,
    OnTab(tab): OnTab<Tab>,
) -> Page {
    let asset: Asset = visitor.read(&Collection::Assets, id.as_str()).await?;
    let product_id = product_of(&asset);
    let product: Product = visitor.read(&Collection::Products, &product_id).await?;
    let requests = visitor.requests_of(&id).await?;
    let open = requests.rows.iter().find(|request| request.status.is_open());
    let kinds = ["request", "tier_account", "tier_config_request"];
    let bills = (tab == Tab::Billing).then_some("billing_request");
    let topics: Vec<&str> =
        [id.as_str(), &product_id].into_iter().chain(kinds).chain(bills).collect();
    let shell = visitor.shell(Section::Subscriptions, id.as_str()).live(&topics);
    let billing = match tab {
        Tab::Billing => Some(BillingTab::of(&visitor, &id, &shell).await?),
        _ => None,
    };
    let tiers = match tab {
        Tab::Tiers => tiers(&visitor, &asset).await?,
        _ => Vec::new(),
    };
    Ok(show(&SubscriptionPage {
        tab,
        head: head(&asset, &product, open, tab, &shell),
        product_actions: of_subscriptions(&visitor, &product.id).await?,
        actions: offered(visitor.role, &asset, &product, open),
        refusal: requests.rows.first().and_then(|latest| Refusal::of(latest, &shell)),
        details: details(&asset, &shell),
        text: text(&visitor, &asset, tab).await,
        items: ItemRow::held_by(&asset),
        parameters: ParameterRow::all_of(&asset),
        tiers,
        awaited: awaited(&visitor, open, &shell).await?,
        older: requests.more(),
        requests: requests.rows.iter().map(|request| RequestRow::new(request, &shell)).collect(),
        bill_closed: hindrance(&asset),
        billing,
        asset,
        shell,
    }))
}

fn head(
    asset: &Asset,
    product: &Product,
    open: Option<&AssetRequest>,
    tab: Tab,
    shell: &Shell,
) -> Head {
    let marketplace = asset.marketplace.as_ref().and_then(|it| it.name.as_deref());
    let facts = Facts::beside()
        .mark("Status", Mark::from(&asset.status))
        .at("status")
        .link("Product", &product.name, format!("/products/{}", product.id))
        .text("Marketplace", marketplace.unwrap_or_default());
    const OPEN: &str = "Request in Progress";
    let facts = match open {
        Some(open) => {
            let tag = format!("{} · {}", title(open.kind.as_str()), title(open.status.as_str()));
            facts.id(OPEN, &open.id, format!("/requests/{}", open.id), Some(tag))
        }
        None => facts.text(OPEN, ""),
    };
    let expires = asset.renewal_expiration_date.filter(|_| asset.status != AssetStatus::Terminated);
    let facts = facts.exactly("Expires", shell.when(expires));
    let tabs = TabBar::of("Subscription", &format!("/subscriptions/{}", asset.id), tab);
    Head::new(
        "Subscription",
        &[("Subscriptions", "/subscriptions")],
        asset.id.as_str(),
        facts,
        tabs,
    )
    .tagged(environment(asset))
}

fn details(asset: &Asset, shell: &Shell) -> Facts {
    let at = |event: &str| shell.when(asset.events.get(event).and_then(|event| event.at));
    let contract = asset.contract.as_ref();
    let facts = Facts::below()
        .text("External id", asset.external_id.as_deref().unwrap_or_default())
        .text("External unique id", asset.external_uid.as_deref().unwrap_or_default())
        .when("Created", at("created"))
        .when("Updated", at("updated"));
    let facts = connection_facts(facts, asset.connection.as_ref());
    facts.named("Contract", contract.map(|it| (it.name.as_deref(), it.id.as_str())))
}

/// Returns what the customer sees, as HTML; nothing on other tabs.
async fn text(visitor: &Visitor, asset: &Asset, tab: Tab) -> String {
    if tab != Tab::ControlPanel {
        return String::new();
    }
    let text = visitor.text_of(&Collection::Assets, asset.id.as_str()).await;
    markdown::html(&masked(
        text,
        asset.id.as_str(),
        asset.params.as_deref().unwrap_or_default(),
        visitor,
    ))
}
