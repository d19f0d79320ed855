//! The emulator without a socket.

use axum::body::{Body, to_bytes};
use connect_emulator::{Config, Emulator};
use http::{Request, Response, StatusCode};
use tower_service::Service;

async fn call(emulator: &Emulator, request: http::request::Builder) -> Response<Body> {
    emulator.service().call(request.body(Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn it_answers_whoever_shares_its_process_and_takes_the_call_down() {
    let emulator = Emulator::open(Config::default()).await.unwrap();
    let list = || Request::get("/public/v1/products");
    let refused = call(&emulator, list()).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);

    let answer = call(&emulator, list().header("Authorization", &emulator.keys().vendor)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    assert!(String::from_utf8_lossy(&body).contains(emulator.product().as_str()));
    assert_eq!(emulator.activity().since(0).len(), 2);
}
