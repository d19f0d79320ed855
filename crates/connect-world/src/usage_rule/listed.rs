//! `/products/{id}/usage/rules`: those of the caller.

use std::sync::{Arc, LazyLock};

use connect_model::ProductId;
use serde_json::Value;

use crate::denial::Denial;
use crate::listed::Look;
use crate::query::schema::Schema;
use crate::shown::{Shown, choices, schema, searched, shown, texts};
use crate::state::State;
use crate::usage_rule::record::{ACTIONS, SCOPES, STATUSES, UsageRule};
use crate::usage_rule::view::UsageRuleView;

/// The caller's rules for a product, in the order in which they are gone by.
pub(crate) struct UsageRules;

impl Shown for UsageRules {
    type Parent = ProductId;

    fn schema() -> &'static Schema<Value> {
        &USAGE_RULES
    }

    fn all(look: Look<'_>, id: &ProductId) -> Result<Vec<Value>, Denial> {
        let product = look.state.shared.visible_product(look.who, id)?;
        let own = own_rules(look.state, id, &look.token.account);
        Ok(shown(own.map(|rule| UsageRuleView::new(look.state, product, rule))))
    }

    fn arrange(look: Look<'_>, rows: &mut [Value]) {
        let rank = |row: &Value| {
            let rule = row["id"].as_str().and_then(|id| look.state.usage_rules.get(id));
            rule.map_or(0, |rule| rule.rank)
        };
        rows.sort_by_key(rank);
    }
}

/// Returns the rules of an account for a product, oldest first.
pub(crate) fn own_rules<'w>(
    state: &'w State,
    product: &ProductId,
    owner: &connect_model::AccountId,
) -> impl Iterator<Item = &'w Arc<UsageRule>> {
    state.usage_rules.iter().filter(move |rule| rule.product == *product && rule.owner == *owner)
}

static USAGE_RULES: LazyLock<Schema<Value>> = LazyLock::new(|| {
    schema([
        searched(texts!["id" "item.id" "item.name" "rule"]),
        searched(choices!["action": ACTIONS, "scope": SCOPES, "status": STATUSES]),
    ])
});
