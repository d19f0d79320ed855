//! Checks before the first request is touched.

use connect_client::Client;
use connect_model::Product;
use tracing::warn;

use crate::dispatch::Routes;
use crate::error::Error;
use crate::settings::Settings;
use crate::templates::{NoTemplate, Templates};

/// Checks the key, the endpoint and the products; warns of what will stop single requests.
pub(crate) async fn check<S: Send + Sync + 'static>(
    client: &Client,
    settings: &Settings,
    templates: &Templates,
    routes: &Routes<S>,
) -> Result<(), Error> {
    if settings.products.is_empty() {
        client.list::<Product>().count().await?;
    }
    for id in &settings.products {
        let product = match client.get::<Product>(id.as_str()).await {
            Ok(product) => product,
            Err(error) if error.is_not_found() => {
                return Err(Error::UnknownProduct { id: id.to_string() });
            }
            Err(error) => return Err(error.into()),
        };
        for obstacle in routes.obstacles(&product) {
            warn!(product = %id, "{obstacle}");
        }
        warn_of_templates(&product, templates, routes).await;
    }
    Ok(())
}

async fn warn_of_templates<S: Send + Sync + 'static>(
    product: &Product,
    templates: &Templates,
    routes: &Routes<S>,
) {
    let scopes = routes.families().flat_map(|family| (family.template_scopes)(product));
    let product = &product.id;
    for scope in scopes {
        match templates.find(product, scope).await {
            Ok(_) => {}
            Err(error @ NoTemplate::Missing { .. }) => {
                warn!(%product, %error, "no request that takes it will be touched");
            }
            Err(error) => warn!(%product, %error, "its template is not checked yet"),
        }
    }
}
