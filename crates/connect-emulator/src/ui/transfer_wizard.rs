//! The Transfer wizard: to whom a subscription goes.

use askama::Template;
use axum::extract::Path;
use connect_model::asset_request::{NewRequest, NewTier};
use connect_model::rql::{Query, field};
use connect_model::{Asset, AssetId, AssetRequest, Product, TierAccount, TierAccountType};
use serde_json::json;

use super::fields::Fields;
use super::kit::{Choice, Dialog, DialogButton, Html, Steps};
use super::page::{ErrorPage, Page, go};
use super::request_wizard::{facts, hindrance, summary_address};
use super::rows::product_of;
use super::shell::Section;
use super::visitor::{Visitor, decode};
use connect_world::command::RequestCommand;
use connect_world::{Collection, Denial};

const VERB: &str = "transfer";
const TITLE: &str = "Transfer Subscription";
const OVERVIEW: &str = "This creates a transfer request. Once it is approved, the subscription \
                        belongs to the other customer, or is sold by the other reseller. If the \
                        vendor refuses, it stays where it is.";

/// Accounts of a sort that can be chosen.
const SHOWN: u32 = 100;

#[derive(Template)]
#[template(path = "transfer_wizard/accounts.html")]
struct Form {
    customers: Vec<Choice>,
    resellers: Vec<Choice>,
    /// Whether there are more than those shown.
    has_more: bool,
}

async fn dialog(visitor: &Visitor, id: &AssetId, fields: &Fields) -> Result<Dialog, ErrorPage> {
    let asset: Asset = visitor.read(&Collection::Assets, id.as_str()).await?;
    let product: Product = visitor.read(&Collection::Products, &product_of(&asset)).await?;
    let closed = hindrance(visitor, &asset, &product, VERB).await?;
    let shell = visitor.shell(Section::Subscriptions, TITLE);
    let close = DialogButton::leave("Close", format!("/subscriptions/{id}"));
    Ok(Dialog {
        steps: Some(Steps::at(0, &["Accounts", "Summary"])),
        facts: Some(facts(&asset, &product)),
        overview: OVERVIEW.to_owned(),
        closed: closed.map(|why| Html::text(&why)),
        fields: Html::of(&form(visitor, &asset, fields).await?),
        buttons: vec![close, DialogButton::send("Create Transfer Request", "primary")],
        ..Dialog::new(shell, TITLE, format!("/subscriptions/{id}/{VERB}"))
    })
}

async fn form(visitor: &Visitor, asset: &Asset, fields: &Fields) -> Result<Form, ErrorPage> {
    let (customer, reseller) = (TierAccountType::Customer, TierAccountType::Reseller);
    let (customers, more) =
        choices(visitor, &customer, asset.tiers.customer.as_deref(), fields.text("customer"))
            .await?;
    let (resellers, more_resellers) =
        choices(visitor, &reseller, asset.tiers.tier1.as_deref(), fields.text("tier1")).await?;
    Ok(Form { customers, resellers, has_more: more || more_resellers })
}

/// Returns the accounts of a sort, the subscription's own first, and whether there are more.
async fn choices(
    visitor: &Visitor,
    kind: &TierAccountType,
    own: Option<&TierAccount>,
    chosen: &str,
) -> Result<(Vec<Choice>, bool), ErrorPage> {
    let query = Query {
        filter: Some(field("type").eq(kind.as_str())),
        limit: Some(SHOWN),
        ..Query::default()
    };
    let found = visitor.list::<TierAccount>(&Collection::TierAccounts, &query).await?;
    let stays = own.map_or("None", TierAccount::name_or_id);
    let stays =
        Choice { value: String::new(), title: format!("{stays} (as it is)"), chosen: false };
    let others = found.rows.iter().filter(|account| own.is_none_or(|own| own.id != account.id));
    let others = others.map(|account| Choice {
        value: account.id.to_string(),
        title: format!("{} ({})", account.name_or_id(), account.id),
        chosen: account.id == *chosen,
    });
    Ok(([stays].into_iter().chain(others).collect(), found.more() > 0))
}

/// Answers `GET /subscriptions/{id}/transfer`.
pub(super) async fn page(visitor: Visitor, Path(id): Path<AssetId>) -> Page {
    Ok(dialog(&visitor, &id, &Fields::of_query("")).await?.show())
}

/// Answers `POST /subscriptions/{id}/transfer`.
pub(super) async fn create(visitor: Visitor, Path(id): Path<AssetId>, fields: Fields) -> Page {
    match transfer(&visitor, &id, &fields).await {
        Ok(request) => Ok(go(&summary_address(&id, VERB, &request))),
        Err(denied) => Ok(dialog(&visitor, &id, &fields).await?.refuse(denied.refusal.errors)),
    }
}

async fn transfer(
    visitor: &Visitor,
    id: &AssetId,
    fields: &Fields,
) -> Result<AssetRequest, Denial> {
    let mut request = NewRequest::transfer(id);
    for level in ["customer", "tier1"] {
        let account = fields.text(level);
        if !account.is_empty() {
            request = request.tier(level, &NewTier::Known(account.into()));
        }
    }
    decode(&visitor.apply(RequestCommand::Create { body: json!(request) }).await?.body)
}
