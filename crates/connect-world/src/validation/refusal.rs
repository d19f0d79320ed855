//! Refusals of what a validator was to be asked about.

use serde_json::json;

use crate::denial::Denial;
use crate::product::scope::ProductScope;
use crate::row::{ParamRow, Params};
use crate::view::param::ParamsView;
use crate::webhook::call::WebhookCall;

/// Refuses because there was no answer, or none that counts: the vendor's fault.
pub(crate) fn failed(call: &WebhookCall, why: &str) -> Denial {
    let mut denied = Denial::invalid("Validation endpoint failed");
    denied.refusal.errors.push(format!("Webhook {}: {why}", call.webhook));
    denied
}

/// Refuses because a request is another one than the validator was asked about.
pub(crate) fn changed(id: &str) -> Denial {
    let text = format!("Request {id} was changed while it was validated: validate it again.");
    Denial::refused("REQ_003", text)
}

/// Refuses answers to an inquiry that the vendor finds wrong, with its words for each, and shows what
/// it made of the form.
pub(crate) fn must_be_right(scope: ProductScope<'_>, params: &Params) -> Result<(), Denial> {
    let wrong: Vec<&ParamRow> = params.iter().filter(|row| row.has_error()).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let path = scope.params_path();
    let error = |row: &&ParamRow| match &*row.value_error {
        "" => format!("{path}.{}: Not a valid value.", row.key),
        error => format!("{path}.{}: {error}", row.key),
    };
    let mut denied = Denial::invalid("");
    denied.refusal.errors = wrong.iter().map(error).collect();
    let shown = ParamsView { rows: params, scope };
    denied.refusal = denied.refusal.with("params", json!(shown));
    Err(denied)
}
