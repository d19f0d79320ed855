//! The Change wizard: Overview, Items.

use askama::Template;
use axum::extract::Path;
use connect_model::asset_request::NewRequest;
use connect_model::lifecycle::asset_request::editing_capability;
use connect_model::{Asset, AssetId, AssetRequest, AssetRequestType, ParameterPhase, Product};
use serde_json::json;

use super::catalog::{Catalog, Control, ItemInput, ParameterInput};
use super::fields::Fields;
use super::kit::{Dialog, DialogButton, Html, Steps};
use super::page::{ErrorPage, Page, go};
use super::request_wizard::{facts, hindrance, summary_address};
use super::rows::product_of;
use super::shell::Section;
use super::visitor::{Visitor, decode};
use connect_world::command::RequestCommand;
use connect_world::{Collection, Denial};

const VERB: &str = "change";
const TITLE: &str = "Change Subscription";
const STEPS: [&str; 3] = ["Overview", "Items", "Summary"];
const OVERVIEW: &str = "This creates a change request with other quantities. Once the vendor                         approves it, the subscription has them. If the vendor refuses, it stays as                         it is.";

#[derive(Template)]
#[template(path = "change_wizard/items.html")]
struct Form {
    product: Product,
    items: Vec<ItemInput>,
    /// The parameters; none when the product keeps them as they were ordered.
    parameters: Option<Vec<ParameterInput>>,
}

/// The subscription and what its product offers.
struct Subject {
    asset: Asset,
    product: Product,
    catalog: Catalog,
}

impl Subject {
    async fn of(visitor: &Visitor, id: &AssetId) -> Result<Self, ErrorPage> {
        let asset: Asset = visitor.read(&Collection::Assets, id.as_str()).await?;
        let product: Product = visitor.read(&Collection::Products, &product_of(&asset)).await?;
        let catalog = Catalog::of(visitor, &product.id).await?;
        Ok(Self { asset, product, catalog })
    }

    fn may_edit_parameters(&self) -> bool {
        editing_capability(&AssetRequestType::Change, &ParameterPhase::Ordering)
            .is_some_and(|switch| self.product.capabilities.is_on(switch))
    }

    /// Returns the request with what the form changes.
    fn request(&self, fields: &Fields) -> Result<NewRequest, Denial> {
        let request = NewRequest::change(&self.asset.id);
        let request = self.catalog.with_items(request, fields, Some(&self.asset))?;
        match self.may_edit_parameters() {
            true => self.catalog.with_parameters(request, fields, Some(&self.asset)),
            false => Ok(request),
        }
    }

    async fn dialog(&self, visitor: &Visitor, place: usize) -> Result<Dialog, ErrorPage> {
        let closed = hindrance(visitor, &self.asset, &self.product, VERB).await?;
        let shell = visitor.shell(Section::Subscriptions, TITLE);
        Ok(Dialog {
            steps: Some(Steps::at(place, &STEPS)),
            closed: closed.map(|why| Html::text(&why)),
            ..Dialog::new(shell, TITLE, self.address())
        })
    }

    fn address(&self) -> String {
        format!("/subscriptions/{}/{VERB}", self.asset.id)
    }

    async fn overview(&self, visitor: &Visitor) -> Result<Dialog, ErrorPage> {
        let page = self.dialog(visitor, 0).await?;
        let close = DialogButton::leave("Close", format!("/subscriptions/{}", self.asset.id));
        let items = DialogButton::leave("Next", format!("{}?step=items", self.address()));
        let next = page.closed.is_none().then_some(DialogButton { tone: "primary", ..items });
        Ok(Dialog {
            facts: Some(facts(&self.asset, &self.product)),
            overview: OVERVIEW.to_owned(),
            buttons: [close].into_iter().chain(next).collect(),
            ..page
        })
    }

    async fn items(self, visitor: &Visitor, fields: &Fields) -> Result<Dialog, ErrorPage> {
        let page = self.dialog(visitor, 1).await?;
        let address = self.address();
        let inputs = || self.catalog.parameter_inputs(fields, Some(&self.asset), |_| true);
        let form = Form {
            items: self.catalog.item_inputs(fields, Some(&self.asset)),
            parameters: self.may_edit_parameters().then(inputs),
            product: self.product,
        };
        let back = DialogButton::leave("Back", address.clone());
        Ok(Dialog {
            steps: page.steps.map(|steps| steps.back_to_first(address)),
            fields: Html::of(&form),
            buttons: vec![back, DialogButton::send("Create Change Request", "primary")],
            ..page
        })
    }
}

/// Answers `GET /subscriptions/{id}/change`.
pub(super) async fn page(visitor: Visitor, Path(id): Path<AssetId>) -> Page {
    let query = Fields::of_query(visitor.uri.query().unwrap_or_default());
    let subject = Subject::of(&visitor, &id).await?;
    let page = match query.text("step") {
        "items" => subject.items(&visitor, &query).await?,
        _ => subject.overview(&visitor).await?,
    };
    Ok(page.show())
}

/// Answers `POST /subscriptions/{id}/change`.
pub(super) async fn create(visitor: Visitor, Path(id): Path<AssetId>, fields: Fields) -> Page {
    let subject = Subject::of(&visitor, &id).await?;
    match change(&visitor, &subject, &fields).await {
        Ok(request) => Ok(go(&summary_address(&id, VERB, &request))),
        Err(denied) => {
            let page = subject.items(&visitor, &fields).await?;
            Ok(page.refuse(denied.refusal.errors))
        }
    }
}

async fn change(
    visitor: &Visitor,
    subject: &Subject,
    fields: &Fields,
) -> Result<AssetRequest, Denial> {
    let body = json!(subject.request(fields)?);
    decode(&visitor.apply(RequestCommand::Create { body }).await?.body)
}
