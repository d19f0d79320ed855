//! Doubt: what a journal that was restored from a backup does not know.

use std::time::Duration;

use connect_clock::saturating_add;
use connect_journal::Restoration;
use jiff::Timestamp;

/// The difference that the clocks of the platform and of the machine may have. What began so long
/// after the restoration may still have been worked on before it.
const SKEW: Duration = Duration::from_secs(300);

/// Returns the restoration that work which can have begun at `since` may have been lost in: all of it
/// where nobody knows since when.
pub(crate) fn doubt(
    restoration: Option<Restoration>,
    since: Option<Timestamp>,
) -> Option<Restoration> {
    let is_older = |it: &Restoration| since.is_none_or(|since| since < saturating_add(it.at, SKEW));
    restoration.filter(is_older)
}

/// Says of a step that the journal does not know of when it may have happened.
pub(crate) fn lost(Restoration { backup, at }: &Restoration) -> String {
    format!(
        "may have happened after the backup of {backup:.0}, from which the journal was restored on \
         {at:.0}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_began_well_after_a_restoration_is_beyond_doubt() {
        let at: Timestamp = "2026-11-02T08:00:00Z".parse().unwrap();
        let restoration = Some(Restoration { backup: Timestamp::UNIX_EPOCH, at });
        let later = |seconds| Some(saturating_add(at, Duration::from_secs(seconds)));
        assert_eq!(doubt(restoration, later(299)), restoration);
        assert_eq!(doubt(restoration, later(300)), None);
        assert_eq!(doubt(restoration, None), restoration, "nobody knows when it began");
        assert_eq!(doubt(None, None), None);
    }
}
