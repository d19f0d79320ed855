//! Customers: the directory, edits, and the dialogs of what comes of them.

use connect_world::command::ProductCommand;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::stage::Stage;

/// An emulator whose product hears of changed accounts; the account of a trial.
async fn stage() -> (Stage, Value) {
    let stage = Stage::start().await;
    let id = stage.emulator.product();
    let body = json!({"capabilities": {"tiers": {"updates": true}}});
    stage.vendor(ProductCommand::Update { id, body }).await;
    let order = json!({"type": "purchase", "asset": {
        "product": {"id": stage.emulator.product()}, "connection": {"type": "preview"},
        "items": [{"id": "MPN-A", "quantity": 1}],
    }});
    let bought = stage.api().send_to("POST", "/requests", &order).await;
    let id = bought["asset"]["tiers"]["customer"]["id"].as_str().unwrap();
    let account = stage.api().get(&format!("/tier/accounts/{id}")).await;
    (stage, account)
}

fn text<'a>(account: &'a Value, pointer: &str) -> &'a str {
    account.pointer(pointer).and_then(Value::as_str).unwrap()
}

/// The form of an account, with another name.
fn form<'a>(account: &'a Value, name: &'a str) -> Vec<(&'a str, &'a str)> {
    let at = |pointer| text(account, pointer);
    vec![
        ("name", name),
        ("first_name", at("/contact_info/contact/first_name")),
        ("last_name", at("/contact_info/contact/last_name")),
        ("email", at("/contact_info/contact/email")),
        ("address", at("/contact_info/address_line1")),
        ("city", at("/contact_info/city")),
        ("postal_code", at("/contact_info/postal_code")),
        ("country", at("/contact_info/country")),
    ]
}

#[tokio::test]
async fn an_edit_leads_to_what_vendors_are_told_and_shows_what_differs() {
    let (stage, account) = stage().await;
    let id = text(&account, "/id");
    let edit = format!("/customers/{id}/edit");
    let sent = stage.send(&edit, &form(&account, "Cedar & Daughters")).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    assert_eq!(sent.headers()["location"], format!("/customers/{id}/requests"));
    let request = format!("TAR-{}-002-001", &id[3..]);
    assert!(stage.page(&format!("/customers/{id}/requests")).await.contains(&request));
    assert!(stage.page("/customer-requests?status=pending").await.contains(&request));
    let page = stage.page(&format!("/customer-requests/{request}")).await;
    assert!(page.contains("Cedar &#38; Daughters"), "{page}");
    assert!(page.contains(text(&account, "/name")), "what it was before: {page}");
    assert!(!page.contains("Telephone"), "that has not changed: {page}");
    let details = stage.page(&format!("/customer-requests/{request}/details")).await;
    assert!(details.contains("Telephone"), "{details}");
    let now = stage.api().get(&format!("/tier/accounts/{id}")).await;
    let phone = "/contact_info/contact/phone_number";
    assert_eq!(now.pointer(phone), account.pointer(phone), "what the form does not ask for stays");

    let again = stage.send(&edit, &form(&account, "Cedar & Daughters")).await;
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let said = again.text().await.unwrap();
    assert!(said.contains("There are no changes in the account."), "{said}");
}

#[tokio::test]
async fn a_request_is_ignored_with_a_reason_and_then_closed() {
    let (stage, account) = stage().await;
    let id = text(&account, "/id");
    stage.send(&format!("/customers/{id}/edit"), &form(&account, "Cedar")).await;
    let request = format!("/customer-requests/TAR-{}-002-001", &id[3..]);
    let sent = stage.send(&format!("{request}/ignore"), &[("reason", "Not ours.")]).await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    let page = stage.page(&request).await;
    assert!(page.contains("Not ours.") && page.contains("ignored is final"), "{page}");
    let dialog = stage.page(&format!("{request}/accept")).await;
    assert!(dialog.contains("It was ignored"), "{dialog}");
    let late = stage.send(&format!("{request}/accept"), &[]).await;
    assert_eq!(late.status(), StatusCode::UNPROCESSABLE_ENTITY);
}
