//! Reading what the platform writes in more than one way.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{DateTime, Events};

/// `null` counts as the default, as an absent field does.
pub(crate) fn null_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Text that some payloads carry as a number or a boolean.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        scalar @ (Value::Number(_) | Value::Bool(_)) => Ok(Some(scalar.to_string())),
        other => Err(D::Error::custom(format!("expected text, found {other}"))),
    }
}

/// An object that some payloads leave out by writing `""`, `{}` or `null`.
pub(crate) fn object_or_nothing<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        Value::Object(fields) if fields.is_empty() => Ok(None),
        object => T::deserialize(object).map(Some).map_err(D::Error::custom),
    }
}

/// An instant; `""` and `null` are none.
pub(crate) fn instant<'de, D>(deserializer: D) -> Result<Option<DateTime>, D::Error>
where
    D: Deserializer<'de>,
{
    let text = Option::<std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
    let text = text.as_deref().filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|error| D::Error::custom(format!("`{text}`: {error}"))))
        .transpose()
}

/// Events; one that is `null` has not happened, or nobody knows when.
pub(crate) fn events<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Events, D::Error> {
    let events = Option::<BTreeMap<Box<str>, Option<crate::At>>>::deserialize(deserializer)?;
    let events = events.unwrap_or_default().into_iter();
    Ok(events.map(|(name, at)| (name, at.unwrap_or_default())).collect())
}

/// Reads a word of the platform; `null` is the empty one. A number or an object is no word: what has
/// such a thing in this place is not Connect's answer.
pub(crate) struct Word<T>(PhantomData<T>);

impl<T> Word<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: for<'a> From<&'a str>> Visitor<'_> for Word<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, word: &str) -> Result<T, E> {
        Ok(T::from(word))
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::from(""))
    }
}
