//! What the processors of a day have to do.

use anyhow::Result;
use connect_testing::Evidence;

use super::mixed::Mixed;
use super::orders::Orders;
use crate::Stage;

/// The sorts of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Requests of all families, and usage.
    Mixed,
    /// Purchases and resumes: all that the shortest of projects has handlers for.
    Orders,
}

/// The work of a day.
pub(super) enum Load {
    Mixed(Box<Mixed>),
    Orders(Orders),
}

impl Load {
    /// Prepares what a day with so many kills begins with.
    pub(super) async fn prepare(work: Work, stage: &Stage, kills: usize) -> Result<Self> {
        Ok(match work {
            Work::Mixed => Self::Mixed(Box::new(Mixed::prepare(stage, kills + 4).await?)),
            Work::Orders => Self::Orders(Orders::prepare(stage, kills * 3 / 2).await?),
        })
    }

    /// Asks for more, before a kill.
    pub(super) async fn ask(&mut self, stage: &Stage, kill: usize) -> Result<()> {
        match self {
            Self::Mixed(mixed) => mixed.ask(stage, kill).await,
            Self::Orders(orders) => orders.ask(stage).await,
        }
    }

    /// Returns all requests that the processors had to carry out.
    pub(super) async fn requests(&self, stage: &Stage) -> Result<Vec<String>> {
        match self {
            Self::Mixed(mixed) => mixed.requests(stage).await,
            Self::Orders(orders) => Ok(orders.requests()),
        }
    }

    /// Returns the number of reports that were due.
    pub(super) fn reports(&self) -> usize {
        match self {
            Self::Mixed(mixed) => mixed.usage.count(),
            Self::Orders(_) => 0,
        }
    }

    /// Adds what the oracle has to know besides.
    pub(super) async fn witness(&self, stage: &Stage, evidence: &mut Evidence) -> Result<()> {
        match self {
            Self::Mixed(mixed) => mixed.usage.witness(stage, evidence).await,
            Self::Orders(orders) => orders.witness(stage, evidence).await,
        }
    }

    /// Returns what platform and vendor have otherwise than they should; these requests wait for a person.
    pub(super) async fn wrong(&self, stage: &Stage, waiting: &[&str]) -> Result<Vec<String>> {
        match self {
            Self::Mixed(mixed) => mixed.usage.wrong(stage).await,
            Self::Orders(orders) => orders.wrong(stage, waiting).await,
        }
    }
}
