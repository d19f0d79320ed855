//! A second family of requests, which neither the processor nor the client has ever heard of.

mod site_request;

use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use connect_client::{ApiKey, Client, RetryPolicy};
use connect_clock::SystemClock;
use connect_journal::{Journal, MemoryJournal, RunState, RunView};
use connect_model::ConnectionType;
use connect_processor::{
    Approval, Backoff, Context, Ending, Failure, Handler, Outcome, Processor, Report,
};
use http::{Method, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::scripted::{RequestQuery, fails, list};
use site_request::{SiteRequest, SiteRequestType};

type Cx = Context<SiteRequest, ()>;

/// How the platform answers the first action.
#[derive(Clone, Copy, PartialEq)]
enum Answers {
    /// With no body: only reading shows what happened.
    Silently,
    /// Carries it out, and fails to say so.
    Lost,
    /// Fails without carrying it out.
    Undone,
}

/// A platform with one pending request, a product and its templates.
struct Platform {
    request: Mutex<Value>,
    answers: Mutex<Answers>,
    /// The calls about the family's requests.
    calls: Mutex<Vec<String>>,
}

impl Platform {
    fn answer(&self, method: &Method, uri: &Uri, body: &Value) -> Response {
        let path = uri.path().trim_start_matches("/public/v1/");
        let query = uri.query().unwrap_or_default();
        let asked = RequestQuery::of(query);
        if path.starts_with("site/requests") {
            let body = if body.is_null() { String::new() } else { format!(" {body}") };
            let mark = if query.is_empty() { "" } else { "?" };
            self.calls.lock().unwrap().push(format!("{method} {path}{mark}{query}{body}"));
        }
        let mut request = self.request.lock().unwrap();
        match (method.as_str(), path) {
            ("GET", "accounts") => list(&[json!({"id": "VA-1"})], &asked),
            ("GET", "products/PRD-1") => axum::Json(json!({"id": "PRD-1"})).into_response(),
            ("GET", "products/PRD-1/templates") => list(&templates(), &asked),
            ("GET", "site/requests") => {
                let shown = asked.ids.is_some() || request["status"] == "pending";
                list(if shown { std::slice::from_ref(&*request) } else { &[] }, &asked)
            }
            ("GET", "site/requests/SR-1") => axum::Json(request.clone()).into_response(),
            ("PUT", "site/requests/SR-1") => {
                for update in body["params"].as_array().unwrap() {
                    let params = request["params"].as_array_mut().unwrap();
                    let param = params.iter_mut().find(|param| param["id"] == update["id"]);
                    let param = param.unwrap().as_object_mut().unwrap();
                    param.extend(update.as_object().unwrap().clone());
                }
                axum::Json(request.clone()).into_response()
            }
            ("POST", "site/requests/SR-1/approve") => self.act(&mut request, "approved"),
            ("POST", "site/requests/SR-1/fail") => self.act(&mut request, "failed"),
            ("POST", "site/requests/SR-1/inquire") => self.act(&mut request, "inquiring"),
            _ => fails(404),
        }
    }

    fn act(&self, request: &mut Value, status: &str) -> Response {
        let answers = std::mem::replace(&mut *self.answers.lock().unwrap(), Answers::Silently);
        if answers != Answers::Undone {
            request["status"] = json!(status);
        }
        match answers {
            Answers::Silently => StatusCode::NO_CONTENT.into_response(),
            Answers::Lost | Answers::Undone => fails(502),
        }
    }
}

/// The asset's template has the wanted name, too.
fn templates() -> [Value; 3] {
    [
        json!({"id": "TL-1", "name": "Welcome", "scope": "asset", "type": "fulfillment"}),
        json!({"id": "TL-2", "name": "Welcome", "scope": "tier1"}),
        json!({"id": "TL-3", "name": "Welcome", "scope": "tier2"}),
    ]
}

struct Harness {
    platform: Arc<Platform>,
    endpoint: String,
    journal: Arc<MemoryJournal>,
    server: JoinHandle<()>,
}

impl Drop for Harness {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Harness {
    async fn answering(answers: Answers) -> Self {
        let request = json!({
            "id": "SR-1", "type": "setup", "status": "pending",
            "events": {"created": {"at": "2026-11-01T00:00:00+00:00"}, "updated": {"at": "2026-11-01T00:00:00+00:00"}},
            "params": [{"id": "domain", "value": "acme.example"}, {"id": "address", "value": ""}],
            "site": {
                "id": "SI-7", "level": 2, "product": {"id": "PRD-1"}, "connection": {"type": "test"},
            },
        });
        let platform = Arc::new(Platform {
            request: Mutex::new(request),
            answers: Mutex::new(answers),
            calls: Mutex::default(),
        });
        let answer =
            async |State(platform): State<Arc<Platform>>, method: Method, uri: Uri, body: Bytes| {
                let body = serde_json::from_slice(&body).unwrap_or_default();
                platform.answer(&method, &uri, &body)
            };
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&platform));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}/public/v1", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            axum::serve(listener, routes).into_future().await.unwrap();
        });
        let journal = Arc::new(MemoryJournal::new(SystemClock));
        Self { platform, endpoint, journal, server }
    }

    async fn live(&self, handler: impl Handler<SiteRequest, ()>) -> Report {
        let client = Client::builder(&self.endpoint, ApiKey::new("ApiKey SU-1:x").unwrap());
        let client = client.retry(RetryPolicy::never()).build().unwrap();
        let short = Duration::from_millis(1);
        Processor::new((), client, Arc::clone(&self.journal) as Arc<dyn Journal>)
            .products(["PRD-1".into()])
            .environments([ConnectionType::Test])
            .template("Welcome")
            .backoff(Backoff { base: short, cap: short })
            .patience(Duration::from_millis(50))
            .on(SiteRequestType::Setup, handler)
            .drain()
            .await
            .unwrap()
    }

    /// The calls that changed the request.
    fn writes(&self) -> Vec<String> {
        let calls = self.platform.calls.lock().unwrap();
        calls.iter().filter(|call| !call.starts_with("GET")).cloned().collect()
    }

    fn status(&self) -> Value {
        self.platform.request.lock().unwrap()["status"].clone()
    }

    async fn run(&self) -> RunView {
        self.journal.run(&"SR-1".into()).await.unwrap().unwrap()
    }
}

async fn sets_up(cx: Cx) -> Result<Outcome, Failure> {
    let domain = cx.parameter("domain")?;
    let create = async || Ok::<_, Failure>(format!("www.{domain}"));
    let address = cx.step("create_site").run(|_| create()).await?;
    Ok(Approval::default().parameter("address", address).into())
}

#[tokio::test]
async fn it_is_listed_by_its_own_filters_worked_on_in_steps_and_approved_in_its_own_words() {
    let harness = Harness::answering(Answers::Silently).await;
    let report = harness.live(sets_up).await;
    assert_eq!((report.ended.get(&Ending::Approved), report.is_complete()), (Some(&1), true));
    assert_eq!(harness.status(), "approved");
    let run = harness.run().await;
    assert_eq!((run.state, run.lane.as_str()), (RunState::Done, "SI-7"));
    assert_eq!(run.steps[0].step.as_str(), "create_site");
    let mut calls = harness.platform.calls.lock().unwrap().clone();
    let mut seen = BTreeSet::new();
    calls.retain(|call| seen.insert(call.clone()));
    insta::assert_snapshot!(calls.join("\n"), @r#"
    GET site/requests?select(-site.account)&and(eq(status,pending),in(site.product.id,(PRD-1)),in(site.connection.type,(test)),in(type,(setup)))&ordering(created)&limit=0&offset=0
    GET site/requests?select(-site.account)&and(eq(status,pending),in(site.product.id,(PRD-1)),in(site.connection.type,(test)),in(type,(setup)))&ordering(created)&limit=1&offset=0
    GET site/requests?in(id,(SR-1))&limit=64&offset=0
    PUT site/requests/SR-1 {"params":[{"id":"address","value":"www.acme.example"}]}
    POST site/requests/SR-1/approve {"template":{"id":"TL-3"}}
    GET site/requests/SR-1
    "#);
}

/// With and without the change: either way it is carried out once.
#[tokio::test]
async fn a_lost_answer_is_settled_by_reading() {
    for (answers, told) in [(Answers::Lost, 1), (Answers::Undone, 2)] {
        let harness = Harness::answering(answers).await;
        let report = harness.live(sets_up).await;
        assert_eq!(report.ended.get(&Ending::Approved), Some(&1), "{report:?}");
        let approvals = harness.writes().iter().filter(|call| call.contains("/approve")).count();
        assert_eq!((harness.status(), approvals), (json!("approved"), told));
    }
}

#[tokio::test]
async fn it_is_failed_with_a_reason() {
    let harness = Harness::answering(Answers::Silently).await;
    let report = harness.live(|_: Cx| async { Ok(Outcome::fail("no such domain")) }).await;
    assert_eq!((report.ended.get(&Ending::Failed), harness.status()), (Some(&1), json!("failed")));
    let failing = r#"POST site/requests/SR-1/fail {"reason":"no such domain"}"#;
    assert_eq!(harness.writes(), [failing]);
}

#[tokio::test]
async fn it_is_sent_back_with_what_is_wrong() {
    let harness = Harness::answering(Answers::Silently).await;
    let report =
        harness.live(|_: Cx| async { Ok(Outcome::inquire("domain", "It is taken.")) }).await;
    assert_eq!(
        (report.ended.get(&Ending::Inquired), harness.status()),
        (Some(&1), json!("inquiring"))
    );
    insta::assert_snapshot!(harness.writes().join("\n"), @r#"
    PUT site/requests/SR-1 {"params":[{"id":"domain","value_error":"It is taken."}]}
    POST site/requests/SR-1/inquire
    "#);
}

/// Nobody can schedule such a request: nothing is told, and a person is.
#[tokio::test]
async fn what_the_family_does_not_have_is_parked_aloud() {
    let harness = Harness::answering(Answers::Silently).await;
    let day = "2030-01-01".parse().unwrap();
    let report = harness.live(move |_: Cx| async move { Ok(Outcome::Schedule { on: day }) }).await;
    insta::assert_snapshot!(report.open[0].why, @"the handler's outcome cannot be told: site/requests cannot be scheduled");
    assert_eq!((harness.status(), harness.writes().len()), (json!("pending"), 0));
}
