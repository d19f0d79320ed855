//! What the demo's product asks of resellers, once it needs them configured.

use std::sync::Arc;

use connect_model::{
    ParameterId, ParameterPhase, ParameterType, ProductId, ProductParameter, Template, TemplateId,
    TemplateScope, TemplateType,
};
use serde_json::json;

use super::{Scenario, events, rest, since};
use crate::product::edit::product::placed;
use crate::product::record::ParameterSpec;

/// The number behind which the ids of the templates begin.
const FIRST_TEMPLATE: u64 = 120_774_400;

impl Scenario {
    /// Returns the same with parameters and templates for resellers: the optional ordering
    /// parameter `partner_code`, and the fulfillment parameters `reseller_id` and
    /// `tier2_reseller_id`, which approval needs. They matter once the product's capability
    /// `tiers.configs.level` is 1 or 2.
    #[must_use]
    pub fn with_resellers(mut self) -> Self {
        let featured = &self.featured;
        for product in self.products.iter_mut().filter(|it| it.id() == featured) {
            let first = product.parameters.len() as u32;
            let added = parameters(featured, first).map(ParameterSpec::new).map(Arc::new);
            product.parameters.extend(added);
            let place = product.templates.len();
            product.templates.extend(templates(place));
        }
        self
    }
}

fn parameters(product: &ProductId, first: u32) -> [ProductParameter; 3] {
    use ParameterPhase::{Fulfillment, Ordering};
    let parameter = |place: u32, name: &str, title: &str, phase, scope: &str| {
        let counter = first + place;
        let facts = json!({"description": "", "position": counter * 10_000, "events": events()});
        let required = phase == Fulfillment;
        ProductParameter {
            id: ParameterId::of(product, counter),
            name: name.to_owned(),
            title: title.to_owned(),
            kind: ParameterType::Text,
            phase,
            scope: scope.to_owned(),
            constraints: json!({"required": required, "hidden": false, "unique": false}),
            rest: rest(&facts),
        }
    };
    [
        parameter(1, "partner_code", "Partner code", Ordering, "tier1"),
        parameter(2, "reseller_id", "Reseller", Fulfillment, "tier1"),
        parameter(3, "tier2_reseller_id", "Reseller's reseller", Fulfillment, "tier2"),
    ]
}

fn templates(first: usize) -> Vec<Template> {
    let texts = [
        (TemplateType::Fulfillment, "Default Activation Template", "You can sell Fernway Backup."),
        (
            TemplateType::Inquire,
            "Default Inquiring Template",
            "Please answer [the form]({{ activation_form_url }}).",
        ),
    ];
    let scopes = [TemplateScope::Tier1, TemplateScope::Tier2].into_iter();
    let wanted = scopes.flat_map(|scope| texts.clone().map(|text| (scope.clone(), text)));
    let templates = wanted.enumerate().map(|(place, (scope, (kind, name, body)))| Template {
        id: TemplateId::from_number(FIRST_TEMPLATE + place as u64),
        name: name.to_owned(),
        title: Some(name.to_owned()),
        body: body.to_owned(),
        scope,
        kind: Some(kind),
        rest: placed(first + place, since()),
    });
    templates.collect()
}
