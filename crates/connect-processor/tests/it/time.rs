//! Time passes, and the wall's clock is set, while a processor works.

use std::sync::Arc;
use std::time::Duration;

use connect_journal::{Fact, Journal, RunState};
use connect_model::{AssetRequestType, RequestStatus};
use connect_processor::{Backoff, Context, Failure, Outcome};
use tokio::sync::Notify;

use crate::harness::{Harness, Vendor};

type Cx = Context<connect_model::AssetRequest, Arc<Vendor>>;

const SECOND: Duration = Duration::from_secs(1);

/// Three times the length of a lease, with the clock set there and back meanwhile.
#[tokio::test]
async fn a_lease_is_kept_for_as_long_as_its_handler_works() {
    let harness = Harness::start().await;
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begins, goes_on) = (Arc::clone(&begun), Arc::clone(&go_on));
    let handler = move |cx: Cx| {
        let (begun, go_on) = (Arc::clone(&begins), Arc::clone(&goes_on));
        async move {
            cx.state().act();
            begun.notify_one();
            go_on.notified().await;
            Ok::<_, Failure>(Outcome::fail("in the end"))
        }
    };
    let life =
        harness.processor(Arc::clone(&harness.journal)).on(AssetRequestType::Resume, handler);
    let time = async {
        begun.notified().await;
        for second in 0..180 {
            harness.set_wall_when(second, [30, 60, 90, 120]);
            harness.clock.advance(SECOND);
            tokio::task::yield_now().await;
        }
        go_on.notify_one();
    };
    let (report, ()) = tokio::join!(life.lease(SECOND * 60).patience(SECOND * 600).drain(), time);
    assert!(report.unwrap().is_complete());
    assert_eq!((harness.vendor.calls(), harness.run().await.attempt), (1, 1));
    assert_eq!(harness.read().await.reason, "in the end");
}

/// A minute later by any clock that measures, whatever the one on the wall shows.
#[tokio::test]
async fn a_request_is_tried_again_when_it_was_to_be() {
    let harness = Harness::start().await;
    let busy_once = |cx: Cx| async move {
        match cx.state().act() {
            1 => Err(Failure::retry_after(SECOND * 60, "busy")),
            _ => Ok(Outcome::fail("at last")),
        }
    };
    let life =
        harness.processor(Arc::clone(&harness.journal)).on(AssetRequestType::Resume, busy_once);
    let time = async {
        while harness.vendor.calls() == 0 || harness.state().await != RunState::Ready {
            tokio::task::yield_now().await;
        }
        for second in 0..59 {
            harness.set_wall_when(second, [10, 20, 30, 40]);
            harness.clock.advance(SECOND);
            tokio::task::yield_now().await;
        }
        while harness.vendor.calls() == 1 {
            harness.pass(SECOND).await;
        }
    };
    let backoff = Backoff { base: SECOND, cap: SECOND };
    let (report, ()) = tokio::join!(life.backoff(backoff).patience(SECOND * 600).drain(), time);
    assert!(report.unwrap().is_complete());
    assert_eq!(harness.read().await.reason, "at last");

    // In the end, the wall shows what it should.
    let run = harness.request.as_str().into();
    let history = harness.journal.history(&run, 0..u64::MAX).await.unwrap();
    let claims = history.iter().filter(|event| matches!(event.fact, Fact::Claimed { .. }));
    let claims: Vec<_> = claims.map(|event| event.at).collect();
    let wait = Duration::try_from(claims[1].duration_since(claims[0])).unwrap();
    assert!((SECOND * 60..=SECOND * 70).contains(&wait), "{wait:?}");
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_ended_and_tried_again() {
    let harness = Harness::start().await;
    let hangs = |cx: Cx| async move {
        cx.state().act();
        std::future::pending::<Result<Outcome, Failure>>().await
    };
    let life = harness.processor(Arc::clone(&harness.journal)).on(AssetRequestType::Resume, hangs);
    let life = life.run_limit(SECOND * 30).slow(SECOND * 600, 0).drain();
    let time = async {
        while harness.vendor.calls() == 0 {
            tokio::task::yield_now().await;
        }
        harness.clock.advance(SECOND * 30);
    };
    let (report, ()) = tokio::join!(life, time);
    insta::assert_snapshot!(report.unwrap().open[0].why, @"the handler took longer than 30s");
    assert_eq!(harness.read().await.status, RequestStatus::Pending);
}

#[tokio::test]
async fn a_run_that_does_not_end_is_left_once_the_grace_is_over() {
    let harness = Harness::start().await;
    let hangs = |cx: Cx| async move {
        cx.state().act();
        std::future::pending::<Result<Outcome, Failure>>().await
    };
    let life = harness.processor(Arc::clone(&harness.journal)).on(AssetRequestType::Resume, hangs);
    let told = Notify::new();
    let shutdown = async {
        while harness.vendor.calls() == 0 {
            tokio::task::yield_now().await;
        }
        told.notify_one();
    };
    let time = async {
        told.notified().await;
        // Nobody else waits for as little as that.
        harness.pass(SECOND / 20).await;
    };
    let life = life.grace(SECOND / 20).slow(SECOND * 600, 0).run(shutdown);
    let (report, ()) = tokio::join!(life, time);
    assert_eq!(report.unwrap().open.len(), 1);
}

/// The number of times that requests were listed.
fn looks(harness: &Harness) -> usize {
    let calls = harness.emulator.activity().since(0);
    calls.iter().filter(|call| call.uri.path().ends_with("/requests")).count()
}

/// What is new is found when it is looked for, and the next look is a beat later.
#[tokio::test]
async fn pending_requests_are_looked_for_at_every_beat() {
    let harness = Harness::start().await;
    let refuse = |cx: Cx| async move {
        cx.state().act();
        Ok::<_, Failure>(Outcome::fail("no"))
    };
    let life = harness.processor(Arc::clone(&harness.journal)).on(AssetRequestType::Resume, refuse);
    let beat = SECOND * 30;
    let shutdown = async {
        while harness.vendor.calls() == 0 {
            tokio::task::yield_now().await;
        }
        while harness.read().await.status == RequestStatus::Pending {}
        harness.another_request().await;
        while harness.vendor.calls() == 1 {
            let before = looks(&harness);
            harness.pass(beat).await;
            // Calls take no time here: time that passes under one is time that it ran out of.
            while looks(&harness) == before && harness.vendor.calls() == 1 {
                tokio::task::yield_now().await;
            }
        }
    };
    life.poll_every(beat).run(shutdown).await.unwrap();
    assert_eq!(harness.vendor.calls(), 2);
}
