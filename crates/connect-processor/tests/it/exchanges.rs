//! What was said to the vendor in steps is kept with the run.

use std::sync::Arc;
use std::time::Duration;

use connect_journal::testing::{Faulty, Fuse};
use connect_journal::{Journal, RunState};
use connect_model::{AssetRequest, AssetRequestType, RequestStatus};
use connect_processor::{Context, Exchange, ExchangeLog, Failure, Outcome};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

/// A vendor's client that notes its calls.
fn call(vendor: &Vendor, status: u16) -> u32 {
    if let Some(log) = ExchangeLog::current() {
        let method = "PUT".to_owned();
        log.note(Exchange { method, status: Some(status), ..Exchange::default() });
    }
    vendor.act()
}

/// Each note: attempt, step, whether the step is recorded, and the statuses.
async fn noted(harness: &Harness) -> Vec<(u32, String, bool, Vec<Option<u16>>)> {
    let notes = harness.journal.notes(&harness.request.as_str().into()).await.unwrap();
    let told = notes.iter().map(|note| {
        let statuses = Exchange::of(note).into_iter().map(|exchange| exchange.status).collect();
        (note.attempt, note.step.to_string(), note.is_recorded, statuses)
    });
    told.collect()
}

/// Is told no twice, then yes.
async fn stubborn(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    let work = |_| async {
        match vendor.calls() {
            0 | 1 => {
                call(vendor, 503);
                Err(Failure::retry("busy"))
            }
            _ => Ok(call(vendor, 200)),
        }
    };
    cx.step("enable").run(work).await?;
    Ok(Outcome::fail("done"))
}

#[tokio::test]
async fn failed_attempts_and_the_one_that_was_through_can_be_read_later() {
    let harness = Harness::start().await;
    for _ in 0..3 {
        harness.live(stubborn).await;
        harness.wait();
    }
    assert_eq!(harness.read().await.status, RequestStatus::Failed);
    let enable = || "enable".to_owned();
    assert_eq!(
        noted(&harness).await,
        [
            (1, enable(), false, vec![Some(503)]),
            (2, enable(), false, vec![Some(503)]),
            (3, enable(), true, vec![Some(200)]),
        ]
    );
}

/// A note is written in the write that records the step: it costs no other one.
#[tokio::test]
async fn a_call_costs_no_write_of_its_own() {
    let writes = async |status: Option<u16>| {
        let harness = Harness::start().await;
        let fuse = Fuse::never();
        let journal = Faulty::new(Arc::clone(&harness.journal), fuse.clone());
        let handler = move |cx: Cx| async move {
            let vendor = cx.state();
            let work = |_| async { Ok::<_, Failure>(status.map(|status| call(vendor, status))) };
            cx.step("enable").run(work).await?;
            Ok(Outcome::fail("done"))
        };
        let processor = harness.processor(journal).on(AssetRequestType::Resume, handler);
        processor.drain().await.unwrap();
        let points = fuse.points();
        let writes = ["record", "intend", "finish"];
        let is_write =
            |place: &str| writes.iter().any(|it| place == format!("before journal {it}"));
        points.iter().filter(|point| is_write(point.place())).count()
    };
    assert_eq!(writes(Some(200)).await, writes(None).await);
}

#[tokio::test]
async fn a_life_that_ends_between_the_call_and_its_record_loses_the_note_and_nothing_else() {
    let acts = |cx: Cx| async move {
        let vendor = cx.state();
        let nth = cx.step("enable").run(|_| async { Ok::<_, Failure>(call(vendor, 200)) }).await?;
        Ok(Outcome::fail(format!("call {nth}")))
    };
    let harness = Harness::start().await;
    harness.die_at("before journal record", acts).await;
    assert!(noted(&harness).await.is_empty());
    harness.live(acts).await;
    assert_eq!(noted(&harness).await, [(2, "enable".to_owned(), true, vec![Some(200)])]);

    let harness = Harness::start().await;
    harness.die_at("after journal record", acts).await;
    harness.live(acts).await;
    assert_eq!(noted(&harness).await, [(1, "enable".to_owned(), true, vec![Some(200)])]);
}

/// Of many calls the first and the last are kept.
#[tokio::test]
async fn a_step_that_calls_without_end_fills_no_journal() {
    let harness = Harness::start().await;
    let busy = |cx: Cx| async move {
        let vendor = cx.state();
        let work = |_| async {
            for status in 200..300 {
                call(vendor, status);
            }
            Ok::<_, Failure>(())
        };
        cx.step("enable").run(work).await?;
        Ok(Outcome::fail("done"))
    };
    harness.live(busy).await;
    let (_, _, _, statuses) = noted(&harness).await.remove(0);
    let kept = [200, 201, 202, 203, 296, 297, 298, 299].map(Some);
    assert_eq!(statuses, kept);
    assert_eq!(harness.state().await, RunState::Done);
}

/// What is called outside of a step is not about one.
#[tokio::test]
async fn nothing_is_noted_outside_of_a_step() {
    let harness = Harness::start().await;
    let looks = |cx: Cx| async move {
        call(cx.state(), 200);
        Ok(Outcome::reschedule(Duration::from_secs(3600)))
    };
    harness.live(looks).await;
    assert!(ExchangeLog::current().is_none() && noted(&harness).await.is_empty());
}
