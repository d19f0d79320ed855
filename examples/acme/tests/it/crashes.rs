//! Lives of Acme's processor that end before and after every call.

use connect_model::{AssetRequestType, TierAccountRequestType, TierConfigRequestType};
use connect_testing::{CrashExplorer, PendingRequest, pending};

use crate::world::{processor, slow_vendor, vendor};

async fn must_hold(requests: impl IntoIterator<Item = PendingRequest>) {
    let explorer = CrashExplorer::new(vendor, processor).requests(requests);
    let certificate = explorer.explore().await.unwrap();
    println!("{certificate}");
    assert!(certificate.holds(), "{certificate}");
}

fn of_t1(kind: AssetRequestType) -> PendingRequest {
    pending(kind).parameter(acme::SUBSCRIPTION_ID, "t-1")
}

#[tokio::test]
async fn purchases_and_migrations_survive_every_way_to_die() {
    let migration = pending(AssetRequestType::Purchase)
        .parameter("migration_info", r#"{"tenant": "old-7"}"#)
        .named("migration");
    must_hold([pending(AssetRequestType::Purchase), migration]).await;
}

#[tokio::test]
async fn a_purchase_whose_tenant_takes_a_while_survives_every_way_to_die() {
    let purchase = pending(AssetRequestType::Purchase);
    let explorer = CrashExplorer::new(slow_vendor, processor).requests([purchase]);
    let certificate = explorer.explore().await.unwrap();
    assert!(certificate.holds(), "{certificate}");
}

#[tokio::test]
async fn what_is_asked_for_a_subscription_survives_every_way_to_die() {
    must_hold([
        of_t1(AssetRequestType::Change),
        of_t1(AssetRequestType::Resume),
        of_t1(AssetRequestType::Cancel),
        of_t1(AssetRequestType::Change).revoked(),
        pending(AssetRequestType::Purchase).revoked(),
    ])
    .await;
}

#[tokio::test]
async fn what_is_asked_about_resellers_and_customers_survives_every_way_to_die() {
    must_hold([
        pending(TierConfigRequestType::Setup),
        pending(TierAccountRequestType::Update).parameter(acme::SUBSCRIPTION_ID, "t-1"),
    ])
    .await;
}
