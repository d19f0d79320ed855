//! Actions of products over HTTP: kept, and followed by signed links.

use http::Method;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};

use super::stage::{Stage, text};

fn sso() -> Value {
    json!({
        "action": "sso", "name": "Console", "title": "Open the console", "type": "button",
        "scope": "asset", "description": "Leads to the tenant",
    })
}

fn path(stage: &Stage) -> String {
    format!("/products/{}/actions", stage.emulator.product())
}

/// Has the product's links lead to an address.
async fn lead_to(stage: &Stage, url: &str) {
    let body = json!({"customer_ui_settings": {"action": {"url": url}}});
    let product = format!("/products/{}", stage.emulator.product());
    stage.vendor().put(&product, body).await.expect(200);
}

async fn secret(stage: &Stage) -> String {
    let path = format!("{}/regeneratesecret", path(stage));
    let made = stage.vendor().call(Method::POST, &path).await.expect(200);
    text(&made["jwt_secret"]).to_owned()
}

fn claims(link: &str, secret: &str) -> Option<Value> {
    let token = link.split("jwt=").nth(1).unwrap();
    let key = DecodingKey::from_secret(secret.as_bytes());
    let checks = Validation::new(Algorithm::HS256);
    decode::<Value>(token, &key, &checks).ok().map(|token| token.claims)
}

#[tokio::test]
async fn an_action_is_made_read_changed_and_deleted() {
    let stage = Stage::set().await;
    let (vendor, path) = (stage.vendor(), path(&stage));
    let made = vendor.post(&path, sso()).await.expect(201);
    let one = format!("{path}/{}", text(&made["id"]));
    assert_eq!(vendor.get(&one).await.expect(200), made);
    let changed = vendor.put(&one, json!({"name": "Portal"})).await.expect(200);
    assert_eq!((text(&changed["name"]), text(&changed["action"])), ("Portal", "sso"));
    let mut reseller = sso();
    reseller["scope"] = json!("tier1");
    vendor.post(&path, reseller).await.expect(201);
    for (query, count) in [("", 2), ("?scope=asset", 1), ("?in(scope,(tier1,tier2))", 1)] {
        assert_eq!(
            vendor.get(&format!("{path}{query}")).await.column("id").len(),
            count,
            "{query}"
        );
    }
    assert_eq!(vendor.call(Method::DELETE, &one).await.status, 204);
    assert_eq!(vendor.get(&one).await.status, 404);
    assert_eq!(stage.distributor().get(&path).await.column("scope"), ["tier1"]);
}

#[tokio::test]
async fn what_is_wrong_with_an_action_is_told_and_nothing_is_kept() {
    let stage = Stage::set().await;
    let (vendor, path) = (stage.vendor(), path(&stage));
    let made = vendor.post(&path, sso()).await.expect(201);
    let with = |field: &str, value: Value| {
        let mut body = sso();
        body["action"] = json!("other");
        body[field] = value;
        body
    };
    let mut told = Vec::new();
    for body in [
        with("action", Value::Null),
        with("action", json!("sso")),
        with("action", json!("x".repeat(101))),
        with("name", json!("")),
        with("type", json!("lever")),
        with("scope", json!("moon")),
        with("description", Value::Null),
        with("description", json!("x".repeat(301))),
        with("title", json!({})),
    ] {
        told.push(vendor.post(&path, body).await.refusal());
    }
    let one = format!("{path}/{}", text(&made["id"]));
    told.push(vendor.put(&one, json!({"scope": "moon"})).await.refusal());
    told.push(vendor.put(&one, json!({"id": "ACT-1"})).await.refusal());
    told.push(vendor.put(&format!("{path}/ACT-000-000-000"), sso()).await.refusal());
    told.push(stage.distributor().post(&path, with("name", json!("N"))).await.refusal());
    told.push(
        stage.distributor().call(Method::POST, &format!("{path}/regeneratesecret")).await.refusal(),
    );
    insta::assert_snapshot!(told.join("\n"));
    assert_eq!(vendor.get(&path).await.json(), json!([made]));
}

#[tokio::test]
async fn a_link_is_signed_with_the_products_key_for_what_it_is_of() {
    let stage = Stage::set().await;
    let (vendor, path) = (stage.vendor(), path(&stage));
    let action = text(&vendor.post(&path, sso()).await.expect(201)["id"]).to_owned();
    let asset = stage.purchase().await.asset;
    let link = format!("{path}/{action}/actionLink?asset_id={asset}");
    let mut told = vec![vendor.get(&link).await.refusal()];
    let first = secret(&stage).await;
    told.push(vendor.get(&link).await.refusal());
    lead_to(&stage, "https://cedar.example/sso?from=connect").await;
    for query in ["", "?asset_id=", "?asset_id=AS-1", "?tier_config_id=TC-1"] {
        told.push(vendor.get(&format!("{path}/{action}/actionLink{query}")).await.refusal());
    }
    let both = vendor.get(&format!("{link}&tier_config_id=TC-1")).await;
    told.push(both.refusal());
    told.push(vendor.get(&link.replace(&action, "ACT-000-000-000")).await.refusal());
    let product = stage.emulator.product();
    insta::assert_snapshot!(told.join("\n").replace(product.as_str(), "PRD"));

    let made = vendor.get(&link).await.expect(200);
    let made = text(&made["link"]);
    assert!(made.starts_with("https://cedar.example/sso?from=connect&jwt="), "{made}");
    let said = claims(made, &first).unwrap();
    assert_eq!((text(&said["action_id"]), text(&said["asset_id"])), ("sso", asset.as_str()));
    assert_eq!(said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(), 60);
    let again = vendor.get(&link).await.expect(200);
    assert_ne!(text(&again["link"]), made, "each link is one of its own");
    let second = secret(&stage).await;
    let anew = vendor.get(&link).await.expect(200);
    assert!(claims(text(&anew["link"]), &first).is_none());
    assert!(claims(text(&anew["link"]), &second).is_some());
}

#[tokio::test]
async fn an_action_of_resellers_is_of_their_level() {
    let stage = Stage::set().await;
    let (set_up, trial) = stage.set_up().await;
    let (vendor, path) = (stage.vendor(), path(&stage));
    let mut body = sso();
    body["scope"] = json!("tier1");
    let action = text(&vendor.post(&path, body).await.expect(201)["id"]).to_owned();
    let secret = secret(&stage).await;
    lead_to(&stage, "https://cedar.example/sso").await;
    let request = vendor.get(&format!("/tier/config-requests/{set_up}")).await.expect(200);
    let config = text(&request["configuration"]["id"]);
    let link = format!("{path}/{action}/actionLink?tier_config_id={config}");
    let made = vendor.get(&link).await.expect(200);
    let said = claims(text(&made["link"]), &secret).unwrap();
    assert_eq!(text(&said["configuration_id"]), config);
    let wrong = vendor.get(&format!("{path}/{action}/actionLink?asset_id={}", trial.asset)).await;
    assert_eq!(wrong.refusal(), "400 VAL_001 asset_id: The action is of scope tier1.");
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_refused_and_so_are_settings_that_are_none() {
    let stage = Stage::set().await;
    let product = format!("/products/{}", stage.emulator.product());
    let mut told = Vec::new();
    for url in [
        json!("javascript:alert(1)"),
        json!("cedar.example"),
        json!("https:///sso"),
        json!("https://cedar.example:99999/"),
        json!("ftp://cedar.example/"),
        json!(["https://cedar.example"]),
    ] {
        let body = json!({"customer_ui_settings": {"action": {"url": url}}});
        told.push(stage.vendor().put(&product, body).await.refusal());
    }
    for settings in [json!("none"), json!([]), json!(5)] {
        let body = json!({"customer_ui_settings": settings});
        told.push(stage.vendor().put(&product, body).await.refusal());
    }
    insta::assert_snapshot!(told.join("\n"), @"
        400 VAL_001 customer_ui_settings.action.url: Enter a valid URL.
        400 VAL_001 customer_ui_settings.action.url: Enter a valid URL.
        400 VAL_001 customer_ui_settings.action.url: Enter a valid URL.
        400 VAL_001 customer_ui_settings.action.url: Enter a valid URL.
        400 VAL_001 customer_ui_settings.action.url: Enter a valid URL.
        400 VAL_001 customer_ui_settings.action.url: Enter a valid URL.
        400 VAL_001 customer_ui_settings: Invalid data. Expected a dictionary, but got str.
        400 VAL_001 customer_ui_settings: Invalid data. Expected a dictionary, but got list.
        400 VAL_001 customer_ui_settings: Invalid data. Expected a dictionary, but got int.
        ");
    lead_to(&stage, "").await;
    lead_to(&stage, "HTTPS://cedar.example/sso").await;
}

/// The key is shown once, to who asks for a new one; what old clients write among the settings is
/// taken, and not shown either.
#[tokio::test]
async fn the_key_of_actions_is_shown_by_nothing_else() {
    let stage = Stage::set().await;
    let (vendor, path) = (stage.vendor(), path(&stage));
    let action = text(&vendor.post(&path, sso()).await.expect(201)["id"]).to_owned();
    let product = format!("/products/{}", stage.emulator.product());
    let settings = json!({"action": {"url": "https://cedar.example/sso", "jwt_secret": "br0ught"}});
    let body = json!({"customer_ui_settings": settings});
    let shown = vendor.put(&product, body.clone()).await;
    assert!(!shown.body.contains("br0ught") && shown.body.contains("cedar.example/sso"));
    let asset = stage.purchase().await.asset;
    let link = format!("{path}/{action}/actionLink?asset_id={asset}");
    let link = vendor.get(&link).await.expect(200);
    assert!(claims(text(&link["link"]), "br0ught").is_some());
    let wrong = json!({"customer_ui_settings": {"action": {"jwt_secret": 7}}});
    assert_eq!(
        vendor.put(&product, wrong).await.refusal(),
        "400 VAL_001 customer_ui_settings.action.jwt_secret: Not a valid string."
    );
    let key = secret(&stage).await;
    for path in [product.as_str(), "/products", &path] {
        let said = vendor.get(path).await;
        assert!(!said.body.contains(&key) && !said.body.contains("jwt_secret"), "{path}");
    }
    let page = reqwest::get(format!("{}/activity", stage.emulator.url())).await.unwrap();
    let page = page.text().await.unwrap();
    assert!(!page.contains(&key) && !page.contains("br0ught"), "{page}");
}
