//! The commands on requests for tier configurations.

use connect_model::TierConfigRequestId;
use connect_model::lifecycle::Operation;
use serde_json::Value;

use crate::actor::Actor;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::state::State;
use crate::tier_config_request::abandon::abandon;
use crate::tier_config_request::create::create;
use crate::tier_config_request::operate::operate;

/// A command on requests for tier configurations.
#[derive(Clone, Debug, PartialEq)]
pub enum TierConfigRequestCommand {
    /// `POST /tier/config-requests`.
    Create {
        /// The body.
        body: Value,
    },
    /// Removes a draft, as the platform does by itself in time; nothing of the API.
    Abandon {
        /// The request.
        id: TierConfigRequestId,
    },
    /// `POST /tier/config-requests/{id}/{verb}`, and [`PUT /tier/config-requests/{id}`](Self::update).
    Operate {
        /// The request.
        id: TierConfigRequestId,
        /// The operation; for `PUT` it is `update`.
        operation: Operation,
        /// The body, `null` when there was none.
        body: Value,
        /// The secret code of the inquiring form, from the query.
        code: Option<String>,
    },
}

impl TierConfigRequestCommand {
    /// Returns the command of `PUT /tier/config-requests/{id}`.
    #[must_use]
    pub fn update(id: TierConfigRequestId, body: Value) -> Self {
        Self::Operate { id, operation: Operation::Update, body, code: None }
    }
}

impl CarryOut for TierConfigRequestCommand {
    fn body(&self) -> Option<&Value> {
        match self {
            Self::Create { body } | Self::Operate { body, .. } => Some(body),
            _ => None,
        }
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { body } => create(state, who, &body).map(ObjectChange::created),
            Self::Abandon { id } => abandon(state, who, &id).map(ObjectChange::deleted),
            Self::Operate { id, operation, body, code } => {
                operate(state, who, &id, operation, &body, code.as_deref())
                    .map(ObjectChange::changed)
            }
        }
    }
}
