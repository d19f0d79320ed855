//! The form of an inquiry: what the customer, or of a configuration the reseller, has to give or to
//! correct, and the way back to the vendor.

use askama::Template;
use connect_model::lifecycle::Operation;
use connect_model::{
    AssetRequest, Parameter, ParameterPhase, TierConfigRequest, TierConfigRequestId,
};
use serde_json::json;

use super::family::Family;
use super::field::{FieldKind, ParameterField, answers, is_in};
use crate::ui::fields::Fields;
use crate::ui::kit::{Dialog, DialogButton, Html};
use crate::ui::mark::title;
use crate::ui::page::{ErrorPage, Page, go};
use crate::ui::shell::Section;
use crate::ui::visitor::{Visitor, decode};
use connect_world::{Actor, Denial, DenialKind};

#[derive(Template)]
#[template(path = "request/form.html")]
struct Form {
    questions: Vec<Question>,
    remarks: Vec<Remark>,
}

const OVERVIEW: &str =
    "Something is missing or wrong. Give what is asked for, and the request goes on.";
/// The same where the vendor has marked nothing that can be given here.
const NOTHING_TO_GIVE: &str =
    "The vendor waits for you. There is nothing to fill in here: send, and the request goes on.";

/// The same when the vendor has looked at the answers.
const STILL_WRONG: &str = "Not sent: the vendor has looked at it, and something is still wrong.";

/// A question to who is asked.
struct Question {
    field: ParameterField,
    /// The vendor's words for what is wrong.
    error: String,
}

/// What the vendor says of a value that is its own to give.
struct Remark {
    title: String,
    error: String,
}

/// The request a link leads to, and the link's code.
struct Link<F> {
    request: F,
    /// Its parameters as who is asked is shown them: as they are, or as the vendor made them of the
    /// answers.
    shown: Vec<Parameter>,
    code: String,
}

impl<F: Family> Link<F> {
    async fn follow(visitor: &Visitor) -> Result<Self, ErrorPage> {
        let query = Fields::of_query(visitor.uri.query().unwrap_or_default());
        let code = query.text("code").to_owned();
        let id = query.text("request_id");
        let read = async { decode(&visitor.ui.platform.form(id, &code).await?) };
        let request: F = read.await.map_err(|denied| visitor.error_page(no_form(denied)))?;
        let shown = request.params().to_vec();
        Ok(Self { request, shown, code })
    }

    /// Returns the parameters with an error, and those that are required and empty, in the request or
    /// in what the vendor made of its answers.
    fn questions(&self) -> Vec<Question> {
        let kept = self.request.params();
        let asked = |it: &&Parameter| {
            is_asked(it) || kept.iter().any(|kept| kept.id == it.id && is_asked(kept))
        };
        let question =
            |it: &Parameter| Question { field: ParameterField::new(it), error: error(it) };
        self.shown.iter().filter(asked).map(question).collect()
    }

    /// Returns what is said of the other parameters: the platform lets an inquiry mark any.
    fn remarks(&self) -> Vec<Remark> {
        let others = self.request.params().iter();
        let others = others.filter(|it| !is_in(it, &ParameterPhase::Ordering));
        let title = |it: &Parameter| it.title.clone().unwrap_or_else(|| it.id.clone());
        let remark = |it: &Parameter| Remark { title: title(it), error: error(it) };
        others.map(remark).filter(|it| !it.error.is_empty()).collect()
    }

    fn page(&self, visitor: &Visitor, fields: &Fields) -> Dialog {
        let typed = |it: Question| Question { field: it.field.typed(fields), ..it };
        let questions: Vec<Question> = self.questions().into_iter().map(typed).collect();
        let overview = if questions.is_empty() { NOTHING_TO_GIVE } else { OVERVIEW };
        let form = Form { questions, remarks: self.remarks() };
        let heading = format!("{}: we need your help", self.request.product_name());
        let shell = visitor.shell(Section::None, format!("{}’s form", title(F::ASKED)));
        let note = format!(
            "This is the {asked}’s form, behind the request’s {}: here you are the {asked}, whoever \
             you act as.",
            F::FORM_LINK,
            asked = F::ASKED
        );
        Dialog {
            overview: overview.to_owned(),
            above: Html::note(&note),
            fields: Html::of(&form),
            buttons: vec![DialogButton::send("Send", "primary")],
            ..Dialog::new(shell, &heading, "")
        }
    }

    async fn answer(&self, visitor: &Visitor, fields: &Fields) -> Result<(), Denial> {
        let asked: Vec<ParameterField> = self.questions().into_iter().map(|it| it.field).collect();
        let answers = answers(&asked, fields)?;
        let code = Some(self.code.clone());
        let body = json!(F::update(answers));
        let pend = F::operate(self.request.id(), Operation::Pend, body, code);
        visitor.ui.platform.apply(Actor::Customer, pend).await.map(drop)
    }
}

/// Whether a parameter has to be given or corrected.
fn is_asked(parameter: &Parameter) -> bool {
    let is_owed = parameter.is_required() && parameter.is_empty() && !parameter.flag("hidden");
    is_in(parameter, &ParameterPhase::Ordering) && (!error(parameter).is_empty() || is_owed)
}

/// Returns what the vendor made of the answers, when it has refused them.
fn judged(denied: &Denial) -> Option<Vec<Parameter>> {
    serde_json::from_value(denied.refusal.params.get("params")?.clone()).ok()
}

/// Returns a refusal in the words of somebody who came by a link, often for the second time.
fn no_form(mut denied: Denial) -> Denial {
    if denied.kind == DenialKind::Forbidden {
        let why = "This form is closed: it was answered, or the link to it is not whole.";
        denied.refusal.errors = vec![why.to_owned()];
    }
    denied
}

/// Returns the vendor's words for what is wrong with a value.
fn error(parameter: &Parameter) -> String {
    parameter.value_error.clone().unwrap_or_default()
}

/// Whether the visitor's link leads to a reseller's form.
fn is_resellers(visitor: &Visitor) -> bool {
    let query = Fields::of_query(visitor.uri.query().unwrap_or_default());
    query.text("request_id").parse::<TierConfigRequestId>().is_ok()
}

async fn shown<F: Family>(visitor: &Visitor) -> Page {
    let link = Link::<F>::follow(visitor).await?;
    Ok(link.page(visitor, &Fields::of_query("")).show())
}

async fn sent<F: Family>(visitor: &Visitor, fields: &Fields) -> Page {
    let link = Link::<F>::follow(visitor).await?;
    match link.answer(visitor, fields).await {
        Ok(()) => Ok(go(&format!("{}/{}", F::ADDRESS, link.request.id()))),
        Err(denied) => Ok(match judged(&denied) {
            Some(shown) => {
                let page = Link { shown, ..link }.page(visitor, &Fields::of_query(""));
                page.refuse(vec![STILL_WRONG.to_owned()])
            }
            None => link.page(visitor, fields).refuse(denied.refusal.errors),
        }),
    }
}

/// Answers `GET /forms/`.
pub(in crate::ui) async fn page(visitor: Visitor) -> Page {
    match is_resellers(&visitor) {
        true => shown::<TierConfigRequest>(&visitor).await,
        false => shown::<AssetRequest>(&visitor).await,
    }
}

/// Answers `POST /forms/`.
pub(in crate::ui) async fn send(visitor: Visitor, fields: Fields) -> Page {
    match is_resellers(&visitor) {
        true => sent::<TierConfigRequest>(&visitor, &fields).await,
        false => sent::<AssetRequest>(&visitor, &fields).await,
    }
}
