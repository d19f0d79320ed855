//! The logs of a story, as plain values.

use connect_emulator::Activity;
use connect_journal::{Fact, HistoryEntry, Journal, JournalError, RunFilter, RunView, StepResult};
use connect_model::RequestStatus;
use http::Method;
use jiff::Timestamp;
use serde_json::Value;

use crate::vendor::VendorCall;

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

impl Evidence {
    /// What a vendor's calls say of the only request of a story. What a call's key does not tell, is
    /// that request's; a key that names another one is kept, so that it is seen.
    pub(crate) fn of(id: &str, status: &RequestStatus, body: &Value, calls: &[VendorCall]) -> Self {
        let about = |what: &str| body[what]["id"].as_str().map(ToOwned::to_owned);
        let tenant = about("asset").or_else(|| about("configuration")).or_else(|| about("account"));
        let tenant = tenant.unwrap_or_default();
        let effects = calls.iter().filter(|call| call.is_effect());
        let effects = effects.map(|call| effect(call, id, &tenant)).collect();
        let seen = SeenRequest {
            id: id.to_owned(),
            status: status.clone(),
            tenant: Some(tenant),
            needs: Vec::new(),
            may: None,
            steps: Vec::new(),
        };
        Self {
            now: Timestamp::UNIX_EPOCH,
            requests: vec![seen],
            vanished: Vec::new(),
            approvals: Vec::new(),
            effects,
            runs: Vec::new(),
        }
    }

    /// Returns what the approval of the only request of a story rests on: the operations at the
    /// vendor's, and the steps on record. Both are empty when it was not approved.
    #[must_use]
    pub fn basis(&self) -> (Vec<String>, Vec<String>) {
        if !self.requests.iter().all(|request| request.status.is_granted()) {
            return Default::default();
        }
        let effects = self.effects.iter().map(|effect| effect.operation.clone());
        let facts = self.runs.iter().flat_map(|run| &run.history);
        let steps = facts.filter_map(|event| match &event.fact {
            Fact::Recorded { step, result: StepResult::Done(_), .. } => Some(step.to_string()),
            _ => None,
        });
        (effects.collect(), steps.filter(|step| !step.starts_with('@')).collect())
    }
}

fn effect(call: &VendorCall, request: &str, tenant: &str) -> VendorEffect {
    VendorEffect {
        key: call.key.clone().filter(|key| key.contains(':')),
        request: Some(request.to_owned()),
        tenant: tenant.to_owned(),
        operation: call.operation(),
        role: match call.method {
            Method::POST => EffectRole::Makes,
            Method::DELETE => EffectRole::Removes,
            _ => EffectRole::Changes,
        },
        span: call.span,
    }
}

/// A request at the end of the story.
#[derive(Clone, Debug)]
pub struct SeenRequest {
    /// Its id.
    pub id: String,
    /// Its status.
    pub status: RequestStatus,
    /// The vendor's tenant it is about, when it is one.
    pub tenant: Option<String>,
    /// The operations at the vendor's that its approval rests on, one for each time.
    pub needs: Vec<String>,
    /// Other operations that may be done for it, such as those that take something back; `None`
    /// lets any be.
    pub may: Option<Vec<String>>,
    /// The steps that have to be on record before its approval, where they are known.
    pub steps: Vec<String>,
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
    /// The request, where another evidence than the key says so.
    pub request: Option<String>,
    /// The tenant.
    pub tenant: String,
    /// The operation on it.
    pub operation: String,
    /// What it does to the tenant.
    pub role: EffectRole,
    /// The times at which it began and ended, in any unit of the vendor's own.
    pub span: (u64, u64),
}

/// What an effect does to a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectRole {
    /// It was not there before.
    Makes,
    /// It is another than before.
    Changes,
    /// It is not there any more.
    Removes,
}

/// A run as the journal shows it, and as its history tells it.
#[derive(Clone, Debug)]
pub struct RunSeen {
    /// The live state.
    pub view: RunView,
    /// All its events.
    pub history: Vec<HistoryEntry>,
}

/// Returns the approvals that came in through the platform's door and were carried out, whatever was
/// answered.
#[must_use]
pub fn approvals(activity: &Activity) -> Vec<SeenApproval> {
    let calls = activity.since(0);
    calls
        .iter()
        .filter(|call| ["/approve", "/accept"].iter().any(|it| call.uri.path().ends_with(it)))
        .filter(|call| call.carried_out().is_some_and(|status| status.is_success()))
        .filter_map(|call| Some(SeenApproval { request: call.object()?.to_owned(), at: call.at }))
        .collect()
}

/// All runs of a journal.
///
/// # Errors
///
/// When the journal cannot be read.
pub async fn runs(journal: &dyn Journal) -> Result<Vec<RunSeen>, JournalError> {
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
