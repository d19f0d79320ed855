//! Products and their parts, by the verbs of REST. Their rules are tested with the world.

use reqwest::Method;
use serde_json::json;

use super::stage::{Stage, text};

#[tokio::test]
async fn a_product_is_drafted_furnished_and_deleted() {
    let stage = Stage::set().await;
    let vendor = stage.vendor();
    let product = vendor.post("/products", json!({"name": "Nimbus"})).await.expect(201);
    let path = format!("/products/{}", text(&product["id"]));

    let parts = [
        (
            "items",
            json!({
                "name": "Seat", "mpn": "SEAT", "description": "One seat", "type": "reservation",
                "period": "monthly", "precision": "integer", "unit": {"id": "unit"},
                "commitment": {"count": 1},
            }),
            json!({"name": "Chair", "description": "One chair"}),
        ),
        (
            "parameters",
            json!({
                "name": "admin_email", "title": "Administrator", "type": "email",
                "phase": "ordering", "scope": "asset", "description": "", "constraints": {},
            }),
            json!({"title": "Owner"}),
        ),
        (
            "templates",
            json!({"name": "Welcome", "body": "# Hi", "scope": "asset", "type": "fulfillment"}),
            json!({"name": "Goodbye", "body": "# Bye"}),
        ),
    ];
    for (children, body, edit) in parts {
        let children = format!("{path}/{children}");
        let made = vendor.post(&children, body).await.expect(201);
        let child = format!("{children}/{}", text(&made["id"]));
        assert_eq!(vendor.get(&child).await.expect(200)["id"], made["id"]);
        let edited = vendor.put(&child, edit.clone()).await.expect(200);
        for (field, value) in edit.as_object().unwrap() {
            assert_eq!(&edited[field], value, "{edited}");
        }
        assert_eq!(vendor.get(&child).await.expect(200), edited);
        let gone = vendor.call(Method::DELETE, &child).await;
        assert_eq!((gone.status, gone.body.as_str()), (204, ""));
        assert_eq!(gone.header("content-type"), "");
        assert_eq!(vendor.get(&child).await.status, 404);
    }
    assert_eq!(vendor.call(Method::DELETE, &path).await.status, 204);
    assert_eq!(vendor.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_product_has_a_category_with_a_name() {
    let stage = Stage::set().await;
    let vendor = stage.vendor();
    let demo = vendor.get(&format!("/products/{}", stage.emulator.product())).await.expect(200);
    assert!(!text(&demo["category"]["name"]).is_empty(), "{demo}");
    let named = json!({"id": "CAT-00012", "name": "Security"});
    for (given, shown) in [
        (json!({}), json!({"id": "CAT-00000", "name": "Uncategorized"})),
        (
            json!({"category": {"id": "CAT-00012"}}),
            json!({"id": "CAT-00012", "name": "Category CAT-00012"}),
        ),
        (json!({"category": named}), named.clone()),
    ] {
        let mut body = given.clone();
        body["name"] = json!("Nimbus");
        let made = vendor.post("/products", body).await.expect(201);
        assert_eq!(made["category"], shown, "{given}");
    }
}

#[tokio::test]
async fn an_icon_that_is_shown_can_be_fetched_by_anybody() {
    let stage = Stage::set().await;
    let vendor = stage.vendor();
    vendor.post("/products", json!({"name": "Nimbus"})).await.expect(201);
    let mut icons = Vec::new();
    for list in ["/products", "/accounts", "/marketplaces"] {
        icons.extend(vendor.get(list).await.column("icon"));
    }
    assert_eq!(icons.len(), 5, "{icons:?}");
    for icon in icons {
        let address = format!("{}{icon}", stage.emulator.url());
        let answer = reqwest::get(&address).await.unwrap();
        assert_eq!(answer.status(), 200, "{address}");
        assert_eq!(answer.headers()["content-type"], "image/png");
        assert!(answer.bytes().await.unwrap().starts_with(b"\x89PNG"), "{address}");
    }
    let other = format!("{}/media/VA-000-000/icon.png", stage.emulator.url());
    assert_eq!(reqwest::get(other).await.unwrap().status(), 404);
}

#[tokio::test]
async fn references_carry_what_the_contract_says() {
    let stage = Stage::set().await;
    let listing = stage.vendor().get("/listings").await.expect(200)[0].clone();
    for path in [
        "/contract/type",
        "/contract/marketplace/id",
        "/contract/marketplace/name",
        "/product/category/name",
        "/product/icon",
        "/product/status",
        "/vendor/name",
        "/provider/name",
    ] {
        let found = listing.pointer(path).and_then(|it| it.as_str()).unwrap_or_default();
        assert!(!found.is_empty(), "{path} {listing}");
    }
    let marketplace = stage.vendor().get("/marketplaces").await.expect(200)[0].clone();
    assert_eq!(marketplace["countries"][0], json!({"id": "DK", "name": "Denmark"}));
}

#[tokio::test]
async fn a_template_is_rendered_for_a_request() {
    let stage = Stage::set().await;
    let order = stage.subscription().await;
    let approved = stage.vendor().get(&format!("/requests/{}", order.id)).await.expect(200);
    let template = text(&approved["template"]["id"]);

    let old = format!("/templates/{template}/render?request_id={}", order.id);
    let said = stage.vendor().get(&old).await;
    assert_eq!((said.status, said.header("content-type")), (200, "text/markdown"), "{}", said.body);
    assert_eq!(said.body, text(&approved["activation_key"]));
    let unknown = format!("/templates/TL-000-000-000/render?request_id={}", order.id);
    assert_eq!(stage.vendor().get(&unknown).await.status, 404);
    let missing = stage.vendor().get(&format!("/templates/{template}/render")).await;
    assert_eq!(missing.refusal(), "400 VAL_001 request_id: This field is required.");

    let product = stage.emulator.product();
    let new = stage.vendor().get(&format!("/products/{product}/templates/{template}/render")).await;
    assert!(new.expect(200).is_string(), "{}", new.body);
}

#[tokio::test]
async fn a_tier_account_keeps_its_versions() {
    let stage = Stage::set().await;
    let contact = json!({
        "address_line1": "Calle Mayor 4", "city": "Zaragoza", "postal_code": "50001",
        "country": "ES",
        "contact": {
            "first_name": "Nuria", "last_name": "Lanas", "email": "nuria@bakery.example",
            "phone_number": {"country_code": "+34", "phone_number": "550101"},
        },
    });
    let body = json!({"type": "customer", "name": "Cedar Bakery", "contact_info": contact});
    let made = stage.distributor().post("/tier/accounts", body).await.expect(201);
    let path = format!("/tier/accounts/{}", text(&made["id"]));
    let renamed = stage.distributor().put(&path, json!({"name": "Cedar"})).await.expect(200);
    assert_eq!((&renamed["version"], text(&renamed["name"])), (&json!(2), "Cedar"));
    let first = stage.distributor().get(&format!("{path}/versions/1")).await.expect(200);
    assert_eq!(text(&first["name"]), "Cedar Bakery");
}
