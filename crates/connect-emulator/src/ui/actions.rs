//! The Actions menu of a subscription: what can be asked for now, and why the rest cannot.

use connect_model::lifecycle::asset_request::{allowed_asset_statuses, on_create};
use connect_model::{
    Asset, AssetRequest, AssetRequestType, AssetStatus, Capability, ConnectionType, Product,
};

use super::role::Role;

/// The menu.
pub(super) struct Actions {
    pub(super) entries: Vec<Action>,
    /// The entries that the menu lacks, and why.
    pub(super) missing: Option<Missing>,
}

/// An entry of the menu.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) title: &'static str,
    /// The wizard's name in addresses.
    pub(super) verb: &'static str,
    /// The reason why it cannot be chosen now.
    pub(super) why_not: Option<String>,
}

/// Entries that the product has switched off.
pub(super) struct Missing {
    pub(super) what: &'static str,
    pub(super) settings: String,
}

const ENTRIES: [(AssetRequestType, &str, &str); 4] = [
    (AssetRequestType::Change, "Change", "change"),
    (AssetRequestType::Suspend, "Suspend", "suspend"),
    (AssetRequestType::Resume, "Resume", "resume"),
    (AssetRequestType::Cancel, "Cancel", "cancel"),
];

/// Returns what the menu offers to a role.
pub(super) fn offered(
    role: Role,
    asset: &Asset,
    product: &Product,
    open: Option<&AssetRequest>,
) -> Actions {
    let holds = product.capabilities.is_on(Capability::Hold);
    let shown = ENTRIES.into_iter().filter(|(kind, ..)| holds || !is_hold(kind));
    let entries = shown.map(|(kind, title, verb)| Action {
        title,
        verb,
        why_not: why_not(role, asset, &kind, open),
    });
    let missing = (!holds).then(|| Missing {
        what: "Suspend and Resume are not offered: Administrative Hold is off for this product.",
        settings: format!("/products/{}/settings", product.id),
    });
    Actions { entries: entries.collect(), missing }
}

fn is_hold(kind: &AssetRequestType) -> bool {
    matches!(kind, AssetRequestType::Suspend | AssetRequestType::Resume)
}

fn why_not(
    role: Role,
    asset: &Asset,
    kind: &AssetRequestType,
    open: Option<&AssetRequest>,
) -> Option<String> {
    if role == Role::Vendor && !is_preview(asset) {
        return Some("Only the distributor can, unless it is a preview subscription.".to_owned());
    }
    if let Some(open) = open {
        return Some(format!("{} is in progress; one request at a time.", open.id));
    }
    on_create(kind, &asset.status).err().map(|_| {
        let statuses = allowed_asset_statuses(kind).iter().map(AssetStatus::as_str);
        format!("Only for subscriptions that are {}.", statuses.collect::<Vec<_>>().join(" or "))
    })
}

/// Whether the vendor plays the distributor, too.
pub(super) fn is_preview(asset: &Asset) -> bool {
    asset.connection.as_ref().is_some_and(|link| link.kind == ConnectionType::Preview)
}
