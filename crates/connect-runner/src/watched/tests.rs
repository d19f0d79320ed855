//! What is answered of a processor in each of its states.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use connect_client::{ApiKey, Client};
use connect_clock::{SystemClock, VirtualClock};
use connect_journal::{MemoryJournal, WriteCounts};
use connect_processor::{Hold, Processor};
use serve::InProcess;
use tower_service::Service;

use super::*;
use crate::doors::Doors;
use crate::webhook;

/// What is told of a processor that was made at the beginning of 1970, and when it is told.
struct Told {
    clock: VirtualClock,
    health: Health,
    routes: Router,
}

impl Told {
    fn new() -> Self {
        let clock = VirtualClock::new(jiff::Timestamp::UNIX_EPOCH);
        let key = ApiKey::new("ApiKey SU-1:secret").unwrap();
        let client = Client::builder("http://127.0.0.1:9/v", key).build().unwrap();
        let journal = Arc::new(MemoryJournal::new(clock.clone()));
        let window = Window::new(None, &client, &Metrics::default());
        let processor = Processor::new((), client, journal).clock(clock.clone());
        let written = || WriteCounts { operations: 7, commits: 2 };
        window.show(&processor, written, Doors::default());
        let watched = Watched { program: "acme", accounts: vec![Arc::new(window)] };
        Self { clock, health: processor.health(), routes: watched.routes() }
    }

    async fn of(&self, path: &str) -> String {
        let call = axum::http::Request::get(path).body(Body::empty()).unwrap();
        let answer = InProcess::new(self.routes.clone()).call(call).await.unwrap();
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), 1024 * 1024).await.unwrap();
        format!("{path} {status} {}", String::from_utf8(body.to_vec()).unwrap())
    }
}

#[tokio::test]
async fn one_that_is_held_is_alive_and_not_ready() {
    let told = Told::new();
    let mut heard = vec![told.of("/health").await];
    told.clock.advance(Duration::from_secs(1));
    told.health.hold(Hold::BreakerOpen, "vendor");
    told.clock.advance(Duration::from_secs(1));
    heard.extend([told.of("/health").await, told.of("/ready").await]);
    told.health.hold(Hold::Paused, "everything");
    heard.push(told.of("/ready").await);
    told.health.release(Hold::Paused, "everything");
    told.health.release(Hold::BreakerOpen, "vendor");
    // Nothing was listed for longer than a minute, and no error says why.
    told.clock.advance(Duration::from_secs(59));
    heard.extend([told.of("/health").await, told.of("/nothing").await]);
    insta::assert_snapshot!(heard.join("\n"), @r#"
        /health 200 {"state":"starting","cause":null,"since":"1970-01-01T00:00:00Z","seconds":0.0,"program":"acme","paused":[],"down":[],"claimed":0,"elsewhere":0,"waiting":0,"planned":0,"parked":0,"oldest_waiting":0.0,"since_look":0.0,"ended":{}}
        /health 200 {"state":"breaker_open","cause":"PRC_BREAKER_OPEN","since":"1970-01-01T00:00:01Z","seconds":1.0,"program":"acme","paused":[],"down":["vendor"],"claimed":0,"elsewhere":0,"waiting":0,"planned":0,"parked":0,"oldest_waiting":0.0,"since_look":2.0,"ended":{}}
        /ready 503 {"state":"breaker_open","cause":"PRC_BREAKER_OPEN","since":"1970-01-01T00:00:01Z","seconds":1.0,"program":"acme","paused":[],"down":["vendor"],"claimed":0,"elsewhere":0,"waiting":0,"planned":0,"parked":0,"oldest_waiting":0.0,"since_look":2.0,"ended":{}}
        /ready 503 {"state":"paused","cause":"PRC_PAUSED","since":"1970-01-01T00:00:02Z","seconds":0.0,"program":"acme","paused":["everything"],"down":["vendor"],"claimed":0,"elsewhere":0,"waiting":0,"planned":0,"parked":0,"oldest_waiting":0.0,"since_look":2.0,"ended":{}}
        /health 503 {"state":"stuck","cause":"SLOW","since":"1970-01-01T00:00:00Z","seconds":61.0,"program":"acme","paused":[],"down":[],"claimed":0,"elsewhere":0,"waiting":0,"planned":0,"parked":0,"oldest_waiting":0.0,"since_look":61.0,"ended":{}}
        /nothing 404
        "#);
}

#[tokio::test]
async fn its_numbers_say_what_holds_it_and_how_much_was_written() {
    let told = Told::new();
    told.health.hold(Hold::BreakerOpen, "vendor");
    told.health.metrics().set_build("acme", "1.2.0");
    let page = told.of("/metrics").await;
    for line in [
        "connect_breaker_open{breaker=\"vendor\"} 1",
        "connect_state{state=\"breaker_open\"} 1",
        "connect_state{state=\"idle\"} 0",
        "connect_journal_written{what=\"calls\"} 7",
        "connect_build_info{program=\"acme\",version=\"1.2.0\"} 1",
    ] {
        assert!(page.lines().any(|it| it == line), "{line}: {page}");
    }
    told.health.release(Hold::BreakerOpen, "vendor");
    assert!(!told.of("/metrics").await.contains("connect_breaker_open{"));
}

/// The rows of a table of numbers, as `docs/operations.md` has them.
fn table(metrics: &connect_processor::Metrics) -> String {
    let row = |it: connect_processor::MetricDescription| {
        let labels: Vec<String> = it.labels.iter().map(|label| format!("`{label}`")).collect();
        format!("| `{}` | {} | {} | {} |\n", it.name, it.kind, labels.join(", "), it.meaning)
    };
    metrics.descriptions().into_iter().map(row).collect()
}

#[test]
fn the_guide_says_what_numbers_there_are_and_the_dashboard_shows_each() {
    let metrics = connect_processor::Metrics::default();
    let (guide, rows) = (include_str!("../../../../docs/operations.md"), table(&metrics));
    let told = guide.split_once("| name | type | labels | meaning |\n|---|---|---|---|\n");
    let told = told.and_then(|(_, rest)| rest.split_once("\n\n")).unwrap().0;
    assert_eq!(format!("{told}\n"), rows);
    let dashboard = include_str!("../../../../docs/operations-dashboard.json");
    let _: Value = serde_json::from_str(dashboard).unwrap();
    for it in metrics.descriptions() {
        assert!(dashboard.contains(it.name), "{}", it.name);
    }
}

/// Two accounts: one that works, and one whose journal cannot be opened.
struct ToldOfTwo {
    health: Health,
    routes: Router,
}

impl ToldOfTwo {
    fn new() -> Self {
        let key = ApiKey::new("ApiKey SU-1:secret").unwrap();
        let client = Client::builder("http://127.0.0.1:9/v", key).build().unwrap();
        let clock = VirtualClock::new(jiff::Timestamp::UNIX_EPOCH);
        let windows = ["preview", "production"].map(|name| {
            let window = Window::new(name.parse().ok(), &client, &Metrics::default());
            Arc::new(window)
        });
        let journal = Arc::new(MemoryJournal::new(clock.clone()));
        let processor = Processor::new((), client, journal).clock(clock);
        let (webhook, _) = webhook::open(&"s3cret".to_owned().into(), Arc::new(SystemClock));
        let doors = Doors { webhook: Some(webhook), ..Doors::default() };
        windows[0].show(&processor, WriteCounts::default, doors);
        windows[1].cannot_start(connect_processor::State::Stuck, "JRN_OPEN");
        let routes = Watched { program: "acme", accounts: windows.to_vec() }.routes();
        Self { health: processor.health(), routes }
    }

    async fn of(&self, method: &str, path: &str) -> (u16, String) {
        let call = axum::http::Request::builder().method(method).uri(path);
        let answer = InProcess::new(self.routes.clone()).call(call.body(Body::empty()).unwrap());
        let answer = answer.await.unwrap();
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), 1024 * 1024).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }
}

#[tokio::test]
async fn each_account_answers_for_itself_and_the_program_while_one_of_them_is_well() {
    let told = ToldOfTwo::new();
    let (status, said) = told.of("GET", "/health").await;
    let said: Value = serde_json::from_str(&said).unwrap();
    let state = |account: &str| said["accounts"][account]["state"].as_str().unwrap().to_owned();
    assert_eq!(
        (status, state("preview"), state("production")),
        (200, "starting".into(), "stuck".into())
    );
    assert_eq!(said["accounts"]["production"]["cause"], "JRN_OPEN");
    let mut statuses = Vec::new();
    for path in
        ["/health/preview", "/health/production", "/health/third", "/ready", "/ready/preview"]
    {
        statuses.push(told.of("GET", path).await.0);
    }
    assert_eq!(statuses, [200, 503, 404, 503, 503]);
    told.health.cannot_start(connect_processor::State::Stuck, "JRN_OPEN");
    assert_eq!(told.of("GET", "/health").await.0, 503, "none is alive");
}

#[tokio::test]
async fn each_number_says_of_which_account_it_is() {
    let told = ToldOfTwo::new();
    let (_, page) = told.of("GET", "/metrics").await;
    for line in [
        "connect_state{account=\"preview\",state=\"starting\"} 1",
        "connect_state{account=\"production\",state=\"stuck\"} 1",
        "connect_state{account=\"production\",state=\"starting\"} 0",
    ] {
        assert!(page.lines().any(|it| it == line), "{line}: {page}");
    }
    assert_eq!(page.matches("# TYPE connect_state gauge").count(), 1);
    assert!(page.lines().all(|line| line.starts_with('#') || line.contains("{account=\"")));
}

#[tokio::test]
async fn a_call_reaches_the_account_that_its_address_ends_in_and_no_other() {
    let told = ToldOfTwo::new();
    let paths =
        ["/webhook/preview", "/webhook/production", "/webhook", "/webhook/third", "/x/preview"];
    let mut statuses = Vec::new();
    for path in paths {
        statuses.push(told.of("POST", path).await.0);
    }
    assert_eq!(statuses, [401, 503, 404, 404, 404], "503: nobody would hear of it");
}
