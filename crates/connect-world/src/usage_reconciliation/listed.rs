//! `/usage/reconciliations`.

use std::sync::{Arc, LazyLock};

use serde_json::Value;

use crate::actor::Token;
use crate::denial::Denial;
use crate::listed::Look;
use crate::query::schema::Schema;
use crate::shown::{Shown, schema, searched, shown, texts};
use crate::state::State;
use crate::usage_reconciliation::record::Reconciliation;
use crate::usage_reconciliation::view::ReconciliationView;

/// The reconciliations of the files that the caller sees.
pub(crate) struct Reconciliations;

impl Shown for Reconciliations {
    type Parent = ();

    fn schema() -> &'static Schema<Value> {
        &RECONCILIATIONS
    }

    fn all(Look { state, token, .. }: Look<'_>, (): &()) -> Result<Vec<Value>, Denial> {
        let seen = state.usage_reconciliations.iter().filter(|it| is_seen_by(state, it, token));
        Ok(shown(seen.filter_map(|it| ReconciliationView::new(state, it).ok())))
    }
}

/// Returns a reconciliation that a caller sees: who sees its file.
pub(crate) fn visible<'w>(
    state: &'w State,
    token: &Token,
    id: &str,
) -> Result<&'w Arc<Reconciliation>, Denial> {
    let found = state.usage_reconciliations.get(id);
    found.filter(|it| is_seen_by(state, it, token)).ok_or_else(Denial::not_found)
}

fn is_seen_by(state: &State, reconciliation: &Reconciliation, token: &Token) -> bool {
    let file = state.usage_files.get(reconciliation.file.as_str());
    file.is_some_and(|file| file.is_seen_by(token))
}

static RECONCILIATIONS: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([searched(texts![
        "binding.hub.id" "partusagefile.id" "partusagefile.provider.id" "usagefile.id"
    ])])
});
