//! The report of one month, for one product under one contract.

use connect_journal::RunId;
use connect_model::{ContractId, NewUsageFile, ProductId};
use serde::{Deserialize, Serialize};

use crate::usage::month::Month;

/// A report that is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UsageTask {
    pub(crate) product: ProductId,
    pub(crate) contract: ContractId,
    pub(crate) month: Month,
}

impl UsageTask {
    /// Returns the id of its run, which is the `external_id` of its file.
    pub(crate) fn id(&self) -> RunId {
        let Self { product, contract, month } = self;
        RunId::from(format!("usage-{product}-{contract}-{month}"))
    }

    /// Returns its lane: reports of a product under a contract are one after the other.
    pub(crate) fn lane(&self) -> String {
        format!("usage-{}-{}", self.product, self.contract)
    }

    /// Returns the file that reports it.
    pub(crate) fn file(&self) -> NewUsageFile {
        let Self { product, contract, month } = self;
        NewUsageFile::new(format!("Usage {month}"), product, contract, month.period())
            .external_id(self.id().as_str())
    }
}
