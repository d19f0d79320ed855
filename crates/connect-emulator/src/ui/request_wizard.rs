//! The wizards that need no more than a yes: Suspend, Resume, Cancel.

use askama::Template;
use axum::extract::Path;
use axum::response::IntoResponse;
use connect_model::asset_request::NewRequest;
use connect_model::{Asset, AssetId, AssetRequest, Product, RequestStatus};
use http::StatusCode;
use serde_json::json;

use super::actions::offered;
use super::fields::Fields;
use super::mark::Mark;
use super::page::{ErrorPage, Page, go, reason, show, show_with};
use super::shell::{Section, Shell};
use super::visitor::{Visitor, decode};
use connect_world::command::RequestCommand;
use connect_world::{Collection, Denial};

/// The texts of one of these wizards.
struct Wizard {
    verb: &'static str,
    title: &'static str,
    /// The text that says what will happen.
    overview: &'static str,
    button: &'static str,
    new: fn(&AssetId) -> NewRequest,
}

const WIZARDS: [Wizard; 3] = [
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
        verb: "cancel",
        title: "Cancel Subscription",
        overview: "This creates a cancel request. The subscription is terminating until the \
                   vendor approves it, and is then terminated for good.",
        button: "Create Cancel Request",
        new: NewRequest::cancel,
    },
];

#[derive(Template)]
#[template(path = "request_wizard.html")]
struct WizardPage {
    shell: Shell,
    words: &'static Wizard,
    asset: Asset,
    mark: Mark,
    /// The reason why the request cannot be created.
    why_not: Option<String>,
}

#[derive(Template)]
#[template(path = "wizard_summary.html")]
struct SummaryPage {
    shell: Shell,
    title: String,
    /// The steps before this one.
    steps: &'static [&'static str],
    asset: Asset,
    asset_mark: Mark,
    request: AssetRequest,
    request_mark: Mark,
    /// The text that says how the request goes on.
    outlook: &'static str,
}

/// Returns what happens next to a request that was just created.
fn outlook(status: &RequestStatus) -> &'static str {
    match status {
        RequestStatus::Pending => {
            "The request is created. The vendor's processor finds it within moments; this page \
             shows how it goes on."
        }
        RequestStatus::Inquiring => {
            "The request is created, and waits for what the customer has to give or correct: see \
             its parameters."
        }
        RequestStatus::Approved => "The vendor has approved the request.",
        RequestStatus::Failed => "The request was refused.",
        _ => "The request is created; this page shows how it goes on.",
    }
}

fn words(verb: &str) -> Result<&'static Wizard, Denial> {
    WIZARDS.iter().find(|words| words.verb == verb).ok_or_else(Denial::not_found)
}

async fn step(
    visitor: &Visitor,
    id: &AssetId,
    verb: &str,
    refused: Option<String>,
) -> Result<WizardPage, ErrorPage> {
    let words = words(verb).map_err(|denied| visitor.error_page(denied))?;
    let asset: Asset = visitor.read(&Collection::Assets, id.as_str()).await?;
    let product: Product = visitor.read(&Collection::Products, &product_of(&asset)).await?;
    let why_not = refused.or(hindrance(visitor, &asset, &product, verb).await?);
    let shell = visitor.shell(Section::Subscriptions, words.title);
    Ok(WizardPage { shell, words, mark: Mark::from(&asset.status), asset, why_not })
}

/// Returns the id of a subscription's product.
pub(super) fn product_of(asset: &Asset) -> String {
    asset.product.as_ref().map(|it| it.id.to_string()).unwrap_or_default()
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
        None => actions.missing.map(|missing| missing.what.to_owned()),
    })
}

/// Answers `GET /subscriptions/{id}/{verb}` with step 1, Overview.
pub(super) async fn overview(visitor: Visitor, Path((id, verb)): Path<(AssetId, String)>) -> Page {
    Ok(show(&step(&visitor, &id, &verb, None).await?))
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
        Err(denied) => {
            let page = step(&visitor, &id, &verb, Some(reason(&denied))).await?;
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page).into_response())
        }
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
        "create" => ("Create Subscription", &["Product", "Customer", "Items", "Review"]),
        "change" => ("Change Subscription", &["Overview", "Items"]),
        verb => (words(verb).map_err(|denied| visitor.error_page(denied))?.title, &["Overview"]),
    };
    let shell = visitor.shell(Section::Subscriptions, title);
    let shell = shell.live(&[id.as_str(), request.id.as_str()]);
    Ok(show(&SummaryPage {
        title: title.to_owned(),
        steps,
        asset_mark: Mark::from(&asset.status),
        request_mark: Mark::from(&request.status),
        outlook: outlook(&request.status),
        asset,
        request,
        shell,
    }))
}
