//! The present revision beside another one: both take short turns, in pairs.

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::Part;
use crate::figure::{Figure, median, rounded};
use crate::programs::Programs;
use crate::progress::tell;
use crate::statistics::{Aim, Pair, Ratio, Verdict};
use crate::table::table;

/// The revisions that take turns.
pub(crate) struct Sides {
    pub(crate) before: Programs,
    pub(crate) now: Programs,
}

/// The figures of one turn of each.
struct Turns {
    before: Vec<Figure>,
    now: Vec<Figure>,
}

/// A figure of both.
#[derive(Serialize)]
pub(crate) struct Comparison {
    name: String,
    unit: &'static str,
    before: f64,
    now: f64,
    ratio: Ratio,
    verdict: Verdict,
}

impl Comparison {
    pub(crate) fn is_worse(&self) -> bool {
        self.verdict == Verdict::Worse
    }

    fn cells(&self) -> [String; 6] {
        let Self { name, unit, before, now, ratio, verdict } = self;
        let Ratio { median, low, high } = ratio;
        [
            name.clone(),
            format!("{} {unit}", rounded(*before)),
            format!("{} {unit}", rounded(*now)),
            format!("{median:.3}"),
            format!("{low:.3} – {high:.3}"),
            verdict.word().to_owned(),
        ]
    }
}

/// The comparisons as a Markdown table.
pub(crate) fn table_of(title: &str, all: &[Comparison]) -> String {
    let head = [title, "before", "now", "now : before", "95 % interval", "verdict"];
    table(head, all.iter().map(Comparison::cells).collect())
}

/// Compares one part. What comes out worse is measured once more, and the second result stands: of
/// forty figures one or two are unlucky in any run, but not in two.
///
/// # Errors
///
/// When a side cannot be measured, or there are too few pairs.
pub(crate) async fn compare(part: Part, sides: &Sides, pairs: usize) -> Result<Vec<Comparison>> {
    let mut all = round(part, sides, pairs).await?;
    if all.iter().any(Comparison::is_worse) {
        tell(&format!("{}: something is worse, measuring again", part.title()));
        let again = round(part, sides, pairs).await?;
        for (first, second) in all.iter_mut().zip(again) {
            if first.is_worse() {
                *first = second;
            }
        }
    }
    Ok(all)
}

async fn round(part: Part, sides: &Sides, pairs: usize) -> Result<Vec<Comparison>> {
    let mut taken = Vec::with_capacity(pairs);
    for pair in 0..pairs {
        tell(&format!("{}: pair {} of {pairs}", part.title(), pair + 1));
        taken.push(turns(part, sides, pair).await?);
    }
    let first = taken.first().context("there is a pair")?;
    (0..first.now.len()).map(|place| judge(&taken, place)).collect()
}

/// Takes a turn of each side. Each is first in every other pair, so that going first gains nothing.
async fn turns(part: Part, sides: &Sides, pair: usize) -> Result<Turns> {
    let Sides { before, now } = sides;
    if pair.is_multiple_of(2) {
        let before = turn(part, before).await?;
        return Ok(Turns { before, now: turn(part, now).await? });
    }
    let now = turn(part, now).await?;
    Ok(Turns { now, before: turn(part, before).await? })
}

async fn turn(part: Part, programs: &Programs) -> Result<Vec<Figure>> {
    let taken = part.sample(programs).await;
    taken.with_context(|| format!("the revision {} cannot be measured", programs.name()))
}

/// The figure at this place of every turn.
fn judge(taken: &[Turns], place: usize) -> Result<Comparison> {
    let figures = |turns| figures(turns, place);
    let both = taken.iter().map(figures).collect::<Result<Vec<_>>>()?;
    let (_, first) = both.first().context("there is a pair")?;
    let pairs = both.iter().map(|(before, now)| Pair { before: before.value, now: now.value });
    let pairs: Vec<Pair> = pairs.collect();
    let ratio = Ratio::of(&pairs).with_context(|| first.name.clone())?;
    Ok(Comparison {
        name: first.name.clone(),
        unit: first.unit,
        before: median(pairs.iter().map(|pair| pair.before)),
        now: median(pairs.iter().map(|pair| pair.now)),
        ratio,
        verdict: ratio.verdict(Aim::of(first.unit)),
    })
}

fn figures(turns: &Turns, place: usize) -> Result<(&Figure, &Figure)> {
    let both = turns.before.get(place).zip(turns.now.get(place));
    let (before, now) = both.context("both revisions have the same figures")?;
    ensure!(before.name == now.name, "{} is not {}", before.name, now.name);
    Ok((before, now))
}
