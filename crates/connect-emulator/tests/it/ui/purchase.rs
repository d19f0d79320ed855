//! Create Subscription.

use connect_world::command::{ParameterCommand, RequestCommand};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::stage::Stage;

const NEW: &str = "/subscriptions/new";

/// The address a page sends the browser to.
fn location(response: &reqwest::Response) -> String {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// The field of the product's only item.
fn item(stage: &Stage) -> String {
    format!("item_{}-0001", stage.emulator.product())
}

/// Where the wizard goes with a customer that was invented.
async fn invented(stage: &Stage) -> String {
    let product = stage.emulator.product();
    let form = [("step", "randomize"), ("offer", product.as_str())];
    location(&stage.send(NEW, &form).await)
}

/// What the wizard's form sends along unseen.
fn hidden_in(page: &str) -> Vec<(String, String)> {
    let (_, form) = page.split_once("<div id=\"fields\"").unwrap();
    let inputs = form.split("<input type=\"hidden\" name=\"").skip(1);
    let parts = inputs.map(|input| input.split('"').step_by(2).take(2).collect::<Vec<_>>());
    parts.map(|parts| (parts[0].to_owned(), parts[1].to_owned())).collect()
}

/// The body of the latest request.
async fn latest(stage: &Stage) -> Value {
    let listed = stage.api().get("/requests?limit=1").await;
    listed[0].clone()
}

async fn parameter(stage: &Stage, body: Value) {
    stage.vendor(ParameterCommand::Create { product: stage.emulator.product(), body }).await;
}

#[tokio::test]
async fn a_preview_subscription_for_an_invented_customer() {
    let stage = Stage::start().await;
    let product = stage.emulator.product();
    let first = stage.page(&format!("{NEW}?product={product}")).await;
    assert!(first.contains(&format!("value=\"{product}\" required checked")), "{first}");

    let customer = invented(&stage).await;
    assert!(!customer.contains("name") && !customer.contains("%40"), "{customer}");
    let second = stage.page(&customer).await;
    assert!(second.contains("New customer") && second.contains(".example"));

    let third = customer.replace("step=customer", "step=items");
    assert!(stage.page(&third).await.contains("Administrator e-mail"));
    let choices = format!("&{}=3&param_admin_email=ines%40fernway.example", item(&stage));
    let fourth = third.replace("step=items", "step=review") + &choices;
    let review = stage.page(&fourth).await;
    assert!(review.contains("Create Subscription</button>"));
    assert!(review.contains("ines@fernway.example") && review.contains("Preview"));

    let fields = hidden_in(&review);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let created = stage.send(NEW, &fields).await;
    let summary = stage.page(&location(&created)).await;
    assert!(summary.contains("Pending") && summary.contains("Go to Details"));

    let request = latest(&stage).await;
    assert_eq!(request["asset"]["connection"]["type"], "preview");
    assert_eq!(request["asset"]["items"][0]["quantity"], "3");
    let named = request["asset"]["tiers"]["customer"]["name"].as_str().unwrap();
    assert!(review.contains(named));
}

#[tokio::test]
async fn no_step_comes_before_what_it_needs() {
    let stage = Stage::start().await;
    let product = stage.emulator.product();
    let cases = [
        ("?step=review".to_owned(), "Product and environment"),
        (format!("?step=review&offer={product}"), "New customer"),
        (format!("?step=review&offer={product}&customer=new"), "MPN-A"),
    ];
    for (query, expected) in cases {
        let page = stage.page(&format!("{NEW}{query}")).await;
        assert!(page.contains(expected), "{query}");
        assert!(!page.contains("Create Subscription</button>"), "{query}");
    }
}

#[tokio::test]
async fn a_refusal_is_shown_with_the_way_to_the_step_that_asked() {
    let stage = Stage::start().await;
    let product = stage.emulator.product().to_string();
    let (item, product) = (item(&stage), product.as_str());
    let fields = [("offer", product), ("customer", "new"), ("name", "Rowan"), (&item, "2")];
    let refused = stage.send(NEW, &fields).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.unwrap();
    assert!(page.contains("asset.tiers.customer.contact_info.city: This field may not be blank."));
    assert!(page.contains("Correct it in Customer"));
    assert!(page.contains("name=\"name\" value=\"Rowan\""), "what was typed is kept");

    let nothing = [("offer", product), ("customer", "TA-0000-0000-0001"), (&item, "0")];
    let refused = stage.send(NEW, &nothing).await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND, "an unknown customer cannot be reviewed");
}

#[tokio::test]
async fn a_required_parameter_may_be_owed_and_the_review_says_so() {
    let stage = Stage::start().await;
    let domain = json!({"name": "domain", "title": "Domain", "type": "domain", "phase": "ordering", "scope": "asset",
        "constraints": {"required": true}});
    parameter(&stage, domain).await;
    let customer = invented(&stage).await;
    let items = stage.page(&customer.replace("step=customer", "step=items")).await;
    assert!(items.contains("Domain <span class=\"tag\">Required</span>"));
    let review = customer.replace("step=customer", "step=review");
    let review = stage.page(&format!("{review}&{}=1&param_domain=", item(&stage))).await;
    assert!(review.contains("Required and still empty: Domain"));
}

#[tokio::test]
async fn a_secret_stands_in_no_address() {
    let stage = Stage::start().await;
    let pin = json!({"name": "pin", "title": "PIN", "type": "password", "phase": "ordering", "scope": "asset"});
    parameter(&stage, pin).await;
    let customer = invented(&stage).await;
    let items = stage.page(&customer.replace("step=customer", "step=items")).await;
    assert!(!items.contains("param_pin"));
    let review = customer.replace("step=customer", "step=review");
    let review = stage.page(&format!("{review}&{}=1", item(&stage))).await;
    assert!(review.contains("name=\"param_pin\" type=\"password\""));
}

#[tokio::test]
async fn the_distributor_sells_through_a_connection() {
    let stage = Stage::start().await;
    let as_distributor = |path: &str| stage.get(path).header("cookie", "role=distributor");
    let page = as_distributor(NEW).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Harborline Hub") && page.contains("Production"));
    assert!(!page.contains("<span class=\"tag\">Preview</span>"));
}

#[tokio::test]
async fn a_refused_order_asks_for_its_secrets_again() {
    let stage = Stage::start().await;
    let pin = json!({"name": "pin", "title": "PIN", "type": "password", "phase": "ordering", "scope": "asset"});
    parameter(&stage, pin).await;
    let (product, item) = (stage.emulator.product().to_string(), item(&stage));
    let order = [("offer", product.as_str()), ("customer", "new"), ("name", "Nordlicht")];
    let order = [&order[..], &[(item.as_str(), "1"), ("param_pin", "s3cret")]].concat();
    let refused = stage.send(NEW, &order).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text().await.unwrap();
    assert!(page.contains("name=\"param_pin\" type=\"password\"") && !page.contains("s3cret"));
}

#[tokio::test]
async fn a_customer_who_was_chosen_stays_chosen() {
    let stage = Stage::start().await;
    let buy = |name: String| {
        let contact = json!({"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com",
            "phone_number": {"country_code": "+1", "area_code": "", "phone_number": "1", "extension": ""}});
        let info = json!({"address_line1": "1", "city": "Sitges", "country": "ES",
            "postal_code": "08870", "state": "Barcelona", "contact": contact});
        json!({"type": "purchase", "asset": {
            "product": {"id": stage.emulator.product()}, "connection": {"type": "preview"},
            "items": [{"id": "MPN-A", "quantity": 1}],
            "tiers": {"customer": {"name": name, "external_id": name, "contact_info": info}},
        }})
    };
    for place in 0..22 {
        stage.vendor(RequestCommand::Create { body: buy(format!("Customer {place}")) }).await;
    }
    let listed = stage.api().get("/tier/accounts?limit=100").await;
    let accounts = listed.as_array().unwrap();
    let first = accounts.iter().find(|account| account["name"] == "Customer 0").unwrap();
    let id = first["id"].as_str().unwrap();
    let offer = stage.emulator.product();
    let step = stage.page(&format!("{NEW}?step=customer&offer={offer}&customer={id}")).await;
    assert_eq!(step.matches(" checked").count(), 1);
    assert!(step.contains(&format!("value=\"{id}\" required checked")), "{step}");
}

#[tokio::test]
async fn another_product_is_asked_with_its_own_quantities() {
    let stage = Stage::start().await;
    let offer = stage.emulator.product();
    let path = format!("{NEW}?step=items&offer={offer}&customer=new&item_PRD-000-000-000-0001=7");
    let field = format!(
        "name=\"{}\" type=\"number\" min=\"0\" step=\"1\" required value=\"1\"",
        item(&stage)
    );
    assert!(stage.page(&path).await.contains(&field));
}

#[tokio::test]
async fn structured_values_are_sent_as_the_platform_has_them() {
    let stage = Stage::start().await;
    for (name, kind) in [("phone", "phone"), ("place", "address"), ("extra", "object")] {
        let body = json!({"name": name, "title": name, "type": kind, "phase": "ordering", "scope": "asset"});
        parameter(&stage, body).await;
    }
    let customer = invented(&stage).await;
    let review = customer.replace("step=customer", "step=review");
    let pairs = hidden_in(&stage.page(&format!("{review}&{}=1", item(&stage))).await);
    let mut order: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    order.push(("param_phone", "+34 976 550101"));
    let bad = [&order[..], &[("param_extra", "{broken")]].concat();
    let refused = stage.send(NEW, &bad).await.text().await.unwrap();
    assert!(
        refused.contains("asset.params.extra: JSON parse error")
            && refused.contains("Correct it in Items")
    );
    order.push(("param_place", r#"{"city": "Sitges"}"#));
    assert_eq!(stage.send(NEW, &order).await.status(), StatusCode::SEE_OTHER);
    let request = latest(&stage).await;
    let params = request["asset"]["params"].as_array().unwrap();
    let structured =
        |name: &str| params.iter().find(|it| it["id"] == name).unwrap()["structured_value"].clone();
    assert_eq!(structured("phone")["area_code"], "976");
    assert_eq!(structured("place")["city"], "Sitges");
}

#[tokio::test]
async fn items_that_come_to_nothing_are_refused_at_their_step() {
    let stage = Stage::start().await;
    let (offer, item) = (stage.emulator.product(), item(&stage));
    let review =
        |quantity: &str| format!("{NEW}?step=review&offer={offer}&customer=new&{item}={quantity}");
    let refused = async |quantity| {
        let answer = stage.get(&review(quantity)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        answer.text().await.unwrap()
    };
    let page = refused("0").await;
    assert!(page.contains("Every quantity is 0"), "{page}");
    assert!(page.contains(&format!("name=\"{item}\"")), "it is the step that asks for them");
    assert!(refused("lots").await.contains("is not a quantity"));
    let shown = stage.page(&review("2")).await;
    assert!(shown.contains("What will be ordered") && !shown.contains("Every quantity"));
}

/// The emulator was started again, and with it went what was typed.
#[tokio::test]
async fn a_draft_of_an_earlier_run_is_said_to_be_gone() {
    let stage = Stage::start().await;
    let answer = stage.get(&format!("{NEW}?step=items&draft=0123")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.unwrap();
    assert!(page.contains("What was chosen is gone") && page.contains("Product and environment"));
}
