//! Small objects that stand for larger ones.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::datetime::DateTime;
use crate::lenient;
use crate::rest::Rest;

/// A mention of another object: `{id, name, …}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reference<Id> {
    /// The id of the other object.
    pub id: Id,
    /// Its name, where the platform repeats it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its picture, a path on the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl<Id> Reference<Id> {
    /// Returns a reference with an id and a name.
    pub fn named(id: impl Into<Id>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: Some(name.into()), icon: None, rest: Rest::new() }
    }
}

/// The time at which something happened, and its author.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct At {
    /// The instant.
    #[serde(
        default,
        deserialize_with = "crate::datetime::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub at: Option<DateTime>,
    /// The person or token that did it.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub by: Option<Reference<Box<str>>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// The events of an object, by the platform's words for them: `created`, `updated`, `approved`…
pub type Events = std::collections::BTreeMap<Box<str>, At>;

/// Returns when the object was created, where its events say so.
#[must_use]
pub fn created_at(events: &Events) -> Option<DateTime> {
    events.get("created").and_then(|created| created.at)
}

/// Reads events; one that is `null` has not happened, or nobody knows when.
pub(crate) fn events<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Events, D::Error> {
    let events = Option::<BTreeMap<Box<str>, Option<At>>>::deserialize(deserializer)?;
    let events = events.unwrap_or_default().into_iter();
    Ok(events.map(|(name, at)| (name, at.unwrap_or_default())).collect())
}
