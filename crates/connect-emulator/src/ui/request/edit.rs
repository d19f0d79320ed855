//! Edit Parameters: the vendor's values, and while it is allowed the customer's.

use askama::Template;
use connect_model::lifecycle::Operation;
use connect_world::Denial;
use serde_json::json;

use super::family::Family;
use super::field::{FieldKind, ParameterField, changes};
use super::parts::Parts;
use super::subject::Subject;
use crate::ui::fields::Fields;
use crate::ui::kit::Html;
use crate::ui::visitor::Visitor;

#[derive(Template)]
#[template(path = "request/edit.html")]
struct Form {
    parameters: Vec<ParameterField>,
}

/// Returns the parameters a visitor may write.
fn parameters<F: Family>(visitor: &Visitor, subject: &Subject<F>) -> Vec<ParameterField> {
    let request = &subject.request;
    let caller = request.caller(visitor.role);
    let all = request.params().iter();
    let open = all.filter(|parameter| {
        parameter.phase.as_ref().is_some_and(|phase| request.may_write(caller, phase))
    });
    open.map(ParameterField::new).collect()
}

/// Returns the fields of parameters, or says that there are none.
pub(in crate::ui) fn form(parameters: Vec<ParameterField>) -> Html {
    Html::of(&Form { parameters })
}

pub(super) fn parts<F: Family>(visitor: &Visitor, subject: &Subject<F>, fields: &Fields) -> Parts {
    let parameters = parameters(visitor, subject).into_iter().map(|field| field.typed(fields));
    let parameters: Vec<ParameterField> = parameters.collect();
    Parts { is_useless: parameters.is_empty(), fields: form(parameters), ..Parts::default() }
}

pub(super) async fn carry_out<F: Family>(
    visitor: &Visitor,
    subject: &Subject<F>,
    fields: &Fields,
) -> Result<(), Denial> {
    write(visitor, subject, &parameters(visitor, subject), fields).await
}

/// Writes what a form changes about parameters.
pub(super) async fn write<F: Family>(
    visitor: &Visitor,
    subject: &Subject<F>,
    parameters: &[ParameterField],
    fields: &Fields,
) -> Result<(), Denial> {
    let changes = changes(parameters, fields)?;
    if !changes.is_empty() {
        subject.operate(visitor, Operation::Update, json!(F::update(changes))).await?;
    }
    Ok(())
}
