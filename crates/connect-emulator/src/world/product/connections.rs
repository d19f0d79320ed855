//! `/products/{id}/connections`.

use std::sync::LazyLock;

use connect_model::{ConnectionType, ProductId};
use serde_json::Value;

use crate::query::{Field, Schema};
use crate::world::ground::NO_HUB;
use crate::world::listed::Look;
use crate::world::shown::{self, Shown, choices, schema, shown, texts, times};
use crate::world::view::ConnectionView;
use crate::world::{Denied, Side};

/// The connections of a product to hubs.
pub(crate) struct Connections;

impl Shown for Connections {
    type Parent = ProductId;

    fn schema() -> &'static Schema<Value> {
        &CONNECTIONS
    }

    /// Preview is nobody's connection, so it is never among them.
    fn all(Look { world, who, token }: Look<'_>, id: &ProductId) -> Result<Vec<Value>, Denied> {
        world.shared.visible_product(who, id)?;
        let all = world.shared.ground.connections.iter().filter(|it| it.product == *id);
        let seen = all.filter(|it| token.side == Side::Vendor || it.is_of(&token.account));
        Ok(shown(seen.map(|it| ConnectionView::new(world, it))))
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
