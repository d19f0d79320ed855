//! `/contracts`.

use std::sync::LazyLock;

use serde_json::Value;

use crate::denial::Denial;
use crate::listed::Look;
use crate::party::view::ContractView;
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::shown;
use crate::shown::{Shown, choices, schema, searched, shown, texts, times};

const TYPES: &[&str] = &["distribution", "program", "service", "syndication", "referral"];
const STATUSES: &[&str] = &["new", "enrolling", "pending", "active", "terminated", "rejected"];

/// Contracts that bind the caller.
pub(crate) struct Contracts;

impl Shown for Contracts {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &CONTRACTS
    }

    fn all(Look { state, token, .. }: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        let own = state.shared.parties.contracts.iter().filter(|it| it.binds(&token.account));
        Ok(shown(own.map(|it| ContractView::new(state, it))))
    }
}

static CONTRACTS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        searched(texts![
            "id" "agreement.id" "agreement.name" "issuer.id" "issuer.name" "marketplace.id"
            "marketplace.name" "owner.name" "events.created.by.name" "events.signed.by.name"
        ]),
        texts![
            "name" "owner.id" "agreement.owner.id" "agreement.product_groups.id"
            "agreement.product_groups.products.id" "agreement.sourcing_agreement.id"
            "events.created.by.id" "events.signed.by.id" "referral.agreement.id"
            "sourcing.listing.id" "sourcing.marketplace.id" "sourcing.marketplace.name"
            "sourcing.product.id" "sourcing.product.name"
        ],
        vec![Field::text("partner.id", |row: &Value| shown::text(row, "signee.id"))],
        choices![
            "status": STATUSES,
            "type": TYPES,
            "agreement.sourcing_agreement.type": TYPES,
            "kind": &["production", "test"],
        ],
        times!["events.created.at" "events.updated.at"],
    ])
});
