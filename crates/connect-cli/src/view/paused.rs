//! What is paused of what the processors of a journal do.

use std::io::{self, Write};

use connect_processor::Pause;
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
}

impl PausedParts {
    pub(crate) fn of(paused: &[Pause], now: Timestamp) -> Self {
        let row = |pause: &Pause| Row {
            paused: pause.scope.to_string(),
            by: pause.by.clone(),
            since: Some(pause.at),
        };
        Self { rows: paused.iter().map(row).collect(), now }
    }
}

impl View for PausedParts {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows = self.rows.iter().map(|row| {
            [
                row.paused.as_str().into(),
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
