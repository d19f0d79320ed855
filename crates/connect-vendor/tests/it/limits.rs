//! Answers that do not end, or do not come.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures::stream;

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

#[tokio::test]
async fn a_call_that_hangs_ends_with_its_time() {
    let short = Duration::from_millis(200);
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("http://{}", silent.local_addr().unwrap());
    let trickle = Vendor::that(|| {
        let drops = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), ()))
        });
        reply(200, &[], Body::from_stream(drops))
    })
    .await;
    for url in [silent, trickle.url.clone()] {
        let api = connect_vendor::Api::builder(&url).unwrap().name("Acme").timeout(short);
        let result = told(enable(&api.build().unwrap()).await);
        assert_eq!(result, "again: Acme did not answer within 200ms");
    }
}

#[tokio::test]
async fn a_vendor_that_is_not_there_is_asked_again() {
    let api = connect_vendor::Api::builder("http://127.0.0.1:9").unwrap().name("Acme");
    assert_eq!(told(enable(&api.build().unwrap()).await), "again: Acme did not answer");
}
