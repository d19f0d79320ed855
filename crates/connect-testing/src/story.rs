//! One story of a request: from pending until nothing more is to be done, with an accident or none.

use std::time::Duration;

use connect_client::BoxError;
use connect_clock::{Clock, VirtualClock, saturating_add};
use connect_journal::testing::{Fuse, Point};
use connect_journal::{Fact, RunState, StepResult};
use connect_model::RequestStatus;
use connect_processor::{Processor, Report};
use fault::Fault;
use http::Method;

use crate::error::TestError;
use crate::evidence::{self, EffectRole, Evidence, SeenRequest, VendorEffect};
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
            Self::Death(point) => Fuse::at(point.clone()),
            _ => Fuse::never(),
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
    /// The processor ended by itself.
    pub(crate) broken: Option<String>,
}

impl Told {
    /// The run waits for a person.
    pub(crate) fn is_parked(&self) -> bool {
        self.evidence.runs.iter().any(|run| run.view.state == RunState::Parked)
    }

    /// What an approval of this request rests on: the operations, and the steps on record.
    pub(crate) fn basis(&self) -> (Vec<String>, Vec<String>) {
        if !self.request.status.is_granted() {
            return Default::default();
        }
        let effects = self.evidence.effects.iter().map(|effect| effect.operation.clone());
        let facts = self.evidence.runs.iter().flat_map(|run| &run.history);
        let steps = facts.filter_map(|event| match &event.fact {
            Fact::Recorded { step, result: StepResult::Done(_), .. } => Some(step.to_string()),
            _ => None,
        });
        (effects.collect(), steps.filter(|step| !step.starts_with('@')).collect())
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
            story.fuse = Fuse::never();
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
        let life = self.world.life(&self.fuse)?;
        let processor = self.world.processor((self.processor)(&life))?;
        let blown = self.fuse.blown();
        let life = async {
            tokio::select! {
                biased;
                () = blown => LifeEnd::Died,
                report = processor.drain() => match report {
                    Ok(report) => LifeEnd::Peaceful(report),
                    Err(error) => LifeEnd::Broken(error.to_string()),
                },
            }
        };
        Ok(self.world.clock.play(life).await)
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
        let calls = self.world.vendor_calls();
        let tenant = subject(&request);
        let effects = calls.iter().filter(|call| call.is_effect());
        let seen = SeenRequest {
            id: id.to_owned(),
            status: request.status.clone(),
            tenant: Some(tenant.clone()),
            needs: Vec::new(),
            may: None,
            steps: Vec::new(),
        };
        let evidence = Evidence {
            now: self.world.clock.now(),
            requests: vec![seen],
            vanished: Vec::new(),
            approvals: evidence::approvals(self.world.emulator.activity()),
            effects: effects.map(|call| effect(call, id, &tenant)).collect(),
            runs: evidence::runs(self.world.journal.as_ref()).await?,
        };
        let lives = self.lives;
        Ok(Told { request, evidence, calls, points, lives, died, broken })
    }
}

/// Returns what a request is about: what must not overlap.
fn subject(request: &RequestNow) -> String {
    let of = |what: &str| request.body[what]["id"].as_str().map(ToOwned::to_owned);
    of("asset").or_else(|| of("configuration")).or_else(|| of("account")).unwrap_or_default()
}

/// A story has one request, so what a call's key does not tell, is that request's. A key that names
/// another one is kept, so that it is seen.
fn effect(call: &VendorCall, request: &str, tenant: &str) -> VendorEffect {
    VendorEffect {
        key: call.key.clone().filter(|key| key.contains(':')),
        request: Some(request.to_owned()),
        tenant: tenant.to_owned(),
        operation: call.operation(),
        role: match call.method {
            Method::POST => EffectRole::Makes,
            Method::DELETE => EffectRole::Removes,
            _ => EffectRole::Changes,
        },
        span: call.span,
    }
}

/// Whether two ends differ where none may: both are final, and not the same.
pub(crate) fn differ(usual: &RequestStatus, this: &RequestStatus) -> bool {
    usual.is_final() && this.is_final() && usual != this
}
