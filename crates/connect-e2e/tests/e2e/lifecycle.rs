//! Every (type, status, operation) through REST: the emulator must answer what the table says.

use std::collections::BTreeMap;

use connect_e2e::Stage;
use connect_model::lifecycle::asset_request::allow;
use connect_model::lifecycle::{Caller, Next, Operation, Refused};
use connect_model::{AssetRequestType, RequestStatus};
use connect_world::command::ProductCommand;
use connect_world::{Fixture, World};
use reqwest::StatusCode;
use serde_json::{Value, json};

const TYPES: [AssetRequestType; 6] = [
    AssetRequestType::Purchase,
    AssetRequestType::Change,
    AssetRequestType::Suspend,
    AssetRequestType::Resume,
    AssetRequestType::Cancel,
    AssetRequestType::Adjustment,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_answered_as_the_table_says() {
    let stage = Stage::start().await.unwrap();
    switch_everything_on(&stage).await;
    let http = reqwest::Client::new();
    let mut accepted = BTreeMap::new();
    for kind in &TYPES {
        for status in RequestStatus::ALL {
            for operation in Operation::ALL {
                let drive = Drive { stage: &stage, http: &http, kind, status, operation };
                let was_accepted = drive.must_agree_with_the_table().await;
                *accepted.entry(was_accepted).or_insert(0) += 1;
            }
        }
    }
    let cells: usize = accepted.values().sum();
    assert_eq!(cells, TYPES.len() * RequestStatus::ALL.len() * Operation::ALL.len());
    assert!(accepted[&true] > 200, "{accepted:?}");
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

/// One cell of the table.
struct Drive<'a> {
    stage: &'a Stage,
    http: &'a reqwest::Client,
    kind: &'a AssetRequestType,
    status: &'a RequestStatus,
    operation: Operation,
}

impl Drive<'_> {
    async fn must_agree_with_the_table(&self) -> bool {
        let id = self.seed().await;
        let (status, body) = self.send(&id).await;
        let after = self.stage.read(&id.as_str().into()).await.unwrap().status;
        let expected =
            allow(self.kind, self.status, self.operation, Caller::Vendor { preview: true });
        let cell = format!("{} of {} {}", self.operation.verb(), self.status, self.kind);
        match expected {
            Ok(allowed) => {
                assert!(status.is_success(), "{cell}: {status} {body}");
                match allowed.next {
                    Next::Stay => assert_eq!(&after, self.status, "{cell}"),
                    Next::To(next) => assert_eq!(after, next, "{cell}"),
                    Next::First => assert_eq!(after, RequestStatus::Pending, "{cell}"),
                }
                true
            }
            Err(refused) => {
                assert_eq!(status, StatusCode::BAD_REQUEST, "{cell}: {body}");
                assert_eq!(body, json!(refused.refusal()), "{cell}");
                assert!(!matches!(refused, Refused::Side), "{cell}");
                assert_eq!(&after, self.status, "{cell}: a refusal changes nothing");
                false
            }
        }
    }

    async fn seed(&self) -> String {
        let fixture = Fixture::new(self.kind.clone(), self.status.clone());
        let seed = |world: &mut World, at| world.seed_request(at, &fixture);
        self.stage.emulator.platform().seed(seed).await.unwrap().unwrap().to_string()
    }

    async fn send(&self, id: &str) -> (StatusCode, Value) {
        let url = format!("{}/requests/{id}", self.stage.emulator.endpoint());
        // Approval needs the fulfillment parameter, an inquiry a parameter that is marked.
        let verb = self.operation.verb();
        let call = match self.operation {
            Operation::Update => self.http.put(url).json(&json!({"note": "seen"})),
            Operation::Render => self.http.get(format!("{url}/{verb}")),
            _ => self.http.post(format!("{url}/{verb}")).json(&self.body()),
        };
        if *self.status == RequestStatus::Pending && self.operation == Operation::Inquire {
            self.mark_a_parameter(id).await;
        }
        let key = &self.stage.emulator.keys().vendor;
        let answer = call.header("Authorization", key).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    fn body(&self) -> Value {
        match self.operation {
            Operation::Fail | Operation::Revoke => json!({"reason": "because"}),
            Operation::Schedule => json!({"planned_date": "2030-01-01T00:00:00+00:00"}),
            Operation::Assign => json!({"email": "ines@fernway.example"}),
            _ => json!({}),
        }
    }

    async fn mark_a_parameter(&self, id: &str) {
        let body = json!({"asset": {"params": [{"id": "admin_email", "value_error": "wrong"}]}});
        self.stage.operate(&id.into(), Operation::Update, body).await.unwrap();
    }
}
