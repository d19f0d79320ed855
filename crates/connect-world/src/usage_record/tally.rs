//! The count of how far the records of a file have come.

use connect_model::{UsageRecordStatus, UsageStats};
use serde::{Deserialize, Serialize};

use crate::usage_record::record::UsageRecord;

/// The number of a file's records in each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tally {
    pub(crate) valid: usize,
    pub(crate) invalid: usize,
    pub(crate) approved: usize,
    pub(crate) rejected: usize,
    pub(crate) closed: usize,
    /// Those of the closed ones that have the id of a bill.
    pub(crate) billed: usize,
}

impl Tally {
    pub(crate) fn is_empty(&self) -> bool {
        self.all() == 0
    }

    pub(crate) fn all(&self) -> usize {
        self.valid + self.invalid + self.approved + self.rejected + self.closed
    }

    /// Returns how many records have come how far; the valid ones are pending where the distributor is
    /// to decide. One that went on counts as having been there.
    pub(crate) fn stats(&self, is_pending: bool) -> UsageStats {
        let count = |number: usize| number as u64;
        UsageStats {
            uploaded: count(self.all()),
            validated: count(self.all() - self.invalid),
            pending: count(if is_pending { self.valid } else { 0 }),
            accepted: count(self.approved + self.closed),
            closed: count(self.closed),
            billed: count(self.billed),
        }
    }

    fn of(&mut self, status: &UsageRecordStatus) -> Option<&mut usize> {
        match status {
            UsageRecordStatus::Valid => Some(&mut self.valid),
            UsageRecordStatus::Invalid => Some(&mut self.invalid),
            UsageRecordStatus::Approved => Some(&mut self.approved),
            UsageRecordStatus::Rejected => Some(&mut self.rejected),
            UsageRecordStatus::Closed => Some(&mut self.closed),
            _ => None,
        }
    }

    pub(crate) fn add(&mut self, record: &UsageRecord) {
        self.of(&record.status).into_iter().for_each(|count| *count += 1);
        self.billed += usize::from(record.is_billed());
    }

    pub(crate) fn take(&mut self, record: &UsageRecord) {
        self.of(&record.status).into_iter().for_each(|count| *count -= 1);
        self.billed -= usize::from(record.is_billed());
    }
}

impl UsageRecord {
    fn is_billed(&self) -> bool {
        self.closing.as_ref().is_some_and(|closing| !closing.billing_id.is_empty())
    }
}
