//! Fields of a body that its command does not write. Clients send back what they read, so what an
//! object shows may be repeated; what would be lost in silence is refused.

use serde_json::Value;

use crate::body;
use crate::denial::Denial;

/// Refuses another value than an object shows in all fields but these: those that are written, and
/// those that the platform works out by itself.
pub(crate) fn must_stay_except(fields: &[&str], shown: &Value, body: &Value) -> Result<(), Denial> {
    let shown_fields = shown.as_object().into_iter().flat_map(|shown| shown.keys());
    let mut fixed = shown_fields.filter(|field| !fields.contains(&field.as_str()));
    fixed.try_for_each(|field| must_stay(field, shown, body))
}

/// Refuses another value than an object shows for a field that is fixed.
pub(crate) fn must_stay(field: &str, shown: &Value, body: &Value) -> Result<(), Denial> {
    match repeats(body::at(body, field), body::at(shown, field)) {
        true => Ok(()),
        false => Err(Denial::invalid(format!("{field}: This field cannot be changed."))),
    }
}

/// Refuses another value than an object shows at paths that the platform can write to, and this one
/// cannot yet. `what` names the object with its article.
pub(crate) fn must_be_emulated(
    paths: &[&str],
    what: &str,
    shown: &Value,
    body: &Value,
) -> Result<(), Denial> {
    let lost = paths.iter().find(|path| !repeats(body::at(body, path), body::at(shown, path)));
    match lost {
        Some(path) => Err(Denial::not_emulated(&format!("another value for {path} of {what}"))),
        None => Ok(()),
    }
}

/// Whether a value says nothing: no object, list or text, or an empty one.
pub(crate) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(rows) => rows.is_empty(),
        other => body::is_nothing(other),
    }
}

/// Whether a value says no more than what is shown. Words may be in other capitals, and the id is
/// enough of an object that has one.
fn repeats(given: &Value, shown: &Value) -> bool {
    let same_words = |given: &Value, shown: &Value| match (body::scalar(given), body::scalar(shown))
    {
        (Some(given), Some(shown)) => given.eq_ignore_ascii_case(&shown),
        _ => false,
    };
    let same_id = match (given.get("id"), shown.get("id")) {
        (Some(given), Some(shown)) => same_words(given, shown),
        _ => false,
    };
    says_nothing(given) || given == shown || same_id || same_words(given, shown)
}
