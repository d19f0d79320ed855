//! The dialog that makes a usage file.

use askama::Template;
use connect_model::rql::Query;
use connect_model::{ContractId, Reference, UsageFile, UsageFileId};
use connect_world::command::UsageFileCommand;
use connect_world::{Collection, Denial, MAX_LIMIT};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{FILES, address};
use crate::ui::fields::Fields;
use crate::ui::kit::{Choice, Dialog, DialogButton, Html, products};
use crate::ui::page::{Page, go};
use crate::ui::role::Role;
use crate::ui::shell::Section;
use crate::ui::visitor::{Visitor, decode};

#[derive(Template)]
#[template(path = "usage/new_file.html")]
struct Form<'a> {
    name: &'a str,
    products: Vec<Choice>,
    contracts: Vec<Choice>,
    from: &'a str,
    to: &'a str,
    external_id: &'a str,
    description: &'a str,
}

/// Answers `GET /usage/files/new`: what is reported is usually the month before.
pub(super) async fn page(visitor: Visitor) -> Page {
    let today = visitor.ui.clock.now().to_zoned(TimeZone::UTC).date();
    let month = today.first_of_month().saturating_sub(1.month());
    let (from, to) = (month.to_string(), month.last_of_month().to_string());
    let blank = Fields::of_pairs([("from", from.as_str()), ("to", to.as_str())]);
    Ok(dialog(&visitor, &blank).await.show())
}

/// Answers `POST /usage/files/new`.
pub(super) async fn send(visitor: Visitor, fields: Fields) -> Page {
    match created(&visitor, &fields).await {
        Ok(id) => Ok(go(&address(&id))),
        Err(denied) => Ok(dialog(&visitor, &fields).await.refuse(denied.refusal.errors)),
    }
}

async fn created(visitor: &Visitor, fields: &Fields) -> Result<UsageFileId, Denial> {
    let created = visitor.apply(UsageFileCommand::Create { body: body(fields) }).await?;
    Ok(decode::<UsageFile>(&created.body)?.id)
}

fn body(fields: &Fields) -> Value {
    json!({
        "name": fields.text("name"),
        "product": {"id": fields.text("product")},
        "contract": {"id": fields.text("contract")},
        "period": {"from": fields.text("from"), "to": fields.text("to")},
        "external_id": fields.text("external_id"),
        "description": fields.lines("description"),
    })
}

async fn dialog(visitor: &Visitor, fields: &Fields) -> Dialog {
    let form = Form {
        name: fields.text("name"),
        products: products(visitor, fields.text("product")).await,
        contracts: contracts(visitor, fields.text("contract")).await,
        from: fields.text("from"),
        to: fields.text("to"),
        external_id: fields.text("external_id"),
        description: fields.text("description"),
    };
    let title = "New Usage File";
    let closed = (visitor.role != Role::Vendor).then(|| Html::text("Only vendors report usage."));
    Dialog {
        overview: "This makes a draft. A workbook with the records is uploaded to it next."
            .to_owned(),
        fields: Html::of(&form),
        closed,
        buttons: vec![DialogButton::leave("Close", FILES), DialogButton::send("Create", "primary")],
        ..Dialog::new(visitor.shell(Section::Usage, title), title, format!("{FILES}/new"))
    }
}

/// Returns the contracts that can be reported under, previews at last.
async fn contracts(visitor: &Visitor, chosen: &str) -> Vec<Choice> {
    let all = Query { limit: Some(MAX_LIMIT), ..Query::default() };
    let found = visitor.list::<Reference<ContractId>>(&Collection::Contracts, &all).await;
    let named = found.map(|found| found.rows).unwrap_or_default().into_iter().map(|contract| {
        let title = contract.name.unwrap_or_else(|| contract.id.to_string());
        (contract.id.to_string(), title)
    });
    let preview = (ContractId::PREVIEW.to_owned(), "Preview subscriptions".to_owned());
    let choice =
        |(value, title): (String, String)| Choice { chosen: value == chosen, value, title };
    named.chain([preview]).map(choice).collect()
}
