//! The filters of `/usage/records`.

use std::sync::{Arc, LazyLock};

use connect_model::{UsageRecordStatus, UsageSchema};

use crate::asset::filters::AssetRow;
use crate::query::cell::Cell;
use crate::query::field::{Field, Lookup};
use crate::query::schema::Schema;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_record::check::time;
use crate::usage_record::record::{UsageBlock, UsageRecord};

type Filter = Field<UsageRecordRow>;

/// A record with what it is about.
pub(crate) struct UsageRecordRow {
    pub(crate) block: Arc<UsageBlock>,
    pub(crate) at: usize,
    pub(crate) file: Arc<UsageFileRecord>,
    pub(crate) asset: Option<AssetRow>,
}

impl UsageRecordRow {
    /// Returns the record. A row is only made of one that is there.
    pub(crate) fn record(&self) -> &UsageRecord {
        &self.block.records[self.at]
    }

    fn item(&self) -> Option<&str> {
        self.record().item.as_ref().map(|id| id.as_str())
    }

    fn asset_id(&self) -> Option<&str> {
        self.record().asset.as_ref().map(|id| id.as_str())
    }

    fn external_id(&self) -> Option<&str> {
        self.asset.as_ref()?.asset.external_id.as_deref()
    }

    fn external_uid(&self) -> Option<&str> {
        self.asset.as_ref()?.asset.external_uid.as_deref()
    }

    fn hub(&self) -> Option<&str> {
        self.asset.as_ref()?.hub_id()
    }

    fn start(&self) -> Cell<'_> {
        time(&self.record().row.start_time_utc).ok().into()
    }

    fn end(&self) -> Cell<'_> {
        time(&self.record().row.end_time_utc).ok().into()
    }
}

/// The filters of `/usage/records`.
pub(crate) static USAGE_RECORDS: LazyLock<Schema<UsageRecordRow>> = LazyLock::new(|| {
    use Lookup::{Eq, Ilike, In, Like, Ne, Out};
    Schema::new([
        Filter::choice("status", UsageRecordStatus::KNOWN, |row| {
            row.record().status.as_str().into()
        })
        .nullable()
        .orderable(),
        Filter::text("usagefile.id", |row| row.file.id.as_str().into()).aliases(&["usage_file"]),
        Filter::choice("usagefile.schema", UsageSchema::KNOWN, |row| {
            row.file.schema.as_str().into()
        })
        .lookups(&[Eq, Ne, Like, Ilike, In, Out]),
        Filter::text("asset.id", |row| row.asset_id().into()).aliases(&["asset_id"]),
        Filter::text("asset.external_id", |row| row.external_id().into())
            .aliases(&["asset_external_id"]),
        Filter::text("asset.external_uid", |row| row.external_uid().into())
            .aliases(&["asset_external_uid"]),
        Filter::text("item.id", |row| row.item().into()).aliases(&["item_id"]),
        Filter::text("product.id", |row| row.file.product.as_str().into()).aliases(&["product_id"]),
        Filter::text("hub.id", |row| row.hub().into()).aliases(&["part_usage_file.hub.id"]),
        Filter::time("start_date", UsageRecordRow::start)
            .aliases(&["usage_start_time"])
            .nullable()
            .orderable(),
        Filter::time("end_date", UsageRecordRow::end).nullable(),
        Filter::time("created_time", |row| row.file.uploaded().into()).nullable().orderable(),
    ])
});
