//! Words that came through the API are shown as words.

use connect_emulator::world::{Command, Fixture};
use connect_model::{AssetRequestType, RequestStatus};
use serde_json::json;

use super::stage::Stage;

/// Each would run in a page that trusted it.
const STRANGE: [&str; 6] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
];

/// What no page may hold, whatever was written.
fn must_be_tame(page: &str, path: &str) {
    for bad in ["<script>", "<img src=x", "<svg onload", "href=\"javascript:"] {
        assert!(!page.contains(bad), "{path} holds {bad}");
    }
}

#[tokio::test]
async fn strange_words_act_on_no_page() {
    for strange in STRANGE {
        let stage = Stage::start().await;
        let (request, asset) = strangers(&stage, strange).await;
        let product = stage.emulator.product();
        let query: String = form_urlencoded::byte_serialize(strange.as_bytes()).collect();
        let paths = [
            "/".to_owned(),
            format!("/subscriptions?q={query}&rql={query}&product={query}"),
            format!("/subscriptions/{asset}"),
            format!("/subscriptions/{asset}/parameters"),
            format!("/subscriptions/{asset}/tiers"),
            format!("/subscriptions/{asset}/details"),
            format!("/subscriptions/{asset}/fulfillment"),
            format!("/subscriptions/{asset}/resume"),
            format!("/subscriptions/{query}"),
            format!("/products/{product}/templates"),
            format!("/requests/{request}"),
            format!("/subscriptions/fulfillment?q={query}"),
            format!("/activity?path={query}&method={query}"),
            format!("/subscriptions/{asset}/change?step=items"),
            format!("/subscriptions/new?step=customer&offer={query}&customer=known&find={query}"),
            format!("/subscriptions/new?step=items&offer={product}&customer={query}"),
            format!(
                "/subscriptions/new?step=review&offer={product}&customer=new&name={query}\
                 &item_{product}-0001={query}&param_admin_email={query}"
            ),
        ];
        for path in paths {
            let page = stage.get(&path).send().await.unwrap().text().await.unwrap();
            must_be_tame(&page, &path);
        }
    }
}

/// A world in which everybody writes this wherever the API lets them.
async fn strangers(stage: &Stage, strange: &str) -> (String, String) {
    let platform = stage.emulator.platform();
    let vendor = platform.authenticate(&stage.emulator.keys().vendor).unwrap();
    let product = stage.emulator.product();
    let template = json!({
        "name": strange, "title": strange, "scope": "asset", "type": "fulfillment",
        "body": format!("{strange} [link]({strange}) ![picture]({strange}) {{{{ subscription_id }}}}"),
    });
    let create = Command::CreateTemplate { product: product.clone(), body: template };
    let made = platform.apply(vendor.clone(), create).await.unwrap();
    let template: serde_json::Value = serde_json::from_slice(&made.body).unwrap();
    let order = json!({
        "type": "purchase",
        "asset": {
            "product": {"id": product}, "connection": {"type": "preview"},
            "external_id": strange, "external_uid": strange,
            "items": [{"id": "MPN-A", "quantity": 1}],
            "tiers": {"customer": {
                "name": strange, "external_id": strange,
                "contact_info": {
                    "address_line1": strange, "city": strange, "country": "US", "postal_code": "1", "state": strange,
                    "contact": {"first_name": strange, "last_name": strange, "email": "a@b.example",
                        "phone_number": {"country_code": "+1", "area_code": "", "phone_number": "1", "extension": ""}},
                },
            }},
        },
    });
    let made =
        platform.apply(vendor.clone(), Command::CreateRequest { body: order }).await.unwrap();
    let request: serde_json::Value = serde_json::from_slice(&made.body).unwrap();
    let id = request["id"].as_str().unwrap().to_owned();
    let asset = request["asset"]["id"].as_str().unwrap().to_owned();
    for text in [strange, "told"] {
        let body = json!({"text": text});
        let message = Command::CreateMessage { conversation: id.clone(), body };
        platform.apply(vendor.clone(), message).await.unwrap();
    }
    let update = Command::Operate {
        id: id.as_str().into(),
        operation: connect_model::lifecycle::Operation::Update,
        body: json!({"note": strange, "asset": {"params": [{"id": "subscription_id", "value": strange}]}}),
        code: None,
    };
    platform.apply(vendor.clone(), update).await.unwrap();
    let approve = Command::Operate {
        id: id.as_str().into(),
        operation: connect_model::lifecycle::Operation::Approve,
        body: json!({"template_id": template["id"]}),
        code: None,
    };
    platform.apply(vendor, approve).await.unwrap();
    let waiting = Fixture::new(AssetRequestType::Resume, RequestStatus::Pending);
    platform.seed(|world| world.seed_request(&waiting)).await.unwrap().unwrap();
    (id, asset)
}
