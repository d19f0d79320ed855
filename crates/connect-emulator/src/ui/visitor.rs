//! The visitor of a page, and what it may ask.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use bytes::Bytes;
use connect_model::rql::{Query, field};
use connect_model::{AssetId, AssetRequest, ProductId, TemplateId, UsageRecordId};
use http::header::REFERER;
use http::request::Parts;
use http::{HeaderMap, Uri};
use jiff::SignedDuration;
use serde::de::DeserializeOwned;

use super::Ui;
use super::page::ErrorPage;
use super::role::{Role, cookie};
use super::shell::{Look, Section, Shell};
use crate::action_link;
use connect_world::ContentRange;
use connect_world::{
    ActionSubject, Actor, Collection, Command, CommandResult, Denial, Person, SheetRow,
};

/// The number of requests of a subscription that are looked at, the newest of them.
const HISTORY: u32 = 100;

/// The time within which a processor must have asked to count as being there.
const LATELY: SignedDuration = SignedDuration::from_secs(30);

/// Somebody at a page.
pub(super) struct Visitor {
    pub(super) ui: Arc<Ui>,
    pub(super) role: Role,
    pub(super) look: Look,
    pub(super) uri: Uri,
    /// The page of ours the visitor came from; Home when that is unknown.
    pub(super) from: String,
    /// The number of changes there were before anything was read.
    seen: u64,
    actor: Option<Actor>,
}

/// The rows of one page of a collection.
pub(super) struct Rows<T> {
    pub(super) rows: Vec<T>,
    pub(super) range: ContentRange,
}

impl<T> Rows<T> {
    /// Returns how many there are beyond these.
    pub(super) fn more(&self) -> usize {
        self.range.total - self.rows.len()
    }

    /// Returns the rows of a list that could not be asked for: none.
    pub(super) fn none() -> Self {
        let range = ContentRange { offset: 0, rows: 0, total: 0 };
        Self { rows: Vec::new(), range }
    }
}

impl FromRequestParts<Arc<Ui>> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, ui: &Arc<Ui>) -> Result<Self, Self::Rejection> {
        let role = Role::acting(&parts.headers);
        let look = Look::of(cookie(&parts.headers, "look").unwrap_or_default());
        let keys = ui.platform.keys();
        let key = match role {
            Role::Vendor => keys.vendor,
            Role::Distributor => keys.distributor,
        };
        let token = ui.platform.authenticate(&key);
        let actor = token.map(|token| ui.platform.person_of(&token).unwrap_or(token));
        let (uri, seen) = (parts.uri.clone(), ui.changes.seen());
        let from = came_from(&parts.headers).unwrap_or_else(|| "/".to_owned());
        Ok(Self { ui: Arc::clone(ui), role, look, uri, from, seen, actor })
    }
}

/// Returns the path and query of the page that led here, as the browser says. Ours tell it to name
/// only pages of ours.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let from: Uri = headers.get(REFERER)?.to_str().ok()?.parse().ok()?;
    from.path_and_query().map(|it| it.as_str().to_owned())
}

impl Visitor {
    /// Returns the frame of a page with this title.
    pub(super) fn shell(&self, section: Section, title: impl Into<String>) -> Shell {
        let here = self.uri.path_and_query().map_or("/", |here| here.as_str());
        Shell {
            title: title.into(),
            section,
            role: self.role,
            look: self.look,
            form_token: self.ui.form_token(self.role),
            here: here.to_owned(),
            live: None,
            seen: self.seen,
            now: self.ui.clock.now(),
        }
    }

    fn actor(&self) -> Result<&Actor, Denial> {
        self.actor.as_ref().ok_or_else(Denial::forbidden)
    }

    /// Returns one page of a collection.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        collection: &Collection,
        query: &Query,
    ) -> Result<Rows<T>, ErrorPage> {
        let query = query.to_query_string().map_err(|error| Denial::invalid(error.to_string()));
        let query = query.map_err(|denied| self.error_page(denied))?;
        self.list_raw(collection, &query).await.map_err(|denied| self.error_page(denied))
    }

    /// Returns how many rows a collection has for a query.
    pub(super) async fn count(
        &self,
        collection: &Collection,
        query: Query,
    ) -> Result<usize, ErrorPage> {
        let none = Query { limit: Some(0), ..query };
        Ok(self.list::<serde_json::Value>(collection, &none).await?.range.total)
    }

    /// Returns one page of a collection, as a query string asks for it.
    pub(super) async fn list_raw<T: DeserializeOwned>(
        &self,
        collection: &Collection,
        query: &str,
    ) -> Result<Rows<T>, Denial> {
        let listed = self.ui.platform.list(self.actor()?, collection, query).await?;
        Ok(Rows { rows: decode(&listed.body)?, range: listed.range })
    }

    /// Reads one object.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        collection: &Collection,
        id: &str,
    ) -> Result<T, ErrorPage> {
        let read =
            async { decode(&self.ui.platform.read(self.actor()?, collection, id, "").await?) };
        read.await.map_err(|denied| self.error_page(denied))
    }

    /// Returns the requests of a subscription, the newest first.
    pub(super) async fn requests_of(
        &self,
        asset: &AssetId,
    ) -> Result<Rows<AssetRequest>, ErrorPage> {
        let newest = Query {
            filter: Some(field("asset.id").eq(asset.as_str())),
            limit: Some(HISTORY),
            ..Query::default()
        };
        self.list(&Collection::Requests, &newest).await
    }

    /// Returns the Markdown an object shows to people; nothing when it has none.
    pub(super) async fn text_of(&self, collection: &Collection, id: &str) -> String {
        let Ok(actor) = self.actor() else { return String::new() };
        self.ui.platform.render(actor, collection, id).await.unwrap_or_default()
    }

    /// Returns a template with typed values and those of a request, as Markdown; nothing
    /// when it cannot be shown.
    pub(super) async fn text_with(
        &self,
        template: &TemplateId,
        request: &str,
        typed: &[(String, String)],
    ) -> String {
        let Ok(actor) = self.actor() else { return String::new() };
        let text = self.ui.platform.render_template(actor, template, request, typed).await;
        text.unwrap_or_default()
    }

    /// Returns the row of the sheet behind a record of usage.
    pub(super) fn sheet_row(&self, record: &UsageRecordId) -> Result<SheetRow, Denial> {
        let actor = self.actor()?;
        self.ui.platform.with_world(|world| world.sheet_row(actor, record))
    }

    /// Returns the address of the empty sheet of usage that a product offers; nothing when it has
    /// none.
    pub(super) fn usage_template(&self, product: &ProductId) -> String {
        let link = self.actor().and_then(|actor| {
            self.ui.platform.with_world(|world| world.usage_template(actor, product))
        });
        link.unwrap_or_default()
    }

    /// Returns the people of the visitor's account.
    pub(super) fn people(&self) -> Vec<Person> {
        self.actor().map(|actor| self.ui.platform.people(actor)).unwrap_or_default()
    }

    /// Has a command carried out in the visitor's role.
    pub(super) async fn apply(
        &self,
        command: impl Into<Command> + Send,
    ) -> Result<CommandResult, Denial> {
        self.ui.platform.apply(self.actor()?.clone(), command).await
    }

    /// Returns the link of a product's action, signed.
    pub(super) async fn action_link(
        &self,
        product: &ProductId,
        action: &str,
        of: ActionSubject<'_>,
    ) -> Result<String, Denial> {
        action_link::signed(&self.ui.platform, self.actor()?, product, action, of).await
    }

    /// Returns how soon somebody takes up what waits for the vendor: whether a processor asks.
    pub(super) fn outlook(&self) -> &'static str {
        let since = self.ui.activity.last_poll().map(|at| self.ui.clock.now().duration_since(at));
        match since {
            Some(since) if since <= LATELY => "The vendor's processor finds it within moments.",
            _ => {
                "No processor has asked in the last 30 seconds: start one, or decide by hand as the \
                 vendor."
            }
        }
    }

    /// Returns a page that says what went wrong.
    pub(super) fn error_page(&self, denied: Denial) -> ErrorPage {
        ErrorPage::new(self.shell(Section::None, "That did not work"), denied)
    }
}

/// Reads what the platform has answered, as values.
pub(super) fn decode<T: DeserializeOwned>(body: &Bytes) -> Result<T, Denial> {
    serde_json::from_slice(body).map_err(|_| Denial::broken())
}
