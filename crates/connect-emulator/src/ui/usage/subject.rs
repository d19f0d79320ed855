//! A record of usage with its file: what the pages and dialogs of records are about.

use connect_model::{UsageFile, UsageRecord, UsageRecordId};
use connect_world::{Collection, Denial};

use super::{RECORDS, file};
use crate::ui::page::ErrorPage;
use crate::ui::visitor::Visitor;

/// A record with its file.
pub(super) struct Subject {
    pub(super) record: UsageRecord,
    pub(super) file: UsageFile,
}

impl Subject {
    pub(super) async fn read(visitor: &Visitor, id: &UsageRecordId) -> Result<Self, ErrorPage> {
        let record: UsageRecord = visitor.read(&Collection::UsageRecords, id.as_str()).await?;
        let missing = || visitor.error_page(Denial::not_found());
        let file = record.usagefile.as_ref().ok_or_else(missing)?;
        let file = file::read(visitor, &file.id).await?;
        Ok(Self { record, file })
    }

    pub(super) fn address(&self) -> String {
        format!("{RECORDS}/{}", self.record.id)
    }
}
