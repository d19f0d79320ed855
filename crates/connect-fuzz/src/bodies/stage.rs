//! An emulator, and what it promises of each call.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::response::Response;
use connect_clock::VirtualClock;
use connect_emulator::{Config, Emulator, Receivers};
use connect_world::{API_PATH, Records, Setting, World};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Method, Request, StatusCode};
use serde_json::Value;
use serve::InProcess;
use tower_service::Service;

use super::body::Payload;
use super::call::{Call, Who};
use super::routes::Routes;
use super::story;
use super::value::Ids;

const SEED: u64 = 7;
/// The beginning, in seconds of Unix time: 2024-06-11 07:30 UTC.
const MORNING: i64 = 1_718_091_000;

/// An emulator in this process, with what is known of it.
pub(super) struct Stage {
    emulator: Emulator,
    service: InProcess,
    clock: VirtualClock,
    ids: Ids,
    /// The world after the last call.
    world: Value,
    has_changed: bool,
    /// The calls so far, for messages.
    told: Vec<String>,
}

/// Receivers of webhooks that never answer, so nothing leaves this machine.
#[derive(Debug)]
struct Silence;

impl Receivers for Silence {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<axum::http::Response<Body>, String>> {
        futures::future::pending().boxed()
    }
}

impl Stage {
    pub(super) async fn open() -> Self {
        let morning = jiff::Timestamp::from_second(MORNING).unwrap_or_default();
        let clock = VirtualClock::new(morning);
        let config = Config {
            clock: Arc::new(clock.clone()),
            seed: Some(SEED),
            activity: 1,
            receivers: Arc::new(Silence),
            ..Config::default()
        };
        let emulator = Emulator::open(config).await.expect("a world in memory can be opened");
        let service = emulator.service();
        let (ids, world, told) = (Ids::default(), Value::Null, Vec::new());
        let mut stage = Self { emulator, service, clock, ids, world, has_changed: false, told };
        stage.look();
        stage
    }

    /// Returns the ids that can be named.
    pub(super) fn ids(&self) -> &Ids {
        &self.ids
    }

    /// Has the story happen.
    pub(super) async fn live(&mut self) {
        for step in story::steps() {
            let call = story::call(&step, &self.ids);
            self.told.push(call.to_string());
            let request = call.request(self.emulator.keys()).expect("an address");
            let answer = self.service.call(request).await.expect("an answer");
            let status = answer.status();
            let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
            assert!(status.is_success(), "{status} {}\n{}", body.escape_ascii(), self.story());
            self.ids.learn(&serde_json::from_slice(&body).unwrap_or_default());
        }
        self.look();
    }

    /// Makes a call, and judges how it is answered.
    pub(super) async fn send(&mut self, call: Call) {
        self.told.push(call.to_string());
        if let Call::Wait(time) = call {
            self.wait(time).await;
            return;
        }
        let Some(request) = call.request(self.emulator.keys()) else { return };
        let answer = self.service.call(request).await;
        let answer = answer.expect("an emulator without faults answers");
        let refused = self.judge(answer).await;
        match (call.is_write(), refused) {
            (true, true) => {
                let world = self.dump();
                assert!(world == self.world, "a refused call changed something\n{}", self.story());
            }
            (true, false) => {
                self.look();
                self.has_changed = true;
            }
            (false, _) => {}
        }
    }

    /// Lets time pass, until nobody has anything left to do.
    async fn wait(&mut self, time: std::time::Duration) {
        const TURNS: usize = 32;
        self.clock.advance(time);
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
        self.look();
    }

    /// Judges an answer, and tells whether it is a refusal.
    async fn judge(&self, answer: Response) -> bool {
        let status = answer.status();
        let body = to_bytes(answer.into_body(), usize::MAX).await.expect("an answer has an end");
        let said = || format!("{status} {}\n{}", body.escape_ascii(), self.story());
        assert!(!status.is_server_error() || status == StatusCode::NOT_IMPLEMENTED, "{}", said());
        if status.is_success() {
            return false;
        }
        let refusal: Value = serde_json::from_slice(&body).unwrap_or_default();
        let errors = refusal["errors"].as_array().map_or(&[][..], Vec::as_slice);
        let is_text = |text: &Value| text.as_str().is_some_and(|text| !text.is_empty());
        assert!(status.is_client_error() || status == StatusCode::NOT_IMPLEMENTED, "{}", said());
        assert!(is_text(&refusal["error_code"]), "no code: {}", said());
        assert!(!errors.is_empty() && errors.iter().all(is_text), "no reason: {}", said());
        true
    }

    /// Reads all lists, and the whole world from its records, unless nothing has changed.
    pub(super) async fn close(mut self) {
        if !self.has_changed {
            return;
        }
        let lists = Routes::get().all.iter().filter(|it| it.method == Method::GET);
        for route in lists.filter(|it| !it.path.contains('{')) {
            for who in [Who::Vendor, Who::Distributor] {
                let (method, path) = (Method::GET, format!("{API_PATH}{}", route.path));
                let payload = Payload::nothing();
                self.send(Call::Http { who, method, path, payload }).await;
            }
        }
        let kept = self.emulator.platform().with_world(World::all_writes);
        let mut records = Records::default();
        for write in kept {
            records.add(write.kind, write.place, &write.body.unwrap_or_default());
        }
        let restored = World::restore(Setting::new(SEED), records);
        let restored = restored.map(|world| world.dump()).map_err(|error| error.to_string());
        assert!(restored.as_ref() == Ok(&self.world), "restored otherwise\n{}", self.story());
    }

    /// Notes how the world is, and the ids in it.
    fn look(&mut self) {
        self.world = self.dump();
        self.ids.learn(&self.world);
    }

    fn dump(&self) -> Value {
        self.emulator.platform().with_world(World::dump)
    }

    fn story(&self) -> String {
        self.told.join("\n")
    }
}
