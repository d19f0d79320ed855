//! Instants as the platform writes them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime as Civil};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::lenient;

/// An instant, written in UTC with an offset and without a fraction:
/// `2024-03-19T12:21:32+00:00`.
///
/// It is read with any offset, a `Z`, or none (then UTC), and as a bare date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(pub Timestamp);

/// A text that is not an instant; the message is the platform's own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "Datetime has wrong format. Use one of these formats instead: \
     YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
)]
pub struct BadDateTime;

impl DateTime {
    /// Returns the instant itself.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for DateTime {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl FromStr for DateTime {
    type Err = BadDateTime;

    fn from_str(text: &str) -> Result<Self, BadDateTime> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Self(at));
        }
        let civil = text
            .parse::<Civil>()
            .or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)))
            .map_err(|_| BadDateTime)?;
        let zoned = civil.to_zoned(TimeZone::UTC).map_err(|_| BadDateTime)?;
        Ok(Self(zoned.timestamp()))
    }
}

impl DateTime {
    /// Writes `YYYY-MM-DDThh:mm:ss+00:00` digit by digit: lists are full of instants.
    fn write(self) -> [u8; 25] {
        let at = TimeZone::UTC.to_datetime(self.0);
        let mut text = *b"0000-00-00T00:00:00+00:00";
        digits(&mut text[0..4], at.year().unsigned_abs());
        digits(&mut text[5..7], at.month().unsigned_abs().into());
        digits(&mut text[8..10], at.day().unsigned_abs().into());
        digits(&mut text[11..13], at.hour().unsigned_abs().into());
        digits(&mut text[14..16], at.minute().unsigned_abs().into());
        digits(&mut text[17..19], at.second().unsigned_abs().into());
        text
    }
}

fn digits(places: &mut [u8], mut number: u16) {
    for place in places.iter_mut().rev() {
        *place = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

/// Returns the text of bytes that are ASCII by the way they are written.
fn ascii(text: &[u8; 25]) -> &str {
    str::from_utf8(text).unwrap_or_default()
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(ascii(&self.write()))
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(ascii(&self.write()))
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::scalar(deserializer, "a time", |text| time(text.unwrap_or("null")))
    }
}

/// Reads an instant; `""` and `null` are none.
pub(crate) fn instant<'de, D>(deserializer: D) -> Result<Option<DateTime>, D::Error>
where
    D: Deserializer<'de>,
{
    lenient::scalar(deserializer, "a time", |text| {
        text.filter(|text| !text.is_empty()).map(time).transpose()
    })
}

/// Reads an instant; the error quotes what is none.
fn time(text: &str) -> Result<DateTime, String> {
    text.parse().map_err(|error| format!("`{text}`: {error}"))
}
