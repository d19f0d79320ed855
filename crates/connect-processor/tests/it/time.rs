//! Time passes while a processor works.

use std::sync::Arc;
use std::time::Duration;

use connect_model::{AssetRequestType, RequestStatus};
use connect_processor::{Context, Failure, Outcome};
use tokio::sync::Notify;

use crate::stage::{Stage, Vendor};

type Cx = Context<connect_model::AssetRequest, Arc<Vendor>>;

const SECOND: Duration = Duration::from_secs(1);

/// Three times the length of a lease.
#[tokio::test]
async fn a_lease_is_kept_for_as_long_as_its_handler_works() {
    let stage = Stage::start().await;
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
    let life = stage.processor(Arc::clone(&stage.journal)).on(AssetRequestType::Resume, handler);
    let time = async {
        begun.notified().await;
        for _ in 0..180 {
            stage.clock.advance(SECOND);
            tokio::task::yield_now().await;
        }
        go_on.notify_one();
    };
    let (report, ()) = tokio::join!(life.lease(SECOND * 60).patience(SECOND * 600).once(), time);
    assert!(report.unwrap().is_complete());
    assert_eq!((stage.vendor.calls(), stage.run().await.attempt), (1, 1));
    assert_eq!(stage.read().await.reason, "in the end");
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_ended_and_tried_again() {
    let stage = Stage::start().await;
    let hangs = |cx: Cx| async move {
        cx.state().act();
        std::future::pending::<Result<Outcome, Failure>>().await
    };
    let life = stage.processor(Arc::clone(&stage.journal)).on(AssetRequestType::Resume, hangs);
    let life = life.run_limit(SECOND * 30).slow(SECOND * 600, 0).once();
    let time = async {
        while stage.vendor.calls() == 0 {
            tokio::task::yield_now().await;
        }
        stage.clock.advance(SECOND * 30);
    };
    let (report, ()) = tokio::join!(life, time);
    insta::assert_snapshot!(report.unwrap().leftovers[0].why, @"the handler took longer than 30s");
    assert_eq!(stage.read().await.status, RequestStatus::Pending);
}

#[tokio::test]
async fn a_run_that_does_not_end_is_left_once_the_grace_is_over() {
    let stage = Stage::start().await;
    let hangs = |cx: Cx| async move {
        cx.state().act();
        std::future::pending::<Result<Outcome, Failure>>().await
    };
    let life = stage.processor(Arc::clone(&stage.journal)).on(AssetRequestType::Resume, hangs);
    let told = Notify::new();
    let shutdown = async {
        while stage.vendor.calls() == 0 {
            tokio::task::yield_now().await;
        }
        told.notify_one();
    };
    let time = async {
        told.notified().await;
        // Nobody else waits for as little as that.
        stage.pass(SECOND / 2).await;
    };
    let life = life.grace(SECOND / 2).slow(SECOND * 600, 0).run(shutdown);
    let (report, ()) = tokio::join!(life, time);
    assert_eq!(report.unwrap().leftovers.len(), 1);
}

/// What is new is found when it is looked for, and the next look is a beat later.
#[tokio::test]
async fn pending_requests_are_looked_for_at_every_beat() {
    let stage = Stage::start().await;
    let refuse = |cx: Cx| async move {
        cx.state().act();
        Ok::<_, Failure>(Outcome::fail("no"))
    };
    let life = stage.processor(Arc::clone(&stage.journal)).on(AssetRequestType::Resume, refuse);
    let beat = SECOND * 30;
    let shutdown = async {
        while stage.vendor.calls() == 0 {
            tokio::task::yield_now().await;
        }
        while stage.read().await.status == RequestStatus::Pending {}
        stage.another_request().await;
        while stage.vendor.calls() == 1 {
            stage.pass(beat).await;
        }
    };
    life.poll_every(beat).run(shutdown).await.unwrap();
    assert_eq!(stage.vendor.calls(), 2);
}
