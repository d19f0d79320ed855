//! Each cell of the lifecycle's table of tier requests, in the world that enforces it.

use connect_model::lifecycle::{Caller, Next, Operation, tier_config_request as lifecycle};
use connect_model::{RequestStatus, TierConfigRequestType};
use connect_world::Collection;
use connect_world::command::RequestCommand;
use serde_json::{Value, json};

use super::{Tiers as _, approve_level, reseller, stage};
use crate::stage::{Stage, said, text};

#[test]
fn the_world_does_what_the_table_says() {
    for kind in TierConfigRequestType::ALL {
        for status in RequestStatus::ALL {
            if !lifecycle::is_reachable(kind, status) {
                continue;
            }
            for operation in Operation::ALL.into_iter().filter(|it| lifecycle::has(*it)) {
                let mut stage = stage(2);
                stage.switch(&json!({"tiers": {"validation": true}}));
                let id = in_status(&mut stage, kind, status);
                let caller = Caller::Vendor { preview: true };
                let allowed = lifecycle::allow(status, operation, caller);
                let cell = format!("{kind} {status} {}", operation.verb());
                let answer = stage.act(&id, operation, body_for(operation));
                assert_eq!(answer.is_ok(), allowed.is_ok(), "{cell}: {}", said(answer));
                let after = stage.read(&Collection::TierConfigRequests, &id).unwrap();
                let after = text(&after, "/status");
                match allowed.map(|allowed| allowed.next) {
                    Ok(Next::To(next)) => assert_eq!(after, next.as_str(), "{cell}"),
                    Ok(Next::First) => assert_ne!(after, "draft", "{cell}"),
                    _ => assert_eq!(after, status.as_str(), "{cell}"),
                }
            }
        }
    }
}

fn body_for(operation: Operation) -> Value {
    match operation {
        Operation::Fail => json!({"reason": "No"}),
        Operation::Assign => json!({"email": "ines@fernway.example"}),
        _ => json!({}),
    }
}

/// A preview request of a type at the first level, which nothing hinders from moving on.
fn in_status(stage: &mut Stage, kind: &TierConfigRequestType, status: &RequestStatus) -> String {
    let mut body = stage.trial_body();
    body["asset"]["tiers"] = json!({"tier1": reseller("near"), "tier2": reseller("far")});
    stage.by_vendor(RequestCommand::Create { body }).unwrap();
    let is_setup = *kind == TierConfigRequestType::Setup;
    if *status != RequestStatus::TiersSetup && !(is_setup && *status == RequestStatus::Draft) {
        approve_level(stage, 2);
    }
    let id = match (is_setup, status) {
        (true, RequestStatus::Draft) => draft_set_up(stage),
        (true, _) => text(&stage.at(1), "/id"),
        (false, _) => {
            approve_level(stage, 1);
            let config = text(&stage.at(1), "/configuration/id");
            let word = if *status == RequestStatus::Draft { "draft" } else { "pending" };
            let body = json!({"type": kind, "status": word, "configuration": {"id": config}});
            text(&stage.create(body).unwrap(), "/id")
        }
    };
    if is_setup && !matches!(status, RequestStatus::Draft | RequestStatus::TiersSetup) {
        stage.fill_in(&id, 1).unwrap();
    }
    let wrong = json!({"params": [{"id": "partner_tag_1", "value_error": "No"}]});
    match status {
        RequestStatus::Draft | RequestStatus::TiersSetup => return id,
        RequestStatus::Pending => stage.act(&id, Operation::Update, wrong).map(drop),
        RequestStatus::Inquiring => stage
            .act(&id, Operation::Update, wrong)
            .and_then(|_| stage.act(&id, Operation::Inquire, Value::Null))
            .map(drop),
        RequestStatus::Approved => stage.act(&id, Operation::Approve, Value::Null).map(drop),
        _ => stage.act(&id, Operation::Fail, json!({"reason": "No"})).map(drop),
    }
    .unwrap();
    id
}

fn draft_set_up(stage: &mut Stage) -> String {
    let body = json!({
        "type": "setup", "status": "draft",
        "configuration": {
            "product": {"id": stage.product()}, "tier_level": 1, "account": reseller("third"),
            "connection": {"id": "CT-0000-0000-0000", "type": "preview"},
        },
    });
    text(&stage.create(body).unwrap(), "/id")
}
