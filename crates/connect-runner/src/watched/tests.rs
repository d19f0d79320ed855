//! What is answered of a processor in each of its states.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use connect_client::{ApiKey, Client};
use connect_clock::VirtualClock;
use connect_journal::{MemoryJournal, WriteCounts};
use connect_processor::{Hold, Processor};
use serve::InProcess;
use tower_service::Service;

use super::*;

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
        let health = Processor::new((), client, journal).clock(clock.clone()).health();
        let written = Box::new(|| WriteCounts { operations: 7, commits: 2 });
        let watched = Watched { program: "acme", health: health.clone(), written };
        Self { clock, health, routes: watched.routes() }
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
