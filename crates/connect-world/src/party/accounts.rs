//! `/accounts`. They spell types with capitals, where accounts do not.

use std::sync::LazyLock;

use serde_json::Value;

use crate::body;
use crate::denial::Denial;
use crate::listed::Look;
use crate::query::cell::Cell;
use crate::query::field::Field;
use crate::query::schema::Schema;
use crate::shown::{Shown, flags, schema, searched, shown, texts, times};

/// Vendors and distributors.
pub(crate) struct Accounts;

impl Shown for Accounts {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &ACCOUNTS
    }

    fn all(Look { state, .. }: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        Ok(shown(state.shared.parties.accounts.iter()))
    }

    /// Puts the caller's own account first: clients take the first row for it.
    fn arrange(Look { token, .. }: Look<'_>, rows: &mut [Value]) {
        rows.sort_by_key(|row| row["id"] != token.account.as_str());
    }
}

static ACCOUNTS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        searched(texts!["id" "external_id"]),
        texts!["name"],
        vec![
            Field::choice("type", &["Vendor", "Provider"], |row: &Value| {
                if is_vendor(row) { "Vendor" } else { "Provider" }.into()
            }),
            Field::choice("role", &["Vendor", "Distributor", "Reseller"], role),
        ],
        flags!["public"],
        times!["events.created.at" "events.updated.at"],
    ])
});

fn is_vendor(row: &Value) -> bool {
    body::at(row, "type") == "vendor"
}

/// Returns the role of an account. Resellers have no account here.
fn role(row: &Value) -> Cell<'_> {
    if is_vendor(row) { "Vendor" } else { "Distributor" }.into()
}
