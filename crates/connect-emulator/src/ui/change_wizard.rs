//! The Change wizard: Overview, Items.

use askama::Template;
use axum::extract::Path;
use connect_model::asset_request::NewRequest;
use connect_model::{Asset, AssetId, AssetRequest, Capability, Product};
use http::StatusCode;
use serde_json::json;

use super::catalog::{Catalog, Control, ItemInput, ParameterInput};
use super::fields::Fields;
use super::mark::Mark;
use super::page::{ErrorPage, Page, go, reason, show, show_with};
use super::request_wizard::{hindrance, product_of, summary_address};
use super::shell::{Section, Shell};
use super::visitor::{Visitor, decode};
use connect_world::command::RequestCommand;
use connect_world::{Collection, Denial};

const VERB: &str = "change";
const TITLE: &str = "Change Subscription";

#[derive(Template)]
#[template(path = "change_wizard/overview.html")]
struct OverviewPage {
    shell: Shell,
    asset: Asset,
    mark: Mark,
    product: Product,
    why_not: Option<String>,
}

#[derive(Template)]
#[template(path = "change_wizard/items.html")]
struct ItemsPage {
    shell: Shell,
    asset: Asset,
    product: Product,
    items: Vec<ItemInput>,
    /// The parameters; none when the product keeps them as they were ordered.
    parameters: Option<Vec<ParameterInput>>,
    /// The reason why the request cannot be created, or was not.
    why_not: Option<String>,
    is_refused: bool,
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
        self.product.capabilities.is_on(Capability::EditableOrdering)
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

    async fn items_page(
        self,
        visitor: &Visitor,
        fields: &Fields,
        refused: Option<String>,
    ) -> Result<ItemsPage, ErrorPage> {
        let hindered = hindrance(visitor, &self.asset, &self.product, VERB).await?;
        let inputs = || self.catalog.parameter_inputs(fields, Some(&self.asset), |_| true);
        Ok(ItemsPage {
            shell: visitor.shell(Section::Subscriptions, TITLE),
            items: self.catalog.item_inputs(fields, Some(&self.asset)),
            parameters: self.may_edit_parameters().then(inputs),
            is_refused: refused.is_some(),
            why_not: refused.or(hindered),
            asset: self.asset,
            product: self.product,
        })
    }
}

/// Answers `GET /subscriptions/{id}/change`.
pub(super) async fn page(visitor: Visitor, Path(id): Path<AssetId>) -> Page {
    let query = Fields::of_query(visitor.uri.query().unwrap_or_default());
    if query.text("step") == "items" {
        let subject = Subject::of(&visitor, &id).await?;
        return Ok(show(&subject.items_page(&visitor, &query, None).await?));
    }
    let asset: Asset = visitor.read(&Collection::Assets, id.as_str()).await?;
    let product: Product = visitor.read(&Collection::Products, &product_of(&asset)).await?;
    Ok(show(&OverviewPage {
        shell: visitor.shell(Section::Subscriptions, TITLE),
        mark: Mark::from(&asset.status),
        why_not: hindrance(&visitor, &asset, &product, VERB).await?,
        asset,
        product,
    }))
}

/// Answers `POST /subscriptions/{id}/change`.
pub(super) async fn create(visitor: Visitor, Path(id): Path<AssetId>, fields: Fields) -> Page {
    let subject = Subject::of(&visitor, &id).await?;
    match change(&visitor, &subject, &fields).await {
        Ok(request) => Ok(go(&summary_address(&id, VERB, &request))),
        Err(denied) => {
            let page = subject.items_page(&visitor, &fields, Some(reason(&denied))).await?;
            Ok(show_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
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
