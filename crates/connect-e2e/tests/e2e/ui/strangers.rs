//! Words that came through the API and would act, if a page let them.

use connect_model::lifecycle::Operation;
use connect_world::command::{ConversationCommand, RequestCommand, TemplateCommand};
use serde_json::{Value, json};

use super::scene::Scene;

/// Ways out of text, attributes, addresses, script and style.
const STRANGE: [&str; 10] = [
    "<script>strike()</script>",
    "<img src=x onerror=strike()>",
    "\"><svg onload=strike()>",
    "' autofocus onfocus='strike()",
    "\" autofocus onfocus=\"strike()",
    "javascript:strike()",
    "</title><script>strike()</script>",
    "</textarea><iframe srcdoc='<script>parent.strike()</script>'>",
    "{{ subscription_id }}<base href=//evil.example>",
    "[link](javascript:strike()) ![picture](x\" onerror=\"strike()) <style>*{display:none}</style>",
];

/// Elements of the present page that act and are not ours, and whether anything has struck.
const INTRUDERS: &str = r"
    const ours = (element) => element.src.startsWith(location.origin + '/static/');
    const acts = (element) =>
        [...element.attributes].some(({ name, value }) =>
            name.startsWith('on') || name === 'style' || name === 'srcdoc' ||
            (['href', 'src', 'action'].includes(name) && /^\s*(javascript|data):/i.test(value))) ||
        ['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'STYLE'].includes(element.tagName) ||
        (['SCRIPT', 'IMG'].includes(element.tagName) && !ours(element));
    const found = [...document.querySelectorAll('*')].filter(acts).map((it) => it.outerHTML);
    return window.struck ? [...found, 'something struck'] : found;";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strange_words_act_on_no_page() {
    let scene = Scene::set().await;
    let browser = &scene.browser;
    browser.run_in_every_page("window.strike = () => { window.struck = true; }").await.unwrap();
    for strange in STRANGE {
        let nowhere = format!("/subscriptions/{}", in_address(strange));
        for path in spread(&scene, strange).await.into_iter().chain([nowhere.clone()]) {
            browser.open(&path).await.unwrap();
            let is_missing = browser.text("h1").await.unwrap() == "There is nothing here";
            assert_eq!(is_missing, path == nowhere, "{path}");
            let intruders = browser.evaluate(INTRUDERS).await.unwrap();
            assert_eq!(intruders, json!([]), "{strange} on {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_intruder_is_noticed() {
    let scene = Scene::set().await;
    let browser = &scene.browser;
    browser.open("/").await.unwrap();
    let plant = "document.querySelector('main').innerHTML += '<img src=x onerror=strike()>'";
    browser.evaluate(plant).await.unwrap();
    let intruders = browser.evaluate(INTRUDERS).await.unwrap();
    assert_eq!(intruders.as_array().map(Vec::len), Some(1), "{intruders}");
}

/// Writes this wherever the API lets a vendor write, and says which pages show it.
async fn spread(scene: &Scene, strange: &str) -> Vec<String> {
    let stage = &scene.stage;
    let product = stage.emulator.product();
    let template = json!({
        "name": strange, "title": strange, "scope": "asset", "type": "fulfillment",
        "body": format!("{strange} {{{{ subscription_id }}}}"),
    });
    let template = TemplateCommand::Create { product: product.clone(), body: template };
    let template = stage.apply(template).await.unwrap();
    let order = json!({
        "type": "purchase",
        "asset": {
            "product": {"id": product}, "connection": {"type": "preview"},
            "external_id": strange, "external_uid": strange,
            "items": [{"id": "MPN-A", "quantity": 1}],
            "tiers": {"customer": {
                "name": strange, "external_id": strange,
                "contact_info": {
                    "address_line1": strange, "city": strange, "state": strange,
                    "country": "US", "postal_code": "1",
                    "contact": {"first_name": strange, "last_name": strange,
                        "email": "a@b.example", "phone_number": {"country_code": "+1",
                        "area_code": "", "phone_number": "1", "extension": ""}},
                },
            }},
        },
    });
    let request = stage.apply(RequestCommand::Create { body: order }).await.unwrap();
    let (id, asset) = (text(&request, "/id"), text(&request, "/asset/id"));
    let message =
        ConversationCommand::Say { conversation: id.clone(), body: json!({"text": strange}) };
    stage.apply(message).await.unwrap();
    let parameters = json!([
        {"id": "subscription_id", "value": strange},
        {"id": "admin_email", "value_error": strange},
    ]);
    let update = json!({"note": strange, "asset": {"params": parameters}});
    operate(scene, &id, Operation::Update, update).await;
    operate(scene, &id, Operation::Approve, json!({"template_id": text(&template, "/id")})).await;
    let cancel = json!({"type": "cancel", "asset": {"id": asset}});
    let cancel = stage.apply(RequestCommand::Create { body: cancel }).await.unwrap();
    let open = text(&cancel, "/id");
    let dialogs = ["approve", "fail", "inquire", "assign", "update"];
    let mut pages: Vec<String> =
        dialogs.iter().map(|dialog| format!("/requests/{open}/{dialog}")).collect();
    let query = in_address(strange);
    pages.extend([
        "/".to_owned(),
        "/subscriptions/fulfillment".to_owned(),
        format!("/subscriptions?q={query}&rql={query}&product={query}"),
        format!("/subscriptions/{asset}"),
        format!("/subscriptions/{asset}/parameters"),
        format!("/subscriptions/{asset}/tiers"),
        format!("/subscriptions/{asset}/details"),
        format!("/subscriptions/new?step=customer&offer={product}&customer=new&name={query}"),
        format!("/requests/{id}"),
        format!("/requests/{id}/details"),
        format!("/products/{product}/templates"),
        format!("/products/{product}/templates/{}", text(&template, "/id")),
        format!("/activity?path={query}"),
    ]);
    pages
}

fn in_address(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn operate(scene: &Scene, id: &str, operation: Operation, body: Value) {
    let command = RequestCommand::Operate { id: id.into(), operation, body, code: None };
    scene.stage.apply(command).await.unwrap();
}

fn text(value: &Value, path: &str) -> String {
    value.pointer(path).and_then(Value::as_str).unwrap().to_owned()
}
