//! `/products/{id}/parameters`.

use std::sync::LazyLock;

use connect_model::{ParameterPhase, ParameterType, ProductId};
use serde_json::Value;

use crate::denial::Denial;
use crate::listed::Look;
use crate::product::record::DISPLAYED;
use crate::query::field::{Field, Lookup};
use crate::query::schema::Schema;
use crate::shown;
use crate::shown::{Shown, choices, flags, numbers, schema, shown, texts, times};

const SCOPES: &[&str] =
    &["asset", "tier1", "tier2", "product", "item", "marketplace", "item_marketplace"];

/// The parameters of a product.
pub(crate) struct Parameters;

impl Shown for Parameters {
    type Parent = ProductId;

    fn schema() -> &'static Schema<Value> {
        &PARAMETERS
    }

    fn all(Look { state, who, .. }: Look<'_>, id: &ProductId) -> Result<Vec<Value>, Denial> {
        Ok(shown(state.shared.visible_product(who, id)?.shown_parameters()))
    }
}

static PARAMETERS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        texts!["id" "name" "title" "constraints.shared"],
        choices!["phase": ParameterPhase::KNOWN, "scope": SCOPES, "type": types()],
        flags![
            "constraints.hidden" "constraints.unique" "constraints.reconciliation"
        ],
        vec![
            Field::boolean("constraints.required", |row| shown::flag(row, "constraints.required"))
                .lookups(&[Lookup::Eq, Lookup::Ne, Lookup::In]),
        ],
        numbers!["position"],
        times!["events.created.at" "events.updated.at"],
    ])
});

/// Returns the types that hold a value, and those that are only shown.
fn types() -> &'static [&'static str] {
    static TYPES: LazyLock<Vec<&'static str>> =
        LazyLock::new(|| [ParameterType::KNOWN, &DISPLAYED].concat());
    &TYPES
}
