//! Products with their parts, and the capability switches.

use connect_model::{AssetRequestType, RequestStatus};
use connect_world::command::{
    ActionCommand, ItemCommand, ParameterCommand, ProductCommand, TemplateCommand,
};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::stage::{DISTRIBUTOR, Stage, token_in};

/// The product as the API shows it.
async fn product(stage: &Stage) -> Value {
    stage.api().get(&format!("/products/{}", stage.emulator.product())).await
}

/// The button of a switch, as far as it says how the switch stands.
fn switch(page: &str, flag: &str) -> String {
    let (_, rest) = page.split_once(&format!("id=\"{}\"", flag.replace('.', "-"))).unwrap();
    let (button, _) = rest.split_once('>').unwrap();
    let (_, checked) = button.split_once("aria-checked=\"").unwrap();
    checked.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_product_shows_what_it_is_and_leads_to_its_preview() {
    let stage = Stage::start().await;
    let id = stage.emulator.product();
    stage.seed(AssetRequestType::Purchase, RequestStatus::Pending).await;
    let list = stage.page("/products").await;
    assert!(list.contains(&format!("href=\"/products/{id}\"")) && list.contains("Fernway Systems"));
    assert!(list.contains("Published") && list.contains(">Hold<"));

    let overview = stage.page(&format!("/products/{id}")).await;
    for counted in [
        "1</strong> Items",
        "2</strong> Parameters",
        "3</strong> Templates",
        "1</strong> Subscriptions",
        "1</strong> Requests",
    ] {
        assert!(overview.contains(counted), "{counted}");
    }
    assert!(overview.contains(&format!("href=\"/subscriptions/new?product={id}\"")));
    assert!(overview.contains("CT-0000-0000-0000"));
}

#[tokio::test]
async fn the_parts_of_a_product_are_on_tabs() {
    let stage = Stage::start().await;
    let id = stage.emulator.product();
    let body = json!({"action": "sso", "name": "Console", "type": "button", "scope": "asset",
        "description": "Leads to the tenant"});
    stage.vendor(ActionCommand::Create { product: id.clone(), body }).await;
    let tabs: [(&str, &[&str]); 4] = [
        ("actions", &["Console", "sso", "Leads to the tenant", "The product says no address"]),
        ("items", &["Protected device", "MPN-A", "Reservation", "Monthly", "Devices"]),
        ("parameters", &["subscription_id", "Fulfillment", "Subscription", "Text", ">Required<"]),
        ("templates", &["Default Activation Template", "Once the request is approved"]),
    ];
    for (tab, shown) in tabs {
        let page = stage.page(&format!("/products/{id}/{tab}")).await;
        for words in shown {
            assert!(page.contains(words), "{tab}: {words}");
        }
    }
}

#[tokio::test]
async fn a_template_is_shown_as_source_and_as_what_people_see() {
    let stage = Stage::start().await;
    let id = stage.emulator.product();
    let body = json!({
        "name": "Guide", "scope": "asset", "type": "fulfillment",
        "body": "# Hello {{ admin_email }}\n\n**Enjoy**",
    });
    let made = stage.vendor(TemplateCommand::Create { product: id.clone(), body }).await;
    let path = format!("/products/{id}/templates/{}", made["id"].as_str().unwrap());
    assert!(stage.page(&format!("/products/{id}/templates")).await.contains(&path));
    let page = stage.page(&path).await;
    assert!(page.contains("# Hello {{ admin_email }}"), "the source");
    assert!(page.contains("<h1>Hello {{ admin_email }}</h1>"), "the preview");
    assert!(page.contains("<strong>Enjoy</strong>"));

    let nothing = stage.get(&format!("/products/{id}/templates/TL-000-000-000")).send();
    assert_eq!(nothing.await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn turning_administrative_hold_off_and_on_holds_at_once() {
    let stage = Stage::start().await;
    let path = format!("/products/{}/settings", stage.emulator.product());
    let (_, asset) = stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await;
    let suspend = format!("href=\"/subscriptions/{asset}/suspend\"");
    for (turn, checked) in [("off", "false"), ("off", "false"), ("on", "true")] {
        let turned = stage.send(&path, &[(turn, "subscription.hold")]).await;
        assert_eq!(turned.status(), StatusCode::SEE_OTHER);
        let back = format!("{path}#subscription-hold");
        assert_eq!(turned.headers()["location"].to_str().unwrap(), back);
        assert_eq!(switch(&stage.page(&path).await, "subscription.hold"), checked);
        assert_eq!(product(&stage).await["capabilities"]["subscription"]["hold"], turn == "on");
        let details = stage.page(&format!("/subscriptions/{asset}")).await;
        assert_eq!(details.contains(&suspend), turn == "on");
    }
}

#[tokio::test]
async fn a_page_that_is_open_hears_of_a_turned_switch() {
    let stage = Stage::start().await;
    let id = stage.emulator.product();
    let listen = format!("/live?topics={id}&seen={}", u64::MAX);
    let mut told = stage.get(&listen).send().await.unwrap();
    stage.send(&format!("/products/{id}/settings"), &[("off", "subscription.hold")]).await;
    let event = told.chunk().await.unwrap().unwrap();
    assert_eq!(event, "event: change\ndata: look again\n\n");
}

#[tokio::test]
async fn every_switch_of_a_product_is_there_and_turns_itself_alone() {
    let stage = Stage::start().await;
    let path = format!("/products/{}/settings", stage.emulator.product());
    let mut expected = Vec::new();
    switches(&product(&stage).await["capabilities"], "", &mut expected);
    assert!(expected.len() > 10, "{expected:?}");
    for place in 0..expected.len() {
        let (flag, is_on) = expected[place].clone();
        let page = stage.page(&path).await.replace("<wbr>", "");
        assert!(page.contains(&format!("<code>{flag}</code>")), "{flag}");
        assert_eq!(switch(&page, &flag), is_on.to_string(), "{flag}");
        let turn = if is_on { "off" } else { "on" };
        assert_eq!(
            stage.send(&path, &[(turn, flag.as_str())]).await.status(),
            StatusCode::SEE_OTHER
        );
        expected[place].1 = !is_on;
        let mut now = Vec::new();
        switches(&product(&stage).await["capabilities"], "", &mut now);
        assert_eq!(now, expected, "{flag}");
    }
    let first = stage.page(&path).await.replace("<wbr>", "");
    let (_, first) = first.split_once("role=\"switch\"").unwrap();
    let (_, first) = first.split_once("<code>").unwrap();
    assert!(first.starts_with("subscription.hold<"), "Administrative Hold comes first");
}

/// The switches of capabilities that are on or off, and how they stand.
fn switches(at: &Value, path: &str, found: &mut Vec<(String, bool)>) {
    match at {
        Value::Bool(is_on) => found.push((path.to_owned(), *is_on)),
        Value::Object(inside) => {
            for (name, value) in inside {
                let dot = if path.is_empty() { "" } else { "." };
                switches(value, &format!("{path}{dot}{name}"), found);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn a_distributor_reads_the_switches_and_turns_none() {
    let stage = Stage::start().await;
    let path = format!("/products/{}/settings", stage.emulator.product());
    let (name, role) = DISTRIBUTOR;
    let page = stage.get(&path).header(name, role).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Administrative Hold: <strong>On</strong>"));
    assert!(page.contains("Only the vendor of the product can turn these switches."));
    assert!(!page.contains("role=\"switch\""));

    let token = token_in(&page);
    let turn = stage.post(&path, &[("form_token", token.as_str()), ("off", "subscription.hold")]);
    let refused = turn.header(name, role).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().await.unwrap().contains("You do not have permission"));
    assert_eq!(product(&stage).await["capabilities"]["subscription"]["hold"], true);
}

#[tokio::test]
async fn what_is_no_switch_is_not_turned() {
    let stage = Stage::start().await;
    let path = format!("/products/{}/settings", stage.emulator.product());
    let before = product(&stage).await;
    for (turn, flag) in
        [("on", "subscription.schema"), ("on", "subscription"), ("off", ""), ("", "")]
    {
        let refused = stage.send(&path, &[(turn, flag)]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{turn} {flag}");
    }
    assert_eq!(product(&stage).await, before);
}

#[tokio::test]
async fn an_empty_product_says_what_to_do_next() {
    let stage = Stage::start().await;
    let made = stage.vendor(ProductCommand::Create { body: json!({"name": "Bare"}) }).await;
    let id = made["id"].as_str().unwrap();
    for part in ["items", "parameters"] {
        let page = stage.page(&format!("/products/{id}/{part}")).await;
        assert!(page.contains(&format!("POST /public/v1/products/{id}/{part}")), "{part}");
    }
    assert!(stage.page(&format!("/products/{id}")).await.contains("No hub sells this product"));
    let path = format!("/products/{id}");
    let (name, role) = DISTRIBUTOR;
    let hidden = stage.get(&path).header(name, role).send().await.unwrap();
    assert_eq!(hidden.status(), StatusCode::NOT_FOUND, "the distributor does not sell it");
}

#[tokio::test]
async fn what_a_vendor_writes_acts_on_no_page() {
    let stage = Stage::start().await;
    let id = stage.emulator.product().clone();
    let strange = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
    let at = |part: &str| format!("/products/{id}{part}");
    let product = id.clone();
    let body = json!({"name": strange, "short_description": strange});
    stage.vendor(ProductCommand::Update { id: id.clone(), body }).await;
    let body = json!({
        "name": strange, "mpn": strange, "type": "reservation",
        "unit": {"id": strange, "title": strange},
    });
    stage.vendor(ItemCommand::Create { product: product.clone(), body }).await;
    let body = json!({
        "name": "strange", "title": strange, "description": strange, "type": "text",
        "phase": "ordering", "scope": "asset",
    });
    stage.vendor(ParameterCommand::Create { product: product.clone(), body }).await;
    let body = json!({
        "name": strange, "scope": "asset", "type": "pending",
        "body": format!("{strange} [link](javascript:alert(1))"),
    });
    let template = stage.vendor(TemplateCommand::Create { product, body }).await;
    let template = at(&format!("/templates/{}", template["id"].as_str().unwrap()));
    let parts = ["", "/items", "/parameters", "/templates", "/settings"].map(at);
    for path in parts.into_iter().chain([template, "/products".to_owned()]) {
        let page = stage.page(&path).await;
        for bad in ["<script>", "<img src=x", "href=\"javascript:"] {
            assert!(!page.contains(bad), "{path} holds {bad}");
        }
    }
}
