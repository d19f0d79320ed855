//! Every way to die for a vendor's handlers.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::thread;

use connect_client::BoxError;
use connect_clock::VirtualClock;
use connect_journal::testing::Point;
use connect_processor::Processor;
use fault::{Fault, FaultEffect, Refuse};
use futures::channel::oneshot;
use http::Method;

use crate::certificate::{Certificate, Explored, Finding};
use crate::error::TestError;
use crate::life::Life;
use crate::oracle::{BrokenPromise, judge};
use crate::pending::PendingRequest;
use crate::story::{Accident, Teller, Told, differ};
use crate::vendor::{TestVendor, VendorCall};

/// Tells the story of each request again and again, each time with another accident, and has every
/// story judged.
///
/// The first story of a request has no accident; it says which calls there are and what the
/// approval rests on. Then a life ends before and after each call to the journal, the platform and
/// the vendor, and others go on. At last the vendor misbehaves: of each call to it the way there or
/// the answer is lost, the answer is 503, or a page that is no JSON; and each operation is refused for
/// good. Where the first story breaks a promise, the request is not explored any further. What is
/// judged:
///
/// * no effect happens twice, none outside of a step, and none for another request;
/// * an approval rests on all that the first story's rests on, done and on record;
/// * every request ends, waits or is parked with a reason, and ends as in the first story unless the
///   vendor refused;
/// * a request that was rejected leaves nothing: what was made (`POST`) is removed (`DELETE`) last;
/// * effects on one subscription do not overlap, and the journal's history gives its live state.
///
/// ```no_run
/// # use connect_clock::VirtualClock;
/// # use connect_client::BoxError;
/// # use connect_model::AssetRequestType;
/// # use connect_processor::Processor;
/// use connect_testing::{CrashExplorer, Life, TestVendor, pending};
///
/// # fn vendor(_: &VirtualClock) -> TestVendor { unimplemented!() }
/// # fn processor(_: &Life) -> Result<Processor<()>, BoxError> { unimplemented!() }
/// # async fn test() -> Result<(), BoxError> {
/// let certificate = CrashExplorer::new(vendor, processor)
///     .requests([
///         pending(AssetRequestType::Purchase),
///         pending(AssetRequestType::Resume).parameter("subscription_id", "t-1"),
///     ])
///     .explore()
///     .await?;
/// assert!(certificate.holds(), "{certificate}");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "an explorer does nothing until it explores"]
pub struct CrashExplorer<V, P> {
    vendor: V,
    processor: P,
    requests: Vec<PendingRequest>,
    refusal: FaultEffect,
}

impl<V, P> CrashExplorer<V, P> {
    /// An explorer that makes the vendor and the processor of each life with these. They are called
    /// for every story, and have to make the same each time.
    pub fn new(vendor: V, processor: P) -> Self {
        let refusal = FaultEffect::Refuse(Refuse::new("Refused, to see what becomes of it."));
        Self { vendor, processor, requests: Vec::new(), refusal }
    }

    /// Explores these requests, too, each in worlds of its own.
    pub fn requests(mut self, requests: impl IntoIterator<Item = PendingRequest>) -> Self {
        self.requests.extend(requests);
        self
    }

    /// Says how your vendor says no for good: 409 `{"error": {"code": "refused", "message": …}}`
    /// unless set.
    pub fn refusal(mut self, answer: FaultEffect) -> Self {
        self.refusal = answer;
        self
    }
}

impl<V, P, S> CrashExplorer<V, P>
where
    V: Fn(&VirtualClock) -> TestVendor + Send + 'static,
    P: Fn(&Life) -> Result<Processor<S>, BoxError> + Send + 'static,
    S: Send + Sync + 'static,
{
    /// Tells all stories, on a thread of its own, and returns what was found.
    ///
    /// # Errors
    ///
    /// When a world cannot be made, or the first story of a request cannot be told.
    pub async fn explore(self) -> Result<Certificate, TestError> {
        let (tell, told) = oneshot::channel();
        let explore = move || drop(tell.send(self.explore_here()));
        let thread = thread::Builder::new().name("crash-explorer".to_owned()).spawn(explore);
        thread.map_err(|error| TestError::Thread(error.to_string()))?;
        told.await.map_err(|_| TestError::Thread("it broke".to_owned()))?
    }

    fn explore_here(&self) -> Result<Certificate, TestError> {
        if self.requests.is_empty() {
            return Err(TestError::NothingToExplore);
        }
        let mut certificate = Certificate::default();
        for plan in &self.requests {
            let teller = Teller { vendor: &self.vendor, processor: &self.processor, plan };
            let usual = alone(teller.tell(&Accident::None))??;
            let mut exploration = Exploration::new(plan, &usual);
            exploration.judge(&Accident::None, &usual);
            for accident in exploration.accidents(&self.refusal) {
                let told = alone(teller.tell(&accident))??;
                exploration.judge(&accident, &told);
            }
            certificate.requests.push(exploration.explored);
            certificate.findings.extend(exploration.findings);
        }
        Ok(certificate)
    }
}

/// Runs a story on a runtime of its own: when it is over, nothing of its lives goes on.
fn alone<T>(story: impl Future<Output = T>) -> Result<T, TestError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    Ok(runtime.map_err(|error| TestError::Thread(error.to_string()))?.block_on(story))
}

/// The stories of one request.
struct Exploration<'a> {
    usual: &'a Told,
    needs: Vec<String>,
    steps: Vec<String>,
    explored: Explored,
    findings: Vec<Finding>,
}

impl<'a> Exploration<'a> {
    fn new(plan: &PendingRequest, usual: &'a Told) -> Self {
        let (needs, steps) = usual.evidence.basis();
        let explored = Explored {
            request: plan.name.clone(),
            status: usual.request.status.to_string(),
            points: by_kind(&usual.points),
            ..Explored::default()
        };
        Self { usual, needs, steps, explored, findings: Vec::new() }
    }

    /// All that can go wrong in the story; nothing, where something is wrong without an accident.
    fn accidents(&self, refusal: &FaultEffect) -> Vec<Accident> {
        if !self.findings.is_empty() {
            return Vec::new();
        }
        let deaths = self.usual.points.iter().cloned().map(Accident::Death);
        let calls = self.usual.calls.iter().enumerate();
        let once = calls.flat_map(|(at, call)| troubles(at, call));
        let changes = self.usual.calls.iter().filter(|call| call.is_effect());
        let operations: BTreeSet<String> = changes.map(VendorCall::operation).collect();
        let refused = operations.into_iter().map(|operation| {
            let (method, path) = operation.split_once(' ').unwrap_or(("", &operation));
            let fault = Fault::new(refusal.clone()).on(method, path);
            Accident::Refused { operation, fault }
        });
        deaths.chain(once).chain(refused).collect()
    }

    /// Has a story judged, and counts it.
    fn judge(&mut self, accident: &Accident, told: &Told) {
        let explored = &mut self.explored;
        match accident {
            Accident::None => {}
            Accident::Death(_) => {
                explored.deaths += usize::from(told.died);
                explored.unreached += usize::from(!told.died);
            }
            Accident::Once { .. } | Accident::Refused { .. } => explored.troubles += 1,
        }
        explored.lives += told.lives;
        explored.effects += told.evidence.effects.len();
        explored.parked += usize::from(told.is_parked());
        let broken = self.broken(accident, told);
        self.explored.findings += broken.len();
        self.findings.extend(broken.into_iter().map(|promise| Finding {
            request: self.explored.request.clone(),
            accident: accident.tell(),
            promise,
        }));
    }

    fn broken(&self, accident: &Accident, told: &Told) -> Vec<BrokenPromise> {
        let otherwise = self.otherwise(accident, told).map(BrokenPromise::Otherwise);
        if told.broken.is_some() {
            return otherwise.into_iter().collect();
        }
        let mut evidence = told.evidence.clone();
        for request in &mut evidence.requests {
            request.needs.clone_from(&self.needs);
            request.steps.clone_from(&self.steps);
            let is_refused = matches!(accident, Accident::Refused { .. });
            request.may = (!is_refused && request.status.is_granted()).then(Vec::new);
        }
        let mut broken = judge(&evidence);
        broken.extend(otherwise);
        broken
    }

    /// Says how a story ended otherwise than it may.
    fn otherwise(&self, accident: &Accident, told: &Told) -> Option<String> {
        let id = told.evidence.requests.first().map_or("the request", |request| &request.id);
        if let Some(why) = &told.broken {
            return Some(format!("the processor of {id}: {why}"));
        }
        let (usual, this) = (&self.usual.request.status, &told.request.status);
        let is_stuck = || usual.is_final() && !this.is_final() && !told.is_parked();
        match accident {
            Accident::Refused { .. } | Accident::None => None,
            Accident::Once { .. } if !differ(usual, this) => None,
            Accident::Death(_) if !differ(usual, this) && !is_stuck() => None,
            _ => Some(format!("{id} is {this}, and {usual} without an accident")),
        }
    }
}

/// The ways in which the vendor may misbehave at its call number `at`, from 0.
fn troubles(at: usize, call: &VendorCall) -> impl Iterator<Item = Accident> + use<> {
    let skip = u32::try_from(at).unwrap_or(u32::MAX);
    let (operation, nth) = (call.operation(), at + 1);
    let is_change = call.method != Method::GET;
    let ways = [
        ("the way to", FaultEffect::LoseCall),
        ("the answer of", FaultEffect::LoseAnswer),
        ("a 503 for", FaultEffect::answer(503)),
        ("a page instead of the answer of", FaultEffect::rubbish()),
    ];
    ways.into_iter().filter(move |(way, _)| is_change || *way != "the way to").map(
        move |(way, effect)| {
            let what = match effect {
                FaultEffect::LoseCall | FaultEffect::LoseAnswer => {
                    format!("{way} vendor {operation} is lost (call {nth})")
                }
                _ => format!("{way} vendor {operation} (call {nth})"),
            };
            Accident::Once { what, fault: Fault::new(effect).skip(skip).times(1) }
        },
    )
}

/// Counts points by their kind: `before journal`, `after vendor`.
fn by_kind(points: &[Point]) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for point in points {
        let kind: Vec<&str> = point.place().splitn(3, ' ').take(2).collect();
        *kinds.entry(kind.join(" ")).or_default() += 1;
    }
    kinds
}
