//! Who may open the pages, and what may come from elsewhere.

use std::net::{Ipv4Addr, SocketAddr};

use connect_emulator::Config;
use connect_model::{AssetRequestType, RequestStatus};
use reqwest::StatusCode;
use serde_json::json;

use super::stage::{DISTRIBUTOR, Stage, token_in};

#[tokio::test]
async fn a_form_without_our_token_changes_nothing() {
    let stage = Stage::start().await;
    let (_, asset) = stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await;
    let path = format!("/subscriptions/{asset}/suspend");
    for fields in [&[][..], &[("form_token", "guessed")]] {
        let response = stage.post(&path, fields).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(stage.api().get("/requests?type=suspend").await, json!([]));
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_even_with_our_token() {
    let stage = Stage::start().await;
    let (_, asset) = stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await;
    let path = format!("/subscriptions/{asset}/suspend");
    let token = stage.form_token().await;
    for (header, value) in
        [("origin", "http://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")]
    {
        let form = stage.post(&path, &[("form_token", token.as_str())]).header(header, value);
        assert_eq!(form.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{header}: {value}");
    }
    assert_eq!(stage.api().get("/requests?type=suspend").await, json!([]));
}

/// Somebody has two pages open, and changes sides on one of them.
#[tokio::test]
async fn a_page_of_one_side_acts_for_the_other_in_nothing() {
    let stage = Stage::start().await;
    let (_, asset) = stage.seed(AssetRequestType::Purchase, RequestStatus::Approved).await;
    let path = format!("/subscriptions/{asset}/suspend");
    let token = stage.form_token().await;
    let (name, distributor) = DISTRIBUTOR;
    let form = stage.post(&path, &[("form_token", token.as_str())]).header(name, distributor);
    let refused = form.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let text = refused.text().await.unwrap();
    assert!(text.contains("was shown to the vendor, and you act as the distributor"), "{text}");
    assert_eq!(stage.api().get("/requests?type=suspend").await, json!([]));

    let back = [("form_token", token.as_str()), ("role", "vendor"), ("back", "/")];
    let switch = stage.post("/preferences", &back).header(name, distributor);
    assert_eq!(switch.send().await.unwrap().status(), StatusCode::SEE_OTHER);
}

/// A page elsewhere that made its own name point to this machine.
#[tokio::test]
async fn a_name_that_was_pointed_here_opens_nothing() {
    let stage = Stage::start().await;
    for path in ["/", "/subscriptions", "/live?topics=assets&seen=0", "/static/ui.js"] {
        let visit = stage.get(path).header("host", "evil.example");
        assert_eq!(visit.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn no_page_can_be_framed_or_run_script_that_is_not_ours() {
    let stage = Stage::start().await;
    for path in ["/", "/subscriptions", "/nowhere"] {
        let response = stage.get(path).send().await.unwrap();
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'; script-src 'self'; style-src 'self'"));
        assert!(policy.contains("frame-ancestors 'none'"));
        assert_eq!(response.headers()["x-frame-options"], "DENY");
        let page = response.text().await.unwrap();
        assert!(!page.contains(" style=") && !page.contains(" onclick="), "{path}");
    }
}

#[tokio::test]
async fn others_than_this_machines_users_have_to_log_in() {
    let listen = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let stage = Stage::with(Config { listen, ..Config::default() }).await;
    let token = stage.emulator.login().unwrap().to_owned();
    let response = stage.get("/subscriptions").send().await.unwrap();
    assert_eq!(response.headers()["location"], "/login");

    let page = stage.page("/login").await;
    let form = token_in(&page);
    let wrong = stage.post("/login", &[("form_token", form.as_str()), ("token", "guessed")]);
    assert_eq!(wrong.send().await.unwrap().status(), StatusCode::FORBIDDEN);

    let right = stage.post("/login", &[("form_token", &form), ("token", &token)]);
    let response = right.send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains(&token), "cookies go to every port of the host");
    let name = cookie.split('=').next().unwrap();
    let replayed = stage.get("/subscriptions").header("cookie", format!("{name}={token}"));
    assert_eq!(replayed.send().await.unwrap().headers()["location"], "/login");
    let visit = stage.get("/subscriptions").header("cookie", cookie.split(';').next().unwrap());
    assert_eq!(visit.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn on_this_machine_nobody_logs_in() {
    let stage = Stage::start().await;
    assert_eq!(stage.emulator.login(), None);
    stage.page("/").await;
}

#[tokio::test]
async fn no_page_shows_a_key() {
    let stage = Stage::start().await;
    let keys = stage.emulator.keys();
    for key in [&keys.vendor, &keys.distributor] {
        let url = format!("{}/requests", stage.emulator.endpoint());
        stage.browser.get(url).header("Authorization", key).send().await.unwrap();
    }
    let paths = ["/", "/subscriptions", "/subscriptions/fulfillment", "/products"];
    for path in paths.into_iter().chain(["/activity", "/activity/1", "/activity/2"]) {
        let page = stage.page(path).await;
        for key in [&keys.vendor, &keys.distributor] {
            assert!(!page.contains(key.rsplit_once(':').unwrap().1), "{path}");
        }
    }
}

#[tokio::test]
async fn the_way_back_from_preferences_stays_here() {
    let stage = Stage::start().await;
    for (back, to) in [
        ("/subscriptions?status=active", "/subscriptions?status=active"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
    ] {
        let fields = [("role", "distributor"), ("back", back)];
        let response = stage.send("/preferences", &fields).await;
        assert_eq!(response.headers()["location"], to);
    }
}
