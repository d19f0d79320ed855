//! What is paused of what the processors of a journal do.

use std::io::{self, Write};

use connect_processor::{Drain, Pause, Scope};
use jiff::Timestamp;
use serde::Serialize;

use super::ids;
use super::table::{Column, table};
use super::time::{ago, to_second};
use crate::printer::View;

/// A list of what is paused.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct PausedParts {
    rows: Vec<Row>,
    #[serde(skip)]
    now: Timestamp,
}

#[derive(Serialize)]
struct Row {
    /// The account, of a program that has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    paused: String,
    by: String,
    #[serde(serialize_with = "to_second")]
    since: Option<Timestamp>,
    /// The number of runs that are left, where the processors were told to drain.
    #[serde(skip_serializing_if = "Option::is_none")]
    draining: Option<u64>,
    #[serde(skip)]
    told: String,
}

impl PausedParts {
    /// Nothing yet.
    pub(crate) fn new(now: Timestamp) -> Self {
        Self { rows: Vec::new(), now }
    }

    /// Whether nothing is paused.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds what is paused in a journal, and how far its processors have come that were told to drain;
    /// with the account that it is of, if a program has several.
    pub(crate) fn add(&mut self, account: Option<&str>, paused: &[Pause], drain: Option<&Drain>) {
        self.rows.extend(paused.iter().map(|pause| {
            let drain = drain.filter(|_| pause.scope == Scope::Everything);
            let told = drain.map(|drain| format!("; {}", left(drain)));
            Row {
                account: account.map(str::to_owned),
                paused: pause.scope.to_string(),
                by: pause.by.clone(),
                since: Some(pause.at),
                draining: drain.map(|drain| drain.left),
                told: format!("{}{}", pause.scope, told.unwrap_or_default()),
            }
        }));
    }
}

impl View for PausedParts {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows = self.rows.iter().map(|row| {
            [
                row.account.as_deref().unwrap_or_default().into(),
                row.told.as_str().into(),
                row.by.as_str().into(),
                ago(self.now, row.since.map(Into::into)).into(),
            ]
        });
        const COLUMNS: [Column; 4] = [
            Column::whole("ACCOUNT").where_said(),
            Column::whole("PAUSED"),
            Column::text("BY"),
            Column::whole("SINCE"),
        ];
        table(out, COLUMNS, rows)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, self.rows.iter().map(|row| row.paused.as_str()))
    }
}

/// Returns how far the processors have come that were told to drain.
pub(crate) fn left(drain: &Drain) -> String {
    match drain.left {
        0 => "drained: no run is under way".to_owned(),
        1 => "draining: 1 run is left".to_owned(),
        left => format!("draining: {left} runs are left"),
    }
}
