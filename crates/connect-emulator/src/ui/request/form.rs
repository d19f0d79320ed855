//! The customer's form of an inquiry, behind `params_form_url`: what the customer has to give or to
//! correct, and the way back to the vendor.

use askama::Template;
use connect_model::asset_request::RequestUpdate;
use connect_model::lifecycle::Operation;
use connect_model::{AssetRequest, Parameter, ParameterPhase, RequestId};
use serde_json::json;

use super::field::{FieldKind, ParameterField, answers, is_in};
use crate::ui::fields::Fields;
use crate::ui::kit::{Dialog, DialogButton, Html};
use crate::ui::page::{ErrorPage, Page, go};
use crate::ui::shell::Section;
use crate::ui::visitor::{Visitor, decode};
use connect_world::command::RequestCommand;
use connect_world::{Actor, Denial};

#[derive(Template)]
#[template(path = "request/form.html")]
struct Form {
    questions: Vec<Question>,
}

const OVERVIEW: &str = "Something is missing or wrong in your order. Give what is asked for, and it \
                        goes on.";
const NOTE: &str = "This is the customer’s form, behind the request’s params_form_url: here you are \
                    the customer, whoever you act as.";

/// A question to the customer.
struct Question {
    field: ParameterField,
    /// The vendor's words for what is wrong.
    error: String,
}

/// The request a link leads to, and the link's code.
struct Link {
    request: AssetRequest,
    code: String,
}

impl Link {
    async fn follow(visitor: &Visitor) -> Result<Self, ErrorPage> {
        let query = Fields::of_query(visitor.uri.query().unwrap_or_default());
        let code = query.text("code").to_owned();
        let read = async {
            let id: RequestId = query.text("request_id").into();
            decode(&visitor.ui.platform.form(&id, &code).await?)
        };
        let request = read.await.map_err(|denied| visitor.error_page(denied))?;
        Ok(Self { request, code })
    }

    /// Returns the parameters with an error, and those that are required and empty.
    fn questions(&self) -> Vec<Question> {
        let asked = |it: &&Parameter| {
            let is_wrong = !it.value_error.as_deref().unwrap_or_default().is_empty();
            is_in(it, &ParameterPhase::Ordering) && (is_wrong || it.is_required() && it.is_empty())
        };
        let question = |it: &Parameter| Question {
            field: ParameterField::new(it),
            error: it.value_error.clone().unwrap_or_default(),
        };
        self.request.asset.params.iter().filter(asked).map(question).collect()
    }

    fn page(&self, visitor: &Visitor, fields: &Fields) -> Dialog {
        let typed = |it: Question| Question { field: it.field.typed(fields), ..it };
        let form = Form { questions: self.questions().into_iter().map(typed).collect() };
        let product = self.request.asset.product.as_ref().and_then(|it| it.name.clone());
        let title = format!("{}: we need your help", product.unwrap_or_default());
        let shell = visitor.shell(Section::None, "Customer’s form");
        Dialog {
            overview: OVERVIEW.to_owned(),
            above: Html::note(NOTE),
            fields: Html::of(&form),
            buttons: vec![DialogButton::send("Send", "primary")],
            ..Dialog::new(shell, &title, "")
        }
    }

    async fn answer(&self, visitor: &Visitor, fields: &Fields) -> Result<(), Denial> {
        let asked: Vec<ParameterField> = self.questions().into_iter().map(|it| it.field).collect();
        let answers = answers(&asked, fields)?;
        let pend = RequestCommand::Operate {
            id: self.request.id.clone(),
            operation: Operation::Pend,
            body: json!(RequestUpdate::params(answers)),
            code: Some(self.code.clone()),
        };
        visitor.ui.platform.apply(Actor::Customer, pend).await.map(drop)
    }
}

/// Answers `GET /forms/`.
pub(in crate::ui) async fn page(visitor: Visitor) -> Page {
    let link = Link::follow(&visitor).await?;
    Ok(link.page(&visitor, &Fields::of_query("")).show())
}

/// Answers `POST /forms/`.
pub(in crate::ui) async fn send(visitor: Visitor, fields: Fields) -> Page {
    let link = Link::follow(&visitor).await?;
    match link.answer(&visitor, &fields).await {
        Ok(()) => Ok(go(&format!("/requests/{}", link.request.id))),
        Err(denied) => Ok(link.page(&visitor, &fields).refuse(denied.refusal.errors)),
    }
}
