//! A month in which everything that waits comes due, while somebody sets the wall clock back and
//! forth.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connect_clock::{Clock, Monotonic, VirtualClock};
use connect_e2e::Simulation;
use connect_journal::{Journal, RunId, RunState};
use connect_model::asset_request::NewRequest;
use connect_model::{AssetRequest, AssetRequestType, RequestId, RequestStatus, TemplateId};
use connect_processor::{Backoff, Context, Failure, Outcome, Processor};
use connect_world::command::TemplateCommand;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{in_memory, noon, on_disk};

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const LEASE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// When a failed request is tried again: between half and all of four days later.
const BACKOFF: Backoff = Backoff { base: DAY.saturating_mul(4), cap: DAY.saturating_mul(4) };

/// When which handler was called.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<BTreeMap<&'static str, Vec<Monotonic>>>>);

impl Calls {
    /// Takes down a call, and returns how many of its kind there were before.
    fn add(&self, handler: &'static str, now: Monotonic) -> usize {
        let mut calls = self.0.lock().unwrap();
        let calls = calls.entry(handler).or_default();
        calls.push(now);
        calls.len() - 1
    }

    /// How long it took from each call of a handler to the next.
    fn waits(&self, handler: &str) -> Vec<Duration> {
        let calls = self.0.lock().unwrap();
        calls[handler].windows(2).map(|pair| pair[1] - pair[0]).collect()
    }
}

struct Month {
    simulation: Simulation,
    journal: Arc<dyn Journal>,
    calls: Calls,
}

impl Month {
    /// A life of a processor. Its handlers keep requests waiting in every way there is.
    fn processor(&self) -> Processor<(VirtualClock, Calls)> {
        type Cx = Context<AssetRequest, (VirtualClock, Calls)>;
        async fn fails_twice(cx: Cx) -> Result<Outcome, Failure> {
            let (clock, calls) = cx.state();
            match calls.add("retry", clock.monotonic()) {
                2 => Ok(Outcome::approve()),
                _ => Err(Failure::retry("not today")),
            }
        }
        async fn waits_ten_days(cx: Cx) -> Result<Outcome, Failure> {
            let (clock, calls) = cx.state();
            match calls.add("wait", clock.monotonic()) {
                1 => Ok(Outcome::approve()),
                _ => Ok(Outcome::Reschedule { after: DAY * 10 }),
            }
        }
        async fn hangs_at_first(cx: Cx) -> Result<Outcome, Failure> {
            let (clock, calls) = cx.state();
            let first = calls.add("lease", clock.monotonic()) == 0;
            let act = |_| async { Ok::<_, Failure>(calls.add("effect", clock.monotonic())) };
            cx.step("act").run(act).await?;
            match first {
                true => std::future::pending().await,
                false => Ok(Outcome::approve()),
            }
        }
        async fn approves(_: Cx) -> Result<Outcome, Failure> {
            Ok(Outcome::approve())
        }
        let state = (self.simulation.clock.clone(), self.calls.clone());
        let client = self.simulation.client().unwrap();
        let processor = Processor::new(state, client, Arc::clone(&self.journal))
            .on(AssetRequestType::Suspend, fails_twice)
            .on(AssetRequestType::Cancel, waits_ten_days)
            .on(AssetRequestType::Resume, hangs_at_first)
            .on(AssetRequestType::Change, approves);
        let (lease, poll) = (LEASE, HOUR * 6);
        let processor = processor.lease(lease).poll_every(poll).run_limit(DAY * 365);
        // What is old the wall says: runs are kept for longer than it is ever off.
        let processor = processor.keep_runs(DAY * 365 * 100);
        self.simulation.of(processor.backoff(BACKOFF))
    }

    async fn request(&self, new: NewRequest) -> RequestId {
        self.simulation.request(&new).await.unwrap()
    }

    async fn pass(&self, time: Duration) {
        let clock: &dyn Clock = &self.simulation.clock;
        clock.sleep(time).await;
    }

    /// The template that approvals take is made anew, under the same name.
    async fn renew_template(&self) -> TemplateId {
        let (product, client) = (self.simulation.emulator.product(), self.simulation.client());
        let old = client
            .unwrap()
            .list_at::<connect_model::Template>(&format!("products/{product}/templates"));
        let all = old.page(0).await.unwrap().items.into_iter().map(Result::unwrap);
        let name = "Default Activation Template";
        let old = all.into_iter().find(|template| template.name == name).unwrap();
        let body = json!({"name": name, "body": "New.", "scope": "asset", "type": "fulfillment"});
        let create = TemplateCommand::Create { product: product.clone(), body };
        let new = self.simulation.apply(create).await.unwrap();
        self.simulation.apply(TemplateCommand::Delete { product, id: old.id }).await.unwrap();
        TemplateId::from(new["id"].as_str().unwrap())
    }

    async fn run_state(&self, request: &RequestId) -> RunState {
        self.journal.run(&RunId::from(request.as_str())).await.unwrap().unwrap().state
    }
}

/// Sets the wall clock thirty years ahead and back, twice a day.
async fn set_the_wall(clock: &VirtualClock) {
    let start: Timestamp = clock.now();
    let years = SignedDuration::from_hours(30 * 365 * 24);
    let time: &dyn Clock = clock;
    for turn in 0.. {
        time.sleep(HOUR * 12).await;
        let passed = SignedDuration::try_from(time.monotonic().since_start()).unwrap();
        let shift = if turn % 2 == 0 { years } else { -years };
        clock.set(start + passed + shift);
    }
}

/// Waits are seen at the steps that time is passed in, and looked for every second.
fn in_time(wait: Duration, due: Range<Duration>) -> bool {
    (due.start..due.end + HOUR * 3).contains(&wait)
}

/// Plays a month: at its beginning everything is begun, and a worker dies on the fifth day.
async fn play(month: &Month) {
    let Month { simulation, calls, .. } = month;
    let [retried, waiting, leased, changed] = ["t-1", "t-2", "t-3", "t-4"];
    let retried = simulation.active(retried).await.unwrap().asset;
    let waiting = simulation.active(waiting).await.unwrap().asset;
    let leased = simulation.suspended(leased).await.unwrap().asset;
    let changed = simulation.active(changed).await.unwrap().asset;
    let retried = month.request(NewRequest::suspend(&retried)).await;
    let waiting = month.request(NewRequest::cancel(&waiting)).await;
    let leased = month.request(NewRequest::resume(&leased)).await;
    let early = month.request(NewRequest::change(&changed).item("MPN-A", 11)).await;

    // Dropped, as a process that dies is.
    let died = tokio::select! {
        biased;
        ended = month.processor().run(std::future::pending()) => ended.is_ok(),
        () = month.pass(DAY * 5) => true,
    };
    assert!(died);
    let death = simulation.clock.monotonic();
    assert_eq!(simulation.read(&early).await.unwrap().status, RequestStatus::Approved);

    let rest = async {
        month.pass(DAY * 10).await;
        let template = month.renew_template().await;
        let late = month.request(NewRequest::change(&changed).item("MPN-A", 12)).await;
        month.pass(DAY * 15).await;
        let late = simulation.read(&late).await.unwrap();
        assert_eq!(late.status, RequestStatus::Approved);
        assert_eq!(late.template.map(|it| it.id), Some(template));
    };
    let report = month.processor().run(rest).await.unwrap();
    assert!(report.is_complete(), "{report:?}");

    for request in [&retried, &waiting, &leased] {
        assert_eq!(simulation.read(request).await.unwrap().status, RequestStatus::Approved);
        assert_eq!(month.run_state(request).await, RunState::Done);
    }
    let retries = calls.waits("retry");
    assert_eq!(retries.len(), 2);
    assert!(retries.iter().all(|wait| in_time(*wait, DAY * 2..DAY * 4)), "{retries:?}");
    let waits = calls.waits("wait");
    assert!(waits.len() == 1 && in_time(waits[0], DAY * 10..DAY * 10), "{waits:?}");
    // The lease was renewed at a third of its length while its holder lived.
    let successor = calls.0.lock().unwrap()["lease"][1] - death;
    assert!(in_time(successor, LEASE - LEASE / 3..LEASE), "{successor:?}");
    assert_eq!(calls.0.lock().unwrap()["effect"].len(), 1);
}

async fn nothing_is_lost_or_early(clock: VirtualClock, journal: Arc<dyn Journal>) {
    let simulation = Simulation::start(&clock, 1).await.unwrap();
    let month = Month { simulation, journal, calls: Calls::default() };
    let story = async {
        tokio::select! {
            biased;
            () = play(&month) => {}
            () = set_the_wall(&clock) => unreachable!("it does not end"),
        }
    };
    clock.play_in_steps(HOUR, story).await;
}

#[tokio::test(start_paused = true)]
async fn in_a_month_of_a_wall_that_is_set_back_and_forth_nothing_is_lost_or_early() {
    let clock = noon();
    nothing_is_lost_or_early(clock.clone(), in_memory(&clock)).await;
}

#[tokio::test(start_paused = true)]
async fn the_same_holds_for_a_journal_on_disk() {
    let (clock, folder) = (noon(), tempfile::tempdir().unwrap());
    nothing_is_lost_or_early(clock.clone(), on_disk(&folder, &clock)).await;
}
