//! What became of many cases.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// The most broken promises that are told one by one.
const TOLD: usize = 20;

/// Who sent a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The platform answered with it.
    Platform,
    /// The vendor answered with it.
    Vendor,
    /// A webhook or another caller called with it.
    Caller,
}

/// The furthest that a case came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// A call was refused for its token.
    Token,
    /// It was no JSON, and nothing was decided.
    Json,
    /// It was JSON that could not be read as what it should be, and nothing was begun.
    Decode,
    /// A call was taken, and is about nothing that there is.
    Unknown,
    /// A run was begun, and what was read was found wrong before the vendor was called.
    Validation,
    /// A call had a list or a request looked at.
    Look,
    /// The handler called the vendor, and nothing was decided.
    Handler,
    /// A question was answered.
    Answer,
    /// The request was decided.
    Decision,
}

/// What became of many cases of one origin.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The cases.
    pub cases: usize,
    /// Those whose altered payload was still JSON.
    pub parsed: usize,
    /// How far they came.
    pub layers: BTreeMap<Layer, usize>,
    /// The cases that broke a promise, each with its number and what was wrong.
    pub broken: Vec<(u64, String)>,
    /// The time that they took.
    pub took: Duration,
}

/// One case.
pub(super) struct Seen {
    pub(super) parsed: bool,
    pub(super) layer: Layer,
    pub(super) broken: Option<String>,
}

impl Tally {
    /// Counts a case.
    pub(super) fn add(&mut self, case: u64, seen: Seen) {
        self.cases += 1;
        self.parsed += usize::from(seen.parsed);
        *self.layers.entry(seen.layer).or_default() += 1;
        self.broken.extend(seen.broken.map(|what| (case, what)));
    }

    /// Counts what another tally has counted, at the same time.
    pub fn join(&mut self, other: Self) {
        self.cases += other.cases;
        self.parsed += other.parsed;
        for (layer, count) in other.layers {
            *self.layers.entry(layer).or_default() += count;
        }
        self.broken.extend(other.broken);
        self.took = self.took.max(other.took);
    }
}

/// Writes the counts, the rate, and what was wrong.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = self.cases as f64 / self.took.as_secs_f64().max(0.001);
        writeln!(f, "{} cases, {} of them still JSON, {rate:.0}/s", self.cases, self.parsed)?;
        for (layer, count) in &self.layers {
            writeln!(f, "  {:11} {count}", format!("{layer:?}").to_lowercase())?;
        }
        for (case, what) in self.broken.iter().take(TOLD) {
            writeln!(f, "  case {case}: {what}")?;
        }
        write!(f, "  {} broke a promise", self.broken.len())
    }
}
