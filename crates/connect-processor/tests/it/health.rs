//! The signs of life of a processor.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use connect_emulator::{Canned, Fault, FaultEffect};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Ending, Failure, Health, Outcome, State, Vitals, vendor_called};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

const POLL: Duration = Duration::from_secs(30);
const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn whoever_watches_sees_what_ended_and_since_when_the_platform_refuses() {
    let harness = Harness::start().await;
    let refuse = async |_: Cx| Ok::<_, Failure>(Outcome::fail("no"));
    let processor = harness.processor(harness.journal.clone()).poll_every(POLL);
    let processor = processor.on(AssetRequestType::Resume, refuse);
    let health = processor.health();
    let until = async |holds: fn(&Vitals) -> bool| {
        while !holds(&health.vitals()) {
            tokio::task::yield_now().await;
        }
        health.vitals()
    };
    let shutdown = async {
        let vitals = until(|vitals| vitals.ended.contains_key(&Ending::Failed)).await;
        assert_eq!((vitals.since_look, vitals.platform), (Duration::ZERO, None));

        let refused = Fault::new(FaultEffect::Answer(Canned::status(http::StatusCode::FORBIDDEN)));
        harness.emulator.faults().add(refused);
        harness.pass(POLL).await;
        let vitals = until(|vitals| vitals.platform.is_some()).await;
        assert_eq!((vitals.since_look, vitals.platform), (POLL, Some("CLT_REFUSED")));
        assert_eq!(vitals.journal, None);

        harness.emulator.faults().clear();
        harness.pass(2 * POLL).await;
        let vitals = until(|vitals| vitals.platform.is_none()).await;
        assert_eq!(vitals.since_look, Duration::ZERO);
    };
    processor.run(shutdown).await.unwrap();
}

#[tokio::test]
async fn a_processor_is_busy_while_it_works_and_idle_afterwards() {
    let harness = Harness::start().await;
    let (seen, vendor) = (Arc::new(Mutex::new(None::<Health>)), Arc::clone(&harness.vendor));
    let handler = {
        let seen = Arc::clone(&seen);
        move |cx: Cx| {
            let health = seen.lock().unwrap().clone().unwrap();
            async move {
                let condition = health.condition().await;
                assert_eq!((condition.state, condition.claimed), (State::Busy, 1));
                cx.step("act").run(async |_| Ok::<_, Failure>(cx.state().act())).await?;
                vendor_called(Some(200), Duration::from_millis(3));
                Ok::<_, Failure>(Outcome::approve())
            }
        }
    };
    let processor = harness.processor(harness.journal.clone());
    let processor = processor.on(AssetRequestType::Resume, handler);
    let health = processor.health();
    *seen.lock().unwrap() = Some(health.clone());
    assert_eq!(health.condition().await.state, State::Starting);
    processor.drain().await.unwrap();
    assert_eq!(vendor.calls(), 1);
    assert_eq!(health.condition().await.state, State::Idle);
    let page = health.render_metrics().await;
    for line in [
        "connect_attempts_total{type=\"resume\"} 1",
        "connect_runs_ended_total{type=\"resume\",ending=\"approved\"} 1",
        "connect_step_seconds_count{step=\"act\",outcome=\"done\"} 1",
        "connect_vendor_call_seconds_count{outcome=\"200\"} 1",
        "connect_journal_write_seconds_count{operation=\"record\",outcome=\"done\"} 1",
        "connect_runs{state=\"done\"} 1",
        "connect_state{state=\"idle\"} 1",
    ] {
        assert!(page.lines().any(|it| it == line), "{line}: {page}");
    }
}

#[tokio::test]
async fn a_processor_whose_runs_get_nowhere_is_stuck_though_it_lists_requests() {
    let harness = Harness::start().await;
    let hang = async |_: Cx| std::future::pending::<Result<Outcome, Failure>>().await;
    let processor = harness.processor(harness.journal.clone()).poll_every(POLL);
    let processor =
        processor.on(AssetRequestType::Resume, hang).run_limit(HOUR).stuck_after(10 * POLL);
    let health = processor.health();
    let mut told = Vec::new();
    let shutdown = async {
        while health.condition().await.claimed == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..11 {
            harness.pass(POLL).await;
            while health.vitals().since_look > Duration::ZERO {
                tokio::task::yield_now().await;
            }
            let condition = health.condition().await;
            told.push((condition.state, condition.cause, condition.claimed));
        }
    };
    processor.grace(Duration::ZERO).run(shutdown).await.unwrap();
    assert_eq!(told[9], (State::Busy, None, 1));
    assert_eq!(told[10], (State::Stuck, Some("PRC_NO_PROGRESS"), 1));
}

#[tokio::test]
async fn a_platform_that_shows_nothing_for_long_is_gone_and_the_program_alive() {
    let harness = Harness::start().await;
    let approve = async |_: Cx| Ok::<_, Failure>(Outcome::approve());
    let processor = harness.processor(harness.journal.clone()).poll_every(POLL);
    let processor = processor.on(AssetRequestType::Resume, approve);
    let health = processor.health();
    let shutdown = async {
        while health.condition().await.state != State::Idle {
            tokio::task::yield_now().await;
        }
        let refused = Fault::new(FaultEffect::Answer(Canned::status(http::StatusCode::FORBIDDEN)));
        harness.emulator.faults().add(refused);
        harness.pass(POLL).await;
        while health.vitals().platform.is_none() {
            tokio::task::yield_now().await;
        }
        assert_eq!(health.condition().await.state, State::Idle, "it may be back at once");
        harness.clock.advance(5 * POLL);
        let condition = health.condition().await;
        assert_eq!((condition.state, condition.cause), (State::PlatformGone, Some("CLT_REFUSED")));
        assert_eq!(condition.lasting, 6 * POLL);
        assert!(condition.state.is_live() && !condition.state.is_ready());
    };
    processor.run(shutdown).await.unwrap();
}
