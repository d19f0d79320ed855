//! The emulator calls the real program over HTTP: a change is heard of at once, and whatever becomes
//! of the calls, the end is the same as without them.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use connect_clock::SystemClock;
use connect_e2e::{Stage, Subscription};
use connect_journal::SqliteJournal;
use connect_model::asset_request::NewRequest;
use connect_model::{RequestId, RequestStatus};
use connect_world::Collection;
use connect_world::command::WebhookCommand;
use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Life, Program};

const SECRET: &str = "s3cret-of-both-sides";
const COUNT: usize = 3;

/// A platform with suspended subscriptions, and a program that takes calls.
struct Scene {
    stage: Stage,
    subscriptions: Vec<Subscription>,
    url: String,
    life: Life,
    folder: TempDir,
}

impl Scene {
    async fn start(poll: &'static str) -> Self {
        let stage = Stage::start().await.unwrap();
        let mut subscriptions = Vec::new();
        for number in 0..COUNT {
            subscriptions.push(stage.suspended(&format!("t-{number}")).await.unwrap());
        }
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let program = Program::new(&stage, &folder.path().join("journal.sqlite"))
            .argument(&format!("--listen={}", free.port()))
            .argument(&format!("--webhook-secret={SECRET}"))
            .poll(poll);
        let life = program.start();
        let scene = Self { stage, subscriptions, url: format!("http://{free}"), life, folder };
        // Once it has looked, it looks again after its poll, or when it is called.
        until(async || scene.lists() >= 2).await;
        scene
    }

    /// The number of times that requests were listed, and counted before.
    fn lists(&self) -> usize {
        let calls = self.stage.emulator.activity().since(0);
        let lists = calls.iter().filter(|call| {
            let path = call.uri.path();
            path.ends_with("/requests") || path.ends_with("/config-requests")
        });
        lists.filter(|call| call.method == "GET").count()
    }

    async fn hook(&self, url: &str, secret: &str) -> String {
        let body = json!({
            "label": "orders", "object_class": "fulfillment_request", "description": null,
            "product_id": self.stage.emulator.product(), "external_url": url,
            "jwt_secret": secret, "active": true, "http_method": "POST",
        });
        let made = self.stage.apply(WebhookCommand::Create { body }).await.unwrap();
        made["id"].as_str().unwrap().to_owned()
    }

    async fn webhook(&self, id: &str) -> Value {
        let platform = self.stage.emulator.platform();
        let who = platform.authenticate(&self.stage.emulator.keys().vendor).unwrap();
        let body = platform.read(&who, &Collection::Webhooks, id, "").await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    async fn resume_all(&self) -> Vec<RequestId> {
        let mut ids = Vec::new();
        for subscription in &self.subscriptions {
            let resume = NewRequest::resume(&subscription.asset);
            ids.push(self.stage.request(&resume).await.unwrap());
        }
        ids
    }

    async fn until_approved(&self, ids: &[RequestId]) {
        for id in ids {
            let status = async || self.stage.read(id).await.unwrap().status;
            until(async || status().await == RequestStatus::Approved).await;
        }
    }

    /// Ends the program, and says what there is in the end: the statuses of the requests, and how
    /// often what was done to which tenant.
    async fn end(mut self, ids: &[RequestId]) -> Value {
        self.life.kill();
        let journal = self.folder.path().join("journal.sqlite");
        let journal = SqliteJournal::open(journal, SystemClock).unwrap();
        self.stage.must_hold(&journal, ids).await.unwrap();
        let mut statuses = Vec::new();
        for id in ids {
            statuses.push(self.stage.read(id).await.unwrap().status.to_string());
        }
        let mut effects = BTreeMap::<String, u32>::new();
        for entry in self.stage.evidence(&journal, ids).await.unwrap().effects {
            *effects.entry(format!("{} {}", entry.operation, entry.tenant)).or_default() += 1;
        }
        json!({"statuses": statuses, "effects": effects})
    }
}

#[tokio::test]
async fn a_change_is_heard_of_at_once_by_a_program_that_seldom_polls() {
    let scene = Scene::start("1h").await;
    let id = scene.hook(&format!("{}/webhook", scene.url), SECRET).await;
    let ids = scene.resume_all().await;
    scene.until_approved(&ids).await;
    let webhook = scene.webhook(&id).await;
    assert_eq!(webhook["stats"]["failure_triggers"], 0, "{webhook}");
    assert_eq!(webhook["last_success"]["status_code"], 204, "{webhook}");
    scene.end(&ids).await;
}

#[tokio::test]
async fn a_call_that_is_signed_with_another_key_is_refused_and_seen_to_be() {
    let scene = Scene::start("1h").await;
    let id = scene.hook(&format!("{}/webhook", scene.url), "another").await;
    let lists = scene.lists();
    scene.stage.apply(WebhookCommand::Trigger { id: id.as_str().into() }).await.unwrap();
    until(async || scene.webhook(&id).await["stats"]["triggers"] == 1).await;
    let webhook = scene.webhook(&id).await;
    assert_eq!(webhook["last_failure"]["status_code"], 401);
    assert_eq!(scene.lists(), lists);
}

/// Waits for something that other processes do.
pub(crate) async fn until(condition: impl AsyncFn() -> bool) {
    while !condition().await {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// What becomes of calls on their way.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Duplicated,
    Reordered,
    Late,
    Lost,
}

type Call = (Parts, Bytes);

/// A server between the platform and the program.
struct Relay {
    url: String,
    held: Arc<Mutex<Vec<Call>>>,
    target: String,
}

impl Relay {
    async fn to(target: String, fate: Fate) -> Self {
        let held = Arc::new(Mutex::new(Vec::new()));
        let (kept, on) = (Arc::clone(&held), target.clone());
        let routes = Router::new().fallback(move |request: Request| {
            let (kept, on) = (Arc::clone(&kept), on.clone());
            async move {
                let (parts, body) = request.into_parts();
                let call = (parts, to_bytes(body, 1 << 20).await.unwrap());
                match fate {
                    Fate::Duplicated => {
                        for _ in 0..10 {
                            pass(&on, &call).await;
                        }
                    }
                    Fate::Reordered => {
                        let all = {
                            let mut kept = kept.lock().unwrap();
                            kept.push(call);
                            if kept.len() < 3 { Vec::new() } else { std::mem::take(&mut *kept) }
                        };
                        for call in all.iter().rev() {
                            pass(&on, call).await;
                        }
                    }
                    Fate::Late | Fate::Lost => kept.lock().unwrap().push(call),
                }
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhook", listener.local_addr().unwrap());
        tokio::spawn(std::future::IntoFuture::into_future(axum::serve(listener, routes)));
        Self { url, held, target }
    }

    /// Passes on what was held, after all is over.
    async fn pass_on(&self) {
        let held = std::mem::take(&mut *self.held.lock().unwrap());
        assert!(!held.is_empty());
        for call in held {
            pass(&self.target, &call).await;
        }
    }
}

async fn pass(target: &str, (parts, body): &Call) {
    let call = Client::new().post(target).headers(parts.headers.clone()).body(body.clone());
    assert_eq!(call.send().await.unwrap().status(), 204);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_are_doubled_reordered_late_or_lost_end_as_polling_alone() {
    let alone = Scene::start("1s").await;
    let ids = alone.resume_all().await;
    alone.until_approved(&ids).await;
    let expected = alone.end(&ids).await;
    for fate in [Fate::Duplicated, Fate::Reordered, Fate::Late, Fate::Lost] {
        let scene = Scene::start("1s").await;
        let relay = Relay::to(format!("{}/webhook", scene.url), fate).await;
        for _ in 0..3 {
            scene.hook(&relay.url, SECRET).await;
        }
        let ids = scene.resume_all().await;
        scene.until_approved(&ids).await;
        if fate == Fate::Late {
            relay.pass_on().await;
        }
        assert_eq!(scene.end(&ids).await, expected, "{fate:?}");
    }
}
