//! What must hold before the first request is touched.

use connect_client::Client;
use connect_model::{AssetRequestType, Capabilities, Product, TemplateScope};
use tracing::warn;

use crate::Error;
use crate::settings::Settings;
use crate::templates::{NoTemplate, Templates};

/// Checks the key, the endpoint and the products; warns of what will stop single requests.
pub(crate) async fn check(
    client: &Client,
    settings: &Settings,
    templates: &Templates,
    types: &[String],
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
        warn_of_hold(&product, types);
        match templates.find(id, &TemplateScope::Asset).await {
            Ok(_) => {}
            Err(error @ NoTemplate::Missing { .. }) => {
                warn!(product = %id, %error, "no request of this product will be touched");
            }
            Err(error) => warn!(product = %id, %error, "its template is not checked yet"),
        }
    }
    Ok(())
}

fn warn_of_hold(product: &Product, types: &[String]) {
    let holds = [AssetRequestType::Suspend, AssetRequestType::Resume];
    let wants_hold = holds.iter().any(|kind| types.iter().any(|one| one == kind.as_str()));
    if wants_hold && !product.capabilities.is_on(Capabilities::HOLD) {
        warn!(
            product = %product.id,
            "Administrative Hold is off: Connect fails suspend and resume requests before they \
             get here; switch it on in the product's settings"
        );
    }
}
