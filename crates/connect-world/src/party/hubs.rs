//! `/hubs`.

use std::sync::LazyLock;

use serde_json::Value;

use crate::body;
use crate::denial::Denial;
use crate::listed::Look;
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::shown::{Shown, numbers, schema, searched, shown, texts, times};

/// Distributors' systems.
pub(crate) struct Hubs;

impl Shown for Hubs {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &HUBS
    }

    fn all(Look { state, token, .. }: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        let parties = &state.shared.parties;
        let seen = parties.hubs.iter().filter(|it| parties.may_see_hub(&token.account, it));
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
