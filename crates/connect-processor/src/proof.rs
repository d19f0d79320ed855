//! What an answer of the platform shows of a request.

use connect_model::{ParameterUpdate, RequestStatus};
use serde::Deserialize;

/// A request, as far as it proves what became of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) status: RequestStatus,
    #[serde(default, alias = "configuration")]
    asset: Option<Subject>,
    /// Where the request itself has parameters, as those of tier configurations do.
    #[serde(default)]
    params: Vec<Parameter>,
}

#[derive(Debug, Deserialize)]
struct Subject {
    #[serde(default)]
    params: Vec<Parameter>,
}

#[derive(Debug, Deserialize)]
struct Parameter {
    id: String,
    #[serde(default)]
    value: serde_json::Value,
    #[serde(default)]
    value_error: Option<String>,
}

/// Says which of the updates a request does not show, if there is one. Structured values are
/// only looked for: how the platform shows them is its own.
pub(crate) fn unwritten(updates: &[ParameterUpdate], shown: &Shown) -> Option<String> {
    let subject = shown.asset.iter().flat_map(|subject| &subject.params);
    let params: Vec<&Parameter> = shown.params.iter().chain(subject).collect();
    updates.iter().find_map(|update| {
        let id = &update.id;
        let Some(param) = params.iter().find(|param| param.id == *id) else {
            return Some(format!("the request has no parameter `{id}`"));
        };
        let value = update.value.as_deref().is_none_or(|value| text(&param.value) == value.trim());
        let error = update.value_error.as_deref();
        let error = error.is_none_or(|error| param.value_error.as_deref().unwrap_or("") == error);
        (!value || !error).then(|| format!("parameter `{id}` does not hold what was written"))
    })
}

/// A value as text; numbers and switches come as such from some products.
fn text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}
