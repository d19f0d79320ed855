//! The turns of a request for a tier configuration: from its first status to its last.

use std::sync::Arc;

use connect_model::{RequestStatus, TierConfigRequestId, UserId};

use crate::actor::Actor;
use crate::conversation::turn::say_turn;
use crate::course::Turn;
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::product::scope::ProductScope;
use crate::row::Params;
use crate::state::State;
use crate::tier_config::record::TierConfigRecord;
use crate::tier_config_request::conclude::conclude;
use crate::tier_config_request::record::TierConfigRequestRecord;

/// A request with what it is about, as they were before the operation.
pub(crate) struct Subject {
    pub(crate) request: Arc<TierConfigRequestRecord>,
    pub(crate) config: Arc<TierConfigRecord>,
    pub(crate) product: Arc<ProductRecord>,
}

impl Subject {
    pub(crate) fn find(state: &State, id: &str) -> Option<Self> {
        let request = Arc::clone(state.tier_config_requests.get(id)?);
        let config = Arc::clone(state.tier_configs.get(request.config.as_str())?);
        let product = Arc::clone(state.shared.product(config.key.product.as_str())?);
        Some(Self { request, config, product })
    }

    /// Returns a request that the caller may see. A form's code opens one request to anybody.
    pub(crate) fn seen_by(
        state: &State,
        who: &Actor,
        id: &str,
        code: Option<&str>,
    ) -> Result<Self, Denial> {
        let subject = Self::find(state, id).ok_or_else(Denial::not_found)?;
        let key = &subject.config.key;
        match who {
            Actor::Token(token)
                if !state.shared.may_see(token, key.product.as_str(), &key.connection) =>
            {
                return Err(Denial::not_found());
            }
            Actor::Customer if code.is_none() => return Err(Denial::forbidden()),
            _ => {}
        }
        if code.is_some() && code != subject.request.form_code.as_deref() {
            return Err(Denial::forbidden());
        }
        Ok(subject)
    }

    /// Returns the parameters and templates of the request's level.
    pub(crate) fn scope(&self) -> ProductScope<'_> {
        self.product.for_tier(self.config.key.level)
    }
}

/// Takes a request to another status, with all that goes with it: its template, the reseller's
/// form, a message in its conversation, and its configuration when it is over. It is signed by who
/// did it; by nobody, when it is the platform itself.
pub(crate) fn turn(
    state: &mut State,
    by: Option<UserId>,
    subject: &Subject,
    to: &RequestStatus,
    write: impl FnOnce(&mut TierConfigRequestRecord),
) {
    let turn = Turn { to: to.clone(), at: state.now, by };
    let form_code = (*to == RequestStatus::Inquiring).then(|| state.numbers.code());
    let template = subject.scope().template_at(to);
    state.change::<TierConfigRequestRecord>(&subject.request.id, |request| {
        request.status = to.clone();
        request.turns.push(turn);
        request.form_code = form_code;
        request.template = template.or(request.template.take());
        write(request);
    });
    say_turn(state, &subject.request.conversation, to.clone());
    if to.is_final() {
        conclude(state, &subject.request.id);
    }
}

/// Replaces the values of a request.
pub(crate) fn write_params(state: &mut State, id: &TierConfigRequestId, params: Params) {
    state.change::<TierConfigRequestRecord>(id, |request| request.params = params);
}
