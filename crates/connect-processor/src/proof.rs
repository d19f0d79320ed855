//! What an answer of the platform shows of a request.

use connect_model::{ParameterUpdate, RequestStatus};
use serde::Deserialize;
use serde_json::Value;

/// A request, as far as it proves what became of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) status: RequestStatus,
    #[serde(default)]
    asset: Option<Subject>,
    #[serde(default)]
    configuration: Option<Subject>,
    /// Where the request itself has parameters, as those of tier configurations do.
    #[serde(default)]
    params: Option<Vec<Parameter>>,
}

#[derive(Debug, Deserialize)]
struct Subject {
    #[serde(default)]
    params: Option<Vec<Parameter>>,
}

#[derive(Debug, Deserialize)]
struct Parameter {
    id: String,
    #[serde(default, rename = "type")]
    kind: Value,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    structured_value: Value,
    #[serde(default)]
    value_error: Value,
}

impl Shown {
    fn parameter(&self, id: &str) -> Option<&Parameter> {
        let subjects = [&self.asset, &self.configuration];
        let theirs = subjects.into_iter().flatten().flat_map(|subject| &subject.params);
        let mut all = self.params.iter().chain(theirs).flatten();
        all.find(|param| param.id == id)
    }
}

impl Parameter {
    /// Whether it holds a value that was written. Only texts are shown letter by letter: the
    /// platform writes a telephone number, a domain or an address in its own way, and hides
    /// passwords.
    fn holds(&self, written: &str) -> bool {
        let (written, shown) = (written.trim(), text(&self.value));
        let is_text = matches!(&self.kind, Value::Null) || self.kind == "text";
        let says_something = !shown.is_empty() || !self.structured_value.is_null();
        shown == written || (!is_text && !written.is_empty() && says_something)
    }
}

/// Says which of the updates a request does not show, if there is one. Structured values are
/// only looked for: how the platform shows them is its own.
pub(crate) fn unwritten(updates: &[ParameterUpdate], shown: &Shown) -> Option<String> {
    updates.iter().find_map(|update| {
        let id = &update.id;
        let Some(param) = shown.parameter(id) else {
            return Some(format!("the request has no parameter `{id}`"));
        };
        let value = update.value.as_deref().is_none_or(|value| param.holds(value));
        let error = update.value_error.as_deref();
        let error = error.is_none_or(|error| text(&param.value_error) == error.trim());
        (!value || !error).then(|| format!("parameter `{id}` does not hold what was written"))
    })
}

/// A value as text; numbers and switches come as such from some products.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shows(param: &Value) -> bool {
        let request = json!({"id": "PR-1", "status": "pending", "asset": {"params": [param]}});
        let shown: Shown = serde_json::from_value(request).unwrap();
        unwritten(&[ParameterUpdate::value("p", "+34 976 550101")], &shown).is_none()
    }

    #[test]
    fn a_text_is_shown_letter_by_letter_and_other_kinds_in_the_platforms_way() {
        for (param, expected) in [
            (json!({"id": "p", "type": "text", "value": "+34 976 550101"}), true),
            (json!({"id": "p", "value": " +34 976 550101 "}), true),
            (json!({"id": "p", "type": "text", "value": "+34976550101"}), false),
            (json!({"id": "p", "type": "phone", "value": "+34976550101"}), true),
            (json!({"id": "p", "type": "password", "value": "******"}), true),
            (
                json!({"id": "p", "type": "address", "value": "", "structured_value": {"city": "x"}}),
                true,
            ),
            (json!({"id": "p", "type": "phone", "value": ""}), false),
            (json!({"id": "p", "type": "text", "value": null}), false),
            (json!({"id": "q", "type": "text", "value": "+34 976 550101"}), false),
        ] {
            assert_eq!(shows(&param), expected, "{param}");
        }
    }

    #[test]
    fn a_request_that_says_little_is_read() {
        for request in [
            json!({"id": "PR-1", "status": "failed"}),
            json!({"id": "PR-1", "status": "failed", "params": null, "asset": null}),
            json!({"id": "PR-1", "status": "failed", "asset": {"params": null}, "configuration": {}}),
        ] {
            serde_json::from_value::<Shown>(request).unwrap();
        }
    }
}
