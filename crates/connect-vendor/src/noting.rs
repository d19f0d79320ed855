//! Notes calls to the step that makes them.

use bytes::Bytes;
use connect_client::ExchangeError;
use connect_clock::{Clock, Monotonic};
use connect_processor::{Exchange, ExchangeLog};
use http::{HeaderMap, Request, StatusCode};
use reqwest::Url;

use crate::redact::Redaction;

/// A call under way that is noted when it ends, also when it is dropped without an answer. Outside of
/// a step there is nothing to note.
pub(crate) struct Noting<'a>(Option<Pending<'a>>);

struct Pending<'a> {
    redaction: &'a Redaction,
    clock: &'a dyn Clock,
    log: ExchangeLog,
    exchange: Exchange,
    since: Monotonic,
}

impl<'a> Noting<'a> {
    pub(crate) fn begin(
        (redaction, clock): (&'a Redaction, &'a dyn Clock),
        request: &Request<Bytes>,
    ) -> Self {
        let pending = ExchangeLog::current().map(|log| {
            let address = Url::parse(&request.uri().to_string());
            let exchange = Exchange {
                method: request.method().to_string(),
                address: address.map(|url| redaction.address(&url)).unwrap_or_default(),
                headers: redaction.headers(request.headers()),
                body: redaction.body(request.body()),
                answer: "no answer was waited for".to_owned(),
                ..Exchange::default()
            };
            Pending { redaction, clock, log, exchange, since: clock.monotonic() }
        });
        Self(pending)
    }

    /// Notes what was answered.
    pub(crate) fn answered(mut self, status: StatusCode, headers: &HeaderMap, body: &[u8]) {
        if let Some(Pending { redaction, exchange, .. }) = &mut self.0 {
            exchange.status = Some(status.as_u16());
            exchange.answer_headers = redaction.headers(headers);
            exchange.answer = redaction.body(body);
        }
    }

    /// Notes that there was no answer.
    pub(crate) fn failed(mut self, error: &ExchangeError) {
        if let Some(Pending { exchange, .. }) = &mut self.0 {
            exchange.answer = match error {
                error if error.is_timeout() => "no answer in time".to_owned(),
                ExchangeError::TooLarge { limit, .. } => format!("longer than {limit} bytes"),
                ExchangeError::Unanswered(_) => "no answer".to_owned(),
                ExchangeError::BrokenOff { .. } => "an answer that broke off".to_owned(),
            };
        }
    }
}

impl Drop for Noting<'_> {
    fn drop(&mut self) {
        if let Some(Pending { clock, log, mut exchange, since, .. }) = self.0.take() {
            let took = clock.since(since);
            exchange.took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            log.note(exchange);
        }
    }
}
