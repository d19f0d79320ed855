//! `/products/{id}/templates`.

use std::sync::LazyLock;

use connect_model::{ProductId, TemplateScope, TemplateType};
use serde_json::Value;

use crate::denial::Denial;
use crate::listed::Look;
use crate::query::schema::Schema;
use crate::shown::{Shown, choices, numbers, schema, shown, texts, times};

/// The templates of a product.
pub(crate) struct Templates;

impl Shown for Templates {
    type Parent = ProductId;

    fn schema() -> &'static Schema<Value> {
        &TEMPLATES
    }

    fn all(Look { state, who, .. }: Look<'_>, id: &ProductId) -> Result<Vec<Value>, Denial> {
        Ok(shown(state.shared.visible_product(who, id)?.templates.iter()))
    }
}

static TEMPLATES: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        texts!["id" "name" "title"],
        choices!["scope": TemplateScope::KNOWN, "type": TemplateType::KNOWN],
        numbers!["position"],
        times!["events.created.at" "events.updated.at"],
    ])
});
