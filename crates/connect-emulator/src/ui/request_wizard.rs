//! The wizards that need no more than a yes: Suspend, Resume, Renew, Cancel.

use askama::Template;
use axum::extract::Path;
use connect_model::asset_request::NewRequest;
use connect_model::{Asset, AssetId, AssetRequest, Product, RequestStatus};
use serde_json::json;

use super::actions::offered;
use super::fields::Fields;
use super::kit::{Dialog, DialogButton, Facts, Html, Steps};
use super::mark::Mark;
use super::page::{ErrorPage, Page, go};
use super::rows::product_of;
use super::shell::Section;
use super::visitor::{Visitor, decode};
use connect_world::command::RequestCommand;
use connect_world::{Collection, Denial};

/// The last step of every wizard.
const SUMMARY: &str = "Summary";

/// Says why the menu lacks an entry.
const SWITCHED_OFF: &str = "It is not offered: the product's settings have it switched off.";

/// The texts of one of these wizards.
struct Wizard {
    verb: &'static str,
    title: &'static str,
    /// The text that says what will happen.
    overview: &'static str,
    button: &'static str,
    new: fn(&AssetId) -> NewRequest,
}

const WIZARDS: [Wizard; 4] = [
    Wizard {
        verb: "suspend",
        title: "Suspend Subscription",
        overview: "This creates a suspend request. Once the vendor approves it, the subscription \
                   is suspended: the customer keeps it, but cannot use it until it is resumed.",
        button: "Create Suspend Request",
        new: NewRequest::suspend,
    },
    Wizard {
        verb: "resume",
        title: "Resume Subscription",
        overview: "This creates a resume request. Once the vendor approves it, the subscription \
                   is active again. If the vendor refuses, it stays suspended.",
        button: "Create Resume Request",
        new: NewRequest::resume,
    },
    Wizard {
        verb: "renew",
        title: "Renew Subscription",
        overview: "This creates a renew request: each item is renewed for the period that it is \
                   billed for. Once the vendor approves it, the subscription expires so much \
                   later. If the vendor refuses, it expires when it would have.",
        button: "Create Renew Request",
        new: NewRequest::renew,
    },
    Wizard {
        verb: "cancel",
        title: "Cancel Subscription",
        overview: "This creates a cancel request. The subscription is terminating until the \
                   vendor approves it, and is then terminated for good.",
        button: "Create Cancel Request",
        new: NewRequest::cancel,
    },
];

/// The end of every wizard.
#[derive(Template)]
#[template(path = "wizard_summary.html")]
struct Summary {
    facts: Facts,
    reason: String,
}

/// Returns what happens next to a request that was just created.
fn outlook(status: &RequestStatus) -> &'static str {
    match status {
        RequestStatus::Pending => "The request is created; this page shows how it goes on.",
        RequestStatus::Inquiring => {
            "The request is created, and waits for what the customer has to give or correct: see \
             its parameters."
        }
        RequestStatus::TiersSetup => {
            "The request is created, and waits until its resellers are set up: see the requests in \
             Tier Config."
        }
        RequestStatus::Approved => "The vendor has approved the request.",
        RequestStatus::Failed => "The request was refused.",
        _ => "The request is created; this page shows how it goes on.",
    }
}

fn words(verb: &str) -> Result<&'static Wizard, Denial> {
    WIZARDS.iter().find(|words| words.verb == verb).ok_or_else(Denial::not_found)
}

async fn step(visitor: &Visitor, id: &AssetId, verb: &str) -> Result<Dialog, ErrorPage> {
    let words = words(verb).map_err(|denied| visitor.error_page(denied))?;
    let asset: Asset = visitor.read(&Collection::Assets, id.as_str()).await?;
    let product: Product = visitor.read(&Collection::Products, &product_of(&asset)).await?;
    let closed = hindrance(visitor, &asset, &product, verb).await?;
    let shell = visitor.shell(Section::Subscriptions, words.title);
    let shell = shell.live(&[id.as_str(), product.id.as_str(), "request"]);
    let close = DialogButton::leave("Close", format!("/subscriptions/{id}"));
    Ok(Dialog {
        steps: Some(Steps::at(0, &["Overview", "Summary"])),
        facts: Some(facts(&asset, &product)),
        overview: words.overview.to_owned(),
        closed: closed.map(|why| Html::text(&why)),
        buttons: vec![close, DialogButton::send(words.button, "primary")],
        ..Dialog::new(shell, words.title, format!("/subscriptions/{id}/{verb}"))
    })
}

/// Returns what wizards say of the subscription they are about.
pub(super) fn facts(asset: &Asset, product: &Product) -> Facts {
    Facts::beside()
        .id("Subscription", &asset.id, format!("/subscriptions/{}", asset.id), None)
        .mark("Status", Mark::from(&asset.status))
        .text("Product", &product.name)
}

/// Returns why the menu does not offer this now.
pub(super) async fn hindrance(
    visitor: &Visitor,
    asset: &Asset,
    product: &Product,
    verb: &str,
) -> Result<Option<String>, ErrorPage> {
    let requests = visitor.requests_of(&asset.id).await?;
    let open = requests.rows.iter().find(|request| request.status.is_open());
    let actions = offered(visitor.role, asset, product, open);
    let entry = actions.entries.into_iter().find(|action| action.verb == verb);
    Ok(match entry {
        Some(action) => action.why_not,
        None => {
            let hold = actions.missing.filter(|_| matches!(verb, "suspend" | "resume"));
            let why = hold.map_or(SWITCHED_OFF, |missing| missing.what);
            Some(why.to_owned())
        }
    })
}

/// Answers `GET /subscriptions/{id}/{verb}` with step 1, Overview.
pub(super) async fn overview(visitor: Visitor, Path((id, verb)): Path<(AssetId, String)>) -> Page {
    Ok(step(&visitor, &id, &verb).await?.show())
}

/// Answers `POST /subscriptions/{id}/{verb}`.
pub(super) async fn create(
    visitor: Visitor,
    Path((id, verb)): Path<(AssetId, String)>,
    _fields: Fields,
) -> Page {
    let words = words(&verb).map_err(|denied| visitor.error_page(denied))?;
    let body = json!((words.new)(&id));
    match visitor.apply(RequestCommand::Create { body }).await {
        Ok(result) => {
            let request: AssetRequest =
                decode(&result.body).map_err(|denied| visitor.error_page(denied))?;
            Ok(go(&summary_address(&id, &verb, &request)))
        }
        Err(denied) => Ok(step(&visitor, &id, &verb).await?.refuse(denied.refusal.errors)),
    }
}

/// Returns the address where a wizard ends.
pub(super) fn summary_address(asset: &AssetId, verb: &str, request: &AssetRequest) -> String {
    format!("/subscriptions/{asset}/{verb}/summary?request={}", request.id)
}

/// Answers `GET /subscriptions/{id}/{verb}/summary` with the last step of every wizard.
pub(super) async fn summary(visitor: Visitor, Path((id, verb)): Path<(AssetId, String)>) -> Page {
    let query = Fields::of_query(visitor.uri.query().unwrap_or_default());
    let request: AssetRequest = visitor.read(&Collection::Requests, query.text("request")).await?;
    if request.asset.id != id {
        return Err(visitor.error_page(Denial::not_found()));
    }
    let asset: Asset = visitor.read(&Collection::Assets, id.as_str()).await?;
    let (title, steps): (_, &[&str]) = match verb.as_str() {
        "create" => ("Create Subscription", &["Product", "Customer", "Items", "Review", SUMMARY]),
        "change" => ("Change Subscription", &["Overview", "Items", SUMMARY]),
        "transfer" => ("Transfer Subscription", &["Accounts", SUMMARY]),
        verb => {
            let words = words(verb).map_err(|denied| visitor.error_page(denied))?;
            (words.title, &["Overview", SUMMARY])
        }
    };
    let shell = visitor.shell(Section::Subscriptions, title);
    let shell = shell.live(&[id.as_str(), request.id.as_str()]);
    let details = format!("/subscriptions/{id}");
    let on = DialogButton { tone: "primary", ..DialogButton::leave("Go to Details", details) };
    let summary = Summary { facts: outcome(&asset, &request), reason: request.reason.clone() };
    let page = Dialog {
        steps: Some(Steps::at(steps.len() - 1, steps)),
        overview: match request.status {
            RequestStatus::Pending => {
                format!("{} {}", outlook(&request.status), visitor.outlook())
            }
            _ => outlook(&request.status).to_owned(),
        },
        above: Html::of(&summary),
        buttons: vec![DialogButton::leave("Close", "/subscriptions"), on],
        ..Dialog::new(shell, title, "")
    };
    Ok(page.show())
}

fn outcome(asset: &Asset, request: &AssetRequest) -> Facts {
    Facts::beside()
        .id("Subscription", &asset.id, format!("/subscriptions/{}", asset.id), None)
        .mark("Subscription status", Mark::from(&asset.status))
        .at("asset-status")
        .id("Request", &request.id, format!("/requests/{}", request.id), None)
        .mark("Request status", Mark::from(&request.status))
        .at("request-status")
}
