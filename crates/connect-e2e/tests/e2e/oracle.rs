//! The oracle must see what it is there to see: each violation is planted and found.

use std::time::Duration;

use bytes::Bytes;
use connect_e2e::{Approval, Effect, Evidence, RunSeen, SeenRequest, judge};
use connect_journal::{Finish, Journal, ManualClock, MemoryJournal, NewRun, StepResult, WorkerId};
use connect_model::{AssetRequestType, RequestStatus};
use jiff::Timestamp;

const REQUEST: &str = "PR-0000-0000-0001-003";

/// A resume request that went as it should.
async fn good_story() -> Evidence {
    let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
    let journal = MemoryJournal::new(clock.clone());
    let (run, worker) = (REQUEST.into(), WorkerId::from("w"));
    journal.offer(&[NewRun::new(REQUEST, "AS-0000-0000-0001", "{}")]).await.unwrap();
    let claims =
        journal.claim(&worker, 1.try_into().unwrap(), Duration::from_secs(60)).await.unwrap();
    let done = StepResult::Done(Bytes::from_static(b"null"));
    journal.record(&claims[0], &"enable_tenant".into(), done, None).await.unwrap();
    clock.advance(Duration::from_secs(1));
    let approved_at = Timestamp::from_second(1).unwrap();
    let outcome = Bytes::from_static(b"approved");
    journal.finish(&claims[0], Finish::Done { outcome }).await.unwrap();
    Evidence {
        requests: vec![SeenRequest {
            id: REQUEST.into(),
            kind: AssetRequestType::Resume,
            status: RequestStatus::Approved,
            tenant: Some("t-1".into()),
        }],
        approvals: vec![Approval { request: REQUEST.into(), at: approved_at }],
        effects: vec![effect("enable_tenant", (10, 20))],
        runs: vec![RunSeen {
            view: journal.run(&run).await.unwrap().unwrap(),
            history: journal.history(&run, 0..u64::MAX).await.unwrap(),
        }],
    }
}

fn effect(step: &str, span: (u64, u64)) -> Effect {
    let key = Some(format!("{REQUEST}:{step}"));
    Effect { key, tenant: "t-1".into(), operation: "enable".into(), span }
}

fn verdict(evidence: &Evidence) -> String {
    judge(evidence).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_story_told_well_has_no_violation() {
    assert_eq!(verdict(&good_story().await), "");
}

#[tokio::test]
async fn an_effect_that_happened_twice_is_seen() {
    let mut story = good_story().await;
    story.effects.push(effect("enable_tenant", (30, 40)));
    insta::assert_snapshot!(verdict(&story), @"doubled: PR-0000-0000-0001-003:enable_tenant 2 times");
}

#[tokio::test]
async fn a_request_nobody_cares_for_is_seen() {
    let mut story = good_story().await;
    story.requests[0].status = RequestStatus::Pending;
    insta::assert_snapshot!(verdict(&story), @"lost: PR-0000-0000-0001-003 is pending, its run done");
    story.runs.clear();
    insta::assert_snapshot!(verdict(&story), @"lost: PR-0000-0000-0001-003 is pending, its run unknown");
}

#[tokio::test]
async fn an_approval_without_its_step_is_seen() {
    let mut story = good_story().await;
    story.requests[0].kind = AssetRequestType::Suspend;
    insta::assert_snapshot!(verdict(&story), @"approved without proof: PR-0000-0000-0001-003 lacks disable_tenant");
}

#[tokio::test]
async fn an_approval_before_its_step_was_recorded_is_seen() {
    let mut story = good_story().await;
    story.approvals[0].at = Timestamp::from_second(-1).unwrap();
    insta::assert_snapshot!(verdict(&story), @"approved without proof: PR-0000-0000-0001-003 lacks enable_tenant");
}

#[tokio::test]
async fn two_approvals_are_seen() {
    let mut story = good_story().await;
    let again = story.approvals[0].clone();
    story.approvals.push(again);
    insta::assert_snapshot!(verdict(&story), @"approved twice: PR-0000-0000-0001-003");
}

#[tokio::test]
async fn a_rejection_that_leaves_its_effect_is_seen() {
    let mut story = good_story().await;
    story.requests[0].status = RequestStatus::Failed;
    insta::assert_snapshot!(verdict(&story), @"rejected, with its effect left: PR-0000-0000-0001-003 enable");
}

#[tokio::test]
async fn overlapping_effects_are_seen() {
    let mut story = good_story().await;
    story.effects.push(Effect { key: None, ..effect("x", (15, 25)) });
    insta::assert_snapshot!(verdict(&story), @r#"overlapping effects: Some("PR-0000-0000-0001-003:enable_tenant") and None of t-1"#);
}

#[tokio::test]
async fn a_history_that_tells_another_story_is_seen() {
    let mut story = good_story().await;
    story.runs[0].history.pop();
    insta::assert_snapshot!(verdict(&story), @"history and state differ: PR-0000-0000-0001-003");
}
