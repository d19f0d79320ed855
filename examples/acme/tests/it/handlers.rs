//! What becomes of each type of request: platform, vendor and processor in the process of the test.

use std::time::Duration;

use connect_model::RequestStatus::{Accepted, Approved, Failed, Inquiring, Pending, Revoked};
use connect_model::{
    AssetRequestType, RequestStatus, TierAccountRequestType, TierConfigRequestType,
};
use connect_testing::{Fault, FaultEffect, PendingRequest, Refuse, TestWorld, pending};

use crate::world::{processor, slow_vendor, vendor, work_on};

/// A request for the subscription of the tenant `t-1`.
fn of_t1(kind: AssetRequestType) -> PendingRequest {
    pending(kind).parameter(acme::SUBSCRIPTION_ID, "t-1")
}

#[tokio::test(start_paused = true)]
async fn a_purchase_creates_a_tenant_with_its_limit() {
    let worked = work_on(pending(AssetRequestType::Purchase).quantity(25)).await;
    assert_eq!(worked.request.status, Approved);
    assert_eq!(worked.request.parameter(acme::SUBSCRIPTION_ID), Some("t-00001"));
    assert_eq!(worked.effects(), ["POST /tenant", "PUT /tenant/t-00001"]);
    let calls = worked.world.vendor_calls();
    assert_eq!(calls[1].json()["licences"]["limit"], 25);
}

#[tokio::test(start_paused = true)]
async fn a_purchase_whose_limit_is_refused_leaves_no_tenant() {
    let world = TestWorld::start(vendor).await.unwrap();
    let id = world.add(pending(AssetRequestType::Purchase)).await.unwrap();
    let refuse = FaultEffect::Refuse(Refuse::new("At most 5 licences."));
    world.vendor().fault(Fault::new(refuse).on("PUT", "/tenant/*"));
    world.work(processor).await.unwrap();
    let request = world.request(&id).await.unwrap();
    assert_eq!((request.status, request.reason.as_str()), (Failed, "At most 5 licences."));
    assert_eq!(world.vendor_calls().last().unwrap().to_string(), "DELETE /tenant/t-00001");
}

#[tokio::test(start_paused = true)]
async fn a_purchase_waits_until_its_tenant_is_built() {
    let world = TestWorld::start(slow_vendor).await.unwrap();
    let id = world.add(pending(AssetRequestType::Purchase)).await.unwrap();
    world.work(processor).await.unwrap();
    assert_eq!(world.request(&id).await.unwrap().status, Pending);
    world.advance(Duration::from_secs(60)).await;
    world.work(processor).await.unwrap();
    assert_eq!(world.request(&id).await.unwrap().status, Approved);
}

#[tokio::test(start_paused = true)]
async fn a_migration_adopts_the_tenant_that_is_there() {
    let purchase = pending(AssetRequestType::Purchase);
    let worked = work_on(purchase.parameter("migration_info", r#"{"tenant": "old-7"}"#)).await;
    assert_eq!(worked.request.status, Approved);
    assert_eq!(worked.effects(), ["PUT /tenant/old-7/adopt"]);
}

#[tokio::test(start_paused = true)]
async fn a_migration_that_names_no_tenant_is_asked_about() {
    let purchase = pending(AssetRequestType::Purchase);
    let worked = work_on(purchase.parameter("migration_info", "the old one")).await;
    assert_eq!(worked.request.status, Inquiring);
    assert!(worked.effects().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_change_sets_another_limit() {
    let worked = work_on(of_t1(AssetRequestType::Change)).await;
    assert_eq!(worked.request.status, Approved);
    assert_eq!(worked.effects(), ["PUT /tenant/t-1"]);
}

/// Each type whose handler makes one call, with that call.
#[tokio::test(start_paused = true)]
async fn a_tenant_is_put_on_hold_let_in_again_deleted_extended_and_handed_over() {
    for (kind, effect) in [
        (AssetRequestType::Suspend, "PUT /tenant/t-1/disable"),
        (AssetRequestType::Resume, "PUT /tenant/t-1/enable"),
        (AssetRequestType::Cancel, "DELETE /tenant/t-1"),
        (AssetRequestType::Renew, "PUT /tenant/t-1/expiry"),
        (AssetRequestType::Transfer, "PUT /tenant/t-1/owner"),
    ] {
        let worked = work_on(of_t1(kind)).await;
        assert_eq!(worked.request.status, Approved);
        assert_eq!(worked.effects(), [effect]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_resume_that_acme_refuses_fails_with_acmes_reason() {
    let world = TestWorld::start(vendor).await.unwrap();
    let id = world.add(of_t1(AssetRequestType::Resume)).await.unwrap();
    let refuse = FaultEffect::Refuse(Refuse::new("The last invoice is overdue."));
    world.vendor().fault(Fault::new(refuse));
    world.work(processor).await.unwrap();
    let request = world.request(&id).await.unwrap();
    assert_eq!((request.status, request.reason.as_str()), (Failed, "The last invoice is overdue."));
}

#[tokio::test(start_paused = true)]
async fn corrections_and_other_values_of_resellers_need_nothing_of_acme() {
    for request in [
        of_t1(AssetRequestType::Adjustment),
        pending(TierConfigRequestType::Update),
        pending(TierConfigRequestType::Adjustment),
    ] {
        let worked = work_on(request).await;
        assert_eq!(worked.request.status, Approved, "{}", worked.id);
        assert!(worked.effects().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_purchase_taken_back_before_its_day_loses_its_tenant_again() {
    let worked = work_on(pending(AssetRequestType::Purchase).planned_in_days(30)).await;
    assert_eq!(worked.request.status, RequestStatus::Scheduled);
    assert_eq!(worked.effects(), ["POST /tenant"]);
    worked.world.revoke(&worked.id).await.unwrap();
    worked.world.work(processor).await.unwrap();
    assert_eq!(worked.world.request(&worked.id).await.unwrap().status, Revoked);
    assert_eq!(worked.effects(), ["POST /tenant", "DELETE /tenant/t-00001"]);
}

#[tokio::test(start_paused = true)]
async fn a_planned_purchase_is_delivered_on_its_day() {
    let worked = work_on(pending(AssetRequestType::Purchase).planned_in_days(30)).await;
    worked.world.advance(Duration::from_secs(31 * 24 * 3600)).await;
    worked.world.work(processor).await.unwrap();
    assert_eq!(worked.world.request(&worked.id).await.unwrap().status, Approved);
    assert_eq!(worked.effects(), ["POST /tenant", "PUT /tenant/t-00001"]);
}

#[tokio::test(start_paused = true)]
async fn a_change_taken_back_before_its_day_needs_nothing_of_acme() {
    let worked = work_on(of_t1(AssetRequestType::Change).revoked()).await;
    assert_eq!(worked.request.status, Revoked);
    assert!(worked.effects().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_reseller_gets_a_tenant_of_its_own() {
    let worked = work_on(pending(TierConfigRequestType::Setup)).await;
    assert_eq!(worked.request.status, Approved);
    assert_eq!(worked.request.parameter(acme::RESELLER_IDS[0]), Some("t-00001"));
    assert_eq!(worked.effects(), ["POST /tenant"]);
}

#[tokio::test(start_paused = true)]
async fn a_customer_who_moved_is_written_to_at_the_new_address() {
    let update = pending(TierAccountRequestType::Update).parameter(acme::SUBSCRIPTION_ID, "t-1");
    let worked = work_on(update).await;
    assert_eq!(worked.request.status, Accepted);
    assert_eq!(worked.effects(), ["PUT /tenant/t-1/contact"]);
}

/// A step is named for the tenant that it acts on: whatever else is said of its subscription, another
/// attempt finds it under the same name.
#[tokio::test(start_paused = true)]
async fn a_subscription_that_is_listed_under_a_wrong_id_changes_no_step() {
    let update = pending(TierAccountRequestType::Update).parameter(acme::SUBSCRIPTION_ID, "t-1");
    let world = TestWorld::start(vendor).await.unwrap();
    let id = world.add(update).await.unwrap();
    world.rewrite_answers(|call, body| match call {
        "platform GET assets" => String::from_utf8_lossy(&body).replace("\"AS-", "\"AS-9").into(),
        _ => body,
    });
    world.work(processor).await.unwrap();
    assert_eq!(world.request(&id).await.unwrap().status, Accepted);
    let run = world.run(&id).await.unwrap().unwrap();
    let steps: Vec<_> = run.steps.iter().map(|record| record.step.as_str()).collect();
    assert_eq!(steps, ["set_contact.t-1"]);
}
