//! Connect asks the real program, over HTTP: what is wrong with an order, before it is one.

use std::net::TcpListener;
use std::time::Duration;

use connect_e2e::{Project, Stage};
use connect_model::ProductId;
use connect_world::command::{ActionCommand, ProductCommand, WebhookCommand};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Life, Program};
use crate::template;

pub(crate) const SECRET: &str = "s3cret-of-both-sides";

/// A program that answers questions, and where.
pub(crate) struct Answering {
    pub(crate) url: String,
    life: Life,
    _folder: TempDir,
}

impl Answering {
    /// Acme's program, once it answers.
    pub(crate) async fn start(stage: &Stage, arguments: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = Program::new(stage, &folder.path().join("journal.sqlite"));
        let program = arguments.iter().fold(program, |program, it| program.argument(it));
        Self::begin(program, folder).await
    }

    /// A project of the Python template with its web service, once it answers.
    pub(crate) async fn of_template(stage: &Stage) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let project = template::project(stage, folder.path());
        project.add_service().unwrap();
        Self::begin_project(&project, stage, folder).await
    }

    /// The same project with its web service alone: it handles no requests.
    pub(crate) async fn of_service_alone(stage: &Stage) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let project = template::project(stage, folder.path());
        project.add_service().unwrap();
        for class in ["purchase.py", "resume.py"] {
            let app = project.folder.join("connect_processor/app");
            std::fs::remove_file(app.join(class)).unwrap();
        }
        Self::begin_project(&project, stage, folder).await
    }

    async fn begin_project(project: &Project, stage: &Stage, folder: TempDir) -> Self {
        let program = Program::of_template(project, stage, &folder.path().join("journal.sqlite"));
        Self::begin(program, folder).await
    }

    async fn begin(program: Program, folder: TempDir) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let life = program
            .argument(&format!("--listen={}", free.port()))
            .argument(&format!("--webhook-secret={SECRET}"))
            .start();
        let url = format!("http://{free}");
        let answers = async || reqwest::get(format!("{url}/health")).await.is_ok();
        while !answers().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Self { url, life, _folder: folder }
    }

    /// Ends it, so that nobody answers.
    pub(crate) fn kill(&mut self) {
        self.life.kill();
    }
}

/// Has the drafts and forms of the stage's product validated at an address.
pub(crate) async fn validate_at(stage: &Stage, url: &str, secret: &str) {
    let product: ProductId = stage.emulator.product();
    let on = json!({"validation": true});
    let body = json!({"capabilities": {"cart": on, "inquiring": on}});
    stage.apply(ProductCommand::Update { id: product.clone(), body }).await.unwrap();
    for kind in ["validator", "inquiring_validator"] {
        let body = json!({
            "type": kind, "label": kind, "object_class": "fulfillment_request",
            "description": null, "product_id": product, "active": true, "http_method": "POST",
            "external_url": format!("{url}/validate"), "jwt_secret": secret,
        });
        stage.apply(WebhookCommand::Create { body }).await.unwrap();
    }
}

/// A call of the API with the vendor's key.
pub(crate) async fn post(stage: &Stage, path: &str, body: Value) -> (u16, Value) {
    let url = format!("{}{path}", stage.emulator.endpoint());
    let call = reqwest::Client::new().post(url).json(&body);
    let answer = call.header("Authorization", &stage.emulator.keys().vendor).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

/// A draft of a purchase.
pub(crate) async fn draft(stage: &Stage) -> String {
    let body = json!({
        "type": "purchase", "status": "draft",
        "asset": {
            "product": {"id": stage.emulator.product()}, "connection": {"type": "preview"},
            "items": [{"mpn": "MPN-A", "quantity": 10}],
        },
    });
    let (status, draft) = post(stage, "/requests", body).await;
    assert_eq!(status, 201, "{draft}");
    draft["id"].as_str().unwrap().to_owned()
}

/// A call's body that gives the draft an address.
pub(crate) fn with(email: &str) -> Value {
    json!({"asset": {"params": [{"id": "admin_email", "value": email}]}})
}

/// The address of a request, and what is wrong with it.
pub(crate) fn email(request: &Value) -> (&str, &str) {
    let rows = &request["asset"]["params"];
    assert!(rows.is_array(), "{request}");
    let rows = rows.as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == "admin_email").unwrap();
    (row["value"].as_str().unwrap(), row["value_error"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acme_says_what_is_wrong_with_a_draft_and_puts_it_right() {
    let stage = Stage::start().await.unwrap();
    let mut acme = Answering::start(&stage, &[]).await;
    validate_at(&stage, &acme.url, SECRET).await;
    let draft = draft(&stage).await;
    let path = format!("/requests/{draft}/validate");
    let (_, wrong) = post(&stage, &path, with("ada@ACME.example")).await;
    let taken = "acme.example is taken: give an address of your own.";
    assert_eq!(email(&wrong), ("ada@ACME.example", taken));
    let (_, right) = post(&stage, &path, with("ada@Cedar.example")).await;
    assert_eq!(email(&right), ("ada@cedar.example", ""));

    acme.kill();
    let (status, down) = post(&stage, &path, with("other@cedar.example")).await;
    assert_eq!((status, &down["errors"][0]), (400, &json!("Validation endpoint failed")));
    let id = draft.as_str().into();
    assert_eq!(email(&json!(stage.read(&id).await.unwrap())), ("ada@cedar.example", ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_differs_is_told_to_who_asks() {
    let stage = Stage::start().await.unwrap();
    let acme = Answering::start(&stage, &[]).await;
    validate_at(&stage, &acme.url, "another-key").await;
    let path = format!("/requests/{}/validate", draft(&stage).await);
    let (status, refused) = post(&stage, &path, json!({})).await;
    let why = refused["errors"][1].as_str().unwrap();
    assert!(status == 400 && why.contains("The answer has the status 401."), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_of_an_action_leads_through_acme_to_the_tenant_once() {
    let stage = Stage::start().await.unwrap();
    let product = format!("/products/{}", stage.emulator.product());
    let made = post(&stage, &format!("{product}/actions/regeneratesecret"), json!({})).await.1;
    let secret = format!("--action-secret={}", made["jwt_secret"].as_str().unwrap());
    let console = "--console-url=https://console.cedar.example/".to_owned();
    let acme = Answering::start(&stage, &[secret, console]).await;
    offer_console(&stage, &acme.url).await;
    let asset = stage.active("t-7").await.unwrap().asset;
    let page = format!("{}/subscriptions/{asset}", stage.emulator.url());
    let page = reqwest::get(page).await.unwrap().text().await.unwrap();
    let (_, way) = page.split_once(&format!("/subscriptions/{asset}/actions/")).unwrap();
    let action = way.split('"').next().unwrap();
    let still = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let still = still.build().unwrap();
    let to = async |url: String| {
        let answer = still.get(url).send().await.unwrap();
        let to = answer.headers().get("location").map(|it| it.to_str().unwrap().to_owned());
        (answer.status().as_u16(), to.unwrap_or_default())
    };
    let menu = format!("{}/subscriptions/{asset}/actions/{action}", stage.emulator.url());
    let (_, link) = to(menu.clone()).await;
    assert!(link.starts_with(&format!("{}/action?jwt=", acme.url)), "{link}");
    let console = "https://console.cedar.example/tenants/t-7";
    assert_eq!(to(link.clone()).await, (302, console.to_owned()));
    assert_eq!(to(link).await.0, 401, "a link opens once");
    let (_, link) = to(menu).await;
    assert_eq!(to(link).await, (302, console.to_owned()));
}

/// Has subscriptions of the stage's product offer the way to Acme's console.
pub(crate) async fn offer_console(stage: &Stage, url: &str) {
    let product: ProductId = stage.emulator.product();
    let settings = json!({"action": {"url": format!("{url}/action")}});
    let body = json!({"customer_ui_settings": settings});
    stage.apply(ProductCommand::Update { id: product.clone(), body }).await.unwrap();
    let body = json!({
        "action": "console", "name": "Open the console", "type": "button", "scope": "asset",
        "description": "Leads to the tenant",
    });
    stage.apply(ActionCommand::Create { product, body }).await.unwrap();
}
