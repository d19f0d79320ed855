//! The dialog in which a side writes its attributes of a billing request.

use askama::Template;
use axum::extract::Path;
use connect_model::{BillingRequest, BillingRequestId, BillingRequestType};
use connect_world::Denial;
use connect_world::command::BillingRequestCommand;
use serde_json::{Map, Value, json};

use super::address;
use super::request::{own_side, read};
use crate::ui::fields::Fields;
use crate::ui::kit::{Dialog, DialogButton, Facts, Html};
use crate::ui::page::{Page, go};
use crate::ui::shell::Section;
use crate::ui::visitor::Visitor;

/// The field with the attributes, as JSON.
#[derive(Template)]
#[template(path = "billing/attributes.html")]
pub(super) struct AttributesField<'a> {
    pub(super) attributes: &'a str,
}

const TITLE: &str = "Edit Attributes";

/// Answers `GET /billing-requests/{id}/attributes`.
pub(super) async fn page(visitor: Visitor, Path(id): Path<BillingRequestId>) -> Page {
    let request = read(&visitor, &id).await?;
    let held = json(&own(&visitor, &request));
    Ok(dialog(&visitor, &request, &held).show())
}

/// Answers `POST /billing-requests/{id}/attributes`.
pub(super) async fn send(
    visitor: Visitor,
    Path(id): Path<BillingRequestId>,
    fields: Fields,
) -> Page {
    let typed = fields.lines("attributes");
    match written(&visitor, &id, &typed).await {
        Ok(()) => Ok(go(&address(&id))),
        Err(denied) => {
            let request = read(&visitor, &id).await?;
            Ok(dialog(&visitor, &request, &typed).refuse(denied.refusal.errors))
        }
    }
}

async fn written(visitor: &Visitor, id: &BillingRequestId, typed: &str) -> Result<(), Denial> {
    let body = noted(visitor, typed)?;
    let command = BillingRequestCommand::UpdateAttributes { id: id.clone(), body };
    visitor.apply(command).await.map(drop)
}

/// Returns what was typed as the visitor's own attributes.
pub(super) fn noted(visitor: &Visitor, typed: &str) -> Result<Value, Denial> {
    let wrong = || Denial::invalid("attributes: Write them as JSON, like {\"invoice\": \"N-17\"}.");
    let own: Map<String, Value> = match typed.is_empty() {
        true => Map::new(),
        false => serde_json::from_str(typed).map_err(|_| wrong())?,
    };
    let side = own_side(visitor).ok_or_else(Denial::forbidden)?;
    Ok(json!({side.as_str(): own}))
}

fn own(visitor: &Visitor, request: &BillingRequest) -> Map<String, Value> {
    match own_side(visitor) {
        Some(BillingRequestType::Provider) => request.attributes.provider.clone(),
        _ => request.attributes.vendor.clone(),
    }
}

/// Returns attributes to be typed over; nothing where there are none.
fn json(attributes: &Map<String, Value>) -> String {
    match attributes.is_empty() {
        true => String::new(),
        false => serde_json::to_string_pretty(attributes).unwrap_or_default(),
    }
}

fn dialog(visitor: &Visitor, request: &BillingRequest, typed: &str) -> Dialog {
    let asset = &request.asset.id;
    let facts = Facts::beside().id("Billing request", &request.id, address(&request.id), None).id(
        "Subscription",
        asset,
        format!("/subscriptions/{asset}"),
        None,
    );
    let shell = visitor.shell(Section::Subscriptions, TITLE);
    Dialog {
        facts: Some(facts),
        overview: format!(
            "These are the attributes of the {}. The other side reads them and has its own.",
            visitor.role.word(),
        ),
        fields: Html::of(&AttributesField { attributes: typed }),
        buttons: vec![
            DialogButton::leave("Close", address(&request.id)),
            DialogButton::send("Save", "primary"),
        ],
        ..Dialog::new(shell, TITLE, format!("{}/attributes", address(&request.id)))
    }
}
