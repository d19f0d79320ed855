//! Parameters that were written, in the request that shows them.

use connect_model::{Parameter, ParameterType, ParameterUpdate, Request};

/// Returns which of the updates a request does not show, if there is one. Structured values are
/// only looked for: how the platform shows them is its own.
pub(crate) fn unwritten(updates: &[ParameterUpdate], shown: &impl Request) -> Option<String> {
    updates.iter().find_map(|update| {
        let id = &update.id;
        let Some(param) = shown.params().iter().find(|param| param.id == *id) else {
            return Some(format!("the request has no parameter `{id}`"));
        };
        let value = update.value.as_deref().is_none_or(|value| holds(param, value));
        let error = update.value_error.as_deref();
        let error = error.is_none_or(|error| trimmed(param.value_error.as_ref()) == error.trim());
        (!value || !error).then(|| format!("parameter `{id}` does not hold what was written"))
    })
}

/// Returns whether a parameter holds a value that was written. Texts and choices are shown letter by
/// letter, and addresses for mail but for capitals: the platform writes a telephone number, a domain
/// or an address in its own way, and hides passwords.
fn holds(param: &Parameter, written: &str) -> bool {
    use ParameterType::{Choice, Dropdown, Email, Text};
    let (written, shown) = (written.trim(), trimmed(param.value.as_ref()));
    match param.kind.as_ref() {
        None | Some(Text | Choice | Dropdown) => shown == written,
        Some(Email) => shown.eq_ignore_ascii_case(written),
        Some(_) => {
            let says_something = !shown.is_empty() || param.structured_value.is_some();
            shown == written || (!written.is_empty() && says_something)
        }
    }
}

fn trimmed(text: Option<&String>) -> &str {
    text.map(|text| text.trim()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use connect_model::AssetRequest;
    use serde_json::{Value, json};

    use super::*;

    fn shows(param: &Value) -> bool {
        let request =
            json!({"id": "PR-1", "status": "pending", "asset": {"id": "AS-1", "params": [param]}});
        let shown: AssetRequest = serde_json::from_value(request).unwrap();
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
            (json!({"id": "p", "type": "dropdown", "value": "large"}), false),
            (json!({"id": "p", "type": "choice", "value": "large"}), false),
            (json!({"id": "p", "type": "email", "value": "old@cedar.example"}), false),
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
            json!({"id": "PR-1", "status": "failed", "asset": {"id": "AS-1", "params": null}}),
        ] {
            serde_json::from_value::<AssetRequest>(request).unwrap();
        }
    }
}
