//! The key and the bodies stay out of logs and messages.

use std::io::Write;
use std::sync::{Arc, Mutex};

use connect_client::{ApiKey, Call, Client, RetryPolicy};
use connect_model::AssetRequest;
use connect_model::asset_request::action::Fail;
use connect_model::rql::field;
use tracing_subscriber::EnvFilter;

use crate::platform::{KEY, Platform, Says, html, json_text, ok, redirects, refuses, request};
use crate::server::Server;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn listen(filter: &str) -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    (log, tracing::subscriber::set_default(subscriber))
}

fn says() -> [Says; 3] {
    [html(502), ok(&request("PR-1")), refuses(400, "REQ_005", "no")]
}

async fn a_few_calls(client: &Client) {
    let list = client.list::<AssetRequest>().filter(field("id").eq("hidden-filter"));
    list.first().await.unwrap_err();
    let reason = "hidden-body".to_owned();
    client.act("PR-1", &Fail { reason }).await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_logged_without_key_query_or_body() {
    let (log, _guard) = listen("connect_client=trace");
    a_few_calls(&Platform::that(says()).client()).await;
    let text = log.text();
    for expected in [
        "connect_call{method=GET path=requests}: connect_client::send: an attempt at the call has ended status=502 attempt=1",
        "connect_call{method=GET path=requests}: connect_client::send: an attempt at the call has ended status=200 attempt=2",
        "connect_call{method=POST path=requests/PR-1/fail}: connect_client::send: an attempt at the call has ended status=400 attempt=1",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    assert!(!text.contains("very-secret") && !text.contains("hidden"), "{text}");
}

#[tokio::test]
async fn nothing_below_logs_the_key_either() {
    tracing_log::LogTracer::init().unwrap();
    let (log, _guard) = listen("trace");
    a_few_calls(&Server::that(says()).await.client()).await;
    let text = log.text();
    assert!(text.contains("starting new connection"), "those below are not heard:\n{text}");
    assert!(!text.contains("very-secret"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn at_info_a_working_client_is_silent() {
    let (log, _guard) = listen("info");
    a_few_calls(&Platform::that(says()).client()).await;
    assert_eq!(log.text(), "");
}

#[tokio::test]
async fn no_error_shows_the_query_in_its_causes() {
    let server = Server::that_hangs_up().await;
    let client = server.client();
    let list = client.list::<AssetRequest>().filter(field("id").eq("hidden-filter"));
    let error = list.first().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hidden"), "{error:?}");
}

#[test]
fn no_debug_output_shows_the_key() {
    let key = ApiKey::new(KEY).unwrap();
    let builder = connect_client::Client::builder("http://localhost", key.clone());
    let client = builder.clone().build().unwrap();
    let shown = format!("{key:?} {builder:?} {client:?}");
    assert!(!shown.contains("very-secret"), "{shown}");
}

#[test]
fn a_key_that_is_refused_is_not_repeated() {
    let error = ApiKey::new("SU-123-456-789:very-secret").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("very-secret"));
}

/// The key as servers repeat it: plain, in a URL, in JSON with more escapes than it needs.
const ECHOES: [&str; 6] = [
    "ApiKey SU-123-456-789:very-secret",
    "SU-123-456-789:very-secret",
    "very-secret",
    "ApiKey%20SU-123-456-789%3Avery-secret",
    "ApiKey+SU-123-456-789%3avery-secret",
    "\\u0053U-123-456-789:very\\u002dsecret",
];

#[tokio::test(start_paused = true)]
async fn a_key_that_an_answer_repeats_is_in_no_error() {
    for echo in ECHOES {
        let bodies = [
            format!(
                r#"{{"error_code": "AUTH_001", "errors": ["Bad: {echo}"], "params": {{"h": ["{echo}"]}}}}"#
            ),
            format!(r#"{{"error_code": "{echo}", "errors": []}}"#),
            format!(r#"{{"detail": "Bad: {echo}"}}"#),
            format!(r#"{{"{}": "{echo}"}}"#, "x".repeat(185)),
            format!(r#"["{echo}"]"#),
        ];
        for status in [400, 401, 500] {
            for body in &bodies {
                let platform = Platform::that([json_text(status, body)]);
                let client = platform.client_with(|it| it.retry(RetryPolicy::never()));
                let error = client.get::<AssetRequest>("PR-1").await.unwrap_err();
                assert_hidden(&error, echo);
            }
        }
        let rows = format!(r#"[{{"id": "PR-{echo}", "asset": "{echo}"}}]"#);
        let platform = Platform::that([json_text(200, &rows), json_text(200, &rows)]);
        let client = platform.client();
        let page = client.list::<AssetRequest>().page(0).await.unwrap();
        assert_hidden(page.items[0].as_ref().unwrap_err(), echo);
        assert_hidden(&client.get::<AssetRequest>("PR-1").await.unwrap_err(), echo);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_can_be_shown_without_the_key_it_repeats() {
    for echo in ECHOES {
        for (status, body) in [
            (401, format!(r#"{{"errors": ["Bad: {echo}"], "{echo}": [{{"h": "{echo}"}}]}}"#)),
            (200, format!(r#"["{echo}"]"#)),
            (502, format!("<p>Bad: {}</p>", echo.replace("\\u0053", "S").replace("\\u002d", "-"))),
        ] {
            let platform = Platform::that([json_text(status, &body)]);
            let client = platform.client();
            let answer = client.exchange(&Call::get("requests")).await.unwrap();
            let shown = String::from_utf8(answer.body_without_key().to_vec()).unwrap();
            assert!(shown.contains("[redacted]"), "{shown}");
            for part in ["very-secret", "very%2Dsecret", "very\\u002dsecret"] {
                assert!(!shown.contains(part), "{echo}: {shown}");
            }
        }
    }
    let plain = r#"{"b": 1.0,  "a": "\u00e4"}"#;
    let platform = Platform::that([json_text(200, plain)]);
    let client = platform.client();
    let answer = client.exchange(&Call::get("requests")).await.unwrap();
    assert_eq!(answer.body_without_key(), plain);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_a_redirect_carries_on_is_in_no_error() {
    for echo in ECHOES {
        let to = format!("https://elsewhere.example/login?from={}", echo.replace(' ', "%20"));
        let platform = Platform::that([redirects(&to)]);
        let client = platform.client();
        let error = client.get::<AssetRequest>("PR-1").await.unwrap_err();
        if !echo.contains('\\') {
            assert_hidden(&error, echo);
        }
        assert!(error.to_string().contains("elsewhere.example"), "{error}");
    }
}

fn assert_hidden(error: &connect_client::Error, echo: &str) {
    let shown = format!("{error} {error:?}");
    for part in ["very-secret", "very%2Dsecret", "very\\u002dsecret"] {
        assert!(!shown.contains(part), "{echo}: {shown}");
    }
}
