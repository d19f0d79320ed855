//! A person acts on the request while the processor works on it.

use std::sync::Arc;

use connect_clock::Clock;
use connect_emulator::{Canned, Fault, FaultEffect};
use connect_journal::testing::{Faulty, Fuse, Point};
use connect_journal::{Journal, RunState};
use connect_model::asset_request::action::Fail;
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Failure, Outcome, Report};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

/// Enables the tenant; while that is done, a person fails the request.
async fn overtaken(harness: &Harness) {
    let client = harness.client();
    harness
        .live(move |cx: Cx| {
            let client = client.clone();
            async move {
                let vendor = cx.state();
                cx.step("enable").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
                let by_hand = Fail { reason: "by hand".to_owned() };
                let _ = client.act(cx.request().id.as_str(), &by_hand).await;
                Ok(Outcome::approve())
            }
        })
        .await;
}

/// A later attempt, when it is due.
async fn look_again(harness: &Harness) -> Report {
    harness.wait();
    harness.live(|_: Cx| async { Ok::<_, Failure>(Outcome::approve()) }).await
}

#[tokio::test]
async fn effects_that_stand_after_somebody_else_failed_the_request_are_told() {
    let harness = Harness::start().await;
    overtaken(&harness).await;
    look_again(&harness).await;
    let run = harness.run().await;
    assert_eq!(run.state, RunState::Parked, "{run:?}");
    insta::assert_snapshot!(format!("{:?}", run.note.unwrap()));
}

#[tokio::test]
async fn whoever_has_seen_to_them_ends_the_run() {
    let harness = Harness::start().await;
    overtaken(&harness).await;
    look_again(&harness).await;
    let now = jiff::Timestamp::UNIX_EPOCH;
    harness.journal.revive(&harness.request.as_str().into(), now, "a person").await.unwrap();
    look_again(&harness).await;
    assert_eq!((harness.state().await, harness.vendor.calls()), (RunState::Done, 1));
}

#[tokio::test]
async fn a_request_that_was_failed_before_anything_was_done_just_ends() {
    let harness = Harness::start().await;
    let client = harness.client();
    harness
        .live(move |cx: Cx| {
            let client = client.clone();
            async move {
                let by_hand = Fail { reason: "by hand".to_owned() };
                let _ = client.act(cx.request().id.as_str(), &by_hand).await;
                Ok(Outcome::approve())
            }
        })
        .await;
    let report = look_again(&harness).await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(harness.state().await, RunState::Done);
}

/// The processor's own refusal, whose end the journal did not see any more.
#[tokio::test]
async fn a_request_that_an_earlier_life_failed_itself_just_ends() {
    async fn takes_back(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        cx.step("create").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        cx.step("delete").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        Ok(Outcome::fail("sold out"))
    }
    let harness = Harness::start().await;
    harness.die_at("before journal finish", takes_back).await;
    let report = harness.live(takes_back).await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!((harness.state().await, harness.vendor.calls()), (RunState::Done, 2));
}

/// Whoever only made the run hurry was asked nothing.
#[tokio::test]
async fn a_revival_about_something_else_is_no_word_about_what_stands() {
    let harness = Harness::start().await;
    overtaken(&harness).await;
    let now = harness.clock.now();
    harness.journal.revive(&harness.request.as_str().into(), now, "in a hurry").await.unwrap();
    look_again(&harness).await;
    assert_eq!(harness.state().await, RunState::Parked);
}

/// The platform refused the failing, the handler went on, and then a person failed the request.
#[tokio::test]
async fn what_was_done_after_a_failing_that_did_not_happen_stands() {
    async fn refused(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        cx.step("first").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        Ok(Outcome::fail("no"))
    }
    let harness = Harness::start().await;
    let failing = Fault::new(FaultEffect::Answer(Canned::status(http::StatusCode::BAD_REQUEST)));
    harness.emulator.faults().add(failing.on("POST", "/requests/*/fail").times(1));
    harness.live(refused).await;
    harness.wait();
    overtaken(&harness).await;
    look_again(&harness).await;
    let why = format!("{:?}", harness.run().await.note);
    assert!(why.contains("enable") && !why.contains("first"), "{why}");
}

/// Takes back what was enabled.
async fn take_back(cx: Cx) -> Result<Outcome, Failure> {
    if cx.recorded::<u32>("enable").await?.is_some() {
        let vendor = cx.state();
        cx.step("disable").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    }
    Ok(Outcome::Confirm)
}

/// A life that has something to take back what was done for requests that others reject.
async fn rejected_elsewhere<H>(harness: &Harness, journal: impl Journal, handler: H) -> Report
where
    H: connect_processor::Handler<AssetRequest, Arc<Vendor>>,
{
    let processor = harness.processor(journal);
    let processor =
        processor.on(AssetRequestType::Resume, |_: Cx| async { Ok(Outcome::approve()) });
    processor.on_rejected_elsewhere(AssetRequestType::Resume, handler).drain().await.unwrap()
}

#[tokio::test]
async fn what_stands_after_somebody_else_failed_the_request_is_taken_back_by_what_is_registered() {
    let harness = Harness::start().await;
    overtaken(&harness).await;
    harness.wait();
    let report = rejected_elsewhere(&harness, Arc::clone(&harness.journal), take_back).await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!((harness.state().await, harness.vendor.calls()), (RunState::Done, 2));
    assert_eq!(harness.read().await.reason, "by hand");
}

#[tokio::test]
async fn taking_it_back_goes_on_wherever_a_life_ends() {
    let places =
        ["record", "intend", "finish"].map(|call| ["before", "after"].map(|at| (at, call)));
    for (at, call) in places.into_iter().flatten() {
        let place = format!("{at} journal {call}");
        let harness = Harness::start().await;
        overtaken(&harness).await;
        harness.wait();
        let fuse = Fuse::at(Point::new(&*place, 1));
        let journal = Faulty::new(Arc::clone(&harness.journal), fuse.clone());
        tokio::select! {
            _ = rejected_elsewhere(&harness, journal, take_back) => panic!("no life comes to {place}"),
            () = fuse.blown() => {}
        }
        harness.clock.advance(std::time::Duration::from_secs(120));
        let report = rejected_elsewhere(&harness, Arc::clone(&harness.journal), take_back).await;
        assert!(report.is_complete(), "{place}: {report:?}");
        assert_eq!(harness.state().await, RunState::Done, "{place}");
    }
}

#[tokio::test]
async fn what_cannot_be_taken_back_is_left_to_a_person() {
    let harness = Harness::start().await;
    overtaken(&harness).await;
    harness.wait();
    let gives_up = |_: Cx| async { Err(Failure::give_up("the tenant is locked")) };
    let report = rejected_elsewhere(&harness, Arc::clone(&harness.journal), gives_up).await;
    insta::assert_snapshot!(report.open[0].why, @"somebody else ended the request while this run had begun: enable. What these steps did at the vendor stands, and it cannot be taken back: the tenant is locked; see to it, then revive the run to end it");
}
