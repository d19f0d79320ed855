//! The logs of a story, as plain values.

use connect_journal::{HistoryEntry, Journal, RunFilter, RunView};
use connect_model::{
    AssetRequestType, RequestStatus, TierAccountRequestType, TierConfigRequestType,
};
use jiff::Timestamp;

/// Everything the oracle judges by.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The end of the story, by the clock of platform and journal.
    pub now: Timestamp,
    /// The requests that were seen pending, as they are at the end.
    pub requests: Vec<SeenRequest>,
    /// Requests that were seen pending and that the platform does not have any more.
    pub vanished: Vec<String>,
    /// Approvals the platform has accepted.
    pub approvals: Vec<SeenApproval>,
    /// The effects on the vendor's system.
    pub effects: Vec<VendorEffect>,
    /// The runs of the journal.
    pub runs: Vec<RunSeen>,
}

/// A request at the end of the story.
#[derive(Clone, Debug)]
pub struct SeenRequest {
    /// Its id.
    pub id: String,
    /// Its type.
    pub kind: SeenType,
    /// Its status.
    pub status: RequestStatus,
    /// The vendor's tenant it is about, when it is one.
    pub tenant: Option<String>,
}

/// The type of a request, whatever its family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeenType {
    /// A purchase of what the vendor has already.
    Migration,
    /// For a subscription.
    Asset(AssetRequestType),
    /// For a reseller's configuration.
    TierConfig(TierConfigRequestType),
    /// About a changed account.
    TierAccount(TierAccountRequestType),
}

/// An approval that the platform accepted.
#[derive(Clone, Debug)]
pub struct SeenApproval {
    /// The request.
    pub request: String,
    /// The time.
    pub at: Timestamp,
}

/// Something that happened on the vendor's system.
#[derive(Clone, Debug)]
pub struct VendorEffect {
    /// The key of the step: the request, a colon, the name of the step.
    pub key: Option<String>,
    /// The tenant.
    pub tenant: String,
    /// The operation on it.
    pub operation: String,
    /// The times at which it began and ended, in microseconds of the vendor's own clock.
    pub span: (u64, u64),
}

/// A run as the journal shows it, and as its history tells it.
#[derive(Clone, Debug)]
pub struct RunSeen {
    /// The live state.
    pub view: RunView,
    /// All its events.
    pub history: Vec<HistoryEntry>,
}

impl From<connect_demo_vendor::Effect> for VendorEffect {
    fn from(effect: connect_demo_vendor::Effect) -> Self {
        Self {
            key: effect.key.map(|key| key.to_string()),
            tenant: effect.tenant.to_string(),
            operation: effect.operation.as_str().to_owned(),
            span: (effect.began_at, effect.ended_at),
        }
    }
}

/// All runs of a journal.
///
/// # Errors
///
/// When the journal cannot be read.
pub async fn runs(journal: &dyn Journal) -> anyhow::Result<Vec<RunSeen>> {
    let mut seen: Vec<RunSeen> = Vec::new();
    loop {
        let after = seen.last().map(|last| last.view.id.clone());
        let page = RunFilter { after, limit: RunFilter::MOST, ..RunFilter::default() };
        let views = journal.runs(&page).await?;
        if views.is_empty() {
            return Ok(seen);
        }
        for view in views {
            let history = journal.history(&view.id, 0..u64::MAX).await?;
            seen.push(RunSeen { view, history });
        }
    }
}
