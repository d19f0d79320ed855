//! What can be done to usage rules, by their owner: a distributor that sells the product.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::{ItemId, ProductId};
use serde_json::Value;

use crate::actor::{Actor, Side};
use crate::carry_out::{CarryOut, ObjectChange};
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::read::json;
use crate::state::State;
use crate::table::Record;
use crate::usage_rule::listed::own_rules;
use crate::usage_rule::record::{ACTIONS, RuleContent, SCOPES, STATUSES, UsageRule};
use crate::usage_rule::view::UsageRuleView;
use crate::{body, refusal_text};

/// The most characters of a rule (OpenAPI 37.0).
const LONGEST_RULE: usize = 2000;

/// A command on usage rules.
#[derive(Clone, Debug, PartialEq)]
pub enum UsageRuleCommand {
    /// `POST /products/{product}/usage/rules`.
    Create {
        /// The product.
        product: ProductId,
        /// The body.
        body: Value,
    },
    /// `PUT /products/{product}/usage/rules/{id}`.
    Update {
        /// The product.
        product: ProductId,
        /// The rule.
        id: String,
        /// The body.
        body: Value,
    },
    /// `DELETE /products/{product}/usage/rules/{id}`: the rule stays, as a deleted one.
    Delete {
        /// The product.
        product: ProductId,
        /// The rule.
        id: String,
    },
}

impl CarryOut for UsageRuleCommand {
    fn body(&self) -> Option<&Value> {
        match self {
            Self::Create { body, .. } | Self::Update { body, .. } => Some(body),
            _ => None,
        }
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        let (Self::Create { product: id, .. }
        | Self::Update { product: id, .. }
        | Self::Delete { product: id, .. }) = &self;
        let product = Arc::clone(state.shared.visible_product(who, id)?);
        let owner = who.token()?.on(Side::Distributor)?.account.clone();
        match self {
            Self::Create { body, .. } => {
                let content = written(&product, None, &body)?;
                let all = state.usage_rules.iter().filter(|rule| rule.product == *product.id());
                let rule = UsageRule {
                    product: product.id().clone(),
                    number: all.count() + 1,
                    rank: own_rules(state, product.id(), &owner).count(),
                    owner,
                    content,
                    created: state.now,
                    creator: who.signature(),
                    updated: state.now,
                    updater: who.signature(),
                };
                let id = rule.id();
                state.add(rule);
                show(state, &product, &id).map(ObjectChange::created)
            }
            Self::Update { id, body, .. } => {
                let rule = own(state, &product, &owner, &id)?;
                let content = written(&product, Some(&rule.content), &body)?;
                let order = reordered(state, &rule, &body)?;
                change(state, who, &id, content);
                for (rank, other) in order.iter().enumerate() {
                    state.change::<UsageRule>(other, |rule| rule.rank = rank);
                }
                show(state, &product, &id).map(ObjectChange::changed)
            }
            Self::Delete { id, .. } => {
                let rule = own(state, &product, &owner, &id)?;
                change(
                    state,
                    who,
                    &id,
                    RuleContent { status: "deleted".into(), ..rule.content.clone() },
                );
                Ok(ObjectChange::deleted(()))
            }
        }
    }
}

fn own(
    state: &State,
    product: &ProductRecord,
    owner: &connect_model::AccountId,
    id: &str,
) -> Result<Arc<UsageRule>, Denial> {
    let found = own_rules(state, product.id(), owner).find(|rule| rule.id() == id);
    found.cloned().ok_or_else(Denial::not_found)
}

fn change(state: &mut State, who: &Actor, id: &String, content: RuleContent) {
    let (updated, updater) = (state.now, who.signature());
    state.change::<UsageRule>(id, |rule| {
        rule.content = content;
        rule.updated = updated;
        rule.updater = updater;
    });
}

fn show(state: &State, product: &ProductRecord, id: &str) -> Result<Bytes, Denial> {
    let rule = state.usage_rules.get(id).ok_or_else(Denial::not_found)?;
    json(&UsageRuleView::new(state, product, rule))
}

/// Returns what a rule says once a body was written over it.
fn written(
    product: &ProductRecord,
    held: Option<&RuleContent>,
    body: &Value,
) -> Result<RuleContent, Denial> {
    let item = item(product, body)?.or_else(|| held.and_then(|held| held.item.clone()));
    let action = choice(body, "action", ACTIONS)?.or_else(|| held.map(|it| it.action.clone()));
    let usual_scope = if item.is_some() { "record" } else { "file" };
    let scope = choice(body, "scope", SCOPES)?.or_else(|| held.map(|it| it.scope.clone()));
    let status = choice(body, "status", STATUSES)?.or_else(|| held.map(|it| it.status.clone()));
    let rule = body::text_within(body, "rule", LONGEST_RULE)?.map(Into::into);
    Ok(RuleContent {
        action: action.ok_or_else(|| Denial::absent("action"))?,
        scope: scope.unwrap_or_else(|| usual_scope.into()),
        rule: rule.or_else(|| held.and_then(|held| held.rule.clone())),
        status: status.unwrap_or_else(|| "active".into()),
        item,
    })
}

fn choice(body: &Value, field: &str, words: &[&str]) -> Result<Option<Box<str>>, Denial> {
    match body::filled(body, field) {
        Some(word) if !words.contains(&word.as_str()) => {
            Err(Denial::invalid(format!("{field}: {}", refusal_text::not_a_choice(&word))))
        }
        word => Ok(word.map(Into::into)),
    }
}

fn item(product: &ProductRecord, body: &Value) -> Result<Option<ItemId>, Denial> {
    body::must_be_object(body, "item")?;
    let Some(name) = body::filled(body, "item.id") else { return Ok(None) };
    let found = product.mentioned_item(body::at(body, "item"));
    let missing = || Denial::invalid(format!("item.id: Item {name} does not exist."));
    found.map(|it| Some(it.item.id.clone())).ok_or_else(missing)
}

/// Returns the order of the owner's rules once a rule comes after another; none when a body says
/// nothing of it.
fn reordered(state: &State, rule: &UsageRule, body: &Value) -> Result<Vec<String>, Denial> {
    body::must_be_object(body, "gravity")?;
    let Some(after) = body::filled(body, "gravity.after") else { return Ok(Vec::new()) };
    let mut rules: Vec<_> = own_rules(state, &rule.product, &rule.owner).collect();
    rules.sort_by_key(|rule| rule.rank);
    let mut order: Vec<String> = rules.iter().map(|rule| rule.id()).collect();
    order.retain(|id| *id != rule.id());
    let place = order.iter().position(|id| *id == after);
    let place = place.ok_or_else(|| Denial::invalid("gravity.after: Rule does not exist."))?;
    order.insert(place + 1, rule.id());
    Ok(order)
}
