//! `/products`.

use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use crate::denial::Denial;
use crate::listed::Look;
use crate::product::view::ProductView;
use crate::query::field::ITSELF;
use crate::query::field::{Field, Lookup};
use crate::query::schema::Schema;
use crate::shown;
use crate::shown::{
    Filter, Shown, choices, elements, flags, schema, searched, shown, texts, times,
};

const STATUSES: &[&str] = &[
    "draft",
    "indevelopment",
    "oncertification",
    "published",
    "initializationfailed",
    "deleted",
    "endofsale",
];

/// The lookups of statuses: also by the order of their letters.
const COMPARED: &[Lookup] = {
    use Lookup::{Eq, Ge, Gt, Ilike, In, Le, Like, Lt, Ne, Out};
    &[Eq, Ne, Gt, Ge, Lt, Le, In, Out, Like, Ilike]
};

/// Products of the caller, or sold by it.
pub(crate) struct Products;

impl Shown for Products {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &PRODUCTS
    }

    fn all(Look { state, token, .. }: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        let products = state.shared.products.iter().map(Arc::as_ref);
        let seen = products.filter(|record| state.shared.may_see_product(token, record));
        Ok(shown(seen.map(ProductView::new)))
    }

    fn one(Look { state, who, .. }: Look<'_>, (): &(), id: &str) -> Result<Value, Denial> {
        Ok(json!(ProductView::new(state.shared.visible_product(who, &id.into())?)))
    }
}

static PRODUCTS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    let fields = schema([
        searched(texts!["id" "name" "owner.id" "owner.name"]),
        texts![
            "external_id" "replacement.id" "category.id" "category.parent"
            "events.published.by.id" "events.published.by.name"
            "events.updated.by.id" "events.updated.by.name"
        ],
        choices!["purchase_model": &["transactable", "referral"]],
        vec![Field::choice("status", STATUSES, |row| shown::text(row, "status")).lookups(COMPARED)],
        flags!["visibility.catalog" "visibility.listing" "visibility.owner" "visibility.syndication"],
        times!["events.created.at" "events.updated.at"],
        vec![Field::time("events.published.at", |row: &Value| shown::time(row, "published_at"))],
    ]);
    fields.list("groups", Schema::new(texts!["id"]), |row| elements(row, "groups")).list(
        "sourcing.marketplaces",
        Schema::new([itself()]),
        |row| elements(row, "sourcing.marketplaces"),
    )
});

/// Returns the filter of an element of a list of texts.
fn itself() -> Filter {
    Filter::text(ITSELF, |row: &Value| row.as_str().into()).nullable()
}
