//! The dialog in which an account's owner changes its data, so that its vendors are told.

use askama::Template;
use axum::extract::Path;
use connect_model::{TierAccount, TierAccountId};
use connect_world::command::TierAccountRequestCommand;
use serde_json::json;

use super::rows::{environment, kind};
use super::{Tab, address, may_edit, read};
use crate::ui::account_form::{AccountForm, Input};
use crate::ui::fields::Fields;
use crate::ui::kit::{Dialog, DialogButton, Facts, Html, Tab as _};
use crate::ui::page::{Page, go};
use crate::ui::shell::Section;
use crate::ui::visitor::Visitor;

const TITLE: &str = "Edit Account";

#[derive(Template)]
#[template(path = "customer/edit.html")]
struct Form {
    inputs: Vec<Input>,
}

fn dialog(visitor: &Visitor, account: &TierAccount, typed: AccountForm) -> Dialog {
    let shell = visitor.shell(Section::Customers, TITLE).live(&[account.id.as_str()]);
    let facts = Facts::beside()
        .id("Account", &account.id, address(&account.id), environment(account))
        .text("Type", kind(account))
        .text("Version", account.version.unwrap_or(1));
    let is_open = may_edit(visitor, account);
    let closed = (!is_open)
        .then(|| Html::text("Only its distributor can edit it. “Acting as” above changes sides."));
    Dialog {
        facts: Some(facts),
        overview:
            "The account gets the data at once, as a new version. The vendor of each product \
                   that it uses is told, and says whether it takes the change over."
                .to_owned(),
        fields: if is_open { Html::of(&Form { inputs: typed.inputs() }) } else { Html::default() },
        closed,
        buttons: vec![
            DialogButton::leave("Close", address(&account.id)),
            DialogButton::send("Save", "primary"),
        ],
        ..Dialog::new(shell, TITLE, format!("{}/edit", address(&account.id)))
    }
}

/// Answers `GET /customers/{id}/edit`.
pub(super) async fn page(visitor: Visitor, Path(id): Path<TierAccountId>) -> Page {
    let account = read(&visitor, &id).await?;
    Ok(dialog(&visitor, &account, AccountForm::of(&account)).show())
}

/// Answers `POST /customers/{id}/edit`, and leads to what its vendors are told.
pub(super) async fn send(visitor: Visitor, Path(id): Path<TierAccountId>, fields: Fields) -> Page {
    let account = read(&visitor, &id).await?;
    let edited = AccountForm::of_form(&fields).over(account.clone());
    let data = json!({"id": id, "name": edited.name, "contact_info": edited.contact_info});
    let body = json!({"type": "update", "account": data});
    match visitor.apply(TierAccountRequestCommand::Create { body }).await {
        Ok(_) => Ok(go(&Tab::Requests.address(&address(&id)))),
        Err(denied) => {
            let typed = AccountForm::of_form(&fields);
            Ok(dialog(&visitor, &account, typed).refuse(denied.refusal.errors))
        }
    }
}
