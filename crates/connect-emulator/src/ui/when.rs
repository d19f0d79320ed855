//! Instants for people: how long ago, with the exact time beside it.

use askama::Template;
use askama::filters::HtmlSafe;
use jiff::Timestamp;

/// An instant as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "fragments/when.html")]
pub(super) struct When {
    /// The instant for machines.
    pub(super) iso: String,
    /// The instant for people who want to know exactly.
    pub(super) exact: String,
    /// The instant for everybody: `5 minutes ago`.
    pub(super) relative: String,
}

impl HtmlSafe for When {}

impl When {
    pub(super) fn new(at: Timestamp, now: Timestamp) -> Self {
        let iso = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let exact = at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
        Self { iso, exact, relative: relative(now.as_second() - at.as_second()) }
    }
}

/// Counts in the longest unit that fits, as `ui.js` does too.
fn relative(seconds: i64) -> String {
    const UNITS: [(i64, &str); 6] = [
        (31_557_600, "year"),
        (2_629_800, "month"),
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let span = seconds.abs();
    if span < 5 {
        return "just now".to_owned();
    }
    let (size, unit) = UNITS.into_iter().find(|(size, _)| span >= *size).unwrap_or((1, "second"));
    let count = span / size;
    let plural = if count == 1 { "" } else { "s" };
    match seconds > 0 {
        true => format!("{count} {unit}{plural} ago"),
        false => format!("in {count} {unit}{plural}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_unit_that_fits() {
        let shown = [
            0,
            4,
            5,
            59,
            60,
            119,
            3_600,
            86_399,
            86_400,
            30 * 86_400,
            61 * 86_400,
            1_047 * 86_400,
            -90,
        ]
        .map(relative);
        insta::assert_snapshot!(shown.join("\n"), @r"
        just now
        just now
        5 seconds ago
        59 seconds ago
        1 minute ago
        1 minute ago
        1 hour ago
        23 hours ago
        1 day ago
        30 days ago
        2 months ago
        2 years ago
        in 1 minute
        ");
    }
}
