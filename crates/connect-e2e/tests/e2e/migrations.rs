//! Subscriptions that come from another system.

use std::sync::Arc;

use connect_clock::SystemClock;
use connect_e2e::Stage;
use connect_journal::{Journal, MemoryJournal};
use connect_model::asset_request::NewRequest;
use connect_model::{AssetRequest, AssetRequestType, RequestId, RequestStatus};
use connect_processor::{Approval, Context, Failure, Outcome, Processor, Report};

const DATA: &str = r#"{"tenant": "old-7"}"#;

/// A platform, and a vendor that has had a tenant for long.
async fn stage() -> Stage {
    let stage = Stage::start().await.unwrap();
    let seed = r#"{"tenantId": "old-7", "limit": 10}"#;
    stage.vendor.seed(vec![serde_json::from_str(seed).unwrap()]).unwrap();
    stage
}

async fn acme(stage: &Stage, journal: &Arc<MemoryJournal>) -> Report {
    stage.processor(journal.clone()).unwrap().drain().await.unwrap()
}

async fn done(stage: &Stage, id: &RequestId) -> String {
    let request = stage.read(id).await.unwrap();
    let log = stage.vendor.log().into_iter().map(connect_e2e::vendor_effect);
    let effects: Vec<String> = log.map(|it| format!("{} {}", it.operation, it.tenant)).collect();
    format!(
        "{} {} {:?} {:?}",
        request.status,
        request.reason,
        request.asset.value(acme::SUBSCRIPTION_ID),
        effects
    )
}

/// A processor that knows nothing of migrations leaves one alone; Acme's then adopts the tenant.
#[tokio::test]
async fn a_migration_waits_for_a_processor_that_adopts_its_tenant() {
    async fn provisions(_: Context<AssetRequest, ()>) -> Result<Outcome, Failure> {
        Ok(Approval::default().parameter(acme::SUBSCRIPTION_ID, "t-1").into())
    }
    let stage = stage().await;
    let id = stage.migration(DATA).await.unwrap();
    let purchase = NewRequest::preview_purchase(&stage.emulator.product()).item("MPN-A", 10);
    let other = stage.request(&purchase).await.unwrap();

    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let former = Processor::new((), stage.client().unwrap(), journal.clone())
        .on(AssetRequestType::Purchase, provisions);
    let report = former.drain().await.unwrap();
    let ended: Vec<_> =
        report.ended.iter().map(|(ending, runs)| format!("{ending}: {runs}")).collect();
    insta::assert_debug_snapshot!(ended, @r#"
        [
            "approved: 1",
            "migration by migration_info, which no handler takes: 1",
        ]
        "#);
    assert_eq!(stage.read(&other).await.unwrap().status, RequestStatus::Approved);
    insta::assert_snapshot!(done(&stage, &id).await, @"pending  None []");

    let report = acme(&stage, &journal).await;
    assert!(report.is_complete(), "{report:?}");
    insta::assert_snapshot!(done(&stage, &id).await, @r#"approved  Some("old-7") ["adopt old-7"]"#);
    stage.must_hold(journal.as_ref(), &[id]).await.unwrap();
}

#[tokio::test]
async fn a_tenant_that_the_vendor_does_not_know_or_has_given_away_is_refused() {
    let stage = stage().await;
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let unknown = stage.migration(r#"{"tenant": "old-8"}"#).await.unwrap();
    let first = stage.migration(DATA).await.unwrap();
    acme(&stage, &journal).await;
    let second = stage.migration(DATA).await.unwrap();
    acme(&stage, &journal).await;
    insta::assert_snapshot!(done(&stage, &unknown).await, @r#"failed There is no tenant old-8. None ["adopt old-7"]"#);
    insta::assert_snapshot!(done(&stage, &first).await, @r#"approved  Some("old-7") ["adopt old-7"]"#);
    insta::assert_snapshot!(done(&stage, &second).await, @r#"failed Tenant old-7 has another external id. None ["adopt old-7"]"#);
    let all = [unknown, first, second];
    stage.must_hold(journal.as_ref() as &dyn Journal, &all).await.unwrap();
}

#[tokio::test]
async fn data_that_are_not_what_acme_exports_are_asked_about() {
    let stage = stage().await;
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let id = stage.migration("old-7").await.unwrap();
    acme(&stage, &journal).await;
    let request = stage.read(&id).await.unwrap();
    assert_eq!(request.status, RequestStatus::Inquiring);
    let parameter = request.asset.param("migration_info").unwrap();
    insta::assert_snapshot!(parameter.value_error.as_deref().unwrap(), @"`migration_info` is no JSON: expected value at line 1 column 1");
}
