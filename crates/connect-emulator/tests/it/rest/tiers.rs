//! Tier configurations over HTTP: the shapes of the answers, and who gets them.

use http::Method;
use serde_json::{Value, json};

use super::stage::{Stage, text};

const REQUESTS: &str = "/tier/config-requests";

#[tokio::test]
async fn a_reseller_is_set_up_updated_and_adjusted_over_http() {
    let stage = Stage::set().await;
    let (id, trial) = stage.set_up().await;
    let vendor = stage.vendor();
    let path = format!("{REQUESTS}/{id}");
    assert_eq!(stage.standing(&trial).await, "tiers_setup processing");

    let wrong = json!({"params": [{"id": "partner_code", "value_error": "Which one?"}]});
    vendor.put(&path, wrong).await.expect(200);
    for (verb, body) in [
        ("assign", json!({"email": "ines@fernway.example"})),
        ("unassign", Value::Null),
        ("inquire", Value::Null),
        ("pend", Value::Null),
    ] {
        let said = vendor.post(&format!("{path}/{verb}"), body).await;
        assert_eq!((said.status, said.body.as_str()), (204, ""), "{verb}");
        assert_eq!(said.header("content-type"), "");
    }
    let code = json!({"params": [{"id": "partner_code", "value": "OR-9", "value_error": ""}]});
    vendor.put(&path, code).await.expect(200);
    let approved = vendor.call(Method::POST, &format!("{path}/approve")).await.expect(200);
    assert_eq!(approved["template"]["representation"], "Your code is OR-9.");
    assert_eq!(stage.standing(&trial).await, "pending processing");
    let rendered = vendor.get(&format!("{path}/render")).await;
    assert_eq!(
        (rendered.body.as_str(), rendered.header("content-type")),
        ("Your code is OR-9.", "text/markdown")
    );

    let config = vendor.get(&path).await.json()["configuration"]["id"].clone();
    for (number, kind) in [(2, "update"), (3, "adjustment")] {
        let value = format!("OR-{number}");
        let params = json!([{"id": "partner_code", "value": value}]);
        let body = json!({"type": kind, "configuration": {"id": config}, "params": params});
        let made = vendor.post(REQUESTS, body).await.expect(201);
        let path = format!("{REQUESTS}/{}", text(&made["id"]));
        vendor.post(&format!("{path}/approve"), json!({})).await.expect(200);
        let config = vendor.get(&format!("/tier/configs/{}", text(&config))).await.expect(200);
        assert_eq!(config["params"][0]["value"], value);
    }
    let body = json!({"type": "update", "configuration": {"id": config}});
    let made = vendor.post(REQUESTS, body).await.expect(201);
    let path = format!("{REQUESTS}/{}/fail", text(&made["id"]));
    let failed = vendor.post(&path, json!({"reason": "Not today"})).await;
    assert_eq!((failed.status, failed.body.as_str()), (204, ""));
}

#[tokio::test]
async fn parts_are_selected_and_shown_as_the_document_says() {
    let stage = Stage::set().await;
    let (id, _) = stage.set_up().await;
    let vendor = stage.vendor();
    let first = async |path: &str| vendor.get(path).await.expect(200)[0].clone();
    let whole = first(REQUESTS).await;
    assert_eq!(whole["configuration"]["product"]["capabilities"], Value::Null);
    let less = first(&format!("{REQUESTS}?select(-configuration.params,-tiers)")).await;
    assert_eq!((&less["tiers"], &less["configuration"]["params"]), (&Value::Null, &Value::Null));
    let more = first(&format!("{REQUESTS}?select(configuration.product.capabilities)")).await;
    assert!(more["configuration"]["product"]["capabilities"].is_object());
    let config = first("/tier/configs").await;
    assert_eq!(config["tiers"], Value::Null);
    let config = vendor.get(&format!("/tier/configs/{}", text(&config["id"]))).await.json();
    assert_eq!((&config["open_request"]["id"], config["tiers"].is_object()), (&json!(id), true));
}

#[tokio::test]
async fn a_second_open_request_is_refused_with_a_status_that_the_document_has() {
    let stage = Stage::set().await;
    let (id, _) = stage.set_up().await;
    let vendor = stage.vendor();
    let config =
        vendor.get(&format!("{REQUESTS}/{id}")).await.json()["configuration"]["id"].clone();
    let code = json!({"params": [{"id": "partner_code", "value": "OR-9"}]});
    vendor.put(&format!("{REQUESTS}/{id}"), code).await.expect(200);
    vendor.post(&format!("{REQUESTS}/{id}/approve"), json!({})).await.expect(200);
    let update = json!({"type": "update", "configuration": {"id": config}});
    let open = vendor.post(REQUESTS, update.clone()).await.expect(201);
    let refused = vendor.post(REQUESTS, update).await.refusal();
    let why = format!("Tier configuration has open request {}.", text(&open["id"]));
    assert_eq!(refused, format!("400 REQ_003 {why}"));
}

#[tokio::test]
async fn a_template_is_rendered_for_the_request_of_a_reseller_where_old_clients_ask() {
    let stage = Stage::set().await;
    let (id, _) = stage.set_up().await;
    let vendor = stage.vendor();
    let code = json!({"params": [{"id": "partner_code", "value": "OR-9"}]});
    vendor.put(&format!("{REQUESTS}/{id}"), code).await.expect(200);
    let templates = format!("/products/{}/templates", stage.emulator.product());
    let of_resellers = vendor.get(&format!("{templates}?eq(scope,tier1)")).await.column("id");
    let path = format!("/templates/{}/render?request_id={id}", of_resellers[0]);
    assert_eq!(vendor.get(&path).await.body, "Your code is OR-9.");
    assert_eq!(stage.distributor().get(&path).await.status, 404);
}

#[tokio::test]
async fn verbs_that_only_fulfillment_requests_have_are_nowhere() {
    let stage = Stage::set().await;
    let (id, _) = stage.set_up().await;
    for verb in ["schedule", "revoke", "confirm", "purchase"] {
        let said = stage.vendor().post(&format!("{REQUESTS}/{id}/{verb}"), json!({})).await;
        assert_eq!(said.status, 404, "{verb}: {}", said.body);
    }
}

#[tokio::test]
async fn another_distributors_trial_is_not_seen() {
    let stage = Stage::set().await;
    let (id, _) = stage.set_up().await;
    let distributor = stage.distributor();
    assert_eq!(distributor.get(REQUESTS).await.column("id"), Vec::<String>::new());
    assert_eq!(distributor.get(&format!("{REQUESTS}/{id}")).await.status, 404);
    let refused = distributor.post(&format!("{REQUESTS}/{id}/approve"), json!({})).await;
    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn a_reseller_whom_no_hub_named_is_shown_without_external_ids() {
    let stage = Stage::set().await;
    stage.set_up().await;
    let vendor = stage.vendor();
    let far = vendor.post("/tier/accounts", nameless("Far", &Value::Null)).await.expect(201);
    let parent = json!({"id": far["id"]});
    let near = vendor.post("/tier/accounts", nameless("Near", &parent)).await.expect(201);
    let set_up = json!({
        "type": "setup",
        "configuration": {
            "product": {"id": stage.emulator.product()}, "tier_level": 1,
            "account": {"id": near["id"]},
            "connection": {"id": "CT-0000-0000-0000", "type": "preview"},
        },
    });
    let made = vendor.post(REQUESTS, set_up).await.expect(201);
    let request = vendor.get(&format!("{REQUESTS}/{}", text(&made["id"]))).await.expect(200);
    let config = text(&made["configuration"]["id"]);
    let config = vendor.get(&format!("/tier/configs/{config}")).await.expect(200);
    let of_near = format!("eq(configuration.account.id,{})", text(&near["id"]));
    let requests = vendor.get(&format!("{REQUESTS}?{of_near}")).await.expect(200);
    let of_near = format!("eq(account.id,{})", text(&near["id"]));
    let configs = vendor.get(&format!("/tier/configs?{of_near}")).await.expect(200);
    for (shown, account, tiers) in [
        (&request, &request["configuration"]["account"], &request["tiers"]),
        (&requests[0], &requests[0]["configuration"]["account"], &requests[0]["tiers"]),
        (&config, &config["account"], &config["tiers"]),
    ] {
        for account in [account, &tiers["tier1"], &tiers["tier2"]] {
            let ids = (account.get("external_id"), account.get("external_uid"));
            assert_eq!(ids, (Some(&Value::Null), Some(&Value::Null)), "{shown}");
        }
    }
    assert_eq!(configs[0]["account"].get("external_id"), Some(&Value::Null), "{configs}");
}

/// A reseller that has no ids in a hub.
fn nameless(name: &str, parent: &Value) -> Value {
    json!({
        "type": "reseller", "name": name, "parent": parent,
        "contact_info": {
            "address_line1": "Storgata 1", "city": "Bergen", "postal_code": "5003",
            "country": "NO",
            "contact": {"first_name": "Liv", "last_name": "Dahl", "email": "liv@dahl.example"},
        },
    })
}
