//! Step 4: everything at a glance, and the order.

use askama::Template;
use connect_model::{Connection, Product, TierAccount};

use super::draft::{Buyer, Draft, Offer, Step};
use super::validation::{Reason, draft_of};
use super::{dialog, order};
use crate::ui::account_form::AccountForm;
use crate::ui::catalog::{Catalog, Control, ParameterInput, is_secret};
use crate::ui::kit::{Dialog, DialogButton, Html};
use crate::ui::mark::title;
use crate::ui::page::ErrorPage;
use crate::ui::visitor::Visitor;
use connect_world::{Collection, Denial};

#[derive(Template)]
#[template(path = "purchase_wizard/review.html")]
struct Form {
    lines: Vec<Line>,
    /// Secrets, which are not kept.
    parameters: Vec<ParameterInput>,
    /// Titles of required parameters without a value.
    owed: Vec<String>,
}

/// What the step says above what was chosen.
pub(super) enum Notice<'n> {
    /// The platform has refused the order.
    Denied(&'n Denial),
    /// The order waits because of its validation.
    Held(&'n Reason),
}

/// The way to the step where a refusal can be put right, and what the vendor has changed.
#[derive(Template)]
#[template(path = "purchase_wizard/correction.html")]
struct Correction<'n> {
    changed: &'n [String],
    step: &'static str,
    href: String,
}

/// A choice, and the step to change it.
struct Line {
    what: String,
    choice: String,
    step: &'static str,
    href: String,
}

/// Returns the step with what was chosen, and the way to correct what the platform refused.
pub(super) async fn page(
    visitor: &Visitor,
    draft: &Draft,
    notice: Option<Notice<'_>>,
) -> Result<Dialog, ErrorPage> {
    let fields = Html::of(&form(visitor, draft).await?);
    let back = DialogButton::back(Step::Items.word());
    let send = DialogButton::send("Create Subscription", "primary");
    let unasked = match &notice {
        Some(Notice::Held(Reason::Unanswered(_))) => {
            Some(DialogButton::step("Create without Validation", super::UNASKED))
        }
        _ => None,
    };
    let correction = notice.map(|notice| {
        let step = match notice {
            Notice::Denied(denied) => order::step_to_correct(denied),
            Notice::Held(_) => Step::Items,
        };
        let changed = match notice {
            Notice::Held(Reason::Changed(changed)) => changed.as_slice(),
            _ => &[],
        };
        Correction { changed, step: step.title(), href: draft.address(step) }
    });
    Ok(Dialog {
        above: correction.as_ref().map(Html::of).unwrap_or_default(),
        buttons: [back].into_iter().chain(unasked).chain([send]).collect(),
        ..dialog(visitor, draft, Step::Review, &fields)
    })
}

async fn form(visitor: &Visitor, draft: &Draft) -> Result<Form, ErrorPage> {
    let offer =
        draft.offer().unwrap_or_else(|| Offer { product: Default::default(), connection: None });
    let product: Product = visitor.read(&Collection::Products, offer.product.as_str()).await?;
    let catalog = Catalog::of(visitor, &product.id).await?;
    let catalog = catalog.validated(draft_of(visitor, draft.fields()).await.as_ref());
    let line = |step: Step, what: &str, choice: String| Line {
        what: what.to_owned(),
        choice,
        step: step.title(),
        href: draft.address(step),
    };
    let mut lines = vec![
        line(Step::Product, "Product", format!("{} ({})", product.name, product.id)),
        line(Step::Product, "Environment", environment(visitor, &offer).await?),
        line(Step::Customer, "Customer", customer(visitor, draft).await?),
    ];
    let items = catalog.item_inputs(draft.fields(), None);
    let ordered = items.into_iter().filter(|item| !["", "0"].contains(&item.value.as_str()));
    lines.extend(ordered.map(|item| line(Step::Items, &item.name, item.value)));
    let plain = catalog.parameter_inputs(draft.fields(), None, |it| !is_secret(it));
    let owed = plain.iter().filter(|it| it.is_required && it.is_empty());
    let owed = owed.map(|it| it.title.clone()).collect();
    let filled = plain.into_iter().filter(|it| !it.is_empty());
    lines.extend(filled.map(|it| line(Step::Items, &it.title, it.shown())));
    let parameters = catalog.parameter_inputs(draft.fields(), None, is_secret);
    Ok(Form { lines, parameters, owed })
}

async fn environment(visitor: &Visitor, offer: &Offer) -> Result<String, ErrorPage> {
    let Some(id) = &offer.connection else { return Ok("Preview".to_owned()) };
    let connections = Collection::Connections(offer.product.clone());
    let connection: Connection = visitor.read(&connections, id.as_str()).await?;
    let hub = connection.hub.as_ref().and_then(|hub| hub.name.as_deref());
    Ok([title(connection.kind.as_str()).as_str()]
        .into_iter()
        .chain(hub)
        .collect::<Vec<_>>()
        .join(" · "))
}

async fn customer(visitor: &Visitor, draft: &Draft) -> Result<String, ErrorPage> {
    let account: TierAccount = match draft.buyer() {
        Some(Buyer::Known(id)) => visitor.read(&Collection::TierAccounts, id).await?,
        _ => AccountForm::of_form(draft.fields()).account(),
    };
    let contact = account.contact_info.unwrap_or_default().contact.unwrap_or_default();
    let parts = [Some(account.name), contact.email];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|it| !it.is_empty()).collect();
    Ok(parts.join(", "))
}
