//! Whatever order things happen in, the promises hold.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use connect_clock::saturating_add;
use jiff::{SignedDuration, Timestamp};

use super::TestStore;
use super::harness::{Harness, LEASE, dead, done, idle, over, park, retry, wait};
use crate::claim::Claim;
use crate::error::JournalError;
use crate::finish::Finish;
use crate::history::replay;
use crate::names::{Fence, Group, Lane, RunId, StepName};
use crate::run::{NewRun, OfferResult, RunFilter, RunState, RunView};
use crate::step::StepResult;

/// Something that happens. Numbers are taken modulo what there is: there are six runs in three
/// lanes; workers are as forgetful and as late as the moves make them, so that a `claim` may be any
/// claim ever made.
#[derive(Clone, Debug)]
pub enum Move {
    /// A run is offered, with one of two payloads.
    Offer {
        /// The number of the run.
        run: usize,
        /// With the second payload.
        news: bool,
        /// To be over in so many half days, up to three.
        half_days: Option<u64>,
    },
    /// A worker asks for up to three runs.
    Claim {
        /// The most runs that are asked for.
        max: usize,
        /// But none of this one of two groups.
        except: Option<usize>,
    },
    /// Time passes.
    Pass {
        /// For so many seconds; a lease has thirty.
        seconds: u64,
    },
    /// The wall's clock is set; no time passes.
    SetWall {
        /// Forwards by so many seconds; back, if it is negative.
        seconds: i64,
    },
    /// The holder of a claim wants to keep it.
    Renew {
        /// The number of the claim.
        claim: usize,
    },
    /// The holder of a claim is about to act.
    Intend {
        /// The number of the claim.
        claim: usize,
        /// On which of three steps.
        step: usize,
    },
    /// The holder of a claim has acted.
    Record {
        /// The number of the claim.
        claim: usize,
        /// On which of three steps.
        step: usize,
    },
    /// The holder of a claim ends it.
    Finish {
        /// The number of the claim.
        claim: usize,
        /// In which of nine ways.
        how: usize,
    },
    /// A person revives a run.
    Revive {
        /// The number of the run.
        run: usize,
    },
}

/// Makes the moves and checks after each that
///
/// * replaying a run's history gives the run as it is,
/// * a claim gets a lane only if nobody holds it, or as the interrupted or waiting holder itself,
///   and never before the interrupted holder's own deadline, however the wall was set,
/// * a claim takes the most urgent of the runs that are ready, and none of a group passed over,
/// * a run that waits is claimed when its time has passed, and in the end nothing is lost,
/// * what a valid claim writes is accepted, what any other writes is refused,
/// * a recorded step is found by every later claim, with its first result.
pub async fn any_interleaving_keeps_the_promises(store: &dyn TestStore, moves: &[Move]) {
    let mut model = Model::new(Harness::new(store).await);
    for (place, next) in moves.iter().enumerate() {
        model.make(next, place).await;
        model.check_runs().await;
    }
    model.nothing_is_lost().await;
}

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The time a run waits that is to be tried again.
const WAIT: Duration = Duration::from_secs(10);

/// Makes moves and remembers, independently of the journal, what must follow from them.
struct Model {
    harness: Harness,
    /// The time that has passed, whatever the clock says.
    passed: Duration,
    claims: Vec<Claim>,
    /// In the order of their first offers.
    offered: Vec<RunId>,
    finishes: BTreeMap<(RunId, Fence), Finish>,
    results: BTreeMap<(RunId, StepName), StepResult>,
    /// Until when runs wait, in the time that has passed.
    waits: BTreeMap<RunId, Duration>,
    lanes: BTreeMap<Lane, LaneHolder>,
}

/// The run that keeps all others out of a lane.
#[derive(Clone)]
struct LaneHolder {
    run: RunId,
    fence: Fence,
    /// After which time its holder stops, if its claim is under way; `None` after its finish.
    deadline: Option<Duration>,
    /// Nobody holds the lane; its latest fence is still remembered.
    free: bool,
}

impl Model {
    fn new(harness: Harness) -> Self {
        Self {
            harness,
            passed: Duration::ZERO,
            claims: Vec::new(),
            offered: Vec::new(),
            finishes: BTreeMap::new(),
            results: BTreeMap::new(),
            waits: BTreeMap::new(),
            lanes: BTreeMap::new(),
        }
    }

    async fn make(&mut self, next: &Move, place: usize) {
        match *next {
            Move::Offer { run, news, half_days } => self.offer(run % 6, news, half_days).await,
            Move::Claim { max, except } => {
                let except = except.map(|group| format!("group{}", group % 2));
                self.claim(1 + max % 3, except.as_deref()).await;
            }
            Move::Pass { seconds } => {
                self.harness.pass_secs(seconds);
                self.passed += Duration::from_secs(seconds);
            }
            Move::SetWall { seconds } => self.harness.set_wall(SignedDuration::from_secs(seconds)),
            Move::Revive { run } => self.revive(&name(run % 6)).await,
            Move::Renew { claim } => self.with(claim, async |w, claim| w.renew(&claim).await).await,
            Move::Intend { claim, step } => {
                self.with(claim, async |w, claim| w.intend(&claim, &step_name(step)).await).await;
            }
            Move::Record { claim, step } => {
                let record =
                    async |w: &mut Self, claim| w.record(&claim, step_name(step), place).await;
                self.with(claim, record).await;
            }
            Move::Finish { claim, how } => {
                self.with(claim, async |w, claim| w.finish(&claim, how).await).await;
            }
        }
    }

    /// Lets the holder of some claim act, if there ever was a claim.
    async fn with(&mut self, claim: usize, act: impl AsyncFnOnce(&mut Self, Claim)) {
        if let Some(place) = claim.checked_rem(self.claims.len()) {
            let claim = self.claims[place].clone();
            act(self, claim).await;
        }
    }

    async fn offer(&mut self, run: usize, news: bool, half_days: Option<u64>) {
        let payload = if news { "news" } else { "as offered" };
        let before = self.harness.journal.run(&name(run)).await.expect("the run is read");
        let mut new = NewRun::new(name(run), format!("lane{}", run % 3).as_str(), payload);
        new = if run < 4 { new.group(format!("group{}", run % 2)) } else { new };
        let hours = |half| HOUR * 12 * u32::try_from(half % 4).unwrap_or_default();
        new.urgent = half_days.map(|half| saturating_add(self.harness.now(), hours(half)));
        if before.is_none() {
            self.offered.push(new.id.clone());
        }
        let expected = match before {
            None => OfferResult::New,
            Some(run) if run.state == RunState::Idle && run.payload != payload => {
                OfferResult::Woken
            }
            Some(run) => OfferResult::Known(run.state),
        };
        assert_eq!(self.harness.offer_run(new).await, expected);
    }

    async fn claim(&mut self, max: usize, except: Option<&str>) {
        let ready = self.ready(except).await;
        let claims = self.harness.claims_except(max, except.as_slice()).await;
        let fresh: Vec<_> =
            claims.iter().map(|it| &it.run).filter(|it| ready.contains(it)).collect();
        assert!(ready.iter().take(fresh.len()).eq(fresh.iter().copied()), "{fresh:?} of {ready:?}");
        assert!(claims.len() == max || fresh.len() == ready.len(), "{fresh:?} of {ready:?}");
        for claim in claims {
            assert!(except.is_none() || self.group(&claim.run).await.as_deref() != except);
            self.check_lane(&claim);
            self.check_steps(&claim.run, &claim.steps);
            let waits = self.waits.remove(&claim.run).is_some_and(|until| until > self.passed);
            assert!(!waits, "it has to wait: {claim:?}");
            let deadline = Some(self.passed + LEASE);
            let held =
                LaneHolder { run: claim.run.clone(), fence: claim.fence, deadline, free: false };
            self.lanes.insert(claim.lane.clone(), held);
            self.claims.push(claim);
        }
    }

    async fn group(&self, run: &RunId) -> Option<String> {
        let run = self.harness.journal.run(run).await.expect("the run is read")?;
        run.group.map(|group| group.to_string())
    }

    /// The runs that are ready and due and first in their lanes, the most urgent first, as their
    /// views tell it.
    async fn ready(&self, except: Option<&str>) -> Vec<RunId> {
        let runs = self.harness.journal.runs(&RunFilter::default()).await;
        let mut runs = runs.expect("the runs are listed");
        let held: BTreeSet<_> =
            runs.iter().filter(|run| run.holds_lane).map(|run| run.lane.clone()).collect();
        let place = |run: &RunView| self.offered.iter().position(|id| *id == run.id);
        runs.retain(|run| run.state == RunState::Ready);
        runs.retain(|run| run.holds_lane || !held.contains(&run.lane));
        runs.sort_by_key(|run| (run.due, place(run)));
        let mut lanes = BTreeSet::new();
        runs.retain(|run| lanes.insert(run.lane.clone()));
        runs.retain(|run| run.due.is_some_and(|due| due <= self.harness.now()));
        runs.retain(|run| except.is_none() || run.group.as_ref().map(Group::as_str) != except);
        let date = |run: &RunView| {
            let nominal = run.due.map(|due| saturating_add(due, NewRun::NOMINAL));
            run.urgent.or(nominal)
        };
        runs.sort_by_key(|run| (date(run), place(run)));
        runs.into_iter().map(|run| run.id).collect()
    }

    fn check_lane(&self, claim: &Claim) {
        let Some(held) = self.lanes.get(&claim.lane) else { return };
        assert!(claim.fence > held.fence, "the fence grows: {claim:?}");
        assert!(held.free || held.run == claim.run, "the lane is {}'s: {claim:?}", held.run);
        let leased = held.deadline.is_some_and(|deadline| deadline > self.passed);
        assert!(!leased, "its lease goes on: {claim:?}");
    }

    fn check_steps(&self, run: &RunId, steps: &[crate::step::StepRecord]) {
        for ((_, step), result) in self.results.iter().filter(|((of, _), _)| of == run) {
            let found = steps.iter().find(|record| record.step == *step);
            let found = found.and_then(crate::StepRecord::result);
            assert_eq!(found.as_ref(), Some(result), "step {step} of {run} was recorded");
        }
    }

    fn valid(&self, claim: &Claim) -> bool {
        self.lanes
            .get(&claim.lane)
            .is_some_and(|held| held.fence == claim.fence && held.deadline.is_some())
    }

    async fn renew(&mut self, claim: &Claim) {
        let renewed = self.harness.journal.renew(&[claim], LEASE).await;
        let renewed = renewed.expect("renewing is answered");
        assert_eq!(renewed[0].is_some(), self.valid(claim));
        if self.valid(claim) {
            let deadline = self.passed + LEASE;
            self.lanes.entry(claim.lane.clone()).and_modify(|held| held.deadline = Some(deadline));
        }
    }

    async fn intend(&self, claim: &Claim, step: &StepName) {
        let answer = self.harness.journal.intend(claim, step).await;
        self.check_answer(claim, &answer);
    }

    async fn record(&mut self, claim: &Claim, step: StepName, place: usize) {
        let result = if place.is_multiple_of(7) {
            StepResult::GaveUp("gave up".to_owned())
        } else {
            done(&format!("move {place}"))
        };
        let answer = self.harness.journal.record(claim, &step, result.clone(), None).await;
        self.check_answer(claim, &answer);
        if let Ok(recorded) = answer {
            let first = self.results.entry((claim.run.clone(), step)).or_insert(result);
            assert_eq!(recorded, *first);
        }
    }

    fn check_answer<T>(&self, claim: &Claim, answer: &Result<T, JournalError>) {
        match answer {
            Ok(_) => assert!(self.valid(claim), "an old claim wrote: {claim:?}"),
            Err(JournalError::Fenced) => assert!(!self.valid(claim), "refused: {claim:?}"),
            Err(other) => unreachable!("nothing else is wrong: {other}"),
        }
    }

    async fn finish(&mut self, claim: &Claim, how: usize) {
        let due = saturating_add(self.harness.now(), WAIT);
        let how = ways(due).swap_remove(how % 9);
        let answer = self.harness.journal.finish(claim, how.clone()).await;
        let key = (claim.run.clone(), claim.fence);
        if self.finishes.get(&key) == Some(&how) {
            return assert!(answer.is_ok(), "the same finish again");
        }
        self.check_answer(claim, &answer);
        if answer.is_ok() {
            let ending = how.effect();
            if ending.due.is_some() {
                self.waits.insert(claim.run.clone(), self.passed + WAIT);
            }
            self.finishes.insert(key, how);
            self.lanes.entry(claim.lane.clone()).and_modify(|held| {
                held.deadline = None;
                held.free = !ending.holds_lane;
            });
        }
    }

    async fn revive(&mut self, run: &RunId) {
        let Some(before) = self.harness.journal.run(run).await.expect("the run is read") else {
            return;
        };
        let waits = before.due.is_some_and(|due| due > self.harness.now());
        let revivable = waits || matches!(before.state, RunState::Parked | RunState::Dead);
        let answer = self.harness.journal.revive(run, self.harness.now(), "ann").await;
        assert_eq!(answer.is_ok(), revivable, "{before:?}");
        if revivable {
            self.waits.remove(run);
        }
    }

    /// Once every lease and every wait is over, whoever is not kept out of its lane can be claimed.
    async fn nothing_is_lost(&self) {
        self.harness.pass_secs(2 * LEASE.as_secs());
        loop {
            let claims = self.harness.claims(10).await;
            for claim in &claims {
                self.harness.finish(claim, over()).await;
            }
            if claims.is_empty() {
                break;
            }
        }
        let runs = self.harness.journal.runs(&RunFilter::default()).await;
        let runs = runs.expect("the runs are listed");
        let closes = |run: &&RunView| run.holds_lane && run.state == RunState::Parked;
        let closed: BTreeSet<_> = runs.iter().filter(closes).map(|run| &run.lane).collect();
        let lost = |run: &&RunView| {
            matches!(run.state, RunState::Ready | RunState::Running) && !closed.contains(&run.lane)
        };
        assert_eq!(runs.iter().find(lost), None);
    }

    async fn check_runs(&self) {
        let runs = self.harness.journal.runs(&RunFilter::default()).await;
        let runs = runs.expect("the runs are listed");
        for run in &runs {
            self.check_run(run).await;
        }
        let mut held = BTreeSet::new();
        for run in runs.iter().filter(|run| run.holds_lane) {
            assert!(held.insert(&run.lane), "a lane has one holder: {runs:?}");
        }
    }

    async fn check_run(&self, run: &RunView) {
        let history = self.harness.journal.history(&run.id, 0..u64::MAX).await;
        let history = history.expect("the history is read");
        assert_eq!(replay(&run.id, &history).as_ref(), Some(run));
        self.check_steps(&run.id, &run.steps);
    }
}

fn name(run: usize) -> RunId {
    format!("r{run}").into()
}

fn step_name(step: usize) -> StepName {
    format!("step{}", step % 3).into()
}

fn ways(due: Timestamp) -> Vec<Finish> {
    vec![
        over(),
        idle(),
        dead(),
        park(false),
        park(true),
        retry(due, false),
        retry(due, true),
        wait(due, false),
        wait(due, true),
    ]
}
