//! Edit Parameters: the vendor's values, and while it is allowed the customer's.

use askama::Template;
use axum::extract::Path;
use connect_model::asset_request::RequestUpdate;
use connect_model::lifecycle::Operation;
use connect_model::{Parameter, ParameterPhase, RequestId, RequestStatus};
use http::StatusCode;
use serde_json::json;

use super::field::{FieldKind, ParameterField, changes, is_in};
use super::subject::Subject;
use crate::ui::fields::Fields;
use crate::ui::page::{Page, go, reason, show, show_with};
use crate::ui::role::Role;
use crate::ui::rows::RequestRow;
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Denial;

#[derive(Template)]
#[template(path = "request_edit.html")]
struct EditPage {
    shell: Shell,
    request: RequestRow,
    hindrance: Option<String>,
    refused: Option<String>,
    parameters: Vec<ParameterField>,
}

/// Returns the parameters a role may write: who orders, or helps to, writes what belongs to the
/// order.
fn parameters(role: Role, subject: &Subject) -> Vec<ParameterField> {
    let request = &subject.request;
    let fulfills = role == Role::Vendor && request.status != RequestStatus::Draft;
    let may_write = |it: &&Parameter| {
        is_in(it, &ParameterPhase::Ordering) || fulfills && is_in(it, &ParameterPhase::Fulfillment)
    };
    request.asset.params.iter().filter(may_write).map(ParameterField::new).collect()
}

fn form(visitor: &Visitor, subject: &Subject) -> EditPage {
    let shell = subject.shell(visitor, "Edit Parameters");
    EditPage {
        request: subject.row(&shell),
        hindrance: subject.hindrance(visitor.role, Operation::Update),
        refused: None,
        parameters: parameters(visitor.role, subject),
        shell,
    }
}

/// Answers `GET /requests/{id}/edit`.
pub(in crate::ui) async fn page(visitor: Visitor, Path(id): Path<RequestId>) -> Page {
    Ok(show(&form(&visitor, &Subject::read(&visitor, &id).await?)))
}

/// Answers `POST /requests/{id}/edit`.
pub(in crate::ui) async fn save(
    visitor: Visitor,
    Path(id): Path<RequestId>,
    fields: Fields,
) -> Page {
    let subject = Subject::read(&visitor, &id).await?;
    let form = form(&visitor, &subject);
    match write(&visitor, &id, &form.parameters, &fields).await {
        Ok(()) => Ok(go(&subject.address())),
        Err(denied) => {
            let typed = form.parameters.into_iter().map(|field| field.typed(&fields));
            let (parameters, refused) = (typed.collect(), Some(reason(&denied)));
            let page = EditPage { parameters, refused, ..form };
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// Writes what a form changes about parameters.
pub(super) async fn write(
    visitor: &Visitor,
    id: &RequestId,
    parameters: &[ParameterField],
    fields: &Fields,
) -> Result<(), Denial> {
    let changes = changes(parameters, fields)?;
    if !changes.is_empty() {
        let body = json!(RequestUpdate::params(changes));
        visitor.operate(id, Operation::Update, body).await?;
    }
    Ok(())
}
