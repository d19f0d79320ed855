//! Items in the forms of orders.

use connect_model::{Asset, ProductItem, Quantity};

use crate::ui::fields::Fields;
use connect_world::Denial;

/// The beginning of the name of an item's field, before the item's id.
pub(in crate::ui) const ITEM: &str = "item_";

/// An item in a form.
pub(in crate::ui) struct ItemInput {
    pub(in crate::ui) field: String,
    pub(in crate::ui) name: String,
    pub(in crate::ui) mpn: String,
    pub(in crate::ui) unit: String,
    /// Whether it is paid as it is used: there is no quantity to choose.
    pub(in crate::ui) is_metered: bool,
    /// The quantity the subscription has.
    pub(in crate::ui) held: String,
    pub(in crate::ui) value: String,
}

impl ItemInput {
    /// Returns the item in this place of a form that was sent, or of a fresh one.
    pub(super) fn new(
        item: &ProductItem,
        place: usize,
        sent: Option<&Fields>,
        asset: Option<&Asset>,
    ) -> Self {
        let held = held(item, asset).to_string();
        let value = match (sent, asset) {
            (Some(fields), _) => fields.text(&field_of(item)).to_owned(),
            (None, Some(_)) => held.clone(),
            (None, None) if place > 0 => Quantity::ZERO.to_string(),
            (None, None) if item.is_metered() => Quantity::Unlimited.to_string(),
            (None, None) => "1".to_owned(),
        };
        Self {
            field: field_of(item),
            name: item.shown_name().to_owned(),
            mpn: item.mpn.clone(),
            unit: item.unit_title().to_owned(),
            is_metered: item.is_metered(),
            held,
            value,
        }
    }

    /// Whether it has a quantity that no order of a metered item would choose, and that stays what
    /// it is unless somebody chooses.
    pub(in crate::ui) fn is_odd(&self) -> bool {
        !["", "0", "unlimited"].contains(&self.value.as_str())
    }
}

pub(super) fn field_of(item: &ProductItem) -> String {
    format!("{ITEM}{}", item.id)
}

/// Returns the quantity of a form, where it differs from what the subscription has.
pub(super) fn change(
    item: &ProductItem,
    fields: &Fields,
    asset: Option<&Asset>,
) -> Result<Option<Quantity>, Denial> {
    let name = field_of(item);
    if !fields.has(&name) {
        return Ok(None);
    }
    let quantity: Quantity = fields
        .text(&name)
        .parse()
        .map_err(|bad| Denial::invalid(format!("asset.items: {}: {bad}", item.shown_name())))?;
    Ok((quantity != held(item, asset)).then_some(quantity))
}

fn held(item: &ProductItem, asset: Option<&Asset>) -> Quantity {
    let rows = asset.into_iter().flat_map(|asset| asset.items.iter().flatten());
    let mut own = rows.filter(|row| row.global_id == item.id);
    own.next().map_or(Quantity::ZERO, |row| row.quantity)
}
