//! What platform and vendor answer.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use acme::Acme;
use connect_client::BoxError;
use connect_clock::{Clock, SystemClock, VirtualClock};
use connect_demo_vendor::{Seed, Vendor};
use connect_model::{AssetRequestType, TierAccountRequestType, TierConfigRequestType};
use connect_processor::Processor;
use connect_testing::{
    BrokenPromise, Life, PendingRequest, TestError, TestVendor, TestWorld, judge, pending,
};
use connect_vendor::Api;
use fastrand::Rng;
use futures::FutureExt;

use super::{Layer, Origin, Seen, Tally, mutation};

/// The calls of one life that are taken for a life that does not end.
const MOST_CALLS: usize = 20_000;

/// A kind of request, with what its story is without an alteration.
struct Kind {
    plan: PendingRequest,
    /// The calls whose answers can be altered.
    places: Vec<String>,
    needs: Vec<String>,
    steps: Vec<String>,
}

/// Cases of answers, about all kinds of requests.
pub struct Answers(Vec<Kind>);

impl Answers {
    /// Tells the story of each kind of request once, as it is.
    ///
    /// # Errors
    ///
    /// When a story cannot be told.
    pub fn prepare() -> Result<Self, TestError> {
        plans().into_iter().map(Kind::of).collect::<Result<_, _>>().map(Self)
    }

    /// Has cases with these numbers happen. The same number is the same case.
    ///
    /// # Errors
    ///
    /// When a world cannot be made.
    pub fn run(
        &self,
        cases: impl IntoIterator<Item = u64>,
    ) -> Result<BTreeMap<Origin, Tally>, TestError> {
        let clock: &dyn Clock = &SystemClock;
        let mut tallies = BTreeMap::<Origin, Tally>::new();
        for case in cases {
            let mut rng = Rng::with_seed(case);
            let kind = &self.0[rng.usize(..self.0.len())];
            let place = &kind.places[rng.usize(..kind.places.len())];
            let began = clock.monotonic();
            let seen = alone(AssertUnwindSafe(kind.happen(place, rng)).catch_unwind());
            let seen = seen.unwrap_or_else(|_| Ok(panicked()))?;
            let tally = tallies.entry(origin(place)).or_default();
            tally.add(case, seen);
            tally.took += clock.since(began);
        }
        Ok(tallies)
    }
}

fn origin(place: &str) -> Origin {
    if place.starts_with("vendor ") { Origin::Vendor } else { Origin::Platform }
}

fn panicked() -> Seen {
    Seen { parsed: false, layer: Layer::Json, broken: Some("it panicked".to_owned()) }
}

impl Kind {
    fn of(plan: PendingRequest) -> Result<Self, TestError> {
        let places = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&places);
        let (needs, steps) = alone(async {
            let world = TestWorld::start(vendor).await?;
            let id = world.add(plan.clone()).await?;
            world.rewrite_answers(move |place, body| {
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(place.to_owned());
                body
            });
            world.work(processor).await?;
            Ok::<_, TestError>(world.evidence(&id).await?.basis())
        })?;
        let mut places = places.lock().unwrap_or_else(PoisonError::into_inner).clone();
        places.sort();
        places.dedup();
        Ok(Self { plan, places, needs, steps })
    }

    async fn happen(&self, place: &str, mut rng: Rng) -> Result<Seen, TestError> {
        let world = TestWorld::start(vendor).await?;
        let id = world.add(self.plan.clone()).await?;
        let place = place.to_owned();
        let (seed, calls) = (rng.u64(..), Arc::new(AtomicUsize::new(0)));
        let (unparsed, counted) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&calls));
        let noted = Arc::clone(&unparsed);
        world.rewrite_answers(move |at, body| {
            let count = counted.fetch_add(1, Ordering::Relaxed);
            assert!(count < MOST_CALLS, "a life does not end");
            if at != place {
                return body;
            }
            let altered = mutation::mutate(&body, &mut Rng::with_seed(seed));
            let parses = serde_json::from_slice::<serde_json::Value>(&altered).is_ok();
            noted.fetch_add(usize::from(!parses), Ordering::Relaxed);
            altered.into()
        });
        // A processor that does not start has said why; that is an end like any other.
        let worked = world.work(processor).await;
        let panicked =
            matches!(worked, Err(TestError::Processor(connect_processor::Error::Broken)));
        let parsed = unparsed.load(Ordering::Relaxed) == 0;
        let layer = layer(&world, &id, parsed).await?;
        let hung = calls.load(Ordering::Relaxed) >= MOST_CALLS;
        let broken = match (hung, panicked) {
            (true, _) => Some("it did not end".to_owned()),
            (_, true) => Some("the processor broke".to_owned()),
            _ => self.wrong_approval(&world, &id).await?,
        };
        Ok(Seen { parsed, layer, broken })
    }

    async fn wrong_approval(
        &self,
        world: &TestWorld,
        id: &str,
    ) -> Result<Option<String>, TestError> {
        let mut evidence = world.evidence(id).await?;
        for request in &mut evidence.requests {
            request.needs.clone_from(&self.needs);
            request.steps.clone_from(&self.steps);
        }
        let wrong = judge(&evidence).into_iter().find(|it| {
            use BrokenPromise::{ApprovedTwice, Doubled, WithoutProof};
            matches!(it, WithoutProof(_) | ApprovedTwice(_) | Doubled(_))
        });
        Ok(wrong.map(|it| format!("{}: {it}", self.plan.name())))
    }
}

async fn layer(world: &TestWorld, id: &str, parsed: bool) -> Result<Layer, TestError> {
    let status = world.request(id).await?.status;
    let is_begun = world.run(id).await?.is_some_and(|run| run.attempt > 0);
    Ok(match () {
        () if status.as_str() != "pending" => Layer::Decision,
        () if !world.vendor_calls().is_empty() => Layer::Handler,
        () if !parsed => Layer::Json,
        () if is_begun => Layer::Validation,
        () => Layer::Decode,
    })
}

fn plans() -> Vec<PendingRequest> {
    let of_tenant = |kind| pending(kind).parameter(acme::SUBSCRIPTION_ID, "t-1");
    vec![
        pending(AssetRequestType::Purchase),
        of_tenant(AssetRequestType::Change),
        of_tenant(AssetRequestType::Resume),
        of_tenant(AssetRequestType::Cancel),
        of_tenant(AssetRequestType::Renew),
        pending(TierConfigRequestType::Setup),
        pending(TierAccountRequestType::Update).parameter(acme::SUBSCRIPTION_ID, "t-1"),
    ]
}

fn vendor(clock: &VirtualClock) -> TestVendor {
    let vendor = Vendor::new(Arc::new(clock.clone()));
    let tenant = Seed { tenant_id: "t-1".to_owned(), external_id: None, enabled: true, limit: 10 };
    // A new vendor has no tenant that could be in the way.
    drop(vendor.seed(vec![tenant]));
    TestVendor::new(vendor.service(), clock)
}

fn processor(life: &Life) -> Result<Processor<Acme>, BoxError> {
    let api = Api::builder("http://vendor.localhost")?;
    let acme = Acme::with(api.transport(life.vendor()).clock(life.clock()))?;
    Ok(acme::processor(acme, life.client(), life.journal()))
}

/// Runs a story on a runtime of its own: when it is over, nothing of it goes on.
fn alone<T>(story: impl Future<Output = T>) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    match runtime {
        Ok(runtime) => runtime.block_on(story),
        Err(error) => unreachable!("a runtime without a socket has nothing to fail with: {error}"),
    }
}
