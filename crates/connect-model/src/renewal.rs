//! Renewals of subscriptions: for how long, and until when.

use jiff::{SignedDuration, Span, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::datetime::{self, DateTime};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::product_item::BillingPeriod;
use crate::rest::Rest;

open_enum! {
    /// Whether subscriptions of a product go on by themselves (`subscription.schema`, OpenAPI 37.0).
    RenewalSchema {
        /// They end on a day unless they are renewed.
        Explicit = "explicit",
        /// They go on until they are cancelled.
        Evergreen = "evergreen",
    }
}

open_enum! {
    /// The unit of the time a renewal is for (CloudBlue's Python client).
    RenewalUnit {
        /// Years.
        Year = "year",
        /// Months.
        Month = "month",
        /// Days.
        Day = "day",
        /// Hours.
        Hour = "hour",
    }
}

/// The time that a renewal prolongs an item by: the `renewal` of the items of renewals (CloudBlue's
/// Python client).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Renewal {
    /// The instant at which it begins, which is when the time before it ends.
    #[serde(
        default,
        deserialize_with = "datetime::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub from: Option<DateTime>,
    /// The instant at which it ends.
    #[serde(
        default,
        deserialize_with = "datetime::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub to: Option<DateTime>,
    /// The number of units between the two.
    #[serde(default, deserialize_with = "lenient::whole", skip_serializing_if = "Option::is_none")]
    pub period_delta: Option<u32>,
    /// The unit.
    #[serde(
        default,
        deserialize_with = "lenient::null_default",
        skip_serializing_if = "RenewalUnit::is_unsaid"
    )]
    pub period_uom: RenewalUnit,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A length of time by the calendar, such as two years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewalTerm {
    /// The number of units.
    pub delta: u32,
    /// The unit.
    pub unit: RenewalUnit,
}

impl RenewalTerm {
    /// Returns the term that a quantity billed for a period is had for; `None` when it is billed
    /// once, on trial, or for a period that is not known.
    #[must_use]
    pub fn of(period: &BillingPeriod) -> Option<Self> {
        let months = u32::from(period.months()?);
        Some(match months.is_multiple_of(12) {
            true => Self { delta: months / 12, unit: RenewalUnit::Year },
            false => Self { delta: months, unit: RenewalUnit::Month },
        })
    }

    /// Returns the instant one term after another, by the calendar in UTC: a month after the last of
    /// January is the last of February. `None` when there is no such date or the unit is not known.
    ///
    /// ```
    /// use connect_model::{BillingPeriod, RenewalTerm};
    ///
    /// let month = RenewalTerm::of(&BillingPeriod::Monthly).unwrap();
    /// let end = month.after("2024-01-31T08:00:00Z".parse()?).unwrap();
    /// assert_eq!(end.to_string(), "2024-02-29T08:00:00+00:00");
    /// # Ok::<(), connect_model::BadDateTime>(())
    /// ```
    #[must_use]
    pub fn after(&self, from: DateTime) -> Option<DateTime> {
        let delta = i64::from(self.delta);
        let span = match self.unit {
            RenewalUnit::Year => Span::new().try_years(delta).ok()?,
            RenewalUnit::Month => Span::new().try_months(delta).ok()?,
            RenewalUnit::Day => Span::new().try_days(delta).ok()?,
            RenewalUnit::Hour => {
                let hours = SignedDuration::from_hours(delta);
                return from.timestamp().checked_add(hours).ok().map(DateTime);
            }
            RenewalUnit::Other(_) => return None,
        };
        let end = from.timestamp().to_zoned(TimeZone::UTC).checked_add(span).ok()?;
        Some(DateTime(end.timestamp()))
    }

    /// Returns the renewal of this term that begins at an instant.
    #[must_use]
    pub fn renewal(&self, from: DateTime) -> Option<Renewal> {
        Some(Renewal {
            from: Some(from),
            to: Some(self.after(from)?),
            period_delta: Some(self.delta),
            period_uom: self.unit.clone(),
            rest: Rest::default(),
        })
    }
}

impl Renewal {
    /// Returns the length of time, where it says one.
    #[must_use]
    pub fn term(&self) -> Option<RenewalTerm> {
        let unit = Some(&self.period_uom).filter(|unit| !unit.is_unsaid())?;
        Some(RenewalTerm { delta: self.period_delta?, unit: unit.clone() })
    }
}

/// Writes a term in words: `1 month`, `2 years`.
impl std::fmt::Display for RenewalTerm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ending = if self.delta == 1 { "" } else { "s" };
        write!(f, "{} {}{ending}", self.delta, self.unit)
    }
}

/// Writes a renewal in words: `for 1 month, until 2024-08-11`.
impl std::fmt::Display for Renewal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let term = self.term().map(|term| format!("for {term}"));
        let until = self.to.map(|to| format!("until {:.10}", to.to_string()));
        let parts: Vec<String> = term.into_iter().chain(until).collect();
        f.write_str(&parts.join(", "))
    }
}
