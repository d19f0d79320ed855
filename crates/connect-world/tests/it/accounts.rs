//! Tier accounts.

use connect_clock::Clock;
use connect_world::Collection;
use connect_world::command::{RequestCommand, TierAccountCommand};
use serde_json::{Value, json};

use crate::stage::{Stage, customer, said, text};

fn order_for(stage: &mut Stage, uid: &str, customer: &Value) -> Value {
    let mut body = stage.order_body();
    body["asset"]["external_uid"] = json!(uid);
    body["asset"]["tiers"]["customer"] = customer.clone();
    stage.by_distributor(RequestCommand::Create { body }).unwrap()
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
    let edit = TierAccountCommand::Update {
        id: id.as_str().into(),
        body: json!({"name": "Cedar & Sons"}),
    };
    assert_eq!(said(stage.by_vendor(edit.clone())).split(':').next(), Some("forbidden"));
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
    let edit = TierAccountCommand::Update { id: id.as_str().into(), body };
    stage.by_distributor(edit).unwrap();
    let again = order_for(&mut stage, "u-2", &customer());
    assert_ne!(text(&again, "/asset/tiers/customer/id"), id);

    let taken = TierAccountCommand::Update {
        id: id.into(),
        body: json!({"external_uid": customer()["external_uid"]}),
    };
    assert_eq!(
        said(stage.by_distributor(taken)),
        "invalid: VAL_001 - external_uid: Account with same external_uid already exists."
    );
}

#[test]
fn accounts_are_created_with_complete_contact_data() {
    let mut stage = Stage::demo();
    let mut body = customer();
    body["type"] = json!("reseller");
    let made = stage.by_distributor(TierAccountCommand::Create { body: body.clone() }).unwrap();
    assert_eq!(text(&made, "/owner/id"), "PA-402-518");
    assert_eq!(text(&made, "/hub/id"), "HB-3306-7158");
    body["contact_info"]["city"] = json!(null);
    body["name"] = json!(" ");
    assert_eq!(
        said(stage.by_distributor(TierAccountCommand::Create { body: body.clone() })),
        "invalid: VAL_001 - name: This field may not be blank., \
         contact_info.city: This field may not be null."
    );
    body["contact_info"]["country"] = json!({});
    assert_eq!(
        said(stage.by_distributor(TierAccountCommand::Create { body })),
        "invalid: VAL_001 - contact_info.country: Not a valid string."
    );
}

#[test]
fn blank_external_ids_name_nobody() {
    let mut stage = Stage::demo();
    let mut nameless = |uid: &str, name: &str| {
        let mut account = customer();
        account["name"] = json!(name);
        account["external_id"] = json!("");
        account["external_uid"] = json!(" ");
        text(&order_for(&mut stage, uid, &account), "/asset/tiers/customer/name")
    };
    assert_eq!(nameless("u-1", "Cedar"), "Cedar");
    assert_eq!(nameless("u-2", "Juniper"), "Juniper");
}

#[test]
fn a_new_external_id_in_two_levels_is_one_account() {
    let mut stage = Stage::demo();
    let mut body = stage.order_body();
    body["asset"]["tiers"]["tier1"] = customer();
    let order = stage.by_distributor(RequestCommand::Create { body }).unwrap();
    let id = text(&order, "/asset/tiers/customer/id");
    assert_eq!(text(&order, "/asset/tiers/tier1/id"), id);
    assert_eq!(stage.ids(&Collection::TierAccounts, "").0, [id]);
}

#[test]
fn an_account_is_written_when_it_is_met_anew_and_its_versions_never() {
    let mut stage = Stage::demo();
    let id = text(&stage.order(), "/asset/tiers/customer/id");
    let mut met = |uid: &str, level: &str| {
        let mut body = stage.order_body();
        body["asset"]["external_uid"] = json!(uid);
        body["asset"]["tiers"] = json!({"customer": customer()});
        body["asset"]["tiers"][level] = json!({"id": id});
        let who = stage.distributor.clone();
        let events = stage
            .world
            .apply(stage.clock.now(), &who, RequestCommand::Create { body })
            .unwrap()
            .events;
        events.iter().any(|event| *event.object.id == *id)
    };
    assert!(!met("u-2", "customer"));
    assert!(met("u-3", "tier1"));
    assert!(!met("u-4", "tier1"));

    let scopes = json!(["customer", "tier1"]);
    let account = stage.read(&Collection::TierAccounts, &id).unwrap();
    assert_eq!((&account["version"], &account["scopes"]), (&json!(1), &scopes));
    let listed =
        stage.world.list(stage.clock.now(), &stage.vendor, &Collection::TierAccounts, "").unwrap();
    let rows: Value = serde_json::from_slice(&listed.body).unwrap();
    assert_eq!(rows[0]["scopes"], scopes);
}

#[test]
fn what_of_an_account_cannot_be_changed_yet_is_refused_and_never_dropped() {
    let mut stage = Stage::demo();
    let order = stage.order();
    let id = text(&order, "/asset/tiers/customer/id");
    let shown = stage.read(&Collection::TierAccounts, &id).unwrap();
    for (body, why) in [
        (json!({"parent": {"id": "TA-1"}}), "another value for parent of a tier account"),
        (json!({"type": "reseller"}), "another value for type of a tier account"),
        (json!({"type": "zzz"}), "type: \"zzz\" is not a valid choice."),
        (json!({"hub": {"id": "HB-1"}}), "another value for hub of a tier account"),
        (json!({"environment": "test"}), "another value for environment of a tier account"),
        (json!({"access": [{"id": "PA-1"}]}), "another value for access of a tier account"),
        (json!({"owner": {"id": "PA-1"}}), "owner: This field cannot be changed."),
    ] {
        let update = TierAccountCommand::Update { id: id.as_str().into(), body };
        assert!(said(stage.by_distributor(update)).contains(why), "{why}");
    }
    assert_eq!(stage.read(&Collection::TierAccounts, &id).unwrap(), shown);
    // What an account says of itself can be sent back.
    for version in ["2", "3"] {
        let update = TierAccountCommand::Update { id: id.as_str().into(), body: shown.clone() };
        assert_eq!(text(&stage.by_distributor(update).unwrap(), "/version"), version);
    }
    for (field, odd, why) in [
        ("hub", json!({"id": "HB-1"}), "another value for hub of a tier account"),
        ("hub", json!("HB-1"), "another value for hub of a tier account"),
        ("environment", json!("test"), "another value for environment of a tier account"),
        ("access", json!([{"id": "PA-1"}]), "another value for access of a tier account"),
        ("parent", json!("TA-1"), "parent: Invalid data. Expected a dictionary, but got str."),
        ("parent", json!({"external_id": "1"}), "parent.id: This field is required."),
        ("parent", json!({"id": "TA-1"}), "parent.id: Account does not exist."),
    ] {
        let mut body = customer();
        body["type"] = json!("customer");
        body[field] = odd;
        let create = TierAccountCommand::Create { body };
        assert!(said(stage.by_distributor(create)).contains(why), "{why}");
    }
    let below = json!({
        "type": "reseller", "name": "Near", "parent": {"id": id},
        "contact_info": customer()["contact_info"],
    });
    let below = stage.by_distributor(TierAccountCommand::Create { body: below }).unwrap();
    for nobody in [json!(null), json!({})] {
        let body = json!({"parent": nobody});
        let update = TierAccountCommand::Update { id: text(&below, "/id").into(), body };
        let told = said(stage.by_distributor(update));
        assert!(told.contains("a tier account that leaves its parent"), "{told}");
    }
    let mut body = stage.order_body();
    body["asset"]["external_uid"] = json!("another");
    body["asset"]["tiers"]["tier1"] = json!("weird");
    let why = "asset.tiers.tier1: Invalid data. Expected a dictionary, but got str.";
    assert_eq!(
        said(stage.by_distributor(RequestCommand::Create { body })),
        format!("invalid: VAL_001 - {why}")
    );
}
