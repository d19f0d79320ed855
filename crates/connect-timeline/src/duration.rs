//! Durations in words.

use jiff::SignedDuration;

/// Returns a duration as people say it, to two or three figures: `12 ms`, `1.5 s`, `2 min 5 s`,
/// `3 h 20 min`, `12 days`. What is negative took no time.
///
/// ```
/// use connect_timeline::in_words;
/// use jiff::SignedDuration;
///
/// assert_eq!(in_words(SignedDuration::from_millis(1_540)), "1.5 s");
/// assert_eq!(in_words(SignedDuration::from_secs(125)), "2 min 5 s");
/// ```
#[must_use]
pub fn in_words(duration: SignedDuration) -> String {
    let ms = duration.as_millis().max(0);
    let (seconds, minutes, hours) = (ms / 1_000, ms / 60_000, ms / 3_600_000);
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", seconds, ms % 1_000 / 100),
        60_000..3_600_000 => and((minutes, "min"), (seconds % 60, "s")),
        3_600_000..172_800_000 => and((hours, "h"), (minutes % 60, "min")),
        _ => format!("{} days", hours / 24),
    }
}

fn and((much, unit): (i128, &str), (rest, smaller): (i128, &str)) -> String {
    match rest {
        0 => format!("{much} {unit}"),
        rest => format!("{much} {unit} {rest} {smaller}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_to_two_or_three_figures() {
        for (ms, said) in [
            (-5, "0 ms"),
            (999, "999 ms"),
            (1_000, "1.0 s"),
            (59_999, "59.9 s"),
            (60_000, "1 min"),
            (61_000, "1 min 1 s"),
            (3_600_000, "1 h"),
            (172_799_999, "47 h 59 min"),
            (172_800_000, "2 days"),
        ] {
            assert_eq!(in_words(SignedDuration::from_millis(ms)), said);
        }
    }
}
