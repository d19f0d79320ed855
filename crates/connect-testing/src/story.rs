//! One story of a request: from pending until nothing more is to be done, with an accident or none.

use std::time::Duration;

use connect_client::BoxError;
use connect_clock::{Clock, VirtualClock, saturating_add};
use connect_journal::RunState;
use connect_journal::testing::{Fuse, Point};
use connect_model::RequestStatus;
use connect_processor::{Processor, Report};
use fault::Fault;

use crate::error::TestError;
use crate::evidence::Evidence;
use crate::life::Life;
use crate::pending::PendingRequest;
use crate::vendor::{TestVendor, VendorCall};
use crate::world::{RequestNow, TestWorld};

/// The time until a dead life's leases have run out.
const LEASES: Duration = Duration::from_secs(120);

/// How far ahead a story waits for what is due.
const PATIENCE: Duration = Duration::from_secs(3600);

/// The most lives of one story.
const MOST_LIVES: usize = 12;

/// The most points of a story's lives: one with more does not end.
const MOST_CALLS: usize = 20_000;

/// What goes wrong in a story.
#[derive(Clone, Debug)]
pub(crate) enum Accident {
    /// Nothing.
    None,
    /// A life ends at a point.
    Death(Point),
    /// The vendor misbehaves once.
    Once {
        /// In words.
        what: String,
        /// What it does.
        fault: Fault,
    },
    /// The vendor says no for good to an operation.
    Refused {
        /// The operation.
        operation: String,
        /// What it does.
        fault: Fault,
    },
}

impl Accident {
    /// Says what happened, for a finding.
    pub(crate) fn tell(&self) -> String {
        match self {
            Self::None => "without an accident".to_owned(),
            Self::Death(point) => format!("a life ended {point}"),
            Self::Once { what, .. } => what.clone(),
            Self::Refused { operation, .. } => format!("the vendor refuses {operation}"),
        }
    }

    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Once { fault, .. } | Self::Refused { fault, .. } => Some(fault),
            _ => None,
        }
    }

    fn fuse(&self) -> Fuse {
        match self {
            Self::Death(point) => Fuse::at(point.clone()).at_most(MOST_CALLS),
            _ => Fuse::never().at_most(MOST_CALLS),
        }
    }
}

/// What a story is told with.
pub(crate) struct Teller<'a, V, P> {
    pub(crate) vendor: &'a V,
    pub(crate) processor: &'a P,
    pub(crate) plan: &'a PendingRequest,
}

/// A story that was told to its end.
pub(crate) struct Told {
    pub(crate) request: RequestNow,
    pub(crate) evidence: Evidence,
    pub(crate) calls: Vec<VendorCall>,
    pub(crate) points: Vec<Point>,
    pub(crate) lives: usize,
    /// The life that was to end did, at its point.
    pub(crate) died: bool,
    /// What is wrong with the life itself: it ended by itself, or does not end.
    pub(crate) broken: Option<String>,
}

impl Told {
    /// The run waits for a person.
    pub(crate) fn is_parked(&self) -> bool {
        self.evidence.runs.iter().any(|run| run.view.state == RunState::Parked)
    }
}

enum LifeEnd {
    Peaceful(Report),
    Died,
    Broken(String),
}

struct Story<'a, P> {
    world: TestWorld,
    processor: &'a P,
    fuse: Fuse,
    lives: usize,
}

impl<V, P, S> Teller<'_, V, P>
where
    V: Fn(&VirtualClock) -> TestVendor,
    P: Fn(&Life) -> Result<Processor<S>, BoxError>,
    S: Send + Sync + 'static,
{
    /// Tells the story, with a world of its own.
    pub(crate) async fn tell(&self, accident: &Accident) -> Result<Told, TestError> {
        let world = TestWorld::start(self.vendor).await?;
        let id = world.add(self.plan.clone()).await?;
        if let Some(fault) = accident.fault() {
            world.vendor.fault(fault.clone());
        }
        let fuse = accident.fuse();
        let mut story = Story { world, processor: self.processor, fuse, lives: 0 };
        let mut end = story.live_on().await?;
        let died = matches!(end, LifeEnd::Died);
        let points = story.fuse.points();
        if died {
            story.world.advance(LEASES).await;
            story.fuse = Accident::None.fuse();
            end = story.live_on().await?;
        }
        let broken = if let LifeEnd::Broken(why) = end { Some(why) } else { None };
        story.told(&id, points, died, broken).await
    }
}

impl<P, S> Story<'_, P>
where
    P: Fn(&Life) -> Result<Processor<S>, BoxError>,
    S: Send + Sync + 'static,
{
    /// As many lives as it takes, with time between them, or until one dies.
    async fn live_on(&mut self) -> Result<LifeEnd, TestError> {
        loop {
            let end = self.live().await?;
            match &end {
                LifeEnd::Peaceful(report) if self.lives < MOST_LIVES && self.goes_on(report) => {
                    self.world.advance(LEASES).await;
                }
                _ => return Ok(end),
            }
        }
    }

    async fn live(&mut self) -> Result<LifeEnd, TestError> {
        self.lives += 1;
        let life = self.world.life(Some(&self.fuse))?;
        let processor = self.world.processor((self.processor)(&life))?;
        let blown = self.fuse.blown();
        let life = async {
            tokio::select! {
                biased;
                () = blown => LifeEnd::Died,
                report = processor.drain() => match report {
                    Ok(report) => LifeEnd::Peaceful(report),
                    Err(error) => LifeEnd::Broken(format!("it ended by itself: {error}")),
                },
            }
        };
        let end = self.world.clock.play(life).await;
        if self.fuse.points().len() >= MOST_CALLS {
            return Ok(LifeEnd::Broken(format!("it does not end in {MOST_CALLS} calls")));
        }
        Ok(end)
    }

    /// Whether something is due that is worth waiting for.
    fn goes_on(&self, report: &Report) -> bool {
        let horizon = saturating_add(self.world.clock.now(), PATIENCE);
        report.open.iter().any(|run| run.due.is_some_and(|due| due <= horizon))
    }

    async fn told(
        &self,
        id: &str,
        points: Vec<Point>,
        died: bool,
        broken: Option<String>,
    ) -> Result<Told, TestError> {
        let request = self.world.request(id).await?;
        let evidence = self.world.evidence(id).await?;
        let (calls, lives) = (self.world.vendor_calls(), self.lives);
        Ok(Told { request, evidence, calls, points, lives, died, broken })
    }
}

/// Whether two ends differ where none may: both are final, and not the same.
pub(crate) fn differ(usual: &RequestStatus, this: &RequestStatus) -> bool {
    usual.is_final() && this.is_final() && usual != this
}
