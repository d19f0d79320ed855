//! The service level of requests: how long they have been in a status that somebody is waited for
//! in.

use std::num::ParseIntError;
use std::str::FromStr;

use connect_model::{DateTime, RequestStatus, ServiceLevel};

use crate::course::Course;

/// The days after which a request comes to the zones 2 to 7; until the first it is in zone 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zones([u32; 6]);

/// A day for each zone: the platform's own days are up to the distributor (OpenAPI 37.0, `/sla`).
impl Default for Zones {
    fn default() -> Self {
        Self([1, 2, 3, 4, 5, 6])
    }
}

/// A text that says no zones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write the days after which zones 2 to 7 begin, none before the last, like 1,2,3,5,7,14")]
pub struct BadZones;

impl FromStr for Zones {
    type Err = BadZones;

    fn from_str(text: &str) -> Result<Self, BadZones> {
        let days: Result<Vec<u32>, ParseIntError> =
            text.split(',').map(|days| days.trim().parse()).collect();
        let days: [u32; 6] = days.ok().and_then(|it| it.try_into().ok()).ok_or(BadZones)?;
        if days.is_sorted() { Ok(Self(days)) } else { Err(BadZones) }
    }
}

impl Zones {
    /// Returns the level of a request at a moment; none in a status in which nobody is waited for:
    /// agreements have objectives for the others alone (OpenAPI 37.0).
    pub(crate) fn level(self, course: Course<'_>, now: DateTime) -> Option<ServiceLevel> {
        use RequestStatus::{Draft, Inquiring, Pending, Revoking};
        if !matches!(course.status, Draft | Inquiring | Pending | Revoking) {
            return None;
        }
        let waited = now.timestamp().duration_since(course.since().timestamp());
        let days = u32::try_from(waited.as_hours() / 24).unwrap_or_default();
        let passed = self.0.iter().filter(|begins| **begins <= days).count();
        let zone = u32::try_from(passed + 1).ok();
        Some(ServiceLevel { zone, days: Some(days), ..ServiceLevel::default() })
    }
}
