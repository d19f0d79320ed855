//! `/hubs`.

use std::sync::LazyLock;

use serde_json::Value;

use crate::query::{Field, Schema};
use crate::world::Denied;
use crate::world::body;
use crate::world::listed::Look;
use crate::world::shown::{Shown, numbers, schema, searched, shown, texts, times};

/// Distributors' systems.
pub(crate) struct Hubs;

impl Shown for Hubs {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &HUBS
    }

    fn all(Look { world, token, .. }: Look<'_>, (): &()) -> Result<Vec<Value>, Denied> {
        let ground = &world.shared.ground;
        let seen = ground.hubs.iter().filter(|it| ground.may_see_hub(&token.account, it));
        Ok(shown(seen))
    }
}

static HUBS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        searched(texts!["instance.id"]),
        searched(vec![Field::choice("instance.type", &["oa", "api"], |row: &Value| {
            body::text(row, "instance.type").map(|word| word.to_lowercase()).into()
        })]),
        texts!["id" "name" "company.id"],
        numbers!["stats.connections" "stats.marketplaces"],
        times!["events.created.at" "events.updated.at"],
    ])
});
