//! The commands on requests about tier accounts.

use connect_model::TierAccountRequestId;
use connect_model::lifecycle::Operation;
use serde_json::Value;

use crate::actor::Actor;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::state::State;
use crate::tier_account_request::create::create;
use crate::tier_account_request::operate::operate;

/// A command on requests about tier accounts.
#[derive(Clone, Debug, PartialEq)]
pub enum TierAccountRequestCommand {
    /// `POST /tier/account-requests`: changes the account, and tells its vendors.
    Create {
        /// The body.
        body: Value,
    },
    /// `POST /tier/account-requests/{id}/{verb}`.
    Operate {
        /// The request.
        id: TierAccountRequestId,
        /// The operation.
        operation: Operation,
        /// The body, `null` when there was none.
        body: Value,
    },
}

impl CarryOut for TierAccountRequestCommand {
    fn body(&self) -> Option<&Value> {
        let (Self::Create { body } | Self::Operate { body, .. }) = self;
        Some(body)
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { body } => create(state, who, &body).map(ObjectChange::created),
            Self::Operate { id, operation, body } => {
                operate(state, who, &id, operation, &body).map(ObjectChange::changed)
            }
        }
    }
}
