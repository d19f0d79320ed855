//! One request for a tier configuration: what it asks for, what can be done with it, what was said
//! about it.

use askama::Template;
use axum::extract::Path;
use connect_model::lifecycle::Operation;
use connect_model::{TierConfigRequest, TierConfigRequestId};
use http::StatusCode;

use super::REQUESTS;
use super::rows::{chain, config_facts, environment, with_configs};
use crate::ui::conversation::{ConversationCard, Draft};
use crate::ui::fields::Fields;
use crate::ui::kit::{Facts, Head, OnTab, Tab as _, TabBar, Timeline, tabs};
use crate::ui::mark::{Mark, title};
use crate::ui::page::{ErrorPage, Page, go, reason, show, show_with};
use crate::ui::request::{Buttons, Subject};
use crate::ui::rows::{ParameterRow, Tier, connection_facts, service_level};
use crate::ui::shell::{Section, Shell};
use crate::ui::visitor::Visitor;

tabs! {
    /// A tab of the page.
    pub(in crate::ui) enum Tab {
        Parameters: "" "Parameters",
        Details: "details" "Details",
        Tiers: "tiers" "Tiers",
    }
}

#[derive(Template)]
#[template(path = "tier_request.html")]
struct RequestPage {
    shell: Shell,
    tab: Tab,
    head: Head,
    request: TierConfigRequest,
    /// The address of the reseller's form; empty while there is none.
    form: String,
    buttons: Buttons,
    is_editable: bool,
    parameters: Vec<ParameterRow>,
    history: Timeline,
    details: Facts,
    tiers: Vec<Tier>,
    talk: ConversationCard,
    draft: Draft,
}

async fn on_tab(
    visitor: &Visitor,
    id: &TierConfigRequestId,
    tab: Tab,
) -> Result<RequestPage, ErrorPage> {
    let subject = Subject::<TierConfigRequest>::read(visitor, id.as_str()).await?;
    let request = &subject.request;
    let config = &request.configuration;
    let shell = visitor.shell(Section::TierConfigs, id.as_str());
    let shell = shell.live(&[id.as_str(), config.id.as_str(), "conversation"]);
    // A refused message comes back on a page with another address.
    let shell = Shell { here: tab.address(&subject.address()), ..shell };
    let parent = request.parent_configuration.as_deref();
    let configs: Vec<_> = [config].into_iter().chain(parent).collect();
    Ok(RequestPage {
        tab,
        head: head(&subject, &shell, tab),
        form: request.activation.as_ref().map(|it| it.link.clone()).unwrap_or_default(),
        buttons: Buttons::of(visitor.role, &subject),
        is_editable: subject.hindrance(visitor.role, Operation::Update).is_none(),
        parameters: request.params.iter().flatten().map(ParameterRow::new).collect(),
        history: Timeline::of(&request.events, &shell),
        details: details(request),
        tiers: with_configs(chain(request.tiers.as_ref()), &configs),
        talk: ConversationCard::read(visitor, id.as_str(), &shell).await?,
        draft: Draft::default(),
        request: subject.request,
        shell,
    })
}

fn head(subject: &Subject<TierConfigRequest>, shell: &Shell, tab: Tab) -> Head {
    let request = &subject.request;
    let config = &request.configuration;
    let facts = Facts::beside()
        .mark("Status", Mark::from(&request.status))
        .at("status")
        .text("Type", title(request.kind.as_str()))
        .id(
            "Configuration",
            &config.id,
            format!("/tier-configs/{}", config.id),
            environment(config),
        );
    let facts = config_facts(facts, config)
        .text("Assignee", request.assignee.name())
        .at("assignee")
        .text("SLI", service_level(request.sli.as_ref()))
        .exactly("Effective", shell.when(request.effective_date));
    let tabs = TabBar::of("Request", &subject.address(), tab);
    let above = [("Tier Config", super::DIRECTORY), ("Requests", REQUESTS)];
    Head::new("Request", &above, request.id.as_str(), facts, tabs)
}

fn details(request: &TierConfigRequest) -> Facts {
    let config = &request.configuration;
    let (template, contract) = (request.template.as_ref(), config.contract.as_ref());
    let facts = Facts::below()
        .text("Notes", request.notes.as_deref().unwrap_or_default())
        .named("Template", template.map(|it| (it.name.as_deref(), it.id.as_str())));
    const BEFORE: &str = "Approved before it";
    let facts = match &request.previous_approved_request {
        Some(before) => facts.id(BEFORE, &before.id, format!("{REQUESTS}/{}", before.id), None),
        None => facts.text(BEFORE, ""),
    };
    let facts = facts.named("Contract", contract.map(|it| (it.name.as_deref(), it.id.as_str())));
    connection_facts(facts, config.connection.as_ref())
}

/// Answers `GET /tier-requests/{id}` and the tabs below.
pub(in crate::ui) async fn page(
    visitor: Visitor,
    Path(id): Path<TierConfigRequestId>,
    OnTab(tab): OnTab<Tab>,
) -> Page {
    Ok(show(&on_tab(&visitor, &id, tab).await?))
}

/// Answers `POST /tier-requests/{id}/notes`, and leads back to the tab the message was written on.
pub(in crate::ui) async fn say(
    visitor: Visitor,
    Path(id): Path<TierConfigRequestId>,
    fields: Fields,
) -> Page {
    let OnTab(tab) = OnTab::<Tab>::at(fields.text("tab"));
    let draft = Draft::of(&fields);
    match visitor.apply(draft.command(id.as_str())).await {
        Ok(_) => Ok(go(&format!("{}#notes", tab.address(&format!("{REQUESTS}/{id}"))))),
        Err(denied) => {
            let draft = Draft { refused: Some(reason(&denied)), ..draft };
            let page = RequestPage { draft, ..on_tab(&visitor, &id, tab).await? };
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
