//! Requests that stay undecided for too long.

use std::sync::Arc;
use std::time::Duration;

use connect_client::Call;
use connect_journal::testing::{Faulty, Fuse, Point};
use connect_journal::{Journal, RunState};
use connect_model::{AssetRequest, AssetRequestType, RequestStatus};
use connect_processor::{Context, Deadline, Ending, Failure, Handler, Outcome, Processor, Report};
use jiff::Timestamp;

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

const HOUR: Duration = Duration::from_secs(3600);
const REASON: &str = "We could not deliver in time.";

async fn skips(_: Cx) -> Result<Outcome, Failure> {
    Ok(Outcome::Skip)
}

async fn waits_a_month(_: Cx) -> Result<Outcome, Failure> {
    Ok(Outcome::reschedule(HOUR * 24 * 30))
}

async fn fails_before_any_step(_: Cx) -> Result<Outcome, Failure> {
    Err(Failure::retry("the vendor is closed"))
}

/// Asks the vendor, who does something and never says so.
async fn is_never_answered(cx: Cx) -> Result<Outcome, Failure> {
    let work = |_| async {
        cx.state().act();
        Err::<(), _>(std::io::Error::other("no answer"))
    };
    cx.step("order").run(work).await?;
    Ok(Outcome::approve())
}

async fn orders_and_waits(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    cx.step("order").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    cx.say("ordered", "It is on its way.").await?;
    Ok(Outcome::reschedule(HOUR * 24 * 30))
}

impl Harness {
    fn limited<H: Handler<AssetRequest, Arc<Vendor>>>(
        &self,
        handler: H,
        deadline: Deadline,
        journal: impl Journal,
    ) -> Processor<Arc<Vendor>> {
        let processor = self.processor(journal).on(AssetRequestType::Resume, handler);
        processor.deadline(&AssetRequestType::Resume, deadline)
    }

    /// A life in which requests may wait for two hours.
    async fn live_limited<H: Handler<AssetRequest, Arc<Vendor>>>(&self, handler: H) -> Report {
        let deadline = Deadline::reject_after(HOUR * 2, REASON);
        let processor = self.limited(handler, deadline, Arc::clone(&self.journal));
        processor.drain().await.unwrap()
    }
}

/// Plays three hours with a life in each; returns the report of the last.
async fn three_hours<H: Handler<AssetRequest, Arc<Vendor>> + Copy>(
    harness: &Harness,
    handler: H,
) -> Report {
    for _ in 0..2 {
        harness.live_limited(handler).await;
        assert_eq!(harness.read().await.status, RequestStatus::Pending);
        harness.wait();
    }
    harness.live_limited(handler).await
}

#[tokio::test]
async fn a_request_for_which_nothing_was_done_is_rejected_with_the_vendors_reason() {
    async fn check<H: Handler<AssetRequest, Arc<Vendor>> + Copy>(handler: H) {
        let harness = Harness::start().await;
        let report = three_hours(&harness, handler).await;
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(report.ended.keys().collect::<Vec<_>>(), [&Ending::Failed]);
        let request = harness.read().await;
        assert_eq!((request.status, request.reason.as_str()), (RequestStatus::Failed, REASON));
        assert_eq!(harness.state().await, RunState::Done);
    }
    check(skips).await;
    check(waits_a_month).await;
    check(fails_before_any_step).await;
}

/// A life in which requests may come to no zone from the third on: at most two days pass.
async fn live_in_zones<H: Handler<AssetRequest, Arc<Vendor>>>(
    harness: &Harness,
    handler: H,
) -> Report {
    let deadline = Deadline::reject_in_zone(3, REASON);
    let processor = harness.limited(handler, deadline, Arc::clone(&harness.journal));
    processor.drain().await.unwrap()
}

#[tokio::test]
async fn a_request_that_comes_to_a_zone_is_rejected_where_nothing_was_done_for_it() {
    async fn check<H: Handler<AssetRequest, Arc<Vendor>> + Copy>(handler: H) -> Option<Report> {
        let harness = Harness::start().await;
        for _ in 0..2 {
            live_in_zones(&harness, handler).await;
            assert_eq!(harness.read().await.status, RequestStatus::Pending);
            harness.clock.advance(HOUR * 24);
        }
        let report = live_in_zones(&harness, handler).await;
        let request = harness.read().await;
        let is_rejected = request.status == RequestStatus::Failed && request.reason == REASON;
        (!is_rejected).then_some(report)
    }
    assert_eq!(check(skips).await, None);
    assert_eq!(check(waits_a_month).await, None);
    assert_eq!(check(fails_before_any_step).await, None);
    let report = check(orders_and_waits).await.unwrap();
    insta::assert_snapshot!(report.open[0].why, @"the request has come to zone 3 of its service level. What these steps did at the vendor may stand: order. See to it and fail the request by hand, or revive the run to have its handler go on");
}

#[tokio::test]
async fn without_a_deadline_or_with_one_for_another_type_a_request_waits() {
    let harness = Harness::start().await;
    for _ in 0..3 {
        let processor = harness.processor(Arc::clone(&harness.journal));
        let other = Deadline::reject_after(HOUR, REASON);
        let processor = processor.on(AssetRequestType::Resume, skips);
        processor.deadline(&AssetRequestType::Suspend, other).drain().await.unwrap();
        harness.wait();
    }
    assert_eq!(harness.read().await.status, RequestStatus::Pending);
    assert_eq!(harness.run().await.steps, [], "nor does a deadline cost anything");
}

#[tokio::test]
async fn a_request_whose_effects_stand_is_left_to_a_person_who_may_let_it_go_on() {
    async fn is_ready_now(cx: Cx) -> Result<Outcome, Failure> {
        let vendor = cx.state();
        cx.step("order").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        Ok(Outcome::approve())
    }
    let harness = Harness::start().await;
    let report = three_hours(&harness, orders_and_waits).await;
    insta::assert_snapshot!(report.open[0].why, @"the request is undecided for more than 2 hours. What these steps did at the vendor may stand: order. See to it and fail the request by hand, or revive the run to have its handler go on");
    harness.live_limited(orders_and_waits).await;
    assert_eq!(harness.state().await, RunState::Parked);

    let run = harness.request.as_str().into();
    harness.journal.revive(&run, Timestamp::UNIX_EPOCH, "a person").await.unwrap();
    harness.live_limited(fails_before_any_step).await;
    assert_eq!(harness.state().await, RunState::Ready, "it has no deadline any more");
    harness.wait();
    harness.live_limited(is_ready_now).await;
    assert_eq!(harness.read().await.status, RequestStatus::Approved);
    assert_eq!(harness.vendor.calls(), 1);
}

/// A keyed step leaves no trace when its answer is lost: under a deadline it does.
#[tokio::test]
async fn what_may_have_happened_stands() {
    let harness = Harness::start().await;
    let report = three_hours(&harness, is_never_answered).await;
    assert!(report.open[0].why.contains("may stand: order."), "{report:?}");

    let harness = Harness::start().await;
    let deadline = Deadline::reject_after(HOUR * 2, REASON);
    // The vendor has acted, and nobody wrote down what came of it.
    let fuse = Fuse::at(Point::new("before journal record", 1));
    let journal = Faulty::new(Arc::clone(&harness.journal), fuse.clone());
    tokio::select! {
        _ = harness.limited(orders_and_waits, deadline, journal).drain() => panic!("it dies"),
        () = fuse.blown() => {}
    }
    harness.clock.advance(HOUR * 3);
    let report = harness.live_limited(orders_and_waits).await;
    assert!(report.open[0].why.contains("may stand: order."), "{report:?}");
    assert_eq!(harness.vendor.calls(), 1);
}

#[tokio::test]
async fn what_was_worked_on_before_there_was_a_deadline_is_left_to_a_person() {
    let harness = Harness::start().await;
    harness.live(is_never_answered).await;
    harness.clock.advance(HOUR * 3);
    let report = harness.live_limited(is_never_answered).await;
    insta::assert_snapshot!(report.open[0].why, @"the request is undecided for more than 2 hours. It was worked on before it had a deadline, so nobody knows what stands. See to it and fail the request by hand, or revive the run to have its handler go on");
}

/// The deadline is set, taken away while an order goes out and its answer is lost, and set again.
#[tokio::test]
async fn what_was_done_while_there_was_no_deadline_is_not_taken_for_nothing() {
    let harness = Harness::start().await;
    harness.live_limited(fails_before_any_step).await;
    harness.wait();
    harness.live(is_never_answered).await;
    harness.clock.advance(HOUR * 3);
    let report = harness.live_limited(is_never_answered).await;
    assert!(report.open[0].why.contains("may stand: order."), "{report:?}");

    let harness = Harness::start().await;
    harness.live(is_never_answered).await;
    harness.wait();
    harness.live_limited(fails_before_any_step).await;
    harness.clock.advance(HOUR * 3);
    let report = harness.live_limited(skips).await;
    assert!(report.open[0].why.contains("before it had a deadline"), "{report:?}");
}

/// A processor was not running for a while.
#[tokio::test]
async fn a_request_that_is_overdue_when_it_is_first_seen_is_rejected() {
    let harness = Harness::start().await;
    harness.clock.advance(HOUR * 3);
    harness.live_limited(is_never_answered).await;
    assert_eq!(harness.read().await.reason, REASON);
    assert_eq!(harness.vendor.calls(), 0);
}

#[tokio::test]
async fn the_time_that_a_customer_takes_for_an_answer_does_not_count() {
    async fn inquires_once(cx: Cx) -> Result<Outcome, Failure> {
        match cx.state().act() {
            1 => Ok(Outcome::inquire("admin_email", "Nobody reads it.")),
            _ => Ok(Outcome::Skip),
        }
    }
    let harness = Harness::start().await;
    harness.live_limited(inquires_once).await;
    harness.clock.advance(HOUR * 10);
    let pend = Call::post(format!("requests/{}/pend", harness.request));
    harness.client().call(pend).await.unwrap();
    harness.live_limited(inquires_once).await;
    assert_eq!(harness.vendor.calls(), 2, "its handler is asked");
    assert_eq!(harness.read().await.status, RequestStatus::Pending);
    harness.clock.advance(HOUR * 3);
    harness.live_limited(inquires_once).await;
    assert_eq!(harness.read().await.reason, REASON);
}

#[tokio::test]
async fn a_vendor_may_want_a_person_to_decide_each_time() {
    let harness = Harness::start().await;
    harness.live_limited(skips).await;
    harness.clock.advance(HOUR * 3);
    let ask = Deadline::park_after(Duration::from_secs(90));
    let processor = harness.limited(skips, ask, Arc::clone(&harness.journal));
    let report = processor.drain().await.unwrap();
    insta::assert_snapshot!(report.open[0].why, @"the request is undecided for more than 90 seconds. See to it and fail the request by hand, or revive the run to have its handler go on");
    assert_eq!(harness.read().await.status, RequestStatus::Pending);
}

/// Before and after each word to the journal: the next life finds it rejected, or rejects it.
#[tokio::test]
async fn lives_that_end_while_they_reject_end_with_one_rejection() {
    for place in ["before journal intend", "after journal intend", "before journal finish"] {
        let harness = Harness::start().await;
        harness.live_limited(skips).await;
        harness.clock.advance(HOUR * 3);
        let deadline = Deadline::reject_after(HOUR * 2, REASON);
        let fuse = Fuse::at(Point::new(place, 1));
        let journal = Faulty::new(Arc::clone(&harness.journal), fuse.clone());
        tokio::select! {
            _ = harness.limited(skips, deadline, journal).drain() => panic!("no life comes to {place}"),
            () = fuse.blown() => {}
        }
        harness.clock.advance(HOUR);
        harness.live_limited(skips).await;
        let request = harness.read().await;
        assert_eq!((request.status, request.reason.as_str()), (RequestStatus::Failed, REASON));
        assert_eq!(harness.state().await, RunState::Done, "died {place}");
    }
}
