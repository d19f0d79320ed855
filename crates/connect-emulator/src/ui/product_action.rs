//! The vendor's own actions, on the page of a subscription.

use axum::extract::Path;
use connect_model::rql::{Query, field};
use connect_model::{Asset, AssetId, ProductAction, ProductId};
use connect_world::{ActionSubject, Collection};

use super::page::{ErrorPage, Page, go};
use super::rows::product_of;
use super::visitor::Visitor;

/// Returns the actions that a product offers beside its subscriptions.
pub(super) async fn of_subscriptions(
    visitor: &Visitor,
    product: &ProductId,
) -> Result<Vec<ProductAction>, ErrorPage> {
    let filter = Some(field("scope").eq("asset"));
    let query = Query { filter, ..Query::default() };
    Ok(visitor.list(&Collection::Actions(product.clone()), &query).await?.rows)
}

/// Answers `GET /subscriptions/{id}/actions/{action}`: makes a link, and sends the visitor there.
pub(super) async fn follow(visitor: Visitor, Path((id, action)): Path<(AssetId, String)>) -> Page {
    let asset: Asset = visitor.read(&Collection::Assets, id.as_str()).await?;
    let product = ProductId::from(product_of(&asset));
    let link = visitor.action_link(&product, &action, ActionSubject::Asset(id.as_str())).await;
    link.map(|link| go(&link)).map_err(|denied| visitor.error_page(denied))
}
