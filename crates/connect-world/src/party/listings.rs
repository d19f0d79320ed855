//! `/listings`.

use std::sync::LazyLock;

use serde_json::Value;

use crate::body;
use crate::denial::Denial;
use crate::listed::Look;
use crate::party::view::ListingView;
use crate::query::cell::Cell;
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::shown;
use crate::shown::{Shown, choices, schema, searched, shown, texts, times};

/// Products offered under the caller's contracts.
pub(crate) struct Listings;

impl Shown for Listings {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &LISTINGS
    }

    fn all(Look { state, token, .. }: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        let parties = &state.shared.parties;
        let agreed = parties.listings.iter().filter_map(|listing| {
            let contract = parties.contract(listing.contract.as_str())?;
            contract.binds(&token.account).then_some((listing, contract))
        });
        Ok(shown(agreed.map(|(listing, contract)| ListingView::new(state, listing, contract))))
    }
}

static LISTINGS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        searched(texts!["product.name"]),
        searched(vec![
            Field::text("marketplace.name", |row: &Value| marketplace(row, "name"))
                .aliases(&["contract.marketplace.name"]),
        ]),
        vec![
            Field::text("marketplace.id", |row: &Value| marketplace(row, "id")),
            Field::boolean("pending_request.is_null", |row: &Value| {
                body::at(row, "pending_request").is_null().into()
            }),
        ],
        texts![
            "id" "contract.id" "product.id" "provider.id" "provider.name" "vendor.id" "vendor.name"
            "offer.id" "offer.name" "pricelist.id" "pricelist.name" "alt_pricelist_1.id"
            "alt_pricelist_1.name" "alt_pricelist_2.id" "alt_pricelist_2.name"
            "pending_request.id" "pending_request.status" "pending_request.type"
        ],
        choices!["status": &["unlisted", "listed"]],
        vec![
            Field::time("created", |row: &Value| shown::time(row, "created"))
                .aliases(&["events.created.at"]),
        ],
        times!["updated"],
    ])
});

fn marketplace<'v>(row: &'v Value, member: &str) -> Cell<'v> {
    shown::text(body::at(row, "contract.marketplace"), member)
}
