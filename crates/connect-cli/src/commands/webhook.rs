//! `cnct webhook`.

use connect_client::{Call, Client, List};
use connect_model::rql::field;
use connect_model::{Resource, Webhook};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::Session;
use super::listing::as_they_come;
use crate::cli::{CreateWebhook, ListWebhooks, WebhookCommand, WebhookTarget};
use crate::exit::Error;
use crate::printer::Printer;
use crate::view::{ListView, WebhookDetails, WebhookDone};

/// Carries out a command about webhooks.
pub(super) async fn run(command: WebhookCommand, session: &mut Session<'_>) -> Result<(), Error> {
    let Session { client, printer, signals } = &mut *session;
    match command {
        WebhookCommand::List(wanted) => signals.unless_told(list(wanted, client, printer)).await,
        WebhookCommand::Show(target) => signals.unless_told(show(&target, client, printer)).await,
        WebhookCommand::Create(new) => signals.unless_told(create(new, client, printer)).await,
        WebhookCommand::Trigger(target) => {
            let call = Call::post(format!("{}/trigger", path(&target)));
            signals.unless_told(done("triggered", call, &target, client, printer)).await
        }
        WebhookCommand::Delete(target) => {
            let call = Call::delete(path(&target));
            signals.unless_told(done("deleted", call, &target, client, printer)).await
        }
    }
}

fn path(target: &WebhookTarget) -> String {
    format!("{}/{}", Webhook::COLLECTION, target.webhook)
}

async fn list(wanted: ListWebhooks, client: &Client, printer: &Printer) -> Result<(), Error> {
    let filter = wanted.product.map(|product| field("product.id").eq(product.as_str()));
    let list = filter.into_iter().fold(client.list::<Webhook>(), List::filter);
    let (rows, all) = as_they_come(list, wanted.limit, "webhooks", printer).await?;
    printer.show(&ListView::of(rows))?;
    all
}

async fn show(target: &WebhookTarget, client: &Client, printer: &Printer) -> Result<(), Error> {
    let webhook = client.get(target.webhook.as_str()).await?;
    printer.show(&WebhookDetails { webhook, now: Timestamp::now() })
}

async fn create(new: CreateWebhook, client: &Client, printer: &Printer) -> Result<(), Error> {
    let headers = new.headers.into_iter().map(|pair| (pair.key, Value::from(pair.text)));
    let body = json!({
        "type": "event",
        "label": new.label.unwrap_or_else(|| new.object_class.to_string()),
        "object_class": new.object_class,
        "product_id": new.product,
        "external_url": new.url,
        "jwt_secret": new.secret,
        "active": !new.inactive,
        "description": null,
        "http_method": "POST",
        "headers": headers.collect::<Map<_, _>>(),
    });
    let webhook = client.create(&body).await?;
    printer.show(&WebhookDetails { webhook, now: Timestamp::now() })
}

async fn done(
    what: &'static str,
    call: Call,
    target: &WebhookTarget,
    client: &Client,
    printer: &Printer,
) -> Result<(), Error> {
    client.call(call).await?;
    printer.show(&WebhookDone { id: target.webhook.clone(), done: what })
}
