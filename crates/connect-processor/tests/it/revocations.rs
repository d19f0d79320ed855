//! Requests that were accepted for a later day: they come back on it, or are taken back.

use std::sync::Arc;
use std::time::Duration;

use connect_client::Call;
use connect_clock::Clock;
use connect_emulator::{Fault, FaultEffect};
use connect_journal::testing::{Faulty, Fuse, Point};
use connect_journal::{Journal, RunState};
use connect_model::asset_request::action::{Confirm, Revoke, Schedule};
use connect_model::{AssetRequest, AssetRequestType, DateTime, RequestStatus};
use connect_processor::{Context, Deadline, Ending, Failure, Handler, Outcome, Processor, Report};
use jiff::SignedDuration;
use serde_json::json;

use crate::harness::{Harness, Vendor};

type Cx = Context<AssetRequest, Arc<Vendor>>;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The day after tomorrow.
fn day(now: DateTime) -> DateTime {
    DateTime(now.timestamp() + SignedDuration::from_hours(48))
}

/// Prepares something at the vendor's, and is through with it on the planned day.
async fn in_two_days(cx: Cx) -> Result<Outcome, Failure> {
    let vendor = cx.state();
    cx.step("prepare").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    match cx.request().planned_date {
        None => Ok(Outcome::Schedule { on: day(cx.now()) }),
        Some(planned) => {
            assert!(planned <= cx.now());
            cx.step("deliver").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
            Ok(Outcome::approve())
        }
    }
}

/// Takes back what was prepared.
async fn take_back(cx: Cx) -> Result<Outcome, Failure> {
    if cx.recorded::<u32>("prepare").await? == Some(1) {
        let vendor = cx.state();
        cx.step("clean_up").run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
    }
    Ok(Outcome::Confirm)
}

impl Harness {
    /// A platform whose product lets resume requests be scheduled.
    async fn scheduling() -> Self {
        let harness = Self::start().await;
        let body = json!({"capabilities": {"subscription": {"resume": {"scheduling": true}}}});
        let path = format!("products/{}", harness.emulator.product());
        harness.client().call(Call::put(path).json(&body).unwrap()).await.unwrap();
        harness
    }

    fn scheduler(&self, journal: impl Journal) -> Processor<Arc<Vendor>> {
        self.processor(journal).on(AssetRequestType::Resume, in_two_days)
    }

    /// A life in which requests are taken back by a handler.
    async fn revoke_by<H: Handler<AssetRequest, Arc<Vendor>>>(&self, handler: H) -> Report {
        let processor = self.scheduler(Arc::clone(&self.journal));
        let processor = processor.on_revocation(AssetRequestType::Resume, handler);
        processor.drain().await.unwrap()
    }

    /// The request was prepared and scheduled, and its distributor asks for it to be taken back.
    async fn revoked_after_preparation() -> Self {
        let harness = Self::scheduling().await;
        harness.live(in_two_days).await;
        harness.revoke().await;
        harness
    }

    async fn revoke(&self) {
        let revoke = Revoke { reason: "The customer went elsewhere.".to_owned() };
        self.client().act(self.request.as_str(), &revoke).await.unwrap();
    }

    async fn revive(&self) {
        let now = self.clock.now();
        self.journal.revive(&self.request.as_str().into(), now, "a person").await.unwrap();
    }

    async fn until(&self, status: RequestStatus) {
        while self.read().await.status != status {
            tokio::task::yield_now().await;
        }
    }

    async fn steps(&self) -> Vec<String> {
        let run = self.run().await;
        run.steps.iter().map(|record| record.step.as_str().to_owned()).collect()
    }
}

#[tokio::test]
async fn what_a_handler_scheduled_is_worked_on_again_on_its_day() {
    let harness = Harness::scheduling().await;
    let report = harness.live(in_two_days).await;
    assert_eq!(report.ended.keys().collect::<Vec<_>>(), [&Ending::Scheduled]);
    assert_eq!(harness.read().await.status, RequestStatus::Scheduled);
    harness.clock.advance(DAY);
    assert!(harness.live(in_two_days).await.ended.is_empty());

    harness.clock.advance(DAY);
    harness.until(RequestStatus::Pending).await;
    let report = harness.live(in_two_days).await;
    assert_eq!(report.ended.keys().collect::<Vec<_>>(), [&Ending::Approved]);
    assert_eq!(
        (harness.vendor.calls(), harness.steps().await),
        (2, vec!["prepare".into(), "deliver".into()])
    );
}

#[tokio::test]
async fn what_is_revoked_is_taken_back_and_confirmed() {
    let harness = Harness::revoked_after_preparation().await;
    let report = harness.revoke_by(take_back).await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(report.ended.keys().collect::<Vec<_>>(), [&Ending::Revoked]);
    let request = harness.read().await;
    assert_eq!(request.status, RequestStatus::Revoked);
    assert_eq!(request.reason, "The customer went elsewhere.");
    assert_eq!(harness.state().await, RunState::Done);
    assert_eq!(
        (harness.vendor.calls(), harness.steps().await),
        (2, ["prepare", "clean_up", "@confirm"].map(String::from).to_vec())
    );
    // A later life has nothing to do.
    assert!(harness.revoke_by(take_back).await.ended.is_empty());
}

/// Scheduled by a person, so nothing was done here that would have to be taken back.
#[tokio::test]
async fn what_nobody_worked_on_is_just_confirmed() {
    let harness = Harness::scheduling().await;
    let planned_date = Some(day(harness.clock.now().into()));
    harness.client().act(harness.request.as_str(), &Schedule { planned_date }).await.unwrap();
    harness.revoke().await;
    harness.revoke_by(take_back).await;
    assert_eq!(harness.read().await.status, RequestStatus::Revoked);
    assert_eq!((harness.vendor.calls(), harness.steps().await), (0, Vec::new()));
}

#[tokio::test]
async fn an_answer_that_is_lost_is_settled_by_reading() {
    let harness = Harness::revoked_after_preparation().await;
    let lost = Fault::new(FaultEffect::LoseAnswer).on("POST", "/requests/*/confirm").times(1);
    harness.emulator.faults().add(lost);
    let report = harness.revoke_by(take_back).await;
    assert_eq!(report.ended.keys().collect::<Vec<_>>(), [&Ending::Revoked]);
}

/// Wherever a life ends, the next one is through with it, and nobody has to look.
#[tokio::test]
async fn a_life_may_end_anywhere() {
    let places =
        ["record", "intend", "finish"].map(|call| ["before", "after"].map(|at| (at, call)));
    for (at, call) in places.into_iter().flatten() {
        let place = format!("{at} journal {call}");
        let harness = Harness::revoked_after_preparation().await;
        let fuse = Fuse::at(Point::new(&*place, 1));
        let journal = Faulty::new(Arc::clone(&harness.journal), fuse.clone());
        let processor = harness.scheduler(journal);
        let processor = processor.on_revocation(AssetRequestType::Resume, take_back);
        tokio::select! {
            _ = processor.drain() => panic!("no life comes to {place}"),
            () = fuse.blown() => {}
        }
        harness.clock.advance(Duration::from_secs(120));
        let report = harness.revoke_by(take_back).await;
        assert!(report.is_complete(), "{place}: {report:?}");
        assert_eq!(harness.read().await.status, RequestStatus::Revoked, "{place}");
        assert_eq!(harness.state().await, RunState::Done, "{place}");
    }
}

#[tokio::test]
async fn without_a_handler_for_it_a_revocation_is_left_to_a_person() {
    let harness = Harness::revoked_after_preparation().await;
    let report = harness.live(in_two_days).await;
    insta::assert_snapshot!(report.open[0].why, @"the request is being revoked, and nothing is registered that takes it back. What these steps did at the vendor stands: prepare. See to it, confirm the request by hand, then revive the run to end it");
    assert_eq!(harness.read().await.status, RequestStatus::Revoking);
    harness.client().act(harness.request.as_str(), &Confirm {}).await.unwrap();
    harness.revive().await;
    let report = harness.live(in_two_days).await;
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(harness.state().await, RunState::Done);
}

#[tokio::test]
async fn what_a_revocation_cannot_come_to_is_left_to_a_person() {
    let why = async |outcome: Result<Outcome, Failure>| {
        let harness = Harness::revoked_after_preparation().await;
        let outcome = std::sync::Mutex::new(Some(outcome));
        let report = harness
            .revoke_by(move |_: Cx| {
                let outcome = outcome.lock().unwrap().take().unwrap();
                async move { outcome }
            })
            .await;
        assert_eq!(harness.read().await.status, RequestStatus::Revoking);
        report.open[0].why.clone()
    };
    insta::assert_snapshot!(why(Ok(Outcome::approve())).await, @"the handler's outcome cannot be told: a request that is being revoked can only be confirmed");
    insta::assert_snapshot!(why(Err(Failure::give_up("the tenant is locked"))).await, @"the request is being revoked, and what was done for it cannot be taken back: the tenant is locked. See to it, confirm the request by hand, then revive the run to end it");

    let harness = Harness::start().await;
    let report = harness.live(|_: Cx| async { Ok(Outcome::Confirm) }).await;
    insta::assert_snapshot!(report.open[0].why, @"the handler's outcome cannot be told: only a request that is being revoked can be confirmed");
    assert_eq!(harness.read().await.status, RequestStatus::Pending);
}

#[tokio::test]
async fn a_revocation_may_take_its_time() {
    let harness = Harness::revoked_after_preparation().await;
    let slowly = |cx: Cx| async move {
        let wait = Duration::from_secs(600);
        Ok(if cx.state().look().is_some_and(|_| cx.state().looks() > 1) {
            Outcome::Confirm
        } else {
            Outcome::reschedule(wait)
        })
    };
    harness.revoke_by(slowly).await;
    assert_eq!(harness.read().await.status, RequestStatus::Revoking);
    harness.wait();
    harness.revoke_by(slowly).await;
    assert_eq!(harness.read().await.status, RequestStatus::Revoked);
}

/// A handler that left the request alone has said nothing of taking it back.
#[tokio::test]
async fn what_was_skipped_is_taken_back_all_the_same() {
    let harness = Harness::scheduling().await;
    harness.live(|_: Cx| async { Ok(Outcome::Skip) }).await;
    let planned_date = Some(day(harness.clock.now().into()));
    harness.client().act(harness.request.as_str(), &Schedule { planned_date }).await.unwrap();
    harness.revoke().await;
    harness.revoke_by(take_back).await;
    assert_eq!(harness.read().await.status, RequestStatus::Revoked);
}

#[tokio::test]
async fn a_step_that_may_have_happened_is_asked_about_before_it_is_taken_back() {
    let harness = Harness::scheduling().await;
    let once = |cx: Cx| async move {
        let vendor = cx.state();
        cx.step("prepare").once().run(|_| async { Ok::<_, Failure>(vendor.act()) }).await?;
        Ok(Outcome::Schedule { on: day(cx.now()) })
    };
    harness.die_at("before journal record", once).await;
    let planned_date = Some(day(harness.clock.now().into()));
    harness.client().act(harness.request.as_str(), &Schedule { planned_date }).await.unwrap();
    harness.revoke().await;
    let report = harness.revoke_by(take_back).await;
    insta::assert_snapshot!(report.open[0].why, @"step `prepare` may have happened in an earlier attempt; check with the vendor that nothing of it stands, then revive the run to go on");
    harness.revive().await;
    let report = harness.revoke_by(take_back).await;
    assert_eq!(report.ended.keys().collect::<Vec<_>>(), [&Ending::Revoked]);
    assert_eq!(harness.vendor.calls(), 1);
}

/// Only what is pending is overdue: what is taken back takes as long as it takes.
#[tokio::test]
async fn a_deadline_rejects_nothing_that_is_being_taken_back() {
    let harness = Harness::revoked_after_preparation().await;
    harness.clock.advance(DAY * 30);
    let processor = harness.scheduler(Arc::clone(&harness.journal));
    let deadline = Deadline::reject_after(DAY, "Too late.");
    let processor = processor.on_revocation(AssetRequestType::Resume, take_back);
    let report = processor.deadline(&AssetRequestType::Resume, deadline).drain().await.unwrap();
    assert_eq!(report.ended.keys().collect::<Vec<_>>(), [&Ending::Revoked]);
}
