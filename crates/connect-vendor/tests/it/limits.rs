//! Answers that do not end, or do not come.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::Response;
use connect_client::ServiceTransport;
use connect_clock::{Clock, VirtualClock};
use connect_vendor::Api;
use futures::{Stream, StreamExt, stream};
use jiff::Timestamp;

use crate::vendor::{Vendor, enable, reply, told};

/// A body that goes on for ever, in chunks of 64 KiB.
fn endless() -> Body {
    const CHUNK: &[u8] = &[b' '; 64 * 1024];
    Body::from_stream(stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from_static(CHUNK))))
}

#[tokio::test]
async fn an_endless_body_is_not_read_to_its_end_whatever_the_status() {
    for status in [200, 302, 404, 503] {
        let vendor = Vendor::that(move || reply(status, &[], endless())).await;
        let result = told(enable(&vendor.api().build().unwrap()).await);
        assert_eq!(
            result, "again: Acme's answer is longer than 1048576 bytes and was not read on",
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_body_as_long_as_the_limit_is_read_and_one_byte_more_is_not() {
    let yes = r#"{"id": "t-1", "enabled": true}"#;
    for (room, wanted) in [(0, "done"), (-1, "again: Acme's answer is longer")] {
        let vendor = Vendor::says(200, &[], yes).await;
        let limit = yes.len().checked_add_signed(room).unwrap();
        let result = told(enable(&vendor.api().max_body(limit).build().unwrap()).await);
        assert!(result.starts_with(wanted), "{result}");
    }
}

/// Returns what came of a call to a vendor in this process, and the time it took by the clock.
async fn timed(router: Router) -> (String, Duration) {
    let clock = VirtualClock::new(Timestamp::UNIX_EPOCH);
    let api = Api::builder("http://vendor.localhost/api").unwrap().name("Acme");
    let api = api.transport(ServiceTransport::new(router)).clock(clock.clone()).build().unwrap();
    (told(clock.play(enable(&api)).await), clock.monotonic().since_start())
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_ends_with_its_time() {
    let silent = Router::new().fallback(pending::<Response>);
    let half = Router::new().fallback(|| async { Body::from_stream(half()) });
    for vendor in [silent, half] {
        let ended = ("again: Acme did not answer within 20s".to_owned(), Duration::from_secs(20));
        assert_eq!(timed(vendor).await, ended);
    }
}

/// A body that goes on and does not come to its end.
fn half() -> impl Stream<Item = Result<Bytes, Infallible>> {
    let begun = stream::once(async { Ok(Bytes::from_static(b" ")) });
    begun.chain(stream::pending())
}

#[tokio::test]
async fn a_server_that_takes_the_call_and_says_nothing_is_waited_for_as_long_as_told() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let api = Api::builder(&url).unwrap().name("Acme").timeout(Duration::from_millis(200));
    let result = told(enable(&api.build().unwrap()).await);
    assert_eq!(result, "again: Acme did not answer within 200ms");
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_asked_again() {
    let api = Api::builder("http://127.0.0.1:9").unwrap().name("Acme");
    assert_eq!(told(enable(&api.build().unwrap()).await), "again: Acme did not answer");
}
