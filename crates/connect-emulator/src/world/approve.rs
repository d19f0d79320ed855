//! Approving requests, and what the end of a request does to its asset.

use std::sync::Arc;

use connect_model::lifecycle::{self, Verdict};
use connect_model::{
    AssetRequestType, DateTime, RequestId, RequestStatus, TemplateId, TemplateType,
};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
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
        let next_billing = body::instant(body, "asset.billing.next_date")?;
        let activation = subject.activation(body)?;
        params::must_be_fulfilled(&subject.product, &subject.request.params)?;
        self.turn(who, subject, &RequestStatus::Approved, |request| {
            request.effective_date = Some(effective);
            request.template.clone_from(&activation.template);
        });
        self.write_asset(&subject.asset.id, |asset| {
            asset.template = activation.template;
            asset.next_billing = next_billing.or(asset.next_billing);
        });
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
        let status = lifecycle::on_outcome(&request.kind, verdict, &request.before);
        self.write_asset(&request.asset, |asset| {
            asset.status = status;
            if verdict == Verdict::Approved {
                take_effect(asset, &request);
            }
        });
        if verdict == Verdict::Approved && request.kind == AssetRequestType::Adjustment {
            self.carry_adjustment(&request);
        }
    }

    /// A change that is open beside an adjustment shows the adjusted values from then on, so that
    /// approving it does not bring the old ones back.
    fn carry_adjustment(&mut self, adjustment: &RequestRecord) {
        let open: Vec<RequestId> =
            self.open_requests(&adjustment.asset).map(|request| request.id.clone()).collect();
        for id in open {
            self.write_request(&id, |request| {
                request.params = adjusted(&request.params, &adjustment.params);
            });
        }
    }
}

fn adjusted(params: &Params, newer: &Params) -> Params {
    let adjust = |row: &ParamRow| newer.iter().find(|it| it.key == row.key).unwrap_or(row).clone();
    params.iter().map(adjust).collect()
}

fn take_effect(asset: &mut AssetRecord, request: &RequestRecord) {
    asset.approved = Some(request.id.clone());
    asset.params = Arc::clone(&request.params);
    match request.kind {
        AssetRequestType::Purchase | AssetRequestType::Change => {
            asset.items =
                request.items.iter().filter(|row| !row.quantity.is_zero()).cloned().collect();
        }
        AssetRequestType::Renew => asset.renewal = asset.renewal.map(a_year_after),
        AssetRequestType::Transfer => asset.tiers = Arc::clone(&request.tiers),
        _ => {}
    }
}

fn a_year_after(date: DateTime) -> DateTime {
    let zoned = date.timestamp().to_zoned(TimeZone::UTC);
    let later: Result<Timestamp, _> =
        zoned.checked_add(Span::new().years(1)).map(|zoned| zoned.timestamp());
    later.map_or(date, DateTime::from)
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
        let template = self.product.templates.iter().find(|template| template.id == *id);
        match template {
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
