//! The table of fulfillment requests.

use connect_e2e::Stage;
use connect_model::lifecycle::{Caller, Operation, asset_request as lifecycle};
use connect_model::{AssetRequestType, RequestStatus};
use connect_world::command::ProductCommand;
use connect_world::{Fixture, World};
use serde_json::{Value, json};

use super::Drive;

const TYPES: [AssetRequestType; 8] = [
    AssetRequestType::Purchase,
    AssetRequestType::Change,
    AssetRequestType::Suspend,
    AssetRequestType::Resume,
    AssetRequestType::Cancel,
    AssetRequestType::Adjustment,
    AssetRequestType::Renew,
    AssetRequestType::Transfer,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_on_fulfillment_requests_is_answered_as_the_table_says() {
    let stage = Stage::start().await.unwrap();
    switch_everything_on(&stage).await;
    let mut drive = Drive::new(&stage, "requests", &[]);
    for kind in &TYPES {
        let statuses = RequestStatus::ALL.iter();
        for status in statuses.filter(|it| lifecycle::STATUSES.contains(&it.as_str())) {
            for operation in Operation::ALL.into_iter().filter(|it| lifecycle::has(*it)) {
                let id = seed(&stage, kind, status).await;
                if *status == RequestStatus::Pending && operation == Operation::Inquire {
                    mark_a_parameter(&stage, &id).await;
                }
                let caller = Caller::Vendor { preview: true };
                let said = lifecycle::allow(kind, status, operation, caller);
                drive.must_agree(&id, operation, said).await;
            }
        }
    }
    assert_eq!((drive.accepted, drive.refused), (282, 726));
}

/// The table asks for switches in a few places; the platform must not refuse for want of them.
async fn switch_everything_on(stage: &Stage) {
    let scheduling: Vec<(&str, Value)> =
        ["purchase", "change", "suspend", "resume", "cancel", "renew"]
            .map(|kind| (kind, json!({"scheduling": true})))
            .to_vec();
    let mut subscription: serde_json::Map<String, Value> =
        scheduling.into_iter().map(|(kind, value)| (kind.to_owned(), value)).collect();
    subscription["change"]["validation"] = json!(true);
    subscription["change"]["inquiring_validation"] = json!(true);
    for kind in ["renew", "transfer"] {
        subscription.entry(kind).or_insert_with(|| json!({}));
        subscription[kind][format!("enable_{kind}")] = json!(true);
        subscription[kind]["validation"] = json!(true);
        subscription[kind]["inquiring_validation"] = json!(true);
    }
    let capabilities = json!({
        "cart": {"validation": true}, "inquiring": {"validation": true},
        "subscription": subscription,
    });
    let update = ProductCommand::Update {
        id: stage.emulator.product(),
        body: json!({"capabilities": capabilities}),
    };
    stage.apply(update).await.unwrap();
}

async fn seed(stage: &Stage, kind: &AssetRequestType, status: &RequestStatus) -> String {
    let fixture = Fixture::new(kind.clone(), status.clone());
    let seed = |world: &mut World, at| world.seed_request(at, &fixture);
    stage.emulator.platform().seed(seed).await.unwrap().unwrap().to_string()
}

/// Marks a parameter as wrong, which an inquiry cannot do without.
async fn mark_a_parameter(stage: &Stage, id: &str) {
    let body = json!({"asset": {"params": [{"id": "admin_email", "value_error": "wrong"}]}});
    stage.operate(&id.into(), Operation::Update, body).await.unwrap();
}
