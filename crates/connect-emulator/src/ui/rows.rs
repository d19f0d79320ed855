//! The rows of tables on several pages.

use connect_model::{
    Asset, AssetRequest, AssetRequestType, Connection, ConnectionType, Item, Parameter,
    ParameterType, Renewal, ServiceLevel, TierAccount,
};

use super::kit::Facts;
use super::mark::{Mark, title};
use super::secrets::DOTS;
use super::shell::Shell;
use super::when::When;

/// An account behind a subscription.
pub(super) struct Tier {
    pub(super) level: &'static str,
    pub(super) account: TierAccount,
    /// The id of its configuration, where there is one.
    pub(super) config: Option<String>,
}

impl Tier {
    /// Returns the accounts of a chain, from the customer up.
    pub(super) fn all_of(asset: &Asset) -> Vec<Self> {
        let tiers = &asset.tiers;
        let levels =
            [("Customer", &tiers.customer), ("Tier 1", &tiers.tier1), ("Tier 2", &tiers.tier2)];
        let tier = |(level, account): (&'static str, &Option<Box<TierAccount>>)| {
            account.as_ref().map(|account| Self {
                level,
                account: (**account).clone(),
                config: None,
            })
        };
        levels.into_iter().filter_map(tier).collect()
    }
}

/// An item of a subscription, or of a request that changes its quantity.
pub(super) struct ItemRow {
    pub(super) id: String,
    pub(super) display_name: String,
    pub(super) mpn: String,
    pub(super) kind: String,
    /// The quantity before the request, when the request changes it.
    pub(super) before: Option<String>,
    pub(super) quantity: String,
    /// The time that a renewal is for.
    pub(super) renewal: Option<String>,
}

impl ItemRow {
    /// Returns the items of a subscription as it is.
    pub(super) fn held_by(asset: &Asset) -> Vec<Self> {
        asset.items.iter().flatten().map(Self::new).collect()
    }

    /// Returns the items as a request would have them. Only some kinds of requests bring new
    /// quantities.
    pub(super) fn asked_by(request: &AssetRequest) -> Vec<Self> {
        use AssetRequestType::{Cancel, Purchase, Resume, Suspend};
        let keeps = matches!(request.kind, Purchase | Suspend | Resume | Cancel);
        let row = |item: &Item| match keeps || item.old_quantity == item.quantity {
            true => Self::new(item),
            false => Self { before: Some(item.old_quantity.to_string()), ..Self::new(item) },
        };
        request.asset.items.iter().flatten().map(row).collect()
    }

    fn new(item: &Item) -> Self {
        Self {
            id: item.id.clone(),
            display_name: item.display_name.clone(),
            mpn: item.mpn.clone(),
            kind: title(&item.item_type),
            before: None,
            quantity: item.quantity.to_string(),
            renewal: item.renewal.as_deref().map(Renewal::to_string),
        }
    }
}

/// A request in a list.
pub(super) struct RequestRow {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) mark: Mark,
    pub(super) asset: String,
    pub(super) environment: Option<String>,
    pub(super) product: String,
    pub(super) customer: String,
    pub(super) marketplace: String,
    pub(super) assignee: String,
    pub(super) reason: String,
    pub(super) created: Option<When>,
    pub(super) updated: Option<When>,
}

impl RequestRow {
    pub(super) fn new(request: &AssetRequest, shell: &Shell) -> Self {
        let asset = &request.asset;
        let name = |name: Option<&String>| name.cloned().unwrap_or_default();
        Self {
            id: request.id.to_string(),
            kind: title(request.kind.as_str()),
            mark: Mark::from(&request.status),
            asset: asset.id.to_string(),
            environment: environment(asset),
            product: name(asset.product.as_ref().and_then(|it| it.name.as_ref())),
            customer: name(asset.tiers.customer.as_ref().map(|it| &it.name)),
            marketplace: name(request.marketplace.as_ref().and_then(|it| it.name.as_ref())),
            assignee: request.assignee.name().to_owned(),
            reason: request.reason.clone(),
            created: shell.when(request.created),
            updated: shell.when(request.updated),
        }
    }
}

/// Returns the zone of a request, and how long it has waited; nothing where nobody is waited for.
pub(super) fn service_level(sli: Option<&ServiceLevel>) -> String {
    let Some(ServiceLevel { zone: Some(zone), days, .. }) = sli else { return String::new() };
    match days {
        Some(1) => format!("Zone {zone}, 1 day"),
        Some(days) => format!("Zone {zone}, {days} days"),
        None => format!("Zone {zone}"),
    }
}

/// A parameter of a subscription or request.
pub(super) struct ParameterRow {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) phase: String,
    pub(super) is_required: bool,
    /// The value as text; what is secret stays so.
    pub(super) value: String,
    pub(super) error: String,
}

impl ParameterRow {
    pub(super) fn new(parameter: &Parameter) -> Self {
        Self {
            key: parameter.id.clone(),
            title: parameter.title.clone().unwrap_or_else(|| parameter.id.clone()),
            phase: parameter.phase.as_ref().map(|phase| title(phase.as_str())).unwrap_or_default(),
            is_required: parameter.is_required(),
            value: shown_value(parameter),
            error: parameter.value_error.clone().unwrap_or_default(),
        }
    }

    pub(super) fn all_of(asset: &Asset) -> Vec<Self> {
        asset.params.iter().flatten().map(Self::new).collect()
    }
}

fn shown_value(parameter: &Parameter) -> String {
    if parameter.kind == Some(ParameterType::Password) && !parameter.is_empty() {
        return DOTS.to_owned();
    }
    match (parameter.text(), &parameter.structured_value) {
        (Some(text), _) => text.to_owned(),
        (None, Some(value)) if !parameter.is_empty() => value.to_string(),
        _ => String::new(),
    }
}

/// Returns the tag of a subscription that is not sold for real: `Preview`, `Test`.
pub(super) fn environment(asset: &Asset) -> Option<String> {
    environment_of(asset.connection.as_ref())
}

/// Returns the tag of what is sold through a connection that is not for real.
pub(super) fn environment_of(connection: Option<&Connection>) -> Option<String> {
    let kind = &connection?.kind;
    (*kind != ConnectionType::Production).then(|| title(kind.as_str()))
}

/// Whether what is sold through a connection is a preview: the vendor plays the distributor, too.
pub(super) fn is_preview(connection: Option<&Connection>) -> bool {
    connection.is_some_and(Connection::is_preview)
}

/// Returns the id of a subscription's product.
pub(super) fn product_of(asset: &Asset) -> String {
    asset.product.as_ref().map(|it| it.id.to_string()).unwrap_or_default()
}

/// Adds whom a connection binds; nothing where there is none.
pub(super) fn connection_facts(facts: Facts, connection: Option<&Connection>) -> Facts {
    let Some(link) = connection else { return facts };
    facts
        .text("Environment", title(link.kind.as_str()))
        .code("Connection", &link.id)
        .named("Hub", link.hub.as_ref().map(|it| (it.name.as_deref(), it.id.as_str())))
        .named("Distributor", link.provider.as_ref().map(|it| (it.name.as_deref(), it.id.as_str())))
        .named("Vendor", link.vendor.as_ref().map(|it| (it.name.as_deref(), it.id.as_str())))
}
