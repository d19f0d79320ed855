//! Refusals speak Connect's language, whatever was sent.

use connect_model::{AssetRequestType, RequestStatus};
use reqwest::Method;
use serde_json::{Value, json};

use super::stage::{Said, Stage, text};

/// Words of the reader of JSON and of the router, which mean nothing to a user of Connect.
const FOREIGN: [&str; 14] = [
    "struct ",
    "invalid type",
    "expected",
    "variant",
    "line 1 column",
    "missing field",
    "EOF",
    "deserialize",
    "invalid value",
    "invalid length",
    "untagged",
    "trailing",
    "unknown field",
    "Failed to",
];

#[track_caller]
fn must_be_plain(said: &Said, what: &str) {
    assert!((400..500).contains(&said.status), "{what}: {} {}", said.status, said.body);
    must_have_no_foreign_word(said, what);
}

#[track_caller]
fn must_have_no_foreign_word(said: &Said, what: &str) {
    let foreign: Vec<_> = FOREIGN.iter().filter(|word| said.body.contains(**word)).collect();
    assert!(foreign.is_empty(), "{what}: {foreign:?} in {}", said.body);
}

fn customer(contact_info: &Value) -> Value {
    json!({"name": "Cedar Bakery", "type": "customer", "contact_info": contact_info})
}

fn contact_info() -> Value {
    json!({
        "address_line1": "Calle Mayor 4", "city": "Zaragoza", "postal_code": "50001",
        "country": "ES",
        "contact": {"first_name": "Nuria", "last_name": "Lanas", "email": "nuria@bakery.example"},
    })
}

/// The contact data with something else at a place.
fn with(path: &str, value: Value) -> Value {
    let mut info = contact_info();
    *info.pointer_mut("/contact").unwrap() = info["contact"].clone();
    let (parent, name) = path.rsplit_once('/').unwrap();
    info.pointer_mut(parent).unwrap()[name] = value;
    info
}

#[tokio::test]
async fn contact_data_of_the_wrong_shape_is_refused_with_the_path_of_the_field() {
    let stage = Stage::set().await;
    let number = "/contact/phone_number";
    let cases = [
        (
            with(number, json!("+34976550101")),
            "contact_info.contact.phone_number: Invalid data. Expected a dictionary, but got str.",
        ),
        (
            with(number, json!(34)),
            "contact_info.contact.phone_number: Invalid data. Expected a dictionary, but got int.",
        ),
        (
            with(number, json!([])),
            "contact_info.contact.phone_number: Invalid data. Expected a dictionary, but got list.",
        ),
        (
            with(number, json!({"area_code": {}})),
            "contact_info.contact.phone_number.area_code: Not a valid string.",
        ),
        (
            with("/contact", json!("Nuria")),
            "contact_info.contact: Invalid data. Expected a dictionary, but got str.",
        ),
        (
            with("/contact/email", json!("nuria")),
            "contact_info.contact.email: Enter a valid email address.",
        ),
        (with("/state", json!(["Aragon"])), "contact_info.state: Not a valid string."),
        (with("/city", json!(null)), "contact_info.city: This field may not be null."),
        (json!(true), "contact_info: Invalid data. Expected a dictionary, but got bool."),
        (json!(1.5), "contact_info: Invalid data. Expected a dictionary, but got float."),
    ];
    for (info, expected) in cases {
        let said = stage.distributor().post("/tier/accounts", customer(&info)).await;
        assert_eq!(said.refusal(), format!("400 VAL_001 {expected}"));
        must_be_plain(&said, expected);
        let order = json!({
            "type": "purchase",
            "asset": {
                "product": {"id": stage.emulator.product()},
                "items": [{"mpn": "MPN-A", "quantity": 1}],
                "tiers": {"customer": customer(&info)},
            },
        });
        let said = stage.distributor().post("/requests", order).await;
        assert_eq!(said.refusal(), format!("400 VAL_001 asset.tiers.customer.{expected}"));
    }
    let made = stage.distributor().post("/tier/accounts", customer(&contact_info())).await;
    let path = format!("/tier/accounts/{}", text(&made.expect(201)["id"]));
    for body in [json!({"contact_info": 7}), json!({"contact_info": {"contact": []}})] {
        must_be_plain(&stage.distributor().put(&path, body).await, "an edited account");
    }
}

#[tokio::test]
async fn texts_longer_than_the_contract_has_them_are_refused_wherever_they_are_written() {
    let stage = Stage::set().await;
    let product = format!("/products/{}", stage.emulator.product());
    let long = |most: usize| "x".repeat(most + 1);
    let vendor = stage.vendor();
    let item = |field: &str, most| {
        let mut body = json!({
            "name": "Seat", "mpn": "SEAT", "description": "", "type": "reservation",
            "period": "monthly", "precision": "integer", "unit": {"id": "unit"},
        });
        body[field] = long(most).into();
        body
    };
    let account = |path: &str, most| with(path, long(most).into());
    let cases = [
        ("/products".to_owned(), json!({"name": long(255)}), "name", 255),
        (
            "/products".to_owned(),
            json!({"name": "N", "external_id": long(128)}),
            "external_id",
            128,
        ),
        (format!("{product}/items"), item("name", 255), "name", 255),
        (format!("{product}/items"), item("external_id", 128), "external_id", 128),
        (
            format!("{product}/parameters"),
            json!({"name": long(100), "type": "text", "phase": "ordering", "scope": "asset"}),
            "name",
            100,
        ),
        (
            format!("{product}/parameters"),
            json!({"name": "n", "title": long(255), "type": "text", "phase": "ordering", "scope": "asset"}),
            "title",
            255,
        ),
        (
            format!("{product}/templates"),
            json!({"name": long(255), "body": "b", "scope": "asset", "type": "inquire"}),
            "name",
            255,
        ),
        (
            "/tier/accounts".to_owned(),
            {
                let mut body = customer(&contact_info());
                body["name"] = long(255).into();
                body
            },
            "name",
            255,
        ),
        ("/tier/accounts".to_owned(), customer(&account("/city", 100)), "contact_info.city", 100),
        (
            "/tier/accounts".to_owned(),
            customer(&account("/postal_code", 50)),
            "contact_info.postal_code",
            50,
        ),
        (
            "/tier/accounts".to_owned(),
            customer(&with("/contact/phone_number", json!({"extension": long(25)}))),
            "contact_info.contact.phone_number.extension",
            25,
        ),
    ];
    for (path, body, field, most) in cases {
        let said = vendor.post(&path, body).await;
        let expected =
            format!("400 VAL_001 {field}: Ensure this field has no more than {most} characters.");
        assert_eq!(said.refusal(), expected, "{path}");
    }
}

#[tokio::test]
async fn whatever_is_sent_in_place_of_a_body_is_refused_in_plain_words() {
    let stage = Stage::set().await;
    let order = stage.purchase().await;
    let product = stage.emulator.product();
    let paths = [
        (Method::POST, "/requests".to_owned()),
        (Method::POST, "/products".to_owned()),
        (Method::POST, format!("/products/{product}/items")),
        (Method::POST, format!("/products/{product}/parameters")),
        (Method::POST, format!("/products/{product}/templates")),
        (Method::POST, "/tier/accounts".to_owned()),
        (Method::POST, format!("/conversations/{}/messages", order.id)),
        (Method::POST, format!("/requests/{}/fail", order.id)),
        (Method::POST, format!("/requests/{}/schedule", order.id)),
        (Method::POST, format!("/requests/{}/assign", order.id)),
    ];
    let bodies = [
        "{",
        "[",
        "{]",
        "nul",
        "\"",
        "{\"type\":}",
        "{\"a\":1,}",
        "\u{feff}{}",
        "01",
        "{\"a\" 1}",
        "\"text\"",
        "7",
        "true",
        "{\"type\": {}}",
        "{\"name\": [1]}",
        "{\"text\": {}}",
        "{\"reason\": {}}",
        "{\"planned_date\": \"soon\"}",
        "{\"id\": []}",
        "{\"type\": \"purchase\", \"asset\": \"x\"}",
    ];
    for (method, path) in &paths {
        for body in bodies {
            let call = stage.vendor().request(method.clone(), path);
            let said = Said::of(call.header("Content-Type", "application/json").body(body)).await;
            must_be_plain(&said, &format!("{path} {body}"));
        }
    }
    let params = [
        json!({"asset": {"params": "x"}}),
        json!({"asset": {"params": [7]}}),
        json!({"asset": {"params": [{"id": {}}]}}),
        json!({"asset": {"params": [{"id": "admin_email", "value": {}}]}}),
    ];
    for body in params {
        let said = stage.vendor().put(&format!("/requests/{}", order.id), body.clone()).await;
        must_be_plain(&said, &body.to_string());
    }
}

#[tokio::test]
async fn queries_and_ids_of_no_sense_are_answered_in_plain_words() {
    let stage = Stage::set().await;
    for path in [
        "/requests?limit=x",
        "/requests?offset=-1",
        "/requests?eq(status,foo)",
        "/requests?eq(",
        "/requests?ordering(nothing)",
        "/requests?select(nothing)",
        "/requests?ge(created,soon)",
        "/products?eq(id)",
        "/requests/%FF",
        "/requests/nothing",
        "/tier/accounts/TA-0/versions/x",
        "/templates/TL-1/render",
        "/templates/TL-1/render?request_id=",
        "/products/%00",
    ] {
        must_have_no_foreign_word(&stage.vendor().get(path).await, path);
    }
}

#[tokio::test]
async fn wrong_states_are_refused_in_the_words_that_programs_compare() {
    let stage = Stage::set().await;
    let order = stage.subscription().await;
    for (verb, body, words) in [
        ("approve", json!({}), "Only pending and inquiring requests can be approved."),
        ("fail", json!({"reason": "x"}), "Only pending requests can be failed."),
        ("inquire", json!({}), "Only pending requests can be moved to inquiring status."),
    ] {
        let said = stage.vendor().act(&order.id, verb, body).await;
        assert_eq!(said.refusal(), format!("400 REQ_003 {words}"));
    }
}

#[tokio::test]
async fn only_a_pending_request_can_be_failed() {
    let stage = Stage::set().await;
    for status in [RequestStatus::Inquiring, RequestStatus::Scheduled, RequestStatus::Revoking] {
        let fixture = connect_world::Fixture::new(AssetRequestType::Change, status);
        let seed = |world: &mut connect_world::World, at| world.seed_request(at, &fixture);
        let id = stage.emulator.platform().seed(seed).await.unwrap().unwrap();
        let said = stage.vendor().act(id.as_str(), "fail", json!({"reason": "x"})).await;
        assert_eq!(said.refusal(), "400 REQ_003 Only pending requests can be failed.");
    }
}
