//! Inquire: which of the customer's values are wrong, and how.

use askama::Template;
use axum::extract::Path;
use connect_model::asset_request::RequestUpdate;
use connect_model::lifecycle::Operation;
use connect_model::{Parameter, ParameterPhase, ParameterUpdate, RequestId, TemplateType};
use http::StatusCode;
use serde_json::json;

use super::field::is_in;
use super::subject::Subject;
use super::templates::{choices, of_product};
use crate::ui::fields::Fields;
use crate::ui::listing::Choice;
use crate::ui::page::{ErrorPage, Page, go, reason, show, show_with};
use crate::ui::rows::{ParameterRow, RequestRow};
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;
use connect_world::Denial;

#[derive(Template)]
#[template(path = "request_inquire.html")]
struct InquirePage {
    shell: Shell,
    request: RequestRow,
    hindrance: Option<String>,
    refused: Option<String>,
    questions: Vec<Question>,
    templates: Vec<Choice>,
}

/// A parameter the customer can be asked about.
struct Question {
    parameter: ParameterRow,
    is_asked: bool,
    error: String,
}

impl Question {
    fn new(parameter: &Parameter) -> Self {
        let parameter = ParameterRow::new(parameter);
        let error = parameter.error.clone();
        Self { is_asked: !error.is_empty(), error, parameter }
    }

    /// Returns the same as a person has filled it in.
    fn typed(self, fields: &Fields) -> Self {
        let key = &self.parameter.key;
        let is_asked = fields.has(&format!("ask:{key}"));
        let error = fields.text(&format!("error:{key}")).to_owned();
        Self { is_asked, error, ..self }
    }

    /// Returns what is written beside the parameter; an error no longer asked for is taken away.
    fn update(&self) -> Result<Option<ParameterUpdate>, Denial> {
        let ParameterRow { key, title, error: before, .. } = &self.parameter;
        match (self.is_asked, before.is_empty()) {
            (true, _) if self.error.is_empty() => {
                Err(Denial::invalid(format!("Say what is wrong with {title}.")))
            }
            (true, _) => Ok(Some(ParameterUpdate::error(key, &self.error))),
            (false, true) => Ok(None),
            (false, false) => Ok(Some(ParameterUpdate::error(key, ""))),
        }
    }
}

/// Returns what the customer gave and can see.
fn questions(subject: &Subject) -> Vec<Question> {
    let all = subject.request.asset.params.iter();
    let seen = all.filter(|it| is_in(it, &ParameterPhase::Ordering) && !it.flag("hidden"));
    seen.map(Question::new).collect()
}

async fn form(
    visitor: &Visitor,
    subject: &Subject,
    questions: Vec<Question>,
    wanted: &str,
) -> Result<InquirePage, ErrorPage> {
    let texts = of_product(visitor, subject, &TemplateType::Inquire).await?;
    let chosen = texts.iter().find(|text| text.id == *wanted).or(texts.first());
    let shell = subject.shell(visitor, "Inquire");
    Ok(InquirePage {
        request: subject.row(&shell),
        hindrance: subject.hindrance(visitor.role, Operation::Inquire),
        refused: None,
        questions,
        templates: choices(&texts, chosen),
        shell,
    })
}

/// Answers `GET /requests/{id}/inquire`.
pub(in crate::ui) async fn page(visitor: Visitor, Path(id): Path<RequestId>) -> Page {
    let subject = Subject::read(&visitor, &id).await?;
    Ok(show(&form(&visitor, &subject, questions(&subject), "").await?))
}

/// Answers `POST /requests/{id}/inquire`.
pub(in crate::ui) async fn send(
    visitor: Visitor,
    Path(id): Path<RequestId>,
    fields: Fields,
) -> Page {
    let subject = Subject::read(&visitor, &id).await?;
    let questions = questions(&subject).into_iter().map(|question| question.typed(&fields));
    let questions: Vec<Question> = questions.collect();
    let template = fields.text("template_id");
    match inquire(&visitor, &id, &questions, template).await {
        Ok(()) => Ok(go(&subject.address())),
        Err(denied) => {
            let form = form(&visitor, &subject, questions, template).await?;
            let page = InquirePage { refused: Some(reason(&denied)), ..form };
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

async fn inquire(
    visitor: &Visitor,
    id: &RequestId,
    questions: &[Question],
    template: &str,
) -> Result<(), Denial> {
    let updates = questions.iter().filter_map(|question| question.update().transpose());
    let updates: Vec<ParameterUpdate> = updates.collect::<Result<_, _>>()?;
    if !updates.is_empty() {
        let body = json!(RequestUpdate::params(updates));
        visitor.operate(id, Operation::Update, body).await?;
    }
    let body = match template {
        "" => json!({}),
        template => json!({ "template_id": template }),
    };
    visitor.operate(id, Operation::Inquire, body).await.map(drop)
}
