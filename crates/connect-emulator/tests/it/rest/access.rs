//! Who gets in, and what they may see and do.

use reqwest::Method;
use serde_json::json;

use super::stage::{Said, Stage, text};

#[tokio::test]
async fn a_call_needs_a_token_the_platform_gave_out() {
    let stage = Stage::set().await;
    let vendor = stage.emulator.keys().vendor.clone();
    let bare = vendor.trim_start_matches("ApiKey ").to_owned();
    let cases = [
        ("none", stage.nobody()),
        ("empty", stage.with_key("")),
        ("unknown", stage.with_key("ApiKey SU-000-000-000:nothing")),
        ("without the word", stage.with_key(&bare)),
        ("one letter more", stage.with_key(&format!("{vendor}x"))),
    ];
    for (name, caller) in cases {
        let said = caller.get("/requests").await;
        assert_eq!(said.refusal(), "401 AUTH_001 API request is unauthorized.", "{name}");
    }
    assert_eq!(stage.vendor().get("/requests").await.status, 200);
}

#[tokio::test]
async fn without_a_token_no_address_says_what_there_is() {
    let stage = Stage::set().await;
    let calls = [
        ("GET", ""),
        ("GET", "/"),
        ("GET", "/nothing"),
        ("DELETE", "/requests"),
        ("GET", "/usage/files"),
        ("POST", "/hubs"),
    ];
    for (method, path) in calls {
        let said = stage.nobody().call(method.parse().unwrap(), path).await;
        let expected = "401 AUTH_001 API request is unauthorized.";
        assert_eq!(said.refusal(), expected, "{method} {path}");
    }
}

#[tokio::test]
async fn a_token_knows_its_account_and_user() {
    let stage = Stage::set().await;
    let vendor = stage.vendor().get("/auth/context").await.expect(200);
    assert!(text(&vendor["account"]["id"]).starts_with("VA-"), "{vendor}");
    assert!(text(&vendor["user"]["id"]).starts_with("SU-"), "{vendor}");
    let distributor = stage.distributor().get("/auth/context").await.expect(200);
    assert!(text(&distributor["account"]["id"]).starts_with("PA-"), "{distributor}");
}

#[tokio::test]
async fn a_distributor_sees_nothing_of_previews() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let distributor = stage.distributor();

    let listed = distributor.get("/requests").await;
    assert_eq!((listed.body.as_str(), listed.header("content-range")), ("[]", "items 0-0/0"));
    let read = distributor.get(&format!("/requests/{}", order.id)).await;
    assert_eq!(read.refusal(), "404 NOT_FOUND Object not found.");
    assert_eq!(distributor.get(&format!("/assets/{}", order.asset)).await.status, 404);
}

#[tokio::test]
async fn only_the_vendor_approves() {
    let stage = Stage::set().await;
    let order = sell(&stage).await;
    let id = text(&order.expect(201)["id"]).to_owned();

    let said = stage.distributor().act(&id, "approve", json!({})).await;
    assert_eq!(said.refusal(), "403 AUTH_004 You do not have permission to perform this action.");
    let params = json!({"asset": {"params": [{"id": "subscription_id", "value": "t"}]}});
    stage.vendor().put(&format!("/requests/{id}"), params).await.expect(200);
    stage.vendor().act(&id, "approve", json!({})).await.expect(200);
}

#[tokio::test]
async fn a_customer_answers_an_inquiry_with_the_code_of_the_link_alone() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let path = format!("/requests/{}", order.id);
    let mark = json!({"asset": {"params": [{"id": "admin_email", "value_error": "Unknown."}]}});
    stage.vendor().put(&path, mark).await.expect(200);
    let inquired = stage.vendor().call(Method::POST, &format!("{path}/inquire")).await.expect(200);
    let form = text(&inquired["params_form_url"]);
    let (_, code) = form.split_once("code=").unwrap();
    let code = code.split('&').next().unwrap();

    let customer = stage.nobody();
    let answer =
        json!({"asset": {"params": [{"id": "admin_email", "value": "it@bakery.example"}]}});
    let pend = |code: &str| format!("{path}/pend?code={code}");
    assert_eq!(customer.post(&format!("{path}/pend"), answer.clone()).await.status, 401);
    assert_eq!(customer.post(&pend("wrong"), answer.clone()).await.status, 403);
    assert_eq!(customer.get(&format!("{path}?code={code}")).await.status, 401);
    let pended = customer.post(&pend(code), answer).await;
    assert_eq!(pended.status, 200, "{}", pended.body);
    assert_eq!(stage.standing(&order).await, "pending processing");
}

/// A purchase by the distributor, on the product's production connection.
async fn sell(stage: &Stage) -> Said {
    let path = format!("/products/{}/connections", stage.emulator.product());
    let connection = stage.vendor().get(&path).await.expect(200)[0]["id"].clone();
    let contact = json!({
        "address_line1": "Calle Mayor 4", "city": "Zaragoza", "postal_code": "50001",
        "country": "ES",
        "contact": {
            "first_name": "Nuria", "last_name": "Lanas", "email": "nuria@bakery.example",
            "phone_number": {"country_code": "+34", "phone_number": "550101"},
        },
    });
    let body = json!({
        "type": "purchase",
        "asset": {
            "product": {"id": stage.emulator.product()},
            "connection": {"id": connection},
            "items": [{"mpn": "MPN-A", "quantity": 3}],
            "tiers": {
                "customer": {
                    "name": "Cedar Bakery", "external_id": "100771", "type": "customer",
                    "contact_info": contact,
                },
                "tier1": {
                    "name": "Orchard Resale", "external_id": "9001", "type": "reseller",
                    "contact_info": contact,
                },
            },
        },
    });
    stage.distributor().post("/requests", body).await
}
