//! `/products/{id}/items`. They spell types, periods and precisions with capitals,
//! where the items themselves do not.

use std::borrow::Cow;
use std::sync::LazyLock;

use connect_model::ProductId;
use serde_json::Value;

use crate::body;
use crate::denial::Denial;
use crate::listed::Look;
use crate::query::cell::Cell;
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::shown;
use crate::shown::{Shown, choices, flags, numbers, schema, searched, shown, texts, times};

const TYPES: &[&str] = &["Reservation", "PPU"];

const PERIODS: &[&str] = &[
    "Monthly",
    "Yearly",
    "years_2",
    "years_3",
    "years_4",
    "years_5",
    "years_6",
    "OneTime",
    "days_7_trial",
    "days_14_trial",
    "days_30_trial",
    "monthly_trial",
];

const PRECISIONS: &[&str] = &["Integer", "Decimal(1)", "Decimal(2)", "Decimal(4)", "Decimal(8)"];

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

    /// Items answer to their global and to their local id.
    fn is_called(item: &Value, id: &str) -> bool {
        item["id"] == id || item["local_id"] == id
    }
}

static ITEMS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        searched(texts!["id" "mpn" "name" "display_name" "unit.title" "app.id"]),
        searched(choices![
            "status": &["draft", "published", "endofsale"],
            "applicability": &["cb", "im"],
        ]),
        searched(vec![
            Field::choice("type", TYPES, kind).aliases(&["item_type"]),
            Field::choice("period", PERIODS, |row: &Value| capital(row, "period")),
            Field::choice("usage_data_type", PRECISIONS, |row: &Value| capital(row, "precision")),
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

fn kind(row: &Value) -> Cell<'_> {
    match body::at(row, "type").as_str() {
        Some("reservation") => "Reservation".into(),
        Some("ppu") => "PPU".into(),
        other => other.into(),
    }
}

fn capital<'v>(row: &'v Value, path: &str) -> Cell<'v> {
    let Some(word) = body::at(row, path).as_str() else { return Cell::Null };
    Cell::from(match word {
        "monthly" => "Monthly".into(),
        "yearly" => "Yearly".into(),
        "onetime" => "OneTime".into(),
        "integer" => "Integer".into(),
        word if word.starts_with("decimal") => Cow::from(word.replacen('d', "D", 1)),
        word => word.into(),
    })
}
