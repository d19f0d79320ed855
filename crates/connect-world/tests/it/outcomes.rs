//! What each end of a request does to its asset.

use connect_clock::Clock;
use connect_model::lifecycle::asset_request::{self as lifecycle, is_reachable};
use connect_model::lifecycle::{Caller, Next, Operation};
use connect_model::{AssetRequestType, RequestStatus};
use connect_world::command::RequestCommand;
use connect_world::{Collection, Fixture};
use serde_json::{Value, json};

use crate::stage::{CONNECTION, Stage, said, text};

#[test]
fn a_subscription_is_suspended_and_resumed() {
    let mut stage = Stage::demo();
    let asset = stage.active_trial();
    assert_eq!(stage.asset_status(&asset), "active");

    let suspend = stage.request("suspend", &asset).unwrap();
    assert_eq!(stage.asset_status(&asset), "active");
    stage.approve(&text(&suspend, "/id")).unwrap();
    assert_eq!(stage.asset_status(&asset), "suspended");

    let resume = stage.request("resume", &asset).unwrap();
    assert_eq!(text(&resume, "/previous_approved_request/id"), text(&suspend, "/id"));
    stage.approve(&text(&resume, "/id")).unwrap();
    assert_eq!(stage.asset_status(&asset), "active");
}

#[test]
fn without_hold_a_resume_is_created_failed() {
    let mut stage = Stage::demo();
    let asset = stage.active_trial();
    let suspend = stage.request("suspend", &asset).unwrap();
    stage.approve(&text(&suspend, "/id")).unwrap();

    stage.switch(&json!({"subscription": {"hold": false}}));
    let resume = stage.request("resume", &asset).unwrap();
    assert_eq!(text(&resume, "/status"), "failed");
    assert_eq!(text(&resume, "/reason"), "The product doesn't support suspend/resume operations.");
    assert_eq!(stage.asset_status(&asset), "suspended");
}

#[test]
fn a_cancellation_terminates_at_once_and_its_failure_brings_the_asset_back() {
    let mut stage = Stage::demo();
    let asset = stage.active_trial();
    let suspend = stage.request("suspend", &asset).unwrap();
    stage.approve(&text(&suspend, "/id")).unwrap();

    let cancel = stage.request("cancel", &asset).unwrap();
    assert_eq!(stage.asset_status(&asset), "terminating");
    stage.operate(&text(&cancel, "/id"), Operation::Fail, json!({"reason": "Not now"})).unwrap();
    assert_eq!(stage.asset_status(&asset), "suspended");
}

#[test]
fn an_approved_change_replaces_the_quantities() {
    let mut stage = Stage::demo();
    let asset = stage.active_trial();
    let change = stage.change(&asset, 12).unwrap();
    let item = "/asset/items/0";
    assert_eq!(text(&change, &format!("{item}/old_quantity")), "10");
    assert_eq!(text(&change, &format!("{item}/quantity")), "12");
    assert_eq!(text(&stage.asset(&asset), "/items/0/quantity"), "10");
    stage.approve(&text(&change, "/id")).unwrap();
    assert_eq!(text(&stage.asset(&asset), "/items/0/quantity"), "12");
}

#[test]
fn requests_that_do_not_fit_their_asset_are_refused() {
    let mut stage = Stage::demo();
    let asset = stage.active_trial();
    let mut lines = String::new();
    let mut note = |what: &str, answer| lines += &format!("{what}: {}\n", said(answer));
    note("resume while active", stage.request("resume", &asset));
    note("change of nothing", stage.change(&asset, 10));
    note("change to nothing", stage.change(&asset, 0));
    note("renew without capability", stage.request("renew", &asset));
    note("transfer without capability", stage.request("transfer", &asset));
    note("unknown asset", stage.request("suspend", "AS-0000-0000-0000"));
    let suspend = stage.request("suspend", &asset).unwrap();
    note("cancel beside suspend", stage.request("cancel", &asset));
    stage.approve(&text(&suspend, "/id")).unwrap();
    note("change while suspended", stage.change(&asset, 11));
    note("suspend while suspended", stage.request("suspend", &asset));
    note("approve twice", stage.approve(&text(&suspend, "/id")));
    let lines = lines.replace(&text(&suspend, "/id"), "PR-…-002");
    insta::assert_snapshot!(lines, @r#"
    resume while active: conflict: REQ_002 - Request type resume is not allowed when asset state is active
    change of nothing: invalid: VAL_001 - asset.items: Item quantities are not changed.
    change to nothing: invalid: VAL_001 - asset.items: This list may not be empty., asset.items.quantity: Every quantity is 0: at least one must be greater.
    renew without capability: invalid: VAL_001 - type: Requests of type renew need the capability subscription.renew.enable_renew.
    transfer without capability: invalid: VAL_001 - type: Requests of type transfer need the capability subscription.transfer.enable_transfer.
    unknown asset: not found: NOT_FOUND - Object not found.
    cancel beside suspend: conflict: REQ_002 - Asset has open request PR-…-002.
    change while suspended: conflict: REQ_002 - Request type change is not allowed when asset state is suspended
    suspend while suspended: conflict: REQ_002 - Request type suspend is not allowed when asset state is suspended
    approve twice: invalid: REQ_003 - Only pending and inquiring requests can be approved.
    "#);
}

#[test]
fn a_scheduled_request_is_revoked_and_confirmed() {
    let mut stage = Stage::demo();
    stage.switch(&json!({"subscription": {"suspend": {"scheduling": true}}}));
    let asset = stage.active_trial();
    let id = text(&stage.request("suspend", &asset).unwrap(), "/id");
    assert_eq!(
        said(stage.operate(&id, Operation::Schedule, json!({}))),
        "invalid: REQ_005 - Missed fields: planned_date."
    );
    let planned = json!({"planned_date": "2024-07-01T00:00:00+00:00"});
    let scheduled = stage.operate(&id, Operation::Schedule, planned).unwrap();
    assert_eq!(text(&scheduled, "/planned_date"), "2024-07-01T00:00:00+00:00");
    stage.operate(&id, Operation::Revoke, json!({"reason": "Changed our mind"})).unwrap();
    let revoked = stage.operate(&id, Operation::Confirm, Value::Null).unwrap();
    assert_eq!(text(&revoked, "/status"), "revoked");
    assert_eq!(text(&revoked, "/reason"), "Changed our mind");
    assert_eq!(stage.asset_status(&asset), "active");
}

#[test]
fn nothing_is_planned_for_a_day_that_is_over() {
    let mut stage = Stage::demo();
    let on = json!({"suspend": {"scheduling": true}, "change": {"scheduling": true}});
    stage.switch(&json!({"subscription": on}));
    let asset = stage.active_trial();
    let refused = "invalid: VAL_001 - planned_date: The date must be in the future.";
    for day in ["2020-01-01T00:00:00Z", "2024-06-11T07:30:00Z"] {
        let items = json!([{"mpn": "MPN-A", "quantity": 12}]);
        let asset = json!({"id": asset, "items": items});
        let body = json!({"type": "change", "asset": asset, "planned_date": day});
        assert_eq!(said(stage.by_vendor(RequestCommand::Create { body })), refused, "{day}");
        let mut body = stage.trial_body();
        body["planned_date"] = json!(day);
        assert_eq!(said(stage.by_vendor(RequestCommand::Create { body })), refused, "{day}");
    }
    let id = text(&stage.request("suspend", &asset).unwrap(), "/id");
    for day in ["2020-01-01T00:00:00Z", "2024-06-11T07:30:00Z"] {
        let planned = json!({"planned_date": day});
        assert_eq!(said(stage.operate(&id, Operation::Schedule, planned)), refused, "{day}");
    }
    let planned = json!({"planned_date": "2024-06-12T00:00:00Z"});
    assert_eq!(said(stage.operate(&id, Operation::Schedule, planned)), "ok scheduled");
}

#[test]
fn an_adjustment_beside_a_change_outlives_it() {
    let mut stage = Stage::demo();
    stage.switch(&json!({"subscription": {"change": {"simultaneous_adjustment": true}}}));
    let asset = stage.active_trial();
    let change = stage.change(&asset, 12).unwrap();
    let adjustment = stage.adjust(&asset, "subscription_id", "sub-2").unwrap();
    stage.approve(&text(&adjustment, "/id")).unwrap();
    stage.approve(&text(&change, "/id")).unwrap();

    let asset = stage.asset(&asset);
    assert_eq!(text(&asset, "/params/0/value"), "sub-2");
    assert_eq!(text(&asset, "/items/0/quantity"), "12");
}

/// An asset with a change of its e-mail address and an adjustment of its subscription, both open.
fn change_beside_adjustment(stage: &mut Stage) -> (String, Value, Value) {
    stage.switch(&json!({"subscription": {"change": {
        "simultaneous_adjustment": true, "editable_ordering_parameters": true,
    }}}));
    let asset = stage.active_trial();
    let params = json!([{"id": "admin_email", "value": "new@cedar.example"}]);
    let body = json!({"type": "change", "asset": {"id": asset, "params": params}});
    let change = stage.by_vendor(RequestCommand::Create { body }).unwrap();
    let adjustment = stage.adjust(&asset, "subscription_id", "sub-2").unwrap();
    (asset, change, adjustment)
}

fn values(asset: &Value) -> [String; 2] {
    ["/params/0/value", "/params/1/value"].map(|pointer| text(asset, pointer))
}

#[test]
fn an_approved_adjustment_leaves_the_values_of_the_change_beside_it() {
    let mut stage = Stage::demo();
    let (asset, change, adjustment) = change_beside_adjustment(&mut stage);
    stage.approve(&text(&adjustment, "/id")).unwrap();
    assert_eq!(values(&stage.asset(&asset)), ["sub-2", ""]);
    let shown = stage.read(&Collection::Requests, &text(&change, "/id")).unwrap();
    assert_eq!(values(&shown["asset"]), ["sub-2", "new@cedar.example"]);
    stage.approve(&text(&change, "/id")).unwrap();
    assert_eq!(values(&stage.asset(&asset)), ["sub-2", "new@cedar.example"]);
}

#[test]
fn an_approved_change_is_not_taken_back_by_the_adjustment_beside_it() {
    let mut stage = Stage::demo();
    let (asset, change, adjustment) = change_beside_adjustment(&mut stage);
    stage.approve(&text(&change, "/id")).unwrap();
    assert_eq!(values(&stage.asset(&asset)), ["sub-1", "new@cedar.example"]);
    stage.approve(&text(&adjustment, "/id")).unwrap();
    assert_eq!(values(&stage.asset(&asset)), ["sub-2", "new@cedar.example"]);
}

#[test]
fn an_error_beside_a_value_outlives_an_adjustment_of_it() {
    let mut stage = Stage::demo();
    let (_, change, adjustment) = change_beside_adjustment(&mut stage);
    let id = text(&change, "/id");
    let params = json!([{"id": "subscription_id", "value_error": "Not ours"}]);
    stage.update(&id, json!({"asset": {"params": params}})).unwrap();
    stage.approve(&text(&adjustment, "/id")).unwrap();
    let shown = stage.read(&Collection::Requests, &id).unwrap();
    assert_eq!(text(&shown, "/asset/params/0/value"), "sub-2");
    assert_eq!(text(&shown, "/asset/params/0/value_error"), "Not ours");
}

#[test]
fn nothing_is_seeded_for_a_product_that_is_not_there() {
    let mut stage = Stage::demo();
    stage.trial();
    let fixture = Fixture::new(AssetRequestType::Change, RequestStatus::Pending);
    assert_eq!(
        stage.world.seed_request(stage.clock.now(), &fixture.of(&"PRD-000-000-000".into())),
        None
    );
}

/// Everything an operation could need.
fn full_body(assignee: &str) -> Value {
    json!({
        "reason": "because", "planned_date": "2024-07-01T00:00:00+00:00", "email": assignee,
    })
}

/// Turns on every switch an operation may need.
fn allow_everything(stage: &mut Stage) {
    let on = json!({"scheduling": true, "validation": true, "inquiring_validation": true});
    stage.switch(&json!({"subscription": {
        "renew": {"enable_renew": true}, "transfer": {"enable_transfer": true},
    }}));
    stage.switch(&json!({
        "inquiring": {"validation": true},
        "subscription": {
            "purchase": on, "change": on, "suspend": on, "resume": on, "cancel": on, "renew": on,
            "transfer": on,
        },
    }));
}

/// A request in a cell of the table, wrong enough to be inquired.
fn seeded(stage: &mut Stage, fixture: &Fixture) -> String {
    let id = stage.world.seed_request(stage.clock.now(), fixture).unwrap();
    let params = json!([{"id": "admin_email", "value_error": "wrong"}]);
    let _ = stage.update(id.as_str(), json!({"asset": {"params": params}}));
    id.to_string()
}

#[test]
fn the_world_accepts_what_the_lifecycle_tables_accept_and_nothing_else() {
    let mut stage = Stage::demo();
    allow_everything(&mut stage);
    let (vendor, distributor) = (stage.vendor.clone(), stage.distributor.clone());
    let callers = [
        (Caller::Vendor { preview: true }, vendor.clone(), None, "ines@fernway.example"),
        (Caller::Vendor { preview: false }, vendor, Some(CONNECTION), "ines@fernway.example"),
        (Caller::Distributor, distributor, Some(CONNECTION), "tor@harborline.example"),
    ];
    let cells = AssetRequestType::ALL.iter().flat_map(|kind| {
        let statuses = RequestStatus::ALL.iter().filter(|status| is_reachable(kind, status));
        statuses.flat_map(move |status| Operation::ALL.map(|operation| (kind, status, operation)))
    });
    let cells: Vec<_> = cells.collect();
    assert_eq!(cells.len(), 55 * Operation::ALL.len());
    for (caller, who, connection, assignee) in callers {
        for (kind, status, operation) in &cells {
            let fixture = Fixture::new((*kind).clone(), (*status).clone());
            let fixture = match connection {
                Some(connection) => fixture.through(&connection.into()),
                None => fixture,
            };
            let id = seeded(&mut stage, &fixture);
            let command = RequestCommand::Operate {
                id: id.as_str().into(),
                operation: *operation,
                body: full_body(assignee),
                code: None,
            };
            let answer = stage.apply(&who, command);
            let cell = format!("{caller:?}: {kind} {status} {operation:?}");
            match lifecycle::allow(kind, status, *operation, caller) {
                Ok(allowed) => {
                    let now = text(&answer.unwrap_or_else(|no| panic!("{cell}: {no}")), "/status");
                    match allowed.next {
                        Next::To(to) => assert_eq!(now, to.as_str(), "{cell}"),
                        Next::Stay => assert_eq!(now, status.as_str(), "{cell}"),
                        Next::First => assert_eq!(now, "pending", "{cell}"),
                    }
                }
                Err(refused) => {
                    assert_eq!(answer.unwrap_err().refusal, refused.refusal(), "{cell}");
                }
            }
        }
    }
}
