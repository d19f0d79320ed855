//! The table of requests for tier configurations. Operations that it does not have are nowhere.

use connect_e2e::Stage;
use connect_emulator::Config;
use connect_model::lifecycle::{Caller, Operation, tier_config_request as lifecycle};
use connect_model::{RequestStatus, TierConfigRequestType};
use connect_world::command::{ProductCommand, TierAccountCommand, TierConfigRequestCommand};
use connect_world::scenario::Scenario;
use serde_json::{Value, json};

use super::Drive;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_on_tier_requests_is_answered_as_the_table_says() {
    use Operation::{Assign, Fail, Inquire, Pend, Unassign};
    let stage = stage().await;
    let silent = &[Fail, Inquire, Pend, Assign, Unassign];
    let mut drive = Drive::new(&stage, "tier/config-requests", silent);
    for kind in TierConfigRequestType::ALL {
        for status in RequestStatus::ALL.iter().filter(|it| lifecycle::is_reachable(kind, it)) {
            for operation in Operation::ALL.into_iter().filter(|it| lifecycle::has(*it)) {
                let seed = Seed { stage: &stage, number: drive.accepted + drive.refused };
                let id = seed.request(kind, status).await;
                let said = lifecycle::allow(status, operation, Caller::Vendor { preview: true });
                drive.must_agree(&id, operation, said).await;
            }
        }
    }
    // Ten operations on a set-up in six statuses, an update in five and an adjustment in four.
    assert_eq!((drive.accepted, drive.refused), (61, 89));
}

/// A platform whose product wants the resellers of both levels configured, and switches on what the
/// table asks for.
async fn stage() -> Stage {
    let scenario = Scenario::demo().with_resellers();
    let stage = Stage::with(Config { scenario, ..Config::default() }).await.unwrap();
    let tiers = json!({"configs": {"level": 2}, "validation": true});
    let body = json!({"capabilities": {"tiers": tiers}});
    let id = stage.emulator.product();
    stage.apply(ProductCommand::Update { id, body }).await.unwrap();
    stage
}

/// A request for the configuration of a reseller of its own.
struct Seed<'a> {
    stage: &'a Stage,
    number: usize,
}

impl Seed<'_> {
    /// A preview request at the first level, with all that approving and inquiring need.
    async fn request(&self, kind: &TierConfigRequestType, status: &RequestStatus) -> String {
        let waits = *status == RequestStatus::TiersSetup;
        let configuration = match kind {
            TierConfigRequestType::Setup => self.new_configuration(waits).await,
            _ => self.approved_configuration().await,
        };
        let first = if *status == RequestStatus::Draft { "draft" } else { "pending" };
        let body = json!({"type": kind, "status": first, "configuration": configuration});
        let id = id(&self.apply(TierConfigRequestCommand::Create { body }).await);
        if !matches!(status, RequestStatus::Draft | RequestStatus::TiersSetup) {
            self.go_to(&id, status).await;
        }
        id
    }

    /// A configuration for a set-up, which waits when its reseller has one above it.
    async fn new_configuration(&self, waits: bool) -> Value {
        let parent = match waits {
            true => json!({"id": self.account("far", &Value::Null).await}),
            false => Value::Null,
        };
        let account = self.account("near", &parent).await;
        json!({
            "product": {"id": self.stage.emulator.product()}, "tier_level": 1,
            "account": {"id": account},
            "connection": {"id": "CT-0000-0000-0000", "type": "preview"},
        })
    }

    async fn account(&self, name: &str, parent: &Value) -> String {
        let body = json!({
            "type": "reseller", "name": name, "external_id": format!("{name}-{}", self.number),
            "parent": parent,
            "contact_info": {
                "address_line1": "Storgata 1", "city": "Bergen", "postal_code": "5003",
                "country": "NO",
                "contact": {
                    "first_name": "Liv", "last_name": "Dahl", "email": "liv@dahl.example",
                },
            },
        });
        id(&self.stage.apply(TierAccountCommand::Create { body }).await.unwrap())
    }

    async fn approved_configuration(&self) -> Value {
        let configuration = self.new_configuration(false).await;
        let body = json!({"type": "setup", "configuration": configuration});
        let set_up = self.apply(TierConfigRequestCommand::Create { body }).await;
        self.go_to(&id(&set_up), &RequestStatus::Approved).await;
        json!({"id": set_up["configuration"]["id"]})
    }

    /// Leads a pending request, which has a value and a mark, to a status.
    async fn go_to(&self, id: &str, status: &RequestStatus) {
        let params = json!([
            {"id": "reseller_id", "value": "r-1"}, {"id": "partner_code", "value_error": "wrong"},
        ]);
        self.operate(id, Operation::Update, json!({"params": params})).await;
        let way = match status {
            RequestStatus::Inquiring => Operation::Inquire,
            RequestStatus::Approved => Operation::Approve,
            RequestStatus::Failed => Operation::Fail,
            _ => return,
        };
        self.operate(id, way, super::body_for(way)).await;
    }

    async fn operate(&self, id: &str, operation: Operation, body: Value) {
        let id = id.into();
        self.apply(TierConfigRequestCommand::Operate { id, operation, body, code: None }).await;
    }

    async fn apply(&self, command: TierConfigRequestCommand) -> Value {
        self.stage.apply(command).await.unwrap()
    }
}

fn id(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}
