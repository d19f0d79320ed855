//! Readers of the JSON bodies of commands.

use connect_model::DateTime;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::denial::Denial;
use crate::refusal_text;

/// Returns the value at a dotted path; `null` when there is none.
pub(crate) fn at<'v>(body: &'v Value, path: &str) -> &'v Value {
    path.split('.').try_fold(body, |value, name| value.get(name)).unwrap_or(&Value::Null)
}

/// Returns the text at a dotted path. Numbers and booleans count as text, `null` as absent.
pub(crate) fn text(body: &Value, path: &str) -> Option<String> {
    scalar(at(body, path))
}

/// Returns the text at a dotted path, unless it is empty.
pub(crate) fn filled(body: &Value, path: &str) -> Option<String> {
    text(body, path).filter(|text| !text.trim().is_empty())
}

/// Returns the text at a dotted path, unless it is empty. Refuses one of more than so many
/// characters.
pub(crate) fn filled_within(
    body: &Value,
    path: &str,
    most: usize,
) -> Result<Option<String>, Denial> {
    let text = filled(body, path);
    text.iter().try_for_each(|text| must_fit(path, text, most))?;
    Ok(text)
}

/// Returns the text at a dotted path. Refuses what is neither text nor nothing, and a text of more
/// than so many characters.
pub(crate) fn text_within(body: &Value, path: &str, most: usize) -> Result<Option<String>, Denial> {
    if matches!(at(body, path), Value::Array(_) | Value::Object(_)) {
        return Err(Denial::invalid(format!("{path}: {}", refusal_text::NOT_A_STRING)));
    }
    let text = text(body, path);
    text.iter().try_for_each(|text| must_fit(path, text, most))?;
    Ok(text)
}

/// Refuses something else than an object or nothing at a dotted path.
pub(crate) fn must_be_object(body: &Value, path: &str) -> Result<(), Denial> {
    match wrong_object(at(body, path)) {
        Some(why) => Err(Denial::invalid(format!("{path}: {why}"))),
        None => Ok(()),
    }
}

/// Whether there is nothing: clients write an empty text where there is no object.
pub(crate) fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

/// Says what is wrong with a value that should be an object or nothing.
pub(crate) fn wrong_object(value: &Value) -> Option<String> {
    (!value.is_object() && !is_nothing(value)).then(|| refusal_text::not_an_object(value))
}

/// Refuses a text of more than so many characters.
pub(crate) fn must_fit(field: &str, text: &str, most: usize) -> Result<(), Denial> {
    if text.chars().count() > most {
        return Err(Denial::invalid(format!("{field}: {}", refusal_text::too_long(most))));
    }
    Ok(())
}

/// Returns a value as text, when it has one.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Returns the text that an action cannot do without.
pub(crate) fn needed(body: &Value, field: &str) -> Result<String, Denial> {
    filled(body, field).ok_or_else(|| Denial::missing(field))
}

/// Returns the text that an object cannot do without.
pub(crate) fn required(body: &Value, path: &str) -> Result<String, Denial> {
    match at(body, path) {
        Value::Null => Err(Denial::absent(path)),
        _ => filled(body, path)
            .ok_or_else(|| Denial::invalid(format!("{path}: {}", refusal_text::BLANK))),
    }
}

/// Reads a value as something of a type. `path` names it in a refusal, which never has the words of
/// the reader of JSON: they speak of this program, not of the platform.
pub(crate) fn read<T: DeserializeOwned>(value: &Value, path: &str) -> Result<T, Denial> {
    T::deserialize(value).map_err(|_| Denial::invalid(format!("{path}: Not a valid value.")))
}

/// Returns the rows of the list at a dotted path; none when it is absent.
pub(crate) fn rows<'v>(body: &'v Value, path: &str) -> Result<&'v [Value], Denial> {
    match at(body, path) {
        Value::Null => Ok(&[]),
        Value::Array(rows) => Ok(rows),
        other => Err(Denial::invalid(format!("{path}: {}", refusal_text::not_a_list(other)))),
    }
}

/// Returns the instant at a dotted path. Bodies must name a time of day, unlike filters.
pub(crate) fn instant(body: &Value, path: &str) -> Result<Option<DateTime>, Denial> {
    const DATE_ONLY: usize = "2024-07-01".len();
    let Some(text) = text(body, path) else { return Ok(None) };
    match text.parse::<DateTime>() {
        Ok(at) if text.len() > DATE_ONLY => Ok(Some(at)),
        _ => Err(Denial::invalid(format!("{path}: {}", connect_model::BadDateTime))),
    }
}
