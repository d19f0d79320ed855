//! Finding a template by the name people know it by.

use connect_client::Client;
use connect_model::{
    AssetRequest, Request, RequestId, Template, TemplateId, TemplateScope, TemplateType,
};
use futures::{StreamExt, TryStreamExt};

use crate::exit::Error;

/// The template of the request's product that has the wanted id or name.
pub(super) async fn find(
    client: &Client,
    request: &RequestId,
    wanted: Option<String>,
    kind: TemplateType,
) -> Result<Option<TemplateId>, Error> {
    let Some(wanted) = wanted else { return Ok(None) };
    if let Ok(id) = wanted.parse() {
        return Ok(Some(id));
    }
    let fitting = fitting(client, request, &kind).await?;
    match fitting.iter().find(|template| template.name == wanted) {
        Some(template) => Ok(Some(template.id.clone())),
        None => Err(unknown(&wanted, &kind, &fitting)),
    }
}

async fn fitting(
    client: &Client,
    request: &RequestId,
    kind: &TemplateType,
) -> Result<Vec<Template>, Error> {
    let request: AssetRequest = client.get(request.as_str()).await?;
    let Some(product) = request.product() else { return Ok(Vec::new()) };
    let path = format!("products/{product}/templates");
    // A template that cannot be read is not the one that is wanted by its name.
    let readable = client.list_at::<Template>(&path).stream().filter(|row| {
        std::future::ready(!row.as_ref().is_err_and(connect_client::Error::is_about_one_row))
    });
    let all: Vec<Template> = readable.try_collect().await?;
    let fits = |template: &Template| {
        template.scope == TemplateScope::Asset && template.kind.as_ref() == Some(kind)
    };
    Ok(all.into_iter().filter(fits).collect())
}

fn unknown(wanted: &str, kind: &TemplateType, fitting: &[Template]) -> Error {
    let names: Vec<&str> = fitting.iter().map(|template| template.name.as_str()).collect();
    let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let message = format!("the product has no {kind} template named `{wanted}`; it has: {names}");
    Error::usage(message, "give one of these names, or an id such as TL-123-456-789")
}
