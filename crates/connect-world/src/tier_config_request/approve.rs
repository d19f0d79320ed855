//! The approval of requests for tier configurations.

use bytes::Bytes;
use connect_model::{DateTime, RequestStatus, Template, TemplateId, TemplateType};
use serde::Serialize;
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::denial::Denial;
use crate::read::json;
use crate::refusal_text::REQUIRED;
use crate::render::fill_for_tier_config_request;
use crate::request::params;
use crate::state::State;
use crate::tier_config_request::subject::Subject;
use crate::tier_config_request::turn::turn;

/// The most characters of a text in place of a template, far beyond what anybody reads.
const LONGEST_TEXT: usize = 1_000_000;

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

/// The answer: the template that is shown, not the request.
#[derive(Serialize)]
struct Approval<'w> {
    template: TemplateText<'w>,
    effective_date: DateTime,
}

#[derive(Serialize)]
struct TemplateText<'w> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'w TemplateId>,
    representation: &'w str,
}

pub(crate) fn approve(
    state: &mut State,
    who: &Actor,
    subject: &Subject,
    body: &Value,
) -> Result<Bytes, Denial> {
    let effective_date = effective_date(body)?.unwrap_or(state.now);
    let Activation { template, markdown } = subject.activation(body)?;
    params::must_be_fulfilled(&subject.scope(), &subject.request.params)?;
    let tile = template.is_none().then(|| markdown.as_str().into());
    turn(state, who.signature(), subject, &RequestStatus::Approved, |request| {
        request.effective_date = Some(effective_date);
        request.template.clone_from(&template);
        request.tile = tile;
    });
    let representation = &fill_for_tier_config_request(state, &subject.request.id, &markdown, &[]);
    let template = TemplateText { id: template.as_ref(), representation };
    json(&Approval { template, effective_date })
}

/// Returns the date since which it holds. The document has it inside the template, and toolkits
/// beside it.
fn effective_date(body: &Value) -> Result<Option<DateTime>, Denial> {
    let outside = body::instant(body, "effective_date")?;
    let inside = body::instant(body, "template.effective_date")?;
    Ok(outside.or(inside))
}

impl Subject {
    fn activation(&self, body: &Value) -> Result<Activation, Denial> {
        body::must_be_object(body, "template")?;
        let turn = TemplateType::Fulfillment;
        for path in ["template.id", "template.representation"] {
            body::text_within(body, path, LONGEST_TEXT)?;
        }
        let (found, why) = match body::filled(body, "template.id") {
            Some(id) => (self.scope().template(&id, &turn), "Template does not exist."),
            None => match body::filled(body, "template.representation") {
                Some(markdown) => return Ok(Activation { template: None, markdown }),
                None => (self.scope().default_template(&turn), REQUIRED),
            },
        };
        found.map(Activation::of).ok_or_else(|| Denial::invalid(format!("template.id: {why}")))
    }
}
