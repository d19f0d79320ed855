//! What an exploration tried and found.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::oracle::BrokenPromise;

/// The most findings that are printed.
const SHOWN: usize = 20;

/// What was tried, and every promise that was broken. Its [`Display`](fmt::Display) is for people,
/// its serialisation for machines.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Certificate {
    /// What was tried, request by request.
    pub requests: Vec<Explored>,
    /// The promises that were broken; none when all held.
    pub findings: Vec<Finding>,
}

/// What was tried with one request.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Explored {
    /// The request, as the test calls it.
    pub request: String,
    /// Its status at the end of the story without an accident.
    pub status: String,
    /// The points at which a life can end, by kind: `before journal`, `after vendor`.
    pub points: BTreeMap<String, usize>,
    /// The stories in which a life ended at a point.
    pub deaths: usize,
    /// The points that no life came to a second time; 0 when handlers do the same each time.
    pub unreached: usize,
    /// The stories in which the vendor misbehaved or refused.
    pub troubles: usize,
    /// The lives of all stories.
    pub lives: usize,
    /// The effects at the vendor's, in all stories.
    pub effects: usize,
    /// The stories in which the run was parked for a person.
    pub parked: usize,
    /// The broken promises.
    pub findings: usize,
}

/// A promise that was broken in a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The request, as the test calls it.
    pub request: String,
    /// What went wrong in the story: the crash point, or the vendor's trouble.
    pub accident: String,
    /// The promise.
    #[serde(flatten)]
    pub promise: BrokenPromise,
}

impl Certificate {
    /// Returns whether every promise held in every story.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }

    /// Returns both as one.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.requests.extend(other.requests);
        self.findings.extend(other.findings);
        self
    }
}

/// Writes `resume, a life ended after vendor PUT /tenants/*/enable #1: doubled: …`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {}", self.request, self.accident, self.promise)
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.requests.iter().map(|it| it.request.len());
        let width = names.max().unwrap_or_default().max("request".len());
        writeln!(
            f,
            "{:width$}  {:9}  {:>6}  {:>8}  {:>6}  {:>7}  {:>6}  {:>6}",
            "request", "status", "deaths", "troubles", "lives", "effects", "parked", "broken"
        )?;
        for it in &self.requests {
            writeln!(
                f,
                "{:width$}  {:9}  {:>6}  {:>8}  {:>6}  {:>7}  {:>6}  {:>6}",
                it.request,
                it.status,
                it.deaths,
                it.troubles,
                it.lives,
                it.effects,
                it.parked,
                it.findings
            )?;
        }
        writeln!(f, "\npoints: {}", self.points())?;
        let unreached: usize = self.requests.iter().map(|it| it.unreached).sum();
        if unreached > 0 {
            writeln!(
                f,
                "{unreached} points were not reached again: a handler differs from itself"
            )?;
        }
        self.findings(f)
    }
}

impl Certificate {
    fn points(&self) -> String {
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for (kind, count) in self.requests.iter().flat_map(|it| &it.points) {
            *kinds.entry(kind).or_default() += count;
        }
        let kinds = kinds.into_iter().map(|(kind, count)| format!("{kind} {count}"));
        kinds.collect::<Vec<_>>().join(", ")
    }

    fn findings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.holds() {
            return write!(f, "no promise was broken");
        }
        write!(f, "{} promises were broken:", self.findings.len())?;
        for finding in self.findings.iter().take(SHOWN) {
            write!(f, "\n  {finding}")?;
        }
        let more = self.findings.len().saturating_sub(SHOWN);
        if more > 0 { write!(f, "\n  and {more} more") } else { Ok(()) }
    }
}
