//! What lists can be filtered, sorted and searched by. Names and lookups: OpenAPI 37.0.

mod assets;
mod requests;
mod small;
mod tier_accounts;

pub(super) use assets::{ASSETS, AssetRow};
pub(super) use requests::{REQUESTS, RequestRow};
pub(super) use small::{CONVERSATIONS, ConversationRow, schema_of};
pub(super) use tier_accounts::TIER_ACCOUNTS;

use crate::query::{Schema, Selectable};
use crate::world::row::ParamRow;

/// `select(…)` of `/requests`. The document spells two removals without `asset.`.
pub(super) const REQUEST_SELECTS: Selectable = Selectable {
    additions: &["asset.product.capabilities"],
    removals: &["activation_key", "template", "asset.items", "asset.configuration", "asset.params"],
    aliases: &[("items", "asset.items"), ("configuration", "asset.configuration")],
};

/// `select(…)` of `/assets`.
pub(super) const ASSET_SELECTS: Selectable = Selectable {
    additions: &["template", "pending_request", "pending_request.template", "product.capabilities"],
    removals: &["items", "configuration", "params"],
    aliases: &[],
};

/// `select(…)` of collections whose objects are always shown whole.
pub(super) const NO_SELECTS: Selectable =
    Selectable { additions: &[], removals: &[], aliases: &[] };

/// One parameter of an asset: its conditions may be asked of the same element with `t(…)`.
fn param_schema() -> Schema<ParamRow> {
    use crate::query::Field;
    Schema::new([
        Field::text("id", |row: &ParamRow| (&*row.key).into()),
        Field::text("value", |row| (&*row.value).into()),
    ])
}
