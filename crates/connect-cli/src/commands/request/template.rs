//! Finds a template by the name people know it by.

use connect_client::{Client, NoTemplate};
use connect_model::{Request, TemplateId, TemplateType};

use crate::exit::Error;

/// The template of the request's product that has the wanted id or name.
pub(in crate::commands) async fn find<R: Request>(
    client: &Client,
    request: &str,
    wanted: Option<String>,
    kind: TemplateType,
) -> Result<Option<TemplateId>, Error> {
    let Some(wanted) = wanted else { return Ok(None) };
    if let Ok(id) = wanted.parse() {
        return Ok(Some(id));
    }
    let request: R = client.get(request).await?;
    let Some((product, scope)) = request.product().zip(request.template_scope()) else {
        return Err(unknown(&wanted, &kind, "none"));
    };
    match client.find_template(product, &scope, &kind, &wanted).await {
        Ok(id) => Ok(Some(id)),
        Err(NoTemplate::Missing { present }) => Err(unknown(&wanted, &kind, &present)),
        Err(NoTemplate::Unreadable(error)) => Err(error.into()),
    }
}

fn unknown(wanted: &str, kind: &TemplateType, present: &str) -> Error {
    let message = format!("the product has no {kind} template named `{wanted}`; it has: {present}");
    Error::usage(message, "give one of these names, or an id such as TL-123-456-789")
}
