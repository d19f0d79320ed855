//! The Create Subscription wizard: Product, Customer, Items, Review.
//!
//! What was chosen is kept, under an id that stands in the address: every step can be reloaded and
//! gone back to, and no address tells of people. Secrets are not kept: the last step asks for them.

mod customer_step;
mod draft;
mod items_step;
mod order;
mod product_step;
mod review_step;
mod validation;

use askama::Template;
use axum::response::Response;

use super::account_form::AccountForm;
use super::catalog::Catalog;
use super::fields::Fields;
use super::kit::{Dialog, Html, StepLink, Steps};
use super::page::{ErrorPage, Page, go};
use super::request_wizard::summary_address;
use super::shell::Section;
use super::visitor::{Visitor, decode};
use connect_world::Denial;
use connect_world::command::RequestCommand;
use connect_world::customer;

use draft::{Draft, Step};
use review_step::Notice;
use validation::{Order, Reason};

const PATH: &str = "/subscriptions/new";
const TITLE: &str = "Create Subscription";

/// Fields that a form sends along unseen.
#[derive(Template)]
#[template(path = "purchase_wizard/hidden.html")]
struct Hidden(Vec<(String, String)>);

impl askama::filters::HtmlSafe for Hidden {}

/// Returns a step of the wizard, with its own fields and those of the others.
fn dialog(visitor: &Visitor, draft: &Draft, step: Step, fields: &Html) -> Dialog {
    let link = |other: Step| StepLink {
        title: other.title(),
        is_current: other == step,
        is_done: other < step,
        href: (other < step).then(|| draft.address(other)),
    };
    let summary = StepLink { title: "Summary", is_current: false, is_done: false, href: None };
    let steps = Step::ALL.into_iter().map(link).chain([summary]).collect();
    let shell = visitor.shell(Section::Subscriptions, TITLE);
    let others = Html::of(&Hidden(draft.others(step)));
    Dialog {
        steps: Some(Steps::new(steps)),
        fields: others.and(fields),
        ..Dialog::new(shell, TITLE, PATH)
    }
}

/// Answers `GET /subscriptions/new`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let draft = Draft::at(&visitor);
    let query = Fields::of_query(visitor.uri.query().unwrap_or_default());
    step(&visitor, &draft, query.text("step")).await
}

async fn step(visitor: &Visitor, draft: &Draft, wanted: &str) -> Page {
    if draft.is_forgotten() {
        let page = product_step::page(visitor, draft).await?;
        let gone = "What was chosen is gone: the emulator was started again, or it is long ago.";
        return Ok(page.refuse(vec![gone.to_owned()]));
    }
    Ok(match Step::of(wanted).min(draft.reached()) {
        Step::Product => product_step::page(visitor, draft).await?.show(),
        Step::Customer => customer_step::page(visitor, draft).await?.show(),
        Step::Items => items_step::page(visitor, draft).await?.show(),
        Step::Review => match items_step::hindrance(visitor, draft).await? {
            None => review_step::page(visitor, draft, None).await?.show(),
            Some(refused) => items_step::page(visitor, draft).await?.refuse(vec![refused]),
        },
    })
}

/// Answers `POST /subscriptions/new`: goes to the step that is wanted, or orders.
pub(super) async fn create(visitor: Visitor, fields: Fields) -> Page {
    let moved = match fields.text("step") {
        "" => return order(&visitor, fields, false).await,
        UNASKED => return order(&visitor, fields, true).await,
        "randomize" => {
            Draft::kept(&visitor, &randomized(fields)).map(|it| it.address(Step::Customer))
        }
        word => Draft::kept(&visitor, &fields).map(|it| it.address(Step::of(word))),
    };
    moved.map(|to| go(&to)).map_err(|denied| visitor.error_page(denied))
}

/// Returns a form with a customer nobody knows.
fn randomized(fields: Fields) -> Fields {
    let invented = AccountForm::of(&customer::invented(&mut fastrand::Rng::new()));
    fields.overlaid(&Fields::of_pairs(invented.fields()))
}

/// The word of the button that orders although the vendor has not answered.
const UNASKED: &str = "unasked";

async fn order(visitor: &Visitor, fields: Fields, is_unasked: bool) -> Result<Response, ErrorPage> {
    match buy(visitor, &fields, is_unasked).await {
        Ok(Order::Placed(request)) => {
            Ok(go(&summary_address(&request.asset.id, "create", &request)))
        }
        Ok(Order::Held(held)) => {
            let draft = draft_without_secrets(visitor, held.fields).await?;
            let notice = Notice::Held(&held.reason);
            let page = review_step::page(visitor, &draft, Some(notice)).await?;
            Ok(match held.reason {
                Reason::Wrong(words) => page.refuse(words),
                Reason::Unanswered(denied) => page.refuse(denied.refusal.errors),
                Reason::Changed(_) => page.show(),
            })
        }
        Err(denied) => {
            let draft = draft_without_secrets(visitor, fields).await?;
            let page = review_step::page(visitor, &draft, Some(Notice::Denied(&denied))).await?;
            Ok(page.refuse(denied.refusal.errors))
        }
    }
}

/// Keeps what was chosen. A page that asks again asks for secrets, too: none is kept.
async fn draft_without_secrets(visitor: &Visitor, fields: Fields) -> Result<Draft, ErrorPage> {
    let fields = without_secrets(visitor, fields).await?;
    Draft::kept(visitor, &fields).map_err(|denied| visitor.error_page(denied))
}

async fn without_secrets(visitor: &Visitor, fields: Fields) -> Result<Fields, ErrorPage> {
    let Some(offer) = draft::offer(&fields) else { return Ok(fields) };
    let catalog = Catalog::of(visitor, &offer.product).await?;
    Ok(fields.without(&catalog.secret_fields()))
}

async fn buy(visitor: &Visitor, fields: &Fields, is_unasked: bool) -> Result<Order, Denial> {
    if validation::is_asked(visitor, fields) {
        return validation::place(visitor, fields, is_unasked).await;
    }
    let body = order::body(visitor, fields).await?;
    let placed = decode(&visitor.apply(RequestCommand::Create { body }).await?.body)?;
    Ok(Order::Placed(Box::new(placed)))
}
