//! One request: what it asks for, what can be done with it, what was said about it.

mod approve;
mod assign;
mod buttons;
mod closed;
pub(super) mod delete;
pub(super) mod dialog;
mod edit;
pub(super) mod family;
mod field;
pub(super) mod form;
mod inquire;
mod parts;
mod simple;
mod subject;
mod templates;
mod tier_account_family;
mod tier_config_family;

use askama::Template;
use axum::extract::Path;
use connect_model::lifecycle::Operation;
use connect_model::{AssetRequest, RequestId};
use http::StatusCode;

pub(super) use self::buttons::Buttons;
pub(super) use self::edit::form as parameters_form;
pub(super) use self::family::Family;
pub(super) use self::field::{ParameterField, changes};
pub(super) use self::subject::Subject;
use super::conversation::{ConversationCard, Draft};
use super::fields::Fields;
use super::kit::{Facts, Head, OnTab, Tab as _, TabBar, Timeline, tabs};
use super::mark::{Mark, title};
use super::page::{ErrorPage, Page, go, reason, show, show_with};
use super::rows::{
    ItemRow, ParameterRow, RequestRow, Tier, connection_facts, environment, service_level,
};
use super::shell::{Section, Shell};
use super::tier_config::rows::TierRequestRow;
use super::tier_config::sale::{awaited, tiers};
use super::visitor::{Rows, Visitor};

tabs! {
    /// A tab of the page.
    pub(super) enum Tab {
        Parameters: "" "Parameters",
        Items: "items" "Items",
        Details: "details" "Details",
        Tiers: "tiers" "Tiers",
        Chain: "chain" "Requests Chain",
    }
}

#[derive(Template)]
#[template(path = "request.html")]
struct RequestPage {
    shell: Shell,
    tab: Tab,
    head: Head,
    request: AssetRequest,
    buttons: Buttons,
    is_editable: bool,
    history: Timeline,
    details: Facts,
    items: Vec<ItemRow>,
    parameters: Vec<ParameterRow>,
    tiers: Vec<Tier>,
    /// The set-ups of resellers that it waits for.
    awaited: Vec<TierRequestRow>,
    /// All requests of the subscription; only on their tab.
    requests: Vec<RequestRow>,
    /// The number of requests before these.
    older: usize,
    talk: ConversationCard,
    draft: Draft,
}

async fn on_tab(visitor: &Visitor, id: &RequestId, tab: Tab) -> Result<RequestPage, ErrorPage> {
    let subject = Subject::<AssetRequest>::read(visitor, id.as_str()).await?;
    let request = &subject.request;
    let asset = &request.asset;
    let shell = visitor.shell(Section::Subscriptions, id.as_str());
    let shell =
        shell.live(&[id.as_str(), asset.id.as_str(), "conversation", "tier_config_request"]);
    // A refused message comes back on a page with another address.
    let shell = Shell { here: tab.address(&subject.address()), ..shell };
    let requests = match tab {
        Tab::Chain => visitor.requests_of(&asset.id).await?,
        _ => Rows::none(),
    };
    let tiers = match tab {
        Tab::Tiers => tiers(visitor, asset).await?,
        _ => Vec::new(),
    };
    Ok(RequestPage {
        tab,
        head: head(&subject, &shell, tab),
        buttons: Buttons::of(visitor.role, &subject),
        is_editable: subject.hindrance(visitor.role, Operation::Update).is_none(),
        history: Timeline::of(&request.events, &shell),
        details: details(request),
        items: ItemRow::asked_by(request),
        parameters: ParameterRow::all_of(asset),
        tiers,
        awaited: awaited(visitor, Some(request), &shell).await?,
        older: requests.more(),
        requests: requests.rows.iter().map(|request| RequestRow::new(request, &shell)).collect(),
        talk: ConversationCard::read(visitor, id.as_str(), &shell).await?,
        draft: Draft::default(),
        request: subject.request,
        shell,
    })
}

fn head(subject: &Subject<AssetRequest>, shell: &Shell, tab: Tab) -> Head {
    let Subject { request, product } = subject;
    let asset = &request.asset;
    let marketplace = request.marketplace.as_ref().and_then(|it| it.name.as_deref());
    let facts = Facts::beside()
        .mark("Status", Mark::from(&request.status))
        .at("status")
        .text("Type", title(request.kind.as_str()))
        .id("Subscription", &asset.id, format!("/subscriptions/{}", asset.id), environment(asset))
        .link("Product", &product.name, format!("/products/{}", product.id))
        .text("Marketplace", marketplace.unwrap_or_default())
        .text("Assignee", request.assignee.name())
        .at("assignee")
        .text("SLI", service_level(request.sli.as_ref()))
        .exactly("Planned", shell.when(request.planned_date))
        .exactly("Effective", shell.when(request.effective_date))
        .exactly("Subscription expires", shell.when(asset.renewal_expiration_date));
    let above =
        [("Subscriptions", "/subscriptions"), ("Fulfillment", "/subscriptions/fulfillment")];
    let tabs = TabBar::of("Request", &subject.address(), tab);
    Head::new("Request", &above, request.id.as_str(), facts, tabs)
}

fn details(request: &AssetRequest) -> Facts {
    let template = request.template.as_ref();
    let contract = request.contract.as_ref();
    let facts = Facts::below()
        .text("Note", &request.note)
        .named("Template", template.map(|it| (it.name.as_deref(), it.id.as_str())));
    const BEFORE: &str = "Approved before it";
    let facts = match &request.previous_approved_request {
        Some(before) => facts.id(BEFORE, &before.id, format!("/requests/{}", before.id), None),
        None => facts.text(BEFORE, ""),
    };
    let facts = match request.params_form_url.as_str() {
        "" => facts,
        url => facts.code("Customer’s form", url),
    };
    let facts = facts
        .text("External id", request.asset.external_id.as_deref().unwrap_or_default())
        .named("Contract", contract.map(|it| (it.name.as_deref(), it.id.as_str())));
    connection_facts(facts, request.asset.connection.as_ref())
}

/// Answers `GET /requests/{id}` and the tabs below.
pub(super) async fn page(
    visitor: Visitor,
    Path(id): Path<RequestId>,
    OnTab(tab): OnTab<Tab>,
) -> Page {
    Ok(show(&on_tab(&visitor, &id, tab).await?))
}

/// Answers `POST /requests/{id}/notes`, and leads back to the tab the message was written on.
pub(super) async fn say(visitor: Visitor, Path(id): Path<RequestId>, fields: Fields) -> Page {
    let OnTab(tab) = OnTab::<Tab>::at(fields.text("tab"));
    let draft = Draft::of(&fields);
    match visitor.apply(draft.command(id.as_str())).await {
        Ok(_) => Ok(go(&format!("{}#notes", tab.address(&format!("/requests/{id}"))))),
        Err(denied) => {
            let draft = Draft { refused: Some(reason(&denied)), ..draft };
            let page = RequestPage { draft, ..on_tab(&visitor, &id, tab).await? };
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
