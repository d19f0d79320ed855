//! The items of a product.

use bytes::Bytes;
use connect_model::{
    BillingPeriod, DateTime, ItemId, ItemStatus, ItemType, Precision, ProductId, ProductItem, Rest,
    Unit,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::read::json as to_json;

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::product::edit::product::placed;
use crate::product::edit::{bounded, choice, copy, edit_product, touch};
use crate::product::record::{CatalogItem, ProductRecord};
use crate::state::State;
use crate::unwritten::{must_be_emulated, must_stay, must_stay_except};

/// Fields of an item that are kept as they come.
const PLAIN: &[&str] = &["description", "external_id", "commitment", "ui", "dynamic", "group"];

/// Fields beside those that a `PUT` may differ in.
const CHANGEABLE: &[&str] =
    &["name", "mpn", "type", "unit", "display_name", "period", "precision", "events"];

/// Fields of bodies that the platform has a use for (OpenAPI 37.0).
const NOT_EMULATED: &[&str] = &["applicability", "created_by", "gravity"];

/// A command on the items of a product.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemCommand {
    /// `POST /products/{product}/items`.
    Create {
        /// The product.
        product: ProductId,
        /// The body.
        body: Value,
    },
    /// `PUT /products/{product}/items/{id}`.
    Update {
        /// The product.
        product: ProductId,
        /// The item, by global or local id.
        id: String,
        /// The body.
        body: Value,
    },
    /// `DELETE /products/{product}/items/{id}`.
    Delete {
        /// The product.
        product: ProductId,
        /// The item, by global or local id.
        id: String,
    },
}

impl CarryOut for ItemCommand {
    fn body(&self) -> Option<&Value> {
        match self {
            Self::Create { body, .. } | Self::Update { body, .. } => Some(body),
            _ => None,
        }
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { product, body } => {
                create(state, who, &product, &body).map(ObjectChange::created)
            }
            Self::Update { product, id, body } => {
                update(state, who, &product, &id, &body).map(ObjectChange::changed)
            }
            Self::Delete { product, id } => {
                delete(state, who, &product, &id).map(ObjectChange::deleted)
            }
        }
    }
}

fn create(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    body: &Value,
) -> Result<Bytes, Denial> {
    edit_product(state, who, product, |record, now| {
        must_be_emulated(NOT_EMULATED, "an item", &Value::Null, body)?;
        let item = new_item(record, body, now)?;
        must_differ(record, &item)?;
        must_be_sound(&item)?;
        let shown = to_json(&item);
        record.items.push(CatalogItem { item, deleted: false });
        shown
    })
}

fn update(
    state: &mut State,
    who: &Actor,
    product: &ProductId,
    id: &str,
    body: &Value,
) -> Result<Bytes, Denial> {
    edit_product(state, who, product, |record, now| {
        let held = record.item_mut(id)?.item.unit.clone();
        let unit = unit(record, held, body)?;
        let row = record.item_mut(id)?;
        let shown = json!(row.item);
        must_be_emulated(NOT_EMULATED, "an item", &shown, body)?;
        must_stay_except(&[PLAIN, CHANGEABLE].concat(), &shown, body)?;
        if row.item.status != ItemStatus::Draft {
            must_stay("type", &shown, body)?;
            must_stay("period", &shown, body)?;
        }
        rename(&mut row.item, body)?;
        display(&mut row.item, shown["display_name"].as_str(), body)?;
        describe(&mut row.item, body)?;
        row.item.unit = Some(unit);
        touch(&mut row.item.rest, now);
        let item = row.item.clone();
        must_differ(record, &item)?;
        must_be_sound(&item)?;
        to_json(&item)
    })
}

fn delete(state: &mut State, who: &Actor, product: &ProductId, id: &str) -> Result<(), Denial> {
    edit_product(state, who, product, |record, _| {
        let row = record.item_mut(id)?;
        if row.item.status != ItemStatus::Draft {
            return Err(Denial::refused("PRD_038", "Only draft Item can be deleted."));
        }
        row.deleted = true;
        Ok(())
    })
}

/// Returns the draft item a body describes, as the next of its product.
fn new_item(record: &ProductRecord, body: &Value, now: DateTime) -> Result<ProductItem, Denial> {
    let place = record.items.len();
    let id = ItemId::of(record.id(), place as u32 + 1);
    let name = bounded(body, "name", 255)?;
    let mut item = ProductItem {
        mpn: bounded(body, "mpn", 255)?,
        local_id: body::filled(body, "local_id").unwrap_or_else(|| id.default_local_id()),
        id,
        display_name: Some(name.clone()),
        name,
        kind: kind(body)?,
        status: ItemStatus::Draft,
        period: BillingPeriod::Monthly,
        precision: Precision::Integer,
        unit: Some(unit(record, None, body)?),
        rest: placed(place, now),
    };
    item.rest.extend(standing_alone());
    display(&mut item, None, body)?;
    describe(&mut item, body)?;
    item.rest.entry("description").or_insert_with(|| "".into());
    Ok(item)
}

/// Returns the fields of an item that stands alone and has no id in another system.
pub(crate) fn standing_alone() -> Rest {
    let facts = json!({
        "external_id": "", "parent": null, "group": null, "replacement": null,
        "end_of_sale_notes": null,
    });
    facts.as_object().cloned().unwrap_or_default()
}

fn rename(item: &mut ProductItem, body: &Value) -> Result<(), Denial> {
    if body.get("name").is_some() {
        let name = bounded(body, "name", 255)?;
        if name != item.name {
            item.display_name = Some(name.clone());
        }
        item.name = name;
    }
    if body.get("mpn").is_some() {
        item.mpn = bounded(body, "mpn", 255)?;
    }
    if body.get("type").is_some() {
        item.kind = kind(body)?;
    }
    Ok(())
}

fn kind(body: &Value) -> Result<ItemType, Denial> {
    choice(body, "type", ItemType::KNOWN).map(ItemType::from)
}

/// Writes the name that people see, when a body has another than was shown: clients send back what
/// they read, and a new name is seen, too.
fn display(item: &mut ProductItem, shown: Option<&str>, body: &Value) -> Result<(), Denial> {
    let given = body::text_within(body, "display_name", 255)?;
    if body.get("display_name").is_some() && given.as_deref() != shown {
        item.display_name = given;
    }
    Ok(())
}

/// Writes the fields that need no rule, and the period and precision in their own spelling.
fn describe(item: &mut ProductItem, body: &Value) -> Result<(), Denial> {
    for (field, most) in [("external_id", 128), ("group.name", 255), ("group.mpn", 768)] {
        body::filled_within(body, field, most)?;
    }
    body::must_be_object(body, "commitment")?;
    copy(PLAIN, body, &mut item.rest);
    let is_given = |field: &str| body.get(field).is_some_and(|value| !value.is_null());
    if let Some(Value::Object(commitment)) = item.rest.get_mut("commitment") {
        commitment.entry("multiplier").or_insert_with(|| "billing_period".into());
    }
    if is_given("period") {
        item.period = choice(body, "period", BillingPeriod::KNOWN)?.into();
    }
    if is_given("precision") {
        item.precision = choice(body, "precision", Precision::KNOWN)?.into();
    }
    Ok(())
}

/// Returns the unit of an item that had one or none before: what the body says of it, of the unit with
/// that id as another item of the product has it, or of plain units.
fn unit(record: &ProductRecord, held: Option<Unit>, body: &Value) -> Result<Unit, Denial> {
    body::must_be_object(body, "unit")?;
    let id = body::text_within(body, "unit.id", 255)?.filter(|id| !id.trim().is_empty());
    let title =
        body::text_within(body, "unit.title", 255)?.filter(|title| !title.trim().is_empty());
    let mut known = record.items.iter().filter_map(|row| row.item.unit.as_ref());
    let unit = match id {
        Some(id) => known.find(|unit| unit.id == id).cloned().unwrap_or_else(|| untitled(id)),
        None => held.unwrap_or_else(|| untitled("unit".to_owned())),
    };
    Ok(match title {
        Some(title) => Unit { title, ..unit },
        None => unit,
    })
}

/// Returns a unit of which there is no more than an id.
fn untitled(id: String) -> Unit {
    let rest = [("unit".to_owned(), id.clone().into())].into_iter().collect();
    Unit { name: id.clone(), title: "Units".to_owned(), id, rest }
}

fn must_differ(record: &ProductRecord, item: &ProductItem) -> Result<(), Denial> {
    let others = record.items.iter().filter(|row| !row.deleted && row.item.id != item.id);
    for CatalogItem { item: other, .. } in others {
        for (field, same) in [
            ("name", other.name == item.name),
            ("mpn", other.mpn == item.mpn),
            ("local_id", other.local_id == item.local_id),
        ] {
            if same {
                let text =
                    format!("{field}: Item with same {field} already exists for the product.");
                return Err(Denial::invalid(text));
            }
        }
    }
    Ok(())
}

/// Refuses reserved items in parts of units, and metered ones that are not billed monthly or have a
/// commitment.
fn must_be_sound(item: &ProductItem) -> Result<(), Denial> {
    let commitment = item.rest.get("commitment").and_then(|it| body::scalar(it.get("count")?));
    let commitment = commitment.and_then(|count| count.parse::<Decimal>().ok());
    match item.kind {
        ItemType::Reservation if item.precision != Precision::Integer => {
            Err(Denial::invalid("precision: Reservation items come in whole units."))
        }
        ItemType::Ppu if item.period != BillingPeriod::Monthly => {
            Err(Denial::invalid("period: Pay-as-you-go items are billed monthly."))
        }
        ItemType::Ppu if commitment.is_some_and(|count| count > Decimal::ZERO) => {
            Err(Denial::invalid("commitment: Pay-as-you-go items have no commitment."))
        }
        _ => Ok(()),
    }
}
