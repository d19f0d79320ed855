//! The Create Subscription wizard: Product, Customer, Items, Review.
//!
//! What was chosen stands in the address, so every step can be reloaded and gone back to. Secrets
//! do not: the last step asks for them, and its form is posted.

mod customer_step;
mod draft;
mod items_step;
mod new_customer;
mod order;
mod product_step;
mod review_step;

use connect_model::AssetRequest;
use http::StatusCode;

use super::catalog::Catalog;
use super::fields::Fields;
use super::page::{ErrorPage, Page, go, reason, show_with};
use super::request_wizard::summary_address;
use super::visitor::{Visitor, decode};
use connect_world::Denial;
use connect_world::command::RequestCommand;
use connect_world::customer;

use draft::{Draft, Step};
use new_customer::NewCustomer;

const PATH: &str = "/subscriptions/new";

/// The part that all steps show: where the visitor is, and what the form sends along.
struct Frame {
    steps: Vec<StepLink>,
    kept: Vec<(String, String)>,
    /// The step before, for a form that takes along what was typed.
    before: &'static str,
    /// The way there as it was chosen so far.
    back: String,
}

/// A step in the list of steps.
struct StepLink {
    title: &'static str,
    /// The way back to a step that is done.
    href: Option<String>,
    is_current: bool,
}

/// The platform's refusal of the order.
struct OrderRefusal {
    reasons: Vec<String>,
    /// The step where it can be put right.
    step: &'static str,
    href: String,
}

impl Frame {
    fn of(draft: &Draft, step: Step) -> Self {
        let link = |other: Step| StepLink {
            title: other.title(),
            href: (other < step).then(|| draft.address(other)),
            is_current: other == step,
        };
        Self {
            steps: Step::ALL.into_iter().map(link).collect(),
            kept: draft.kept(step),
            before: step.before().map_or("", Step::word),
            back: step.before().map_or_else(|| "/subscriptions".to_owned(), |it| draft.address(it)),
        }
    }
}

/// Answers `GET /subscriptions/new`.
pub(super) async fn page(visitor: Visitor) -> Page {
    let draft = Draft::new(Fields::of_query(visitor.uri.query().unwrap_or_default()));
    let wanted = draft.fields().text("step");
    if wanted == "randomize" {
        return Ok(go(&randomized(&draft)));
    }
    match Step::of(wanted).min(draft.reached()) {
        Step::Product => product_step::show(&visitor, &draft).await,
        Step::Customer => customer_step::show(&visitor, &draft).await,
        Step::Items => items_step::show(&visitor, &draft, None).await,
        Step::Review => match items_step::hindrance(&visitor, &draft).await? {
            None => Ok(super::page::show(&review_step::page(&visitor, &draft, None).await?)),
            refused => items_step::show(&visitor, &draft, refused).await,
        },
    }
}

/// Returns the Customer step with a customer nobody knows: an address that can be reloaded.
fn randomized(draft: &Draft) -> String {
    let invented = NewCustomer::of(&customer::invented(&mut fastrand::Rng::new()));
    draft.address_with(Step::Customer, &invented.fields())
}

/// Answers `POST /subscriptions/new`.
pub(super) async fn create(visitor: Visitor, fields: Fields) -> Page {
    let draft = Draft::new(fields);
    match buy(&visitor, &draft).await {
        Ok(request) => Ok(go(&summary_address(&request.asset.id, "create", &request))),
        Err(denied) => {
            let draft = without_secrets(&visitor, draft).await?;
            let refused = refused(&draft, &denied);
            let page = review_step::page(&visitor, &draft, Some(refused)).await?;
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}

/// Takes the secrets out of a draft. A page that asks again asks for them too: none goes into its
/// links and fields.
async fn without_secrets(visitor: &Visitor, draft: Draft) -> Result<Draft, ErrorPage> {
    let Some(offer) = draft.offer() else { return Ok(draft) };
    let catalog = Catalog::of(visitor, &offer.product).await?;
    Ok(Draft::new(draft.fields().without(&catalog.secret_fields())))
}

async fn buy(visitor: &Visitor, draft: &Draft) -> Result<AssetRequest, Denial> {
    let body = order::body(visitor, draft).await?;
    decode(&visitor.apply(RequestCommand::Create { body }).await?.body)
}

fn refused(draft: &Draft, denied: &Denial) -> OrderRefusal {
    let step = order::step_to_correct(denied);
    let reasons = match denied.refusal.errors.is_empty() {
        true => vec![reason(denied)],
        false => denied.refusal.errors.clone(),
    };
    OrderRefusal { reasons, step: step.title(), href: draft.address(step) }
}
