//! `/products/{product}/templates`: the texts people see.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use connect_model::{ProductId, RequestId, TemplateId};
use serde::Deserialize;

use super::door::{Door, Ids, Payload};
use crate::answer::{Answer, Reply};
use crate::world::{Collection, Command, Denied};

pub(super) async fn list(door: Door, Ids(product): Ids<ProductId>) -> Reply {
    door.list(&Collection::Templates(product)).await
}

pub(super) async fn create(
    door: Door,
    Ids(product): Ids<ProductId>,
    Payload(body): Payload,
) -> Reply {
    door.apply(Command::CreateTemplate { product, body }).await
}

pub(super) async fn read(door: Door, Ids((product, id)): Ids<(ProductId, TemplateId)>) -> Reply {
    door.read(&Collection::Templates(product), id.as_str()).await
}

pub(super) async fn update(
    door: Door,
    Ids((product, id)): Ids<(ProductId, TemplateId)>,
    Payload(body): Payload,
) -> Reply {
    door.apply(Command::UpdateTemplate { product, id, body }).await
}

pub(super) async fn delete(door: Door, Ids((product, id)): Ids<(ProductId, TemplateId)>) -> Reply {
    door.apply(Command::DeleteTemplate { product, id }).await
}

/// OpenAPI 37.0: the text as a JSON string.
pub(super) async fn render(door: Door, Ids((product, id)): Ids<(ProductId, TemplateId)>) -> Reply {
    Answer::json(&door.render(&Collection::Templates(product), id.as_str()).await?)
}

/// Which request a template is rendered for.
#[derive(Deserialize)]
pub(super) struct For {
    request_id: RequestId,
}

/// Old clients read the text of a request this way.
pub(super) async fn render_for_request(
    door: Door,
    Ids(template): Ids<TemplateId>,
    of: Result<Query<For>, QueryRejection>,
) -> Reply {
    let Query(of) = of.map_err(|_| Denied::invalid("request_id: This field is required."))?;
    door.render_template(&template, &of.request_id).await
}
