//! Approve: which template the customer sees, and since when it holds.

use askama::Template;
use axum::extract::Path;
use connect_model::lifecycle::Operation;
use connect_model::{ParameterPhase, RequestId, TemplateType};
use http::StatusCode;
use serde_json::{Map, Value};

use super::edit;
use super::field::{FieldKind, ParameterField, is_in};
use super::subject::Subject;
use super::templates::{choices, of_product};
use crate::ui::fields::Fields;
use crate::ui::listing::Choice;
use crate::ui::markdown;
use crate::ui::page::{ErrorPage, Page, go, reason, show, show_with};
use crate::ui::rows::RequestRow;
use crate::ui::secrets::masked;
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Denial;

#[derive(Template)]
#[template(path = "request_approve.html")]
struct ApprovePage {
    shell: Shell,
    request: RequestRow,
    hindrance: Option<String>,
    refused: Option<String>,
    /// The parameters that approval needs and nobody has filled in yet.
    parameters: Vec<ParameterField>,
    templates: Vec<Choice>,
    effective_date: String,
    /// The chosen template with the request's values.
    preview: String,
}

/// Answers `GET /requests/{id}/approve`.
pub(in crate::ui) async fn page(visitor: Visitor, Path(id): Path<RequestId>) -> Page {
    let subject = Subject::read(&visitor, &id).await?;
    Ok(show(&form(&visitor, &subject, &Fields::of_query("")).await?))
}

/// Answers `POST /requests/{id}/approve`.
pub(in crate::ui) async fn send(
    visitor: Visitor,
    Path(id): Path<RequestId>,
    fields: Fields,
) -> Page {
    let subject = Subject::read(&visitor, &id).await?;
    if fields.has("preview") {
        return Ok(show(&form(&visitor, &subject, &fields).await?));
    }
    match approve(&visitor, &subject, &fields).await {
        Ok(()) => Ok(go(&subject.address())),
        Err(denied) => {
            // Some values may be written by now.
            let subject = Subject::read(&visitor, &id).await?;
            let form = form(&visitor, &subject, &fields).await?;
            let page = ApprovePage { refused: Some(reason(&denied)), ..form };
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn approve(visitor: &Visitor, subject: &Subject, fields: &Fields) -> Result<(), Denial> {
    let id = &subject.request.id;
    edit::write(visitor, id, &missing(subject), fields).await?;
    let given = ["template_id", "effective_date"].map(|name| (name, fields.text(name)));
    let given = given.into_iter().filter(|(_, text)| !text.is_empty());
    let body: Map<String, Value> =
        given.map(|(name, text)| (name.to_owned(), text.into())).collect();
    visitor.operate(id, Operation::Approve, body.into()).await.map(drop)
}

async fn form(
    visitor: &Visitor,
    subject: &Subject,
    fields: &Fields,
) -> Result<ApprovePage, ErrorPage> {
    let texts = of_product(visitor, subject, &TemplateType::Fulfillment).await?;
    let wanted = fields.text("template_id");
    let chosen = texts.iter().find(|text| text.id == *wanted).or(texts.first());
    let preview = match chosen {
        Some(text) => visitor.text_with(&text.id, &subject.request.id).await,
        None => String::new(),
    };
    let shell = subject.shell(visitor, "Approve");
    let missing = missing(subject).into_iter().map(|field| field.typed(fields));
    Ok(ApprovePage {
        request: subject.row(&shell),
        hindrance: subject.hindrance(visitor.role, Operation::Approve),
        refused: None,
        parameters: missing.collect(),
        templates: choices(&texts, chosen),
        effective_date: fields.text("effective_date").to_owned(),
        preview: markdown::html(&masked(preview, &subject.request.asset, visitor)),
        shell,
    })
}

/// Returns the parameters that approval needs and that have no value.
fn missing(subject: &Subject) -> Vec<ParameterField> {
    let all = subject.request.asset.params.iter();
    let needed = all.filter(|it| is_in(it, &ParameterPhase::Fulfillment) && it.is_required());
    needed.filter(|it| it.is_empty()).map(ParameterField::new).collect()
}
