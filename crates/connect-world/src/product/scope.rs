//! A product, as the requests of one scope see it: those of assets, or of resellers at a level.

use std::sync::Arc;

use connect_model::{ParameterPhase, RequestStatus, Template, TemplateId, TemplateScope};
use connect_model::{ProductParameter, TemplateType};

use crate::product::record::{DISPLAYED, ParameterSpec, ProductRecord};

/// The parameters and templates of a product that are for requests of one scope.
#[derive(Clone)]
pub(crate) struct ProductScope<'p> {
    product: &'p ProductRecord,
    scope: TemplateScope,
}

impl ProductRecord {
    /// Returns what is for requests of assets.
    pub(crate) fn for_assets(&self) -> ProductScope<'_> {
        self.in_scope(TemplateScope::Asset)
    }

    /// Returns what is for requests of resellers at a level, 1 or 2.
    pub(crate) fn for_tier(&self, level: u8) -> ProductScope<'_> {
        self.in_scope(if level == 2 { TemplateScope::Tier2 } else { TemplateScope::Tier1 })
    }

    fn in_scope(&self, scope: TemplateScope) -> ProductScope<'_> {
        ProductScope { product: self, scope }
    }
}

impl<'p> ProductScope<'p> {
    /// Returns where the bodies of requests have their parameters.
    pub(crate) fn params_path(&self) -> &'static str {
        match self.scope {
            TemplateScope::Asset => "asset.params",
            _ => "params",
        }
    }

    /// Returns the parameters that requests carry, deleted ones excluded.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &'p Arc<ParameterSpec>> {
        let scope = self.scope.clone();
        self.product.parameters.iter().filter(move |spec| !spec.deleted && is_of(spec, &scope))
    }

    /// Returns the parameter behind a value, also when it was deleted since: a living one of the
    /// scope first, and one of another scope last, which values of earlier worlds may have.
    pub(crate) fn parameter(&self, key: &str) -> Option<&'p Arc<ParameterSpec>> {
        let named = || self.product.parameters.iter().filter(|spec| &*spec.key == key);
        let of_scope = |spec: &&Arc<ParameterSpec>| is_of(spec, &self.scope);
        let living = named().find(|spec| !spec.deleted && of_scope(spec));
        living.or_else(|| named().find(of_scope)).or_else(|| named().next())
    }

    /// Returns the living parameter a body mentions, by key or by `PRM-…` id.
    pub(crate) fn mentioned_parameter(&self, id: &str) -> Option<&'p Arc<ParameterSpec>> {
        self.parameters().find(|spec| &*spec.key == id || spec.parameter.id == *id)
    }

    /// Returns the template with an id that can be chosen at a turn.
    pub(crate) fn template(&self, id: &str, turn: &TemplateType) -> Option<&'p Template> {
        self.product.living_template(id).filter(|template| self.is_for(template, turn))
    }

    /// Returns the first template for requests at this turn: the product's default.
    pub(crate) fn default_template(&self, turn: &TemplateType) -> Option<&'p Template> {
        self.product.templates.iter().find(|template| self.is_for(template, turn))
    }

    /// Returns the template that requests show in a status; none: they keep what they have.
    pub(crate) fn template_at(&self, status: &RequestStatus) -> Option<TemplateId> {
        let turn = match status {
            RequestStatus::Inquiring => TemplateType::Inquire,
            RequestStatus::Draft | RequestStatus::TiersSetup | RequestStatus::Pending => {
                TemplateType::Pending
            }
            _ => return None,
        };
        self.default_template(&turn).map(|template| template.id.clone())
    }

    /// Whether a template is shown for requests at a turn.
    fn is_for(&self, template: &Template, turn: &TemplateType) -> bool {
        template.scope == self.scope && template.turn() == turn
    }
}

fn is_of(spec: &ParameterSpec, wanted: &TemplateScope) -> bool {
    let ProductParameter { kind, phase, scope, .. } = &spec.parameter;
    *scope == wanted.as_str()
        && matches!(phase, ParameterPhase::Ordering | ParameterPhase::Fulfillment)
        && !DISPLAYED.contains(&kind.as_str())
}
