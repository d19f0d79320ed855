//! Configuration parameters over REST: declared, given values, read in subscriptions.

use connect_emulator::Config;
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::{Caller, Stage, text};
use crate::world::{CONNECTION, MARKETPLACE, customer};

/// Declares a configuration parameter that has the name of its scope.
async fn declare(vendor: &Caller, product: &str, scope: &str, kind: &str) -> Value {
    let body = json!({
        "name": scope, "title": scope, "description": "", "type": kind, "scope": scope,
        "phase": "configuration",
        "constraints": {"shared": null, "choices": [{"value": "eu", "label": "Europe"}]},
    });
    vendor.post(&format!("/products/{product}/parameters"), body).await.expect(201)
}

/// A product whose parameters have values in every scope.
pub(super) async fn configure(stage: &Stage) -> String {
    let vendor = stage.vendor();
    let product = stage.emulator.product().to_string();
    let path = format!("/products/{product}/configurations");
    let item = json!({"id": format!("{product}-0001")});
    let marketplace = json!({"id": MARKETPLACE});
    for (scope, kind, body) in [
        ("product", "object", json!({"structured_value": {"plans": ["a"]}})),
        ("item", "text", json!({"item": item, "value": "SKU-1"})),
        ("marketplace", "dropdown", json!({"marketplace": marketplace, "value": "eu"})),
        (
            "item_marketplace",
            "password",
            json!({"item": item, "marketplace": marketplace, "value": "s3cret"}),
        ),
    ] {
        let parameter = declare(&vendor, &product, scope, kind).await;
        let mut body = body.clone();
        body["parameter"] = json!({"id": parameter["id"]});
        let row = vendor.post(&path, body.clone()).await.expect(201);
        for field in ["value", "structured_value"].into_iter().filter(|it| !body[*it].is_null()) {
            assert_eq!(row[field], body[field], "{row}");
        }
        assert_eq!(text(&row["parameter"]["scope"]), scope);
    }
    path
}

#[tokio::test]
async fn configured_values_are_listed_and_found() {
    let stage = Stage::set().await;
    let path = configure(&stage).await;
    let vendor = stage.vendor();
    let listed = vendor.get(&path).await;
    assert_eq!(listed.header("content-range"), "items 0-3/4");
    for (query, expected) in [
        ("eq(parameter.scope,item)", "items 0-0/1"),
        ("eq(item.id,null())", "items 0-1/2"),
        ("and(ne(item.id,null()),ne(marketplace.id,null()))", "items 0-0/1"),
        ("like(value,SKU*)", "items 0-0/1"),
        ("search=Protected", "items 0-1/2"),
        ("eq(parameter.constraints.shared,view)", "items 0-0/0"),
        ("ordering(-parameter.id)&limit=1", "items 0-0/4"),
    ] {
        let found = vendor.get(&format!("{path}?{query}")).await;
        assert_eq!(found.header("content-range"), expected, "{query}: {}", found.body);
    }
    let row = vendor.get(&format!("{path}?eq(parameter.scope,marketplace)")).await.json();
    assert_eq!(text(&row[0]["marketplace"]["name"]), "Northern Europe");
    for (method, path) in [(Method::PUT, path.clone()), (Method::DELETE, path.clone())] {
        assert_eq!(vendor.call(method, &path).await.status, 405);
    }
    assert_eq!(vendor.get(&format!("{path}/PRM-1")).await.status, 404, "rows have no ids");
    let unknown = vendor.get("/products/PRD-999-999-999/configurations").await;
    assert_eq!(unknown.status, 404);
    let list = vendor.post(&path, json!([{"parameter": {"id": "product"}}])).await;
    assert!(list.refusal().starts_with("400 VAL_001 Invalid data."), "{}", list.body);
}

#[tokio::test]
async fn a_processor_reads_configured_values_in_its_request() {
    let stage = Stage::set().await;
    let path = configure(&stage).await;
    let body = json!({
        "type": "purchase",
        "marketplace": {"id": MARKETPLACE},
        "asset": {
            "connection": {"id": CONNECTION},
            "items": [{"mpn": "MPN-A", "quantity": 8}],
            "tiers": {"customer": customer()},
        },
    });
    let made = stage.distributor().post("/requests", body).await.expect(201);
    let request = format!("/requests/{}", text(&made["id"]));
    let asset = format!("/assets/{}", text(&made["asset"]["id"]));
    let vendor = stage.vendor();
    let read = vendor.get(&request).await.expect(200);
    let asset_read = vendor.get(&asset).await.expect(200);
    for asset in [&read["asset"], &asset_read] {
        let asset: connect_model::Asset = serde_json::from_value(asset.clone()).unwrap();
        let configuration = asset.configuration().unwrap();
        assert_eq!(configuration.value("marketplace"), Some("eu"));
        let plans = configuration.param("product").unwrap().structured_value.as_ref();
        assert_eq!(plans, Some(&json!({"plans": ["a"]})));
        let item = &asset.items().unwrap()[0];
        assert_eq!(item.value("item"), Some("SKU-1"));
        assert_eq!(item.value("item_marketplace"), Some("s3cret"));
    }
    let seller = stage.distributor().get(&asset).await.expect(200);
    assert_eq!(seller["configuration"]["params"], json!([]), "nothing is shared with it");

    let slim = vendor.get(&format!("{asset}?select(-configuration,-items)")).await.expect(200);
    assert!(slim.get("configuration").is_none() && slim.get("items").is_none());
    vendor.post(&path, json!({"parameter": {"id": "product"}})).await.expect(201);
    let asset = vendor.get(&asset).await.expect(200);
    assert_eq!(asset["configuration"]["params"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_configuration_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config = || Config { data: Some(folder.path().to_owned()), ..Config::default() };
    let stage = Stage::set_with(config()).await;
    let path = configure(&stage).await;
    let before = stage.vendor().get(&path).await.expect(200);
    stage.emulator.stop().await;
    let stage = Stage::set_with(config()).await;
    assert_eq!(stage.vendor().get(&path).await.expect(200), before);
}

#[tokio::test]
async fn pages_show_configuration_parameters_and_hide_their_secrets() {
    let stage = Stage::set().await;
    let path = configure(&stage).await;
    stage.vendor().get(&path).await.expect(200);
    let page = async |path: String| {
        let answer = reqwest::get(format!("{}{path}", stage.emulator.url())).await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let product = stage.emulator.product();
    let (status, parameters) = page(format!("/products/{product}/parameters")).await;
    assert_eq!(status, 200);
    assert!(parameters.contains("Item marketplace") && parameters.contains("Configuration"));
    let mut shown = 0;
    for call in 1..=9 {
        let (status, page) = page(format!("/activity/{call}")).await;
        assert_eq!(status, 200, "call {call}");
        assert!(!page.contains("s3cret"), "call {call}: {page}");
        shown += usize::from(page.contains("SKU-1"));
    }
    assert_eq!(shown, 2, "the write and the list");
}
