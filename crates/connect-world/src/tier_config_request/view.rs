//! A request for a tier configuration as the platform shows it.

use bytes::Bytes;
use connect_model::{
    DateTime, RequestStatus, ServiceLevel, TierConfigRequestId, TierConfigRequestType,
};
use serde::Serialize;

use crate::actor::{Actor, Side};
use crate::denial::Denial;
use crate::product::view::TemplateRef;
use crate::query::select::Selection;
use crate::read::json;
use crate::state::State;
use crate::tier_config::record::{TierConfigKey, TierConfigRecord};
use crate::tier_config::view::{ResellersView, TierConfigParts, TierConfigView};
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::view::IdView;
use crate::view::course::{EventsView, PersonView};
use crate::view::param::ParamsView;

/// A request with its configuration as it is.
#[derive(Serialize)]
pub(crate) struct TierConfigRequestView<'w> {
    id: &'w TierConfigRequestId,
    #[serde(rename = "type")]
    kind: &'w TierConfigRequestType,
    status: &'w RequestStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration: Option<TierConfigView<'w>>,
    parent_configuration: Option<TierConfigView<'w>>,
    previous_approved_request: Option<IdView<'w>>,
    params: ParamsView<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee: Option<PersonView<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    template: Option<TemplateRef<'w>>,
    reason: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    activation: Option<FormView>,
    notes: &'w str,
    environment: &'w str,
    effective_date: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tiers: Option<ResellersView<'w>>,
    events: EventsView<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sli: Option<ServiceLevel>,
}

#[derive(Serialize)]
struct FormView {
    link: String,
}

/// The parts of a request that are shown.
#[derive(Clone, Copy)]
pub(crate) struct TierConfigRequestParts {
    configuration: Option<TierConfigParts>,
    tiers: bool,
}

impl TierConfigRequestParts {
    /// Returns the parts as `select(…)` of `/tier/config-requests` has them.
    pub(crate) fn of(selection: &Selection) -> Self {
        let configuration = TierConfigParts {
            params: !selection.removes("configuration.params"),
            configuration: !selection.removes("configuration.configuration"),
            capabilities: selection.adds("configuration.product.capabilities"),
            tiers: false,
            side: None,
        };
        Self {
            configuration: (!selection.removes("configuration")).then_some(configuration),
            tiers: !selection.removes("tiers"),
        }
    }

    /// Returns the same with the configured values that a vendor sees.
    pub(crate) fn for_vendor(self) -> Self {
        let side = Some(Side::Vendor);
        let configuration = self.configuration.map(|parts| TierConfigParts { side, ..parts });
        Self { configuration, ..self }
    }

    /// Returns the same with the configured values that a caller sees.
    pub(crate) fn for_caller(self, who: &Actor) -> Self {
        let configuration = self.configuration.map(|parts| parts.for_caller(who));
        Self { configuration, ..self }
    }
}

impl Default for TierConfigRequestParts {
    fn default() -> Self {
        Self::of(&Selection::default())
    }
}

impl<'w> TierConfigRequestView<'w> {
    /// Returns a request as it is shown at a moment.
    ///
    /// # Errors
    ///
    /// When the world lacks what it is about.
    pub(crate) fn new(
        (state, now): (&'w State, DateTime),
        request: &'w TierConfigRequestRecord,
        parts: TierConfigRequestParts,
    ) -> Result<Self, Denial> {
        let config = state.tier_configs.get(request.config.as_str());
        let config = config.ok_or_else(Denial::not_found)?;
        let product = state.shared.product(config.key.product.as_str());
        let product = product.ok_or_else(Denial::not_found)?;
        let view = |config, parts| TierConfigView::new(state, config, parts);
        let whole = TierConfigRequestParts::default().configuration.zip(above(state, config));
        let link = state.form_url(request.course());
        Ok(Self {
            id: &request.id,
            kind: &request.kind,
            status: &request.status,
            configuration: parts.configuration.map(|parts| view(config, parts)).transpose()?,
            parent_configuration: whole.map(|(parts, above)| view(above, parts)).transpose()?,
            previous_approved_request: request.previous_approved.as_ref().map(IdView::of),
            params: ParamsView { rows: &request.params, scope: product.for_tier(config.key.level) },
            assignee: request
                .assignee
                .as_ref()
                .map(|id| PersonView::new(id, &state.shared.parties)),
            template: request.template.as_ref().map(|id| TemplateRef::new(id, product)),
            reason: request.reason.as_deref(),
            activation: (!link.is_empty()).then_some(FormView { link }),
            notes: &request.notes,
            environment: state.environment(&config.key.connection),
            effective_date: request.effective_date,
            tiers: parts.tiers.then(|| ResellersView::new(state, &request.tiers, false)),
            events: EventsView { state, course: request.course() },
            sli: state.setting.zones.level(request.course(), now),
        })
    }
}

/// Returns the configuration of the level above, also when the product asks for none any more.
fn above<'w>(state: &'w State, config: &TierConfigRecord) -> Option<&'w TierConfigRecord> {
    let level = config.key.level + 1;
    let account = config.tiers.reseller(level)?.id.clone();
    let key = TierConfigKey { account, level, ..config.key.clone() };
    state.tier_config_for(&key).map(|config| &**config)
}

/// Returns a request as the platform shows it, for those who were let through already.
pub(crate) fn show(state: &State, who: &Actor, id: &TierConfigRequestId) -> Result<Bytes, Denial> {
    let request = state.tier_config_requests.get(id.as_str()).ok_or_else(Denial::not_found)?;
    let parts = TierConfigRequestParts::default().for_caller(who);
    json(&TierConfigRequestView::new((state, state.now), request, parts)?)
}
