//! Renewals: until when a subscription lasts, and for how long it is renewed.

use std::collections::HashSet;
use std::sync::Arc;

use connect_model::{AssetRequestType, DateTime, Renewal, RenewalSchema, RenewalTerm, RenewalUnit};
use serde_json::Value;

use crate::asset::record::AssetRecord;
use crate::body;
use crate::denial::Denial;
use crate::product::record::{CatalogItem, ProductRecord};
use crate::refusal_text;
use crate::request::composition::{no_item, quantity, there_twice};
use crate::request::record::RequestRecord;
use crate::row::{ItemRow, Items, steady};
use crate::state::State;

/// Where a renewal says for how long.
const DELTA: &str = "renewal.period_delta";
const UNIT: &str = "renewal.period_uom";

/// The most units a renewal can be for.
const MOST_UNITS: u32 = 10_000;

/// Returns when an asset expires after the approval of a request. A purchase of a product with
/// explicit renewal lasts as long as the first of its items does, and so does a renewal.
pub(crate) fn expires_after(
    state: &State,
    asset: &AssetRecord,
    request: &RequestRecord,
) -> Option<DateTime> {
    match request.kind {
        AssetRequestType::Purchase => {
            let product = state.shared.product(asset.product.as_str())?;
            let is_explicit =
                product.product.capabilities.renewal_schema() == RenewalSchema::Explicit;
            let from = request.effective_date.filter(|_| is_explicit)?;
            request.items.iter().filter_map(|row| own_term(row, product)?.after(from)).min()
        }
        AssetRequestType::Renew => {
            let ends = request.items.iter().filter_map(|row| row.renewal.as_ref()?.to);
            ends.min().or(asset.renewal_expiration_date)
        }
        _ => asset.renewal_expiration_date,
    }
}

/// Returns the items of a renewal: what there is, and for how long each is renewed. What a body does
/// not mention is renewed for the period that it is billed for.
pub(crate) fn renewed(
    asset: &AssetRecord,
    product: &ProductRecord,
    body: &Value,
) -> Result<Items, Denial> {
    let expires = expires(asset)?;
    let mut rows = steady(&asset.items).to_vec();
    let mut mentioned = HashSet::new();
    for mention in body::rows(body, "asset.items")? {
        let item = product.mentioned_item(mention).ok_or_else(|| no_item(mention))?;
        if !mentioned.insert(&item.item.id) {
            return Err(there_twice(item));
        }
        let row = rows.iter_mut().find(|row| row.item == item.item.id);
        let row = row.ok_or_else(|| refused(item, "is not part of the subscription"))?;
        must_keep_quantity(row, item, mention)?;
        row.renewal = renewal(row, product, expires, mention)?.map(Box::new);
    }
    filled(rows, product, expires)
}

/// Returns what a draft renews of an asset that went on since: for as long, from when it expires now.
pub(crate) fn rebased(
    draft: &Items,
    asset: &AssetRecord,
    product: &ProductRecord,
) -> Result<Items, Denial> {
    let expires = expires(asset)?;
    let mut rows = steady(&asset.items).to_vec();
    for row in &mut rows {
        let asked = draft.iter().find(|asked| asked.item == row.item);
        let term = asked.and_then(|asked| asked.renewal.as_ref()?.term());
        row.renewal = term.and_then(|term| term.renewal(expires)).map(Box::new);
    }
    filled(rows, product, expires)
}

/// Renews what no period was asked for as well, and refuses a renewal of nothing.
fn filled(
    mut rows: Vec<ItemRow>,
    product: &ProductRecord,
    expires: DateTime,
) -> Result<Items, Denial> {
    for row in rows.iter_mut().filter(|row| row.renewal.is_none()) {
        let term = own_term(row, product);
        row.renewal = term.and_then(|term| term.renewal(expires)).map(Box::new);
    }
    if rows.iter().all(|row| row.renewal.is_none()) {
        return Err(Denial::invalid("asset.items: No item has a period to be renewed for."));
    }
    Ok(Arc::from(rows))
}

fn expires(asset: &AssetRecord) -> Result<DateTime, Denial> {
    asset.renewal_expiration_date.ok_or_else(|| {
        Denial::invalid(
            "asset.id: The subscription has no renewal expiration date: it goes on by itself.",
        )
    })
}

/// Returns the term that an item is billed for, when quantities of it are ordered.
fn own_term(row: &ItemRow, product: &ProductRecord) -> Option<RenewalTerm> {
    let item = &product.item(&row.item)?.item;
    (!item.is_metered()).then(|| RenewalTerm::of(&item.period)).flatten()
}

/// Refuses another quantity than there is: a change brings that.
fn must_keep_quantity(row: &ItemRow, item: &CatalogItem, mention: &Value) -> Result<(), Denial> {
    if body::text(mention, "quantity").is_none() || quantity(item, mention)? == row.quantity {
        return Ok(());
    }
    Err(Denial::invalid("asset.items: Item quantities are not changed by a renewal."))
}

/// Returns the renewal that a mention of an item asks for. Its period decides; the dates follow from
/// it, and are refused when they say something else.
fn renewal(
    row: &ItemRow,
    product: &ProductRecord,
    expires: DateTime,
    mention: &Value,
) -> Result<Option<Renewal>, Denial> {
    body::must_be_object(mention, "renewal").map_err(inside)?;
    let Some(term) = asked_term(mention)?.or_else(|| own_term(row, product)) else {
        return Ok(None);
    };
    let renewal = term.renewal(expires);
    let renewal = renewal.ok_or_else(|| Denial::invalid(at(DELTA, "The date is too far away.")))?;
    for (path, is) in [("renewal.from", renewal.from), ("renewal.to", renewal.to)] {
        let asked = body::instant(mention, path).map_err(inside)?;
        if let Some(is) = is.filter(|is| asked.is_some_and(|asked| asked != *is)) {
            return Err(Denial::invalid(at(
                path,
                &format!("Must be {is} for a renewal of {term}."),
            )));
        }
    }
    Ok(Some(renewal))
}

fn asked_term(mention: &Value) -> Result<Option<RenewalTerm>, Denial> {
    let said = (body::filled(mention, DELTA), body::filled(mention, UNIT));
    let (delta, unit) = match said {
        (None, None) => return Ok(None),
        (Some(delta), Some(unit)) => (delta, unit),
        (None, Some(_)) => return Err(Denial::invalid(at(DELTA, refusal_text::REQUIRED))),
        (Some(_), None) => return Err(Denial::invalid(at(UNIT, refusal_text::REQUIRED))),
    };
    let Some(delta) = delta.parse().ok().filter(|delta| (1..=MOST_UNITS).contains(delta)) else {
        let text = format!("A whole number between 1 and {MOST_UNITS} is required.");
        return Err(Denial::invalid(at(DELTA, &text)));
    };
    match RenewalUnit::from(unit.as_str()) {
        RenewalUnit::Other(word) => {
            Err(Denial::invalid(at(UNIT, &refusal_text::not_a_choice(&word))))
        }
        unit => Ok(Some(RenewalTerm { delta, unit })),
    }
}

fn at(path: &str, text: &str) -> String {
    format!("asset.items.{path}: {text}")
}

/// Says where in the body a refusal of a mention is about.
fn inside(mut denied: Denial) -> Denial {
    for text in &mut denied.refusal.errors {
        *text = format!("asset.items.{text}");
    }
    denied
}

fn refused(item: &CatalogItem, why: &str) -> Denial {
    Denial::invalid(format!("asset.items: Item {} {why}.", item.item.local_id))
}
