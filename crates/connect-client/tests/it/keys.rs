//! A key that becomes another one while the client lives.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use connect_client::{ApiKey, ApiKeySource, Call, Client, Error, ServiceTransport};
use connect_clock::VirtualClock;
use serde_json::Value;

const FIRST: &str = "ApiKey SU-1:first-secret";
const SECOND: &str = "ApiKey SU-1:second-secret";
const BETWEEN: Duration = Duration::from_secs(5);

/// A place where the key is kept, and how often it was looked at and read.
#[derive(Debug)]
struct Place {
    key: Mutex<&'static str>,
    tells_changes: bool,
    looks: AtomicU32,
    readings: AtomicU32,
}

#[derive(Clone, Debug)]
struct Source(Arc<Place>);

impl ApiKeySource for Source {
    fn changed(&self) -> Option<ApiKey> {
        self.0.looks.fetch_add(1, Ordering::SeqCst);
        self.0.tells_changes.then(|| ApiKey::new(*self.0.key.lock().unwrap()).unwrap())
    }

    fn read(&self) -> Option<ApiKey> {
        self.0.readings.fetch_add(1, Ordering::SeqCst);
        ApiKey::new(*self.0.key.lock().unwrap()).ok()
    }
}

/// The only key that the platform takes, and those of the calls that it got.
#[derive(Clone)]
struct Doorkeeper {
    takes: Arc<Mutex<&'static str>>,
    shown: Arc<Mutex<Vec<String>>>,
}

async fn door(State(doorkeeper): State<Doorkeeper>, headers: HeaderMap) -> Response {
    let key = headers["authorization"].to_str().unwrap();
    let name = if key == FIRST { "first" } else { "second" };
    doorkeeper.shown.lock().unwrap().push(name.to_owned());
    if key == *doorkeeper.takes.lock().unwrap() {
        return (StatusCode::OK, "[]").into_response();
    }
    (StatusCode::UNAUTHORIZED, format!("{{\"detail\": \"unknown: {key}\"}}")).into_response()
}

struct Scene {
    doorkeeper: Doorkeeper,
    source: Source,
    clock: VirtualClock,
    client: Client,
}

impl Scene {
    fn new(tells_changes: bool) -> Self {
        let (takes, shown) = (Arc::new(Mutex::new(FIRST)), Arc::default());
        let doorkeeper = Doorkeeper { takes, shown };
        let (looks, readings) = (AtomicU32::new(0), AtomicU32::new(0));
        let key = Mutex::new(FIRST);
        let source = Source(Arc::new(Place { key, tells_changes, looks, readings }));
        let clock = VirtualClock::new("2024-03-19T12:00:00Z".parse().unwrap());
        let router = Router::new().fallback(door).with_state(doorkeeper.clone());
        let client = Client::builder("http://localhost/public/v1", ApiKey::new(FIRST).unwrap())
            .transport(ServiceTransport::new(router))
            .key_source(source.clone())
            .clock(clock.clone())
            .build()
            .unwrap();
        Self { doorkeeper, source, clock, client }
    }

    async fn call(&self) -> Result<Value, Error> {
        self.client.call(Call::post("requests")).await?.json()
    }

    /// The keys of the calls since this was last asked.
    fn shown(&self) -> String {
        std::mem::take(&mut *self.doorkeeper.shown.lock().unwrap()).join(" ")
    }

    fn readings(&self) -> u32 {
        self.source.0.readings.load(Ordering::SeqCst)
    }

    /// The platform takes the second key alone.
    fn rotate(&self) {
        *self.doorkeeper.takes.lock().unwrap() = SECOND;
    }

    /// The second key is where the first was.
    fn replace(&self) {
        *self.source.0.key.lock().unwrap() = SECOND;
    }
}

#[tokio::test]
async fn a_call_whose_key_is_refused_is_made_once_more_with_the_new_one() {
    let scene = Scene::new(false);
    scene.call().await.unwrap();
    scene.rotate();
    scene.replace();
    scene.call().await.unwrap();
    assert_eq!(scene.shown(), "first first second");
    scene.call().await.unwrap();
    assert_eq!((scene.shown().as_str(), scene.readings()), ("second", 1));
    assert_eq!(scene.client.key_changes(), 1);
}

#[tokio::test]
async fn a_refused_key_is_read_again_once_in_five_seconds() {
    let scene = Scene::new(false);
    scene.rotate();
    for _ in 0..3 {
        let error = scene.call().await.unwrap_err();
        assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
    assert_eq!((scene.shown().as_str(), scene.readings()), ("first first first", 1));
    scene.replace();
    scene.call().await.unwrap_err();
    scene.clock.advance(BETWEEN);
    scene.call().await.unwrap();
    assert_eq!((scene.shown().as_str(), scene.readings()), ("first first second", 2));
}

#[tokio::test]
async fn a_new_key_is_used_before_the_old_one_is_refused() {
    let scene = Scene::new(true);
    scene.call().await.unwrap();
    scene.replace();
    scene.rotate();
    scene.clock.advance(Duration::from_secs(1));
    scene.call().await.unwrap();
    assert_eq!((scene.shown().as_str(), scene.readings()), ("first second", 0));
}

#[tokio::test]
async fn the_source_is_looked_at_once_a_second() {
    let scene = Scene::new(true);
    for _ in 0..10 {
        scene.call().await.unwrap();
    }
    assert_eq!(scene.source.0.looks.load(Ordering::SeqCst), 1);
    scene.clock.advance(Duration::from_secs(1));
    scene.call().await.unwrap();
    assert_eq!(scene.source.0.looks.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn calls_at_the_same_time_find_the_new_key_by_one_reading() {
    let scene = Scene::new(false);
    scene.rotate();
    scene.replace();
    let calls = futures::future::join_all((0..8).map(|_| scene.call())).await;
    assert!(calls.iter().all(Result::is_ok), "{calls:?}");
    assert_eq!(scene.readings(), 1);
}

#[tokio::test]
async fn a_refusal_of_both_keys_is_the_error_and_shows_neither() {
    let scene = Scene::new(false);
    *scene.doorkeeper.takes.lock().unwrap() = "ApiKey SU-1:another";
    scene.replace();
    let error = scene.call().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
    assert!(!format!("{error} {error:?}").contains("-secret"), "{error:?}");
    assert_eq!(scene.shown(), "first second");
}
