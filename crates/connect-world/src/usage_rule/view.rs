//! A usage rule as the platform shows it.

use serde::Serialize;

use crate::product::record::ProductRecord;
use crate::state::State;
use crate::table::Record;
use crate::usage_rule::record::{RuleContent, UsageRule};
use crate::view::{AtView, Lifespan, NameView};

#[derive(Serialize)]
pub(crate) struct UsageRuleView<'w> {
    id: String,
    action: &'w str,
    scope: &'w str,
    rule: Option<&'w str>,
    status: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<NameView<'w>>,
    events: Lifespan<'w>,
}

impl<'w> UsageRuleView<'w> {
    pub(crate) fn new(state: &'w State, product: &'w ProductRecord, held: &'w UsageRule) -> Self {
        let RuleContent { action, scope, rule, status, item } = &held.content;
        let item = item.as_ref().and_then(|id| product.item(id)).map(|it| &it.item);
        let parties = &state.shared.parties;
        Self {
            id: held.id(),
            action,
            scope,
            rule: rule.as_deref(),
            status,
            item: item.map(|item| NameView { id: item.id.as_str(), name: item.shown_name() }),
            events: Lifespan {
                created: AtView::new(held.created, held.creator.as_ref(), parties),
                updated: AtView::new(held.updated, held.updater.as_ref(), parties),
            },
        }
    }
}
