//! The dialog that creates a webhook, and the same that changes one.

use askama::Template;
use axum::extract::Path;
use connect_model::{Webhook, WebhookId, WebhookObjectClass, WebhookType};
use connect_world::command::WebhookCommand;
use connect_world::{Collection, Denial};
use serde_json::{Map, Value, json};

use super::{DIRECTORY, address, read};
use crate::ui::fields::Fields;
use crate::ui::kit::{Choice, Dialog, DialogButton, Facts, Html, products};
use crate::ui::page::{ErrorPage, Page, go};
use crate::ui::role::Role;
use crate::ui::shell::Section;
use crate::ui::visitor::{Visitor, decode};

#[derive(Template)]
#[template(path = "webhook/form.html")]
struct Form {
    webhook: Webhook,
    kinds: Vec<Choice>,
    classes: Vec<Choice>,
    products: Vec<Choice>,
    /// Whether there is a secret that stays when none is typed.
    has_secret: bool,
    /// The headers, one a line.
    headers: String,
    /// The data as JSON.
    data: String,
}

/// What the form says, as it is shown again.
struct Typed {
    webhook: Webhook,
    product: String,
    headers: String,
    data: String,
}

impl Typed {
    fn of(webhook: Webhook) -> Self {
        let product = webhook.product.as_ref().map(|it| it.id.to_string()).unwrap_or_default();
        let line = |(name, value): (&String, &Value)| {
            format!("{name}: {}\n", value.as_str().unwrap_or_default())
        };
        let headers = webhook.headers.iter().map(line).collect();
        let data = match webhook.data.is_empty() {
            true => String::new(),
            false => serde_json::to_string_pretty(&webhook.data).unwrap_or_default(),
        };
        Self { webhook, product, headers, data }
    }

    /// Returns what a new webhook begins with.
    fn new() -> Self {
        Self::of(Webhook {
            kind: WebhookType::Event,
            object_class: WebhookObjectClass::FulfillmentRequest,
            active: true,
            ..Webhook::default()
        })
    }

    fn of_form(fields: &Fields) -> Self {
        let webhook = Webhook {
            kind: fields.text("type").into(),
            object_class: fields.text("object_class").into(),
            label: fields.text("label").to_owned(),
            active: fields.has("active"),
            external_url: fields.text("external_url").to_owned(),
            description: fields.lines("description"),
            ..Webhook::default()
        };
        Self {
            webhook,
            product: fields.text("product").to_owned(),
            headers: fields.lines("headers"),
            data: fields.lines("data"),
        }
    }

    /// Returns the body of the command that writes it.
    fn body(&self, secret: &str) -> Result<Value, Denial> {
        let Webhook { kind, object_class, label, active, external_url, description, .. } =
            &self.webhook;
        Ok(json!({
            "type": kind,
            "object_class": object_class,
            "label": label,
            "active": active,
            "external_url": external_url,
            "description": Some(description).filter(|text| !text.is_empty()),
            "product_id": self.product,
            "jwt_secret": secret,
            "http_method": "POST",
            "headers": headers(&self.headers)?,
            "data": data(&self.data)?,
        }))
    }
}

fn headers(lines: &str) -> Result<Map<String, Value>, Denial> {
    let lines = lines.lines().filter(|line| !line.trim().is_empty());
    let pair = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_owned(), Value::from(value.trim())))
    };
    let wrong = || Denial::invalid("headers: Write one a line, as “Name: value”.");
    lines.map(|line| pair(line).ok_or_else(wrong)).collect()
}

fn data(text: &str) -> Result<Value, Denial> {
    if text.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_str(text).map_err(|_| Denial::invalid("data: Write it as JSON."))
}

async fn form(visitor: &Visitor, id: Option<&WebhookId>, typed: Typed) -> Html {
    let Typed { webhook, product, headers, data } = typed;
    let words =
        |words: &[&'static str], chosen: &str| Choice::of_words(words.iter().copied(), chosen);
    Html::of(&Form {
        kinds: words(WebhookType::KNOWN, webhook.kind.as_str()),
        classes: words(WebhookObjectClass::KNOWN, webhook.object_class.as_str()),
        products: products(visitor, &product).await,
        has_secret: id.is_some(),
        webhook,
        headers,
        data,
    })
}

async fn dialog(visitor: &Visitor, id: Option<&WebhookId>, typed: Typed) -> Dialog {
    let (name, back) = match id {
        Some(id) => ("Edit Webhook", address(id)),
        None => ("Create Webhook", DIRECTORY.to_owned()),
    };
    let action = match id {
        Some(id) => format!("{}/edit", address(id)),
        None => format!("{DIRECTORY}/new"),
    };
    let closed = (visitor.role != Role::Vendor).then(|| Html::text("Only vendors have webhooks."));
    let button = if id.is_some() { "Save" } else { "Create" };
    Dialog {
        facts: id.map(|id| Facts::beside().id("Webhook", id, address(id), None)),
        overview:
            "The address is called when the queue of the product changes. The call says that \
                   it changed, not what: whoever is called lists what is pending."
                .to_owned(),
        fields: form(visitor, id, typed).await,
        closed,
        buttons: vec![DialogButton::leave("Close", back), DialogButton::send(button, "primary")],
        ..Dialog::new(visitor.shell(Section::Webhooks, name), name, action)
    }
}

/// Answers `GET /webhooks/new`.
pub(in crate::ui) async fn blank(visitor: Visitor) -> Page {
    Ok(dialog(&visitor, None, Typed::new()).await.show())
}

/// Answers `POST /webhooks/new`.
pub(in crate::ui) async fn create(visitor: Visitor, fields: Fields) -> Page {
    let typed = Typed::of_form(&fields);
    match created(&visitor, &typed, fields.text("jwt_secret")).await {
        Ok(id) => Ok(go(&address(&id))),
        Err(denied) => Ok(dialog(&visitor, None, typed).await.refuse(denied.refusal.errors)),
    }
}

async fn created(visitor: &Visitor, typed: &Typed, secret: &str) -> Result<WebhookId, Denial> {
    let body = typed.body(secret)?;
    let created = visitor.apply(WebhookCommand::Create { body }).await?;
    Ok(decode::<Webhook>(&created.body)?.id)
}

/// Answers `GET /webhooks/{id}/edit`.
pub(in crate::ui) async fn page(visitor: Visitor, Path(id): Path<WebhookId>) -> Page {
    let typed = Typed::of(read(&visitor, &id).await?);
    Ok(dialog(&visitor, Some(&id), typed).await.show())
}

/// Answers `POST /webhooks/{id}/edit`.
pub(in crate::ui) async fn save(
    visitor: Visitor,
    Path(id): Path<WebhookId>,
    fields: Fields,
) -> Page {
    let typed = Typed::of_form(&fields);
    match saved(&visitor, &id, &typed, fields.text("jwt_secret")).await {
        Ok(()) => Ok(go(&format!("{}/settings", address(&id)))),
        Err(denied) => Ok(dialog(&visitor, Some(&id), typed).await.refuse(denied.refusal.errors)),
    }
}

/// Writes the settings. The secret stays where none is typed.
async fn saved(
    visitor: &Visitor,
    id: &WebhookId,
    typed: &Typed,
    secret: &str,
) -> Result<(), Denial> {
    let kept: Value =
        visitor.read(&Collection::Webhooks, id.as_str()).await.map_err(ErrorPage::denied)?;
    let secret = Some(secret).filter(|secret| !secret.is_empty()).or(kept["jwt_secret"].as_str());
    let body = typed.body(secret.unwrap_or_default())?;
    visitor.apply(WebhookCommand::Update { id: id.clone(), body }).await.map(drop)
}
