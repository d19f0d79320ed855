//! The vendor without a socket, by a clock of the test's own.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use connect_clock::{Clock, VirtualClock};
use connect_demo_vendor::{CallResult, Fault, FaultEffect, TenantOperation, Vendor};
use serve::HungUp;
use tower_service::Service;

fn vendor() -> (Arc<Vendor>, VirtualClock) {
    let clock = VirtualClock::new("2026-03-01T12:00:00Z".parse().unwrap());
    (Vendor::new(Arc::new(clock.clone())), clock)
}

fn create(key: &str) -> Request<Body> {
    let call = Request::post("/tenant").header("Idempotency-Key", key);
    call.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_call_is_answered_and_logged_as_over_the_network() {
    let (vendor, clock) = vendor();
    let answer = vendor.service().call(create("a")).await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let body = to_bytes(answer.into_body(), 1000).await.unwrap();
    assert!(body.starts_with(br#"{"tenantId":"t-00001""#), "{body:?}");
    assert_eq!((vendor.log()[0].at, vendor.calls()[0].status), (clock.now(), 201));
}

#[tokio::test]
async fn a_lost_answer_is_a_connection_that_was_hung_up() {
    for (effect, effects) in [(FaultEffect::LoseCall, 0), (FaultEffect::LoseAnswer, 1)] {
        let (vendor, _) = vendor();
        vendor.fault(Fault::new(effect).times(1));
        assert_eq!(vendor.service().call(create("a")).await.err(), Some(HungUp));
        assert_eq!(vendor.log().len(), effects);
        assert_eq!(vendor.service().call(create("a")).await.unwrap().status(), 201);
        assert_eq!(vendor.log().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_delay_passes_by_the_clock() {
    let (vendor, clock) = vendor();
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    let delay = FaultEffect::Delay { millis: u64::try_from(week.as_millis()).unwrap() };
    vendor.fault(Fault::new(delay).on_operation(TenantOperation::Create));
    let mut service = vendor.service();
    let answer = clock.play(service.call(create("a"))).await;
    assert_eq!(answer.unwrap().status(), 201);
    assert_eq!(clock.monotonic().since_start(), week);
    let effect = &vendor.log()[0];
    assert_eq!(u128::from(effect.ended_at - effect.began_at), week.as_micros());
    assert_eq!(vendor.calls()[0].outcome, CallResult::Done);
}
