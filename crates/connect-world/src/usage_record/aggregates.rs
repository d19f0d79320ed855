//! `/usage/aggregates`, and those of one asset: how much of an item an asset has used.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use connect_model::{AssetId, DateTime, ItemId, UsageFileStatus, UsageRecordStatus, UsageSchema};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use serde_json::Value;

use crate::denial::Denial;
use crate::listed::{Listed, Look};
use crate::product::record::ProductRecord;
use crate::query::schema::Schema;
use crate::shown::{Shown, choices, schema, shown, texts};
use crate::usage_file::record::UsageFileRecord;
use crate::usage_record::check::number;
use crate::usage_record::listed::of_file;
use crate::usage_record::view::{AssetRef, ItemRef, NumberView};
use crate::view::AtView;

/// The usage of all that the caller sees.
pub(crate) struct Aggregates;

/// The usage of one asset.
pub(crate) struct AggregatesOfAsset;

impl Shown for Aggregates {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &AGGREGATES
    }

    fn all(look: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        Ok(aggregates(look, None))
    }
}

impl Shown for AggregatesOfAsset {
    type Parent = AssetId;

    fn schema() -> &'static Schema<Value> {
        &AGGREGATES
    }

    fn all(look: Look<'_>, asset: &AssetId) -> Result<Vec<Value>, Denial> {
        crate::asset::listed::Assets::find(look, &(), asset.as_str())?;
        Ok(aggregates(look, Some(asset)))
    }
}

static AGGREGATES: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        texts!["asset.id" "asset.external_uid" "item.id" "item.local_id"],
        choices!["item.type": &["Reservation", "PPU"]],
    ])
});

/// What is added up: the usage of one item by one asset, in one currency. Sums of several would mean
/// nothing.
type Key<'w> = (AssetId, ItemId, Option<&'w str>);

/// The sums of one key.
struct Sum<'w> {
    product: &'w ProductRecord,
    consumed: Decimal,
    accepted: Decimal,
    amount: Option<Decimal>,
    reported: DateTime,
}

/// `{item, asset, amount, currency, consumed, accepted, events}`.
#[derive(Serialize)]
struct AggregateView<'w> {
    item: ItemRef<'w>,
    asset: AssetRef<'w>,
    amount: Option<NumberView>,
    currency: Option<&'w str>,
    consumed: i64,
    accepted: i64,
    events: Events<'w>,
}

#[derive(Serialize)]
struct Events<'w> {
    last_reported: AtView<'w>,
}

/// Adds up the valid records of the files that the caller sees, of one asset or of all.
fn aggregates(look: Look<'_>, wanted: Option<&AssetId>) -> Vec<Value> {
    let Look { state, token, .. } = look;
    let mut sums: BTreeMap<Key<'_>, Sum<'_>> = BTreeMap::new();
    let counted = |file: &&std::sync::Arc<UsageFileRecord>| {
        file.is_seen_by(token) && file.status != UsageFileStatus::Deleted
    };
    for file in state.usage_files.iter().filter(counted) {
        let Some(product) = state.shared.product(file.product.as_str()) else { continue };
        for row in of_file(state, file) {
            let record = row.record();
            let (Some(asset), Some(item)) = (&record.asset, &record.item) else { continue };
            if wanted.is_some_and(|wanted| wanted != asset) || !counts(&record.status) {
                continue;
            }
            let currency = file.texts.currency.as_deref();
            let key = (asset.clone(), item.clone(), currency);
            let sum = sums.entry(key).or_insert_with(|| Sum {
                product,
                consumed: Decimal::ZERO,
                accepted: Decimal::ZERO,
                amount: None,
                reported: file.uploaded(),
            });
            sum.add(file, &record.row, &record.status);
        }
    }
    shown(sums.iter().filter_map(|((asset, item, currency), sum)| {
        let asset = state.assets.get(asset.as_str())?;
        let item = sum.product.item(item)?;
        let whole = |number: Decimal| number.trunc().to_i64().unwrap_or(i64::MAX);
        Some(AggregateView {
            item: ItemRef::of(item),
            asset: AssetRef::of(asset),
            amount: sum.amount.map(NumberView),
            currency: *currency,
            consumed: whole(sum.consumed),
            accepted: whole(sum.accepted),
            events: Events {
                last_reported: AtView::new(sum.reported, None, &state.shared.parties),
            },
        })
    }))
}

/// Whether a record is neither wrong nor sent back.
fn counts(status: &UsageRecordStatus) -> bool {
    use UsageRecordStatus::{Approved, Closed, Valid};
    matches!(status, Valid | Approved | Closed)
}

impl Sum<'_> {
    fn add(
        &mut self,
        file: &UsageFileRecord,
        row: &connect_model::UsageRow,
        status: &UsageRecordStatus,
    ) {
        let quantity = number(&row.quantity).unwrap_or_default();
        self.consumed = self.consumed.saturating_add(quantity);
        if *status != UsageRecordStatus::Valid {
            self.accepted = self.accepted.saturating_add(quantity);
        }
        let has_amount = file.schema != UsageSchema::Quantity;
        if let Some(amount) = number(&row.amount).ok().filter(|_| has_amount) {
            self.amount = Some(self.amount.unwrap_or_default().saturating_add(amount));
        }
        self.reported = self.reported.max(file.uploaded());
    }
}
