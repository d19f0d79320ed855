//! The founding use case: a subscription is bought, put on hold and resumed; a second resume is
//! refused.

use std::sync::Arc;
use std::time::Duration;

use connect_clock::{Clock, VirtualClock};
use connect_demo_vendor::{Effect, Fault, FaultEffect, Refuse, TenantOperation};
use connect_e2e::Simulation;
use connect_journal::Journal;
use connect_model::asset_request::NewRequest;
use connect_model::{AssetRequest, RequestId, RequestStatus};
use jiff::SignedDuration;

use super::{in_memory, noon, on_disk};

const SECOND: Duration = Duration::from_secs(1);

/// How often the processor looks for requests.
const BEAT: Duration = Duration::from_secs(30);

/// Creates a request, and waits until it is not pending any more.
async fn settled(simulation: &Simulation, new: NewRequest) -> AssetRequest {
    let clock: &dyn Clock = &simulation.clock;
    let (id, start) = (simulation.request(&new).await.unwrap(), clock.monotonic());
    loop {
        let request = simulation.read(&id).await.unwrap();
        if request.status != RequestStatus::Pending {
            return request;
        }
        assert!(clock.since(start) < SECOND * 7200, "{id} is pending for ever");
        clock.sleep(SECOND).await;
    }
}

/// Plays the story, and returns its requests, and what became of them and happened at the vendor,
/// one line each.
async fn play(simulation: &Simulation, journal: &Arc<dyn Journal>) -> (Vec<RequestId>, String) {
    let product = simulation.emulator.product();
    let mut requests = Vec::new();
    let story = async {
        let new = NewRequest::preview_purchase(&product).item("MPN-A", 5);
        let bought = settled(simulation, new).await;
        let asset = bought.asset.id.clone();
        let held = settled(simulation, NewRequest::suspend(&asset)).await;
        let resumed = settled(simulation, NewRequest::resume(&asset)).await;
        let again = settled(simulation, NewRequest::suspend(&asset)).await;
        let refuse = FaultEffect::Refuse(Refuse::new("The last invoice is overdue."));
        simulation.vendor.fault(Fault::new(refuse).on_operation(TenantOperation::Enable));
        let refused = settled(simulation, NewRequest::resume(&asset)).await;
        requests.extend([bought, held, resumed, again, refused]);
    };
    let processor = simulation.processor(Arc::clone(journal)).unwrap().poll_every(BEAT);
    let report = simulation.clock.play(processor.run(story)).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    let lines = requests
        .iter()
        .map(|it| format!("{} {} {}", it.kind, it.status, it.reason).trim_end().to_owned());
    let effects = simulation.vendor.log();
    let effects = effects.iter().map(|effect| effect.operation.as_str().to_owned());
    let happened: Vec<String> = lines.chain(effects).collect();
    (requests.into_iter().map(|request| request.id).collect(), happened.join("\n"))
}

fn must_be_the_story(happened: &str) {
    insta::allow_duplicates! {
        insta::assert_snapshot!(happened, @r"
        purchase approved
        suspend approved
        resume approved
        suspend approved
        resume failed The last invoice is overdue.
        create
        set_limit
        disable
        enable
        disable
        ");
    }
}

async fn goes_as_it_should(clock: VirtualClock, journal: Arc<dyn Journal>) {
    let start = clock.now();
    let simulation = Simulation::start(&clock, 1).await.unwrap();
    let (requests, happened) = play(&simulation, &journal).await;
    must_be_the_story(&happened);
    // Each is found when the processor looks the next time.
    let times: Vec<_> = simulation.vendor.log().iter().map(|effect| effect.at).collect();
    let beats = [1, 1, 2, 3, 4].map(|beat| start + BEAT * beat);
    assert_eq!(times, beats);
    simulation.must_hold(journal.as_ref(), &requests).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_story_of_a_subscription_goes_as_it_should() {
    let clock = noon();
    goes_as_it_should(clock.clone(), in_memory(&clock)).await;
}

#[tokio::test(start_paused = true)]
async fn the_story_goes_the_same_way_with_a_journal_on_disk() {
    let (clock, folder) = (noon(), tempfile::tempdir().unwrap());
    goes_as_it_should(clock.clone(), on_disk(&folder, &clock)).await;
}

/// Plays the story on a day on which answers are lost, servers hang for longer than a call may take,
/// and the vendor has no time for minutes. Returns what the vendor did, and when.
async fn bad_day(seed: u64) -> Vec<Effect> {
    let clock = noon();
    let simulation = Simulation::start(&clock, seed).await.unwrap();
    let journal = in_memory(&clock);
    let lose = || connect_emulator::Fault::new(connect_emulator::FaultEffect::LoseAnswer);
    simulation.emulator.faults().add(lose().on("POST", "/requests/*/approve").times(3));
    simulation.emulator.faults().add(lose().on("PUT", "/requests/*").times(2));
    for effect in [
        FaultEffect::LoseAnswer,
        FaultEffect::Delay { millis: 90_000 },
        FaultEffect::answer(503),
        FaultEffect::limit(300),
        FaultEffect::rubbish(),
        FaultEffect::LoseCall,
    ] {
        simulation.vendor.fault(Fault::new(effect).times(2));
    }
    let (requests, happened) = play(&simulation, &journal).await;
    must_be_the_story(&happened);
    simulation.must_hold(journal.as_ref(), &requests).await.unwrap();
    simulation.vendor.log()
}

#[tokio::test(start_paused = true)]
async fn the_story_has_the_same_effects_on_a_bad_day() {
    let effects = bad_day(1).await;
    let took = effects[4].at.duration_since(noon().now());
    assert!(took > SignedDuration::from_secs(2 * 300), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_bad_day_is_the_same_again_under_the_same_seed() {
    // On the heap: three days are too much for the stack of a test.
    let day = async |seed| Box::pin(bad_day(seed)).await;
    let first = day(7).await;
    assert_eq!(day(7).await, first);
    assert_ne!(day(8).await, first, "chance has a part in it");
}
