//! The texts that objects show to people.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::routing::get;
use connect_model::{ProductId, RequestId, TemplateId};
use connect_world::{Collection, Denial};
use serde::Deserialize;

use super::door::{Door, Ids};
use super::methods::Methods;
use crate::answer::{Answer, Reply};

/// Answers `GET /{collection}/{id}/render` with the text as Markdown.
pub(super) fn text(collection: Collection) -> Methods {
    get(async move |door: Door, Ids(id): Ids<String>| {
        door.render(&collection, &id).await.map(Answer::markdown)
    })
}

/// Answers `GET /products/{id}/templates/{id}/render` with the text as a JSON string (OpenAPI
/// 37.0).
pub(super) async fn template(
    door: Door,
    Ids((product, id)): Ids<(ProductId, TemplateId)>,
) -> Reply {
    Answer::json(&door.render(&Collection::Templates(product), id.as_str()).await?)
}

/// The request that a template is rendered for.
#[derive(Deserialize)]
pub(super) struct For {
    request_id: RequestId,
}

/// Answers `GET /templates/{id}/render?request_id=…`: old clients read the text of a request this
/// way.
pub(super) async fn template_for_request(
    door: Door,
    Ids(template): Ids<TemplateId>,
    of: Result<Query<For>, QueryRejection>,
) -> Reply {
    let Query(of) = of.map_err(|_| Denial::invalid("request_id: This field is required."))?;
    door.render_template(&template, &of.request_id).await
}
