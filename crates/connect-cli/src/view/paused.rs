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
    /// The account, of a program that has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    paused: String,
    by: String,
    #[serde(serialize_with = "to_second")]
    since: Option<Timestamp>,
}

impl PausedParts {
    /// What is paused, each with the account that it is of, if a program has several.
    pub(crate) fn of(paused: &[(Option<String>, Pause)], now: Timestamp) -> Self {
        let row = |(account, pause): &(Option<String>, Pause)| Row {
            account: account.clone(),
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
                row.account.as_deref().unwrap_or_default().into(),
                row.paused.as_str().into(),
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
