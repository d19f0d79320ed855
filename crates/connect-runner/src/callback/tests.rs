//! Calls that are believed, and the many that are not.

use axum::Router;
use axum::body::Body;
use axum::http;
use connect_clock::VirtualClock;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use serve::InProcess;
use tower_service::Service;

use super::*;

const SECRET: &str = "s3cret-key-of-a-callback";
const NOW: i64 = 1_800_000_000;

/// The place where the vendor calls, and the requests that it called about.
struct Scene {
    routes: Router,
    clock: VirtualClock,
    seal: Seal,
    heard: mpsc::Receiver<String>,
}

impl Scene {
    fn new() -> Self {
        let clock = VirtualClock::new(jiff::Timestamp::from_second(NOW).unwrap());
        let seal = Seal::new(&SECRET.to_owned().into(), Arc::new(clock.clone()));
        let (requests, heard) = mpsc::channel(2);
        let door = CallbackDoor { seal: seal.clone(), requests };
        let routes = Router::new().route(PATH, door.calls());
        Self { routes, clock, seal, heard }
    }

    async fn send(&self, call: http::Request<Body>) -> u16 {
        InProcess::new(self.routes.clone()).call(call).await.unwrap().status().as_u16()
    }

    async fn link(&self, token: &str, body: impl Into<Body>) -> u16 {
        let link = Callback::new(PATH, token).link();
        self.send(http::Request::post(link).body(body.into()).unwrap()).await
    }

    fn token(&self, seconds: i64) -> String {
        self.seal.sign("PR-1", jiff::Timestamp::from_second(NOW + seconds).unwrap()).unwrap()
    }

    fn heard(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.heard.try_recv().ok()).collect()
    }
}

fn signed(secret: &[u8], algorithm: Algorithm, claims: &Value) -> String {
    encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret)).unwrap()
}

#[tokio::test]
async fn a_link_or_a_header_tells_of_its_request_whatever_the_body_says() {
    let mut scene = Scene::new();
    let token = scene.token(60);
    assert_eq!(scene.link(&token, "").await, 204);
    let header = http::Request::post(PATH).header("authorization", format!("Bearer {token}"));
    let lies = header.body(Body::from(r#"{"callback": "PR-2", "status": "done"}"#)).unwrap();
    assert_eq!(scene.send(lies).await, 204);
    assert_eq!(scene.heard(), ["PR-1", "PR-1"]);
}

#[tokio::test]
async fn the_same_request_and_time_make_the_same_link() {
    let scene = Scene::new();
    assert_eq!(scene.token(60), scene.token(60));
    assert_ne!(scene.token(60), scene.token(61));
}

#[tokio::test]
async fn a_call_without_the_right_token_wakes_nothing() {
    let mut scene = Scene::new();
    let good = json!({"callback": "PR-1", "exp": NOW + 60});
    let own = SECRET.as_bytes();
    let [head, claims, signature] =
        scene.token(60).split('.').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap();
    let other = scene.seal.sign("PR-2", jiff::Timestamp::from_second(NOW + 60).unwrap()).unwrap();
    let other_claims = other.split('.').nth(1).unwrap();
    for forged in [
        String::new(),
        "x".repeat(10_000),
        "a.b.c".to_owned(),
        signed(b"another", Algorithm::HS256, &good),
        signed(own, Algorithm::HS512, &good),
        format!("{head}.{other_claims}.{signature}"),
        format!("eyJhbGciOiJub25lIn0.{claims}."),
        signed(own, Algorithm::HS256, &json!({"callback": "PR-1"})),
        signed(own, Algorithm::HS256, &json!({"exp": NOW + 60})),
        signed(own, Algorithm::HS256, &json!({"webhook_id": "WH-1", "exp": NOW + 60})),
        scene.token(0),
    ] {
        assert_eq!(scene.link(&forged, "").await, 401, "{forged}");
    }
    let bare = http::Request::post(PATH).body(Body::empty()).unwrap();
    assert_eq!(scene.send(bare).await, 401);
    let looked_at = http::Request::get(PATH).body(Body::empty()).unwrap();
    assert_eq!(scene.send(looked_at).await, 405);
    assert_eq!(scene.heard(), [""; 0]);
}

#[tokio::test]
async fn a_link_is_good_until_its_time_is_over() {
    let mut scene = Scene::new();
    let token = scene.token(60);
    scene.clock.advance(Duration::from_secs(59));
    assert_eq!(scene.link(&token, "").await, 204);
    scene.clock.advance(Duration::from_secs(1));
    assert_eq!(scene.link(&token, "").await, 401);
    assert_eq!(scene.heard(), ["PR-1"]);
}

#[tokio::test]
async fn what_is_too_much_is_refused() {
    let mut scene = Scene::new();
    let token = scene.token(60);
    assert_eq!(scene.link(&token, vec![b'x'; BODY_LIMIT + 1]).await, 413);
    assert_eq!(scene.link(&token, vec![b'x'; BODY_LIMIT]).await, 204);
    assert_eq!(scene.link(&token, "").await, 204);
    assert_eq!(scene.link(&token, "").await, 503, "nobody takes them from the place");
    assert_eq!(scene.heard().len(), 2);
}
