//! The wait that a server asks for.

use std::time::Duration;

use http::HeaderMap;
use http::header::RETRY_AFTER;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// Returns the wait a `Retry-After` header asks for: seconds, or an HTTP date (RFC 9110). A date in
/// the past is no wait; a text that is neither counts as absent.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => until(text, now),
    }
}

fn until(date: &str, now: Timestamp) -> Option<Duration> {
    let due = DateTimeParser::new().relaxed_weekday(true).parse_timestamp(date).ok()?;
    Some(Duration::try_from(due.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let now: Timestamp = "2024-03-19T12:00:00Z".parse().unwrap();
        let mut table = String::new();
        for text in [
            "3",
            "0",
            "Tue, 19 Mar 2024 12:01:30 GMT",
            "Tue, 19 Mar 2024 11:00:00 GMT",
            "soon",
            "-1",
            "",
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            table += &format!("{text:31}{:?}\n", retry_after(&headers, now));
        }
        insta::assert_snapshot!(table, @r"
        3                              Some(3s)
        0                              Some(0ns)
        Tue, 19 Mar 2024 12:01:30 GMT  Some(90s)
        Tue, 19 Mar 2024 11:00:00 GMT  Some(0ns)
        soon                           None
        -1                             None
                                       None
        ");
    }
}
