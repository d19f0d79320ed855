//! Products as the world keeps them: with their items, parameters and templates.

use std::fmt;
use std::sync::Arc;

use connect_model::lifecycle::asset_request as lifecycle;
use connect_model::{
    AccountId, Capability, ItemId, ParameterType, Product, ProductAction, ProductId, ProductItem,
    ProductParameter, Reference, Template, TemplateId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::product::action_secret::ActionSecret;
use crate::product::configuration::record::Configuration;
use crate::product::shown_constraints::ShownConstraints;
use crate::row::ParamRow;

/// Types of parameters that are only shown and hold no value (OpenAPI 37.0).
pub(crate) const DISPLAYED: [&str; 2] = ["heading", "content"];

/// A product and its parts. Deleted parts stay, apart or marked, because subscriptions may still
/// mention them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ProductRecord {
    pub(crate) product: Product,
    pub(crate) items: Vec<CatalogItem>,
    pub(crate) parameters: Vec<Arc<ParameterSpec>>,
    pub(crate) templates: Vec<Template>,
    /// Templates that requests may still show; nobody can choose them any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) deleted_templates: Vec<Template>,
    #[serde(default, skip_serializing_if = "Configuration::is_empty")]
    pub(crate) configuration: Configuration,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) actions: Vec<ProductAction>,
    /// The key that signs the links of actions; none before the vendor has asked for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) action_secret: Option<ActionSecret>,
}

/// An item of the catalog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CatalogItem {
    pub(crate) item: ProductItem,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) deleted: bool,
}

/// A parameter of the product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ParameterSpec {
    pub(crate) parameter: ProductParameter,
    pub(crate) key: Arc<str>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) deleted: bool,
    #[serde(skip)]
    pub(crate) shown: ShownConstraints,
}

impl ProductRecord {
    pub(crate) fn id(&self) -> &ProductId {
        &self.product.id
    }

    pub(crate) fn owner(&self) -> Option<&AccountId> {
        self.product.owner.as_ref().map(|owner| &owner.id)
    }

    /// Returns the seller on preview: the vendor itself, under the id of a distributor (recorded
    /// requests).
    pub(crate) fn provider_of_trials(&self) -> Option<TrialProvider<'_>> {
        self.product.owner.as_ref().map(TrialProvider)
    }

    pub(crate) fn is_on(&self, capability: Capability) -> bool {
        self.product.capabilities.is_on(capability)
    }

    /// Returns the password parameters, also deleted ones.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Arc<ParameterSpec>> {
        let kind = ParameterType::Password;
        self.parameters.iter().filter(move |spec| spec.parameter.kind == kind)
    }

    /// Returns the item with a global id, also when it was deleted.
    pub(crate) fn item(&self, id: &ItemId) -> Option<&CatalogItem> {
        self.items.iter().find(|row| row.item.id == *id)
    }

    /// Returns the living item a body mentions: clients use the local id, the global id or the part
    /// number.
    pub(crate) fn mentioned_item(&self, row: &Value) -> Option<&CatalogItem> {
        let mention = ["global_id", "id", "mpn"].iter().find_map(|name| row.get(name)?.as_str())?;
        self.items.iter().find(|it| !it.deleted && it.is_called(mention))
    }

    /// Returns the template with an id, also when it was deleted.
    pub(crate) fn template(&self, id: &TemplateId) -> Option<&Template> {
        let deleted = || self.deleted_templates.iter().find(|template| template.id == *id);
        self.living_template(id.as_str()).or_else(deleted)
    }

    /// Returns the template with an id, unless it was deleted.
    pub(crate) fn living_template(&self, id: &str) -> Option<&Template> {
        self.templates.iter().find(|template| template.id == *id)
    }
}

impl CatalogItem {
    /// Whether it is meant by a local id, a global id or a part number.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let Self { item, .. } = self;
        item.id == *name || item.local_id == name || item.mpn == name
    }
}

/// A vendor in the place of the distributor of its trials.
pub(crate) struct TrialProvider<'w>(&'w Reference<AccountId>);

impl TrialProvider<'_> {
    pub(crate) fn id(&self) -> impl fmt::Display {
        fmt::from_fn(|f| write!(f, "PA-{}", self.0.id.as_str().trim_start_matches("VA-")))
    }
}

impl<'w> TrialProvider<'w> {
    pub(crate) fn name(&self) -> &'w str {
        self.0.name.as_deref().unwrap_or_default()
    }
}

impl ParameterSpec {
    pub(crate) fn new(parameter: ProductParameter) -> Self {
        let key = parameter.name.as_str().into();
        Self { parameter, key, deleted: false, shown: ShownConstraints::default() }
    }

    /// Returns the choices. Old products have the values alone.
    pub(crate) fn choices(&self) -> impl Iterator<Item = Choice<'_>> {
        self.choices_in(None)
    }

    /// Returns the choices that there are in a request: a validator's, where it offered some.
    pub(crate) fn choices_in<'s>(
        &'s self,
        row: Option<&'s ParamRow>,
    ) -> impl Iterator<Item = Choice<'s>> {
        let offered = row.and_then(|row| row.constraints.as_ref()?.choices.as_ref());
        let own = || self.parameter.constraints.get("choices").and_then(Value::as_array);
        offered.or_else(own).into_iter().flatten().filter_map(Choice::of)
    }

    pub(crate) fn flag(&self, constraint: &str) -> bool {
        self.parameter.flag(constraint)
    }

    /// Whether the customer has to give it in a request.
    pub(crate) fn is_asked(&self, row: Option<&ParamRow>) -> bool {
        let flag = |name| row.and_then(|row| row.flag(name)).unwrap_or_else(|| self.flag(name));
        let (is_required, is_hidden) = (flag("required"), flag("hidden"));
        lifecycle::is_owed_by_customer(&self.parameter.phase, is_required, is_hidden)
    }

    /// Whether approval needs it.
    pub(crate) fn is_needed_to_approve(&self, _: Option<&ParamRow>) -> bool {
        lifecycle::is_needed_to_approve(&self.parameter.phase, self.flag("required"))
    }
}

/// One of the values a parameter offers.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Choice<'w> {
    pub(crate) value: &'w str,
    label: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<bool>,
}

impl<'w> Choice<'w> {
    /// Whether its texts have at most so many characters.
    pub(crate) fn fits(&self, most: usize) -> bool {
        [self.value, self.label].iter().all(|text| text.chars().count() <= most)
    }

    pub(crate) fn of(row: &'w Value) -> Option<Self> {
        let value = row.get("value").unwrap_or(row).as_str()?;
        let label = row.get("label").and_then(Value::as_str).unwrap_or(value);
        Some(Self { value, label, default: row.get("default").and_then(Value::as_bool) })
    }
}
