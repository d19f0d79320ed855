//! Times, which are numbers of seconds.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// Reads a number of seconds.
pub(super) fn seconds<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Duration>, D::Error> {
    let Some(seconds) = Option::<f64>::deserialize(reader)? else { return Ok(None) };
    Duration::try_from_secs_f64(seconds).map(Some).map_err(serde::de::Error::custom)
}
