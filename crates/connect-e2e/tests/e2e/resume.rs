//! The founding use case: from Suspended to Active, and the refusal.

use std::sync::Arc;

use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect, Refuse, TenantOperation};
use connect_e2e::Stage;
use connect_journal::MemoryJournal;
use connect_model::asset_request::NewRequest;
use connect_model::{Asset, AssetRequest, AssetRequestType, RequestStatus};
use connect_processor::{Context, Ending, Outcome, Processor};

#[tokio::test]
async fn an_approved_resume_makes_the_subscription_active() {
    let stage = Stage::start().await.unwrap();
    let subscription = stage.suspended("t-1").await.unwrap();
    let id = stage.request(&NewRequest::resume(&subscription.asset)).await.unwrap();
    assert_eq!(stage.read(&id).await.unwrap().status, RequestStatus::Pending);

    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let report = stage.processor(journal.clone()).unwrap().drain().await.unwrap();

    assert_eq!(report.ended.get(&Ending::Approved), Some(&1));
    let request = stage.read(&id).await.unwrap();
    assert_eq!(request.status, RequestStatus::Approved);
    assert_eq!(request.template.unwrap().name.as_deref(), Some("Default Activation Template"));
    let asset: Asset = stage.client().unwrap().get(subscription.asset.as_str()).await.unwrap();
    assert_eq!(asset.status.as_str(), "active");
    let effects = stage.vendor.log();
    assert_eq!(effects.len(), 1);
    assert_eq!(effects[0].operation, TenantOperation::Enable);
    stage.must_hold(journal.as_ref(), &[id]).await.unwrap();
}

#[tokio::test]
async fn a_refused_resume_fails_with_the_vendors_reason() {
    let stage = Stage::start().await.unwrap();
    let subscription = stage.suspended("t-1").await.unwrap();
    let id = stage.request(&NewRequest::resume(&subscription.asset)).await.unwrap();
    let overdue = Refuse {
        status: 409,
        code: "payment_overdue".into(),
        reason: "Two invoices are unpaid.".into(),
    };
    stage.vendor.fault(Fault::new(FaultEffect::Refuse(overdue)).of("t-1"));

    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let report = stage.processor(journal.clone()).unwrap().drain().await.unwrap();

    assert!(report.is_complete(), "{report:?}");
    let request = stage.read(&id).await.unwrap();
    assert_eq!(request.status, RequestStatus::Failed);
    assert_eq!(request.reason, "Two invoices are unpaid.");
    assert_eq!(request.asset.status.as_str(), "suspended");
    assert!(stage.vendor.log().is_empty());
    stage.must_hold(journal.as_ref(), &[id]).await.unwrap();
}

/// The whole life of a subscription, by the processor alone.
#[tokio::test]
async fn purchase_change_suspend_resume_and_cancel_are_all_carried_out() {
    let stage = Stage::start().await.unwrap();
    let client = stage.client().unwrap();
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let purchase = NewRequest::preview_purchase(&stage.emulator.product()).item("MPN-A", 10);
    let mut requests = vec![stage.request(&purchase).await.unwrap()];
    stage.processor(journal.clone()).unwrap().drain().await.unwrap();
    let asset = stage.read(&requests[0]).await.unwrap().asset.id;

    let mut told = vec![status(&client, &asset).await];
    for new in [
        NewRequest::change(&asset).item("MPN-A", 25),
        NewRequest::suspend(&asset),
        NewRequest::resume(&asset),
        NewRequest::cancel(&asset),
    ] {
        requests.push(stage.request(&new).await.unwrap());
        let report = stage.processor(journal.clone()).unwrap().drain().await.unwrap();
        assert!(report.is_complete(), "{report:?}");
        told.push(status(&client, &asset).await);
    }

    assert_eq!(told, ["active 10", "active 25", "suspended 25", "active 25", "terminated 25"]);
    let log = stage.vendor.log().into_iter().map(connect_e2e::vendor_effect);
    let effects: Vec<String> = log.map(|effect| effect.operation).collect();
    assert_eq!(effects, ["create", "set_limit", "set_limit", "disable", "enable", "delete"]);
    stage.must_hold(journal.as_ref(), &requests).await.unwrap();
}

async fn status(client: &connect_client::Client, id: &connect_model::AssetId) -> String {
    let asset: Asset = client.get(id.as_str()).await.unwrap();
    format!("{} {}", asset.status, asset.items().unwrap()[0].quantity)
}

/// After an inquiry the request comes back with the customer's answer, and its steps are
/// remembered.
#[tokio::test]
async fn a_request_that_comes_back_pending_is_worked_on_again() {
    let stage = Stage::start().await.unwrap();
    let subscription = stage.suspended("t-1").await.unwrap();
    let id = stage.request(&NewRequest::resume(&subscription.asset)).await.unwrap();
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let asking = Processor::new((), stage.client().unwrap(), journal.clone()).on(
        AssetRequestType::Resume,
        |_: Context<AssetRequest, ()>| async {
            Ok(Outcome::inquire("admin_email", "Nobody reads this mailbox."))
        },
    );
    let asked = asking.drain().await.unwrap();
    assert_eq!(asked.ended.get(&Ending::Inquired), Some(&1), "{asked:?}");
    assert_eq!(stage.read(&id).await.unwrap().status, RequestStatus::Inquiring);

    stage
        .operate(&id, connect_model::lifecycle::Operation::Pend, serde_json::Value::Null)
        .await
        .unwrap();
    let report = stage.processor(journal.clone()).unwrap().drain().await.unwrap();
    assert_eq!(report.ended.get(&Ending::Approved), Some(&1), "{report:?}");
}
