//! Questions that are answered, and the many that are not.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::{Router, http};
use connect_client::{ApiKey, Client};
use connect_clock::VirtualClock;
use connect_journal::MemoryJournal;
use connect_model::{AssetRequest, AssetRequestType, TierConfigRequest, TierConfigRequestType};
use connect_processor::{Draft, Failure, Findings, Processor};
use serde_json::json;
use serve::InProcess;
use tower_service::Service;

use super::*;
use crate::forged::{self, NOW, SECRET, signed};

/// What the vendor knows: addresses that are taken.
struct Taken(&'static str);

async fn purchase(draft: Draft<AssetRequest, Taken>) -> Result<Findings, Failure> {
    match draft.parameter("email") {
        Some("hangs") => std::future::pending().await,
        Some("panics") => panic!("a defect of the vendor's"),
        Some("fails") => Err(std::io::Error::other("s3cret of the vendor's database"))?,
        Some("parks") => return Err(Failure::park("somebody look")),
        Some("refuses") => return Err(Failure::give_up("We are closed today.")),
        Some("strays") => return Ok(Findings::default().value("nobody_knows", "1")),
        Some(email) if email == draft.state().0 => {
            return Ok(Findings::default().error("email", "Taken.").value("plan", "large"));
        }
        _ => {}
    }
    Ok(Findings::default()
        .choices("plan", [("s", "Small")])
        .required("plan", true)
        .hidden("email", false))
}

async fn setup(_: Draft<TierConfigRequest, Taken>) -> Result<Findings, Failure> {
    Ok(Findings::default().error("region", "Not there."))
}

struct Scene {
    routes: Router,
    clock: VirtualClock,
}

impl Scene {
    fn new() -> Self {
        let clock = VirtualClock::new(jiff::Timestamp::from_second(NOW).unwrap());
        let key = ApiKey::new("ApiKey SU-1:secret").unwrap();
        let client = Client::builder("http://127.0.0.1:9/v", key).build().unwrap();
        let journal = Arc::new(MemoryJournal::new(clock.clone()));
        let processor = Processor::new(Taken("ada@d.example"), client, journal)
            .validate(AssetRequestType::Purchase, purchase)
            .validate(TierConfigRequestType::Setup, setup);
        let secret = SECRET.to_owned().into();
        let place = Validation::open(&secret, Arc::new(clock.clone()), processor.questions());
        Self { routes: Router::new().route("/validate", place.calls()), clock }
    }

    async fn send(&self, authorization: &str, body: impl Into<Body>) -> (u16, Value) {
        let call = http::Request::post("/validate").header("authorization", authorization);
        let call = call.body(body.into()).unwrap();
        let answer = InProcess::new(self.routes.clone()).call(call).await.unwrap();
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), BODY_LIMIT).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn ask(&self, request: &Value) -> (u16, Value) {
        self.send(&bearer(&claims()), request.to_string()).await
    }
}

fn bearer(claims: &Value) -> String {
    format!("Bearer {}", signed(claims))
}

fn claims() -> Value {
    json!({"webhook_id": "WH-120-774-336", "iat": NOW, "exp": NOW + 60})
}

fn draft(email: &str) -> Value {
    json!({
        "id": "PR-4410-2298-7731-001", "type": "purchase", "status": "draft",
        "unknown": {"kept": [1, 2.50]},
        "asset": {
            "id": "AS-4410-2298-7731", "product": {"id": "PRD-418-220-915"},
            "params": [
                {"id": "email", "value": email, "value_error": "of an earlier answer"},
                {"id": "plan", "value": "", "constraints": {
                    "hint": "kept", "required": false,
                    "choices": [{"value": "l", "label": "Large"}],
                    "meta": {"choices": [{"value": "l", "label": "Large"}]}}},
            ],
        },
    })
}

#[tokio::test]
async fn the_same_request_comes_back_with_the_verdict() {
    let scene = Scene::new();
    let (status, wrong) = scene.ask(&draft("ada@d.example")).await;
    assert_eq!(status, 200);
    let mut expected = draft("ada@d.example");
    expected["asset"]["params"][0]["value_error"] = json!("Taken.");
    expected["asset"]["params"][1]["value"] = json!("large");
    expected["asset"]["params"][1]["value_error"] = json!("");
    assert_eq!(wrong, expected);
    let (_, right) = scene.ask(&draft("grace@d.example")).await;
    let small = json!([{"value": "s", "label": "Small"}]);
    assert_eq!(right["asset"]["params"][0]["value_error"], "");
    assert_eq!(
        right["asset"]["params"][1]["constraints"],
        json!({"hint": "kept", "required": true, "choices": small, "meta": {"choices": small}})
    );
}

#[tokio::test]
async fn requests_of_resellers_have_their_own_validators() {
    let scene = Scene::new();
    let request = json!({
        "id": "TCR-410-556-119-001", "type": "setup", "status": "draft",
        "configuration": {"id": "TC-410-556-119", "product": {"id": "PRD-418-220-915"}},
        "params": [{"id": "region", "value": "North"}],
    });
    let (status, answer) = scene.ask(&request).await;
    assert_eq!((status, &answer["params"][0]["value_error"]), (200, &json!("Not there.")));
}

#[tokio::test]
async fn what_nobody_judges_or_cannot_be_judged_is_refused_in_words() {
    let scene = Scene::new();
    let mut told = Vec::new();
    for email in ["panics", "fails", "parks", "refuses", "strays"] {
        let (status, answer) = scene.ask(&draft(email)).await;
        told.push(format!("{email}: {status} {}", answer["errors"][0]));
    }
    let changed = |path: &str, value: Value| {
        let mut draft = draft("a@d.example");
        *draft.pointer_mut(path).unwrap() = value;
        draft
    };
    for (path, value) in [
        ("/type", json!("change")),
        ("/type", json!(7)),
        ("/asset", json!(null)),
        ("/asset/params", json!({})),
        ("/asset/params", json!(null)),
        ("/id", json!([])),
    ] {
        let (status, answer) = scene.ask(&changed(path, value.clone())).await;
        told.push(format!("{path} {value}: {status} {}", answer["errors"][0]));
    }
    for body in ["", "null", "[]", "{", "\"PR-1\""] {
        let (status, answer) = scene.send(&bearer(&claims()), body).await;
        told.push(format!("{body}: {status} {}", answer["errors"][0]));
    }
    insta::assert_snapshot!(told.join("\n"));
    let long = scene.send(&bearer(&claims()), "x".repeat(BODY_LIMIT + 1)).await;
    assert_eq!(long.0, 413);
}

#[tokio::test]
async fn a_validator_that_hangs_is_given_up_before_connect_gives_up() {
    let scene = Scene::new();
    let asked = draft("hangs");
    let asked = scene.ask(&asked);
    let time = async {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        scene.clock.advance(Duration::from_secs(25));
    };
    let ((status, answer), ()) = tokio::join!(asked, time);
    assert_eq!((status, &answer["errors"][0]), (504, &json!("It took too long.")));
}

#[tokio::test]
async fn no_forged_token_is_answered() {
    let scene = Scene::new();
    let forged = forged::all(&claims(), "webhook_id");
    assert!(forged.len() >= 200, "{}", forged.len());
    for (name, token) in forged {
        let Ok(header) = http::HeaderValue::try_from(format!("Bearer {token}")) else { continue };
        let mut call =
            http::Request::post("/validate").body(Body::from(draft("x").to_string())).unwrap();
        call.headers_mut().insert("authorization", header);
        let answer = InProcess::new(scene.routes.clone()).call(call).await.unwrap();
        assert_eq!(answer.status().as_u16(), 401, "{name}: {token:.200}");
    }
}

#[tokio::test]
async fn a_token_is_for_its_product_and_its_requests_and_may_come_twice() {
    let scene = Scene::new();
    for (changes, status) in [
        (json!({"product_id": "PRD-418-220-915"}), 200),
        (json!({"product_id": "PRD-000-000-000"}), 400),
        (json!({"object_class": "fulfillment_request"}), 200),
        (json!({"object_class": "tier_config_request"}), 400),
        (json!({}), 200),
        (json!({}), 200),
    ] {
        let bearer = bearer(&forged::with(&claims(), &changes));
        let (told, _) = scene.send(&bearer, draft("x").to_string()).await;
        assert_eq!(told, status, "{changes}");
    }
}
