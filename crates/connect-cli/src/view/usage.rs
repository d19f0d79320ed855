//! Usage files and their records.

use std::io::{self, Write};

use anstyle::Style;
use connect_model::{
    ConnectionType, UsageFile, UsageFileStatus, UsageRecord, UsageRecordStatus, created_at,
};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Number;
use usage_sheet::RecordError;

use super::list::TableRow;
use super::table::{Cell, Column, table};
use super::time::ago;
use super::{BAD, GOOD, OPEN, facts, ids, named};
use crate::printer::View;

impl TableRow<7> for UsageFile {
    const COLUMNS: [Column; 7] = [
        Column::whole("FILE"),
        Column::whole("STATUS"),
        Column::text("NAME"),
        Column::whole("PERIOD"),
        Column::whole("RECORDS"),
        Column::text("PRODUCT").expendable(2),
        Column::whole("CREATED").expendable(1),
    ];

    fn cells(&self, now: Timestamp) -> [Cell; 7] {
        [
            self.id.as_str().into(),
            Cell::styled(self.status.as_str(), colour(&self.status)),
            self.name.clone().unwrap_or_default().into(),
            period(self).into(),
            self.stats.uploaded.to_string().into(),
            named(self.product.as_ref()).into(),
            ago(now, created_at(&self.events)).into(),
        ]
    }
}

/// One usage file.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct UsageFileDetails {
    pub(crate) file: UsageFile,
    #[serde(skip)]
    pub(crate) now: Timestamp,
}

impl View for UsageFileDetails {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let file = &self.file;
        let text = |name: &str| {
            file.rest.get(name).and_then(|it| it.as_str()).unwrap_or_default().to_owned()
        };
        let contract = file.contract.as_ref();
        let contract = contract.filter(|_| file.environment != ConnectionType::Preview);
        let all = [
            ("file", file.id.to_string()),
            ("status", file.status.to_string()),
            ("why", file.error_detail.clone().unwrap_or_default()),
            ("name", file.name.clone().unwrap_or_default()),
            ("external id", file.external_id.clone()),
            ("product", named(file.product.as_ref())),
            ("contract", named(contract)),
            ("environment", file.environment.to_string()),
            ("period", period(file)),
            ("schema", file.schema.to_string()),
            ("currency", file.currency.clone().unwrap_or_default()),
            ("records", self.records()),
            ("accepted with", text("acceptance_note")),
            ("rejected with", file.rejection_note.clone().unwrap_or_default()),
            ("created", ago(self.now, created_at(&file.events))),
        ];
        facts(out, &all)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, [self.file.id.as_str()])
    }
}

impl UsageFileDetails {
    /// Says how far the records have come; nothing of a file without any.
    fn records(&self) -> String {
        let stats = &self.file.stats;
        let wrong = stats.uploaded.saturating_sub(stats.validated);
        let counts = [
            (stats.uploaded, "uploaded"),
            (wrong, "wrong"),
            (stats.pending, "pending"),
            (stats.accepted, "accepted"),
            (stats.closed, "closed"),
            (stats.billed, "billed"),
        ];
        let there = counts.into_iter().filter(|(count, _)| *count > 0);
        there.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    }
}

/// The wrong records of a file.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct UsageErrors {
    rows: Vec<WrongRecord>,
}

#[derive(Serialize)]
struct WrongRecord {
    record_id: Box<str>,
    error: Box<str>,
}

impl UsageErrors {
    pub(crate) fn of(errors: Vec<RecordError>) -> Self {
        let rows = errors.into_iter();
        let rows = rows.map(|RecordError { record_id, error }| WrongRecord { record_id, error });
        Self { rows: rows.collect() }
    }
}

impl View for UsageErrors {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        const COLUMNS: [Column; 2] = [Column::whole("RECORD"), Column::whole("WHAT IS WRONG")];
        let rows = self.rows.iter().map(|row| [(&*row.record_id).into(), (&*row.error).into()]);
        table(out, COLUMNS, rows)
    }

    fn quiet(&self, out: &mut dyn Write) -> io::Result<()> {
        ids(out, self.rows.iter().map(|row| &*row.record_id))
    }
}

impl TableRow<6> for UsageRecord {
    const COLUMNS: [Column; 6] = [
        Column::whole("RECORD"),
        Column::whole("STATUS"),
        Column::whole("SUBSCRIPTION"),
        Column::text("ITEM"),
        Column::whole("QUANTITY"),
        Column::whole("AMOUNT").expendable(1),
    ];

    fn cells(&self, _: Timestamp) -> [Cell; 6] {
        let asset = self.asset.as_ref().map(|asset| asset.id.to_string());
        [
            self.id.as_str().into(),
            Cell::styled(self.status.as_str(), colour_of_record(&self.status)),
            asset.unwrap_or_default().into(),
            named(self.item.as_ref()).into(),
            number(self.usage.as_ref()).into(),
            number(self.amount.as_ref()).into(),
        ]
    }
}

fn number(number: Option<&Number>) -> String {
    number.map(ToString::to_string).unwrap_or_default()
}

fn period(file: &UsageFile) -> String {
    format!("{} to {}", file.period.from, file.period.to)
}

fn colour(status: &UsageFileStatus) -> Style {
    match status {
        UsageFileStatus::Ready | UsageFileStatus::Accepted | UsageFileStatus::Closed => GOOD,
        UsageFileStatus::Invalid | UsageFileStatus::Rejected => BAD,
        _ => OPEN,
    }
}

fn colour_of_record(status: &UsageRecordStatus) -> Style {
    match status {
        UsageRecordStatus::Invalid | UsageRecordStatus::Rejected => BAD,
        _ => GOOD,
    }
}
