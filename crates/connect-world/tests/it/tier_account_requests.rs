//! Requests about changed accounts: when there are some, and what can be answered.

use connect_model::lifecycle::Operation;
use connect_world::Collection;
use connect_world::command::{TierAccountCommand, TierAccountRequestCommand, WebhookCommand};
use connect_world::scenario::Scenario;
use serde_json::{Value, json};

use crate::stage::{Answer, Stage, said, text};

/// A world whose product hears of changed accounts, with a customer who bought it.
fn stage() -> (Stage, String) {
    let mut stage = Stage::demo();
    stage.switch(&json!({"tiers": {"updates": true}}));
    let order = stage.order();
    let account = text(&order, "/asset/tiers/customer/id");
    (stage, account)
}

fn renamed(account: &str, name: &str) -> TierAccountRequestCommand {
    let body = json!({"type": "update", "account": {"id": account, "name": name}});
    TierAccountRequestCommand::Create { body }
}

fn answer(stage: &mut Stage, id: &str, operation: Operation) -> Answer {
    let body = json!({"reason": "not our customer"});
    stage.by_vendor(TierAccountRequestCommand::Operate { id: id.into(), operation, body })
}

fn listed(stage: &Stage) -> Vec<String> {
    stage.ids(&Collection::TierAccountRequests, "").0
}

#[test]
fn a_change_is_made_at_once_and_the_vendor_is_told_for_its_product() {
    let (mut stage, account) = stage();
    let made = stage.by_distributor(renamed(&account, "Cedar Bakery SA")).unwrap();
    let id = format!("TAR-{}-002-001", &account[3..]);
    assert_eq!(made.as_array().unwrap().len(), 1);
    let at = |pointer| text(&made, pointer);
    assert_eq!([at("/0/id"), at("/0/status"), at("/0/reason")], [&id, "pending", ""]);
    assert_eq!([at("/0/account/version"), at("/0/account/name")], ["2", "Cedar Bakery SA"]);
    assert_eq!(at("/0/product/id"), stage.product().as_str());
    assert_eq!(text(&stage.read(&Collection::TierAccounts, &account).unwrap(), "/version"), "2");
    assert_eq!(listed(&stage), [id]);
}

#[test]
fn an_edit_of_the_account_tells_the_vendor_too() {
    let (mut stage, account) = stage();
    let body = json!({"name": "Cedar Bakery SA"});
    let edit = TierAccountCommand::Update { id: account.as_str().into(), body };
    stage.by_distributor(edit.clone()).unwrap();
    assert_eq!(listed(&stage).len(), 1);
    stage.by_distributor(edit).unwrap();
    assert_eq!(listed(&stage).len(), 1, "the second changed nothing");
}

#[test]
fn a_product_that_does_not_hear_of_accounts_gets_a_request_that_nobody_is_asked() {
    let (mut stage, account) = stage();
    stage.switch(&json!({"tiers": {"updates": false}}));
    let made = stage.by_distributor(renamed(&account, "Cedar Bakery SA")).unwrap();
    assert_eq!(text(&made, "/0/status"), "unsupported");
    assert_eq!(text(&made, "/0/reason"), "Product does not support contact details change.");
    let id = text(&made, "/0/id");
    let refused = said(answer(&mut stage, &id, Operation::Accept));
    assert_eq!(refused, "invalid: REQ_003 - Only pending requests can be accepted.");
}

#[test]
fn each_answer_is_given_once_and_by_the_vendor_alone() {
    for (operation, status) in [(Operation::Accept, "accepted"), (Operation::Ignore, "ignored")] {
        let (mut stage, account) = stage();
        let made = stage.by_distributor(renamed(&account, "Cedar Bakery SA")).unwrap();
        let id = text(&made, "/0/id");
        let mine = TierAccountRequestCommand::Operate {
            id: id.as_str().into(),
            operation,
            body: Value::Null,
        };
        let refused = said(stage.by_distributor(mine));
        assert_eq!(
            refused,
            "forbidden: AUTH_004 - You do not have permission to perform this action."
        );
        let answered = answer(&mut stage, &id, operation).unwrap();
        assert_eq!(text(&answered, "/status"), status);
        let reason = if status == "ignored" { "not our customer" } else { "" };
        assert_eq!(text(&answered, "/reason"), reason);
        for again in [Operation::Accept, Operation::Ignore] {
            let refused = said(answer(&mut stage, &id, again));
            assert!(refused.starts_with("invalid: REQ_003 - Only pending requests"), "{refused}");
        }
        let account = stage.read(&Collection::TierAccounts, &account).unwrap();
        assert_eq!(text(&account, "/name"), "Cedar Bakery SA", "neither takes the change back");
    }
}

#[test]
fn what_cannot_be_made_is_refused_and_changes_nothing() {
    let (mut stage, account) = stage();
    let before = stage.world.dump();
    let own = stage.read(&Collection::TierAccounts, &account).unwrap();
    let create = |body: Value| TierAccountRequestCommand::Create { body };
    let update = |account: Value| create(json!({"type": "update", "account": account}));
    let mut told = vec![
        said(stage.by_distributor(create(json!({"type": "purchase"})))),
        said(stage.by_distributor(update(json!({})))),
        said(stage.by_distributor(update(json!({"external_uid": "nobody"})))),
        said(stage.by_distributor(update(json!({"id": account, "name": text(&own, "/name")})))),
        said(stage.by_distributor(update(json!({"id": account, "name": ""})))),
    ];
    told.push(said(stage.by_vendor(update(json!({"id": account, "name": "Another"})))));
    assert_eq!(told.len(), 6);
    assert!(told[0].contains("type: "), "{told:?}");
    assert!(told[1].contains("account.id: This field is required."), "{told:?}");
    assert!(told[2].contains("account: Account does not exist."), "{told:?}");
    assert!(told[3].contains("TAR_004"), "{told:?}");
    assert!(told[4].contains("account.name: This field may not be blank."), "{told:?}");
    assert!(told[5].contains("account: Account does not exist."), "{told:?}");
    assert_eq!(stage.world.dump(), before);
}

#[test]
fn nobody_is_told_of_an_account_that_was_sold_to_through_test_connections_alone() {
    let mut stage = Stage::of(Scenario::demo().with_test_connection());
    stage.switch(&json!({"tiers": {"updates": true}}));
    let account = text(&stage.order(), "/asset/tiers/customer/id");
    let refused = said(stage.by_distributor(renamed(&account, "Cedar Bakery SA")));
    assert_eq!(refused, "invalid: TAR_003 - The account belongs to a test marketplace.");
    let body = json!({"name": "Cedar Bakery SA"});
    let edit = TierAccountCommand::Update { id: account.as_str().into(), body };
    let edited = stage.by_distributor(edit).unwrap();
    assert_eq!(text(&edited, "/name"), "Cedar Bakery SA");
    assert!(listed(&stage).is_empty());
}

#[test]
fn webhooks_of_the_queue_hear_of_a_request_and_of_its_answer() {
    let (mut stage, account) = stage();
    let body = json!({
        "label": "accounts", "object_class": "tier_account_request", "description": null,
        "product_id": stage.product(), "external_url": "https://cedar.example/hook",
        "jwt_secret": "s3cret", "active": true, "http_method": "POST", "data": {},
    });
    let hook = text(&stage.by_vendor(WebhookCommand::Create { body }).unwrap(), "/id");
    let events = |stage: &Stage| {
        stage.read(&Collection::Webhooks, &hook).unwrap()["stats"]["events"].clone()
    };
    let made = stage.by_distributor(renamed(&account, "Cedar Bakery SA")).unwrap();
    assert_eq!(events(&stage), 1);
    answer(&mut stage, &text(&made, "/0/id"), Operation::Accept).unwrap();
    assert_eq!(events(&stage), 2);
}
