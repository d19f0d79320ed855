//! One program that works for two accounts, each on a platform of its own.

use std::fs::{self, File};
use std::net::TcpListener;
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use connect_clock::SystemClock;
use connect_e2e::Stage;
use connect_journal::SqliteJournal;
use connect_model::{RequestId, RequestStatus};
use connect_world::command::WebhookCommand;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::webhooks::until;

const ACCOUNTS: [&str; 2] = ["preview", "production"];

/// Two platforms with a vendor each, and the settings of a program for both.
struct Scene {
    stages: [Stage; 2],
    folder: TempDir,
    url: String,
}

/// The program at work; ended when dropped.
struct Life(Child);

impl Drop for Life {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Life {
    /// Tells it to stop, as service managers do, and waits for its end.
    fn stop(mut self) -> ExitStatus {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.0.wait().unwrap()
    }
}

impl Scene {
    async fn set() -> Self {
        let stages = [Stage::start().await.unwrap(), Stage::start().await.unwrap()];
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let scene = Self { stages, folder, url: format!("http://{free}") };
        let mut text = "lease = \"300ms\"\npoll = \"50ms\"\n".to_owned();
        for (name, stage) in ACCOUNTS.iter().zip(&scene.stages) {
            scene.give_key(name, &stage.emulator.keys().vendor);
            let (endpoint, vendor) = (stage.emulator.endpoint(), stage.vendor.url());
            text += &format!(
                "[account.{name}]\nendpoint = '{endpoint}'\nvendor-url = '{vendor}'\n\
                 api-key-file = '{}'\njournal = '{}'\n",
                scene.file(name, "key"),
                scene.file(name, "sqlite"),
            );
        }
        fs::write(scene.folder.path().join("acme.toml"), text).unwrap();
        scene
    }

    fn file(&self, account: &str, ending: &str) -> String {
        self.folder.path().join(format!("{account}.{ending}")).display().to_string()
    }

    /// Adds a setting to each account, with its name at the end.
    fn add(&self, setting: &str) {
        let file = self.folder.path().join("acme.toml");
        let mut text = fs::read_to_string(&file).unwrap();
        for name in ACCOUNTS {
            let table = format!("[account.{name}]\n");
            text = text.replace(&table, &format!("{table}{setting}-{name}\"\n"));
        }
        fs::write(file, text).unwrap();
    }

    fn give_key(&self, account: &str, key: &str) {
        fs::write(self.file(account, "key"), key).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_acme-under-test"));
        command.arg("--config").arg(self.folder.path().join("acme.toml")).args(arguments);
        command.env("RUST_LOG", "info").current_dir(&self.folder);
        command
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap()
    }

    /// Starts the program, which answers; its log is in a file.
    fn start(&self, arguments: &[&str]) -> Life {
        let log = File::create(self.file("program", "log")).unwrap();
        let listen = self.url.strip_prefix("http://").unwrap();
        let mut command = self.command(&[&["--listen", listen], arguments].concat());
        Life(command.stdout(Stdio::null()).stderr(log).spawn().unwrap())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.file("program", "log")).unwrap()
    }

    /// What is answered at a path, once anything is.
    async fn get(&self, path: &str) -> (u16, String) {
        loop {
            if let Ok(answer) = reqwest::get(format!("{}{path}", self.url)).await {
                return (answer.status().as_u16(), answer.text().await.unwrap());
            }
        }
    }

    async fn until_approved(&self, account: usize, request: &RequestId) {
        let stage = &self.stages[account];
        until(async || stage.read(request).await.unwrap().status == RequestStatus::Approved).await;
    }

    async fn status(&self, account: usize, request: &RequestId) -> RequestStatus {
        self.stages[account].read(request).await.unwrap().status
    }

    /// Asks the oracle about the journal of an account.
    async fn must_hold(&self, account: usize, request: &RequestId) {
        let journal = SqliteJournal::open(self.file(ACCOUNTS[account], "sqlite"), SystemClock);
        let ids = std::slice::from_ref(request);
        self.stages[account].must_hold(&journal.unwrap(), ids).await.unwrap();
    }
}

#[tokio::test]
async fn both_are_worked_for_told_apart_and_ended_by_one_signal() {
    let scene = Scene::set().await;
    let preview = scene.stages[0].pending_resume("t-1").await.unwrap();
    let production = scene.stages[1].pending_resume("t-2").await.unwrap();
    let life = scene.start(&["--log-format=json"]);
    scene.until_approved(0, &preview).await;
    scene.until_approved(1, &production).await;
    let ended = |account: &str| {
        format!(
            "connect_runs_ended_total{{account=\"{account}\",type=\"resume\",ending=\"approved\"}} 1"
        )
    };
    until(async || {
        let (_, page) = scene.get("/metrics").await;
        ACCOUNTS.iter().all(|account| page.lines().any(|line| line == ended(account)))
    })
    .await;
    let (status, health) = scene.get("/health").await;
    let health: Value = serde_json::from_str(&health).unwrap();
    for account in ACCOUNTS {
        assert_eq!((status, &health["accounts"][account]["ended"]["approved"]), (200, &1.into()));
    }
    assert_eq!(life.stop().code(), Some(0));
    scene.must_hold(0, &preview).await;
    scene.must_hold(1, &production).await;

    let log = scene.log();
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let lines: Vec<Value> = lines.collect();
    let said: Vec<&str> = lines.iter().filter_map(|line| line["account"].as_str()).collect();
    assert!(ACCOUNTS.iter().all(|account| said.contains(account)), "{log}");
    let is_called = "the program can be called";
    let unnamed = |line: &&Value| line["account"].is_null() && line["message"] != is_called;
    assert_eq!(lines.iter().find(unnamed), None);
}

#[tokio::test]
async fn an_account_whose_key_is_refused_stops_no_other_and_goes_on_with_another_key() {
    let scene = Scene::set().await;
    scene.give_key("preview", "ApiKey SU-000-000-000:another");
    let preview = scene.stages[0].pending_resume("t-1").await.unwrap();
    let production = scene.stages[1].pending_resume("t-2").await.unwrap();
    let life = scene.start(&[]);
    scene.until_approved(1, &production).await;
    let gone = "connect_state{account=\"preview\",state=\"platform_gone\"} 1";
    until(async || scene.get("/metrics").await.1.lines().any(|line| line == gone)).await;
    let (status, said) = scene.get("/ready/preview").await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((status, &said["cause"]), (503, &"CLT_REFUSED".into()));
    assert_eq!(scene.get("/ready/production").await.0, 200);
    assert_eq!(scene.get("/ready").await.0, 200, "one of them works");
    assert_eq!(scene.status(0, &preview).await, RequestStatus::Pending);

    scene.give_key("preview", &scene.stages[0].emulator.keys().vendor);
    scene.until_approved(0, &preview).await;
    until(async || scene.get("/ready/preview").await.0 == 200).await;
    assert_eq!(life.stop().code(), Some(0));
    scene.must_hold(0, &preview).await;
}

#[tokio::test]
async fn an_account_whose_journal_is_none_stops_no_other_and_goes_on_with_a_journal() {
    let scene = Scene::set().await;
    fs::write(scene.file("preview", "sqlite"), "no journal").unwrap();
    let preview = scene.stages[0].pending_resume("t-1").await.unwrap();
    let production = scene.stages[1].pending_resume("t-2").await.unwrap();
    let life = scene.start(&[]);
    scene.until_approved(1, &production).await;
    let (status, said) = scene.get("/health/preview").await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (status, &said["state"], &said["cause"]),
        (503, &"stuck".into(), &"JRN_OPEN".into())
    );
    assert_eq!(scene.get("/health").await.0, 200, "the other one lives");
    fs::remove_file(scene.file("preview", "sqlite")).unwrap();
    scene.until_approved(0, &preview).await;
    assert_eq!(life.stop().code(), Some(0));
    scene.must_hold(0, &preview).await;
}

#[tokio::test]
async fn draining_the_journal_of_one_account_ends_its_work_alone() {
    let scene = Scene::set().await;
    let life = scene.start(&[]);
    until(async || scene.get("/ready/preview").await.0 == 200).await;
    let journal = SqliteJournal::open(scene.file("preview", "sqlite"), SystemClock).unwrap();
    connect_processor::drain(&journal, "ines").await.unwrap();
    until(async || scene.log().contains("processor{account=preview}: the work has ended")).await;
    let production = scene.stages[1].pending_resume("t-2").await.unwrap();
    scene.until_approved(1, &production).await;
    let (_, said) = scene.get("/ready").await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["accounts"]["preview"]["paused"], json!(["everything"]));
    assert_eq!(said["accounts"]["preview"]["state"], "draining");
    assert_eq!(life.stop().code(), Some(0));
}

#[tokio::test]
async fn a_single_pass_works_for_all_accounts_and_ends_as_the_worst() {
    let scene = Scene::set().await;
    scene.give_key("preview", "ApiKey SU-000-000-000:another");
    let production = scene.stages[1].pending_resume("t-2").await.unwrap();
    let ended = async |arguments: &[&str]| {
        let Output { status, stdout, stderr } = scene.run(arguments).await;
        let said = [stdout, stderr].concat();
        (status.code().unwrap(), String::from_utf8(said).unwrap())
    };
    let (code, told) = ended(&["--check"]).await;
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("account preview: error CLT_REFUSED, GET products: "), "{told}");
    assert!(told.contains("account production: "), "{told}");
    let (code, told) = ended(&["--once"]).await;
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("processor{account=preview}: Connect cannot be used"), "{told}");
    assert_eq!(scene.status(1, &production).await, RequestStatus::Approved);
    assert_eq!(ended(&["--once", "--account=production"]).await.0, 0);

    let request = format!("--request={production}");
    let (code, told) = ended(&[&request]).await;
    assert_eq!(code, 2, "{told}");
    assert!(
        told.contains("say with --account which one is meant, of preview, production"),
        "{told}"
    );
    let (code, told) = ended(&[&request, "--account=production"]).await;
    assert_eq!((code, told.contains("it is approved")), (0, true), "{told}");
}

/// Two ways to write one address hide from the settings what the platform then says.
#[tokio::test]
async fn one_account_under_two_names_is_worked_for_once() {
    let scene = Scene::set().await;
    let request = scene.stages[0].pending_resume("t-1").await.unwrap();
    let file = scene.folder.path().join("acme.toml");
    let [one, other] = [0, 1].map(|account: usize| scene.stages[account].emulator.endpoint());
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace(&other, &one.replace("127.0.0.1", "localhost"))).unwrap();
    let Output { status, stderr, .. } = scene.run(&["--once"]).await;
    let told = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(2), "{told}");
    assert!(told.contains("works for already in this process"), "{told}");
    assert_eq!(scene.status(0, &request).await, RequestStatus::Approved);
    assert_eq!(scene.stages[0].approvals().len(), 1);
}

#[tokio::test]
async fn a_webhook_of_one_account_is_believed_at_its_own_address_alone() {
    let scene = Scene::set().await;
    scene.add("webhook-secret = \"s3cret-of");
    let life = scene.start(&["--poll=1h"]);
    until(async || scene.get("/ready/production").await.0 == 200).await;
    let hook = async |path: &str| {
        let body = json!({
            "label": "orders", "object_class": "fulfillment_request", "description": null,
            "product_id": scene.stages[1].emulator.product(), "active": true,
            "external_url": format!("{}{path}", scene.url), "http_method": "POST",
            "jwt_secret": "s3cret-of-production",
        });
        let made = scene.stages[1].apply(WebhookCommand::Create { body }).await.unwrap();
        made["id"].as_str().unwrap().to_owned()
    };
    let (right, wrong) = (hook("/webhook/production").await, hook("/webhook/preview").await);
    let nobodys = hook("/webhook").await;
    let request = scene.stages[1].pending_resume("t-1").await.unwrap();
    scene.until_approved(1, &request).await;
    let platform = scene.stages[1].emulator.platform();
    let who = platform.authenticate(&scene.stages[1].emulator.keys().vendor).unwrap();
    let answered = async |id: &str, status: u16| {
        let seen = async || {
            let hooks = connect_world::Collection::Webhooks;
            let body = platform.read(&who, &hooks, id, "").await.unwrap();
            let seen: Value = serde_json::from_slice(&body).unwrap();
            let of = |way: &str| seen[way]["status_code"].as_u64();
            of("last_success").or(of("last_failure"))
        };
        until(async || seen().await.is_some()).await;
        assert_eq!(seen().await, Some(u64::from(status)), "{id}");
    };
    answered(&right, 204).await;
    answered(&wrong, 401).await;
    answered(&nobodys, 404).await;
    assert_eq!(life.stop().code(), Some(0));
}
