//! Readers of what the platform writes in more than one way.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Reads a value; `null` counts as the default, as an absent field does.
pub(crate) fn null_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads text that some payloads carry as a number or a boolean.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    scalar(deserializer, "text", |text| Ok::<_, Infallible>(text.map(str::to_owned)))
}

/// Reads text as [`text`] does, and something that is not text as nothing.
pub(crate) fn text_or_nothing<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        scalar @ (Value::Number(_) | Value::Bool(_)) => Some(scalar.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    })
}

/// Reads a whole number that some payloads carry as text; what is none is left out.
pub(crate) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    scalar(deserializer, "a number", |text| {
        Ok::<_, Infallible>(text.and_then(|text| text.parse().ok()))
    })
}

/// Reads a scalar by its text, or `None` for `null`. `read` is asked while the reader still stands
/// at the value: what it refuses is reported with the right place.
pub(crate) fn scalar<'de, D, T, E>(
    deserializer: D,
    expected: &'static str,
    read: impl FnOnce(Option<&str>) -> Result<T, E>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    E: fmt::Display,
{
    deserializer.deserialize_any(Scalar { expected, read })
}

struct Scalar<F> {
    expected: &'static str,
    read: F,
}

impl<T, E: fmt::Display, F: FnOnce(Option<&str>) -> Result<T, E>> Visitor<'_> for Scalar<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_unit<X: Error>(self) -> Result<T, X> {
        (self.read)(None).map_err(X::custom)
    }

    fn visit_str<X: Error>(self, text: &str) -> Result<T, X> {
        (self.read)(Some(text)).map_err(X::custom)
    }

    fn visit_bool<X: Error>(self, value: bool) -> Result<T, X> {
        self.visit_str(if value { "true" } else { "false" })
    }

    fn visit_i64<X: Error>(self, value: i64) -> Result<T, X> {
        self.visit_str(&value.to_string())
    }

    fn visit_u64<X: Error>(self, value: u64) -> Result<T, X> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<X: Error>(self, value: f64) -> Result<T, X> {
        // As JSON writes it: 2.0 is not 2.
        self.visit_str(&Value::from(value).to_string())
    }
}

/// Reads an object that some payloads leave out by writing `""`, `{}` or `null`.
pub(crate) fn object_or_nothing<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(ObjectOrNothing(PhantomData))
}

struct ObjectOrNothing<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectOrNothing<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or nothing")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() { Ok(None) } else { Err(E::invalid_type(Unexpected::Str(text), &self)) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Some(first) = map.next_key::<String>()? else { return Ok(None) };
        let whole = WithFirst { first: Some(first), rest: map };
        T::deserialize(MapAccessDeserializer::new(whole)).map(Some)
    }
}

/// An object whose first key was read to see whether there is one.
struct WithFirst<A> {
    first: Option<String>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for WithFirst<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(first) => seed.deserialize(first.into_deserializer()).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
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
