//! `/products/{id}/actions`.

use std::sync::LazyLock;

use connect_model::{ProductId, TemplateScope};
use serde_json::Value;

use crate::denial::Denial;
use crate::listed::Look;
use crate::query::schema::Schema;
use crate::shown::{Shown, choices, schema, shown, times};

/// The actions of a product.
pub(crate) struct Actions;

impl Shown for Actions {
    type Parent = ProductId;

    fn schema() -> &'static Schema<Value> {
        &ACTIONS
    }

    fn all(Look { state, who, .. }: Look<'_>, id: &ProductId) -> Result<Vec<Value>, Denial> {
        Ok(shown(state.shared.visible_product(who, id)?.actions.iter()))
    }
}

static ACTIONS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        choices!["scope": TemplateScope::KNOWN],
        times!["events.created.at" "events.updated.at"],
    ])
});
