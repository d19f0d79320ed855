//! The approval of requests.

use connect_model::lifecycle::asset_request as lifecycle;
use connect_model::{RequestId, RequestStatus, Template, TemplateId, TemplateType, UserId};
use serde_json::Value;

use crate::actor::Actor;
use crate::asset::record::AssetRecord;
use crate::body;
use crate::denial::Denial;
use crate::render::fill_for_request;
use crate::request::params;
use crate::request::record::RequestRecord;
use crate::request::turn::{Subject, turn};
use crate::state::State;

/// The text an approval shows: a template, or Markdown of its own.
struct Activation {
    template: Option<TemplateId>,
    markdown: String,
}

impl Activation {
    fn of(template: &Template) -> Self {
        Self { template: Some(template.id.clone()), markdown: template.body.clone() }
    }
}

pub(crate) fn approve(
    state: &mut State,
    who: &Actor,
    subject: &Subject,
    body: &Value,
) -> Result<(), Denial> {
    approve_as(state, who.signature(), subject, body)
}

/// Approves a request that needs nobody to decide; one that lacks a value that the vendor owes, or a
/// template, waits for the vendor after all.
pub(crate) fn approve_by_itself(state: &mut State, id: &RequestId) {
    let Some(subject) = Subject::find(state, id) else { return };
    let Subject { request, product, .. } = &subject;
    let waits = request.status == RequestStatus::Pending;
    if waits && lifecycle::approves_itself(&request.kind, |switch| product.is_on(switch)) {
        let _ = approve_as(state, None, &subject, &Value::Null);
    }
}

/// Approves a request in the name of who did it; of nobody, when it is the platform itself.
fn approve_as(
    state: &mut State,
    by: Option<UserId>,
    subject: &Subject,
    body: &Value,
) -> Result<(), Denial> {
    let effective = body::instant(body, "effective_date")?.unwrap_or(state.now);
    let next_bill = body::instant(body, "asset.billing.next_date")?;
    let activation = subject.activation(body)?;
    params::must_be_fulfilled(&subject.product.for_assets(), &subject.request.params)?;
    turn(state, by, subject, &RequestStatus::Approved, |request| {
        request.effective_date = Some(effective);
        request.template.clone_from(&activation.template);
    });
    state.change::<AssetRecord>(&subject.asset.id, |asset| {
        asset.template = activation.template;
        if let Some((dates, next)) = asset.billing.as_mut().zip(next_bill) {
            dates.next = Some(next);
        }
    });
    set_activation_key(state, &subject.request.id, &activation.markdown);
    Ok(())
}

/// Fills Markdown with the values of a request and shows it as its activation text.
pub(crate) fn set_activation_key(state: &mut State, id: &RequestId, markdown: &str) {
    let text = fill_for_request(state, id, markdown, &[]);
    state.change::<RequestRecord>(id, |request| request.activation_key = text.into());
}

impl Subject {
    fn activation(&self, body: &Value) -> Result<Activation, Denial> {
        let tile = body::filled(body, "activation_tile");
        match (body::filled(body, "template_id"), tile) {
            (Some(id), _) => self.chosen(&id),
            (None, Some(markdown)) => Ok(Activation { template: None, markdown }),
            (None, None) => self.default_activation(),
        }
    }

    /// Returns the template with an id. Vendors also approve with the id the request already shows,
    /// which is that of the pending template; then the default is meant.
    fn chosen(&self, id: &str) -> Result<Activation, Denial> {
        if let Some(template) = self.product.for_assets().template(id, &TemplateType::Fulfillment) {
            return Ok(Activation::of(template));
        }
        match self.product.living_template(id) {
            Some(template) if self.request.template.as_ref() == Some(&template.id) => {
                self.default_activation()
            }
            _ => Err(Denial::invalid("template_id: Template does not exist.")),
        }
    }

    fn default_activation(&self) -> Result<Activation, Denial> {
        let template = self.product.for_assets().default_template(&TemplateType::Fulfillment);
        let missing = || Denial::absent("template_id");
        template.map(Activation::of).ok_or_else(missing)
    }
}
