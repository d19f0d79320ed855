//! The days on which usage is reported.

use jiff::Timestamp;

use crate::usage::month::Month;

/// The day and hour at which the usage of the month before is reported, in UTC.
///
/// ```
/// use connect_processor::UsageSchedule;
///
/// // On the 3rd of June at 4 o'clock, that of May.
/// let schedule = UsageSchedule::monthly(3).hour(4);
/// assert_eq!(schedule, UsageSchedule::monthly(3).hour(4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageSchedule {
    day: i8,
    hour: i8,
}

impl UsageSchedule {
    /// Returns the beginning of a day of each month, 1 to 31; other days count as the nearest of these. A
    /// month that has no such day has its last one in its place.
    #[must_use]
    pub fn monthly(day: u8) -> Self {
        Self { day: day.clamp(1, 31) as i8, hour: 0 }
    }

    /// Returns the same at an hour of the day, 0 to 23; later ones count as 23.
    #[must_use]
    pub fn hour(mut self, hour: u8) -> Self {
        self.hour = hour.min(23) as i8;
        self
    }

    /// Returns the last month whose report is due.
    pub(crate) fn last(self, now: Timestamp) -> Month {
        let this = Month::of(now);
        let before = this.before();
        if now >= self.due(before) { before } else { before.before() }
    }

    /// Returns when the report of a month is due.
    pub(crate) fn due(self, month: Month) -> Timestamp {
        month.after().moment(self.day, self.hour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_due_from_its_day_and_hour_on() {
        let schedule = UsageSchedule::monthly(3).hour(4);
        for (now, last) in [
            ("2024-06-03T03:59:59Z", "2024-04"),
            ("2024-06-03T04:00:00Z", "2024-05"),
            ("2024-06-30T23:59:59Z", "2024-05"),
            ("2024-01-31T00:00:00Z", "2023-12"),
            ("2024-03-31T00:00:00Z", "2024-02"),
        ] {
            let last_due = schedule.last(now.parse().unwrap());
            assert_eq!(last_due.to_string(), last, "{now}");
            assert!(schedule.due(last_due) <= now.parse().unwrap());
        }
        assert_eq!(UsageSchedule::monthly(32), UsageSchedule::monthly(31));
        assert_eq!(UsageSchedule::monthly(0), UsageSchedule::monthly(1));
    }

    #[test]
    fn a_month_without_the_day_has_its_last() {
        let schedule = UsageSchedule::monthly(31);
        for (now, last) in [
            ("2024-02-28T23:59:59Z", "2023-12"),
            ("2024-02-29T00:00:00Z", "2024-01"),
            ("2024-03-30T23:59:59Z", "2024-01"),
            ("2024-03-31T00:00:00Z", "2024-02"),
            ("2024-04-30T00:00:00Z", "2024-03"),
        ] {
            assert_eq!(schedule.last(now.parse().unwrap()).to_string(), last, "{now}");
        }
        let due = UsageSchedule::monthly(30).due("2023-01".parse().unwrap());
        assert_eq!(due, "2023-02-28T00:00:00Z".parse().unwrap());
    }
}
