//! Reconciliations as the world keeps them.

use connect_model::{DateTime, UsageFileId, UserId};
use serde::{Deserialize, Serialize};

use crate::table::Record;

/// A sheet that closed records of an accepted file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reconciliation {
    pub(crate) file: UsageFileId,
    /// Its place among those of the file, from 1.
    pub(crate) number: usize,
    /// The chunk that its records are of, when all are of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) chunk: Option<String>,
    /// The vendor's ids of the records, as the sheet had them.
    pub(crate) records: Box<[Box<str>]>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) note: Box<str>,
    pub(crate) at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<UserId>,
}

impl Record for Reconciliation {
    type Id = String;
    /// Connect's own shape is not known: `URF-`, the digits of the file, and a number.
    fn id(&self) -> String {
        let digits = self.file.as_str().trim_start_matches("UF-");
        format!("URF-{digits}-{:03}", self.number)
    }
}
