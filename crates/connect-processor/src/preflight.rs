//! Checks before the first request is touched.

use connect_client::{Client, Error as ClientError, StatusCode};
use connect_model::{ParameterPhase, Product, ProductId, ProductParameter, TemplateScope};
use futures::future::{join, join_all};
use futures::{StreamExt, TryStreamExt, stream};
use tracing::warn;

use crate::dispatch::Routes;
use crate::error::Error;
use crate::finding::{Finding, Severity};
use crate::settings::Settings;
use crate::templates::{NoTemplate, Templates};

/// The most products that are looked at where none are named.
const MOST_PRODUCTS: usize = 100;

/// The most parameters of a product that are read.
const MOST_PARAMETERS: usize = 1000;

/// The most products, or lists, that are looked at at the same time.
const AT_ONCE: usize = 8;

/// What is checked, and against what.
pub(crate) struct Preflight<'a, S> {
    pub(crate) client: &'a Client,
    pub(crate) settings: &'a Settings,
    pub(crate) templates: &'a Templates,
    pub(crate) routes: &'a Routes<S>,
}

impl<S: Send + Sync + 'static> Preflight<'_, S> {
    /// Checks the key, the endpoint and the products that are named; warns of what will stop single
    /// requests.
    pub(crate) async fn start(&self) -> Result<(), Error> {
        if self.settings.products.is_empty() {
            self.client.list::<Product>().count().await?;
        }
        let mut findings = Vec::new();
        let products = self.named(&mut findings).await?;
        findings.extend(self.of_all(&products).await);
        let (errors, warnings): (Vec<_>, Vec<_>) =
            findings.into_iter().partition(|it| it.severity == Severity::Error);
        for Finding { code, place, problem, remedy, .. } in warnings {
            warn!(code, place, remedy, "{problem}");
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::NotReady { findings: errors }) }
    }

    /// Returns everything there is to find: also whether the key may do what the processor does, and
    /// of all products where none are named.
    pub(crate) async fn all(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let products = match self.settings.products.is_empty() {
            true => self.client.list().stream().take(MOST_PRODUCTS).try_collect().await,
            false => self.named(&mut findings).await,
        };
        let products = match products {
            Ok(products) => products,
            Err(error) => return vec![unusable("GET products", &error)],
        };
        let lists = self.routes.families().map(|family| self.list(family.collection));
        findings.extend(few_at_once(lists).await.into_iter().flatten());
        findings.extend(self.of_all(&products).await);
        findings
    }

    /// The products that the settings name; one that is not to be seen is a finding.
    async fn named(&self, findings: &mut Vec<Finding>) -> Result<Vec<Product>, ClientError> {
        let ids = &self.settings.products;
        let read = few_at_once(ids.iter().map(|id| self.client.get::<Product>(id.as_str()))).await;
        let mut products = Vec::new();
        for (id, product) in ids.iter().zip(read) {
            match product {
                Ok(product) => products.push(product),
                Err(error) if error.is_not_found() => findings.push(unknown(id)),
                Err(error) => return Err(error),
            }
        }
        Ok(products)
    }

    async fn of_all(&self, products: &[Product]) -> Vec<Finding> {
        let found = few_at_once(products.iter().map(|product| self.product(product))).await;
        found.into_iter().flatten().collect()
    }

    async fn list(&self, collection: &str) -> Option<Finding> {
        let list = self.client.list_at::<serde_json::Value>(collection);
        let error = list.count().await.err()?;
        Some(unusable(&format!("GET {collection}"), &error))
    }

    async fn product(&self, product: &Product) -> Vec<Finding> {
        let obstacles = self.routes.obstacles(product).into_iter().map(|obstacle| {
            let (problem, remedy) = obstacle.split_once("; ").unwrap_or((obstacle, ""));
            Finding::warning("PRC_CAPABILITY", format!("product {}", product.id), problem, remedy)
        });
        let scopes = self.routes.families().flat_map(|family| (family.template_scopes)(product));
        let templates = join_all(scopes.map(|scope| self.template(&product.id, scope)));
        let (templates, parameters) = join(templates, self.parameters(product)).await;
        obstacles.chain(templates.into_iter().flatten()).chain(parameters).collect()
    }

    async fn template(&self, product: &ProductId, scope: &TemplateScope) -> Option<Finding> {
        match self.templates.find(product, scope).await {
            Ok(_) => None,
            Err(error @ NoTemplate::Missing { .. }) => {
                let (place, remedy) = (format!("product {product}"), error.to_string());
                let problem = "no request that takes it will be touched";
                Some(Finding::warning("PRC_TEMPLATE", place, problem, remedy))
            }
            Err(NoTemplate::Unreadable { source, .. }) => {
                let unreadable = unusable(&format!("GET products/{product}/templates"), &source);
                Some(Finding { severity: Severity::Warning, ..unreadable })
            }
        }
    }

    /// Checks the parameters that handlers name, for the families that the product has requests of.
    async fn parameters(&self, product: &Product) -> Vec<Finding> {
        let declared = &self.settings.parameters;
        let families = self.routes.families();
        let wanted: Vec<(&str, Vec<&str>)> = families
            .flat_map(|family| {
                let scopes = (family.template_scopes)(product);
                let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
                let of_it = declared.iter().filter(move |(it, _)| *it == family.collection);
                of_it.map(move |(_, key)| (key.as_str(), scopes.clone()))
            })
            .filter(|(_, scopes)| !scopes.is_empty())
            .collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let path = format!("products/{}/parameters", product.id);
        let rows = self.client.list_at::<ProductParameter>(&path).stream().take(MOST_PARAMETERS);
        let mut rows = Box::pin(rows);
        let mut present = Vec::new();
        while let Some(row) = rows.next().await {
            match row {
                Ok(parameter) => present.push(parameter),
                Err(error) => {
                    let unreadable = unusable(&format!("GET {path}"), &error);
                    return vec![Finding { severity: Severity::Warning, ..unreadable }];
                }
            }
        }
        wanted.iter().filter_map(|(key, scopes)| unfit(product, key, scopes, &present)).collect()
    }
}

/// Awaits them all, some at a time; returns what came of them in their order.
async fn few_at_once<F: Future>(looks: impl Iterator<Item = F>) -> Vec<F::Output> {
    let looks: Vec<_> = looks.collect();
    stream::iter(looks).buffered(AT_ONCE).collect().await
}

/// Returns what is wrong with a parameter that handlers name.
fn unfit(
    product: &Product,
    key: &str,
    scopes: &[&str],
    present: &[ProductParameter],
) -> Option<Finding> {
    let place = format!("product {}, parameter `{key}`", product.id);
    let wanted = scopes.join("` or `");
    let named: Vec<&ProductParameter> = present.iter().filter(|it| it.name == key).collect();
    let Some(first) = named.first() else {
        let problem = "a handler names it, and the product has none";
        let remedy = format!("create it with scope `{wanted}`, or give the handler another key");
        return Some(Finding::warning("PRC_PARAMETER", place, problem, remedy));
    };
    let fits = |it: &&ProductParameter| {
        scopes.contains(&it.scope.as_str()) && it.phase != ParameterPhase::Configuration
    };
    let Some(fitting) = named.iter().copied().find(|it| fits(it)) else {
        let problem = format!(
            "its scope is `{}`, its phase `{}`: requests do not carry it",
            first.scope, first.phase
        );
        let remedy = format!("create it with scope `{wanted}` for ordering or fulfillment");
        return Some(Finding::warning("PRC_PARAMETER_SCOPE", place, problem, remedy));
    };
    fitting.kind.is_structured().then(|| {
        let problem = format!("it is of type `{}`, and the handler takes text", fitting.kind);
        let remedy = "create it with a type of text, such as `text`";
        Finding::warning("PRC_PARAMETER_TYPE", place, problem, remedy)
    })
}

fn unknown(id: &ProductId) -> Finding {
    let problem = "it is not visible with this API key";
    let remedy = "check the id, and that the key belongs to the vendor of the product";
    Finding::error("PRC_PRODUCT", format!("product {id}"), problem, remedy)
}

/// Returns the finding of a call that does not work; one that is refused has a code of its own.
fn unusable(place: &str, error: &ClientError) -> Finding {
    match error.status() {
        Some(StatusCode::FORBIDDEN) => {
            let remedy = "give the key's token the right to read it";
            Finding::error("PRC_RIGHT", place, format!("the key may not do it: {error}"), remedy)
        }
        _ => {
            let remedy = "check the endpoint and the API key, or try again";
            Finding::error(error.code(), place, error.to_string(), remedy)
        }
    }
}
