//! The part of requests that is the same in all families.

use std::borrow::Cow;
use std::fmt;

use connect_model::{ConnectionType, DateTime, ProductId, RequestStatus};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::family::Family;

/// A request, as far as it is looked at before it is handed to its handler.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) status: RequestStatus,
    created: Option<String>,
    pended: Option<String>,
    pub(crate) updated: Option<String>,
    /// The day before which the platform lets nobody approve it, of a planned order.
    planned: Option<String>,
    /// The zone of its service level, when it shows one.
    pub(crate) zone: Option<u32>,
    about: Option<Subject>,
    /// The product, in families that say it of the request itself.
    product: Option<Product>,
}

/// The object that a request changes, as far as it says whose it is.
#[derive(Clone, Debug, Deserialize)]
struct Subject {
    id: String,
    #[serde(default)]
    product: Option<Product>,
    #[serde(default)]
    connection: Option<Connection>,
    /// The environment of one that is sold through no connection, such as an account.
    #[serde(default)]
    environment: Option<ConnectionType>,
}

#[derive(Clone, Debug, Deserialize)]
struct Product {
    id: ProductId,
}

#[derive(Clone, Debug, Deserialize)]
struct Connection {
    #[serde(rename = "type", default)]
    kind: ConnectionType,
}

/// The dates of families that have them there alone.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Events {
    created: At,
    updated: At,
    pended: At,
}

#[derive(Default, Deserialize)]
struct At {
    #[serde(default)]
    at: Option<String>,
}

impl Head {
    /// Reads the head of a request of a family.
    pub(crate) fn read(raw: &RawValue, family: &Family) -> serde_json::Result<Self> {
        let mut reader = serde_json::Deserializer::from_str(raw.get());
        HeadReader { subject: family.subject }.deserialize(&mut reader)
    }

    /// Returns when the request was created, if it says so in a way that is understood.
    pub(crate) fn created(&self) -> Option<DateTime> {
        self.created.as_ref()?.parse().ok()
    }

    /// Returns since when the request is pending: since it was created, or came back to be.
    pub(crate) fn pending_since(&self) -> Option<Timestamp> {
        let pended = self.pended.as_ref().and_then(|pended| pended.parse().ok());
        self.created().into_iter().chain(pended).map(|date| date.timestamp()).max()
    }

    /// Returns the day for which it is planned, if it is.
    pub(crate) fn planned(&self) -> Option<Timestamp> {
        let day: DateTime = self.planned.as_ref()?.parse().ok()?;
        Some(day.timestamp())
    }

    /// Returns what the request changes, or else only itself.
    pub(crate) fn subject(&self) -> &str {
        self.about.as_ref().map_or(self.id.as_str(), |subject| &subject.id)
    }

    /// The product it is about, when it says so.
    pub(crate) fn product(&self) -> Option<&ProductId> {
        let of_subject = self.about.as_ref().and_then(|subject| subject.product.as_ref());
        of_subject.or(self.product.as_ref()).map(|product| &product.id)
    }

    /// The environment it comes from, when it says so.
    pub(crate) fn environment(&self) -> Option<&ConnectionType> {
        let Subject { connection, environment, .. } = self.about.as_ref()?;
        let kind = connection.as_ref().map(|connection| &connection.kind);
        kind.or(environment.as_ref()).filter(|kind| !kind.is_unsaid())
    }
}

/// Reads heads. The name of the subject's field is a value, so no derived reader can.
struct HeadReader {
    subject: &'static str,
}

impl<'de> DeserializeSeed<'de> for HeadReader {
    type Value = Head;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Head, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for HeadReader {
    type Value = Head;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Head, A::Error> {
        let (mut id, mut kind, mut status) = (None, None, None);
        let (mut created, mut updated, mut about, mut product) = (None, None, None, None);
        let (mut events, mut zone, mut planned) = (Events::default(), None, None);
        while let Some(name) = fields.next_key::<Cow<'de, str>>()? {
            match name.as_ref() {
                "id" => id = Some(fields.next_value()?),
                "type" => kind = Some(fields.next_value()?),
                "status" => status = Some(fields.next_value()?),
                "created" => created = fields.next_value()?,
                "updated" => updated = fields.next_value()?,
                "events" => events = fields.next_value::<Option<_>>()?.unwrap_or_default(),
                "sli" => zone = fields.next_value::<Value>()?["zone"].as_u64(),
                "planned_date" => {
                    planned = fields.next_value::<Value>()?.as_str().map(ToOwned::to_owned);
                }
                name if name == self.subject => about = fields.next_value()?,
                "product" => product = fields.next_value()?,
                _ => drop(fields.next_value::<IgnoredAny>()?),
            }
        }
        let missing = A::Error::missing_field;
        Ok(Head {
            id: id.ok_or_else(|| missing("id"))?,
            kind: kind.ok_or_else(|| missing("type"))?,
            status: status.ok_or_else(|| missing("status"))?,
            created: created.or(events.created.at),
            pended: events.pended.at,
            updated: updated.or(events.updated.at),
            planned,
            zone: zone.and_then(|zone| u32::try_from(zone).ok()),
            about,
            product,
        })
    }
}
