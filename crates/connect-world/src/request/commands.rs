//! The commands on fulfillment requests.

use connect_model::RequestId;
use connect_model::lifecycle::Operation;
use serde_json::Value;

use crate::actor::Actor;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::request::abandon::abandon;
use crate::request::create::create_request;
use crate::request::operate::operate;
use crate::state::State;

/// A command on fulfillment requests.
#[derive(Clone, Debug, PartialEq)]
pub enum RequestCommand {
    /// `POST /requests`.
    Create {
        /// The body.
        body: Value,
    },
    /// Removes a draft, as the platform does by itself in time; nothing of the API.
    Abandon {
        /// The request.
        id: RequestId,
    },
    /// `POST /requests/{id}/{verb}`, and [`PUT /requests/{id}`](Self::update).
    Operate {
        /// The request.
        id: RequestId,
        /// The operation; for `PUT` it is `update`.
        operation: Operation,
        /// The body, `null` when there was none.
        body: Value,
        /// The secret code of the inquiring form, from the query.
        code: Option<String>,
    },
}

impl RequestCommand {
    /// Returns the command of `PUT /requests/{id}`.
    #[must_use]
    pub fn update(id: RequestId, body: Value) -> Self {
        Self::Operate { id, operation: Operation::Update, body, code: None }
    }
}

impl CarryOut for RequestCommand {
    fn body(&self) -> Option<&Value> {
        match self {
            Self::Create { body } | Self::Operate { body, .. } => Some(body),
            _ => None,
        }
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { body } => create_request(state, who, &body).map(ObjectChange::created),
            Self::Abandon { id } => abandon(state, who, &id).map(ObjectChange::deleted),
            Self::Operate { id, operation, body, code } => {
                operate(state, who, &id, operation, &body, code.as_deref())
                    .map(ObjectChange::changed)
            }
        }
    }
}
