//! `POST /subscriptions/requests`. The platform's document has a flat body; clients send one with
//! `asset` and `period` in it. Both are read.

use std::sync::Arc;

use connect_model::lifecycle::billing_request::{allow, billed_by};
use connect_model::{
    BillingPeriod, BillingRequestId, BillingRequestType, DateTime, Quantity, WebhookObjectClass,
};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::actor::Actor;
use crate::asset::record::AssetRecord;
use crate::billing_request::attributes::written;
use crate::billing_request::record::{
    AttributesRow, BilledRow, BillingRequestRecord, Moment, PeriodRow,
};
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::read::visible_asset;
use crate::row::ItemRow;
use crate::state::State;
use crate::webhook::event::object_queued;
use crate::{body, refusal_text};

/// The largest number of units of a period: more than time has.
const LARGEST_DELTA: u32 = 1_000_000;

pub(crate) fn create(
    state: &mut State,
    who: &Actor,
    body: &Value,
) -> Result<BillingRequestId, Denial> {
    let (asset, product) = asset(state, who, body)?;
    let caller = who.caller(asset.is_preview());
    let kind = kind(body)?.or_else(|| billed_by(caller)).ok_or_else(Denial::forbidden)?;
    allow(&kind, &asset.status, caller)?;
    let period = period(body)?;
    let items = items(state, &kind, &asset, &product, body)?;
    body::must_be_object(body, "attributes")?;
    let given = body::at(body, "attributes");
    let attributes = written(&AttributesRow::default(), given, caller)?;
    let counter = bills_of(state, &kind, &asset).count() + 1;
    let id = BillingRequestId::of(&kind, &asset.id, counter);
    let created = Moment { at: state.now, by: who.signature() };
    // The webhooks are the vendor's, who does not see how its distributor bills.
    if kind == BillingRequestType::Vendor {
        object_queued(state, &WebhookObjectClass::BillingRequest, &asset.product);
    }
    state.add(BillingRequestRecord {
        id: id.clone(),
        kind,
        asset: asset.id.clone(),
        items,
        period,
        attributes,
        updated: created.clone(),
        created,
    });
    Ok(id)
}

/// Returns the requests of a type that there are of an asset.
fn bills_of<'w>(
    state: &'w State,
    kind: &BillingRequestType,
    asset: &AssetRecord,
) -> impl Iterator<Item = &'w Arc<BillingRequestRecord>> {
    state.bills_of(&asset.id).filter(move |request| request.kind == *kind)
}

/// Returns the path under which a body has something: in an object, or flat.
fn path<'p>(body: &Value, nested: &'p str, flat: &'p str) -> &'p str {
    let parent = nested.split('.').next().unwrap_or(nested);
    let is_nested = body::at(body, flat).is_null() && !body::at(body, parent).is_null();
    if is_nested { nested } else { flat }
}

type Subject = (Arc<AssetRecord>, Arc<ProductRecord>);

/// Returns the asset that a body names by its id, or by the one it has in the hub.
fn asset(state: &State, who: &Actor, body: &Value) -> Result<Subject, Denial> {
    body::must_be_object(body, "asset")?;
    let by_id = path(body, "asset.id", "asset_id");
    let by_uid = path(body, "asset.external_uid", "asset_external_uid");
    let seen = |id: &str| {
        let found = visible_asset(state, who, id).ok();
        found.map(|(asset, product)| (Arc::clone(asset), Arc::clone(product)))
    };
    let missing = |path: &str| Denial::invalid(format!("{path}: Subscription does not exist."));
    if let Some(id) = body::filled(body, by_id) {
        return seen(&id).ok_or_else(|| missing(by_id));
    }
    let uid = body::filled(body, by_uid).ok_or_else(|| Denial::absent(by_id))?;
    let places = state.by_uid.get(uid.as_str()).into_iter().flatten();
    let known = places.filter_map(|place| state.assets.at(*place));
    let mut found = known.filter_map(|asset| seen(asset.id.as_str()));
    let first = found.next().ok_or_else(|| missing(by_uid))?;
    match found.next() {
        None => Ok(first),
        Some(_) => Err(Denial::invalid(format!("{by_uid}: Several subscriptions have it."))),
    }
}

fn kind(body: &Value) -> Result<Option<BillingRequestType>, Denial> {
    let Some(word) = body::filled(body, "type") else { return Ok(None) };
    match BillingRequestType::from(word.as_str()) {
        BillingRequestType::Other(word) => {
            Err(Denial::invalid(format!("type: {}", refusal_text::not_a_choice(&word))))
        }
        kind => Ok(Some(kind)),
    }
}

fn period(body: &Value) -> Result<PeriodRow, Denial> {
    body::must_be_object(body, "period")?;
    let from = instant(body, path(body, "period.from", "period_from"))?;
    let end = path(body, "period.to", "period_to");
    let to = instant(body, end)?;
    if to <= from {
        return Err(Denial::invalid(format!("{end}: The period ends before it begins.")));
    }
    let delta = delta(body, path(body, "period.delta", "period_delta"))?;
    let uom = uom(body, path(body, "period.uom", "period_uom"))?;
    Ok(PeriodRow { from, to, delta, uom })
}

fn instant(body: &Value, path: &str) -> Result<DateTime, Denial> {
    body::required(body, path)?;
    body::instant(body, path)?.ok_or_else(|| Denial::absent(path))
}

fn delta(body: &Value, path: &str) -> Result<Decimal, Denial> {
    let invalid = |why: &str| Denial::invalid(format!("{path}: {why}"));
    let number = body::required(body, path)?;
    // Decimals could be read with underscores, too.
    let whole = number.parse().ok().filter(|it: &Decimal| it.is_integer());
    let number = whole.filter(|_| !number.contains('_'));
    let number = number.ok_or_else(|| invalid("A valid integer is required."))?;
    if number < Decimal::ONE {
        return Err(invalid("Ensure this value is greater than or equal to 1."));
    }
    if number > Decimal::from(LARGEST_DELTA) {
        let why = format!("Ensure this value is less than or equal to {LARGEST_DELTA}.");
        return Err(invalid(&why));
    }
    Ok(number.normalize())
}

fn uom(body: &Value, path: &str) -> Result<BillingPeriod, Denial> {
    let word = body::required(body, path)?;
    let period = BillingPeriod::from(word.as_str());
    match period.months() {
        Some(_) => Ok(period),
        None => Err(Denial::invalid(format!("{path}: {}", refusal_text::not_a_choice(&word)))),
    }
}

/// Returns the items that a body lists: of the asset, each once.
fn items(
    state: &State,
    kind: &BillingRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
    body: &Value,
) -> Result<Box<[BilledRow]>, Denial> {
    if body::at(body, "items").is_null() {
        return Err(Denial::absent("items"));
    }
    let mut rows: Vec<BilledRow> = Vec::new();
    for mention in body::rows(body, "items")? {
        let row = billed_row(state, kind, asset, product, mention)?;
        if rows.iter().any(|earlier| earlier.item == row.item) {
            return Err(Denial::invalid(format!("items: Item {} is there twice.", row.item)));
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(Denial::invalid("items: This list may not be empty."));
    }
    Ok(rows.into())
}

/// Refuses more decimal places than the item has.
fn must_fit_precision(
    product: &ProductRecord,
    held: &ItemRow,
    quantity: Quantity,
) -> Result<(), Denial> {
    let item = product.item(&held.item);
    let places = item.and_then(|item| item.item.precision.places());
    match (quantity, places) {
        (Quantity::Of(number), Some(places)) if number.normalize().scale() > places => {
            let text = format!("items.quantity: The item has {places} decimal places.");
            Err(Denial::invalid(text))
        }
        _ => Ok(()),
    }
}

fn billed_row(
    state: &State,
    kind: &BillingRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
    mention: &Value,
) -> Result<BilledRow, Denial> {
    let names = ["global_id", "id", "mpn"];
    let name = names.iter().find_map(|name| body::filled(mention, name));
    let name = name.ok_or_else(|| Denial::absent("items.id"))?;
    let is_meant =
        |row: &&ItemRow| product.item(&row.item).is_some_and(|item| item.is_called(&name));
    let held =
        asset.items.iter().find(is_meant).ok_or_else(|| {
            Denial::invalid(format!("items: The subscription has no item {name}."))
        })?;
    let quantity = match body::filled(mention, "quantity") {
        None => held.quantity,
        Some(text) => {
            let why = "items.quantity: A valid number is required.";
            let quantity = text.parse::<Quantity>().map_err(|_| Denial::invalid(why))?;
            must_fit_precision(product, held, quantity)?;
            quantity
        }
    };
    let earlier = bills_of(state, kind, asset).filter(|request| request.bills(&held.item));
    Ok(BilledRow { item: held.item.clone(), quantity, cycle: earlier.count() + 1 })
}
