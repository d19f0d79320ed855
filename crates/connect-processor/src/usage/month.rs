//! Months of the calendar, in UTC.

use std::fmt;
use std::str::FromStr;

use connect_model::UsagePeriod;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// A month, by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month(Date);

impl Month {
    /// Returns the month that a moment is in.
    pub(crate) fn of(at: Timestamp) -> Self {
        Self(at.to_zoned(TimeZone::UTC).date().first_of_month())
    }

    /// Returns the month before; itself at the beginning of the calendar.
    pub(crate) fn before(self) -> Self {
        Self(self.0.checked_sub(1.month()).unwrap_or(self.0))
    }

    /// Returns the month after; itself at the end of the calendar.
    pub(crate) fn after(self) -> Self {
        Self(self.0.checked_add(1.month()).unwrap_or(self.0))
    }

    /// Returns the moment at which it ends. Nothing of its report is done before.
    pub(crate) fn end(self) -> Timestamp {
        self.after().moment(1, 0)
    }

    /// Returns its first and its last day.
    pub(crate) fn period(self) -> UsagePeriod {
        UsagePeriod { from: self.0.to_string(), to: self.0.last_of_month().to_string() }
    }

    /// Returns the moment at an hour of one of its days; of its last, where it has fewer.
    pub(crate) fn moment(self, day: i8, hour: i8) -> Timestamp {
        let day = self.0.with().day(day).build().unwrap_or(self.0.last_of_month());
        let at = day.at(hour, 0, 0, 0).to_zoned(TimeZone::UTC);
        at.map(|at| at.timestamp()).unwrap_or_default()
    }
}

/// `2024-05`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl FromStr for Month {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        format!("{text}-01").parse().map(Self)
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
