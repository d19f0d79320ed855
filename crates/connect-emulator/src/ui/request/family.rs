//! The families of requests, as their pages and dialogs need them.

use connect_model::lifecycle::{Caller, Operation, Refused, asset_request as lifecycle};
use connect_model::{
    AssetRequest, Assignee, Capability, Events, ParameterPhase, Product, Request, TemplateId,
};
use connect_world::command::RequestCommand;
use connect_world::{Collection, Command};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::ui::actions::is_preview;
use crate::ui::kit::Facts;
use crate::ui::mark::{Mark, title};
use crate::ui::role::Role;
use crate::ui::rows::environment;
use crate::ui::secrets::masked;
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;

/// A family of requests whose dialogs are those of `dialog.rs`. Another family implements this and
/// has its dialogs with one route, `{ADDRESS}/{id}/{verb}`.
pub(in crate::ui) trait Family:
    Request + DeserializeOwned + Send + Sync + 'static
{
    /// The collection that its requests are read from.
    const LISTED: Collection;
    /// The address below which its requests have their pages.
    const ADDRESS: &'static str;
    /// Whether an approval may say since when it holds.
    const HAS_EFFECTIVE_DATE: bool;

    /// Returns what dialogs say about a request: itself, its type, its subject, its status.
    fn facts(&self, shell: &Shell) -> Facts;

    fn assignee(&self) -> &Assignee;

    fn events(&self) -> &Events;

    /// Returns a role in the words of the family's lifecycle.
    fn caller(&self, role: Role) -> Caller;

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

    /// Whether an update may bring values of a phase now.
    fn may_write(&self, caller: Caller, phase: &ParameterPhase) -> bool;

    /// Returns the command of an operation.
    fn operate(id: &str, operation: Operation, body: Value) -> Command;

    /// Returns the body of an approval: a template's id and a date as they were typed, or nothing.
    fn approval(template: &str, since: &str) -> Value;

    /// Returns the body of an inquiry with a template's id, or without.
    fn inquiry(template: &str) -> Value;

    /// Returns a template with typed values and those of a request, as Markdown; nothing when it
    /// cannot be shown.
    fn filled(
        &self,
        template: &TemplateId,
        typed: &[(String, String)],
        visitor: &Visitor,
    ) -> impl Future<Output = String> + Send;
}

/// The reason why the platform would refuse an operation.
pub(in crate::ui) struct Hindrance {
    pub(in crate::ui) text: String,
    /// The switch of the product that is off, when that is the reason.
    pub(in crate::ui) capability: Option<Capability>,
}

impl From<Refused> for Hindrance {
    fn from(refused: Refused) -> Self {
        let capability = match refused {
            Refused::Capability { capability, .. } => Some(capability),
            _ => None,
        };
        Self { text: refused.to_string(), capability }
    }
}

impl Family for AssetRequest {
    const LISTED: Collection = Collection::Requests;
    const ADDRESS: &'static str = "/requests";
    const HAS_EFFECTIVE_DATE: bool = true;

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
        role.caller(is_preview(&self.asset))
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

    fn may_write(&self, caller: Caller, phase: &ParameterPhase) -> bool {
        lifecycle::may_write(caller, &self.status, phase)
    }

    fn operate(id: &str, operation: Operation, body: Value) -> Command {
        RequestCommand::Operate { id: id.into(), operation, body, code: None }.into()
    }

    fn approval(template: &str, since: &str) -> Value {
        filled_in([("template_id", template), ("effective_date", since)])
    }

    fn inquiry(template: &str) -> Value {
        filled_in([("template_id", template)])
    }

    async fn filled(
        &self,
        template: &TemplateId,
        typed: &[(String, String)],
        visitor: &Visitor,
    ) -> String {
        masked(visitor.text_with(template, &self.id, typed).await, &self.asset, visitor)
    }
}

/// Returns a body of the fields that have a text.
fn filled_in<const N: usize>(fields: [(&str, &str); N]) -> Value {
    let fields = fields.into_iter().filter(|(_, text)| !text.is_empty());
    let body: Map<String, Value> =
        fields.map(|(name, text)| (name.to_owned(), text.into())).collect();
    body.into()
}
