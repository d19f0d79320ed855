//! One request: what it asks for, what can be done with it, what was said about it.

pub(super) mod approve;
pub(super) mod assign;
mod buttons;
pub(super) mod dialog;
pub(super) mod edit;
mod field;
pub(super) mod form;
pub(super) mod inquire;
mod subject;
mod templates;

use askama::Template;
use axum::extract::Path;
use connect_model::lifecycle::Operation;
use connect_model::{At, Events, RequestId};
use http::StatusCode;

use self::buttons::Buttons;
use self::subject::Subject;
use super::conversation::{ConversationCard, Draft};
use super::fields::Fields;
use super::mark::title;
use super::page::{ErrorPage, Page, go, reason, show, show_with};
use super::rows::{ItemRow, ParameterRow, RequestRow, Tier};
use super::shell::{Section, Shell};
use super::visitor::{Rows, Visitor};
use super::when::When;

#[derive(Template)]
#[template(path = "request.html")]
struct RequestPage {
    shell: Shell,
    tab: Tab,
    subject: Subject,
    row: RequestRow,
    buttons: Buttons,
    is_editable: bool,
    planned: Option<When>,
    effective: Option<When>,
    history: Vec<Turn>,
    items: Vec<ItemRow>,
    parameters: Vec<ParameterRow>,
    tiers: Vec<Tier>,
    /// All requests of the subscription; only on their tab.
    requests: Vec<RequestRow>,
    /// The number of requests before these.
    older: usize,
    talk: ConversationCard,
    draft: Draft,
}

/// An event of the request.
struct Turn {
    title: String,
    when: When,
    by: String,
}

/// A tab of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Parameters,
    Items,
    Details,
    Tiers,
    Chain,
}

impl Tab {
    const ALL: [Self; 5] = [Self::Parameters, Self::Items, Self::Details, Self::Tiers, Self::Chain];

    fn title(self) -> &'static str {
        match self {
            Self::Parameters => "Parameters",
            Self::Items => "Items",
            Self::Details => "Details",
            Self::Tiers => "Tiers",
            Self::Chain => "Requests Chain",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Parameters => "",
            Self::Items => "/items",
            Self::Details => "/details",
            Self::Tiers => "/tiers",
            Self::Chain => "/chain",
        }
    }

    /// Returns the tab with a path; the first one for a path of none.
    fn at(path: &str) -> Self {
        Self::ALL.into_iter().find(|tab| tab.path() == path).unwrap_or(Self::Parameters)
    }
}

async fn request(visitor: &Visitor, id: &RequestId, tab: Tab) -> Page {
    Ok(show(&page(visitor, id, tab).await?))
}

async fn page(visitor: &Visitor, id: &RequestId, tab: Tab) -> Result<RequestPage, ErrorPage> {
    let subject = Subject::read(visitor, id).await?;
    let request = &subject.request;
    let asset = &request.asset;
    let shell = visitor.shell(Section::Subscriptions, id.as_str());
    let shell = shell.live(&[id.as_str(), asset.id.as_str(), "conversation"]);
    // A refused message comes back on a page with another address.
    let shell = Shell { here: format!("/requests/{id}{}", tab.path()), ..shell };
    let requests = match tab {
        Tab::Chain => visitor.requests_of(&asset.id).await?,
        _ => Rows::none(),
    };
    Ok(RequestPage {
        tab,
        row: subject.row(&shell),
        buttons: Buttons::of(visitor.role, &subject),
        is_editable: subject.refusal(visitor.role, Operation::Update).is_none(),
        planned: shell.when(request.planned_date),
        effective: shell.when(request.effective_date),
        history: history(&request.events, &shell),
        items: ItemRow::asked_by(request),
        parameters: ParameterRow::all_of(asset),
        tiers: Tier::all_of(asset),
        older: requests.more(),
        requests: requests.rows.iter().map(|request| RequestRow::new(request, &shell)).collect(),
        talk: ConversationCard::read(visitor, id, &shell).await?,
        draft: Draft::default(),
        subject,
        shell,
    })
}

/// Returns the events of a request, in the order of time.
fn history(events: &Events, shell: &Shell) -> Vec<Turn> {
    let mut events: Vec<_> = events.iter().collect();
    events.sort_by_key(|(_, event)| event.at);
    events.into_iter().filter_map(|(word, event)| Turn::new(word, event, shell)).collect()
}

impl Turn {
    fn new(word: &str, event: &At, shell: &Shell) -> Option<Self> {
        let by = event.by.as_ref();
        let name = by.map(|by| by.name.clone().unwrap_or_else(|| by.id.to_string()));
        let when = shell.when(event.at)?;
        Some(Self { title: title(word), when, by: name.unwrap_or_default() })
    }
}

/// Answers `GET /requests/{id}`.
pub(super) async fn parameters(visitor: Visitor, Path(id): Path<RequestId>) -> Page {
    request(&visitor, &id, Tab::Parameters).await
}

/// Answers `GET /requests/{id}/items`.
pub(super) async fn items(visitor: Visitor, Path(id): Path<RequestId>) -> Page {
    request(&visitor, &id, Tab::Items).await
}

/// Answers `GET /requests/{id}/details`.
pub(super) async fn details(visitor: Visitor, Path(id): Path<RequestId>) -> Page {
    request(&visitor, &id, Tab::Details).await
}

/// Answers `GET /requests/{id}/tiers`.
pub(super) async fn tiers(visitor: Visitor, Path(id): Path<RequestId>) -> Page {
    request(&visitor, &id, Tab::Tiers).await
}

/// Answers `GET /requests/{id}/chain`.
pub(super) async fn chain(visitor: Visitor, Path(id): Path<RequestId>) -> Page {
    request(&visitor, &id, Tab::Chain).await
}

/// Answers `POST /requests/{id}/notes`, and leads back to the tab the message was written on.
pub(super) async fn say(visitor: Visitor, Path(id): Path<RequestId>, fields: Fields) -> Page {
    let tab = Tab::at(fields.text("tab"));
    let draft = Draft::of(&fields);
    match visitor.apply(draft.command(&id)).await {
        Ok(_) => Ok(go(&format!("/requests/{id}{}#notes", tab.path()))),
        Err(denied) => {
            let draft = Draft { refused: Some(reason(&denied)), ..draft };
            let page = RequestPage { draft, ..page(&visitor, &id, tab).await? };
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
