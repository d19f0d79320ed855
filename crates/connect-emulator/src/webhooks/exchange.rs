//! One call of a webhook and its answer, within limits.

use std::time::Duration;

use axum::body::Body;
use connect_clock::Clock;
use connect_world::{WebhookAnswer, WebhookCall};
use http::Response;
use http_body_util::BodyExt;

use super::message;
use super::receivers::Receivers;

/// The longest a call takes, its answer included.
const TIME: Duration = Duration::from_secs(10);
/// The most bytes of an answer that are read and kept.
const KEPT: usize = 4096;
/// The most bytes of a reason that are kept.
const REASON: usize = 512;

/// Makes a call. Its status is what counts: of an answer that breaks off, is long or takes too long
/// after it, only the beginning is kept.
pub(super) async fn exchange(
    call: &WebhookCall,
    receivers: &dyn Receivers,
    clock: &dyn Clock,
) -> WebhookAnswer {
    let (began, start) = (clock.now(), clock.monotonic());
    let end = start + TIME;
    let answer = match message::request(call) {
        Err(why) => Err(why),
        Ok(request) => match clock.limit_until(end, receivers.send(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(format!("No answer came within {} s.", TIME.as_secs())),
        },
    };
    let mut body = Vec::new();
    let status = match answer {
        Ok(answer) => {
            let status = answer.status().as_u16();
            // What was read when time ran out is kept.
            let _ = clock.limit_until(end, read(answer, &mut body)).await;
            Ok(status)
        }
        Err(why) => Err(harmless(&why, REASON)),
    };
    let body = harmless(&String::from_utf8_lossy(&body), KEPT);
    WebhookAnswer { began, duration: clock.since(start), status, body }
}

/// Reads the beginning of an answer's body.
async fn read(answer: Response<Body>, into: &mut Vec<u8>) {
    let mut body = answer.into_body();
    while into.len() < KEPT {
        let Some(Ok(frame)) = body.frame().await else { return };
        let data = frame.into_data().unwrap_or_default();
        into.extend_from_slice(&data[..data.len().min(KEPT - into.len())]);
    }
}

/// Returns the beginning of a text of others as it can be shown anywhere.
fn harmless(text: &str, most: usize) -> String {
    let mut plain = plain::text(text).into_owned();
    plain.truncate(plain.floor_char_boundary(most));
    plain
}
