//! Approving requests, and what the end of a request does to its asset.

use std::sync::Arc;

use connect_model::lifecycle::asset_request::{self as lifecycle, Verdict};
use connect_model::{
    AssetId, AssetRequestType, RequestId, RequestStatus, TemplateId, TemplateType,
};
use serde_json::Value;

use super::asset::AssetRecord;
use super::operate::Subject;
use super::product::is_for_assets;
use super::request::RequestRecord;
use super::row::{ParamRow, Params};
use super::{Actor, Denied, World, body, params};

/// The text an approval shows: a template, or Markdown of its own.
struct Activation {
    template: Option<TemplateId>,
    markdown: String,
}

impl World {
    pub(super) fn approve(
        &mut self,
        who: &Actor,
        subject: &Subject,
        body: &Value,
    ) -> Result<(), Denied> {
        let effective = body::instant(body, "effective_date")?.unwrap_or(self.now);
        // It would show in the billing view alone, which is not emulated.
        body::instant(body, "asset.billing.next_date")?;
        let activation = subject.activation(body)?;
        params::must_be_fulfilled(&subject.product, &subject.request.params)?;
        self.turn(who, subject, &RequestStatus::Approved, |request| {
            request.effective_date = Some(effective);
            request.template.clone_from(&activation.template);
        });
        self.write_asset(&subject.asset.id, |asset| asset.template = activation.template);
        self.set_activation_key(&subject.request.id, &activation.markdown);
        Ok(())
    }

    /// Fills Markdown with the values of a request and shows it as its activation text.
    pub(super) fn set_activation_key(&mut self, id: &RequestId, markdown: &str) {
        let text = self.fill_for_request(id, markdown);
        self.write_request(id, |request| request.activation_key = text.into());
    }

    /// Lets the end of a request take effect on its asset.
    pub(super) fn conclude(&mut self, id: &RequestId, verdict: Verdict) {
        let Some(request) = self.requests.get(id.as_str()).map(Arc::clone) else { return };
        let Some(asset) = self.assets.get(request.asset.as_str()) else { return };
        let held = Arc::clone(&asset.params);
        let status = lifecycle::on_outcome(&request.kind, verdict, &request.before);
        self.write_asset(&request.asset, |asset| {
            asset.status = status;
            if verdict == Verdict::Approved {
                take_effect(asset, &request);
            }
        });
        if verdict == Verdict::Approved {
            self.carry(&request.asset, &params::edited(&held, &request.params));
        }
    }

    /// Requests that stand beside an approved one, drafts among them, show the values it edited
    /// from then on, so that approving them does not bring the old ones back. Their own edits of
    /// other values stay.
    fn carry(&mut self, asset: &AssetId, edited: &[&ParamRow]) {
        let beside = self.history(asset.as_str()).filter(|request| !request.status.is_final());
        let carried = beside.filter_map(|request| {
            let params = params::overlaid(&request.params, edited);
            (params != request.params).then(|| (request.id.clone(), params))
        });
        let carried: Vec<(RequestId, Params)> = carried.collect();
        for (id, params) in carried {
            self.write_request(&id, |request| request.params = params);
        }
    }
}

fn take_effect(asset: &mut AssetRecord, request: &RequestRecord) {
    asset.approved = Some(request.id.clone());
    asset.params = Arc::clone(&request.params);
    match request.kind {
        AssetRequestType::Purchase | AssetRequestType::Change => {
            asset.items =
                request.items.iter().filter(|row| !row.quantity.is_zero()).cloned().collect();
        }
        AssetRequestType::Transfer => asset.tiers = Arc::clone(&request.tiers),
        _ => {}
    }
}

impl Subject {
    fn activation(&self, body: &Value) -> Result<Activation, Denied> {
        let tile = body::filled(body, "activation_tile");
        match (body::filled(body, "template_id"), tile) {
            (Some(id), _) => self.chosen(&id),
            (None, Some(markdown)) => Ok(Activation { template: None, markdown }),
            (None, None) => self.default_activation(),
        }
    }

    /// The template with an id. Vendors also approve with the id the request already shows, which
    /// is that of the pending template; then the default is meant.
    fn chosen(&self, id: &str) -> Result<Activation, Denied> {
        match self.product.living_template(id) {
            Some(template) if is_for_assets(template, &TemplateType::Fulfillment) => {
                Ok(Activation {
                    template: Some(template.id.clone()),
                    markdown: template.body.clone(),
                })
            }
            Some(template) if self.request.template.as_ref() == Some(&template.id) => {
                self.default_activation()
            }
            _ => Err(Denied::invalid("template_id: Template does not exist.")),
        }
    }

    fn default_activation(&self) -> Result<Activation, Denied> {
        let template = self.product.default_template(&TemplateType::Fulfillment);
        let template =
            template.ok_or_else(|| Denied::invalid("template_id: This field is required."))?;
        Ok(Activation { template: Some(template.id.clone()), markdown: template.body.clone() })
    }
}
