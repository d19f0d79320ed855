//! Trigger and Delete: dialogs that ask for a yes.

use axum::extract::Path;
use connect_model::WebhookId;
use connect_world::Denial;
use connect_world::command::WebhookCommand;

use super::{DIRECTORY, address, read};
use crate::ui::fields::Fields;
use crate::ui::kit::{Dialog, DialogButton, Facts};
use crate::ui::page::{ErrorPage, Page, go};
use crate::ui::shell::Section;
use crate::ui::visitor::Visitor;

/// Something to be done to a webhook.
struct Action {
    /// Its name in addresses.
    verb: &'static str,
    title: &'static str,
    overview: &'static str,
    button: &'static str,
    tone: &'static str,
    command: fn(WebhookId) -> WebhookCommand,
    /// The page that it leads to.
    then: fn(&WebhookId) -> String,
}

static ACTIONS: [Action; 2] = [
    Action {
        verb: "trigger",
        title: "Trigger Webhook",
        overview: "This has the webhook called at once, as if its queue had changed. The call is \
                   among its deliveries when it is over.",
        button: "Trigger",
        tone: "primary",
        command: |id| WebhookCommand::Trigger { id },
        then: address,
    },
    Action {
        verb: "delete",
        title: "Delete Webhook",
        overview: "This deletes the webhook with its log. Whoever listens at its address is no \
                   longer called.",
        button: "Delete",
        tone: "danger",
        command: |id| WebhookCommand::Delete { id },
        then: |_| DIRECTORY.to_owned(),
    },
];

impl Action {
    fn named(visitor: &Visitor, verb: &str) -> Result<&'static Self, ErrorPage> {
        let found = ACTIONS.iter().find(|action| action.verb == verb);
        found.ok_or_else(|| visitor.error_page(Denial::not_found()))
    }

    async fn dialog(&self, visitor: &Visitor, id: &WebhookId) -> Result<Dialog, ErrorPage> {
        let webhook = read(visitor, id).await?;
        let facts = Facts::beside()
            .id("Webhook", id, address(id), None)
            .text("Label", webhook.label)
            .text("Address", webhook.external_url);
        let shell = visitor.shell(Section::Webhooks, self.title);
        Ok(Dialog {
            facts: Some(facts),
            overview: self.overview.to_owned(),
            buttons: vec![
                DialogButton::leave("Close", address(id)),
                DialogButton::send(self.button, self.tone),
            ],
            ..Dialog::new(shell, self.title, format!("{}/{}", address(id), self.verb))
        })
    }
}

/// Answers `GET /webhooks/{id}/{verb}`.
pub(in crate::ui) async fn page(
    visitor: Visitor,
    Path((id, verb)): Path<(WebhookId, String)>,
) -> Page {
    Ok(Action::named(&visitor, &verb)?.dialog(&visitor, &id).await?.show())
}

/// Answers `POST /webhooks/{id}/{verb}`.
pub(in crate::ui) async fn send(
    visitor: Visitor,
    Path((id, verb)): Path<(WebhookId, String)>,
    _: Fields,
) -> Page {
    let action = Action::named(&visitor, &verb)?;
    match visitor.apply((action.command)(id.clone())).await {
        Ok(_) => Ok(go(&(action.then)(&id))),
        Err(denied) => Ok(action.dialog(&visitor, &id).await?.refuse(denied.refusal.errors)),
    }
}
