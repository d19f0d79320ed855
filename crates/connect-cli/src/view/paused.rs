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
    /// What is paused, and how far the processors have come that were told to drain.
    pub(crate) fn of(paused: &[Pause], drain: Option<&Drain>, now: Timestamp) -> Self {
        let row = |pause: &Pause| {
            let drain = drain.filter(|_| pause.scope == Scope::Everything);
            let told = drain.map(|drain| format!("; {}", left(drain)));
            Row {
                paused: pause.scope.to_string(),
                by: pause.by.clone(),
                since: Some(pause.at),
                draining: drain.map(|drain| drain.left),
                told: format!("{}{}", pause.scope, told.unwrap_or_default()),
            }
        };
        Self { rows: paused.iter().map(row).collect(), now }
    }
}

impl View for PausedParts {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows = self.rows.iter().map(|row| {
            [
                row.told.as_str().into(),
                row.by.as_str().into(),
                ago(self.now, row.since.map(Into::into)).into(),
            ]
        });
        table(out, [Column::whole("PAUSED"), Column::text("BY"), Column::whole("SINCE")], rows)
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
