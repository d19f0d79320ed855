//! The table of requests about tier accounts. Operations that it does not have are nowhere.

use connect_e2e::Stage;
use connect_model::lifecycle::{Caller, Operation, tier_account_request as lifecycle};
use connect_model::{Asset, RequestStatus};
use connect_world::command::{ProductCommand, TierAccountRequestCommand};
use serde_json::json;

use super::Drive;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_on_requests_about_accounts_is_answered_as_the_table_says() {
    let stage = Stage::start().await.unwrap();
    let bought = stage.active("t-accounts").await.unwrap();
    let asset: Asset = stage.client().unwrap().get(bought.asset.as_str()).await.unwrap();
    let account = asset.tiers.customer.unwrap().id.to_string();
    let mut drive = Drive::new(&stage, "tier/account-requests", &[]);
    for status in RequestStatus::ALL.iter().filter(|it| lifecycle::is_reachable(it)) {
        for operation in Operation::ALL.into_iter().filter(|it| lifecycle::has(*it)) {
            let name = format!("Name {}", drive.accepted + drive.refused);
            let id = seed(&stage, &account, &name, status).await;
            let said = lifecycle::allow(status, operation, Caller::Vendor { preview: true });
            drive.must_agree(&id, operation, said).await;
        }
    }
    assert_eq!((drive.accepted, drive.refused), (2, 6));
}

/// A request about a new name of an account, led to a status.
async fn seed(stage: &Stage, account: &str, name: &str, status: &RequestStatus) -> String {
    hear_of_accounts(stage, *status != RequestStatus::Unsupported).await;
    let body = json!({"type": "update", "account": {"id": account, "name": name}});
    let made = stage.apply(TierAccountRequestCommand::Create { body }).await.unwrap();
    let id = made[0]["id"].as_str().unwrap().to_owned();
    let way = match status {
        RequestStatus::Accepted => Operation::Accept,
        RequestStatus::Ignored => Operation::Ignore,
        _ => return id,
    };
    let answer = TierAccountRequestCommand::Operate {
        id: id.as_str().into(),
        operation: way,
        body: super::body_for(way),
    };
    stage.apply(answer).await.unwrap();
    id
}

/// Turns Tier Accounts Sync on or off.
async fn hear_of_accounts(stage: &Stage, on: bool) {
    let body = json!({"capabilities": {"tiers": {"updates": on}}});
    stage.apply(ProductCommand::Update { id: stage.emulator.product(), body }).await.unwrap();
}
