//! Steps that are tried again within an attempt, and that may take only so long.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use connect_journal::RunState;
use connect_model::{AssetRequest, RequestStatus};
use connect_processor::{Backoff, Context, Failure, Handler, Outcome, Report, StepRetry};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

const SECOND: Duration = Duration::from_secs(1);

fn thrice() -> StepRetry {
    StepRetry::attempts(3).backoff(Backoff { base: SECOND, cap: SECOND })
}

fn reset() -> std::io::Error {
    std::io::Error::other("connection reset")
}

/// Fails twice, then is through.
async fn keyed(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    let work = |_| async { if vendor.act() < 3 { Err(reset()) } else { Ok(()) } };
    cx.step("enable").retry(thrice()).run(work).await?;
    Ok(Outcome::fail("done"))
}

/// Happens the second time, and nobody hears of it.
async fn probed(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    let look = |_| async { Ok::<_, Failure>(vendor.look().filter(|calls| *calls > 1)) };
    let work = |_| async {
        vendor.act();
        Err::<u32, _>(reset())
    };
    let calls: u32 = cx.step("enable").recover(look).retry(thrice()).run(work).await?;
    Ok(Outcome::fail(format!("call {calls}")))
}

/// Time passes after each of so many calls of the vendor.
async fn pass_after_calls(harness: &Harness, calls: u32, by: Duration) {
    for call in 1..=calls {
        while harness.vendor.calls() < call {
            tokio::task::yield_now().await;
        }
        harness.clock.advance(by);
    }
    pending::<()>().await;
}

/// A life in which a second passes after each of the first two calls.
async fn live_on<H: Handler<AssetRequest, Arc<Vendor>>>(harness: &Harness, handler: H) -> Report {
    tokio::select! {
        report = harness.live(handler) => report,
        () = pass_after_calls(harness, 2, SECOND) => unreachable!("time goes on"),
    }
}

#[tokio::test]
async fn a_step_is_tried_again_within_the_attempt() {
    let harness = Harness::start().await;
    live_on(&harness, keyed).await;
    assert_eq!((harness.vendor.calls(), harness.run().await.attempt), (3, 1));
    assert_eq!(harness.read().await.status, RequestStatus::Failed);
}

#[tokio::test]
async fn a_probed_step_looks_before_each_repetition() {
    let harness = Harness::start().await;
    live_on(&harness, probed).await;
    assert_eq!((harness.vendor.calls(), harness.vendor.looks()), (2, 2));
    assert_eq!(harness.read().await.reason, "call 2");
}

#[tokio::test]
async fn a_step_that_fails_each_time_is_left_to_a_later_attempt() {
    let never = |cx: Cx| async move {
        let vendor = cx.state();
        let work = |_| async {
            vendor.act();
            Err::<(), _>(reset())
        };
        cx.step("enable").retry(thrice()).run(work).await?;
        Ok(Outcome::approve())
    };
    let harness = Harness::start().await;
    live_on(&harness, never).await;
    assert_eq!((harness.vendor.calls(), harness.state().await), (3, RunState::Ready));
}

/// What the vendor says for good, and a wish to wait for longer, end the attempt at once.
#[tokio::test]
async fn nothing_definite_is_tried_again() {
    let harness = Harness::start().await;
    harness
        .live(|cx: Cx| async move {
            let vendor = cx.state();
            let minute = SECOND * 60;
            let work = |_| async {
                vendor.act();
                Err::<(), _>(Failure::retry_after(minute, reset()))
            };
            cx.step("busy").retry(thrice()).run(work).await?;
            Ok(Outcome::approve())
        })
        .await;
    assert_eq!((harness.vendor.calls(), harness.state().await), (1, RunState::Ready));
    harness.wait();
    harness
        .live(|cx: Cx| async move {
            let vendor = cx.state();
            let work = |_| async {
                vendor.act();
                Err::<(), _>(Failure::give_up("sold out"))
            };
            cx.step("refused").retry(thrice()).run(work).await?;
            Ok(Outcome::approve())
        })
        .await;
    assert_eq!((harness.vendor.calls(), harness.read().await.reason.as_str()), (2, "sold out"));
}

/// Wherever a life ends, the next one goes on as after any crash.
#[tokio::test]
async fn a_life_may_end_between_two_tries() {
    let places = ["before journal record", "after journal record", "before journal intend"];
    for place in places {
        let harness = Harness::start().await;
        tokio::select! {
            () = harness.die_at(place, probed) => {}
            () = pass_after_calls(&harness, 2, SECOND) => {}
        }
        live_on(&harness, probed).await;
        assert_eq!(harness.vendor.calls(), 2, "{place}");
        assert_eq!(harness.read().await.reason, "call 2", "{place}");
    }
}

#[tokio::test]
async fn a_step_that_takes_too_long_is_tried_again() {
    let harness = Harness::start().await;
    let hangs_once = |cx: Cx| async move {
        let vendor = cx.state();
        let work = |_| async {
            if vendor.act() == 1 {
                pending::<()>().await;
            }
            Ok::<_, Failure>(())
        };
        let none = Duration::ZERO;
        let at_once = StepRetry::attempts(2).backoff(Backoff { base: none, cap: none });
        cx.step("enable").time_limit(SECOND * 5).retry(at_once).run(work).await?;
        Ok(Outcome::fail("done"))
    };
    tokio::select! {
        _ = harness.live(hangs_once) => {}
        () = pass_after_calls(&harness, 1, SECOND * 5) => {}
    }
    assert_eq!((harness.vendor.calls(), harness.run().await.attempt), (2, 1));
}

/// No answer is neither a yes nor a no.
#[tokio::test]
async fn a_once_step_that_takes_too_long_is_left_to_a_person() {
    let harness = Harness::start().await;
    let hangs = |cx: Cx| async move {
        let vendor = cx.state();
        let work = |_| async {
            vendor.act();
            pending::<Result<(), Failure>>().await
        };
        cx.step("enable").time_limit(SECOND * 5).once().run(work).await?;
        Ok(Outcome::approve())
    };
    let report = tokio::select! {
        report = harness.live(hangs) => report,
        () = pass_after_calls(&harness, 1, SECOND * 5) => unreachable!("time goes on"),
    };
    insta::assert_snapshot!(report.open[0].why, @"step `enable` must not be repeated and ended without a definite answer (step `enable` took longer than 5s and has no answer); look at what the vendor has: where it has not happened, revive the run to let it act again; where it has, finish the request by hand");
    assert_eq!((harness.vendor.calls(), harness.state().await), (1, RunState::Parked));
}

/// A look that hangs must not hold the run either.
#[tokio::test]
async fn a_look_that_takes_too_long_is_no_answer() {
    let hanging_look = |cx: Cx| async move {
        let vendor = cx.state();
        let look = |_| async {
            vendor.look();
            pending::<Result<Option<u32>, Failure>>().await
        };
        let step = cx.step("enable").time_limit(SECOND * 5).recover(look);
        let calls = step.run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        Ok(Outcome::fail(format!("call {calls}")))
    };
    let harness = Harness::start().await;
    harness.die_at("before journal record", hanging_look).await;
    let passing = async {
        while harness.vendor.looks() < 1 {
            tokio::task::yield_now().await;
        }
        harness.clock.advance(SECOND * 5);
        pending::<()>().await;
    };
    let report = tokio::select! {
        report = harness.live(hanging_look) => report,
        () = passing => unreachable!("time goes on"),
    };
    insta::assert_snapshot!(report.open[0].why, @"step `enable` took longer than 5s and has no answer");
    assert_eq!(harness.vendor.calls(), 1);
}
