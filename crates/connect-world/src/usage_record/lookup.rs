//! Looking up the items and assets that the rows of a sheet mean.

use std::collections::HashMap;

use connect_model::{AssetId, AssetStatus, ItemId, Precision};

use crate::asset::record::AssetRecord;
use crate::product::record::ProductRecord;
use crate::state::State;
use crate::usage_file::record::UsageFileRecord;

/// The items of a product, by each field that rows look them up by.
pub(crate) struct Items<'w> {
    product: &'w ProductRecord,
    takes_reservations: bool,
    found: HashMap<(Box<str>, Box<str>), Option<ItemFound<'w>>>,
}

/// An item that a row means.
#[derive(Clone, Copy)]
pub(crate) struct ItemFound<'w> {
    pub(crate) id: &'w ItemId,
    pub(crate) precision: &'w Precision,
    /// Whether usage of it is reported at all.
    pub(crate) is_reported: bool,
}

impl<'w> Items<'w> {
    pub(crate) fn new(product: &'w ProductRecord, takes_reservations: bool) -> Self {
        Self { product, takes_reservations, found: HashMap::new() }
    }

    /// Returns the item with a value in a field.
    ///
    /// # Errors
    ///
    /// When items are not looked up by such a field.
    pub(crate) fn find(
        &mut self,
        criterion: &str,
        value: &str,
    ) -> Result<Option<ItemFound<'w>>, &'static str> {
        if !matches!(criterion, "item.mpn" | "item.id" | "item.local_id") {
            return Err("Items are found by item.mpn, item.id or item.local_id.");
        }
        let key = (criterion.into(), value.into());
        let (product, takes_reservations) = (self.product, self.takes_reservations);
        Ok(*self.found.entry(key).or_insert_with(|| {
            let living = product.items.iter().filter(|row| !row.deleted).map(|row| &row.item);
            let mut living = living.filter(|item| match criterion {
                "item.mpn" => item.mpn == value,
                "item.id" => item.id == *value,
                _ => item.local_id == value,
            });
            living.next().map(|item| ItemFound {
                id: &item.id,
                precision: &item.precision,
                is_reported: item.is_metered() || takes_reservations,
            })
        }))
    }
}

/// The assets that a file may report on, by each field that rows look them up by.
pub(crate) struct Assets<'w> {
    state: &'w State,
    file: &'w UsageFileRecord,
    product: &'w ProductRecord,
    by_field: HashMap<Box<str>, ByValue<'w>>,
}

/// The assets by the value of one field; those that share one are none that a row can mean.
type ByValue<'w> = HashMap<&'w str, Option<&'w AssetId>>;

impl<'w> Assets<'w> {
    pub(crate) fn new(
        state: &'w State,
        file: &'w UsageFileRecord,
        product: &'w ProductRecord,
    ) -> Self {
        Self { state, file, product, by_field: HashMap::new() }
    }

    /// Returns the asset with a value in a field.
    ///
    /// # Errors
    ///
    /// When assets are not looked up by such a field, or not one of them has the value, or several
    /// have.
    pub(crate) fn find(&mut self, criterion: &str, value: &str) -> Result<&'w AssetId, String> {
        if !self.by_field.contains_key(criterion) {
            let field = Field::of(criterion, self.product)?;
            self.by_field.insert(criterion.into(), self.by(&field));
        }
        let values = self.by_field.get(criterion);
        match values.and_then(|values| values.get(value)) {
            Some(Some(asset)) => Ok(asset),
            Some(None) => Err(format!("Several subscriptions have {criterion} {value}.")),
            None => Err(format!(
                "No subscription of the product under the contract has {criterion} {value}."
            )),
        }
    }

    fn by(&self, field: &Field<'_>) -> ByValue<'w> {
        let Self { state, file, .. } = *self;
        let assets = state.assets.iter().map(|asset| &**asset);
        let assets = assets.filter(|it| it.product == file.product && it.contract == file.contract);
        // A draft is no subscription yet, and may be gone tomorrow.
        let assets = assets.filter(|it| it.status != AssetStatus::Draft);
        let mut values = ByValue::new();
        for asset in assets {
            if let Some(value) = field.value(asset).filter(|value| !value.is_empty()) {
                let several = values.contains_key(value);
                values.insert(value, (!several).then_some(&asset.id));
            }
        }
        values
    }
}

/// A field that assets are looked up by.
enum Field<'c> {
    Id,
    ExternalId,
    ExternalUid,
    Parameter(&'c str),
}

impl<'c> Field<'c> {
    fn of(criterion: &'c str, product: &ProductRecord) -> Result<Self, String> {
        match criterion {
            "asset.id" => return Ok(Self::Id),
            "asset.external_id" => return Ok(Self::ExternalId),
            "asset.external_uid" => return Ok(Self::ExternalUid),
            _ => {}
        }
        let Some(key) = criterion.strip_prefix("parameter.") else {
            let fields = "asset.id, asset.external_id, asset.external_uid or parameter.{id}";
            return Err(format!("Subscriptions are found by {fields}."));
        };
        let found = product.parameters.iter().find(|spec| !spec.deleted && *spec.key == *key);
        match found {
            Some(spec) if spec.flag("reconciliation") => Ok(Self::Parameter(key)),
            Some(_) => Err(format!(
                "Parameter {key} is not used for reconciliation: its constraint is off."
            )),
            None => Err(format!("The product has no parameter {key}.")),
        }
    }

    fn value<'w>(&self, asset: &'w AssetRecord) -> Option<&'w str> {
        match self {
            Self::Id => Some(asset.id.as_str()),
            Self::ExternalId => asset.external_id.as_deref(),
            Self::ExternalUid => asset.external_uid.as_deref(),
            Self::Parameter(key) => {
                asset.params.iter().find(|row| *row.key == **key).map(|row| &*row.value)
            }
        }
    }
}
