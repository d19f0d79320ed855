//! Approve: which template the customer sees, and since when it holds.

use askama::Template;
use connect_model::lifecycle::asset_request::is_needed_to_approve;
use connect_model::{Parameter, TemplateType};
use connect_world::Denial;
use serde_json::Value;

use super::edit;
use super::family::Family;
use super::field::{FieldKind, ParameterField};
use super::parts::Parts;
use super::subject::Subject;
use super::templates::{choices, of_product};
use crate::ui::fields::Fields;
use crate::ui::kit::{Choice, Html};
use crate::ui::markdown;
use crate::ui::page::ErrorPage;
use crate::ui::secrets::masked;
use crate::ui::visitor::Visitor;

#[derive(Template)]
#[template(path = "request/approve.html")]
struct Form<'a> {
    /// The parameters that approval needs and nobody has filled in yet.
    parameters: Vec<ParameterField>,
    templates: Vec<Choice>,
    /// The date that was typed.
    effective_date: &'a str,
}

/// The chosen template with the request's values, as HTML.
#[derive(Template)]
#[template(path = "request/preview.html")]
struct Preview {
    asked: &'static str,
    text: String,
}

pub(super) async fn parts<F: Family>(
    visitor: &Visitor,
    subject: &Subject<F>,
    fields: &Fields,
) -> Result<Parts, ErrorPage> {
    let texts = of_product(visitor, subject, &TemplateType::Fulfillment).await?;
    let wanted = fields.text("template_id");
    let chosen = texts.iter().find(|text| text.id == *wanted).or(texts.first());
    let missing = missing(subject).into_iter().map(|field| field.typed(fields));
    let parameters: Vec<ParameterField> = missing.collect();
    let typed = parameters.iter().filter(|field| !field.value.is_empty());
    let typed: Vec<_> = typed.map(|it| (it.key.clone(), it.value.clone())).collect();
    let preview = match chosen {
        Some(text) => {
            let (id, params) = (subject.request.id(), subject.request.params());
            masked(visitor.text_with(&text.id, id, &typed).await, id, params, visitor)
        }
        None => String::new(),
    };
    let form = Form {
        parameters,
        templates: choices(&texts, chosen),
        effective_date: fields.text("effective_date"),
    };
    let below = match preview.trim() {
        "" => Html::default(),
        _ => Html::of(&Preview { asked: F::ASKED, text: markdown::html(&preview) }),
    };
    Ok(Parts { fields: Html::of(&form), below, is_useless: false })
}

/// Writes the values that approval needs, and returns the body of the approval.
pub(super) async fn body<F: Family>(
    visitor: &Visitor,
    subject: &Subject<F>,
    fields: &Fields,
) -> Result<Value, Denial> {
    edit::write(visitor, subject, &missing(subject), fields).await?;
    Ok(F::approval(fields.text("template_id"), fields.text("effective_date")))
}

/// Returns the parameters that approval needs and that have no value.
fn missing<F: Family>(subject: &Subject<F>) -> Vec<ParameterField> {
    let is_missing = |it: &&Parameter| {
        let phase = it.phase.as_ref();
        it.is_empty() && phase.is_some_and(|phase| is_needed_to_approve(phase, it.is_required()))
    };
    subject.request.params().iter().filter(is_missing).map(ParameterField::new).collect()
}
