//! The items of a request, read from a body: how much of what.

use std::collections::HashSet;

use connect_model::{AssetRequestType, Quantity};
use serde_json::Value;

use crate::asset::record::AssetRecord;
use crate::body;
use crate::denial::Denial;
use crate::product::record::{CatalogItem, ProductRecord};
use crate::row::{ItemRow, Items, steady};

/// Returns the whole composition after the items of a body: what it does not list keeps its
/// quantity.
pub(crate) fn composition(
    kind: &AssetRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
    body: &Value,
) -> Result<Items, Denial> {
    let mut rows = match kind {
        AssetRequestType::Purchase => Vec::new(),
        _ => steady(&asset.items).to_vec(),
    };
    merge_items(&mut rows, product, body)?;
    must_hold_something(&rows)?;
    Ok(rows.into())
}

/// Returns what a draft asks for of an asset that went on since: rows the draft leaves alone follow
/// it.
pub(crate) fn rebased(draft: &Items, held: &Items) -> Result<Items, Denial> {
    let mut rows = steady(held).to_vec();
    for asked in draft.iter().filter(|row| !row.is_steady()) {
        match rows.iter_mut().find(|row| row.item == asked.item) {
            Some(row) => row.quantity = asked.quantity,
            None if asked.quantity.is_zero() => {}
            None => rows.push(ItemRow { old_quantity: Quantity::ZERO, ..asked.clone() }),
        }
    }
    must_hold_something(&rows)?;
    Ok(rows.into())
}

/// Refuses items that come to nothing, first in the platform's words, which programs compare.
fn must_hold_something(rows: &[ItemRow]) -> Result<(), Denial> {
    if rows.iter().any(|row| !row.quantity.is_zero()) {
        return Ok(());
    }
    let mut denied = Denial::invalid("asset.items: This list may not be empty.");
    let nothing = "asset.items.quantity: Every quantity is 0: at least one must be greater.";
    denied.refusal.errors.extend((!rows.is_empty()).then(|| nothing.to_owned()));
    Err(denied)
}

/// Refuses a change that changes no quantity.
pub(crate) fn must_change_something(rows: &[ItemRow]) -> Result<(), Denial> {
    if rows.iter().all(ItemRow::is_steady) {
        return Err(Denial::invalid("asset.items: Item quantities are not changed."));
    }
    Ok(())
}

fn merge_items(
    rows: &mut Vec<ItemRow>,
    product: &ProductRecord,
    body: &Value,
) -> Result<(), Denial> {
    let mut mentioned = HashSet::new();
    for mention in body::rows(body, "asset.items")? {
        let item = product.mentioned_item(mention).ok_or_else(|| no_item(mention))?;
        if !mentioned.insert(&item.item.id) {
            return Err(there_twice(item));
        }
        let quantity = quantity(item, mention)?;
        match rows.iter_mut().find(|row| row.item == item.item.id) {
            Some(row) => row.quantity = quantity,
            None => rows.push(ItemRow {
                item: item.item.id.clone(),
                quantity,
                old_quantity: Quantity::ZERO,
                renewal: None,
            }),
        }
    }
    Ok(())
}

pub(crate) fn no_item(mention: &Value) -> Denial {
    let name = ["id", "global_id", "mpn"].iter().find_map(|name| body::text(mention, name));
    Denial::invalid(format!("asset.items: Item {} does not exist.", name.unwrap_or_default()))
}

/// Refuses a second row of an item: which of them is meant is anybody's guess.
pub(crate) fn there_twice(item: &CatalogItem) -> Denial {
    Denial::invalid(format!("asset.items: Item {} is there twice.", item.item.local_id))
}

/// Reads a quantity: metered items have none to choose; reserved ones come in whole units.
pub(crate) fn quantity(item: &CatalogItem, mention: &Value) -> Result<Quantity, Denial> {
    let Some(text) = body::text(mention, "quantity") else {
        let metered = item.item.is_metered().then_some(Quantity::Unlimited);
        return metered.ok_or_else(|| Denial::absent("asset.items.quantity"));
    };
    let quantity: Quantity = text
        .parse()
        .map_err(|_| Denial::invalid("asset.items.quantity: A valid number is required."))?;
    if !item.item.is_metered() && quantity.whole().is_none() {
        let name = &item.item.local_id;
        let text = format!("asset.items: Quantity of item {name} must be a whole number.");
        return Err(Denial::invalid(text));
    }
    Ok(quantity)
}
