//! One pass over many pending requests, some of which go wrong.

use std::sync::Arc;
use std::time::Duration;

use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect};
use connect_e2e::Stage;
use connect_emulator::fault::{Canned, Fault as PlatformFault};
use connect_journal::MemoryJournal;
use connect_model::RequestStatus;
use connect_model::asset_request::{NewRequest, RequestUpdate};
use connect_model::lifecycle::Operation;
use connect_processor::Ending;
use reqwest::StatusCode;

const PENDING: usize = 250;

#[tokio::test]
async fn all_pending_requests_are_processed_in_one_pass() {
    let stage = Stage::start().await.unwrap();
    let ids = stage.pending_resumes(PENDING).await.unwrap();
    let journal = Arc::new(MemoryJournal::new(SystemClock));

    let report = stage.processor(journal.clone()).unwrap().drain().await.unwrap();

    assert!(report.is_complete(), "{report:?}");
    assert_eq!(report.ended.get(&Ending::Approved), Some(&(PENDING as u64)));
    assert_eq!(stage.vendor.log().len(), PENDING);
    stage.must_hold(journal.as_ref(), &ids).await.unwrap();
}

/// A page of ten makes the list shrink under the walker again and again.
#[tokio::test]
async fn a_list_that_shrinks_while_it_is_walked_hides_nothing() {
    let stage = Stage::start().await.unwrap();
    let ids = stage.pending_resumes(PENDING).await.unwrap();
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let processor = stage.processor(journal.clone()).unwrap().page_size(10);
    let report = processor.drain().await.unwrap();
    assert_eq!(report.ended.get(&Ending::Approved), Some(&(PENDING as u64)), "{report:?}");
    stage.must_hold(journal.as_ref(), &ids).await.unwrap();
}

#[tokio::test]
async fn four_that_go_wrong_do_not_hold_up_the_other_246() {
    let stage = Stage::start().await.unwrap();
    let mut ids = stage.pending_resumes(PENDING - 1).await.unwrap();
    ids.push(resume_without_parameter(&stage).await);
    stage.vendor.fault(Fault::new(FaultEffect::answer(500)).of("t-10").times(1));
    stage.vendor.fault(Fault::new(FaultEffect::limit(1)).of("t-60").times(1));
    let lost = &ids[110];
    let after = FaultEffect::AnswerAfter(Canned::status(StatusCode::BAD_GATEWAY));
    let approve = format!("/requests/{lost}/approve");
    stage.emulator.faults().add(PlatformFault::new(after).on("POST", approve).times(1));

    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let processor = stage.processor(journal.clone()).unwrap().patience(Duration::from_secs(3));
    let report = processor.drain().await.unwrap();

    assert_eq!(report.ended.get(&Ending::Approved), Some(&(PENDING as u64 - 1)), "{report:?}");
    let [left] = report.open.as_slice() else { panic!("{report:?}") };
    insta::assert_snapshot!(
        left.why.replace(left.request.as_str(), "PR-…"),
        @"20 attempts in a row have failed, the last one with: parameter `subscription_id` of PR-… has no value; fill it in, the request is looked at again. See to it, then revive the run to have it tried again"
    );
    assert_eq!(stage.read(ids.last().unwrap()).await.unwrap().status, RequestStatus::Pending);
    assert_eq!(approvals(&stage, lost.as_str()), 1, "a lost answer is settled by reading");
    stage.must_hold(journal.as_ref(), &ids).await.unwrap();
}

/// A resume request of a subscription that has lost its tenant's id.
async fn resume_without_parameter(stage: &Stage) -> connect_model::RequestId {
    let subscription = stage.suspended("t-lost").await.unwrap();
    let id = stage.request(&NewRequest::resume(&subscription.asset)).await.unwrap();
    let nothing = connect_model::ParameterUpdate::value(acme::SUBSCRIPTION_ID, "");
    let body = serde_json::json!(RequestUpdate::params([nothing]));
    stage.operate(&id, Operation::Update, body).await.unwrap();
    id
}

fn approvals(stage: &Stage, request: &str) -> usize {
    let path = format!("/public/v1/requests/{request}/approve");
    stage.emulator.activity().since(0).iter().filter(|call| call.uri.path() == path).count()
}
