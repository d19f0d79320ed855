//! A month in which requests stay undecided, under a deadline of two weeks.

use std::time::Duration;

use connect_clock::Clock;
use connect_e2e::Simulation;
use connect_journal::{RunId, RunState};
use connect_model::asset_request::NewRequest;
use connect_model::{AssetRequest, AssetRequestType, RequestId, RequestStatus};
use connect_processor::{Backoff, Context, Deadline, Failure, Outcome, Processor};

use super::{STEP, in_memory, noon};

const DAY: Duration = Duration::from_secs(24 * 3600);
const REASON: &str = "We could not do it within two weeks.";

type Cx = Context<AssetRequest, ()>;

async fn skips(_: Cx) -> Result<Outcome, Failure> {
    Ok(Outcome::Skip)
}

async fn is_closed(_: Cx) -> Result<Outcome, Failure> {
    Err(Failure::retry("closed"))
}

async fn acts_and_waits(cx: Cx) -> Result<Outcome, Failure> {
    cx.step("act").run(|_| async { Ok::<_, Failure>(()) }).await?;
    Ok(Outcome::reschedule(DAY * 60))
}

/// How long it took until a request was not pending any more; looks each hour for a month.
async fn decided(simulation: &Simulation, ids: &[RequestId]) -> Vec<Option<Duration>> {
    let clock: &dyn Clock = &simulation.clock;
    let start = clock.monotonic();
    let mut decided = vec![None; ids.len()];
    while clock.since(start) < DAY * 30 {
        clock.sleep(DAY / 24).await;
        for (id, decided) in ids.iter().zip(&mut decided) {
            let status = simulation.read(id).await.unwrap().status;
            if status != RequestStatus::Pending {
                decided.get_or_insert(clock.since(start));
            }
        }
    }
    decided
}

#[tokio::test(start_paused = true)]
async fn in_a_month_what_nothing_was_done_for_is_rejected_on_its_day_and_nothing_else() {
    let clock = noon();
    let simulation = Simulation::start(&clock, 1).await.unwrap();
    let journal = in_memory(&clock);
    let active = async |tenant| simulation.active(tenant).await.unwrap().asset;
    let new = [
        NewRequest::suspend(&active("t-1").await),
        NewRequest::cancel(&active("t-2").await),
        NewRequest::change(&active("t-3").await).item("MPN-A", 11),
        NewRequest::resume(&simulation.suspended("t-4").await.unwrap().asset),
    ];
    let two_weeks = || Deadline::reject_after(DAY * 14, REASON);
    let client = simulation.client().unwrap();
    let processor = Processor::new((), client, journal.clone())
        .on(AssetRequestType::Suspend, skips)
        .on(AssetRequestType::Cancel, is_closed)
        .on(AssetRequestType::Change, acts_and_waits)
        .on(AssetRequestType::Resume, skips)
        .deadline(&AssetRequestType::Suspend, two_weeks())
        .deadline(&AssetRequestType::Cancel, two_weeks())
        .deadline(&AssetRequestType::Change, two_weeks())
        .backoff(Backoff { base: DAY / 2, cap: DAY })
        .poll_every(DAY / 4);
    let mut ids = Vec::new();
    let mut took = Vec::new();
    let story = async {
        for new in &new {
            ids.push(simulation.request(new).await.unwrap());
        }
        took = decided(&simulation, &ids).await;
    };
    clock.play_in_steps(STEP, simulation.of(processor).run(story)).await.unwrap();

    let on_its_day = |took: Duration| (DAY * 14..DAY * 14 + DAY / 2).contains(&took);
    for id in 0..2 {
        assert!(took[id].is_some_and(on_its_day), "{took:?}");
        let request = simulation.read(&ids[id]).await.unwrap();
        assert_eq!((request.status, request.reason.as_str()), (RequestStatus::Failed, REASON));
    }
    assert_eq!(took[2..], [None; 2], "what was done stands; it may wait for ever");
    let state =
        async |id: &RequestId| journal.run(&RunId::from(id.as_str())).await.unwrap().unwrap().state;
    assert_eq!(state(&ids[2]).await, RunState::Parked);
    assert_eq!(state(&ids[3]).await, RunState::Idle);
}
