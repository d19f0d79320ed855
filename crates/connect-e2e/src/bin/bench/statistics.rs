//! Judges whether something became better or worse, by turns that two revisions took in pairs.

use anyhow::{Result, ensure};
use serde::Serialize;

/// The fewest pairs that are judged. With 7 the interval reaches from the smallest ratio to the
/// largest and is right in 98 of 100 cases; with 5 there is none that is right in 95.
pub(crate) const FEWEST_PAIRS: usize = 7;

/// A median that is off by no more than this is the same, however sure its interval is: builds of
/// the same source differ by as much, by where the linker puts things.
pub(crate) const THRESHOLD: f64 = 0.05;

/// The share of cases in which the interval may miss the true median.
const MISSES: f64 = 0.05;

/// One turn of each revision, taken one right after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) before: f64,
    pub(crate) now: f64,
}

/// The direction in which a figure should go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aim {
    Less,
    More,
}

impl Aim {
    /// Aims for more of what is counted by the second, and for less of time, bytes and calls.
    pub(crate) fn of(unit: &str) -> Self {
        if unit.ends_with("/s") { Self::More } else { Self::Less }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Better,
    Worse,
    Same,
}

impl Verdict {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "WORSE",
            Self::Same => "same",
        }
    }
}

/// The ratio of a figure now to what it was before.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Ratio {
    pub(crate) median: f64,
    /// The lower end of the interval, up to `high`, that holds the true median in 95 of 100 cases.
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Ratio {
    /// The median of the pairs' ratios with its interval, which assumes nothing about how the
    /// ratios are spread: it is the one of the sign test. Drift of the machine is in both turns of
    /// a pair and cancels.
    ///
    /// # Errors
    ///
    /// When there are fewer than [`FEWEST_PAIRS`], or a pair has no ratio.
    pub(crate) fn of(pairs: &[Pair]) -> Result<Self> {
        let count = pairs.len();
        ensure!(count >= FEWEST_PAIRS, "{count} pairs say nothing: take at least {FEWEST_PAIRS}");
        let mut ratios: Vec<f64> = pairs.iter().map(|pair| pair.now / pair.before).collect();
        ratios.sort_by(f64::total_cmp);
        let usable = ratios.iter().all(|ratio| ratio.is_finite() && *ratio > 0.0);
        ensure!(usable, "a turn measured nothing: {pairs:?}");
        let at = |place: usize| ratios.get(place).copied().unwrap_or(f64::NAN);
        let outside = outside(count);
        Ok(Self {
            median: f64::midpoint(at((count - 1) / 2), at(count / 2)),
            low: at(outside),
            high: at(count - 1 - outside),
        })
    }

    /// Answers better or worse only when the interval is sure of the direction and the median is
    /// off by more than [`THRESHOLD`].
    pub(crate) fn verdict(self, aim: Aim) -> Verdict {
        let (grew, shrank) = match aim {
            Aim::Less => (Verdict::Worse, Verdict::Better),
            Aim::More => (Verdict::Better, Verdict::Worse),
        };
        if self.low > 1.0 && self.median > 1.0 + THRESHOLD {
            grew
        } else if self.high < 1.0 && self.median < 1.0 / (1.0 + THRESHOLD) {
            shrank
        } else {
            Verdict::Same
        }
    }
}

/// Counts the sorted ratios that stay outside of the interval at each end: as many as chance puts
/// on one side of the median too rarely to matter.
fn outside(count: usize) -> usize {
    let mut ways = 1.0;
    let mut chance = 0.0;
    let mut outside = 0;
    while outside < count {
        chance += 2.0 * ways / 2f64.powi(count as i32);
        if chance > MISSES {
            break;
        }
        outside += 1;
        ways *= (count - outside + 1) as f64 / outside as f64;
    }
    outside.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs whose machine drifts by half and whose turns are off by up to 8 %, as ours are. The
    /// second revision takes `factor` times as long.
    fn pairs(count: usize, factor: f64) -> Vec<Pair> {
        let noise = [0.03, -0.05, 0.01, 0.08, -0.02, -0.07, 0.04, -0.01, 0.06];
        let noise = |place: usize| 1.0 + noise[place % noise.len()];
        let drift = |place: usize| 1.0 + 0.5 * place as f64 / count as f64;
        let turn = |place: usize| drift(place) * noise(place * 5);
        (0..count)
            .map(|place| Pair { before: turn(place), now: factor * turn(place) * noise(place) })
            .collect()
    }

    fn verdict(pairs: &[Pair], aim: Aim) -> Verdict {
        Ratio::of(pairs).unwrap().verdict(aim)
    }

    #[test]
    fn a_known_sample_has_its_known_median_and_interval() {
        let pairs = |ratios: &[f64]| -> Vec<Pair> {
            ratios.iter().map(|now| Pair { before: 2.0, now: now * 2.0 }).collect()
        };
        let seven = Ratio::of(&pairs(&[1.3, 0.9, 1.1, 1.0, 1.2, 0.8, 5.0])).unwrap();
        assert_eq!((seven.low, seven.median, seven.high), (0.8, 1.1, 5.0));
        let even = Ratio::of(&pairs(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])).unwrap();
        assert_eq!((even.low, even.median, even.high), (1.0, 4.5, 8.0));
    }

    #[test]
    fn the_interval_leaves_out_what_the_tables_of_the_sign_test_say() {
        let left_out: Vec<usize> = (7..=21).map(outside).collect();
        assert_eq!(left_out, [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5]);
    }

    #[test]
    fn a_planted_slowdown_of_a_fifth_is_worse() {
        for count in [7, 9, 12, 15] {
            assert_eq!(verdict(&pairs(count, 1.2), Aim::Less), Verdict::Worse, "{count} pairs");
            assert_eq!(verdict(&pairs(count, 1.0 / 1.2), Aim::More), Verdict::Worse, "{count}");
        }
    }

    #[test]
    fn a_planted_speed_up_of_a_fifth_is_better() {
        assert_eq!(verdict(&pairs(9, 1.0 / 1.2), Aim::Less), Verdict::Better);
        assert_eq!(verdict(&pairs(9, 1.2), Aim::More), Verdict::Better);
    }

    #[test]
    fn noise_is_the_same_also_where_the_machine_gets_slower_meanwhile() {
        for count in [7, 9, 12, 15] {
            assert_eq!(verdict(&pairs(count, 1.0), Aim::Less), Verdict::Same, "{count} pairs");
            assert_eq!(verdict(&pairs(count, 1.0), Aim::More), Verdict::Same, "{count} pairs");
        }
    }

    #[test]
    fn a_sure_but_small_difference_is_the_same() {
        let exact = |now: f64| vec![Pair { before: 100.0, now }; 9];
        assert_eq!(verdict(&exact(104.9), Aim::Less), Verdict::Same);
        assert_eq!(verdict(&exact(105.1), Aim::Less), Verdict::Worse);
        assert_eq!(verdict(&exact(100.0), Aim::Less), Verdict::Same);
    }

    #[test]
    fn a_large_difference_that_is_not_sure_is_the_same() {
        let mut pairs = vec![Pair { before: 1.0, now: 1.3 }; 7];
        pairs[3].now = 0.99;
        assert_eq!(verdict(&pairs, Aim::Less), Verdict::Same);
    }

    #[test]
    fn with_nine_pairs_one_outlier_hides_nothing() {
        let mut pairs = vec![Pair { before: 1.0, now: 1.3 }; 9];
        pairs[3].now = 0.5;
        assert_eq!(verdict(&pairs, Aim::Less), Verdict::Worse);
    }

    #[test]
    fn fewer_than_seven_pairs_are_refused() {
        let error = Ratio::of(&pairs(6, 1.2)).unwrap_err();
        assert_eq!(error.to_string(), "6 pairs say nothing: take at least 7");
    }

    #[test]
    fn a_turn_that_measured_nothing_is_refused() {
        for nothing in [0.0, f64::NAN, f64::INFINITY] {
            let mut pairs = pairs(7, 1.0);
            pairs[2].before = nothing;
            assert!(Ratio::of(&pairs).is_err(), "{nothing}");
        }
    }

    #[test]
    fn more_of_what_is_counted_by_the_second_is_better_and_less_of_all_else() {
        assert_eq!(Aim::of("requests/s"), Aim::More);
        for unit in ["ms", "s", "KB", "MB", "calls"] {
            assert_eq!(Aim::of(unit), Aim::Less);
        }
    }
}
