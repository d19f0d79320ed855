//! The demo vendor takes a while to build a tenant, and calls the real program back over HTTP.

use std::net::TcpListener;
use std::time::Duration;

use connect_clock::SystemClock;
use connect_e2e::Stage;
use connect_journal::{Fact, Journal, RunId, SqliteJournal};
use connect_model::asset_request::NewRequest;
use connect_model::{Message, MessageType, RequestId, RequestStatus};
use futures::TryStreamExt;
use reqwest::Client;
use tempfile::TempDir;

use crate::program::{Life, Program};

/// A platform, a vendor that is slow, and a program that it can call.
struct Scene {
    stage: Stage,
    url: String,
    life: Life,
    folder: TempDir,
}

impl Scene {
    async fn start() -> Self {
        let stage = Stage::start().await.unwrap();
        stage.vendor.prepare_for(Duration::from_millis(300));
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let url = format!("http://{free}/callback");
        let program = Program::new(&stage, &folder.path().join("journal.sqlite"))
            .argument(&format!("--listen={}", free.port()))
            .argument(&format!("--callback-url={url}"))
            .argument("--callback-secret=s3cret-of-the-program");
        let life = program.start();
        Self { stage, url, life, folder }
    }

    async fn purchase(&self) -> RequestId {
        let order = NewRequest::preview_purchase(&self.stage.emulator.product());
        self.stage.request(&order.item("MPN-A", 10)).await.unwrap()
    }
}

/// Acme looks again by itself after ten minutes: whoever is quicker was called.
#[tokio::test]
async fn a_tenant_that_is_ready_is_heard_of_at_once() {
    let mut scene = Scene::start().await;
    let request = scene.purchase().await;
    let forged = Client::new().post(format!("{}?token=eyJh.eyJj.x", scene.url)).body("ready");
    let status = async || scene.stage.read(&request).await.unwrap().status;
    while status().await != RequestStatus::Approved {
        if let Ok(answer) = forged.try_clone().unwrap().send().await {
            assert_eq!(answer.status(), 401);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    scene.life.kill();

    let journal = scene.folder.path().join("journal.sqlite");
    let journal = SqliteJournal::open(journal, SystemClock).unwrap();
    let run = RunId::from(request.as_str());
    let history = journal.history(&run, 0..u64::MAX).await.unwrap();
    let woken = history.iter().filter(|it| matches!(it.fact, Fact::Revived { .. })).count();
    assert_eq!(woken, 1);
    scene.stage.must_hold(&journal, std::slice::from_ref(&request)).await.unwrap();
    let path = format!("conversations/{request}/messages");
    let said = scene.stage.client().unwrap().list_at::<Message>(&path).stream();
    let said: Vec<Message> = said.try_collect().await.unwrap();
    let said = said.into_iter().filter(|message| message.kind == MessageType::Message);
    assert_eq!(said.count(), 1);
}
