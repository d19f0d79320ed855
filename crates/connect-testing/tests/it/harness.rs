//! A small vendor, and a client of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use connect_client::BoxError;
use connect_clock::VirtualClock;
use connect_processor::{Failure, StepKey};
use connect_testing::{Life, TestVendor};
use connect_vendor::{Answer, Api, Verdict};
use serde_json::{Value, json};

type Tenants = State<Arc<Mutex<HashMap<String, Value>>>>;

/// A vendor that sells tenants and has no idea of keys.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/tenants", post(create))
        .route("/tenants/{id}", get(read).delete(delete))
        .route("/tenants/{id}/{verb}", put(act))
        .with_state(Arc::default())
}

/// The vendor with keys that are not honoured.
pub(crate) fn keyless(clock: &VirtualClock) -> TestVendor {
    TestVendor::new(router(), clock)
}

/// The vendor with keys that are honoured.
pub(crate) fn keyed(clock: &VirtualClock) -> TestVendor {
    TestVendor::new(router(), clock).honours_keys()
}

async fn create(State(tenants): Tenants) -> (StatusCode, Json<Value>) {
    let mut tenants = tenants.lock().unwrap();
    let id = format!("t-{}", tenants.len() + 100);
    tenants.insert(id.clone(), json!({"id": id}));
    (StatusCode::CREATED, Json(tenants[&id].clone()))
}

async fn read(State(tenants): Tenants, Path(id): Path<String>) -> (StatusCode, Json<Value>) {
    match tenants.lock().unwrap().get(&id) {
        Some(tenant) => (StatusCode::OK, Json(tenant.clone())),
        None => (StatusCode::NOT_FOUND, Json(Value::Null)),
    }
}

async fn delete(State(tenants): Tenants, Path(id): Path<String>) -> Json<Value> {
    tenants.lock().unwrap().remove(&id);
    Json(json!({"id": id}))
}

/// Notes on a tenant what was done last; it takes a moment.
async fn act(State(tenants): Tenants, Path((id, verb)): Path<(String, String)>) -> Json<Value> {
    tokio::task::yield_now().await;
    let tenant = json!({"id": id, "last": verb});
    tenants.lock().unwrap().insert(id, tenant.clone());
    Json(tenant)
}

/// A client of the vendor.
pub(crate) fn api(life: &Life) -> Result<Api, BoxError> {
    let refused = |answer: &Answer| {
        let body: Value = answer.json().ok()?;
        let reason = body["error"]["message"].as_str()?.to_owned();
        (answer.status == StatusCode::CONFLICT).then_some(Verdict::Refused { reason })
    };
    let api = Api::builder("http://vendor.localhost")?.judge(refused);
    Ok(api.transport(life.vendor()).clock(life.clock()).build()?)
}

/// Makes a tenant, and returns its id.
pub(crate) async fn make(api: &Api, key: StepKey) -> Result<String, Failure> {
    let call = api.post(["tenants"], &key).json(&json!({}));
    call.prove(|tenant: Value| tenant["id"].as_str().map(str::to_owned).ok_or("no id")).await
}

/// Does something with a tenant.
pub(crate) async fn put_on(
    api: &Api,
    tenant: &str,
    verb: &str,
    key: StepKey,
) -> Result<(), Failure> {
    let call = api.put(["tenants", tenant, verb], &key).json(&json!({}));
    call.prove(|it: Value| if it["last"] == verb { Ok(()) } else { Err("it does not say so") })
        .await
}

/// Deletes a tenant.
pub(crate) async fn remove(api: &Api, tenant: &str, key: StepKey) -> Result<(), Failure> {
    api.delete(["tenants", tenant], &key).prove(|_: Value| Ok::<_, String>(())).await
}

/// Returns whether a tenant was last enabled.
pub(crate) async fn is_enabled(api: &Api, tenant: &str) -> Result<Option<()>, Failure> {
    let gone = |answer: &Answer| (answer.status == StatusCode::NOT_FOUND).then_some(Verdict::Yes);
    let call = api.get(["tenants", tenant]).judge(gone);
    call.prove(|it: Value| Ok::<_, String>((it["last"] == "enable").then_some(()))).await
}
