//! The purchase wizard and the form of an inquiry, where the vendor validates.

use std::sync::Arc;

use connect_emulator::Config;
use connect_world::command::{ProductCommand, WebhookCommand};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::stage::Stage;
use crate::script::{Reaction, Script};

const NEW: &str = "/subscriptions/new";

/// A product whose drafts and forms are validated.
async fn stage() -> (Stage, Arc<Script>) {
    let script = Arc::new(Script::default());
    let stage = Stage::with(Config { receivers: Arc::clone(&script) as _, ..Config::default() });
    let stage = stage.await;
    let product = stage.emulator.product();
    let body =
        json!({"capabilities": {"cart": {"validation": true}, "inquiring": {"validation": true}}});
    stage.vendor(ProductCommand::Update { id: product.clone(), body }).await;
    for kind in ["validator", "inquiring_validator"] {
        let body = json!({
            "type": kind, "label": kind, "object_class": "fulfillment_request",
            "description": null, "product_id": product, "jwt_secret": "s3cret", "active": true,
            "external_url": "http://cedar.example/", "http_method": "POST",
        });
        stage.vendor(WebhookCommand::Create { body }).await;
    }
    (stage, script)
}

fn email(request: &mut Value) -> &mut Value {
    let rows = request["asset"]["params"].as_array_mut().unwrap();
    rows.iter_mut().find(|row| row["id"] == "admin_email").unwrap()
}

fn taken(mut request: Value) -> Value {
    email(&mut request)["value_error"] = json!("Taken. Choose another.");
    request
}

fn corrected(mut request: Value) -> Value {
    email(&mut request)["value"] = json!("ada@corrected.example");
    request
}

/// The fields that the form of a page sends, with others in place of those of their names.
fn fields_of(page: &str, others: &[(&str, &str)]) -> Vec<(String, String)> {
    let (_, form) = page.split_once("<div id=\"fields\"").unwrap();
    let inputs = form.split("<input type=\"hidden\" name=\"").skip(1);
    let parts = inputs.map(|input| input.split('"').step_by(2).take(2).collect::<Vec<_>>());
    let own = parts.map(|parts| (parts[0].to_owned(), parts[1].to_owned()));
    let own = own.filter(|(name, _)| others.iter().all(|(other, _)| other != name));
    let others = others.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    own.chain(others).collect()
}

async fn send(stage: &Stage, fields: &[(String, String)]) -> reqwest::Response {
    let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    stage.send(NEW, &fields).await
}

/// The review of an order for an invented customer.
async fn review(stage: &Stage) -> String {
    let product = stage.emulator.product();
    let form = [("step", "randomize"), ("offer", product.as_str())];
    let customer = stage.send(NEW, &form).await;
    let customer = customer.headers()["location"].to_str().unwrap().to_owned();
    let review = customer.replace("step=customer", "step=review");
    stage.page(&format!("{review}&item_{product}-0001=3&param_admin_email=a%40d.example")).await
}

#[tokio::test]
async fn the_wizard_shows_what_the_vendor_finds_wrong_and_orders_once_it_is_right() {
    let (stage, script) = stage().await;
    script.react([Reaction::Reply(taken), Reaction::Reply(corrected), Reaction::Reply(|it| it)]);
    let page = review(&stage).await;
    let refused = send(&stage, &fields_of(&page, &[])).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.unwrap();
    assert!(page.contains("Administrator e-mail: Taken. Choose another."), "{page}");
    let (_, correct) = page.split_once("Nothing was ordered. <a href=\"").unwrap();
    let items = correct.split('"').next().unwrap().replace("&#38;", "&");
    let items = stage.page(&items).await;
    assert!(items.contains("<p class=\"alert\">Taken. Choose another.</p>"), "{items}");
    assert!(items.contains("value=\"a@d.example\""), "{items}");

    let other = [("param_admin_email", "b@d.example")];
    let quantity = format!("item_{}-0001", stage.emulator.product());
    let changed = fields_of(&items, &[other[0], (&quantity, "4")]);
    let changed = send(&stage, &changed).await;
    assert_eq!(changed.status(), StatusCode::OK);
    let page = changed.text().await.unwrap();
    let said = "Administrator e-mail: ada@corrected.example in place of b@d.example";
    assert!(page.contains(said), "{page}");
    let placed = send(&stage, &fields_of(&page, &[])).await;
    assert_eq!(placed.status(), StatusCode::SEE_OTHER);
    let requests = stage.api().get("/requests").await;
    let [request] = requests.as_array().unwrap().as_slice() else { panic!("{requests}") };
    assert_eq!(
        (&request["status"], &request["asset"]["items"][0]["quantity"]),
        (&json!("pending"), &json!("4"))
    );
    let mut request = request.clone();
    assert_eq!(email(&mut request)["value"], "ada@corrected.example");
    let accounts = stage.api().get("/tier/accounts").await;
    assert_eq!(
        accounts.as_array().unwrap().iter().filter(|it| it["type"] == "customer").count(),
        1
    );
}

#[tokio::test]
async fn an_order_can_be_placed_although_the_vendor_does_not_answer() {
    let (stage, script) = stage().await;
    script.react([Reaction::Fail]);
    let page = review(&stage).await;
    let refused = send(&stage, &fields_of(&page, &[])).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.unwrap();
    assert!(page.contains("Validation endpoint failed"), "{page}");
    assert!(page.contains("value=\"unasked\">Create without Validation</button>"), "{page}");
    let placed = send(&stage, &fields_of(&page, &[("step", "unasked")])).await;
    assert_eq!(placed.status(), StatusCode::SEE_OTHER);
    assert_eq!(stage.api().get("/requests").await[0]["status"], "pending");
    assert_eq!(script.calls.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn the_form_of_an_inquiry_shows_what_the_vendor_makes_of_the_answers() {
    let (stage, script) = stage().await;
    let body = json!({"type": "purchase", "asset": {
        "product": {"id": stage.emulator.product()}, "connection": {"type": "preview"},
        "items": [{"mpn": "MPN-A", "quantity": 1}],
    }});
    let made = stage.api().send_to("POST", "/requests", &body).await;
    let path = format!("/requests/{}", made["id"].as_str().unwrap());
    let wrong = json!({"asset": {"params": [{"id": "admin_email", "value_error": "Which one?"}]}});
    stage.api().put(&path, &wrong).await;
    let inquired = stage.api().send_to("POST", &format!("{path}/inquire"), &json!({})).await;
    let form = inquired["params_form_url"].as_str().unwrap();
    let form = form.strip_prefix(&stage.emulator.url()).unwrap();
    script.react([
        Reaction::Reply(|request| taken(corrected(request))),
        Reaction::Reply(|request| request),
    ]);
    let refused = stage.send(form, &[("param:admin_email", "b@d.example")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.unwrap();
    assert!(page.contains("the vendor has looked at it, and something is still wrong"), "{page}");
    assert!(page.contains("<p class=\"alert\">Taken. Choose another.</p>"), "{page}");
    assert!(page.contains("value=\"ada@corrected.example\""), "{page}");
    let sent = stage.send(form, &[("param:admin_email", "c@d.example")]).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    assert_eq!(stage.api().get(&path).await["status"], "pending");
}
