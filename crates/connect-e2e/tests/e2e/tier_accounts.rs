//! Customers and resellers whose data changes: emulator, demo vendor and Acme together.

use std::sync::Arc;

use connect_clock::SystemClock;
use connect_demo_vendor::{Fault, FaultEffect, TenantOperation};
use connect_e2e::Stage;
use connect_e2e::sales::moved;
use connect_journal::{MemoryJournal, SqliteJournal};
use connect_model::asset_request::NewRequest;
use connect_model::{
    AssetStatus, RequestId, RequestStatus, TierAccountId, TierAccountRequest, rql,
};
use connect_processor::Ending;
use connect_world::command::ProductCommand;
use futures::TryStreamExt;
use serde_json::{Value, json};

use crate::kill::{kill_at_work, must_have_interrupted};

/// A platform whose product hears of changed accounts, with a customer who has one tenant.
async fn stage() -> (Stage, Arc<MemoryJournal>, RequestId, TierAccountId) {
    let stage = Stage::start().await.unwrap();
    let body = json!({"capabilities": {"tiers": {"updates": true}}});
    stage.apply(ProductCommand::Update { id: stage.emulator.product(), body }).await.unwrap();
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let (id, customer) = purchase(&stage).await;
    stage.processor(journal.clone()).unwrap().drain().await.unwrap();
    (stage, journal, id, customer)
}

/// A trial of a customer of its own.
async fn purchase(stage: &Stage) -> (RequestId, TierAccountId) {
    let new = NewRequest::preview_purchase(&stage.emulator.product()).item("MPN-A", 10);
    let id = stage.request(&new).await.unwrap();
    let customer = stage.read(&id).await.unwrap().asset.tiers.customer.unwrap().id;
    (id, customer)
}

async fn read(stage: &Stage, id: &str) -> TierAccountRequest {
    stage.client().unwrap().get(id).await.unwrap()
}

/// The addresses that the vendor writes to, tenant by tenant.
async fn mails(stage: &Stage) -> Vec<Value> {
    let tenants = reqwest::get(format!("{}/tenant", stage.vendor.url())).await.unwrap();
    let tenants: Value = tenants.json().await.unwrap();
    tenants.as_array().unwrap().iter().map(|tenant| tenant["contact"]["email"].clone()).collect()
}

#[tokio::test]
async fn acme_writes_to_the_new_person_of_each_tenant_and_accepts() {
    let (stage, journal, bought, customer) = stage().await;
    assert_eq!(mails(&stage).await, [Value::Null]);
    let id = moved(&stage, &customer, "iker@cedar.example").await.unwrap();
    // The answer of the vendor is lost once.
    let lost = Fault::new(FaultEffect::LoseAnswer).on_operation(TenantOperation::SetContact);
    stage.vendor.fault(lost.times(1));
    let report = stage.processor(journal.clone()).unwrap().drain().await.unwrap();
    assert_eq!(report.ended.get(&Ending::Approved), Some(&1), "{report:?}");

    let accepted = read(&stage, &id).await;
    assert_eq!((accepted.status, accepted.account.version), (RequestStatus::Accepted, Some(2)));
    assert_eq!(mails(&stage).await, ["iker@cedar.example"]);
    let effects = stage.vendor.log();
    let noted = effects.iter().filter(|it| it.operation == TenantOperation::SetContact);
    assert_eq!(noted.count(), 1, "the answer was lost, not the call: {effects:?}");
    stage.must_hold(journal.as_ref(), &[bought.to_string(), id]).await.unwrap();
}

#[tokio::test]
async fn acme_ignores_the_news_of_whom_it_has_no_tenant_of_and_says_why() {
    let (stage, journal, bought, _) = stage().await;
    let refuse = connect_demo_vendor::Refuse {
        status: 409,
        code: "no_room".to_owned(),
        reason: "There is no room for another tenant.".to_owned(),
    };
    let fault = Fault::new(FaultEffect::Refuse(refuse)).on_operation(TenantOperation::Create);
    stage.vendor.fault(fault.times(1));
    let (pending, customer) = purchase(&stage).await;
    let id = moved(&stage, &customer, "iker@cedar.example").await.unwrap();
    stage.processor(journal.clone()).unwrap().drain().await.unwrap();

    let asset = stage.read(&pending).await.unwrap().asset;
    assert_eq!(asset.status, AssetStatus::Terminated);
    let ignored = read(&stage, &id).await;
    let told = (ignored.status, ignored.reason.as_deref());
    assert_eq!(told, (RequestStatus::Ignored, Some("Acme has no tenant of this account.")));
    let ids = [bought.to_string(), pending.to_string(), id];
    stage.must_hold(journal.as_ref(), &ids).await.unwrap();
}

/// Changes of one account, while the processor is killed again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_lose_no_news_of_an_account_and_tell_none_twice() {
    const KILLS: usize = 20;
    let (stage, _, _, customer) = stage().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("journal.sqlite");
    kill_at_work(&stage, &file, (KILLS, 11), async |kill| {
        moved(&stage, &customer, &format!("person-{kill}@cedar.example")).await.unwrap();
    })
    .await;

    let accepted = rql::field("status").eq("accepted");
    let list = stage.client().unwrap().list::<TierAccountRequest>().filter(accepted);
    let accepted: Vec<_> = list.stream().try_collect().await.unwrap();
    assert_eq!(accepted.len(), KILLS);
    let effects = stage.vendor.log();
    let noted = effects.iter().filter(|it| it.operation == TenantOperation::SetContact);
    assert_eq!(noted.count(), KILLS, "each is told once");
    let last = format!("person-{}@cedar.example", KILLS - 1);
    assert_eq!(mails(&stage).await, [last], "and in their order");
    let journal = SqliteJournal::open(&file, SystemClock).unwrap();
    must_have_interrupted(&journal).await;
}
