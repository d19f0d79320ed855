//! Times, which are numbers of seconds.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// The longest time that a worker may name: 366 days. Nobody would notice that something waits for longer.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Reads a number of seconds, and refuses one that is too long.
pub(super) fn bounded<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Duration>, D::Error> {
    let time = seconds(reader)?;
    match time {
        Some(time) if time > LONGEST => Err(serde::de::Error::custom(format!(
            "{} seconds are too long, the most is {}, 366 days",
            time.as_secs(),
            LONGEST.as_secs()
        ))),
        time => Ok(time),
    }
}

/// Reads a number of seconds.
pub(super) fn seconds<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Duration>, D::Error> {
    let Some(seconds) = Option::<f64>::deserialize(reader)? else { return Ok(None) };
    Duration::try_from_secs_f64(seconds).map(Some).map_err(serde::de::Error::custom)
}
