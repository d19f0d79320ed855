//! `/usage/files`.

use std::sync::{Arc, LazyLock};

use connect_model::{ConnectionType, UsageFileId, UsageFileStatus, UsageSchema};
use serde_json::Value;

use crate::actor::Token;
use crate::denial::Denial;
use crate::listed::Look;
use crate::query::field::Lookup;
use crate::query::schema::Schema;
use crate::shown::{Filter, Shown, choices, schema, searched, shown, text, texts};
use crate::state::State;
use crate::usage_file::record::UsageFileRecord;
use crate::usage_file::view::UsageFileView;

/// Returns a file that a caller sees.
pub(crate) fn visible<'w>(
    state: &'w State,
    token: &Token,
    id: &str,
) -> Result<&'w Arc<UsageFileRecord>, Denial> {
    let file = state.usage_files.get(id).filter(|file| file.is_seen_by(token));
    file.ok_or_else(Denial::not_found)
}

/// Files that the caller reports, or that were reported to it.
pub(crate) struct UsageFiles;

impl Shown for UsageFiles {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &USAGE_FILES
    }

    fn all(Look { state, token, .. }: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        let seen = state.usage_files.iter().filter(|file| file.is_seen_by(token));
        Ok(shown(seen.filter_map(|file| UsageFileView::new(state, token, file).ok())))
    }

    fn one(Look { state, token, .. }: Look<'_>, (): &(), id: &str) -> Result<Value, Denial> {
        Ok(serde_json::json!(UsageFileView::alone(state, token, visible(state, token, id)?)?))
    }
}

/// The categories that the records of a file name.
pub(crate) struct Categories;

impl Shown for Categories {
    type Parent = UsageFileId;

    fn schema() -> &'static Schema<Value> {
        static CATEGORIES: LazyLock<Schema<Value>> =
            LazyLock::new(|| schema([searched(texts!["id" "name"])]));
        &CATEGORIES
    }

    fn all(Look { state, token, .. }: Look<'_>, file: &UsageFileId) -> Result<Vec<Value>, Denial> {
        Ok(shown(visible(state, token, file.as_str())?.categories.iter()))
    }
}

static USAGE_FILES: LazyLock<Schema<Value>> = LazyLock::new(|| {
    let other_name = |name, get| Filter::text(name, get);
    schema([
        searched(texts![
            "id" "name" "external_id" "contract.id" "contract.name" "marketplace.id"
            "marketplace.name" "product.id" "product.name" "provider.id" "provider.name"
            "vendor.id" "vendor.name"
        ]),
        searched(vec![
            other_name("distribution_contract_id", |row: &Value| text(row, "contract.id")),
            other_name("marketplace_id", |row| text(row, "marketplace.id")),
            other_name("product_id", |row| text(row, "product.id")),
            other_name("provider_id", |row| text(row, "provider.id")),
            other_name("vendor_id", |row| text(row, "vendor.id")),
        ]),
        searched(choices![
            "environment": ConnectionType::KNOWN,
            "schema": UsageSchema::KNOWN,
        ]),
        choices!["status": UsageFileStatus::KNOWN],
        vec![
            Filter::time("created.at", |row| crate::shown::time(row, "events.created.at"))
                .aliases(&["created", "events.created.at"])
                .lookups(&[Lookup::Ge, Lookup::Gt, Lookup::Le, Lookup::Lt]),
        ],
    ])
});
