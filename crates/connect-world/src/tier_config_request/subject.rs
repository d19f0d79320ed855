//! A request for a tier configuration with what it is about.

use std::sync::Arc;

use connect_model::lifecycle::{Caller, Operation, tier_config_request as lifecycle};

use crate::actor::Actor;
use crate::denial::Denial;
use crate::party::record::NO_CONNECTION;
use crate::product::record::ProductRecord;
use crate::product::scope::ProductScope;
use crate::row::Params;
use crate::state::State;
use crate::tier_config::record::TierConfigRecord;
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

    /// Returns an actor in the words of the lifecycle tables.
    pub(crate) fn caller(&self, who: &Actor) -> Caller {
        who.caller(self.config.key.connection == *NO_CONNECTION)
    }

    /// Returns the values of other configurations of the level.
    pub(crate) fn values_beside<'w>(
        &'w self,
        state: &'w State,
    ) -> impl Iterator<Item = &'w Params> + Clone {
        let TierConfigRecord { id, key, .. } = &*self.config;
        state.tier_values_beside(&key.product, key.level, id)
    }

    /// Refuses what the platform does not accept now.
    pub(crate) fn must_allow(&self, who: &Actor, operation: Operation) -> Result<(), Denial> {
        let allowed = lifecycle::allow(&self.request.status, operation, self.caller(who))?;
        allowed.with(|capability| self.product.is_on(capability))?;
        Ok(())
    }
}
