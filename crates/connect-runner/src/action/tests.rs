//! Links that open something, and the many that do not.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::{Router, http};
use connect_client::{ApiKey, Client};
use connect_clock::VirtualClock;
use connect_journal::MemoryJournal;
use connect_processor::{ActionCall, Failure, Processor};
use serde_json::{Value, json};
use serve::InProcess;
use tower_service::Service;

use super::*;
use crate::forged::{self, NOW, SECRET, signed};

async fn sso(call: ActionCall<&'static str>) -> Result<ActionAnswer, Failure> {
    let ActionClaims { asset_id, configuration_id, .. } = call.claims();
    if let Some(id) = configuration_id {
        return Ok(ActionAnswer::Json(json!({"of": id})));
    }
    let id = asset_id.as_ref().map_or("", |id| id.as_str());
    match id {
        "AS-hangs" => std::future::pending().await,
        "AS-panics" => panic!("a defect of the vendor's"),
        "AS-fails" => Err(std::io::Error::other("s3cret of the vendor's"))?,
        "AS-refuses" => Err(Failure::give_up("Not yours.")),
        other => match other.strip_prefix("AS-to:") {
            Some(address) => Ok(ActionAnswer::Redirect(address.to_owned())),
            None => Ok(ActionAnswer::Redirect(format!("{}?of={id}", call.state()))),
        },
    }
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
        let processor =
            Processor::new("https://acme.example/console", client, journal).action("sso", sso);
        let secret = SECRET.to_owned().into();
        let place = Actions::open(&secret, Arc::new(clock.clone()), processor.questions());
        Self { routes: Router::new().route("/action", place.calls()), clock }
    }

    async fn get(&self, query: &str) -> String {
        let call = http::Request::get(format!("/action?{query}")).body(Body::empty()).unwrap();
        let answer = InProcess::new(self.routes.clone()).call(call).await.unwrap();
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let status = answer.status().as_u16();
        let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        let body = to_bytes(answer.into_body(), 4096).await.unwrap();
        format!("{status} {}", to.unwrap_or_else(|| String::from_utf8(body.to_vec()).unwrap()))
    }

    async fn follow(&self, changes: Value) -> String {
        self.get(&format!("jwt={}", signed(&forged::with(&claims(), &changes)))).await
    }
}

fn claims() -> Value {
    json!({"action_id": "sso", "asset_id": "AS-1", "iat": NOW, "exp": NOW + 60})
}

#[tokio::test]
async fn a_link_leads_on_or_shows_something() {
    let scene = Scene::new();
    assert_eq!(scene.follow(json!({})).await, "302 https://acme.example/console?of=AS-1");
    let reseller = json!({"asset_id": null, "configuration_id": "TC-1"});
    assert_eq!(scene.follow(reseller).await, r#"200 {"of":"TC-1"}"#);
    for dates in [json!({"exp": null}), json!({"iat": null}), json!({"exp": NOW - 59})] {
        assert!(scene.follow(dates.clone()).await.starts_with("302"), "{dates}");
    }
}

#[tokio::test]
async fn a_link_opens_once() {
    let scene = Scene::new();
    assert!(scene.follow(json!({})).await.starts_with("302"));
    let again = scene.follow(json!({})).await;
    assert!(again.starts_with("401") && again.contains("followed before"), "{again}");
    assert!(scene.follow(json!({"jti": "another"})).await.starts_with("302"));
}

#[tokio::test]
async fn no_forged_link_opens_anything() {
    let scene = Scene::new();
    let odd = [
        json!({"asset_id": null}),
        json!({"asset_id": ""}),
        json!({"asset_id": 7}),
        json!({"asset_id": "A".repeat(200)}),
        json!({"configuration_id": "TC-1"}),
        json!({"exp": null, "iat": null}),
        json!({"exp": null, "iat": NOW - 121}),
    ];
    let forged = forged::all(&claims(), "action_id");
    let forged: Vec<_> = forged.into_iter().chain(forged::of(&claims(), odd)).collect();
    assert!(forged.len() >= 200, "{}", forged.len());
    for (name, token) in forged {
        let token: String = form(&token);
        if token.len() > 60_000 {
            continue;
        }
        let told = scene.get(&format!("jwt={token}")).await;
        assert!(told.starts_with("401"), "{name}: {told} {token:.200}");
    }
    let token = signed(&claims());
    for query in ["", "jwt=", &token, &format!("JWT={token}"), &format!("jwt={token}&jwt={token}")]
    {
        assert!(scene.get(query).await.starts_with("401"), "{query:.20}");
    }
    let header = http::Request::get("/action").header("authorization", format!("Bearer {token}"));
    let answer = InProcess::new(scene.routes.clone()).call(header.body(Body::empty()).unwrap());
    assert_eq!(answer.await.unwrap().status().as_u16(), 401);
}

/// A text as a query has it.
fn form(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[tokio::test]
async fn what_does_not_work_is_told_and_leads_nowhere() {
    let scene = Scene::new();
    let mut told = Vec::new();
    for id in [
        "AS-panics",
        "AS-fails",
        "AS-refuses",
        "AS-to:javascript:alert(1)",
        "AS-to:file:///etc/passwd",
        "AS-to://elsewhere.example",
        "AS-to:/console",
        "AS-to:https://",
        "AS-to:https://a.example/\r\nSet-Cookie: x=1",
        "AS-to:https://a b.example/",
        "AS-to:http://127.0.0.1:1/console",
    ] {
        told.push(format!(
            "{}: {}",
            id.escape_default(),
            scene.follow(json!({"asset_id": id})).await
        ));
    }
    told.push(scene.follow(json!({"action_id": "other"})).await);
    insta::assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn a_handler_that_hangs_is_given_up() {
    let scene = Scene::new();
    let time = async {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        scene.clock.advance(Duration::from_secs(25));
    };
    let (told, ()) = tokio::join!(scene.follow(json!({"asset_id": "AS-hangs"})), time);
    assert_eq!(told, r#"504 {"errors":["It took too long."]}"#);
}
