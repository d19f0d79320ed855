//! A platform that cuts pages shorter than they were asked for.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::RawQuery;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use connect_client::{ApiKey, Client};
use connect_journal::{MemoryJournal, SystemClock};
use connect_model::{AssetRequest, AssetRequestType};
use connect_processor::{Context, Failure, Outcome, Processor};
use serde_json::{Value, json};

const REQUESTS: usize = 250;
const MOST_ON_A_PAGE: usize = 10;

async fn requests(RawQuery(query): RawQuery) -> impl IntoResponse {
    let query = query.unwrap_or_default();
    let number = |name: &str| {
        let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        found.map_or(0, |number| number.parse::<usize>().unwrap())
    };
    let asked = |id: &str| !query.contains("in(id,") || query.contains(id);
    let ids = (0..REQUESTS).map(|n| format!("PR-{n:04}"));
    let rows: Vec<Value> = ids.filter(|id| asked(id)).map(|id| row(&id)).collect();
    let (offset, limit) = (number("offset"), number("limit").min(MOST_ON_A_PAGE));
    let page: Vec<Value> = rows.iter().skip(offset).take(limit).cloned().collect();
    let last = (offset + page.len()).saturating_sub(1);
    let range = format!("items {offset}-{last}/{}", rows.len());
    ([("content-range", range)], Json(page))
}

fn row(id: &str) -> Value {
    json!({
        "id": id, "type": "resume", "status": "pending", "created": "2026-11-01T00:00:00+00:00",
        "asset": {"id": id.replace("PR", "AS"), "status": "suspended"},
    })
}

#[tokio::test]
async fn pages_that_are_cut_short_hide_no_request() {
    let routes = Router::new().route("/public/v1/requests", get(requests)).route(
        "/public/v1/products",
        get(async || ([("content-range", "items 0-0/1")], Json(json!([])))),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/public/v1", listener.local_addr().unwrap());
    let server = tokio::spawn(axum::serve(listener, routes).into_future());

    let client = Client::builder(&endpoint, ApiKey::new("ApiKey SU-1:x").unwrap());
    let journal = Arc::new(MemoryJournal::new(SystemClock));
    let skip = |_: Context<AssetRequest, ()>| async { Ok::<_, Failure>(Outcome::Skip) };
    let processor = Processor::new((), client.build().unwrap(), journal)
        .on(AssetRequestType::Resume, skip)
        .page_size(1000)
        .patience(Duration::from_millis(50));
    let report = processor.once().await.unwrap();
    server.abort();
    assert_eq!(report.ended.get("skipped"), Some(&(REQUESTS as u64)));
}
