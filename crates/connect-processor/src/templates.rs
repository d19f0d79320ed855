//! The template an approval needs, found before anything is done for it.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use connect_client::{Client, NoTemplate as NotFound};
use connect_clock::{Clock, Monotonic};
use connect_model::{ProductId, TemplateId, TemplateScope, TemplateType};
use tokio::sync::Mutex;

/// The time for which a found template is believed to be there.
const FRESH: Duration = Duration::from_secs(60);

/// The templates of products, looked up once a minute at most.
pub(crate) struct Templates {
    client: Client,
    wanted: String,
    clock: Arc<dyn Clock>,
    places: std::sync::Mutex<HashMap<(ProductId, TemplateScope), Arc<Place>>>,
}

/// The template found for one product and scope. Whoever looks it up holds the lock; runs of other
/// products do not wait.
type Place = Mutex<Option<(Monotonic, TemplateId)>>;

/// The reasons for which there is no template to approve with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoTemplate {
    #[error(
        "product {product} has no fulfillment template named or numbered `{wanted}` for scope {scope}: \
         create it, or set the processor's template to one of: {present}"
    )]
    Missing { product: ProductId, scope: TemplateScope, wanted: String, present: String },
    #[error("the templates of product {product} cannot be read: {source}")]
    Unreadable { product: ProductId, source: connect_client::Error },
}

impl Templates {
    pub(crate) fn new(client: Client, wanted: String, clock: Arc<dyn Clock>) -> Self {
        Self { client, wanted, clock, places: std::sync::Mutex::default() }
    }

    /// The fulfillment template of a product that has the wanted name or id.
    ///
    /// Runs that ask at the same time wait for one look-up.
    pub(crate) async fn find(
        &self,
        product: &ProductId,
        scope: &TemplateScope,
    ) -> Result<TemplateId, NoTemplate> {
        let place = self.place(product, scope);
        let mut found = place.lock().await;
        if let Some((at, template)) = found.as_ref()
            && self.clock.since(*at) < FRESH
        {
            return Ok(template.clone());
        }
        let template = self.look_up(product, scope).await?;
        *found = Some((self.clock.monotonic(), template.clone()));
        Ok(template)
    }

    fn place(&self, product: &ProductId, scope: &TemplateScope) -> Arc<Place> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(places.entry((product.clone(), scope.clone())).or_default())
    }

    async fn look_up(
        &self,
        product: &ProductId,
        scope: &TemplateScope,
    ) -> Result<TemplateId, NoTemplate> {
        let turn = TemplateType::Fulfillment;
        let found = self.client.find_template(product, scope, &turn, &self.wanted).await;
        found.map_err(|error| {
            let (product, scope) = (product.clone(), scope.clone());
            match error {
                NotFound::Unreadable(source) => NoTemplate::Unreadable { product, source },
                NotFound::Missing { present } => {
                    NoTemplate::Missing { product, scope, wanted: self.wanted.clone(), present }
                }
            }
        })
    }
}
