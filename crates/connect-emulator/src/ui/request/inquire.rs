//! Inquire: which of the customer's values are wrong, and how.

use askama::Template;
use connect_model::lifecycle::Operation;
use connect_model::{Parameter, ParameterPhase, ParameterUpdate, TemplateType};
use connect_world::Denial;
use serde_json::{Value, json};

use super::family::Family;
use super::field::is_in;
use super::parts::Parts;
use super::subject::Subject;
use super::templates::{choices, of_product};
use crate::ui::fields::Fields;
use crate::ui::kit::{Choice, Html};
use crate::ui::page::ErrorPage;
use crate::ui::rows::ParameterRow;
use crate::ui::visitor::Visitor;

#[derive(Template)]
#[template(path = "request/inquire.html")]
struct Form {
    /// The word for who is asked.
    asked: &'static str,
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

/// Returns what the customer gave and can see, as a form that was sent has it.
fn questions<F: Family>(subject: &Subject<F>, fields: &Fields) -> Vec<Question> {
    let is_sent = !fields.is_empty();
    let seen = |it: &&Parameter| is_in(it, &ParameterPhase::Ordering) && !it.flag("hidden");
    let all = subject.request.params().iter().filter(seen).map(Question::new);
    all.map(|question| if is_sent { question.typed(fields) } else { question }).collect()
}

pub(super) async fn parts<F: Family>(
    visitor: &Visitor,
    subject: &Subject<F>,
    fields: &Fields,
) -> Result<Parts, ErrorPage> {
    let texts = match F::HAS_INQUIRY_TEMPLATE {
        true => of_product(visitor, subject, &TemplateType::Inquire).await?,
        false => Vec::new(),
    };
    let wanted = fields.text("template_id");
    let chosen = texts.iter().find(|text| text.id == *wanted).or(texts.first());
    let (questions, templates) = (questions(subject, fields), choices(&texts, chosen));
    let form = Form { asked: F::ASKED, questions, templates };
    let is_useless = form.questions.is_empty();
    Ok(Parts { fields: Html::of(&form), is_useless, ..Parts::default() })
}

/// Writes what is wrong beside the parameters, and returns the body of the inquiry.
pub(super) async fn body<F: Family>(
    visitor: &Visitor,
    subject: &Subject<F>,
    fields: &Fields,
) -> Result<Value, Denial> {
    let questions = questions(subject, fields);
    let updates = questions.iter().filter_map(|question| question.update().transpose());
    let updates: Vec<ParameterUpdate> = updates.collect::<Result<_, _>>()?;
    if !updates.is_empty() {
        subject.operate(visitor, Operation::Update, json!(F::update(updates))).await?;
    }
    Ok(F::inquiry(fields.text("template_id")))
}
