//! `/products/{id}/items`. They spell types, periods and precisions with capitals,
//! where the items themselves do not.

use std::sync::LazyLock;

use connect_model::{BillingPeriod, ItemStatus, ItemType, Precision, ProductId};
use serde_json::Value;

use crate::body;
use crate::denial::Denial;
use crate::listed::Look;
use crate::query::cell::Cell;
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::shown;
use crate::shown::{Shown, choices, flags, numbers, schema, searched, shown, texts, times};

/// The words of an enum as the filters spell them.
type Words = LazyLock<Vec<&'static str>>;

static TYPES: Words = LazyLock::new(|| ItemType::ALL.iter().map(ItemType::in_orders).collect());
static PERIODS: Words =
    LazyLock::new(|| BillingPeriod::ALL.iter().map(BillingPeriod::in_orders).collect());
static PRECISIONS: Words =
    LazyLock::new(|| Precision::ALL.iter().map(Precision::in_orders).collect());

/// The items of a product.
pub(crate) struct Items;

impl Shown for Items {
    type Parent = ProductId;

    fn schema() -> &'static Schema<Value> {
        &ITEMS
    }

    fn all(Look { state, who, .. }: Look<'_>, id: &ProductId) -> Result<Vec<Value>, Denial> {
        Ok(shown(state.shared.visible_product(who, id)?.shown_items()))
    }

    /// Whether an item is meant: items answer to their global and to their local id.
    fn is_called(item: &Value, id: &str) -> bool {
        item["id"] == id || item["local_id"] == id
    }
}

static ITEMS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        searched(texts!["id" "mpn" "name" "display_name" "unit.title" "app.id"]),
        searched(choices![
            "status": ItemStatus::KNOWN,
            "applicability": &["cb", "im"],
        ]),
        searched(vec![
            Field::choice("type", &TYPES, |row: &Value| word(row, "type", ItemType::in_orders))
                .aliases(&["item_type"]),
            Field::choice("period", &PERIODS, |row: &Value| {
                word(row, "period", BillingPeriod::in_orders)
            }),
            Field::choice("usage_data_type", &PRECISIONS, |row: &Value| {
                word(row, "precision", Precision::in_orders)
            }),
            Field::text("verbose_id", |row: &Value| shown::text(row, "id")),
            Field::text("description.value", |row: &Value| shown::text(row, "description")),
        ]),
        texts![
            "local_id" "external_id" "unit.id" "group.id" "group.mpn" "group.name"
            "replacement.id" "version"
        ],
        numbers!["commitment.count" "position"],
        flags!["dynamic" "frozen"],
        times!["events.created.at" "events.updated.at" "events.saleended.at"],
    ])
});

/// Returns a word of an item as the filters spell it.
fn word<'v, E: From<&'v str>>(row: &'v Value, name: &str, spelled: fn(&E) -> &str) -> Cell<'v> {
    let Some(word) = body::at(row, name).as_str() else { return Cell::Null };
    Cell::from(spelled(&E::from(word)).to_owned())
}
