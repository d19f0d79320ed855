//! A platform, a vendor, and a program that is called.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use connect_clock::{Clock, SystemClock};
use connect_emulator::LoggedCall;
use connect_model::asset_request::{NewRequest, RequestUpdate};
use connect_model::lifecycle::Operation;
use connect_model::{
    AssetId, ParameterUpdate, RequestId, Resource, TierAccountRequest, TierConfigRequest,
    WebhookObjectClass,
};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::door::{ACTION_KEY, CALLBACK_KEY, Door, WEBHOOK_KEY};
use super::subjects::Subjects;
use super::token;
use crate::Stage;
use crate::kills::{Life, set_up};

/// The longest that a call takes, or what comes of one.
const LIMIT: Duration = Duration::from_secs(30);

/// The time for which a connection is kept that nobody uses: less than the listener keeps it.
const KEPT: Duration = Duration::from_secs(2);

/// The time that the vendor takes for a tenant.
const PREPARING: Duration = Duration::from_secs(24 * 3600);

/// The time in which a program that does nothing has nothing more to do.
const QUIET: Duration = Duration::from_millis(150);

/// A program that has seen all there was, and looks by itself only hours later.
///
/// Three purchases wait for their tenants, which a callback has looked after. One request was
/// inquired. Another one came in since, of which the program has not heard.
pub(super) struct Scene {
    pub(super) stage: Stage,
    pub(super) life: Life,
    pub(super) folder: TempDir,
    url: String,
    http: reqwest::Client,
    pub(super) waiting: [RequestId; 3],
    pub(super) inquiring: RequestId,
    pub(super) unseen: RequestId,
    asset: AssetId,
    draft: Value,
}

/// How much the platform and the vendor had seen of a program at some time.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Mark {
    pub(super) calls: u64,
    pub(super) effects: usize,
}

impl Scene {
    pub(super) async fn start(program: &Path) -> Result<Self> {
        let stage = Stage::start().await?;
        let asset = stage.active("t-open").await?.asset;
        let product = stage.emulator.product();
        let purchase =
            async || stage.request(&NewRequest::preview_purchase(&product).item("MPN-A", 10)).await;
        let inquiring = purchase().await?;
        let asked = RequestUpdate::params([ParameterUpdate::error("admin_email", "Who reads it?")]);
        stage.operate(&inquiring, Operation::Update, json!(asked)).await?;
        stage.operate(&inquiring, Operation::Inquire, json!({})).await?;
        stage.vendor.prepare_for(PREPARING);
        let waiting = [purchase().await?, purchase().await?, purchase().await?];
        let draft = json!(stage.read(&waiting[0]).await?);
        let folder = tempfile::tempdir()?;
        let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let url = format!("http://{free}");
        let mut command = listening(program, &stage, folder.path(), &url)?;
        let life = Life(command.arg(format!("--listen={free}")).spawn()?);
        let http = reqwest::Client::builder().redirect(Policy::none()).timeout(LIMIT);
        let http = http.pool_idle_timeout(KEPT).build()?;
        // Nobody has heard of it yet.
        let unseen = RequestId::from("");
        let mut scene =
            Self { stage, life, folder, url, http, waiting, inquiring, unseen, asset, draft };
        scene.begin().await?;
        Ok(scene)
    }

    /// Waits until the program has seen everything, and has one request more come in.
    async fn begin(&mut self) -> Result<()> {
        let lists = [TierConfigRequest::COLLECTION, TierAccountRequest::COLLECTION];
        let is_there = async || {
            let calls = self.calls(Mark { calls: 0, effects: 0 });
            let is_listed = |list: &&str| calls.iter().any(|call| call.uri.path().ends_with(*list));
            let is_up = self.http.get(format!("{}/health", self.url)).send().await.is_ok();
            let has_begun = self.stage.vendor.log().len() == self.waiting.len();
            Ok(is_up && has_begun && lists.iter().all(is_listed))
        };
        ensure!(comes(is_there).await?, "the program begins: {}", self.log()?);
        self.quiet().await?;
        self.unseen = self.stage.pending_resume("t-held").await?;
        Ok(())
    }

    /// Returns what calls can be about.
    pub(super) fn subjects(&self) -> Subjects {
        Subjects {
            product: self.stage.emulator.product(),
            asset: self.asset.clone(),
            waiting: self.waiting[0].clone(),
            unseen: self.unseen.clone(),
            draft: self.draft.clone(),
        }
    }

    /// Makes a call, and returns the status of its answer.
    pub(super) async fn send(&self, door: Door, token: Option<&str>, body: Vec<u8>) -> Result<u16> {
        let url = format!("{}{}", self.url, door.path());
        let call = match (door, token) {
            (Door::Action, Some(token)) => self.http.get(format!("{url}?jwt={token}")),
            (Door::Action, None) => self.http.get(url),
            (_, Some(token)) => self.http.post(url).bearer_auth(token).body(body),
            (_, None) => self.http.post(url).body(body),
        };
        Ok(call.send().await?.status().as_u16())
    }

    /// Returns how much there is to see of the program by now.
    pub(super) fn mark(&self) -> Mark {
        let calls = self.stage.emulator.activity().since(0);
        let calls = calls.last().map_or(0, |call| call.seq);
        Mark { calls, effects: self.stage.vendor.log().len() }
    }

    /// Returns the program's calls of the platform since then.
    pub(super) fn calls(&self, mark: Mark) -> Vec<Arc<LoggedCall>> {
        let mut calls = self.stage.emulator.activity().since(mark.calls);
        calls.retain(|call| call.user_agent.starts_with("acme/"));
        calls
    }

    /// Has a webhook tell of news in a queue.
    pub(super) async fn tell(&self, class: &WebhookObjectClass) -> Result<()> {
        let body = json!({"webhook_id": "WH-1", "object_class": class});
        let claims = json!({"webhook_id": "WH-1", "jti": self.mark().calls});
        let token = token::signed(&claims, WEBHOOK_KEY)?;
        let status = self.send(Door::Webhook, Some(&token), body.to_string().into()).await?;
        ensure!(status == 204, "a genuine webhook is answered with {status}");
        Ok(())
    }

    /// Waits until the program calls nobody.
    pub(super) async fn quiet(&self) -> Result<()> {
        let is_quiet = async || {
            let before = self.mark();
            tokio::time::sleep(QUIET).await;
            Ok(self.mark() == before)
        };
        ensure!(comes(is_quiet).await?, "the program does not come to rest");
        Ok(())
    }

    pub(super) fn log(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.path().join("log"))?)
    }
}

/// The program, which looks by itself once in a day, and says nothing but errors.
fn listening(program: &Path, stage: &Stage, folder: &Path, url: &str) -> Result<Command> {
    let mut command = Command::new(program);
    set_up(&mut command, stage, &journal(folder)).args(["--poll", "24h"]);
    command
        .arg(format!("--webhook-secret={WEBHOOK_KEY}"))
        .arg(format!("--action-secret={ACTION_KEY}"))
        .arg(format!("--callback-secret={CALLBACK_KEY}"))
        .arg(format!("--callback-url={url}/callback"))
        .stdout(Stdio::null())
        .stderr(File::create(folder.join("log"))?);
    Ok(command)
}

pub(super) fn journal(folder: &Path) -> PathBuf {
    folder.join("journal.sqlite")
}

pub(super) fn told(call: &LoggedCall) -> String {
    format!("{} {}", call.method, call.uri)
}

/// Waits for something that another process does; whether it came.
pub(super) async fn comes(condition: impl AsyncFn() -> Result<bool>) -> Result<bool> {
    let waited = async {
        while !condition().await? {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok::<_, anyhow::Error>(true)
    };
    let clock: &dyn Clock = &SystemClock;
    clock.limit(LIMIT, waited).await.unwrap_or(Ok(false))
}
