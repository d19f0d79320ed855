//! Purchases: what is asked for, what comes back, what is refused.

use connect_world::Collection;
use connect_world::DenialKind;
use connect_world::command::RequestCommand;
use serde_json::{Value, json};

use crate::stage::{Stage, customer, said, text};

#[test]
fn a_purchase_is_shown_whole() {
    let mut stage = Stage::demo();
    let request = stage.order();
    insta::assert_json_snapshot!(request);
}

#[test]
fn a_trial_has_the_null_connection_contract_and_marketplace() {
    let mut stage = Stage::demo();
    let request = stage.trial();
    let shown: Vec<String> = [
        "/asset/connection/id",
        "/asset/connection/type",
        "/asset/connection/hub/id",
        "/asset/contract/id",
        "/asset/marketplace/id",
        "/asset/tiers/tier2",
        "/asset/status",
        "/status",
    ]
    .iter()
    .map(|pointer| text(&request, pointer))
    .collect();
    assert_eq!(
        shown,
        [
            "CT-0000-0000-0000",
            "preview",
            "HB-0000-0000",
            "CRD-00000-00000-00000",
            "MP-00000",
            "{}",
            "processing",
            "pending"
        ]
    );
}

#[test]
fn a_trial_that_says_little_looks_like_recorded_ones() {
    let mut stage = Stage::demo();
    let (request, other) = (stage.trial(), stage.trial());
    let asset = &request["asset"];
    let id = text(asset, "/external_id");
    assert!(id.len() == 10 && id.bytes().all(|it| it.is_ascii_digit() || it.is_ascii_uppercase()));
    let uid = text(asset, "/external_uid");
    let groups: Vec<usize> = uid.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12], "{uid}");
    assert!(text(asset, "/connection/provider/id").starts_with("PA-"), "{asset}");
    assert!(text(asset, "/connection/vendor/id").starts_with("VA-"), "{asset}");
    for level in ["customer", "tier1"] {
        let account = &asset["tiers"][level];
        assert!(text(account, "/id").starts_with("TA-"), "{account}");
        for path in ["/contact_info/state", "/contact_info/contact/phone_number/extension"] {
            assert!(account.pointer(path).unwrap().is_string(), "{path} {account}");
        }
    }
    assert_eq!(asset["tiers"]["customer"]["parent"]["id"], asset["tiers"]["tier1"]["id"]);
    assert_eq!(asset["tiers"]["tier1"]["id"], other["asset"]["tiers"]["tier1"]["id"]);
    for path in ["/external_id", "/external_uid", "/tiers/customer/id"] {
        assert_ne!(asset.pointer(path), other["asset"].pointer(path), "{path}");
    }
    let found = stage.ids(&Collection::Assets, "eq(connection.provider.id,PA-731-204)").0;
    assert_eq!(found.len(), 2, "a filter finds what is shown");
}

#[test]
fn a_trial_keeps_what_it_says_of_itself() {
    let mut stage = Stage::demo();
    let mut body = stage.trial_body();
    body["asset"]["external_id"] = json!("T-1");
    body["asset"]["external_uid"] = json!("uid-1");
    body["asset"]["tiers"] = json!({"customer": customer()});
    let request = stage.by_vendor(RequestCommand::Create { body }).unwrap();
    let shown = ["/asset/external_id", "/asset/external_uid", "/asset/tiers/customer/name"];
    assert_eq!(shown.map(|it| text(&request, it)), ["T-1", "uid-1", "Cedar Bakery SL"]);
}

#[test]
fn items_are_named_in_four_ways() {
    let mut stage = Stage::demo();
    for name in ["id", "global_id", "mpn", "id-local"] {
        let (field, value) = match name {
            "mpn" => ("mpn", "MPN-A"),
            "id-local" => ("id", "PRD_411_678_887_0001"),
            field => (field, "PRD-411-678-887-0001"),
        };
        let mut body = stage.trial_body();
        body["asset"]["items"] = json!([{field: value, "quantity": "3"}]);
        let request = stage.by_vendor(RequestCommand::Create { body }).unwrap();
        assert_eq!(text(&request, "/asset/items/0/quantity"), "3", "{name}");
    }
}

/// The order with one thing changed, and what the platform says to it.
fn ordered_with(change: impl Fn(&mut Value)) -> String {
    let mut stage = Stage::demo();
    let mut body = stage.order_body();
    change(&mut body);
    said(stage.by_distributor(RequestCommand::Create { body }))
}

#[test]
fn purchases_are_refused_in_the_words_of_the_platform() {
    let mut said = String::new();
    let mut case = |name: &str, change: &dyn Fn(&mut Value)| {
        said += &format!("{name}: {}\n", ordered_with(change));
    };
    case("no items", &|body| body["asset"]["items"] = json!([]));
    case("all zero", &|body| body["asset"]["items"][0]["quantity"] = json!(0));
    case("half a unit", &|body| body["asset"]["items"][0]["quantity"] = json!(1.5));
    case("an item twice", &|body| {
        let same = json!({"id": "PRD_411_678_887_0001", "quantity": 2});
        body["asset"]["items"].as_array_mut().unwrap().push(same);
    });
    case("unknown item", &|body| body["asset"]["items"][0]["mpn"] = json!("MPN-Z"));
    case("other marketplace", &|body| body["marketplace"]["id"] = json!("MP-99999"));
    case("only marketplace", &|body| body["marketplace"] = json!(null));
    case("other connection", &|body| body["asset"]["connection"]["id"] = json!("CT-1"));
    case("no customer", &|body| body["asset"]["tiers"] = json!({}));
    case("customer without address", &|body| {
        let info = &mut body["asset"]["tiers"]["customer"]["contact_info"];
        info["address_line1"] = json!("");
        info["postal_code"] = json!(null);
    });
    case("customer without e-mail and last name", &|body| {
        let info = &mut body["asset"]["tiers"]["customer"]["contact_info"];
        info["contact"]["email"] = json!("");
        info["contact"]["last_name"] = json!(null);
    });
    case("long unique id", &|body| body["asset"]["external_uid"] = json!("u".repeat(101)));
    case("long id", &|body| body["asset"]["external_id"] = json!("i".repeat(101)));
    case("unknown parameter", &|body| body["asset"]["params"] = json!([{"id": "x", "value": "1"}]));
    case("fulfillment parameter", &|body| {
        body["asset"]["params"] = json!([{"id": "subscription_id", "value": "1"}]);
    });
    case("draft", &|body| body["status"] = json!("draft"));
    case("bad date", &|body| body["planned_date"] = json!("soon"));
    case("no type", &|body| body["type"] = json!(null));
    case("strange type", &|body| body["type"] = json!("borrow"));
    insta::assert_snapshot!(said);
}

#[test]
fn a_purchase_sent_twice_is_answered_with_what_became_of_the_first() {
    let mut stage = Stage::demo();
    let first = stage.order();
    let id = text(&first, "/id");
    stage
        .operate(&id, connect_model::lifecycle::Operation::Fail, json!({"reason": "No stock"}))
        .unwrap();

    let body = stage.order_body();
    let denied = stage.by_distributor(RequestCommand::Create { body }).unwrap_err();
    assert_eq!(denied.kind, DenialKind::Conflict);
    let params = Value::Object(denied.refusal.params);
    assert_eq!(text(&params, "/request_id"), id);
    assert_eq!(text(&params, "/request_status"), "failed");
    assert_eq!(text(&params, "/asset_status"), "terminated");
    assert_eq!(text(&params, "/fail_message"), "No stock");
}

#[test]
fn a_required_ordering_value_sends_the_request_to_the_customer_at_once() {
    let mut stage = Stage::demo();
    stage.add_parameter(json!({
        "name": "region", "type": "text", "phase": "ordering", "scope": "asset",
        "constraints": {"required": true},
    }));
    let request = stage.trial();
    assert_eq!(text(&request, "/status"), "inquiring");
    let region =
        request["asset"]["params"].as_array().unwrap().iter().find(|p| p["id"] == "region");
    assert_eq!(region.unwrap()["value_error"], "This field is required.");
    assert!(text(&request, "/params_form_url").starts_with("http://127.0.0.1/forms/?code="));
}

#[test]
fn the_assets_history_lists_its_requests() {
    let mut stage = Stage::demo();
    let asset = stage.active_trial();
    stage.request("suspend", &asset).unwrap();
    let (ids, range) = stage.ids(&Collection::AssetRequests(asset.as_str().into()), "");
    let digits = asset.strip_prefix("AS-").unwrap();
    assert_eq!(ids, [format!("PR-{digits}-002"), format!("PR-{digits}-001")]);
    assert_eq!(range, "items 0-1/2");
}
