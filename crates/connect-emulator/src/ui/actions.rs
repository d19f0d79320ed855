//! The Actions menu of a subscription: what can be asked for now, and why the rest cannot.

use connect_model::lifecycle::asset_request::{
    allowed_asset_statuses, may_create, may_stand_beside, needed_capability, on_create,
};
use connect_model::{Asset, AssetRequest, AssetRequestType, AssetStatus, Capability, Product};

use super::role::Role;
use super::rows::is_preview;

/// The menu.
pub(super) struct Actions {
    pub(super) entries: Vec<Action>,
    /// The reason why none of them can be chosen, when it is the same for all.
    pub(super) common: Option<String>,
    /// The request that is in the way of all of them.
    pub(super) open: Option<String>,
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

const ENTRIES: [(AssetRequestType, &str, &str); 6] = [
    (AssetRequestType::Change, "Change", "change"),
    (AssetRequestType::Renew, "Renew", "renew"),
    (AssetRequestType::Transfer, "Transfer", "transfer"),
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
    let is_on = |switch| product.capabilities.is_on(switch);
    let is_offered = |kind: &AssetRequestType| {
        kind.hold_capability().or(needed_capability(kind)).is_none_or(is_on)
    };
    let shown = ENTRIES.into_iter().filter(|(kind, ..)| is_offered(kind));
    let entries = shown.map(|(kind, title, verb)| Action {
        title,
        verb,
        why_not: why_not(role, asset, product, &kind, open),
    });
    let missing = (!is_on(Capability::Hold)).then(|| Missing {
        what: "Suspend and Resume are not offered: Administrative Hold is off for this product.",
        settings: format!("/products/{}/settings", product.id),
    });
    let entries: Vec<Action> = entries.collect();
    let common = entries.first().and_then(|first| first.why_not.clone());
    let common = common.filter(|_| entries.iter().all(|it| it.why_not == entries[0].why_not));
    let open =
        open.filter(|open| common.as_ref().is_some_and(|why| why.starts_with(open.id.as_str())));
    Actions { open: open.map(|open| open.id.to_string()), entries, common, missing }
}

fn why_not(
    role: Role,
    asset: &Asset,
    product: &Product,
    kind: &AssetRequestType,
    open: Option<&AssetRequest>,
) -> Option<String> {
    let is_on = |switch| product.capabilities.is_on(switch);
    if !may_create(kind, role.caller(is_preview(asset.connection.as_ref()))) {
        return Some("Only the distributor can, unless it is a preview subscription.".to_owned());
    }
    if let Some(open) = open.filter(|open| !may_stand_beside(kind, &open.kind, is_on)) {
        return Some(format!("{} is in progress; one request at a time.", open.id));
    }
    if on_create(kind, &asset.status).is_err() {
        let statuses = allowed_asset_statuses(kind).iter().map(AssetStatus::as_str);
        let statuses = statuses.collect::<Vec<_>>().join(" or ");
        return Some(format!("Only for subscriptions that are {statuses}."));
    }
    let goes_on = *kind == AssetRequestType::Renew && asset.renewal_expiration_date.is_none();
    goes_on.then(|| "It never expires: it was sold with automatic renewal.".to_owned())
}
