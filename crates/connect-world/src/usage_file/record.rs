//! Usage files as the world keeps them.

use connect_model::lifecycle::usage_file::UsageFileOperation as Operation;
use connect_model::{
    AccountId, ContractId, DateTime, MarketplaceId, ProductId, UsageCategory, UsageCellError,
    UsageFileId, UsageFileStatus, UsagePeriod, UsageSchema, UserId,
};
use serde::{Deserialize, Serialize};

use crate::actor::{Side, Token};
use crate::party::record::NO_CONTRACT;
use crate::table::Record;
use crate::usage_record::tally::Tally;

/// A report of usage for a product under a contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UsageFileRecord {
    pub(crate) id: UsageFileId,
    pub(crate) status: UsageFileStatus,
    pub(crate) product: ProductId,
    pub(crate) contract: ContractId,
    pub(crate) marketplace: MarketplaceId,
    /// Who is reported to; nobody on preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<AccountId>,
    /// Who reports.
    pub(crate) vendor: AccountId,
    pub(crate) schema: UsageSchema,
    pub(crate) texts: UsageFileTexts,
    pub(crate) created: DateTime,
    pub(crate) updated: DateTime,
    /// When each thing happened to it last, oldest first.
    pub(crate) moments: Vec<Moment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) acceptance_note: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rejection_note: Option<Box<str>>,
    /// The number of its records in each status.
    #[serde(default, skip_serializing_if = "Tally::is_empty")]
    pub(crate) tally: Tally,
    /// The categories of its sheet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) categories: Vec<UsageCategory>,
    /// The errors of its sheet, in the order of the records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<UsageCellError>,
    /// The secret of the links to its sheets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<Box<str>>,
}

/// What the vendor writes of a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct UsageFileTexts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Box<str>>,
    pub(crate) external_id: Box<str>,
    pub(crate) description: Box<str>,
    pub(crate) note: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) currency: Option<Box<str>>,
    pub(crate) period: UsagePeriod,
}

/// Something that happened to a file, by the platform's word for it among its `events`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Moment {
    pub(crate) word: Box<str>,
    pub(crate) at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<UserId>,
}

impl UsageFileRecord {
    pub(crate) fn is_preview(&self) -> bool {
        self.contract == *NO_CONTRACT
    }

    /// Notes that something happened. When it did before is forgotten.
    pub(crate) fn note(&mut self, moment: Moment) {
        self.moments.retain(|earlier| earlier.word != moment.word);
        self.moments.push(moment);
    }

    /// Returns when its sheet came; before that, when it was made.
    pub(crate) fn uploaded(&self) -> DateTime {
        self.when(Operation::Upload).unwrap_or(self.created)
    }

    fn when(&self, operation: Operation) -> Option<DateTime> {
        let moment = self.moments.iter().find(|it| &*it.word == operation.participle());
        moment.map(|moment| moment.at)
    }

    /// Whether a caller may see it: who reports, and who is reported to once it was submitted.
    pub(crate) fn is_seen_by(&self, token: &Token) -> bool {
        match token.side {
            Side::Vendor => self.vendor == token.account,
            Side::Distributor => {
                self.provider.as_ref() == Some(&token.account)
                    && self.when(Operation::Submit).is_some()
            }
        }
    }
}

impl Record for UsageFileRecord {
    type Id = UsageFileId;
    fn id(&self) -> UsageFileId {
        self.id.clone()
    }
}
