//! The dates that an asset is billed on.

use connect_model::{BillingPeriod, DateTime};
use jiff::Span;
use jiff::civil::DateTime as Civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::product::record::ProductRecord;
use crate::row::ItemRow;

/// The rhythm of an asset's bills, and the next of their dates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct BillingDates {
    /// The date that anniversaries are counted from.
    pub(crate) since: DateTime,
    /// The time from one bill to the next; none where nothing is billed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) period: Option<BillingPeriod>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<DateTime>,
}

impl BillingDates {
    /// Returns the dates of an asset in use since a date, as they are now.
    pub(crate) fn begin(since: DateTime, period: Option<BillingPeriod>, now: DateTime) -> Self {
        let next = period.as_ref().and_then(|period| first_after(since, period, since.max(now)));
        Self { since, period, next }
    }

    /// Returns the same in another rhythm; in the one it has, the date stays that somebody chose.
    pub(crate) fn in_rhythm(&self, period: Option<BillingPeriod>, now: DateTime) -> Self {
        if period == self.period { self.clone() } else { Self::begin(self.since, period, now) }
    }

    /// Returns the day that bills fall on and, where they are years apart, the month.
    pub(crate) fn anniversary(&self) -> (i8, Option<i8>) {
        let since = civil(self.since);
        let months = self.period.as_ref().and_then(BillingPeriod::months);
        let is_of_years = months.is_some_and(|months| months >= 12);
        (since.day(), is_of_years.then_some(since.month()))
    }
}

/// Returns the shortest time after which some of these items are billed again.
pub(crate) fn rhythm(product: &ProductRecord, rows: &[ItemRow]) -> Option<BillingPeriod> {
    let items = rows.iter().filter_map(|row| product.item(&row.item));
    let periods = items.map(|item| &item.item.period);
    let months = periods.filter_map(|period| Some((period.months()?, period)));
    months.min().map(|(_, period)| period.clone())
}

/// Returns the first date after a moment that is so many periods after the beginning. Where a month
/// has no such day, it is the month's last; where time ends, none.
fn first_after(since: DateTime, period: &BillingPeriod, moment: DateTime) -> Option<DateTime> {
    let months = i32::from(period.months()?);
    let (from, to) = (civil(since), civil(moment));
    let passed = (i32::from(to.year()) - i32::from(from.year())) * 12
        + (i32::from(to.month()) - i32::from(from.month()));
    let date = |cycle: i32| {
        let span: Span = Span::new().try_months(cycle.checked_mul(months)?).ok()?;
        let date = from.checked_add(span).ok()?;
        date.to_zoned(TimeZone::UTC).ok().map(|at| DateTime::from(at.timestamp()))
    };
    let cycles = (passed / months).max(1)..;
    cycles.map_while(date).find(|date| *date > moment)
}

fn civil(at: DateTime) -> Civil {
    TimeZone::UTC.to_datetime(at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    fn next(since: &str, period: BillingPeriod, now: &str) -> String {
        let dates = BillingDates::begin(at(since), Some(period), at(now));
        dates.next.map(|next| next.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_next_date_is_a_whole_number_of_periods_after_the_first() {
        let since = "2020-03-25T15:37:46";
        assert_eq!(next(since, BillingPeriod::Monthly, since), "2020-04-25T15:37:46+00:00");
        assert_eq!(next(since, BillingPeriod::Yearly, since), "2021-03-25T15:37:46+00:00");
        assert_eq!(next(since, BillingPeriod::SixYears, since), "2026-03-25T15:37:46+00:00");
        let later = "2020-06-25T15:37:46";
        assert_eq!(next(since, BillingPeriod::Monthly, later), "2020-07-25T15:37:46+00:00");
        assert_eq!(next(later, BillingPeriod::Monthly, since), "2020-07-25T15:37:46+00:00");
        assert_eq!(next("2020-03-25", BillingPeriod::OneTime, since), "");
        assert_eq!(next("9999-12-20", BillingPeriod::Monthly, since), "");
    }

    #[test]
    fn the_last_of_a_month_comes_back_in_longer_months() {
        let since = "2024-01-31";
        let dates = ["2024-02-01", "2024-02-29", "2024-04-01"];
        let next = dates.map(|now| next(since, BillingPeriod::Monthly, now));
        let expected = ["2024-02-29", "2024-03-31", "2024-04-30"];
        assert_eq!(next, expected.map(|day| format!("{day}T00:00:00+00:00")));
        let dates = BillingDates::begin(at(since), Some(BillingPeriod::Monthly), at(since));
        assert_eq!(dates.anniversary(), (31, None));
        let dates = dates.in_rhythm(Some(BillingPeriod::TwoYears), at("2024-02-01"));
        assert_eq!(dates.anniversary(), (31, Some(1)));
        assert_eq!(dates.next, Some(at("2026-01-31")));
    }
}
