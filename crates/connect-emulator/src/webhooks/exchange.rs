//! One call of a webhook and its answer, within limits.

use std::time::Duration;

use axum::body::Body;
use connect_clock::Clock;
use connect_world::{WebhookAnswer, WebhookCall};
use http::Response;
use http_body_util::BodyExt;

use super::message;
use super::receivers::Receivers;

/// The most bytes of a reason that are kept.
const REASON: usize = 512;

/// The limits of a call.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// The longest it takes, its answer included.
    pub(super) time: Duration,
    /// The most bytes of an answer that are read.
    pub(super) bytes: usize,
}

/// A call that is over, and the beginning of its answer.
pub(super) struct Exchange {
    pub(super) answer: WebhookAnswer,
    /// The answer's body, as far as it was read.
    pub(super) body: Vec<u8>,
    /// Why that is not the whole body, when it is not.
    pub(super) cut: Option<String>,
}

/// Makes a call.
pub(super) async fn exchange(
    call: &WebhookCall,
    receivers: &dyn Receivers,
    clock: &dyn Clock,
    limits: Limits,
) -> Exchange {
    let (began, start) = (clock.now(), clock.monotonic());
    let end = start + limits.time;
    let late = || format!("No answer came within {} s.", limits.time.as_secs());
    let answer = match message::request(call) {
        Err(why) => Err(why),
        Ok(request) => match clock.limit_until(end, receivers.send(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(late()),
        },
    };
    let (mut body, mut cut) = (Vec::new(), None);
    let status = match answer {
        Ok(answer) => {
            let status = answer.status().as_u16();
            // What was read when time ran out is kept.
            match clock.limit_until(end, read(answer, limits.bytes, &mut body)).await {
                Ok(why) => {
                    cut = why;
                    Ok(status)
                }
                Err(_) => Err(late()),
            }
        }
        Err(why) => Err(harmless(&why, REASON)),
    };
    let text = harmless(&String::from_utf8_lossy(&body), limits.bytes);
    let answer = WebhookAnswer { began, duration: clock.since(start), status, body: text };
    Exchange { answer, body, cut }
}

/// Reads an answer's body. Returns why it stopped before the end, when it did.
async fn read(answer: Response<Body>, most: usize, into: &mut Vec<u8>) -> Option<String> {
    let mut body = answer.into_body();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Some("The answer broke off.".to_owned()) };
        let data = frame.into_data().unwrap_or_default();
        let room = most - into.len();
        into.extend_from_slice(&data[..data.len().min(room)]);
        if data.len() > room {
            return Some(format!("The answer is longer than {most} bytes."));
        }
    }
    None
}

/// Returns the beginning of a text of others as it can be shown anywhere.
fn harmless(text: &str, most: usize) -> String {
    let mut plain = plain::text(text).into_owned();
    plain.truncate(plain.floor_char_boundary(most));
    plain
}
