//! Webhooks, and what was done to them.

use std::io::{self, Write};

use connect_model::{LastDelivery, Webhook, WebhookId, WebhookStats};
use jiff::Timestamp;
use serde::Serialize;

use super::list::TableRow;
use super::table::{Cell, Column};
use super::time::ago;
use super::{GOOD, OPEN, facts, ids, named};
use crate::printer::View;

impl TableRow<7> for Webhook {
    const COLUMNS: [Column; 7] = [
        Column::whole("WEBHOOK"),
        Column::whole("STATUS"),
        Column::text("LABEL"),
        Column::whole("QUEUE"),
        Column::text("PRODUCT").expendable(2),
        Column::whole("CALLS"),
        Column::whole("CREATED").expendable(1),
    ];

    fn cells(&self, now: Timestamp) -> [Cell; 7] {
        [
            self.id.as_str().into(),
            status(self),
            self.label.clone().into(),
            self.object_class.as_str().into(),
            named(self.product.as_ref()).into(),
            self.stats.triggers.to_string().into(),
            ago(now, self.created_at).into(),
        ]
    }
}

/// One webhook, without its secret.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct WebhookDetails {
    pub(crate) webhook: Webhook,
    #[serde(skip)]
    pub(crate) now: Timestamp,
}

impl View for WebhookDetails {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let webhook = &self.webhook;
        let last = |last: &Option<LastDelivery>| last.as_ref().map(|it| self.told(it));
        let all = [
            ("webhook", webhook.id.to_string()),
            ("status", word(webhook).to_owned()),
            ("label", webhook.label.clone()),
            ("type", webhook.kind.to_string()),
            ("queue", webhook.object_class.to_string()),
            ("product", named(webhook.product.as_ref())),
            ("address", webhook.external_url.clone()),
            ("events", webhook.stats.events.to_string()),
            ("calls", calls(&webhook.stats)),
            ("last success", last(&webhook.last_success).unwrap_or_default()),
            ("last failure", last(&webhook.last_failure).unwrap_or_default()),
            ("created", ago(self.now, webhook.created_at)),
        ];
        facts(out, &all)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.webhook.id.as_str()])
    }
}

impl WebhookDetails {
    fn told(&self, last: &LastDelivery) -> String {
        let parts =
            [ago(self.now, last.time), format!("{} ms", last.duration), last.errors.clone()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// Something that was done to a webhook.
#[derive(Serialize)]
pub(crate) struct WebhookDone {
    pub(crate) id: WebhookId,
    pub(crate) done: &'static str,
}

impl View for WebhookDone {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}  {}", self.id, self.done)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.id.as_str()])
    }
}

/// Says how many calls there were, and how many of them failed.
fn calls(stats: &WebhookStats) -> String {
    let WebhookStats { triggers, failure_triggers, failure_since_last_success, .. } = stats;
    let failed = match (failure_triggers, failure_since_last_success) {
        (0, _) => String::new(),
        (failed, 0) => format!(", {failed} failed"),
        (failed, since) => format!(", {failed} failed, {since} since the last success"),
    };
    format!("{triggers}{failed}")
}

fn word(webhook: &Webhook) -> &'static str {
    if webhook.active { "active" } else { "inactive" }
}

fn status(webhook: &Webhook) -> Cell {
    let style = if webhook.active { GOOD } else { OPEN };
    Cell::styled(word(webhook), style)
}
