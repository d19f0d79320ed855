//! One subscription: what it is, what can be done with it, what was done.

use askama::Template;
use axum::extract::Path;
use connect_model::{Asset, AssetId, Product};

use super::actions::{Actions, offered};
use super::mark::Mark;
use super::markdown;
use super::page::{ErrorPage, Page, show};
use super::request_wizard::product_of;
use super::rows::{ItemRow, ParameterRow, RequestRow, Tier, environment};
use super::secrets::masked;
use super::shell::{Section, Shell};
use super::visitor::Visitor;
use super::when::When;
use connect_world::Collection;

#[derive(Template)]
#[template(path = "subscription.html")]
struct SubscriptionPage {
    shell: Shell,
    tab: Tab,
    asset: Asset,
    mark: Mark,
    environment: Option<String>,
    product: Product,
    open: Option<RequestRow>,
    actions: Actions,
    created: Option<When>,
    updated: Option<When>,
    /// The approved template, rendered; only on the control panel.
    text: String,
    items: Vec<ItemRow>,
    parameters: Vec<ParameterRow>,
    tiers: Vec<Tier>,
    requests: Vec<RequestRow>,
    /// The number of requests before these.
    older: usize,
}

/// A tab of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    ControlPanel,
    Items,
    Parameters,
    Details,
    Tiers,
    Fulfillment,
}

impl Tab {
    const ALL: [Self; 6] = [
        Self::ControlPanel,
        Self::Items,
        Self::Parameters,
        Self::Details,
        Self::Tiers,
        Self::Fulfillment,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::ControlPanel => "Control Panel",
            Self::Items => "Items",
            Self::Parameters => "Parameters",
            Self::Details => "Details",
            Self::Tiers => "Tiers",
            Self::Fulfillment => "Fulfillment",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::ControlPanel => "",
            Self::Items => "/items",
            Self::Parameters => "/parameters",
            Self::Details => "/details",
            Self::Tiers => "/tiers",
            Self::Fulfillment => "/fulfillment",
        }
    }
}

async fn subscription(visitor: &Visitor, id: &AssetId, tab: Tab) -> Page {
    Ok(show(&page(visitor, id, tab).await?))
}

async fn page(visitor: &Visitor, id: &AssetId, tab: Tab) -> Result<SubscriptionPage, ErrorPage> {
    let asset: Asset = visitor.read(&Collection::Assets, id.as_str()).await?;
    let product_id = product_of(&asset);
    let product: Product = visitor.read(&Collection::Products, &product_id).await?;
    let requests = visitor.requests_of(id).await?;
    let open = requests.rows.iter().find(|request| request.status.is_open());
    let shell = visitor.shell(Section::Subscriptions, id.as_str());
    let shell = shell.live(&[id.as_str(), &product_id, "request", "tier_account"]);
    let text = match tab {
        Tab::ControlPanel => {
            let text = visitor.text_of(&Collection::Assets, id.as_str()).await;
            markdown::html(&masked(text, &asset, visitor))
        }
        _ => String::new(),
    };
    let at = |event: &str| shell.when(asset.events.get(event).and_then(|event| event.at));
    Ok(SubscriptionPage {
        tab,
        mark: Mark::from(&asset.status),
        environment: environment(&asset),
        actions: offered(visitor.role, &asset, &product, open),
        open: open.map(|request| RequestRow::new(request, &shell)),
        created: at("created"),
        updated: at("updated"),
        text,
        items: ItemRow::held_by(&asset),
        parameters: ParameterRow::all_of(&asset),
        tiers: Tier::all_of(&asset),
        older: requests.more(),
        requests: requests.rows.iter().map(|request| RequestRow::new(request, &shell)).collect(),
        product,
        asset,
        shell,
    })
}

/// Answers `GET /subscriptions/{id}`.
pub(super) async fn control_panel(visitor: Visitor, Path(id): Path<AssetId>) -> Page {
    subscription(&visitor, &id, Tab::ControlPanel).await
}

/// Answers `GET /subscriptions/{id}/items`.
pub(super) async fn items(visitor: Visitor, Path(id): Path<AssetId>) -> Page {
    subscription(&visitor, &id, Tab::Items).await
}

/// Answers `GET /subscriptions/{id}/parameters`.
pub(super) async fn parameters(visitor: Visitor, Path(id): Path<AssetId>) -> Page {
    subscription(&visitor, &id, Tab::Parameters).await
}

/// Answers `GET /subscriptions/{id}/details`.
pub(super) async fn details(visitor: Visitor, Path(id): Path<AssetId>) -> Page {
    subscription(&visitor, &id, Tab::Details).await
}

/// Answers `GET /subscriptions/{id}/tiers`.
pub(super) async fn tiers(visitor: Visitor, Path(id): Path<AssetId>) -> Page {
    subscription(&visitor, &id, Tab::Tiers).await
}

/// Answers `GET /subscriptions/{id}/fulfillment`.
pub(super) async fn fulfillment(visitor: Visitor, Path(id): Path<AssetId>) -> Page {
    subscription(&visitor, &id, Tab::Fulfillment).await
}
