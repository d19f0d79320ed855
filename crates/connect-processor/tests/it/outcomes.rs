//! What a handler decides, and what the platform is told.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::Clock;
use connect_emulator::{Canned, Fault, FaultEffect};
use connect_journal::RunState;
use connect_model::asset_request::action::Fail;
use connect_model::{AssetRequest, AssetRequestType, ConnectionType, RequestStatus};
use connect_processor::{Approval, Context, Ending, Failure, Inquiry, Outcome};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

#[tokio::test]
async fn a_parameter_is_written_before_the_approval() {
    let harness = Harness::start().await;
    harness
        .live(|_: Cx| async { Ok(Approval::default().parameter("subscription_id", "t-9").into()) })
        .await;
    let request = harness.read().await;
    assert_eq!(request.status, RequestStatus::Approved);
    assert_eq!(request.asset.value("subscription_id"), Some("t-9"));
}

#[tokio::test]
async fn an_inquiry_marks_its_parameters() {
    let harness = Harness::start().await;
    harness
        .live(|_: Cx| async {
            Ok(Inquiry::default().parameter("admin_email", "Nobody reads it.").into())
        })
        .await;
    let request = harness.read().await;
    assert_eq!(request.status, RequestStatus::Inquiring);
    let email = request.asset.param("admin_email").unwrap();
    assert_eq!(email.value_error.as_deref(), Some("Nobody reads it."));
    assert_eq!(harness.state().await, RunState::Idle);
}

#[tokio::test]
async fn a_rescheduled_request_is_looked_at_again_when_it_is_due() {
    async fn not_ready(cx: Cx) -> Result<Outcome, Failure> {
        match cx.state().act() {
            1 => Ok(Outcome::reschedule(Duration::from_secs(600))),
            _ => Ok(Outcome::fail("ready")),
        }
    }
    let harness = Harness::start().await;
    let report = harness.live(not_ready).await;
    insta::assert_snapshot!(report.open[0].why, @"rescheduled by its handler");
    harness.live(not_ready).await;
    assert_eq!(harness.vendor.calls(), 1, "not before it is due");
    harness.wait();
    harness.live(not_ready).await;
    assert_eq!(harness.read().await.reason, "ready");
}

#[tokio::test]
async fn a_skipped_request_is_left_alone_until_it_changes() {
    async fn not_mine(cx: Cx) -> Result<Outcome, Failure> {
        cx.state().act();
        Ok(Outcome::Skip)
    }
    let harness = Harness::start().await;
    for _ in 0..3 {
        harness.live(not_mine).await;
    }
    assert_eq!(harness.vendor.calls(), 1);
    assert_eq!(harness.read().await.status, RequestStatus::Pending);

    harness.change_request().await;
    harness.live(not_mine).await;
    assert_eq!(harness.vendor.calls(), 2);
}

/// A version without the handler is rolled back to one that has it.
#[tokio::test]
async fn a_request_without_a_handler_waits_for_one() {
    let harness = Harness::start().await;
    let not_yet = |_: Cx| async { Ok(Outcome::reschedule(Duration::from_secs(600))) };
    harness.live(not_yet).await;
    harness.wait();
    let suspending = harness.processor(Arc::clone(&harness.journal));
    let suspending = suspending.on(AssetRequestType::Suspend, not_yet);
    assert_eq!(suspending.drain().await.unwrap().ended.get(&Ending::NoHandler), Some(&1));
    harness.live(|_: Cx| async { Ok(Outcome::fail("at last")) }).await;
    assert_eq!(harness.read().await.reason, "at last");
}

#[tokio::test]
async fn a_request_of_another_environment_is_left_alone_even_when_it_is_known() {
    async fn waits(cx: Cx) -> Result<Outcome, Failure> {
        cx.state().act();
        Ok(Outcome::reschedule(Duration::from_secs(600)))
    }
    let harness = Harness::start().await;
    harness.live(waits).await;
    harness.wait();
    let productive = harness.processor(Arc::clone(&harness.journal));
    let productive = productive.environments([ConnectionType::Production]);
    let report = productive.on(AssetRequestType::Resume, waits).drain().await.unwrap();
    assert_eq!((report.ended.get(&Ending::NotOurs), harness.vendor.calls()), (Some(&1), 1));
    harness.live(waits).await;
    assert_eq!(harness.vendor.calls(), 2, "and is taken up again where it is asked for");
}

/// What the platform hides for a while, for instance because the key lost a right, is not lost.
#[tokio::test]
async fn a_request_that_is_hidden_for_a_while_is_not_lost() {
    let harness = Harness::start().await;
    let nothing =
        Canned { body: Some(serde_json::json!([])), ..Canned::status(http::StatusCode::OK) };
    let reading = Fault::new(FaultEffect::Answer(nothing)).on("GET", "/requests").skip(2);
    harness.emulator.faults().add(reading.times(1));
    let refuse = |_: Cx| async { Ok(Outcome::fail("seen")) };
    harness.live(refuse).await;
    harness.wait();
    harness.live(refuse).await;
    assert_eq!(harness.read().await.reason, "seen");
}

/// A person settles by hand what the processor could not, and goes on with the subscription.
#[tokio::test]
async fn a_parked_request_keeps_nothing_from_the_next_of_its_subscription() {
    let harness = Harness::start().await;
    let park = |_: Cx| async { Err::<Outcome, _>(Failure::park("look at it")) };
    harness.live(park).await;
    let settled = Fail { reason: "by hand".to_owned() };
    harness.client().act(harness.request.as_str(), &settled).await.unwrap();
    let next = harness.another_request().await;
    harness.live(|_: Cx| async { Ok(Outcome::fail("the next")) }).await;
    let next: AssetRequest = harness.client().get(&next).await.unwrap();
    assert_eq!(next.reason, "the next");
}

/// Nothing that can be set makes it panic, hang or spin.
#[tokio::test]
async fn absurd_settings_are_no_defect() {
    let harness = Harness::start().await;
    let processor = harness.processor(Arc::clone(&harness.journal));
    let processor = processor
        .concurrency(NonZeroUsize::MAX)
        .patience(Duration::MAX)
        .poll_every(Duration::ZERO)
        .grace(Duration::MAX);
    let refuse = |_: Cx| async { Ok(Outcome::fail("seen")) };
    let report = processor.on(AssetRequestType::Resume, refuse).drain().await.unwrap();
    assert_eq!(report.ended.get(&Ending::Failed), Some(&1));
    let processor = harness.processor(Arc::clone(&harness.journal)).lease(Duration::ZERO);
    let processor = processor.poll_every(Duration::ZERO).on(AssetRequestType::Resume, refuse);
    processor.run(async {}).await.unwrap();
}

#[tokio::test]
async fn a_refusal_without_a_reason_gets_one() {
    let harness = Harness::start().await;
    harness.live(|_: Cx| async { Ok(Outcome::fail("  ")) }).await;
    assert_eq!(harness.read().await.reason, "The vendor gave no reason.");
}

#[tokio::test]
async fn a_handler_that_panics_is_tried_again() {
    async fn panics_once(cx: Cx) -> Result<Outcome, Failure> {
        assert!(cx.state().act() > 1, "a defect in a handler");
        Ok(Outcome::fail("the second time"))
    }
    let harness = Harness::start().await;
    harness.live(panics_once).await;
    harness.wait();
    harness.live(panics_once).await;
    assert_eq!(harness.read().await.reason, "the second time");
}

/// Scheduling is off for this product: the platform refuses, and the run keeps the reason.
#[tokio::test]
async fn what_the_platform_refuses_is_kept_as_the_reason() {
    let harness = Harness::start().await;
    let day = "2030-01-01".parse().unwrap();
    let report = harness.live(move |_: Cx| async move { Ok(Outcome::Schedule { on: day }) }).await;
    let why = &report.open[0].why;
    assert!(why.contains("capability subscription.resume.scheduling is off"), "{why}");
    assert_eq!(harness.read().await.status, RequestStatus::Pending);
}

#[tokio::test]
async fn a_missing_parameter_says_what_to_do() {
    let harness = Harness::start().await;
    let report = harness
        .live(|cx: Cx| async move {
            cx.parameter("licence_key")?;
            Ok(Outcome::approve())
        })
        .await;
    let why = report.open[0].why.replace(harness.request.as_str(), "PR-…");
    insta::assert_snapshot!(why, @"parameter `licence_key` of PR-… has no value; fill it in, the request is looked at again");
}

/// Who asks for no wait, or for one of ages, gets the backoff, or an hour.
#[tokio::test]
async fn what_a_vendor_asks_to_wait_is_kept_within_bounds() {
    let seconds = Duration::from_secs;
    for (asked, at_least, at_most) in [(0, 5, 10), (60, 60, 60), (99_999_999_999, 3600, 3600)] {
        let harness = Harness::start().await;
        let busy = move |_: Cx| async move {
            Err::<Outcome, _>(Failure::retry_after(seconds(asked), "busy"))
        };
        let backoff = connect_processor::Backoff { base: seconds(10), cap: seconds(10) };
        let processor = harness.processor(Arc::clone(&harness.journal)).backoff(backoff);
        processor.on(AssetRequestType::Resume, busy).drain().await.unwrap();
        let now = harness.clock.now();
        let wait =
            Duration::try_from(harness.run().await.due.unwrap().duration_since(now)).unwrap();
        assert!((seconds(at_least)..=seconds(at_most)).contains(&wait), "{asked}: {wait:?}");
    }
}
