//! One tier configuration: what a vendor knows of a reseller, and what was asked of it.

pub(super) mod directory;
pub(super) mod request;
pub(super) mod requests;
pub(super) mod rows;
pub(super) mod sale;
pub(super) mod wizard;

use askama::Template;
use axum::extract::Path;
use connect_model::rql::{Query, Select, field};
use connect_model::tier_config_request::ResellerTiers;
use connect_model::{
    Asset, RequestStatus, TierConfig, TierConfigId, TierConfigRequest, created_at,
};
use connect_world::Collection;

use self::rows::{TierRequestRow, chain, config_facts, environment, product_id, with_configs};
use self::wizard::Wizard;
use super::kit::{Facts, Head, OnTab, TabBar, tabs};
use super::mark::{Mark, title};
use super::markdown;
use super::page::{ErrorPage, Page, show};
use super::rows::{ParameterRow, Tier, connection_facts, environment_of};
use super::secrets::masked;
use super::shell::{Section, Shell};
use super::visitor::{Rows, Visitor};
use super::when::When;

pub(super) const DIRECTORY: &str = "/tier-configs";
pub(super) const REQUESTS: &str = "/tier-requests";

/// Requests and subscriptions that are shown of a configuration, the newest of them.
const SHOWN: u32 = 100;

tabs! {
    /// A tab of the page.
    pub(super) enum Tab {
        ControlPanel: "" "Control Panel",
        Parameters: "parameters" "Parameters",
        Details: "details" "Details",
        Tiers: "tiers" "Tiers",
        Requests: "requests" "Requests",
        Subscriptions: "subscriptions" "Subscriptions",
    }
}

#[derive(Template)]
#[template(path = "tier_config.html")]
struct ConfigPage {
    shell: Shell,
    tab: Tab,
    head: Head,
    config: TierConfig,
    /// The wizards that the visitor can begin now.
    wizards: Vec<&'static Wizard>,
    /// The reason why there are none, when no request in progress is.
    why_not: Option<&'static str>,
    /// The approved template, rendered; only on the control panel.
    text: String,
    parameters: Vec<ParameterRow>,
    details: Facts,
    tiers: Vec<Tier>,
    requests: Vec<TierRequestRow>,
    /// What is sold through the reseller; only on its tab.
    sales: Vec<Sale>,
    /// The number of requests, or of subscriptions, before these.
    older: usize,
}

/// A subscription that was sold through the reseller.
struct Sale {
    id: String,
    environment: Option<String>,
    customer: String,
    created: Option<When>,
    mark: Mark,
}

/// A configuration with what was asked of it.
struct Subject {
    config: TierConfig,
    requests: Rows<TierConfigRequest>,
}

impl Subject {
    async fn read(visitor: &Visitor, id: &TierConfigId) -> Result<Self, ErrorPage> {
        let config = visitor.read(&Collection::TierConfigs, id.as_str()).await?;
        let newest = Query {
            filter: Some(field("configuration.id").eq(id.as_str())),
            select: ["configuration.params", "tiers"].map(Select::remove).into(),
            limit: Some(SHOWN),
            ..Query::default()
        };
        let requests = visitor.list(&Collection::TierConfigRequests, &newest).await?;
        Ok(Self { config, requests })
    }

    fn address(&self) -> String {
        format!("{DIRECTORY}/{}", self.config.id)
    }

    fn is_set_up(&self) -> bool {
        self.requests.rows.iter().any(|request| request.status == RequestStatus::Approved)
    }

    fn head(&self, tab: Tab) -> Head {
        let config = &self.config;
        let facts = Facts::beside().mark("Status", Mark::from(&config.status)).at("status");
        let facts = config_facts(facts, config);
        const OPEN: &str = "Request in Progress";
        let open = config.open_request.as_ref();
        let facts =
            match open.and_then(|open| self.requests.rows.iter().find(|it| it.id == open.id)) {
                Some(open) => {
                    let tag =
                        format!("{} · {}", title(open.kind.as_str()), title(open.status.as_str()));
                    facts.id(OPEN, &open.id, format!("{REQUESTS}/{}", open.id), Some(tag))
                }
                None => facts.text(OPEN, ""),
            };
        let tabs = TabBar::of("Tier configuration", &self.address(), tab);
        let above = [("Tier Config", DIRECTORY)];
        Head::new("Tier configuration", &above, config.id.as_str(), facts, tabs)
            .tagged(environment(config))
    }
}

/// Answers `GET /tier-configs/{id}` and the tabs below.
pub(super) async fn page(
    visitor: Visitor,
    Path(id): Path<TierConfigId>,
    OnTab(tab): OnTab<Tab>,
) -> Page {
    let subject = Subject::read(&visitor, &id).await?;
    let shell = visitor.shell(Section::TierConfigs, id.as_str());
    let shell = shell.live(&[id.as_str(), "tier_config_request", "tier_account", "asset"]);
    let sales = match tab {
        Tab::Subscriptions => sales(&visitor, &subject.config).await?,
        _ => Rows::none(),
    };
    let offered = Wizard::offered(visitor.role, &subject);
    let config = &subject.config;
    Ok(show(&ConfigPage {
        tab,
        head: subject.head(tab),
        why_not: offered.as_ref().err().copied(),
        wizards: offered.unwrap_or_default(),
        text: text(&visitor, config, tab).await,
        parameters: config.params.iter().flatten().map(ParameterRow::new).collect(),
        details: details(config, &shell),
        tiers: with_configs(chain(Some(&tiers(config))), &[config]),
        older: subject.requests.more().max(sales.more()),
        requests: subject.requests.rows.iter().map(|it| TierRequestRow::new(it, &shell)).collect(),
        sales: sales.rows.iter().map(|asset| Sale::new(asset, &shell)).collect(),
        config: subject.config,
        shell,
    }))
}

impl Sale {
    fn new(asset: &Asset, shell: &Shell) -> Self {
        Self {
            id: asset.id.to_string(),
            environment: environment_of(asset.connection.as_ref()),
            customer: asset.tiers.customer.as_ref().map(|it| it.name.clone()).unwrap_or_default(),
            created: shell.when(created_at(&asset.events)),
            mark: Mark::from(&asset.status),
        }
    }
}

/// Returns the resellers that a configuration shows when it is read alone.
fn tiers(config: &TierConfig) -> ResellerTiers {
    let tiers = config.rest.get("tiers").cloned().unwrap_or_default();
    serde_json::from_value(tiers).unwrap_or_default()
}

/// Returns what is sold through the reseller at its level.
async fn sales(visitor: &Visitor, config: &TierConfig) -> Result<Rows<Asset>, ErrorPage> {
    let level = if config.tier_level == Some(2) { "tiers.tier2.id" } else { "tiers.tier1.id" };
    let by_account = field(level).eq(config.account.id.as_str());
    let newest = Query {
        filter: Some(by_account & field("product.id").eq(product_id(config))),
        select: ["items", "params", "configuration"].map(Select::remove).into(),
        limit: Some(SHOWN),
        ..Query::default()
    };
    visitor.list(&Collection::Assets, &newest).await
}

/// Returns what the reseller sees, as HTML; nothing on other tabs.
async fn text(visitor: &Visitor, config: &TierConfig, tab: Tab) -> String {
    if tab != Tab::ControlPanel {
        return String::new();
    }
    let text = visitor.text_of(&Collection::TierConfigs, config.id.as_str()).await;
    markdown::html(&masked(
        text,
        config.id.as_str(),
        config.params.as_deref().unwrap_or_default(),
        visitor,
    ))
}

fn details(config: &TierConfig, shell: &Shell) -> Facts {
    let at = |event: &str| shell.when(config.events.get(event).and_then(|event| event.at));
    let (template, contract) = (config.template.as_ref(), config.contract.as_ref());
    let external = config.account.external_id.as_deref();
    let facts = Facts::below()
        .code("Account", &config.account.id)
        .text("External id", external.unwrap_or_default())
        .named("Template", template.map(|it| (it.name.as_deref(), it.id.as_str())))
        .when("Created", at("created"))
        .when("Updated", at("updated"));
    let facts = connection_facts(facts, config.connection.as_ref());
    facts.named("Contract", contract.map(|it| (it.name.as_deref(), it.id.as_str())))
}

/// Returns the bar that leads from one list of the module to the other.
fn lists_at(path: &str) -> TabBar {
    let link = |to: &str, title| (to.to_owned(), title, to == path);
    TabBar::between("Tier Config", [link(DIRECTORY, "Directory"), link(REQUESTS, "Requests")])
}
