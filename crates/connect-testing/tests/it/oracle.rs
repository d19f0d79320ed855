//! The oracle must see what it is there to see: each violation is planted and found.

use std::time::Duration;

use bytes::Bytes;
use connect_clock::VirtualClock;
use connect_journal::{Finish, Journal, MemoryJournal, NewRun, StepResult, WorkerId};
use connect_model::RequestStatus;
use connect_testing::{
    EffectRole, Evidence, RunSeen, SeenApproval, SeenRequest, VendorEffect, judge,
};
use jiff::Timestamp;

const REQUEST: &str = "PR-0000-0000-0001-003";

/// A resume request that went as it should.
async fn good_story() -> Evidence {
    let clock = VirtualClock::new(Timestamp::UNIX_EPOCH);
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
        now: Timestamp::from_second(2).unwrap(),
        vanished: Vec::new(),
        requests: vec![SeenRequest {
            id: REQUEST.into(),
            status: RequestStatus::Approved,
            tenant: Some("t-1".into()),
            needs: vec!["enable".into()],
            may: Some(Vec::new()),
            steps: Vec::new(),
        }],
        approvals: vec![SeenApproval { request: REQUEST.into(), at: approved_at }],
        effects: vec![effect("enable_tenant", (10, 20))],
        runs: vec![RunSeen {
            view: journal.run(&run).await.unwrap().unwrap(),
            history: journal.history(&run, 0..u64::MAX).await.unwrap(),
        }],
    }
}

fn effect(step: &str, span: (u64, u64)) -> VendorEffect {
    let key = Some(format!("{REQUEST}:{step}"));
    let (tenant, operation, role) = ("t-1".into(), "enable".into(), EffectRole::Changes);
    VendorEffect { key, request: None, tenant, operation, role, span }
}

/// A pending request whose run was offered and waits until its due time.
async fn waiting_story(due: i64, why: Option<&str>) -> Evidence {
    let mut story = good_story().await;
    story.requests[0].status = RequestStatus::Pending;
    story.approvals.clear();
    story.effects.clear();
    let clock = VirtualClock::new(Timestamp::UNIX_EPOCH);
    let journal = MemoryJournal::new(clock.clone());
    let (run, worker) = (REQUEST.into(), WorkerId::from("w"));
    let (due, lease) = (Timestamp::from_second(due).unwrap(), Duration::from_secs(60));
    let new = NewRun::new(REQUEST, "AS-0000-0000-0001", "{}");
    match why {
        None => drop(journal.offer(&[new.due(due)]).await.unwrap()),
        Some(why) => {
            journal.offer(&[new]).await.unwrap();
            let claims = journal.claim(&worker, 1.try_into().unwrap(), lease).await.unwrap();
            let wait = Finish::Wait { due, why: why.to_owned(), hold_lane: true };
            journal.finish(&claims[0], wait).await.unwrap();
        }
    }
    story.runs[0].view = journal.run(&run).await.unwrap().unwrap();
    story.runs[0].history = journal.history(&run, 0..u64::MAX).await.unwrap();
    story
}

/// A purchase that the vendor refused to go on with, and what was done for it, in this order.
async fn refused_purchase(operations: &[(&str, &str)]) -> Evidence {
    let mut story = good_story().await;
    story.approvals.clear();
    story.requests[0].needs = vec!["create".into(), "set_limit".into()];
    story.requests[0].may = Some(vec!["delete".into()]);
    story.requests[0].status = RequestStatus::Failed;
    story.requests[0].tenant = None;
    let done = operations.iter().zip((10..).step_by(10));
    let effect = |((step, operation), at): (&(&str, &str), u64)| VendorEffect {
        operation: (*operation).to_owned(),
        role: match *operation {
            "create" => EffectRole::Makes,
            "delete" => EffectRole::Removes,
            _ => EffectRole::Changes,
        },
        ..effect(step, (at, at + 5))
    };
    story.effects = done.map(effect).collect();
    story
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
    story.requests[0].needs = vec!["disable".into()];
    insta::assert_snapshot!(verdict(&story), @"
    approved without proof: PR-0000-0000-0001-003 lacks disable
    an effect nobody asked for: enable of t-1 by PR-0000-0000-0001-003:enable_tenant
    ");
}

#[tokio::test]
async fn an_approval_for_which_nothing_was_done_is_seen() {
    let mut story = good_story().await;
    story.effects.clear();
    assert_eq!(verdict(&story), "", "the vendor may have said that it was enabled");
    story.runs.clear();
    insta::assert_snapshot!(verdict(&story), @"approved without proof: PR-0000-0000-0001-003 lacks enable");
}

#[tokio::test]
async fn an_approval_before_its_step_was_recorded_is_seen() {
    let mut story = good_story().await;
    story.approvals[0].at = Timestamp::from_second(-1).unwrap();
    insta::assert_snapshot!(verdict(&story), @"approved without proof: PR-0000-0000-0001-003 lacks enable");
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
    story.effects.push(effect("enable_tenant", (15, 25)));
    insta::assert_snapshot!(verdict(&story), @r#"
    doubled: PR-0000-0000-0001-003:enable_tenant 2 times
    overlapping effects: Some("PR-0000-0000-0001-003:enable_tenant") and Some("PR-0000-0000-0001-003:enable_tenant") of t-1
    "#);
}

#[tokio::test]
async fn a_history_that_tells_another_story_is_seen() {
    let mut story = good_story().await;
    story.runs[0].history.pop();
    insta::assert_snapshot!(verdict(&story), @"history and state differ: PR-0000-0000-0001-003");
}

#[tokio::test]
async fn a_run_that_was_due_and_never_begun_is_lost() {
    assert_eq!(verdict(&waiting_story(3, None).await), "");
    assert_eq!(verdict(&waiting_story(1, Some("the vendor is down")).await), "");
    insta::assert_snapshot!(verdict(&waiting_story(1, None).await), @"lost: PR-0000-0000-0001-003 is pending, its run ready");
}

#[tokio::test]
async fn an_effect_that_nobody_asked_for_is_seen() {
    let key = |key: &str| Some(key.to_owned());
    let fine = effect("enable_tenant", (10, 20));
    let mut told = Vec::new();
    for effect in [
        VendorEffect { key: None, ..fine.clone() },
        VendorEffect { key: key("enable_tenant"), ..fine.clone() },
        VendorEffect { key: key("PR-0000-0000-0001-004:enable_tenant"), ..fine.clone() },
        VendorEffect { key: key("PR-0000-0000-0001-003:delete_tenant"), ..fine.clone() },
        VendorEffect { operation: "delete".into(), ..fine.clone() },
        VendorEffect { tenant: "t-2".into(), ..fine },
    ] {
        let mut story = good_story().await;
        story.effects = vec![effect];
        told.push(verdict(&story));
    }
    insta::assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn a_tenant_that_was_created_and_deleted_again_is_not_left() {
    let (create, limit) = (("create_tenant", "create"), ("set_limit", "set_limit"));
    let delete = ("delete_tenant", "delete");
    assert_eq!(verdict(&refused_purchase(&[create, delete]).await), "");
    assert_eq!(verdict(&refused_purchase(&[create, limit, delete]).await), "");
    let left = verdict(&refused_purchase(&[create]).await);
    insta::assert_snapshot!(left, @"rejected, with its effect left: PR-0000-0000-0001-003 create");
    let foreign = verdict(&refused_purchase(&[limit, delete]).await);
    insta::assert_snapshot!(foreign, @"rejected, with its effect left: PR-0000-0000-0001-003 set_limit");
}

#[tokio::test]
async fn a_request_that_vanished_is_seen() {
    let mut story = good_story().await;
    story.vanished.push("PR-0000-0000-0002-001".into());
    insta::assert_snapshot!(verdict(&story), @"vanished: PR-0000-0000-0002-001");
}

#[tokio::test]
async fn a_step_that_is_not_on_record_is_seen() {
    let mut story = good_story().await;
    story.requests[0].steps = vec!["enable_tenant".into(), "tell_billing".into()];
    insta::assert_snapshot!(verdict(&story), @"approved without proof: PR-0000-0000-0001-003 lacks the record of step `tell_billing`");
}

/// A vendor without keys: what its calls are for, another evidence says.
#[tokio::test]
async fn effects_without_a_key_are_as_many_as_the_request_needs() {
    let keyless = |span| VendorEffect {
        key: None,
        request: Some(REQUEST.into()),
        ..effect("enable_tenant", span)
    };
    let mut story = good_story().await;
    story.effects = vec![keyless((10, 20))];
    assert_eq!(verdict(&story), "");
    story.effects.push(keyless((30, 40)));
    insta::assert_snapshot!(verdict(&story), @"
        doubled: PR-0000-0000-0001-003 enable 2 times
        an effect nobody asked for: enable of t-1 by no key
        an effect nobody asked for: enable of t-1 by no key
        ");
}
