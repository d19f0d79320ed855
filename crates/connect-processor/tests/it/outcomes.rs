//! What a handler decides, and what the platform is told.

use std::sync::Arc;
use std::time::Duration;

use connect_journal::RunState;
use connect_model::{AssetRequest, RequestStatus};
use connect_processor::{Approval, Context, Failure, Inquiry, Outcome};

use crate::stage::{Stage, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

#[tokio::test]
async fn a_parameter_is_written_before_the_approval() {
    let stage = Stage::start().await;
    stage
        .live(|_: Cx| async { Ok(Approval::default().parameter("subscription_id", "t-9").into()) })
        .await;
    let request = stage.read().await;
    assert_eq!(request.status, RequestStatus::Approved);
    assert_eq!(request.asset.value("subscription_id"), Some("t-9"));
}

#[tokio::test]
async fn an_inquiry_marks_its_parameters() {
    let stage = Stage::start().await;
    stage
        .live(|_: Cx| async {
            Ok(Inquiry::default().parameter("admin_email", "Nobody reads it.").into())
        })
        .await;
    let request = stage.read().await;
    assert_eq!(request.status, RequestStatus::Inquiring);
    let email = request.asset.param("admin_email").unwrap();
    assert_eq!(email.value_error.as_deref(), Some("Nobody reads it."));
    assert_eq!(stage.state().await, RunState::Idle);
}

#[tokio::test]
async fn a_rescheduled_request_is_looked_at_again_when_it_is_due() {
    async fn not_ready(cx: Cx) -> Result<Outcome, Failure> {
        match cx.state().act() {
            1 => Ok(Outcome::reschedule(Duration::from_secs(600))),
            _ => Ok(Outcome::fail("ready")),
        }
    }
    let stage = Stage::start().await;
    let report = stage.live(not_ready).await;
    insta::assert_snapshot!(report.leftovers[0].why, @"rescheduled by its handler");
    stage.live(not_ready).await;
    assert_eq!(stage.vendor.calls(), 1, "not before it is due");
    stage.wait();
    stage.live(not_ready).await;
    assert_eq!(stage.read().await.reason, "ready");
}

#[tokio::test]
async fn a_skipped_request_is_left_alone_until_it_changes() {
    async fn not_mine(cx: Cx) -> Result<Outcome, Failure> {
        cx.state().act();
        Ok(Outcome::Skip)
    }
    let stage = Stage::start().await;
    for _ in 0..3 {
        stage.live(not_mine).await;
    }
    assert_eq!(stage.vendor.calls(), 1);
    assert_eq!(stage.read().await.status, RequestStatus::Pending);
}

#[tokio::test]
async fn a_refusal_without_a_reason_gets_one() {
    let stage = Stage::start().await;
    stage.live(|_: Cx| async { Ok(Outcome::fail("  ")) }).await;
    assert_eq!(stage.read().await.reason, "The vendor gave no reason.");
}

#[tokio::test]
async fn a_handler_that_panics_is_tried_again() {
    async fn panics_once(cx: Cx) -> Result<Outcome, Failure> {
        assert!(cx.state().act() > 1, "a defect in a handler");
        Ok(Outcome::fail("the second time"))
    }
    let stage = Stage::start().await;
    stage.live(panics_once).await;
    stage.wait();
    stage.live(panics_once).await;
    assert_eq!(stage.read().await.reason, "the second time");
}

/// Scheduling is off for this product: the platform refuses, and the run keeps the reason.
#[tokio::test]
async fn what_the_platform_refuses_is_kept_as_the_reason() {
    let stage = Stage::start().await;
    let day = "2030-01-01".parse().unwrap();
    let report = stage.live(move |_: Cx| async move { Ok(Outcome::Schedule { on: day }) }).await;
    let why = &report.leftovers[0].why;
    assert!(why.contains("capability subscription.resume.scheduling is off"), "{why}");
    assert_eq!(stage.read().await.status, RequestStatus::Pending);
}

#[tokio::test]
async fn a_missing_parameter_says_what_to_do() {
    let stage = Stage::start().await;
    let report = stage
        .live(|cx: Cx| async move {
            cx.parameter("licence_key")?;
            Ok(Outcome::approve())
        })
        .await;
    let why = report.leftovers[0].why.replace(stage.request.as_str(), "PR-…");
    insta::assert_snapshot!(why, @"parameter `licence_key` of PR-… has no value; fill it in, the request is looked at again");
}
