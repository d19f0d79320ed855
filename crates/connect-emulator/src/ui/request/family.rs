//! The families of requests, as their pages and dialogs need them.

use connect_model::lifecycle::{Caller, Operation, Refused, asset_request as lifecycle};
use connect_model::{AssetRequest, Assignee, Capability, Events, ParameterPhase, Product, Request};
use connect_world::command::RequestCommand;
use connect_world::{Collection, Command};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::ui::kit::Facts;
use crate::ui::mark::{Mark, title};
use crate::ui::product::settings;
use crate::ui::role::Role;
use crate::ui::rows::{environment, is_preview};
use crate::ui::shell::{Section, Shell};
use crate::ui::subscriptions::FULFILLMENT;

/// A family of requests whose dialogs are those of `dialog.rs`. Another family implements this and
/// has its dialogs with one route, `{ADDRESS}/{id}/{verb}`.
pub(in crate::ui) trait Family:
    Request + DeserializeOwned + Send + Sync + 'static
{
    /// The collection that its requests are read from.
    const LISTED: Collection;
    /// The address below which its requests have their pages.
    const ADDRESS: &'static str;
    const SECTION: Section;
    /// The word for who is asked in an inquiry.
    const ASKED: &'static str;
    /// The field of a request that holds the link to that one's form.
    const FORM_LINK: &'static str;
    /// Whether an inquiry may say which template it shows.
    const HAS_INQUIRY_TEMPLATE: bool;

    /// Returns what dialogs say about a request: itself, its type, its subject, its status.
    fn facts(&self, shell: &Shell) -> Facts;

    fn assignee(&self) -> &Assignee;

    fn events(&self) -> &Events;

    /// Returns a role in the words of the family's lifecycle.
    fn caller(&self, role: Role) -> Caller;

    /// Returns the product's name, as the request says it.
    fn product_name(&self) -> &str;

    /// Whether somebody may write a value of a phase now, if anything.
    fn may_write(&self, caller: Caller, phase: &ParameterPhase) -> bool;

    /// Returns what becomes of the request by an operation, where dialogs say it otherwise of others.
    fn outlook(&self, _: Operation) -> Option<&'static str> {
        None
    }

    /// Says whether the platform accepts an operation now.
    ///
    /// # Errors
    ///
    /// Its reason why not.
    fn decide(
        &self,
        product: &Product,
        operation: Operation,
        caller: Caller,
    ) -> Result<(), Hindrance>;

    /// Returns the command of an operation, with the code of a form when it comes through one.
    fn operate(id: &str, operation: Operation, body: Value, code: Option<String>) -> Command;

    /// Returns the body of an approval: a template's id and a date as they were typed, or nothing.
    fn approval(template: &str, since: &str) -> Value;

    /// Returns the body of an inquiry with a template's id, or without.
    fn inquiry(template: &str) -> Value;
}

/// A family whose requests may be drafts.
pub(in crate::ui) trait WithDrafts: Family {
    /// The address of the list of its requests.
    const DIRECTORY: &'static str;
    /// What deleting a draft means.
    const ABANDONED: &'static str;

    /// Returns the command that deletes a draft.
    fn abandon(id: &str) -> Command;
}

/// The reason why the platform would refuse an operation.
pub(in crate::ui) struct Hindrance {
    pub(in crate::ui) text: String,
    /// The switch of the product that is off, when that is the reason.
    pub(in crate::ui) capability: Option<Capability>,
}

impl From<Refused> for Hindrance {
    fn from(refused: Refused) -> Self {
        let Refused::Capability { capability, .. } = refused else {
            return Self { text: refused.to_string(), capability: None };
        };
        let text = format!("{} is off for this product.", settings::name_of(capability));
        Self { text, capability: Some(capability) }
    }
}

impl Family for AssetRequest {
    const LISTED: Collection = Collection::Requests;
    const ADDRESS: &'static str = "/requests";
    const SECTION: Section = Section::Subscriptions;
    const ASKED: &'static str = "customer";
    const FORM_LINK: &'static str = "params_form_url";
    const HAS_INQUIRY_TEMPLATE: bool = true;

    fn facts(&self, _: &Shell) -> Facts {
        let asset = &self.asset;
        Facts::beside()
            .id("Request", &self.id, format!("/requests/{}", self.id), None)
            .text("Type", title(self.kind.as_str()))
            .id(
                "Subscription",
                &asset.id,
                format!("/subscriptions/{}", asset.id),
                environment(asset),
            )
            .mark("Status", Mark::from(&self.status))
    }

    fn assignee(&self) -> &Assignee {
        &self.assignee
    }

    fn events(&self) -> &Events {
        &self.events
    }

    fn caller(&self, role: Role) -> Caller {
        role.caller(is_preview(self.asset.connection.as_ref()))
    }

    fn product_name(&self) -> &str {
        self.asset.product.as_ref().and_then(|it| it.name.as_deref()).unwrap_or_default()
    }

    fn may_write(&self, caller: Caller, phase: &ParameterPhase) -> bool {
        lifecycle::may_write(caller, &self.status, phase)
    }

    fn decide(
        &self,
        product: &Product,
        operation: Operation,
        caller: Caller,
    ) -> Result<(), Hindrance> {
        let is_on = |switch| product.capabilities.is_on(switch);
        lifecycle::allow(&self.kind, &self.status, operation, caller)?.with(is_on)?;
        Ok(())
    }

    fn operate(id: &str, operation: Operation, body: Value, code: Option<String>) -> Command {
        RequestCommand::Operate { id: id.into(), operation, body, code }.into()
    }

    fn approval(template: &str, since: &str) -> Value {
        filled_in([("template_id", template), ("effective_date", since)])
    }

    fn inquiry(template: &str) -> Value {
        filled_in([("template_id", template)])
    }
}

impl WithDrafts for AssetRequest {
    const DIRECTORY: &'static str = FULFILLMENT;
    const ABANDONED: &'static str = "The draft is deleted with all that was said about it; a draft of a \
                                     purchase with its subscription. The platform does so by itself \
                                     when nobody writes to a draft for a day.";

    fn abandon(id: &str) -> Command {
        RequestCommand::Abandon { id: id.into() }.into()
    }
}

/// Returns a body of the fields that have a text.
pub(super) fn filled_in<const N: usize>(fields: [(&str, &str); N]) -> Value {
    let fields = fields.into_iter().filter(|(_, text)| !text.is_empty());
    let body: Map<String, Value> =
        fields.map(|(name, text)| (name.to_owned(), text.into())).collect();
    body.into()
}
