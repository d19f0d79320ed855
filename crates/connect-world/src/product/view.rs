//! Products, items, parameters and templates as the platform shows them.

use std::sync::Arc;

use connect_model::{
    Capabilities, Capability, Product, ProductId, ProductItem, ProductParameter, ProductStatus,
    TemplateId,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::product::record::{CatalogItem, ParameterSpec, ProductRecord};

/// A product as assets mention it.
#[derive(Serialize)]
pub(crate) struct ProductRef<'w> {
    id: &'w ProductId,
    name: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'w str>,
    status: &'w ProductStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    capabilities: Option<&'w Capabilities>,
}

impl<'w> ProductRef<'w> {
    pub(crate) fn new(record: &'w ProductRecord, with_capabilities: bool) -> Self {
        let product = &record.product;
        Self {
            id: &product.id,
            name: &product.name,
            icon: product.rest.get("icon").and_then(Value::as_str),
            status: &product.status,
            capabilities: with_capabilities.then_some(&product.capabilities),
        }
    }
}

/// A template as requests mention it.
#[derive(Serialize)]
pub(crate) struct TemplateRef<'w> {
    id: &'w TemplateId,
    name: &'w str,
}

impl<'w> TemplateRef<'w> {
    pub(crate) fn new(id: &'w TemplateId, product: &'w ProductRecord) -> Self {
        Self { id, name: product.template(id).map_or("", |template| &template.name) }
    }
}

/// A whole product.
#[derive(Serialize)]
pub(crate) struct ProductView<'w> {
    #[serde(flatten)]
    product: &'w Product,
    configurations: Value,
}

impl<'w> ProductView<'w> {
    pub(crate) fn new(record: &'w ProductRecord) -> Self {
        let hold = record.is_on(Capability::Hold);
        Self {
            product: &record.product,
            configurations: json!({
                "suspend_resume_supported": hold,
                "requires_reseller_information": false,
            }),
        }
    }
}

impl ProductRecord {
    /// Returns the items of the catalog, deleted ones excluded.
    pub(crate) fn shown_items(&self) -> impl Iterator<Item = &ProductItem> {
        self.items.iter().filter(|row| !row.deleted).map(|CatalogItem { item, .. }| item)
    }

    /// Returns the parameters, deleted ones excluded.
    pub(crate) fn shown_parameters(&self) -> impl Iterator<Item = &ProductParameter> {
        let living = self.parameters.iter().filter(|spec| !spec.deleted);
        living.map(|spec: &Arc<ParameterSpec>| &spec.parameter)
    }
}
