//! Tier accounts.

use connect_emulator::world::{Collection, Command};
use serde_json::{Value, json};

use super::stage::{Stage, customer, said, text};

fn order_for(stage: &mut Stage, uid: &str, customer: &Value) -> Value {
    let mut body = stage.order_body();
    body["asset"]["external_uid"] = json!(uid);
    body["asset"]["tiers"]["customer"] = customer.clone();
    stage.by_distributor(Command::CreateRequest { body }).unwrap()
}

#[test]
fn a_purchase_makes_its_customer_and_finds_it_again() {
    let mut stage = Stage::demo();
    let first = order_for(&mut stage, "u-1", &customer());
    let id = text(&first, "/asset/tiers/customer/id");
    let mut same_uid = customer();
    same_uid["external_id"] = json!("other");
    let mut same_id = customer();
    same_id["external_uid"] = json!("other");
    let mut another = customer();
    another["external_uid"] = json!("x");
    another["external_id"] = json!("y");
    for (uid, account, found) in [
        ("u-2", json!({"id": id}), true),
        ("u-3", same_uid, true),
        ("u-4", same_id, true),
        ("u-5", another, false),
    ] {
        let order = order_for(&mut stage, uid, &account);
        assert_eq!(text(&order, "/asset/tiers/customer/id") == id, found, "{uid}");
    }
    let (ids, _) = stage.ids(&Collection::TierAccounts, "eq(name,Cedar Bakery SL)");
    assert_eq!(ids.len(), 2);
}

#[test]
fn an_edit_makes_a_version_and_requests_keep_theirs() {
    let mut stage = Stage::demo();
    let order = stage.order();
    let id = text(&order, "/asset/tiers/customer/id");
    let edit = Command::UpdateTierAccount {
        id: id.as_str().into(),
        body: json!({"name": "Cedar & Sons"}),
    };
    assert_eq!(said(stage.by_vendor(edit.clone())).split(':').next(), Some("403 Forbidden"));
    let edited = stage.by_distributor(edit).unwrap();
    assert_eq!(
        (text(&edited, "/version"), text(&edited, "/name")),
        ("2".into(), "Cedar & Sons".into())
    );

    let request = stage.read(&Collection::Requests, &text(&order, "/id")).unwrap();
    assert_eq!(text(&request, "/asset/tiers/customer/name"), "Cedar Bakery SL");
    let asset = stage.asset(&text(&order, "/asset/id"));
    assert_eq!(text(&asset, "/tiers/customer/name"), "Cedar & Sons");

    let versions = Collection::TierAccountVersions(id.as_str().into());
    let old = stage.read(&versions, "1").unwrap();
    assert_eq!(text(&old, "/name"), "Cedar Bakery SL");
}

#[test]
fn an_account_is_found_by_its_present_external_id_only() {
    let mut stage = Stage::demo();
    let id = text(&stage.order(), "/asset/tiers/customer/id");
    let body = json!({"external_uid": "new", "external_id": "new"});
    let edit = Command::UpdateTierAccount { id: id.as_str().into(), body };
    stage.by_distributor(edit).unwrap();
    let again = order_for(&mut stage, "u-2", &customer());
    assert_ne!(text(&again, "/asset/tiers/customer/id"), id);

    let taken = Command::UpdateTierAccount {
        id: id.into(),
        body: json!({"external_uid": customer()["external_uid"]}),
    };
    assert_eq!(
        said(stage.by_distributor(taken)),
        "400 Bad Request: VAL_001 - external_uid: Account with same external_uid already exists."
    );
}

#[test]
fn accounts_are_created_with_complete_contact_data() {
    let mut stage = Stage::demo();
    let mut body = customer();
    body["type"] = json!("reseller");
    let made = stage.by_distributor(Command::CreateTierAccount { body: body.clone() }).unwrap();
    assert_eq!(text(&made, "/owner/id"), "PA-402-518");
    assert_eq!(text(&made, "/hub/id"), "HB-3306-7158");
    body["contact_info"]["city"] = json!(null);
    body["name"] = json!(" ");
    assert_eq!(
        said(stage.by_distributor(Command::CreateTierAccount { body })),
        "400 Bad Request: VAL_001 - name: This field may not be blank., \
         contact_info.city: This field may not be null."
    );
}
