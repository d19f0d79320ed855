//! A record of usage as the platform shows it.

use connect_model::{DateTime, UsageFileId, UsageRecordId, UsageRecordStatus, UsageSchema};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Serialize, Serializer};

use crate::asset::record::AssetRecord;
use crate::denial::Denial;
use crate::product::record::CatalogItem;
use crate::state::State;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_record::check::{number, time};
use crate::usage_record::filters::UsageRecordRow;
use crate::usage_record::record::UsageRecord;

#[derive(Serialize)]
pub(crate) struct UsageRecordView<'w> {
    id: UsageRecordId,
    status: &'w UsageRecordStatus,
    usagefile: FileRef<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<ItemRef<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asset: Option<AssetRef<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<DateTime>,
    usage: NumberView,
    amount: Option<NumberView>,
    multiplier: i32,
    tier: Option<u32>,
    category: &'w str,
    params: Vec<ParamView<'w>>,
    external_billing_id: &'w str,
    external_billing_note: &'w str,
    closed_at: Option<DateTime>,
    closed_by: Option<&'w str>,
    product_id: &'w str,
    item_id: &'w str,
    asset_id: &'w str,
    asset_external_id: &'w str,
    asset_external_uid: &'w str,
    resource_local_id: &'w str,
}

/// The file of a record or a chunk.
#[derive(Serialize)]
pub(crate) struct FileRef<'w> {
    id: &'w UsageFileId,
    name: Option<&'w str>,
    schema: &'w UsageSchema,
    currency: Option<&'w str>,
}

/// The item of a record.
#[derive(Serialize)]
pub(crate) struct ItemRef<'w> {
    id: &'w str,
    local_id: &'w str,
    name: &'w str,
    unit: &'w str,
    mpn: &'w str,
    precision: &'w str,
    r#type: &'w str,
}

/// The asset of a record.
#[derive(Serialize)]
pub(crate) struct AssetRef<'w> {
    id: &'w str,
    external_id: Option<&'w str>,
    external_uid: Option<&'w str>,
}

#[derive(Serialize)]
struct ParamView<'w> {
    parameter_name: &'w str,
    parameter_value: &'w str,
}

/// A number of the platform: without a fraction where it has none. A cell that holds none counts as 0;
/// the record says that it is invalid.
pub(crate) struct NumberView(pub(crate) Decimal);

impl Serialize for NumberView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = self.0.normalize();
        match number.to_i64().filter(|_| number.scale() == 0) {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f64(number.to_f64().unwrap_or_default()),
        }
    }
}

impl<'w> UsageRecordView<'w> {
    /// # Errors
    ///
    /// When the world lacks what it is about.
    pub(crate) fn new(state: &'w State, row: &'w UsageRecordRow) -> Result<Self, Denial> {
        let (record, file) = (row.record(), &*row.file);
        let product = state.shared.product(file.product.as_str()).ok_or_else(Denial::not_found)?;
        let item = record.item.as_ref().and_then(|id| product.item(id));
        let asset = row.asset.as_ref().map(|row| &*row.asset);
        let cells = &record.row;
        let closing = record.closing.as_deref();
        let at = |cell: &str| time(cell).ok().map(DateTime::from);
        let decimal = |cell: &str| NumberView(number(cell).unwrap_or_default());
        Ok(Self {
            id: row.block.record_id(row.at),
            status: &record.status,
            usagefile: FileRef::of(file),
            item: item.map(ItemRef::of).or_else(|| ItemRef::described(record)),
            asset: asset.map(AssetRef::of),
            start_date: at(&cells.start_time_utc),
            end_date: at(&cells.end_time_utc),
            usage: decimal(&cells.quantity),
            amount: (!cells.amount.is_empty()).then(|| decimal(&cells.amount)),
            multiplier: 1,
            tier: cells.tier.parse().ok(),
            category: &cells.category_id,
            params: cells
                .params
                .iter()
                .map(|(name, value)| ParamView { parameter_name: name, parameter_value: value })
                .collect(),
            external_billing_id: closing.map_or("", |it| &it.billing_id),
            external_billing_note: closing.map_or("", |it| &it.billing_note),
            closed_at: closing.map(|it| it.at),
            closed_by: closing
                .and_then(|it| it.by.as_ref())
                .map(|id| state.shared.parties.name_of(id)),
            product_id: file.product.as_str(),
            item_id: record.item.as_ref().map_or("", |id| id.as_str()),
            asset_id: record.asset.as_ref().map_or("", |id| id.as_str()),
            asset_external_id: asset.and_then(|it| it.external_id.as_deref()).unwrap_or_default(),
            asset_external_uid: asset.and_then(|it| it.external_uid.as_deref()).unwrap_or_default(),
            resource_local_id: item.map_or("", |it| &it.item.local_id),
        })
    }
}

impl<'w> FileRef<'w> {
    pub(crate) fn of(file: &'w UsageFileRecord) -> Self {
        Self {
            id: &file.id,
            name: file.texts.name.as_deref(),
            schema: &file.schema,
            currency: file.texts.currency.as_deref(),
        }
    }
}

impl<'w> ItemRef<'w> {
    pub(crate) fn of(CatalogItem { item, .. }: &'w CatalogItem) -> Self {
        Self {
            id: item.id.as_str(),
            local_id: &item.local_id,
            name: item.shown_name(),
            unit: item.unit_title(),
            mpn: &item.mpn,
            precision: item.precision.in_orders(),
            r#type: item.kind.in_orders(),
        }
    }

    /// Returns the item that a row describes because the product does not have it.
    fn described(record: &'w UsageRecord) -> Option<Self> {
        let UsageRecord { row, status, .. } = record;
        (*status != UsageRecordStatus::Invalid).then(|| Self {
            id: &row.item_search_value,
            local_id: &row.item_search_value,
            name: &row.item_name,
            unit: &row.item_unit,
            mpn: if row.item_mpn.is_empty() { &row.item_search_value } else { &row.item_mpn },
            precision: &row.item_precision,
            r#type: connect_model::ItemType::Ppu.in_orders(),
        })
    }
}

impl<'w> AssetRef<'w> {
    pub(crate) fn of(asset: &'w AssetRecord) -> Self {
        Self {
            id: asset.id.as_str(),
            external_id: asset.external_id.as_deref(),
            external_uid: asset.external_uid.as_deref(),
        }
    }
}
