//! `/products/{id}/connections`.

use std::sync::LazyLock;

use connect_model::{ConnectionType, ProductId};
use serde_json::Value;

use crate::actor::Side;
use crate::denial::Denial;
use crate::listed::Look;
use crate::party::record::NO_HUB;
use crate::party::view::ConnectionView;
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::shown;
use crate::shown::{Shown, choices, schema, shown, texts, times};

/// The connections of a product to hubs.
pub(crate) struct Connections;

impl Shown for Connections {
    type Parent = ProductId;

    fn schema() -> &'static Schema<Value> {
        &CONNECTIONS
    }

    /// Returns the connections; preview is nobody's connection, so it is never among them.
    fn all(Look { state, who, token, .. }: Look<'_>, id: &ProductId) -> Result<Vec<Value>, Denial> {
        state.shared.visible_product(who, id)?;
        let all = state.shared.parties.connections.iter().filter(|it| it.product == *id);
        let seen = all.filter(|it| token.side == Side::Vendor || it.is_of(&token.account));
        Ok(shown(seen.map(|it| ConnectionView::new(state, it))))
    }
}

static CONNECTIONS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        texts!["id" "status" "hub.name" "hub.instance.id" "provider.id" "vendor.id"],
        vec![Field::text("hub.id", |row: &Value| shown::text(row, "hub.id")).null_id(NO_HUB)],
        choices!["type": ConnectionType::KNOWN, "product_version_type": &["public", "staging"]],
        times!["events.created.at" "events.updated.at"],
    ])
});
