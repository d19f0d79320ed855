//! A guarded emulator.

use std::panic::{AssertUnwindSafe, catch_unwind};

use connect_emulator::{Canned, Config, Fault, FaultEffect, Running, start};
use connect_world::command::ItemCommand;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::contract;
use crate::guard::Guard;

async fn emulator() -> (Running, Guard) {
    let emulator = start(Config::default()).await.unwrap();
    let guard = Guard::over(emulator.activity());
    (emulator, guard)
}

async fn call(emulator: &Running, method: Method, url: String) {
    let call = reqwest::Client::new().request(method, url);
    call.header("Authorization", &emulator.keys().vendor).send().await.unwrap();
}

/// Returns what the end of the guard says, if anything.
fn verdict(guard: Guard) -> String {
    match catch_unwind(AssertUnwindSafe(|| drop(guard))) {
        Ok(()) => String::new(),
        Err(said) => *said.downcast().unwrap(),
    }
}

#[tokio::test]
async fn an_answer_that_breaks_the_contract_is_named_once() {
    if contract().is_none() {
        return;
    }
    let (emulator, guard) = emulator().await;
    let vendor = emulator.platform().authenticate(&emulator.keys().vendor).unwrap();
    let (product, id) = (emulator.product(), "PRD-411-678-887-0001".to_owned());
    // The emulator keeps this field as it comes.
    let body = json!({"external_id": 7});
    let path = format!("{}/products/{product}/items/{id}", emulator.endpoint());
    emulator.platform().apply(vendor, ItemCommand::Update { product, id, body }).await.unwrap();
    for _ in 0..2 {
        call(&emulator, Method::GET, path.clone()).await;
    }
    insta::assert_snapshot!(verdict(guard), @r"
    the contract is broken in 1 places:
    GET /products/{product_product_id}/items/{verbose_id} 200 /external_id: the document wants type string, found 7
    ");
}

#[tokio::test]
async fn what_the_platform_did_not_answer_is_left_aside() {
    let (emulator, guard) = emulator().await;
    let nonsense = Canned { body: Some("[".into()), ..Canned::status(StatusCode::OK) };
    emulator.faults().add(Fault::new(FaultEffect::Answer(nonsense)).times(1));
    call(&emulator, Method::GET, format!("{}/requests", emulator.endpoint())).await;
    call(&emulator, Method::HEAD, format!("{}/requests", emulator.endpoint())).await;
    call(&emulator, Method::GET, format!("{}/public/elsewhere", emulator.url())).await;
    assert_eq!(emulator.activity().since(0).len(), 3);
    assert_eq!(verdict(guard), "");
}
