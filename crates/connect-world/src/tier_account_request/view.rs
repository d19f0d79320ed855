//! A request about a tier account as the platform shows it.

use connect_model::{AccountId, Reference, RequestStatus, TierAccountRequestId};
use serde::Serialize;

use crate::denial::Denial;
use crate::product::view::ProductRef;
use crate::state::State;
use crate::tier_account::record::AccountView;
use crate::tier_account_request::record::TierAccountRequestRecord;
use crate::view::{AtView, Lifespan};

/// A request with its account in the version that it is about.
#[derive(Serialize)]
pub(crate) struct TierAccountRequestView<'w> {
    id: &'w TierAccountRequestId,
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'w RequestStatus,
    account: AccountView<'w>,
    vendor: Reference<AccountId>,
    provider: Reference<AccountId>,
    product: ProductRef<'w>,
    reason: &'w str,
    events: Lifespan<'w>,
}

impl<'w> TierAccountRequestView<'w> {
    /// # Errors
    ///
    /// When the world lacks what it is about.
    pub(crate) fn new(
        state: &'w State,
        request: &'w TierAccountRequestRecord,
    ) -> Result<Self, Denial> {
        let product = state.shared.product(request.product.as_str());
        let product = product.ok_or_else(Denial::not_found)?;
        let record = state.shared.tier_account(&request.account).ok_or_else(Denial::not_found)?;
        let version = record.version(request.account.version).ok_or_else(Denial::not_found)?;
        let parties = &state.shared.parties;
        let vendor = product.owner().cloned().unwrap_or_default();
        Ok(Self {
            id: &request.id,
            kind: "update",
            status: &request.status,
            account: record.show(version).whole(),
            vendor: parties.account_ref(&vendor),
            provider: parties.account_ref(&record.owner),
            product: ProductRef::new(product, false),
            reason: &request.reason,
            events: Lifespan {
                created: AtView::new(request.created, request.creator.as_ref(), parties),
                updated: AtView::new(request.updated, request.answered_by.as_ref(), parties),
            },
        })
    }
}
