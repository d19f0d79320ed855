//! The address to which a redirect sends its caller.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The value of a `Location` header: one that HTTP can carry, whether it is a URL or not. A bad day
/// may have any; a line break in it would write the headers behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location(HeaderValue);

impl Location {
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl FromStr for Location {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        let value = is_plain.then(|| HeaderValue::from_str(text).ok()).flatten();
        value.map(Self).ok_or_else(|| {
            format!(
                "{text:?} is no location: write a URL, with spaces and all that is not ASCII \
                 percent-encoded"
            )
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_str().unwrap_or_default())
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Location {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_what_a_header_can_carry() {
        for text in ["https://stranger.example/login?from=%20", "/requests", "//x", "?"] {
            let json = serde_json::json!(text);
            let location: Location = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&location).unwrap(), json);
        }
        for text in ["", "https://a b", "/a\r\nSet-Cookie: x", "/\0", "/\u{7f}", "/ä", "/\t"] {
            assert!(text.parse::<Location>().is_err(), "{text:?}");
        }
    }
}
