//! What can be done to billing requests.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::BillingRequestId;
use serde_json::Value;

use crate::actor::Actor;
use crate::billing_request::attributes::written;
use crate::billing_request::create::create;
use crate::billing_request::listed::{BillingRequests, visible};
use crate::billing_request::record::{BillingRequestRecord, Moment};
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::listed::Look;
use crate::read::json;
use crate::shown::Shown;
use crate::state::State;

/// A command on billing requests.
#[derive(Clone, Debug, PartialEq)]
pub enum BillingRequestCommand {
    /// `POST /subscriptions/requests`.
    Create {
        /// The body.
        body: Value,
    },
    /// `PUT /subscriptions/requests/{id}/attributes`.
    UpdateAttributes {
        /// The request.
        id: BillingRequestId,
        /// The body.
        body: Value,
    },
}

impl CarryOut for BillingRequestCommand {
    fn body(&self) -> Option<&Value> {
        let (Self::Create { body } | Self::UpdateAttributes { body, .. }) = self;
        Some(body)
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Create { body } => {
                let id = create(state, who, &body)?;
                let look = Look::now(state, who)?;
                let shown = BillingRequests::one(look, &(), id.as_str())?;
                json(&shown).map(ObjectChange::created)
            }
            Self::UpdateAttributes { id, body } => {
                update(state, who, &id, &body).map(ObjectChange::changed)
            }
        }
    }
}

/// Writes the attributes of the caller's side, and returns those of both. Clients send them alone,
/// or as the request has them: in `attributes`.
fn update(
    state: &mut State,
    who: &Actor,
    id: &BillingRequestId,
    body: &Value,
) -> Result<Bytes, Denial> {
    body::must_be_object(body, "attributes")?;
    let (request, caller) = visible(Look::now(state, who)?, id.as_str())?;
    let request = Arc::clone(request);
    let given = body.get("attributes").filter(|given| given.is_object()).unwrap_or(body);
    let attributes = written(&request.attributes, given, caller)?;
    let updated = Moment { at: state.now, by: who.signature() };
    let shown = json(&attributes)?;
    state.change::<BillingRequestRecord>(id, |request| {
        request.attributes = attributes;
        request.updated = updated;
    });
    Ok(shown)
}
