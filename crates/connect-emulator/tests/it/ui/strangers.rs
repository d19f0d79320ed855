//! Words that came through the API are shown as words.

use connect_model::{AssetRequestType, RequestStatus};
use connect_world::Fixture;
use connect_world::command::{ConversationCommand, RequestCommand, TemplateCommand};
use serde_json::json;

use super::stage::Stage;

/// Each would run in a page that trusted it.
const STRANGE: [&str; 5] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
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
        let shown = [
            "/".to_owned(),
            format!("/subscriptions/{asset}"),
            format!("/subscriptions/{asset}/parameters"),
            format!("/subscriptions/{asset}/tiers"),
            format!("/subscriptions/{asset}/details"),
            format!("/subscriptions/{asset}/fulfillment"),
            format!("/products/{product}/templates"),
            format!("/requests/{request}"),
            format!("/subscriptions/fulfillment?q={query}"),
            format!("/activity?path={query}&method={query}"),
            format!("/subscriptions/{asset}/change?step=items"),
            format!("/subscriptions/new?step=customer&offer={product}&customer=known&find={query}"),
            format!("/subscriptions/new?step=items&offer={product}&customer={query}"),
        ];
        for path in shown {
            must_be_tame(&stage.page(&path).await, &path);
        }
        let refused = [
            format!("/subscriptions?q={query}&rql={query}&product={query}"),
            format!("/subscriptions/{query}"),
            format!("/subscriptions/{asset}/resume"),
            format!(
                "/subscriptions/new?step=review&offer={product}&customer=new&name={query}\
                 &item_{product}-0001={query}&param_admin_email={query}"
            ),
        ];
        for path in refused {
            let page = stage.get(&path).send().await.unwrap().text().await.unwrap();
            assert!(page.contains("<h1"), "{path}");
            must_be_tame(&page, &path);
        }
    }
}

/// A world in which everybody writes this wherever the API lets them.
async fn strangers(stage: &Stage, strange: &str) -> (String, String) {
    let product = stage.emulator.product();
    let template = json!({
        "name": strange, "title": strange, "scope": "asset", "type": "fulfillment",
        "body": format!("{strange} [link]({strange}) ![picture]({strange}) {{{{ subscription_id }}}}"),
    });
    let create = TemplateCommand::Create { product: product.clone(), body: template };
    let template = stage.vendor(create).await;
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
    let request = stage.vendor(RequestCommand::Create { body: order }).await;
    let id = request["id"].as_str().unwrap().to_owned();
    let asset = request["asset"]["id"].as_str().unwrap().to_owned();
    for text in [strange, "told"] {
        let body = json!({"text": text});
        let message = ConversationCommand::Say { conversation: id.clone(), body };
        stage.vendor(message).await;
    }
    let update = RequestCommand::Operate {
        id: id.as_str().into(),
        operation: connect_model::lifecycle::Operation::Update,
        body: json!({"note": strange, "asset": {"params": [{"id": "subscription_id", "value": strange}]}}),
        code: None,
    };
    stage.vendor(update).await;
    let approve = RequestCommand::Operate {
        id: id.as_str().into(),
        operation: connect_model::lifecycle::Operation::Approve,
        body: json!({"template_id": template["id"]}),
        code: None,
    };
    stage.vendor(approve).await;
    let waiting = Fixture::new(AssetRequestType::Resume, RequestStatus::Pending);
    stage
        .emulator
        .platform()
        .seed(|world, at| world.seed_request(at, &waiting))
        .await
        .unwrap()
        .unwrap();
    (id, asset)
}
