//! A world of a test's own: requests of every type, what became of them, time and bad days.

use std::time::Duration;

use connect_client::BoxError;
use connect_journal::RunState;
use connect_model::{
    AssetRequest, AssetRequestType, RequestStatus, TierAccountRequestType, TierConfigRequestType,
};
use connect_processor::{Context, Failure, Outcome, Processor};
use connect_testing::{Fault, FaultEffect, Life, PendingType, Refuse, TestWorld, pending};
use connect_vendor::Api;

use crate::harness::{api, keyed, keyless, put_on};

async fn resume(cx: Context<AssetRequest, Api>) -> Result<Outcome, Failure> {
    let (api, tenant) = (cx.state(), cx.parameter("subscription_id")?);
    cx.step("enable").run(|key| put_on(api, tenant, "enable", key)).await?;
    Ok(Outcome::approve())
}

fn resumes(life: &Life) -> Result<Processor<Api>, BoxError> {
    let processor = Processor::new(api(life)?, life.client(), life.journal());
    Ok(processor.on(AssetRequestType::Resume, resume))
}

fn a_resume() -> connect_testing::PendingRequest {
    pending(AssetRequestType::Resume).parameter("subscription_id", "t-1")
}

#[tokio::test(start_paused = true)]
async fn a_pending_request_is_worked_on_and_read() {
    let world = TestWorld::start(keyless).await.unwrap();
    let id = world.add(a_resume()).await.unwrap();
    assert_eq!(world.request(&id).await.unwrap().status, RequestStatus::Pending);
    assert!(world.vendor_calls().is_empty(), "the scene was set without the vendor");

    let report = world.work(resumes).await.unwrap();

    assert!(report.is_complete(), "{report:?}");
    let request = world.request(&id).await.unwrap();
    assert_eq!(request.status, RequestStatus::Approved);
    assert_eq!(request.parameter("subscription_id"), Some("t-1"));
    let calls = world.vendor_calls();
    assert_eq!(calls[0].to_string(), "PUT /tenants/t-1/enable");
    assert_eq!(calls[0].key, Some(format!("{id}:enable")));
    assert_eq!(world.run(&id).await.unwrap().unwrap().state, RunState::Done);
}

#[tokio::test(start_paused = true)]
async fn requests_of_every_type_are_made_pending() {
    let kinds: [PendingType; 12] = [
        AssetRequestType::Purchase.into(),
        AssetRequestType::Change.into(),
        AssetRequestType::Suspend.into(),
        AssetRequestType::Resume.into(),
        AssetRequestType::Cancel.into(),
        AssetRequestType::Adjustment.into(),
        AssetRequestType::Renew.into(),
        AssetRequestType::Transfer.into(),
        TierConfigRequestType::Setup.into(),
        TierConfigRequestType::Update.into(),
        TierConfigRequestType::Adjustment.into(),
        TierAccountRequestType::Update.into(),
    ];
    for kind in kinds {
        let world = TestWorld::start(keyless).await.unwrap();
        let id = world.add(pending(kind.clone())).await.unwrap();
        let request = world.request(&id).await.unwrap();
        assert_eq!(request.status, RequestStatus::Pending, "{}", kind.name());
        assert!(kind.name().ends_with(request.body["type"].as_str().unwrap()), "{}", kind.name());
    }
}

#[tokio::test(start_paused = true)]
async fn a_purchase_that_was_scheduled_is_being_revoked() {
    let world = TestWorld::start(keyless).await.unwrap();
    let id = world.add(pending(AssetRequestType::Purchase).revoked()).await.unwrap();
    assert_eq!(world.request(&id).await.unwrap().status, RequestStatus::Revoking);
}

#[tokio::test(start_paused = true)]
async fn the_vendor_refuses_and_the_customer_reads_why() {
    let world = TestWorld::start(keyless).await.unwrap();
    let id = world.add(a_resume()).await.unwrap();
    let refuse = FaultEffect::Refuse(Refuse::new("The last invoice is overdue."));
    world.vendor().fault(Fault::new(refuse).on("PUT", "/tenants/*/enable"));

    world.work(resumes).await.unwrap();

    let request = world.request(&id).await.unwrap();
    assert_eq!(request.status, RequestStatus::Failed);
    assert_eq!(request.reason, "The last invoice is overdue.");
}

/// An answer that was lost is asked for again under the same key, which the vendor honours.
#[tokio::test(start_paused = true)]
async fn answers_are_lost_on_both_sides_and_nothing_happens_twice() {
    let world = TestWorld::start(keyed).await.unwrap();
    let id = world.add(a_resume()).await.unwrap();
    world.vendor().fault(Fault::new(FaultEffect::LoseAnswer).times(1));
    let lost = Fault::new(FaultEffect::LoseAnswer).on("POST", "/requests/*/approve").times(1);
    world.platform_faults().add(lost);

    world.work(resumes).await.unwrap();

    assert_eq!(world.request(&id).await.unwrap().status, RequestStatus::Approved);
    let calls = world.vendor_calls();
    assert_eq!(calls.iter().map(|call| call.replayed).collect::<Vec<_>>(), [false, true]);
}

#[tokio::test(start_paused = true)]
async fn calls_that_may_be_repeated_have_one_effect() {
    let vendor = |clock: &_| keyless(clock).repeatable("PUT /tenants/*");
    let world = TestWorld::start(vendor).await.unwrap();
    world.add(a_resume()).await.unwrap();
    world.vendor().fault(Fault::new(FaultEffect::LoseAnswer).times(1));

    world.work(resumes).await.unwrap();

    let calls = world.vendor_calls();
    assert_eq!(calls.iter().map(|call| call.is_effect()).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_waits_goes_on_once_its_time_has_come() {
    async fn patient(cx: Context<AssetRequest, ()>) -> Result<Outcome, Failure> {
        let asked: i64 =
            cx.step("ask").run(async |_| Ok::<_, Failure>(cx.now().0.as_second())).await?;
        if cx.now().0.as_second() < asked + 3600 {
            return Ok(Outcome::reschedule(Duration::from_secs(3600)));
        }
        Ok(Outcome::approve())
    }
    let processor = |life: &Life| {
        let processor = Processor::new((), life.client(), life.journal());
        Ok(processor.on(AssetRequestType::Suspend, patient))
    };
    let world = TestWorld::start(keyless).await.unwrap();
    let id = world.add(pending(AssetRequestType::Suspend)).await.unwrap();

    world.work(processor).await.unwrap();
    assert_eq!(world.request(&id).await.unwrap().status, RequestStatus::Pending);
    world.advance(Duration::from_secs(1800)).await;
    world.work(processor).await.unwrap();
    assert_eq!(world.request(&id).await.unwrap().status, RequestStatus::Pending);
    world.run_for(Duration::from_secs(1801), processor).await.unwrap();
    assert_eq!(world.request(&id).await.unwrap().status, RequestStatus::Approved);
}

/// What a stranger between answers for the vendor proves nothing, and the request waits.
#[tokio::test(start_paused = true)]
async fn answers_are_rewritten_on_their_way_to_the_processor() {
    let world = TestWorld::start(keyed).await.unwrap();
    let id = world.add(a_resume()).await.unwrap();
    world.rewrite_answers(|call, body| match call {
        "vendor PUT tenants/*/enable" => r#"{"last": "disable"}"#.into(),
        _ => body,
    });

    let report = world.work(resumes).await.unwrap();

    assert!(report.open[0].why.contains("proves nothing"), "{report:?}");
    assert_eq!(world.request(&id).await.unwrap().status, RequestStatus::Pending);
}
