//! Answers that are no proof: the request shows what happened, not the status of an answer.

use std::sync::Arc;

use connect_emulator::{Canned, Fault, FaultEffect};
use connect_journal::RunState;
use connect_model::{AssetRequest, RequestStatus};
use connect_processor::{Approval, Context, Ending, Failure, Inquiry, Outcome};
use http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

/// What proxies, login pages and half-broken platforms answer with a status that says yes.
fn wrong_yeses(request: &str) -> Vec<Canned> {
    let said =
        |status: StatusCode, body: Value| Canned { body: Some(body), ..Canned::status(status) };
    vec![
        said(StatusCode::OK, json!("<!DOCTYPE html><h1>Please log in</h1>")),
        said(StatusCode::OK, json!("")),
        said(StatusCode::NO_CONTENT, json!("")),
        said(StatusCode::ACCEPTED, json!({"task": 7})),
        said(StatusCode::OK, json!(null)),
        said(StatusCode::OK, json!([])),
        said(StatusCode::OK, json!({"id": request, "status": "pending"})),
        said(StatusCode::OK, json!({"id": request})),
        said(StatusCode::OK, json!({"id": "PR-0000-0000-0000-001", "status": "approved"})),
        said(StatusCode::OK, json!({"id": "PR-0000-0000-0000-001", "status": "failed"})),
    ]
}

async fn approves(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    cx.step("enable").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    Ok(Outcome::approve())
}

async fn fails(_: Cx) -> Result<Outcome, Failure> {
    Ok(Outcome::fail("no"))
}

async fn inquires(_: Cx) -> Result<Outcome, Failure> {
    Ok(Inquiry::default().parameter("admin_email", "Nobody reads it.").into())
}

/// Told again when nothing had happened, and never twice when it had.
#[tokio::test]
async fn a_wrong_yes_is_settled_by_reading() {
    for number in 0..wrong_yeses("").len() {
        for carried_out in [false, true] {
            let harness = Harness::start().await;
            let answer = wrong_yeses(harness.request.as_str()).swap_remove(number);
            let effect = if carried_out { FaultEffect::AnswerAfter } else { FaultEffect::Answer };
            let approving = Fault::new(effect(answer.clone())).on("POST", "/requests/*/approve");
            harness.emulator.faults().add(approving.times(1));
            let report = harness.live(approves).await;
            let case = format!("{answer:?}, carried out: {carried_out}");
            assert_eq!(report.ended.get(&Ending::Approved), Some(&1), "{case}: {report:?}");
            assert_eq!(harness.read().await.status, RequestStatus::Approved, "{case}");
            assert_eq!(
                (harness.vendor.calls(), harness.state().await),
                (1, RunState::Done),
                "{case}"
            );
        }
    }
}

/// As long as nothing shows the outcome, the request waits, and the report says so.
#[tokio::test]
async fn a_wrong_yes_for_ever_is_never_the_end() {
    for verb in ["approve", "fail", "inquire"] {
        let harness = Harness::start().await;
        let login = wrong_yeses("").swap_remove(0);
        let fault =
            Fault::new(FaultEffect::Answer(login)).on("POST", format!("/requests/*/{verb}"));
        harness.emulator.faults().add(fault);
        let report = match verb {
            "approve" => harness.live(approves).await,
            "fail" => harness.live(fails).await,
            _ => harness.live(inquires).await,
        };
        assert!(!report.is_complete(), "{verb}: {report:?}");
        assert_eq!(harness.read().await.status, RequestStatus::Pending, "{verb}");
        assert_eq!(harness.state().await, RunState::Ready, "{verb}");
    }
}

/// Approving without the parameters would leave a subscription nobody can work with.
#[tokio::test]
async fn parameters_are_written_when_the_request_shows_them() {
    for number in 0..wrong_yeses("").len() {
        let harness = Harness::start().await;
        let answer = wrong_yeses(harness.request.as_str()).swap_remove(number);
        let writing = Fault::new(FaultEffect::Answer(answer)).on("PUT", "/requests/*");
        harness.emulator.faults().add(writing.times(1));
        let writes = |_: Cx| async {
            Ok::<_, Failure>(Approval::default().parameter("subscription_id", "t-9").into())
        };
        harness.live(writes).await;
        let request = harness.read().await;
        assert_eq!(request.status, RequestStatus::Approved, "case {number}");
        assert_eq!(request.asset.value("subscription_id"), Some("t-9"), "case {number}");
    }
}
