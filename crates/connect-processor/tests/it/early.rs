//! Outcomes that the platform is told before the handler has come to its end.

use std::sync::Arc;

use connect_journal::RunState;
use connect_model::{AssetRequest, ParameterUpdate, RequestStatus};
use connect_processor::{Context, Failure, Inquiry, Outcome};

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

/// Approves first, and calls the vendor then.
async fn approves_first(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = Arc::clone(cx.state());
    let shown = cx.decide(Outcome::approve()).await?;
    assert_eq!(shown.status, RequestStatus::Approved);
    let acted = cx.step("enable").recover(|_| async { Ok::<_, Failure>(vendor.look()) });
    acted.run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    Ok(Outcome::Decided)
}

#[tokio::test]
async fn the_platform_is_told_while_the_handler_goes_on() {
    let harness = Harness::start().await;
    let report = harness.live(approves_first).await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(harness.read().await.status, RequestStatus::Approved);
    assert_eq!((harness.state().await, harness.vendor.calls()), (RunState::Done, 1));
}

#[tokio::test]
async fn wherever_a_life_ends_the_handler_comes_to_its_end() {
    for place in [
        "before journal intend",
        "after journal intend",
        "before journal record",
        "after journal record",
        "before journal finish",
    ] {
        let harness = Harness::start().await;
        harness.die_at(place, approves_first).await;
        let report = harness.live(approves_first).await;
        assert!(report.is_complete(), "{place}: {report:?}");
        assert_eq!(harness.read().await.status, RequestStatus::Approved, "{place}");
        let (state, calls) = (harness.state().await, harness.vendor.calls());
        assert_eq!((state, calls), (RunState::Done, 1), "{place}");
    }
}

#[tokio::test]
async fn a_handler_that_fails_after_it_has_decided_is_called_again() {
    let harness = Harness::start().await;
    let fails = |cx: Cx| async move {
        cx.decide(Outcome::approve()).await?;
        Err::<Outcome, _>(Failure::retry("the vendor is out"))
    };
    harness.live(fails).await;
    assert_eq!(harness.read().await.status, RequestStatus::Approved);
    assert_eq!(harness.state().await, RunState::Ready);
    harness.wait();
    harness.live(approves_first).await;
    assert_eq!((harness.state().await, harness.vendor.calls()), (RunState::Done, 1));
}

/// Its own end is written down: until the customer has answered, there is nothing to do.
#[tokio::test]
async fn who_has_asked_early_is_called_again_only_when_it_has_not_come_to_its_end() {
    let asks = |cx: Cx| async move {
        cx.state().act();
        let asked = cx.request().status == RequestStatus::Pending;
        let value = ParameterUpdate::value("subscription_id", "t-1");
        if asked {
            cx.write(vec![value]).await?;
        }
        cx.decide(Inquiry::default().parameter("subscription_id", "Is it this one?").into())
            .await?;
        Ok::<_, Failure>(Outcome::Decided)
    };
    for (time, place, calls) in [
        (1, "before journal record", 2),
        (1, "after journal record", 2),
        (2, "before journal record", 2),
        (2, "after journal record", 1),
    ] {
        let harness = Harness::start().await;
        harness.die_at_time(time, place, asks).await;
        assert_eq!(harness.read().await.status, RequestStatus::Inquiring, "{time} {place}");
        harness.live(asks).await;
        let now = (harness.state().await, harness.vendor.calls());
        assert_eq!(now, (RunState::Idle, calls), "{time} {place}");
    }
}

/// Asks in its first visit, and acts and approves in its second.
async fn asks_first(cx: Cx, ends: bool) -> Result<Outcome, Failure> {
    let visit = cx.visit().await?;
    if visit == 1 {
        let question = Inquiry::default().parameter("subscription_id", "Is it this one?");
        cx.decide(question.into()).await?;
        return if ends { Ok(Outcome::Decided) } else { Err(Failure::retry("not at its end")) };
    }
    let vendor = Arc::clone(cx.state());
    let act = cx.step(format!("enable.{visit}"));
    act.run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    cx.decide(Outcome::approve()).await?;
    Ok(Outcome::Decided)
}

#[tokio::test]
async fn a_request_that_was_answered_is_on_its_next_visit() {
    for ends in [true, false] {
        let handler = move |cx: Cx| asks_first(cx, ends);
        let harness = Harness::start().await;
        harness.change_request().await;
        harness.live(handler).await;
        assert_eq!(harness.read().await.status, RequestStatus::Inquiring, "{ends}");
        harness.answer_inquiry().await;
        harness.live(handler).await;
        assert_eq!(harness.read().await.status, RequestStatus::Approved, "{ends}");
        assert_eq!((harness.state().await, harness.vendor.calls()), (RunState::Done, 1), "{ends}");
    }
}

/// Whatever ends a life of the first visit, the answer to its question is seen.
#[tokio::test]
async fn wherever_a_life_ends_the_next_visit_is_counted_once() {
    for (time, place) in [
        (1, "after journal intend"),
        (1, "before journal record"),
        (1, "after journal record"),
        (2, "before journal record"),
        (2, "after journal record"),
    ] {
        let handler = |cx: Cx| asks_first(cx, true);
        let harness = Harness::start().await;
        harness.change_request().await;
        harness.die_at_time(time, place, handler).await;
        harness.live(handler).await;
        assert_eq!(harness.read().await.status, RequestStatus::Inquiring, "{time} {place}");
        harness.answer_inquiry().await;
        harness.live(handler).await;
        assert_eq!(harness.read().await.status, RequestStatus::Approved, "{time} {place}");
        assert_eq!(harness.vendor.calls(), 1, "{time} {place}");
    }
}

/// Runs a handler once, and says why its run is parked.
async fn parked<F>(handler: fn(Cx) -> F) -> String
where
    F: Future<Output = Result<Outcome, Failure>> + Send + 'static,
{
    let harness = Harness::start().await;
    harness.live(handler).await;
    let run = harness.run().await;
    assert_eq!(run.state, RunState::Parked, "{run:?}");
    format!("{:?}", run.note.unwrap())
}

#[tokio::test]
async fn what_cannot_be_meant_waits_for_a_person() {
    let twice = parked(|cx| async move {
        cx.decide(Outcome::approve()).await?;
        cx.decide(Outcome::approve()).await?;
        Ok(Outcome::Decided)
    });
    assert!(twice.await.contains("decided twice"));
    let again = parked(|cx| async move {
        cx.decide(Outcome::approve()).await?;
        Ok(Outcome::approve())
    });
    assert!(again.await.contains("decided twice"));
    let never = parked(|_| async move { Ok(Outcome::Decided) });
    assert!(never.await.contains("it has not"));
    let no_decision = parked(|cx| async move {
        cx.decide(Outcome::Skip).await?;
        Ok(Outcome::Decided)
    });
    assert!(no_decision.await.contains("only a decision"));
}
