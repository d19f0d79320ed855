//! Records of usage as the world keeps them: by the block, because a file may have 250,000.

use connect_model::{
    AssetId, DateTime, ItemId, UsageFileId, UsageRecordId, UsageRecordStatus, UsageRow, UserId,
};
use serde::{Deserialize, Serialize};

use crate::table::Record;

/// The records of a block: as many as are written to disk when one of them changes.
const BLOCK: usize = 250;

/// Some of the records of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UsageBlock {
    pub(crate) file: UsageFileId,
    /// The place of the block among those of the file.
    pub(crate) number: usize,
    pub(crate) records: Vec<UsageRecord>,
}

/// A record of usage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UsageRecord {
    /// The row of the sheet.
    pub(crate) row: UsageRow,
    pub(crate) status: UsageRecordStatus,
    /// The item that the row means; none of a wrong row, and of an item that the product lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) item: Option<ItemId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) asset: Option<AssetId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) closing: Option<Box<Closing>>,
}

/// The end of a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Closing {
    pub(crate) at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<UserId>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) billing_id: Box<str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) billing_note: Box<str>,
}

impl Closing {
    /// Returns an end without a bill.
    pub(crate) fn plain(at: DateTime, by: Option<UserId>) -> Self {
        Self { at, by, billing_id: Box::default(), billing_note: Box::default() }
    }
}

impl UsageRecord {
    /// Closes the record.
    pub(crate) fn close(&mut self, closing: Closing) {
        self.status = UsageRecordStatus::Closed;
        self.closing = Some(Box::new(closing));
    }
}

/// The place of a record: its block, and where it stands there.
pub(crate) struct RecordPlace {
    pub(crate) block: String,
    pub(crate) at: usize,
}

impl UsageBlock {
    /// Cuts the records of a file into blocks.
    pub(crate) fn cut(file: &UsageFileId, records: Vec<UsageRecord>) -> Vec<Self> {
        let mut left = records.into_iter().peekable();
        let mut blocks = Vec::new();
        while left.peek().is_some() {
            let records = left.by_ref().take(BLOCK).collect();
            blocks.push(Self { file: file.clone(), number: blocks.len(), records });
        }
        blocks
    }

    /// Returns the ids of the blocks of a file with so many records, in their order.
    pub(crate) fn ids(file: &UsageFileId, records: usize) -> impl Iterator<Item = String> {
        (0..records.div_ceil(BLOCK)).map(|number| id(file, number))
    }

    /// Returns the id of the record that stands at a place of the block.
    pub(crate) fn record_id(&self, at: usize) -> UsageRecordId {
        UsageRecordId::of(&self.file, self.number * BLOCK + at + 1)
    }
}

impl RecordPlace {
    /// Returns the place of the record with an id; none of an id that is none.
    pub(crate) fn of(id: &UsageRecordId) -> Option<(UsageFileId, Self)> {
        let (file, counter) = id.parts()?;
        let counter = counter.checked_sub(1)?;
        let block = self::id(&file, counter / BLOCK);
        Some((file, Self { block, at: counter % BLOCK }))
    }
}

fn id(file: &UsageFileId, number: usize) -> String {
    format!("{file}/{number}")
}

impl Record for UsageBlock {
    type Id = String;
    fn id(&self) -> String {
        id(&self.file, self.number)
    }
}
