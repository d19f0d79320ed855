//! An asset as the platform shows it, alone or inside a request.

use std::sync::Arc;

use connect_model::{AssetId, AssetStatus, DateTime, Quantity, Renewal};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::asset::record::{AssetRecord, TierRef, TierRow};
use crate::product::configuration::view::{ConfigurationParams, ConfigurationView};
use crate::product::record::{CatalogItem, ProductRecord};
use crate::product::view::{ProductRef, TemplateRef};
use crate::request::reference::RequestRef;
use crate::row::{ItemRow, Items, Params};
use crate::state::State;
use crate::tier_account::record::AccountView;
use crate::view::channel::{LinkView, MarketplaceRef, contract_ref};
use crate::view::param::ParamsView;
use crate::view::parts::AssetParts;
use crate::view::{Lifespan, NameView};

/// An asset: as it is, or as a request would have it.
#[derive(Serialize)]
pub(crate) struct AssetView<'w> {
    id: &'w AssetId,
    status: &'w AssetStatus,
    external_id: Option<&'w str>,
    external_uid: Option<&'w str>,
    external_name: &'w str,
    product: ProductRef<'w>,
    connection: LinkView<'w>,
    pub(crate) contract: NameView<'w>,
    pub(crate) marketplace: MarketplaceRef<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<ParamsView<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<ItemsView<'w>>,
    tiers: TiersView<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration: Option<ConfigurationView<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renewal_expiration_date: Option<DateTime>,
    events: Lifespan<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<Option<TemplateRef<'w>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_request: Option<Option<RequestRef<'w>>>,
}

impl<'w> AssetView<'w> {
    /// Returns the asset as it is.
    pub(crate) fn live(
        state: &'w State,
        asset: &'w AssetRecord,
        product: &'w ProductRecord,
        parts: AssetParts,
    ) -> Self {
        let now = Snapshot { items: &asset.items, params: &asset.params, tiers: None };
        let mut view = Self::of(state, asset, product, now, parts);
        view.template = parts.template.then(|| view_template(asset, product));
        view.pending_request = parts.pending_request.then(|| {
            let pending = state.open_requests(&asset.id).next()?;
            let template = pending.template.as_ref().filter(|_| parts.pending_template);
            let template = template.map(|id| TemplateRef::new(id, product));
            Some(RequestRef::new(state, pending).with_template(template))
        });
        view
    }

    /// Returns the asset with the rows of a request.
    pub(crate) fn of(
        state: &'w State,
        asset: &'w AssetRecord,
        product: &'w ProductRecord,
        rows: Snapshot<'w>,
        parts: AssetParts,
    ) -> Self {
        let configuration = ConfigurationParams::of(product, &asset.marketplace, parts.side);
        Self {
            id: &asset.id,
            status: &asset.status,
            external_id: asset.external_id.as_deref(),
            external_uid: asset.external_uid.as_deref(),
            external_name: &asset.external_name,
            product: ProductRef::new(product, parts.capabilities),
            connection: LinkView::new(state, &asset.connection, product),
            contract: contract_ref(state, &asset.contract),
            marketplace: MarketplaceRef::new(state, &asset.marketplace),
            params: parts
                .params
                .then(|| ParamsView { rows: rows.params, scope: product.for_assets() }),
            items: parts.items.then_some(ItemsView { rows: rows.items, configuration }),
            tiers: TiersView::new(state, &asset.tiers, rows.tiers),
            configuration: parts
                .configuration
                .then_some(ConfigurationView { params: configuration }),
            renewal_expiration_date: asset.renewal_expiration_date,
            events: Lifespan::unsigned(asset.created, asset.updated),
            template: None,
            pending_request: None,
        }
    }
}

/// The rows under which an asset is shown. Without accounts of its own it shows the newest
/// versions.
#[derive(Clone, Copy)]
pub(crate) struct Snapshot<'w> {
    pub(crate) items: &'w Items,
    pub(crate) params: &'w Params,
    pub(crate) tiers: Option<&'w Arc<TierRow>>,
}

fn view_template<'w>(
    asset: &'w AssetRecord,
    product: &'w ProductRecord,
) -> Option<TemplateRef<'w>> {
    asset.template.as_ref().map(|id| TemplateRef::new(id, product))
}

struct ItemsView<'w> {
    rows: &'w [ItemRow],
    configuration: ConfigurationParams<'w>,
}

impl Serialize for ItemsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows.iter().filter_map(|row| {
            let item = self.configuration.product.item(&row.item)?;
            Some(ItemRowView::new(row, item, self.configuration.for_item(&row.item)))
        }))
    }
}

#[derive(Serialize)]
struct ItemRowView<'w> {
    id: &'w str,
    global_id: &'w str,
    mpn: &'w str,
    old_quantity: Quantity,
    quantity: Quantity,
    #[serde(rename = "type")]
    unit: &'w str,
    display_name: &'w str,
    period: Option<&'w str>,
    item_type: &'w str,
    params: ConfigurationParams<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renewal: Option<&'w Renewal>,
}

impl<'w> ItemRowView<'w> {
    fn new(
        row: &'w ItemRow,
        CatalogItem { item, .. }: &'w CatalogItem,
        params: ConfigurationParams<'w>,
    ) -> Self {
        Self {
            id: &item.local_id,
            global_id: row.item.as_str(),
            mpn: &item.mpn,
            old_quantity: row.old_quantity,
            quantity: row.quantity,
            unit: item.unit_title(),
            display_name: item.shown_name(),
            period: Some(item.period.in_orders()).filter(|word| !word.is_empty()),
            item_type: item.kind.in_orders(),
            params,
            renewal: row.renewal.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct TiersView<'w> {
    customer: LevelView<'w>,
    tier1: LevelView<'w>,
    tier2: LevelView<'w>,
}

struct LevelView<'w>(Option<AccountView<'w>>);

impl<'w> TiersView<'w> {
    fn new(state: &'w State, live: &'w TierRow, snapshot: Option<&'w Arc<TierRow>>) -> Self {
        let row = snapshot.map_or(live, |row| row);
        let newest = snapshot.is_none();
        let level = |tier: &'w Option<TierRef>| {
            LevelView(tier.as_ref().and_then(|tier| state.tier_account_at(tier, newest)))
        };
        Self { customer: level(&row.customer), tier1: level(&row.tier1), tier2: level(&row.tier2) }
    }
}

impl Serialize for LevelView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(account) => account.serialize(serializer),
            None => serializer.serialize_map(Some(0))?.end(),
        }
    }
}
