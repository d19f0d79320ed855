//! Times, in one way: how long ago something was, or the second it was.

use connect_model::DateTime;
use jiff::{Timestamp, Unit};
use serde::Serialize;

/// Returns `5 min ago`, or `in 5 min`; nothing for nothing.
pub(super) fn ago(now: Timestamp, then: Option<DateTime>) -> String {
    let Some(then) = then else { return String::new() };
    let passed = now.duration_since(then.timestamp());
    match passed.is_negative() {
        false => format!("{} ago", rounded(passed.as_secs())),
        // What is to come is not now.
        true => format!("in {}", rounded(passed.as_secs().abs().max(1))),
    }
}

fn rounded(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// Writes an instant to the second.
pub(super) fn to_second<S: serde::Serializer>(
    at: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    at.map(second).serialize(serializer)
}

/// The second: `2026-11-26T10:21:25Z`.
pub(super) fn second(at: Timestamp) -> Timestamp {
    at.round(Unit::Second).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_near_or_a_second() {
        let now: Timestamp = "2026-11-26T10:00:00Z".parse().unwrap();
        for (then, told) in [
            ("2026-11-26T09:59:58Z", "2 s ago"),
            ("2026-11-26T09:50:00Z", "10 min ago"),
            ("2026-11-25T09:50:00Z", "24 h ago"),
            ("2026-11-20T09:50:00Z", "6 days ago"),
            ("2026-11-26T10:00:07Z", "in 7 s"),
            ("2026-11-26T10:00:00.2Z", "in 1 s"),
            ("2026-12-26T10:00:07Z", "in 30 days"),
        ] {
            assert_eq!(ago(now, Some(then.parse().unwrap())), told);
        }
        let precise: Timestamp = "2026-11-26T10:21:25.171446353Z".parse().unwrap();
        assert_eq!(second(precise).to_string(), "2026-11-26T10:21:25Z");
    }
}
